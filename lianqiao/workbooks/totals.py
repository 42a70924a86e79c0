"""The totals that a sheet declares, held against the rows that were read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lianqiao.core.units import shown, unit
from lianqiao.ledger.columns import Column, Problem
from lianqiao.workbooks import cells
from lianqiao.workbooks.layout import Layout
from lianqiao.workbooks.lines import Line
from lianqiao.workbooks.rows import Row, letters

if TYPE_CHECKING:
    from lianqiao.workbooks.reading import Reading

_TOTAL = re.compile(r"(?:合计|总计|共计).*|.*(?:合计|总计|共计):?", re.DOTALL)
DIFFERS = "{heading}：表里写的合计是 {declared}，能录入的各行相加是 {added}。请核对是否漏行、多行，或筛选过。"


@dataclass(frozen=True)
class Declared:
    """A number in a line of sums, with how many rows of the file were accepted above it, and above the sum before."""

    column: Column
    cell: str
    row: int
    value: int
    above: int
    since: int


class Totals:
    """Collects the sums that one sheet declares. `first`: how many rows were accepted before the sheet."""

    def __init__(self, sheet: str, first: int) -> None:
        self.sheet, self.first, self.last = sheet, first, first
        self.declared: list[Declared] = []

    def declare(self, line: Line, where: Layout, accepted: int) -> None:
        """Takes a line of sums. A 小计 only says where the next sum may begin."""
        if _TOTAL.fullmatch(cells.spaceless(line.lead)):
            for placed in where.placed:
                column = placed.column
                countable = column.kind == "money" or (column.kind == "int" and column.field != "year")
                value = cells.read(line.at(placed.index), column, cells.Around(placed.unit)) if countable else None
                if isinstance(value, int):
                    cell, row = f"{letters(placed.index)}{line.number + 1}", line.number + 1
                    self.declared.append(Declared(column, cell, row, value, accepted, self.last))
        self.last = accepted

    def wrong(self, reading: Reading) -> Iterator[Problem]:
        """The declared sums that are the sum of no rows they can mean: all, those above, or those since the sum before."""
        for told in self.declared:
            name, rows = told.column.field, reading.accepted
            whole = added(rows[self.first :], name)
            if told.value in (
                whole,
                added(rows[self.first : told.above], name),
                added(rows[told.since : told.above], name),
            ):
                continue
            message = DIFFERS.format(
                heading=told.column.heading,
                declared=written(told.value, told.column),
                added=written(whole, told.column),
            )
            yield Problem(name, "total", message, self.sheet, told.row, told.cell, written(told.value, told.column))


def added(rows: Sequence[Row], name: str) -> int:
    return sum(row.values.get(name) or 0 for row in rows)


def written(value: int, column: Column) -> str:
    return f"{shown(value, unit('元'))} 元" if column.kind == "money" else str(value)
