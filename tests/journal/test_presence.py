"""When somebody comes in sight: the pure rule, held against counting day by day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lianqiao.journal.presence import events, gained

DAYS = st.dates(date(2018, 12, 25), date(2021, 1, 5))
NETS = st.dictionaries(DAYS, st.integers(-2, 3).filter(bool), max_size=6)


def counted(dated: Mapping[date, int], stock: bool, until: date) -> int:
    """How many are in sight by the events of all time up to a day: 0 or 1 for one subject."""
    return sum(gained(event, stock)[0] for event in events(dated, stock) if event[1] <= until)


def counted_in_year(dated: Mapping[date, int], until: date) -> int:
    """The same within the day's calendar year, for a flow."""
    mine = [event for event in events(dated, stock=False) if event[1].year == until.year and event[1] <= until]
    return sum(gained(event, stock=False)[1] for event in mine)


@given(NETS, DAYS)
def test_a_flow_counts_a_subject_once_from_its_first_day(dated: dict[date, int], until: date) -> None:
    seen = any(on <= until and net > 0 for on, net in dated.items())
    assert counted(dated, False, until) == int(seen)


@given(NETS, DAYS)
def test_a_flow_counts_a_subject_anew_each_year(dated: dict[date, int], until: date) -> None:
    seen = any(on <= until and on.year == until.year and net > 0 for on, net in dated.items())
    assert counted_in_year(dated, until) == int(seen)


@given(NETS, DAYS)
def test_a_stock_counts_a_subject_while_more_has_come_than_gone(dated: dict[date, int], until: date) -> None:
    standing = sum(net for on, net in dated.items() if on <= until)
    assert counted(dated, True, until) == int(standing > 0)


@given(NETS, st.booleans())
def test_each_event_has_its_place_to_itself(dated: dict[date, int], stock: bool) -> None:
    """The table keeps one row for a subject, year and day."""
    places = [(year, on) for year, on, _ in events(dated, stock)]
    assert len(places) == len(set(places))


def test_nothing_posted_is_nobody_seen() -> None:
    assert events({}, stock=False) == events({}, stock=True) == set()


def test_who_leaves_and_returns_is_a_stock_again() -> None:
    dated = {date(2020, 1, 1): 1, date(2020, 6, 1): -1, date(2021, 1, 1): 1}
    assert sorted(events(dated, stock=True)) == [
        (0, date(2020, 1, 1), 1),
        (0, date(2020, 6, 1), -1),
        (0, date(2021, 1, 1), 1),
    ]
