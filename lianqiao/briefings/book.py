"""What a document is about, and the figures that it asks for: all measures that its template names, a grid at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from lianqiao.agreements.targets import Attainment, attainments
from lianqiao.claims.tagged import GROWTH
from lianqiao.core.periods import Period
from lianqiao.journal.cells import Cell
from lianqiao.journal.clock import today
from lianqiao.journal.figures import Figure, Known, as_figure, held_for, known_at
from lianqiao.journal.measures import Measure, Ratio
from lianqiao.places.models import Node


@dataclass(frozen=True)
class About:
    """What a document is written of: a node, a period, and what was known at a transaction."""

    node: Node
    period: Period
    known: Known

    @classmethod
    def of(cls, node: Node, start: date | None = None, until: date | None = None, known: Known | None = None) -> About:
        """By default all time up to today, as known now. ValueError if it ends before it starts."""
        return cls(node, Period(start, until or today()), known or known_at())

    @property
    def until(self) -> date:
        return self.period.until


def last_month(until: date) -> Period:
    end = until.replace(day=1) - timedelta(days=1)
    return Period.month(end.year, end.month)


def this_month(until: date) -> Period:
    return Period(until.replace(day=1), until)


def this_year(until: date) -> Period:
    return Period(date(until.year, 1, 1), until)


SPANS = {
    "累计": Period.cumulative,
    "今年": this_year,
    "去年同期": lambda until: this_year(until).year_before,
    "去年": lambda until: Period.year(until.year - 1),
    "当日": Period.day,
    "本月": this_month,
    "上月": last_month,
    "去年同月": lambda until: this_month(until).year_before,
    "本季": lambda until: Period(date(until.year, (until.month - 1) // 3 * 3 + 1, 1), until),
}
"""Spans that a template can ask for by name, up to the document's last day."""


class Book:
    """The figures of a document. Each span is read once for all the measures that the template may ask for."""

    def __init__(self, about: About, measures: Sequence[Measure | Ratio], spans: Collection[str] = ()) -> None:
        self.about, self.measures = about, list(measures)
        self.read: dict[tuple[str, Cell], Figure] = {}
        named = [SPANS[name](about.until) for name in spans if name in SPANS]
        before = [period.year_before for period in (about.period, *named)] if GROWTH in spans else []
        self.prepare(Cell((about.node,), period) for period in (about.period, *named, *before))

    def prepare(self, cells: Iterable[Cell]) -> None:
        """Reads cells for all the measures that the template may ask for."""
        self.want(self.measures, cells)

    def want(self, measures: Iterable[Measure | Ratio], cells: Iterable[Cell]) -> None:
        """Reads what of this was not read yet, in a constant number of queries."""
        asked, places = list(measures), list(dict.fromkeys(cells))
        lacking = [(m, cell) for cell in places for m in asked if (m.code, cell) not in self.read]
        if not lacking:
            return
        some = list({m.code: m for m, _ in lacking}.values())
        fresh = list(dict.fromkeys(cell for _, cell in lacking))
        held = held_for(some, fresh, self.about.known)
        self.read |= {(m.code, cell): as_figure(m, cell, self.about.known, held) for cell in fresh for m in some}

    def figure(self, measure: Measure | Ratio, node: Node, period: Period) -> Figure:
        cell = Cell((node,), period)
        if (measure.code, cell) not in self.read:
            self.want([*self.measures, measure], [cell])
        return self.read[measure.code, cell]

    @cached_property
    def attainments(self) -> list[Attainment]:
        """The node's targets of the year in which the document ends."""
        found = attainments(self.about.node, self.about.until.year, self.about.until, self.about.known)
        cell = Cell((self.about.node,), this_year(self.about.until))
        self.read |= {(one.figure.measure.code, cell): one.figure for one in found}
        return found

    def attainment(self, measure: Measure | Ratio) -> Attainment | None:
        """The first target of the year for a measure."""
        return next((one for one in self.attainments if one.promise.measure is measure), None)
