"""Figures as they were published, the pages that quote them, and the checks that stand behind each publication."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from wagtail.models import Page

from lianqiao.core.periods import Period
from lianqiao.core.units import Unit, unit
from lianqiao.journal.measures import MEASURES, Measure, Ratio
from lianqiao.people.models import User
from lianqiao.places.models import Node
from lianqiao.portal.publishing import telling

FIXED = ["measure", "node", "until", "transaction"]
"""What a figure is fixed by, beside the first day of its period."""


class FigureQuerySet(models.QuerySet["PublishedFigure"]):
    def public(self) -> FigureQuerySet:
        """Those that a page in public has quoted at some time: only these are told to anybody."""
        return self.filter(quotations__isnull=False).distinct()


class PublishedFigure(models.Model):
    """A figure fixed at a transaction: what it was then, and what it was called. A row is never changed.

    value, bare, promised: in the unit's smallest part. over: numerator and denominator of a rate. years: the same figure
    year by year, for whoever publishes that too. promised: the target in force for the figure's year.
    It is in public from the first page that quotes it (Quotation); what was only chosen for a draft is not.
    """

    measure = models.CharField("指标", max_length=80)
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="结对关系")
    start = models.DateField("起", null=True, blank=True)
    until = models.DateField("止")
    transaction = models.BigIntegerField("事务")
    hash = models.CharField("校验码", max_length=64)
    known_at = models.DateTimeField("知悉于", null=True)
    value = models.BigIntegerField("数值")
    bare = models.BigIntegerField("无明细", default=0)
    entries = models.IntegerField("入账条数")
    over = models.JSONField("分子与分母", null=True)
    stated = models.JSONField("名称与口径")
    years = models.JSONField("逐年", default=list)
    promised = models.BigIntegerField("当年目标", null=True)
    promised_in = models.CharField("目标出处", max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="谁")
    at = models.DateTimeField("何时")

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = "公开数字"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=[*FIXED, "start"], name="figure_fixed_once"),
            models.UniqueConstraint(fields=FIXED, condition=Q(start=None), name="cumulative_figure_fixed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.stated['name']} {self.told} · {self.node.name} · {self.period.describe()} · #{self.transaction}"

    @property
    def period(self) -> Period:
        return Period(self.start, self.until)

    @property
    def span(self) -> str:
        """The last part of its address: FROM..UNTIL@TX."""
        return f"{self.period.address}@{self.transaction}"

    @property
    def address(self) -> str:
        """The address that the figure has everywhere, the desk included."""
        return f"/figures/{self.measure}/{self.node.number}/{self.span}"

    @property
    def unit(self) -> Unit:
        return unit(self.stated["unit"])

    @property
    def told(self) -> str:
        """The number with its unit, in Chinese, as a text has it."""
        return telling.told(self.value, self.unit)

    @property
    def counted(self) -> Measure | Ratio:
        """What the code counts under that name now."""
        return MEASURES[self.measure]

    @property
    def name(self) -> str:
        return gettext(self.stated["name"])

    @property
    def rate(self) -> Fraction | None:
        """How much of the target was reached, in percent; never capped."""
        return Fraction(self.value * 100, self.promised) if self.promised else None


class Quotation(models.Model):
    """Where a figure stands in public: the page, since when, and until when if it stands there no more.

    The row outlives the page: what was in public stays provable. by_year, with_target: what the page tells beside the number.
    """

    figure = models.ForeignKey(PublishedFigure, models.PROTECT, related_name="quotations", verbose_name="数字")
    page = models.ForeignKey(Page, models.SET_NULL, null=True, related_name="+", verbose_name="页面")
    title = models.CharField("标题", max_length=255)
    by_year = models.BooleanField("公开逐年数", default=False)
    with_target = models.BooleanField("公开目标", default=False)
    since = models.DateTimeField("起")
    until = models.DateTimeField("止", null=True)

    class Meta:
        verbose_name = "引用"
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["figure", "page"], condition=Q(until=None), name="figure_quoted_once")
        ]

    def __str__(self) -> str:
        return self.title


class PageCheck(models.Model):
    """The numbers of a page held against the journal before it was published: it stays with the page.

    result, remarks: as `lianqiao check --json` prints them, with the text that was read. digest: of the text and the figures
    fixed in it, so that another text is another check. page: None for a page that was not saved at all. released: when the
    page went public on it.
    """

    page = models.ForeignKey(Page, models.CASCADE, null=True, related_name="+", verbose_name="页面")
    revision = models.BigIntegerField("修订版", null=True)
    name = models.CharField("标题", max_length=255)
    text = models.TextField("正文")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="结对关系")
    as_of = models.DateField("核对日期")
    transaction = models.BigIntegerField("事务")
    hash = models.CharField("校验码", max_length=64)
    result = models.JSONField("结果")
    remarks = models.JSONField("文中矛盾", default=list)
    digest = models.CharField("文本摘要", max_length=64, db_index=True)
    at = models.DateTimeField("何时")
    released = models.DateTimeField("放行", null=True)
    overruled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="谁放行")
    overruled_at = models.DateTimeField("何时放行", null=True)
    overruled_why = models.TextField("理由", blank=True)

    class Meta:
        verbose_name = "发布前核对"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def blocking(self) -> list[dict[str, Any]]:
        """The numbers that the journal contradicts."""
        return [one for one in self.result if one["verdict"] == "differs"]

    @property
    def passes(self) -> bool:
        return not self.blocking or self.overruled_by_id is not None
