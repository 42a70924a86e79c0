"""What stands behind | in a template: spans, nodes, units, targets, and the narrowing of lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from lianqiao.briefings.book import SPANS, About
from lianqiao.briefings.rows import Amount, Rows, headings
from lianqiao.briefings.style import MISSING, WAN, YI, YUAN
from lianqiao.briefings.values import (
    TARGET_WORDS,
    Field,
    NotSo,
    Place,
    Targeted,
)
from lianqiao.claims.tagged import GROWTH, IDLE, RATE, SHORT, TARGET
from lianqiao.core.periods import Period
from lianqiao.places.tree import NoSuchNode, by_name


def of_field(value: Any, word: str) -> Field:
    if not isinstance(value, Field):
        raise NotSo(f"“|{word}”用于指标。")
    return value


def spanned(value: Any, period: Period, word: str) -> Any:
    """A figure or a list of rows over another span."""
    if isinstance(value, Rows):
        return value.within(period)
    return replace(of_field(value, word), period=period)


def styled(word: str, **style: Any) -> Callable[..., Any]:
    """A filter that changes how a figure or an amount is written; the number in brackets is that of decimals."""

    def apply(value: Any, decimals: int | None = None) -> Any:
        if value is None:
            return None
        if not isinstance(value, Field | Amount):
            raise NotSo(f"“|{word}”用于指标和金额。")
        more: dict[str, Any] = {} if decimals is None else {"decimals": places(decimals)}
        return replace(value, style=replace(value.style, **style, **more))

    return apply


def places(decimals: object) -> int:
    if not isinstance(decimals, int) or isinstance(decimals, bool) or not 0 <= decimals <= 4:
        raise NotSo("小数位数写 0 至 4。")
    return decimals


def whole(number: object, least: int, most: int, word: str) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
        raise NotSo(f"“{word}”写 {least} 至 {most} 的整数。")
    return number


def at_year(value: Any, year: object) -> Any:
    """A year; the running one up to the document's last day."""
    about = about_of(value, "年")
    first = whole(year, 1990, 2100, "年")
    until = min(date(first, 12, 31), about.until)
    if until < date(first, 1, 1):
        raise NotSo(f"{first} 年在文件截止日之后。")
    return spanned(value, Period(date(first, 1, 1), until), "年")


def from_to(value: Any, start: object, until: object) -> Any:
    return spanned(value, Period(day(start), day(until)), "自")


def up_to(value: Any, until: object) -> Any:
    return spanned(value, Period.cumulative(day(until)), "至")


def day(told: object) -> date:
    try:
        return date.fromisoformat(str(told))
    except ValueError:
        raise NotSo(f'日期写作 "2021-10-12"，不能是“{told}”。') from None


def about_of(value: Any, word: str) -> About:
    return value.about if isinstance(value, Rows) else of_field(value, word).book.about


def at_node(value: Any, place: object) -> Field:
    """The figure of another node at or below the document's own."""
    asked = of_field(value, "在")
    if isinstance(place, Place):
        return replace(asked, node=place.node)
    try:
        node = by_name(str(place))
    except NoSuchNode as error:
        raise NotSo(str(error)) from error
    if not node.path.startswith(asked.book.about.node.path):
        raise NotSo(f"“{place}”不在“{asked.book.about.node}”之内，这份文件不写它的数。")
    return replace(asked, node=node)


def promised(op: str) -> Callable[[Any], Field]:
    """A figure's target of the year, its attainment or its shortfall."""

    def apply(value: Any) -> Field:
        asked = of_field(value, op)
        attained = asked.book.attainment(asked.measure)
        entry = attained.promise.entry if attained else -1
        return replace(asked, op=op, target=entry, period=SPANS["今年"](asked.book.about.until))

    return apply


def chosen(value: Any, name: object, wanted: object) -> Any:
    """The rows or targets that hold a value under a heading."""
    if isinstance(value, Rows):
        if name not in headings(value.model):
            raise NotSo(f"“{value.model.ledger.name}”没有“{name}”列。")
        return replace(value, where=(*value.where, (str(name), str(wanted))))
    if isinstance(value, list) and all(isinstance(one, Targeted) for one in value):
        if name not in TARGET_WORDS:
            raise NotSo(f"目标没有“{name}”一项。")
        return [one for one in value if str(one.get(str(name))) == str(wanted)]
    raise NotSo("“|选”用于台账和年度目标。")


def first_of(value: Any, most: object) -> Any:
    number = whole(most, 1, 2000, "前")
    if isinstance(value, Rows):
        return replace(value, first=number)
    if isinstance(value, list):
        return value[:number]
    raise NotSo("“|前”用于列表。")


def counted(value: Any) -> int:
    if not isinstance(value, Rows | list):
        raise NotSo("“|行数”用于列表。")
    return len(value)


def long_date(value: Any) -> str:
    if not isinstance(value, date):
        return "" if value is None else str(value)
    return f"{value.year}年{value.month}月{value.day}日"


def or_dash(value: Any) -> Any:
    if isinstance(value, Field):
        return replace(value, or_dash=True)
    return MISSING if value is None or value == "" else value


def grown(value: Any) -> Field:
    return replace(of_field(value, GROWTH), op=GROWTH)


def idle(value: Any) -> Field:
    asked = of_field(value, IDLE)
    if asked.measure.code != "funds.paid":
        raise NotSo("“|闲置”只用于资金支付。")
    return replace(asked, op=IDLE)


def span_filter(name: str) -> Callable[[Any], Any]:
    return lambda value: spanned(value, SPANS[name](about_of(value, name).until), name)


FILTERS: dict[str, Callable[..., Any]] = {
    **{name: span_filter(name) for name in SPANS},
    "年": at_year, "自": from_to, "至": up_to, "在": at_node,
    "元": styled("元", scale=YUAN), "万元": styled("万元", scale=WAN), "亿元": styled("亿元", scale=YI),
    "数": styled("数", table=True), "余": styled("余", rough=True), "小数": styled("小数"), "带号": styled("带号", signed=True),
    GROWTH: grown, IDLE: idle, TARGET: promised(TARGET), RATE: promised(RATE), SHORT: promised(SHORT),
    "可缺": or_dash, "选": chosen, "前": first_of, "行数": counted, "年月日": long_date,
}  # fmt: skip
TESTS: dict[str, Callable[[Any], bool]] = {
    "有": lambda value: value.value is not None if isinstance(value, Field) else bool(value),
    "无": lambda value: value.value is None if isinstance(value, Field) else not value,
}
