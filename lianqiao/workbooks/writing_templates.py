"""Empty forms: for each ledger a sheet to be filled in, and beside them what each column and each figure means."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lianqiao.journal.measures import MEASURES, Measure, Ratio
from lianqiao.ledger.models import Entry
from lianqiao.places.models import Node
from lianqiao.places.tree import Names
from lianqiao.workbooks.feeding import fed_by, relation
from lianqiao.workbooks.writing import (
    FEW_NODES,
    FIRST,
    FORM_HEIGHT,
    FORM_ROWS,
    KINDS,
    Book,
    Form,
    Notes,
    columns,
    head,
    heading,
    look_of,
    money_unit,
    new_book,
    node_name,
    note,
    put,
    words_sheet,
)

LAST_COLUMN = 16_383
HOW = (
    "标红星的列必填。一行一件事，从表头下第一行填起，中间不要空列、不要合并单元格；表头已锁定，不要改动，行数不限。",
    "日期写年月日，如 2021-10-12；金额以元填；选项从下拉里选。填不准的宁可空着，不要写“约”“左右”。",
    "“佐证材料”写文件名，文件放在工作簿旁的“佐证材料”文件夹里，导入时一同收进来。",
    "填好后先查不写：lianqiao import {code} 文件 --dry-run；再录入。退回的行会带着原因回来。",
)
PROTECTED = {
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "delete_rows": True,
    "sort": True,
    "autofilter": True,
}


def template(path: Path, models: Sequence[type[Entry]], nodes: Sequence[Node] = ()) -> None:
    """Writes an empty form for these ledgers, a sheet each, to `path`. nodes: the pairings that may be chosen."""
    names = Names()
    words = sorted({node_name(node, names) for node in nodes}) if len(nodes) <= FEW_NODES else []
    with new_book(path, "、".join(model.ledger.name for model in models)) as book:
        for model in models:
            form_sheet(book, model, len(words))
        explained = Notes(book)
        for model in models:
            explain(explained, model)
        if words:
            words_sheet(book, words)


def form_sheet(book: Book, model: type[Entry], nodes: int) -> None:
    """The form of one ledger. Headings are locked, without a password; everything below them is not."""
    shown = columns(model)
    sheet = book.sheet(model.ledger.name)
    line = ("填报单位：", "填报日期：", money_unit(shown))
    head(book, sheet, Form(model, shown, line, nodes, to_fill=True))
    sheet.freeze_panes(FIRST, 0)
    for row in range(FIRST, FIRST + FORM_ROWS):
        sheet.set_row(row, FORM_HEIGHT)
        for index, column in enumerate(shown):
            put(sheet, (row, index), None, book.cell(look_of(column)))
    sheet.set_column(len(shown), LAST_COLUMN, None, book.format(locked=False))  # else no row could be deleted
    sheet.protect("", PROTECTED)


def explain(paper: Notes, model: type[Entry]) -> None:
    """How the ledger is filled in, what its columns mean and which figures follow from it."""
    paper.title(f"{model.ledger.name}　填表说明")
    for sentence in HOW:
        paper.line(sentence.format(code=model.ledger.code))
    rows = []
    for column in columns(model):
        meaning, example = note(model, column)
        required = "必填" if column.required else ""
        rows.append((heading(column), required, KINDS[look_of(column)], meaning, example))
    paper.line("")
    paper.table(("列", "", "类型", "填什么", "例"), rows)
    paper.line("")
    explain_measures(paper, model)


def explain_measures(paper: Notes, model: type[Entry]) -> None:
    """The measures that the ledger feeds, with their definitions (口径)."""
    by_row = any(column.field == "measure" for column in columns(model))
    measures: Sequence[Measure | Ratio] = list(MEASURES.values()) if by_row else fed_by(model)
    if not measures:
        paper.line("本台账不直接计入指标。", bold=True)
        return
    paper.line("“指标”列可填的指标" if by_row else "本台账计入的指标", bold=True)
    paper.table(("指标", "代码", "单位", "口径", "不包括；关系"), [measure_line(measure) for measure in measures])


def measure_line(measure: Measure | Ratio) -> tuple[str, str, str, str, str]:
    above = relation(measure) if isinstance(measure, Measure) else ""
    beside = "；".join(part for part in (measure.excludes.rstrip("。"), above) if part)
    return measure.name, measure.code, measure.unit.name, measure.definition, beside
