"""The tables of trade: orders of institutions, what was sent, accepted and given back, the documents, budgets.

Amounts are prices × quantities, in 分, and stand nowhere a second time. What is accepted becomes 消费帮扶台账
(entering.py); an order itself counts nothing.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lianqiao.fields.consumption.goods import Offer
from lianqiao.ledger.evidence import Evidence
from lianqiao.ledger.fields import Choice, Count, CreditCode, Day, Money, Text
from lianqiao.places.models import Node

BUYER_TYPES = ("预算单位", "企业", "社会组织")
# Each kind of document, and the kind of evidence that it is to 消费帮扶台账.
PAPERS = {
    "合同": "合同",
    "送货单": "采购证明",
    "验收单": "采购证明",
    "发票": "发票",
    "付款凭证": "采购证明",
    "退货单": "采购证明",
}
INVOICE, PAYMENT = "发票", "付款凭证"


class Order(models.Model):
    """订单: what one buyer wants of one seller, from the first question to the last delivery."""

    class Stage(models.TextChoices):
        ASKED = "asked", "待报价"
        QUOTED = "quoted", "待下单"
        PLACED = "placed", "供货中"
        DONE = "done", "已完成"
        CANCELLED = "cancelled", "已取消"
        DECLINED = "declined", "不供货"

    number = models.CharField("订单编号", max_length=40, unique=True)
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="结对关系")
    seller, seller_unit = Text("供货方"), CreditCode("供货方信用代码", max_length=18)
    buyer, buyer_unit = Text("采购方"), CreditCode("采购方信用代码", max_length=18)
    buyer_type = Choice("类型", BUYER_TYPES)
    address = Text("收货地点", max_length=120)
    note = Text("说明", max_length=300, blank=True)
    wanted_on = Day("需要日期", blank=True, null=True)
    valid_until = Day("报价有效期至", blank=True, null=True)
    state = models.CharField("状态", max_length=12, choices=Stage, default=Stage.ASKED)
    changed_at = models.DateTimeField("最近一步")

    class Meta:
        verbose_name = "订单"
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=~Q(seller_unit=F("buyer_unit")), name="order_two_parties")]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """订单行: so many of an offer, at a price that the seller has said."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="+")
    quantity = Count("数量", least=1)
    price = Money("单价", blank=True, null=True)

    class Meta:
        verbose_name = "订单行"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "offer"], name="order_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1) & (Q(price=None) | Q(price__gt=0)), name="order_line_positive"),
        ]  # fmt: skip

    @property
    def amount(self) -> int | None:
        return None if self.price is None else self.quantity * self.price


class Delivery(models.Model):
    """送货: a part of an order that the seller has sent, until the buyer has accepted of it what was right."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="deliveries")
    # 第几次送货
    turn = Count("第几次")
    sent_on = Day("发货日期")
    accepted_on = Day("验收日期", blank=True, null=True)

    class Meta:
        verbose_name = "送货"
        ordering = ["turn"]
        constraints = [
            models.UniqueConstraint(fields=["order", "turn"], name="delivery_turn_once"),
            models.CheckConstraint(
                condition=Q(accepted_on=None) | Q(accepted_on__gte=F("sent_on")), name="delivery_accepted_after"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order.number}-{self.turn}"


class Parcel(models.Model):
    """送货行: of an order's line so many were sent, so many accepted; `sale` is what became of it in the ledger."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="parcels")
    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="parcels")
    sent = Count("发货数量", least=1)
    accepted = Count("验收数量", blank=True, null=True)
    sale = models.OneToOneField("consumption.Sale", models.PROTECT, null=True, related_name="parcel")

    class Meta:
        verbose_name = "送货行"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "line"], name="parcel_once"),
            models.CheckConstraint(
                condition=Q(sent__gte=1) & (Q(accepted=None) | Q(accepted__gte=0, accepted__lte=F("sent"))),
                name="parcel_accepted_within_sent",
            ),
        ]

    @property
    def given_back(self) -> int:
        return sum(one.quantity for one in self.returns.all() if one.state == GoodsReturn.Stage.AGREED)

    @property
    def kept(self) -> int:
        """How many the buyer has accepted and not given back."""
        return (self.accepted or 0) - self.given_back

    @property
    def amount(self) -> int:
        """What these cost, in 分."""
        return self.kept * (self.line.price or 0)


class GoodsReturn(models.Model):
    """退货: goods that were accepted and go back, once the seller agrees."""

    class Stage(models.TextChoices):
        ASKED = "asked", "待卖方答复"
        AGREED = "agreed", "已退"
        DECLINED = "declined", "卖方不同意"

    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="returns")
    quantity = Count("退货数量", least=1)
    why = models.CharField("退货缘由", max_length=300)
    state = models.CharField("状态", max_length=12, choices=Stage, default=Stage.ASKED)

    class Meta:
        verbose_name = "退货"
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(quantity__gte=1), name="goods_return_positive")]


class Paper(models.Model):
    """单据: a document of an order, or of one delivery: nothing is paid here, only recorded."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="papers")
    delivery = models.ForeignKey(Delivery, models.CASCADE, null=True, related_name="papers")
    kind = Choice("单据种类", list(PAPERS))
    number = Text("单据号", max_length=60, blank=True)
    dated = Day("单据日期")
    amount = Money("单据金额", blank=True, null=True)
    piece: models.JSONField[Evidence | None, Evidence | None] = models.JSONField("文件", null=True)

    class Meta:
        verbose_name = "单据"
        ordering = ["pk"]


class Budget(models.Model):
    """采购预算: what a budget unit spends on such goods in a year, and the share of it (‰) reserved for these places."""

    unit = CreditCode("统一社会信用代码", max_length=18)
    name = Text("预算单位")
    year = Count("年度")
    amount = Money("年度采购预算")
    share = Count("预留比例（‰）")

    class Meta:
        verbose_name = "采购预算"
        ordering = ["-year", "name"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="budget_once"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, share__gte=0, share__lte=1000), name="budget_share_within"
            ),
        ]

    @property
    def reserved(self) -> int:
        """The amount reserved, in 分: never less than the share says."""
        return -(-self.amount * self.share // 1000)
