"""What the journal holds of measures in many cells at once; a constant number of queries.

A cell is a node, or the union of several, in a period. What is known now is read from the balances, whose number does
not grow with the journal. What was known at a past moment is read from the postings that stand in the cells or, where
that is less, as what is known now without what came later.

The statements hold numbers, days and paths of our own making as literals, and no parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Q

from lianqiao.core.periods import Period
from lianqiao.journal.measures import Measure
from lianqiao.journal.models import Balance, MeasureRow
from lianqiao.places.models import Node

# Taking back what came later asks for each of its entries and subjects again: worth it while the rest is this much more.
WORTH = 3


@dataclass(frozen=True)
class Cell:
    """Where a value is read: the node, or the union of several that do not contain each other, in a period."""

    nodes: tuple[Node, ...]
    period: Period

    @property
    def ever(self) -> Cell:
        return Cell(self.nodes, Period.cumulative(self.period.until))

    @property
    def in_balances(self) -> bool:
        """Whether the balances count this cell's subjects: at one node, over all time or in a year up to a day."""
        return len(self.nodes) == 1 and (self.period.start is None or self.period.is_year_to_date)

    @property
    def place(self) -> str:
        """At these nodes and below them: `n` is the posting's node."""
        return either(f"n.path LIKE '{node.path}%'" for node in self.nodes)


@dataclass(frozen=True)
class Sums:
    """What a cell holds of a measure: its value, the part of it without detail (期初数), and how many entries."""

    value: int
    bare: int
    entries: int


Values = dict[tuple[str, Cell], Sums]  # by the measure's code; left out where nothing was ever posted
Counts = dict[tuple[int, int], int]  # by the measure's id and the cell's place in the list


def read(
    measures: Iterable[Measure],
    cells: Sequence[Cell],
    known: int | None,
    *,
    entries: bool = True,
    balances: bool = True,
) -> Values:
    """What each cell holds of each measure, as known at a past transaction; None: as known now.

    entries: whether to count them too. balances: whether to use them; without, all is read from the postings.
    """
    asked = {measure.code: measure for measure in measures}
    ids = dict(MeasureRow.objects.filter(code__in=asked).values_list("code", "id"))
    if not ids or not cells:
        return {}
    by_id = {pk: asked[code] for code, pk in ids.items()}
    if not balances:
        held = stood(by_id, Postings(set(by_id), cells), last_posting(known), entries)
    else:
        held = now(by_id, cells) if known is None else then(by_id, cells, known, entries)
    return {(by_id[pk].code, cells[at]): sums for (pk, at), sums in held.items()}


Held = dict[tuple[int, int], Sums]


def now(measures: dict[int, Measure], cells: Sequence[Cell]) -> Held:
    """From the balances; subjects that these do not count (unions, odd spans) from the postings."""
    columns = [f"COUNT(*) FILTER (WHERE {at_nodes(cell)})" for cell in cells]
    for cell in cells:
        span = f"FILTER (WHERE {at_nodes(cell)} AND {spans(cell.period)})"
        columns += [f"SUM({column}) {span}" for column in ("b.quantity", "b.in_year", "b.bare", "b.entries")]
    rows = fetch(
        f"SELECT b.measure_id, {', '.join(columns)} FROM ({balances(measures, cells)}) b GROUP BY b.measure_id"
    )
    held: Held = {}
    for pk, *values in rows:
        counts, sums = values[: len(cells)], values[len(cells) :]
        for at, cell in enumerate(cells):
            if counts[at]:
                quantity, in_year, bare, entries = (int(value or 0) for value in sums[4 * at : 4 * at + 4])
                anew = measures[pk].distinct and cell.period.start is not None
                held[pk, at] = Sums(in_year if anew else quantity, bare, entries)
    odd = [(at, cell) for at, cell in enumerate(cells) if not cell.in_balances]
    subjects = {pk for pk, measure in measures.items() if measure.distinct}
    if not odd or not subjects:
        return held
    counted = Postings(subjects, [cell for _, cell in odd]).subjects()
    return held | {
        (pk, at): Sums(counted.get((pk, n), 0) + held[pk, at].bare, held[pk, at].bare, held[pk, at].entries)
        for pk in subjects
        for n, (at, _) in enumerate(odd)
        if (pk, at) in held
    }


def then(measures: dict[int, Measure], cells: Sequence[Cell], known: int, entries: bool) -> Held:
    """As known at a past transaction, by the way that reads less."""
    last = last_posting(known)
    later = last_posting() - last
    scope = Postings(set(measures), cells)
    if scope.more_than(WORTH * later):
        return without_later(measures, cells, last, entries)
    return stood(measures, scope, last, entries)


def stood(measures: dict[int, Measure], scope: Postings, last: int, entries: bool) -> Held:
    """From the postings in the cells, up to the last that was known."""
    ever, values, bare = scope.sums(last)
    sources = scope.entries(last) if entries else {}
    distinct = {pk for pk, measure in measures.items() if measure.distinct}
    counted = Postings(distinct, scope.cells).subjects(last) if distinct else {}
    return {
        key: Sums(
            counted.get(key, 0) + bare.get(key, 0) if key[0] in distinct else values.get(key, 0),
            bare.get(key, 0),
            sources.get(key, 0),
        )
        for key in ever
    }


def without_later(measures: dict[int, Measure], cells: Sequence[Cell], last: int, entries: bool) -> Held:
    """What is known now, without what came later: quantities are taken back, and the entries and subjects that later
    postings speak of are counted again, as they are now and as they were."""
    held = now(measures, cells)
    later = Postings(set(measures), cells, LATER.format(last=last), "later")
    distinct = {pk for pk, measure in measures.items() if measure.distinct}
    _, values, bare = later.sums()
    people = later.again("measure_id, subject", "p.subject IS NOT NULL", distinct)
    sources = later.again("ledger, entry", "TRUE", set(measures))
    gained = change(people.subjects, last) if distinct else {}
    filled = change(sources.entries, last) if entries else {}
    found = {}
    for key, sums in held.items():
        plain = sums.bare - bare.get(key, 0)
        value = sums.value - values.get(key, 0)
        if key[0] in distinct:
            value = sums.value - sums.bare - gained.get(key, 0) + plain
        found[key] = Sums(value, plain, sums.entries - filled.get(key, 0))
    nothing = {key for key, sums in found.items() if not (sums.value or sums.bare or sums.entries)}
    standing = ever_by(nothing, cells, last) if nothing else set()
    return {key: sums for key, sums in found.items() if key not in nothing or key in standing}


LATER = "WITH later AS MATERIALIZED (SELECT * FROM journal_posting WHERE id > {last})"


def change(count: Callable[[int | None], Counts], last: int) -> Counts:
    """How much a count has risen since the last posting that was known."""
    today, before = count(None), count(last)
    return {key: today.get(key, 0) - before.get(key, 0) for key in today.keys() | before.keys()}


def ever_by(keys: Iterable[tuple[int, int]], cells: Sequence[Cell], last: int) -> set[tuple[int, int]]:
    """Those of these (measure, cell) where something had been posted by then."""
    asked = [f"({pk}, {at}, '{node.path}')" for pk, at in keys for node in cells[at].nodes]
    rows = fetch(
        f"SELECT DISTINCT v.column1, v.column2 FROM (VALUES {', '.join(asked)}) v WHERE EXISTS (SELECT 1 FROM places_node n"
        f" JOIN journal_posting p ON p.node_id = n.id AND p.measure_id = v.column1 AND p.id <= {last}"
        " WHERE n.path LIKE v.column3 || '%')"
    )
    return {(pk, at) for pk, at in rows}


@dataclass(frozen=True)
class Postings:
    """The postings of these measures that cells ask for: of all, or of a relation that is told before."""

    measures: set[int]
    cells: Sequence[Cell]
    before: str = ""
    relation: str = "journal_posting"

    @cached_property
    def one_place(self) -> bool:
        """Whether all cells are of the same nodes, so that their conditions need not tell them apart."""
        return len({cell.place for cell in self.cells}) == 1

    def at(self, cell: Cell) -> str:
        return "TRUE" if self.one_place else cell.place

    def here(self, cell: Cell) -> str:
        """A posting of the cell, or an entry's first."""
        return f"{self.at(cell)} AND {days('p."on"', cell.period)}"

    @property
    def nodes(self) -> str:
        """Joins the nodes where their paths tell cells apart."""
        return "" if self.one_place else "JOIN places_node n ON n.id = p.node_id"

    @cached_property
    def below(self) -> str:
        """The postings' nodes: those of the cells and below. The whole tree is not looked up node by node."""
        tops = {node for cell in self.cells for node in cell.nodes}
        if any(node.parent_id is None for node in tops) and Node.objects.filter(parent=None).count() == 1:
            return "TRUE"
        places = either(sorted({cell.place for cell in self.cells}))
        return f"p.node_id IN (SELECT n.id FROM places_node n WHERE {places})"

    def within(self, last: int | None = None, more: str = "TRUE") -> str:
        """FROM and WHERE; last: the id of the last posting that counts."""
        known = "TRUE" if last is None else f"p.id <= {last}"
        return (
            f"FROM {self.relation} p {self.nodes} WHERE p.measure_id IN ({listed(self.measures)})"
            f" AND {self.below} AND {known} AND {more}"
        )

    def again(self, source: str, which: str, measures: set[int]) -> Postings:
        """All postings of whatever these postings speak of: the same entries, or the same subjects."""
        told = (
            f"{self.before}, told AS MATERIALIZED (SELECT DISTINCT {prefixed('p', source)} {self.within(more=which)})"
        )
        same = " AND ".join(f"p.{column} = t.{column}" for column in source.split(", "))
        # Whoever plans this begins with what is told: a cross join keeps SQLite to it.
        relation = f"(SELECT p.* FROM told t CROSS JOIN journal_posting p WHERE {same} AND {which})"
        return Postings(measures, self.cells, told, relation)

    def sums(self, last: int | None = None) -> tuple[set[tuple[int, int]], Counts, Counts]:
        """Where anything was posted at all at a cell's nodes; quantities; and the part of them without detail."""
        columns = [f"COUNT(*) FILTER (WHERE {self.at(cell)})" for cell in self.cells]
        columns += [f"SUM(p.quantity) FILTER (WHERE {self.here(cell)})" for cell in self.cells]
        columns += [f"SUM(p.quantity) FILTER (WHERE p.bare AND {self.here(cell)})" for cell in self.cells]
        rows = self.rows(f"SELECT p.measure_id, {', '.join(columns)} {self.within(last)} GROUP BY p.measure_id")
        many = len(self.cells)
        ever, values, bare = (
            by_cell((row[0], *row[1 + many * n : 1 + many * (n + 1)]) for row in rows) for n in range(3)
        )
        return {key for key, count in ever.items() if count}, values, bare

    def entries(self, last: int | None = None) -> Counts:
        """How many entries each cell holds: each counts at its node on the first day on which it posts anything, net."""
        net = (
            f'SELECT p.measure_id, p.ledger, p.entry, p.node_id, p."on" {self.within(last)} GROUP BY p.measure_id, p.ledger,'
            ' p.entry, p.node_id, p."on", p.version, p.subject, p.bare HAVING SUM(p.quantity) <> 0'
        )
        first = (
            f'SELECT measure_id, node_id, MIN("on") AS "on" FROM ({net}) a GROUP BY measure_id, ledger, entry, node_id'
        )
        columns = ", ".join(f"COUNT(*) FILTER (WHERE {self.here(cell)})" for cell in self.cells)
        return by_cell(self.rows(f"SELECT p.measure_id, {columns} FROM ({first}) p {self.nodes} GROUP BY p.measure_id"))

    def subjects(self, last: int | None = None) -> Counts:
        """How many different subjects each cell holds: those of which more came than went within it."""
        nets = ", ".join(
            f"SUM(p.quantity) FILTER (WHERE {self.here(cell)}) AS s{at}" for at, cell in enumerate(self.cells)
        )
        of_each = (
            f"SELECT p.measure_id, {nets} {self.within(last, 'p.subject IS NOT NULL')} GROUP BY p.measure_id, p.subject"
        )
        columns = ", ".join(f"COUNT(*) FILTER (WHERE s{at} > 0)" for at in range(len(self.cells)))
        return by_cell(self.rows(f"SELECT measure_id, {columns} FROM ({of_each}) a GROUP BY measure_id"))

    def union(self, last: int | None = None) -> int:
        """How many different subjects of all the measures together the first cell holds."""
        here = f"p.subject IS NOT NULL AND {self.here(self.cells[0])}"
        one = f"SELECT p.subject {self.within(last, here)} GROUP BY p.subject HAVING SUM(p.quantity) > 0"
        return int(self.rows(f"SELECT COUNT(*) FROM ({one}) a")[0][0])

    def sources(self, last: int | None = None) -> int:
        """How many different entries stand behind all the measures together in the first cell."""
        net = (
            f"SELECT p.ledger, p.entry {self.within(last, self.here(self.cells[0]))}"
            ' GROUP BY p.ledger, p.entry, p.measure_id, p."on" HAVING SUM(p.quantity) <> 0'
        )
        return int(self.rows(f"SELECT COUNT(*) FROM (SELECT DISTINCT ledger, entry FROM ({net}) a) b")[0][0])

    def more_than(self, most: int) -> bool:
        """Whether there are more postings than that; counts no further."""
        return bool(self.rows(f"SELECT COUNT(*) FROM (SELECT 1 {self.within()} LIMIT {most + 1}) a")[0][0] > most)

    def rows(self, statement: str) -> list[Any]:
        return fetch(f"{self.before} {statement}")


def last_posting(known: int | None = None) -> int:
    """The id of the last posting, of all or up to a transaction: they are numbered in the order of their transactions."""
    upto = "" if known is None else f"WHERE transaction_id <= {int(known)}"
    order = "id DESC" if known is None else "transaction_id DESC, id DESC"
    rows = fetch(f"SELECT id FROM journal_posting {upto} ORDER BY {order} LIMIT 1")
    return int(rows[0][0]) if rows else 0


def fetch(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def by_cell(rows: Iterable[Sequence[Any]]) -> Counts:
    return {(pk, at): int(value or 0) for pk, *values in rows for at, value in enumerate(values)}


# Pieces of statements ------------------------------------------------------------------------------------------------


def either(conditions: Iterable[str]) -> str:
    return f"({' OR '.join(conditions)})"


def listed(ids: Iterable[int]) -> str:
    return ", ".join(str(int(pk)) for pk in ids)


def prefixed(table: str, columns: str) -> str:
    return ", ".join(f"{table}.{column}" for column in columns.split(", "))


def days(column: str, period: Period) -> str:
    """The days of a period."""
    until = f"{column} <= '{period.until}'"
    return f"{until} AND {column} >= '{period.start}'" if period.start else until


def at_nodes(cell: Cell) -> str:
    """A balance of the cell's nodes: balances stand at each node of a lineage."""
    return f"b.node_id IN ({listed(node.pk for node in cell.nodes)})"


def balances(measures: Iterable[int], cells: Sequence[Cell]) -> str:
    """The balances that any of the cells asks for, each once, and all years (whether anything was ever posted).

    One statement a stretch, since only so both databases go straight to it: of a node with much to it, most are days.
    """
    nodes, some = listed({node.pk for cell in cells for node in cell.nodes}), listed(measures)
    return " UNION ALL ".join(
        f"SELECT * FROM journal_balance b WHERE b.node_id IN ({nodes}) AND b.measure_id IN ({some}) AND {span(*piece)}"
        for piece in stretches({cell.period for cell in cells})
    )


def stretches(periods: Iterable[Period]) -> list[Piece]:
    """The pieces of all these periods, those of one grain that touch or overlap put together; all years."""
    found: list[Piece] = [(Balance.YEAR, None, date.max)]
    wanted = {piece for period in periods for piece in pieces(period) if piece[0] != Balance.YEAR}
    for grain, start, end in sorted(wanted, key=lambda piece: (piece[0], piece[1] or date.min)):
        assert start is not None  # only years reach back to the beginning
        last_grain, last_start, last_end = found[-1]
        if last_grain == grain and start <= last_end:
            found[-1] = (grain, last_start, max(end, last_end))
        else:
            found.append((grain, start, end))
    return found


def spans(period: Period) -> str:
    """The balances that make up a period."""
    return either(span(*piece) for piece in pieces(period))


def span(grain: int, start: date | None, end: date) -> str:
    since = f" AND b.start >= '{start}'" if start else ""
    return f"(b.grain = {grain} AND b.start < '{end}'{since})"


Piece = tuple[int, date | None, date]  # grain, first day (None: from the beginning), the day behind the last


def pieces(period: Period) -> list[Piece]:
    """A period as whole years, whole months where it begins or ends inside a year, and days where inside a month."""
    return cut(
        period.start, period.until + timedelta(days=1) if period.until < date.max else period.until, Balance.YEAR
    )


def cut(start: date | None, end: date, grain: int) -> list[Piece]:
    if grain == Balance.DAY:
        return [(grain, start, end)] if start is None or start < end else []
    first, last = start and whole_from(start, grain), first_day(end, grain)
    if first and first >= last:
        return cut(start, end, grain - 1)
    before = cut(start, first, grain - 1) if first else []
    return [*before, (grain, first, last), *cut(last, end, grain - 1)]


def first_day(day: date, grain: int) -> date:
    """Of the year or month that a day lies in."""
    return day.replace(month=1, day=1) if grain == Balance.YEAR else day.replace(day=1)


def whole_from(day: date, grain: int) -> date:
    """The first day, from this one on, with which a year or month begins."""
    first = first_day(day, grain)
    if day == first or day.year == date.max.year:
        return day if day == first else date.max
    return first_day(first + timedelta(days=366 if grain == Balance.YEAR else 31), grain)


# The same for rows that are listed -----------------------------------------------------------------------------------


def below(nodes: Iterable[Node]) -> Q:
    """Postings at these nodes and below them."""
    scope = Q(pk__in=[])
    for node in nodes:
        scope |= Q(node__path__startswith=node.path)
    return scope


def dated(period: Period) -> Q:
    """Postings on the days of a period."""
    return Q(on__lte=period.until) if period.start is None else Q(on__range=(period.start, period.until))
