"""Figures: a measure at a node (or several) in a period, as known at a transaction.

Today's figures are read from the balances, whose number does not grow with the journal; a past known-at, and a
distinct count over a span that is neither all time nor a year to date, are read from the postings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Q, Sum

from lianqiao.core.periods import Period
from lianqiao.journal import chain
from lianqiao.journal.clock import SHANGHAI
from lianqiao.journal.measures import MEASURES, Measure, NotAddable, Ratio, check_addable, percent
from lianqiao.journal.models import Balance, Closing, MeasureRow, Posting, Presence, Transaction
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


@dataclass(frozen=True)
class Sums:
    """What the journal holds of one measure in a scope."""

    value: int = 0
    bare: int = 0
    entries: int = 0


def figures(
    measures: Iterable[Measure | Ratio], nodes: Sequence[Node], period: Period, known: Known | None = None
) -> list[Figure]:
    """The figures of these measures at the node, or at the union of several nodes; a constant number of queries.

    Raises NotAddable where one of the nodes lies below another.
    """
    asked = list(measures)
    check_disjoint(nodes)
    known = known or known_at()
    needed = {key: m for measure in asked for key, m in parts_of(measure)}
    found = read(needed, nodes, period, known)
    told = [as_figure(m, tuple(nodes), period, known, found) for m in asked]
    return with_late(told, nodes, period, known) if Closing.objects.exists() else told


def with_late(told: list[Figure], nodes: Sequence[Node], period: Period, known: Known) -> list[Figure]:
    """Says of each figure how many postings came after its period was closed."""
    scope = Q(pk__in=[])
    for node in nodes:
        scope |= Q(node__path__startswith=node.path)
    rows = Posting.objects.filter(scope, transaction__late=True, transaction__lte=known.number, on__lte=period.until)
    since = Q(on__gte=period.start) if period.start else Q()
    counted = rows.values_list("measure__code").annotate(ever=Count("pk"), within=Count("pk", filter=since))
    late = {code: (ever, within) for code, ever, within in counted}
    return [
        replace(f, late=sum(late.get(key[0], (0, 0))[0 if key[1] else 1] for key, _ in parts_of(f.measure)))
        for f in told
    ]


def figure(measure: Measure | Ratio, nodes: Sequence[Node], period: Period, known: Known | None = None) -> Figure:
    return figures([measure], nodes, period, known)[0]


Key = tuple[str, bool]  # a measure's code, and whether it is asked for over all time whatever the period


def parts_of(measure: Measure | Ratio) -> list[tuple[Key, Measure]]:
    """What must be read for a figure."""
    if isinstance(measure, Ratio):
        return [(key_of(m, measure.cumulative), m) for m in (measure.numerator, measure.denominator)]
    return [(key_of(measure), measure)]


def key_of(measure: Measure, cumulative: bool = False) -> Key:
    return measure.code, cumulative or measure.stock


def check_disjoint(nodes: Sequence[Node]) -> None:
    for one in nodes:
        for other in nodes:
            if one is not other and one.path.startswith(other.path):
                raise NotAddable(f"“{one.name}”在“{other.name}”之内，不能并列相加。")


def read(needed: dict[Key, Measure], nodes: Sequence[Node], period: Period, known: Known) -> dict[Key, Sums]:
    """What is held: flows in the period, and over all time up to its end what stands or is cumulative."""
    codes = {m.code for m in needed.values()}
    ids = dict(MeasureRow.objects.filter(code__in=codes).values_list("code", "id"))
    found: dict[Key, Sums] = {}
    for cumulative, span in ((False, period), (True, Period.cumulative(period.until))):
        some = [m for (_, over_all), m in needed.items() if over_all == cumulative and m.code in ids]
        if some:
            held = Scope({m.code: ids[m.code] for m in some}, some, tuple(nodes), span, known).read()
            found |= {(code, cumulative): sums for code, sums in held.items()}
    return found


def as_figure(
    measure: Measure | Ratio, nodes: tuple[Node, ...], period: Period, known: Known, found: dict[Key, Sums]
) -> Figure:
    if isinstance(measure, Measure):
        sums = found.get(key_of(measure))
        if sums is None:
            return Figure(measure, nodes, period, None, 0, 0, known)
        return Figure(measure, nodes, period, sums.value, sums.bare, sums.entries, known)
    top = found.get(key_of(measure.numerator, measure.cumulative))
    bottom = found.get(key_of(measure.denominator, measure.cumulative))
    over = (top.value if top else 0, bottom.value) if bottom else None
    exact = percent(*over) if over else None
    value = None if exact is None else half_up(exact * 100)
    entries = (top.entries if top else 0) + (bottom.entries if bottom else 0)
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
    ids = dict(MeasureRow.objects.filter(code__in=[m.code for m in measures]).values_list("code", "id"))
    span = Period.cumulative(period.until) if first.stock else period
    scope = Scope(ids, measures, tuple(nodes), span, known)
    value = scope.union() + bare if first.distinct else sum(f.value or 0 for f in found)
    return Figure(named, tuple(nodes), period, value, bare, scope.sources(), known)


@dataclass(frozen=True)
class Scope:
    """What one reading ranges over. ids: measure code → row id, for measures that were ever posted anywhere."""

    ids: dict[str, int]
    measures: list[Measure]
    nodes: tuple[Node, ...]
    period: Period
    known: Known

    def read(self) -> dict[str, Sums]:
        """Code → what is held; measures never posted in these nodes are left out."""
        if not self.ids:
            return {}
        held = self.from_balances() if self.is_now else self.from_postings()
        distinct = [m.code for m in self.measures if m.distinct and m.code in held]
        if distinct and (not self.is_now or len(self.nodes) > 1 or not self.has_presence):
            counts = self.subjects(distinct)
            held |= {c: Sums(counts.get(c, 0) + held[c].bare, held[c].bare, held[c].entries) for c in distinct}
        return held

    @cached_property
    def is_now(self) -> bool:
        return self.known.number >= (Transaction.objects.aggregate(last=Max("number"))["last"] or 0)

    @property
    def has_presence(self) -> bool:
        """Whether the balances count this span's subjects: all time, or a calendar year up to a day."""
        return self.period.start is None or self.period.is_year_to_date

    def from_balances(self) -> dict[str, Sums]:
        span = spans(self.period)
        counted = "quantity" if self.period.start is None else "in_year"
        rows = (
            Balance.objects.filter(node__in=self.nodes, measure__in=self.ids.values())
            .filter(Q(grain=Balance.MONTH) | span)
            .values_list("measure_id")
            .annotate(
                ever=Count("pk"),
                summed=Sum("quantity", filter=span, default=0),
                counted=Sum(counted, filter=span, default=0),
                plain=Sum("bare", filter=span, default=0),
                rows=Sum("entries", filter=span, default=0),
            )
        )
        codes = {pk: code for code, pk in self.ids.items()}
        distinct = {m.code for m in self.measures if m.distinct}
        return {
            codes[pk]: Sums(counted if codes[pk] in distinct else summed, plain, entries)
            for pk, _, summed, counted, plain, entries in rows
        }

    def from_postings(self) -> dict[str, Sums]:
        codes = {pk: code for code, pk in self.ids.items()}
        within, dated = self.where(), self.dated()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT p.measure_id, COALESCE(SUM(CASE WHEN in_span THEN p.quantity END), 0),"
                " COALESCE(SUM(CASE WHEN in_span AND p.bare THEN p.quantity END), 0)"
                f" FROM (SELECT p.*, ({dated[0]}) AS in_span FROM {within[0]}) p GROUP BY p.measure_id",
                [*dated[1], *within[1]],
            )
            sums = cursor.fetchall()
            cursor.execute(
                # An entry counts where it first counts (as in the balances), net of what was taken back.
                'SELECT measure_id, COUNT(*) FROM (SELECT measure_id, MIN("on") AS "on" FROM ('
                'SELECT p.measure_id, p.ledger, p.entry, p.node_id, p."on"'
                f' FROM {within[0]} GROUP BY p.measure_id, p.ledger, p.entry, p.node_id, p."on", p.version, p.subject, p.bare'
                " HAVING SUM(p.quantity) <> 0) a GROUP BY measure_id, ledger, entry, node_id) p"
                f" WHERE {dated[0]} GROUP BY measure_id",
                [*within[1], *dated[1]],
            )
            entries = dict(cursor.fetchall())
        return {codes[pk]: Sums(int(value), int(bare), entries.get(pk, 0)) for pk, value, bare in sums}

    def subjects(self, codes: list[str]) -> dict[str, int]:
        """Code → how many different subjects, each once over all the nodes."""
        wanted = Scope({c: self.ids[c] for c in codes}, self.measures, self.nodes, self.period, self.known)
        back = {pk: code for code, pk in wanted.ids.items()}
        if self.is_now and self.has_presence and not any(m.stock for m in self.measures):
            rows = Presence.objects.filter(node__in=self.nodes, measure__in=wanted.ids.values())
            rows = rows.filter(year=0) if self.period.start is None else rows.filter(first_in(self.period))
            counted = rows.filter(on__lte=self.period.until).values_list("measure_id")
            return {back[pk]: n for pk, n in counted.annotate(n=Count("subject", distinct=True))}
        inner, parameters = wanted.present("p.measure_id, p.subject")
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT measure_id, COUNT(*) FROM ({inner}) a GROUP BY measure_id", parameters)
            return {back[pk]: n for pk, n in cursor.fetchall()}

    def union(self) -> int:
        """How many different subjects in all the measures and nodes together."""
        inner, parameters = self.present("p.subject")
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM ({inner}) a", parameters)
            return int(cursor.fetchone()[0])

    def sources(self) -> int:
        """How many different entries stand behind all the measures together."""
        within, dated = self.where(), self.dated()
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT COUNT(*) FROM (SELECT DISTINCT ledger, entry FROM (SELECT p.ledger, p.entry FROM {within[0]}"
                f' AND {dated[0]} GROUP BY p.ledger, p.entry, p.measure_id, p."on" HAVING SUM(p.quantity) <> 0) a) b',
                [*within[1], *dated[1]],
            )
            return int(cursor.fetchone()[0])

    def present(self, by: str) -> tuple[str, list[Any]]:
        within, dated = self.where(), self.dated()
        sql = f"SELECT {by} FROM {within[0]} AND {dated[0]} AND p.subject IS NOT NULL GROUP BY {by} HAVING SUM(p.quantity) > 0"
        return sql, [*within[1], *dated[1]]

    def where(self) -> tuple[str, list[Any]]:
        """FROM and WHERE: these measures, at and below these nodes, known by then."""
        paths = " OR ".join("n.path LIKE %s" for _ in self.nodes)
        marks = ", ".join("%s" for _ in self.ids)
        sql = (
            f"journal_posting p JOIN places_node n ON n.id = p.node_id AND ({paths})"
            f" WHERE p.measure_id IN ({marks}) AND p.transaction_id <= %s"
        )
        return sql, [*(f"{node.path}%" for node in self.nodes), *self.ids.values(), self.known.number]

    def dated(self) -> tuple[str, list[Any]]:
        day = connection.ops.adapt_datefield_value
        if self.period.start is None:
            return 'p."on" <= %s', [day(self.period.until)]
        return 'p."on" BETWEEN %s AND %s', [day(self.period.start), day(self.period.until)]


def first_in(period: Period) -> Q:
    """The presences that count a subject anew in a calendar year up to a day."""
    year = period.until.year
    return Q(year=year) | Q(year=0, on__gte=date(year, 1, 1))


def spans(period: Period) -> Q:
    """The balance rows that make up a period: whole months, and days where it begins or ends inside one."""
    until = period.until
    last = until.replace(day=1)
    if period.start is None:
        return Q(grain=Balance.MONTH, start__lt=last) | Q(grain=Balance.DAY, start__gte=last, start__lte=until)
    start = period.start
    if start >= last:
        return Q(grain=Balance.DAY, start__gte=start, start__lte=until)
    whole = start if start.day == 1 else (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    days = Q(start__gte=start, start__lt=whole) | Q(start__gte=last, start__lte=until)
    return Q(grain=Balance.MONTH, start__gte=whole, start__lt=last) | (Q(grain=Balance.DAY) & days)


def all_measures() -> list[Measure | Ratio]:
    """Every measure and ratio in the order in which the rooms declare them."""
    return list(MEASURES.values())
