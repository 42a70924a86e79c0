"""Whether a programme adds up: parts to their whole, distinct counts within their cover, 其中 within their whole, rates
within 100 %."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, Min, OuterRef, Sum

from lianqiao.core.periods import Period
from lianqiao.core.units import shown
from lianqiao.journal import trace
from lianqiao.journal.cells import Cell, Values
from lianqiao.journal.figures import Figure, Known, all_measures, as_figure, held_for, known_at
from lianqiao.journal.measures import Measure, Ratio
from lianqiao.journal.models import Balance, Posting
from lianqiao.places.models import Node

MOST_ROWS = 20
Sources = list[tuple[str, int]]  # ledger and entry


@dataclass(frozen=True)
class Mismatch:
    """Something that does not add up: the whole, what stands against it, and the entries whose postings make it so.

    entries: the first of them; more: how many there are beyond.
    """

    whole: Figure
    parts: tuple[Figure, ...]
    what: str
    entries: tuple[tuple[str, int], ...] = ()
    more: int = 0

    @property
    def node(self) -> Node:
        return self.whole.nodes[0]


def mismatches(node: Node, periods: Sequence[Period], known: Known | None = None) -> Iterator[Mismatch]:
    """Everything at a node that does not add up in these periods; a constant number of queries, and two for each."""
    measures, families = all_measures(), children_by_code()
    cells, known = [Cell((node,), period) for period in periods], known or known_at()
    held = held_for(measures, cells, known, entries=False)
    for cell in cells:
        told = figures_of(measures, cell, known, held)
        for measure in measures:
            yield from check(told[measure.code], [told[code] for code in families[measure.code]])


def all_mismatches(top: Node, periods: Sequence[Period], known: Known | None = None) -> list[Mismatch]:
    """Everything that does not add up at a node and below, in these periods; a constant number of queries a node.

    Each is told where it arises: at the lowest node, in the first of the periods. What an ancestor or a later period
    only repeats, with the same rows, is left out.
    """
    known = known or known_at()
    told: dict[tuple[str, str], set[tuple[str, int]]] = defaultdict(set)
    found = []
    for node in nodes_with_figures(top):
        for one in mismatches(node, periods, known):
            seen = told[one.whole.measure.code, "、".join(part.measure.code for part in one.parts)]
            if not one.entries or one.more or not seen.issuperset(one.entries):
                found.append(one)
            seen.update(one.entries)
    return found


def years(top: Node, until: date) -> list[Period]:
    """Each calendar year in which something happened at a node or below up to a day, and then all of them together."""
    first = Balance.objects.filter(node=top, start__lte=until).aggregate(first=Min("start"))["first"]
    last = until.year if first else 0
    each = [Period(date(y, 1, 1), min(date(y, 12, 31), until)) for y in range(first.year if first else 1, last + 1)]
    return [*each, Period.cumulative(until)]


def nodes_with_figures(top: Node) -> list[Node]:
    """The node and those below it where anything was ever posted, from the leaves up."""
    below = Node.objects.filter(Exists(Balance.objects.filter(node=OuterRef("pk"))), path__startswith=top.path)
    return sorted(below, key=lambda node: (-node.depth, node.path))


def figures_of(measures: Iterable[Measure | Ratio], cell: Cell, known: Known, held: Values) -> dict[str, Figure]:
    return {measure.code: as_figure(measure, cell, known, held) for measure in measures}


def children_by_code() -> Mapping[str, list[str]]:
    """Measure → what is declared below it, in order."""
    found: dict[str, list[str]] = defaultdict(list)
    for measure in all_measures():
        if isinstance(measure, Measure) and measure.parent:
            found[measure.parent.code].append(measure.code)
    return found


def check(whole: Figure, family: Sequence[Figure]) -> Iterator[Mismatch]:
    if isinstance(whole.measure, Ratio):
        yield from check_rate(whole)
    elif any(figure.value is not None for figure in (whole, *family)):
        yield from check_parts(whole, related(family, "part"))
        yield from check_cover(whole, related(family, "cover"))
        for subset in related(family, "subset"):
            yield from check_subset(whole, subset)


def related(family: Sequence[Figure], relation: str) -> tuple[Figure, ...]:
    return tuple(figure for figure in family if getattr(figure.measure, "relation", "") == relation)


def check_rate(rate: Figure) -> Iterator[Mismatch]:
    """More completed than begun, more paid than received."""
    if rate.rate is not None and rate.rate > 100 and not has_more_above(rate):
        yield mismatch(rate, (), f"超过 100%（{shown(rate.value or 0, rate.measure.unit)}%）。", by_entry([rate]))


def has_more_above(rate: Figure) -> bool:
    """Whether what is below the line also stands at a higher node, for all below it: money comes to the county and is
    paid in its towns, whose own rate then says nothing."""
    assert isinstance(rate.measure, Ratio)
    higher = set(rate.nodes[0].lineage()) - {rate.nodes[0].pk}
    rows = Posting.objects.filter(measure__code=rate.measure.denominator.code, node__in=higher)
    return rows.filter(on__lte=rate.period.until, transaction__lte=rate.known.number).exists()


def value(figure: Figure) -> int:
    return figure.value or 0


def number(amount: int, figure: Figure) -> str:
    return f"{shown(amount, figure.measure.unit)} {figure.measure.unit.name}"


def check_parts(whole: Figure, parts: tuple[Figure, ...]) -> Iterator[Mismatch]:
    """A sum whose parts add up to less or more; a total without detail (期初数) may have no parts."""
    if not parts:
        return
    gap = value(whole) - sum(map(value, parts))
    if gap and gap != whole.bare - sum(part.bare for part in parts):
        yield mismatch(whole, parts, f"各分项相加与总数差 {number(gap, whole)}。", uneven(whole, parts))


def check_cover(whole: Figure, covered: tuple[Figure, ...]) -> Iterator[Mismatch]:
    """A distinct count lies between its largest child and their sum."""
    if not covered:
        return
    largest, total = max(map(value, covered)), sum(map(value, covered))
    if value(whole) < largest:
        yield mismatch(whole, covered, f"少于所含的一项 {number(largest, whole)}。", uneven(whole, covered))
    elif value(whole) > total + whole.bare - sum(part.bare for part in covered):
        yield mismatch(whole, covered, f"多于所含各项之和 {number(total, whole)}。", uneven(whole, covered))


def check_subset(whole: Figure, subset: Figure) -> Iterator[Mismatch]:
    """其中 is at most its whole; one that comes later than its whole, only over all time."""
    only_ever = whole.period.start is not None and isinstance(subset.measure, Measure) and subset.measure.cumulative
    if value(subset) > value(whole) and not only_ever:
        what = f"其中项 {subset.measure.name} {number(value(subset), subset)}，大于总数。"
        yield mismatch(whole, (subset,), what, uneven(whole, (subset,), above=True))


def mismatch(whole: Figure, parts: tuple[Figure, ...], what: str, entries: Iterable[tuple[str, int]]) -> Mismatch:
    found = sorted(entries)
    return Mismatch(whole, parts, what, tuple(found[:MOST_ROWS]), max(0, len(found) - MOST_ROWS))


def uneven(whole: Figure, parts: Sequence[Figure], above: bool = False) -> Sources:
    """Entries that post more or less to the whole than to its parts (above: more to the part than to the whole)."""
    mine, theirs = by_entry([whole]), by_entry(parts)
    return [s for s in mine.keys() | theirs.keys() if differ(mine.get(s, 0), theirs.get(s, 0), above)]


def differ(whole: int, parts: int, above: bool) -> bool:
    return parts > whole if above else parts != whole


def by_entry(figures: Iterable[Figure]) -> dict[tuple[str, int], int]:
    """What each entry has posted to the figures, net; of a rate, to what is above the line."""
    nets: dict[tuple[str, int], int] = defaultdict(int)
    for figure in figures:
        top = figure.measure.numerator.code if isinstance(figure.measure, Ratio) else figure.measure.code
        rows = trace.postings(figure).filter(measure__code=top).order_by().values_list("ledger", "entry")
        for ledger, entry, net in rows.annotate(net=Sum("quantity")).exclude(net=0):
            nets[ledger, entry] += net
    return nets
