"""What came of a visit: what later rows name in their own columns the places where it stopped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce

from lianqiao.fields.exchange.models import Visit
from lianqiao.ledger.models import Entry, State
from lianqiao.ledger.registry import data_fields, ledgers
from lianqiao.places.models import Node

SEPARATORS = re.compile(r"[；;、\n]+")
# Columns with these headings name a place or a unit; so do those that hold a place (kind "place").
NAMING = ("名称", "单位", "地点", "园区", "方", "协议名称", "事项", "项目")
# These say who takes part and how it is organised, not what came of a visit.
NOT_OUTCOMES = frozenset({"visits", "organisations", "pairings", "meetings", "frameworks", "targets", "opening"})
SHORTEST = 3  # a name of fewer characters is found everywhere
SHOWN = 3


@dataclass
class Outcome:
    """Rows of one ledger that name a stop, the earliest first: some of them, and how many there are."""

    model: type[Entry]
    rows: list[Entry]
    count: int

    @property
    def ledger(self) -> Any:
        return self.model.ledger

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


@dataclass
class Stop:
    """A place of an itinerary as it was written, with what came of it."""

    name: str
    outcomes: list[Outcome] = field(default_factory=list)


def approved[E: Entry](mine: Q, model: type[E]) -> QuerySet[E]:
    """The rows of a ledger that count, of those that somebody may see (access.rows)."""
    return model._base_manager.filter(mine, state=State.APPROVED).select_related("node")


def stops(visit: Visit) -> list[Stop]:
    """The places in the order in which they were written."""
    return [Stop(name.strip()) for name in SEPARATORS.split(visit.places) if name.strip()]


def during(visits: QuerySet[Visit], node: Node, day: date) -> list[Visit]:
    """The visits at a pairing, or at one below it, that were under way on a day."""
    longest = visits.aggregate(days=Max(Coalesce("days", 1)))["days"] or 1
    rows = visits.filter(node__path__startswith=node.path)
    near = rows.filter(occurred_on__range=(day - timedelta(days=min(longest, 60)), day)).order_by("occurred_on", "pk")
    return [visit for visit in near if last_day(visit) >= day]


def last_day(visit: Visit) -> date:
    return visit.occurred_on + timedelta(days=max((visit.days or 1) - 1, 0))


def itineraries(mine: Q, visits: Iterable[Visit]) -> list[tuple[Visit, list[Stop]]]:
    """Each visit with its stops and what came of them. One query for each ledger that can name a place."""
    told = [(visit, stops(visit)) for visit in visits]
    named = [(visit, stop) for visit, held in told for stop in held if len(stop.name) >= SHORTEST]
    found = rows_naming(mine, {stop.name for _, stop in named}, [visit for visit, _ in told]) if named else []
    for visit, stop in named:
        stop.outcomes = [made for made in (outcome(rows, stop.name, visit) for rows in found) if made.count]
    return told


def rows_naming(mine: Q, names: set[str], visits: Sequence[Visit]) -> list[list[Entry]]:
    """By ledger: the rows at the visits' pairings, in line with them, that name one of the places in a column."""
    scope = Q()
    for visit in visits:
        assert visit.node
        scope |= Q(node__path__startswith=visit.node.path) | Q(node__in=visit.node.lineage())
    return [
        list(approved(mine, model).filter(scope, naming(model, names)).order_by("pk"))
        for code, model in ledgers().items()
        if code not in NOT_OUTCOMES and columns(model)
    ]


@cache
def columns(model: type[Entry]) -> tuple[str, ...]:
    """The ledger's columns that name a place or a unit, without those that may tell of a person."""
    return tuple(
        f.name
        for f in data_fields(model)
        if f.name not in model.ledger.personal
        and (f.kind == "place" or (f.kind == "text" and str(f.verbose_name).endswith(NAMING)))
    )


def naming(model: type[Entry], names: Iterable[str]) -> Q:
    scope = Q()
    for column in columns(model):
        for name in names:
            scope |= Q(**{f"{column}__contains": name})
    return scope


def outcome(rows: Sequence[Entry], name: str, visit: Visit) -> Outcome:
    """Of these rows of one ledger, those that name the place and did not happen before the visit."""
    mine = [row for row in rows if names_it(row, name) and (row.happened_on() or date.max) >= visit.occurred_on]
    mine.sort(key=lambda row: (row.happened_on() or date.max, row.pk))
    return Outcome(type(mine[0]) if mine else Entry, mine[:SHOWN], len(mine))


def names_it(row: Entry, name: str) -> bool:
    return any(name in (getattr(row, column) or "") for column in columns(type(row)))
