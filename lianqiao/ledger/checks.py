"""What must hold within a row, whatever door it came through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import models

from lianqiao.ledger.between import between
from lianqiao.ledger.columns import Column, Problem, SheetForm
from lianqiao.ledger.models import Entry
from lianqiao.ledger.registry import data_fields, sheet_form

# A figure adds many of these up within 64 bits: a hundred thousand rows of the largest still fit.
MOST = 10**14


@dataclass(frozen=True)
class Limits:
    """What is looked at in each row of a ledger: its columns, told apart once."""

    form: SheetForm
    names: tuple[str, ...]
    values: Callable[[Entry], tuple[Any, ...]]
    required: tuple[Column, ...]
    least: tuple[tuple[Column, int], ...]
    choices: tuple[tuple[Column, frozenset[Any]], ...]
    # Its texts with the most characters of each, and its numbers.
    texts: tuple[tuple[Any, int], ...]
    numbers: tuple[Any, ...]


@cache
def limits(model: type[Entry]) -> Limits:
    form, fields = sheet_form(model), data_fields(model)
    return Limits(
        form,
        tuple(f.name for f in fields),
        attrgetter(*(f.attname for f in fields)),
        tuple(c for c in form.columns if c.required),
        tuple((c, c.minimum) for c in form.columns if c.minimum is not None),
        tuple((c, frozenset([None, "", *c.choices])) for c in form.columns if c.choices),
        tuple((f, f.max_length) for f in fields if f.max_length),
        tuple(f for f in fields if isinstance(f, models.IntegerField)),
    )


def check(entry: Entry) -> list[Problem]:
    """Every problem of the row, as values: missing columns, choices, rules between cells, its ledger's own."""
    of = limits(type(entry))
    values = dict(zip(of.names, of.values(entry), strict=True))
    found = [
        *erased(entry),
        *without_node(entry),
        *missing(of, values),
        *too_much(of, values),
        *bad_choices(of, values),
    ]
    return [*found, *between(of.form, values), *entry.own_problems()]


def erased(entry: Entry) -> Iterator[Problem]:
    """Of a row whose person's data were erased nothing is left to be changed."""
    if entry.erased is not None:
        message = f"{entry.number}：个人信息已经删除，这一行不能再改，只能作废。"
        yield Problem(None, "not_now", message)


def without_node(entry: Entry) -> Iterator[Problem]:
    if entry.ledger.node_required and entry.node is None:
        yield Problem(entry.ledger.node_field, "missing", f"{entry.ledger.node_heading}：必填，未填。请补上。")


def too_much(of: Limits, values: Mapping[str, Any]) -> Iterator[Problem]:
    """What a database would cut off or refuse: texts over their length, numbers over 64 bits."""
    for field, most in of.texts:
        value = values[field.name]
        if isinstance(value, str) and len(value) > most:
            message = f"{field.verbose_name}：{len(value)} 字，至多 {most} 字。请缩短。"
            yield Problem(field.name, "bad_text", message)
    for field in of.numbers:
        value = values[field.name]
        if isinstance(value, int) and abs(value) > MOST:
            yield Problem(field.name, "bad_number", f"{field.verbose_name}：{value} 过大。请核对单位。")


def missing(of: Limits, values: Mapping[str, Any]) -> Iterator[Problem]:
    for column in of.required:
        if values.get(column.field) in (None, ""):
            yield Problem(column.field, "missing", f"{column.heading}：必填，未填。请补上。")
    for column, least in of.least:
        value = values.get(column.field)
        if isinstance(value, int) and value < least:
            yield Problem(column.field, "bad_number", f"{column.heading}：{value} 小于 {least}。请核对。")


def bad_choices(of: Limits, values: Mapping[str, Any]) -> Iterator[Problem]:
    for column, allowed in of.choices:
        value = values[column.field]
        if value not in allowed:
            yield Problem(
                column.field,
                "bad_choice",
                f"{column.heading}：“{value}”不在可选词内。可选：{'、'.join(column.choices)}。",
            )
