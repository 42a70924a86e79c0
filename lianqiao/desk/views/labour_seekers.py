"""求职者 on the desk: the pool, one of them, a protected value in the clear, forgetting, and the village's form."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db import transaction as database
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lianqiao.desk import doors
from lianqiao.desk.labour.forms import SeekerForm
from lianqiao.desk.views.reveal import ask
from lianqiao.fields.employment import privacy
from lianqiao.fields.employment.pool import KINDS, Seeker
from lianqiao.journal import clock
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.protected import reveal
from lianqiao.people import access
from lianqiao.places.models import Node

SIZE = 50
REVEALED = {"id_number": "id", "phone": "phone"}
HEADINGS = {"id_number": "身份证号", "phone": "电话"}
CONSENT = "村级采集，当面告知用途、留存期限和删除办法"


def seen(person: access.Person) -> QuerySet[Seeker]:
    """The seekers whom the person places."""
    return Seeker.objects.filter(node__in=access.nodes(person, "seekers"))


def seeker_for(request: HttpRequest, number: str, act: access.Act = "seekers") -> Seeker:
    """One of them, if the person may act there: another programme's is not there at all (404)."""
    return doors.numbered(request.user, act, Seeker.objects.select_related("node", "entered_by"), number)


@doors.desk_page
def overview(request: HttpRequest) -> HttpResponse:
    doors.require_somewhere(request.user, "seekers")
    rows = seen(request.user).exclude(state=Seeker.State.ERASED).select_related("node")
    asked = {name: request.GET.get(name, "") for name in ("state", "kind", "standing", "village")}
    if asked["state"] in Seeker.State.values:
        rows = rows.filter(state=asked["state"])
    if asked["standing"]:
        rows = rows.filter(standing=asked["standing"])
    if asked["village"]:
        rows = rows.filter(village__contains=asked["village"])
    found: list[Seeker] = list(rows.order_by("-pk"))
    if asked["kind"]:
        # A list of words in one column, which not both databases look into alike: the pool of a county is small enough.
        found = [one for one in found if asked["kind"] in one.kinds]
    pages = Paginator(found, SIZE)
    told = {
        "here": "labour",
        "tab": "seekers",
        "asked": asked,
        "states": [one for one in Seeker.State if one != Seeker.State.ERASED],
        "kinds": KINDS,
        "standings": [value for value, _ in Seeker._meta.get_field("standing").choices or ()],
        "page": pages.page(doors.whole_number(request.GET.get("page", "1"), 1, pages.num_pages)),
        "may_fill": bool(access.grants(request.user, "fill")),
    }
    return render(request, "desk/labour/seekers.html", told)


@doors.writing
def seeker(request: HttpRequest, number: str) -> HttpResponse:
    """One seeker; POST changes what he told, or takes him out of the pool and back into it."""
    found = seeker_for(request, number)
    form = SeekerForm(instance=found)
    if request.method == "POST":
        access.require(request.user, "fill", found.node)
        if request.POST.get("do") in ("withdraw", "return"):
            turn(found, request.POST["do"])
            return redirect("labour_seeker", number)
        form = SeekerForm(request.POST, instance=found)
        if form.is_valid():
            form.save()
            messages.success(request, gettext("%(number)s 已修改。") % {"number": number})
            return redirect("labour_seeker", number)
        found = seeker_for(request, number)
    told = {
        "here": "labour",
        "tab": "seekers",
        "seeker": found,
        "form": form,
        "placements": found.placements.select_related("vacancy__employer", "trip", "job").order_by("-pk"),
        "revealed": [
            (name, HEADINGS[name], getattr(found, f"masked_{short}"))
            for name, short in (("id_number", "id"), ("phone", "phone"))
        ],
        "may_fill": found.state != Seeker.State.ERASED and access.may(request.user, "fill", found.node),
        "may_erase": found.state != Seeker.State.ERASED and access.may(request.user, "erase", found.node),
    }
    return render(request, "desk/labour/seeker.html", told, status=400 if form.is_bound else 200)


def turn(found: Seeker, do: str) -> None:
    """Somebody who is not placed leaves the pool, or comes back."""
    was, becomes = Seeker.State.SEEKING, Seeker.State.WITHDRAWN
    if do == "return":
        was, becomes = becomes, was
    Seeker.objects.filter(pk=found.pk, state=was).update(state=becomes)


# The village's form --------------------------------------------------------------------------------------------------


@doors.writing
def new(request: HttpRequest) -> HttpResponseBase:
    """The form for a phone. It works without a connection (seekers.js): what could not be sent comes later, with the key
    that the phone made for it, and is taken once however often it comes."""
    doors.require_somewhere(request.user, "fill")
    doors.require_somewhere(request.user, "seekers")
    as_data = request.headers.get("Accept") == "application/json"
    if request.method != "POST":
        return JsonResponse({"csrf": get_token(request)}) if as_data else form_page(request, SeekerForm())
    form = SeekerForm(request.POST)
    key = key_of(request)
    held = Seeker.objects.filter(key=key).first()
    if held:
        return taken(request, held, as_data)
    node = node_of(request)
    if not form.is_valid():
        errors = {name: [str(one) for one in found] for name, found in form.errors.items()}
        return JsonResponse({"problems": errors}, status=400) if as_data else form_page(request, form, key)
    return taken(request, entered(request, form, node, key), as_data)


def key_of(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


def node_of(request: HttpRequest) -> Node:
    """The pairing that the form names, else the person's own; he must be able to enter there."""
    mine = access.nodes(request.user, "fill").filter(confirmed=True)
    asked = request.POST.get("node", "")
    node = mine.filter(pk=int(asked)).first() if asked.isdigit() else doors.main_node(list(mine))
    if node is None:
        raise Http404
    access.require(request.user, "seekers", node)
    return node


def entered(request: HttpRequest, form: SeekerForm, node: Node, key: uuid.UUID) -> Seeker:
    """Saves the seeker; where the same form came by two ways at once, the one that was first."""
    made: Seeker = form.instance
    made.key, made.node, made.entered_by = key, node, doors.who(request)
    made.source, made.consent_on, made.consent_from = Seeker.Source.VILLAGE, clock.today(), CONSENT
    try:
        with database.atomic():
            made.save()
    except IntegrityError:
        return Seeker.objects.get(key=key)
    return made


def taken(request: HttpRequest, held: Seeker, as_data: bool) -> HttpResponseBase:
    if held.entered_by_id != doors.who(request).pk:
        raise Http404  # another's key: nothing is told of what it stands for
    if as_data:
        return JsonResponse({"number": held.number})
    messages.success(request, gettext("%(number)s 已登记。") % {"number": held.number})
    return redirect("labour_seeker_new")


def form_page(request: HttpRequest, form: SeekerForm, key: uuid.UUID | None = None) -> HttpResponse:
    mine = list(access.nodes(request.user, "seekers").filter(confirmed=True))
    told = {
        "here": "labour",
        "tab": "seekers",
        "form": form,
        "key": key or uuid.uuid4(),
        "nodes": mine,
        "main": doors.main_node(mine),
        "person": doors.who(request).pk,
    }
    return render(request, "desk/labour/seeker_new.html", told, status=400 if form.is_bound else 200)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the form at hand without a connection. It may only look after addresses below its own, so it
    is given out here and not among the other static files."""
    path = finders.find("desk/offline.js")
    with open(path or "", encoding="utf-8") as file:
        return HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")


# A protected value, and forgetting -----------------------------------------------------------------------------------


@doors.writing
def revealed(request: HttpRequest, number: str, field: str) -> HttpResponseBase:
    """An ID number or a telephone in the clear: for a reason, after a fresh sign-in, recorded before it is shown."""
    found = seeker_for(request, number)
    access.require(request.user, "reveal", found.node)
    if field not in REVEALED or not getattr(found, field) or found.state == Seeker.State.ERASED:
        raise Http404
    told = {"here": "labour", "tab": "seekers", "seeker": found, "heading": HEADINGS[field]}
    return ask(
        request, "desk/labour/reveal.html", told, found.number, lambda: reveal(getattr(found, field), REVEALED[field])
    )


@doors.writing
def forget(request: HttpRequest, number: str) -> HttpResponse:
    """Erases the person on request: here and in the ledgers; figures stay."""
    found = seeker_for(request, number, "erase")
    why = request.POST.get("why", "")
    told: dict[str, Any] = {"here": "labour", "tab": "seekers", "seeker": found, "why": why}
    told["rows"] = [one.entry for one in privacy.rows_of(found, doors.who(request))]
    if request.method != "POST":
        return render(request, "desk/labour/forget.html", told)
    try:
        privacy.forget(found, doors.who(request), why)
    except Refused as refused:
        return render(request, "desk/labour/forget.html", told | {"problem": str(refused)}, status=400)
    messages.success(request, gettext("%(number)s 的个人信息已删除，数字不变。") % {"number": number})
    return redirect(reverse("labour_seekers"))
