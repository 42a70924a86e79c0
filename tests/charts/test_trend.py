"""The geometry of a year against its target and the year before, and of two sides."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from lianqiao.charts.trend import APART, HEIGHT, LEFT, RIGHT, WIDTH, Told, Trend, sides, steps, trend

MONTHS = [f"{month}月" for month in range(1, 13)]
TOLD = Told("实际 6", "上年 9", "目标 12")


def drawn(now: list[int], before: list[int], target: int | None, until: date, *, steady: bool = False) -> Trend:
    ticks = [(step, str(step)) for step in steps(max(*now, *before, target or 0))]
    return trend(now, before, target, until, TOLD, MONTHS, ticks, steady)


def points(path: str) -> list[tuple[Fraction, Fraction]]:
    pairs = [point.split() for point in path.replace("L", "M").split("M")[1:]]
    return [(Fraction(x), Fraction(y)) for x, y in pairs]


def test_the_year_begins_at_zero_and_ends_on_the_day() -> None:
    line = points(drawn([2, 4, 6], [0] * 12, 12, date(2021, 3, 31)).actual)
    assert line[0] == (Fraction(LEFT), Fraction(HEIGHT - 24))
    assert len(line) == 4
    assert abs(line[-1][0] - (LEFT + Fraction(90 * (WIDTH - LEFT - RIGHT), 365))) < Fraction(1, 10)


def test_a_target_rises_with_the_days_and_a_stocks_stands() -> None:
    rising = points(drawn([0], [0] * 12, 12, date(2021, 1, 31)).target)
    assert rising[0][1] > rising[1][1]
    standing = points(drawn([0], [0] * 12, 12, date(2021, 1, 31), steady=True).target)
    assert standing[0][1] == standing[1][1]


def test_without_a_target_there_is_no_gap_and_without_a_year_before_no_line() -> None:
    made = drawn([1], [0] * 12, None, date(2021, 1, 31))
    assert (made.target, made.gap, made.before) == ("", "", "")
    assert drawn([0, 0, 0, 0, 0, 0], [0] * 12, 12, date(2021, 6, 30)).gap


values = st.lists(st.integers(0, 10**9), min_size=12, max_size=12).map(sorted)


@given(values, values, st.integers(1, 10**9), st.integers(1, 12))
def test_nothing_leaves_the_drawing_and_no_words_lie_on_each_other(
    now: list[int], before: list[int], target: int, month: int
) -> None:
    made = drawn(now[:month], before, target, date(2021, month, 15))
    for path in (made.actual, made.before, made.target):
        assert all(LEFT <= x <= WIDTH - RIGHT and 0 <= y <= HEIGHT for x, y in points(path))
    at_right = [Fraction(label.y) for label in made.labels if Fraction(label.x) > WIDTH - RIGHT]
    assert all(abs(a - b) >= APART - Fraction(1, 5) for n, a in enumerate(at_right) for b in at_right[:n])


@given(st.integers(0, 10**15))
def test_the_grid_is_round_reaches_the_highest_and_has_few_lines(highest: int) -> None:
    found = steps(highest)
    assert found[0] == 0
    assert found[-1] >= highest
    assert 2 <= len(found) <= 5
    assert str(found[1]).rstrip("0") in ("1", "2", "5")


@given(st.integers(-5, 10**9), st.integers(-5, 10**9))
def test_the_larger_side_fills_its_width_and_the_other_is_in_proportion(west: int, east: int) -> None:
    made = sides(west, east, 100)
    left, right = Fraction(made.west), Fraction(made.east)
    assert max(left, right) == (100 if max(west, east) > 0 else 0)
    assert abs(Fraction(made.start) + left - 100) <= Fraction(1, 5)
    assert abs(left * max(east, 0) - right * max(west, 0)) <= max(west, east, 0) * Fraction(1, 5)
