"""Whether a programme adds up: parts to their whole, distinct counts within their cover, 其中 within their whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Sum

from lianqiao.core.periods import Period
from lianqiao.core.units import shown
from lianqiao.journal.figures import Figure, Known, figures, known_at
from lianqiao.journal.measures import MEASURES, Measure, Ratio
from lianqiao.journal.models import Posting
from lianqiao.places.models import Node

MOST_ROWS = 20


@dataclass(frozen=True)
class Mismatch:
    """Something that does not add up: the whole, what stands against it, and the entries whose postings make it so."""

    whole: Figure
    parts: tuple[Figure, ...]
    what: str
    entries: tuple[tuple[str, int], ...] = ()


def mismatches(node: Node, period: Period, known: Known | None = None) -> list[Mismatch]:
    """Everything at a node that does not add up in a period."""
    known = known or known_at()
    told = {f.measure.code: f for f in figures(MEASURES.values(), [node], period, known)}
    return [found for measure in MEASURES.values() for found in check(measure, told)]


def check(measure: Measure | Ratio, told: dict[str, Figure]) -> Iterator[Mismatch]:
    whole = told[measure.code]
    if isinstance(measure, Ratio):
        if whole.rate is not None and whole.rate > 100:
            yield Mismatch(whole, (), f"{measure.name}超过 100%。")
        return
    family = [told[child.code] for child in measure.children()]
    if all(figure.value is None for figure in (whole, *family)):
        return
    children = measure.children()
    parts = tuple(told[c.code] for c in children if c.relation == "part")
    covered = tuple(told[c.code] for c in children if c.relation == "cover")
    subsets = [
        told[c.code] for c in children if c.relation == "subset" and (whole.period.start is None or not c.cumulative)
    ]
    yield from check_parts(whole, parts)
    yield from check_cover(whole, covered)
    for subset in subsets:
        yield from check_subset(whole, subset)


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
        what = f"各分项相加与总数差 {number(gap, whole)}。"
        yield Mismatch(whole, parts, what, tuple(uneven(whole, parts)))


def check_cover(whole: Figure, covered: tuple[Figure, ...]) -> Iterator[Mismatch]:
    """A distinct count lies between its largest child and their sum."""
    if not covered:
        return
    largest, total = max(map(value, covered)), sum(map(value, covered))
    if value(whole) < largest:
        yield Mismatch(whole, covered, f"少于所含的一项 {number(largest, whole)}。", tuple(uneven(whole, covered)))
    elif value(whole) > total + whole.bare - sum(part.bare for part in covered):
        yield Mismatch(whole, covered, f"多于所含各项之和 {number(total, whole)}。", tuple(uneven(whole, covered)))


def check_subset(whole: Figure, subset: Figure) -> Iterator[Mismatch]:
    if value(subset) > value(whole):
        what = f"其中项 {subset.measure.name} {number(value(subset), subset)}，大于总数。"
        yield Mismatch(whole, (subset,), what, tuple(uneven(whole, (subset,), above=True)))


def uneven(whole: Figure, parts: Sequence[Figure], above: bool = False) -> Iterator[tuple[str, int]]:
    """Entries that post more or less to the whole than to its parts (above: more to the part than to the whole)."""
    mine = by_entry(whole, [whole.measure.code])
    theirs = by_entry(whole, [part.measure.code for part in parts])
    differing = [s for s in mine.keys() | theirs.keys() if differ(mine.get(s, 0), theirs.get(s, 0), above)]
    yield from sorted(differing)[:MOST_ROWS]


def differ(whole: int, parts: int, above: bool) -> bool:
    return parts > whole if above else parts != whole


def by_entry(whole: Figure, codes: list[str]) -> dict[tuple[str, int], int]:
    (node,) = whole.nodes
    rows = Posting.objects.filter(measure__code__in=codes, node__path__startswith=node.path, on__lte=whole.period.until)
    rows = rows.filter(transaction__lte=whole.known.number)
    rows = rows.filter(on__gte=whole.period.start) if whole.period.start else rows
    nets = rows.values_list("ledger", "entry").annotate(net=Sum("quantity")).exclude(net=0)
    return {(ledger, entry): net for ledger, entry, net in nets}
