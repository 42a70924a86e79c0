"""Versions of entries: snapshots, their sealed digests, and the differences as people read them."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import models

from lianqiao.core.units import shown, unit
from lianqiao.journal.models import Transaction, Voucher
from lianqiao.ledger.fields import IdNumber, Money
from lianqiao.ledger.models import Change, Entry
from lianqiao.ledger.protected import found_by, masked
from lianqiao.ledger.registry import data_fields

Payload = dict[str, Any]
AS_HASHED = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
SHARED = ("node", "notes", "evidence")
BLANK: tuple[Any, ...] = (None, "", [])


@cache
def kept_fields(model: type[Entry]) -> tuple[models.Field[Any, Any], ...]:
    """The fields that make up a version: the ledger's columns, the node, the notes, the evidence."""
    shared: Any = [model._meta.get_field(name) for name in SHARED]
    return (*data_fields(model), *shared)


@cache
def kept_values(model: type[Entry]) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """The names of the fields that make up a version, and what takes their values from a row."""
    fields = kept_fields(model)
    return tuple(f.name for f in fields), attrgetter(*(f.attname for f in fields))


def snapshot(entry: Entry) -> Payload:
    """The version that the row holds, as plain values."""
    names, values = kept_values(type(entry))
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in zip(names, values(entry), strict=True)
    }


def restore(entry: Entry, payload: Payload) -> None:
    """Puts a version's values into the row."""
    for field in kept_fields(type(entry)):
        setattr(entry, field.attname, field.to_python(payload.get(field.name)))


def new_salt() -> str:
    return secrets.token_hex(16)


def seal(entry: Entry, version: int, payload: Payload, salt: str) -> str:
    """The salted digest of a version of an entry, its evidence included: what the journal's voucher holds."""
    return seal_told(entry, version, as_told(payload), salt)


def as_told(payload: Payload) -> str:
    """A payload as it is hashed: JSON, its keys in order."""
    return AS_HASHED(payload)


def seal_told(entry: Entry, version: int, told: str, salt: str) -> str:
    named = [salt, entry.ledger.code, entry.pk, entry.number, version]
    before = json.dumps(named, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{before[:-1]},{told}]".encode()).hexdigest()


# As people read it ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """One field that a step changed: its heading, and both values as people read them."""

    heading: str
    old: str
    new: str


@dataclass(frozen=True)
class Step:
    """One step of an entry's history."""

    at: datetime
    by: str
    what: str
    why: str
    version: int
    differences: tuple[Difference, ...] = ()
    transaction: int | None = None


APPROVED = {"approve": "通过", "void": "作废", "undo": "撤销", "resync": "重算", "erase": "删除个人信息"}


def steps(entry: Entry) -> list[Step]:
    """The entry's whole history, oldest first: its changes, and the transactions that approved or voided it."""
    code = entry.ledger.code
    changes = list(Change.objects.filter(ledger=code, entry=entry.pk))
    vouchers = Voucher.objects.filter(ledger=code, entry=entry.pk).select_related("transaction")
    counted = [(v.transaction.recorded_at, v.version) for v in vouchers.order_by("pk")]
    found = [*told_changes(type(entry), changes, counted), *(told_voucher(v, v.transaction) for v in vouchers)]
    return sorted(found, key=lambda step: step.at)


def told_changes(
    model: type[Entry], changes: Sequence[Change], counted: Sequence[tuple[datetime, int]]
) -> Iterator[Step]:
    """An edit is told against the version before it, a revision against the version that then counted.

    counted: from when on which version counted; undoing makes an earlier one count again.
    """
    payloads = {change.version: change.payload for change in changes if change.payload is not None}
    for change in changes:
        if change.kind == Change.Kind.ERASE:  # told by the journal
            continue
        differences: tuple[Difference, ...] = ()
        if change.payload is not None and change.kind != Change.Kind.CREATE:
            earlier = [version for version in payloads if version < change.version]
            if change.kind == Change.Kind.REVISE:
                earlier = [version for since, version in counted if since <= change.at] or earlier
            if earlier and earlier[-1] in payloads:
                differences = tuple(compare(model, payloads[earlier[-1]] or {}, change.payload))
        yield Step(change.at, change.by, Change.Kind(change.kind).label, change.why, change.version, differences)


def told_voucher(voucher: Voucher, transaction: Transaction) -> Step:
    what = APPROVED.get(transaction.kind, transaction.kind)
    return Step(transaction.recorded_at, transaction.by, what, transaction.why, voucher.version, (), transaction.number)


def differ(model: type[Entry], old: Payload, new: Payload) -> bool:
    """Whether any field's values differ."""
    return any(not same(field, old.get(field.name), new.get(field.name)) for field in kept_fields(model))


def compare(model: type[Entry], old: Payload, new: Payload) -> Iterator[Difference]:
    """The fields whose values differ."""
    for field in kept_fields(model):
        before, after = old.get(field.name), new.get(field.name)
        if not same(field, before, after):
            yield Difference(str(field.verbose_name), told(field, before), told(field, after))


def same(field: models.Field[Any, Any], old: Any, new: Any) -> bool:
    """Equal, or blank both (zero and 否 are not blank); protected values are equal where their keyed hashes are."""
    if isinstance(field, IdNumber) and old and new:
        return found_by(old) == found_by(new)
    return old == new or (old in BLANK and new in BLANK)


def told(field: models.Field[Any, Any], value: Any) -> str:
    """A stored value as people read it; protected values masked, other entries by what they are called."""
    if value in (None, "", []):
        return ""
    if isinstance(field, IdNumber):
        return masked(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(field, Money):
        return f"{shown(value, unit('元'))} 元"
    if isinstance(field, models.ForeignKey):
        target: Any = field.related_model
        return str(target._base_manager.filter(pk=value).first() or value)
    if field.name == "evidence":
        return "、".join(f"{e['kind']}：{e['name']}" for e in value)
    return str(value)
