from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao.core.periods import Period

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))
PERIODS = st.builds(lambda a, b, since: Period(min(a, b) if since else None, max(a, b)), DAYS, DAYS, st.booleans())
UNTIL = date(2021, 10, 12)


def test_it_may_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="晚于截止日期"):
        Period.between(UNTIL, UNTIL - timedelta(days=1))


def test_addresses() -> None:
    assert Period.between(date(2017, 1, 1), UNTIL).address == "2017-01-01..2021-10-12"
    assert Period.cumulative(UNTIL).address == "..2021-10-12"


@given(PERIODS)
def test_addresses_read_back(period: Period) -> None:
    assert Period.parse(period.address) == period


@pytest.mark.parametrize(
    "text",
    [
        "",
        "..",
        "2021-10-12",
        "2021-10-12..",
        "2021-1-1..2021-10-12",
        "..2021-02-30",
        "2021-02-02..2021-01-01",
        "..２021-01-01",
    ],
)
def test_other_addresses_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"期间应写作|晚于|day"):
        Period.parse(text)


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (Period.year(2021), "2021年"),
        (Period.month(2021, 10), "2021年10月"),
        (Period.day(UNTIL), "2021年10月12日"),
        (Period.cumulative(UNTIL), "截至2021年10月12日累计"),
        (Period.between(date(2021, 1, 1), UNTIL), "2021-01-01至2021-10-12"),
    ],
)
def test_described(period: Period, words: str) -> None:
    assert period.describe() == words


def test_year_to_date() -> None:
    assert Period.between(date(2021, 1, 1), UNTIL).is_year_to_date
    assert not Period.between(date(2020, 1, 1), UNTIL).is_year_to_date
    assert not Period.cumulative(UNTIL).is_year_to_date


def test_february_of_a_leap_year_is_a_whole_month() -> None:
    assert Period.month(2024, 2).months() == [(Period.between(date(2024, 2, 1), date(2024, 2, 29)), True)]


def test_months_of_a_cumulative_period() -> None:
    assert Period.cumulative(UNTIL).months() == [
        (Period.cumulative(date(2021, 9, 30)), True),
        (Period.between(date(2021, 10, 1), UNTIL), False),
    ]


@given(PERIODS)
def test_months_cover_the_period_without_gap_or_overlap(period: Period) -> None:
    pieces = [piece for piece, _ in period.months()]
    assert (pieces[0].start, pieces[-1].until) == (period.start, period.until)
    assert all(after.start == before.until + timedelta(days=1) for before, after in pairwise(pieces))


@given(PERIODS)
def test_only_whole_months_are_called_so(period: Period) -> None:
    for piece, whole in period.months():
        ends = (piece.until + timedelta(days=1)).day == 1
        assert whole == (ends and (piece.start is None or piece.start.day == 1))
        assert piece.start is None or piece.start.month == piece.until.month


def test_the_last_days_of_the_calendar_do_not_overflow() -> None:
    assert Period.year(9999).months()[-1] == (Period.month(9999, 12), True)
    assert Period.cumulative(date.min).months() == [(Period.day(date.min), False)]
