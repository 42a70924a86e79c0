"""One figure: the number, what it means, what it is made of, and the postings that run up to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lianqiao.charts import geometry
from lianqiao.core.periods import Period
from lianqiao.core.units import Unit, shown
from lianqiao.desk import doors, wording
from lianqiao.desk.postings import Listing, Mark, listing, recorded_on
from lianqiao.journal.cells import Cell
from lianqiao.journal.clock import SHANGHAI
from lianqiao.journal.figures import Figure, NoSuchMoment, figures, grid, known_at
from lianqiao.journal.measures import MEASURES, Measure, Ratio, Relation, Version
from lianqiao.journal.models import Balance, Transaction
from lianqiao.people.access import Person
from lianqiao.places.models import Node

SPAN = re.compile(r"([^@]+)(?:@(\d{1,18}))?", re.ASCII)
YEARS = 8


@doors.page
def figure(request: HttpRequest, code: str, nodes: str, span: str) -> HttpResponse:
    found = asked(request.user, code, nodes, span)
    told = {**shared(found), **charts_of(found)}
    if isinstance(found.measure, Ratio):
        return render(request, "desk/ratio.html", told | {"over": over(found, found.measure)})
    mark = Mark.parse(request.GET["before"]) if "before" in request.GET else None
    page = listing(found, request.user, mark)
    return render(
        request,
        "desk/figure.html",
        told | family(found, found.measure) | {"page": page, "mark": mark} | times(found, page),
    )


def asked(person: Person, code: str, nodes: str, span: str) -> Figure:
    """The figure of an address, if the person may read it at every node in it. Raises Http404 for a wrong address."""
    parts = SPAN.fullmatch(span)
    if code not in MEASURES or parts is None:
        raise Http404
    where = doors.nodes(person, nodes)
    try:
        period = Period.parse(parts[1])
        known = known_at(int(parts[2]) if parts[2] else None)
        for end in (period.start or period.until, period.until):
            doors.within_years(end)
        return figures([MEASURES[code]], where, period, known)[0]
    except (ValueError, NoSuchMoment) as error:  # NotAddable is one: a node and one below it
        raise Http404 from error


def shared(found: Figure) -> dict[str, Any]:
    """What the page of a measure and that of a ratio both show: the proof, and the same figure as it is known now."""
    latest = known_at()
    now = (
        found if found.known.number >= latest.number else figures([found.measure], found.nodes, found.period, latest)[0]
    )
    return {
        "figure": found,
        "now": now,
        "past": now is not found,
        "proof": Transaction.objects.filter(number=found.known.number).first(),
        "below": Node.objects.filter(path__startswith=found.nodes[0].path, confirmed=True).count() - 1,
    }


# What it is made of -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Family:
    """The measures around one: what adds up to it, what it covers, what of it is singled out, and what it is part of."""

    parts: list[Figure]
    rest: int
    covers: list[Figure]
    subsets: list[Figure]
    above: Figure | None


def family(found: Figure, measure: Measure) -> dict[str, Any]:
    children = measure.children()
    asked_for: list[Measure | Ratio] = [*children, *([measure.parent] if measure.parent else [])]
    held = {f.measure.code: f for f in figures(asked_for, found.nodes, found.period, found.known)} if asked_for else {}

    def related(relation: Relation) -> list[Figure]:
        return [held[child.code] for child in children if child.relation == relation]

    parts = related("part")
    rest = (found.value or 0) - sum(part.value or 0 for part in parts)
    above = held[measure.parent.code] if measure.parent else None
    return {
        "family": Family(parts, rest, related("cover"), related("subset"), above),
        "version": version(measure, found.period.until),
    }


def version(measure: Measure, on: date) -> Version:
    number = measure.version_at(on)
    return next(v for v in measure.versions if v.number == number)


def over(found: Figure, ratio: Ratio) -> tuple[Figure, Figure]:
    """The two figures that a rate is made of."""
    period = Period.cumulative(found.period.until) if ratio.cumulative else found.period
    top, bottom = figures([ratio.numerator, ratio.denominator], found.nodes, period, found.known)
    return top, bottom


# Charts ----------------------------------------------------------------------------------------------------------------


def charts_of(found: Figure) -> dict[str, Any]:
    """Year by year, and the last year month by month with the same months of the year before as strokes."""
    first = first_day(found)
    if first is None or found.value is None or first > found.period.until:
        return {}
    until = found.period.until
    parts = layers(found.measure)
    cells = year_cells(found, first) | month_cells(found, until.year) | month_cells(found, until.year - 1)
    held = grid([found.measure, *parts], cells, found.known)
    years = [key for key in cells if key[1] == 0]
    return {
        "years": geometry.columns([year_column(found, held, key, parts) for key in years], 200),
        "months": geometry.columns(month_columns(found, held, until), 300),
        "year": until.year,
        "layers": parts,
        "first": first,
        "chart_unit": wording.unit_name(found.measure.unit, wording.WAN),
    }


def first_day(found: Figure) -> date | None:
    measure = found.measure if isinstance(found.measure, Measure) else found.measure.denominator
    rows = Balance.objects.filter(node__in=found.nodes, grain=Balance.DAY, measure__code=measure.code)
    first: date | None = rows.aggregate(first=Min("start"))["first"]
    return first


def layers(measure: Measure | Ratio) -> list[Measure]:
    """Two parts that add up are drawn on top of each other; more would be a riddle of greys."""
    parts = [c for c in measure.children() if c.relation == "part"] if isinstance(measure, Measure) else []
    return parts if len(parts) == 2 else []


Key = tuple[int, int]  # a year and a month; month 0 is the whole year


def year_cells(found: Figure, first: date) -> dict[Key, Cell]:
    until = found.period.until
    return {
        (year, 0): Cell(found.nodes, Period.between(date(year, 1, 1), min(date(year, 12, 31), until)))
        for year in range(max(first.year, until.year - YEARS + 1), until.year + 1)
    }


def month_cells(found: Figure, year: int) -> dict[Key, Cell]:
    """The year up to the end of each month: months are the differences, since a distinct count is not a sum of months."""
    until = found.period.until if year == found.period.until.year else date(year, 12, 31)
    ends = [min(Period.month(year, month).until, until) for month in range(1, until.month + 1)]
    return {
        (year, month): Cell(found.nodes, Period.between(date(year, 1, 1), end)) for month, end in enumerate(ends, 1)
    }


Held = dict[tuple[str, Key], int | None]


def year_column(found: Figure, held: Held, key: Key, parts: Sequence[Measure]) -> geometry.Column:
    value = held[found.measure.code, key] or 0
    split = tuple(held[part.code, key] or 0 for part in parts)
    whole = split if parts and sum(split) == value else (value,)
    return geometry.Column(str(key[0]), brief(value, found.measure.unit), whole, now=key[0] == found.period.until.year)


def month_columns(found: Figure, held: Held, until: date) -> list[geometry.Column]:
    now, before = monthly(found.measure, held, until.year), monthly(found.measure, held, until.year - 1)
    unit = found.measure.unit
    return [
        geometry.Column(str(month), brief(now[month], unit), (now[month],), before.get(month), month == until.month)
        if month in now
        else geometry.Column(str(month), "", (), before.get(month))
        for month in range(1, 13)
    ]


def monthly(measure: Measure | Ratio, held: Held, year: int) -> dict[int, int]:
    """Month → what it brought; for stocks and rates, what stood at its end."""
    ends = {
        month: held[measure.code, (year, month)] or 0 for month in range(1, 13) if (measure.code, (year, month)) in held
    }
    if isinstance(measure, Ratio) or measure.stock:
        return ends
    return {month: value - ends.get(month - 1, 0) for month, value in ends.items()}


def brief(value: int, unit: Unit) -> str:
    """A value short enough to stand over a bar: money in whole 万元, rates in whole percent."""
    return shown(value, unit, wording.WAN if unit == wording.MONEY else 1, 0)


# Two times -------------------------------------------------------------------------------------------------------------


def times(found: Figure, page: Listing) -> dict[str, Any]:
    first = found.period.start or first_day(found)
    if first is None or found.known.recorded_at is None:
        return {}
    late: dict[int, tuple[date, date]] = {}
    for line in page.lines:
        if line.late and len(late) < 6:
            late.setdefault(line.posting.transaction_id, (line.posting.on, recorded_on(line.posting)))
    known = found.known.recorded_at.astimezone(SHANGHAI).date()
    return {"times": geometry.two_times(min(first, found.period.until), found.period.until, known, list(late.values()))}
