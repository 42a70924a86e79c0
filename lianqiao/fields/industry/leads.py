"""What investors and buyers leave on the public site (意向), and the leads that it becomes (线索)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from lianqiao.core.private import hidden
from lianqiao.journal import clock
from lianqiao.ledger import protected
from lianqiao.ledger.fields import Choice, Text
from lianqiao.places.models import Node

KEPT = timedelta(days=365)
"""So long after the last thing done about it an enquiry's personal data is deleted: what its writer has agreed to."""
SENDERS = ("投资方", "采购方", "中介或协会", "其他")
SUMS = ("1,000万元以下", "1,000万～5,000万元", "5,000万元以上")
LOST_FOR = ("资金", "土地厂房", "政策", "选在别处", "市场变化", "联系不上", "其他")


class Kind(models.TextChoices):
    """What an enquiry is about."""

    ZONE = "zone", "开发区"
    OPPORTUNITY = "opportunity", "投资机会"
    PRODUCT = "product", "产品"
    SITE = "site", "综合咨询"


class Stage(models.TextChoices):
    NEGOTIATING = "negotiating", "洽谈"
    SIGNED = "signed", "签约"
    LANDED = "landed", "落地"
    PRODUCING = "producing", "投产"
    LOST = "lost", "未成"


ROAD = (Stage.NEGOTIATING, Stage.SIGNED, Stage.LANDED, Stage.PRODUCING)
OPEN = (Stage.NEGOTIATING, Stage.SIGNED, Stage.LANDED)


def last_day() -> date:
    """When the personal data of an enquiry goes, if nothing more is done about it."""
    return clock.today() + KEPT


def user(**more: Any) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", **more)


class Enquiry(models.Model):
    """意向: who asked, about what, and until when we may keep it. Who it was and what was written is kept encrypted.

    What it is about stands on the portal, a room further on: its kind, its lasting key and its title at the time are kept.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待受理"
        TAKEN = "taken", "已受理"
        DECLINED = "declined", "不受理"

    # Encrypted, each under its own purpose (protected.py), and emptied when their time is over.
    PERSONAL: ClassVar[tuple[str, ...]] = ("company", "name", "phone", "email", "text")

    number = models.CharField("编号", max_length=40, unique=True)
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="结对关系")
    kind = models.CharField("对象", max_length=12, choices=Kind)
    key = models.CharField("对象编号", max_length=100, blank=True)
    title = models.CharField("对象名称", max_length=255)
    zone = models.CharField("开发区", max_length=255, blank=True)
    sender = Choice("您是", SENDERS)
    company = models.CharField("单位名称", max_length=1200)
    name = models.CharField("联系人", max_length=400)
    phone = models.CharField("手机", max_length=200, blank=True)
    email = models.CharField("邮箱", max_length=600, blank=True)
    text = models.TextField("想了解什么", blank=True)
    sum_band = Choice("意向投资额", SUMS, blank=True)
    language = models.CharField("语言", max_length=10)
    agreed_to = models.CharField("同意的内容", max_length=300)
    received_at = models.DateTimeField("收到时间")
    delete_on = models.DateField("个人信息保存到", db_index=True)
    erased_at = models.DateTimeField("个人信息删除时间", null=True, editable=False)
    state = models.CharField("状态", max_length=12, choices=State, default=State.WAITING)
    reason = models.CharField("不受理的缘由", max_length=300, blank=True)
    settled_by = models.CharField("办理", max_length=150, blank=True)

    class Meta:
        verbose_name = "意向"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""), name="enquiry_declined_for_a_reason"
            ),
            models.CheckConstraint(condition=~Q(agreed_to=""), name="enquiry_agreed_to"),
        ]

    def __str__(self) -> str:
        return self.number

    def seal(self, **told: str) -> None:
        """Puts what was written in, encrypted."""
        for name, value in told.items():
            setattr(self, name, protected.protect(value, name) if value else "")

    def told(self, name: str) -> str:
        """One of the PERSONAL columns in the clear; whoever shows a name, a telephone or an address records it."""
        token = getattr(self, name)
        return protected.reveal(token, name) if token else ""

    @property
    def firm(self) -> str:
        """The company, for those who work on it."""
        return protected.ERASED if self.erased_at else self.told("company")

    @property
    def words(self) -> str:
        """What was written, without the numbers of persons in it."""
        return protected.ERASED if self.erased_at else hidden(self.told("text"))

    @property
    def masked_name(self) -> str:
        return protected.ERASED if self.erased_at else protected.masked_name(self.told("name"))

    @property
    def masked_phone(self) -> str:
        return protected.masked(self.phone, "phone")

    @property
    def masked_email(self) -> str:
        """a***@example.org: by its host one sees whose it is."""
        head, _, host = self.told("email").partition("@")
        return f"{head[:1]}***@{host}" if host else ""


class Lead(models.Model):
    """线索: an enquiry that somebody works on, from the first talk to an enterprise that produces, or to its loss."""

    number = models.CharField("编号", max_length=40, unique=True)
    enquiry = models.OneToOneField(Enquiry, models.PROTECT, related_name="lead", verbose_name="意向")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="结对关系")
    owner = user(verbose_name="负责人")
    # In 分; None until somebody knows.
    amount = models.BigIntegerField("意向投资额", null=True, blank=True)
    stage = models.CharField("进展", max_length=12, choices=Stage, default=Stage.NEGOTIATING)
    since = models.DateField("自")
    next_step = Text("下一步", blank=True)
    due_on = models.DateField("期限", null=True, blank=True)
    lost_for = Choice("未成的原因", LOST_FOR, blank=True)
    enterprise = models.OneToOneField(
        "industry.Enterprise", models.PROTECT, null=True, blank=True, related_name="lead", verbose_name="引进企业"
    )

    class Meta:
        verbose_name = "线索"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(stage="lost") | ~Q(lost_for=""), name="lead_lost_for_something"),
            models.CheckConstraint(
                condition=~Q(stage__in=["landed", "producing"]) | Q(enterprise__isnull=False),
                name="lead_landed_in_ledger",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN


class LeadStep(models.Model):
    """What was done about a lead: when it happened and when it was recorded, by whom, why; was and now where it changed."""

    class Kind(models.TextChoices):
        TAKEN = "taken", "受理"
        ASSIGN = "assign", "指派"
        NOTE = "note", "跟进"
        VISIT = "visit", "实地考察"
        PLAN = "plan", "下一步"
        AMOUNT = "amount", "意向投资额"
        STAGE = "stage", "进展"
        ERASE = "erase", "删除个人信息"

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="steps")
    kind = models.CharField("类别", max_length=12, choices=Kind)
    on = models.DateField("日期")
    at = models.DateTimeField("记录时间")
    by = models.CharField("谁", max_length=150)
    text = models.CharField("说明", max_length=500, blank=True)
    was = models.CharField("原为", max_length=255, blank=True)
    now = models.CharField("现为", max_length=255, blank=True)

    class Meta:
        verbose_name = "线索的一步"
        ordering = ["-on", "-pk"]
