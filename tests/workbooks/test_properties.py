"""What holds for any cells in any layout: nothing raises, no row vanishes, and what is written reads back."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianqiao.core.numerals import chinese, financial
from lianqiao.ledger.columns import Column
from lianqiao.workbooks import reading
from lianqiao.workbooks.cells import Around, Refused, is_ditto, read, shortcuts
from lianqiao.workbooks.files import Opened, Sheet
from lianqiao.workbooks.marks import CellError
from tests.workbooks.ledgers import LEDGERS
from tests.workbooks.makers import VISITS, visit, xls, xlsx

SEEDED = settings(derandomize=True, deadline=None)
KINDS = [
    "text",
    "place",
    "person",
    "phone",
    "reference",
    "int",
    "money",
    "date",
    "choice",
    "yesno",
    "id_number",
    "credit_code",
]
DAYS = st.dates(date(1990, 1, 1), date(2050, 12, 31))

WORDS = st.sampled_from(
    [
        *VISITS, "同上", "〃", "合计", "小计", "注：x", "填表人：x", "一、2020年", "（一）", "一", "第一批", "东部赴西部", "—", "1",
        " ", "无", "至今", "2021年", "10月12日", "2021-10-12", "10月12日-14日", "约15", "12人", "#REF!", "单位：万元", "2021年互访",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    WORDS, st.text("0123456789年月日人万元亿一二十百.,-/—()（）：同上 \t\n合计注", max_size=12), st.text(max_size=6)
)
CELLS: st.SearchStrategy[Any] = st.one_of(
    st.none(), TEXTS, TEXTS, st.integers(-5, 60000), st.integers(), st.floats(), st.booleans(), DAYS, st.datetimes(),
    st.times(), st.timedeltas(), st.just(CellError("#N/A")), st.just(CellError()),
)  # fmt: skip
GOOD_ROWS = st.builds(lambda day, people: visit(day, people=people), DAYS, st.integers(1, 99))
HEADERS = st.one_of(st.just(VISITS), st.permutations(VISITS))
ROWS = st.lists(st.one_of(st.lists(CELLS, max_size=8), GOOD_ROWS, HEADERS), max_size=25)
SPANS = st.tuples(st.integers(0, 25), st.integers(0, 7), st.integers(0, 5), st.integers(0, 2))


def opened(rows: list[list[Any]], merges: list[tuple[int, int, int, int]], code: str) -> tuple[bool, reading.Reading]:
    ranges = [((row, column), (row + down, column + right)) for row, column, down, right in merges]
    found = reading.Reading(LEDGERS[code])
    sheet = Sheet("2021年", lambda: Opened(iter(rows), ranges))
    return reading._sheet(sheet, found, set()), found


def is_filled(row: list[Any]) -> bool:
    return any(cell is not None and not (isinstance(cell, str) and not cell.strip()) for cell in row)


@given(ROWS, st.lists(SPANS, max_size=4), st.sampled_from(["visits", "donations", "organisations"]))
@settings(SEEDED, max_examples=300)
def test_every_filled_row_is_accepted_refused_or_ignored_exactly_once(
    rows: list[list[Any]], merges: list[tuple[int, int, int, int]], code: str
) -> None:
    has_header, found = opened([VISITS, *rows], merges, code)
    if not has_header:
        assert [(row.row, row.why) for row in found.ignored] == [(0, "note")]
        return
    told = Counter(row.row for row in found.accepted)
    told.update({problem.row for problem in found.refused})
    told.update(row.row for row in found.ignored)
    filled = {number for number, row in enumerate([VISITS, *rows], 1) if is_filled(row)}
    assert set(told.values()) <= {1}
    assert filled <= set(told)
    assert set(told) <= set(range(1, max(filled) + 1))


@given(ROWS, st.lists(SPANS, max_size=4))
@settings(SEEDED, max_examples=200)
def test_no_accepted_row_has_an_incomplete_or_forbidden_value(
    rows: list[list[Any]], merges: list[tuple[int, int, int, int]]
) -> None:
    _, found = opened([VISITS, *rows], merges, "visits")
    for row in found.accepted:
        assert row.values.keys() >= {"occurred_on", "direction", "people"}
        assert row.values["people"] >= 1
        assert row.values["direction"] in ("东部赴西部", "西部赴东部")
        assert 1990 <= row.values["occurred_on"].year <= 2050
        assert None not in row.values.values()


PLAIN = st.one_of(
    CELLS, st.text(max_size=8), st.floats(0, 10**10), st.integers(0, 10**10).map(float), DAYS, st.datetimes()
)


@given(st.sampled_from(KINDS), PLAIN, st.sampled_from([1, 10000, 10**8, None]), st.sampled_from([None, 0, 1, 500]))
@settings(SEEDED, max_examples=1500)
def test_a_shortcut_says_what_reading_says(kind: str, raw: Any, unit: int | None, least: int | None) -> None:
    column = Column("x", "列", kind, choices=("示例",), minimum=least)
    shortcut = shortcuts(column, unit).get(type(raw))
    told = shortcut(raw) if shortcut else None
    if told is not None:
        assert told == read(raw, column, Around(unit))
        assert not is_ditto(raw)


def test_shortcuts_are_taken() -> None:
    """Otherwise the property above would hold of nothing."""
    taken = [("text", "示例对接"), ("person", "王示例"), ("int", 12.0), ("money", 12.0), ("date", date(2021, 10, 12))]
    assert all(shortcuts(Column("x", "列", kind), 1)[type(raw)](raw) is not None for kind, raw in taken)


@given(ROWS)
@settings(SEEDED, max_examples=100)
def test_any_rows_can_be_told_as_json(rows: list[list[Any]]) -> None:
    _, found = opened([VISITS, *rows], [], "visits")
    answer = reading.as_json(found)
    assert len(answer["accepted"]) == len(found.accepted)
    assert all(problem["message"] and problem["field"] for problem in answer["refused"])


@given(CELLS, st.sampled_from(KINDS), st.sampled_from([1, 10**4, None]), st.sampled_from([None, 2021]))
@settings(SEEDED, max_examples=1000)
def test_any_cell_gives_a_value_of_its_kind_blank_or_a_refusal(
    raw: Any, kind: str, unit: int | None, year: int | None
) -> None:
    answer = read(raw, Column("x", "列", kind, choices=("a", "b")), Around(unit, year))
    types = {"int": int, "money": int, "date": date, "yesno": bool}
    if answer is not None and not isinstance(answer, Refused):
        assert type(answer) is types.get(kind, str)
        assert not isinstance(answer, str) or (answer.strip() == answer != "")


@given(DAYS)
@settings(SEEDED)
def test_every_way_to_write_a_day_reads_back(day: date) -> None:
    y, m, d = day.year, day.month, day.day
    digits = "".join("〇一二三四五六七八九"[int(c)] for c in str(y))
    written: list[Any] = [
        day, datetime.combine(day, time(9, 30)), (day - date(1899, 12, 30)).days, int(f"{day:%Y%m%d}"), f"{day:%Y%m%d}",
        f"{y}-{m}-{d}", f"{day:%Y/%m/%d}", f"{y}.{m}.{d}", f"{y}年{m}月{d}日", f"{y}年{m:02}月{d:02}号", f"{day} 00:00:00",
        f"{digits}年{chinese(m)}月{chinese(d)}日",
    ]  # fmt: skip
    assert {read(cell, Column("x", "日期", "date")) for cell in written} == {day}
    assert read(f"{m}月{d}日", Column("x", "日期", "date"), Around(year=y)) == day


@given(DAYS, st.integers(0, 40))
@settings(SEEDED)
def test_a_span_is_as_long_as_it_says(first: date, more: int) -> None:
    last = first + timedelta(days=more)
    rows = [[*VISITS], visit(f"{first:%Y.%m.%d}-{last:%Y.%m.%d}", days=None)]
    _, found = opened(rows, [], "visits")
    if last.year <= 2050:
        assert [(row.values["occurred_on"], row.values["days"]) for row in found.accepted] == [(first, more + 1)]


@given(st.integers(0, 10**13))
@settings(SEEDED)
def test_every_way_to_write_an_amount_reads_back(fen: int) -> None:
    yuan = f"{fen // 100}.{fen % 100:02}"
    written: list[Any] = [yuan, f"{fen // 100:,}.{fen % 100:02}", f"¥{yuan}", f"{yuan}元", financial(fen)]
    assert {read(cell, Column("x", "金额", "money")) for cell in written} == {fen}


@given(st.integers(0, 10**10))
@settings(SEEDED)
def test_an_amount_stored_as_a_binary_fraction_reads_back(fen: int) -> None:
    assert read(fen / 100, Column("x", "金额", "money")) == fen
    assert read(fen / 10**6, Column("x", "金额", "money"), Around(unit=10**4)) == fen


@given(st.integers(0, 2**31 - 1))
@settings(SEEDED)
def test_every_way_to_write_a_count_reads_back(count: int) -> None:
    written: list[Any] = [count, float(count), str(count), f"{count:,}", f"{count}人", chinese(count)]
    assert {read(cell, Column("x", "人数", "int")) for cell in written} == {count}


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]))
@settings(SEEDED, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_raise(tmp_path: Path, content: bytes, magic: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(magic + content)
    assert reading.read(path, LEDGERS["visits"]).accepted == []


@pytest.mark.parametrize("make", [xlsx, xls])
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=20))
@settings(SEEDED, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_damage_raises(make: Any, tmp_path: Path, damage: list[tuple[int, int]]) -> None:
    raw = bytearray(make(tmp_path / "a", {"表": [VISITS, visit(), visit("2021-10-13")]}).read_bytes())
    for at, byte in damage:
        raw[at % len(raw)] = byte
    path = tmp_path / "b"
    path.write_bytes(raw)
    found = reading.read(path, LEDGERS["visits"])
    assert found.error or found.ignored
