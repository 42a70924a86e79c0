"""How quantities are written."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from lianqiao.core.units import unit
from lianqiao.desk import wording
from lianqiao.desk.board import year_before


def test_money_is_shown_in_the_readers_unit_and_nothing_else_is() -> None:
    assert wording.amount(1_140_000_000_000, unit("元"), wording.WAN) == "1,140,000.00"
    assert wording.amount(123_456, unit("元")) == "1,234.56"
    assert wording.amount(1213, unit("人次"), wording.WAN) == "1,213"


def test_missing_is_not_zero() -> None:
    assert (wording.amount(None, unit("人")), wording.amount(0, unit("人"))) == ("—", "0")


@pytest.mark.parametrize(("value", "told"), [(15, "+15"), (-1240, "−1,240"), (0, "0")])
def test_a_change_has_its_sign(value: int, told: str) -> None:
    assert wording.signed(value, unit("人")) == told


@pytest.mark.parametrize(
    ("now", "before", "of", "told"),
    [
        (29, 17, "批", "+70.6%"),
        (4, 4, "人", "持平"),
        (5, 0, "个", "—"),
        (None, 3, "个", "—"),
        (6340, 5880, "%", "+4.6 点"),
        (60, 80, "户", "−25.0%"),
    ],
)
def test_growth_is_against_the_year_before(now: int | None, before: int | None, of: str, told: str) -> None:
    assert wording.growth(now, before, unit(of)) == told


def test_a_gap_of_nothing_has_no_sign() -> None:
    assert wording.gap(Fraction(1, 100)) == "0.0"
    assert (wording.gap(Fraction(305, 10)), wording.gap(Fraction(-281, 10)), wording.gap(None)) == (
        "+30.5",
        "−28.1",
        "—",
    )


def test_a_leap_day_has_its_eve_for_the_year_before() -> None:
    assert (year_before(date(2020, 2, 29)), year_before(date(2021, 10, 12))) == (date(2019, 2, 28), date(2020, 10, 12))
