"""Agreements: what each promises, how its targets are broken down to the nodes below, and how they were amended."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianqiao.agreements.models import Agreement, Target
from lianqiao.agreements.targets import Attainment
from lianqiao.desk import board, doors
from lianqiao.desk.followed import approved
from lianqiao.journal import clock
from lianqiao.journal.figures import known_at
from lianqiao.journal.measures import MEASURES, Measure, Ratio
from lianqiao.journal.models import Transaction, Voucher
from lianqiao.ledger.models import Change
from lianqiao.people import access
from lianqiao.places.models import Node

SIZE = 50
KINDS = [kind for kind, _ in Agreement._meta.get_field("kind").choices or ()]


# All of them -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """An agreement of the list, with its targets counted: all, this year's, and those of them that are behind."""

    agreement: Agreement
    targets: int
    this_year: int
    behind: int

    @property
    def standing(self) -> str:
        """before, within or after its term."""
        today = clock.today()
        if today < self.agreement.start:
            return "before"
        return "after" if today > self.agreement.end else "within"


@doors.page
def overview(request: HttpRequest) -> HttpResponse:
    doors.require_somewhere(request.user, "see")
    kind = request.GET.get("kind", "")
    mine = access.rows(request.user, "see")
    rows = approved(mine, Agreement).select_related("meeting").order_by("-signed_on", "-pk")
    if kind:
        rows = rows.filter(kind=kind)
    pages = Paginator(rows, SIZE)
    page = pages.page(doors.whole_number(request.GET.get("page", "1"), 1, pages.num_pages))
    told = {"here": "meetings", "page": page, "lines": lines(request.user, list(page.object_list))}
    return render(request, "desk/agreements.html", told | {"kinds": KINDS, "kind": kind})


def lines(person: access.Person, agreements: Sequence[Agreement]) -> list[Line]:
    """A constant number of queries."""
    today = clock.today()
    of = targets_of(access.rows(person, "see"), agreements)
    nodes = access.nodes(person, "see").filter(confirmed=True)
    standing = board.everywhere(nodes, today.year, today, known_at())
    this_year = Counter(of.by_row.get(one.promise.entry) for one in standing)
    behind = Counter(of.by_row.get(one.promise.entry) for one in standing if one.state == "behind")
    return [Line(one, of.count[one.pk], this_year[one.pk], behind[one.pk]) for one in agreements]


@dataclass(frozen=True)
class Targets:
    """by_row: a target's row → its agreement. count: agreement → targets; a target and its amendments are one."""

    by_row: dict[int, int]
    count: Counter[int]


def targets_of(mine: Q, agreements: Sequence[Agreement]) -> Targets:
    rows = list(approved(mine, Target).filter(agreement__in=agreements))
    same = {(row.agreement_id, row.node_id, row.measure, row.year) for row in rows}
    return Targets({row.pk: row.agreement_id for row in rows}, Counter(agreement for agreement, *_ in same))


# One of them -----------------------------------------------------------------------------------------------------------


@doors.page
def agreement(request: HttpRequest, number: str) -> HttpResponse:
    found = doors.entry(request.user, "agreements", number)
    assert isinstance(found, Agreement)
    rows = list(approved(access.rows(request.user, "see"), Target).filter(agreement=found))
    years = sorted({row.year for row in rows}, reverse=True)
    year = asked_year(request, years)
    today = clock.today()
    standing = attained(rows, year, today)
    told = {
        "here": "meetings",
        "agreement": found,
        "line": Line(found, len(rows), len(standing), 0),
        "years": years,
        "year": year,
        "day": min(today, date(year, 12, 31)),
        "wholes": wholes(standing),
        "tally": board.tally(standing),
        "targets": len(standing),
        "amendments": amendments(rows),
    }
    return render(request, "desk/agreement.html", told)


def asked_year(request: HttpRequest, years: Sequence[int]) -> int:
    """The year that the address names; else the running one if the agreement has targets for it, else its last."""
    asked = request.GET.get("year")
    if asked:
        return doors.whole_number(asked, doors.FIRST_YEAR, doors.LAST_YEAR)
    today = clock.today().year
    return today if today in years or not years else years[0]


def attained(rows: Iterable[Target], year: int, on: date) -> list[Attainment]:
    """These targets as they are in force on a day (or were at the year's end), against their figures."""
    mine = {row.pk: row.node for row in rows}
    nodes = {node.pk: node for node in mine.values() if node}
    day = min(on, date(year, 12, 31))
    return [one for one in board.everywhere(nodes.values(), year, day, known_at()) if one.promise.entry in mine]


@dataclass(frozen=True)
class Whole:
    """A target with its parts at the nodes below. rest: what the parts lack to the whole, None where they need not add up."""

    attainment: Attainment
    bar: Any
    parts: list[Attainment]
    group: str = ""

    @property
    def given(self) -> int:
        return sum(part.promise.quantity for part in self.parts)

    @property
    def rest(self) -> int | None:
        measure = self.attainment.promise.measure
        adds_up = isinstance(measure, Measure) and not measure.distinct
        return self.attainment.promise.quantity - self.given if self.parts and adds_up else None

    @property
    def over(self) -> int:
        """By how much the parts exceed the whole."""
        return max(-(self.rest or 0), 0)


def wholes(standing: Sequence[Attainment]) -> list[Whole]:
    """By measure, in the measures' order: each target that lies below no other of its measure, with those below it."""
    by_measure: dict[str, list[Attainment]] = defaultdict(list)
    for one in standing:
        by_measure[one.promise.measure.code].append(one)
    made: list[Whole] = []
    group = ""
    for code in MEASURES:
        held = sorted(by_measure.get(code, []), key=lambda one: node_of(one).path)
        tops = [one for one in held if not any(below(one, other) for other in held)]
        for top in tops:
            name = top.promise.measure.group
            parts = [one for one in held if below(one, top)]
            made.append(Whole(top, board.bar_of(top, 112), parts, name if name != group else ""))
            group = name
    return made


def node_of(one: Attainment) -> Node:
    return one.figure.nodes[0]


def below(one: Attainment, other: Attainment) -> bool:
    return one is not other and node_of(one).path.startswith(node_of(other).path)


# How they were amended -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Amendment:
    """A target that became another. old, new: in the measure's smallest unit; why: the document or reason as written."""

    target: Target
    measure: Measure | Ratio
    old: int
    new: int
    why: str
    since: date | None
    transaction: Transaction


def amendments(rows: Sequence[Target]) -> list[Amendment]:
    """Where a target of one measure, year and node was given another quantity, the newest first. Three queries."""
    by_pk = {row.pk: row for row in rows}
    vouchers = Voucher.objects.filter(ledger="targets", entry__in=by_pk, version__gt=0).select_related("transaction")
    changes = Change.objects.filter(ledger="targets", entry__in=by_pk, payload__isnull=False)
    told = {(change.entry, change.version): change for change in changes}
    last: dict[tuple[Any, ...], int] = {}
    found = []
    for voucher in vouchers.order_by("pk"):
        change = told.get((voucher.entry, voucher.version))
        if change is None or change.payload is None:
            continue
        held = change.payload
        key = (held["node"], held["measure"], held["year"])
        measure = MEASURES[held["measure"]]
        quantity = held["quantity"] * measure.unit.smallest_parts
        if last.get(key, quantity) != quantity:
            since = date.fromisoformat(held["since"]) if held["since"] else None
            why = held["amends"] or change.why
            row = by_pk[voucher.entry]
            found.append(Amendment(row, measure, last[key], quantity, why, since, voucher.transaction))
        last[key] = quantity
    return found[::-1]
