"""Refused rows back as a workbook in the user's own layout: bad cells in colour with the reason beside them.

An .xlsx keeps everything that openpyxl keeps (formulas, drop-downs, widths, colours); other files come back as an .xlsx
with the same cells, merged ranges and order. The clerk mends what is marked and imports the file again: the reader
skips the column 退回原因, since it is no ledger's. Files too large for that come back as their refused rows alone.
"""

from __future__ import annotations

import os
import re
import tempfile
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # type: ignore[import-untyped]
from openpyxl.comments import Comment  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Font, PatternFill  # type: ignore[import-untyped]
from openpyxl.utils import coordinate_to_tuple, get_column_letter  # type: ignore[import-untyped]

from lianqiao.ledger.columns import Problem
from lianqiao.workbooks import ooxml
from lianqiao.workbooks.cells import is_blank, is_ditto, spaceless
from lianqiao.workbooks.files import Cell, Sheet, sheets
from lianqiao.workbooks.layout import is_numbering, texts
from lianqiao.workbooks.lines import Line, Lines
from lianqiao.workbooks.marks import CellError
from lianqiao.workbooks.reading import Ignored
from lianqiao.workbooks.writing import FACE, RED, Book, new_book, put, span, wide

REASON = "退回原因"
BY = "连桥"
HOW = "标红的格子要改，原因写在这一列和批注里。改好后把整个文件再导入一次；这一列不必删。"
ONLY = "这里只有退回的 {n} 行和表头。其余行若已录入，改好后导入本文件；若整批未录入，请照此改原表（格子的地址是原表里的），再导入原表。"
LOOSE = "退回说明"
MOST_ROWS = 20_000
"""Rows of a file up to which it comes back whole: openpyxl takes some 30 s for 100,000 rows of 15 columns."""
MOST_BYTES = 60 * 2**20
"""The same for what a file unpacks to: empty cells with formats count too."""
NARROWEST, WIDEST, REASON_WIDTH = 8, 40, 56
BAD, FAINT, DARK = "FFF8D3C8", "FF7D8784", "FF182124"
_BAD_NAME = re.compile(r"[\\*?:/\[\]]")


@dataclass(frozen=True)
class Told:
    """What the import says of one sheet's rows, counted from 1."""

    refused: Mapping[int, Sequence[Problem]]
    ignored: Mapping[int, str]

    @property
    def headers(self) -> list[int]:
        """The rows of the header and of its repetitions."""
        return sorted(row for row, why in self.ignored.items() if why == "header")

    @property
    def header(self) -> int:
        """The last row of the first header."""
        return next(row for row in self.headers if row + 1 not in self.headers)

    def headed(self, cells: Mapping[int, Sequence[Cell]]) -> set[int]:
        """The rows that take the heading 退回原因: the lowest of the first header that is not one of column numbers, and its
        repetitions, which would not be known as such without it. cells: the headers' rows."""
        row = self.header
        if row - 1 in cells and is_numbering(cells[row]):
            row -= 1
        return {number for number, held in cells.items() if texts(held) == texts(cells[row])}


def error_workbook(
    source: Path,
    refused: Sequence[Problem],
    ignored: Sequence[Ignored],
    target: Path,
    *,
    only_refused: bool = False,
) -> None:
    """Writes the workbook `source` with its refused cells marked to `target`, an .xlsx.

    refused and ignored are those of the import (Outcome) or of the reading. only_refused leaves out the rows that were
    fine, as is done in any case where the file is too large to come back whole.
    """
    told = by_sheet(refused, ignored)
    loose = [problem for problem in refused if not problem.row]
    size = sizes(source)
    if only_refused or is_large(source, size):
        with new_book(target, source.stem) as book:
            write_refused(book, source, told, loose)
        return
    book = as_workbook(source)
    names = {sheet_name(name): rows for name, rows in told.items()}
    for sheet in book.worksheets:
        if sheet.title in names and names[sheet.title].headers:
            Marked(sheet, names[sheet.title], *size[sheet.title]).mark()
    tell_loose(book, loose)
    book.active = next((at for at, sheet in enumerate(book.worksheets) if names.get(sheet.title, NONE).refused), 0)
    save(book, target)


def by_sheet(refused: Sequence[Problem], ignored: Sequence[Ignored]) -> dict[str, Told]:
    bad: dict[str, dict[int, list[Problem]]] = defaultdict(lambda: defaultdict(list))
    for problem in refused:
        if problem.row:
            bad[problem.sheet][problem.row].append(problem)
    left: dict[str, dict[int, str]] = defaultdict(dict)
    for one in ignored:
        left[one.sheet][one.row] = one.why
    return {name: Told(bad.get(name, {}), left.get(name, {})) for name in {*bad, *left}}


NONE = Told({}, {})


def sizes(source: Path) -> dict[str, tuple[int, int]]:
    """How far down and to the right each sheet is filled; formats may reach much further."""
    found = {}
    for sheet in sheets(source):
        widths = [len(row) for row in sheet.open().rows]
        found[sheet_name(sheet.name)] = len(widths), max(widths, default=0)
    return found


def is_large(source: Path, size: Mapping[str, tuple[int, int]]) -> bool:
    """Whether the file has more rows, or unpacks to more, than openpyxl takes in a few seconds."""
    if is_xlsx(source):
        with zipfile.ZipFile(source) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
                return True
    return sum(rows for rows, _ in size.values()) > MOST_ROWS


def is_xlsx(source: Path) -> bool:
    if not zipfile.is_zipfile(source):
        return False
    with zipfile.ZipFile(source) as archive:
        return ooxml.WORKBOOK in archive.namelist()


def reason(problem: Problem) -> str:
    """The message without its place, which the mark shows."""
    text = problem.message
    for place in (f"工作表“{problem.sheet}”", problem.cell or "", f"第{problem.row}行"):
        text = text.removeprefix(place).lstrip() if place else text
    return text


def reasons(problems: Sequence[Problem]) -> str:
    return "；".join(f"{p.cell} {reason(p)}".strip() if p.cell else reason(p) for p in problems)


# The whole file -------------------------------------------------------------------------------------------------------


def as_workbook(source: Path) -> openpyxl.Workbook:
    """The user's own workbook, or what it holds in a new one."""
    if is_xlsx(source):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of extensions that it drops
                return openpyxl.load_workbook(source)
        except Exception:  # noqa: S110 - what calamine could read and openpyxl cannot comes back plain
            pass
    return rebuilt(source)


def rebuilt(source: Path) -> openpyxl.Workbook:
    """A workbook with the same cells, merged ranges and order."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets(source):
        page, opened = book.create_sheet(sheet_name(sheet.name)), sheet.open()
        page.sheet_state = "hidden" if sheet.hidden else "visible"
        widths: dict[int, int] = defaultdict(lambda: NARROWEST)
        for row, cells in enumerate(opened.rows, 1):
            filled = {column: value for column, value in enumerate(cells, 1) if value is not None and value != ""}
            for column, value in filled.items():
                fill(page.cell(row, column), value)
                if len(filled) > 1:  # a title may run on over the columns beside it
                    widths[column] = max(widths[column], fitting(value))
        for (first, left), (last, right) in opened.merges:
            page.merge_cells(None, first + 1, left + 1, last + 1, right + 1)
        for column, width in widths.items():
            page.column_dimensions[get_column_letter(column)].width = width
    return book


def fitting(value: Cell) -> int:
    """How wide a column must be for a value, within reason."""
    return min(max(wide(str(value)) + 2, NARROWEST), WIDEST)


def sheet_name(name: str) -> str:
    """A name that Excel takes; a .csv has none."""
    return _BAD_NAME.sub("_", name)[:31] or "台账"


def fill(cell: Any, value: Cell) -> None:
    """Text stays text, whatever it begins with."""
    if isinstance(value, CellError):
        cell.value = value.shown or "#N/A"
    elif isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
    else:
        cell.value = as_day(value)


def as_day(value: Any) -> Any:
    """A time stamp at midnight is a day."""
    return value.date() if isinstance(value, datetime) and value.time() == time() else value


class Marked:
    """One sheet of the user's, being marked. `rows` and `columns`: how far it is filled."""

    def __init__(self, sheet: Any, told: Told, rows: int, columns: int) -> None:
        self.sheet, self.told, self.rows, self.columns = sheet, told, rows, columns
        self.merges = [merge for merge in sheet.merged_cells.ranges if merge.size != {"rows": 1, "columns": 1}]

    def cells(self, after: int = 0) -> Iterator[Any]:
        """The filled cells and those beside them, below that row."""
        for row in self.sheet.iter_rows(min_row=after + 1, max_row=self.rows, max_col=self.columns):
            yield from row

    def mark(self) -> None:
        """Colours the refused cells, writes the reasons, and greys the rows that were fine."""
        self.unmark()
        column = self.reason_column() if self.told.refused else 0
        for row, problems in self.told.refused.items():
            for problem in problems:
                if problem.cell:
                    mark_cell(self.sheet[self.anchor(problem.cell)], reason(problem))
            cell = self.sheet.cell(row, column, reasons(problems))
            cell.data_type = "s"
            cell.font = Font(name=FACE, size=10, color=RED[1:])
            cell.alignment = Alignment(
                horizontal="left", vertical="center", indent=1
            )  # it runs on to the right, so that no row grows
        self.grey(column)

    def anchor(self, cell: str) -> str:
        """The cell that shows what is in a cell: of a merged range the first."""
        row, column = coordinate_to_tuple(cell)
        for merge in self.merges:
            if merge.min_row <= row <= merge.max_row and merge.min_col <= column <= merge.max_col:
                return f"{get_column_letter(merge.min_col)}{merge.min_row}"
        return cell

    def unmark(self) -> None:
        """Takes away the marks of an earlier round, when a mended file is refused once more."""
        for cell in self.cells():
            if cell.comment and cell.comment.author == BY:
                cell.comment = None
            if cell.has_style and cell.fill.fgColor.rgb == BAD:
                cell.fill = PatternFill()
            if cell.has_style and cell.font.color is not None and cell.font.color.rgb == FAINT:
                cell.font = coloured(cell.font, DARK)

    def reason_column(self) -> int:
        """The column 退回原因 of an earlier round, emptied, or a new one right of all that is filled or merged."""
        headed = self.told.headed({row: [cell.value for cell in self.row(row)] for row in self.told.headers})
        column = self.earlier(headed) or max([self.columns, *(merge.max_col for merge in self.merges)]) + 1
        for row in headed:
            self.head(row, column)
        self.sheet.column_dimensions[get_column_letter(column)].width = REASON_WIDTH
        return column

    def earlier(self, headed: set[int]) -> int | None:
        """The column of an earlier round, emptied."""
        for cell in self.row(min(headed)):
            if isinstance(cell.value, str) and spaceless(cell.value) == REASON:
                for row in set(range(min(headed) + 1, self.rows + 1)) - headed:
                    self.sheet.cell(row, cell.column).value = None
                return int(cell.column)
        return None

    def row(self, number: int) -> Any:
        return self.sheet[number][: self.columns]

    def head(self, row: int, column: int) -> None:
        """The heading of the reasons, which looks like the one beside it."""
        cell, beside = self.sheet.cell(row, column, REASON), self.sheet.cell(row, max(self.columns, 1))
        if beside.has_style:
            cell._style = copy(beside._style)
        cell.comment = Comment(HOW, BY, width=260, height=90)

    def grey(self, reasons_at: int) -> None:
        """The rows that were fine step back."""
        fonts: dict[int, Font] = {}
        for cell in self.cells(after=self.told.header):
            if cell.row in self.told.refused or cell.row in self.told.ignored:
                continue
            if cell.value is not None and cell.column != reasons_at:
                key = cell._style.fontId if cell.has_style else 0
                fonts[key] = fonts.get(key) or coloured(cell.font, FAINT)
                cell.font = fonts[key]


def mark_cell(cell: Any, why: str) -> None:
    cell.fill = PatternFill("solid", fgColor=BAD)
    before = f"{cell.comment.text}\n" if cell.comment else ""
    if why not in before:
        cell.comment = Comment(before + why, BY, width=260, height=20 * (wide(before + why) // 32 + 2))


def coloured(font: Font, colour: str) -> Font:
    made = copy(font)
    made.color = colour
    return made


def tell_loose(book: openpyxl.Workbook, problems: Sequence[Problem]) -> None:
    """What belongs to no row stands on a sheet of its own."""
    if problems:
        page = book.create_sheet(LOOSE)
        page.column_dimensions["A"].width = 100
        for row, problem in enumerate(problems, 1):
            page.cell(row, 1, problem.message).data_type = "s"


def save(book: openpyxl.Workbook, target: Path) -> None:
    """Written beside its place and put there whole."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    os.close(handle)
    aside = Path(name)
    try:
        book.save(aside)
        aside.chmod(0o644)
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


# The refused rows alone -----------------------------------------------------------------------------------------------


def write_refused(book: Book, source: Path, told: Mapping[str, Told], loose: Sequence[Problem]) -> None:
    """The refused rows of each sheet, and what belongs to no row on a sheet of its own."""
    for sheet in sheets(source):
        if told.get(sheet.name, NONE).refused:
            RefusedRows(book, sheet, told[sheet.name]).write()
    if loose:
        page = book.sheet(LOOSE)
        page.set_column(0, 0, 100)
        for row, problem in enumerate(loose):
            put(page, (row, 0), problem.message)


class RefusedRows:
    """Titles, headers and refused rows of one sheet, one below the other; what a row takes from cells above it (同上,
    merged cells) is written out, since those are left behind."""

    def __init__(self, book: Book, sheet: Sheet, told: Told) -> None:
        self.book, self.told, self.opened = book, told, sheet.open()
        self.width, headers = 0, {}
        for number, cells in enumerate(sheet.open().rows, 1):
            self.width = max(self.width, len(cells))
            if told.ignored.get(number) == "header":
                headers[number] = cells
        self.headed = told.headed(headers)
        self.page = book.sheet(sheet_name(sheet.name))
        self.row = 0
        self.above: dict[int, Cell] = {}
        self.widths: dict[int, int] = defaultdict(lambda: NARROWEST)

    def write(self) -> None:
        put(self.page, (0, 0), ONLY.format(n=len(self.told.refused)), self.book.format(bold=True, font_color=RED))
        self.page.set_column(self.width, self.width, REASON_WIDTH)
        lines = Lines(self.opened.merges, self.told.header - 1)
        for number, cells in enumerate(self.opened.rows, 1):
            line = lines.line(number - 1, cells)
            if self.told.ignored.get(number) in ("title", "header"):
                self.heading(number, cells)
            elif number in self.told.refused:
                self.refused(line, self.told.refused[number])
            self.above |= {index: cell for index, cell in enumerate(cells) if not is_blank(cell) and not is_ditto(cell)}
        for index, width in self.widths.items():
            self.page.set_column(index, index, width)

    def heading(self, number: int, cells: Sequence[Cell]) -> None:
        """A title or header row with its cells merged sideways, by which groups of columns are known."""
        self.row += 1
        form = self.book.format(bold=True)
        spans = {left: right for (up, left), (_, right) in self.opened.merges if up == number - 1 and right > left}
        for index, cell in enumerate(cells):
            if index in spans:
                span(self.page, self.row, index, spans[index], shown(cell) or "", form)
            elif not any(left < index <= right for left, right in spans.items()):
                put(self.page, (self.row, index), plain(cell), form)
        if number in self.headed:
            put(self.page, (self.row, self.width), REASON, form)

    def refused(self, line: Line, problems: Sequence[Problem]) -> None:
        self.row += 1
        bad = {coordinate_to_tuple(p.cell)[1] - 1: reason(p) for p in problems if p.cell}
        for index in range(max(len(line.cells), max(line.merged, default=-1) + 1)):
            value = self.value(line, index, index in bad)
            put(self.page, (self.row, index), plain(value), self.form(value, index in bad))
            self.widths[index] = max(self.widths[index], fitting(value))
        for index, why in bad.items():
            self.page.write_comment(self.row, index, why, {"author": BY, "width": 260, "height": 60})
        put(self.page, (self.row, self.width), reasons(problems), self.book.format(font_color=RED))

    def value(self, line: Line, index: int, bad: bool) -> Cell:
        """The cell by itself. What a bad one takes from others stays away: a sum over several rows is not each row's."""
        if bad:
            return None if index in line.merged else line.at(index)
        return self.above.get(index) if is_ditto(line.at(index)) else line.at(index)

    def form(self, value: Cell, bad: bool) -> Any:
        more: dict[str, Any] = {"bg_color": f"#{BAD[2:]}"} if bad else {}
        if isinstance(value, date):
            more["num_format"] = (
                "yyyy-mm-dd" if as_day(value) is not value or not isinstance(value, datetime) else "yyyy-mm-dd hh:mm"
            )
        return self.book.format(**more)


def plain(value: Cell) -> Any:
    """A cell as xlsxwriter takes it."""
    if isinstance(value, int | float | date) and not isinstance(value, bool):
        return as_day(value)
    return shown(value)


def shown(value: Cell) -> str | None:
    """A cell as a text."""
    if value is None or isinstance(value, str):
        return value
    return (value.shown or "#N/A") if isinstance(value, CellError) else str(value)
