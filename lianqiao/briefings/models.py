"""What is owed (报送), and what was made of it: returns with their questions, documents, and the library of typical cases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lianqiao.core.periods import Period
from lianqiao.core.private import NUMBERS
from lianqiao.ledger.columns import Problem
from lianqiao.ledger.fields import Choice, Day, Text
from lianqiao.ledger.models import Entry, Ledger
from lianqiao.places.models import Node


class Kind(models.TextChoices):
    MONTH = "month", "月报"
    QUARTER = "quarter", "季报"
    YEAR = "year", "年报"


class Duty(models.Model):
    """What a node owes: a return of this kind for every period that ends within since and until, so many days after it.

    closes: whether sending the return closes the period (关账). Not where rows regularly come late.
    """

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="结对关系")
    kind = models.CharField("报表", max_length=8, choices=Kind)
    days = models.PositiveSmallIntegerField("期后几天内报")
    since = models.DateField("自")
    until = models.DateField("止", null=True, blank=True)
    closes = models.BooleanField("上报后关账", default=True)

    class Meta:
        verbose_name = "报送安排"
        constraints = [models.UniqueConstraint(fields=["node", "kind"], name="one_duty_of_a_kind")]
        ordering = ["node__path", "kind"]

    def __str__(self) -> str:
        return f"{self.node} {self.get_kind_display()}"


def person(**more: Any) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", **more)


class Return(models.Model):
    """A version of a return: the figures of a node and a period as known at a transaction, kept as they were.

    lines: what returns_lines.py read then; whoever doubts them reads them again. The latest version counts; those sent
    before it are corrected. why: what a correction corrects.
    """

    class State(models.TextChoices):
        FILLED = "filled", "已填报"
        QUESTIONED = "questioned", "待说明"
        EXPLAINED = "explained", "已说明"
        REVIEWED = "reviewed", "已审核"
        SIGNED = "signed", "已签发"
        SENT = "sent", "已上报"
        CORRECTED = "corrected", "已更正"

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="结对关系")
    kind = models.CharField("报表", max_length=8, choices=Kind)
    start = models.DateField("起")
    until = models.DateField("止")
    version = models.PositiveSmallIntegerField("版本", default=1)
    state = models.CharField("状态", max_length=12, choices=State)
    transaction = models.BigIntegerField("事务")
    hash = models.CharField("散列", max_length=64)
    lines = models.JSONField("数")
    words = models.TextField("情况说明", blank=True)
    why = models.CharField("更正缘由", max_length=300, blank=True)
    author = person(verbose_name="填报人")
    filled_at = models.DateTimeField("填报时间")
    reviewer = person(verbose_name="审核人", null=True)
    reviewed_at = models.DateTimeField("审核时间", null=True)
    coordinator = person(verbose_name="签发人", null=True)
    signed_at = models.DateTimeField("签发时间", null=True)
    sender = person(verbose_name="上报人", null=True)
    sent_at = models.DateTimeField("上报时间", null=True)

    class Meta:
        verbose_name = "报表"
        ordering = ["-until", "node__path", "kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["node", "kind", "until", "version"], name="one_return_of_a_version"),
            models.CheckConstraint(
                condition=(Q(reviewer=None) | ~Q(reviewer=F("author")))
                & (Q(coordinator=None) | ~Q(coordinator=F("author")))
                & (Q(coordinator=None) | Q(reviewer=None) | ~Q(coordinator=F("reviewer"))),
                name="return_by_three_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "sent", "corrected"])
                | Q(reviewer__isnull=False, coordinator__isnull=False),
                name="return_is_signed_before_it_is_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.node} {self.title}"

    @property
    def period(self) -> Period:
        return Period(self.start, self.until)

    @property
    def title(self) -> str:
        """2021年11月月报, 2021年第三季度季报, 2021年年报."""
        return title(self.kind, self.period)


def title(kind: str, period: Period) -> str:
    until = period.until
    told = {
        Kind.MONTH: f"{until.year}年{until.month}月月报",
        Kind.QUARTER: f"{until.year}年第{'一二三四'[(until.month - 1) // 3]}季度季报",
        Kind.YEAR: f"{until.year}年年报",
    }
    return told[Kind(kind)]


class Question(models.Model):
    """Something in a return that must be explained in words before it can go on: found by a check, or asked in review."""

    class Kind(models.TextChoices):
        PACE = "pace", "低于时序"
        FALLS = "falls", "累计下降"
        OUTLIER = "outlier", "数值异常"
        ADDS = "adds", "分项不合"
        IDLE = "idle", "资金闲置"
        LESS = "less", "低于上年"
        ASKED = "asked", "审核提问"

    of = models.ForeignKey(Return, models.CASCADE, related_name="questions")
    kind = models.CharField("类别", max_length=8, choices=Kind)
    measure = models.CharField("指标", max_length=60, blank=True)
    text = models.CharField("问题", max_length=400)
    asked_by = models.CharField("谁问", max_length=150, blank=True)
    answer = models.CharField("说明", max_length=300, blank=True)
    answered_by = models.CharField("谁答", max_length=150, blank=True)
    answered_at = models.DateTimeField("何时", null=True)

    class Meta:
        verbose_name = "问题"
        ordering = ["id"]


class Template(models.Model):
    """An office's own template: a Word file with fields, kept as evidence is (evidence: that one piece)."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="结对关系")
    name = models.CharField("名称", max_length=80)
    evidence = models.JSONField("文件")
    by = models.CharField("谁", max_length=150)
    at = models.DateTimeField("何时")

    class Meta:
        verbose_name = "模板"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["node", "name"], name="one_template_of_a_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """How addresses and forms name it beside those that come along."""
        return f"own-{self.pk}"


class Briefing(models.Model):
    """A version of a document: a template written for a node and a period, as known at a transaction.

    template: the code of one that comes along, or empty for `own`. words: what people wrote for its 文(名), by name.
    numbers: [[code, node, period, what is made of it, text]] of each number in it. evidence: the Word file that was
    written last; once the document is signed, it is the one that was signed. earlier: the version that this one follows.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        ARCHIVED = "archived", "已归档"

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="结对关系")
    title = models.CharField("标题", max_length=120)
    template = models.CharField("模板", max_length=40, blank=True)
    own = models.ForeignKey(Template, models.PROTECT, null=True, related_name="+", verbose_name="自备模板")
    start = models.DateField("起", null=True)
    until = models.DateField("止")
    transaction = models.BigIntegerField("事务")
    hash = models.CharField("散列", max_length=64)
    words = models.JSONField("文字", default=dict)
    numbers = models.JSONField("数", default=list)
    evidence = models.JSONField("文件", default=list)
    state = models.CharField("状态", max_length=12, choices=State, default=State.DRAFT)
    version = models.PositiveSmallIntegerField("版本", default=1)
    earlier = models.OneToOneField("self", models.PROTECT, null=True, related_name="later", verbose_name="前一版")
    author = person(verbose_name="撰稿人")
    written_at = models.DateTimeField("撰稿时间")
    signer = person(verbose_name="签发人", null=True)
    signed_at = models.DateTimeField("签发时间", null=True)

    class Meta:
        verbose_name = "文稿"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(signer=None) | ~Q(signer=F("author")), name="briefing_by_two_people"),
            models.CheckConstraint(
                condition=~Q(state="archived") | Q(signer__isnull=False), name="archived_briefing_is_signed"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def period(self) -> Period:
        return Period(self.start, self.until)


FIELDS = ["组织领导", "人才支援", "资金支持", "产业合作", "劳务协作", "消费协作", "镇村结对", "乡村振兴", "社会帮扶"]


class Case(Entry):
    """典型案例库: a case with its text, whose numbers are held against the journal as of 数据截至 (cases.py)."""

    title = Text("标题", max_length=100)
    level = Choice("级别", ["国家级", "省级", "市级", "县级"])
    field = Choice("领域", FIELDS)
    as_of = Day("数据截至")
    text = Text("正文", max_length=10_000)
    source = Text("来源", max_length=200)
    published = Text("刊发", max_length=200, blank=True)

    ledger = Ledger(
        "cases", "典型案例库", "AL", key=("title", "as_of"), evidence=("刊发件", "照片"), dated="as_of", twins=False,
        personal=("text",),
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "典型案例"

    def own_problems(self) -> Iterator[Problem]:
        if self.text and NUMBERS.search(self.text):
            yield Problem("text", "bad_text", "正文：典型案例要给人看，不能写身份证号或电话。")

    def summary(self) -> str:
        return self.title
