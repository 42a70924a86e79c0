from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao.core.precision import CUES, Reading, Written, approx_of, bears_out


def written(value: int | str, step: int | str = 1, cue: str | None = None) -> Written:
    return Written(Fraction(value), Fraction(step), approx_of(cue) if cue else None, cue)


HUNDRED_MILLIONS = written(114_000_000, 1_000_000)


def test_a_count_without_a_cue_stands_for_itself_only() -> None:
    assert [bears_out(written(3100), actual) for actual in (3099, 3100, 3101)] == [None, Reading.EXACT, None]


def test_a_scaled_number_stands_for_what_rounds_or_is_cut_off_to_it() -> None:
    assert bears_out(HUNDRED_MILLIONS, 113_987_000) is Reading.ROUNDED
    assert bears_out(HUNDRED_MILLIONS, 114_900_000) is Reading.TRUNCATED
    assert bears_out(HUNDRED_MILLIONS, 113_499_999) is None
    assert bears_out(HUNDRED_MILLIONS, 115_000_000) is None


def test_a_rate_cut_off_after_two_decimals() -> None:
    assert bears_out(written("74.14", "0.01"), Fraction(240540, 3244)) is Reading.TRUNCATED


@pytest.mark.parametrize(
    ("cue", "value", "holds", "fails"),
    [
        ("余", 6000, [6001, 6128, 6999], [5999, 6000, 7000]),
        ("多", 30, [31, 39], [30, 40]),
        ("余", 120_000_000, [120_000_001, 129_999_999], [130_000_000]),
        ("超", 1200, [1201, 2399], [1200, 2400]),
        ("以上", 90, [90, 1000], [89]),
        ("不少于", 3, [3, 30], [2]),
        ("近", 100, [90, 95, 99], [100, 60, 89, 101]),
        ("近", 1200, [1100, 1199], [1099, 1200]),
        ("不足", 100, [51, 99], [50, 100]),
        ("不超过", 100, [0, 100], [101]),
        ("约", 3000, [2700, 3000, 3300], [2699, 3301]),
        ("左右", 1140, [1135, 1145], [1134, 1146]),
    ],
)
def test_cues(cue: str, value: int, holds: list[int], fails: list[int]) -> None:
    assert [actual for actual in holds if not bears_out(written(value, 1, cue), actual)] == []
    assert [actual for actual in fails if bears_out(written(value, 1, cue), actual)] == []


def test_a_range_holds_between_its_ends() -> None:
    between = Written(Fraction(30), value_max=Fraction(40), approx="about", cue="range")
    assert [bears_out(between, actual) for actual in (29, 30, 40, 41)] == [None, Reading.BETWEEN, Reading.BETWEEN, None]


def test_negative_growth_rounds_away_from_zero() -> None:
    assert bears_out(written(-3), Fraction(-7, 2)) is Reading.TRUNCATED
    assert bears_out(written(-3), Fraction(-5, 2)) is Reading.ROUNDED
    assert bears_out(written(-3), 3) is None


NUMBERS = st.builds(
    lambda digits, weight: written(digits * weight, weight), st.integers(1, 9999), st.sampled_from([1, 10, 10**4])
)
ACTUALS = st.integers(0, 10**8)


@given(NUMBERS)
def test_every_number_bears_itself_out(number: Written) -> None:
    assert bears_out(number, number.value) is Reading.EXACT


@given(NUMBERS, ACTUALS)
def test_a_bare_number_is_never_off_by_its_last_digit(number: Written, actual: int) -> None:
    assert not bears_out(number, actual) or abs(actual - number.value) < number.step


@given(NUMBERS, st.integers(-(10**5), 10**5))
def test_about_never_refuses_what_the_bare_number_allows(number: Written, off: int) -> None:
    about = Written(number.value, number.step, "about", "约")
    assert not bears_out(number, number.value + off) or bears_out(about, number.value + off)


@given(NUMBERS, ACTUALS, st.sampled_from(sorted(CUES)))
def test_more_lies_above_and_less_lies_below(number: Written, actual: int, cue: str) -> None:
    with_cue = Written(number.value, number.step, approx_of(cue), cue)
    if bears_out(with_cue, actual) and with_cue.approx == "more_than":
        assert actual >= number.value
    if bears_out(with_cue, actual) and with_cue.approx == "less_than":
        assert actual <= number.value
