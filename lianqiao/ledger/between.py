"""The rules between the cells of one row, in plain Python: for workbooks (before there are models) and forms alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lianqiao.ledger.columns import Column, Problem, SheetForm


def between(form: SheetForm, values: Mapping[str, Any]) -> Iterator[Problem]:
    """Problems without a place: a part above its whole, dates that run backwards, none of a group filled."""
    columns = form.by_field
    for chain in form.order:
        yield from backwards(chain, columns, values)
    for part, whole in form.parts:
        value, above = values.get(part), values.get(whole)
        if value is not None and above is not None and value > above:
            message = f"{columns[part].heading}（{value}）大于{columns[whole].heading}（{above}）。请核对，其中项不能大于总数。"
            yield Problem(part, "whole_part", message)
    for group in form.either:
        if all(values.get(field) in (None, "") for field in group):
            names = "、".join(columns[field].heading for field in group)
            yield Problem(group[-1], "missing", f"{names}都未填。请至少填一项。")


def backwards(chain: tuple[str, ...], columns: Mapping[str, Column], values: Mapping[str, Any]) -> Iterator[Problem]:
    """Each date of a chain that lies before the nearest filled earlier step, named at the later step."""
    before: str | None = None
    for field in chain:
        if values.get(field) is None:
            continue
        if before and values[field] < values[before]:
            later, earlier = columns[field].heading, columns[before].heading
            message = f"{later}（{values[field]}）早于{earlier}（{values[before]}）。请核对日期。"
            yield Problem(field, "order_of_dates", message)
        before = field
