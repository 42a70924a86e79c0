from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao.core.numerals import chinese, financial, half_width, parse_financial, parse_number

READ = {
    "3071": 3071, "3,071": 3071, "３，０７１": 3071, "１２万": 120000, "3.5万": 35000, "1.14亿": 114000000,
    "1.2万亿": 12 * 10**11,
    "3亿5000万": 350000000, "1万2345": 12345, "1万零300": 10300, "5百": 500, "3千万": 30000000, "12345万": 123450000,
    "二十": 20, "十": 10, "十四": 14, "一百零三": 103, "一百一十": 110, "两千": 2000, "三万五": 35000, "两千三": 2300,
    "一百五": 150, "一百零五": 105, "百万": 10**6, "千万": 10**7, "万": 10000, "二〇二一": 2021, "一点二亿": 120000000,
    "零": 0, "0": 0, "-3": -3, "负三": -3, "壹佰万": 10**6, "兩萬": 20000, " 44 ": 44,
}  # fmt: skip


@pytest.mark.parametrize(("text", "value"), READ.items())
def test_reads(text: str, value: int) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("半", "1/2"),
        ("一半", "1/2"),
        ("三分之一", "1/3"),
        ("百分之三十", "3/10"),
        ("12.05", "241/20"),
        ("三点五", "7/2"),
    ],
)
def test_reads_fractions(text: str, value: str) -> None:
    assert parse_number(text) == Fraction(value)


NOT_A_NUMBER = ["", " ", "人", "1,23", "3,0711", "三四", "七八十", "3万5", "1.5万300", "万万", "十百", "分之一",
                "零分之一",
                "3.", ".5", "一点", "12人", "1 2", "--3", "9" * 65, "²", "٣", "点五", "零百"]  # fmt: skip


@pytest.mark.parametrize("text", NOT_A_NUMBER)
def test_refuses(text: str) -> None:
    assert parse_number(text) is None


@given(st.text(alphabet="0123456789,.零一二两三十百千万亿半分之点负-１，壹拾", max_size=80))
def test_never_raises(text: str) -> None:
    value = parse_number(text)
    assert value is None or value.denominator > 0


@given(st.text(max_size=40))
def test_half_width_keeps_every_offset(text: str) -> None:
    assert len(half_width(text)) == len(text)


@given(st.integers(-(10**16) + 1, 10**16 - 1))
def test_chinese_reads_back(number: int) -> None:
    assert parse_number(chinese(number)) == number


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"),
        (10, "十"),
        (14, "十四"),
        (20, "二十"),
        (110, "一百一十"),
        (235, "二百三十五"),
        (1001, "一千零一"),
        (10010, "一万零一十"),
        (100000, "十万"),
        (120000000, "一亿二千万"),
        (10**12, "一万亿"),
        (-7, "负七"),
        (100010001, "一亿零一万零一"),
        (10100, "一万零一百"),
        (15000, "一万五千"),
    ],
)
def test_chinese_words(number: int, words: str) -> None:
    assert chinese(number) == words


def test_numbers_too_large_for_words_are_refused() -> None:
    with pytest.raises(ValueError, match="超出范围"):
        chinese(10**16)
    with pytest.raises(ValueError, match="超出范围"):
        financial(10**18)


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (100000000, "壹佰万元整"),
        (0, "零元整"),
        (1000, "壹拾元整"),
        (10505, "壹佰零伍元零伍分"),
        (50, "伍角整"),
        (5, "伍分"),
        (1234, "壹拾贰元叁角肆分"),
        (1000050, "壹万元伍角整"),
        (-100, "负壹元整"),
        (20000000000, "贰亿元整"),
    ],
)
def test_financial_words(fen: int, words: str) -> None:
    assert financial(fen) == words


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_financial_reads_back(fen: int) -> None:
    assert parse_financial(financial(fen)) == fen


@pytest.mark.parametrize("text", ["", "元整", "壹佰万", "整", "人元", "壹拾贰元拾角", "三点五元整"])
def test_financial_refuses(text: str) -> None:
    assert parse_financial(text) is None
