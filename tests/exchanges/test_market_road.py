"""Show 2 of the exchanges, in a browser: recognition, order, two partial deliveries, acceptance, and the figure's trace."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from lianqiao.cli.main import main
from lianqiao.fields.consumption.goods import Offer
from lianqiao.fields.consumption.models import Sale
from lianqiao.fields.consumption.orders import Order
from lianqiao.journal import clock
from lianqiao.journal.clock import SHANGHAI
from lianqiao.people.models import User
from lianqiao.portal import founding
from tests.desk.browsing import MARKS, opening
from tests.market.stall import Stall, make_stall
from tests.world import make_world

pytestmark = MARKS
REPORT = {"name": "检测报告.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 report"}
FORM = {
    "name": "示例苹果", "village": "监军街道", "measure": "箱", "pack": "12枚", "stock": "100", "households": "186",
    "lifted": "121",
}  # fmt: skip


@pytest.fixture
def trading(db: None) -> Stall:
    with clock.at(datetime(2017, 1, 3, 9, tzinfo=SHANGHAI)):
        world = make_world()
        stall = make_stall(world)
        founding.found()
    return stall


@pytest.fixture
def opened(live_server: object, trading: Stall) -> Iterator[Callable[[User | None], Any]]:
    with opening(str(live_server)) as for_each:
        yield for_each


def press(page: Any, act: str, within: str = "") -> None:
    """Presses a button and waits for the page that says what was done."""
    with page.expect_navigation():
        page.click(f"{within} button[value={act}]")
    page.wait_for_selector(".told")


def figure(stall: Stall, page: Any, code: str = "consumption.sales") -> str:
    """What the figure's own page says."""
    page.goto(f"/figures/{code}/{stall.world.county.number}/..2021-12-31")
    return str(page.inner_text("main"))


def offer(stall: Stall, seller: Any, county: Any, reviewer: Any) -> Offer:
    """From the producer's form to the public page."""
    seller.goto("/trade/products/new/")
    for name, value in FORM.items():
        seller.fill(f"#o-{name}", value)
    for name, value in {"least-0": "1", "amount-0": "58", "least-1": "10", "amount-1": "50"}.items():
        seller.fill(f"input[name={name}]", value)
    with seller.expect_navigation():
        seller.click("button[value=keep]")
    seller.click("summary:has-text('加证书')")
    seller.set_input_files("#c-file", REPORT)
    press(seller, "certify")
    press(seller, "apply")
    made = Offer.objects.get()
    county.goto("/trade/")
    county.click(f"a:has-text('{made.name}')")
    county.fill("#r-certificate", "YS-CP-1")
    county.fill("#r-until", "2023-08-31")
    press(county, "recognise")
    reviewer.goto("/review/products/")
    reviewer.click("button[value=approve]")
    reviewer.wait_for_selector(".told")
    return made


def order(made: Offer, buyer: Any, seller: Any) -> Order:
    """From the catalogue to the placed order."""
    buyer.goto("/zh-hans/market/")
    buyer.click(f"a:has-text('{made.name}')")
    buyer.click("a:has-text('加入采购单')")
    buyer.fill(f"input[name=quantity-{made.pk}]", "20")
    buyer.fill("#c-address", "靖江市示例路1号")
    with buyer.expect_navigation():
        buyer.click("button[value=ask]")
    placed = Order.objects.get()
    seller.goto(f"/trade/orders/{placed.number}/")
    seller.fill("input[name=valid_until]", "2021-12-31")
    press(seller, "quote")
    buyer.goto(f"/trade/orders/{placed.number}/")
    press(buyer, "place")
    return placed


def deliver(placed: Order, seller: Any, buyer: Any, turn: int, sent: int, accepted: int) -> None:
    line = placed.lines.get().pk
    seller.goto(f"/trade/orders/{placed.number}/")
    seller.fill(f"input[name=send-{line}]", str(sent))
    press(seller, "send")
    buyer.goto(f"/trade/orders/{placed.number}/")
    within = f"section[aria-labelledby=h-d{turn}]"
    buyer.fill(f"{within} input[name^=accept-]", str(accepted))
    if accepted < sent:
        buyer.fill(f"{within} input[name=why]", "三箱压坏")
    press(buyer, "accept", within)


def enter(county: Any, reviewer: Any) -> None:
    county.goto("/trade/")
    press(county, "enter")
    reviewer.goto("/review/sales/")
    if reviewer.locator("input[name=despite_twins]").count():  # both deliveries were accepted on one day
        reviewer.check("input[name=despite_twins]")
    reviewer.click("button[value=approve]")
    reviewer.wait_for_selector(".told")


def test_what_is_accepted_counts_and_leads_back_to_the_order(
    trading: Stall, opened: Callable[[User | None], Any], settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.TODAY = datetime(2021, 12, 31).date()  # noqa: DTZ001
    world = trading.world
    seller, buyer = opened(trading.seller), opened(trading.buyer)
    county, reviewer = opened(world.jingjiang), opened(world.yongshou)
    made = offer(trading, seller, county, reviewer)
    placed = order(made, buyer, seller)
    deliver(placed, seller, buyer, 1, 12, 12)
    enter(county, reviewer)
    assert trading.figures() == [600_00] * 3
    deliver(placed, seller, buyer, 2, 8, 5)
    enter(county, reviewer)
    assert trading.figures() == [17 * 50_00] * 3
    assert [number in figure(trading, county) for number in Sale.objects.values_list("number", flat=True)] == [True] * 2
    assert main(["trace", "consumption.sales", "--pairing", "靖江-永寿", "--until", "2021-12-31", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["figure"]["value"] == "850"
    names = {piece["name"] for posting in told["postings"] for piece in posting["evidence"]}
    assert names == {f"验收记录 {placed.number}-{turn}.txt" for turn in (1, 2)}
