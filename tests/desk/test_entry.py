"""The page of one row, and its evidence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lianqiao.ledger import acts, evidence
from tests.desk.conftest import Reader, queries
from tests.world import World, approved, revised, stay, told, visit

PDF, PAGE = b"%PDF-1.4 sample", b"<script>alert(1)</script>"


@pytest.fixture
def files(settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    settings.EVIDENCE_DIR = tmp_path  # type: ignore[attr-defined]


def address(number: str = "HF-2021-0001", code: str = "visits") -> str:
    return f"/ledgers/{code}/{number}/"


def test_the_page_shows_fields_history_and_postings(world: World, read: Reader) -> None:
    (row,) = approved(world, visit(world.county, people=12, places="示例园区"))
    revised(world, row, "依签到表", people=10)
    text = read(world.auditor).get(address()).content.decode()
    assert "示例园区" in text
    assert '<dd class="b">10</dd>' in text.replace("\n", "")
    assert "<dt>人数</dt><dd><del>12</del> <ins>10</ins></dd>" in text
    assert "“依签到表”" in text
    assert ">−2</td>" in text
    assert ">+12</td>" in text
    today = told("visits.person_times", world.county).address.replace("2021-10-12", "2021-12-31")
    assert f'<a class="f" href="{today}">10</a>' in text


def test_protected_values_are_masked_and_people_are_offices(world: World, read: Reader) -> None:
    world.jingjiang.office = "靖江协作办"
    world.jingjiang.save()
    (row,) = approved(world, stay(world.county, date(2021, 3, 1), "990000198001010012"))
    text = read(world.auditor).get(address(row.number, "secondments")).content.decode()
    assert "990000**********12" in text
    assert "990000198001010012" not in text
    assert "靖江协作办" in text


def test_a_returned_row_says_why(world: World, read: Reader) -> None:
    acts.send_back(acts.create([visit(world.county)], world.jingjiang), world.yongshou, "人数与签到表不符")
    text = read(world.auditor).get(address()).content.decode()
    assert "人数与签到表不符" in text
    assert 'class="wf back"' in text


def test_a_void_row_says_why(world: World, read: Reader) -> None:
    (row,) = approved(world, visit(world.county))
    acts.void(row, world.yongshou, "重复填报")
    text = read(world.auditor).get(address()).content.decode()
    assert "重复填报" in text
    assert 'class="wf void"' in text


def test_missing_evidence_is_named(world: World, read: Reader, files: None) -> None:
    held = [evidence.keep(PDF, "通知.pdf", "通知")]
    approved(world, visit(world.county, evidence=held))
    page = read(world.auditor).get(address())
    assert page.context["lacking"] == ["签到表", "照片"]


def test_the_page_costs_the_same_however_long_the_history(world: World, read: Reader) -> None:
    (row,) = approved(world, visit(world.county, people=1))
    client, costs = read(world.auditor), []
    for times in (1, 12):
        for n in range(times):
            row = revised(world, row, "更正", people=row.people + n + 1)
        costs.append(queries(client, address()))
    assert costs[0] == costs[1] < 40


def test_a_leader_may_not_see_rows(world: World, read: Reader) -> None:
    approved(world, visit(world.county))
    assert read(world.leader).get(address()).status_code == 403


def test_a_stranger_learns_nothing(world: World, read: Reader) -> None:
    approved(world, visit(world.county))
    assert read(world.stranger).get(address()).status_code == 404


@pytest.mark.parametrize(
    "wrong", [address("HF-2021-9999"), address(code="nothing"), address("HF-2021-0001", "projects")]
)
def test_a_row_that_there_is_not(world: World, read: Reader, wrong: str) -> None:
    approved(world, visit(world.county))
    assert read(world.auditor).get(wrong).status_code == 404


def test_it_is_only_read(world: World, read: Reader) -> None:
    approved(world, visit(world.county))
    assert read(world.auditor).post(address()).status_code == 405


# Evidence --------------------------------------------------------------------------------------------------------------


def with_file(world: World, content: bytes, name: str) -> str:
    """The address of a file that an approved visit holds."""
    piece = evidence.keep(content, name, "通知")
    approved(world, visit(world.county, evidence=[piece]))
    return f"/evidence/{piece['sha256']}/{name}"


def test_a_document_is_shown_in_a_sandbox(world: World, read: Reader, files: None) -> None:
    page = read(world.auditor).get(with_file(world, PDF, "通知.pdf"))
    assert b"".join(page.streaming_content) == PDF  # type: ignore[attr-defined]
    assert (page["Content-Type"], page["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert page["Content-Disposition"].startswith("inline")
    assert page["Content-Security-Policy"].startswith("sandbox;")
    assert "private" in page["Cache-Control"]


@pytest.mark.parametrize("name", ["网页.html", "图.svg", "表.xlsx", "没有后缀"])
def test_anything_that_could_run_is_only_saved(world: World, read: Reader, files: None, name: str) -> None:
    page = read(world.auditor).get(with_file(world, PAGE, name))
    assert page["Content-Disposition"].startswith("attachment")
    assert (page["Content-Type"], page["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")


def test_a_file_cannot_be_had_under_a_name_that_no_row_gives_it(world: World, read: Reader, files: None) -> None:
    right = with_file(world, PAGE, "网页.html")
    assert read(world.auditor).get(right.replace("网页.html", "网页.txt")).status_code == 404


def test_evidence_of_rows_that_one_may_not_see_is_not_there(world: World, read: Reader, files: None) -> None:
    right = with_file(world, PDF, "通知.pdf")
    assert [read(who).get(right).status_code for who in (world.stranger, world.leader)] == [404, 404]
    assert read().get(right).status_code == 302


def test_a_file_that_is_gone_is_no_page(world: World, read: Reader, files: None) -> None:
    right = with_file(world, PDF, "通知.pdf")
    evidence.path_of(right.split("/")[2]).unlink()
    assert read(world.auditor).get(right).status_code == 404


@pytest.mark.parametrize("sha256", ["..", "0" * 64, "x"])
def test_a_hash_that_no_row_holds_is_no_page(world: World, read: Reader, files: None, sha256: str) -> None:
    with_file(world, PDF, "通知.pdf")
    assert read(world.auditor).get(f"/evidence/{sha256}/通知.pdf").status_code == 404


def test_evidence_is_only_read(world: World, read: Reader, files: None) -> None:
    assert read(world.auditor).post(with_file(world, PDF, "通知.pdf")).status_code == 405
