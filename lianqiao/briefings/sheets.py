"""A Word document as a workbook: its words on one sheet, each table on a sheet of its own, numbers as numbers.

Where a table has a row 合计, its numbers are formulas over the rows above, if these add up to what the document says.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range

from lianqiao.briefings.word import Cell, Paragraph, Run, Table, read
from lianqiao.core.units import MINUS

TOTAL = ("合计", "总计", "小计")
NUMBER = re.compile(rf"[+{MINUS}-]?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?", re.ASCII)
WIDE = 60


def workbook(data: bytes, title: str) -> bytes:
    """The workbook of a finished document. Its tables' names are the captions or titles before them."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title})
    looks = Looks(book)
    blocks = [block for section in read(data) for block in section.blocks]
    text = book.add_worksheet("正文")
    text.set_column(0, 0, 100)
    lines = [block for block in blocks if isinstance(block, Paragraph) and block.text.strip()]
    for at, line in enumerate(lines):
        text.write_string(at, 0, line.text, looks.title if at == 0 else looks.words)
    taken: set[str] = set()
    for name, table in named(blocks):
        sheet = book.add_worksheet(free(name, taken))
        write(sheet, table, looks)
    book.close()
    return held.getvalue()


class Looks:
    """The formats of the workbook."""

    def __init__(self, book: Any) -> None:
        font = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        self.book, self.font = book, font
        self.title = book.add_format({**font, "bold": True, "font_size": 14})
        self.words = book.add_format({**font, "text_wrap": True})
        self.head = book.add_format({**font, "bold": True, "border": 1, "align": "center", "text_wrap": True})
        self.cell = book.add_format({**font, "border": 1, "text_wrap": True})
        self.numbers: dict[str, Any] = {}

    def number(self, pattern: str) -> Any:
        if pattern not in self.numbers:
            self.numbers[pattern] = self.book.add_format({**self.font, "border": 1, "num_format": pattern})
        return self.numbers[pattern]


def named(blocks: Sequence[Paragraph | Table]) -> Iterator[tuple[str, Table]]:
    """Each table with what it is called: the last title before it, 公文标题 or the like."""
    name = ""
    for block in blocks:
        if isinstance(block, Table):
            yield name or "表", block
        elif block.text.strip() and ("标题" in block.style or "一级" in block.style):
            name = block.text.strip()


def free(name: str, taken: set[str]) -> str:
    """A sheet's name: at most 31 characters, none that Excel forbids, not taken yet."""
    plain = re.sub(r"[\[\]:*?/\\'\n]", "", name)[:26] or "表"
    found = next(n for at in range(1, 1000) if (n := plain if at == 1 else f"{plain}({at})").lower() not in taken)
    taken.add(found.lower())
    return found


def write(sheet: Any, table: Table, looks: Looks) -> None:
    for column, width in enumerate(table.widths):
        sheet.set_column(column, column, min(max(width / 5.5, 8), WIDE))
    grid = Grid(sheet, looks, table.heads)
    for row in table.rows:
        grid.row(row)
    if table.heads:
        sheet.freeze_panes(table.heads, 0)


@dataclass
class Grid:
    """Writes a table's rows into a sheet, and remembers their numbers for the totals."""

    sheet: Any
    looks: Looks
    heads: int
    at: int = 0

    def __post_init__(self) -> None:
        self.columns: dict[int, dict[int, Decimal]] = {}
        self.covered: set[tuple[int, int]] = set()

    def row(self, cells: Sequence[Cell]) -> None:
        column, total = 0, self.is_total(cells)
        for cell in cells:
            while (self.at, column) in self.covered:
                column += 1
            self.cell(cell, column, total)
            self.cover(cell, column)
            column += cell.columns
        self.at += 1

    def cover(self, cell: Cell, column: int) -> None:
        self.covered |= {(self.at + r, column + c) for r in range(cell.rows) for c in range(cell.columns)}

    def is_total(self, cells: Sequence[Cell]) -> bool:
        return any(text_of(cell).replace(" ", "").replace("\u3000", "") in TOTAL for cell in cells[:2])

    def cell(self, cell: Cell, column: int, total: bool) -> None:
        told, place = text_of(cell), (self.at, column)
        look = self.looks.head if self.at < self.heads else self.looks.cell
        if cell.columns > 1 or cell.rows > 1:
            self.sheet.merge_range(self.at, column, self.at + cell.rows - 1, column + cell.columns - 1, told, look)
            return
        value = number_of(told) if self.at >= self.heads else None
        if value is None:
            self.sheet.write_string(*place, told, look)
            return
        above = self.columns.setdefault(column, {})
        pattern = self.looks.number("#,##0" + ("." + "0" * len(told.partition(".")[2]) if "." in told else ""))
        if total and above and sum(above.values()) == value:
            span = xl_range(min(above), column, self.at - 1, column)
            self.sheet.write_formula(*place, f"=SUM({span})", pattern, float(value))
        else:
            self.sheet.write_number(*place, float(value), pattern)
        if total:
            above.clear()
        else:
            above[self.at] = value


def text_of(cell: Cell) -> str:
    lines = ["".join(p.text if isinstance(p, Run) else "\n" for p in each.pieces) for each in cell.paragraphs]
    return "\n".join(lines).strip()


def number_of(told: str) -> Decimal | None:
    """The number that a cell is; None where it is anything else, such as a code that begins with 0."""
    if not NUMBER.fullmatch(told) or (len(told) > 1 and told[0] == "0" and told[1] != "."):
        return None
    try:
        return Decimal(told.replace(",", "").replace(MINUS, "-"))
    except InvalidOperation:
        return None
