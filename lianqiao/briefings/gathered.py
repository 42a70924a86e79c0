"""What one rendering gathers: numbers and pictures in the order of their marks, and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lianqiao.briefings.book import Book
from lianqiao.briefings.rows import Amount, TooMuch
from lianqiao.briefings.style import MISSING, written
from lianqiao.briefings.values import (
    Field,
)
from lianqiao.charts.drawing import Picture

TURNS = 20_000
"""How often a template may repeat anything, all its loops together."""

OPEN, BETWEEN, CLOSE = "\ue0f0", "\ue0f1", "\ue0f2"
"""Private characters around a number or drawing in the rendered text; filling.py makes controls and pictures of them."""

MARKS = re.compile(f"[{OPEN}{BETWEEN}{CLOSE}\x00-\x08\x0b-\x1f]")


@dataclass(frozen=True)
class Problem:
    """What is wrong in a template, and where: the text of the paragraph or cell (filling.py finds which one that is)."""

    what: str
    text: str
    where: str = ""

    def __str__(self) -> str:
        place = f"{self.where}“{self.text}”：" if self.text else ""
        return f"{place}{self.what}"


class Annex:
    """Where the annex of figures is to stand."""


@dataclass
class Paper:
    """What one rendering gathers: numbers and pictures in the order of their marks, and problems."""

    book: Book
    words: Mapping[str, str]
    written: list[tuple[Field, str]] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    annexed: bool = False
    turns: int = 0
    source: str = ""

    def line(self, number: int) -> str:
        """The text of a line of the source: docxtpl gives every paragraph one."""
        lines = self.source.splitlines()
        held = lines[number - 1] if 0 < number <= len(lines) else ""
        return re.sub(r"\s+", " ", re.sub(r"<[^<>]*>", "", held)).strip()[:120]

    def note(self, what: str, number: int) -> None:
        problem = Problem(what, self.line(number))
        if problem not in self.problems:
            self.problems.append(problem)

    def turn(self) -> None:
        self.turns += 1
        if self.turns > TURNS:
            raise TooMuch(f"模板里的循环超过 {TURNS:,} 次。")


def write(paper: Paper, value: Any, line: int) -> str:
    """A value as the document has it; numbers between marks, so that they can be given their proof."""
    if isinstance(value, Field):
        told = value.written()
        if told is None:
            if not value.or_dash:
                when = value.period.describe()
                paper.note(
                    f"“{value.measure.name}{value.op}”（{value.node}，{when}）没有记录。写“|可缺”则以“—”代之。", line
                )
            return MISSING
        paper.written.append((value, told))
        return f"{OPEN}{len(paper.written) - 1}{BETWEEN}{told}{CLOSE}"
    if isinstance(value, Picture):
        paper.pictures.append(value)
        return f"{OPEN}p{len(paper.pictures) - 1}{BETWEEN}{CLOSE}"
    if isinstance(value, Annex):
        paper.annexed = True
        return f"{OPEN}annex{BETWEEN}{CLOSE}"
    if isinstance(value, Amount):
        return written(value.value, value.unit, value.style)
    if isinstance(value, date):
        return value.isoformat()
    if value is None:
        return ""
    if isinstance(value, str | int) and not isinstance(value, bool):
        return MARKS.sub("", str(value)).replace("\n", "；") if isinstance(value, str) else str(value)
    paper.note("这里写不出一个值：列表要用 for 逐行写，条件要用 if。", line)
    return ""
