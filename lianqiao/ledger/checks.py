"""What must hold within a row, whatever door it came through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lianqiao.ledger.columns import Column, Problem, Sheetful
from lianqiao.ledger.models import Entry
from lianqiao.ledger.registry import sheetful


def check(entry: Entry) -> list[Problem]:
    """Every problem of the row, as values: missing columns, choices, rules between cells, its ledger's own."""
    form = sheetful(type(entry))
    values = {c.field: getattr(entry, c.field, None) for c in form.columns}
    return [*missing(form, values), *bad_choices(form, values), *between(form, values), *entry.own_problems()]


def missing(form: Sheetful, values: Mapping[str, Any]) -> Iterator[Problem]:
    for column in form.columns:
        if column.required and values.get(column.field) in (None, ""):
            yield Problem(column.field, "missing", f"{column.heading}：必填，未填。请补上。")
        least, value = column.minimum, values.get(column.field)
        if least is not None and isinstance(value, int) and value < least:
            yield Problem(column.field, "bad_number", f"{column.heading}：{value} 小于 {least}。请核对。")


def bad_choices(form: Sheetful, values: Mapping[str, Any]) -> Iterator[Problem]:
    for column in form.columns:
        value = values.get(column.field)
        if column.choices and value not in (None, "", *column.choices):
            yield Problem(
                column.field,
                "bad_choice",
                f"{column.heading}：“{value}”不在可选词内。可选：{'、'.join(column.choices)}。",
            )


def between(form: Sheetful, values: Mapping[str, Any]) -> Iterator[Problem]:
    """The rules between the cells of one row: order of dates, parts of wholes, at least one of."""
    headings = {c.field: c for c in form.columns}
    for chain in form.order:
        yield from backwards(chain, headings, values)
    for part, whole in form.parts:
        above = values.get(whole)
        if values.get(part) is not None and above is not None and values[part] > above:
            message = f"{headings[part].heading} {values[part]} 大于{headings[whole].heading} {above}。其中项不能大于总数，请核对。"
            yield Problem(part, "whole_part", message)
    for group in form.either:
        if all(values.get(field) in (None, "") for field in group):
            names = "、".join(headings[field].heading for field in group)
            yield Problem(group[-1], "missing", f"{names}：至少填一项。")


def backwards(chain: tuple[str, ...], headings: Mapping[str, Column], values: Mapping[str, Any]) -> Iterator[Problem]:
    """A date before the nearest filled earlier step, named at the later step."""
    before: str | None = None
    for field in chain:
        if values.get(field) is None:
            continue
        if before and values[field] < values[before]:
            message = f"{headings[field].heading} {values[field]} 早于{headings[before].heading} {values[before]}。请核对日期。"
            yield Problem(field, "order_of_dates", message)
        before = field
