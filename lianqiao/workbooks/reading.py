"""A workbook as rows of a ledger: every filled row is accepted, refused or ignored, none is guessed and none vanishes.

`read` judges the file alone: nothing is looked up, so no database is needed. Sheet by sheet, the header is found
(layout.py), each line below it is told apart (blank, repeated header, sum, note, section, data; lines.py), and the data
rows are read (rows.py, cells.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

from lianqiao.ledger.columns import Problem, SheetForm
from lianqiao.workbooks import layout
from lianqiao.workbooks.cells import Value
from lianqiao.workbooks.files import Cell, Sheet, has_macros, sheets
from lianqiao.workbooks.layout import Layout
from lianqiao.workbooks.lines import Line, Lines
from lianqiao.workbooks.marks import Merge, UnreadableError
from lianqiao.workbooks.rows import Row, Rows, letters
from lianqiao.workbooks.totals import Totals

NO_HEADER = "没有找到“{name}”的表头。请核对台账是否选对，或用模板重新填写。"
MACROS = "文件带有宏。宏没有运行，也不会收存；只读了单元格里的值。"

_DIGIT = re.compile(r"\d")
_PROBED = frozenset(["choice", "yesno", "date", "int", "money"])
_HEADING = 30
"""The longest heading that is looked for further down."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A row, or with row 0 a whole sheet, that is no data: title header blank subtotal section note hidden."""

    sheet: str
    row: int
    why: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A column that is none of the ledger's, and is skipped."""

    sheet: str
    cell: str
    heading: str


@dataclass
class Reading:
    """What a file says. `error` is set, and nothing else, where the file cannot be read at all.

    lines: how many there are in its sheets to the last filled one, a sheet that is ignored as a whole counted as one:
    as many as are accepted, refused or ignored. warnings: what does not hold of a sheet as a whole; they refuse nothing.
    """

    ledger: SheetForm
    lines: int = 0
    accepted: list[Row] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    error: str | None = None


def read(path: Path | str, ledger: SheetForm) -> Reading:
    """Reads a workbook. Errors in the data are values in the answer; OSError if there is no such file."""
    reading = Reading(ledger)
    seen: set[tuple[Any, ...]] = set()
    try:
        found = [_sheet(sheet, reading, seen) for sheet in sheets(Path(path))]
    except UnreadableError as error:
        return Reading(ledger, error=str(error))
    if not any(found):
        return Reading(ledger, error=NO_HEADER.format(name=ledger.name))
    if has_macros(Path(path)):
        reading.warnings.append(Problem(None, "macros", MACROS))
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


def _sheet(sheet: Sheet, reading: Reading, seen: set[tuple[Any, ...]]) -> bool:
    """Reads one sheet into `reading`. Returns whether it is a visible sheet with a header of the ledger."""
    if sheet.hidden:
        reading.lines += 1
        reading.ignored.append(Ignored(sheet.name, 0, "hidden"))
        return False
    opened = sheet.open()
    first = list(islice(opened.rows, layout.SEARCHED + 2))
    where = layout.find(first, reading.ledger, sheet.name, opened.merges)
    if where is None:
        reading.lines += 1
        reading.ignored.append(Ignored(sheet.name, 0, "note"))
        return False
    reader = _SheetReader(sheet.name, where, opened.merges, reading, seen)
    reader.read(chain(first, opened.rows))
    return True


class _SheetReader:
    """Goes down one sheet. Kept between lines: the layout, and the lines whose kind the next ones decide."""

    def __init__(
        self, name: str, where: Layout, merges: Sequence[Merge], reading: Reading, seen: set[tuple[Any, ...]]
    ) -> None:
        self.name, self.reading = name, reading
        self.words = layout.Vocabulary(reading.ledger)
        self.lines = Lines(merges, where.last)
        self.data = Rows(name, reading.ledger, seen)
        self.blank: list[int] = []
        self.single: list[int] = []
        self.titles: list[Sequence[Cell]] = []
        self.header: list[Sequence[Cell]] = []
        self.pending: list[Sequence[Cell]] = []
        self.data_words: set[str] = set()
        self.totals = Totals(name, len(reading.accepted))
        self.take(where)
        reading.unknown += [Unknown(name, f"{letters(i)}{where.last + 1}", told) for i, told in where.unknown]

    def take(self, where: Layout) -> None:
        """Reads on by this layout."""
        self.where = where
        self.data.take(where)
        self.ours = {placed.index for placed in where.placed if placed.column.field != "number"}
        self.dates = [placed.index for placed in where.placed if placed.column.kind == "date"]
        self.leads = {row[0] for row in (*where.titles, *where.headings)}
        required = [placed for placed in where.placed if placed.column.required]
        # Where a heading further down shows: a column of few different words, so that looking costs little.
        self.probe = next((p.index for p in required if p.column.kind in _PROBED), required[0].index)

    def read(self, rows: Iterator[Sequence[Cell]]) -> None:
        start, first, last = len(self.reading.ignored), self.where.first, self.where.last
        filled = last
        for number, row in enumerate(rows):
            if number > last:
                line = self.lines.line(number, row)
                filled = number if line.filled else filled
                self.below(line)
            elif number >= first:
                self.header.append(row)
                self.ignore(number, "header")
            else:
                self.titles.append(row)
                self.ignore(number, "title" if layout.texts(row) else "blank")
        self.decide(self.single, "note")
        self.reading.lines += filled + 1
        self.reading.warnings += self.totals.wrong(self.reading)
        self.reading.ignored[start:] = sorted(self.reading.ignored[start:], key=lambda ignored: ignored.row)

    def ignore(self, number: int, why: str) -> None:
        self.reading.ignored.append(Ignored(self.name, number + 1, why))

    def decide(self, numbers: list[int], why: str) -> None:
        """Now it is known what these lines were."""
        for number in numbers:
            self.ignore(number, why)
        numbers.clear()

    def below(self, line: Line) -> None:
        """One line below the header."""
        if not line.filled:
            self.blank.append(line.number)  # counts only if a filled one follows
            return
        self.decide(self.blank, "blank")
        why = self.kind(line)
        if why == "data":
            self.decide(self.single, "section")
            self.pending.clear()
            self.take_in(self.data.read(line))
        elif why == "single":
            self.single.append(line.number)  # a section if data follow, else a note
        else:
            self.ignore(line.number, why)
            if why == "subtotal":
                self.totals.declare(line, self.where, len(self.reading.accepted))
        self.remember(why, line.cells)

    def take_in(self, told: Row | list[Problem]) -> None:
        if isinstance(told, Row):
            self.reading.accepted.append(told)
        else:
            self.reading.refused += told

    def remember(self, why: str, row: Sequence[Cell]) -> None:
        """Lines that stand above a repeated header are its titles: they may name another unit or year."""
        if why in ("title", "single") or (why == "note" and layout.line_units([row])):
            self.pending = [*self.pending[-4:], row]

    def kind(self, line: Line) -> str:
        """What a filled line is: data, single, or the word it is ignored with. The first rule that fits counts."""
        if line.says_nothing(self.ours):
            return "blank"
        if repeated := self.repeated(line):
            return repeated
        in_words = line.in_words()
        if in_words and line.is_sum():
            return "subtotal"
        if in_words and line.is_note():
            return "note"
        if line.is_single():
            return "single"
        if in_words and line.is_section(self.dates):
            return "section"
        return "header" if self.is_other_header(line) else "data"

    def repeated(self, line: Line) -> str | None:
        """header or title, if the line repeats one."""
        if layout.shown(line.lead) not in self.leads:
            return None
        shown = layout.texts(line.cells)
        if shown in self.where.headings:
            if self.pending:
                self.lay_out(self.header)
            return "header"
        return "title" if shown in self.where.titles else None

    def is_other_header(self, line: Line) -> bool:
        """Whether the line is a header again, with other words or in another order; then it holds from here on."""
        cell = line.at(self.probe)
        if not isinstance(cell, str) or cell in self.data_words or len(cell) > _HEADING or _DIGIT.search(cell):
            return False
        if self.words.knows(layout.normal(cell)):
            return self.lay_out([line.cells])
        self.data_words.add(cell)
        return False

    def lay_out(self, header: list[Sequence[Cell]]) -> bool:
        """Takes the layout of a header further down, if it is one. The lines just above it say the unit and the year,
        or else those at the top do."""
        lines = self.pending if layout.line_units(self.pending) else [*self.titles, *self.pending]
        found = layout.find([*lines[2 - layout.SEARCHED :], *header], self.reading.ledger, self.name, ())
        if found is None:
            return False
        year = layout.title_year(self.pending) or self.where.year
        self.pending = []
        self.take(replace(found, year=year, titles=self.where.titles | found.titles))
        return True
