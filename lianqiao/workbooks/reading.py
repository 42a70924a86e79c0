"""A workbook as rows of a ledger: every filled row is accepted, refused or ignored, none is guessed and none vanishes.

`read` judges the file alone: nothing is looked up, so no database is needed. Sheet by sheet, the header is found
(layout.py), each row below it is told apart (blank, repeated header, sum, note, section, data), and each cell of a data
row is read (cells.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from lianqiao.ledger.between import between
from lianqiao.ledger.columns import Column, Problem, Sheetful
from lianqiao.workbooks import cells, layout
from lianqiao.workbooks.cells import Answer, Around, Refused, Value
from lianqiao.workbooks.files import Cell, Sheet, sheets
from lianqiao.workbooks.layout import Layout, Placed
from lianqiao.workbooks.marks import CellError, Merge, UnreadableError

NO_HEADER = "没有找到“{name}”的表头。请核对台账是否选对，或用模板重新填写。"
NO_COLUMN = "表里没有“{heading}”这一列。请补上这一列。"
MERGED = "合并在几行里，是合计还是每行各有这么多，不清楚。请逐行填写。"
TWICE = "与本文件前面的一行相同。若确是另一条，请注明区别；若是重复，请删去。"
BAD_ABOVE = "同上，而上一行这一格有误。请直接填写。"
NOT_FILLED = Refused("missing", "未填。此列必填，请补上。")
_SAME = Refused("同上", "")  # stands for the row above until that is known
NOTHING_ABOVE = Refused("missing", "同上，而上面没有数据行。请直接填写。")
_WRONG_KIND = {"money": cells.BAD_MONEY, "id_number": cells.BAD_ID, "credit_code": cells.BAD_CREDIT}

_SUM = re.compile(r"(?:小计|合计|总计|共计|累计).*|.*(?:小计|合计|总计|共计|累计):?", re.DOTALL)
_NOTE = re.compile(r"(?:注|备注|说明)\d*:|填表|填报|制表|审核|复核|单位负责人")
_NUMERAL = "[一二三四五六七八九十百]+"
_SECTION = re.compile(rf"{_NUMERAL}[、.,]|\({_NUMERAL}\)|第{_NUMERAL}")
_SECTION_NUMBER = re.compile(rf"{_NUMERAL}[、.,]?|\({_NUMERAL}\)|第{_NUMERAL}\w?")
_SERIAL = re.compile(r"\(?\d+(?:\.\d+)?\)?[.、]?", re.ASCII)
_SHOWN, _REMEMBERED = 40, 5000
_NUMBER = re.compile(r"[A-Z]{2,}(?:-\d{4})?-\d{4,}", re.ASCII)
"""An entry's 编号. A column 编号 in an office's own sheet mostly counts the rows, and is not ours then."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was read: values by field (money in 分), blank ones left out. `row` counts from 1."""

    sheet: str
    row: int
    values: dict[str, Any]
    columns: Mapping[str, int]

    @property
    def cells(self) -> dict[str, str]:
        """The address of each column of the sheet in this row: {"amount": "C7"}."""
        return {name: f"{letters(index)}{self.row}" for name, index in self.columns.items()}


@dataclass(frozen=True, slots=True)
class Ignored:
    """A row, or with row 0 a whole sheet, that is no data: title header blank subtotal section note hidden."""

    sheet: str
    row: int
    why: str


@dataclass
class Reading:
    """What a file says. `error` is set, and nothing else, where the file cannot be read at all."""

    ledger: Sheetful
    accepted: list[Row] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    error: str | None = None


def read(path: Path | str, ledger: Sheetful) -> Reading:
    """Reads a workbook. Errors in the data are values in the answer; OSError if there is no such file."""
    reading = Reading(ledger)
    seen: set[tuple[Any, ...]] = set()
    try:
        found = [_sheet(sheet, reading, seen) for sheet in sheets(Path(path))]
    except UnreadableError as error:
        return Reading(ledger, error=str(error))
    if not any(found):
        return Reading(ledger, error=NO_HEADER.format(name=ledger.name))
    return reading


def as_json(reading: Reading) -> dict[str, Any]:
    """The reading as `lianqiao import --dry-run --json` prints it: dates ISO, money in 分."""
    if reading.error is not None:
        return {"ledger": reading.ledger.code, "error": reading.error}
    return {
        "ledger": reading.ledger.code,
        "accepted": [{"sheet": r.sheet, "row": r.row, "values": _plain(r.values)} for r in reading.accepted],
        "refused": [
            {
                "sheet": p.sheet,
                "row": p.row,
                "cell": p.cell,
                "field": p.field,
                "value": p.value,
                "why": p.why,
                "message": p.message,
            }
            for p in reading.refused
        ],
        "ignored": [{"sheet": i.sheet, "row": i.row, "why": i.why} for i in reading.ignored],
    }


def _plain(values: Mapping[str, Value]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def letters(index: int) -> str:
    """The letters of a column counted from 0: 0 is A, 27 is AB."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def _sheet(sheet: Sheet, reading: Reading, seen: set[tuple[Any, ...]]) -> bool:
    """Reads one sheet into `reading`. Returns whether it is a visible sheet with a header of the ledger."""
    if sheet.hidden:
        reading.ignored.append(Ignored(sheet.name, 0, "hidden"))
        return False
    opened = sheet.open()
    first = list(islice(opened.rows, layout.SEARCHED + 2))
    where = layout.find(first, reading.ledger, sheet.name, opened.merges)
    if where is None:
        reading.ignored.append(Ignored(sheet.name, 0, "note"))
        return False
    _SheetReader(sheet.name, where, opened.merges, reading, seen).rows(_chained(first, opened.rows))
    return True


def _chained(first: list[Sequence[Cell]], rest: Iterator[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    yield from first
    first.clear()
    yield from rest


class _Merges:
    """The cells merged over several rows, as one goes down a sheet."""

    def __init__(self, merges: Sequence[Merge], below: int) -> None:
        self._starts: dict[int, list[tuple[int, int]]] = {}
        for (first, column), (last, _) in merges:
            if first > below and last > first:
                self._starts.setdefault(first, []).append((column, last))
        self._open: dict[int, tuple[int, Cell]] = {}

    def at(self, number: int, row: Sequence[Cell]) -> dict[int, Cell]:
        """The value of each merged cell that reaches into this row, by its column."""
        if not self._starts:
            return {}
        self._open = {column: held for column, held in self._open.items() if held[0] >= number}
        for column, last in self._starts.get(number, ()):
            self._open[column] = (last, row[column] if column < len(row) else None)
        return {column: value for column, (_, value) in self._open.items()}


class _SheetReader:
    """Goes down one sheet. Kept between rows: the layout, what 同上 repeats, and rows whose kind the next ones decide."""

    def __init__(
        self, name: str, where: Layout, merges: Sequence[Merge], reading: Reading, seen: set[tuple[Any, ...]]
    ) -> None:
        self.name, self.reading, self.seen = name, reading, seen
        self.ledger = reading.ledger
        self.words = layout.Vocabulary(self.ledger)
        self.merges = _Merges(merges, where.last)
        self.above: dict[str, Answer] | None = None
        self.blank: list[int] = []
        self.single: list[int] = []
        self.titles: list[Sequence[Cell]] = []
        self.header: list[Sequence[Cell]] = []
        self.pending: list[Sequence[Cell]] = []
        self.take(where)

    def take(self, where: Layout) -> None:
        """Reads on by this layout."""
        self.where = where
        self.columns = {placed.column.field: placed.index for placed in where.placed}
        self.ours = {placed.index for placed in where.placed if placed.column.field != "number"}
        self.dates = [placed.index for placed in where.placed if placed.column.kind == "date"]
        self.probe = next((p.index for p in where.placed if p.column.required), 0)
        self.leads = {row[0] for row in (*where.titles, *where.headings)}
        self.memo: dict[int, dict[tuple[str, int | None], Answer]] = {placed.index: {} for placed in where.placed}

    def rows(self, rows: Iterator[Sequence[Cell]]) -> None:
        start = len(self.reading.ignored)
        last = self.where.last
        for number, row in enumerate(rows):
            if number > last:
                self.below(number, row)
            elif number >= self.where.first:
                self.header.append(row)
                self.ignore(number, "header")
            else:
                self.titles.append(row)
                self.ignore(number, "title" if layout.texts(row) else "blank")
        self.decide("note")
        self.reading.ignored[start:] = sorted(self.reading.ignored[start:], key=lambda ignored: ignored.row)

    def ignore(self, number: int, why: str) -> None:
        self.reading.ignored.append(Ignored(self.name, number + 1, why))

    def decide(self, why: str) -> None:
        """Now it is known what the rows of one filled cell were: sections if data follow, notes if none do."""
        for number in self.single:
            self.ignore(number, why)
        self.single.clear()

    def below(self, number: int, row: Sequence[Cell]) -> None:
        """One row below the header."""
        filled = [index for index, cell in enumerate(row) if cell is not None and cell != ""]
        while filled and _is_space(row[filled[0]]):
            filled.pop(0)
        if not filled:
            self.blank.append(number)
            self.merges.at(number, row)
            return
        for empty in self.blank:
            self.ignore(empty, "blank")
        self.blank.clear()
        merged = self.merges.at(number, row)
        why = self.kind(row, filled, merged)
        if why == "data":
            self.decide("section")
            self.pending.clear()
            self.data(number, row, merged)
        elif why == "single":
            self.single.append(number)
        else:
            self.ignore(number, why)
        self.remember(why, row)

    def remember(self, why: str, row: Sequence[Cell]) -> None:
        """Lines that stand above a repeated header are its titles: they may name another unit or year."""
        if why in ("title", "single") or (why == "note" and layout.line_units([row])):
            self.pending = [*self.pending[-4:], row]

    def kind(self, row: Sequence[Cell], filled: list[int], merged: Mapping[int, Cell]) -> str:
        """What a row is: data, single (one filled cell), or the word it is ignored with. The first rule that fits
        counts. `filled`: the cells that hold anything, the first of them more than white space."""
        if self.says_nothing(row, filled):
            return "blank"
        lead = row[filled[0]]
        if repeated := self.repeated(row, lead):
            return repeated
        text = cells.spaceless(lead)
        if _SUM.fullmatch(text):
            return "subtotal"
        if _NOTE.match(text):
            return "note"
        carried = (value for column, value in merged.items() if column not in filled)
        if all(map(_is_space, (row[index] for index in filled[1:]))) and all(map(cells.is_blank, carried)):
            return "single"
        if self.is_section(text, row, filled, merged):
            return "section"
        return "header" if self.is_other_header(row) else "data"

    def says_nothing(self, row: Sequence[Cell], filled: list[int]) -> bool:
        """Whether there are only dashes, and numbers or broken formulas outside our columns (a pre-filled 序号)."""
        for index in filled:
            cell = row[index]
            if isinstance(cell, str) and (cells.is_blank(cell) or (index not in self.ours and _is_serial(cell))):
                continue
            if index in self.ours or isinstance(cell, str | date | bool):
                return False
        return True

    def repeated(self, row: Sequence[Cell], lead: Cell) -> str | None:
        if layout.shown(lead) not in self.leads:
            return None
        shown = layout.texts(row)
        if shown in self.where.headings:
            if self.pending:
                self.lay_out(self.header)
            return "header"
        return "title" if shown in self.where.titles else None

    def is_section(self, text: str, row: Sequence[Cell], filled: list[int], merged: Mapping[int, Cell]) -> bool:
        """一、2020年项目, even with sums, or 一 beside one text; but a row with a date is data."""
        dates = (merged.get(index, row[index] if index < len(row) else None) for index in self.dates)
        if not all(map(cells.is_blank, dates)):
            return False
        if _SECTION.match(text):
            return True
        others = [row[index] for index in filled[1:]]
        names = [cell for cell in others if isinstance(cell, str) and not _is_space(cell) and not _is_serial(cell)]
        return _SECTION_NUMBER.fullmatch(text) is not None and len(names) == 1

    def is_other_header(self, row: Sequence[Cell]) -> bool:
        """Whether the row is a header again, with other words or in another order; then it holds from here on."""
        cell = row[self.probe] if self.probe < len(row) else None
        if not isinstance(cell, str) or len(cell) > 30 or not self.words.knows(layout.normal(cell)):
            return False
        return self.lay_out([row])

    def lay_out(self, header: list[Sequence[Cell]]) -> bool:
        """Takes the layout of a header further down. The lines just above it say the unit and the year, or else those
        at the top do."""
        lines = self.pending if layout.line_units(self.pending) else [*self.titles, *self.pending]
        lines = lines[2 - layout.SEARCHED :]
        found = layout.find([*lines, *header], self.ledger, self.name, ())
        year = layout.title_year(self.pending) or self.where.year
        if found is not None:
            self.pending = []
            self.take(replace(found, year=year, titles=self.where.titles | found.titles))
        return found is not None

    def data(self, number: int, row: Sequence[Cell], merged: Mapping[int, Cell]) -> None:
        """Reads a data row: accepted, or refused at every bad cell."""
        year = self.year(row, merged)
        answers: dict[str, Answer] = {}
        for placed in self.where.placed:
            index, answer = placed.index, None
            raw = row[index] if index < len(row) else None
            if index in merged:
                answer = self.answer(placed, merged[index], True, year)
            elif isinstance(raw, str):
                answer = self.remembered(placed, raw, year) if raw else None
            elif raw is not None:
                answer = self.answer(placed, raw, False, year)
            answers[placed.column.field] = self.ditto(placed.column) if answer is _SAME else answer
        if self.ledger.span:
            self.spread(self.ledger.span, row, merged, answers, year)
        self.above = answers
        problems = list(self.bad_cells(number, row, merged, answers))
        if not problems:
            values = {name: value for name, value in answers.items() if value is not None}
            problems = list(self.bad_row(number, values))
        if problems:
            self.reading.refused += problems
        else:
            self.reading.accepted.append(Row(self.name, number + 1, values, self.columns))

    def year(self, row: Sequence[Cell], merged: Mapping[int, Cell]) -> int | None:
        """The year of a date like 10月12日 in this row: of its 年度 column if that is filled, else of the sheet."""
        index = self.where.year_index
        raw = None if index is None else merged.get(index, row[index] if index < len(row) else None)
        return self.where.year if cells.is_blank(raw) else cells.year(raw)

    def answer(self, placed: Placed, raw: Cell, merged: bool, year: int | None) -> Answer:
        column = placed.column
        if merged and column.kind not in cells.SPREAD and not cells.is_blank(raw):
            return replace(_WRONG_KIND.get(column.kind, cells.BAD_INT), message=MERGED)
        if column.field == "number":
            return raw.strip() if isinstance(raw, str) and _NUMBER.fullmatch(raw.strip()) else None
        if column.kind in cells.REPEATED and cells.is_ditto(raw):
            return _SAME
        return cells.read(raw, column, Around(placed.unit, year))

    def remembered(self, placed: Placed, raw: str, year: int | None) -> Answer:
        """The answer to a text that stood in this column before, since offices write the same words over and over."""
        known, key = self.memo[placed.index], (raw, year)
        if key in known:
            return known[key]
        if len(known) >= _REMEMBERED:
            known.clear()
        known[key] = self.answer(placed, raw, False, year)
        return known[key]

    def ditto(self, column: Column) -> Answer:
        """What the nearest data row above says in this column; if that was bad, so is this."""
        above = self.above.get(column.field) if self.above is not None else NOTHING_ABOVE
        return replace(above, message=BAD_ABOVE) if isinstance(above, Refused) and self.above is not None else above

    def spread(
        self,
        fields: tuple[str, str],
        row: Sequence[Cell],
        merged: Mapping[int, Cell],
        answers: dict[str, Answer],
        year: int | None,
    ) -> None:
        """A span of days in the date: the start is the date, its length the days where those are not given."""
        start, days = fields
        if answers.get(start) != cells.NO_SPAN:
            return
        index = self.columns[start]
        span = cells.span(merged.get(index, row[index]), Around(year=year))
        if isinstance(span, Refused):
            answers[start] = span
        elif span is not None:
            answers[start] = span[0]
            if answers.get(days) is None:
                answers[days] = (span[1] - span[0]).days + 1

    def bad_cells(
        self, number: int, row: Sequence[Cell], merged: Mapping[int, Cell], answers: Mapping[str, Answer]
    ) -> Iterator[Problem]:
        for placed in self.where.placed:
            column, index = placed.column, placed.index
            answer = answers[column.field]
            if answer is None and column.required:
                answer = NOT_FILLED
            if isinstance(answer, Refused):
                raw = merged.get(index, row[index] if index < len(row) else None)
                yield self.problem(number, column, answer.why, answer.message, raw)
        for column in self.where.missing:
            yield self.problem(number, column, "missing", NO_COLUMN.format(heading=column.heading))

    def bad_row(self, number: int, values: Mapping[str, Any]) -> Iterator[Problem]:
        """The rules between the cells of a row whose cells are all good, and then those between rows."""
        fields = {column.field: column for column in self.ledger.columns}
        problems = list(between(self.ledger, values))
        for problem in problems:
            yield self.problem(number, fields[problem.field or ""], problem.why, problem.message)
        keys = self.keys(values)
        if problems or not keys:
            return
        if keys[0] in self.seen:
            column = next(c for c in self.ledger.columns if c.key and (c.field in self.columns or c.field in values))
            yield self.problem(number, column, "duplicate", TWICE)
        else:
            self.seen.update(keys)

    def keys(self, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """By what a row is known: its 编号 if it has one, and its natural key."""
        key = tuple(_key_part(values.get(column.field)) for column in self.ledger.columns if column.key)
        number = values.get("number")
        return [*([("number", number)] if number else []), *([key] if key else [])]

    def problem(self, number: int, column: Column, why: str, message: str, raw: Cell = None) -> Problem:
        index = self.columns.get(column.field)
        cell = None if index is None else f"{letters(index)}{number + 1}"
        shown = "" if column.kind == "id_number" else _shown(raw)  # an ID number is not repeated anywhere
        where = " ".join(filter(None, (f"工作表“{self.name}”" if self.name else "", cell or f"第{number + 1}行")))
        said = f"“{shown}”" if shown and why not in ("missing", "error_cell") else ""
        return Problem(
            field=column.field,
            why=why,
            message=f"{where} {column.heading}：{said}{message}",
            sheet=self.name,
            row=number + 1,
            cell=cell,
            value=shown,
        )


def _is_space(cell: Cell) -> bool:
    return isinstance(cell, str) and not cells.trimmed(cell)


def _is_serial(cell: str) -> bool:
    return _SERIAL.fullmatch(cells.spaceless(cell)) is not None


def _shown(raw: Cell) -> str:
    """A cell as a message can show it."""
    if raw is None or isinstance(raw, CellError):
        return "" if raw is None else raw.shown
    text = " ".join(str(raw).split())
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _key_part(value: Any) -> Any:
    """Texts are the same key whatever their width and white space."""
    return cells.spaceless(value) if isinstance(value, str) else value
