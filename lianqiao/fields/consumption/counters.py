"""The tables of the outlets: how each is reached, what lies there, and what it returns of stock and sales.

That an outlet stands, from when to when, is 专柜专区专馆台账 (`Shop.outlet`), and only there.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from lianqiao.fields.consumption.goods import Offer
from lianqiao.ledger.evidence import Evidence
from lianqiao.ledger.fields import Count, CreditCode, Day, Money, Text
from lianqiao.ledger.models import State


class ShopQuerySet(models.QuerySet["Shop"]):
    def public(self) -> ShopQuerySet:
        """Those that the ledger counts and that have not closed."""
        return self.filter(outlet__state=State.APPROVED, outlet__closed_on=None, outlet__node__confirmed=True)


class Shop(models.Model):
    """网点: an outlet of the ledger as buyers find it, on the spot or online, and who keeps it."""

    outlet = models.OneToOneField("consumption.Outlet", models.PROTECT, related_name="shop")
    unit = CreditCode("经营单位信用代码", max_length=18)
    address = Text("地址", max_length=120, blank=True)
    hours = Text("营业时间", max_length=60, blank=True)
    # An online outlet has an address on the net instead.
    site = models.URLField("网址", blank=True)

    objects = ShopQuerySet.as_manager()

    class Meta:
        verbose_name = "网点"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.outlet.name


class Shelf(models.Model):
    """货架: how many of an offer lay at an outlet when it last said."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="shelves")
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="shelves")
    stock = Count("库存")
    counted_on = Day("盘点日期")

    class Meta:
        verbose_name = "货架"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["shop", "offer"], name="shelf_once")]


class ShopReturn(models.Model):
    """网点报表: what an outlet sold from a day to a day, and what is left; once taken, it becomes rows of the ledger."""

    class Stage(models.TextChoices):
        SENT = "sent", "待核收"
        TAKEN = "taken", "已核收"
        RETURNED = "returned", "退回"

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="returns")
    since, until = Day("自"), Day("至")
    state = models.CharField("状态", max_length=12, choices=Stage, default=Stage.SENT)
    reason = models.CharField("退回缘由", max_length=300, blank=True)
    # The workbook, or what was typed as a file.
    piece: models.JSONField[Evidence, Evidence] = models.JSONField("报表文件")

    class Meta:
        verbose_name = "网点报表"
        ordering = ["-until", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(until__gte=F("since")), name="shop_return_in_order")]


class Sold(models.Model):
    """网点报表行: sold, for how much, and how many are left; `sale` is what became of it in the ledger."""

    of = models.ForeignKey(ShopReturn, models.CASCADE, related_name="lines")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="+")
    quantity = Count("销量")
    amount = Money("销售额")
    stock = Count("库存")
    sale = models.OneToOneField("consumption.Sale", models.PROTECT, null=True, related_name="sold")

    class Meta:
        verbose_name = "网点报表行"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["of", "offer"], name="sold_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0, amount__gte=0, stock__gte=0)
                & (Q(quantity=0, amount=0) | Q(quantity__gt=0, amount__gt=0)),
                name="sold_for_something",
            ),
        ]
