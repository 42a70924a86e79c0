"""One line of a sheet: its cells, what merged cells reach into it, and what kind of line it can be."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from lianqiao.workbooks.cells import is_blank, spaceless, trimmed
from lianqiao.workbooks.files import Cell
from lianqiao.workbooks.marks import Merge

_SUM = re.compile(r"(?:小计|合计|总计|共计|累计).*|.*(?:小计|合计|总计|共计|累计):?", re.DOTALL)
_NOTE = re.compile(r"(?:注|备注|说明)\d*:|填表|填报|制表|审核|复核|单位负责人")
_NUMERAL = "[一二三四五六七八九十百]+"
_SECTION = re.compile(rf"{_NUMERAL}[、.,]|\({_NUMERAL}\)|第{_NUMERAL}")
_SECTION_NUMBER = re.compile(rf"{_NUMERAL}[、.,]?|\({_NUMERAL}\)|第{_NUMERAL}\w?")
_SERIAL = re.compile(r"\(?\d+(?:\.\d+)?\)?[.、]?", re.ASCII)


@dataclass(slots=True)
class Line:
    """A row of a sheet, `number` counted from 0. `merged`: the values of the cells merged over several rows that reach
    into it. `filled`: the columns that hold anything, beginning with the first that holds more than white space."""

    number: int
    cells: Sequence[Cell]
    merged: Mapping[int, Cell]
    filled: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.filled = [index for index, cell in enumerate(self.cells) if cell is not None and cell != ""]
        while self.filled and is_space(self.cells[self.filled[0]]):
            self.filled.pop(0)

    def at(self, index: int) -> Cell:
        """The cell in a column; one merged over several rows counts for each of them."""
        if index in self.merged:
            return self.merged[index]
        return self.cells[index] if index < len(self.cells) else None

    @property
    def lead(self) -> Cell:
        """The leftmost filled cell."""
        return self.cells[self.filled[0]]

    def in_words(self) -> bool:
        """Whether it begins with other than a date, a number or a code: only then it can be a sum, a note or a section."""
        return not spaceless(self.lead).isascii()

    def is_sum(self) -> bool:
        return _SUM.fullmatch(spaceless(self.lead)) is not None

    def is_note(self) -> bool:
        return _NOTE.match(spaceless(self.lead)) is not None

    def is_single(self) -> bool:
        """Whether one cell alone is filled."""
        carried = (value for index, value in self.merged.items() if index not in self.filled)
        return all(is_space(self.cells[index]) for index in self.filled[1:]) and all(map(is_blank, carried))

    def is_section(self, dates: Iterable[int]) -> bool:
        """一、2020年项目, even with sums, or 一 beside one text; but with a date in one of the columns it is data."""
        if not all(is_blank(self.at(index)) for index in dates):
            return False
        lead = spaceless(self.lead)
        if _SECTION.match(lead):
            return True
        others = (self.cells[index] for index in self.filled[1:])
        names = [cell for cell in others if isinstance(cell, str) and not is_space(cell) and not _is_serial(cell)]
        return _SECTION_NUMBER.fullmatch(lead) is not None and len(names) == 1

    def says_nothing(self, ours: Collection[int]) -> bool:
        """Whether there are only dashes, and numbers or broken formulas outside our columns (a pre-filled 序号)."""
        for index in self.filled:
            cell = self.cells[index]
            if isinstance(cell, str) and (is_blank(cell) or (index not in ours and _is_serial(cell))):
                continue
            if index in ours or isinstance(cell, str | date | bool):
                return False
        return True


class Lines:
    """Makes lines of rows, carrying the cells merged over several rows down. `below`: the last row of the header."""

    def __init__(self, merges: Iterable[Merge], below: int) -> None:
        self._starts: dict[int, list[tuple[int, int]]] = {}
        for (first, column), (last, _) in merges:
            if first > below and last > first:
                self._starts.setdefault(first, []).append((column, last))
        self._open: dict[int, tuple[int, Cell]] = {}

    def line(self, number: int, cells: Sequence[Cell]) -> Line:
        """The next row as a line. Every row below the header must be given, in order."""
        if not self._starts:
            return Line(number, cells, {})
        self._open = {column: held for column, held in self._open.items() if held[0] >= number}
        for column, last in self._starts.get(number, ()):
            self._open[column] = (last, cells[column] if column < len(cells) else None)
        return Line(number, cells, {column: value for column, (_, value) in self._open.items()})


def is_space(cell: Cell) -> bool:
    """Whether a cell holds white space and nothing else."""
    return isinstance(cell, str) and not trimmed(cell)


def _is_serial(cell: str) -> bool:
    return _SERIAL.fullmatch(spaceless(cell)) is not None
