"""Numbers with units in running text: where they stand, what they are worth, and how they are qualified.

This is the lexical half of the reader: it knows numerals, units and what is no quantity at all (ordinals, names, codes,
page furniture), but nothing of the cooperation. Every pattern is bounded, so the work grows with the text's length only.
"""

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from lianqiao.claims.tables import rows
from lianqiao.core.numerals import half_width, parse_number
from lianqiao.core.precision import Approx, approx_of


class _Folds(dict[int, str]):
    """What each character is folded to. Those that stay are remembered too: str.translate is slow where a key is missing."""

    def __missing__(self, code: int) -> str:
        self[code] = half_width(chr(code))
        return self[code]


_FOLDS = _Folds(
    (ord(old), new)
    for row in rows("traditional.tsv")
    for old, new in zip(row["traditional"], row["simplified"], strict=True)
)


def fold(text: str) -> str:
    """`text` with half-width digits and punctuation and the commonest traditional characters made simplified.

    Character by character: offsets into the result are offsets into `text`.
    """
    return text.translate(_FOLDS)


@dataclass(frozen=True)
class Quantity:
    """One number with its unit; `start`, `end` are offsets into the text, `kind` is a kind of units.tsv or "bare".

    `value`, `value_max` (of a range) and `step` (the weight of the last digit written) are in `unit`, 万 and 亿
    multiplied out. `numeral` is the number as written, without the unit. A bare number has a scale but no unit (310万).
    """

    start: int
    end: int
    value: Fraction
    value_max: Fraction | None
    step: Fraction
    unit: str
    kind: str
    approx: Approx | None
    cue: str | None
    numeral: str

    @property
    def is_countable(self) -> bool:
        """Whether it can be a claim: dates, durations and look-alikes are not."""
        return self.kind not in ("time", "blocked")


def _units() -> dict[str, tuple[str, str]]:
    known = {}
    for row in rows("units.tsv"):
        for word in row["words"].split():
            written, _, name = word.partition("=")
            known[written] = (row["kind"], name or written)
    return known


UNITS = _units()
"""Each unit as written, with its kind and the name it is reported under."""

_UNIT = re.compile(" ?(" + "|".join(re.escape(word) for word in sorted(UNITS, key=len, reverse=True)) + ")")

_HAN = "零一二三四五六七八九十百千万亿两"
_ARABIC = r"(?:\d{1,3}(?:,\d{3}){1,5}(?!\d)|\d{1,20})(?:\.\d{1,10})?"
_SCALE = r"(?:万亿|[百千十]?[万亿]|千(?![瓦克米])|百(?![货姓分]))"
_FRACTION = rf"[{_HAN}\d]{{1,6}}分之(?:[{_HAN}点]{{1,8}}|\d{{1,6}}(?:\.\d{{1,4}})?)"
_NUMBER = re.compile(
    rf"(?P<fraction>{_FRACTION})"
    rf"|(?P<digits>{_ARABIC})(?P<inner>[余多来]?) ?(?P<scale>{_SCALE}?)(?P<outer>[余多来]?)"
    rf"|(?P<han>(?:(?<!以)上(?=[百千万亿]))?[{_HAN}]{{1,16}}(?:点[{_HAN}]{{1,8}})?)"
    r"(?P<han_inner>[余多来]?)(?P<han_scale>[万亿]?)(?P<han_outer>[余多来]?)",
    re.ASCII,
)
_TO = re.compile(r" ?[至到\-—–~～―] ?")
_TENTH = re.compile(r"成(?![立效果功为员都本长就交品])")

_BEFORE = re.compile(
    r"(?<![签合契节履违公预特])(?:大约|约)|(?<![就附最新靠邻临亲])(?:将近|接近|逼近|近)|(?<!反)(?:超过|超出|超)|突破|(?<!打)破|逾|"
    r"不少于|不低于|不超过|不高于|不多于|不足|不到|不满|未满|不下|最高|最低|最多|最少|至少|至多|高于|低于|多于|少于|大于|小于|大概"
)
_AFTER = re.compile(r" ?(?:\(含\))?(及以上|以上|之上|左右|上下|以内|之内|以下|有余|开外)")
_CUE_REACH = 4


@dataclass(frozen=True)
class _Number:
    """A numeral read: it ends at `end`; `scaled` if 万 or 亿 is in it, `rate` if it is a fraction of one hundred."""

    end: int
    value: Fraction
    step: Fraction
    value_max: Fraction | None = None
    cue: str | None = None
    scaled: bool = False
    rate: bool = False


def quantities(text: str) -> Iterator[Quantity]:
    """The quantities of a folded text in order, none overlapping another; those that are not countable included."""
    silent = _silent_spans(text)
    position, ordinal_end = 0, -1
    while match := _NUMBER.search(text, position):
        start, position = match.start(), match.end()
        number = _read_number(match)
        if not number:
            continue
        quantity = _with_unit(text, start, number)
        position = max(position, quantity.end if quantity else number.end)
        if _is_ordinal(text, start, ordinal_end):
            ordinal_end = position
        elif quantity and not _is_silent(start, silent) and not _is_code(text, quantity):
            yield quantity


def _read_number(match: re.Match[str]) -> _Number | None:
    if match["fraction"]:
        value = parse_number(match["fraction"])
        return _Number(match.end(), value * 100, Fraction(1), rate=True) if value else None
    if match["digits"]:
        return _arabic(match["digits"], match["scale"], match["inner"] or match["outer"] or None, match.end())
    read = _han(match["han"], match["han_scale"], match["han_inner"] or match["han_outer"] or None)
    return _Number(match.end(), *read) if read else None


_WEIGHTS = {
    scale: weight.numerator
    for scale in ("", "百", "千", "万", "亿", "百万", "千万", "十万", "百亿", "千亿", "十亿", "万亿")
    if (weight := parse_number(scale or "1"))
}
"""What each scale behind Arabic digits multiplies by."""


def _arabic(digits: str, scale: str, cue: str | None, end: int) -> _Number:
    """1.14亿, 3,071余: most numbers of a text are written so, hence without the general parser."""
    whole, _, decimals = digits.replace(",", "").partition(".")
    weight, parts = _WEIGHTS[scale], 10 ** len(decimals)
    return _Number(
        end, Fraction(int(whole + decimals) * weight, parts), Fraction(weight, parts), None, cue, bool(scale)
    )


_Read = tuple[Fraction, Fraction, Fraction | None, str | None, bool]


@lru_cache(maxsize=4096)
def _han(digits: str, scale: str, cue: str | None) -> _Read | None:
    """A numeral in Chinese: value, weight of the last digit, upper end of a range, cue, whether 万 or 亿 is in it.

    Below 万 every digit is written out: 三百 is 300, not about 300. The same few numerals stand in every text.
    """
    least = digits.startswith("上")  # 上千吨: the word is part of the numeral
    digits = digits.removeprefix("上")
    weight = _WEIGHTS[scale]
    if spoken := _spoken_range(digits):
        low, high = spoken[0] * weight, spoken[1] * weight
        return low, high - low, high, "range", bool(scale)
    value = parse_number(digits)
    if value is None:
        return None
    scaled = digits[-1] in "万亿"
    last = _WEIGHTS[digits[-1]] if scaled else Fraction(1, 10 ** len(digits.partition("点")[2]))
    return value * weight, Fraction(last * weight), None, "上" if least else cue, bool(scale) or scaled


_SPOKEN = re.compile(r"(十?)([一二两三四五六七八])([二三四五六七八九])([十百千万亿]{0,3})")


def _spoken_range(digits: str) -> tuple[Fraction, Fraction] | None:
    """五六十 is 50 to 60, 两三 is 2 to 3, 十五六 is 15 to 16."""
    match = _SPOKEN.fullmatch(digits)
    if not match:
        return None
    low, high = (parse_number(match[1] + match[place] + match[4]) for place in (2, 3))
    first, second = parse_number(match[2]), parse_number(match[3])
    if low is None or high is None or first is None or second != first + 1:
        return None
    return low, high


def _with_unit(text: str, start: int, number: _Number) -> Quantity | None:
    """The number at `start` with the unit that follows it, or with the upper end of its range and then the unit."""
    if number.rate:
        return _quantity(text, start, number, number.end, "%", "rate")
    if tenth := _TENTH.match(text, number.end):
        return _quantity(text, start, _times(number, Fraction(10)), tenth.end(), "%", "rate")
    kind, unit, end = _unit_at(text, start, number)
    if kind not in ("time", "blocked") and (ranged := _range_from(text, start, number, end, unit)):
        return ranged
    if not kind and not number.scaled:
        return None
    if unit == "‰":
        return _quantity(text, start, _times(number, Fraction(1, 10)), end, "%", kind)
    return _quantity(text, start, number, end, unit, kind or "bare")


def _unit_at(text: str, start: int, number: _Number) -> tuple[str, str, int]:
    """The kind and name of the unit after a number, and where it ends; empty where there is none."""
    unit = _UNIT.match(text, number.end)
    kind, name = UNITS[unit[1]] if unit else ("", "")
    if not unit or (kind == "noun" and not _omits_the_measure(text, start, number, unit[1])):
        return "", "", number.end
    return kind, name, unit.end()


def _omits_the_measure(text: str, start: int, number: _Number, noun: str) -> bool:
    """Whether the noun stands in for a measure word (12镇, 40万农村劳动力): not after Chinese numerals (两县, 三镇)."""
    return text[start].isdecimal() and number.cue is None and (noun.endswith("劳动力") or not number.scaled)


def _times(number: _Number, factor: Fraction) -> _Number:
    top = None if number.value_max is None else number.value_max * factor
    return replace(number, value=number.value * factor, value_max=top, step=number.step * factor)


def _range_from(text: str, start: int, low: _Number, end: int, unit: str) -> Quantity | None:
    """A range (30元至120元, 3-5万人) whose lower end is `low`, ending at `end` with its own unit, if any."""
    if text[start - 1 : start] in ("从", "由") or low.value_max:
        return None
    to = _TO.match(text, end)
    match = _NUMBER.match(text, to.end()) if to else None
    high = _read_number(match) if match else None
    if not match or not high or high.value_max or high.rate:
        return None
    kind, name, last = _unit_at(text, match.start(), high)
    if kind in ("", "time", "blocked", "noun") or (unit and unit != name):
        return None
    # 3-5万 means 3万 to 5万, unless the lower end has a scale or a unit of its own.
    shared = _WEIGHTS.get(match["scale"] or "") if not low.scaled and not unit else None
    value = low.value * (shared or 1)
    if value >= high.value:
        return None
    return _quantity(text, start, replace(high, value=value, value_max=high.value, cue="range"), last, name, kind)


def _quantity(text: str, start: int, number: _Number, end: int, unit: str, kind: str) -> Quantity:
    cue = number.cue or _cue_before(text, start) or _cue_after(text, end)
    approx = approx_of(cue) if cue else None
    numeral = text[start : number.end]
    return Quantity(start, end, number.value, number.value_max, number.step, unit, kind, approx, cue, numeral)


def _cue_before(text: str, start: int) -> str | None:
    """The qualifying word that ends right before `start` (超过了 and a space between are allowed)."""
    found = None
    for match in _BEFORE.finditer(text, max(0, start - _CUE_REACH), start):
        if text[match.end() : start].strip() in ("", "了", "达"):
            found = match[0]
    return found


def _cue_after(text: str, end: int) -> str | None:
    match = _AFTER.match(text, end)
    return match[1] if match else None


_SILENT = re.compile(
    r"《[^《》\n]{1,60}》|<[^<>]{1,200}>|〔[^〔〕\n]{1,12}〕|“[^“”\n]{1,10}”|‘[^‘’\n]{1,10}’|「[^「」\n]{1,10}」|\"[^\"\n]{1,10}\""
)
_STATED = re.compile(r"\d ?[十百千万亿]{0,2}(?:元|%|人次)")


def _silent_spans(text: str) -> list[tuple[int, int]]:
    """Where numbers belong to titles, tags, document numbers and short names in quotation marks (“5+N”, “五个一”)."""
    return [match.span() for match in _SILENT.finditer(text) if match[0][0] in "《<〔" or not _STATED.search(match[0])]


def _is_silent(position: int, spans: list[tuple[int, int]]) -> bool:
    index = bisect_right(spans, (position, sys.maxsize)) - 1
    return index >= 0 and spans[index][0] <= position < spans[index][1]


_BATCHES = re.compile(rf"[{_HAN}\d]{{1,2}}[期批次届]")


def _is_ordinal(text: str, start: int, ordinal_end: int) -> bool:
    """第五批, 前三期; and in 第十、十一批 the second number too."""
    if text[start - 1 : start] == "前" and _BATCHES.match(text, start):
        return True
    return text[start - 1 : start] == "第" or (0 <= ordinal_end < start and text[ordinal_end:start] in "、和至到-")


_FURNITURE = re.compile(
    r"浏览|阅读|点击|访问量|字数|字号|字体|电话|传真|邮编|邮箱|热线|备案|ICP|公网安备|许可证|版权|Copyright|责编|编号|房间|尾号|航班|(?<!\d)车次"
)
_FURNITURE_REACH = 8
_ABSTRACT = re.compile(
    r"方面|目标|环节|阶段|机制|原则|维度|层面|关键|重点|确保|一[”』」’\"工机活行模目]|大类|亮点|坚持|转变|到位|体系|统筹|关系|问题|特点|举措|方向|"
    r"步骤|.{0,2}名片|梯队|字|意识|自信|优势|难题|版块|板块|文明|轮子|翅膀|结合|抓手|不愁|全覆盖|产业结构"
)
_PROGRAMMES = re.compile(
    rf"[{_HAN}]{{1,2}}(?:[项个大条种类].{{0,4}}(?:工程|行动|计划|任务|制度|措施|政策|工作|活动|要求)|"
    r"[种类].{0,2}(?:项目|资金|人才|人员|问题)|期(?!培训|班))"
)
"""四项工程, 八大行动, 二期: the parts of a programme, counted in Chinese numerals."""

_VAGUE = re.compile(r"[数几好若]$|成[百千]$")
"""Before 十, 百, 千 or 万: 数百名, 几十家, 成百上千名."""

_INDEFINITE = frozenset(["百", "千", "万", "亿", "百万", "千万", "百亿", "千亿"])
_FEW = 12
"""Programmes and ideas come in numbers no larger than this (十二项重点); what is counted may come in any."""


def _is_code(text: str, quantity: Quantity) -> bool:
    """Whether the number is part of a code, a name, a slogan or the page's furniture rather than a quantity."""
    start, before, after = (
        quantity.start,
        text[quantity.start - 1 : quantity.start],
        text[quantity.end : quantity.end + 1],
    )
    if before and ((before.isascii() and before.isalnum()) or before in "+*."):
        return True
    if after and after in "*+":
        return True
    furniture = _FURNITURE.search(text, max(0, start - _FURNITURE_REACH), start)
    return bool(furniture) or (quantity.is_countable and _is_idiom(text, quantity))


def _is_idiom(text: str, quantity: Quantity) -> bool:
    start, end, numeral = quantity.start, quantity.end, quantity.numeral.rstrip("余多来")
    in_words = numeral[0] in _HAN
    # 一家, 一批 are articles; 数百 and 几十 are indefinite; so are 百名专家 and 亿元村, unless a word makes them measured.
    if (numeral in ("一", "零") and quantity.kind != "rate") or (numeral in _INDEFINITE and not quantity.cue):
        return True
    if numeral[0] in "上十百千万亿" and _VAGUE.search(text, max(0, start - 2), start):
        return True
    few = quantity.value <= _FEW and not quantity.cue and quantity.kind == "count"
    if few and (_ABSTRACT.match(text, end) or (in_words and _PROGRAMMES.match(text, start))):
        return True
    # 三支一扶, 一村一品, 五个一: a numeral, a word, a numeral again.
    return in_words and quantity.value <= 10 and end < len(text) and text[end] in _HAN
