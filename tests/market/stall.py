"""A market to test in: a producer, a buyer and an outlet's keeper, each with somebody who acts for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest

from lianqiao.agreements.models import Organisation
from lianqiao.core.periods import Period
from lianqiao.fields.consumption import entering, recognising, trading
from lianqiao.fields.consumption.goods import Offer
from lianqiao.fields.consumption.models import Sale
from lianqiao.fields.consumption.orders import Delivery, Order
from lianqiao.journal import clock
from lianqiao.journal.clock import SHANGHAI
from lianqiao.ledger import acts, evidence
from lianqiao.people.models import Grant, User
from tests.world import World, person, value

PRODUCER, CANTEEN, KEEPER = "999900000000000199", "999900000000000288", "999900000000000377"
TODAY = date(2021, 12, 31)
DAY = date(2021, 10, 12)
UNTIL = date(2023, 8, 31)
EVER = Period.cumulative(TODAY)
SALES = ("consumption.sales", "consumption.purchased", "consumption.sales.institution")


@dataclass(frozen=True)
class Stall:
    """Who trades in the world's county, beside its offices."""

    world: World
    seller: User
    buyer: User
    keeper: User

    def draft(self, name: str = "示例苹果", **values: Any) -> Offer:
        """An offer with two prices (58.00, from ten on 50.00) and a certificate, of which 100 are in stock."""
        told = {"category": "鲜果", "village": "监军街道", "measure": "箱", "stock": 100, "season": "111110000222"}
        made = recognising.draft(self.world.county, PRODUCER, {"name": name, **told, **values}, self.seller)
        recognising.set_prices(made, [(1, 58_00), (10, 50_00)], self.seller)
        recognising.certify(
            made, "检测报告", "示例", None, evidence.keep(b"report", "报告.pdf", "检测报告"), self.seller
        )
        return made

    def recognised(self, name: str = "示例苹果", until: date = UNTIL, **values: Any) -> Offer:
        """The same, recognised by the county and passed."""
        made = recognising.apply(self.draft(name, **values), self.seller)
        known = recognising.recognise(made, self.world.jingjiang, certificate="示例1", on=DAY, until=until)
        assert known.entry
        if known.entry.state == "submitted":
            acts.approve([known.entry], self.world.yongshou)
        return Offer.objects.get(pk=made.pk)

    def placed(self, offer: Offer, quantity: int = 20) -> Order:
        """An order of so many, at 50.00 each."""
        (order,) = trading.ask(CANTEEN, "预算单位", {offer: quantity}, self.buyer, address="示例路1号")
        line = order.lines.get()
        trading.quote(order, {line.pk: 50_00}, TODAY, self.seller)
        return trading.place(order, self.buyer)

    def sent(self, order: Order, quantity: int) -> Delivery:
        return trading.send(order, {order.lines.get().pk: quantity}, DAY, self.seller)

    def accepted(self, delivery: Delivery, quantity: int, why: str = "", on: date = DAY) -> Delivery:
        return trading.accept(delivery, {delivery.parcels.get().pk: quantity}, on, self.buyer, why)

    def entered(self, *orders: Order) -> list[Sale]:
        return entering.enter(orders, self.world.jingjiang)

    def counted(self, *orders: Order) -> list[int | None]:
        """The figures of SALES once what the orders owe is entered and passed."""
        acts.approve(self.entered(*orders), self.world.yongshou)
        return self.figures()

    def figures(self) -> list[int | None]:
        return [value(code, self.world.county, EVER) for code in SALES]


def make_stall(world: World) -> Stall:
    named = {PRODUCER: "示例合作社", CANTEEN: "示例食堂", KEEPER: "示例商场"}
    rows = [Organisation(name=name, kind="企业", place="永寿县", credit_code=unit) for unit, name in named.items()]
    acts.approve(acts.create(rows, world.admin), world.other_admin)
    return Stall(
        world,
        person("seller", Grant.Role.SELLER, world.county, unit=PRODUCER),
        person("buyer", Grant.Role.BUYER, world.county, unit=CANTEEN),
        person("keeper", Grant.Role.SELLER, world.county, unit=KEEPER),
    )


@pytest.fixture
def stall(world: World, settings: Any) -> Iterator[Stall]:
    settings.TODAY = TODAY
    with clock.at(datetime(2021, 12, 31, 9, tzinfo=SHANGHAI)):
        yield make_stall(world)
