"""The sample's market: who trades, what is offered, two outlets, and an order in every state.

All of it is invented (示例). Nothing of it moves a figure: what was sold by the order that is done stands in the sample's
ledger already, and is linked to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from lianqiao.agreements.models import Organisation
from lianqiao.demo.rows.identity import credit_code
from lianqiao.fields.consumption import entering, recognising, reporting, trading
from lianqiao.fields.consumption.goods import Offer
from lianqiao.fields.consumption.models import Outlet, Product, Sale
from lianqiao.fields.consumption.orders import Order
from lianqiao.fields.consumption.reporting import Line
from lianqiao.journal import clock
from lianqiao.ledger import acts, evidence
from lianqiao.people.models import Grant, User
from lianqiao.places.models import Node

PLATES = Path(__file__).parent / "static"
FIRST_CODE = 700
CANTEEN, FACTORY, KEEPER = "靖江示例机关食堂", "靖江示例制造公司", "靖江示例商贸公司"


@dataclass(frozen=True)
class Ware:
    """Of a product of the ledger: how it is sold, at which prices (元 from how many on), in which months."""

    product: str
    category: str
    village: str
    measure: str
    pack: str
    stock: int
    season: str
    prices: tuple[tuple[int, str], ...]
    plate: str
    summary: str
    lifted: int
    until: date | None = date(2023, 12, 31)


WARES = [
    Ware("苹果（示例）", "鲜果", "永寿县店头镇", "箱", "12枚", 2600, "111110000222", ((1, "68"), (100, "58"), (1000, "")), "apple",
         "旱塬果园，套袋栽培，十月采收，气调贮藏可供到次年五月。", 90),
    Ware("核桃（示例）", "干果", "永寿县甘井镇", "袋", "1千克", 420, "111000002222", ((1, "45"), (50, "39")), "walnut",
         "薄皮核桃，当年采收，晾晒后分级。", 51),
    Ware("花椒（示例）", "调味品", "永寿县渠子镇", "袋", "250克", 300, "111111022111", ((1, "38"),), "pepper",
         "大红袍花椒，七八月采摘，日晒去籽。", 33, date(2022, 1, 31)),
    Ware("土蜂蜜（示例）", "蜂产品", "永寿县马坊镇", "瓶", "500克", 180, "111122211111", ((1, "56"), (48, "50")), "honey",
         "槐花蜜，五月取蜜，整瓶可溯到蜂场。", 20),
    Ware("小米（示例）", "粮油杂粮", "永寿县永平镇", "袋", "2.5千克", 900, "111111111222", ((1, "26"), (200, "22.5")), "millet",
         "旱塬小米，十月收割，真空包装。", 41),
    Ware("手工挂面（示例）", "粮油杂粮", "永寿县监军街道", "提", "3把", 0, "222222222222", ((50, "36"), (500, "")), "noodles",
         "手工拉制，自然晾干，按订单制作。", 18),
    Ware("苹果脆片（示例）", "加工食品", "永寿县店头镇", "盒", "8袋", 350, "222222222222", ((1, "32"), (100, "28.8")), "box",
         "真空低温脱水，不加糖。", 24),
]  # fmt: skip
WAITING = Ware(
    "羊奶粉（示例）",
    "乳肉制品",
    "永寿县常宁镇",
    "罐",
    "400克",
    60,
    "222222222222",
    ((1, "98"),),
    "",
    "全脂羊奶粉。",
    30,
    None,
)


def make(node: Node) -> None:
    """Everything, as the offices, producers and buyers have entered it by the sample's last day."""
    units = organisations(node)
    people = traders(node, units)
    offers = {ware.product: offered(ware, units, people, recognised=True) for ware in WARES}
    offered(WAITING, units, people, recognised=False)
    shops(offers, units)
    orders(offers, units[CANTEEN], people)
    trading.set_budget(units[CANTEEN], clock.today().year, 2_000_000_00, 150, people[CANTEEN])


def who(username: str) -> User:
    return User.objects.get(username=username)


def organisations(node: Node) -> dict[str, str]:
    """Whoever trades, in the register; the code of each by its name."""
    producers = [entry.producer for entry in map(product, [*(ware.product for ware in WARES), WAITING.product])]
    names = [*dict.fromkeys(producers), CANTEEN, FACTORY, KEEPER]
    units = {name: credit_code(FIRST_CODE + order) for order, name in enumerate(names)}
    rows = [
        Organisation(
            name=name, kind="党政机关" if name == CANTEEN else "企业", place="永寿县" if name in producers else "靖江市",
            credit_code=unit, node=node, notes="示例",
        )
        for name, unit in units.items()
    ]  # fmt: skip
    acts.approve(acts.create(rows, who("coordinator")), who("administrator"))
    return units


def product(name: str) -> Product:
    return Product.objects.get(name=name)


def traders(node: Node, units: dict[str, str]) -> dict[str, User]:
    """Somebody who acts for each; two of them are known by short names, for trying it out."""
    short = {product(WARES[0].product).producer: "seller", CANTEEN: "buyer"}
    found = {}
    for order, (name, unit) in enumerate(units.items(), 1):
        role = Grant.Role.BUYER if name in (CANTEEN, FACTORY) else Grant.Role.SELLER
        found[name] = User.objects.create_user(short.get(name, f"trader-{order}"), office=name)
        Grant.objects.create(user=found[name], role=role, node=node, unit=unit)
    return found


def offered(ware: Ware, units: dict[str, str], people: dict[str, User], *, recognised: bool) -> Offer:
    entry = product(ware.product)
    by = people[entry.producer]
    assert entry.node
    values = {
        "name": entry.name, "category": ware.category, "village": ware.village, "measure": ware.measure, "pack": ware.pack,
        "stock": ware.stock, "season": ware.season, "summary": ware.summary, "households": entry.households or 0,
        "lifted": ware.lifted, "voucher": ware.category != "调味品", "lead": "3日内发" if ware.stock else "按订单制作",
    }  # fmt: skip
    if ware.plate:
        values["pictures"] = [evidence.keep((PLATES / f"{ware.plate}.svg").read_bytes(), f"{ware.plate}.svg", "图片")]
    made = recognising.draft(entry.node, units[entry.producer], values, by)
    recognising.set_prices(made, [(least, round_fen(price)) for least, price in ware.prices], by)
    report = evidence.keep(f"示例：{entry.name} 检测报告\n".encode(), f"示例-{entry.name}-检测报告.txt", "检测报告")
    recognising.certify(made, "检测报告", f"示例-{made.number}", date(2022, 12, 31), report, by)
    recognising.link(made, "JC-示例-0001", ware.village, "订单收购", 30, by)
    made = recognising.apply(made, by)
    if not recognised:
        return made
    assert ware.until
    return recognising.recognise(
        made, who("yongshou"), certificate=entry.certificate, on=entry.recognised_on, until=ware.until
    )


def round_fen(price: str) -> int | None:
    """元 as written, in 分."""
    whole, _, part = price.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or 0) if price else None


def shops(offers: dict[str, Offer], units: dict[str, str]) -> None:
    """A hall on the spot and one online, each with a return that waits to be taken."""
    where = {
        "永寿农产品示例专馆": {"address": "靖江市示例路1号", "hours": "9:00—18:00"},
        "靖江示例线上专馆": {"site": "https://example.org/yongshou"},
    }
    by = who("jingjiang")
    for name, told in where.items():
        shop = reporting.open_shop(Outlet.objects.get(name=name), {"unit": units[KEEPER], **told}, by)
        lines = [
            Line(offer, sold, sold * (offer.price_of(1) or 0), stock)
            for offer, sold, stock in zip(list(offers.values())[:3], (36, 20, 0), (340, 80, 45), strict=True)
        ]
        reporting.report(shop, date(2021, 12, 1), date(2021, 12, 20), lines, by)


def orders(offers: dict[str, Offer], canteen: str, people: dict[str, User]) -> None:
    """One in each state; of the one under way a delivery is accepted and not entered yet, and one is not accepted."""
    buyer = people[CANTEEN]
    asked(offers["小米（示例）"], 200, canteen, buyer)
    quoted(asked(offers["核桃（示例）"], 60, canteen, buyer), people)
    trading.decline(
        asked(offers["手工挂面（示例）"], 500, canteen, buyer),
        people[offers["手工挂面（示例）"].producer],
        "年前已排满",
    )
    trading.cancel(quoted(asked(offers["土蜂蜜（示例）"], 48, canteen, buyer), people), buyer, "改在春节后采购")
    under_way(trading.place(quoted(asked(offers["苹果（示例）"], 300, canteen, buyer), people), buyer), people)
    done(offers, canteen, people)


def asked(offer: Offer, quantity: int, unit: str, buyer: User) -> Order:
    (order,) = trading.ask(unit, "预算单位", {offer: quantity}, buyer, address="靖江市示例路20号")
    return order


def quoted(order: Order, people: dict[str, User], price: int | None = None) -> Order:
    line = order.lines.get()
    told = price or line.price or 0
    return trading.quote(order, {line.pk: told}, clock.today() + timedelta(days=15), people[order.seller])


def under_way(order: Order, people: dict[str, User]) -> None:
    seller, buyer = people[order.seller], people[order.buyer]
    line = order.lines.get()
    first = trading.send(order, {line.pk: 180}, date(2021, 12, 20), seller)
    trading.accept(first, {first.parcels.get().pk: 176}, date(2021, 12, 22), buyer, "四箱压伤，当场退回")
    told = {
        "kind": "发票",
        "number": "示例发票DD1",
        "dated": date(2021, 12, 23),
        "amount": 176 * 58_00,
        "delivery": first,
    }
    trading.attach(order, told, None, seller)
    trading.send(order, {line.pk: 100}, date(2021, 12, 27), seller)


def done(offers: dict[str, Offer], canteen: str, people: dict[str, User]) -> None:
    """An order whose sale the sample's ledger has: of the same day, product, amount and invoice, at 100 元 each."""
    mine = Sale.objects.filter(buyer=CANTEEN, product__in=offers, state="approved", amount__gt=0)
    sale = next(one for one in mine.order_by("-sold_on") if one.node_id in offers[one.product].node.lineage())
    offer, each = offers[sale.product], 100_00
    quantity = sale.amount // each
    Offer.objects.filter(pk=offer.pk).update(stock=offer.stock + quantity)
    order = quoted(asked(offer, quantity, canteen, people[CANTEEN]), people, each)
    seller, buyer = people[order.seller], people[CANTEEN]
    trading.place(order, buyer)
    sent = trading.send(order, {order.lines.get().pk: quantity}, sale.sold_on - timedelta(days=3), seller)
    told = {"kind": "发票", "number": sale.invoice, "dated": sale.sold_on, "amount": sale.amount}
    trading.attach(order, told, None, seller)
    trading.attach(order, told | {"kind": "付款凭证", "number": "示例付款1"}, None, buyer)
    trading.accept(sent, {sent.parcels.get().pk: quantity}, sale.sold_on, buyer)
    entering.enter([order], who("jingjiang"))
