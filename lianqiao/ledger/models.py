"""The base of every ledger, and the history of all entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lianqiao.journal.measures import Post
from lianqiao.ledger import protected
from lianqiao.ledger.columns import Problem
from lianqiao.places.models import Node

Side = Literal["east", "west"]
BOTH: tuple[Side, ...] = ("east", "west")


@dataclass(frozen=True)
class Ledger:
    """What the machinery must know of a ledger, declared once in its class.

    key: fields that propose a match where no 编号 is given. evidence: the kinds of 佐证材料 that a row should have.
    dated: the field whose year stands in the 编号 and that lists are ordered by. filled_by: the side that enters it.
    order: chains of dates that may not run backwards. parts: (part, whole), the part at most the whole. either: at
    least one of these is filled. span: (date, days) that offices write as one span. personal: columns that may tell of a
    person, emptied when a person's data is erased (erasing.py); ID numbers always are. counted_by: ID number, name and
    unit, by which a person is counted once.
    """

    code: str
    name: str
    prefix: str
    key: tuple[str, ...]
    evidence: tuple[str, ...] = ()
    dated: str = ""
    filled_by: tuple[Side, ...] = BOTH
    order: tuple[tuple[str, ...], ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    either: tuple[tuple[str, ...], ...] = ()
    span: tuple[str, str] | None = None
    personal: tuple[str, ...] = ()
    counted_by: tuple[str, str, str] | None = None
    fund_year: bool = False
    # How the column is called that names the row's node.
    node_field: str = "pairing"
    node_heading: str = "结对关系"
    node_required: bool = True
    # Whether the same key elsewhere along the tree looks like a double count (twins.py).
    twins: bool = True


class State(models.TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审"
    APPROVED = "approved", "已审核"
    RETURNED = "returned", "退回"
    VOID = "void", "作废"


class Partner(models.TextChoices):
    CONFIRMED = "confirmed", "对方已确认"
    OBJECTED = "objected", "对方有异议"


class Entry(models.Model):
    """One row of a ledger: entered once, reviewed, posted.

    The row holds the version that counts (or, never approved, the one being worked on). An approved row's edit waits
    as a revision: `pending` names its version in the history, `pending_state` where it stands.
    """

    number = models.CharField("编号", max_length=40, unique=True)
    node = models.ForeignKey(Node, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="结对关系")
    notes = models.TextField("备注", blank=True)
    # [{"kind", "name", "sha256", "size"}]: part of each version, and so of what a transaction's hash covers.
    evidence = models.JSONField("佐证材料", default=list, blank=True)
    state = models.CharField("状态", max_length=12, choices=State, default=State.DRAFT)
    version = models.IntegerField("版本", default=1)
    posted_version = models.IntegerField("已记账版本", null=True)
    pending = models.IntegerField("待审修订", null=True)
    pending_state = models.CharField("修订状态", max_length=12, choices=State, blank=True)
    reason = models.CharField("退回或作废缘由", max_length=300, blank=True)
    # 对账: what the other side says of the version that counts.
    partner = models.CharField("对账", max_length=12, choices=Partner, blank=True)
    partner_reason = models.CharField("异议", max_length=300, blank=True)
    # The transaction in which what it told of a person was erased.
    erased = models.BigIntegerField("删除个人信息的事务", null=True, editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填报人")
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人"
    )

    ledger: ClassVar[Ledger]
    # While a revision is being approved: the row as it counted until now.
    was: ClassVar[Any] = None
    # Whether a row may name one above it in the same workbook, so that rows are entered one after the other.
    one_by_one: ClassVar[bool] = False
    # What every ledger has beside its own columns.
    COMMON: ClassVar[frozenset[str]] = frozenset(
        {"id", "number", "node", "notes", "evidence", "state", "version", "posted_version"}
        | {"pending", "pending_state", "reason", "partner", "partner_reason", "erased", "author", "approver"}
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(posted_version__isnull=False, posted_version=F("version"), approver__isnull=False),
                name="%(class)s_approved_is_posted",
            ),
            models.CheckConstraint(
                condition=~Q(state="void") | Q(posted_version=None), name="%(class)s_void_is_not_posted"
            ),
            models.CheckConstraint(condition=Q(approver=None) | ~Q(approver=F("author")), name="%(class)s_two_people"),
        ]

    def __str__(self) -> str:
        return self.number

    def postings(self) -> Iterator[Post]:
        """What this entry should have in the journal if it is approved."""
        return iter(())

    def posting_node(self) -> int | None:
        """The node it counts at."""
        return self.node_id

    def person(self) -> int:
        """Who is counted once (Ledger.counted_by)."""
        assert self.ledger.counted_by
        id_number, name, unit = (getattr(self, column) for column in self.ledger.counted_by)
        return protected.person(id_number or None, name, unit)

    def sides(self) -> tuple[Side, ...]:
        """The side that enters this row."""
        return self.ledger.filled_by

    def happened_on(self) -> date | None:
        return getattr(self, self.ledger.dated) if self.ledger.dated else None

    def summary(self) -> str:
        """The row in one line, from the fields that name it; no private person's name, since also leaders read it."""
        shown = [f for f in self.ledger.key if f != self.ledger.dated]
        return " ".join(str(getattr(self, field)) for field in shown if getattr(self, field) not in (None, ""))

    def own_problems(self) -> Iterator[Problem]:
        """Problems of this row that the declarations of its ledger cannot say."""
        return iter(())

    @classmethod
    def before_approval(cls, entries: Sequence[Any]) -> Iterable[Problem]:
        """Problems that only show against other rows, looked for when a set is approved."""
        return ()

    @classmethod
    def after_approval(cls, entries: Sequence[Any]) -> None:
        """What follows from a set's approval outside the journal, in the same database transaction."""

    @classmethod
    def moves(cls, entries: Sequence[Any]) -> Sequence[Entry]:
        """Approved entries whose postings follow from these and are posted anew with them."""
        return ()

    @classmethod
    def after_void(cls, entry: Any) -> None:
        """What follows from voiding outside the journal, in the same database transaction."""

    @classmethod
    def before_void(cls, entry: Any) -> Iterable[Problem]:
        """What stands against voiding the entry."""
        return ()


def named(entries: Sequence[Any], attribute: str) -> set[Any]:
    """What rows name in a column, and what those being revised named until now."""
    rows = [*entries, *(entry.was for entry in entries if entry.was)]
    return {getattr(row, attribute) for row in rows} - {None}


class Change(models.Model):
    """One step in an entry's history: who did what when and why, with the whole row where its data changed.

    A row's approval is not here: it is the transaction in the journal (voucher → version). Erasing a person's data
    empties payload, salt and reason; the digest, and with it the chain, stays. What is left of the row is the version of
    the step ERASE; where only earlier versions were erased, that step names the version that was spared.
    """

    class Kind(models.TextChoices):
        CREATE = "create", "填报"
        EDIT = "edit", "修改"
        REVISE = "revise", "修订"
        SUBMIT = "submit", "提交"
        RETURN = "return", "退回"
        WITHDRAW = "withdraw", "撤回修订"
        CONFIRM = "confirm", "对方确认"
        OBJECT = "object", "对方异议"
        ERASE = "erase", "删除个人信息"

    ledger = models.CharField(max_length=32)
    entry = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    why = models.CharField(max_length=300, blank=True)
    version = models.IntegerField()
    payload = models.JSONField(null=True)
    salt = models.CharField(max_length=32, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["ledger", "entry", "version"], name="change_entry")]
        ordering = ["id"]


class Counter(models.Model):
    """The last number given in a series (HF-2021)."""

    series = models.CharField(max_length=20, primary_key=True)
    last = models.IntegerField(default=0)
