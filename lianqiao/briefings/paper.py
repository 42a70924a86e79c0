"""Word documents by GB/T 9704-2012, made piece by piece: for the templates that come along, and for the annex of figures.

A4, margins 37, 35, 28 and 26 mm; text 156 × 225 mm, 22 lines of 28 characters (a grid of lines and characters); title 小标宋
二号, text 仿宋 三号, headings 黑体 and 楷体, page numbers — 1 — in 四号, odd pages right, even ones left. Fonts are named as
offices have them.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

LATIN = "Times New Roman"
SONG, FANG, HEI, KAI, PLAIN_SONG = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
TWO, THREE, FOUR, SMALL_FOUR, FIVE = 22, 16, 14, 12, 10.5
"""二号 三号 四号 小四 五号, in points."""

LINE = 29
"""Points from line to line: 22 lines on 225 mm."""

TEXT_MM = 156
LEFT, CENTRE, RIGHT, BOTH = (
    WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY,
)  # fmt: skip
# name: font, size, alignment, first line indented by so many characters, exact line (None: on the grid)
STYLES: dict[str, tuple[str, float, Any, int, float | None]] = {
    "公文标题": (SONG, TWO, CENTRE, 0, 36),
    "公文日期": (KAI, THREE, CENTRE, 0, LINE),
    "公文正文": (FANG, THREE, BOTH, 2, LINE),
    "公文一级": (HEI, THREE, BOTH, 2, LINE),
    "公文二级": (KAI, THREE, BOTH, 2, LINE),
    "公文附件": (HEI, THREE, LEFT, 0, LINE),
    "公文落款": (FANG, THREE, RIGHT, 0, LINE),
    "公文题注": (KAI, SMALL_FOUR, LEFT, 0, 24),
    "公文表文": (FANG, SMALL_FOUR, LEFT, 0, 17),
    "公文表头": (HEI, SMALL_FOUR, CENTRE, 0, 17),
    "公文小表": (FANG, FIVE, LEFT, 0, 14),
    "公文小头": (HEI, FIVE, CENTRE, 0, 14),
    "公文附注": (FANG, FIVE, LEFT, 0, 16),
    "公文图": (FANG, SMALL_FOUR, CENTRE, 0, None),
}
ALIGN = {"l": LEFT, "c": CENTRE, "r": RIGHT}


def new() -> Document:
    """An empty document of that kind."""
    made = docx.Document()
    for paragraph in made.paragraphs:
        paragraph._p.getparent().remove(paragraph._p)
    page(made)
    add_styles(made)
    number_pages(made)
    return made


def page(made: Document) -> None:
    section = made.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    # A grid of lines alone: readers do not agree on what a grid of characters does to digits and to other sizes.
    for name, value in (("type", "lines"), ("linePitch", str(LINE * 20))):
        grid.set(qn(f"w:{name}"), value)


def add_styles(made: Document) -> None:
    """The styles above, where the document does not have them yet."""
    for name, (font, size, align, indent, line) in STYLES.items():
        if name in [style.name for style in made.styles]:
            continue
        style: Any = made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        properties = style.element.get_or_add_rPr()
        face(properties, font, size)
        if size == THREE:
            properties.find(qn("w:rFonts")).addnext(told("w:spacing", "-5"))  # 28 characters on 156 mm
        else:
            style.element.get_or_add_pPr().append(told("w:snapToGrid", "0"))  # its lines are closer than the grid's
        shape = style.paragraph_format
        shape.alignment = align
        shape.space_before = shape.space_after = Pt(0)
        shape.line_spacing = Pt(line) if line else None
        shape.keep_with_next = name in ("公文一级", "公文附件", "公文题注") or None
        if indent:
            shape.first_line_indent = Emu(indent * Mm(TEXT_MM) // 28)
            style.element.pPr.ind.set(qn("w:firstLineChars"), str(indent * 100))


def told(name: str, value: str) -> Any:
    element = OxmlElement(name)
    element.set(qn("w:val"), value)
    return element


def face(properties: Any, font: str, size: float | None = None) -> None:
    """A font for Chinese with Times New Roman for the rest, on a style's or run's properties."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for kind, name in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", font), ("cs", LATIN)):
        fonts.set(qn(f"w:{kind}"), name)
    if size:
        for tag in ("w:sz", "w:szCs"):
            element = properties.find(qn(tag))
            if element is None:
                element = OxmlElement(tag)
                properties.append(element)
            element.set(qn("w:val"), str(int(size * 2)))


def number_pages(made: Document) -> None:
    """— 1 — at the foot: odd pages right, even ones left, one character in."""
    made.settings.odd_and_even_pages_header_footer = True
    section = made.sections[0]
    for footer, align in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = align
        setattr(paragraph.paragraph_format, "right_indent" if align == RIGHT else "left_indent", Pt(FOUR))
        for piece in ("— ", "PAGE", " —"):
            run = paragraph.add_run("" if piece == "PAGE" else piece)
            face(run._r.get_or_add_rPr(), PLAIN_SONG, FOUR)
            if piece == "PAGE":
                field(run)


def field(run: Any) -> None:
    """The page number, as a field of Word's."""
    for kind in ("begin", "PAGE", "separate", "1", "end"):
        if kind == "PAGE":
            element = OxmlElement("w:instrText")
            element.text = "PAGE"
        elif kind == "1":
            element = OxmlElement("w:t")
            element.text = "1"
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


# Pieces ----------------------------------------------------------------------------------------------------------------


def say(made: Document | _Cell, style: str, text: str = "") -> Paragraph:
    """A paragraph. **words** stand in 黑体, __words__ in 楷体."""
    paragraph = made.add_paragraph(style=style)
    for at, piece in enumerate(text.replace("__", "**~").split("**")):
        if not piece:
            continue
        kai = piece.startswith("~") and at % 2 == 1
        run = paragraph.add_run(piece.removeprefix("~"))
        if at % 2:
            face(run._r.get_or_add_rPr(), KAI if kai else HEI)
    return paragraph


def new_page(made: Document, style: str, text: str) -> Paragraph:
    """A paragraph that begins a page."""
    paragraph = say(made, style, text)
    paragraph.paragraph_format.page_break_before = True
    return paragraph


def table(
    made: Document,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    aligns: str,
    small: bool = False,
    ruled: bool = True,
) -> Table:
    """A ruled table: outer line 1 pt, inner ones 0.5 pt, heads repeated on every page. widths in mm; aligns: a letter a column."""
    # Their ids are looked up once: python-docx goes through all styles for a name.
    text, head = (
        made.styles[name].style_id for name in (("公文小表", "公文小头") if small else ("公文表文", "公文表头"))
    )
    drawn = made.add_table(rows=0, cols=len(widths))
    drawn.alignment, drawn.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    if ruled:
        rule(drawn)
    if heads:
        fill(drawn, heads, widths, head, "c" * len(heads))
        repeat(drawn.rows[0])
    for row in rows:
        fill(drawn, row, widths, text, aligns)
    return drawn


def fill(drawn: Table, row: Sequence[str], widths: Sequence[int], style: str, aligns: str) -> None:
    cells = drawn.add_row().cells
    for cell, text, width, align in zip(cells, row, widths, aligns, strict=True):
        cell.width = Mm(width)
        put(cell, text, style, align)
    whole(drawn.rows[-1])


def put(cell: _Cell, text: str, style: str, align: str) -> None:
    paragraph = cell.paragraphs[0]
    paragraph._p.style = style
    paragraph.alignment = ALIGN[align]
    paragraph.add_run(text)
    centre = OxmlElement("w:vAlign")
    centre.set(qn("w:val"), "center")
    cell._tc.get_or_add_tcPr().append(centre)


def rule(drawn: Table) -> None:
    borders = OxmlElement("w:tblBorders")
    for side, size in (("top", 8), ("left", 8), ("bottom", 8), ("right", 8), ("insideH", 4), ("insideV", 4)):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", str(size)), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    # Word wants a table's properties in the schema's order.
    drawn._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def repeat(row: Any) -> None:
    """The row stands again at the top of every page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def whole(row: Any) -> None:
    """The row is not cut by a page's end."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def enlarge(row: Any, size: float) -> None:
    """A row of figures to be seen from afar."""
    for paragraph in (p for cell in row.cells for p in cell.paragraphs):
        paragraph.paragraph_format.line_spacing = Pt(size * 1.5)
        for run in paragraph.runs:
            face(run._r.get_or_add_rPr(), SONG, size)


def loosen(row: Any) -> None:
    """Lines as high as what stands in them: a drawing is cut off by an exact line."""
    for paragraph in (p for cell in row.cells for p in cell.paragraphs):
        paragraph.paragraph_format.line_spacing = 1.0


def loop(over: str, cells: Sequence[str]) -> list[list[str]]:
    """The three rows by which a template repeats one: {%tr for …%}, the row, {%tr endfor %}."""
    blank = [""] * (len(cells) - 1)
    return [[f"{{%tr for {over} %}}", *blank], list(cells), ["{%tr endfor %}", *blank]]


def to_bytes(made: Document) -> bytes:
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()
