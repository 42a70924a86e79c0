"""The reader of finished Word documents, and what is set anew from it, also of documents that no template of ours made."""

from __future__ import annotations

import io

import docx
import openpyxl  # type: ignore[import-untyped]
import pypdf
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from lianqiao.briefings import paper, sheets, typesetting, webpage
from lianqiao.briefings.word import PAGE_NUMBER, Paragraph, Run, Table, read


def saved(document: docx.document.Document) -> bytes:
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def first(document: docx.document.Document) -> Paragraph:
    block = read(saved(document))[0].blocks[0]
    assert isinstance(block, Paragraph)
    return block


def pages(data: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(typesetting.pdf(data))).pages]


def test_a_look_is_what_style_and_run_come_to() -> None:
    made = paper.new()
    told = paper.say(made, "公文正文", "甲__乙__**丙**")
    told.runs[0].bold = True
    block = first(made)
    assert [(piece.text, piece.font, piece.bold) for piece in block.pieces if isinstance(piece, Run)] == [
        ("甲", "仿宋_GB2312", True), ("乙", "楷体_GB2312", False), ("丙", "黑体", False),
    ]  # fmt: skip
    assert (block.align, round(block.first, 1), block.line, block.size) == ("both", 31.5, 29, 16)


def test_headings_are_set_in_a_face_without_serifs() -> None:
    made = paper.new()
    paper.say(made, "公文一级", "一、进展 2021")
    page = pypdf.PdfReader(io.BytesIO(typesetting.pdf(saved(made)))).pages[0]
    held: list[tuple[str, str]] = []
    page.extract_text(
        visitor_text=lambda text, _, __, font, size: held.append((text.strip(), font["/BaseFont"] if font else ""))
    )
    (face,) = {font for text, font in held if "进展" in text}
    assert any(name in face for name in ("NotoSansSC", "SimHei", "STHeiti"))


def test_a_page_is_the_standards_page() -> None:
    (section,) = read(paper.to_bytes(paper.new()))
    mm = [
        round(value * 25.4 / 72)
        for value in (section.width, section.height, section.top, section.bottom, section.left, section.right)
    ]
    assert mm == [210, 297, 37, 35, 28, 26]
    assert section.pitch == 29
    assert [PAGE_NUMBER in line.pieces for line in (*section.odd, *section.even)] == [True, True]
    assert [line.align for line in (*section.odd, *section.even)] == ["right", "left"]


def test_twenty_two_lines_of_twenty_eight_characters_fill_a_page() -> None:
    made = paper.new()
    paper.say(made, "公文正文", "字" * (28 * 25 - 2))
    lines = [line for line in pages(paper.to_bytes(made))[0].splitlines() if "字" in line]
    assert [len(line.strip()) for line in lines] == [26, *[28] * 21]


def test_merged_cells_are_told_once() -> None:
    made = docx.Document()
    drawn = made.add_table(rows=3, cols=3)
    drawn.cell(0, 0).merge(drawn.cell(0, 1)).text = "横"
    drawn.cell(1, 0).merge(drawn.cell(2, 0)).text = "竖"
    (table,) = [block for block in read(saved(made))[0].blocks if isinstance(block, Table)]
    assert [[(cell.columns, cell.rows) for cell in row] for row in table.rows] == [
        [(2, 1), (1, 1)], [(1, 2), (1, 1), (1, 1)], [(1, 1), (1, 1)],
    ]  # fmt: skip
    assert "竖" in pages(saved(made))[0]


def test_pages_of_another_size_stay_so() -> None:
    made = docx.Document()
    made.add_paragraph("直")
    section = made.add_section(WD_SECTION.NEW_PAGE)
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    made.add_paragraph("横")
    held = pypdf.PdfReader(io.BytesIO(typesetting.pdf(saved(made))))
    assert [(round(page.mediabox.width), page.extract_text().strip()[0]) for page in held.pages] == [
        (612, "直"),
        (842, "横"),
    ]


def test_what_a_document_says_is_never_read_as_typsetting_or_markup() -> None:
    words = '#panic("x") $ \\ " <b> & [ ] { } @ * _ `'
    made = docx.Document()
    made.add_paragraph(words)
    data = saved(made)
    assert words.replace(" ", "") in pages(data)[0].replace(" ", "")
    assert "&lt;b&gt; &amp;" in webpage.page(data, "<t>")
    assert "<title>&lt;t&gt;</title>" in webpage.page(data, "<t>")


def test_breaks_lists_and_controls_stay() -> None:
    made = docx.Document()
    told = made.add_paragraph("上")
    told.add_run().add_break()
    told.add_run("下").font.size = Pt(20)
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    content.append(made.add_paragraph("框里")._p)
    control.append(content)
    made.element.body.insert(1, control)
    blocks = [block.text for block in read(saved(made))[0].blocks if isinstance(block, Paragraph)]
    assert blocks == ["上\n下", "框里"]


def test_a_table_of_numbers_is_a_table_of_numbers_in_a_workbook() -> None:
    made = paper.new()
    paper.say(made, "公文标题", "某表")
    rows = [["甲", "1,200.5", "007"], ["乙", "−3", "12"], ["合计", "1,197.5", "99"]]
    paper.table(made, ("名", "数", "码"), rows, (30, 30, 30), "lrr")
    book = openpyxl.load_workbook(io.BytesIO(sheets.workbook(paper.to_bytes(made), "某表")))
    assert book.sheetnames == ["正文", "某表"]
    told = [[cell.value for cell in row] for row in book["某表"].rows]
    # 99 is not the sum of what stands above it: the document's word, no formula.
    assert told == [["名", "数", "码"], ["甲", 1200.5, "007"], ["乙", -3, 12], ["合计", "=SUM(B2:B3)", 99]]


def test_what_begins_like_a_formula_stays_words() -> None:
    made = docx.Document()
    made.add_table(rows=1, cols=1).cell(0, 0).text = "=1+1"
    book = openpyxl.load_workbook(io.BytesIO(sheets.workbook(saved(made), "表")))
    assert book.worksheets[1].cell(1, 1).data_type == "s"


def test_the_fields_of_an_office_that_are_not_ours_show_what_they_last_showed() -> None:
    made = docx.Document()
    run = made.add_paragraph("第")._p.add_r()
    for kind, text in (("begin", ""), ("instr", "REF x"), ("separate", ""), ("t", "三"), ("end", "")):
        element = OxmlElement({"instr": "w:instrText", "t": "w:t"}.get(kind, "w:fldChar"))
        if text:
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind)
        run.append(element)
    assert first(made).text == "第三"
