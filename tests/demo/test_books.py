"""The workbooks and evidence files of the sample programme, read back with another library."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from lianqiao.demo.books import EVIDENCE_FOLDER, write
from lianqiao.demo.rows.batch import Batch
from lianqiao.demo.rows.headings import SHEETS
from lianqiao.demo.rows.programme import programme
from tests.demo.test_rows import DATED


@pytest.fixture(scope="module")
def batches() -> list[Batch]:
    return [step for step in programme() if isinstance(step, Batch)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("books")
    write(programme(), made)
    return made


def evidence_of(batch: Batch) -> Iterator[tuple[str, dict[str, object]]]:
    for row in batch.rows:
        for name in filter(None, str(row["佐证材料"] or "").split("；")):
            yield name, row


def plain(cell: object) -> object:
    """A cell as the programme has it: a blank is None, a whole number an int, other numbers Decimals."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, float):
        number = Decimal(str(cell))
        return int(number) if number == int(number) else number
    return None if cell == "" else cell


def test_every_workbook_holds_its_rows_below_one_row_of_headings(folder: Path, batches: list[Batch]) -> None:
    for batch in batches:
        book = CalamineWorkbook.from_path(folder / batch.file)
        assert book.sheet_names == [SHEETS[batch.ledger].title]
        header, *rows = book.get_sheet_by_index(0).to_python()
        assert header == list(batch.rows[0])
        assert [[plain(cell) for cell in row] for row in rows] == [list(row.values()) for row in batch.rows]


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, batches: list[Batch]) -> None:
    batch = batches[0]
    write([replace(batch, rows=({**batch.rows[0], "备注": "=1+1"},))], tmp_path)
    _, row = CalamineWorkbook.from_path(tmp_path / batch.file).get_sheet_by_index(0).to_python()
    assert row[list(batch.rows[0]).index("备注")] == "=1+1"


def test_files_are_returned_and_are_all_there_is(tmp_path: Path, batches: list[Batch]) -> None:
    files = write(programme(), tmp_path)
    assert len(files) == len(set(files))
    assert sorted(files) == sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert len([file for file in files if file.suffix == ".xlsx"]) == len(batches) == len({b.file for b in batches})


def test_what_rows_name_as_evidence_is_there_and_little_else(folder: Path, batches: list[Batch]) -> None:
    named = {name for batch in batches for name, _ in evidence_of(batch)}
    assert named == {path.name for path in (folder / EVIDENCE_FOLDER).iterdir()}
    assert 600 < len(named) < 700


WITH_EVIDENCE = ("visits", "receipts", "donations", "projects", "trainings", "allocations", "payments", "jobs", "sales")


@pytest.mark.parametrize(("ledger", "least"), [("meetings", 60), *((ledger, 100) for ledger in WITH_EVIDENCE)])
def test_most_rows_have_evidence(batches: list[Batch], ledger: str, least: int) -> None:
    rows = [row for batch in batches if batch.ledger == ledger for row in batch.rows]
    assert len([row for row in rows if row["佐证材料"]]) * 100 >= least * len(rows)


def test_evidence_says_that_it_is_an_example_and_carries_no_id_number(folder: Path) -> None:
    for path in (folder / EVIDENCE_FOLDER).iterdir():
        text = path.read_text(encoding="utf-8-sig")
        assert path.name.startswith("示例-")
        assert "示例" in text
        assert "990000" not in text
        assert len(text) < 20_000


PEOPLE = {"visits": "人数", "trainings": "培训人次"}


def test_a_sign_in_sheet_has_a_line_for_everyone_counted(folder: Path, batches: list[Batch]) -> None:
    for batch in batches:
        for name, row in evidence_of(batch):
            if batch.ledger in PEOPLE and name.endswith("签到表.csv"):
                with (folder / EVIDENCE_FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
                    assert len(list(csv.DictReader(file))) == row[PEOPLE[batch.ledger]]


# The fields that hold the day on which a row's matter happened or began.
FIRST_DAYS = set(DATED.values())


def test_evidence_is_not_ahead_of_the_workbook_that_names_it(batches: list[Batch]) -> None:
    """A shared paper tells of all its rows, so the first workbook to name it must not be recorded before they happened."""
    first: dict[str, date] = {}
    for batch in batches:
        for name, row in evidence_of(batch):
            recorded = first.setdefault(name, batch.recorded_at.date())
            days = [row[heading] for field, heading in SHEETS[batch.ledger].columns.items() if field in FIRST_DAYS]
            if batch.ledger != "agreements":
                assert all(day <= recorded for day in days if isinstance(day, date)), (name, row)


def test_the_same_bytes_each_time(folder: Path, tmp_path: Path) -> None:
    def digests(root: Path) -> dict[str, str]:
        return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(root.rglob("*")) if p.is_file()}

    write(programme(), tmp_path)
    assert digests(tmp_path) == digests(folder)
