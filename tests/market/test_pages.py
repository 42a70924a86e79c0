"""The market's pages: what each party finds and may do on them, and what nobody else does."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lianqiao.fields.consumption import recognising, reporting, trading
from lianqiao.fields.consumption.counters import ShopReturn
from lianqiao.fields.consumption.goods import Offer
from lianqiao.fields.consumption.models import Outlet, Product, Sale
from lianqiao.fields.consumption.orders import Budget, Delivery, GoodsReturn, Order
from lianqiao.ledger import acts
from lianqiao.people.models import User
from tests.market.stall import CANTEEN, DAY, KEEPER, Stall
from tests.world import approved

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
Made = Callable[[Stall], str]


def opened(user: User | None = None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def send(user: User, address: str, status: Any = 302, **told: Any) -> str:
    """Posts a form; returns the page that answers, the next one where it was done."""
    client = opened(user)
    answer = client.post(address, told)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return (client.get(answer["Location"]) if status == 302 else answer).content.decode()


def shop_of(stall: Stall) -> Any:
    told = {"name": "示例专馆", "kind": "专馆", "place": "靖江市", "opened_on": DAY}
    (outlet,) = approved(stall.world, Outlet(node=stall.world.county, **told))
    values = {"unit": KEEPER, "address": "示例路1号", "hours": "8:30—17:00"}
    return reporting.open_shop(outlet, values, stall.world.jingjiang)


# Who reaches what ----------------------------------------------------------------------------------------------------------


def order_page(stall: Stall) -> str:
    return f"/trade/orders/{stall.placed(stall.recognised()).number}/"


def offer_page(stall: Stall) -> str:
    return f"/trade/products/{stall.draft().number}/"


def shop_page(stall: Stall) -> str:
    return f"/trade/outlets/{shop_of(stall).outlet.number}/"


def file_page(stall: Stall) -> str:
    (one,) = stall.draft().certificates.all()
    assert one.piece
    return f"/trade/files/{one.piece['sha256']}/{one.piece['name']}"


PAGES: dict[str, tuple[Made, set[str]]] = {
    "the overview": (lambda stall: "/trade/", {"seller", "buyer", "keeper", "jingjiang", "auditor", "stranger"}),
    "an order": (order_page, {"seller", "buyer", "jingjiang", "auditor"}),
    "an offer": (offer_page, {"seller", "jingjiang", "auditor"}),
    "an outlet": (shop_page, {"keeper", "jingjiang", "auditor"}),
    "a file": (file_page, {"seller", "jingjiang", "auditor"}),
    "a new offer": (lambda stall: "/trade/products/new/", {"seller", "keeper"}),
}


@pytest.mark.parametrize("what", PAGES)
def test_a_page_is_for_its_parties_and_the_offices(stall: Stall, what: str, settings: Any) -> None:
    made, whose = PAGES[what]
    address, world = made(stall), stall.world
    people = [stall.seller, stall.buyer, stall.keeper, world.jingjiang, world.auditor, world.stranger, world.leader]
    reached = {user.username for user in people if opened(user).get(address).status_code == 200}
    assert reached == whose
    assert opened().get(address).status_code == 302


@pytest.mark.parametrize("address", ["/desk/", "/ledgers/", "/ledgers/sales/", "/targets/", "/tree/", "/figures/"])
def test_traders_find_nothing_of_the_desk(stall: Stall, address: str) -> None:
    status = opened(stall.seller).get(address).status_code
    assert status == (302 if address == "/desk/" else 404)


def test_a_traders_header_has_only_the_market(stall: Stall) -> None:
    page = opened(stall.buyer).get("/trade/").content.decode()
    nav = page[page.index('<nav class="nav"') : page.index("</nav>")]
    assert nav.count("<a ") == 1
    assert 'href="/trade/"' in nav


def test_a_seller_sees_no_buyers_budget(stall: Stall) -> None:
    trading.set_budget(CANTEEN, 2021, 1_000_000_00, 100, stall.buyer)
    stall.placed(stall.recognised())
    seen = [user.username for user in (stall.buyer, stall.world.jingjiang, stall.seller) if "100,000.00" in
            opened(user).get("/trade/").content.decode()]  # fmt: skip
    assert seen == ["buyer", "jingjiang"]


# An offer's way through the forms ------------------------------------------------------------------------------------------


FORM = {
    "unit": "999900000000000199", "name": "示例苹果", "category": "鲜果", "village": "监军街道", "measure": "箱", "pack": "12枚",
    "stock": "100", "households": "186", "lifted": "121", "least-0": "1", "amount-0": "58", "least-1": "100",
    "amount-1": "", "month-10": "2", "voucher": "on",
}  # fmt: skip


def test_from_the_producers_form_to_the_public_page(stall: Stall) -> None:
    send(stall.seller, "/trade/products/new/", **FORM)
    offer = Offer.objects.get()
    act = f"/trade/products/{offer.number}/act/"
    told = {"act": "certify", "kind": "检测报告", "file": SimpleUploadedFile("报告.pdf", b"%PDF")}
    send(stall.seller, act, **told)
    send(stall.seller, act, act="link", household="JC-2021-0001", village="店头村", way="订单收购", share="30")
    send(stall.seller, act, **FORM | {"act": "keep", "picture": SimpleUploadedFile("苹果.svg", SVG)})
    assert "待认定" in send(stall.seller, act, act="apply")
    assert "待认定" in opened(stall.world.jingjiang).get("/trade/").content.decode()
    send(stall.world.jingjiang, act, act="recognise", certificate="YS-1", on="2021-10-12", until="2023-08-31")
    public = f"/zh-hans/market/{offer.number}/"
    assert opened().get(public).status_code == 404
    acts.approve(list(Product.objects.all()), stall.world.yongshou)
    page = opened().get(public).content.decode()
    for words in ("示例苹果", "示例合作社", "YS-1", "186户", "其中脱贫户121户", "58.00", "询价", '"@type": "Product"'):
        assert words in page
    assert "JC-2021-0001" not in page


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"stock": "约100"}, "约100"),
        ({"name": ""}, "必填"),
        ({"lifted": "200"}, "脱贫户不能多于"),
        ({"amount-0": "-5"}, "-5"),
    ],
)
def test_a_form_that_is_wrong_says_so_and_keeps_what_was_typed(stall: Stall, wrong: dict[str, str], told: str) -> None:
    offer = stall.draft()
    page = send(
        stall.seller, f"/trade/products/{offer.number}/act/", 400, **FORM | {"act": "keep", "pack": "十二枚"} | wrong
    )
    assert told in page
    assert "十二枚" in page
    assert Offer.objects.get().pack == ""


# An order's way through the forms ------------------------------------------------------------------------------------------


def test_from_the_public_list_to_the_ledger(stall: Stall) -> None:
    offer, world = stall.recognised(), stall.world
    buyer = opened(stall.buyer)
    assert "示例苹果" in buyer.get(f"/zh-hans/market/cart/?add={offer.number}").content.decode()
    told = {
        f"quantity-{offer.pk}": "20",
        "act": "ask",
        "unit": CANTEEN,
        "buyer_type": "预算单位",
        "address": "示例路1号",
    }
    answer = buyer.post("/zh-hans/market/cart/", told)
    order = Order.objects.get()
    assert answer["Location"] == f"/trade/orders/{order.number}/"
    act = f"/trade/orders/{order.number}/act/"
    line = order.lines.get().pk
    send(stall.seller, act, act="quote", valid_until="2021-12-31", **{f"price-{line}": "50.00"})
    send(stall.buyer, act, act="place")
    send(stall.seller, act, act="send", on="2021-10-12", **{f"send-{line}": "12"})
    parcel = Delivery.objects.get().parcels.get().pk
    send(stall.buyer, act, act="accept", turn="1", on="2021-10-12", **{f"accept-{parcel}": "12"})
    sent = SimpleUploadedFile("发票.pdf", b"%PDF")
    send(
        stall.seller,
        act,
        act="attach",
        kind="发票",
        number="FP1",
        dated="2021-10-12",
        amount="600",
        turn="1",
        file=sent,
    )
    assert "600.00" in opened(world.jingjiang).get("/trade/").content.decode()
    assert "已记入消费帮扶台账 1 行" in send(world.jingjiang, "/trade/act/", act="enter")
    send(stall.buyer, act, act="ask_return", parcel=str(parcel), quantity="2", why="变质")
    send(stall.seller, act, act="agree", **{"return": str(GoodsReturn.objects.get().pk)})
    acts.approve(list(Sale.objects.all()), world.yongshou)
    send(world.jingjiang, act, act="enter")
    acts.approve(list(Sale.objects.all()), world.yongshou)
    assert stall.figures() == [500_00] * 3
    page = opened(stall.buyer).get(f"/trade/orders/{order.number}/").content.decode()
    assert [words in page for words in ("已退", "FP1", "500.00", Sale.objects.get().number)] == [True] * 4


def test_an_act_that_cannot_be_is_told_on_the_orders_page(stall: Stall) -> None:
    order = stall.placed(stall.recognised())
    page = send(stall.buyer, f"/trade/orders/{order.number}/act/", 400, act="cancel", why="")
    assert "取消要写明缘由" in page
    assert Order.objects.get().state == "placed"


def test_the_wrong_party_gets_nowhere_with_a_button(stall: Stall) -> None:
    order = stall.placed(stall.recognised())
    line = order.lines.get().pk
    answer = opened(stall.buyer).post(
        f"/trade/orders/{order.number}/act/", {"act": "send", "on": "2021-10-12", f"send-{line}": "1"}
    )
    assert answer.status_code == 404
    assert not Delivery.objects.exists()


def test_a_budget_is_said_on_the_overview(stall: Stall) -> None:
    send(stall.buyer, "/trade/act/", act="budget", unit=CANTEEN, year="2021", amount="1000000", share="10")
    held = Budget.objects.get()
    assert (held.amount, held.share, held.reserved) == (1_000_000_00, 100, 100_000_00)


def test_the_lists_queries_do_not_grow_with_the_orders(stall: Stall, django_assert_max_num_queries: Any) -> None:
    offer = stall.recognised()
    for _ in range(8):
        stall.placed(offer, 3)
    with django_assert_max_num_queries(45):
        assert opened(stall.world.jingjiang).get("/trade/").status_code == 200


# Outlets -------------------------------------------------------------------------------------------------------------------


def book(*rows: tuple[Any, ...]) -> SimpleUploadedFile:
    made = openpyxl.Workbook()
    for row in (("商品", "销量", "销售额", "库存"), *rows):
        made.active.append(row)
    held = io.BytesIO()
    made.save(held)
    return SimpleUploadedFile("十月报表.xlsx", held.getvalue())


DAYS = {"act": "report", "since": "2021-10-01", "until": "2021-10-31"}


def test_a_keeper_reports_on_a_phone_and_the_office_takes_it(stall: Stall) -> None:
    offer, shop = stall.recognised(), shop_of(stall)
    act = f"/trade/outlets/{shop.outlet.number}/act/"
    told = {f"sold-{offer.pk}": "6", f"amount-{offer.pk}": "360", f"stock-{offer.pk}": "34"}
    send(stall.keeper, act, **DAYS, **told)
    assert "待核收" in opened(stall.world.jingjiang).get("/trade/").content.decode()
    page = send(stall.world.jingjiang, act, act="take", **{"return": str(ShopReturn.objects.get().pk)})
    assert Sale.objects.get().number in page
    outlets = opened().get("/zh-hans/market/outlets/").content.decode()
    assert [words in outlets for words in ("示例专馆", "示例路1号", "8:30—17:00", "34")] == [True] * 4


def test_a_workbook_is_read_and_is_the_evidence(stall: Stall) -> None:
    offer, shop = stall.recognised(), shop_of(stall)
    act = f"/trade/outlets/{shop.outlet.number}/act/"
    send(stall.keeper, act, **DAYS, file=book((offer.number, 6, 360, 34)))
    (line,) = ShopReturn.objects.get().lines.all()
    assert (line.offer, line.quantity, line.amount, line.stock) == (offer, 6, 360_00, 34)
    assert ShopReturn.objects.get().piece["name"] == "十月报表.xlsx"


@pytest.mark.parametrize(
    ("row", "told"),
    [(("示例梨", 6, 360, 34), "示例梨"), (("示例苹果", "约6", 360, 34), "约6"), (("示例苹果", 6, 0, 34), "销售额")],
)
def test_a_workbook_that_is_wrong_is_refused_whole(stall: Stall, row: tuple[Any, ...], told: str) -> None:
    stall.recognised()
    shop = shop_of(stall)
    page = send(stall.keeper, f"/trade/outlets/{shop.outlet.number}/act/", 400, **DAYS, file=book(row))
    assert told in page
    assert not ShopReturn.objects.exists()


# In public -----------------------------------------------------------------------------------------------------------------


def names(query: str = "") -> list[str]:
    slice_ = opened().get(f"/zh-hans/market/{query}").context["slice"]
    return [offer.name for offer in slice_]


def test_the_catalogue_is_filtered_and_sorted_by_its_address(stall: Stall) -> None:
    stall.recognised("示例苹果", households=10)
    stall.recognised("示例蜂蜜", category="蜂产品", village="马坊镇", season="0" * 12, households=20, voucher=True)
    stall.recognised("示例核桃", stock=0, category="干果", season="0" * 12)
    stall.recognised("过期的", until=DAY)
    assert names()[0] == "示例苹果"
    assert len(names()) == 3
    assert names("?category=蜂产品") == names("?village=马坊镇") == names("?voucher=1") == ["示例蜂蜜"]
    assert names("?supply=order") == ["示例核桃"]
    assert names("?sort=households")[0] == "示例蜂蜜"
    assert names("?category=没有的") == []
    assert names("?page=99&sort=price") != []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_public_pages_are_there_in_both_languages(stall: Stall, language: str) -> None:
    offer = stall.recognised()
    shop_of(stall)
    for address in ("", "outlets/", f"{offer.number}/", f"cart/?add={offer.number}"):
        page = opened().get(f"/{language}/market/{address}")
        assert page.status_code == 200
        assert "示例" in page.content.decode()


def test_a_picture_is_public_with_its_offer_and_runs_nothing(stall: Stall) -> None:
    offer = stall.draft(pictures=[])
    (piece,) = [one.piece for one in offer.certificates.all() if one.piece]
    address = f"/zh-hans/market/files/{piece['sha256']}/{piece['name']}"
    assert opened().get(address).status_code == 404
    recognising.apply(offer, stall.seller)
    known = recognising.recognise(offer, stall.world.jingjiang, certificate="", on=DAY, until=DAY.replace(year=2023))
    acts.approve([known.entry], stall.world.yongshou)  # type: ignore[list-item]
    answer = opened().get(address)
    assert answer.status_code == 200
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_list_outlives_signing_in_and_is_empty_after_asking(stall: Stall) -> None:
    offer = stall.recognised()
    client = opened()
    answer = client.post("/zh-hans/market/cart/", {f"quantity-{offer.pk}": "20", "act": "ask"})
    assert answer["Location"].startswith("/sign-in/?next=")
    assert 'value="20"' in client.get("/zh-hans/market/cart/").content.decode()


def test_only_a_buyer_asks(stall: Stall) -> None:
    offer = stall.recognised()
    told = {f"quantity-{offer.pk}": "20", "act": "ask", "unit": CANTEEN, "buyer_type": "企业", "address": "示例"}
    answer = opened(stall.seller).post("/zh-hans/market/cart/", told)
    assert answer.status_code == 400
    assert not Order.objects.exists()
