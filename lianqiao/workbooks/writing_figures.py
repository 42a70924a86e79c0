"""Figures as a workbook: each with its definition, unit, scope, both times, its entries, and the journal's hash."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from lianqiao.core.units import shown
from lianqiao.journal import clock
from lianqiao.journal.figures import Figure
from lianqiao.workbooks.writing import FIRST, HEADER, Book, Cell, Notes, grow, new_book, put, top

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
        for index, (_, width) in enumerate(COLUMNS):
            sheet.set_column(index, index, width)
        nodes = "、".join(str(node) for node in first.nodes)
        line = (nodes, first.period.describe(), f"按事务 #{first.known.number} 所知")
        top(book, sheet, NAME, line, len(COLUMNS) - 1)
        for index, (name, _) in enumerate(COLUMNS):
            put(sheet, (HEADER, index), name, book.heading())
        for row, figure in enumerate(found, FIRST):
            write_figure(book, sheet, row, figure)
        sheet.freeze_panes(FIRST, 2)
        sheet.autofilter(HEADER, 0, HEADER + len(found), len(COLUMNS) - 1)
        explain(Notes(book), found)


def write_figure(book: Book, sheet: Any, row: int, figure: Figure) -> None:
    measure = figure.measure
    values: list[Cell] = [
        measure.group, measure.name, number(figure), measure.unit.name, figure.entries, marks(figure), measure.definition,
        measure.excludes, measure.code,
    ]  # fmt: skip
    grow(sheet, row, values, [width for _, width in COLUMNS])
    amount = "money" if measure.unit.decimals else "int"
    looks = ["text", "text", amount, "choice", "int", *["text"] * 4]
    for index, (value, look) in enumerate(zip(values, looks, strict=True)):
        put(sheet, (row, index), value, book.cell(look))


def number(figure: Figure) -> Cell:
    """The value in its unit, or — where nothing was ever posted."""
    if figure.value is None:
        return "—"
    return Decimal(figure.value).scaleb(-figure.measure.unit.decimals)


def explain(paper: Notes, found: Sequence[Figure]) -> None:
    """The sheet 说明: of what and when these figures are, and how they can be checked."""
    first = found[0]
    known = first.known
    at = known.recorded_at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if known.recorded_at else "—"
    paper.title("数字说明")
    paper.line(f"结对关系：{'、'.join(str(node) for node in first.nodes)}（及其下级）")
    paper.line(f"业务时间：{first.period.describe()}")
    paper.line(f"所知时间：事务 #{known.number}，记于 {at}（北京时间）")
    paper.line(f"散列：{known.hash}（核对：lianqiao verify --head {known.number}:{known.hash}）")
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
