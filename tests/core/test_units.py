from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao.core.units import LARGEST, Unit, plain, shown, to_smallest, unit

YUAN, PEOPLE, PERCENT = unit("元"), unit("人"), unit("%")


def test_money_has_two_decimals_and_counts_none() -> None:
    assert [Unit("元", 2), Unit("人"), Unit("%", 2)] == [YUAN, PEOPLE, PERCENT]


def test_unknown_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="未知的计量单位：光年"):
        unit("光年")


@pytest.mark.parametrize(
    ("value", "fen"),
    [("2405.4", 240540), (Decimal("0.01"), 1), (Fraction(1, 4), 25), (-3, -300), ("1E+4", 1000000)],
)
def test_to_smallest_is_exact(value: Decimal | Fraction | int | str, fen: int) -> None:
    assert to_smallest(value, YUAN) == fen


@pytest.mark.parametrize(
    "value", ["0.001", "一百", "", "NaN", "Infinity", "1e999999999", Fraction(1, 3), "92233720368547758.08"]
)
def test_to_smallest_refuses_what_it_cannot_hold(value: Fraction | str) -> None:
    with pytest.raises(ValueError, match=r"不是数字|超出范围|小数位数"):
        to_smallest(value, YUAN)


def test_half_a_person_is_refused() -> None:
    with pytest.raises(ValueError, match="小数位数"):
        to_smallest("12.5", PEOPLE)


def test_to_smallest_never_takes_a_float() -> None:
    with pytest.raises(TypeError):
        to_smallest(0.1, YUAN)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount", "text"),
    [(11400000000, "114000000"), (240540, "2405.40"), (-5, "-0.05"), (0, "0"), (-1200, "-12")],
)
def test_plain_money(amount: int, text: str) -> None:
    assert plain(amount, YUAN) == text


@given(st.integers(-LARGEST, LARGEST), st.sampled_from([YUAN, PEOPLE, PERCENT]))
def test_plain_reads_back(amount: int, of: Unit) -> None:
    assert to_smallest(plain(amount, of), of) == amount


def test_shown_separates_thousands_and_uses_the_minus_sign() -> None:
    assert shown(-123456789, YUAN) == "\N{MINUS SIGN}1,234,567.89"
    assert shown(12850, PEOPLE) == "12,850"


def test_shown_in_ten_thousands() -> None:
    assert shown(11400000000, YUAN, scale=10000) == "11,400.00"
    assert shown(200000000, YUAN, 10000, 0) == "200"


def test_shown_rounds_half_up_away_from_zero() -> None:
    assert [shown(fen, YUAN, decimals=0) for fen in (149, 150, 250, -150, -49)] == [
        "1",
        "2",
        "3",
        "\N{MINUS SIGN}2",
        "0",
    ]


@given(st.integers(-LARGEST, LARGEST), st.sampled_from([1, 10000, 10**8]), st.integers(0, 4))
def test_shown_is_within_half_of_its_last_digit(amount: int, scale: int, decimals: int) -> None:
    text = shown(amount, YUAN, scale, decimals).replace(",", "").replace("\N{MINUS SIGN}", "-")
    assert abs(Fraction(text) - Fraction(amount, 100 * scale)) <= Fraction(1, 2 * 10**decimals)
