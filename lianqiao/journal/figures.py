"""Figures: a measure at a node (or several) in a period, as known at a transaction (how they are read: cells.py)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from fractions import Fraction
from functools import lru_cache

from django.db.models import Count

from lianqiao.core.periods import Period
from lianqiao.journal import chain
from lianqiao.journal.cells import Cell, Postings, Values, below, dated, last_posting, read
from lianqiao.journal.clock import SHANGHAI
from lianqiao.journal.measures import MEASURES, Measure, NotAddable, Ratio, check_addable, percent
from lianqiao.journal.models import Closing, MeasureRow, Posting, Transaction
from lianqiao.places.models import Node


@dataclass(frozen=True)
class Figure:
    """A figure with its proof. value: integer in the unit's smallest part, None where nothing was ever posted.

    bare: the part of the value without detail (期初数). over: numerator and denominator of a ratio, whose exact
    value is `rate` (in percent) and whose `value` is that rounded half-up to two decimals.
    """

    measure: Measure | Ratio
    nodes: tuple[Node, ...]
    period: Period
    value: int | None
    bare: int
    entries: int
    known: Known
    over: tuple[int, int] | None = None
    # How many postings moved the figure after its period was closed (关账后).
    late: int = 0

    @property
    def rate(self) -> Fraction | None:
        return percent(*self.over) if self.over else None

    @property
    def address(self) -> str:
        """The one address of the figure: /figures/CODE/NODE/FROM..UNTIL@TX."""
        nodes = "+".join(node.number for node in self.nodes)
        return f"/figures/{self.measure.code}/{nodes}/{self.period.address}@{self.known.number}"


@dataclass(frozen=True)
class Known:
    """What was known: every transaction up to this one."""

    number: int
    hash: str
    recorded_at: datetime | None


class NoSuchMoment(LookupError):
    """A known-at that names no moment of the journal."""


def known_at(moment: int | date | datetime | None = None) -> Known:
    """The last transaction at a moment: its number, a time, or a date (the end of that day in Shanghai); None: now."""
    rows = Transaction.objects.order_by("-number")
    if isinstance(moment, int):
        found = rows.filter(number=moment).first()
        if found is None and moment != 0:
            raise NoSuchMoment(f"账本里没有事务 {moment}。")
    elif moment is not None:
        found = rows.filter(recorded_at__lte=end_of(moment)).first()
    else:
        found = rows.first()
    return Known(found.number, found.hash, found.recorded_at) if found else Known(0, chain.GENESIS, None)


def end_of(moment: date | datetime) -> datetime:
    if isinstance(moment, datetime):
        return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    return datetime.combine(moment, time.max, SHANGHAI)


def figures(
    measures: Iterable[Measure | Ratio], nodes: Sequence[Node], period: Period, known: Known | None = None
) -> list[Figure]:
    """The figures of these measures at the node, or at the union of several nodes; a constant number of queries.

    Raises NotAddable where one of the nodes lies below another.
    """
    asked, known, cell = list(measures), known or known_at(), Cell(tuple(nodes), period)
    check_disjoint(nodes)
    held = held_for(asked, [cell], known)
    told = [as_figure(m, cell, known, held) for m in asked]
    return with_late(told, nodes, period, known) if Closing.objects.exists() else told


def held_for(measures: Iterable[Measure | Ratio], cells: Iterable[Cell], known: Known, **how: bool) -> Values:
    """What figures of these measures are made from: flows in the cells, and over all time what stands or is cumulative.

    how: what `cells.read` can be told.
    """
    asked = list(measures)
    plain = {m.code: m for measure in asked for m in measures_of(measure)}
    standing = any(over_all_time(measure, part) for measure in asked for part in measures_of(measure))
    needed = dict.fromkeys(c for cell in cells for c in ((cell, cell.ever) if standing else (cell,)))
    # Without balances an upgrade reads the journal of an older version: nothing but its postings is asked for.
    if not how.get("balances", True):
        return read(plain.values(), list(needed), known.number, **how)
    if known.number < chain.head().number:
        return remembered(known, tuple(plain), tuple(needed), **how)
    return read(plain.values(), list(needed), None, **how)


@lru_cache(maxsize=512)
def remembered(known: Known, codes: tuple[str, ...], cells: tuple[Cell, ...], **how: bool) -> Values:
    """What was known at a past transaction: read once, since nothing that comes later changes it.

    The transaction's hash is part of the question, so that an answer never outlives its journal.
    """
    measures = [m for code in codes if isinstance(m := MEASURES[code], Measure)]
    return read(measures, cells, known.number, **how)


def grid[K](
    measures: Iterable[Measure | Ratio], cells: Mapping[K, Cell], known: Known | None = None
) -> dict[tuple[str, K], int | None]:
    """Many values at once: (measure's code, key of the cell) → the value that its figure has; a constant number of queries."""
    asked, known = list(measures), known or known_at()
    held = held_for(asked, cells.values(), known, entries=False)
    return {(m.code, key): as_figure(m, cell, known, held).value for m in asked for key, cell in cells.items()}


def measures_of(measure: Measure | Ratio) -> tuple[Measure, ...]:
    """The measures that must be read for a figure: itself, or both sides of a ratio."""
    return (measure.numerator, measure.denominator) if isinstance(measure, Ratio) else (measure,)


def over_all_time(figure: Measure | Ratio, part: Measure) -> bool:
    """Whether a figure asks for a part of it (or for itself) over all time up to the period's end, whatever its start."""
    return part.stock or (isinstance(figure, Ratio) and figure.cumulative)


def with_late(told: list[Figure], nodes: Sequence[Node], period: Period, known: Known) -> list[Figure]:
    """Says of each figure how many postings came after its period was closed."""
    rows = Posting.objects.filter(below(nodes), transaction__late=True, transaction__lte=known.number)
    counted = rows.filter(on__lte=period.until).values_list("measure__code")
    counts = counted.annotate(ever=Count("pk"), within=Count("pk", filter=dated(period)))
    late: dict[str, tuple[int, int]] = {code: (ever, within) for code, ever, within in counts}

    def of(figure: Figure, part: Measure) -> int:
        ever, within = late.get(part.code, (0, 0))
        return ever if over_all_time(figure.measure, part) else within

    return [replace(f, late=sum(of(f, part) for part in measures_of(f.measure))) for f in told]


def figure(measure: Measure | Ratio, nodes: Sequence[Node], period: Period, known: Known | None = None) -> Figure:
    return figures([measure], nodes, period, known)[0]


def check_disjoint(nodes: Sequence[Node]) -> None:
    for one in nodes:
        for other in nodes:
            if one is not other and one.path.startswith(other.path):
                raise NotAddable(f"“{one.name}”在“{other.name}”之内，不能并列相加。")


def as_figure(measure: Measure | Ratio, cell: Cell, known: Known, held: Values) -> Figure:
    nodes, period = cell.nodes, cell.period
    parts = [held.get((m.code, cell.ever if over_all_time(measure, m) else cell)) for m in measures_of(measure)]
    if isinstance(measure, Measure):
        (sums,) = parts
        if sums is None:
            return Figure(measure, nodes, period, None, 0, 0, known)
        return Figure(measure, nodes, period, sums.value, sums.bare, sums.entries, known)
    top, bottom = parts
    over = (top.value if top else 0, bottom.value) if bottom else None
    exact = percent(*over) if over else None
    value = None if exact is None else half_up(exact * 100)
    entries = sum(sums.entries for sums in parts if sums)
    return Figure(measure, nodes, period, value, 0, entries, known, over)


def half_up(value: Fraction) -> int:
    """To the nearest integer, halves away from zero."""
    size = (abs(value) * 2 + 1) // 2
    return int(size if value >= 0 else -size)


def total(measures: list[Measure], nodes: Sequence[Node], period: Period, known: Known | None = None) -> Figure:
    """Several measures taken together: a sum, or for distinct counts the union. Raises NotAddable with the reason."""
    check_addable(measures)
    known = known or known_at()
    found = [f for f in figures(measures, nodes, period, known) if f.value is not None]
    first, bare = measures[0], sum(f.bare for f in found)
    told = "、".join(m.name for m in measures) + ("的并集，去重。" if first.distinct else "相加。")
    named = replace(
        first, code="+".join(m.code for m in measures), name=" + ".join(m.name for m in measures), definition=told
    )
    if not found:
        return Figure(named, tuple(nodes), period, None, 0, 0, known)
    ids = set(MeasureRow.objects.filter(code__in=[m.code for m in measures]).values_list("id", flat=True))
    cell = Cell(tuple(nodes), period)
    behind, last = Postings(ids, [cell.ever if first.stock else cell]), last_posting(known.number)
    value = behind.union(last) + bare if first.distinct else sum(f.value or 0 for f in found)
    return Figure(named, tuple(nodes), period, value, bare, behind.sources(last), known)


def all_measures() -> list[Measure | Ratio]:
    """Every measure and ratio in the order in which the rooms declare them."""
    return list(MEASURES.values())
