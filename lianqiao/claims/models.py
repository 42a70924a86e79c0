"""Checks that were kept, with what they found."""

from __future__ import annotations

from django.db import models

from lianqiao.places.models import Node


class SavedCheck(models.Model):
    """A text held against the journal at a transaction. result: a list as `lianqiao check --json` prints it."""

    name = models.CharField("文稿", max_length=200)
    text = models.TextField("正文")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="结对关系")
    as_of = models.DateField("核对日期")
    transaction = models.BigIntegerField("事务")
    hash = models.CharField("散列", max_length=64)
    result = models.JSONField("结果")
    by = models.CharField("谁", max_length=150)
    at = models.DateTimeField("何时")

    class Meta:
        verbose_name = "核对"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
