"""The funnel: how many leads stand where, with how much, per zone; how long they have stood there, and which are late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from lianqiao.fields.industry.leads import OPEN, ROAD, Lead, Stage
from lianqiao.journal import clock

STAGES = (*ROAD, Stage.LOST)
AGES = (30, 90)


@dataclass(frozen=True)
class Cell:
    """The leads of a zone at a stage: how many, how much in 分, and of how many the amount is not known."""

    stage: Stage
    count: int
    amount: int
    unknown: int


@dataclass(frozen=True)
class Row:
    zone: str
    cells: tuple[Cell, ...]

    @property
    def count(self) -> int:
        return sum(cell.count for cell in self.cells)


def funnel(leads: QuerySet[Lead]) -> list[Row]:
    """A row a zone, the zone of no name last; a cell for each of STAGES. One query."""
    counted = (
        leads.order_by()
        .values("enquiry__zone", "stage")
        .annotate(n=Count("pk"), sum=Sum("amount"), known=Count("amount"))
    )
    found = {(one["enquiry__zone"], one["stage"]): one for one in counted}
    zones = sorted({zone for zone, _ in found}, key=lambda zone: (not zone, zone))
    return [Row(zone, tuple(cell(found.get((zone, stage)), stage) for stage in STAGES)) for zone in zones]


def cell(one: Mapping[str, Any] | None, stage: Stage) -> Cell:
    return Cell(stage, one["n"], one["sum"] or 0, one["n"] - one["known"]) if one else Cell(stage, 0, 0, 0)


def total(rows: Sequence[Row]) -> Row:
    """All zones together."""

    def added(n: int) -> Cell:
        cells = [row.cells[n] for row in rows]
        return Cell(STAGES[n], sum(c.count for c in cells), sum(c.amount for c in cells), sum(c.unknown for c in cells))

    return Row("", tuple(added(n) for n in range(len(STAGES))))


@dataclass(frozen=True)
class Age:
    """Open leads that have stood at their stage for more than `least` days, and at most `most`."""

    least: int
    most: int | None
    count: int


def ageing(leads: QuerySet[Lead]) -> list[Age]:
    """One query."""
    today = clock.today()
    bounds = [(-1, AGES[0]), (AGES[0], AGES[1]), (AGES[1], None)]

    def within(least: int, most: int | None) -> Q:
        newest = Q(since__lt=today - timedelta(days=least)) if least >= 0 else Q()
        return newest & (Q(since__gte=today - timedelta(days=most)) if most is not None else Q())

    counts = leads.filter(stage__in=OPEN).aggregate(
        **{f"n{n}": Count("pk", filter=within(*bound)) for n, bound in enumerate(bounds)}
    )
    return [Age(max(least, 0), most, counts[f"n{n}"]) for n, (least, most) in enumerate(bounds)]


def overdue(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    """Open leads whose next step is late, the latest first."""
    return leads.filter(stage__in=OPEN, due_on__lt=clock.today()).order_by("due_on", "pk")
