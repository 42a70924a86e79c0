"""Drawings of a document: what a template's 图(…) shows, from the same figures as its text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from lianqiao.agreements.targets import pace
from lianqiao.briefings.book import Book
from lianqiao.briefings.style import MONEY, WAN, Style, number, written
from lianqiao.briefings.values import Field, NotSo, Targeted
from lianqiao.charts.drawing import Bars, Chart, Flow, Part, Picture, Shares, Target, Targets, draw
from lianqiao.charts.geometry import Column
from lianqiao.core.periods import Period
from lianqiao.core.units import unit
from lianqiao.journal.cells import Cell
from lianqiao.journal.figures import half_up
from lianqiao.journal.measures import MEASURES, Measure, Ratio

YEARS, MONTHS = 6, 12
PIXELS_PER_MM = Fraction(96 * 10, 254)
TEXT_WIDTH_MM = 156


def drawing(book: Book, kind: str, fields: Sequence[Field], width_mm: int) -> Picture:
    """The picture of one kind of drawing. Raises NotSo for a kind that there is not, or for the wrong figures."""
    if kind not in KINDS:
        raise NotSo(f"没有“{kind}”这种图。有：{'、'.join(KINDS)}。")
    if not 30 <= width_mm <= 260:
        raise NotSo("图的宽度写毫米数，30 至 260。")
    return draw(KINDS[kind](book, fields), int(width_mm * PIXELS_PER_MM))


def one(fields: Sequence[Field]) -> Field:
    if len(fields) != 1:
        raise NotSo("这种图要写一个指标。")
    return fields[0]


def short(value: int | None, of: Field) -> str:
    """A value as it stands over a bar: money in whole 万元, rates to one decimal."""
    if value is None:
        return ""
    return number(value, of.unit, Style(WAN, 0, table=True) if of.unit == MONEY else Style(table=True))


def by_year(book: Book, fields: Sequence[Field]) -> Chart:
    """What each year brought; of a stock or a rate over all time, what stood at its end."""
    asked, until = one(fields), book.about.until
    first = max(asked.node.since.year, until.year - YEARS + 1)
    spans = {year: Period(date(year, 1, 1), min(date(year, 12, 31), until)) for year in range(first, until.year + 1)}
    book.prepare(Cell((asked.node,), span) for span in spans.values())
    values = {year: replace(asked, period=span).value for year, span in spans.items()}
    bars = [Column(f"{year}", short(value, asked), (value or 0,)) for year, value in values.items()]
    open_last = until != date(until.year, 12, 31)
    return Bars(f"{asked.measure.name}逐年（{unit_over(asked)}）", tuple(bars), open_last)


def by_month(book: Book, fields: Sequence[Field]) -> Chart:
    """The year's months, each with a stroke for the same month a year before.

    Months are the differences of the year up to their ends, since a distinct count is no sum of months.
    """
    asked, until = one(fields), book.about.until
    ends = {(y, m): month_to(y, m, until) for y in (until.year - 1, until.year) for m in range(1, MONTHS + 1)}
    book.prepare(Cell((asked.node,), span) for span in ends.values() if span)
    bars = []
    for month in range(1, until.month + 1):
        value, before = (brought(asked, ends, (year, month)) for year in (until.year, until.year - 1))
        bars.append(Column(f"{month}月", short(value, asked), (value or 0,), before or None))
    return Bars(f"{until.year}年{asked.measure.name}逐月（{unit_over(asked)}，横线为上年同月）", tuple(bars))


Ends = dict[tuple[int, int], Period | None]


def month_to(year: int, month: int, until: date) -> Period | None:
    """The year up to the end of a month; None for a month that is still to come."""
    last = min(Period.month(year, month).until, until)
    return Period(date(year, 1, 1), last) if date(year, month, 1) <= until else None


def brought(asked: Field, ends: Ends, key: tuple[int, int]) -> int | None:
    year, month = key
    to, before = ends[key], ends.get((year, month - 1))
    if to is None:
        return None
    value = replace(asked, period=to).value
    standing = isinstance(asked.measure, Ratio) or asked.measure.stock
    if value is None or before is None or standing:
        return value
    return value - (replace(asked, period=before).value or 0)


def unit_over(asked: Field) -> str:
    return "万元" if asked.unit == MONEY else asked.unit.name


def side_by_side(book: Book, fields: Sequence[Field]) -> Chart:
    """Several figures of one unit: received, allocated, paid."""
    if len(fields) < 2 or len({f.unit for f in fields}) > 1:
        raise NotSo("“比较”要两个以上单位相同的指标。")
    bars = [Column(f.measure.name, short(f.value, f), (f.value or 0,)) for f in fields]
    return Bars(f"{fields[0].period.describe()}（{unit_over(fields[0])}）", tuple(bars))


def made_of(book: Book, fields: Sequence[Field]) -> Chart:
    """The parts of a measure with their shares; parts that overlap (含, 其中) have none."""
    asked = one(fields)
    children = asked.measure.children() if isinstance(asked.measure, Measure) else []
    parts = [c for c in children if c.relation == "part"] or [c for c in children if c.relation == "cover"] or children
    if not parts:
        raise NotSo(f"“{asked.measure.name}”没有分项，画不出构成。")
    whole = asked.value or 0
    told = []
    book.want(parts, [Cell((asked.node,), asked.period)])
    for part in parts:
        value = replace(asked, measure=part).value or 0
        share = f"（{number(half_up(Fraction(value * 10000, whole)), RATE_UNIT, Style())}%）" if whole else ""
        told.append(Part(part.name, value, written(value, asked.unit, Style()) + share * (part.relation == "part")))
    return Shares(f"{asked.measure.name}构成（{asked.period.describe()}）", tuple(told))


def against_targets(book: Book, fields: Sequence[Field]) -> Chart:
    """The node's targets of the year, or those of the measures that are named, against the pace."""
    wanted = {f.measure.code for f in fields}
    rows = [Targeted(book, a) for a in book.attainments if not wanted or a.promise.measure.code in wanted]
    until = book.about.until
    now = pace(until.year, until)
    return Targets(f"{until.year}年度目标", now, f"{percent(now)}%", tuple(target(row) for row in rows))


def target(row: Targeted) -> Target:
    measure, attained = row.one.promise.measure, row.one
    style = Style(WAN, 0, table=True) if measure.unit == MONEY else Style(table=True)
    told_unit = "万元" if measure.unit == MONEY else measure.unit.name
    done = "—" if attained.figure.value is None else number(attained.figure.value, measure.unit, style)
    promised = number(attained.promise.quantity, measure.unit, style)
    rate = "—" if attained.rate is None else f"{percent(attained.rate)}%"
    return Target(measure.name, f"{done}／{promised}{told_unit}", attained.rate, rate, row.lags)


def percent(value: Fraction) -> str:
    return number(half_up(value * 100), RATE_UNIT, Style())


RATE_UNIT = unit("%")


def money_flow(book: Book, fields: Sequence[Field]) -> Chart:
    """Where the money came from, and how far it has gone: paid, allocated and not paid, not allocated."""
    base = Field(book, MEASURES["funds.fiscal"], book.about.node, book.about.period)

    book.want(
        [*parts_by_source(), *(MEASURES[c] for c in ("funds.fiscal", "funds.allocated", "funds.paid"))],
        [Cell((base.node,), base.period)],
    )

    def value(code: str) -> int:
        return replace(base, measure=MEASURES[code]).value or 0

    received, allocated, paid = value("funds.fiscal"), value("funds.allocated"), value("funds.paid")
    given = max(allocated, paid)
    whole = max(received, given)  # what was given out beyond what came in was there before
    sources = [(m.name, value(m.code)) for m in parts_by_source()] + [("以前年度结转", whole - received)]
    uses = [("已支付", paid), ("已安排未支付", given - paid), ("未安排", whole - given)]
    return Flow(f"财政协作资金流向（{base.period.describe()}）", parts_of(sources), parts_of(uses))


def parts_by_source() -> list[Measure]:
    fiscal = MEASURES["funds.fiscal"]
    return fiscal.children() if isinstance(fiscal, Measure) else []


def parts_of(told: Sequence[tuple[str, int]]) -> tuple[Part, ...]:
    return tuple(Part(name, value, written(value, MONEY, Style())) for name, value in told)


KINDS: dict[str, Callable[[Book, Sequence[Field]], Chart]] = {
    "逐年": by_year, "逐月": by_month, "比较": side_by_side, "构成": made_of, "目标": against_targets, "资金流向": money_flow,
}  # fmt: skip
