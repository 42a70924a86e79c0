"""The annex 数据依据表: every number of a document with its definition, both times, its entries and the chain's hash."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from lianqiao.briefings import naming, paper, proof
from lianqiao.briefings.book import About
from lianqiao.briefings.values import Field
from lianqiao.claims.tagged import GROWTH, IDLE, RATE, SHORT, TARGET
from lianqiao.core.periods import Period
from lianqiao.journal.clock import SHANGHAI
from lianqiao.journal.figures import Known
from lianqiao.journal.measures import Ratio

PLACE = qn("w:annex")
"""Stands for a moment where a template writes {{ 数据依据表() }}."""

TITLE = "数据依据表"
HEADS = ("序号", "文中", "指标与口径", "业务时间", "条数")
WIDTHS = (11, 25, 66, 38, 16)
MADE = {
    GROWTH: "与上年同期相比", TARGET: "协议所定", RATE: "完成数÷目标，不封顶", SHORT: "目标减完成数", IDLE: "一年前已到账而至今未支付",
}  # fmt: skip
Numbers = Sequence[tuple[Field, str]]


def append(document: Document, about: About, numbers: Numbers) -> None:
    """The annex on a page of its own at the end."""
    paper.add_styles(document)
    paper.new_page(document, "公文附件", "附")
    paper.say(document, "公文标题", TITLE)
    body(document, about, numbers)


def put(document: Document, place: Any, about: About, numbers: Numbers) -> None:
    """The annex where the template has its mark, in place of that paragraph."""
    paper.add_styles(document)
    paragraph = next(place.iterancestors(qn("w:p")))
    before = len(document.element.body)
    body(document, about, numbers)
    made = [e for e in list(document.element.body)[before - 1 :] if e.tag != qn("w:sectPr")]
    for element in made:
        paragraph.addprevious(element)
    paragraph.getparent().remove(paragraph)


def body(document: Document, about: About, numbers: Numbers) -> None:
    heading = paper.say(document, "公文题注", f"{about.node}　{about.period.describe()}　按{known_told(about.known)}")
    hush(heading.runs[0]._r)
    figures = unique(numbers)
    rows = [row(at, fields) for at, (_, fields) in enumerate(figures, 1)]
    drawn = paper.table(document, HEADS, rows, WIDTHS, "cclcr", small=True)
    lines = drawn._tbl.xpath("./w:tr")[1:]
    for line, (texts, fields) in zip(lines, figures, strict=True):
        carry(line.findall(qn("w:tc"))[1], texts, fields)
    merge([line.findall(qn("w:tc"))[2] for line in lines], [explained for _, _, explained, _, _ in rows])
    for run in drawn._tbl.xpath("./w:tr/w:tc[position() > 2]/w:p/w:r"):
        hush(run)
    for line in notes(about, numbers):
        hush(paper.say(document, "公文附注", line).runs[0]._r)


def unique(numbers: Numbers) -> list[tuple[list[str], list[Field]]]:
    """Each figure once, with all that is written of it (itself, its target, its rate); those of a measure together."""
    found: dict[str, dict[tuple[str, Period], tuple[list[str], list[Field]]]] = {}
    for number, told in numbers:
        mine = found.setdefault(number.measure.code, {})
        texts, fields = mine.setdefault((number.node.number, number.period), ([], []))
        if told not in texts:
            texts.append(told)
            fields.append(number)
    return [figure for mine in found.values() for figure in mine.values()]


def merge(cells: Sequence[Any], texts: Sequence[str]) -> None:
    """Cells of a column that say the same as those above them go on from there."""
    for at, cell in enumerate(cells):
        again = at > 0 and texts[at] == texts[at - 1]
        if again or (at + 1 < len(cells) and texts[at] == texts[at + 1]):
            merged = OxmlElement("w:vMerge")
            merged.set(qn("w:val"), "continue" if again else "restart")
            cell.get_or_add_tcPr().insert_element_before(merged, "w:tcBorders", "w:shd", "w:vAlign")
        if again:
            for run in list(cell.iter(qn("w:r"))):
                run.getparent().remove(run)


def hush(run: Any) -> None:
    """What explains a figure claims nothing itself."""
    parent, at = run.getparent(), run.getparent().index(run)
    parent.insert(at, proof.quiet(run))


def carry(cell: Any, texts: Sequence[str], fields: Sequence[Field]) -> None:
    """Writes the numbers into their cell, a line each, each with its figure."""
    (paragraph,) = cell.findall(qn("w:p"))
    for text, field in zip(texts, fields, strict=True):
        line = deepcopy(paragraph)
        run = line.find(qn("w:r"))
        run.find(qn("w:t")).text = text
        line.append(proof.control(field, run))
        paragraph.addprevious(line)
    cell.remove(paragraph)


def row(at: int, fields: Sequence[Field]) -> list[str]:
    number = fields[0]
    measure, figure = number.measure, number.figure
    where = "" if number.node == number.book.about.node else f"（{number.node}）"
    made = "".join(f"{op}为{MADE[op]}。" for op in dict.fromkeys(field.op for field in fields) if op)
    ever = measure.cumulative if isinstance(measure, Ratio) else measure.stock
    period = Period.cumulative(number.period.until) if ever else number.period
    bare = "，含无明细" if figure.bare else ""
    meaning = f"{naming.field_of()[measure.code]}{where}。{measure.definition}{measure.excludes}{made}"
    return [str(at), "—", meaning, days(period), f"{figure.entries}{bare}"]


def days(period: Period) -> str:
    """A period in two short lines' worth of figures."""
    return f"{period.start or '结对'}至{period.until}"


def notes(about: About, numbers: Numbers) -> list[str]:
    known = about.known
    told = [
        f"注：1. 各数均按第{known.number}号事务所知，该事务的校验码（SHA-256）为{known.hash}。",
        "2. 条数是数字背后的台账行数；比率为分子、分母两方的行数。业务时间只计发生在其间的事；存量为截止日的在册数。",
        "3. 正文的数字在 Word 文件里各带标识，用“lianqiao check 文件名”可再核对，列出更正。",
    ]
    if any(number.figure.bare for number, _ in numbers):
        told.append("4. “含无明细”者有期初数，早年只有总数、没有逐行台账。")
    return told


def known_told(known: Known) -> str:
    at = known.recorded_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if known.recorded_at else "账本开始之前"
    return f"第{known.number}号事务（{at}）"
