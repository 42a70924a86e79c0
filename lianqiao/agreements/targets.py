"""Targets held against figures: at any day, with the target then in force, as then known. Never capped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache

from django.db.models import Max

from lianqiao.agreements.models import Agreement
from lianqiao.core.periods import Period
from lianqiao.journal.figures import Figure, Known, figures, known_at
from lianqiao.journal.measures import MEASURES, Measure, Ratio
from lianqiao.journal.models import Voucher
from lianqiao.ledger.models import Change
from lianqiao.places.models import Node

# Percentage points behind or ahead of the pace that day; above 150 % it is over-fulfilled.
SLOW, BEHIND, AHEAD, OVER = -5, -15, 5, 150
STATES = {"behind": "落后", "slow": "偏慢", "even": "正常", "ahead": "超前", "done": "完成", "over": "超额"}


@dataclass(frozen=True)
class Promise:
    """A target as it was in force: its row, what it promises (smallest unit) and the agreement that says so."""

    entry: int
    node: int
    agreement: str
    measure: Measure | Ratio
    quantity: int
    year: int
    amends: str


@dataclass(frozen=True)
class Attainment:
    """A promise against the figure of its year up to a day. rate, pace, gap in percent, exact; None: nothing to say."""

    promise: Promise
    figure: Figure
    pace: Fraction

    @property
    def rate(self) -> Fraction | None:
        if self.figure.value is None or not self.promise.quantity:
            return None
        return Fraction(self.figure.value * 100, self.promise.quantity)

    @property
    def gap(self) -> Fraction | None:
        return None if self.rate is None else self.rate - self.pace

    @property
    def state(self) -> str:
        """behind, slow, even, ahead, done or over; what was never posted is behind."""
        rate, gap = self.rate or Fraction(0), self.gap if self.gap is not None else -self.pace
        if rate >= 100:
            return "over" if rate >= OVER else "done"
        if gap >= AHEAD:
            return "ahead"
        if gap > SLOW:
            return "even"
        return "slow" if gap > BEHIND else "behind"


@lru_cache(maxsize=8)
def versions(known: Known) -> tuple[Change, ...]:
    """The approved version of each target that counted at a transaction: read once, since it never changes."""
    rows = Voucher.objects.filter(ledger="targets", transaction__lte=known.number)
    last = rows.values("entry").annotate(last=Max("id")).values_list("last", flat=True)
    counted = dict(Voucher.objects.filter(pk__in=list(last), version__gt=0).values_list("entry", "version"))
    data = Change.objects.filter(ledger="targets", entry__in=list(counted), payload__isnull=False)
    return tuple(change for change in data if change.version == counted[change.entry])


def in_force(nodes: Iterable[Node], year: int, on: date, known: Known) -> list[Promise]:
    """The promises for a year at these nodes that were in force on a day: of one 协议, 指标 and 承担单位, the latest."""
    return in_force_by_year(nodes, {year: on}, known)


def in_force_by_year(nodes: Iterable[Node], days: Mapping[int, date], known: Known) -> list[Promise]:
    """The promises of several years, each as it was in force on the year's day."""
    ids = {node.pk for node in nodes}
    latest: dict[tuple[int, int, str, int], tuple[date, Change]] = {}
    for change in versions(known):
        told = change.payload or {}
        since = date.fromisoformat(told["since"]) if told["since"] else date.min
        if told["node"] not in ids or told["year"] not in days or since > days[told["year"]]:
            continue
        key = (told["node"], told["agreement"], told["measure"], told["year"])
        if key not in latest or since >= latest[key][0]:
            latest[key] = (since, change)
    asked = Agreement.objects.filter(pk__in={agreement for _, agreement, _, _ in latest})
    titles = dict(asked.values_list("pk", "title"))
    return sorted((promise(change, titles) for _, change in latest.values()), key=order)


def promise(change: Change, titles: dict[int, str]) -> Promise:
    told = change.payload or {}
    measure = MEASURES[told["measure"]]
    quantity = told["quantity"] * measure.unit.smallest_parts
    agreement = titles.get(told["agreement"], "")
    return Promise(change.entry, told["node"], agreement, measure, quantity, told["year"], told["amends"])


def order(promise: Promise) -> tuple[int, int]:
    codes = list(MEASURES)
    return promise.node, codes.index(promise.measure.code)


def attainments(node: Node, year: int, on: date, known: Known | None = None) -> list[Attainment]:
    """The node's promises for a year against the year's figures up to a day. Two queries for the figures, whatever
    the number of promises."""
    known = known or known_at()
    promises = in_force([node], year, on, known)
    until = min(on, date(year, 12, 31))
    period = Period.between(date(year, 1, 1), max(until, date(year, 1, 1)))
    held = {
        f.measure.code: f
        for f in figures({p.measure.code: p.measure for p in promises}.values(), [node], period, known)
    }
    if on < date(year, 1, 1):  # the year has not begun: nothing can be said
        held = {code: replace(f, value=None, entries=0, over=None) for code, f in held.items()}
    return [Attainment(p, held[p.measure.code], pace(year, on)) for p in promises]


def pace(year: int, on: date) -> Fraction:
    """How much of the year has passed by the end of a day, in percent."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    passed = (min(max(on, first), last) - first).days + 1 if on >= first else 0
    return Fraction(passed * 100, (last - first).days + 1)


@dataclass(frozen=True)
class Shortfall:
    """A target whose parts, given to the nodes below, do not reach the whole."""

    whole: Promise
    parts: int


def shortfalls(node: Node, year: int, on: date, known: Known | None = None) -> list[Shortfall]:
    """Targets of a node that were broken down to its children and whose parts fall short of the whole.

    Distinct counts are left out: parts of them need not add up.
    """
    known = known or known_at()
    below = in_force(Node.objects.filter(parent=node), year, on, known)
    found = []
    for whole in in_force([node], year, on, known):
        parts = [p.quantity for p in below if p.measure is whole.measure]
        if parts and isinstance(whole.measure, Measure) and not whole.measure.distinct and sum(parts) < whole.quantity:
            found.append(Shortfall(whole, sum(parts)))
    return found


def tally(found: Sequence[Attainment]) -> dict[str, int]:
    """How many stand in each state, the states in order."""
    return {state: n for state in STATES if (n := sum(a.state == state for a in found))}
