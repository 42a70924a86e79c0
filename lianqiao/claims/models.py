"""Checks that were kept, with what they found."""

from __future__ import annotations

from django.db import models

from lianqiao.places.models import Node


class SavedCheck(models.Model):
    """A text held against the journal at a transaction. result, remarks: as `lianqiao check --json` prints them.

    published: the text's own date, where it has one. kept: saved for all who may read the figures; until then it is its
    author's alone, and goes with his next text.
    """

    name = models.CharField("文稿", max_length=200)
    text = models.TextField("正文")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="结对关系")
    as_of = models.DateField("核对日期")
    transaction = models.BigIntegerField("事务")
    hash = models.CharField("散列", max_length=64)
    result = models.JSONField("结果")
    remarks = models.JSONField("文中矛盾", default=list)
    published = models.DateField("文稿日期", null=True)
    kept = models.BooleanField("已保存", default=True)
    by = models.CharField("谁", max_length=150)
    at = models.DateTimeField("何时")

    class Meta:
        verbose_name = "核对"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class HeldReading(models.Model):
    """How a programme reads certain words around a number: a correction by hand that later readings follow.

    words: those right before and after the number, … for it. measure: what the journal counts, or empty for none of it.
    period: cumulative, year or point, or empty for what the text says.
    """

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="结对关系")
    words = models.CharField("前后文字", max_length=400)
    unit = models.CharField("单位", max_length=20, blank=True)
    measure = models.CharField("指标", max_length=60, blank=True)
    period = models.CharField("时段", max_length=12, blank=True)
    by = models.CharField("谁", max_length=150)
    at = models.DateTimeField("何时")

    class Meta:
        verbose_name = "读法"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["node", "words", "unit"], name="one_reading_of_words")]

    def __str__(self) -> str:
        return self.words
