"""What must hold within a row, whatever door it came through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lianqiao.ledger.between import between
from lianqiao.ledger.columns import Problem, SheetForm
from lianqiao.ledger.models import Entry
from lianqiao.ledger.registry import data_fields, sheet_form

# A figure adds many of these up within 64 bits: a hundred thousand rows of the largest still fit.
MOST = 10**14


def check(entry: Entry) -> list[Problem]:
    """Every problem of the row, as values: missing columns, choices, rules between cells, its ledger's own."""
    form = sheet_form(type(entry))
    values = {c.field: getattr(entry, c.field, None) for c in form.columns}
    found = [*erased(entry), *without_node(entry), *missing(form, values), *too_much(entry), *bad_choices(form, values)]
    return [*found, *between(form, values), *entry.own_problems()]


def erased(entry: Entry) -> Iterator[Problem]:
    """Of a row whose person's data were erased nothing is left to be changed."""
    if entry.erased is not None:
        message = f"{entry.number}：个人信息已经删除，这一行不能再改，只能作废。"
        yield Problem(None, "not_now", message)


def without_node(entry: Entry) -> Iterator[Problem]:
    if entry.ledger.node_required and entry.node is None:
        yield Problem(entry.ledger.node_field, "missing", f"{entry.ledger.node_heading}：必填，未填。请补上。")


def too_much(entry: Entry) -> Iterator[Problem]:
    """What a database would cut off or refuse: texts over their length, numbers over 64 bits."""
    for field in data_fields(type(entry)):
        value = getattr(entry, field.attname)
        if isinstance(value, str) and field.max_length and len(value) > field.max_length:
            message = f"{field.verbose_name}：{len(value)} 字，至多 {field.max_length} 字。请缩短。"
            yield Problem(field.name, "bad_text", message)
        elif isinstance(value, int) and abs(value) > MOST:
            yield Problem(field.name, "bad_number", f"{field.verbose_name}：{value} 过大。请核对单位。")


def missing(form: SheetForm, values: Mapping[str, Any]) -> Iterator[Problem]:
    for column in form.columns:
        if column.required and values.get(column.field) in (None, ""):
            yield Problem(column.field, "missing", f"{column.heading}：必填，未填。请补上。")
        least, value = column.minimum, values.get(column.field)
        if least is not None and isinstance(value, int) and value < least:
            yield Problem(column.field, "bad_number", f"{column.heading}：{value} 小于 {least}。请核对。")


def bad_choices(form: SheetForm, values: Mapping[str, Any]) -> Iterator[Problem]:
    for column in form.columns:
        value = values.get(column.field)
        if column.choices and value not in (None, "", *column.choices):
            yield Problem(
                column.field,
                "bad_choice",
                f"{column.heading}：“{value}”不在可选词内。可选：{'、'.join(column.choices)}。",
            )
