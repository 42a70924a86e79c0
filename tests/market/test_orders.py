"""Orders: what is accepted counts, what is ordered does not; each act by its party, in its state, adding up exactly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http import Http404

from lianqiao.fields.consumption import entering, trading
from lianqiao.fields.consumption.goods import Offer, steps_of
from lianqiao.fields.consumption.models import Sale
from lianqiao.fields.consumption.orders import Order
from lianqiao.fields.consumption.trading import Sums
from lianqiao.ledger import acts, erasing, evidence
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.evidence import is_whole, path_of
from tests.market.stall import CANTEEN, DAY, PRODUCER, TODAY, Stall
from tests.world import fresh

pytestmark = pytest.mark.data
LATER = date(2021, 11, 2)
Act = Callable[[Stall, Order], Any]


def line(order: Order) -> int:
    return int(order.lines.get().pk)


def stock(order: Order) -> int:
    return int(order.lines.get().offer.stock)


# What counts -------------------------------------------------------------------------------------------------------------


def test_what_was_accepted_counts_and_what_was_ordered_does_not(stall: Stall) -> None:
    order = stall.placed(stall.recognised(), 20)
    assert stall.entered(order) == []
    first, second = stall.sent(order, 12), stall.sent(order, 8)
    assert stall.entered(order) == []
    stall.accepted(first, 12)
    assert stall.figures() == [None] * 3
    assert stall.counted(order) == [600_00] * 3
    stall.accepted(second, 5, "三箱压坏", LATER)
    assert stall.counted(order) == [850_00] * 3


def test_the_row_says_who_sold_what_to_whom_and_leads_to_the_order(stall: Stall) -> None:
    order = stall.placed(stall.recognised(), 20)
    delivery = stall.sent(order, 12)
    piece = evidence.keep(b"contract", "购销合同.pdf", "合同")
    trading.attach(order, {"kind": "合同", "number": "HT1", "dated": DAY}, piece, stall.buyer)
    trading.attach(
        order,
        {"kind": "发票", "number": "FP1", "dated": DAY, "amount": 600_00, "delivery": delivery},
        None,
        stall.seller,
    )
    stall.accepted(delivery, 12)
    (row,) = stall.entered(order)
    told = (row.product, row.seller, row.buyer, row.buyer_type, row.channel, row.mode, row.quantity, row.invoice)
    assert told == ("示例苹果", "示例合作社", "示例食堂", "预算单位", "单位采购", "采购", "12箱", "FP1")
    assert (row.amount, row.sold_on, row.notes, row.author) == (
        600_00,
        DAY,
        f"订单 {order.number}",
        stall.world.jingjiang,
    )
    record, contract = row.evidence
    assert (record["name"], contract["kind"]) == (f"验收记录 {order.number}-1.txt", "合同")
    text = path_of(record["sha256"]).read_text()
    assert f"订单 {order.number}，第 1 次送货" in text
    assert text.index("询价") < text.index("下单") < text.rindex("验收")
    assert is_whole(contract["sha256"])


def test_who_enters_does_not_pass(stall: Stall) -> None:
    order = stall.placed(stall.recognised())
    stall.accepted(stall.sent(order, 12), 12)
    with pytest.raises(Refused, match="同一人"):
        acts.approve(entering.enter([order], stall.world.admin), stall.world.admin)


def test_entering_twice_enters_once(stall: Stall) -> None:
    order = stall.placed(stall.recognised())
    stall.accepted(stall.sent(order, 12), 12)
    assert [len(stall.entered(order)), len(stall.entered(order)), Sale.objects.count()] == [1, 0, 1]


def test_a_sale_that_an_office_has_typed_is_linked_and_not_entered_again(stall: Stall) -> None:
    order = stall.placed(stall.recognised(), 12)
    delivery = stall.sent(order, 12)
    trading.attach(order, {"kind": "发票", "number": "FP1", "dated": DAY, "amount": 600_00}, None, stall.seller)
    stall.accepted(delivery, 12)
    typed = Sale(
        node=stall.world.county, sold_on=DAY, product="示例苹果", seller="示例合作社", buyer="示例食堂", channel="832平台",
        mode="采购", amount=600_00, invoice="FP1",
    )  # fmt: skip
    acts.create([typed], stall.world.jingjiang)
    assert stall.entered(order) == []
    assert delivery.parcels.get().sale == typed


def test_goods_that_go_back_correct_the_row(stall: Stall) -> None:
    order = stall.placed(stall.recognised(), 20)
    delivery = stall.accepted(stall.sent(order, 12), 12)
    assert stall.counted(order) == [600_00] * 3
    one = trading.ask_return(delivery.parcels.get(), 2, stall.buyer, "两箱变质")
    assert stall.entered(order) == []
    trading.settle_return(one, True, stall.seller)
    assert stall.counted(order) == [500_00] * 3
    row = Sale.objects.get()
    assert (row.quantity, len(row.evidence), stock(order)) == ("10箱", 2, 90)
    assert steps_of("order", order).filter(act="申请退货", by="buyer", why="两箱变质").count() == 1


def test_a_row_that_waits_for_its_review_is_left_until_then(stall: Stall) -> None:
    order = stall.placed(stall.recognised(), 20)
    delivery = stall.accepted(stall.sent(order, 12), 12)
    (row,) = stall.entered(order)
    trading.settle_return(trading.ask_return(delivery.parcels.get(), 12, stall.buyer, "变质"), True, stall.seller)
    assert stall.entered(order) == []
    acts.send_back([row], stall.world.yongshou, "退货了")
    assert [sale.amount for sale in stall.entered(order)] == [0]
    assert fresh(row).state == "submitted"


def test_a_return_is_asked_for_within_what_was_accepted_and_answered_once(stall: Stall) -> None:
    order = stall.placed(stall.recognised(), 20)
    delivery = stall.accepted(stall.sent(order, 12), 12)
    parcel = delivery.parcels.get()
    one = trading.ask_return(parcel, 8, stall.buyer, "变质")
    with pytest.raises(Refused, match="至多 4"):
        trading.ask_return(parcel, 5, stall.buyer, "变质")
    with pytest.raises(Refused, match="缘由"):
        trading.settle_return(one, False, stall.seller)
    trading.settle_return(one, False, stall.seller, "超过约定的三天")
    with pytest.raises(Refused, match="答复过"):
        trading.settle_return(one, True, stall.seller)
    assert parcel.kept == 12


# The way of an order -----------------------------------------------------------------------------------------------------


def test_one_question_goes_to_each_seller(stall: Stall) -> None:
    here, there = stall.recognised(), stall.recognised("示例核桃")
    Offer.objects.filter(pk=there.pk).update(unit="999900000000000466", producer="示例另一社")
    there.refresh_from_db()
    orders = trading.ask(CANTEEN, "预算单位", {here: 5, there: 10}, stall.buyer, address="示例路1号")
    told = sorted((order.seller_unit, line.price) for order in orders for line in order.lines.all())
    assert told == [(PRODUCER, 58_00), ("999900000000000466", 50_00)]


def test_an_order_accepted_in_full_is_done_and_stock_follows_what_was_sent(stall: Stall) -> None:
    order = stall.placed(stall.recognised(), 20)
    first = stall.sent(order, 12)
    assert stock(order) == 88
    stall.accepted(first, 10, "两箱压坏")
    assert (stock(order), Order.objects.get().state) == (90, "placed")
    stall.accepted(stall.sent(order, 10), 10)
    assert (stock(order), Order.objects.get().state) == (80, "done")


def test_every_step_says_who_and_when(stall: Stall) -> None:
    order = stall.placed(stall.recognised(), 12)
    stall.accepted(stall.sent(order, 12), 12)
    steps = [(step.act, step.by) for step in reversed(steps_of("order", order))]
    assert steps == [("询价", "buyer"), ("报价", "seller"), ("下单", "buyer"), ("发货", "seller"), ("验收", "buyer")]


def accept(stall: Stall, order: Order, quantity: int | None, why: str = "") -> Any:
    delivery = order.deliveries.last()
    assert delivery
    parcel = delivery.parcels.get()
    return trading.accept(delivery, {} if quantity is None else {parcel.pk: quantity}, DAY, stall.buyer, why)


WRONG: dict[str, tuple[str, Act]] = {
    "more sent than ordered": ("不能多于未发", lambda s, o: s.sent(o, 9)),
    "nothing sent": ("不能多于未发", lambda s, o: s.sent(o, 0)),
    "sent tomorrow": ("今天以后", lambda s, o: trading.send(o, {line(o): 1}, date(2022, 1, 1), s.seller)),
    "more accepted than sent": ("0 到 12", lambda s, o: accept(s, o, 13)),
    "less accepted without a reason": ("缘由", lambda s, o: accept(s, o, 11)),
    "nothing said of a parcel": ("0 到 12", lambda s, o: accept(s, o, None)),
    "cancelled after sending": ("已经发过货", lambda s, o: trading.cancel(o, s.buyer, "不要了")),
    "closed with a delivery under way": ("没验收", lambda s, o: trading.close(o, s.buyer, "不要了")),
    "quoted again": ("不能报价", lambda s, o: trading.quote(o, {line(o): 1}, TODAY, s.seller)),
    "placed again": ("不能下单", lambda s, o: trading.place(o, s.buyer)),
    "declined after the order": ("不能不供货", lambda s, o: trading.decline(o, s.seller, "没货")),
    "an invoice over the order": ("至多还可记 1,000.00", lambda s, o: paper(s, o, "发票", 1000_01)),
    "a payment over the invoices": ("至多还可记 0.00", lambda s, o: paper(s, o, "付款凭证", 1)),
    "an invoice without an amount": ("都要填", lambda s, o: paper(s, o, "发票", None)),
}  # fmt: skip


def paper(stall: Stall, order: Order, kind: str, amount: int | None) -> Any:
    told = {"kind": kind, "number": "1", "dated": DAY, "amount": amount}
    return trading.attach(order, told, None, stall.seller)


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_is_refused_and_leaves_no_trace(stall: Stall, what: str) -> None:
    order = stall.placed(stall.recognised(), 20)
    stall.sent(order, 12)
    before = steps_of("order", order).count()
    told, act = WRONG[what]
    with pytest.raises(Refused, match=told):
        act(stall, order)
    assert (steps_of("order", order).count(), stock(order), order.papers.count()) == (before, 88, 0)


STRANGERS: dict[str, Act] = {
    "quote": lambda s, o: trading.quote(o, {line(o): 1}, TODAY, s.keeper),
    "place": lambda s, o: trading.place(o, s.seller),
    "cancel": lambda s, o: trading.cancel(o, s.seller, "不要了"),
    "decline": lambda s, o: trading.decline(o, s.buyer, "没货"),
    "send": lambda s, o: trading.send(o, {line(o): 1}, DAY, s.buyer),
    "close": lambda s, o: trading.close(o, s.keeper, "不要了"),
    "attach": lambda s, o: trading.attach(o, {"kind": "合同", "dated": DAY}, None, s.keeper),
    "ask": lambda s, o: trading.ask(CANTEEN, "企业", {}, s.seller, address="示例"),
    "budget": lambda s, o: trading.set_budget(CANTEEN, 2021, 1, 1, s.seller),
    "enter": lambda s, o: entering.enter([o], s.buyer),
    "enter elsewhere": lambda s, o: entering.enter([o], s.world.stranger),
}  # fmt: skip


@pytest.mark.parametrize("what", STRANGERS)
def test_nobody_acts_for_another_organisation(stall: Stall, what: str) -> None:
    order = stall.placed(stall.recognised())
    with pytest.raises(Http404):
        STRANGERS[what](stall, order)


def test_each_party_and_the_offices_see_the_order_and_nobody_else(stall: Stall) -> None:
    order = stall.placed(stall.recognised())
    world = stall.world
    see = [stall.seller, stall.buyer, world.jingjiang, world.auditor]
    assert all(trading.seen(somebody).get() == order for somebody in see)
    assert not any(trading.seen(somebody).exists() for somebody in (stall.keeper, world.stranger, world.leader))


def test_an_offer_that_is_not_public_cannot_be_asked_for(stall: Stall) -> None:
    with pytest.raises(Refused, match="不在目录"):
        trading.ask(CANTEEN, "企业", {stall.draft(): 1}, stall.buyer, address="示例路1号")


def test_a_quotation_ends(stall: Stall) -> None:
    (order,) = trading.ask(CANTEEN, "企业", {stall.recognised(): 20}, stall.buyer, address="示例路1号")
    trading.quote(order, {line(order): 50_00}, TODAY, stall.seller)
    Order.objects.update(valid_until=DAY)
    with pytest.raises(Refused, match="过期"):
        trading.place(order, stall.buyer)


# Sums ----------------------------------------------------------------------------------------------------------------------


def test_the_sums_of_an_order_add_up(stall: Stall) -> None:
    order = stall.placed(stall.recognised(), 20)
    delivery = stall.accepted(stall.sent(order, 12), 11, "一箱压坏")
    trading.settle_return(trading.ask_return(delivery.parcels.get(), 1, stall.buyer, "变质"), True, stall.seller)
    paper(stall, order, "发票", 550_00)
    paper(stall, order, "付款凭证", 200_00)
    sums = Sums.of(order)
    assert sums == Sums(ordered=1000_00, sent=600_00, accepted=500_00, invoiced=550_00, paid=200_00)
    assert sums.owed == 300_00


def test_a_budget_units_share_is_what_it_accepted_and_kept_in_the_year(stall: Stall) -> None:
    held = trading.set_budget(CANTEEN, 2021, 1_000_00, 105, stall.buyer)
    assert held.reserved == 105_00
    order = stall.placed(stall.recognised(), 20)
    delivery = stall.accepted(stall.sent(order, 12), 12)
    trading.settle_return(trading.ask_return(delivery.parcels.get(), 2, stall.buyer, "变质"), True, stall.seller)
    assert trading.spent([CANTEEN], 2021) == {CANTEEN: 500_00}
    assert trading.spent([CANTEEN], 2020) == {}


def test_a_reserved_share_is_never_rounded_down(stall: Stall) -> None:
    assert trading.set_budget(CANTEEN, 2021, 1_01, 100, stall.buyer).reserved == 11


def test_a_files_erasing_spares_what_the_market_holds(stall: Stall) -> None:
    offer = stall.draft()
    (piece,) = [one.piece for one in offer.certificates.all() if one.piece]
    assert erasing.in_use({piece["sha256"], "0" * 64}) == {piece["sha256"]}
