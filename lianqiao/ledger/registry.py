"""All ledgers, found by their classes: adding a ledger is adding one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import batched
from typing import Any

from django.apps import apps
from django.db import models

from lianqiao.ledger.columns import Column, SheetForm
from lianqiao.ledger.fields import Link
from lianqiao.ledger.models import Entry, State

CHUNK = 500


class NoSuchLedger(LookupError):
    """No ledger of that code or name."""


@cache
def ledgers() -> dict[str, type[Entry]]:
    """Code → class, in the order of the rooms."""
    return {m.ledger.code: m for m in apps.get_models() if issubclass(m, Entry)}


def by_name(name: str) -> type[Entry]:
    """The ledger of that code or Chinese name; raises NoSuchLedger."""
    for code, model in ledgers().items():
        if name in (code, model.ledger.name):
            return model
    raise NoSuchLedger(f"没有台账“{name}”。可用：{'、'.join(ledgers())}。")


@cache
def data_fields(model: type[Entry]) -> tuple[Any, ...]:
    """The ledger's own columns, in the order in which its class declares them."""
    return tuple(f for f in model._meta.concrete_fields if f.name not in Entry.COMMON and hasattr(f, "kind"))


@cache
def sheet_form(model: type[Entry]) -> SheetForm:
    """The ledger as a reader of workbooks must know it."""
    ledger = model.ledger
    own = [column(f, ledger.key) for f in data_fields(model)]
    common = [
        Column(ledger.node_field, ledger.node_heading, "reference", key=ledger.node_field in ledger.key),
        Column("notes", "备注", "text"),
        Column("evidence", "佐证材料", "evidence"),
    ]
    held = {c.heading for c in own} | {c.field for c in own}
    return SheetForm(
        code=ledger.code,
        name=ledger.name,
        columns=(
            *own,
            *(c for c in common if c.heading not in held and c.field not in held),
            Column("number", "编号", "text"),
        ),
        order=ledger.order,
        parts=ledger.parts,
        either=ledger.either,
        span=ledger.span,
        fund_year=ledger.fund_year,
        others=frozenset(other.ledger.name for other in ledgers().values() if other is not model),
    )


def column(field: models.Field[Any, Any], key: tuple[str, ...]) -> Column:
    kind: str = field.kind  # type: ignore[attr-defined]
    return Column(
        field=field.name,
        heading=str(field.verbose_name),
        kind="choice" if kind == "text" and field.choices else kind,
        required=not field.blank,
        key=field.name in key,
        choices=tuple(str(value) for value, _ in field.choices or ()),
        minimum=getattr(field, "least", None),
        ending=getattr(field, "ending", False),
    )


def entries_of(sources: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Entry]:
    """The entries behind postings, one query a ledger."""
    by_ledger: dict[str, set[int]] = defaultdict(set)
    for code, pk in sources:
        by_ledger[code].add(pk)
    return {
        (code, entry.pk): entry
        for code, pks in by_ledger.items()
        for entry in ledgers()[code]._base_manager.filter(pk__in=pks).select_related("node")
    }


def links_of(model: type[Entry]) -> list[Link]:
    """The columns by which the ledger's rows name other entries."""
    return [f for f in data_fields(model) if isinstance(f, Link)]


def namers(model: type[Entry], pks: Iterable[int]) -> list[tuple[int, Entry]]:
    """Live rows of any ledger that name entries of this one: (the entry named, the row that names it)."""
    named = list(pks)
    return [
        (getattr(row, link.attname), row)
        for other in ledgers().values()
        for link in links_of(other)
        if link.related_model is model
        for chunk in batched(named, CHUNK)
        for row in other._base_manager.filter(**{f"{link.name}__in": chunk}).exclude(state=State.VOID)
    ]


def dependants(entry: Entry) -> list[Entry]:
    """Live rows of any ledger that name this one."""
    return [row for _, row in namers(type(entry), [entry.pk])]
