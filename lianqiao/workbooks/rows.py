"""A data row: its cells read one by one, then the rules between them, then those between rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lianqiao.ledger.between import between
from lianqiao.ledger.columns import Column, Problem, SheetForm
from lianqiao.workbooks import cells
from lianqiao.workbooks.cells import Answer, Around, Refused
from lianqiao.workbooks.files import Cell
from lianqiao.workbooks.layout import Layout, Placed
from lianqiao.workbooks.lines import Line
from lianqiao.workbooks.marks import CellError

NO_COLUMN = "表里没有“{heading}”这一列。请补上这一列。"
MERGED = "合并在几行里，是合计还是每行各有这么多，不清楚。请逐行填写。"
TWICE = "与本文件前面的一行相同。若确是另一条，请注明区别；若是重复，请删去。"
BAD_ABOVE = "同上，而上一行这一格有误。请直接填写。"
NOT_FILLED = Refused("missing", "未填。此列必填，请补上。")
NOTHING_ABOVE = Refused("missing", "同上，而上面没有数据行。请直接填写。")
_SAME = Refused("同上", "")  # stands for the row above until that is known
_WRONG_KIND = {"money": cells.BAD_MONEY, "id_number": cells.BAD_ID, "credit_code": cells.BAD_CREDIT}

_SHOWN, _REMEMBERED = 40, 5000
_NUMBER = re.compile(r"[A-Z]{2,}(?:-\d{4})?-\d{4,}", re.ASCII)
"""An entry's 编号. A column 编号 in an office's own sheet mostly counts the rows, and is not ours then."""


Asked = tuple[Placed, int, str, dict[type, cells.Shortcut], dict[str, Answer]]


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


def letters(index: int) -> str:
    """The letters of a column counted from 0: 0 is A, 27 is AB."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


class Rows:
    """Reads the data rows of one sheet. `seen` holds the keys of the rows accepted so far, of all sheets of a file."""

    def __init__(self, sheet: str, ledger: SheetForm, seen: set[tuple[Any, ...]]) -> None:
        self.sheet, self.ledger, self.seen = sheet, ledger, seen
        self.key = [column.field for column in ledger.columns if column.key]
        self.above: dict[str, Answer] | None = None

    def take(self, where: Layout) -> None:
        """Reads on by this layout."""
        self.where = where
        self.columns = {placed.column.field: placed.index for placed in where.placed}
        self.required = [placed.column.field for placed in where.placed if placed.column.required]
        self.by_year: dict[int | None, list[Asked]] = {}

    def read(self, line: Line) -> Row | list[Problem]:
        """The row, or a problem for every bad cell; of a row whose cells are all good, for every rule it breaks."""
        answers = self.answers(line)
        self.above = answers
        if self.is_bad(answers):
            return list(self.bad_cells(line, answers))
        values = {name: value for name, value in answers.items() if value is not None}
        return self.broken_rules(line, values) or Row(self.sheet, line.number + 1, values, self.columns)

    def answers(self, line: Line) -> dict[str, Answer]:
        """What each of our cells says. The loop that every cell of a file goes through."""
        year, row, merged, width = self.year(line), line.cells, line.merged, len(line.cells)
        answers: dict[str, Answer] = {}
        for placed, index, name, shortcuts, known in self.asked(year):
            answer: Answer = None
            raw = row[index] if index < width else None
            if index in merged:
                answer = self.answer(placed, merged[index], True, year)
            elif raw is None or raw == "":
                pass
            elif isinstance(raw, str) and raw in known:
                answer = known[raw]
            else:
                shortcut = shortcuts.get(type(raw))
                answer = shortcut(raw) if shortcut else None
                if answer is None:
                    answer = self.answer(placed, raw, False, year)
                if isinstance(raw, str):
                    if len(known) >= _REMEMBERED:
                        known.clear()
                    known[raw] = answer
            answers[name] = self.ditto(placed.column) if answer is _SAME else answer
        if self.ledger.span:
            self.spread(line, *self.ledger.span, answers, year)
        if answers.get("number"):
            self.keep_masked(line, answers)
        return answers

    def asked(self, year: int | None) -> list[Asked]:
        """Our columns, each with the answers to the texts that stood in it before in a row of this year, since offices
        write the same words over and over; they are also kept once then."""
        if year not in self.by_year:
            self.by_year[year] = [
                (placed, placed.index, placed.column.field, cells.shortcuts(placed.column, placed.unit), {})
                for placed in self.where.placed
            ]
        return self.by_year[year]

    def year(self, line: Line) -> int | None:
        """The year of a date like 10月12日 in this row: of its 年度 column if that is filled, else of the sheet."""
        if self.where.year_index is None:
            return self.where.year
        raw = line.at(self.where.year_index)
        return self.where.year if cells.is_blank(raw) else cells.year(raw)

    def answer(self, placed: Placed, raw: Cell, merged: bool, year: int | None) -> Answer:
        """What one cell says, or _SAME."""
        column = placed.column
        if merged and column.kind not in cells.SPREAD and not cells.is_blank(raw):
            return replace(_WRONG_KIND.get(column.kind, cells.BAD_INT), message=MERGED)
        if column.field == "number":
            return raw.strip() if isinstance(raw, str) and _NUMBER.fullmatch(raw.strip()) else None
        said = cells.spaceless(raw) if column.kind in cells.SPACELESS else raw
        if column.kind in cells.REPEATED and cells.is_ditto(said):
            return _SAME
        return cells.read(raw, column, Around(placed.unit, year))

    def is_bad(self, answers: Mapping[str, Answer]) -> bool:
        """Whether there is a bad cell."""
        return (
            Refused in set(map(type, answers.values()))
            or bool(self.where.missing)
            or any(answers[name] is None for name in self.required)
        )

    def ditto(self, column: Column) -> Answer:
        """What the nearest data row above says in this column; if that was bad, so is this."""
        if self.above is None:
            return NOTHING_ABOVE
        above = self.above.get(column.field)
        return replace(above, message=BAD_ABOVE) if isinstance(above, Refused) else above

    def spread(self, line: Line, start: str, days: str, answers: dict[str, Answer], year: int | None) -> None:
        """A span of days in the date: its start is the date, its length the days where those are not given."""
        if answers.get(start) != cells.NO_SPAN:
            return
        span = cells.span(line.at(self.columns[start]), Around(year=year))
        if isinstance(span, Refused):
            answers[start] = span
        elif span is not None:
            answers[start] = span[0]
            if answers.get(days) is None:
                answers[days] = (span[1] - span[0]).days + 1

    def keep_masked(self, line: Line, answers: dict[str, Answer]) -> None:
        """A masked ID number in a row that gives its 编号 is what an export shows; drafts.py holds it against the entry's."""
        for placed in self.where.placed:
            raw = line.at(placed.index)
            if placed.column.kind == "id_number" and isinstance(raw, str) and cells.is_masked(raw):
                answers[placed.column.field] = cells.trimmed(raw)

    def bad_cells(self, line: Line, answers: Mapping[str, Answer]) -> Iterator[Problem]:
        for placed in self.where.placed:
            column = placed.column
            answer = answers[column.field]
            if answer is None and column.required:
                answer = NOT_FILLED
            if isinstance(answer, Refused):
                yield self.problem(line, column, answer.why, answer.message, line.at(placed.index))
        for column in self.where.missing:
            yield self.problem(line, column, "missing", NO_COLUMN.format(heading=column.heading))

    def broken_rules(self, line: Line, values: Mapping[str, Any]) -> list[Problem]:
        """The rules between the cells of a row whose cells are all good, and then that of keys."""
        broken = list(between(self.ledger, values))
        if not broken:
            return self.twice(line, values)
        columns = self.ledger.by_field
        return [self.problem(line, columns[told.field or ""], told.why, told.message) for told in broken]

    def twice(self, line: Line, values: Mapping[str, Any]) -> list[Problem]:
        """The problem of a row whose key an accepted row has already; or else its keys are taken."""
        keys = self.keys(values)
        if not keys or keys[0] not in self.seen:
            self.seen.update(keys)
            return []
        column = next(c for c in self.ledger.columns if c.key and (c.field in self.columns or c.field in values))
        return [self.problem(line, column, "duplicate", TWICE)]

    def keys(self, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """By what a row is known: its 编号 if it has one, and its natural key."""
        key = tuple([_key_part(values.get(name)) for name in self.key])
        number = values.get("number")
        return [*([("number", number)] if number else []), *([key] if key else [])]

    def problem(self, line: Line, column: Column, why: str, message: str, raw: Cell = None) -> Problem:
        """A problem with its place, in the problem and at the head of its message."""
        index, row = self.columns.get(column.field), line.number + 1
        cell = None if index is None else f"{letters(index)}{row}"
        shown = "" if column.kind == "id_number" else _shown(raw)  # an ID number is not repeated anywhere
        place = " ".join(filter(None, (f"工作表“{self.sheet}”" if self.sheet else "", cell or f"第{row}行")))
        said = f"“{shown}”" if shown and why not in ("missing", "error_cell") else ""
        told = message if message.startswith(column.heading) else f"{column.heading}：{said}{message}"
        return Problem(column.field, why, f"{place} {told}", self.sheet, row, cell, shown)


def _shown(raw: Cell) -> str:
    """A cell as a message can show it."""
    if raw is None or isinstance(raw, CellError):
        return "" if raw is None else raw.shown
    text = " ".join(str(raw).split())
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _key_part(value: Any) -> Any:
    """Texts are the same key whatever their width and white space."""
    return cells.spaceless(value) if isinstance(value, str) else value
