"""What a text's numbers say of one another, without the journal: parts and wholes, sums, shares, growth, a thing said twice.

A remark is made only where the text itself relates the numbers (其中, 合计, 由 … 增加到 …, 占) and no reading of their
precision reconciles them: a false alarm costs more than a silence, since every number is held against the journal as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lianqiao.claims.reading import Claim
from lianqiao.core.precision import Reading

PART, SUM, TWICE, GROWTH, COUNTY, SHARE = "part", "sum", "twice", "growth", "county", "share"
KINDS = {
    PART: "其中数大于总数",
    SUM: "分项与合计不符",
    TWICE: "同一数前后不一",
    GROWTH: "增幅与前后两数不符",
    COUNTY: "县均与总数不符",
    SHARE: "占比与两数不符",
}


@dataclass(frozen=True)
class Remark:
    """Numbers of a text that contradict one another: the kind (a key of KINDS), their indices, and what is wrong."""

    kind: str
    claims: tuple[int, ...]
    told: str


def remarks(text: str, claims: Sequence[Claim]) -> list[Remark]:
    """The contradictions among the claims of `text`, in the order of their first number; none is told twice."""
    page = _Page(text, claims)
    found = [remark for look in _LOOKS for remark in look(page)]
    return sorted(dict.fromkeys(found), key=lambda remark: remark.claims)


@dataclass(frozen=True)
class _Span:
    """The exact values that a written number may stand for."""

    low: Fraction
    high: Fraction

    def meets(self, other: _Span) -> bool:
        return self.low <= other.high and other.low <= self.high


def _span(claim: Claim) -> _Span:
    """From half a digit below (rounded up) to a digit above (cut off); wider where it says 余, 近 or 约."""
    value, step, figure = claim.value, claim.step, claim.written.last_figure
    if claim.value_max is not None:
        return _Span(value, claim.value_max)
    match claim.written.sense:
        case Reading.EXACT:
            exact = step == 1 and claim.unit != "元"
            return _Span(value, value) if exact else _Span(value - step / 2, value + step)
        case Reading.ODD:
            return _Span(value, value + figure)
        case Reading.ABOVE | Reading.AT_LEAST:
            return _Span(value, 2 * value)
        case Reading.ABOUT:
            return _Span(value - figure, value + figure)
        case _:
            return _Span(value / 2, value)


def _times(one: _Span, other: _Span) -> _Span:
    return _Span(one.low * other.low, one.high * other.high)


def _total(claims: Sequence[Claim]) -> _Span:
    spans = [_span(claim) for claim in claims]
    return _Span(sum((s.low for s in spans), Fraction()), sum((s.high for s in spans), Fraction()))


_STATEMENT_END = re.compile(r"[。！？!?\n]")
_SENTENCE_END = re.compile(r"[。！？!?；;\n]")
_MOST = 16
"""So many numbers may be parts of one. It bounds the work in texts without full stops."""

_SAME_UNITS = {"名": "人", "位": "人", "人次": "人次"}


class _Page:
    """The claims with the words between them."""

    def __init__(self, text: str, claims: Sequence[Claim]) -> None:
        self.text, self.claims = text, claims

    def between(self, first: int, second: int) -> str:
        """The words between two claims."""
        return self.text[self.claims[first].end : self.claims[second].start]

    def before(self, index: int, reach: int = 30) -> str:
        """The words before a claim, back to the one before it."""
        begin = self.claims[index - 1].end if index else 0
        return self.text[max(begin, self.claims[index].start - reach) : self.claims[index].start]

    def after(self, index: int, reach: int = 12) -> str:
        last = index + 1 == len(self.claims)
        end = len(self.text) if last else self.claims[index + 1].start
        return self.text[self.claims[index].end : min(end, self.claims[index].end + reach)]

    def following(self, index: int, end: re.Pattern[str]) -> Iterator[int]:
        """The claims after one, until `end` stands between them; no more than a list may have."""
        for other in range(index + 1, min(index + 1 + _MOST, len(self.claims))):
            if end.search(self.between(other - 1, other)):
                return
            yield other

    def same_unit(self, first: int, second: int) -> bool:
        one, other = (self.claims[n].unit for n in (first, second))
        return _SAME_UNITS.get(one, one) == _SAME_UNITS.get(other, other)

    def quotes(self, *indices: int) -> str:
        return "、".join(self.claims[n].quote for n in indices)


# Parts and wholes -----------------------------------------------------------------------------------------------------

_AMONG = re.compile(r"其中")
_JOINS = re.compile(r"[^。！？!?；;\n\d]{0,14}[，,。；;（(：:、]?\s?其中")


def _wholes(page: _Page) -> Iterator[tuple[int, list[int]]]:
    """Each number followed by 其中, with the numbers of the same unit that come next in that statement."""
    for index in range(len(page.claims) - 1):
        if not _JOINS.match(page.between(index, index + 1)):
            continue
        parts = [index + 1, *page.following(index + 1, _STATEMENT_END)]
        again = [n for n in parts[1:] if _AMONG.search(page.before(n, 200))]
        parts = parts[: parts.index(again[0])] if again else parts
        yield index, [n for n in parts if page.same_unit(index, n)]


def _part_above(page: _Page) -> Iterator[Remark]:
    """其中 names a part that no reading makes as small as the whole."""
    for whole, parts in _wholes(page):
        for part in parts[:1]:
            if part == whole + 1 and _span(page.claims[part]).low > _span(page.claims[whole]).high:
                told = f"其中{page.claims[part].quote}，大于总数{page.claims[whole].quote}"
                yield Remark(PART, (whole, part), told)


_DISJOINT = (
    ("labour.employed_total", ("labour.employed_east", "labour.employed_province", "labour.employed_nearby"), True),
    ("funds.total", ("funds.fiscal", "funds.social"), False),
)
"""Indicators whose parts hardly overlap; and whether the parts are all there are."""

_MOVED = Fraction(11, 10)
"""Who worked in two places within the span is counted once in the whole, and in both parts: allow a tenth for it."""


def _disjoint_parts(page: _Page) -> Iterator[Remark]:
    """Where 其中 names parts that exclude one another: they add up to no more than the whole, all of them to no less."""
    for whole, parts in _wholes(page):
        for indicator, kinds, complete in _DISJOINT:
            if page.claims[whole].indicator != indicator:
                continue
            mine = [n for n in parts if page.claims[n].indicator in kinds]
            if len({page.claims[n].indicator for n in mine}) != len(mine) or len(mine) < 2:
                continue
            total, own = _total([page.claims[n] for n in mine]), _span(page.claims[whole])
            all_there = complete and len(mine) == len(kinds)
            if total.low > own.high * _MOVED or (all_there and total.high < own.low):
                yield Remark(SUM, (whole, *mine), f"{page.quotes(*mine)}相加，与总数{page.claims[whole].quote}不符")


_LISTED = re.compile(r"[^。！？!?；;，,\n\d]{0,10}(?:[：:]|[，,]?\s?(?:其中[：:]|分别(?:是|为)|包括|包含|分为|分成))")
_SUMMED = re.compile(r"(?:合计|总计|共计|加起来(?:是|有|共)?|一共)[为达是]?(?:约)?$")
_EACH = ("funds.per_county", "income.per_capita")
"""What each of several has is not summed to what all have."""

_OTHERS = re.compile(r"等|其余|另有|其他|以及部分|之一")


def _listed(page: _Page) -> Iterator[Remark]:
    """A number, a colon (包括, 分别为), and its parts in one list up to the end of the sentence: they add up to it."""
    for whole in range(len(page.claims) - 2):
        if not _LISTED.match(page.between(whole, whole + 1)):
            continue
        parts = [whole + 1, *page.following(whole + 1, _SENTENCE_END)]
        last = page.claims[parts[-1]]
        words = page.text[page.claims[whole].end : last.end] + page.after(parts[-1])
        alike = all(page.same_unit(whole, n) for n in parts) and len({page.claims[n].indicator for n in parts}) == 1
        same = page.claims[whole].indicator == page.claims[parts[0]].indicator or page.claims[whole].unit == "元"
        if len(parts) < 2 or not alike or not same or _OTHERS.search(words) or _AMONG.search(words[3:]):
            continue
        if not _total([page.claims[n] for n in parts]).meets(_span(page.claims[whole])):
            yield Remark(SUM, (whole, *parts), f"{page.quotes(*parts)}相加，不等于{page.claims[whole].quote}")


def _summed(page: _Page) -> Iterator[Remark]:
    """Numbers in a row and 合计 after them, in one sentence: some run of them before it adds up to it."""
    for index in range(2, len(page.claims)):
        if not _SUMMED.search(page.before(index)):
            continue
        run = _run(page, index)
        if len(run) < 2 or not all(page.same_unit(index, n) for n in run):
            continue
        if any(page.claims[n].indicator in _EACH for n in run):
            continue
        own, claims = _span(page.claims[index]), [page.claims[n] for n in run]
        if not any(_total(claims[:size]).meets(own) for size in range(2, len(run) + 1)):
            yield Remark(
                SUM, (*sorted(run), index), f"{page.quotes(*sorted(run))}相加，不等于{page.claims[index].quote}"
            )


def _run(page: _Page, index: int) -> list[int]:
    """The numbers before one in its sentence, the nearest first; those listed after a colon are parts of the one before."""
    run: list[int] = []
    for n in range(index - 1, max(index - 1 - _MOST, -1), -1):
        between = page.between(n, n + 1)
        if _SENTENCE_END.search(between):
            break
        run = [n] if between[:1] in (":", "：") else [*run, n]
    return run


# Rates ----------------------------------------------------------------------------------------------------------------

_FROM = re.compile(r"(?:从|由)[^。；;，,]{0,16}$")
_TO = re.compile(
    r"^[^。；;，,]{0,6}(?:增|升|提|涨|扩|降|减|跌|变|达|发展|增长|下降)[^。；;，,]{0,6}(?:到|至|为|成)[^。；;，,]{0,8}$"
)
_GREW = re.compile(r"(?:增长|增加|增幅|提高|上升|涨幅|涨)了?(?:达|约|近|超)?(?:到)?$")
_FELL = re.compile(r"(?:下降|减少|降幅|降低)了?(?:达|约|近|超)?$")
_MULTIPLE = re.compile(r"(?:是|为|相当于)[^。；;，,]{0,8}的$")


_YEARLY = re.compile(r"年均|年平均|每年|逐年")


def _growth(page: _Page) -> Iterator[Remark]:
    """由A增加到B，增长p%: B is A and p% of it; and likewise 下降, and B 是原来的 n 倍."""
    for index in range(2, len(page.claims)):
        rate, low, high = page.claims[index], index - 2, index - 1
        if rate.unit not in ("%", "倍") or not page.same_unit(low, high) or page.claims[low].unit in ("%", "倍"):
            continue
        if not _FROM.search(page.before(low)) or not _TO.match(page.between(low, high)):
            continue
        expected = _expected(page.before(index), _span(rate), rate.unit)
        if expected and not _times(_span(page.claims[low]), expected).meets(_span(page.claims[high])):
            told = f"{page.claims[low].quote}到{page.claims[high].quote}，与所说的{rate.quote}不符"
            yield Remark(GROWTH, (low, high, index), told)


def _expected(words: str, rate: _Span, unit: str) -> _Span | None:
    """By what the first of two numbers is to be multiplied, as the words before the rate say; None if they do not."""
    hundred = Fraction(100)
    if _YEARLY.search(words):  # 年均增长 says nothing of the two ends alone
        return None
    if unit == "倍":
        return rate if _MULTIPLE.search(words) else None
    if _GREW.search(words):
        return _Span(1 + rate.low / hundred, 1 + rate.high / hundred)
    if _FELL.search(words):
        return _Span(1 - rate.high / hundred, 1 - rate.low / hundred)
    return None


_OF_WHOLE = re.compile(r"^[^。；;\n]{0,14}占(?:比|总额|总数|总量|总投入|全部|资金总额|资金总量)?的?(?:达|约|为|到)?$")


def _share(page: _Page) -> Iterator[Remark]:
    """A，其中B…，占p%: B is p% of A."""
    for whole, parts in _wholes(page):
        if not parts or parts[0] != whole + 1 or whole + 2 >= len(page.claims):
            continue
        part, share = parts[0], whole + 2
        if page.claims[share].unit != "%" or not _OF_WHOLE.match(page.between(part, share)):
            continue
        rate = _span(page.claims[share])
        expected = _times(_span(page.claims[whole]), _Span(rate.low / 100, rate.high / 100))
        if not expected.meets(_span(page.claims[part])):
            told = f"{page.claims[part].quote}占{page.claims[whole].quote}的比重，不是{page.claims[share].quote}"
            yield Remark(SHARE, (whole, part, share), told)


_AVERAGE = re.compile(r"(?:县均|平均每个?县|每县平均|每个?县)[^。；;，,\d]{0,8}$")


def _per_county(page: _Page) -> Iterator[Remark]:
    """A total, so many counties, and so much for each of them, next to one another in any order but the average last."""
    for index in range(2, len(page.claims)):
        if page.claims[index].indicator != "funds.per_county" or not _AVERAGE.search(page.before(index)):
            continue
        by_kind = {page.claims[n].indicator: n for n in (index - 2, index - 1)}
        total = next((by_kind[k] for k in ("funds.fiscal", "funds.total", "funds.sector") if k in by_kind), None)
        count = by_kind.get("pair.county")
        if total is None or count is None or _STATEMENT_END.search(page.between(index - 2, index)):
            continue
        each = _times(_span(page.claims[index]), _span(page.claims[count]))
        if not each.meets(_span(page.claims[total])):
            told = f"{page.claims[count].quote}县，县均{page.claims[index].quote}，与{page.claims[total].quote}不符"
            yield Remark(COUNTY, (index - 2, index - 1, index), told)


# Said twice -----------------------------------------------------------------------------------------------------------

_FILLERS = re.compile(r"累计|总共|一共|已经|[已共达约近超逾余多为是有了的，,：:“”\s]|截至目前|目前")
_LONG_ENOUGH = 4


def _twice(page: _Page) -> Iterator[Remark]:
    """The same words around two numbers that cannot be the same: of sums since the beginning, told as such."""
    seen: dict[tuple[object, ...], int] = {}
    for index, claim in enumerate(page.claims):
        words = _FILLERS.sub("", claim.context)
        told_as_sum = any(word.startswith("时段：") and "无时间词" not in word for word in claim.why)
        if claim.period != "cumulative" or claim.planned or not told_as_sum or len(words) <= _LONG_ENOUGH:
            continue
        if claim.indicator is None or claim.part_of is not None:
            continue
        key = (claim.indicator, claim.unit, claim.direction, words)
        first = seen.setdefault(key, index)
        if first != index and not _span(page.claims[first]).meets(_span(claim)):
            yield Remark(TWICE, (first, index), f"前文说{page.claims[first].quote}，这里说{claim.quote}")


_LOOKS = (_part_above, _disjoint_parts, _listed, _summed, _growth, _share, _per_county, _twice)
