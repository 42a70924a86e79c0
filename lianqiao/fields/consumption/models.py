"""The western side's products, where they are sold, and what was bought."""

from __future__ import annotations

from collections.abc import Iterator

from lianqiao.fields.consumption import counters, goods, orders
from lianqiao.journal.measures import Post, measure, split
from lianqiao.ledger.fields import Choice, Count, Day, Money, PlaceName, Text
from lianqiao.ledger.models import Entry, Ledger
from lianqiao.ledger.protected import masked_name

GROUP = "消费协作"
# The market's tables, which are no ledgers: Django looks for them here.
MARKET = (goods, orders, counters)
CHANNELS = {
    "832平台": "platform_832",
    "专柜": "counter",
    "专区": "zone",
    "专馆": "hall",
    "直播电商": "live",
    "展销会": "fair",
    "单位采购": "institution",
    "商超": "supermarket",
}
SALES = measure(
    "consumption.sales", "消费帮扶销售额", "元", "采购与帮助销售的农特产品金额之和，按日期计入。",
    excludes="意向和签约不算销售。", words=("消费帮扶", "采购", "帮助销售"), group=GROUP, filled_by="双方",
)  # fmt: skip
MODES = {
    "采购": split(SALES, "", "采购", "part", code="consumption.purchased"),
    "帮助销售": split(SALES, "", "帮助销售", "part", code="consumption.assisted"),
}
BY_CHANNEL = {
    channel: split(SALES, suffix, channel, "subset", f"经{channel}销售的。") for channel, suffix in CHANNELS.items()
}
OUTLET_KINDS = {"专柜": "counter", "专区": "zone", "专馆": "hall"}
OUTLETS = measure(
    "consumption.outlets", "专柜专区专馆", "个", "销售西部产品的专柜、专区、专馆，存量：开设加一，关闭减一。",
    words=("专柜", "专区", "专馆"), group=GROUP, filled_by="东部", stock=True,
)  # fmt: skip
for _kind, _suffix in OUTLET_KINDS.items():
    split(OUTLETS, _suffix, _kind, "part")
PRODUCTS = measure(
    "consumption.products",
    "帮扶产品",
    "个",
    "经认定的帮扶产品，按认定日期一个计一。",
    words=("帮扶产品",),
    group=GROUP,
    filled_by="西部",
)


class Sale(Entry):
    """消费帮扶台账."""

    sold_on = Day("日期")
    product = Text("产品")
    category = Text("类别", max_length=60, blank=True)
    seller = Text("供货方")
    buyer = Text("采购方")
    buyer_type = Choice("类型", ["预算单位", "企业", "社会组织", "个人", "平台"], blank=True)
    channel = Choice("渠道", CHANNELS)
    mode = Choice("方式", MODES)
    quantity = Text("数量", max_length=60, blank=True)
    amount = Money("金额")
    invoice = Text("发票号", max_length=60, blank=True)

    ledger = Ledger(
        "sales", "消费帮扶台账", "XF", key=("sold_on", "product", "seller", "buyer", "invoice"), evidence=("合同", "发票", "采购证明"),
        dated="sold_on", personal=("seller", "buyer", "invoice"),
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "消费帮扶"

    def postings(self) -> Iterator[Post]:
        yield from MODES[self.mode](self.amount, self.sold_on)
        yield from BY_CHANNEL[self.channel](self.amount, self.sold_on)

    def summary(self) -> str:
        buyer = masked_name(self.buyer) if self.buyer_type == "个人" else self.buyer
        return " ".join(part for part in (self.product, self.seller, buyer, self.invoice) if part)


class Outlet(Entry):
    """专柜专区专馆台账."""

    name = Text("名称")
    kind = Choice("类型", OUTLET_KINDS)
    place = PlaceName("地点")
    opened_on = Day("开设日期")
    closed_on = Day("关闭日期", ending=True, blank=True)

    ledger = Ledger(
        "outlets", "专柜专区专馆台账", "ZG", key=("name",), evidence=("照片", "协议"), dated="opened_on", filled_by=("east",),
        order=(("opened_on", "closed_on"),),
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "专柜专区专馆"

    def postings(self) -> Iterator[Post]:
        counted = OUTLETS.sub(OUTLET_KINDS[self.kind])
        yield from counted(1, self.opened_on)
        yield from counted(-1, self.closed_on)


class Product(Entry):
    """帮扶产品台账."""

    name = Text("产品名称")
    producer = Text("生产单位")
    certificate = Text("认定编号", max_length=80, blank=True)
    recognised_on = Day("认定日期")
    households = Count("带动户数", blank=True)

    ledger = Ledger(
        "products",
        "帮扶产品台账",
        "CP",
        key=("name", "producer"),
        evidence=("认定文件",),
        dated="recognised_on",
        filled_by=("west",),
    )

    class Meta(Entry.Meta):
        verbose_name = "帮扶产品"

    def postings(self) -> Iterator[Post]:
        yield from PRODUCTS(1, self.recognised_on)
