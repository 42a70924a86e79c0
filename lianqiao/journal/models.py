"""The journal's tables. Transactions, postings and vouchers are inserted and never changed: the database refuses."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lianqiao.places.models import Node


class MeasureRow(models.Model):
    """A measure's code, so that ten million postings need not repeat it."""

    id = models.SmallAutoField(primary_key=True)
    code = models.CharField(max_length=60, unique=True)

    class Meta:
        db_table = "journal_measure"


class MeasureVersion(models.Model):
    """What the rule of a measure was when a version was released (measures.py)."""

    measure = models.ForeignKey(MeasureRow, models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField()
    since = models.DateField()
    rule = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "version"], name="measure_version_once")]


class Transaction(models.Model):
    """One act on the journal: who, when, why, and a hash over all that it wrote and over the one before."""

    number = models.BigIntegerField("事务", primary_key=True)
    recorded_at = models.DateTimeField("记账时间", db_index=True)
    by = models.CharField("谁", max_length=150)
    kind = models.CharField("何事", max_length=20)
    why = models.CharField("缘由", max_length=300, blank=True)
    # Whether it moves a period that was closed when it was written.
    late = models.BooleanField("关账后", default=False)
    postings = models.IntegerField("分录数")
    vouchers = models.IntegerField("凭证数")
    previous = models.CharField("前一笔散列", max_length=64)
    hash = models.CharField("散列", max_length=64)

    class Meta:
        verbose_name = "事务"
        ordering = ["number"]


class Posting(models.Model):
    """A quantity of a measure at a node on a day, in the unit's smallest part, with the entry it came from."""

    id = models.BigIntegerField(primary_key=True)
    transaction = models.ForeignKey(Transaction, models.PROTECT, related_name="+", verbose_name="事务")
    measure = models.ForeignKey(MeasureRow, models.PROTECT, related_name="+", db_index=False, verbose_name="指标")
    version = models.PositiveSmallIntegerField("口径版本", default=1)
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", db_index=False, verbose_name="结对关系")
    on = models.DateField("业务日期")
    quantity = models.BigIntegerField("数量")
    # What is counted once: 64 bits of a keyed hash, never a name. Null for sums, and for totals without detail.
    subject = models.BigIntegerField("去重对象", null=True)
    bare = models.BooleanField("无明细", default=False)
    ledger = models.CharField("台账", max_length=32)
    entry = models.BigIntegerField("行")

    class Meta:
        verbose_name = "分录"
        indexes = [
            models.Index(fields=["measure", "node", "on"], name="posting_scope"),
            models.Index(fields=["ledger", "entry"], name="posting_entry"),
            models.Index(fields=["subject", "measure"], name="posting_subject", condition=Q(subject__isnull=False)),
        ]


class Voucher(models.Model):
    """The salted digest of the version of an entry, with its evidence, that stands behind a transaction's postings.

    version 0 with an empty digest says that nothing of the entry counts any more (void).
    """

    id = models.BigIntegerField(primary_key=True)
    transaction = models.ForeignKey(Transaction, models.PROTECT, related_name="+")
    ledger = models.CharField(max_length=32)
    entry = models.BigIntegerField()
    version = models.IntegerField()
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["ledger", "entry"], name="voucher_entry")]


class Closing(models.Model):
    """关账: what happened at a node and below up to a day changes no more but by a coordinator, with a reason.

    The transaction (kind "close") says the same and is hashed.
    """

    transaction = models.OneToOneField(Transaction, models.PROTECT, related_name="closing")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    until = models.DateField()

    class Meta:
        ordering = ["transaction"]


class Balance(models.Model):
    """What a node (the leaf and each ancestor) gained in a year, in a month or on a day, kept with the postings.

    For sums `quantity` is what was posted; for distinct counts, how many came in sight (or left, for a stock) over all
    time, and `in_year` the same counted anew each calendar year. `bare` is the part without detail (期初数), `entries`
    how many entries first count in that span.
    """

    DAY, MONTH, YEAR = 0, 1, 2

    measure = models.ForeignKey(MeasureRow, models.PROTECT, related_name="+", db_index=False)
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", db_index=False)
    grain = models.PositiveSmallIntegerField()
    start = models.DateField()
    quantity = models.BigIntegerField(default=0)
    in_year = models.BigIntegerField(default=0)
    bare = models.BigIntegerField(default=0)
    entries = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["node", "grain", "measure", "start"], name="balance_once")]


class Presence(models.Model):
    """When a subject of a distinct measure came in sight at a node (+1), or left it (−1, for stocks).

    year 0 is all time, and with it the calendar year of that day; else a later calendar year, in which it is counted anew.
    """

    measure = models.ForeignKey(MeasureRow, models.PROTECT, related_name="+", db_index=False)
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", db_index=False)
    subject = models.BigIntegerField()
    year = models.PositiveSmallIntegerField()
    on = models.DateField()
    change = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "node", "subject", "year", "on"], name="presence_once"),
        ]
