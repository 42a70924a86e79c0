"""The lines of a return: every figure of a node and a period, beside the period before, the year before and its target.

What is read here is kept with the return, and read again to hold what is kept against the journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum

from lianqiao.agreements.targets import Attainment, attainments
from lianqiao.briefings.models import Kind, Return
from lianqiao.briefings.returns_calendar import before, year_before
from lianqiao.core.periods import Period
from lianqiao.journal.cells import Cell, dated
from lianqiao.journal.figures import Known, all_measures, grid, known_at
from lianqiao.journal.measures import MEASURES, Measure, Ratio
from lianqiao.journal.models import Posting
from lianqiao.places.models import Node

# What a line holds: this period, the one before, the same a year before; this year so far, last year so far; ever.
COLUMNS = ("now", "last", "last_year", "year", "year_last_year", "ever")
# How many periods before this one say what is usual.
BACK = {Kind.MONTH: 12, Kind.QUARTER: 8, Kind.YEAR: 4}

Values = Mapping[tuple[str, str], int | None]


@dataclass(frozen=True)
class Line:
    """A figure of a return with what it stands beside, in the unit's smallest part; None: nothing was ever posted."""

    measure: Measure | Ratio
    now: int | None
    last: int | None
    last_year: int | None
    year: int | None
    year_last_year: int | None
    ever: int | None
    target: int | None

    def kept(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in (*COLUMNS, "target")}
        return {"measure": self.measure.code, **values}


def lines_of(one: Return) -> list[Line]:
    """The lines as they are kept. A measure that this version of the code no longer declares is left out."""
    return [Line(**told | {"measure": MEASURES[told["measure"]]}) for told in one.lines if told["measure"] in MEASURES]


@dataclass(frozen=True)
class Reading:
    """What the journal says of a node and a period: the lines, the periods before, and the year's targets."""

    node: Node
    kind: str
    period: Period
    known: Known
    lines: list[Line]
    earlier: dict[str, list[int]]
    attainments: list[Attainment]


def read(node: Node, kind: str, period: Period, known: Known | None = None) -> Reading:
    """Reads all of it at one transaction; a constant number of queries."""
    known = known or known_at()
    spans = spans_of(kind, period)
    back = earlier_periods(kind, period)
    cells = {name: Cell((node,), span) for name, span in spans.items()}
    cells |= {f"back{at}": Cell((node,), span) for at, span in enumerate(back)}
    held = grid(all_measures(), cells, known)
    reached = attainments(node, period.until.year, period.until, known)
    targets = {one.promise.measure.code: one.promise.quantity for one in reached}
    lines = [line(measure, held, targets) for measure in all_measures() if held[measure.code, "ever"] is not None]
    earlier = {one.measure.code: values_before(one.measure.code, held, len(back)) for one in lines}
    return Reading(node, kind, period, known, lines, earlier, reached)


def line(measure: Measure | Ratio, held: Values, targets: Mapping[str, int]) -> Line:
    values = {name: held[measure.code, name] for name in COLUMNS}
    return Line(measure, **values, target=targets.get(measure.code))


def values_before(code: str, held: Values, many: int) -> list[int]:
    return [held[code, f"back{at}"] or 0 for at in range(many)]


def spans_of(kind: str, period: Period) -> dict[str, Period]:
    """The periods of the columns, by their names."""
    until, year_ago = period.until, year_before(kind, period)
    return {
        "now": period,
        "last": before(kind, period),
        "last_year": year_ago,
        "year": Period(date(until.year, 1, 1), until),
        "year_last_year": Period(date(year_ago.until.year, 1, 1), year_ago.until),
        "ever": Period.cumulative(until),
    }


def earlier_periods(kind: str, period: Period) -> list[Period]:
    """As many periods before this one as say what is usual, the latest first."""
    found = [period]
    for _ in range(BACK[Kind(kind)]):
        found.append(before(kind, found[-1]))
    return found[1:]


def is_true(one: Return) -> bool:
    """Whether the lines that are kept are what the journal still says of the transaction that they were read at."""
    found = read(one.node, one.kind, one.period, known_at(one.transaction))
    return [line.kept() for line in found.lines] == one.lines and found.known.hash == one.hash


@dataclass(frozen=True)
class Change:
    """A figure of two versions of a return that is not the same: the column, what it was and what it is."""

    measure: Measure | Ratio
    column: str
    old: int | None
    new: int | None

    @property
    def difference(self) -> int:
        return (self.new or 0) - (self.old or 0)


def compare(old: Iterable[Line], new: Iterable[Line], columns: Iterable[str] = COLUMNS) -> list[Change]:
    """What differs between the lines of two readings, measure by measure."""
    olds, news = ({one.measure.code: one for one in lines} for lines in (old, new))
    return [
        Change(MEASURES[code], column, was, now)
        for code in MEASURES
        if code in olds or code in news
        for column in columns
        if (was := value(olds.get(code), column)) != (now := value(news.get(code), column))
    ]


def value(line: Line | None, column: str) -> int | None:
    return getattr(line, column) if line else None


# Upper levels ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Adding:
    """A figure of a node taken apart: what the nodes right below have, column by column, what was entered at the node
    itself, and the whole."""

    measure: Measure
    below: tuple[int, ...]
    own: int
    whole: int

    @property
    def adds_up(self) -> bool:
        return self.own + sum(self.below) == self.whole


MOST_NODES = 8  # so many nodes below have a column each; more share one with those of their kind


def adding(node: Node, period: Period, known: Known) -> tuple[list[tuple[Node, ...]], list[Adding]]:
    """The nodes right below, by columns, and the sums of a period taken apart by them, read from the same transaction.

    Distinct counts and rates are left out: a whole of theirs is no sum. Constant queries, whatever the number of nodes.
    """
    children = list(Node.objects.filter(parent=node, confirmed=True).order_by("path"))
    sums = [m for m in all_measures() if isinstance(m, Measure) and not m.distinct]
    cells = {0: Cell((node,), period)} | {child.pk: Cell((child,), period) for child in children}
    held, own = grid(sums, cells, known), own_sums(node, period, known)
    seen = [child for child in children if any(held[m.code, child.pk] for m in sums)]
    columns = columns_of(seen)
    found = []
    for m in sums:
        below = tuple(sum(held[m.code, child.pk] or 0 for child in column) for column in columns)
        if any(below):
            found.append(Adding(m, below, own.get((m.code, m.stock), 0), held[m.code, 0] or 0))
    return columns, found


def columns_of(nodes: list[Node]) -> list[tuple[Node, ...]]:
    """One node a column, or all of a kind where there are too many."""
    if len(nodes) <= MOST_NODES:
        return [(node,) for node in nodes]
    kinds = dict.fromkeys(node.kind for node in nodes)
    return [tuple(node for node in nodes if node.kind == kind) for kind in kinds]


def own_sums(node: Node, period: Period, known: Known) -> dict[tuple[str, bool], int]:
    """What was posted at the node itself: (code, whether up to the period's end) → the sum."""
    rows = Posting.objects.filter(node=node, transaction__lte=known.number, on__lte=period.until).order_by()
    ever, within = Sum("quantity"), Sum("quantity", filter=dated(period))
    found: dict[tuple[str, bool], int] = {}
    for code, all_time, now in rows.values_list("measure__code").annotate(ever=ever, within=within):
        found[code, True], found[code, False] = all_time or 0, now or 0
    return found
