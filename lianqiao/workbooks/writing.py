"""Workbooks written for people: what templates, exports and tables of figures have in common.

A ledger's sheet has its name, a line about the sheet and the headings in its first three rows, as the reader accepts
them. Text stays text, whatever it begins with: nothing that was entered is ever evaluated.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter

from lianqiao.core.units import Unit
from lianqiao.journal import clock
from lianqiao.ledger.columns import Column
from lianqiao.ledger.fields import Link
from lianqiao.ledger.models import Entry
from lianqiao.ledger.registry import sheet_form
from lianqiao.places.models import Node
from lianqiao.places.tree import Names, NoSuchNode
from lianqiao.workbooks.layout import EXPLANATIONS

Cell = str | int | Decimal | date | None
MISSING = "—"
TITLE, LINE, HEADER, FIRST = 0, 1, 2, 3
"""The rows of a ledger's sheet, counted from 0: its name, what it is about, the headings, the first row of data."""
LAST_ROW = 1_048_575
FORM_ROWS = 25
"""Lines drawn in an empty template, so that it is a form when printed."""
WORDS = "选项"
FEW_NODES = 200
LIMIT = 255  # of what Excel shows as an input message
FEW_WORDS = 250  # characters of choices that fit into a drop-down of their own

INK, MUTED, LINES, ACCENT, WASH, RED = "#182124", "#5F6A6C", "#DADFD9", "#125B6C", "#DFECEE", "#B03420"
FACE = "微软雅黑"
NUMBER_FORMATS = {"date": "yyyy-mm-dd", "money": "#,##0.00", "int": "#,##0", "year": "0"}
WIDTHS = {
    "date": 12, "money": 15, "int": 8, "year": 7, "yesno": 6, "choice": 8, "person": 10, "place": 13, "id_number": 20,
    "credit_code": 20, "reference": 16, "evidence": 32, "text": 17, "number": 14, "state": 8,
}  # fmt: skip
LINE_HEIGHT = 15
FORM_HEIGHT = 22
MOST_LINES = 6  # a row grows with its longest text up to here
CENTRED = ("date", "yesno", "choice", "year", "state")
KINDS = {
    "date": "日期", "money": "金额", "int": "整数", "year": "年份", "yesno": "是否", "choice": "选项", "person": "姓名",
    "place": "地名", "id_number": "身份证号", "credit_code": "代码", "reference": "所指", "evidence": "文件名", "text": "文本",
    "phone": "电话", "number": "编号", "state": "状态",
}  # fmt: skip
STATE = Column("state", "状态", "text")


class DoesNotFit(ValueError):
    """A value or a row that a sheet cannot hold; the message is a Chinese sentence."""


# Columns --------------------------------------------------------------------------------------------------------------


def columns(model: type[Entry]) -> list[Column]:
    """The ledger's columns in the order in which sheets are written: its own, the node, the evidence, the notes."""
    last = {"evidence": 1, "notes": 2}
    own = (column for column in sheet_form(model).columns if column.field != "number")
    return sorted(own, key=lambda column: last.get(column.field, 0))


def look_of(column: Column) -> str:
    """What a column's cells look like: its kind, or year, number and state, which are kinds of their own to the eye."""
    return column.field if column.field in ("year", "number", "state") else column.kind


def heading(column: Column) -> str:
    """The heading with the unit of money in brackets: 金额(元), 金额(折价，元)."""
    if column.kind != "money":
        return column.heading
    return f"{column.heading[:-1]}，元)" if column.heading.endswith(")") else f"{column.heading}(元)"


@cache
def told() -> dict[tuple[str, str], tuple[str, str]]:
    """What notes.tsv says of columns: (ledger, field) → (example, meaning)."""
    lines = Path(__file__).with_name("notes.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {(ledger, field): (example, meaning) for ledger, field, example, meaning in rows}


def note(model: type[Entry], column: Column) -> tuple[str, str]:
    """What is to be filled in below a heading, and an example of it ("" where there is none to give)."""
    example, meaning = told().get((model.ledger.code, column.field)) or told()["*", column.field]
    return f"{meaning}{rule(model, column)}", example


def rule(model: type[Entry], column: Column) -> str:
    """What follows from the kind of a column."""
    if column.kind == "choice":
        return f"从这些词里选：{'、'.join(column.choices)}。"
    if column.kind == "reference" and column.field != model.ledger.node_field:
        return named_by(model, column)
    if column.kind == "evidence" and model.ledger.evidence:
        return f"一般要有：{'、'.join(model.ledger.evidence)}。"
    return {
        "date": "填年月日。", "money": "以元填。", "int": f"填整数，不小于 {column.minimum or 0}。", "year": "填四位年份。",
        "yesno": "填“是”或“否”。", "id_number": "18位，以文本填。", "credit_code": "18位统一社会信用代码，以文本填。",
    }.get(look_of(column), "")  # fmt: skip


def named_by(model: type[Entry], column: Column) -> str:
    """How a row of another ledger is named."""
    link = model._meta.get_field(column.field)
    assert isinstance(link, Link)
    target: Any = link.related_model
    words = "编号" if link.by == "number" else f"{target._meta.get_field(link.by).verbose_name}或编号"
    return f"填{target.ledger.name}里的{words}。"


def node_name(node: Node, names: Names) -> str:
    """A pairing as a sheet names it: by its places where that finds it, else by its 编号."""
    try:
        return node.name if names.find(node.name) == node else node.number
    except NoSuchNode:
        return node.number


# Books and sheets -----------------------------------------------------------------------------------------------------


class Book:
    """A workbook being written, and the formats that its sheets share."""

    def __init__(self, path: Path | str, title: str) -> None:
        self.book = xlsxwriter.Workbook(path, {"constant_memory": True})
        self.book.set_properties({"title": title, "author": "连桥", "created": clock.now().replace(tzinfo=None)})
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def format(self, **wanted: Any) -> Any:
        """A format of the house with these properties; the same ones give the same format."""
        key = tuple(sorted(wanted.items()))
        if key not in self.formats:
            base = {"font_name": FACE, "font_size": 10, "font_color": INK, "valign": "vcenter"}
            self.formats[key] = self.book.add_format(base | wanted)
        return self.formats[key]

    def cell(self, look: str, *, lined: bool = True) -> Any:
        """The format of the cells of a column; unlocked, which matters only where the sheet is protected."""
        more: dict[str, Any] = {"num_format": NUMBER_FORMATS.get(look, "@"), "locked": False}
        if lined:
            more |= {"border": 1, "border_color": LINES}
        if look in CENTRED:
            more["align"] = "center"
        elif look in NUMBER_FORMATS:
            more |= {"align": "right", "indent": 1}
        else:
            more |= {"align": "left", "indent": 1, "text_wrap": True}
        return self.format(**more)

    def heading(self) -> Any:
        """The format of headings."""
        frame = {"border": 1, "border_color": LINES, "bottom": 2, "bottom_color": ACCENT, "bg_color": WASH}
        return self.format(bold=True, align="center", text_wrap=True, **frame)

    def sheet(self, name: str, footer: str = "") -> Any:
        """A new sheet, set up to be printed on A4 across, as wide as the page."""
        made = self.book.add_worksheet(name)
        made.set_landscape()
        made.set_paper(9)
        made.fit_to_pages(1, 0)
        made.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        made.set_footer(f"&L&9 {name}&C&9 第 &P 页　共 &N 页&R&9 {footer}")
        made.hide_gridlines(2)
        return made


@contextmanager
def new_book(path: Path, title: str) -> Iterator[Book]:
    """A workbook, written beside its place and put there once it is whole."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    aside = Path(name)
    try:
        made = Book(aside, title)
        yield made
        made.book.close()
        aside.chmod(0o644)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def put(sheet: Any, at: tuple[int, int], value: Cell, form: Any = None) -> None:
    """Writes one cell: text as text even where it looks like a number (身份证号) or a formula (1+X). Raises DoesNotFit."""
    if value is None or value == "":
        failed = sheet.write_blank(*at, None, form) if form else 0
    elif isinstance(value, str):
        failed = sheet.write_string(*at, value, form)
    elif isinstance(value, date):
        failed = sheet.write_datetime(*at, value, form)
    else:
        failed = sheet.write_number(*at, value, form)
    if failed:
        row, column = at
        raise DoesNotFit(f"第 {row + 1} 行第 {column + 1} 列放不进一张工作表：文本过长，或行数过多。请分几次导出。")


# A ledger's sheet -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Form:
    """How a ledger's sheet is to be headed: its columns, what stands left, in the middle and right below its name, and
    whether it is to be filled in."""

    model: type[Entry]
    columns: Sequence[Column]
    line: tuple[str, str, str]
    nodes: int = 0  # how many words for pairings the sheet of words holds
    to_fill: bool = False


def money_unit(columns: Sequence[Column]) -> str:
    """What the line says of the unit of amounts, where there are any."""
    return "金额单位：元" if any(column.kind == "money" for column in columns) else ""


def head(book: Book, sheet: Any, form: Form) -> None:
    """Name, line and headings of a ledger's sheet; below them, what each column takes."""
    for index, column in enumerate(form.columns):
        look = look_of(column)
        sheet.set_column(index, index, column_width(column), book.cell(look, lined=False))
    top(book, sheet, form.model.ledger.name, form.line, len(form.columns) - 1, locked=not form.to_fill)
    for index, column in enumerate(form.columns):
        write_heading(book, sheet, index, column, form)


def top(book: Book, sheet: Any, title: str, line: tuple[str, str, str], last: int, *, locked: bool = True) -> None:
    """The title over all columns and the line below it; with the headings they stand on every printed page."""
    for row, height in ((TITLE, 34), (LINE, 22), (HEADER, 36)):
        sheet.set_row(row, height)
    sheet.merge_range(TITLE, 0, TITLE, last, title, book.format(bold=True, font_size=16, align="center"))
    third = max(last // 3, 1)
    parts = ((0, third, "left"), (third + 1, last - third, "center"), (last - third + 1, last, "right"))
    for text, (first, until, align) in zip(line, parts, strict=True):
        span(sheet, LINE, first, until, text, book.format(font_color=MUTED, align=align, locked=locked))
    sheet.repeat_rows(TITLE, HEADER)


def lay_out(book: Book, sheet: Any, title: str, line: tuple[str, str, str], columns: Sequence[tuple[str, int]]) -> None:
    """A sheet of figures: its columns with their widths, what stands above, the headings; these and the first two stay in sight."""
    for index, (_, width) in enumerate(columns):
        sheet.set_column(index, index, width)
    top(book, sheet, title, line, len(columns) - 1)
    for index, (name, _) in enumerate(columns):
        put(sheet, (HEADER, index), name, book.heading())
    sheet.freeze_panes(FIRST, 2)


def put_row(
    book: Book, sheet: Any, row: int, cells: Sequence[tuple[Cell, str]], columns: Sequence[tuple[str, int]]
) -> None:
    """A row of such a sheet: each value with its look, as high as its longest text needs."""
    grow(sheet, row, [value for value, _ in cells], [width for _, width in columns])
    for index, (value, look) in enumerate(cells):
        put(sheet, (row, index), value, book.cell(look))


def in_units(value: int | None, of: Unit) -> Decimal | None:
    """A value in the smallest unit, as its cell holds it."""
    return None if value is None else Decimal(value).scaleb(-of.decimals)


def number(value: int | None, of: Unit) -> Cell:
    """A value in its unit, or — where nothing was ever posted."""
    held = in_units(value, of)
    return MISSING if held is None else held


def grow(sheet: Any, row: int, values: Sequence[Cell], widths: Sequence[int]) -> None:
    """Makes a row as high as its longest text needs."""
    texts = ((value, width) for value, width in zip(values, widths, strict=True) if isinstance(value, str))
    lines = min(max((-(-wide(text) // (width - 2)) for text, width in texts), default=1), MOST_LINES)
    if lines > 1:
        sheet.set_row(row, LINE_HEIGHT * lines)


def span(sheet: Any, row: int, first: int, last: int, text: str, form: Any) -> None:
    """A text over some columns."""
    if last > first:
        sheet.merge_range(row, first, row, last, text, form)
    else:
        put(sheet, (row, first), text, form)


def column_width(column: Column) -> int:
    """By what the cells hold, but wide enough for the heading on two lines (a Chinese character takes two)."""
    look = look_of(column)
    longest = max([wide(word) for word in column.choices], default=0) + 2
    needed = -(-wide(heading(column)) // 2) + 2
    return max(WIDTHS.get(look, 20), longest, needed)


def wide(text: str) -> int:
    """How many columns of letters a text takes: a Chinese character takes two."""
    return sum(1 if ord(letter) < 0x2000 else 2 for letter in text)


def write_heading(book: Book, sheet: Any, index: int, column: Column, form: Form) -> None:
    """The heading, marked with a star where the column is required, with what to fill in as a note and when a cell is
    selected."""
    cell, text = book.heading(), heading(column)
    if form.to_fill and column.required:
        red, ink = book.format(font_color=RED, bold=True), book.format(bold=True)
        sheet.write_rich_string(HEADER, index, red, "*", ink, text, cell)
    else:
        put(sheet, (HEADER, index), text, cell)
    if column == STATE:
        return
    meaning, example = note(form.model, column)
    said = "".join([*(["必填。"] if column.required else []), meaning, *([f"例：{example}"] if example else [])])
    if said:
        lines = sum(-(-wide(part) // 34) for part in said.splitlines()) + 1
        sheet.write_comment(
            HEADER,
            index,
            said,
            {"author": "连桥", "width": 230, "height": 18 * lines, "font_size": 9, "font_name": FACE},
        )
    message = {"input_title": column.heading[:32], "input_message": shortened(said)} if said else {}
    sheet.data_validation(FIRST, index, LAST_ROW, index, {**allowed(column, form), **message})


def shortened(text: str) -> str:
    return text if len(text) <= LIMIT else f"{text[: LIMIT - 1]}…"


def allowed(column: Column, form: Form) -> dict[str, Any]:
    """What the cells of a column take, for xlsxwriter's data_validation."""
    words = ["是", "否"] if column.kind == "yesno" else list(column.choices)
    if words and len(",".join(words)) <= FEW_WORDS:
        return {"validate": "list", "source": words, **wrong("请从下拉里选一个词。")}
    if column.field == form.model.ledger.node_field and form.nodes:
        source = f"={WORDS}!$A$1:$A${form.nodes}"
        return {
            "validate": "list",
            "source": source,
            "error_type": "warning",
            **wrong("不在列出的结对关系里。可填其编号。"),
        }
    if column.kind == "date":
        span = {"minimum": date(1990, 1, 1), "maximum": date(2050, 12, 31)}
        return {"validate": "date", "criteria": "between", **span, **wrong("请填年月日，如 2021-10-12。")}
    if look_of(column) == "year":
        return {
            "validate": "integer",
            "criteria": "between",
            "minimum": 1990,
            "maximum": 2050,
            **wrong("请填四位年份。"),
        }
    if column.kind in ("int", "money"):
        kind, least = ("integer" if column.kind == "int" else "decimal"), column.minimum or 0
        return {"validate": kind, "criteria": ">=", "value": least, **wrong(f"请填不小于 {least} 的数字，不带单位。")}
    if column.kind in ("id_number", "credit_code"):
        return {"validate": "length", "criteria": "==", "value": 18, **wrong("应为18位，以文本填写。")}
    return {"validate": "any"}


def wrong(message: str) -> dict[str, str]:
    return {"error_title": "填法不对", "error_message": message}


def words_sheet(book: Book, words: Sequence[str]) -> None:
    """A hidden sheet with the words of drop-downs too many to stand in the drop-down itself."""
    sheet = book.sheet(WORDS)
    for row, word in enumerate(words):
        put(sheet, (row, 0), word)
    sheet.hide()


# The sheet of explanations --------------------------------------------------------------------------------------------


class Notes:
    """The sheet 说明, written from the top: titles, sentences and tables over five columns."""

    WIDTHS = (24, 28, 9, 74, 46)

    def __init__(self, book: Book, name: str = EXPLANATIONS) -> None:
        self.book, self.sheet, self.row = book, book.sheet(name), 0
        for index, width in enumerate(self.WIDTHS):
            self.sheet.set_column(index, index, width)

    def title(self, text: str) -> None:
        self.row += 1 if self.row else 0
        self.sheet.set_row(self.row, 28)
        self.line(text, bold=True, font_size=14)

    def line(self, text: str, **more: Any) -> None:
        """A sentence over the whole width."""
        lines = -(-wide(text) // sum(self.WIDTHS))
        if lines > 1:
            self.sheet.set_row(self.row, LINE_HEIGHT * lines)
        form = self.book.format(text_wrap=True, **more)
        self.sheet.merge_range(self.row, 0, self.row, len(self.WIDTHS) - 1, text, form)
        self.row += 1

    def proof(self, number: int, digest: str) -> None:
        """The hash that the journal had at that transaction, and how it is held against it."""
        self.line(f"散列：{digest}（核对：lianqiao verify --head {number}:{digest}）")

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        """A table; a row is as high as its longest text needs."""
        frame = {"border": 1, "border_color": LINES, "text_wrap": True}
        self.write(heads, self.book.format(bold=True, bg_color=WASH, **frame))
        for row in rows:
            self.write(row, self.book.format(valign="top", num_format="#,##0", align="left", **frame))

    def write(self, row: Sequence[Cell], form: Any) -> None:
        texts = [str(value or "") for value in row]
        lines = max(-(-wide(text) // width) for text, width in zip(texts, self.WIDTHS, strict=False))
        self.sheet.set_row(self.row, LINE_HEIGHT * max(lines, 1) + 3)
        for index, value in enumerate(row):
            put(self.sheet, (self.row, index), value, form)
        self.row += 1
