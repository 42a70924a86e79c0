"""Many figures at once: the same measures over many periods and nodes, in a constant number of queries.

The rules are those of journal/figures.py (a test holds the two against each other); what is new here is only that one
statement reads all cells, each as a conditional sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Q, Sum

from lianqiao.core.periods import Period
from lianqiao.journal import chain
from lianqiao.journal.figures import Known, half_up, known_at, spans
from lianqiao.journal.measures import Measure, Ratio, percent
from lianqiao.journal.models import Balance, MeasureRow, Posting
from lianqiao.places.models import Node


@dataclass(frozen=True)
class Cell:
    """Where one value is read: the node, or the union of several, in a period."""

    nodes: tuple[Node, ...]
    period: Period

    @property
    def ever(self) -> Cell:
        return Cell(self.nodes, Period.cumulative(self.period.until))

    @property
    def in_balances(self) -> bool:
        """Whether the balances count this cell's subjects (figures.Scope.has_presence, at one node)."""
        return len(self.nodes) == 1 and (self.period.start is None or self.period.is_year_to_date)


Values = dict[tuple[str, Cell], int | None]


def grid[K](
    measures: Iterable[Measure | Ratio], cells: Mapping[K, Cell], known: Known | None = None
) -> dict[tuple[str, K], int | None]:
    """(measure code, key of the cell) → value as a Figure has it: smallest parts, None where nothing was ever posted."""
    asked = list(measures)
    plain = {
        m.code: m for one in asked for m in ([one] if isinstance(one, Measure) else [one.numerator, one.denominator])
    }
    held_ever = any(m.stock if isinstance(m, Measure) else m.cumulative or m.denominator.stock for m in asked)
    wanted = dict.fromkeys(c for cell in cells.values() for c in ((cell, cell.ever) if held_ever else (cell,)))
    values = read(list(plain.values()), list(wanted), known or known_at())
    return {(m.code, key): value_of(m, cell, values) for m in asked for key, cell in cells.items()}


def value_of(measure: Measure | Ratio, cell: Cell, values: Values) -> int | None:
    if isinstance(measure, Measure):
        return values[measure.code, cell.ever if measure.stock else cell]
    over = cell.ever if measure.cumulative else cell
    top, bottom = values[measure.numerator.code, over], values[measure.denominator.code, over]
    rate = None if bottom is None else percent(top or 0, bottom)
    return None if rate is None else half_up(rate * 100)


def read(measures: list[Measure], cells: list[Cell], known: Known) -> Values:
    ids = dict(MeasureRow.objects.filter(code__in=[m.code for m in measures]).values_list("code", "id"))
    now = known.number >= chain.head().number
    distinct = {m.code: ids[m.code] for m in measures if m.distinct and m.code in ids}
    rows = balance_rows(ids, cells) if now else within(ids, cells, known)
    held = sums(rows, ids, cells, now, bool(distinct))
    counted = [c for c in cells if not (now and c.in_balances)]
    subjects = from_subjects(distinct, counted, known) if distinct and counted else {}
    return {
        (measure.code, cell): told(measure, cell, held.get((measure.code, cell)), subjects)
        for measure in measures
        for cell in cells
    }


@dataclass(frozen=True)
class Sums:
    """What a cell holds of one measure. in_year: the same counted anew within the calendar year."""

    quantity: int
    in_year: int
    bare: int


def told(measure: Measure, cell: Cell, held: Sums | None, subjects: dict[tuple[str, Cell], int]) -> int | None:
    if held is None or not measure.distinct:
        return held.quantity if held else None
    if (measure.code, cell) in subjects:
        return subjects[measure.code, cell] + held.bare
    return held.quantity if cell.period.start is None else held.in_year


def balance_rows(ids: dict[str, int], cells: list[Cell]) -> Any:
    """The months, and the days where a period begins or ends inside one."""
    needed = Q(grain=Balance.MONTH)
    for period in {cell.period for cell in cells}:
        needed |= Q(grain=Balance.DAY) & spans(period)
    return Balance.objects.filter(needed, measure__in=ids.values(), node__in={n for c in cells for n in c.nodes})


def sums(rows: Any, ids: dict[str, int], cells: list[Cell], now: bool, distinct: bool) -> dict[tuple[str, Cell], Sums]:
    """What each cell holds, from the balances (now) or from the postings: one statement, each value a conditional sum."""
    places = list(dict.fromkeys(cell.nodes for cell in cells))
    asked: dict[str, Any] = {f"ever{n}": Count("pk", filter=place(nodes, now)) for n, nodes in enumerate(places)}
    for at, cell in enumerate(cells):
        here = place(cell.nodes, now) & (spans(cell.period) if now else dated(cell.period))
        asked[f"quantity{at}"] = Sum("quantity", filter=here, default=0)
        if distinct:
            bare = (
                Sum("bare", filter=here, default=0) if now else Sum("quantity", filter=here & Q(bare=True), default=0)
            )
            asked |= {f"bare{at}": bare} | ({f"year{at}": Sum("in_year", filter=here, default=0)} if now else {})
    codes = {pk: code for code, pk in ids.items()}
    return {
        (codes[row["measure_id"]], cell): Sums(row[f"quantity{at}"], row.get(f"year{at}", 0), row.get(f"bare{at}", 0))
        for row in rows.values("measure_id").annotate(**asked)
        for at, cell in enumerate(cells)
        if row[f"ever{places.index(cell.nodes)}"]
    }


def place(nodes: tuple[Node, ...], now: bool) -> Q:
    """At these nodes: balances stand at each node of a lineage, postings only at its leaf."""
    return Q(node__in=nodes) if now else below(nodes)


def from_subjects(ids: dict[str, int], cells: list[Cell], known: Known) -> dict[tuple[str, Cell], int]:
    """How many different subjects each cell holds: those of which more came than went within it."""
    asked: dict[str, Any] = {
        f"s{at}": Sum("quantity", filter=below(c.nodes) & dated(c.period), default=0) for at, c in enumerate(cells)
    }
    inner = within(ids, cells, known).filter(subject__isnull=False).values("measure_id", "subject").annotate(**asked)
    sql, parameters = inner.query.sql_with_params()
    sums = ", ".join(f"SUM(CASE WHEN s{at} > 0 THEN 1 ELSE 0 END)" for at in range(len(cells)))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT measure_id, {sums} FROM ({sql}) a GROUP BY measure_id", parameters)  # noqa: S608 - own text
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    none = (0,) * len(cells)
    return {(code, c): int(found.get(pk, none)[at]) for code, pk in ids.items() for at, c in enumerate(cells)}


def within(ids: dict[str, int], cells: Iterable[Cell], known: Known) -> Any:
    nodes = {node for cell in cells for node in cell.nodes}
    return Posting.objects.filter(below(nodes), measure__in=ids.values(), transaction__lte=known.number)


def below(nodes: Iterable[Node]) -> Q:
    """Postings at these nodes and below them."""
    scope = Q(pk__in=[])
    for node in nodes:
        scope |= Q(node__path__startswith=node.path)
    return scope


def dated(period: Period) -> Q:
    return Q(on__lte=period.until) if period.start is None else Q(on__range=(period.start, period.until))
