"""Figures as a workbook: each with its definition, unit, scope, both times, its entries, and the journal's hash."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lianqiao.core.units import shown
from lianqiao.journal import clock
from lianqiao.journal.figures import Figure
from lianqiao.workbooks.writing import FIRST, HEADER, Book, Cell, Notes, lay_out, new_book, number, put_row

NAME = "协作指标"
COLUMNS = (
    ("领域", 12), ("指标", 24), ("数值", 18), ("单位", 7), ("行数", 8), ("记号", 18), ("口径", 60), ("不包括", 32), ("代码", 28),
)  # fmt: skip
TIMES = (
    "业务时间：只计发生在这段时间里的事。不写起始日即结对以来的累计；存量和累计口径的比率不看起始日。",
    "所知时间：只计这一笔事务为止已经记账的。同一个数以后补录或更正，按这里的事务号还能算出原样。",
    "“—”是从没有记录，0 是记过而为零。“无明细”是期初数，只有总数没有逐行；去重的指标里期初数未去重。",
)


def figures_book(path: Path, found: Sequence[Figure]) -> None:
    """Writes figures of one scope and one moment to `path`. Raises RowsLost, DoesNotFit."""
    first = found[0]
    with new_book(path, NAME) as book:
        sheet = book.sheet(NAME, f"事务 #{first.known.number}")
        nodes = "、".join(str(node) for node in first.nodes)
        line = (nodes, first.period.describe(), f"按事务 #{first.known.number} 所知")
        lay_out(book, sheet, NAME, line, COLUMNS)
        for row, figure in enumerate(found, FIRST):
            write_figure(book, sheet, row, figure)
        sheet.autofilter(HEADER, 0, HEADER + len(found), len(COLUMNS) - 1)
        explain(Notes(book), found)


def write_figure(book: Book, sheet: Any, row: int, figure: Figure) -> None:
    measure = figure.measure
    of = measure.unit
    cells: list[tuple[Cell, str]] = [
        (measure.group, "text"), (measure.name, "text"), (number(figure.value, of), "money" if of.decimals else "int"),
        (of.name, "choice"), (figure.entries, "int"), (marks(figure), "text"), (measure.definition, "text"),
        (measure.excludes, "text"), (measure.code, "text"),
    ]  # fmt: skip
    put_row(book, sheet, row, cells, COLUMNS)


def explain(paper: Notes, found: Sequence[Figure]) -> None:
    """The sheet 说明: of what and when these figures are, and how they can be checked."""
    first = found[0]
    known = first.known
    paper.title("数字说明")
    paper.line(f"结对关系：{'、'.join(str(node) for node in first.nodes)}（及其下级）")
    paper.line(f"业务时间：{first.period.describe()}")
    paper.line(f"所知时间：事务 #{known.number}，记于 {clock.told(known.recorded_at)}（北京时间）")
    paper.proof(known.number, known.hash)
    paper.line(f"数字：{len(found)} 个")
    paper.line("")
    for sentence in TIMES:
        paper.line(sentence)


def marks(figure: Figure) -> str:
    """无明细 and 未去重, where part of a figure has no rows behind it; 关账后, where it moved after it was closed."""
    told = []
    if figure.bare:
        without = f"无明细 {shown(figure.bare, figure.measure.unit)}"
        told.append(f"{without}，未去重" if getattr(figure.measure, "distinct", "") else without)
    if figure.late:
        told.append(f"关账后改动 {figure.late} 条")
    return "；".join(told)
