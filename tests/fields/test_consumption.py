"""Sales by how they came about, outlets that open and close, recognised products."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lianqiao.core.periods import Period
from lianqiao.fields.consumption.models import CHANNELS, MODES, OUTLET_KINDS, Outlet, Product, Sale
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from tests.fields.posted import posted
from tests.world import World, approved, revised, value

pytestmark = pytest.mark.data
DAY, CLOSED = date(2021, 4, 14), date(2021, 8, 31)


def sale(world: World, **values: Any) -> Sale:
    told = {"sold_on": DAY, "product": "示例苹果", "seller": "示例合作社", "buyer": "示例食堂", "amount": 30_000_00}
    return Sale(node=world.county, **(told | {"channel": "单位采购", "mode": "采购"} | values))


def outlet(world: World, **values: Any) -> Outlet:
    return Outlet(node=world.county, **({"name": "示例", "kind": "专柜", "place": "靖江市", "opened_on": DAY} | values))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_sale_counts_by_mode_by_channel_and_above(world: World, channel: str, mode: str) -> None:
    (row,) = approved(world, sale(world, channel=channel, mode=mode))
    codes = ("consumption.sales", MODES[mode].code, f"consumption.sales.{CHANNELS[channel]}")
    assert posted(row) == {(code, DAY, 30_000_00) for code in codes}


def test_purchases_and_assisted_sales_add_up(world: World) -> None:
    approved(world, sale(world, amount=7), sale(world, amount=5, mode="帮助销售", invoice="2"))
    codes = ("consumption.purchased", "consumption.assisted", "consumption.sales")
    assert [value(code, world.county) for code in codes] == [7, 5, 12]


def test_a_voided_sale_is_gone(world: World) -> None:
    row, _ = approved(world, sale(world, amount=7), sale(world, amount=5, invoice="2"))
    acts.void(row, world.yongshou, "退货")
    assert [value(code, world.county) for code in ("consumption.sales", "consumption.sales.institution")] == [5, 5]


# Outlets --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "suffix"), OUTLET_KINDS.items())
def test_an_outlet_stands_by_its_kind_until_it_closes(world: World, kind: str, suffix: str) -> None:
    (row,) = approved(world, outlet(world, kind=kind))
    revised(world, row, closed_on=CLOSED)
    codes = ("consumption.outlets", f"consumption.outlets.{suffix}")
    assert posted(row) == {(code, *change) for code in codes for change in ((DAY, 1), (CLOSED, -1))}
    days = (date(2021, 4, 13), DAY, date(2021, 8, 30), CLOSED)
    for code in codes:
        assert [value(code, world.county, Period.cumulative(day)) for day in days] == [0, 1, 1, 0]


def test_outlets_add_up_by_kind(world: World) -> None:
    approved(
        world, *(outlet(world, name=f"示例{n}", kind=kind) for n, kind in enumerate(["专柜", "专柜", "专馆", "专区"]))
    )
    parts = [value(f"consumption.outlets.{suffix}", world.county) for suffix in OUTLET_KINDS.values()]
    assert (parts, value("consumption.outlets", world.county)) == ([2, 1, 1], 4)


def test_an_outlet_that_is_of_another_kind_moves(world: World) -> None:
    (row,) = approved(world, outlet(world))
    revised(world, row, kind="专馆")
    codes = ("consumption.outlets", "consumption.outlets.counter", "consumption.outlets.hall")
    assert [value(code, world.county) for code in codes] == [1, 0, 1]


def test_an_outlet_is_a_stock_whatever_the_year(world: World) -> None:
    approved(world, outlet(world, opened_on=date(2019, 5, 1)))
    assert value("consumption.outlets", world.county, Period.year(2021)) == 1


def test_an_outlet_does_not_close_before_it_opens(world: World) -> None:
    with pytest.raises(Refused, match="关闭日期"):
        acts.create([outlet(world, closed_on=date(2021, 4, 13))], world.jingjiang)


def test_a_product_counts_when_it_is_recognised(world: World) -> None:
    (row,) = approved(world, Product(node=world.county, name="示例", producer="示例", recognised_on=DAY, households=9))
    assert posted(row) == {("consumption.products", DAY, 1)}
