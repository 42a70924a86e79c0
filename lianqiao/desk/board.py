"""Targets as rows of a table: how far, against the pace, against last month and last year, month by month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import batched

from lianqiao.agreements.targets import STATES, Attainment, Promise, in_force, pace
from lianqiao.charts import geometry
from lianqiao.core.periods import Period, year_before
from lianqiao.desk.moment import Moment, year_until
from lianqiao.desk.wording import growth
from lianqiao.journal.cells import Cell
from lianqiao.journal.figures import Figure, Known, figures, grid
from lianqiao.journal.measures import Measure
from lianqiao.places.models import Node

WORST = list(STATES)
AT_ONCE = 200  # cells of one statement: a database allows it so many columns


@dataclass(frozen=True)
class Row:
    """One target. group: the heading where a new one begins; since: what today's figure has more than the one shown."""

    attainment: Attainment
    bar: geometry.Bar
    group: str
    sub: bool
    last_month: int | None = None
    last_year: int | None = None
    growth: str = ""
    spark: geometry.Spark | None = None
    now: Figure | None = None

    @property
    def since(self) -> int:
        return ((self.now.value if self.now else None) or 0) - (self.attainment.figure.value or 0) if self.now else 0


def everywhere(nodes: Iterable[Node], year: int, on: date, known: Known) -> list[Attainment]:
    """Every promise for a year at these nodes against its figure up to a day. A constant number of queries, one more
    for each AT_ONCE nodes that have promises.

    Of the figures only the value is read: not how many entries are behind it, nor what of it is without detail.
    """
    held_nodes = {node.pk: node for node in nodes}
    promises = in_force(held_nodes.values(), year, on, known)
    period = year_until(year, on)
    measures = {p.measure.code: p.measure for p in promises}.values()
    held: dict[tuple[str, int], int | None] = {}
    for some in batched(dict.fromkeys(promise.node for promise in promises), AT_ONCE):
        held |= grid(measures, {pk: Cell((held_nodes[pk],), period) for pk in some}, known)
    passed = pace(year, on)

    def attained(promise: Promise) -> Attainment:
        value = held[promise.measure.code, promise.node] if passed else None
        at = (held_nodes[promise.node],)
        return Attainment(promise, Figure(promise.measure, at, period, value, 0, 0, known), passed)

    return [attained(promise) for promise in promises]


def glance(attainments: Sequence[Attainment], most: int) -> list[Row]:
    """The worst first: by state, then by how far behind the pace."""

    def badness(one: Attainment) -> tuple[int, Fraction]:
        return WORST.index(one.state), one.gap if one.gap is not None else -one.pace

    return [Row(one, bar_of(one, 88), "", False) for one in sorted(attainments, key=badness)[:most]]


def bar_of(one: Attainment, width: int) -> geometry.Bar:
    return geometry.bar(one.rate, one.pace, one.state, width)


def board(attainments: Sequence[Attainment], node: Node, moment: Moment) -> list[Row]:
    """Every target in the order of the measures. A constant number of queries."""
    measures = {a.promise.measure.code: a.promise.measure for a in attainments}
    cells = cells_of(node, moment)
    held = grid(measures.values(), cells, moment.known)
    latest = {f.measure.code: f for f in figures(measures.values(), [node], moment.period)} if moment.past else {}
    rows: list[Row] = []
    group = ""
    for one in attainments:
        measure = one.promise.measure
        code, last_year = measure.code, held[measure.code, "last year"]
        months = [held[code, f"{month}"] or 0 for month in range(1, moment.period.until.month + 1)]
        rows.append(
            Row(
                attainment=one,
                bar=bar_of(one, 112),
                group=measure.group if measure.group != group else "",
                sub=isinstance(measure, Measure) and measure.parent is not None and measure.parent.code in measures,
                last_month=held[code, "last month"],
                last_year=last_year,
                growth=growth(one.figure.value, last_year, measure.unit),
                spark=geometry.spark(steps(months) if flows(measure) else months),
                now=latest.get(code),
            )
        )
        group = measure.group
    return rows


def flows(measure: object) -> bool:
    """Whether months are what each brought, and not what stood at its end."""
    return isinstance(measure, Measure) and not measure.stock


def steps(months: Sequence[int]) -> list[int]:
    return [value - before for value, before in zip(months, [0, *months], strict=False)]


def cells_of(node: Node, moment: Moment) -> dict[str, Cell]:
    """The year up to the end of each month, up to the end of the last one, and the year before up to the same day."""
    period = moment.period
    first, until = date(period.until.year, 1, 1), period.until
    cells = {
        str(m): Cell((node,), Period.between(first, min(Period.month(until.year, m).until, until)))
        for m in range(1, until.month + 1)
    }
    month_end = until.replace(day=1) - timedelta(days=1)
    last = (
        Period.between(first, month_end)
        if until.month > 1
        else Period.between(first.replace(year=first.year - 1), month_end)
    )
    cells["last month"] = Cell((node,), last)
    cells["last year"] = Cell((node,), Period.between(first.replace(year=first.year - 1), year_before(until)))
    return cells


def last_month_end(moment: Moment) -> date:
    return moment.period.until.replace(day=1) - timedelta(days=1)


def tally(attainments: Sequence[Attainment]) -> list[tuple[str, int]]:
    """State → how many, the worst first."""
    counted = [(state, sum(one.state == state for one in attainments)) for state in WORST]
    return [(state, n) for state, n in counted if n]
