"""典型案例: the library, searched and filtered, and one case with its numbers held against the journal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lianqiao.briefings.cases import library, search, verdicts
from lianqiao.briefings.models import FIELDS, Case
from lianqiao.claims.check import NO_INDICATOR
from lianqiao.claims.marked import paragraphs, tally
from lianqiao.desk import doors
from lianqiao.people import access
from lianqiao.people.models import User

SIZE = 30
LEVELS = [value for value, _ in Case._meta.get_field("level").choices or ()]
CHOICES = {"level": LEVELS, "field": FIELDS}


@doors.page
def overview(request: HttpRequest) -> HttpResponse:
    doors.require_somewhere(request.user, "figures")
    all_cases = library(access.nodes(request.user, "figures"))
    found, asked = all_cases, {name: request.GET.get(name, "") for name in (*CHOICES, "year", "q")}
    for name, choices in CHOICES.items():
        if asked[name]:
            found = found.filter(**{name: asked[name]}) if asked[name] in choices else found.none()
    if asked["year"]:
        found = found.filter(as_of__year=doors.whole_number(asked["year"], doors.FIRST_YEAR, doors.LAST_YEAR))
    pages = Paginator(search(found, asked["q"]), SIZE)
    told = {
        "here": "returns",
        "tab": "cases",
        "asked": asked,
        "levels": LEVELS,
        "fields": FIELDS,
        "years": sorted({day.year for day in all_cases.values_list("as_of", flat=True)}, reverse=True),
        "page": pages.page(doors.whole_number(request.GET.get("page", "1"), 1, pages.num_pages)),
        "may_fill": isinstance(request.user, User) and bool(access.grants(request.user, "fill")),
        "may_see": bool(access.grants(request.user, "see")),
    }
    return render(request, "desk/cases.html", told)


@doors.page
def case(request: HttpRequest, number: str) -> HttpResponse:
    """An approved case. Its numbers are held against the journal as it is known now, as of the day that they tell of."""
    found = library(access.nodes(request.user, "figures")).filter(number=number).first()
    if found is None:
        raise Http404
    result: list[dict[str, Any]] = verdicts(found)
    told = {
        "here": "returns",
        "tab": "cases",
        "case": found,
        "paragraphs": [replace(one, title=False) for one in paragraphs(found.text, result)],
        "tally": tally(result),
        "aside": [one for one in result if one["verdict"] == NO_INDICATOR],
        "may_see": access.may(request.user, "see", found.node),
    }
    return render(request, "desk/case.html", told)
