"""用人单位 and their vacancies on the desk: entered by one person, or by the employer itself; reviewed by the eastern side."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction as database
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from lianqiao.desk import doors
from lianqiao.desk.labour.forms import EmployerForm, VacancyForm
from lianqiao.fields.employment import links
from lianqiao.fields.employment.pool import Employer, Vacancy
from lianqiao.people import access
from lianqiao.places.models import Node

SIZE = 50
EAST = ("east",)
State = Vacancy.State


def seen(person: access.Person) -> QuerySet[Vacancy]:
    return Vacancy.objects.filter(node__in=access.nodes(person, "see")).select_related("employer", "node")


def vacancy_for(request: HttpRequest, number: str, act: access.Act = "see") -> Vacancy:
    return doors.numbered(
        request.user, act, Vacancy.objects.select_related("employer", "node", "author", "reviewer"), number
    )


def employer_for(request: HttpRequest, number: str, act: access.Act = "see") -> Employer:
    return doors.numbered(request.user, act, Employer.objects.select_related("node"), number)


@doors.desk_page
def overview(request: HttpRequest) -> HttpResponse:
    doors.require_somewhere(request.user, "see")
    rows, asked = seen(request.user), request.GET.get("state", "")
    if asked in State.values:
        rows = rows.filter(state=asked)
    placed = Count("placements", filter=Q(placements__left_on=None))
    pages = Paginator(rows.annotate(placed=placed).order_by("-pk"), SIZE)
    told = {
        "here": "labour",
        "tab": "vacancies",
        "asked": asked,
        "states": list(State),
        "waiting": seen(request.user).filter(state=State.SUBMITTED).count(),
        "page": pages.page(doors.whole_number(request.GET.get("page", "1"), 1, pages.num_pages)),
        "may_fill": bool(access.grants(request.user, "fill")),
    }
    return render(request, "desk/labour/vacancies.html", told)


@doors.desk_page
def employers(request: HttpRequest) -> HttpResponse:
    doors.require_somewhere(request.user, "see")
    rows = Employer.objects.filter(node__in=access.nodes(request.user, "see"))
    held = Count("vacancies", filter=Q(vacancies__state=State.OPEN))
    told = {
        "here": "labour",
        "tab": "employers",
        "employers": rows.annotate(open=held).order_by("name"),
        "may_fill": bool(access.grants(request.user, "fill")),
    }
    return render(request, "desk/labour/employers.html", told)


@doors.writing
def employer_new(request: HttpRequest) -> HttpResponse:
    doors.require_somewhere(request.user, "fill")
    form = EmployerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        form.instance.node = own_node(request)
        form.save()
        messages.success(request, gettext("%(name)s 已登记。") % {"name": form.instance.name})
        return redirect("labour_employer", form.instance.number)
    told = {"here": "labour", "tab": "employers", "form": form, "title": gettext("登记用人单位")}
    return render(request, "desk/labour/form.html", told, status=400 if form.is_bound else 200)


def own_node(request: HttpRequest) -> Node:
    """The pairing at which the person enters what names none."""
    node = doors.main_node(list(access.nodes(request.user, "fill").filter(confirmed=True)))
    if node is None:
        raise Http404
    return node


@doors.writing
def employer(request: HttpRequest, number: str) -> HttpResponse:
    """One employer with its vacancies. POST makes its link anew: earlier ones are void, and the new one is shown once."""
    found = employer_for(request, number)
    told = {
        "here": "labour",
        "tab": "employers",
        "employer": found,
        "vacancies": found.vacancies.order_by("-pk"),
        "may_fill": access.may(request.user, "fill", found.node),
    }
    if request.method == "POST":
        access.require(request.user, "fill", found.node)
        told["token"] = links.renew(found)
    return render(request, "desk/labour/employer.html", told)


@doors.writing
def new(request: HttpRequest, number: str) -> HttpResponse:
    """A vacancy of an employer, entered by the desk."""
    of = employer_for(request, number, "fill")
    form = VacancyForm(
        request.POST if request.method == "POST" else None,
        instance=Vacancy(employer=of, node=of.node, place=of.place, town=of.town),
    )
    if form.is_bound and form.is_valid():
        form.instance.author, form.instance.state = doors.who(request), State.SUBMITTED
        form.save()
        messages.success(request, gettext("%(number)s 已提交，等东部审核。") % {"number": form.instance.number})
        return redirect("labour_vacancy", form.instance.number)
    told = {"here": "labour", "tab": "vacancies", "form": form, "title": gettext("发布岗位"), "about": of.name}
    return render(request, "desk/labour/form.html", told, status=400 if form.is_bound else 200)


@doors.writing
def vacancy(request: HttpRequest, number: str) -> HttpResponse:
    """One vacancy; POST does what the button says: open, return, close."""
    found = vacancy_for(request, number)
    problem = ""
    if request.method == "POST":
        access.require(request.user, "review", found.node, EAST)
        problem = decide(request, found)
        if not problem:
            return redirect("labour_vacancy", number)
    told = {
        "here": "labour",
        "tab": "vacancies",
        "vacancy": found,
        "problem": problem,
        "placements": found.placements.select_related("seeker").order_by("pk"),
        "may_review": access.may(request.user, "review", found.node, EAST),
        "may_name": access.may(request.user, "seekers", found.node),
    }
    return render(request, "desk/labour/vacancy.html", told, status=400 if problem else 200)


@database.atomic
def decide(request: HttpRequest, found: Vacancy) -> str:
    """Does what the form asks of a vacancy; returns what stands against it."""
    row = Vacancy.objects.select_for_update().get(pk=found.pk)
    do, by = request.POST.get("do"), doors.who(request)
    if do == "close" and row.state == State.OPEN:
        row.state = State.CLOSED
    elif row.state != State.SUBMITTED or do not in ("open", "return"):
        return gettext("这个岗位现在办不了这件事。")
    elif row.author_id == by.pk:
        return gettext("填报和审核不能是同一个人。")
    elif do == "open":
        row.state, row.reviewer, row.posted_at, row.reason = State.OPEN, by, timezone.now(), ""
    else:
        row.reason = request.POST.get("why", "").strip()[:300]
        if not row.reason:
            return gettext("退回要写明缘由。")
        row.state = State.RETURNED
    row.save()
    return ""
