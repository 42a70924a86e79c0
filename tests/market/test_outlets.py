"""Outlets: what they return of stock and sales, no day twice; once taken, rows of the ledger with the return as evidence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http import Http404

from lianqiao.fields.consumption import entering, reporting
from lianqiao.fields.consumption.counters import Shelf, Shop, ShopReturn
from lianqiao.fields.consumption.models import Outlet, Sale
from lianqiao.fields.consumption.reporting import Line
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.evidence import path_of
from tests.market.stall import EVER, KEEPER, Stall
from tests.world import approved, value

pytestmark = pytest.mark.data
FIRST, LAST = date(2021, 10, 1), date(2021, 10, 31)
CODES = ("consumption.sales", "consumption.assisted", "consumption.sales.hall")


@pytest.fixture
def shop(stall: Stall) -> Shop:
    told = {"name": "示例专馆", "kind": "专馆", "place": "靖江市", "opened_on": date(2020, 9, 22)}
    (outlet,) = approved(stall.world, Outlet(node=stall.world.county, **told))
    return reporting.open_shop(outlet, {"unit": KEEPER, "address": "示例路1号"}, stall.world.jingjiang)


def report(stall: Stall, shop: Shop, sold: int = 6, since: date = FIRST, until: date = LAST) -> ShopReturn:
    offer = stall.recognised(f"示例苹果{since}")
    return reporting.report(shop, since, until, [Line(offer, sold, sold * 60_00, 34)], stall.keeper)


def test_a_return_that_is_taken_counts_and_its_shelf_is_public(stall: Stall, shop: Shop) -> None:
    one = report(stall, shop)
    assert [Shelf.objects.get().stock, Sale.objects.count()] == [34, 0]
    rows = entering.take(one, stall.world.jingjiang)
    acts.approve(rows, stall.world.yongshou)
    assert [value(code, stall.world.county, EVER) for code in CODES] == [360_00] * 3
    (row,) = rows
    assert (row.channel, row.mode, row.buyer, row.quantity, row.sold_on) == (
        "专馆",
        "帮助销售",
        "示例专馆顾客",
        "6箱",
        LAST,
    )
    (piece,) = row.evidence
    assert "6\t360.00\t34" in path_of(piece["sha256"]).read_text()
    assert list(Shop.objects.public()) == [shop]


def test_a_line_that_sold_nothing_makes_no_row(stall: Stall, shop: Shop) -> None:
    assert entering.take(report(stall, shop, 0), stall.world.jingjiang) == []


def test_a_return_is_taken_once(stall: Stall, shop: Shop) -> None:
    one = report(stall, shop)
    entering.take(one, stall.world.jingjiang)
    with pytest.raises(Refused, match="已核收"):
        entering.take(one, stall.world.jingjiang)
    assert Sale.objects.count() == 1


@pytest.mark.parametrize(("since", "until"), [(LAST, date(2021, 11, 30)), (FIRST, LAST), (date(2021, 9, 1), FIRST)])
def test_no_day_is_reported_twice_unless_it_was_sent_back(stall: Stall, shop: Shop, since: date, until: date) -> None:
    one = report(stall, shop)
    again = [Line(one.lines.get().offer, 1, 60_00, 3)]
    with pytest.raises(Refused, match="已经报过"):
        reporting.report(shop, since, until, again, stall.keeper)
    entering.send_back(one, stall.world.jingjiang, "金额不对")
    assert reporting.report(shop, since, until, again, stall.keeper).state == "sent"


def test_a_late_return_of_earlier_days_leaves_the_shelf_as_it_is(stall: Stall, shop: Shop) -> None:
    offer = report(stall, shop).lines.get().offer
    reporting.report(shop, date(2021, 9, 1), date(2021, 9, 30), [Line(offer, 1, 60_00, 99)], stall.keeper)
    assert Shelf.objects.get().stock == 34


Act = Callable[[Stall, Shop], Any]


def send(stall: Stall, shop: Shop, *told: tuple[int, int, int]) -> ShopReturn:
    offer = stall.recognised()
    return reporting.report(shop, FIRST, LAST, [Line(offer, *one) for one in told], stall.keeper)


WRONG: dict[str, tuple[Any, str | None, Act]] = {
    "sold for nothing": (Refused, "有销量就有销售额", lambda s, p: send(s, p, (1, 0, 1))),
    "nothing sold for something": (Refused, "有销量就有销售额", lambda s, p: send(s, p, (0, 1, 1))),
    "a negative stock": (Refused, "不小于 0", lambda s, p: send(s, p, (0, 0, -1))),
    "one offer twice": (Refused, "同一个商品", lambda s, p: send(s, p, (1, 1, 1), (1, 1, 1))),
    "no line": (Refused, "没有商品", send),
    "days to come": (Refused, "不晚于今天", lambda s, p: report(s, p, until=date(2022, 1, 1))),
    "by another seller": (Http404, None, lambda s, p: reporting.report(p, FIRST, LAST, [], s.seller)),
    "taken by its keeper": (Http404, None, lambda s, p: entering.take(report(s, p), s.keeper)),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_is_refused(stall: Stall, shop: Shop, what: str) -> None:
    error, told, act = WRONG[what]
    with pytest.raises(error, match=told):
        act(stall, shop)
    assert not Sale.objects.exists()


def test_offers_are_named_by_number_or_name(stall: Stall) -> None:
    offer = stall.recognised()
    assert {reporting.offer_named(offer.number), reporting.offer_named(" 示例苹果 ")} == {offer}
    with pytest.raises(Refused, match="目录里没有"):
        reporting.offer_named("示例梨")
