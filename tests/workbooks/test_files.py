"""Formats by content, not by name; what calamine does not tell; files that cannot be read."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lianqiao.workbooks import files
from lianqiao.workbooks.files import sheets
from lianqiao.workbooks.marks import CellError, UnreadableError
from lianqiao.workbooks.reading import read
from tests.workbooks.ledgers import LEDGERS
from tests.workbooks.makers import (
    VISITS,
    Formula,
    RawXls,
    XlsError,
    Xml,
    member,
    ods,
    ods_content,
    ole,
    visit,
    xls,
    xls_stream,
    xlsx,
)

Maker = Callable[..., Path]
SHEET = "xl/worksheets/sheet1.xml"


def cells(path: Path) -> list[list[object]]:
    return [list(row) for row in sheets(path)[0].open().rows]


def error_of(path: Path) -> str | None:
    return read(path, LEDGERS["visits"]).error


@pytest.mark.parametrize("make", [xlsx, ods, xls])
@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".csv", ".dat"])
def test_the_content_decides_the_format(tmp_path: Path, make: Maker, ending: str) -> None:
    reading = read(make(tmp_path / f"a{ending}", {"表": [VISITS, visit()]}), LEDGERS["visits"])
    assert [row.values["people"] for row in reading.accepted] == [5]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_each_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes("日期,方向,人数\n2021-10-12,东部赴西部,5\n".encode(encoding))
    (row,) = read(path, LEDGERS["visits"]).accepted
    assert (row.sheet, row.row, row.values["direction"]) == ("", 2, "东部赴西部")


def test_a_csv_row_is_a_record(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        '日期,方向,人数,事由\r\n\r\n2021-10-12,东部赴西部,5,"对接\n协作"\r\n2021-10-13,东部赴西部,6,考察', "utf-8"
    )
    reading = read(path, LEDGERS["visits"])
    assert [(row.row, row.values["purpose"]) for row in reading.accepted] == [(3, "对接 协作"), (4, "考察")]
    assert [(row.row, row.why) for row in reading.ignored] == [(1, "header"), (2, "blank")]


def test_an_open_quote_does_not_swallow_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('日期,方向,人数,事由\n2021-10-12,东部赴西部,5,"对接\n2021-10-13,东部赴西部,6,考察\n', "utf-8")
    assert error_of(path) == files.OPEN_QUOTE


def test_a_quoted_last_field_without_a_line_end_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('日期,方向,人数,事由\n2021-10-12,东部赴西部,5,"对接"', "utf-8")
    assert [row.values["purpose"] for row in read(path, LEDGERS["visits"]).accepted] == ["对接"]


def test_an_overlong_csv_field_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"日期,方向,人数\n{'长' * 200_000},东部赴西部,5\n", "utf-8")
    assert error_of(path) == files.DAMAGED


@pytest.mark.parametrize("make", [xlsx, ods, xls])
def test_a_hidden_sheet_is_known(tmp_path: Path, make: Maker) -> None:
    path = make(tmp_path / "a", {"旧": [VISITS], "新": [VISITS]}, hidden=["旧"])
    assert [(sheet.name, sheet.hidden) for sheet in sheets(path)] == [("旧", True), ("新", False)]


def test_a_very_hidden_sheet_is_hidden(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a", {"新": [VISITS], "旧": [VISITS]}, hidden=["旧"])
    member(path, "xl/workbook.xml", lambda xml: xml.replace(b'"hidden"', b'"veryHidden"'))
    assert [sheet.hidden for sheet in sheets(path)] == [False, True]


@pytest.mark.parametrize("make", [xlsx, ods, xls])
def test_merged_ranges_are_known(tmp_path: Path, make: Maker) -> None:
    path = make(tmp_path / "a", {"表": [["a", "b"], [None, "c"], ["d", "e"]]}, merges=[(0, 0, 1, 0)])
    assert list(sheets(path)[0].open().merges) == [((0, 0), (1, 0))]


@pytest.mark.parametrize("make", [xlsx, ods, xls])
def test_rows_and_columns_count_from_the_first_of_the_sheet(tmp_path: Path, make: Maker) -> None:
    path = make(tmp_path / "a", {"表": [[], [None, None, "x"]]})
    found = cells(path)
    assert len(found) == 2
    assert [cell or None for cell in found[1]] == [None, None, "x"]


def test_errors_and_formulas_without_a_result_of_an_xlsx_do_not_pass_for_blank(tmp_path: Path) -> None:
    row = [Formula("=1/0", "#DIV/0!"), Formula("=A9"), Formula("=1+1", 2), Formula('="a"', "a"), "#REF!"]
    assert cells(xlsx(tmp_path / "a", {"表": [row]})) == [[CellError("#DIV/0!"), CellError(""), 2, "a", "#REF!"]]


def test_a_formula_that_stored_an_empty_text_is_blank(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a", {"表": [["x", Formula('=""')]]})
    member(path, SHEET, lambda xml: xml.replace(b'<c r="B1">', b'<c r="B1" t="str">'))
    assert cells(path) in ([["x"]], [["x", ""]])


def test_an_error_below_the_last_value_is_seen(tmp_path: Path) -> None:
    found = cells(xlsx(tmp_path / "a", {"表": [["x"], [], [None, None, Formula("=A1")]]}))
    assert found[2] == [None, None, CellError("")]


def test_prefixes_and_single_quotes_hide_no_error(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a", {"表": [[Formula("=1/0", "#DIV/0!")]]})

    def prefixed(xml: bytes) -> bytes:
        for tag in (b"worksheet", b"sheetData", b"row", b"c", b"f", b"v"):
            xml = xml.replace(b"<" + tag + b" ", b"<x:" + tag + b" ").replace(b"<" + tag + b">", b"<x:" + tag + b">")
            xml = xml.replace(b"</" + tag + b">", b"</x:" + tag + b">")
        return xml.replace(b"xmlns=", b"xmlns:x=").replace(b't="e"', b"t='e'")

    member(path, SHEET, prefixed)
    assert cells(path) == [[CellError("#DIV/0!")]]


def test_rows_and_cells_without_addresses_follow_one_another(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a", {"表": [["a", 1], ["b", Formula("=1/0", "#DIV/0!")]]})
    strip = [b' r="1"', b' r="2"', b' r="A1"', b' r="B1"', b' r="A2"', b' r="B2"']

    def bare(xml: bytes) -> bytes:
        for address in strip:
            xml = xml.replace(address, b"")
        return xml

    member(path, SHEET, bare)
    assert cells(path) == [["a", 1], ["b", CellError("#DIV/0!")]]


def test_errors_of_an_ods_are_seen_where_they_stand(tmp_path: Path) -> None:
    formula = 'table:formula="of:=1/0"'
    error = f'<table:table-cell {formula} office:value-type="string" office:string-value="">'
    zero = f'<table:table-cell {formula} office:value-type="float" office:value="0">'
    marked = f'<table:table-cell {formula} office:value-type="string" calcext:value-type="error">'
    row = [
        Xml('<table:table-cell table:number-columns-repeated="2"/>'),
        Xml(f"{error}<text:p>#NAME?</text:p></table:table-cell>"),
        Xml(f"{zero}<text:p>Err:502</text:p></table:table-cell>"),
        Xml(f"{marked}<text:p>?</text:p></table:table-cell>"),
        Xml(f"<table:table-cell {formula}/>"),
        Xml(
            f'<table:table-cell {formula} office:value-type="float" office:value="3"><text:p>3</text:p></table:table-cell>'
        ),
        Xml('<table:table-cell office:value-type="string"><text:p>#NAME?</text:p></table:table-cell>'),
    ]
    (found,) = cells(ods(tmp_path / "a", {"表": [row]}))
    shown = [cell.shown if isinstance(cell, CellError) else cell for cell in found[2:]]
    assert shown == ["#NAME?", "Err:502", "?", "", 3, "#NAME?"]
    assert [isinstance(cell, CellError) for cell in found[2:]] == [True, True, True, True, False, False]


def test_repeated_rows_of_an_ods_keep_the_places_below(tmp_path: Path) -> None:
    rows = (
        '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
        '<table:table-row><table:table-cell table:number-rows-spanned="2" office:value-type="string"><text:p>a</text:p>'
        "</table:table-cell></table:table-row><table:table-row><table:covered-table-cell/></table:table-row>"
    )
    path = ods_content(tmp_path / "a", "", f'<table:table table:name="表">{rows}</table:table>')
    assert list(sheets(path)[0].open().merges) == [((3, 0), (4, 0))]


@pytest.mark.parametrize("formula", [False, True])
def test_errors_of_an_xls_are_seen(tmp_path: Path, formula: bool) -> None:
    path = xls(tmp_path / "a", {"一": [["x"]], "二": [[True, XlsError(0x17, formula), XlsError(0x2A, formula)]]})
    first, second = ([list(row) for row in sheet.open().rows] for sheet in sheets(path))
    assert first == [["x"]]
    assert second == [[True, CellError("#REF!"), CellError("#N/A")]]


def test_a_chart_inside_a_sheet_of_an_xls_does_not_end_it(tmp_path: Path) -> None:
    chart = struct.pack("<HHHHHHII", 0x809, 16, 0x600, 0x20, 0, 0, 0, 0) + struct.pack("<HH", 0x0A, 0)
    path = xls(tmp_path / "a", {"一": [["x", RawXls(chart), XlsError(0x17)]]})
    assert cells(path)[0][2] == CellError("#REF!")


def test_a_small_xls_lives_in_the_mini_stream(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(ole({"Workbook": xls_stream({"表": [["x", XlsError(0x17)]]})}))
    assert cells(path) == [["x", CellError("#REF!")]]


def test_an_empty_file_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.touch()
    assert error_of(path) == files.EMPTY


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("make", [xlsx, ods, xls])
def test_a_truncated_file_is_unreadable_or_read_and_never_raises(tmp_path: Path, make: Maker, cut: float) -> None:
    path = make(tmp_path / "a", {"表": [VISITS, *[visit(people=n) for n in range(1, 400)]]})
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * cut)])
    assert error_of(path)


def test_a_locked_xlsx_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(ole({"EncryptedPackage": bytes(8192)}))
    assert error_of(path) == files.LOCKED


def test_a_locked_xls_is_unreadable(tmp_path: Path) -> None:
    path = xls(tmp_path / "a", {"表": [VISITS]}, lock=struct.pack("<HHH", 0x2F, 2, 0))
    assert error_of(path) == files.LOCKED


def test_a_locked_ods_is_unreadable(tmp_path: Path) -> None:
    path = ods_content(tmp_path / "a", "", "", manifest="<manifest><encryption-data/></manifest>")
    assert error_of(path) == files.LOCKED


def test_a_zip_with_a_password_is_unreadable(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a", {"表": [VISITS, visit()]})
    raw = bytearray(path.read_bytes())
    at = raw.find(b"PK\x01\x02")
    raw[at + 8] |= 1
    path.write_bytes(raw)
    assert error_of(path) == files.LOCKED


@pytest.mark.parametrize("names", [["word/document.xml"], ["a.txt"], []])
def test_another_kind_of_zip_is_no_workbook(tmp_path: Path, names: list[str]) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    assert error_of(path) == files.NOT_A_TABLE


def test_a_word_document_of_the_old_kind_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(ole({"WordDocument": bytes(8192)}))
    assert error_of(path) == files.NOT_A_TABLE


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0", b"%PDF-1.7\n\xff\xff\xff", "日期,方向".encode("utf-16")])
def test_other_bytes_are_no_workbook(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert error_of(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_CONTENT", 10_000)
    path = xlsx(tmp_path / "a", {"表": [VISITS, *[visit(purpose=f"事{n}") for n in range(500)]]})
    assert error_of(path) == files.TOO_BIG


@pytest.mark.parametrize("name", [SHEET, "xl/sharedStrings.xml"])
def test_a_zip_that_lies_about_its_size_is_damaged(tmp_path: Path, name: str) -> None:
    path = xlsx(tmp_path / "a", {"表": [VISITS, *[visit(purpose=f"事{n}") for n in range(500)]]})
    raw = bytearray(path.read_bytes())
    at = raw.find(name.encode(), raw.find(b"PK\x01\x02"))
    raw[at - 46 + 24 : at - 46 + 28] = struct.pack("<I", 100)
    path.write_bytes(raw)
    assert error_of(path) == files.DAMAGED


def test_a_large_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 100)
    assert error_of(xlsx(tmp_path / "a", {"表": [VISITS]})) == files.TOO_BIG


def test_a_cell_in_the_last_corner_is_refused_instead_of_filling_the_memory(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a", {"表": [VISITS, visit()]})
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    member(path, SHEET, lambda xml: xml.replace(b"</sheetData>", far))
    assert error_of(path) == files.TOO_BIG


def test_a_repeated_cell_of_an_ods_is_refused_instead_of_filling_the_memory(tmp_path: Path) -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>a</text:p>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-cell></table:table-row>'
    path = ods_content(tmp_path / "a", "", f'<table:table table:name="表">{row}</table:table>')
    assert error_of(path) == files.TOO_BIG


def test_formatted_cells_to_the_end_of_the_sheet_do_not_count(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a", {"表": [VISITS, visit()]})
    far = b'<row r="1048576" s="1"><c r="XFD1048576" s="1"/></row></sheetData>'
    member(path, SHEET, lambda xml: xml.replace(b"</sheetData>", far))
    reading = read(path, LEDGERS["visits"])
    assert (len(reading.accepted), [row.row for row in reading.ignored]) == (1, [1])


def test_broken_xml_is_damaged(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a", {"表": [VISITS, visit(), [Formula("=1")]]})
    member(path, SHEET, lambda xml: xml.replace(b"</sheetData>", b"</sheetData"))
    assert error_of(path) == files.DAMAGED


def test_a_missing_file_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "none.xlsx", LEDGERS["visits"])


def test_unreadable_carries_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.touch()
    with pytest.raises(UnreadableError, match="空的"):
        sheets(path)


def test_a_real_date_is_a_date_in_every_format(tmp_path: Path) -> None:
    for make in (xlsx, ods):
        assert cells(make(tmp_path / make.__name__, {"表": [[date(2021, 10, 12)]]})) == [[date(2021, 10, 12)]]


def test_a_day_in_a_format_that_chinese_excel_has_built_in_is_a_day(tmp_path: Path) -> None:
    """A 3-12 typed there gets format 58, m月d日, which no file defines."""
    path = xlsx(tmp_path / "a.xlsx", {"表": [[date(2021, 3, 12)]]})
    style = re.compile(b'<numFmts.*</numFmts>(.*numFmtId=)"164"')
    assert cells(member(path, "xl/styles.xml", lambda styles: style.sub(rb'\1"58"', styles))) == [[date(2021, 3, 12)]]
    format_58 = struct.pack("<HHHH16x", 0xE0, 20, 0, 58)
    assert cells(xls(tmp_path / "a.xls", {"表": [[44267]]}, style=format_58)) == [[date(2021, 3, 12)]]


# Hostile files -------------------------------------------------------------------------------------------------------

FAR = [
    b'<row r="4000000000"><c r="A4000000000"><v>1</v></c></row>',
    b'<row r="3"><c r="A400000000"><v>1</v></c></row>',
    b'<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>',
    b"<row r = '1048576'><c r = 'XFD1048576'><v>1</v></c></row>",
]


@pytest.mark.parametrize("far", FAR)
def test_a_far_cell_is_refused_however_its_address_is_written(tmp_path: Path, far: bytes) -> None:
    """python-calamine would take memory for the whole rectangle and end the process."""
    path = xlsx(tmp_path / "a", {"表": [VISITS, visit()]})
    member(path, SHEET, lambda xml: xml.replace(b"</sheetData>", far + b"</sheetData>"))
    assert error_of(path) == files.TOO_BIG


def test_a_far_column_of_an_xls_is_refused(tmp_path: Path) -> None:
    number = struct.pack("<HH", 0x203, 14) + struct.pack("<HHH", 65535, 65535, 0) + struct.pack("<d", 1.0)
    assert error_of(xls(tmp_path / "a", {"表": [VISITS, [RawXls(number)]]})) == files.DAMAGED


def test_a_csv_of_commas_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("日期,方向,人数\n" + "," * files.MOST_COLUMNS + "\n", "utf-8")
    assert error_of(path) == files.TOO_BIG


def test_what_unpacks_to_far_more_than_it_is_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", " " * 60 * 2**20)
    assert path.stat().st_size < 100_000
    assert error_of(path) == files.TOO_BIG


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_MEMBERS", 3)
    assert error_of(xlsx(tmp_path / "a", {"表": [VISITS, visit()]})) == files.TOO_BIG


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_damage(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a", {"表": [VISITS, visit()]})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(SHEET, "<worksheet/>")
    assert error_of(path) == files.DAMAGED


DTD = '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("name", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_a_document_type_in_an_xlsx_is_refused(tmp_path: Path, name: str) -> None:
    path = xlsx(tmp_path / "a", {"表": [VISITS, visit()]})
    member(path, name, lambda xml: xml.replace(b"?>", b"?>" + DTD.encode(), 1))
    assert error_of(path) == files.DEFINITION


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_document_type_in_another_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    path = xlsx(tmp_path / "a", {"表": [VISITS, visit()]})
    member(path, "xl/styles.xml", lambda xml: (" " * 3 + DTD).encode(encoding))
    assert error_of(path) == files.DEFINITION


def test_a_document_type_across_two_pieces_is_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a", {"表": [VISITS, visit()]})
    member(path, "xl/styles.xml", lambda xml: b" " * (2**20 - 4) + DTD.encode() + xml)
    assert error_of(path) == files.DEFINITION


def test_a_document_type_in_an_ods_is_refused(tmp_path: Path) -> None:
    path = ods(tmp_path / "a", {"表": [VISITS, visit()]})
    member(path, "content.xml", lambda xml: DTD.encode() + xml[xml.find(b"<office") :])
    assert error_of(path) == files.DEFINITION


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "Basic/script-lc.xml"])
def test_a_workbook_with_macros_is_read_and_says_so(tmp_path: Path, name: str) -> None:
    path = xlsx(tmp_path / "a.xlsm", {"表": [VISITS, visit()]})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, b"Sub Auto_Open()")
    reading = read(path, LEDGERS["visits"])
    assert (len(reading.accepted), [w.why for w in reading.warnings]) == (1, ["macros"])


def test_an_xls_with_macros_is_read_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(ole({"Workbook": xls_stream({"表": [VISITS, visit()]}), "_VBA_PROJECT_CUR": b"x"}))
    reading = read(path, LEDGERS["visits"])
    assert (len(reading.accepted), [w.why for w in reading.warnings]) == (1, ["macros"])


def test_a_workbook_without_macros_says_nothing(tmp_path: Path) -> None:
    for make in (xlsx, ods, xls):
        assert read(make(tmp_path / make.__name__, {"表": [VISITS, visit()]}), LEDGERS["visits"]).warnings == []


@pytest.mark.parametrize(
    "page", ["<html><table><tr><td>日期</td></tr></table></html>", '\n<?xml version="1.0"?><Workbook/>']
)
def test_a_web_page_is_no_workbook_whatever_it_is_called(tmp_path: Path, page: str) -> None:
    path = tmp_path / "互访台账.xls"
    path.write_text(page, "utf-8")
    assert error_of(path) == files.NOT_A_TABLE


def test_two_sheets_of_one_name_are_damage(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a", {"一": [VISITS, visit()], "二": [VISITS, visit()]})
    member(path, "xl/workbook.xml", lambda xml: xml.replace("二".encode(), "一".encode()))
    assert error_of(path) == files.DAMAGED
