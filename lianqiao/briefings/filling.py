"""Writes a document: a Word template filled with figures, each number in a content control that carries its figure."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from html import unescape
from types import TracebackType
from typing import Any

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docxtpl import DocxTemplate  # type: ignore[import-untyped]
from jinja2.exceptions import TemplateError

from lianqiao.briefings import annex, pictured, proof
from lianqiao.briefings.book import About, Book
from lianqiao.briefings.gathered import BETWEEN, CLOSE, OPEN, Paper, Problem
from lianqiao.briefings.language import Language
from lianqiao.briefings.rows import TooMuch
from lianqiao.briefings.values import Field, NotSo
from lianqiao.briefings.words import spans_in, wanted
from lianqiao.charts.pictures import png
from lianqiao.claims.documents import DAMAGED

LARGEST, UNPACKED, PARTS = 5_000_000, 20_000_000, 500
"""Bytes of a template, bytes of what it unpacks to, and files in it."""

XML = "{http://www.w3.org/XML/1998/namespace}space"
MARK = re.compile(f"{OPEN}(annex|p?\\d+){BETWEEN}([^{CLOSE}]*){CLOSE}")
PLACES = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")
CODE_FILES = ("vbaProject", ".bin", "activeX", "embeddings/")


class NotWritten(ValueError):
    """The template cannot be written out: what is wrong, and where, all of it at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Filled:
    """A finished Word document, and the numbers in it with their texts, in order."""

    docx: bytes
    numbers: tuple[tuple[Field, str], ...]


def fill(template: bytes, about: About, words: Mapping[str, str] | None = None) -> Filled:
    """Fills a template of the user's. words: what people wrote for its 文(…). Raises NotWritten."""
    guard(template)
    source = text_of(template)
    paper = Paper(Book(about, wanted(source), spans_in(source)), dict(words or {}))
    made = run(template, paper)
    if paper.problems:
        raise NotWritten(placed(template, paper.problems))
    pictures = png(paper.pictures)
    drawn = list(zip(paper.pictures, pictures, strict=True))
    for part in parts(made):
        Finisher(part, paper, drawn, made).finish()
    if not paper.annexed:
        annex.append(made, about, paper.written)
    held = io.BytesIO()
    made.save(held)
    return Filled(held.getvalue(), tuple(paper.written))


def run(template: bytes, paper: Paper) -> Document:
    """Runs the template; what goes wrong in it is noted on the paper."""
    written = DocxTemplate(io.BytesIO(template))
    try:
        written.render({}, Language(paper), autoescape=True)
    except (NotSo, TooMuch) as error:
        paper.note(str(error), line_of(error.__traceback__))
    except (TemplateError, TypeError, ValueError, KeyError, RecursionError, OpcError, SyntaxError) as error:
        if not paper.problems:
            paper.note("模板这一处写不出来，检查花括号里的写法。", line_of(error.__traceback__))
    made: Document = written.docx
    return made


def line_of(trace: TracebackType | None) -> int:
    """The line of the template at which an error came up: that of the last frame which is the template's own."""
    line = 0
    while trace:
        if trace.tb_frame.f_code.co_filename in ("<template>", "<unknown>"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


# A template is somebody's file -----------------------------------------------------------------------------------------


def guard(template: bytes) -> None:
    """Raises NotWritten for a file that is no sound Word document, or holds what none of ours needs."""
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as held:
            infos = held.infolist()
            large = len(template) > LARGEST or len(infos) > PARTS or sum(i.file_size for i in infos) > UNPACKED
            if large:
                raise NotWritten([Problem("模板过大：文件不超过 5 MB，展开不超过 20 MB。", "")])
            for info in infos:
                look_at(info.filename, held)
            held.getinfo("word/document.xml")
    except DAMAGED as error:
        raise NotWritten([Problem("不是完好的 .docx 文件，或已加密。", "")]) from error


def look_at(name: str, held: zipfile.ZipFile) -> None:
    if any(word in name for word in CODE_FILES):
        raise NotWritten([Problem("模板里带宏或嵌入的程序、对象，请另存为不带宏的 .docx。", "")])
    if not name.endswith((".xml", ".rels")):
        return
    data = held.read(name)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise NotWritten([Problem("模板里有不该有的 DOCTYPE。", "")])
    if name.endswith(".rels"):
        for found in re.findall(rb"<Relationship\b[^>]*>", data):
            if b'"External"' in found and b"/hyperlink" not in found:
                raise NotWritten([Problem("模板连着外部的文件或图片，请改为插入到文件里。", "")])


def text_of(template: bytes) -> str:
    """The readable text of all parts in which fields may stand."""
    with zipfile.ZipFile(io.BytesIO(template)) as held:
        told = [held.read(name).decode("utf-8", "replace") for name in held.namelist() if PLACES.fullmatch(name)]
    return re.sub(r"<[^<>]*>", "", "".join(told))


TEXTS = re.compile(r"文\(\s*[\"“]([^\"”]{1,60})[\"”]\s*(?:,\s*[\"“]([^\"”]*)[\"”])?")


def texts_of(template: bytes) -> dict[str, str]:
    """What people may write for a template: the names of its 文(名, 原文) and what stands there otherwise. NotWritten."""
    guard(template)
    return {found[1]: found[2] or "" for found in TEXTS.finditer(unescape(text_of(template)))}


def placed(template: bytes, problems: list[Problem]) -> list[Problem]:
    """The problems with where in the document they are: which paragraph, or which cell of which table."""
    try:
        where = dict(reversed(list(addresses(docx.Document(io.BytesIO(template))))))
    except (OpcError, KeyError, ValueError):
        return problems
    return [replace(one, where=where.get(squeezed(one.text), "") or near(one.text, where)) for one in problems]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"(\{[{%])(?:tr|tc|p|r)\b", r"\1", text)).strip()[:120]


def near(text: str, where: dict[str, str]) -> str:
    """docxtpl drops what stands around a row's tag: the paragraph whose tag is in the text."""
    return next((place for told, place in where.items() if told and told in squeezed(text)), "")


def addresses(made: Document) -> Iterator[tuple[str, str]]:
    """(text, place) of every paragraph: 第12段, or 第3张表第2行第1格."""
    paragraphs = tables = 0
    for element in made.element.body.iter(qn("w:p"), qn("w:tbl")):
        inside = next(element.iterancestors(qn("w:tc")), None) is not None
        if element.tag == qn("w:tbl"):
            tables += 1
            for row, line in enumerate(element.iter(qn("w:tr")), 1):
                for cell, held in enumerate(line.iter(qn("w:tc")), 1):
                    for paragraph in held.iter(qn("w:p")):
                        yield squeezed(words_of(paragraph)), f"第{tables}张表第{row}行第{cell}格"
        elif not inside:
            paragraphs += 1
            yield squeezed(words_of(element)), f"第{paragraphs}段"
    for section in made.sections:
        for part, name in ((section.header, "页眉"), (section.footer, "页脚")):
            for paragraph in part.paragraphs:
                yield squeezed(paragraph.text), name


def words_of(paragraph: Any) -> str:
    return "".join(text.text or "" for text in paragraph.iter(qn("w:t")))


# Marks become controls and pictures ------------------------------------------------------------------------------------


def parts(made: Document) -> Iterator[Any]:
    """The parts in which numbers may stand: the body, headers and footers."""
    yield made.part
    for relation in made.part.rels.values():
        if relation.reltype in (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER):
            yield relation.target_part


@dataclass
class Finisher:
    """Turns the marks in one part into content controls, pictures and the annex."""

    part: Any
    paper: Paper
    drawn: list[tuple[Any, bytes]]
    document: Document

    def finish(self) -> None:
        for text in list(self.part.element.iter(qn("w:t"))):
            if OPEN in (text.text or ""):
                self.cut(text)
        for place in list(self.part.element.iter(annex.PLACE)):
            annex.put(self.document, place, self.paper.book.about, self.paper.written)

    def cut(self, text: Any) -> None:
        """A run with marks becomes runs of the words between them, controls and pictures."""
        run, told = text.getparent(), text.text
        pieces, at = [], 0
        for mark in MARK.finditer(told):
            pieces += [self.words(run, told[at : mark.start()]), self.marked(run, mark[1], mark[2])]
            at = mark.end()
        pieces.append(self.words(run, told[at:]))
        before, after = deepcopy(run), deepcopy(run)
        position = list(run).index(text)
        for child in list(before)[position:]:
            before.remove(child)
        for child in list(after)[: position + 1]:
            if child.tag != qn("w:rPr"):
                after.remove(child)
        kept = [one for one in (before, *pieces, after) if one is not None and holds(one)]
        for piece in reversed(kept):
            run.addnext(piece)
        run.getparent().remove(run)

    def words(self, run: Any, told: str) -> Any:
        if not told:
            return None
        made = bare(run)
        text = OxmlElement("w:t")
        text.text = told
        text.set(XML, "preserve")
        made.append(text)
        return made

    def marked(self, run: Any, which: str, told: str) -> Any:
        if which == "annex":
            return OxmlElement("w:annex")
        if which.startswith("p"):
            made = bare(run)
            made.append(pictured.drawing(self.part, *self.drawn[int(which[1:])]))
            return made
        return proof.control(self.paper.written[int(which)][0], self.words(run, told))


def bare(run: Any) -> Any:
    """A run of the same look without its words."""
    made = OxmlElement("w:r")
    look = run.find(qn("w:rPr"))
    if look is not None:
        made.append(deepcopy(look))
    return made


def holds(element: Any) -> bool:
    return element.tag != qn("w:r") or any(child.tag != qn("w:rPr") for child in element)
