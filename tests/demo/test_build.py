"""The command that makes the sample programme: what it leaves in its folder, and what it leaves alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from lianqiao.demo.build import MARK, clear
from tests.cli.sample import Instance, run, sample

__all__ = ["sample"]


def test_the_terminal_ends_with_the_articles_numbers_and_their_verdicts(sample: Instance) -> None:
    told = (sample.folder.parent / "sample.txt").read_text(encoding="utf-8")
    rows = [line.split() for line in told.splitlines()]
    assert ["113批", "相符", "113", "批", "互访批次", "相符"] in rows
    assert ["6000余人次", "相符", "6,128", "人次", "镇村结对受益人次", "有余"] in rows
    tally, password = [line for line in told.splitlines() if line.strip()][-2:]
    assert tally == "文中 13 处数字：相符 11，计划 1，非指标 1"
    assert password.startswith("示例账号的密码")


def test_the_sample_says_that_it_is_one(sample: Instance) -> None:
    assert "虚构" in (sample.folder / MARK).read_text(encoding="utf-8")


def test_the_rows_were_read_from_workbooks_that_lie_beside_the_database(sample: Instance) -> None:
    books = sorted((sample.folder / "workbooks").glob("*互访台账*.xlsx"))
    rows = sum(len(CalamineWorkbook.from_path(str(b)).get_sheet_by_index(0).to_python()) - 1 for b in books)
    with sqlite3.connect(sample.database) as connection:
        (held,) = connection.execute("SELECT COUNT(*) FROM exchange_visit").fetchone()
    connection.close()
    assert held == rows > 100


def test_nobody_approved_what_they_filled_in(sample: Instance) -> None:
    with sqlite3.connect(sample.database) as connection:
        people = connection.execute(
            "SELECT DISTINCT a.username, b.username FROM exchange_visit v"
            " JOIN people_user a ON a.id = v.author_id JOIN people_user b ON b.id = v.approver_id"
        ).fetchall()
    connection.close()
    assert sorted(people) == [("jingjiang", "jingjiang-review"), ("yongshou", "yongshou-review")]


def test_no_id_number_of_the_workbooks_is_in_the_database(sample: Instance) -> None:
    """Nor in any other file of the instance but the workbooks themselves."""
    numbers = set()
    for path in (sample.folder / "workbooks").glob("*选派台账*.xlsx"):
        heads, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        numbers |= {str(row[heads.index("身份证号")]) for row in rows} - {""}
    kept = b"".join(f.read_bytes() for f in sample.folder.rglob("*") if f.is_file() and f.parent.name != "workbooks")
    assert len(numbers) > 100
    assert "永寿示例中学乙".encode() in kept
    assert [number for number in sorted(numbers) if number.encode() in kept] == []


def test_the_history_goes_back_to_the_days_of_the_programme(sample: Instance) -> None:
    """What was known at the end of 2019 is less than what is known now, and the figure says so."""
    known = sample.json("figures", "--measure", "visits.batches", "--known-at", "2019-12-31")[0]
    now = sample.json("figures", "--measure", "visits.batches")[0]
    assert known["known_at"].startswith("2019-")
    assert 0 < known["value"] < now["value"]


def test_the_check_of_the_article_is_kept_for_the_site(sample: Instance) -> None:
    with sqlite3.connect(sample.database) as connection:
        ((as_of, verdicts),) = connection.execute("SELECT as_of, result FROM claims_savedcheck").fetchall()
    connection.close()
    assert (as_of, verdicts.count('"borne out"')) == ("2021-10-13", 11)


def test_an_instance_that_is_no_sample_is_left_alone(tmp_path: Path) -> None:
    held = tmp_path / "lianqiao.sqlite3"
    held.write_bytes(b"somebody's work")
    done = run("demo", "--no-serve", "--dir", tmp_path)
    assert done.status == 1
    assert "--dir" in done.err
    assert [(f.name, f.read_bytes()) for f in tmp_path.iterdir()] == [(held.name, b"somebody's work")]


def test_an_older_sample_makes_room_and_its_keys_stay(tmp_path: Path) -> None:
    """Only what a build makes goes; what else somebody put into the folder stays."""
    for name in (
        MARK,
        "lianqiao.sqlite3",
        "lianqiao.sqlite3-wal",
        "heads.txt",
        "evidence/ab/abc",
        "workbooks/互访.xlsx",
    ):
        made(tmp_path / name)
    stay = [made(tmp_path / name) for name in ("keys/person_key", "笔记.txt")]
    clear(tmp_path)
    assert sorted(f for f in tmp_path.rglob("*") if f.is_file()) == sorted([*stay, tmp_path / MARK])


def made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("示例", encoding="utf-8")
    return path


@pytest.mark.parametrize("folder", ["evidence", "keys"])
def test_what_belongs_to_the_instance_is_beside_its_database(sample: Instance, folder: str) -> None:
    assert any((sample.folder / folder).rglob("*"))
