"""A workbook as rows: what is data and what is not, the rules between cells and rows, and what comes out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lianqiao.workbooks.reading import NO_HEADER, as_json, read
from lianqiao.workbooks.rows import letters
from tests.workbooks.ledgers import LEDGERS
from tests.workbooks.makers import (
    VISITS,
    Formula,
    ignored,
    ods,
    readings,
    refusals,
    values,
    visit,
    xls,
    xlsx,
)

JOB = ["姓名", "身份证号", "是否脱贫人口", "就业单位", "就业地区", "入职日期", "离职日期", "月工资"]
ID = "11010519491231002X"


# What comes out (rules 1 to 5) ----------------------------------------------------------------------------------------


def test_a_good_row_is_accepted_with_its_values(tmp_path: Path) -> None:
    (row,) = readings(tmp_path, [VISITS, visit()], name="2021年").accepted
    assert (row.sheet, row.row) == ("2021年", 2)
    assert row.values == {
        "occurred_on": date(2021, 10, 12), "direction": "东部赴西部", "purpose": "考察", "leader": "王例", "people": 5, "days": 2,
    }  # fmt: skip
    assert row.cells["people"] == "E2"


def test_blank_optional_cells_are_left_out(tmp_path: Path) -> None:
    (row,) = values(readings(tmp_path, [VISITS, visit(purpose="—", leader="无", days=None)]))
    assert row.keys() == {"occurred_on", "direction", "people"}


def test_every_bad_cell_of_a_row_is_named(tmp_path: Path) -> None:
    reading = readings(tmp_path, [VISITS, visit("2021-02-30", direction="靖江→永寿", people="约15", days="几天")])
    assert reading.accepted == []
    assert refusals(reading) == [
        (2, "occurred_on", "A2", "bad_date"),
        (2, "direction", "B2", "bad_choice"),
        (2, "people", "E2", "bad_number"),
        (2, "days", "F2", "bad_number"),
    ]


def test_a_message_says_where_what_and_what_to_do(tmp_path: Path) -> None:
    (problem,) = readings(tmp_path, [VISITS, visit(people="约15")]).refused
    assert problem.message == "工作表“表” E2 人数：“约15”不是一个确定的整数。请填整数，如 12。"
    assert problem.value == "约15"


def test_a_wrong_id_number_is_repeated_nowhere(tmp_path: Path) -> None:
    row = ["王例", "110105194912310021", "是", "示例公司", "其他地区", "2021-1-1", None, None]
    (problem,) = readings(tmp_path, [JOB, row], "jobs").refused
    assert "1949" not in problem.message + problem.value


def test_the_json_has_iso_dates_and_fen(tmp_path: Path) -> None:
    row = ["王例", ID, "√", "示例公司", "其他地区", "2021-1-1", "至今", 5000.5]
    answer = as_json(readings(tmp_path, [JOB, row, [*row[:5], "去年", None, None], ["合计", 2]], "jobs"))
    assert answer["accepted"] == [
        {
            "sheet": "表",
            "row": 2,
            "values": {
                "name": "王例", "id_number": ID, "lifted": True, "employer": "示例公司", "destination": "其他地区",
                "started_on": "2021-01-01", "wage": 500050,
            },
        }
    ]  # fmt: skip
    assert [{k: r[k] for k in ("sheet", "row", "cell", "field", "why", "value")} for r in answer["refused"]] == [
        {"sheet": "表", "row": 3, "cell": "F3", "field": "started_on", "why": "bad_date", "value": "去年"}
    ]
    assert answer["ignored"] == [
        {"sheet": "表", "row": 1, "why": "header"},
        {"sheet": "表", "row": 4, "why": "subtotal"},
    ]


def test_the_json_of_an_unreadable_file_is_an_error(tmp_path: Path) -> None:
    answer = as_json(readings(tmp_path, [["关于报送情况的函"]]))
    assert answer == {"ledger": "visits", "error": NO_HEADER.format(name="互访台账")}


@pytest.mark.parametrize(
    ("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
)
def test_columns_have_letters(index: int, name: str) -> None:
    assert letters(index) == name


# Sheets (rules 9 to 12) -----------------------------------------------------------------------------------------------


def test_hidden_sheets_are_never_read(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a", {"旧": [VISITS, visit(people=9)], "新": [VISITS, visit()]}, hidden=["旧"])
    reading = read(path, LEDGERS["visits"])
    assert [row.sheet for row in reading.accepted] == ["新"]
    assert [(row.sheet, row.row, row.why) for row in reading.ignored if row.sheet == "旧"] == [("旧", 0, "hidden")]


def test_sheets_without_a_header_of_the_ledger_are_notes(tmp_path: Path) -> None:
    other = ["名称", "园区类型", "共建日期"]
    path = xlsx(
        tmp_path / "a", {"说明": [["填表说明"], ["1.填全"]], "表": [VISITS, visit()], "园区": [other], "空": []}
    )
    reading = read(path, LEDGERS["visits"])
    assert [(r.sheet, r.row, r.why) for r in reading.ignored if r.sheet != "表"] == [
        ("说明", 0, "note"), ("园区", 0, "note"), ("空", 0, "note"),
    ]  # fmt: skip


def test_each_sheet_has_its_own_header_order_and_units(tmp_path: Path) -> None:
    sheets = {
        "一": [["单位：万元"], ["到账日期", "来源", "金额"], ["2021-1-1", "省级财政", 2]],
        "二": [["金额（元）", "来源", "到账日期"], [5, "镇村", "2021-1-2"]],
        "三": [["来源", "到账日期", "金额"], ["镇村", "2021-1-3", 6]],
    }
    reading = read(xlsx(tmp_path / "a", sheets), LEDGERS["receipts"])
    assert [row["amount"] for row in values(reading)] == [2000000, 500, 600]


@pytest.mark.parametrize("rows", [[], [[]], [["", "  "]], [["日期"]], [["互访", "情况"]]])
def test_a_file_without_a_header_is_unreadable(tmp_path: Path, rows: list[list[Any]]) -> None:
    assert readings(tmp_path, rows).error


def test_a_file_whose_only_header_is_hidden_is_unreadable(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a", {"旧": [VISITS, visit()], "新": [["说明"]]}, hidden=["旧"])
    assert read(path, LEDGERS["visits"]).error


def test_blank_rows_after_the_last_filled_one_are_not_listed(tmp_path: Path) -> None:
    reading = readings(tmp_path, [VISITS, [], visit(), [], ["  "], [None, "\u3000"]])
    assert ignored(reading) == [(1, "header"), (2, "blank")]


def test_a_header_without_data_is_no_error(tmp_path: Path) -> None:
    reading = readings(tmp_path, [VISITS])
    assert (reading.error, ignored(reading)) == (None, [(1, "header")])


# Header and what repeats it (rules 13 to 16) --------------------------------------------------------------------------


def test_lines_above_the_header_are_titles(tmp_path: Path) -> None:
    reading = readings(tmp_path, [["2021年互访台账"], [], ["填报单位：县"], VISITS, visit()])
    assert ignored(reading) == [(1, "title"), (2, "blank"), (3, "title"), (4, "header")]


def test_a_missing_required_column_refuses_each_data_row(tmp_path: Path) -> None:
    reading = readings(tmp_path, [["日期", "事由", "人数"], ["2021-1-1", "a", 3], ["2021-1-2", "b", "约3"]])
    assert refusals(reading) == [
        (2, "direction", None, "missing"), (3, "people", "C3", "bad_number"), (3, "direction", None, "missing"),
    ]  # fmt: skip


def test_columns_that_are_not_ours_are_skipped_whatever_is_in_them(tmp_path: Path) -> None:
    rows = [["序号", *VISITS, "联系人"], [Formula("=1/0", "#DIV/0!"), *visit(), date(2021, 1, 1)]]
    assert len(values(readings(tmp_path, rows))) == 1


def test_repeated_headers_and_titles_are_known(tmp_path: Path) -> None:
    title = ["互访台账", None, "示例"]
    rows = [title, VISITS, [1, 2, 3, 4, 5, 6], visit(), title, VISITS, [1, 2, 3, 4, 5, 6], visit("2021-10-13")]
    reading = readings(tmp_path, rows)
    assert len(reading.accepted) == 2
    assert ignored(reading) == [(1, "title"), (2, "header"), (3, "header"), (5, "title"), (6, "header"), (7, "header")]


def test_a_repeated_pair_of_header_rows_is_known(tmp_path: Path) -> None:
    pair = [["项目编号", "项目名称", "资金(万元)", None], [None, None, "计划协作资金", "其他资金"]]
    reading = readings(tmp_path, [*pair, ["YS-1", "甲", 5, 6], *pair, ["YS-2", "乙", 5, 6]], "projects")
    assert ignored(reading) == [(1, "header"), (2, "header"), (4, "header"), (5, "header")]
    assert {problem.field for problem in reading.refused} == {"kind", "approved_on"}


def test_a_header_in_another_order_further_down_holds_from_there(tmp_path: Path) -> None:
    other = ["人数", "日期", "带队领导", "事由", "方向", "天数"]
    reading = readings(tmp_path, [VISITS, visit(), other, [7, "2021-10-13", "李例", "对接", "西部赴东部", 1]])
    assert [row["people"] for row in values(reading)] == [5, 7]
    assert reading.accepted[1].cells["people"] == "A4"


def test_a_unit_above_a_repeated_header_holds_from_there(tmp_path: Path) -> None:
    header = ["到账日期", "来源", "金额"]
    rows = [["单位：万元"], header, ["2021-1-1", "镇村", 2], ["单位：元"], header, ["2021-1-2", "镇村", 2]]
    assert [row["amount"] for row in values(readings(tmp_path, rows, "receipts"))] == [2000000, 200]


def test_a_repeated_header_without_a_unit_above_keeps_the_first(tmp_path: Path) -> None:
    header = ["到账日期", "来源", "金额"]
    rows = [["单位：万元"], header, ["2021-1-1", "镇村", 2], ["镇村资金"], header, ["2021-1-2", "镇村", 2]]
    assert [row["amount"] for row in values(readings(tmp_path, rows, "receipts"))] == [2000000, 2000000]


def test_a_year_above_a_repeated_header_holds_from_there(tmp_path: Path) -> None:
    rows = [["2020年互访"], VISITS, visit("10月12日"), ["2021年互访"], VISITS, visit("10月12日")]
    assert [row["occurred_on"].year for row in values(readings(tmp_path, rows))] == [2020, 2021]


# Rows that are no data (rules 17 to 22) -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [[7], ["7"], ["（7）"], [7, None, "  "], [7, "—", "/"], [None, "—"], [7, None, None, None, None, None, None, 0]],
)
def test_a_prefilled_number_is_blank(tmp_path: Path, row: list[Any]) -> None:
    reading = readings(tmp_path, [["序号", *VISITS, "单价"], row, [1, *visit(), 5]])
    assert ignored(reading) == [(1, "header"), (2, "blank")]


def test_a_number_in_our_column_is_not_blank(tmp_path: Path) -> None:
    reading = readings(tmp_path, [["序号", *VISITS], [7, None, None, None, None, 5], [1, *visit()]])
    assert {row for row, *_ in refusals(reading)} == {2}


@pytest.mark.parametrize(
    "lead", ["小计", "合  计", "总计：", "共计3批", "累计", "2021年合计", "上半年小计", "上半年小计：", "合\n计"]
)
def test_sums_are_subtotals(tmp_path: Path, lead: str) -> None:
    assert ignored(readings(tmp_path, [VISITS, visit(), [None, lead, None, None, 99]]))[-1] == (3, "subtotal")


@pytest.mark.parametrize(
    "lead",
    [
        "注：人数含领导",
        "注:x",
        "备注：x",
        "说明：x",
        "填表人：甲",
        "填报人",
        "制表：乙",
        "审核",
        "复核人：丙",
        "单位负责人：",
    ],
)
def test_notes_are_notes_even_with_data_below(tmp_path: Path, lead: str) -> None:
    reading = readings(tmp_path, [VISITS, [lead, None, None, "x", 5], visit()])
    assert ignored(reading) == [(1, "header"), (2, "note")]


def test_a_single_cell_is_a_section_if_data_follow_and_else_a_note(tmp_path: Path) -> None:
    rows = [VISITS, ["监军街道"], ["其中"], visit(), ["以上为示例"], ["合计", None, None, None, 5], [None, "完"]]
    assert ignored(readings(tmp_path, rows)) == [
        (1, "header"), (2, "section"), (3, "section"), (5, "note"), (6, "subtotal"), (7, "note"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "row",
    [
        ["一、2020年", None, None, None, 99],
        ["（一）政府", None, None, "x", 99],
        ["第一批", None, None, "x"],
        ["一", "教育类"],
        ["（二）", None, "卫生类"],
        ["三", "农业类", None, None, 99],
        ["一、合计数", "—", None, None, 99],
    ],
)
def test_numbered_rows_without_a_date_are_sections(tmp_path: Path, row: list[Any]) -> None:
    rows = [["类别", "层级", "方向", "事由", "人数", "日期"], row, [None, None, "东部赴西部", "考察", 5, "2021-10-12"]]
    assert ignored(readings(tmp_path, rows)) == [(1, "header"), (2, "section")]


def test_a_numbered_row_with_a_date_is_data(tmp_path: Path) -> None:
    rows = [["事由", "日期", "方向", "人数"], ["一、考察", "2021-10-12", "东部赴西部", 5]]
    assert values(readings(tmp_path, rows))[0]["purpose"] == "一、考察"


def test_a_numbered_row_under_a_merged_date_is_data(tmp_path: Path) -> None:
    rows = [
        ["日期", "事由", "方向", "人数"],
        ["2021-10-12", "第一批", "东部赴西部", 5],
        [None, "第二批", "东部赴西部", 6],
    ]
    assert len(values(readings(tmp_path, rows, merges=[(1, 0, 2, 0)]))) == 2


def test_a_numbered_row_of_several_texts_is_data(tmp_path: Path) -> None:
    rows = [["序号", *VISITS], ["一", None, "东部赴西部", "考察", "王例", 5, 2]]
    assert refusals(readings(tmp_path, rows)) == [(2, "occurred_on", "B2", "missing")]


def test_a_row_of_two_cells_is_data(tmp_path: Path) -> None:
    reading = readings(tmp_path, [VISITS, ["2021-10-12", None, "考察"], visit()])
    assert [(row, field) for row, field, *_ in refusals(reading)] == [(2, "direction"), (2, "people")]


# Cells that point elsewhere (rules 24 to 28) --------------------------------------------------------------------------


def test_ditto_repeats_the_nearest_data_row_above(tmp_path: Path) -> None:
    rows = [
        VISITS,
        visit(),
        ["合计", None, None, None, 5],
        visit("2021-10-13", direction="同上", purpose="〃", leader="同上"),
    ]
    second = values(readings(tmp_path, rows))[1]
    assert (second["direction"], second["purpose"], second["leader"]) == ("东部赴西部", "考察", "王例")


def test_ditto_of_ditto_and_of_a_blank(tmp_path: Path) -> None:
    rows = [VISITS, visit(purpose=None), visit("2021-10-13", purpose="同上"), visit("2021-10-14", purpose=" 同上 ")]
    assert ["purpose" in row for row in values(readings(tmp_path, rows))] == [False, False, False]


def test_white_space_inside_ditto_counts_only_in_texts(tmp_path: Path) -> None:
    head = ["姓名", "方向", "类别", "接收单位", "起始日期", "岗位"]
    first = ["王例", "东部派往西部", "教育", "示例小学", "2021-1-1", "教师"]
    second = ["同 上", "同　上", "〃", "示例中学", "2021-1-2", "同 上"]
    row = values(readings(tmp_path, [head, first, second], "secondments"))[1]
    assert (row["name"], row["direction"], row["post"]) == ("王例", "东部派往西部", "同 上")


def test_ditto_of_a_bad_cell_is_bad(tmp_path: Path) -> None:
    rows = [VISITS, visit(direction="往东"), visit("2021-10-13", direction="同上")]
    assert [(row, field, why) for row, field, _, why in refusals(readings(tmp_path, rows))] == [
        (2, "direction", "bad_choice"), (3, "direction", "bad_choice"),
    ]  # fmt: skip


def test_ditto_of_a_good_cell_in_a_refused_row_is_good(tmp_path: Path) -> None:
    rows = [VISITS, visit(people="约5"), visit("2021-10-13", direction="同上")]
    assert [row for row, *_ in refusals(readings(tmp_path, rows))] == [2]


def test_ditto_with_nothing_above_is_missing(tmp_path: Path) -> None:
    reading = readings(tmp_path, [VISITS, visit(direction="同上", purpose="同上")])
    assert refusals(reading) == [(2, "direction", "B2", "missing"), (2, "purpose", "C2", "missing")]


def test_ditto_does_not_reach_over_to_another_sheet(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a", {"一": [VISITS, visit()], "二": [VISITS, visit("2021-1-1", direction="同上")]})
    assert [(p.sheet, p.field) for p in read(path, LEDGERS["visits"]).refused] == [("二", "direction")]


@pytest.mark.parametrize(
    ("cells", "why"),
    [({"day": "同上"}, "bad_date"), ({"people": "同上"}, "bad_number"), ({"days": "〃"}, "bad_number")],
)
def test_ditto_is_refused_in_dates_and_numbers(tmp_path: Path, cells: dict[str, Any], why: str) -> None:
    reading = readings(tmp_path, [VISITS, visit(), visit(**{"day": "2021-10-13", **cells})])
    assert [problem.why for problem in reading.refused] == [why]


@pytest.mark.parametrize("make", [xlsx, ods, xls])
def test_a_merged_text_or_date_counts_for_each_row(tmp_path: Path, make: Any) -> None:
    day = date(2021, 10, 12) if make is not xls else "2021-10-12"
    rows = [VISITS, visit(day), [None, None, "对接", "李例", 6, 1], [None, None, "洽谈", "赵例", 7, 1]]
    path = make(tmp_path / "a", {"表": rows}, merges=[(1, 0, 3, 0), (1, 1, 3, 1)])
    found = values(read(path, LEDGERS["visits"]))
    assert [(row["occurred_on"], row["direction"]) for row in found] == [(date(2021, 10, 12), "东部赴西部")] * 3


@pytest.mark.parametrize("make", [xlsx, ods, xls])
def test_a_merged_number_is_refused_in_every_row(tmp_path: Path, make: Any) -> None:
    rows = [VISITS, visit(), visit("2021-10-13", people=None), visit("2021-10-14", people=4)]
    path = make(tmp_path / "a", {"表": rows}, merges=[(1, 4, 2, 4)])
    assert refusals(read(path, LEDGERS["visits"])) == [
        (2, "people", "E2", "bad_number"),
        (3, "people", "E3", "bad_number"),
    ]


def test_a_merged_amount_and_a_merged_id_are_refused(tmp_path: Path) -> None:
    good = ["王例", ID, "是", "示例公司", "其他地区", "2021-1-1", None, 100]
    rows = [JOB, good, ["李例", None, "是", "示例公司", "其他地区", "2021-1-2", None, None]]
    reading = readings(tmp_path, rows, "jobs", merges=[(1, 1, 2, 1), (1, 7, 2, 7)])
    assert [(row, field) for row, field, *_ in refusals(reading)] == [
        (2, "id_number"), (2, "wage"), (3, "id_number"), (3, "wage"),
    ]  # fmt: skip


def test_cells_merged_sideways_only_are_plain(tmp_path: Path) -> None:
    reading = readings(tmp_path, [VISITS, visit(days=None)], merges=[(1, 4, 1, 5)])
    assert values(reading)[0]["people"] == 5


def test_a_row_of_which_only_merged_cells_are_filled_and_one_more_is_data(tmp_path: Path) -> None:
    rows = [["日期", "方向", "人数"], ["2021-10-12", "东部赴西部", 5], [None, None, 6]]
    reading = readings(tmp_path, rows, merges=[(1, 0, 2, 0), (1, 1, 2, 1)])
    assert refusals(reading) == [(3, "occurred_on", "A3", "duplicate")]


def test_a_formula_counts_by_its_stored_result(tmp_path: Path) -> None:
    reading = readings(tmp_path, [VISITS, visit(people=Formula("=2+3", 5), days=Formula("=A9"))])
    assert refusals(reading) == [(2, "days", "F2", "error_cell")]


def test_csv_errors_are_errors(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("日期,方向,人数,考察点\n2021-10-12,东部赴西部,5,#REF!\n", "utf-8")
    assert refusals(read(path, LEDGERS["visits"])) == [(2, "places", "D2", "error_cell")]


# Years and spans (rules 32, 33) ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("told", [2020, "2020年", "2020年度", 2020.0])
def test_the_column_of_years_comes_first(tmp_path: Path, told: Any) -> None:
    rows = [["2021年互访"], ["年度", *VISITS], [told, *visit("10月12日")], ["", *visit("10月13日")]]
    assert [row["occurred_on"].year for row in values(readings(tmp_path, rows))] == [2020, 2021]


def test_a_merged_year_dates_each_row(tmp_path: Path) -> None:
    rows = [["年度", *VISITS], [2020, *visit("10月12日")], [None, *visit("10月13日")]]
    reading = readings(tmp_path, rows, merges=[(1, 0, 2, 0)])
    assert [row["occurred_on"].year for row in values(reading)] == [2020, 2020]


def test_a_year_that_cannot_be_read_is_not_replaced_by_another(tmp_path: Path) -> None:
    rows = [["2021年互访"], ["年度", *VISITS], ["2019-2020", *visit("10月12日")]]
    assert [why for *_, why in refusals(readings(tmp_path, rows))] == ["bad_date"]


def test_the_year_of_the_funds_dates_nothing(tmp_path: Path) -> None:
    rows = [["到账日期", "来源", "金额", "年度"], ["10月12日", "镇村", 5, 2021]]
    assert [why for *_, why in refusals(readings(tmp_path, rows, "receipts"))] == ["bad_date"]


def test_a_span_gives_the_days_of_a_visit(tmp_path: Path) -> None:
    rows = [VISITS, visit("2021.10.12-14", days=None), visit("2021.10.15-16", days=9), visit("2021.10.20-22", days="—")]
    found = values(readings(tmp_path, rows))
    assert [(row["occurred_on"].day, row["days"]) for row in found] == [(12, 3), (15, 9), (20, 3)]


def test_a_span_gives_the_days_where_there_is_no_such_column(tmp_path: Path) -> None:
    rows = [["2021年"], ["日期", "方向", "人数"], ["10月12日-14日", "东部赴西部", 5]]
    assert values(readings(tmp_path, rows))[0]["days"] == 3


def test_a_span_with_bad_days_is_refused_at_the_days(tmp_path: Path) -> None:
    assert refusals(readings(tmp_path, [VISITS, visit("2021.10.12-14", days="约3")])) == [
        (2, "days", "F2", "bad_number")
    ]


def test_a_backward_span_is_refused(tmp_path: Path) -> None:
    assert refusals(readings(tmp_path, [VISITS, visit("2021.10.14-12")])) == [(2, "occurred_on", "A2", "bad_date")]


def test_a_span_elsewhere_is_refused(tmp_path: Path) -> None:
    rows = [["开班日期", "班次名称", "类别", "培训人次"], ["2021年5月10日-14日", "甲", "其他", 5]]
    assert refusals(readings(tmp_path, rows, "trainings")) == [(2, "start", "A2", "bad_date")]


# Between cells and rows (rules 36 to 39) ------------------------------------------------------------------------------

WORKSHOP = ["名称", "地点", "认定日期", "退出日期", "吸纳就业", "其中脱贫人口"]


def test_a_part_above_its_whole_is_refused_at_the_part(tmp_path: Path) -> None:
    rows = [WORKSHOP, ["甲", "x", "2021-1-1", None, 5, 6], ["乙", "x", "2021-1-1", None, 5, 5]]
    assert refusals(readings(tmp_path, rows, "workshops")) == [(2, "lifted_jobs", "F2", "whole_part")]


def test_a_step_before_an_earlier_one_is_refused_at_the_later(tmp_path: Path) -> None:
    header = ["项目编号", "项目名称", "类型", "计划协作资金", "立项日期", "开工日期", "完工日期", "验收日期"]
    head = ["YS", "甲", "其他", 5]
    rows = [
        header,
        [*head, "2021-3-1", "2021-2-1", "2021-4-1", None],
        [*head, "2021-3-1", None, "2021-2-1", None],
        [*head, "2021-3-1", "2021-4-1", None, "2021-3-15"],
        [*head, "2021-3-1", "2021-3-1", "2021-3-1", "2021-3-1"],
    ]
    assert refusals(readings(tmp_path, rows, "projects")) == [
        (2, "started_on", "F2", "order_of_dates"), (3, "completed_on", "G3", "order_of_dates"),
        (4, "accepted_on", "H4", "order_of_dates"),
    ]  # fmt: skip


def test_a_donation_needs_one_of_its_dates(tmp_path: Path) -> None:
    header = ["认捐日期", "到账日期", "捐赠方", "形式", "金额", "受赠方"]
    tail = ["某公司", "资金", 5, "某校"]
    rows = [header, [None, "—", *tail], ["2021-1-1", None, *tail], [None, "2021-1-1", *tail]]
    assert refusals(readings(tmp_path, rows, "donations")) == [(2, "received_on", "B2", "missing")]


def test_a_donation_without_date_columns_has_no_cell(tmp_path: Path) -> None:
    rows = [["捐赠方", "形式", "金额", "受赠方"], ["某公司", "资金", 5, "某校"]]
    assert refusals(readings(tmp_path, rows, "donations")) == [(2, "received_on", None, "missing")]


def test_the_rules_between_cells_wait_for_good_cells(tmp_path: Path) -> None:
    rows = [WORKSHOP, ["甲", "x", "2021-1-1", "2020-1-1", "约5", 6]]
    assert refusals(readings(tmp_path, rows, "workshops")) == [(2, "jobs", "E2", "bad_number")]


def test_the_second_row_of_a_key_is_a_duplicate(tmp_path: Path) -> None:
    reading = readings(tmp_path, [VISITS, visit(), visit("2021年10月12日", purpose="考 察", people=9)])
    assert refusals(reading) == [(3, "occurred_on", "A3", "duplicate")]
    assert [row.row for row in reading.accepted] == [2]


def test_a_refused_row_takes_no_key(tmp_path: Path) -> None:
    reading = readings(tmp_path, [VISITS, visit(people="约5"), visit()])
    assert [row.row for row in reading.accepted] == [3]


def test_a_duplicate_on_another_sheet_is_one(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a", {"一": [VISITS, visit()], "二": [VISITS, visit()]})
    assert [(p.sheet, p.why) for p in read(path, LEDGERS["visits"]).refused] == [("二", "duplicate")]


def test_a_row_with_another_key_is_none(tmp_path: Path) -> None:
    assert len(values(readings(tmp_path, [VISITS, visit(), visit(leader="李例"), visit(leader=None)]))) == 3


def test_the_number_of_an_entry_is_its_identity(tmp_path: Path) -> None:
    rows = [
        ["编号", *VISITS],
        ["HF-2021-0001", *visit()],
        ["HF-2021-0002", *visit()],
        ["HF-2021-0001", *visit("2021-1-1")],
    ]
    reading = readings(tmp_path, rows)
    assert [row["number"] for row in values(reading)] == ["HF-2021-0001", "HF-2021-0002"]
    assert [(row, why) for row, *_, why in refusals(reading)] == [(4, "duplicate")]


@pytest.mark.parametrize("cell", ["1", "壹", 1, "互访1号"])
def test_a_column_of_serial_numbers_is_no_identity(tmp_path: Path, cell: Any) -> None:
    assert "number" not in values(readings(tmp_path, [["编号", *VISITS], [cell, *visit()]]))[0]


def test_same_words_in_two_columns_are_read_by_each_column_s_rules(tmp_path: Path) -> None:
    rows = [VISITS, visit(purpose="5", leader="5", people="5", days="5")]
    assert {k: v for k, v in values(readings(tmp_path, rows))[0].items() if v in (5, "5")} == {
        "purpose": "5", "leader": "5", "people": 5, "days": 5,
    }  # fmt: skip
