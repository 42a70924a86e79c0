"""One cell: what is accepted and as what, what is refused and why."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from lianqiao.ledger.columns import Column
from lianqiao.workbooks.cells import Around, Refused, is_blank, read, span, year
from lianqiao.workbooks.marks import CellError

DAY = date(2021, 10, 12)


def column(kind: str, **more: Any) -> Column:
    return Column("x", "列", kind, **more)


def why(answer: Any) -> str | None:
    return answer.why if isinstance(answer, Refused) else None


# Blank and errors (rules 24, 27) --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["text", "int", "money", "date", "choice", "yesno", "person", "id_number", "place"])
@pytest.mark.parametrize(
    "blank", [None, "", "  ", "\u3000", "—", "–", "-", "--", "/", "／", "－", "无", "暂无", " 无\n"]
)
def test_blank_marks_are_blank(kind: str, blank: Any) -> None:
    assert read(blank, column(kind)) is None


@pytest.mark.parametrize("cell", [0, 0.0, False, "0", "无人", "暂无数据", CellError("")])
def test_what_says_something_is_not_blank(cell: Any) -> None:
    assert not is_blank(cell)


def test_until_now_is_blank_only_where_something_ends() -> None:
    assert read("至今", column("date", ending=True)) is None
    assert why(read("至今", column("date"))) == "bad_date"


@pytest.mark.parametrize("kind", ["text", "int", "money", "date", "choice", "person", "id_number"])
@pytest.mark.parametrize("error", [CellError("#REF!"), CellError(""), "#REF!", "#N/A", " #DIV/0! ", "#NAME?", "######"])
def test_errors_are_refused_in_every_kind(kind: str, error: Any) -> None:
    assert why(read(error, column(kind))) == "error_cell"


def test_a_text_with_a_hash_is_text() -> None:
    assert read("#1车间", column("text")) == "#1车间"


# Text (rules 23, 28) --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" 对接 \t", "对接"),
        ("\u3000对接\xa0", "对接"),
        ("对接\n协作", "对接 协作"),
        ("对接\r\n协作", "对接 协作"),
        ("\ufeff对接\u200b", "对接"),
        ("a\x00b\x07", "ab"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("+1", "+1"),
        ("-1", "-1"),
        ("@sum", "@sum"),
        (12, "12"),
        (12.0, "12"),
        (12.5, "12.5"),
        (123456789012345.0, "123456789012345"),
        (True, "TRUE"),
    ],
)
def test_text_is_data(cell: Any, text: str) -> None:
    assert read(cell, column("text")) == text


@pytest.mark.parametrize("cell", [DAY, datetime.combine(DAY, time(9)), time(9), timedelta(1), 6.1e17, float("inf")])
def test_what_excel_changed_is_no_text(cell: Any) -> None:
    assert why(read(cell, column("text"))) == "bad_text"


def test_white_space_inside_a_name_goes() -> None:
    assert read(" 王\u3000 例\n", column("person")) == "王例"


# int (rule 29) --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (12, 12),
        (12.0, 12),
        (0, 0),
        ("12", 12),
        (" 1 2 ", 12),
        ("１２", 12),
        ("1,200", 1200),
        ("１，２００", 1200),
        ("12.0", 12),
        ("十二", 12),
        ("三百", 300),
        ("一百二十", 120),
        ("两千", 2000),
        ("一万", 10000),
        ("一千零五", 1005),
        ("贰拾", 20),
        ("壹拾贰", 12),
        ("12人", 12),
        ("12 人次", 12),
        ("12\n人次", 12),
        ("十二名", 12),
        *((f"3{unit}", 3) for unit in ("人", "名", "人次", "天", "日", "户", "个", "家", "期", "次", "场")),
    ],
)
def test_int_accepts(cell: Any, number: int) -> None:
    assert read(cell, column("int")) == number


@pytest.mark.parametrize(
    "cell",
    [
        "约15", "近30", "20余", "20多人", "几十", "三十多人", "30左右", "30以上", "10-12", "10~12", "10至12", "12.5", 12.5,
        "-6", -6.0, "1,0000", "12,34", ",12", "1,200,00", "12人天", "12岁", "百余人", "三四", "一二十", "两三千", "四五人",
        "一百五", "三万五", "半", "二分之一", "负三", "二〇二一", "十二点五", "1e3", "0x10", "1_000", "+5", "同上", "x",
        "3万", "²", "٣", True, DAY, time(9), 1e300, float("nan"), float("inf"), 2**31, "9" * 400, "1 人 2 人", "合计12",
        "20\n30", "２０\r\n３０人",
    ],
)  # fmt: skip
def test_int_refuses(cell: Any) -> None:
    assert why(read(cell, column("int"))) == "bad_number"


def test_int_has_a_least_value() -> None:
    assert why(read(0, column("int", minimum=1))) == "bad_number"
    assert read(1, column("int", minimum=1)) == 1


@pytest.mark.parametrize("cell", [2021, 2021.0, "2021", "2021年", "2021年度", "２０２１年", " 2021 "])
def test_a_year_is_four_digits(cell: Any) -> None:
    assert read(cell, Column("year", "资金年度", "int")) == year(cell) == 2021


@pytest.mark.parametrize(
    "cell", ["近两年", "21", 21, "2021-2022", "2021年10月", 20211, "1889", "二〇二一年", 2021.5, True]
)
def test_other_years_are_refused(cell: Any) -> None:
    assert why(read(cell, Column("year", "资金年度", "int"))) == "bad_number"


# money (rule 30) ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        (12, 1200),
        (12.34, 1234),
        (0, 0),
        ("12.34", 1234),
        ("1,200.50", 120050),
        ("¥1,200.00", 120000),
        ("￥12,000.00", 1200000),
        ("１２．５", 1250),
        ("50元", 5000),
        ("50万", 50000000),
        ("1.5万元", 1500000),
        ("¥ 2 万元", 2000000),
        ("1.14亿元", 11400000000),
        ("2亿", 20000000000),
        ("20万元整", 20000000),
        ("两千", 200000),
        ("二十万", 20000000),
        ("二十万元", 20000000),
        ("贰拾万元整", 20000000),
        ("贰拾叁万贰仟元整", 23200000),
        ("壹佰零伍元零伍分", 10505),
        ("伍元伍角", 550),
        ("一亿二千万元", 12000000000),
        (0.1 + 0.2, 30),
        (66.00000000000001, 6600),
    ],
)
def test_money_accepts(cell: Any, fen: int) -> None:
    assert read(cell, column("money")) == fen


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        (12, 12000000),
        ("12.5", 12500000),
        ("八十", 80000000),
        ("12元", 1200),
        ("12万元", 12000000),
        ("12亿", 120000000000),
        ("二十万", 20000000),
        (387.1234, 387123400),
        (66.00000000000001, 66000000),
    ],
)
def test_a_bare_amount_takes_the_unit_of_its_column(cell: Any, fen: int) -> None:
    assert read(cell, column("money"), Around(unit=10**4)) == fen


@pytest.mark.parametrize(
    "cell",
    [
        "约5000", "近百万", "300余", "1亿余元", "两三千", "一二十万", "(50)", "-50", -50, -0.01, "12,34", "1,0000", "1.234",
        1.234, "0.001", 33.3333333333, "¥", "元", "万元", "10-20万", "5元5", "五万五", "万", "5千", "$5", "USD5", "5%", "1e5",
        "人民币五元", "12.5.6", True, DAY, float("nan"), float("inf"), 1e30, "9" * 60, "同上", "十五六万", "伍元伍拾角",
        "200\n300", "200 \n 300元",
    ],
)  # fmt: skip
def test_money_refuses(cell: Any) -> None:
    assert why(read(cell, column("money"))) == "bad_number"


def test_a_heading_with_two_units_refuses_bare_amounts_only() -> None:
    assert why(read(12, column("money"), Around(unit=None))) == "bad_number"
    assert read("12万元", column("money"), Around(unit=None)) == 12000000


# date (rules 31 to 33) ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        DAY, datetime.combine(DAY, time(9, 30)), 44481, 44481.0, 44481.75, "44481", "44481.5", 20211012, 20211012.0, "20211012",
        "2021-10-12", "2021/10/12", "2021.10.12", "２０２１－１０－１２", "2021-10-12 09:30", "2021/10/12 9:30:15",
        "2021-10-12T00:00:00", "2021-10-12 00:00:00.000", "2021年10月12日", "2021年10月12号", " 2021年 10月 12日 ",
        "2021年10月12日 9:30", "二〇二一年十月十二日", "二零二一年十月十二日", "二○二一年十月十二号",
    ],
)  # fmt: skip
def test_date_accepts(cell: Any) -> None:
    assert read(cell, column("date")) == DAY


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2021-1-5", date(2021, 1, 5)),
        ("2021.01.05", date(2021, 1, 5)),
        ("2021年1月5日", date(2021, 1, 5)),
        ("二〇二〇年二月二十九日", date(2020, 2, 29)),
        (32874, date(1990, 1, 1)),
        (55153, date(2050, 12, 31)),
    ],
)
def test_dates_with_and_without_zeros(cell: Any, day: date) -> None:
    assert read(cell, column("date")) == day


@pytest.mark.parametrize(
    "cell",
    [
        "2021-02-30", "2021-13-01", "2021.13.05", "2021-00-10", "2021-11-31", 20201032, "2021年", "2021年10月", "2021-10",
        "2021", 2021, "2021年10月中旬", "中旬", "21.10.12", "21-10-12", "10/12/2021", "12-10-2021", "去年秋天", "未完工",
        "同上", "1989-12-31", "2051-01-01", "2201-10-12", date(1989, 12, 31), date(2051, 1, 1), 32873, 55154, 123, 0, -5,
        202110, 2021101, 211012.0, "2021-10/12", "2021.10-12", "10.12", "10-12", "2021年10月12", "2021-10-12前", True,
        time(9), timedelta(1), "二〇二一年十三月一日", "二〇二一年十月", "2021年十月十二日", "2021-10-12 25:00", 1e300,
        float("nan"), float("inf"), "20211012.5", 20211012.5,
    ],
)  # fmt: skip
def test_date_refuses(cell: Any) -> None:
    assert why(read(cell, column("date"))) == "bad_date"


@pytest.mark.parametrize("cell", ["10月12日", "10月12号", "１０月１２日", "十月十二日"])
def test_a_date_without_a_year_takes_it_from_around(cell: str) -> None:
    assert read(cell, column("date"), Around(year=2021)) == DAY
    assert why(read(cell, column("date"))) == "bad_date"


def test_the_day_of_another_year_s_february_is_refused() -> None:
    assert why(read("2月29日", column("date"), Around(year=2021))) == "bad_date"
    assert read("2月29日", column("date"), Around(year=2020)) == date(2020, 2, 29)


@pytest.mark.parametrize(
    ("cell", "last"),
    [
        ("10月12日-14日", 14),
        ("10月12日至14日", 14),
        ("10月12—14日", 14),
        ("10月12日—10月14日", 14),
        ("2021年10月12日到14日", 14),
        ("2021年10月12日-2021年10月14日", 14),
        ("2021.10.12-10.14", 14),
        ("2021.10.12-14", 14),
        ("2021/10/12-2021/10/14", 14),
        ("2021-10-12~2021-10-14", 14),
        ("2021-10-12-14", 14),
        ("2021.10.12——10.14", 14),
        ("20211012-20211014", 14),
        (" 10月12日 ～ 14日", 14),
        ("10月12日-12日", 12),
    ],
)
def test_a_span_has_two_ends(cell: str, last: int) -> None:
    assert span(cell, Around(year=2021)) == (DAY, date(2021, 10, last))
    assert why(read(cell, column("date"), Around(year=2021))) == "bad_date"


def test_a_span_over_the_end_of_a_month_or_year() -> None:
    assert span("9月29日—10月2日", Around(year=2021)) == (date(2021, 9, 29), date(2021, 10, 2))
    assert span("2021年12月30日-2022年1月2日", Around()) == (date(2021, 12, 30), date(2022, 1, 2))


@pytest.mark.parametrize("cell", ["10月14日-12日", "12月30日-1月2日", "10月12日-32日", "2月30日-31日"])
def test_a_bad_span_is_refused(cell: str) -> None:
    assert why(span(cell, Around(year=2021))) == "bad_date"


def test_a_span_without_any_year_is_refused() -> None:
    assert why(span("10月12日-14日", Around())) == "bad_date"


@pytest.mark.parametrize("cell", ["2021-10-12", "10月12日", "5.10-5.13", "10月", "", None, 44481, DAY])
def test_what_is_no_span(cell: Any) -> None:
    assert span(cell, Around(year=2021)) is None


# choice, yes and no (rule 34) -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["832平台", " ８３２平台 ", "832 平台\n"])
def test_a_choice_is_a_word_of_the_ledger(cell: str) -> None:
    assert read(cell, column("choice", choices=("832平台", "专柜"))) == "832平台"


@pytest.mark.parametrize("cell", ["832", "县处级", "专柜、专区", "智能专柜", 832, DAY, True, "同上"])
def test_other_words_are_refused(cell: Any) -> None:
    assert why(read(cell, column("choice", choices=("832平台", "专柜")))) == "bad_choice"


@pytest.mark.parametrize(("cell", "truth"), [("是", True), ("√", True), ("否", False), ("×", False), (" 是 ", True)])
def test_yes_and_no(cell: str, truth: bool) -> None:
    assert read(cell, column("yesno")) is truth


@pytest.mark.parametrize("cell", ["对", "y", "Y", "x", 1, 0, True, False, "是否", DAY])
def test_other_yes_and_no_are_refused(cell: Any) -> None:
    assert why(read(cell, column("yesno"))) == "bad_choice"


# ids (rule 35) --------------------------------------------------------------------------------------------------------

GOOD_ID = "11010519491231002X"
GOOD_CODE = "91350100M000100Y43"


@pytest.mark.parametrize(
    "cell",
    [
        GOOD_ID,
        GOOD_ID.lower(),
        f"'{GOOD_ID}",
        f"\t{GOOD_ID}",
        f'="{GOOD_ID}"',
        "110105 19491231 002Ｘ",
        "１１０１０５19491231002X",
    ],
)
def test_an_id_number_is_read(cell: str) -> None:
    assert read(cell, column("id_number")) == GOOD_ID


@pytest.mark.parametrize(
    "cell",
    ["110105194912310021", "11010519491331002X", "110105194912", "130503670401001", "110105****1231002X", "", 1.1e17,
     110105194912310021, "11010519491231002X1", "x" * 18, DAY, True, "''" + GOOD_ID],
)  # fmt: skip
def test_other_id_numbers_are_refused(cell: Any) -> None:
    assert why(read(cell, column("id_number"))) == ("bad_id" if cell != "" else None)


def test_an_id_number_with_an_impossible_birthday_is_refused() -> None:
    digits = "11010519490230002"
    checked = [read(digits + last, column("id_number")) for last in "0123456789X"]
    assert {why(answer) for answer in checked} == {"bad_id"}


@pytest.mark.parametrize("cell", [GOOD_CODE, GOOD_CODE.lower(), f" {GOOD_CODE}\t", "９１350100M000100Y43"])
def test_a_credit_code_is_read(cell: str) -> None:
    assert read(cell, column("credit_code")) == GOOD_CODE


@pytest.mark.parametrize(
    "cell", ["91350100M000100Y44", "91350100M000100Y4", "91350100I000100Y43", "610426100000123", 9.1e17]
)
def test_other_credit_codes_are_refused(cell: Any) -> None:
    assert why(read(cell, column("credit_code"))) == "bad_id"


def test_every_message_says_what_to_do() -> None:
    bad: dict[str, Any] = {
        "int": "约15",
        "money": "约15",
        "date": "去年",
        "choice": "x",
        "yesno": "x",
        "id_number": "1",
        "credit_code": "1",
        "text": DAY,
    }
    for kind, cell in bad.items():
        answer = read(cell, column(kind, choices=("a",)))
        assert isinstance(answer, Refused)
        assert "请" in answer.message
        assert "非法" not in answer.message
