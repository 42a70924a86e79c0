"""Numbers and units in running text. Sentences are invented."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao.claims.quantities import Quantity, fold, quantities


def found(text: str) -> list[Quantity]:
    return [quantity for quantity in quantities(fold(text)) if quantity.is_countable]


def one(text: str) -> Quantity:
    (quantity,) = found(text)
    return quantity


@pytest.mark.parametrize(
    ("text", "quote", "value", "unit"),
    [
        ("到位1.14亿元", "1.14亿元", 114_000_000, "元"),
        ("培训１，２３４人次", "１，２３４人次", 1234, "人次"),
        ("培训3,071人次", "3,071人次", 3071, "人次"),
        ("资金 50.5 万元", "50.5 万元", 505_000, "元"),
        ("投資3.2億元", "3.2億元", 320_000_000, "元"),
        ("派出二十六名教师", "二十六名", 26, "名"),
        ("建桥十座", "十座", 10, "座"),
        ("完成百分之三十", "百分之三十", 30, "%"),
        ("三成以上是新项目", "三成", 30, "%"),
        ("降了5‰", "5‰", Fraction(1, 2), "%"),
        ("惠及2万人（次）", "2万人（次）", 20_000, "人次"),
        ("日挣120块钱", "120块钱", 120, "元"),
        ("发电3千瓦时", "3千瓦时", 3, "千瓦时"),
        ("结对12镇", "12镇", 12, "个"),
        ("帮40万农村劳动力就业", "40万农村劳动力", 400_000, "人"),
        ("多出一倍", "一倍", 1, "倍"),
    ],
)
def test_value_and_unit(text: str, quote: str, value: Fraction, unit: str) -> None:
    quantity = one(text)
    assert (text[quantity.start : quantity.end], quantity.value, quantity.unit) == (quote, value, unit)


@pytest.mark.parametrize(
    ("text", "quote", "approx", "cue"),
    [
        ("6000余人次", "6000余人次", "more_than", "余"),
        ("2900万余元", "2900万余元", "more_than", "余"),
        ("30多万元", "30多万元", "more_than", "多"),
        ("百余名", "百余名", "more_than", "余"),
        ("上千吨", "上千吨", "more_than", "上"),
        ("超过3亿元", "3亿元", "more_than", "超过"),
        ("突破3亿元", "3亿元", "more_than", "突破"),
        ("不少于3名", "3名", "more_than", "不少于"),
        ("90%以上", "90%", "more_than", "以上"),
        ("近200万元", "200万元", "less_than", "近"),
        ("不到4000元", "4000元", "less_than", "不到"),
        ("约4万人次", "4万人次", "about", "约"),
        ("4万人左右", "4万人", "about", "左右"),
        ("就近3万人", "3万人", None, None),
        ("签约22个", "22个", None, None),
        ("共22个", "22个", None, None),
    ],
)
def test_qualifying_words(text: str, quote: str, approx: str | None, cue: str | None) -> None:
    quantity = one(text)
    assert (text[quantity.start : quantity.end], quantity.approx, quantity.cue) == (quote, approx, cue)


@pytest.mark.parametrize(
    ("text", "quote", "low", "high"),
    [
        ("每斤30元至120元", "30元至120元", 30, 120),
        ("用工3-5万人", "3-5万人", 30_000, 50_000),
        ("五六十名", "五六十名", 50, 60),
        ("两三个月薪水的两三家", "两三家", 2, 3),
        ("20~30名", "20~30名", 20, 30),
    ],
)
def test_ranges(text: str, quote: str, low: int, high: int) -> None:
    quantity = one(text)
    assert text[quantity.start : quantity.end] == quote
    assert (quantity.value, quantity.value_max, quantity.approx) == (Fraction(low), Fraction(high), "about")


def test_from_one_number_to_another_is_no_range() -> None:
    assert [quantity.value for quantity in found("从30元到120元")] == [30, 120]


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("3100户", 1),
        ("1.14亿元", 1_000_000),
        ("200万元", 10_000),
        ("12.50%", "1/100"),
        ("三百户", 1),
        ("二十万户", 10_000),
    ],
)
def test_weight_of_the_last_digit(text: str, step: str | int) -> None:
    assert one(text).step == Fraction(step)


@pytest.mark.parametrize(
    "text",
    [
        "2021年10月12日上午9时30分",
        "二〇二一年",
        "“十四五”时期",
        "第五批、第十、十一批干部",
        "第五个年头",
        "“1+X”和“5+N”、“五个一”、“三个一”",
        "“百县千村”行动",
        "三支一扶",
        "《3家单位协议》",
        "〔2023〕9号",
        "电话：0512-53660867",
        "+86-0512-53660867",
        "Copyright © 2015-2024",
        "浏览次数：806 次",
        "S73高速、B2-036展位、4A景区、ISO9001",
        "一批项目、一家企业",
        "数十家、几百名",
        "千家万户",
        "三级体系、两地、四方面、四项工程",
        "3个方面",
        "25年来、3个月、90天、18岁",
        "共1**3人",
    ],
)
def test_no_quantity(text: str) -> None:
    assert found(text) == []


def test_a_number_without_a_measure_word_is_bare() -> None:
    assert [(q.kind, q.value) for q in found("捐了310万、物资")] == [("bare", Fraction(3_100_000))]


TEXTS = st.text(
    alphabet=st.sampled_from(
        "0123456789,.，。、；：（）()《》“”‘’<>〔〕-+*%一二三十百千万亿两半余多约近超第每其中年月日个户人次元名家以上至到分之成 \n\t０１ａA"
    ),
    max_size=200,
)


@given(TEXTS)
def test_quantities_stand_in_order_and_do_not_overlap(text: str) -> None:
    spans = [(q.start, q.end) for q in quantities(fold(text))]
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@given(TEXTS)
def test_steps_are_positive_and_ranges_rise(text: str) -> None:
    for quantity in quantities(fold(text)):
        assert quantity.step > 0
        assert quantity.value_max is None or quantity.value < quantity.value_max


@given(st.text(max_size=60))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.integers(1, 10**9), st.sampled_from(["元", "户", "人次", "个", "名", "亩"]))
def test_a_plain_number_is_read_exactly(number: int, unit: str) -> None:
    quantity = one(f"共有{number}{unit}。")
    assert (quantity.value, quantity.unit, quantity.step) == (Fraction(number), unit, Fraction(1))
