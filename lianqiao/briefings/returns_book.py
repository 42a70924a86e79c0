"""A return as a workbook: its figures as they were sealed; sums, changes and rates as formulas over them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lianqiao.briefings.models import Question, Return
from lianqiao.briefings.returns_lines import Line, lines_of
from lianqiao.journal import clock
from lianqiao.journal.figures import known_at
from lianqiao.journal.measures import MEASURES, Measure
from lianqiao.workbooks.writing import FIRST, LINES, MISSING, Book, Notes, in_units, lay_out, new_book, put

HEADS = (
    ("领域", 11), ("指标", 30), ("单位", 7), ("本期", 15), ("上期", 15), ("较上期", 15), ("上年同期", 15), ("较上年", 15),
    ("本年累计", 15), ("年度目标", 15), ("完成率", 9), ("累计", 17),
)  # fmt: skip
# Column of the sheet → what of a line stands in it.
VALUES = {3: "now", 4: "last", 6: "last_year", 8: "year", 9: "target", 11: "ever"}
CHANGES = {5: (3, 4), 7: (3, 6)}
RATE = 10
SUMMED = {column: name for column, name in VALUES.items() if name != "target"}
LETTERS, UNIT = "ABCDEFGHIJKL", 2


@dataclass(frozen=True)
class Sheet:
    """The sheet of a return being written: the lines by their measures, and the row of each."""

    book: Book
    sheet: Any
    lines: dict[str, Line]

    @property
    def rows(self) -> dict[str, int]:
        return {code: row for row, code in enumerate(self.lines, FIRST)}

    def parts(self, line: Line) -> list[int]:
        """The rows of the parts that add up to a sum in every column; none where it has none, or 期初数 without detail."""
        measure = line.measure
        below = measure.children() if isinstance(measure, Measure) else []
        parts = [self.lines[m.code] for m in below if m.relation == "part" and m.code in self.lines]
        whole = all(amount(line, name) == sum(amount(part, name) for part in parts) for name in SUMMED.values())
        return [self.rows[part.measure.code] for part in parts] if whole else []


def amount(line: Line, name: str) -> int:
    return getattr(line, name) or 0


def write_book(path: Path, one: Return) -> None:
    """Writes a version of a return to `path`. Raises DoesNotFit."""
    with new_book(path, str(one)) as book:
        made = Sheet(
            book, book.sheet(one.title, f"事务 #{one.transaction}"), {li.measure.code: li for li in lines_of(one)}
        )
        line = (
            str(one.node),
            one.period.describe(),
            f"第{one.version}版，按事务 #{one.transaction} 所知，金额单位：元",
        )
        lay_out(book, made.sheet, one.title, line, HEADS)
        for row, found in enumerate(made.lines.values(), FIRST):
            write_line(made, row, found)
        explain(Notes(book), one)


def write_line(made: Sheet, row: int, line: Line) -> None:
    measure, book = line.measure, made.book
    inward = len(list(measure.ancestors())) if isinstance(measure, Measure) else 0
    for column, text in enumerate((measure.group, f"{'　' * inward}{measure.name}", measure.unit.name)):
        put(made.sheet, (row, column), text, book.cell("choice" if column == UNIT else "text"))
    form = book.cell("money" if measure.unit.decimals else "int")
    parts = made.parts(line)
    for column, name in VALUES.items():
        value = in_units(getattr(line, name), measure.unit)
        if column in SUMMED and parts and value is not None:
            cells = "+".join(f"{LETTERS[column]}{part + 1}" for part in parts)
            made.sheet.write_formula(row, column, f"={cells}", form, value)
        else:
            put(made.sheet, (row, column), MISSING if value is None and column in SUMMED else value, form)
    for column, of in CHANGES.items():
        write_change(made.sheet, (row, column), line, of, form)
    write_rate(made, row, line)


def write_change(sheet: Any, at: tuple[int, int], line: Line, of: tuple[int, int], form: Any) -> None:
    """The difference of two columns of the row, where both hold something."""
    new, old = (getattr(line, VALUES[column]) for column in of)
    if new is None or old is None:
        put(sheet, at, MISSING, form)
        return
    row, value = at[0] + 1, in_units(new - old, line.measure.unit)
    sheet.write_formula(*at, f"={LETTERS[of[0]]}{row}-{LETTERS[of[1]]}{row}", form, value)


def write_rate(made: Sheet, row: int, line: Line) -> None:
    """How much of its target the year has reached."""
    form = made.book.format(num_format="0.0%", border=1, border_color=LINES, align="right", indent=1)
    if line.target:
        value = Decimal(line.year or 0) / Decimal(line.target)
        made.sheet.write_formula(row, RATE, f"=I{row + 1}/J{row + 1}", form, value)
    else:
        put(made.sheet, (row, RATE), None, form)


def explain(paper: Notes, one: Return) -> None:
    """The sheet 说明: of what and when, the office's words, and each question with its answer."""
    recorded = known_at(one.transaction).recorded_at
    paper.title(f"{one.node} {one.title} 第{one.version}版")
    paper.line(f"所知时间：事务 #{one.transaction}，记于 {clock.told(recorded)}（北京时间）")
    paper.proof(one.transaction, one.hash)
    paper.line("合计、较上期、较上年、完成率是公式；其余是封存的数，与账本按这一笔事务重算一致。“—”是从没有记录。")
    if one.why:
        paper.line(f"更正缘由：{one.why}")
    if one.words:
        paper.title("情况说明")
        for text in one.words.splitlines():
            paper.line(text)
    asked = list(one.questions.all())
    if asked:
        paper.title("问题与说明")
        told = [(measure_name(q), q.get_kind_display(), "", q.text, q.answer) for q in asked]
        paper.table(("指标", "类别", "", "问题", "说明"), told)


def measure_name(asked: Question) -> str:
    found = MEASURES.get(asked.measure)
    return found.name if found else ""
