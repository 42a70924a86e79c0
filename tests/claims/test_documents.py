"""The readable text of files, and the date a document gives itself."""

import contextlib
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianqiao.claims import documents
from lianqiao.claims.documents import Unreadable, decoded, text_of
from lianqiao.claims.quantities import fold
from lianqiao.claims.times import published_on

TEXT = "实施项目3个，惠及群众200人。"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ALTERNATE = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def written(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def docx(folder: Path, body: str, name: str = "word/document.xml") -> Path:
    path = folder / "稿.docx"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr(name, f"<w:document {WORD} {ALTERNATE}><w:body>{body}</w:body></w:document>")
    return path


def paragraph(*runs: str) -> str:
    return "<w:p>" + "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_the_encodings_of_offices(tmp_path: Path, encoding: str) -> None:
    assert text_of(written(tmp_path, "稿.txt", TEXT.encode(encoding))).text == TEXT


def test_markdown_is_read_as_it_stands(tmp_path: Path) -> None:
    assert text_of(written(tmp_path, "稿.md", f"# 题\n{TEXT}")).text == f"# 题\n{TEXT}"


@pytest.mark.parametrize("data", [b"\x00\x01\x02", b"\xff\xff\xff\x00"])
def test_binary_data_is_no_text(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Unreadable, match="不是文本文件"):
        text_of(written(tmp_path, "稿.txt", data))


@pytest.mark.parametrize(
    ("name", "why"), [("稿.pdf", "不是完好的 PDF"), ("稿.doc", "旧版 Word"), ("稿.xyz", "不支持"), ("稿", "不支持")]
)
def test_other_files_are_refused_with_a_reason(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        text_of(written(tmp_path, name, TEXT))


def test_a_file_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LARGEST", 10)
    with pytest.raises(Unreadable, match="文件超过"):
        text_of(written(tmp_path, "稿.txt", TEXT))


def test_html_without_scripts_menus_and_link_lists(tmp_path: Path) -> None:
    page = f"""<html><head><title>题 1个</title><style>p 2个</style></head><body><nav>首页 3个</nav>
    <script>var x = "4个";</script><form><p>实施项目<b>3</b>个，惠及群众<span>200</span>人。</p></form>
    <ul><li><a href="#">上一条：某地 5个</a></li></ul><table><tr><td>甲</td><td>乙</td></tr></table>{TEXT}</body></html>"""
    assert text_of(written(tmp_path, "稿.html", page)).text == f"{TEXT}\n甲\n乙\n{TEXT}"


def test_html_article_alone_where_the_page_marks_one(tmp_path: Path) -> None:
    article = TEXT * 20
    page = f"<body><p>旁栏 5个</p><article><h1>题</h1><p>{article}</p></article><p>页脚 6个</p></body>"
    assert text_of(written(tmp_path, "稿.htm", page)).text == f"题\n{article}"


def test_html_with_a_head_never_closed(tmp_path: Path) -> None:
    assert text_of(written(tmp_path, "稿.html", f"<head><title>题<body><p>{TEXT}")).text in (TEXT, f"题\n{TEXT}", "")
    assert text_of(written(tmp_path, "稿.html", f"<head><meta charset=utf-8><body><p>{TEXT}")).text == TEXT


def test_html_says_when_it_was_published(tmp_path: Path) -> None:
    page = f'<meta name="PubDate" content="2021-10-13 08:30"><p>{TEXT}</p>'
    assert text_of(written(tmp_path, "稿.html", page)).published == date(2021, 10, 13)
    page = f'<meta name="PubDate" content="2021-13-13"><p>发布时间：2021-10-14</p><p>{TEXT}</p>'
    assert text_of(written(tmp_path, "稿.html", page)).published == date(2021, 10, 14)


@given(st.text(alphabet=st.sampled_from("<>/!-?&;#\"'= apdivscriptarticle甲1个\n[]"), max_size=80))
def test_any_page_can_be_cut_into_blocks(markup: str) -> None:
    page = documents._Page()
    page.feed(markup)
    page.close()
    page.end_block()
    assert isinstance(page.readable(), str)


def test_word_paragraphs_and_tables_in_order(tmp_path: Path) -> None:
    row = "<w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>"
    table = (
        "<w:tbl>"
        + row.format(paragraph("指标"), paragraph("数"))
        + row.format(paragraph("项目"), paragraph("3个"))
        + "</w:tbl>"
    )
    path = docx(tmp_path, paragraph("实施项目", "3个。") + table + "<w:p/>" + paragraph("2021年10月13日"))
    document = text_of(path)
    assert document.text == "实施项目3个。\n指标\t数\n项目\t3个\n2021年10月13日"
    assert document.published == date(2021, 10, 13)


def test_word_text_boxes_are_read_once_and_deleted_text_never(tmp_path: Path) -> None:
    inner = paragraph("框内3个")
    box = f"<mc:AlternateContent><mc:Choice>{inner}</mc:Choice><mc:Fallback>{inner}</mc:Fallback></mc:AlternateContent>"
    deleted = "<w:p><w:del><w:r><w:delText>删去4个</w:delText></w:r></w:del><w:r><w:t>留5个</w:t></w:r></w:p>"
    assert text_of(docx(tmp_path, box + deleted)).text == "框内3个\n留5个"
    inside = f"<w:p><w:r><w:t>外</w:t></w:r><w:r>{box}</w:r></w:p>"
    assert text_of(docx(tmp_path, inside)).text == "外框内3个"


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda folder: written(folder, "稿.docx", "不是压缩包"), "不是完好"),
        (lambda folder: docx(folder, "", "word/other.xml"), "不是完好"),
        (lambda folder: docx(folder, "<w:p>"), "已损坏"),
    ],
)
def test_broken_word_files_are_refused(tmp_path: Path, make: object, why: str) -> None:
    assert callable(make)
    with pytest.raises(Unreadable, match=why):
        text_of(make(tmp_path))


def test_word_files_with_entities_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "稿.docx"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')
    with pytest.raises(Unreadable, match="DOCTYPE"):
        text_of(path)


def test_word_files_that_unpack_too_large_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "稿.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", "<x>" + " " * 100_000 + "</x>")
    monkeypatch.setattr(documents, "LARGEST", 50_000)
    with pytest.raises(Unreadable, match="解压后超过"):
        text_of(path)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("发布时间:2021-10-13  来源:某报", date(2021, 10, 13)),
        ("发布日期：2021年3月4日\n2020年1月1日", date(2021, 3, 4)),
        ("日期 : 2021/3/4", date(2021, 3, 4)),
        ("正文\n某某办公室\n　　2021年3月4日\n", date(2021, 3, 4)),
        ("正文\n（2021年3月4日）", date(2021, 3, 4)),
        ("正文\n二〇二一年十月十二日", date(2021, 10, 12)),
        ("2021年3月4日，会议召开。", None),
        ("发布时间：2021-02-30", None),
        ("", None),
    ],
)
def test_a_documents_own_date(text: str, day: date | None) -> None:
    assert published_on(text) == day


def pdf(folder: Path, *pages: list[str]) -> Path:
    """A file whose pages show these lines: character codes are Unicode, as the font's ToUnicode says."""
    used = sorted({char for page in pages for line in page for char in line})
    mapped = " ".join(f"<{ord(char):04x}> <{ord(char):04x}>" for char in used)
    cmap = (
        "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange "
        f"{len(used)} beginbfchar {mapped} endbfchar endcmap end"
    ).encode()
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /F /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /F /DW 1000 /CIDSystemInfo << /Ordering (Identity) >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(cmap), cmap),
    ]
    for n, lines in enumerate(pages):
        shown = " ".join(f"<{line.encode('utf-16-be').hex()}> Tj T*" for line in lines)
        content = f"BT /F 12 Tf 20 TL 50 800 Td {shown} ET".encode()
        page = f"<< /Type /Page /Parent 2 0 R /Contents {7 + 2 * n} 0 R /Resources << /Font << /F 3 0 R >> >> >>"
        objects += [page.encode(), b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)]
    body, offsets = b"%PDF-1.7\n", []
    for number, item in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(body))
    return written(folder, "稿.pdf", body + start + end)


def test_pdf_without_headers_and_page_numbers_and_with_broken_lines_joined(tmp_path: Path) -> None:
    first = ["示例市协作办", "协作情况汇报", "一年来，两地党政代表团互访考察8批96人次，签订", "协议3份。", "- 1 -"]
    second = [
        "示例市协作办",
        "共投入帮扶资金1.2亿元，实施项目31个，带动农户",
        "3100户。",
        "2021年10月13日",
        "第2页 共2页",
    ]
    document = text_of(pdf(tmp_path, first, second))
    assert document.text == (
        "协作情况汇报\n一年来，两地党政代表团互访考察8批96人次，签订协议3份。\n"
        "共投入帮扶资金1.2亿元，实施项目31个，带动农户3100户。\n2021年10月13日"
    )
    assert document.published == date(2021, 10, 13)


def test_a_number_alone_at_the_edge_of_a_page_is_its_number_but_not_in_the_middle(tmp_path: Path) -> None:
    lines = ["题", "项目数", "44", "带动农户三千户。", "合计", "7"]
    assert text_of(pdf(tmp_path, lines)).text == "题\n项目数\n44\n带动农户三千户。\n合计"


def test_a_pdf_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="扫描件"):
        text_of(pdf(tmp_path, []))


@given(st.binary(max_size=200), st.integers(0, 400))
@settings(max_examples=30, deadline=None)
def test_any_broken_pdf_is_refused_or_read(tmp_path_factory: pytest.TempPathFactory, junk: bytes, at: int) -> None:
    path = pdf(tmp_path_factory.mktemp("pdf"), ["实施项目3个。"])
    data = path.read_bytes()
    path.write_bytes(data[:at] + junk + data[at + len(junk) :])
    with contextlib.suppress(Unreadable):
        assert isinstance(text_of(path).text, str)


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        (
            "東西部協作：舉辦專場招聘會５場，幫扶車間吸納就業３００餘人。",
            "东西部协作:举办专场招聘会5场,帮扶车间吸纳就业300余人。",
        ),
        ("簽約項目８個，總投資４.２億元，種植畝數１.２萬畝。", "签约项目8个,总投资4.2亿元,种植亩数1.2万亩。"),
    ],
)
def test_traditional_characters_of_the_fields_words(traditional: str, simplified: str) -> None:
    assert fold(traditional) == simplified


@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text = decoded(data)
    except Unreadable:
        text = ""
    assert "\0" not in text
