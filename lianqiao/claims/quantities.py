"""Numbers with units in running text: where they stand, what they are worth, and how they are qualified.

This is the lexical half of the reader: it knows numerals, units and what is no quantity at all (ordinals, names, codes,
page furniture), but nothing of the cooperation. Every pattern is bounded, so the work grows with the text's length only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from lianqiao.claims.tables import rows
from lianqiao.core.numerals import half_width, parse_number
from lianqiao.core.precision import Approx, approx_of

_TRADITIONAL = str.maketrans(
    "億萬兩餘個戶對幫協資財縣區鎮鄉業產園車間勞務轉幹訓醫衛農師學校團會議簽訂約額捐贈總計覆蓋帶動貧脫實項場單位種類東幣達進興來結隊導員"
    "聯際製點處條專館櫃銷購賣費費環節階幾數",
    "亿万两余个户对帮协资财县区镇乡业产园车间劳务转干训医卫农师学校团会议签订约额捐赠总计覆盖带动贫脱实项场单位种类东币达进兴来结队导员"
    "联际制点处条专馆柜销购卖费费环节阶几数",
)


def fold(text: str) -> str:
    """`text` with half-width digits and punctuation and the commonest traditional characters made simplified.

    Character by character: offsets into the result are offsets into `text`.
    """
    return half_width(text).translate(_TRADITIONAL)


@dataclass(frozen=True)
class Quantity:
    """One number with its unit; `start`, `end` are offsets into the text, `kind` is a kind of units.tsv.

    `value`, `value_max` (of a range) and `step` (the weight of the last digit written) are in `unit`, 万 and 亿
    multiplied out. `numeral` is the number as written, without the unit.
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


def _units() -> dict[str, tuple[str, str]]:
    known = {}
    for row in rows("units.tsv"):
        for word in row["words"].split():
            written, _, name = word.partition("=")
            known[written] = (row["kind"], name or written)
    return known


UNITS = _units()
_UNIT = re.compile(" ?(" + "|".join(re.escape(word) for word in sorted(UNITS, key=len, reverse=True)) + ")")

_HAN = "零一二三四五六七八九十百千万亿两"
_ARABIC = r"(?:\d{1,3}(?:,\d{3}){1,5}(?!\d)|\d{1,20})(?:\.\d{1,10})?"
_SCALE = r"(?:万亿|[百千十]?[万亿]|千(?![瓦克米])|百(?![货姓分]))"
_FRACTION = rf"[{_HAN}\d]{{1,6}}分之(?:[{_HAN}点]{{1,8}}|\d{{1,6}}(?:\.\d{{1,4}})?)"
_NUMBER = re.compile(
    rf"(?P<fraction>{_FRACTION})"
    rf"|(?P<digits>{_ARABIC})(?P<inner>[余多来]?) ?(?P<scale>{_SCALE}?)(?P<outer>[余多来]?)"
    rf"|(?P<han>(?:(?<!以)上(?=[百千万亿]))?[{_HAN}]{{1,16}}(?:点[{_HAN}]{{1,8}})?)(?P<han_inner>[余多来]?)(?P<han_scale>[万亿]?)(?P<han_outer>[余多来]?)",
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
    end: int
    value: Fraction
    value_max: Fraction | None
    step: Fraction
    cue: str | None
    scaled: bool
    rate: bool = False


def quantities(text: str) -> Iterator[Quantity]:
    """The quantities of a folded text in order, none overlapping another; those of kind time and blocked included."""
    skip, ordinal_end = _silent_spans(text), -1
    position = 0
    while match := _NUMBER.search(text, position):
        start, position = match.start(), match.end()
        if number := _read_number(text, match):
            quantity = _with_unit(text, start, number)
            position = max(position, quantity.end if quantity else number.end)
            if _is_ordinal(text, start, ordinal_end):
                ordinal_end = position
            elif quantity and not _in_spans(start, skip) and not _is_code(text, start, quantity):
                yield quantity


def _read_number(text: str, match: re.Match[str]) -> _Number | None:
    if match["fraction"]:
        value = parse_number(match["fraction"])
        return _Number(match.end(), value * 100, None, Fraction(1), None, False, True) if value else None
    digits, inner, scale, outer = match["digits"], match["inner"], match["scale"], match["outer"]
    if not digits:
        digits, inner, scale, outer = match["han"], match["han_inner"], match["han_scale"], match["han_outer"]
    least = digits.startswith("上")  # 上千吨: the word is part of the numeral
    digits = digits.removeprefix("上")
    if low_high := _spoken_range(digits):
        return _scaled_range(match, low_high, scale)
    value = parse_number(digits)
    weight = parse_number(scale) if scale else Fraction(1)
    if value is None or weight is None:
        return None
    step = _last_digit(digits) * weight
    cue = "上" if least else inner or outer or None
    return _Number(match.end(), value * weight, None, step, cue, bool(scale) or digits[-1] in "万亿")


def _last_digit(digits: str) -> Fraction:
    """The weight of the last digit written. Chinese numerals below 万 write every digit out: 三百 is 300, not about 300."""
    if digits[-1] in "万亿":
        return parse_number(digits[-1]) or Fraction(1)
    return Fraction(1, 10 ** len(digits.partition(".")[2]))


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


def _scaled_range(match: re.Match[str], ends: tuple[Fraction, Fraction], scale: str) -> _Number:
    weight = parse_number(scale) or Fraction(1) if scale else Fraction(1)
    low, high = (end * weight for end in ends)
    return _Number(match.end(), low, high, high - low, "range", bool(scale))


def _with_unit(text: str, start: int, number: _Number) -> Quantity | None:
    """The number at `start` with the unit that follows it, or the upper end of its range and then the unit."""
    if number.rate:
        return _quantity(text, start, number, number.end, "%", "rate")
    if tenth := _TENTH.match(text, number.end):
        tenths = _times(number, 10)
        return _quantity(text, start, tenths, tenth.end(), "%", "rate")
    unit = _UNIT.match(text, number.end)
    kind, name = UNITS[unit[1]] if unit else ("", "")
    end = unit.end() if unit else number.end
    if kind not in ("time", "blocked") and (ranged := _range_from(text, start, number, end, name)):
        return ranged
    if not unit and not number.scaled:
        return None
    if kind == "noun" and not _omits_the_measure(text, start, number, unit):
        kind, name, end = "", "", number.end
    if number.value_max is None and number.cue == "来" and not unit:
        return None
    return _quantity(text, start, number, end, name, kind or "bare")


def _omits_the_measure(text: str, start: int, number: _Number, noun: re.Match[str] | None) -> bool:
    """Whether the noun stands in for a measure word (12镇, 40万农村劳动力): not after Chinese numerals (两县, 三镇)."""
    labour = bool(noun) and noun[1].endswith("劳动力")
    return text[start].isdecimal() and number.cue is None and (labour or not number.scaled)


def _times(number: _Number, factor: int) -> _Number:
    top = None if number.value_max is None else number.value_max * factor
    return _Number(number.end, number.value * factor, top, number.step * factor, number.cue, False)


def _range_from(text: str, start: int, low: _Number, end: int, unit: str) -> Quantity | None:
    """A range (30元至120元, 3-5万人) whose lower end is `low`, ending at `end` with its own unit, if any."""
    to = _TO.match(text, end)
    match = to and _NUMBER.match(text, to.end())
    high = match and _read_number(text, match)
    if not high or text[start - 1 : start] in ("从", "由") or low.value_max or high.value_max or low.rate or high.rate:
        return None
    named = _UNIT.match(text, high.end)
    kind, name = UNITS[named[1]] if named else ("", "")
    if kind in ("", "time", "blocked", "noun") or (unit and unit != name):
        return None
    # 3-5万 means 3万 to 5万, unless the lower end has a scale or a unit of its own.
    weight = high.value / (parse_number(match["digits"] or "") or high.value) if match and not low.scaled and not unit else 1
    if low.value * weight >= high.value:
        return None
    between = _Number(high.end, low.value * weight, high.value, high.step, "range", False)
    return _quantity(text, start, between, named.end() if named else high.end, name, kind)


def _quantity(text: str, start: int, number: _Number, end: int, unit: str, kind: str) -> Quantity:
    cue = number.cue or _cue_before(text, start) or _cue_after(text, end)
    value = number.value / 10 if unit == "‰" else number.value
    approx = approx_of(cue) if cue else None
    numeral = text[start : number.end]
    return Quantity(start, end, value, number.value_max, number.step, "%" if unit == "‰" else unit, kind, approx, cue, numeral)


def _cue_before(text: str, start: int) -> str | None:
    """The qualifying word that ends right before `start` (超过了 and a space between are allowed)."""
    reach = max(0, start - _CUE_REACH)
    found = None
    for match in _BEFORE.finditer(text, reach, start + 1):
        if text[match.end() : start].strip() in ("", "了", "达", "人民币") and match.end() <= start:
            found = match[0]
    return found


def _cue_after(text: str, end: int) -> str | None:
    match = _AFTER.match(text, end)
    return match[1] if match else None


_SILENT = re.compile(r"《[^《》\n]{1,60}》|<[^<>]{1,200}>|〔[^〔〕\n]{1,12}〕|“[^“”\n]{1,10}”|‘[^‘’\n]{1,10}’|「[^「」\n]{1,10}」|\"[^\"\n]{1,10}\"")
_STATED = re.compile(r"\d ?[十百千万亿]{0,2}(?:元|%|人次)")


def _silent_spans(text: str) -> list[tuple[int, int]]:
    """Where numbers belong to titles, tags, document numbers and short names in quotation marks (“5+N”, “五个一”)."""
    spans = []
    for match in _SILENT.finditer(text):
        if match[0][0] in "《<〔" or not _STATED.search(match[0]):
            spans.append(match.span())
    return spans


def _in_spans(position: int, spans: list[tuple[int, int]]) -> bool:
    while spans and spans[0][1] <= position:
        del spans[0]
    return bool(spans) and spans[0][0] <= position


def _is_ordinal(text: str, start: int, ordinal_end: int) -> bool:
    """第五批; and in 第十、十一批 the second number too."""
    return text[start - 1 : start] == "第" or (0 <= ordinal_end < start and text[ordinal_end:start] in "、和至到-")


_FURNITURE = re.compile(
    r"浏览|阅读|点击|访问量|字数|字号|字体|电话|传真|邮编|邮箱|热线|备案|ICP|公网安备|许可证|版权|Copyright|责编|编号|房间|尾号|航班|车次"
)
_ABSTRACT = re.compile(
    r"(?:方面|目标|环节|阶段|机制|原则|维度|层面|关键|重点|确保|一[”』」’\"工机活行模目]|大类|亮点|坚持|转变|到位|体系|统筹|关系|问题|特点|举措|方向|"
    r"步骤|.{0,2}名片|梯队|字|意识|自信|优势|难题|版块|板块|文明|轮子|翅膀|结合|抓手|不愁|全覆盖)"
)


_PROGRAMMES = re.compile(rf"[{_HAN}]{{1,2}}(?:[项个大条种类].{{0,4}}(?:工程|行动|计划|任务|制度|措施|政策|工作|活动|要求)|期(?!培训|班))")
"""四项工程, 八大行动, 二期: the parts of a programme, counted in Chinese numerals."""


def _is_code(text: str, start: int, quantity: Quantity) -> bool:
    """Whether the number is part of a code, a name, a slogan or the page's furniture rather than a quantity."""
    before, after = text[start - 1 : start], text[quantity.end : quantity.end + 1]
    if (before and (before.isascii() and before.isalnum() or before in "+*.")) or after == "*" or after == "+":
        return True
    if _FURNITURE.search(text, max(0, start - 8), start):
        return True
    return _is_idiom(text, start, quantity)


def _is_idiom(text: str, start: int, quantity: Quantity) -> bool:
    numeral = quantity.numeral.rstrip("余多来")
    if numeral in ("一", "零"):
        return True
    if text[start - 1 : start] in ("数", "几", "好", "无", "成", "之", "若") and numeral[0] in _HAN and start:
        return True
    # 百名专家, 千家万户, 亿元村: an indefinite number, unless a word makes it a measured one.
    if numeral in ("百", "千", "万", "亿", "百万", "千万", "百亿", "千亿") and not quantity.cue:
        return True
    small = quantity.kind == "count" and quantity.value <= 12 and not quantity.cue
    if small and _ABSTRACT.match(text, quantity.end):
        return True
    if quantity.kind == "count" and numeral[0] in _HAN and quantity.value <= 12 and _PROGRAMMES.match(text, quantity.start):
        return True
    # 三支一扶, 一村一品, 五个一: a numeral, a word, a numeral again.
    return numeral[0] in _HAN and quantity.value <= 10 and text[quantity.end : quantity.end + 1] in tuple(_HAN)
