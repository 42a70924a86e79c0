"""2,000 cases in the suite: cells in memory, files on the disk, and imports that are taken back."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
import xlsxwriter
from django.db import transaction as database
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianqiao.fields.exchange.models import Visit
from lianqiao.journal.models import Posting, Transaction
from lianqiao.ledger.models import Change
from lianqiao.workbooks.commit import Outcome, bring_in
from lianqiao.workbooks.files import Opened, Sheet
from lianqiao.workbooks.marks import UnreadableError
from lianqiao.workbooks.models import Import, ImportedRow
from lianqiao.workbooks.reading import Reading, _sheet, read
from tests.workbooks.fuzz.files import made_up
from tests.workbooks.ledgers import LEDGERS
from tests.workbooks.test_properties import CELLS, SPANS
from tests.world import World

TIMES = int(os.environ.get("LIANQIAO_TEST_FUZZ", "1"))


def cases(number: int) -> Callable[[Any], Any]:
    """So many cases, always the same ones; many times as many, and others each time, where LIANQIAO_TEST_FUZZ says so."""
    return settings(
        max_examples=number * TIMES,
        derandomize=TIMES == 1,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


WORDS = [
    heading for ledger in LEDGERS.values() for column in ledger.columns for heading in (column.heading, *column.choices)
]
HEADINGS = st.one_of(
    st.sampled_from(WORDS),
    st.text(max_size=5),
    st.builds("{}（{}）".format, st.sampled_from(WORDS), st.sampled_from(["万元", "人", "必填", "示例", "万元/亿元"])),
)
ODD = "\0\x07\x1b\u202e\u200b\ufeff=+-@'\"\n"
WILD = st.one_of(
    st.sampled_from(WORDS),
    CELLS,
    st.integers(-(10**30), 10**30),
    st.text(ODD, max_size=6),
    st.from_regex(r"\A[=+@-][A-Z(!']{0,9}\Z"),
    st.text(max_size=3).map(lambda text: text * 300),
)
GOOD = ["2021-10-12", "东部赴西部", "示例对接", "示例", 9, "靖江-永寿"]
HEADER = ["日期", "方向", "事由", "带队领导", "人数", "结对关系"]
PLAIN = st.one_of(
    *(
        st.none(),
        st.text(max_size=8),
        st.sampled_from(WORDS),
        st.integers(-(10**20), 10**20),
        st.floats(allow_nan=False),
    ),
    *(
        st.booleans(),
        st.dates(),
        st.sampled_from(["约15", "10月12日", "12人", "同上", "合计", "#REF!", "\0", "示例\x07"]),
    ),
)
SPOILT = st.tuples(st.integers(0, 5), PLAIN)
FILES = st.lists(st.one_of(st.just(GOOD), st.lists(SPOILT, max_size=3), st.lists(PLAIN, max_size=7)), max_size=8)


@st.composite
def sheets(draw: st.DrawFn) -> tuple[str, list[list[Any]]]:
    """A ledger, and rows that mostly have its header somewhere, in any order, with other columns among its own."""
    code = draw(st.sampled_from(sorted(LEDGERS)))
    noise = st.lists(st.one_of(st.lists(WILD, max_size=9), st.lists(HEADINGS, max_size=9)), max_size=4)
    own = [column.heading for column in LEDGERS[code].columns]
    header = draw(st.permutations([*own, *draw(st.lists(HEADINGS, max_size=3))]))
    rows = draw(st.lists(st.lists(WILD, max_size=len(header) + 1), max_size=12))
    return code, [*draw(noise), *([header] if draw(st.integers(0, 9)) else []), *rows, *draw(noise)]


def balanced(reading: Reading) -> bool:
    """Whether each line is accepted, refused or ignored."""
    return (
        len(reading.accepted) + len({(p.sheet, p.row) for p in reading.refused}) + len(reading.ignored) == reading.lines
    )


@cases(1200)
@given(sheets(), st.lists(SPANS, max_size=4), st.text(max_size=8))
def test_any_cells_in_any_layout(told: tuple[str, list[list[Any]]], spans: list[tuple[int, ...]], name: str) -> None:
    code, rows = told
    merges = [((row, column), (row + down, column + right)) for row, column, down, right in spans]
    reading = Reading(LEDGERS[code])
    try:
        _sheet(Sheet(name, lambda: Opened(iter(rows), merges)), reading, set())
    except UnreadableError:
        return
    assert balanced(reading)


@cases(600)
@given(st.integers(0, 2**64))
def test_any_bytes_in_place_of_a_file(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz"
    path.write_bytes(made_up(Random(seed)))
    reading = read(path, LEDGERS["visits"])
    assert reading.error or balanced(reading)


def sheet(path: Path, rows: list[list[Any]]) -> Path:
    with xlsxwriter.Workbook(path, {"nan_inf_to_errors": True, "default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet()
        for at, row in enumerate([HEADER, *rows]):
            for column, value in enumerate(row):
                write = page.write_string if isinstance(value, str) else page.write
                write(at, column, value)
    return path


def spoilt(row: list[Any], number: int) -> list[Any]:
    """A good row with some cells replaced, or the row as it is."""
    if not row or not isinstance(row[0], tuple):
        return row if row is not GOOD else [*GOOD[:2], f"示例 {number}", *GOOD[3:]]
    made = [*GOOD[:2], f"示例 {number}", *GOOD[3:]]
    for column, value in row:
        made[column] = value
    return made


def held() -> list[int]:
    return [table.objects.count() for table in (Visit, Change, Transaction, Posting, Import, ImportedRow)]


NUMBERS = count()


@pytest.mark.data
@cases(200)
@given(FILES, st.booleans(), st.booleans())
def test_any_import_is_written_whole_or_not_at_all(
    world: World, tmp_path_factory: pytest.TempPathFactory, rows: list[list[Any]], good_rows: bool, passed: bool
) -> None:
    path = sheet(
        tmp_path_factory.getbasetemp() / f"import-{next(NUMBERS)}.xlsx", [spoilt(row, n) for n, row in enumerate(rows)]
    )
    with database.atomic():
        before = held()
        approver = world.yongshou if passed else None
        outcome = bring_in(Visit, path, world.jingjiang, approver=approver, good_rows_only=good_rows)
        assert whole(outcome, before)
        database.set_rollback(True)
    path.unlink()


def whole(outcome: Outcome, before: list[int]) -> bool:
    """Whether each line is told of, and the database has just what the outcome says."""
    outcome.balance()
    visits, changes, _, _, imports, rows = (after - now for after, now in zip(held(), before, strict=True))
    if outcome.kept is None:
        return held() == before and not outcome.written
    return (visits, changes, imports, rows) == (len(outcome.written), len(outcome.written), 1, len(outcome.written))
