"""Which exact values a written number stands for.

Offices round, cut off and say 余. A figure bears a written number out when one of the readings below holds; each has
its reason beside it. "Last digit" is the last digit written, "last figure" the last that is not zero: in 6000余 the
last figure weighs 1000, since whoever writes 余 has rounded to it.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

Approx = str
"""more_than, less_than or about, the words of the command line's JSON."""


class Reading(StrEnum):
    """The reading under which a figure bears a written number out, as shown to people."""

    EXACT = "相符"
    ROUNDED = "四舍五入"
    TRUNCATED = "截尾"
    ODD = "有余"
    ABOVE = "多于"
    AT_LEAST = "不少于"
    NEARLY = "接近"
    BELOW = "少于"
    AT_MOST = "不超过"
    ABOUT = "大约"
    BETWEEN = "在区间内"


_CUES: dict[tuple[str, Reading], str] = {
    ("more_than", Reading.ODD): "余 多 上 来 有余",
    ("more_than", Reading.ABOVE): "超 超过 超出 逾 突破 破 多于 高于 大于 开外",
    ("more_than", Reading.AT_LEAST): "以上 及以上 之上 不少于 不低于 至少 最少 最低 不小于 不下 起",
    ("less_than", Reading.NEARLY): "近 将近 接近 逼近",
    ("less_than", Reading.BELOW): "不足 不到 低于 少于 不满 未满 小于 以下",
    ("less_than", Reading.AT_MOST): "以内 之内 不超过 不高于 不多于 最高 最多 至多",
    ("about", Reading.ABOUT): "约 大约 左右 上下 大概 约为 前后 range",
}
_SENSES = {cue: sense for sense, cues in _CUES.items() for cue in cues.split()}
_DEFAULTS = {"more_than": Reading.ABOVE, "less_than": Reading.BELOW, "about": Reading.ABOUT, None: Reading.EXACT}
CUES = frozenset(_SENSES)
"""Every word that makes a number approximate."""


def approx_of(cue: str) -> Approx:
    """What a word before or after a number makes of it: 余 → more_than. KeyError for a word not in `CUES`."""
    return _SENSES[cue][0]


@dataclass(frozen=True)
class Written:
    """A number as written: its value, the weight of its last digit (1.14亿: 1,000,000), and how it is qualified.

    `value_max` is the upper end of a range. All in one unit, the base unit of the text (元, not 分).
    """

    value: Fraction
    step: Fraction = Fraction(1)
    approx: Approx | None = None
    cue: str | None = None
    value_max: Fraction | None = None

    @property
    def last_figure(self) -> Fraction:
        """The weight of the last digit that is not zero: 1000 in 6000, 0.01 in 1.14, the step itself for 0."""
        if not self.value:
            return self.step
        weight = self.step
        while (self.value / weight / 10).denominator == 1:
            weight *= 10
        return weight

    @property
    def sense(self) -> Reading:
        """The reading its cue asks for; a number without a cue is taken at its word."""
        return _SENSES[self.cue][1] if self.cue in _SENSES and self.approx else _DEFAULTS[self.approx]


def _as_written(written: Written, actual: Fraction) -> Reading | None:
    """Exact; or rounded half up to the last digit; or cut off after it, as offices do so as not to overstate."""
    value, step, size = abs(written.value), written.step, abs(actual)
    if actual == written.value:
        return Reading.EXACT
    if actual * written.value < 0:
        return None
    if value - step / 2 <= size < value + step / 2:
        return Reading.ROUNDED
    return Reading.TRUNCATED if value <= size < value + step else None


def _about(written: Written, actual: Fraction) -> Reading | None:
    """Whatever the bare number stands for, and half of its last figure either way, but no more than a tenth of it.

    Without the tenth, 约100 would reach from 50 to 150.
    """
    if reading := _as_written(written, actual):
        return reading
    tolerance = min(written.last_figure / 2, abs(written.value) / 10)
    return Reading.ABOUT if abs(actual - written.value) <= tolerance else None


def _within_sense(written: Written, actual: Fraction) -> bool:
    value, figure = written.value, written.last_figure
    match written.sense:
        case Reading.ODD:  # 6000余: above, but not yet the next such number (7000 would be written 7000)
            return value < actual < value + figure
        case Reading.ABOVE:  # 超: any excess, but at double the number it speaks of something else
            return value < actual < 2 * value
        case Reading.AT_LEAST:  # 以上, 不少于: a floor, however far below the figure it lies
            return actual >= value
        case Reading.NEARLY:  # 近100: below by at most its last figure and at most a tenth
            return value - min(figure, value / 10) <= actual < value
        case Reading.BELOW:  # 不足: below, but not by half, or it speaks of something else
            return value / 2 < actual < value
        case _:  # 以内, 不超过: a ceiling
            return actual <= value


def bears_out(written: Written, actual: Fraction | int) -> Reading | None:
    """The reading under which `actual` (in the unit of `written`) bears the number out, or None if there is none."""
    actual = Fraction(actual)
    if written.value_max is not None:
        return Reading.BETWEEN if written.value <= actual <= written.value_max else None
    sense = written.sense
    if sense is Reading.EXACT:
        return _as_written(written, actual)
    if sense is Reading.ABOUT:
        return _about(written, actual)
    return sense if _within_sense(written, actual) else None
