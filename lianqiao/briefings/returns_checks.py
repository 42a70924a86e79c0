"""What in a return must be explained: below pace, falling, unusual, not adding up, idle, less than last year.

Thresholds are ours, chosen so that a question is worth a sentence; where they came from: docs/users.zh-CN.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from lianqiao.agreements.targets import Attainment
from lianqiao.briefings.models import Kind, Question
from lianqiao.briefings.returns_calendar import year_before
from lianqiao.briefings.returns_lines import Line, Reading
from lianqiao.core.periods import Period
from lianqiao.core.units import Unit, shown
from lianqiao.journal.adding import mismatches
from lianqiao.journal.cells import Cell
from lianqiao.journal.figures import Known, grid, half_up
from lianqiao.journal.measures import MEASURES, Measure, Ratio
from lianqiao.places.models import Node

# A figure is unusual above so many times the highest of the periods before, or above this percentage of its target.
TIMES, FAR_OVER = 3, 300
ENOUGH = 3  # periods with something in them, before anything can be called usual
RECEIVED, PAID = "funds.fiscal", "funds.paid"
WAN = 10_000
TENTH = Unit("%", 1)


@dataclass(frozen=True)
class Doubt:
    """What a check found: of which kind, at which measure, and what it says."""

    kind: Question.Kind
    measure: str
    text: str


def doubts(found: Reading, sent: Iterable[Line] = ()) -> list[Doubt]:
    """All that the checks find in a reading. sent: the lines of the last return sent of the period before."""
    return [
        *adding_up(found),
        *falling(found, {line.measure.code: line for line in sent}),
        *behind(found),
        *unusual(found),
        *idle_money(found),
        *less_than_last_year(found),
    ]


def told(value: int, measure: Measure | Ratio) -> str:
    """A quantity with its unit, money in 万元."""
    unit = measure.unit
    if unit.name == "元":
        return f"{shown(value, unit, WAN)} 万元"
    return f"{shown(value, unit)}{'' if unit.name == '%' else ' '}{unit.name}"


def points(value: Fraction) -> str:
    return shown(half_up(abs(value) * 10), TENTH)


def adding_up(found: Reading) -> Iterator[Doubt]:
    """其中 above its whole, parts against their whole, rates above 100 %: in the period, in the year, and ever."""
    year = Period(date(found.period.until.year, 1, 1), found.period.until)
    seen = set()
    for one in mismatches(found.node, [found.period, year, Period.cumulative(found.period.until)], found.known):
        whole = one.whole.measure
        key = (whole.code, tuple(part.measure.code for part in one.parts))
        if key not in seen:
            seen.add(key)
            amount = told(one.whole.value or 0, whole)
            span = one.whole.period.describe()
            yield Doubt(Question.Kind.ADDS, whole.code, f"{span}{whole.name} {amount}：{one.what}")


def falling(found: Reading, sent: dict[str, Line]) -> Iterator[Doubt]:
    """A sum over time that is less than at the end of the period before, or than what was sent then."""
    for line in found.lines:
        measure = line.measure
        if not isinstance(measure, Measure) or measure.stock:
            continue
        was = sent.get(measure.code)
        if line.now is not None and line.now < 0:
            yield Doubt(Question.Kind.FALLS, measure.code, f"本期 {told(line.now, measure)}，累计数比上期末减少。")
        elif was and was.ever is not None and (line.ever or 0) < was.ever:
            less = f"累计 {told(line.ever or 0, measure)}，少于上期所报的 {told(was.ever, measure)}。"
            yield Doubt(Question.Kind.FALLS, measure.code, less)


def behind(found: Reading) -> Iterator[Doubt]:
    for one in found.attainments:
        if one.state == "behind":
            yield Doubt(Question.Kind.PACE, one.promise.measure.code, behind_told(one))


def behind_told(one: Attainment) -> str:
    measure = one.promise.measure
    reached = told(one.figure.value, measure) if one.figure.value is not None else "没有记录"
    gap = one.gap if one.gap is not None else -one.pace
    return f"年度目标 {told(one.promise.quantity, measure)}，实际 {reached}，比时序落后 {points(gap)} 个百分点。"


def unusual(found: Reading) -> Iterator[Doubt]:
    """Far above what it was before, or far above its target; of a whole that is, its parts are not asked for too."""
    flagged: set[str] = set()
    for one in found.attainments:
        if one.rate is not None and one.rate >= FAR_OVER and one.promise.measure.code not in flagged:
            flagged.add(one.promise.measure.code)
            text = f"完成年度目标的 {points(one.rate)}%，请核对口径和数。"
            yield Doubt(Question.Kind.OUTLIER, one.promise.measure.code, text)
    for line in found.lines:
        measure = line.measure
        if not isinstance(measure, Measure) or measure.stock or line.now is None:
            continue
        if flagged & {measure.code, *(above.code for above in measure.ancestors())}:
            continue
        earlier = found.earlier[measure.code]
        if sum(value > 0 for value in earlier) >= ENOUGH and line.now > TIMES * max(earlier):
            flagged.add(measure.code)
            yield Doubt(Question.Kind.OUTLIER, measure.code, unusual_told(line.now, earlier, measure))


def unusual_told(now: int, earlier: list[int], measure: Measure) -> str:
    highest = max(earlier)
    times = shown(half_up(Fraction(now * 10, highest)), TENTH)
    return f"本期 {told(now, measure)}，是前 {len(earlier)} 期最高数 {told(highest, measure)} 的 {times} 倍。"


def idle(node: Node, until: date, known: Known) -> int:
    """Fiscal money (分) that had come more than a year before a day and is not paid by it, the oldest paid first."""
    year_ago = year_before(Kind.MONTH, Period.month(until.year, until.month)).until
    cells = {"old": Cell((node,), Period.cumulative(year_ago)), "now": Cell((node,), Period.cumulative(until))}
    held = grid([MEASURES[RECEIVED], MEASURES[PAID]], cells, known)
    return max(0, (held[RECEIVED, "old"] or 0) - (held[PAID, "now"] or 0))


def idle_money(found: Reading) -> Iterator[Doubt]:
    left = idle(found.node, found.period.until, found.known)
    if left:
        text = f"到账已满一年、尚未支付的财政协作资金 {told(left, MEASURES[RECEIVED])}。"
        yield Doubt(Question.Kind.IDLE, RECEIVED, text)


def less_than_last_year(found: Reading) -> Iterator[Doubt]:
    """Fiscal money is held to be no less than the year before: asked of whole years."""
    line = next((line for line in found.lines if line.measure.code == RECEIVED), None)
    if found.kind == Kind.YEAR and line and (line.year or 0) < (line.year_last_year or 0):
        text = f"本年 {told(line.year or 0, line.measure)}，少于上年的 {told(line.year_last_year or 0, line.measure)}。"
        yield Doubt(Question.Kind.LESS, RECEIVED, text)
