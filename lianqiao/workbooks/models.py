"""The imports that wrote something: which file, by whom, when, and what it did to which row, so that it can be undone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from lianqiao.journal.models import Transaction
from lianqiao.ledger.models import State
from lianqiao.places.models import Node


class Import(models.Model):
    """One import. Filled rows of the file = written + revised + unchanged + refused + ignored."""

    file = models.CharField("文件", max_length=255)
    sha256 = models.CharField("文件散列", max_length=64)
    ledger = models.CharField("台账", max_length=32)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="由谁导入")
    at = models.DateTimeField("导入时间")
    # Where the rows went that named no pairing.
    node = models.ForeignKey(Node, models.PROTECT, null=True, related_name="+", verbose_name="结对关系")
    why = models.CharField("缘由", max_length=300)
    # Where an approver was given.
    transaction = models.ForeignKey(Transaction, models.PROTECT, null=True, related_name="+", verbose_name="事务")
    written = models.IntegerField("录入")
    revised = models.IntegerField("修订")
    unchanged = models.IntegerField("未变")
    refused = models.IntegerField("退回")
    ignored = models.IntegerField("略过")
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="由谁撤销"
    )
    undone_why = models.CharField("撤销缘由", max_length=300, blank=True)
    undone_in = models.ForeignKey(Transaction, models.PROTECT, null=True, related_name="+", verbose_name="撤销的事务")

    class Meta:
        verbose_name = "导入"
        ordering = ["id"]


class Wording(models.Model):
    """What an office calls one of our columns, or one of its choices (`choice`; empty: the column itself)."""

    office = models.CharField("单位", max_length=150)
    ledger = models.CharField("台账", max_length=32)
    field = models.CharField("字段", max_length=64)
    theirs = models.CharField("他们的写法", max_length=200)
    choice = models.CharField("我们的选项", max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁")
    at = models.DateTimeField("何时")

    class Meta:
        verbose_name = "写法"
        ordering = ["ledger", "id"]
        constraints = [
            models.UniqueConstraint(fields=["office", "ledger", "theirs"], condition=Q(choice=""), name="heading_once"),
            models.UniqueConstraint(
                fields=["office", "ledger", "field", "theirs"], condition=~Q(choice=""), name="word_once"
            ),
        ]


class ImportedRow(models.Model):
    """What an import did to one entry (ledger/undoing.py, Done): the versions before (0: it was made) and after."""

    imported = models.ForeignKey(Import, models.PROTECT, related_name="rows")
    entry = models.BigIntegerField()
    before = models.IntegerField()
    after = models.IntegerField()
    was = models.CharField(max_length=12, choices=State, blank=True)
    waited = models.IntegerField(null=True)
    waited_state = models.CharField(max_length=12, choices=State, blank=True)

    class Meta:
        verbose_name = "导入的行"
