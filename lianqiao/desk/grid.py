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
    wanted = list(dict.fromkeys(c for cell in cells.values() for c in (cell, cell.ever)))
    values = read(list(plain.values()), wanted, known or known_at())
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
    held = from_balances(ids, cells) if now else from_postings(ids, cells, known)
    counted = [c for c in cells if not (now and c.in_balances)]
    distinct = {m.code: ids[m.code] for m in measures if m.distinct and m.code in ids}
    subjects = from_subjects(distinct, counted, known) if distinct and counted else {}
    values: Values = {}
    for measure in measures:
        for cell in cells:
            sums = held.get((measure.code, cell))
            values[measure.code, cell] = None if sums is None else told(measure, cell, sums, subjects)
    return values


@dataclass(frozen=True)
class Sums:
    """What a cell holds of one measure. in_year: the same counted anew within the calendar year."""

    quantity: int
    in_year: int
    bare: int


def told(measure: Measure, cell: Cell, sums: Sums, subjects: dict[tuple[str, Cell], int]) -> int:
    if not measure.distinct:
        return sums.quantity
    if (measure.code, cell) in subjects:
        return subjects[measure.code, cell] + sums.bare
    return sums.quantity if cell.period.start is None else sums.in_year


def from_balances(ids: dict[str, int], cells: list[Cell]) -> dict[tuple[str, Cell], Sums]:
    days = Q(grain=Balance.MONTH)
    for period in {cell.period for cell in cells}:
        days |= Q(grain=Balance.DAY) & spans(period)
    rows = Balance.objects.filter(days, measure__in=ids.values(), node__in={n for c in cells for n in c.nodes})
    here = [(Q(node__in=c.nodes), spans(c.period)) for c in cells]
    asked: dict[str, Any] = {}
    for at, (place, span) in enumerate(here):
        asked |= {
            f"ever{at}": Count("pk", filter=place),
            f"quantity{at}": Sum("quantity", filter=place & span, default=0),
            f"year{at}": Sum("in_year", filter=place & span, default=0),
            f"bare{at}": Sum("bare", filter=place & span, default=0),
        }
    return gathered(ids, cells, rows.values("measure_id").annotate(**asked))


def from_postings(ids: dict[str, int], cells: list[Cell], known: Known) -> dict[tuple[str, Cell], Sums]:
    rows = within(ids, cells, known)
    asked: dict[str, Any] = {}
    for at, cell in enumerate(cells):
        place, span = below(cell.nodes), dated(cell.period)
        asked |= {
            f"ever{at}": Count("pk", filter=place),
            f"quantity{at}": Sum("quantity", filter=place & span, default=0),
            f"bare{at}": Sum("quantity", filter=place & span & Q(bare=True), default=0),
        }
    return gathered(ids, cells, rows.values("measure_id").annotate(**asked))


def gathered(ids: dict[str, int], cells: list[Cell], rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, Cell], Sums]:
    codes = {pk: code for code, pk in ids.items()}
    return {
        (codes[row["measure_id"]], cell): Sums(row[f"quantity{at}"], row.get(f"year{at}", 0), row[f"bare{at}"])
        for row in rows
        for at, cell in enumerate(cells)
        if row[f"ever{at}"]
    }


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
