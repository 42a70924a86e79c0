"""Refused rows that come back in the user's own layout, are mended and read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from openpyxl.worksheet.datavalidation import DataValidation  # type: ignore[import-untyped]

from lianqiao.ledger.columns import Problem
from lianqiao.workbooks import writing_errors
from lianqiao.workbooks.reading import Reading, read
from lianqiao.workbooks.writing_errors import BAD, FAINT, REASON, error_workbook
from tests.workbooks.ledgers import LEDGERS
from tests.workbooks.makers import VISITS, Formula, ods, visit, xls, xlsx
from tests.workbooks.test_samples import ENTRIES, FOLDER

TITLE = ["互访登记表"]
GOOD, BAD_PEOPLE, BAD_TWICE = visit(), visit(leader="李例", people="约12"), visit("10月", leader="赵例", people=None)
SHEET = [TITLE, VISITS, GOOD, BAD_PEOPLE, BAD_TWICE]


def reading_of(path: Path) -> Reading:
    return read(path, LEDGERS["visits"])


def returned(path: Path, **more: Any) -> Path:
    """The error workbook of a file."""
    reading, target = reading_of(path), path.with_name("退回.xlsx")
    error_workbook(path, reading.refused, reading.ignored, target, **more)
    return target


def sheet_of(path: Path, name: str = "表") -> Any:
    return openpyxl.load_workbook(path)[name]


def table(path: Path, name: str = "表") -> list[list[Any]]:
    """The cells of a sheet, row by row, without what is empty at the ends."""
    rows = [list(row) for row in sheet_of(path, name).iter_rows(values_only=True)]
    for row in rows:
        while row and row[-1] is None:
            row.pop()
    return rows


def places(reading: Reading) -> list[tuple[Any, ...]]:
    return [(p.row, p.field, p.cell, p.why) for p in reading.refused]


def mended(path: Path, cells: Mapping[str, Any], name: str = "表") -> Path:
    """The workbook with cells put right, as a clerk would."""
    book = openpyxl.load_workbook(path)
    for address, value in cells.items():
        book[name][address] = value
    book.save(path)
    return path


def test_bad_cells_are_coloured_and_say_why(tmp_path: Path) -> None:
    sheet = sheet_of(returned(xlsx(tmp_path / "a.xlsx", {"表": SHEET})))
    bad = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == BAD}
    assert bad == {"E4", "A5", "E5"}
    assert sheet["E4"].comment.text == "人数：“约12”不是一个确定的整数。请填整数，如 12。"
    assert sheet["A5"].comment.text.startswith("日期：“10月”")


def test_the_last_column_says_why_for_each_row(tmp_path: Path) -> None:
    rows = table(returned(xlsx(tmp_path / "a.xlsx", {"表": SHEET})))
    assert rows[1] == [*VISITS, REASON]
    assert rows[2] == GOOD
    assert rows[3][-1] == "E4 人数：“约12”不是一个确定的整数。请填整数，如 12。"
    assert rows[4][-1].count("；") == 1


def test_rows_that_were_fine_are_kept_and_greyed(tmp_path: Path) -> None:
    sheet = sheet_of(returned(xlsx(tmp_path / "a.xlsx", {"表": SHEET})))
    assert {cell.font.color.rgb for cell in sheet[3][:6]} == {FAINT}
    assert FAINT not in {cell.font.color and cell.font.color.rgb for row in (1, 2, 4, 5) for cell in sheet[row]}


def test_a_mended_workbook_is_read_whole(tmp_path: Path) -> None:
    path = returned(xlsx(tmp_path / "a.xlsx", {"表": SHEET}))
    reading = reading_of(mended(path, {"E4": 12, "A5": date(2021, 10, 13), "E5": 3}))
    assert places(reading) == []
    assert [row.values["people"] for row in reading.accepted] == [5, 12, 3]


def test_what_is_still_wrong_comes_back_without_the_marks_of_what_was_mended(tmp_path: Path) -> None:
    path = mended(returned(xlsx(tmp_path / "a.xlsx", {"表": SHEET})), {"E4": 12, "A3": "10月", "E5": 3})
    again = returned(path.rename(tmp_path / "b.xlsx"))
    sheet = sheet_of(again)
    bad = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == BAD}
    assert bad == {"A3", "A5"}
    assert {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment} == {"A3", "A5", "G2"}
    assert [bool(sheet.cell(row, 7).value) for row in (2, 3, 4, 5)] == [True, True, False, True]
    assert FAINT not in {cell.font.color.rgb for cell in sheet[3][:6] if cell.font.color}


def test_formulas_drop_downs_widths_and_other_sheets_stay(tmp_path: Path) -> None:
    source = xlsx(
        tmp_path / "a.xlsx",
        {"表": [*SHEET, visit(leader="钱例", days=Formula("=E3-2", 3))], "旧": [["旧数据"]]},
        hidden=["旧"],
    )
    book = openpyxl.load_workbook(source)
    rule = DataValidation("list", formula1='"东部赴西部,西部赴东部"', sqref="B3:B99")
    book["表"].add_data_validation(rule)
    book["表"].column_dimensions["C"].width = 33
    book.save(source)
    target = tmp_path / "退回.xlsx"
    problem = Problem("people", "bad_number", "工作表“表” E4 人数：“约12”不是整数。", "表", 4, "E4")
    error_workbook(source, [problem], reading_of(source).ignored, target)
    made = openpyxl.load_workbook(target)
    assert made["表"]["F6"].value == "=E3-2"
    assert [str(rule.sqref) for rule in made["表"].data_validations.dataValidation] == ["B3:B99"]
    assert made["表"].column_dimensions["C"].width == 33
    assert made["旧"].sheet_state == "hidden"


def test_a_bad_merged_cell_is_marked_where_it_shows(tmp_path: Path) -> None:
    rows = [VISITS, visit(people=30), visit(leader="李例", people=None)]
    sheet = sheet_of(returned(xlsx(tmp_path / "a.xlsx", {"表": rows}, [(1, 4, 2, 4)])))
    assert sheet["E2"].fill.fgColor.rgb == BAD
    assert "合并" in sheet["E2"].comment.text
    assert [merge.coord for merge in sheet.merged_cells.ranges] == ["E2:E3"]


def test_a_comment_of_the_user_s_own_stays(tmp_path: Path) -> None:
    source = xlsx(tmp_path / "a.xlsx", {"表": SHEET})
    book = openpyxl.load_workbook(source)
    book["表"]["E4"].comment = openpyxl.comments.Comment("问一下李主任", "示例")
    book.save(source)
    assert sheet_of(returned(source))["E4"].comment.text.startswith("问一下李主任\n人数：")


def test_a_header_of_two_rows_that_comes_again_is_still_known(tmp_path: Path) -> None:
    upper = ["日期", "方向", "事由", "带队领导", "人员", None]
    lower = [None, None, None, None, "人数", "天数"]
    rows = [upper, lower, [1, 2, 3, 4, 5, 6], GOOD, BAD_PEOPLE, upper, lower, visit(leader="孙例")]
    source = xlsx(tmp_path / "a.xlsx", {"表": rows}, [(0, 4, 0, 5), (5, 4, 5, 5)])
    before = reading_of(source)
    after = reading_of(returned(source))
    assert places(before) == places(after) == [(5, "people", "E5", "bad_number")]
    assert [row.row for row in after.accepted] == [4, 8]


@pytest.mark.parametrize("make", [xls, ods], ids=["xls", "ods"])
def test_other_kinds_of_file_come_back_as_xlsx_with_the_same_cells(tmp_path: Path, make: Any) -> None:
    rows = [TITLE, VISITS, visit(purpose="=1+1"), BAD_PEOPLE, visit(leader="赵例", purpose="同上")]
    source = make(tmp_path / "a.file", {"表": rows}, [(0, 0, 0, 5)])
    target = returned(source)
    assert [row[:6] for row in table(target)] == rows
    assert sheet_of(target)["C3"].data_type == "s"
    assert [merge.coord for merge in sheet_of(target).merged_cells.ranges] == ["A1:F1"]
    assert places(reading_of(target)) == places(reading_of(source))


def test_a_csv_comes_back_with_its_records_as_rows(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_bytes("日期,方向,事由,带队领导,人数\n\n2021-10-12,东部赴西部,=1+1,王例,约5\n".encode("gb18030"))
    target = returned(source)
    assert table(target, "台账")[2][:5] == ["2021-10-12", "东部赴西部", "=1+1", "王例", "约5"]
    assert places(reading_of(target)) == [(3, "people", "E3", "bad_number")]
    assert places(reading_of(mended(target, {"E3": 5}, "台账"))) == []


def test_what_openpyxl_cannot_read_comes_back_plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = xlsx(tmp_path / "a.xlsx", {"表": SHEET})
    load = openpyxl.load_workbook

    def broken(*_: Any) -> None:
        raise KeyError("styles")

    monkeypatch.setattr(openpyxl, "load_workbook", broken)
    target = returned(source)
    monkeypatch.setattr(openpyxl, "load_workbook", load)
    assert [row[3:5] for row in table(target)[2:]] == [["王例", 5], ["李例", "约12"], ["赵例", None]]
    assert places(reading_of(target)) == places(reading_of(source))


def test_only_the_refused_rows_when_asked_for_with_what_they_take_from_above(tmp_path: Path) -> None:
    rows = [
        TITLE,
        VISITS,
        visit(purpose="考察产业"),
        visit(leader="李例", purpose="同上", people="约12"),
        visit(leader="赵例"),
    ]
    target = returned(xlsx(tmp_path / "a.xlsx", {"表": rows, "另": [["说明文字"]]}), only_refused=True)
    assert openpyxl.load_workbook(target).sheetnames == ["表"]
    told, *below = table(target)
    assert "1 行" in told[0]
    assert below[:2] == [TITLE, [*VISITS, REASON]]
    assert below[2][2:5] == ["考察产业", "李例", "约12"]
    assert len(below) == 3
    assert places(reading_of(target)) == [(4, "people", "E4", "bad_number")]


def test_a_sum_over_several_rows_is_not_written_out_for_each(tmp_path: Path) -> None:
    rows = [VISITS, visit(people=30), visit(leader="李例", people=None)]
    target = returned(xlsx(tmp_path / "a.xlsx", {"表": rows}, [(1, 4, 2, 4)]), only_refused=True)
    assert [row[4] for row in table(target)[2:]] == [None, None]
    assert reading_of(target).accepted == []


def test_a_large_file_comes_back_as_its_refused_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing_errors, "MOST_ROWS", len(SHEET) - 1)
    target = returned(xlsx(tmp_path / "a.xlsx", {"表": SHEET}))
    assert "2 行" in table(target)[0][0]
    assert [row[3] for row in table(target)[3:]] == ["李例", "赵例"]


def test_what_belongs_to_no_row_stands_on_a_sheet_of_its_own(tmp_path: Path) -> None:
    source = xlsx(tmp_path / "a.xlsx", {"表": SHEET})
    problem = Problem(None, "not_now", "结对关系尚未审核。")
    for only in (False, True):
        error_workbook(source, [problem], reading_of(source).ignored, tmp_path / "退回.xlsx", only_refused=only)
        assert table(tmp_path / "退回.xlsx", "退回说明") == [["结对关系尚未审核。"]]


def values_of(reading: Reading) -> Sequence[tuple[int, dict[str, Any]]]:
    return [(row.row, row.values) for row in reading.accepted]


def has_formulas(path: Path) -> bool:
    book = openpyxl.load_workbook(path)
    return any(cell.data_type == "f" for sheet in book for cell in sheet._cells.values())


@pytest.mark.skipif(not ENTRIES, reason=f"the sample workbooks are not at {FOLDER}")
@pytest.mark.parametrize("entry", ENTRIES, ids=[f"{e['ledger']}-{e['file'][:2]}" for e in ENTRIES])
def test_a_sample_comes_back_as_it_is_and_reads_the_same(entry: dict[str, Any], tmp_path: Path) -> None:
    before = read(FOLDER / entry["file"], LEDGERS[entry["ledger"]])
    if not before.refused or len(before.accepted) > writing_errors.MOST_ROWS * 0.9:
        pytest.skip("nothing refused, or too large to come back whole")
    error_workbook(FOLDER / entry["file"], before.refused, before.ignored, tmp_path / "退回.xlsx")
    after = read(tmp_path / "退回.xlsx", LEDGERS[entry["ledger"]])
    # openpyxl keeps formulas but not their results: Excel works them out when the clerk opens the file.
    uncalculated = {p.row for p in after.refused if p.why == "error_cell"} - {p.row for p in before.refused}
    assert [p for p in places(after) if p[0] not in uncalculated] == places(before)
    assert values_of(after) == [row for row in values_of(before) if row[0] not in uncalculated]
    assert not uncalculated or has_formulas(FOLDER / entry["file"])
