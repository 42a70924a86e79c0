"""Work in public: open vacancies, each of them, the job fairs to come, and a seeker's own registration with consent.

Whatever is shown is what an employer offers: no seeker, no telephone, nothing that was not passed by the eastern side.
"""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db import transaction as database
from django.db.models import QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianqiao.desk.labour.forms import SeekerForm
from lianqiao.fields.employment import fairs
from lianqiao.fields.employment.pool import Seeker, Vacancy
from lianqiao.journal import clock
from lianqiao.places.models import Node
from lianqiao.portal import sharing

SIZE = 30
WAGES = (400_000, 600_000)
DONE = "portal_registered"
CONSENT = "本人在公开网站上勾选同意"


def trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("首页"), f"/{get_language()}/"), *more]


def public() -> QuerySet[Vacancy]:
    """The vacancies that may be read by all: passed, and not over."""
    rows = Vacancy.objects.filter(state=Vacancy.State.OPEN, until__gte=clock.today(), node__confirmed=True)
    return rows.select_related("employer")


@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    asked, rows = request.GET, public()
    found = filtered(rows, asked).order_by("until", "pk")
    kept = {name: asked[name] for name in ("place", "kind", "wage", "housed", "fetched", "couples") if asked.get(name)}
    told = {
        "slice": Paginator(found, SIZE).get_page(asked.get("page")),
        "people": found.aggregate(people=Sum("headcount"))["people"] or 0,
        "kept": kept,
        "query": urlencode(kept),
        "places": rows.order_by("place").values_list("place", flat=True).distinct(),
        "kinds": rows.order_by("kind").values_list("kind", flat=True).distinct(),
        "wages": [(str(wage), wage) for wage in WAGES],
        "fairs": fairs.coming().filter(node__confirmed=True),
        "trail": trail(),
        "here_name": _("招聘岗位"),
    }
    return render(request, "portal/jobs.html", told)


def filtered(rows: QuerySet[Vacancy], asked: QueryDict) -> QuerySet[Vacancy]:
    for name in ("place", "kind"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name][:60]})
    for wage in WAGES:
        if asked.get("wage") == str(wage):
            rows = rows.filter(wage_to__gte=wage)
    if asked.get("housed"):
        rows = rows.filter(housing__in=("包住", "包食宿"))
    for name, column in (("fetched", "point_to_point"), ("couples", "couples")):
        if asked.get(name):
            rows = rows.filter(**{column: True})
    return rows


@require_safe
def job(request: HttpRequest, number: str) -> HttpResponse:
    found = public().filter(number=number).first()
    if found is None:
        raise Http404
    told = {
        "vacancy": found,
        "posting": sharing.json_ld(posting(found, request.build_absolute_uri())),
        "trail": trail((_("招聘岗位"), reverse("portal_jobs"))),
        "here_name": found.title,
    }
    return render(request, "portal/job.html", told)


def posting(vacancy: Vacancy, address: str) -> dict[str, Any]:
    """The vacancy as schema.org's JobPosting."""
    wage = {"@type": "QuantitativeValue", "minValue": vacancy.wage_from // 100, "maxValue": vacancy.wage_to // 100}
    place = {"@type": "PostalAddress", "addressCountry": "CN", "addressLocality": f"{vacancy.place}{vacancy.town}"}
    return {
        "@type": "JobPosting",
        "title": vacancy.title,
        "description": vacancy.details or f"{vacancy.title}，{vacancy.housing}，{vacancy.shift}",
        "identifier": {"@type": "PropertyValue", "name": vacancy.employer.name, "value": vacancy.number},
        "url": address,
        "datePosted": vacancy.posted_at.date().isoformat() if vacancy.posted_at else None,
        "validThrough": vacancy.until.isoformat(),
        "hiringOrganization": {"@type": "Organization", "name": vacancy.employer.name},
        "jobLocation": {"@type": "Place", "address": place},
        "baseSalary": {"@type": "MonetaryAmount", "currency": "CNY", "value": wage | {"unitText": "MONTH"}},
        "totalJobOpenings": vacancy.headcount,
        "employmentType": "FULL_TIME",
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """A seeker registers himself; sent twice, he is entered once. A box that people do not see catches machines."""
    form = SeekerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if not request.POST.get("website"):
            request.session[DONE] = enter(form, key_of(request))
        return redirect("portal_registered")
    told = {
        "form": form,
        "key": request.POST.get("key") or uuid.uuid4(),
        "problems": [
            (form[name].auto_id, error)
            for name, errors in form.errors.items()
            for error in errors
            if name in form.fields
        ],
        "trail": trail((_("招聘岗位"), reverse("portal_jobs"))),
        "here_name": _("登记求职"),
    }
    return render(request, "portal/register.html", told, status=400 if form.is_bound else 200)


def key_of(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


def enter(form: SeekerForm, key: uuid.UUID) -> str:
    """Saves the seeker and returns his number; where the form came twice, that of the first time."""
    made: Seeker = form.instance
    made.key, made.source, made.node = key, Seeker.Source.PORTAL, node()
    made.consent_on, made.consent_from = clock.today(), CONSENT
    try:
        with database.atomic():
            made.save()
    except IntegrityError:
        return Seeker.objects.get(key=key).number
    return made.number


def node() -> Node:
    """The pairing that the site is about: the topmost county pairing. Raises Http404 where there is none."""
    found = Node.objects.filter(confirmed=True, kind=Node.Kind.COUNTY).order_by("path").first()
    if found is None:
        raise Http404
    return found


@never_cache
@require_safe
def registered(request: HttpRequest) -> HttpResponse:
    """Thanks, with the number by which one asks for what is kept of one to be changed or deleted."""
    told = {
        "number": request.session.get(DONE),
        "trail": trail((_("招聘岗位"), reverse("portal_jobs"))),
        "here_name": _("已登记"),
    }
    return render(request, "portal/registered.html", told)
