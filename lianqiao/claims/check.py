"""Holds the numbers of a text against the journal, and says of each that differs what most likely lies behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from django.db.models import Sum

from lianqiao.agreements.targets import in_force
from lianqiao.claims.corrections import corrected
from lianqiao.claims.lexicon import measures as candidates
from lianqiao.claims.reading import Claim, read
from lianqiao.claims.within import Remark, remarks
from lianqiao.core.periods import Period
from lianqiao.core.precision import Reading, Written, bears_out
from lianqiao.core.units import shown
from lianqiao.journal import clock
from lianqiao.journal.figures import Figure, Known, figures, known_at
from lianqiao.journal.measures import MEASURES, Measure
from lianqiao.journal.models import Posting, Transaction
from lianqiao.ledger.registry import ledgers
from lianqiao.places.models import Node

BORNE_OUT, DIFFERS, NO_ENTRIES, PLAN, NO_INDICATOR = "borne out", "differs", "no entries", "plan", "not an indicator"
VERDICTS = {BORNE_OUT: "相符", DIFFERS: "不符", NO_ENTRIES: "无记录", PLAN: "计划", NO_INDICATOR: "非指标"}
SUFFIX = {"东部赴西部": "to_west", "东部派往西部": "to_west", "西部赴东部": "to_east", "西部派往东部": "to_east"}
# Units that say how things were counted; all the other measure words (个 家 所 名 …) say the same.
STRICT = {"人", "人次", "户", "户次", "元", "%"}
PEOPLE = {"名": "人", "位": "人"}
RELATED = {
    "funds": ("donations",),
    "donations": ("funds",),
    "cadres": ("talent",),
    "talent": ("cadres",),
    "twin": ("benef",),
}
"""Families of measures that texts take for one another, the first part of their codes."""

SHORTEST = 3
"""So many digits must agree before it is no accident."""


@dataclass(frozen=True)
class Verdict:
    """What the journal says of one claim."""

    claim: Claim
    verdict: str
    figure: Figure | None = None
    difference: str = ""
    reading: str = ""
    why: tuple[str, ...] = ()
    promised: int | None = None

    @property
    def measure(self) -> Measure | None:
        return self.figure.measure if self.figure and isinstance(self.figure.measure, Measure) else None


@dataclass(frozen=True)
class Checked:
    """A text with its verdicts, at a node, as of a business date, as known at a transaction.

    remarks: where its own numbers contradict one another.
    """

    name: str
    text: str
    node: Node
    as_of: date
    known: Known
    published: date | None = None
    verdicts: list[Verdict] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def check(
    name: str,
    text: str,
    node: Node,
    as_of: date | None = None,
    known: Known | None = None,
    published: date | None = None,
) -> Checked:
    """Reads a text and holds each of its claims against the journal.

    as_of: the business date up to which things count, by default today. known: by default all that is known now.
    published: the text's own date, from which 今年 and 10月12日 are read where the text does not say it; by default as_of.
    """
    checked = Checked(name, text, node, as_of or clock.today(), known or known_at(), published)
    book = Book(checked)
    claims = corrected(read(text, published or checked.as_of), node)
    checked.verdicts.extend(judge(claim, book) for claim in claims)
    checked.remarks.extend(remarks(text, claims))
    return checked


class Book:
    """The figures that a text asks for: all measures of a period at once, each period read once."""

    def __init__(self, checked: Checked) -> None:
        self.node, self.as_of, self.known = checked.node, checked.as_of, checked.known
        self.read: dict[tuple[int, Period], dict[str, Figure]] = {}

    def figure(self, measure: Measure, period: Period, node: Node | None = None) -> Figure:
        at = node or self.node
        if (at.pk, period) not in self.read:
            declared = [m for m in MEASURES.values() if isinstance(m, Measure)]
            found = figures(declared, [at], period, self.known)
            self.read[at.pk, period] = {f.measure.code: f for f in found}
        return self.read[at.pk, period][measure.code]


def judge(claim: Claim, book: Book) -> Verdict:
    if claim.indicator is None and not claim.measure:
        return Verdict(claim, NO_INDICATOR, why=claim.why)
    if claim.planned or (claim.year or 0) > book.as_of.year:
        return plan(claim, book)
    options = list(measures_of(claim))
    if not options:
        return Verdict(claim, NO_INDICATOR, why=(*claim.why, f"账本不记这一指标（{claim.indicator}）。"))
    tried = [book.figure(m, p) for m in options for p in periods(claim, book.as_of, m)]
    for found in tried:
        reading = holds(claim, found)
        if reading:
            return Verdict(claim, BORNE_OUT, found, reading=reading.value)
    recorded = [f for f in tried if f.value is not None]
    if not recorded:
        return Verdict(claim, NO_ENTRIES, tried[0], why=("账本里没有这一指标的记录。",))
    nearest = min(recorded, key=lambda f: (not same_unit(claim, f.measure.unit.name), f is not recorded[0]))
    return Verdict(claim, DIFFERS, nearest, difference(claim, nearest), why=tuple(reasons(claim, nearest, tried, book)))


def measures_of(claim: Claim) -> Iterator[Measure]:
    """The measures that may stand behind a claim, in order of fit; where the text gives a direction, that part first."""
    for code in [claim.measure] if claim.measure else candidates(claim):
        found = MEASURES.get(code)
        if not isinstance(found, Measure):
            continue
        sided = MEASURES.get(f"{code}.{SUFFIX.get(claim.direction or '', '')}")
        if isinstance(sided, Measure):
            yield sided
        yield found


def periods(claim: Claim, as_of: date, measure: Measure) -> list[Period]:
    """The periods that a claim may speak of, the likeliest first."""
    ever = Period.cumulative(min(as_of, claim.on) if claim.on and claim.period == "point" else as_of)
    until = min(date(claim.year, 12, 31), as_of) if claim.year else as_of
    year = Period.between(date(until.year, 1, 1), until)
    if claim.period == "cumulative" or measure.stock:
        return [ever]
    if claim.period == "year":
        return [year]
    if claim.period == "point":
        return [Period.day(claim.on), ever] if claim.on else [ever]
    return [ever, year]


def same_unit(claim: Claim, unit: str) -> bool:
    written = PEOPLE.get(claim.unit, claim.unit)
    return written == unit or (written not in STRICT and unit not in STRICT)


def holds(claim: Claim, found: Figure) -> Reading | None:
    """The reading under which the figure bears the claim out."""
    if found.value is None or not same_unit(claim, found.measure.unit.name):
        return None
    written = Written(Fraction(claim.value), Fraction(claim.step), claim.approx, claim.cue, claim.value_max)
    return bears_out(written, Fraction(found.value, found.measure.unit.smallest_parts))


def gap(claim: Claim, found: Figure) -> int:
    """What the journal has more than the text, in the unit's smallest part."""
    return int((found.value or 0) - Fraction(claim.value) * found.measure.unit.smallest_parts)


def difference(claim: Claim, found: Figure) -> str:
    unit = found.measure.unit
    short = gap(claim, found)
    told = f"文中{claim.quote}，账本 {shown(found.value or 0, unit)} {unit.name}"
    if not same_unit(claim, unit.name):
        return f"{told}，单位不同"
    return f"{told}，{'多' if short > 0 else '少'} {shown(abs(short), unit)} {unit.name}"


def plan(claim: Claim, book: Book) -> Verdict:
    """A quantity to come, held against the targets in force."""
    wanted = [m.code for m in measures_of(claim)]
    year = claim.year or book.as_of.year
    promises = [p for p in in_force([book.node], year, book.as_of, book.known) if p.measure.code in wanted]
    if not promises:
        return Verdict(claim, PLAN, why=("计划中的数，目标台账里没有对应的目标。",))
    first = promises[0]
    told = f"{first.agreement}：{first.year} 年 {shown(first.quantity, first.measure.unit)} {first.measure.unit.name}"
    began = isinstance(first.measure, Measure) and year <= book.as_of.year
    span = Period.between(date(year, 1, 1), min(date(year, 12, 31), book.as_of)) if began else None
    found = book.figure(first.measure, span) if span and isinstance(first.measure, Measure) else None
    return Verdict(claim, PLAN, found, why=(told,), promised=first.quantity)


# What lies behind a difference ---------------------------------------------------------------------------------------


def reasons(claim: Claim, found: Figure, tried: Sequence[Figure], book: Book) -> Iterator[str]:
    """What most likely lies behind a difference, the likeliest first."""
    if not same_unit(claim, found.measure.unit.name):
        yield f"文中作“{claim.unit}”，账本按“{found.measure.unit.name}”记（{found.measure.name}）。"
    yield from since_then(claim, found, book)
    yield from slip(claim, found)
    yield from other_period(claim, tried, book)
    yield from other_measure(claim, found, tried, book)
    yield from other_level(claim, tried, book)


def since_then(claim: Claim, found: Figure, book: Book, written: Known | None = None) -> Iterator[str]:
    """Entries recorded after the text's day that move the figure. written: what was known to it, where it tells that."""
    before = written or known_at(book.as_of)
    rows = Posting.objects.filter(
        measure__code=found.measure.code, node__path__startswith=book.node.path, transaction__gt=before.number,
        transaction__lte=book.known.number, on__lte=found.period.until,
    )  # fmt: skip
    rows = rows.filter(on__gte=found.period.start) if found.period.start else rows
    moved = list(rows.values_list("ledger", "entry").annotate(net=Sum("quantity")).exclude(net=0))
    if not moved:
        return
    unit = found.measure.unit
    then = replace(found, value=(found.value or 0) - sum(net for *_, net in moved))
    exact = "，恰是差数" if holds(claim, then) else ""
    told = f"事务 #{written.number}" if written else book.as_of
    yield f"{told} 之后记账 {len(moved)} 行，合计 {shown(sum(net for *_, net in moved), unit)} {unit.name}{exact}。"
    for ledger, entry, net in sorted(moved, key=lambda row: -abs(row[2]))[:5]:
        yield f"{told_entry(ledger, entry, before, book.known)}：{shown(net, unit)} {unit.name}"


def told_entry(ledger: str, entry: int, before: Known, known: Known) -> str:
    """An entry's 编号 with the last act on it since then: HF-2021-0029（作废：缘由，事务 #57）."""
    row = ledgers()[ledger]._base_manager.filter(pk=entry).first()
    posted = Posting.objects.filter(
        ledger=ledger, entry=entry, transaction__gt=before.number, transaction__lte=known.number
    )
    last = Transaction.objects.filter(pk__in=posted.values("transaction")).order_by("number").last()
    act = (
        {"void": "作废", "approve": "审核", "undo": "撤销", "resync": "重算"}.get(last.kind, last.kind) if last else ""
    )
    why = f"：{last.why}" if last and last.why else ""
    return f"{row.number if row else entry}（{act}{why}，事务 #{last.number if last else 0}）"


def other_period(claim: Claim, tried: Sequence[Figure], book: Book) -> Iterator[str]:
    """The same measure over another span: cumulative for yearly, and the other way round."""
    ever, year = Period.cumulative(book.as_of), Period.between(date(book.as_of.year, 1, 1), book.as_of)
    for first in {f.measure.code: f for f in tried}.values():
        for span, told in ((ever, "累计数"), (year, "当年数")):
            if span not in [f.period for f in tried] and isinstance(first.measure, Measure):
                other = book.figure(first.measure, span)
                if holds(claim, other):
                    yield f"与{told}相符：{first.measure.name} {span.describe()}。"


def slip(claim: Claim, found: Figure) -> Iterator[str]:
    """A slip of the pen: 万 for 亿, a point misplaced, one digit wrong, two digits the wrong way round."""
    if found.value is None or not same_unit(claim, found.measure.unit.name):
        return
    for power in (1, 2, 3, 4):
        for factor in (Fraction(10**power), Fraction(1, 10**power)):
            if holds(replace(claim, value=claim.value * factor, step=claim.step * factor), found):
                yield f"与账本相差 {10**power:,} 倍，小数点或单位（万、亿）可能写错。"
                return
    wrong = wrong_digits(claim, Fraction(found.value, found.measure.unit.smallest_parts))
    if wrong:
        yield f"与账本{wrong}。"


def wrong_digits(claim: Claim, actual: Fraction) -> str | None:
    """How the digits written differ from the figure's, rounded alike, where a slip may explain it."""
    written, meant = str(claim.value // claim.step), str(round(actual / claim.step))
    if len(written) != len(meant) or len(written) < SHORTEST:
        return None
    places = [n for n in range(len(written)) if written[n] != meant[n]]
    if len(places) == 1:
        return f"只差一位数字（第 {places[0] + 1} 位）"
    adjacent = len(places) == 2 and places[1] == places[0] + 1
    swapped = adjacent and written[places[0]] + written[places[1]] == meant[places[1]] + meant[places[0]]
    return "两位数字颠倒" if swapped else None


def other_measure(claim: Claim, found: Figure, tried: Sequence[Figure], book: Book) -> Iterator[str]:
    """Another measure over the same span: pledged for received, agreed for invested, a part for the whole."""
    known = {f.measure.code for f in tried}
    family = found.measure.code.partition(".")[0]
    telling = len(str(claim.value // claim.written.last_figure)) >= SHORTEST
    for other in MEASURES.values():
        near = telling or other.code.partition(".")[0] in (family, *RELATED.get(family, ()))
        if other.code in known or not near or not isinstance(other, Measure):
            continue
        there = book.figure(other, found.period)
        if there.value and holds(claim, there):
            above = f"{other.parent.name}·" if other.parent else ""
            yield f"与“{above}{other.name}”的数相符。"


def other_level(claim: Claim, tried: Sequence[Figure], book: Book) -> Iterator[str]:
    """The same measure one level up or down."""
    around = [n for n in (book.node.parent, *book.node.children.all()) if n is not None]
    for first in tried:
        for node in around if isinstance(first.measure, Measure) else ():
            assert isinstance(first.measure, Measure)
            if holds(claim, book.figure(first.measure, first.period, node)):
                yield f"与“{node}”的数相符：{first.measure.name}。"
