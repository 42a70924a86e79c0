"""The geometry of the drawings."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from lianqiao.charts import geometry
from lianqiao.charts.geometry import Column

rates = st.fractions(min_value=-50, max_value=1000)


@given(rates, st.fractions(min_value=0, max_value=100))
def test_a_bar_never_leaves_its_width(rate: Fraction, pace: Fraction) -> None:
    drawn = geometry.bar(rate, pace, "even", 112)
    assert 0 <= float(drawn.fill) <= 112
    assert 0 <= float(drawn.pace) <= float(drawn.full) + 0.05
    assert bool(drawn.broken) == (rate > 150)


def test_a_bar_is_coloured_only_where_it_lags() -> None:
    kinds = {
        state: geometry.bar(Fraction(50), Fraction(60), state).kind
        for state in ("behind", "slow", "even", "done", "over")
    }
    assert kinds == {"behind": "redf", "slow": "ambf", "even": "bar", "done": "bar", "over": "bar"}


def test_what_was_never_posted_has_an_empty_bar() -> None:
    assert geometry.bar(None, Fraction(50), "behind").fill == "0"


@given(st.lists(st.integers(-100, 10**9), min_size=1, max_size=12))
def test_columns_stay_in_their_frame_and_every_value_is_written(values: list[int]) -> None:
    drawn = geometry.columns([Column(str(n), f"v{v}", (v,)) for n, v in enumerate(values)], 300)
    assert all(geometry.TOP - 0.1 <= float(r.y) <= drawn.base and 0 <= float(r.x) <= 300 for r in drawn.rects)
    assert [label.text for label in drawn.labels if label.text.startswith("v")] == [f"v{v}" for v in values]
    assert len(drawn.rects) == sum(v > 0 and Fraction(v * 132, max(values)) > 0 for v in values)


def test_two_layers_stand_on_each_other() -> None:
    drawn = geometry.columns([Column("2021", "10", (6, 4))], 100)
    lower, upper = drawn.rects
    assert (lower.kind, upper.kind) == geometry.LAYERS
    assert float(upper.y) + float(upper.height) == float(lower.y)


def test_the_band_marks_weeks_up_to_the_day_that_is_shown() -> None:
    drawn = geometry.band(
        2021, [(date(2020, 12, 28), 3), (date(2021, 6, 7), 9), (date(2021, 11, 1), 1)], date(2021, 10, 12), ["x"] * 12
    )
    assert [week.rect.kind for week in drawn.weeks] == ["accf", "accf", "bar2"]
    assert [week.until for week in drawn.weeks] == [date(2021, 1, 3), date(2021, 6, 13), date(2021, 11, 7)]
    assert all(4 <= float(week.rect.x) <= 496 for week in drawn.weeks)


def test_two_times_draw_late_entries_from_the_upper_line_to_the_lower() -> None:
    drawn = geometry.two_times(
        date(2017, 1, 1), date(2021, 10, 12), date(2021, 12, 31), [(date(2021, 1, 1), date(2021, 6, 1))]
    )
    start, end = drawn.late[0].removeprefix("M").split("L")
    assert float(start.split()[0]) < float(end.split()[0])
    assert [label.text for label in drawn.years] == ["2017", "2018", "2019", "2020", "2021"]
