"""The pieces of a period: every day of it once, and none besides."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lianqiao.core.periods import Period
from lianqiao.journal.cells import Piece, pieces, stretches
from lianqiao.journal.models import Balance

DAYS = st.dates(date(2017, 11, 1), date(2022, 3, 5))


def days_of(piece: Piece, beginning: date) -> list[date]:
    _, start, end = piece
    first = start or beginning
    return [first + timedelta(days=n) for n in range((end - first).days)]


@given(DAYS, DAYS)
def test_a_span_is_cut_without_gap_or_overlap(one: date, other: date) -> None:
    period = Period(min(one, other), max(one, other))
    told = [day for piece in pieces(period) for day in days_of(piece, one)]
    assert told == [min(one, other) + timedelta(days=n) for n in range(abs((one - other).days) + 1)]


@given(DAYS)
def test_all_time_is_cut_without_gap_or_overlap(until: date) -> None:
    beginning = date(2016, 1, 1)
    told = [day for piece in pieces(Period.cumulative(until)) for day in days_of(piece, beginning)]
    assert told == [beginning + timedelta(days=n) for n in range((until - beginning).days + 1)]


@given(DAYS, DAYS)
def test_years_and_months_are_whole(one: date, other: date) -> None:
    for grain, start, end in pieces(Period(min(one, other), max(one, other))):
        assert start is not None
        if grain != Balance.DAY:
            assert start.day == end.day == 1
        if grain == Balance.YEAR:
            assert start.month == end.month == 1


@given(st.lists(st.tuples(DAYS, DAYS).map(sorted), max_size=4))
def test_what_several_periods_ask_for_is_read_once(spans: list[list[date]]) -> None:
    """Each balance of a month or day that a period needs lies in one stretch, and in one only."""
    periods = [Period(one, other) for one, other in spans]
    held = [piece for piece in stretches(periods) if piece[0] != Balance.YEAR]
    needed = [piece for period in periods for piece in pieces(period) if piece[0] != Balance.YEAR]
    for grain, start, end in needed:
        assert [
            g == grain and s is not None and start is not None and s <= start and end <= e for g, s, e in held
        ].count(True) == 1
    for (grain, _, end), (next_grain, start, _) in pairwise(held):
        assert grain < next_grain or (start is not None and end < start)


def test_a_long_period_takes_few_pieces() -> None:
    assert [piece[0] for piece in pieces(Period(date(2017, 3, 5), date(2021, 10, 12)))] == [
        *(Balance.DAY, Balance.MONTH),
        Balance.YEAR,
        *(Balance.MONTH, Balance.DAY),
    ]
    assert pieces(Period.year(2021)) == [(Balance.YEAR, date(2021, 1, 1), date(2022, 1, 1))]


def test_the_ends_of_the_calendar_are_no_error() -> None:
    assert pieces(Period.cumulative(date.max))
    assert pieces(Period(date(9999, 5, 2), date.max))
    assert pieces(Period(date.min, date.min))
