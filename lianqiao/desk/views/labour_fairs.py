"""招聘会 on the desk, and its door: who scans the code signs in there, without an account."""

from __future__ import annotations

import io
import re
import uuid

import qrcode
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods
from qrcode.image.svg import SvgPathImage

from lianqiao.desk import doors
from lianqiao.desk.labour.forms import FairForm, choosing
from lianqiao.desk.views.labour_vacancies import own_node
from lianqiao.fields.employment import fairs
from lianqiao.fields.employment.fairs import Fair, Intent, SignedIn, Visitor
from lianqiao.fields.employment.pool import Vacancy
from lianqiao.ledger.acts import Refused
from lianqiao.people import access

PHONE = re.compile(r"1[3-9]\d{9}", re.ASCII)


def form_for(request: HttpRequest, of: Fair | None = None) -> FairForm:
    typed = request.POST if request.method == "POST" else None
    return choosing(FairForm(typed, instance=of), request.user)


@doors.writing
def overview(request: HttpRequest) -> HttpResponse:
    """All fairs; POST makes one."""
    doors.require_somewhere(request.user, "see")
    form = form_for(request)
    if form.is_bound:
        doors.require_somewhere(request.user, "fill")
        if form.is_valid():
            form.instance.node = own_node(request)
            form.save()
            return redirect("labour_fair", form.instance.number)
    rows = Fair.objects.filter(node__in=access.nodes(request.user, "see"))
    told = {
        "here": "labour",
        "tab": "fairs",
        "fairs": rows.annotate(people=Count("visitors", distinct=True), offers=Count("vacancies", distinct=True)),
        "form": form,
        "may_fill": bool(access.grants(request.user, "fill")),
    }
    return render(request, "desk/labour/fairs.html", told, status=400 if form.is_bound else 200)


@doors.writing
def fair(request: HttpRequest, number: str) -> HttpResponse:
    """One fair with its code for the door. POST records what came of a wish, or hands the fair in to the ledger."""
    found = doors.numbered(request.user, "see", Fair.objects.select_related("node", "entry"), number)
    problem = ""
    if request.method == "POST":
        access.require(request.user, "fill", found.node)
        problem = act(request, found)
        if not problem:
            return redirect("labour_fair", number)
    door = request.build_absolute_uri(reverse("fair_door", args=[found.key]))
    told = {
        "here": "labour",
        "tab": "fairs",
        "fair": found,
        "problem": problem,
        "door": door,
        "code": code_of(door),
        "offers": found.vacancies.select_related("employer"),
        "intents": Intent.objects.filter(visitor__fair=found).select_related("visitor", "vacancy__employer"),
        "people": found.visitors.count(),
        "results": Intent.Result,
        "may_fill": access.may(request.user, "fill", found.node),
        "may_name": access.may(request.user, "seekers", found.node),
    }
    return render(request, "desk/labour/fair.html", told, status=400 if problem else 200)


def act(request: HttpRequest, found: Fair) -> str:
    """Does what the form asks; returns what stands against it."""
    if request.POST.get("do") == "settle":
        try:
            row = fairs.settle(found, doors.who(request))
        except Refused as refused:
            return str(refused)
        messages.success(request, gettext("%(number)s 已提交，待审核。") % {"number": row.number})
        return ""
    asked, result = request.POST.get("intent", ""), request.POST.get("result", "")
    if not asked.isdigit() or result not in Intent.Result.values:
        return gettext("没有选结果。")
    Intent.objects.filter(pk=int(asked), visitor__fair=found).update(result=result)
    return ""


def code_of(address: str) -> SafeString:
    """The address as a QR code: one SVG path, without script or style."""
    drawn = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, box_size=8, border=2).save(drawn)
    svg = drawn.getvalue().decode().partition("?>")[2] or drawn.getvalue().decode()
    return mark_safe(svg)  # noqa: S308 - made here, of an address of ours


@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, key: str) -> HttpResponse:
    """Signing in at a fair. The same form sent twice signs in once."""
    found = Fair.objects.filter(key=key).first()
    if found is None:
        raise Http404
    problem, done = "", False
    if request.method == "POST":
        problem = signed_in(request, found)
        done = not problem
    told = {
        "fair": found,
        "offers": found.vacancies.filter(state=Vacancy.State.OPEN).select_related("employer"),
        "key": uuid.uuid4(),
        "typed": request.POST,
        "problem": problem,
        "done": done,
    }
    return doors.private(render(request, "desk/labour/door.html", told, status=400 if problem else 200))  # type: ignore[return-value]


def signed_in(request: HttpRequest, found: Fair) -> str:
    """Signs somebody in; returns what stands against it."""
    name, phone = request.POST.get("name", "").strip()[:40], request.POST.get("phone", "").strip()
    if not name or not PHONE.fullmatch(phone):
        return gettext("请填姓名和 11 位手机号。")
    if not request.POST.get("consent"):
        return gettext("要本人同意才能登记。")
    try:
        key = uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return gettext("请重新扫码。")
    if Visitor.objects.filter(key=key).exclude(fair=found).exists():
        raise Http404
    wished = [int(pk) for pk in request.POST.getlist("vacancy") if pk.isdigit()]
    try:
        fairs.sign_in(found, SignedIn(key, name, phone, request.POST.get("village", "").strip()[:60], wished))
    except Refused as refused:
        return str(refused)
    return ""
