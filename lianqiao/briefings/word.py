"""Reads a finished Word document: pages, paragraphs as they look, tables, pictures, page numbers. What typesetting.py,
webpage.py and sheets.py write anew is what stands here, so that any template gives the same in Word, PDF and HTML.

Lengths are points. What a look inherits is resolved: document, styles (based on one another), paragraph, run.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn

from lianqiao.claims.tagged import Tag

W = qn("w:x").removesuffix("x")
SVG_BLIP = "{http://schemas.microsoft.com/office/drawing/2016/SVG/main}svgBlip"
POINTS_PER_EMU = 1 / 12700
TWIPS = 20
Look = dict[str, str]
"""A property's name (ind.firstLine, rFonts.eastAsia, b) → its value as Word writes it."""


@dataclass(frozen=True)
class Run:
    """Words of one look. spacing: points added after each character. tag: of the figure that they carry."""

    text: str
    font: str = ""
    latin: str = ""
    size: float = 10.5
    bold: bool = False
    italic: bool = False
    underline: bool = False
    colour: str = ""
    spacing: float = 0
    tag: Tag | None = None


@dataclass(frozen=True)
class Image:
    """A picture: SVG where the document has it, else as it is."""

    data: bytes
    kind: str
    width: float
    height: float
    words: str


BREAK, PAGE_BREAK, PAGE_NUMBER = "break", "page", "number"
Piece = Run | Image | str


@dataclass
class Paragraph:
    """A paragraph with all that its look comes to. line: points from line to line, None as the fonts have it."""

    style: str
    align: str
    first: float
    left: float
    right: float
    before: float
    after: float
    line: float | None
    new_page: bool
    keep: bool
    pieces: list[Piece] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(piece.text if isinstance(piece, Run) else "\n" * (piece == BREAK) for piece in self.pieces)

    @property
    def size(self) -> float:
        """The largest of its fonts."""
        return max((piece.size for piece in self.pieces if isinstance(piece, Run)), default=10.5)


@dataclass
class Cell:
    paragraphs: list[Paragraph]
    columns: int = 1
    rows: int = 1
    middle: bool = True
    shade: str = ""


@dataclass
class Table:
    """A table. outer, inner: the weight of its lines. heads: how many rows stand again on every page."""

    widths: list[float]
    rows: list[list[Cell]]
    outer: float
    inner: float
    heads: int
    align: str = "center"


@dataclass
class Section:
    """Pages of one size with what stands on them. odd, even: what stands at their feet."""

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float
    foot: float
    pitch: float | None
    tracking: float
    blocks: list[Paragraph | Table] = field(default_factory=list)
    head: list[Paragraph] = field(default_factory=list)
    odd: list[Paragraph] = field(default_factory=list)
    even: list[Paragraph] = field(default_factory=list)


def read(data: bytes) -> list[Section]:
    """The document's sections, in order."""
    return Reader(docx.Document(io.BytesIO(data))).sections()


class Reader:
    """Walks a document once."""

    def __init__(self, document: Document) -> None:
        self.document, self.body = document, document.element.body
        self.styles: dict[str, Any] = {s.get(f"{W}styleId"): s for s in document.styles.element.iter(f"{W}style")}
        self.resolve = cache(self.resolved)
        defaults = document.styles.element.find(f"{W}docDefaults")
        self.defaults = {} if defaults is None else {**looks(defaults, "pPr"), **looks(defaults, "rPr")}
        normal = next(
            (s for s in self.styles.values() if s.get(f"{W}default") == "1" and s.get(f"{W}type") == "paragraph"), None
        )
        self.normal = "" if normal is None else normal.get(f"{W}styleId")
        self.part: Any = document.part
        self.section = self.page(None)

    def sections(self) -> list[Section]:
        found, blocks = [], []
        settings = list(self.document.sections)
        self.section = self.page(settings[0] if settings else None)
        for element in self.blocks(self.body):
            blocks.append(self.table(element) if element.tag == f"{W}tbl" else self.paragraph(element))
            if element.tag == f"{W}p" and element.find(f"{W}pPr/{W}sectPr") is not None:
                self.section.blocks, blocks = blocks, []
                found.append(self.section)
                self.section = self.page(settings[len(found)])
        self.section.blocks = blocks
        return [*found, self.section]

    def blocks(self, parent: Any) -> Iterator[Any]:
        """Paragraphs and tables, those in content controls too."""
        for child in parent:
            if child.tag in (f"{W}p", f"{W}tbl"):
                yield child
            elif child.tag == f"{W}sdt":
                yield from self.blocks(child.find(f"{W}sdtContent"))

    def page(self, section: Any) -> Section:
        if section is None:
            return Section(595.3, 841.9, 72, 72, 90, 90, 42, None, 0)
        grid = section._sectPr.find(f"{W}docGrid")
        held = {} if grid is None else {name.removeprefix(W): value for name, value in grid.attrib.items()}
        pitch = float(held["linePitch"]) / TWIPS if held.get("type") and "linePitch" in held else None
        tracking = float(held.get("charSpace", 0)) / 4096 if held.get("type") == "linesAndChars" else 0
        made = Section(
            section.page_width.pt, section.page_height.pt, section.top_margin.pt, section.bottom_margin.pt, section.left_margin.pt,
            section.right_margin.pt, section.footer_distance.pt, pitch, tracking,
        )  # fmt: skip
        self.section = made
        made.head, made.odd = self.margin(section.header), self.margin(section.footer)
        both = self.document.settings.odd_and_even_pages_header_footer
        made.even = self.margin(section.even_page_footer) if both else made.odd
        return made

    def margin(self, held: Any) -> list[Paragraph]:
        self.part = held.part
        found = [self.paragraph(element) for element in held._element.iter(f"{W}p")]
        self.part = self.document.part
        return [paragraph for paragraph in found if paragraph.pieces]

    # Looks -------------------------------------------------------------------------------------------------------------

    def resolved(self, style: str) -> Look:
        """What a style comes to with those that it is based on."""
        element, found, depth = self.styles.get(style), [], 0
        while element is not None and depth < 20:
            found.append({**looks(element, "pPr"), **looks(element, "rPr")})
            based = element.find(f"{W}basedOn")
            element, depth = None if based is None else self.styles.get(based.get(f"{W}val")), depth + 1
        return {name: value for look in reversed(found) for name, value in look.items()}

    def paragraph(self, element: Any) -> Paragraph:
        own = looks(element, "pPr")
        style = own.get("pStyle", self.normal)
        look = {**self.defaults, **self.resolve(style), **own}
        size = float(look.get("sz", 21)) / 2
        made = Paragraph(
            style=str(self.name(style)),
            align=look.get("jc", "left"),
            first=indent(look, size + self.section.tracking + twips(look, "spacing.val")),
            left=twips(look, "ind.left", "ind.start"),
            right=twips(look, "ind.right", "ind.end"),
            before=twips(look, "spacing.before"),
            after=twips(look, "spacing.after"),
            line=self.line(look, size),
            new_page=on(look, "pageBreakBefore"),
            keep=on(look, "keepNext"),
        )
        below = {**self.defaults, **self.resolve(style)}
        Pieces(self, below, made.pieces).walk(element, None)
        return made

    def name(self, style: str) -> str:
        element = self.styles.get(style)
        named = None if element is None else element.find(f"{W}name")
        return style if named is None else named.get(f"{W}val")

    def line(self, look: Look, size: float) -> float | None:
        """Points from line to line: as told, else by the page's grid."""
        told = float(look.get("spacing.line", 0))
        if told and look.get("spacing.lineRule") in ("exact", "atLeast"):
            return told / TWIPS
        factor = told / 240 if told else 1
        pitch = self.section.pitch if look.get("snapToGrid", "1") not in ("0", "false") else None
        if pitch is None:
            return None if factor == 1 else size * 1.3 * factor
        return pitch * factor * (1 + int(size * 1.2 > pitch))

    # Tables ------------------------------------------------------------------------------------------------------------

    def table(self, element: Any) -> Table:
        widths = [float(column.get(f"{W}w", 0)) / TWIPS for column in element.iterfind(f"{W}tblGrid/{W}gridCol")]
        rows: list[list[Cell]] = []
        open_cells: dict[int, Cell] = {}
        heads = 0
        for line in element.iterfind(f"{W}tr"):
            if line.find(f"{W}trPr/{W}tblHeader") is not None and heads == len(rows):
                heads += 1
            rows.append(self.row(line, open_cells, widths, fresh=not rows))
        outer, inner = self.lines(element)
        return Table(widths, rows, outer, inner, heads)

    def row(self, line: Any, open_cells: dict[int, Cell], widths: list[float], *, fresh: bool) -> list[Cell]:
        """The cells that begin in a row; one that goes on from above (vMerge) grows instead."""
        cells, at = [], 0
        for element in line.iterfind(f"{W}tc"):
            look = looks(element, "tcPr")
            span = int(look.get("gridSpan", 1))
            width = float(look.get("tcW.w", 0)) / TWIPS if look.get("tcW.type", "dxa") == "dxa" else 0
            if fresh and span == 1 and width and at < len(widths):
                widths[at] = width
            if "vMerge" in look and look["vMerge"] != "restart" and at in open_cells:
                open_cells[at].rows += 1
            else:
                paragraphs = [self.paragraph(p) for p in element.iter(f"{W}p")]
                shade = look.get("shd.fill", "")
                cell = Cell(paragraphs, span, 1, look.get("vAlign") == "center", "" if shade == "auto" else shade)
                cells.append(cell)
                open_cells[at] = cell
            at += span
        return cells

    def lines(self, element: Any) -> tuple[float, float]:
        """The weights of the outer and inner lines, of the table itself or of its style."""
        own = element.find(f"{W}tblPr/{W}tblBorders")
        style = element.find(f"{W}tblPr/{W}tblStyle")
        depth = 0
        while own is None and style is not None and depth < 20:
            held = self.styles.get(style.get(f"{W}val"))
            if held is None:
                break
            own, style, depth = held.find(f"{W}tblPr/{W}tblBorders"), held.find(f"{W}basedOn"), depth + 1
        return (weight(own, "top"), weight(own, "insideH")) if own is not None else (0, 0)


@dataclass
class Pieces:
    """Gathers what stands in a paragraph, in order: words, pictures, breaks, the page's number."""

    reader: Reader
    below: Look
    pieces: list[Piece]
    field: str = ""

    def walk(self, element: Any, tag: Tag | None) -> None:
        for child in element:
            if child.tag == f"{W}r":
                self.run(child, tag)
            elif child.tag == f"{W}sdt":
                self.walk(child.find(f"{W}sdtContent"), tag_of(child) or tag)
            elif child.tag in (f"{W}hyperlink", f"{W}ins", f"{W}smartTag"):
                self.walk(child, tag)
            elif child.tag == f"{W}fldSimple" and "PAGE" in child.get(f"{W}instr", "").split():
                self.pieces.append(PAGE_NUMBER)

    def run(self, run: Any, tag: Tag | None) -> None:
        own = looks(run, "rPr")
        look = {**self.below, **self.reader.resolve(own.get("rStyle", "")), **own}
        for child in run:
            name = child.tag.removeprefix(W) if isinstance(child.tag, str) else ""
            if name == "t" and not self.field:
                self.pieces.append(words(child.text or "", look, tag))
            elif name in ("br", "cr"):
                self.pieces.append(PAGE_BREAK if child.get(f"{W}type") == "page" else BREAK)
            elif name == "tab":
                self.pieces.append(words("\u3000", look, tag))
            elif name == "drawing":
                self.pieces += images(self.reader.part, child)
            elif name in ("fldChar", "instrText"):
                self.mark(child)

    def mark(self, child: Any) -> None:
        """Word's fields: the page's number is kept, of others what they last showed."""
        kind = child.get(f"{W}fldCharType")
        if kind == "begin":
            self.field = ""
        elif child.tag == f"{W}instrText" and "PAGE" in (child.text or "").split():
            self.field = "PAGE"
            self.pieces.append(PAGE_NUMBER)
        elif kind == "end":
            self.field = ""


def words(text: str, look: Look, tag: Tag | None) -> Run:
    return Run(
        text, look.get("rFonts.eastAsia", ""), look.get("rFonts.ascii", ""), float(look.get("sz", 21)) / 2, on(look, "b"),
        on(look, "i"), look.get("u", "none") != "none", look.get("color", "").replace("auto", ""),
        twips(look, "spacing.val"), tag,
    )  # fmt: skip


def tag_of(control: Any) -> Tag | None:
    """The figure that a content control carries."""
    look = looks(control, "sdtPr")
    return Tag.parse(look.get("tag", ""), look.get("alias", ""))


def images(part: Any, drawing: Any) -> Iterator[Image]:
    extent = next((e for e in drawing.iter() if str(e.tag).endswith("}extent")), None)
    blip = next(drawing.iter(qn("a:blip")), None)
    if blip is None or extent is None:
        return
    vector = next(blip.iter(SVG_BLIP), None)
    relation = (blip if vector is None else vector).get(qn("r:embed"))
    held = part.related_parts.get(relation) if relation else None
    if held is None:
        return
    kind = held.content_type.removeprefix("image/").removesuffix("+xml")
    width, height = (int(extent.get(name)) * POINTS_PER_EMU for name in ("cx", "cy"))
    named = next((e for e in drawing.iter() if str(e.tag).endswith("}docPr")), None)
    yield Image(held.blob, kind, width, height, "" if named is None else named.get("descr", ""))


def looks(element: Any, kind: str) -> Look:
    """The properties of an element, flat: w:ind w:firstLine="640" is ind.firstLine, w:b is b."""
    held = element.find(f".//{W}{kind}") if element.tag == f"{W}docDefaults" else element.find(f"{W}{kind}")
    found: Look = {}
    for child in () if held is None else held:
        name = str(child.tag).removeprefix(W)
        for attribute, value in child.attrib.items():
            found[f"{name}.{str(attribute).removeprefix(W)}"] = value
        found[name] = child.get(f"{W}val", "1")
    return found


def on(look: Look, name: str) -> bool:
    return look.get(name, "0") not in ("0", "false", "none", "off")


def twips(look: Look, *names: str) -> float:
    return next((float(look[name]) / TWIPS for name in names if name in look), 0.0)


def indent(look: Look, size: float) -> float:
    """Of the first line; in characters, as wide as they stand on the grid, where that is told."""
    if "ind.firstLineChars" in look:
        return float(look["ind.firstLineChars"]) / 100 * size
    return twips(look, "ind.firstLine") - twips(look, "ind.hanging")


def weight(borders: Any, side: str) -> float:
    """A line's weight in points; Word counts eighths."""
    line = borders.find(f"{W}{side}")
    if line is None or line.get(f"{W}val") in ("nil", "none"):
        return 0.0
    return float(line.get(f"{W}sz", 4)) / 8
