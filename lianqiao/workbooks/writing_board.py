"""A node's targets as a workbook: target, figure, rate and state, with the pace, last month and last year beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from lianqiao.agreements.targets import STATES, Attainment
from lianqiao.journal.figures import Known, half_up
from lianqiao.places.models import Node
from lianqiao.workbooks.writing import FIRST, HEADER, MISSING, Book, Cell, Notes, lay_out, new_book, number, put_row
from lianqiao.workbooks.writing_figures import marks

COLUMNS = (
    ("板块", 12), ("指标", 24), ("单位", 7), ("目标值", 16), ("实际", 16), ("完成率(%)", 11), ("较时序(点)", 11), ("状态", 8),
    ("上月末", 16), ("上年同期", 16), ("今日再看", 16), ("记号", 18), ("目标出自", 32), ("变更说明", 24), ("口径", 60), ("代码", 28),
)  # fmt: skip
TOLD = (
    "目标值是那天生效的；有变更的，变更说明写在后面。实际是这一年到那天的数，按那天终了所知；今日再看是同一个数今天的样子。",
    "时序是这一年已过的日子占全年的份额。较时序五个百分点以上为超前，慢五点以上为偏慢，慢十五点以上为落后；完成率满一百为完成，满一百五十为超额。",
    "“—”是从没有记录，0 是记过而为零。",
)


@dataclass(frozen=True)
class Sheet:
    """Whose targets, of which year, on which day, and what was known."""

    node: Node
    year: int
    day: date
    known: Known


@dataclass(frozen=True)
class Line:
    """A target with what stands beside it, in the measure's smallest unit. now: today's figure where a past day is shown."""

    attainment: Attainment
    last_month: int | None
    last_year: int | None
    now: int | None


def board_book(path: Path, of: Sheet, lines: Sequence[Line]) -> None:
    """Writes the scoreboard to `path`. Raises DoesNotFit."""
    name = f"{of.year}年度目标"
    with new_book(path, name) as book:
        sheet = book.sheet(name, f"事务 #{of.known.number}")
        line = (str(of.node), f"截至 {of.day}", f"按事务 #{of.known.number} 所知")
        lay_out(book, sheet, name, line, COLUMNS)
        for row, one in enumerate(lines, FIRST):
            write_line(book, sheet, row, one)
        sheet.autofilter(HEADER, 0, HEADER + len(lines), len(COLUMNS) - 1)
        explain(Notes(book), of)


def write_line(book: Book, sheet: Any, row: int, line: Line) -> None:
    one = line.attainment
    measure, promise = one.promise.measure, one.promise
    of = measure.unit
    amount = "money" if of.decimals else "int"
    cells: list[tuple[Cell, str]] = [
        (measure.group, "text"), (measure.name, "text"), (of.name, "choice"), (number(promise.quantity, of), amount),
        (number(one.figure.value, of), amount), (points(one.rate), "money"), (points(one.gap), "money"),
        (STATES[one.state], "choice"), (number(line.last_month, of), amount), (number(line.last_year, of), amount),
        ("" if line.now is None else number(line.now, of), amount), (marks(one.figure), "text"),
        (promise.agreement, "text"), (promise.amends, "text"), (measure.definition, "text"), (measure.code, "text"),
    ]  # fmt: skip
    put_row(book, sheet, row, cells, COLUMNS)


def points(value: Fraction | None) -> Cell:
    """Percent, or percentage points, to one decimal."""
    return MISSING if value is None else Decimal(half_up(value * 10)).scaleb(-1)


def explain(paper: Notes, of: Sheet) -> None:
    """The sheet 说明: whose targets these are and when, and how the figures can be checked."""
    paper.title("目标说明")
    paper.line(f"结对关系：{of.node}（及其下级）")
    paper.line(f"年度：{of.year}，截至 {of.day}")
    paper.line(f"所知时间：事务 #{of.known.number}")
    paper.proof(of.known.number, of.known.hash)
    paper.line("")
    for sentence in TOLD:
        paper.line(sentence)
