"""The templates that come along: for the sample, for an empty programme and for a county of the nation's, in each format."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl  # type: ignore[import-untyped]
import pypdf
import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from lianqiao.briefings.documents import FORMATS, SHIPPED, About, Shipped, as_format, by_name, write
from lianqiao.claims.documents import text_of
from lianqiao.cli.briefing import template_of
from lianqiao.cli.options import CallWrong
from lianqiao.demo import national
from lianqiao.places.models import Node
from tests.briefings.templates import leftovers, text
from tests.cli.sample import COUNTY, Instance, environment, sample
from tests.world import UNTIL, World

__all__ = ["sample"]
TEMPLATES = pytest.mark.parametrize("one", SHIPPED, ids=lambda one: one.code)


def fonts(data: bytes) -> set[tuple[str, bool]]:
    """(name, embedded) of every font in a PDF."""
    found = set()
    for page in pypdf.PdfReader(io.BytesIO(data)).pages:
        resources: Any = page["/Resources"]
        for font in resources.get("/Font", {}).values():
            told = font.get_object()
            inner = told["/DescendantFonts"][0].get_object() if "/DescendantFonts" in told else told
            descriptor = inner["/FontDescriptor"].get_object()
            embedded = any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3"))
            found.add((str(inner["/BaseFont"]), embedded))
    return found


def sound(document: bytes, title: str) -> str:
    """Opens the document in every format; returns the PDF's text."""
    assert leftovers(document) == []
    docx.Document(io.BytesIO(document))
    made = {kind: as_format(document, kind, title) for kind in FORMATS}
    assert {kind for kind, data in made.items() if len(data) < 500} == set()
    book = openpyxl.load_workbook(io.BytesIO(made["xlsx"]))
    assert book.sheetnames[0] == "正文"
    assert "<style>" in made["html"].decode()
    assert all(embedded for _, embedded in fonts(made["pdf"]))
    assert any("Noto" in name or "Song" in name for name, _ in fonts(made["pdf"]))
    read = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made["pdf"])).pages)
    assert "\ufffd" not in read
    return read


@TEMPLATES
def test_an_empty_programme_has_its_documents(world: World, one: Shipped) -> None:
    made = write(one.docx, About.of(world.county, None, UNTIL))
    read = sound(made.docx, one.name)
    assert "靖江—永寿" in re.sub(r"\s", "", read)
    assert all(number.value is not None or text == "—" for number, text in made.numbers)


@pytest.fixture(scope="module")
def nation(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Node]:
    """A county of a small programme of the nation's kind."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        by = national.offices()
        counties = national.tree(by, 2)
        for _ in national.grow(by, counties, 3000):
            pass
    yield counties[0].node
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@TEMPLATES
def test_a_county_of_the_nation_has_its_documents(nation: Node, db: None, one: Shipped) -> None:
    made = write(one.docx, About.of(nation, None, national.LAST))
    sound(made.docx, one.name)


# The sample --------------------------------------------------------------------------------------------------------------

RENDER = """
import sys, django
django.setup()
from datetime import date
from pathlib import Path
from lianqiao.briefings.documents import FORMATS, SHIPPED, About, as_format, write
from lianqiao.places.tree import by_name
about = About.of(by_name("靖江-永寿"), None, date(2021, 10, 12))
for one in SHIPPED:
    made = write(one.docx, about)
    for kind in FORMATS:
        Path(sys.argv[1], f"{one.code}.{kind}").write_bytes(as_format(made.docx, kind, one.name))
"""


@pytest.fixture(scope="module")
def papers(sample: Instance, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every shipped template for the sample on the conference's day, in every format, written by one process."""
    folder = tmp_path_factory.mktemp("papers")
    more = {"LIANQIAO_DIR": str(sample.folder), "DJANGO_SETTINGS_MODULE": "lianqiao.config.settings"}
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", RENDER, folder], cwd=root, env=environment(**more), check=True, timeout=300)
    return folder


@TEMPLATES
def test_the_sample_has_its_documents(papers: Path, one: Shipped) -> None:
    data = {kind: (papers / f"{one.code}.{kind}").read_bytes() for kind in FORMATS}
    assert leftovers(data["docx"]) == []
    assert all(embedded for _, embedded in fonts(data["pdf"]))
    openpyxl.load_workbook(io.BytesIO(data["xlsx"]))
    assert "数据依据表" in text(data["docx"])


# The article's numbers, as the briefing writes them.
NUMBERS = (
    "113批",
    "1213人次",
    "1.14亿元",
    "44个",
    "3100户",
    "12850人",
    "129人",
    "75个",
    "3071户",
    "6000余人次",
    "200万元",
)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_briefing_of_the_conference_has_the_articles_numbers(papers: Path, number: str) -> None:
    assert number in text_of(papers / "conference-briefing.docx").text.partition("附件1")[0]


def test_the_pdf_says_what_the_word_file_says(papers: Path) -> None:
    word = text_of(papers / "conference-briefing.docx").text.partition("附件1")[0]
    pages = pypdf.PdfReader(papers / "conference-briefing.pdf").pages
    read = re.sub(r"—\d+—", "", plain("".join(page.extract_text() for page in pages)))
    assert [line for line in map(plain, word.splitlines()) if line and line not in read] == []


def plain(line: str) -> str:
    return re.sub(r"\s", "", line)


def test_pages_are_numbered_and_full(papers: Path) -> None:
    first = pypdf.PdfReader(papers / "conference-briefing.pdf").pages[0]
    lines = [line for line in first.extract_text().splitlines() if line.strip()]
    assert "—1—" in plain(lines[-1])
    assert (round(first.mediabox.width), round(first.mediabox.height)) == (595, 842)


def test_a_leaders_sheet_is_one_page_and_its_annex(papers: Path) -> None:
    pages = [plain(page.extract_text()) for page in pypdf.PdfReader(papers / "leaders-sheet.pdf").pages]
    assert "需要协调的事" in pages[0]
    assert "数据依据表" in pages[1]


def test_totals_are_formulas_that_come_to_what_the_document_says(papers: Path) -> None:
    formulas = openpyxl.load_workbook(papers / "fund-sheet.xlsx")
    values = openpyxl.load_workbook(papers / "fund-sheet.xlsx", data_only=True)
    sheet = next(s for s in formulas.worksheets if s.cell(1, 1).value == "来源")
    last = sheet.max_row
    assert [sheet.cell(last, column).value for column in (1, 2, 4)] == ["合计", "=SUM(B2:B5)", "=SUM(D2:D5)"]
    shown = values[sheet.title]
    assert shown.cell(last, 4).value == sum(shown.cell(row, 4).value for row in range(2, last)) == 9850


def test_no_public_word_tells_of_households(papers: Path) -> None:
    told = text_of(papers / "public-summary.docx").text.partition("附")[0]
    assert not re.search("监测对象|户主|走访", told)


@pytest.fixture(scope="module")
def checked(sample: Instance, papers: Path) -> Any:
    return sample.run("check", papers / "conference-briefing.docx", *COUNTY, "--json")


def test_every_number_of_the_briefing_is_borne_out(checked: Any) -> None:
    assert checked.status == 0
    told = json.loads(checked.out)["claims"]
    assert len(told) > 150
    assert {claim["verdict"] for claim in told} <= {"borne out"}


def test_a_later_correction_makes_the_briefing_name_its_number_old_and_new(
    sample: Instance, papers: Path, tmp_path: Path
) -> None:
    copy = sample.copy(tmp_path / "instance")
    done = copy.run("void", "visits", "HF-2021-0029", "--as", "jingjiang-review", "--why", "示例：重复录入")
    assert done.status == 0, done
    told = copy.run("check", papers / "conference-briefing.docx", *COUNTY, "--json")
    assert told.status == 1
    wrong = {claim["quote"]: claim for claim in json.loads(told.out)["claims"] if claim["verdict"] == "differs"}
    assert {"113批", "1213人次", "63批", "29批", "325人次"} <= set(wrong)
    why = wrong["113批"]["why"]
    assert re.fullmatch(r"成文时（事务 #\d+）113 批，现在（事务 #\d+）112 批。", why[0])
    assert "HF-2021-0029（作废：示例：重复录入" in why[2]


def test_commands_write_and_list(sample: Instance, tmp_path: Path) -> None:
    listed = {one["code"] for one in sample.json("brief", "--list")}
    assert listed == {one.code for one in SHIPPED}
    blank, target = tmp_path / "own.docx", tmp_path / "out.html"
    assert sample.run("brief", "public-summary", "--blank", "-o", blank).status == 0
    told = sample.json("brief", blank, "-o", target, *COUNTY, "--until", "2021-10-12", "--text", "正文=另有说明。")
    assert "另有说明。" in target.read_text(encoding="utf-8")
    first = told["numbers"][0]
    assert (first["text"], first["value"], told["until"]) == ("113批", 113, "2021-10-12")
    assert first["address"].startswith("/figures/visits.batches/")


def test_a_call_that_is_none_is_told_so(sample: Instance, tmp_path: Path) -> None:
    unknown = sample.run("brief", "no-such", "-o", tmp_path / "a.docx")
    assert (unknown.status, "没有模板“no-such”" in unknown.err) == (2, True)
    held = docx.Document()
    held.add_paragraph("{{ 互访批 }}")
    held.save(str(tmp_path / "t.docx"))
    wrong = sample.run("brief", tmp_path / "t.docx", "-o", tmp_path / "a.pdf", *COUNTY)
    assert (wrong.status, "第1段“{{ 互访批 }}”：没有“互访批”这个字段" in wrong.err) == (1, True)
    assert not (tmp_path / "a.pdf").exists()


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("联席会议简报", "是不是“联席会议材料”、“联席会议工作情况汇报”？"),
        ("conference-brief", "“conference-briefing”"),
        ("甲乙丙", "也没有这个文件。lianqiao brief --list"),
    ],
)
def test_an_unknown_template_is_told_what_may_be_meant(named: str, told: str) -> None:
    with pytest.raises(CallWrong, match="没有模板") as wrong:
        template_of(named)
    assert told in str(wrong.value)


def test_templates_are_had_by_code_and_by_name() -> None:
    assert by_name("月报") is by_name("monthly-return") is not None
