"""Money: what has arrived, and what was only pledged."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lianqiao.core.periods import Period
from lianqiao.fields.funds.models import SOURCES, Donation, Receipt
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from tests.fields.posted import posted
from tests.world import World, approved, revised, value

pytestmark = pytest.mark.data
DAY, LATER = date(2021, 10, 12), date(2021, 11, 1)
FEN = 2_000_000_00


def donation(world: World, **values: Any) -> Donation:
    return Donation(
        node=world.county, **({"donor": "示例", "recipient": "示例", "kind": "资金", "amount": FEN} | values)
    )


@pytest.mark.parametrize(("source", "suffix"), SOURCES.items())
def test_a_receipt_counts_by_its_source_and_above(world: World, source: str, suffix: str) -> None:
    (row,) = approved(world, Receipt(node=world.county, received_on=DAY, source=source, amount=FEN))
    assert posted(row) == {(code, DAY, FEN) for code in (f"funds.fiscal.{suffix}", "funds.fiscal", "funds.total")}


def test_a_receipt_counts_when_it_arrived_whatever_year_it_is_for(world: World) -> None:
    approved(world, Receipt(node=world.county, received_on=date(2021, 1, 5), source="县级财政", amount=FEN, year=2020))
    assert [value("funds.fiscal", world.county, Period.year(year)) for year in (2020, 2021)] == [0, FEN]


def test_a_pledge_is_not_money(world: World) -> None:
    (row,) = approved(world, donation(world, pledged_on=DAY))
    assert posted(row) == {("donations.pledged", DAY, FEN)}
    assert value("funds.total", world.county) is None


@pytest.mark.parametrize(("kind", "code"), [("资金", "funds.cash"), ("物资", "funds.in_kind")])
def test_what_was_received_counts_in_money_or_in_kind_and_above(world: World, kind: str, code: str) -> None:
    (row,) = approved(world, donation(world, kind=kind, received_on=LATER))
    assert posted(row) == {(c, LATER, FEN) for c in (code, "funds.social", "funds.total")}


def test_pledge_and_receipt_each_count_on_their_day(world: World) -> None:
    approved(world, donation(world, pledged_on=DAY, received_on=LATER))
    days = [Period.day(DAY), Period.day(LATER)]
    assert [value("donations.pledged", world.county, day) for day in days] == [FEN, 0]
    assert [value("funds.social", world.county, day) for day in days] == [0, FEN]


def test_a_pledge_that_arrives_is_posted_beside_the_pledge(world: World) -> None:
    (row,) = approved(world, donation(world, pledged_on=DAY))
    revised(world, row, received_on=LATER)
    assert value("donations.pledged", world.county, Period.cumulative(LATER)) == FEN
    assert value("funds.total", world.county, Period.cumulative(LATER)) == FEN


def test_the_parts_of_the_funds_add_up(world: World) -> None:
    approved(
        world, *(Receipt(node=world.county, received_on=DAY, source=s, amount=n) for n, s in enumerate(SOURCES, 1))
    )
    approved(
        world, donation(world, received_on=DAY, amount=100), donation(world, received_on=DAY, amount=20, kind="物资")
    )
    fiscal = [value(f"funds.fiscal.{suffix}", world.county) for suffix in SOURCES.values()]
    assert fiscal == [1, 2, 3, 4]
    parts = {code: value(code, world.county) for code in ("funds.fiscal", "funds.social", "funds.total")}
    assert parts == {"funds.fiscal": 10, "funds.social": 120, "funds.total": 130}


def test_a_donation_may_not_arrive_before_it_was_pledged(world: World) -> None:
    with pytest.raises(Refused, match=r"到账日期.2021-10-12.早于认捐日期.2021-11-01"):
        acts.create([donation(world, pledged_on=LATER, received_on=DAY)], world.jingjiang)


def test_a_donation_without_any_day_is_refused(world: World) -> None:
    with pytest.raises(Refused, match=r"认捐日期、到账日期.*至少填一项"):
        acts.create([donation(world)], world.jingjiang)
