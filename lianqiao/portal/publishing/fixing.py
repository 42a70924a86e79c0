"""Fixing a figure for publication, and what became of it since: the one place where the public site reads the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Min, QuerySet
from django.utils.translation import gettext

from lianqiao.agreements.targets import in_force
from lianqiao.core.periods import Period
from lianqiao.journal import clock
from lianqiao.journal.cells import Cell
from lianqiao.journal.figures import Figure, Known, figures, grid, known_at, measures_of, over_all_time
from lianqiao.journal.measures import MEASURES, Measure, Ratio
from lianqiao.journal.models import Balance, Posting, Transaction
from lianqiao.people.models import User
from lianqiao.places.models import Node
from lianqiao.portal.publishing import telling
from lianqiao.portal.publishing.models import PublishedFigure

MOST_YEARS, MOST_CHANGES = 8, 10


class Missing(ValueError):
    """There is nothing to publish: the journal never counted this there."""


def fix(code: str, node: Node, period: Period, by: User | None = None, known: Known | None = None) -> PublishedFigure:
    """The figure fixed at what is known now (or at `known`); the row that there is, where it was fixed at that before.

    Raises Missing where nothing was ever posted.
    """
    known = known or known_at()
    found = figures([MEASURES[code]], [node], period, known)[0]
    if found.value is None:
        raise Missing(gettext("账本里没有这一指标的记录，不能公开。"))
    promised, promised_in = promise(found, node)
    given = {
        "hash": known.hash, "known_at": known.recorded_at, "value": found.value, "bare": found.bare,
        "entries": found.entries, "over": list(found.over) if found.over else None, "stated": stated(found),
        "years": list(by_year(found)), "promised": promised, "promised_in": promised_in, "by": by, "at": clock.now(),
    }  # fmt: skip
    fixed, _ = PublishedFigure.objects.get_or_create(
        measure=code, node=node, start=period.start, until=period.until, transaction=known.number, defaults=given
    )
    return fixed


def stated(found: Figure) -> dict[str, Any]:
    """What it is called and how it is counted, as said on that day."""
    measure = found.measure
    version = measure.version_at(found.period.until) if isinstance(measure, Measure) else 1
    return {
        "name": measure.name, "unit": measure.unit.name, "definition": measure.definition,
        "excludes": measure.excludes, "group": measure.group, "version": version,
    }  # fmt: skip


def promise(found: Figure, node: Node) -> tuple[int | None, str]:
    """The target in force for the figure's year, where it is a year's figure: what is promised, and which agreement says so."""
    if not found.period.is_year_to_date:
        return None, ""
    until = found.period.until
    told = [p for p in in_force([node], until.year, until, found.known) if p.measure.code == found.measure.code]
    return (told[0].quantity, told[0].agreement) if told else (None, "")


def by_year(found: Figure) -> Iterator[dict[str, Any]]:
    """The figure year by year, the latest eight: its value, how much of it has no detail, and whether the year was over."""
    first = first_day(found)
    if first is None:
        return
    until = found.period.until
    years = range(max(first.year, until.year - MOST_YEARS + 1), until.year + 1)
    cells = {y: Cell(found.nodes, Period(date(y, 1, 1), min(date(y, 12, 31), until))) for y in years}
    held = grid([found.measure], cells, found.known)
    for year, cell in cells.items():
        bare = figures([found.measure], found.nodes, cell.period, found.known)[0].bare if found.bare else 0
        value = held[found.measure.code, year]
        yield {"year": year, "value": value or 0, "bare": bare, "over": cell.period.until == date(year, 12, 31)}


def first_day(found: Figure) -> date | None:
    """The first day of the figure's period on which something was counted."""
    measure = measures_of(found.measure)[-1]
    rows = Balance.objects.filter(node__in=found.nodes, grain=Balance.DAY, measure__code=measure.code)
    first: date | None = rows.aggregate(first=Min("start"))["first"]
    return max(first, found.period.start) if first and found.period.start else first


# What became of it ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Now:
    """The same figure over the same period, as it is known now."""

    value: int | None
    known: Known

    def moved(self, from_value: int) -> bool:
        return self.value is not None and self.value != from_value


def now_of(asked: Iterable[PublishedFigure]) -> dict[int, Now]:
    """By primary key: what the journal says now of each figure. What a process has read once at the journal's end, it keeps."""
    known = known_at()
    return {one.pk: Now(current(one.measure, one.node_id, one.start, one.until, known), known) for one in asked}


@lru_cache(maxsize=4096)
def current(code: str, node: int, start: date | None, until: date, known: Known) -> int | None:
    """A figure's value at a transaction. The transaction's hash is part of what is remembered: it stands for all before it."""
    where = Node.objects.get(pk=node)
    return figures([MEASURES[code]], [where], Period(start, until), known)[0].value


@dataclass(frozen=True)
class Change:
    """A later transaction that moved a figure. Nothing of the entries behind it."""

    transaction: int
    recorded_at: datetime
    by: int
    after: int


def changes(fixed: PublishedFigure) -> list[Change]:
    """The transactions after the figure's own that moved it, the first ten of them."""
    found: list[Change] = []
    before = fixed.value
    for row in touching(fixed):
        known = Known(row.number, row.hash, row.recorded_at)
        after = current(fixed.measure, fixed.node_id, fixed.start, fixed.until, known) or 0
        if after != before:
            found.append(Change(row.number, row.recorded_at, after - before, after))
        before = after
        if len(found) == MOST_CHANGES:
            break
    return found


def touching(fixed: PublishedFigure) -> QuerySet[Transaction]:
    """The later transactions with postings of what the figure counts, at its node and below, in its period."""
    counted = fixed.counted
    codes = [one.code for one in measures_of(counted)]
    ever = any(over_all_time(counted, one) for one in measures_of(counted))
    rows = Posting.objects.filter(
        measure__code__in=codes, node__path__startswith=fixed.node.path, on__lte=fixed.until,
        transaction__gt=fixed.transaction,
    )  # fmt: skip
    rows = rows.filter(on__gte=fixed.start) if fixed.start and not ever else rows
    return Transaction.objects.filter(pk__in=rows.values("transaction")).order_by("number")


def anew(fixed: PublishedFigure, by: User | None) -> PublishedFigure:
    """The same figure fixed at what is known now (更新到最新): a row beside the old one."""
    return fix(fixed.measure, fixed.node, fixed.period, by)


def spoken(fixed: PublishedFigure, value: int | None = None) -> str:
    """The figure's number, or another of the same kind, with its unit in the reader's language."""
    return telling.spoken(fixed.value if value is None else value, fixed.unit)


def countable(measure: Measure | Ratio) -> str:
    """What an editor chooses by: group, name and unit."""
    return f"{measure.group} · {measure.name}（{measure.unit.name}）" if measure.group else measure.name
