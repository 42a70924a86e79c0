"""The readable text of files, and the date a document gives itself."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao.claims import documents
from lianqiao.claims.documents import Unreadable, decoded, text_of
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
    ("name", "why"), [("稿.pdf", "PDF"), ("稿.doc", "旧版 Word"), ("稿.xyz", "不支持"), ("稿", "不支持")]
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


@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text = decoded(data)
    except Unreadable:
        text = ""
    assert "\0" not in text
