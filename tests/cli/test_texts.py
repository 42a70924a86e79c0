"""`lianqiao claims` and `lianqiao check`: the numbers of a text, and whether they are true."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from pypdf import PdfWriter

from lianqiao.fields.funds.models import Receipt
from lianqiao.journal.figures import known_at
from lianqiao.ledger import acts
from tests.cli.conftest import Lianqiao
from tests.cli.sample import LIANQIAO, Done, environment, run
from tests.cli.test_figures import refused
from tests.world import World, approved, visit

pytestmark = pytest.mark.data
CLAIM = {*("start", "end", "quote", "value", "unit", "approx", "indicator", "period")}
VERDICT = CLAIM | {"measure", "verdict", "figure", "definition", "difference", "why"}
COUNTY = ("--pairing", "靖江-永寿")
TEXT = "示例稿\n发布时间:2021-10-13\n结对以来，双方互访2批10余人次，累计投入帮扶资金123456.78元。\n"


def written(path: Path, text: str = TEXT) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


# Claims ---------------------------------------------------------------------------------------------------------------


def test_claims_are_one_line_a_file_with_the_keys_of_the_contract(lianqiao: Lianqiao, tmp_path: Path) -> None:
    paths = [written(tmp_path / "甲.txt"), written(tmp_path / "乙.md", "没有数字。")]
    done = lianqiao("claims", *paths, "--json")
    told = [json.loads(line) for line in done.out.splitlines()]
    assert (done.status, [t["file"] for t in told]) == (0, [str(path) for path in paths])
    assert (told[1]["claims"], {frozenset(t) for t in told}) == ([], {frozenset({"file", "claims"})})
    assert all(set(claim) >= CLAIM for claim in told[0]["claims"])
    batches, people, money = told[0]["claims"]
    contract = {
        "start": TEXT.index("2批"), "end": TEXT.index("2批") + 2, "quote": "2批", "value": 2, "unit": "批", "approx": None,
        "indicator": "visits.batches", "period": "cumulative",
    }  # fmt: skip
    assert {key: batches[key] for key in CLAIM} == contract
    assert (people["quote"], people["approx"], money["quote"]) == ("10余人次", "more_than", "123456.78元")


def test_claims_are_told_to_people(lianqiao: Lianqiao, tmp_path: Path) -> None:
    path = written(tmp_path / "甲.txt")
    lines = lianqiao("claims", path).out.splitlines()
    assert lines[0] == str(path)
    assert lines[3].split()[:4] == [str(TEXT.index("2批")), "2批", "visits.batches", "cumulative"]


def test_claims_need_no_instance(tmp_path: Path) -> None:
    """In a process of its own, in a folder where nothing is, and nothing is made there."""
    done = run("claims", written(tmp_path / "甲.txt"), "--json", cwd=tmp_path)
    assert (done.status, len(done.json["claims"])) == (0, 3)
    assert [f.name for f in tmp_path.iterdir()] == ["甲.txt"]


@pytest.mark.parametrize(("encoding", "shown"), [("gbk", "互访"), ("ascii", "visits.batches")])
def test_a_terminal_that_cannot_show_every_character_shows_the_others(
    tmp_path: Path, encoding: str, shown: str
) -> None:
    command = [str(LIANQIAO), "claims", str(written(tmp_path / "甲.txt"))]
    more = environment(PYTHONIOENCODING=encoding)
    told = subprocess.run(command, env=more, capture_output=True, check=True, timeout=60).stdout
    assert shown in told.decode(encoding)


@pytest.mark.parametrize("command", [("claims",), ("check", *COUNTY)])
@pytest.mark.parametrize(
    ("name", "content"), [("甲.pdf", b"%PDF-1.4"), ("甲.txt", b"\xff\x00\x80"), ("甲.docx", b"PK\x03")]
)
def test_a_file_that_is_no_text_is_refused(
    lianqiao: Lianqiao, tmp_path: Path, command: tuple[str, ...], name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    refused(lianqiao(*command, tmp_path / name), 1, name)


@pytest.mark.parametrize("command", [("claims",), ("check", *COUNTY)])
def test_a_file_that_is_not_there_is_refused(lianqiao: Lianqiao, tmp_path: Path, command: tuple[str, ...]) -> None:
    refused(lianqiao(*command, tmp_path / "没有.txt"), 2, "没有.txt")


# Check ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def counted(world: World) -> World:
    """Two visits with 16 people, and 123456.78 元."""
    approved(world, visit(world.county, people=9), visit(world.county, people=7, purpose="示例之二"))
    approved(world, Receipt(node=world.county, received_on=date(2021, 4, 1), source="县级财政", amount=123_456_78))
    return world


def claims(done: Done) -> dict[str, dict[str, Any]]:
    return {claim["quote"]: claim for claim in done.json["claims"]}


def test_a_check_has_the_keys_of_the_contract(counted: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    path = written(tmp_path / "甲.txt")
    done = lianqiao("check", path, *COUNTY, "--json")
    assert done.status == 0
    assert set(done.json) >= {"file", "pairing", "as_of", "claims"}
    assert (done.json["file"], done.json["pairing"]) == (str(path), "靖江-永寿")
    found = claims(done)
    assert all(set(claim) >= VERDICT for claim in found.values())
    contract = {"measure": "visits.batches", "verdict": "borne out", "figure": 2, "difference": None, "why": []}
    assert {key: found["2批"][key] for key in contract} == contract
    assert "一次出访计一批" in found["2批"]["definition"]


def test_a_figure_in_a_check_is_an_integer_for_counts_and_a_decimal_string_for_money(
    counted: World, lianqiao: Lianqiao, tmp_path: Path
) -> None:
    found = claims(lianqiao("check", written(tmp_path / "甲.txt"), *COUNTY, "--json"))
    assert (found["10余人次"]["figure"], found["123456.78元"]["figure"]) == (16, "123456.78")


def test_a_text_is_held_against_its_own_day(counted: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    """A visit after it does not count; with --until it does."""
    approved(counted, visit(counted.county, date(2021, 12, 1), purpose="示例之三"))
    path = written(tmp_path / "甲.txt")
    own, later = (lianqiao("check", path, *COUNTY, "--json", *more) for more in ((), ("--until", "2021-12-31")))
    assert (own.json["as_of"], claims(own)["2批"]["verdict"]) == ("2021-10-13", "borne out")
    assert (later.json["as_of"], claims(later)["2批"]["verdict"], later.status) == ("2021-12-31", "differs", 1)


def test_the_day_of_a_page_that_only_its_head_tells_is_the_text_s_day(
    counted: World, lianqiao: Lianqiao, tmp_path: Path
) -> None:
    approved(counted, visit(counted.county, date(2020, 5, 1), purpose="示例之三"))
    page = '<html><head><meta name="pubdate" content="2021-10-13"></head><body><p>去年，双方互访1批。</p></body></html>'
    done = lianqiao("check", written(tmp_path / "页.html", page), *COUNTY, "--json")
    assert (done.json["as_of"], claims(done)["1批"]["verdict"]) == ("2021-10-13", "borne out")


def test_a_text_that_differs_ends_with_1_and_says_by_how_much(
    counted: World, lianqiao: Lianqiao, tmp_path: Path
) -> None:
    done = lianqiao("check", written(tmp_path / "甲.txt", TEXT.replace("2批", "5批")), *COUNTY, "--json")
    found = claims(done)["5批"]
    assert (done.status, found["verdict"], found["figure"]) == (1, "differs", 2)
    assert found["difference"] == "文中5批，账本 2 批，少 3 批"


def test_what_only_has_no_entries_ends_with_0(world: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    done = lianqiao("check", written(tmp_path / "甲.txt"), *COUNTY, "--json")
    assert {c["verdict"] for c in done.json["claims"]} == {"no entries"}
    assert (done.status, {c["figure"] for c in done.json["claims"]}) == (0, {None})


def test_a_check_as_known_before_a_voiding(counted: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    path, before = written(tmp_path / "甲.txt"), known_at().number
    (row,) = approved(counted, visit(counted.county, purpose="示例之三"))
    acts.void(row, counted.yongshou, "示例")
    assert lianqiao("check", path, *COUNTY).status == 0
    assert lianqiao("check", path, *COUNTY, "--known-at", known_at().number - 1).status == 1
    assert lianqiao("check", path, *COUNTY, "--known-at", before).status == 0


def test_a_text_is_held_against_the_root_where_no_pairing_is_named(
    counted: World, lianqiao: Lianqiao, tmp_path: Path
) -> None:
    assert lianqiao("check", written(tmp_path / "甲.txt"), "--json").json["pairing"] == "江苏-陕西"


def test_people_read_the_verdicts_and_what_lies_behind_a_difference(
    counted: World, lianqiao: Lianqiao, tmp_path: Path
) -> None:
    done = lianqiao("check", written(tmp_path / "甲.txt", TEXT.replace("10余人次", "16人")), *COUNTY)
    lines = done.out.splitlines()
    assert lines[0] == f"甲.txt　靖江市—永寿县　按 2021-10-13 核对，事务 #{known_at().number} 所知"
    rows = [line.split() for line in lines]
    assert ["2批", "相符", "2", "批", "互访批次", "相符"] in rows
    assert ["123456.78元", "相符", "123,456.78", "元", "帮扶资金", "相符"] in rows
    assert "16人：文中16人，账本 16 人次，单位不同" in lines
    assert "    文中作“人”，账本按“人次”记（互访人次）。" in lines
    assert lines[-1] == "文中 3 处数字：相符 2，不符 1"


def test_nothing_is_coloured_where_no_terminal_is(counted: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    done = lianqiao("check", written(tmp_path / "甲.txt", TEXT.replace("2批", "5批")), *COUNTY)
    assert not re.search("\x1b", done.out)


@pytest.mark.parametrize(
    "more",
    [
        ("--pairing", "新桥-监军", "--pairing", "东兴-店头"),
        ("--pairing", "靖江-长武"),
        ("--from", "2021-01-01"),
        ("--measure", "visits.batches"),
        ("--known-at", "99999"),
        ("--until", "昨天"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(
    world: World, lianqiao: Lianqiao, tmp_path: Path, more: tuple[str, ...]
) -> None:
    refused(lianqiao("check", written(tmp_path / "甲.txt"), *more), 2)


# Copies ---------------------------------------------------------------------------------------------------------------


def word(path: Path) -> Path:
    made = docx.Document()
    for line in TEXT.replace("2批", "5批").splitlines():
        made.add_paragraph(line)
    made.save(str(path))
    return path


def test_a_page_that_stands_alone_is_kept_beside_what_is_printed(
    counted: World, lianqiao: Lianqiao, tmp_path: Path
) -> None:
    page = tmp_path / "核对.html"
    done = lianqiao("check", written(tmp_path / "甲.txt"), *COUNTY, "--json", "--html", page)
    html = page.read_text(encoding="utf-8")
    assert (done.status, f"网页：{page}" in done.err) == (0, True)
    assert [claim["verdict"] for claim in done.json["claims"]] == ["borne out"] * 3
    assert len(re.findall(r'<mark class="y">', html)) == 3
    assert not re.findall(r'(?:src|href)="https?:', html)


def test_a_word_file_comes_back_with_a_comment_at_each_number(
    counted: World, lianqiao: Lianqiao, tmp_path: Path
) -> None:
    source, target = word(tmp_path / "甲.docx"), tmp_path / "甲 批注.docx"
    before = source.read_bytes()
    done = lianqiao("check", source, *COUNTY, "--docx", target)
    comments = [comment.text for comment in docx.Document(str(target)).comments]
    assert (done.status, f"Word：{target}，批注 3 处" in done.err) == (1, True)
    assert sorted("不符" in comment for comment in comments) == [False, False, True]
    assert [p.text for p in docx.Document(str(target)).paragraphs] == [
        p.text for p in docx.Document(str(source)).paragraphs
    ]
    assert source.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "more", "status"),
    [
        ("甲.txt", ("--docx", "乙.docx"), 2),
        ("甲.txt", ("--html", "没有的文件夹/乙.html"), 2),
        ("甲.docx", ("--docx", "没有的文件夹/乙.docx"), 2),
    ],
)
def test_a_copy_that_cannot_be_made_is_refused(
    counted: World, lianqiao: Lianqiao, tmp_path: Path, name: str, more: tuple[str, str], status: int
) -> None:
    path = tmp_path / name
    path = word(path) if name.endswith(".docx") else written(path)
    done = lianqiao("check", path, *COUNTY, more[0], tmp_path / more[1])
    assert done.status == status
    assert done.err
    assert sorted(file.name for file in tmp_path.iterdir()) == [name]


def test_a_scanned_pdf_says_what_to_do(lianqiao: Lianqiao, tmp_path: Path) -> None:
    scanned = PdfWriter()
    scanned.add_blank_page(width=595, height=842)
    path = tmp_path / "扫描.pdf"
    scanned.write(path)
    for command in (("claims",), ("check",)):
        done = lianqiao(*command, path)
        assert done.status == 1
        assert "扫描" in done.err
