"""The tables of the catalogue: what producers offer, with prices, certificates, linked households, and its history.

An offer counts nothing. That it is recognised stands in 帮扶产品台账 (`Offer.entry`), and only there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from lianqiao.journal import clock
from lianqiao.ledger.evidence import Evidence
from lianqiao.ledger.fields import Choice, Count, CreditCode, Day, Money, PlaceName, Text
from lianqiao.ledger.models import Counter, State
from lianqiao.people.models import User
from lianqiao.places.models import Node

CATEGORIES = ("鲜果", "干果", "蜂产品", "粮油杂粮", "调味品", "食用菌", "乳肉制品", "加工食品", "其他")
CERTIFICATES = ("绿色食品", "有机产品", "农产品地理标志", "食品生产许可证", "检测报告", "其他")
WAYS = ("订单收购", "务工就业", "土地流转", "入股分红")
NONE, STORED, FRESH = "0", "1", "2"
WHOLE = 1000  # ‰


class OfferQuerySet(models.QuerySet["Offer"]):
    def public(self) -> OfferQuerySet:
        """What the catalogue shows today: recognised by an approved entry, and not expired."""
        counted = Q(state=Offer.Stage.RECOGNISED, entry__state=State.APPROVED, node__confirmed=True)
        return self.filter(counted, valid_until__gte=clock.today())


class Offer(models.Model):
    """商品: what a producer offers. The producer applies, the county recognises, and with the entry's approval it is public."""

    class Stage(models.TextChoices):
        DRAFT = "draft", "草稿"
        APPLIED = "applied", "待认定"
        RETURNED = "returned", "退回"
        RECOGNISED = "recognised", "已认定"
        WITHDRAWN = "withdrawn", "已下架"

    number = models.CharField("商品编号", max_length=40, unique=True)
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="结对关系")
    # Several packs of one recognised product share its entry.
    entry = models.ForeignKey(
        "consumption.Product", models.PROTECT, null=True, related_name="offers", verbose_name="帮扶产品"
    )
    producer = Text("生产单位")
    unit = CreditCode("统一社会信用代码", max_length=18)
    name = Text("商品名称", max_length=80)
    category = Choice("类别", CATEGORIES)
    village = PlaceName("产地", max_length=80)
    summary = Text("简介", max_length=300, blank=True)
    measure = Text("计量单位", max_length=10)
    pack = Text("规格", max_length=40, blank=True)
    stock = Count("库存", default=0)
    # Twelve characters, January first: NONE, STORED or FRESH.
    season = models.CharField("供货月份", max_length=12, default=NONE * 12)
    lead = Text("供货", max_length=40, blank=True)
    voucher = models.BooleanField("可开具预算单位采购凭证", default=False)
    households = Count("带动户数", default=0)
    lifted = Count("其中脱贫户", default=0)
    pictures: models.JSONField[list[Evidence], list[Evidence]] = models.JSONField("图片", default=list, blank=True)
    certificate = Text("认定编号", max_length=80, blank=True)
    recognised_on = Day("认定日期", blank=True, null=True)
    valid_until = Day("有效期至", blank=True, null=True)
    state = models.CharField("状态", max_length=12, choices=Stage, default=Stage.DRAFT)
    reason = models.CharField("退回或下架缘由", max_length=300, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = "商品"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(lifted__lte=models.F("households")), name="offer_lifted_within"),
            models.CheckConstraint(condition=Q(stock__gte=0), name="offer_stock_not_negative"),
            models.CheckConstraint(
                condition=~Q(state="recognised") | Q(entry__isnull=False, valid_until__isnull=False),
                name="offer_recognised_by_entry",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public(self) -> bool:
        counted = self.entry is not None and self.entry.state == State.APPROVED
        return self.state == self.Stage.RECOGNISED and counted and not self.expired

    @property
    def expired(self) -> bool:
        return self.valid_until is not None and self.valid_until < clock.today()

    @property
    def months(self) -> list[tuple[int, str]]:
        """Each month with how there is supply in it."""
        return list(enumerate(self.season, 1))

    @property
    def in_season(self) -> bool:
        return self.season[clock.today().month - 1] == FRESH

    @property
    def tiers(self) -> list[Tier]:
        prices = sorted(self.prices.all(), key=lambda price: price.least)
        ends = [price.least - 1 for price in prices[1:]] + [None]
        return [Tier(price, end) for price, end in zip(prices, ends, strict=True)]

    def price_of(self, quantity: int) -> int | None:
        """The list price of one, in 分, for so many; None where it is asked for, or so few are not sold."""
        held = [price for price in self.prices.all() if price.least <= quantity]
        return max(held, key=lambda price: price.least).amount if held else None

    @property
    def lowest(self) -> Price | None:
        """The price of the smallest quantity, as lists show it."""
        return min(self.prices.all(), key=lambda price: price.least, default=None)


class Tier:
    """A line of the price table: from how many to how many."""

    def __init__(self, price: Price, until: int | None) -> None:
        self.least, self.until, self.amount = price.least, until, price.amount


class Price(models.Model):
    """价格: of one, in 分, from `least` on; none where it is asked for."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="prices")
    least = Count("起订数量", least=1)
    amount = Money("单价", blank=True, null=True)

    class Meta:
        verbose_name = "价格"
        ordering = ["least"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "least"], name="price_once_from"),
            models.CheckConstraint(
                condition=Q(least__gte=1) & (Q(amount=None) | Q(amount__gt=0)), name="price_positive"
            ),
        ]


class Certificate(models.Model):
    """证书: what a product is certified as, with its document."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="certificates")
    kind = Choice("证书种类", CERTIFICATES)
    number = Text("证书编号", max_length=80, blank=True)
    until = Day("证书有效期至", ending=True, blank=True, null=True)
    piece: models.JSONField[Evidence | None, Evidence | None] = models.JSONField("文件", null=True)

    class Meta:
        verbose_name = "证书"
        ordering = ["pk"]


class Linkage(models.Model):
    """带动: a household of the monitoring ledger, by its 户编号 alone, and its share of what is sold, in ‰.

    No name, no number of a person stands here; the public site counts households, and shows none.
    """

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="linkages")
    household = Text("户编号", max_length=40)
    village = PlaceName("村", max_length=80)
    way = Choice("带动方式", WAYS)
    share = Count("分成（‰）", default=0)

    class Meta:
        verbose_name = "带动户"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "household"], name="linkage_once"),
            models.CheckConstraint(condition=Q(share__gte=0, share__lte=WHOLE), name="linkage_share_within"),
        ]


class Step(models.Model):
    """One step of whatever the market holds: who did what, when and why."""

    of = models.CharField(max_length=12)
    row = models.BigIntegerField()
    act = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["of", "row"], name="step_of_row")]


def record(of: str, row: Any, act: str, by: User, why: str = "") -> None:
    Step.objects.create(of=of, row=row.pk, act=act, at=clock.now(), by=by.username, why=why)


def steps_of(of: str, row: Any) -> models.QuerySet[Step]:
    return Step.objects.filter(of=of, row=row.pk)


def next_number(prefix: str, on: date | None = None) -> str:
    """The next 编号 of a series, as ledgers number their rows; within a database transaction."""
    series = f"{prefix}-{on.year}" if on else prefix
    counter, _ = Counter.objects.select_for_update().get_or_create(series=series)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{series}-{counter.last:04d}"


def shares(amount: int, linkages: Sequence[Linkage]) -> list[int]:
    """What of an amount (分) falls to each household: its ‰, to the 分, by the largest remainder.

    Together they are the whole ‰ of the amount, rounded down: what the producer keeps is the rest, and nothing is lost.
    """
    parts = [amount * linkage.share for linkage in linkages]
    given = [part // WHOLE for part in parts]
    left = sum(parts) // WHOLE - sum(given)
    order = sorted(range(len(parts)), key=lambda at: (-(parts[at] % WHOLE), at))
    for at in order[:left]:
        given[at] += 1
    return given
