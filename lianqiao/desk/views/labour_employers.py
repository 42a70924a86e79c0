"""An employer's own page, reached by its signed link: vacancies, who comes, and a tap a month for each person in post."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lianqiao.desk import doors
from lianqiao.desk.labour.forms import VacancyForm
from lianqiao.fields.employment import links, transfer
from lianqiao.fields.employment.pool import Employer, Vacancy
from lianqiao.fields.employment.transfer import REASONS, Check, Placement, Told
from lianqiao.journal import clock
from lianqiao.ledger.acts import Refused

View = Callable[..., HttpResponse]


def by_link(view: View) -> View:
    """A page for whoever holds an employer's link; kept by no cache, told to no other site."""

    @wraps(view)
    @require_http_methods(["GET", "HEAD", "POST"])
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        employer = links.employer_of(token)
        if employer is None:
            raise Http404
        answer = view(request, employer, token)
        doors.private(answer)
        answer["Referrer-Policy"] = "no-referrer"
        answer["X-Robots-Tag"] = "noindex"
        return answer

    return opened


@by_link
def own(request: HttpRequest, employer: Employer, token: str) -> HttpResponse:
    """What the employer offers and who works there. POST tells of one person whether he is in post this month."""
    problem = ""
    if request.method == "POST":
        problem = tell(request, employer)
        if not problem:
            messages.success(request, gettext("已记下。"))
            return redirect("employer_own", token)
    month = clock.today().replace(day=1)
    people = staff(employer)
    told_of = set(Check.objects.filter(placement__in=people, month=month).values_list("placement_id", flat=True))
    told: dict[str, Any] = {
        "employer": employer,
        "token": token,
        "month": month,
        "vacancies": employer.vacancies.order_by("-pk"),
        "people": [(one, one.pk in told_of) for one in people],
        "reasons": REASONS,
        "problem": problem,
    }
    return render(request, "desk/labour/employer_own.html", told, status=400 if problem else 200)


def staff(employer: Employer) -> list[Placement]:
    """Who has come to work there and not left."""
    rows = Placement.objects.filter(vacancy__employer=employer, arrived_on__isnull=False, left_on=None)
    return list(rows.select_related("seeker", "vacancy").order_by("pk"))


def tell(request: HttpRequest, employer: Employer) -> str:
    """Records what the employer taps; returns what stands against it."""
    asked = request.POST.get("placement", "")
    found = next((one for one in staff(employer) if str(one.pk) == asked), None)
    if found is None:
        raise Http404
    told = Told(request.POST.get("in_post") == "yes", request.POST.get("why", ""))
    try:
        transfer.tell(found, clock.today(), told, None)
    except Refused as refused:
        return str(refused)
    return ""


@by_link
def vacancy_new(request: HttpRequest, employer: Employer, token: str) -> HttpResponse:
    form = VacancyForm(
        request.POST if request.method == "POST" else None,
        instance=Vacancy(employer=employer, node=employer.node, place=employer.place, town=employer.town),
    )
    if form.is_bound and form.is_valid():
        form.instance.state = Vacancy.State.SUBMITTED
        form.save()
        messages.success(request, gettext("%(number)s 已提交，等东部审核。") % {"number": form.instance.number})
        return redirect("employer_own", token)
    told = {"form": form, "title": gettext("发布岗位"), "employer": employer, "token": token}
    return render(request, "desk/labour/employer_vacancy.html", told, status=400 if form.is_bound else 200)
