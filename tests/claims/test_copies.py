"""The copies of a checked text: the page that stands alone, and the user's Word file with comments."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.shared import Pt, RGBColor
from hypothesis import given, settings
from hypothesis import strategies as st

from lianqiao.agreements.models import Agreement
from lianqiao.claims.check import Checked, Verdict, check
from lianqiao.claims.comments import commented
from lianqiao.claims.documents import Unreadable, text_of
from lianqiao.claims.marked import page, saved
from lianqiao.claims.reading import read
from lianqiao.journal import clock
from lianqiao.journal.figures import Known
from lianqiao.places.models import Node
from tests.world import World, approved, visit

DAY = date(2021, 10, 13)


def checked(world: World, text: str, name: str = "示例稿") -> Checked:
    approved(world, visit(world.county, people=65))
    return check(name, text, world.county, clock.today(), published=DAY)


def unheld(text: str) -> Checked:
    """A text whose numbers were not held against any journal."""
    verdicts = [Verdict(claim, "no entries", why=("无",)) for claim in read(text)]
    return Checked("稿", text, Node(), DAY, Known(1, "0" * 64, None), None, verdicts)


def html_of(found: Checked) -> str:
    return page(saved(found, "", kept=False))


# The page -------------------------------------------------------------------------------------------------------------


def test_the_page_marks_each_number_and_tells_its_verdict_beside_it(world: World) -> None:
    html = html_of(checked(world, "题\n结对以来，双方互访1批99人次，接待游客3万人次。明年计划互访5批。\n"))
    assert '<mark class="y">1批<sup>1</sup></mark><mark class="x">99人次<sup>2</sup></mark>' in html
    assert '<mark class="p">5批<sup>3</sup></mark>' in html
    assert "文中99人次，账本 65 人次，少 34 人次" in html
    assert "不是账本所记指标的数字：3万人次" in html
    assert "<b>不符</b>" in html


def test_the_page_needs_nothing_from_elsewhere(world: World) -> None:
    html = html_of(checked(world, "双方互访1批。"))
    assert re.findall(r"(?:src|href)=|@import|url\(|<script|<link", html) == []


def test_the_page_tells_contradictions_within_the_text(world: World) -> None:
    html = html_of(checked(world, "帮助就业200人，其中脱贫人口260人。"))
    assert "其中260人，大于总数200人" in html


def test_a_text_is_never_markup(world: World) -> None:
    html = html_of(checked(world, "<script>alert(1)</script>双方互访1批。", name="<b>稿</b>"))
    assert "<script>alert" not in html
    assert "<b>稿</b>" not in html


# The Word file --------------------------------------------------------------------------------------------------------


def manuscript(folder: Path) -> Path:
    """Two paragraphs in runs of several looks that cut numbers in two, a table, and a header."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "示例单位 3份"
    document.add_heading("示例题")
    paragraph = document.add_paragraph("结对以来，双方互访")
    bold = paragraph.add_run("1")
    bold.bold = True
    bold.font.size = Pt(20)
    paragraph.add_run("批99人次，").font.color.rgb = RGBColor(200, 0, 0)
    paragraph.add_run("召开联席会议\t2次。")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "互访人次"
    table.cell(0, 1).text = "99人次"
    path = folder / "稿.docx"
    document.save(str(path))
    return path


def looks(path: Path) -> list[tuple[str, object, object, object]]:
    """Every character of a file's paragraphs with its weight, size and colour."""
    return [
        (char, run.bold, run.font.size, run.font.color.rgb)
        for paragraph in docx.Document(str(path)).paragraphs
        for run in paragraph.runs
        for char in run.text
    ]


def test_each_number_gets_a_comment_and_text_and_look_stay(world: World, tmp_path: Path) -> None:
    source, target = manuscript(tmp_path), tmp_path / "批注.docx"
    found = checked(world, text_of(source).text)
    assert commented(source, found, target) == len(found.verdicts) == 4
    assert text_of(target).text == text_of(source).text
    assert looks(target) == looks(source)
    assert docx.Document(str(target)).sections[0].header.paragraphs[0].text == "示例单位 3份"
    comments = {comment.text.split("\n")[0] for comment in docx.Document(str(target)).comments}
    assert any(told.startswith("不符：账本 65 人次") for told in comments)
    assert any(told.startswith("相符：账本 1 批") for told in comments)
    assert {comment.author for comment in docx.Document(str(target)).comments} == {"连桥"}


def ranges(path: Path) -> list[str]:
    """The words that each comment of a file stands at."""
    body = docx.Document(str(path)).element.body
    spans: dict[str, str] = {}
    opened: set[str] = set()
    for element in body.iter():
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if name == "commentRangeStart":
            opened.add(element.values()[0])
        elif name == "commentRangeEnd":
            opened.discard(element.values()[0])
        elif name == "t":
            for number in opened:
                spans[number] = spans.get(number, "") + (element.text or "")
    return sorted(spans.values())


def test_a_comment_stands_at_its_number_and_nothing_else(world: World, tmp_path: Path) -> None:
    source, target = manuscript(tmp_path), tmp_path / "批注.docx"
    commented(source, checked(world, text_of(source).text), target)
    assert ranges(target) == sorted(["1批", "99人次", "2次", "99人次"])


@given(st.lists(st.tuples(st.text("3批5人次，。 \t项目甲", max_size=8), st.booleans()), max_size=8))
@settings(max_examples=30, deadline=None)
def test_any_cutting_into_runs_keeps_the_text(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[str, bool]]
) -> None:
    folder = tmp_path_factory.mktemp("runs")
    document = docx.Document()
    paragraph = document.add_paragraph("互访")
    for text, bold in runs:
        paragraph.add_run(text).bold = bold
    source, target = folder / "稿.docx", folder / "批注.docx"
    document.save(str(source))
    found = unheld(text_of(source).text)
    commented(source, found, target)
    assert text_of(target).text == found.text
    assert looks(target) == looks(source)
    assert ranges(target) == sorted(verdict.claim.quote for verdict in found.verdicts)


def test_a_comment_in_a_text_box_stands_at_its_drawing(tmp_path: Path) -> None:
    document = docx.Document()
    run = document.add_paragraph("外").add_run("框")
    box = docx.Document().add_paragraph("互访3批")._p
    shape = run._r.makeelement("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}pict", {})
    shape.append(box)
    run._r.append(shape)
    source, target = tmp_path / "稿.docx", tmp_path / "批注.docx"
    document.save(str(source))
    found = unheld(text_of(source).text)
    assert [verdict.claim.quote for verdict in found.verdicts] == ["3批"]
    assert commented(source, found, target) == 1
    assert text_of(target).text == found.text


def test_a_check_of_another_text_is_refused(tmp_path: Path) -> None:
    source = manuscript(tmp_path)
    with pytest.raises(Unreadable, match="不是这个文件"):
        commented(source, unheld("别的文字"), tmp_path / "批注.docx")


def test_a_figure_in_a_comment_tells_its_span(world: World, tmp_path: Path) -> None:
    approved(world, Agreement(node=world.county, title="示例", kind="年度协议", signed_on=DAY, start=DAY, end=DAY))
    document = docx.Document()
    document.add_paragraph("结对以来，双方签订协议1份。")
    source, target = tmp_path / "稿.docx", tmp_path / "批注.docx"
    document.save(str(source))
    commented(source, check("稿", text_of(source).text, world.county, clock.today()), target)
    (comment,) = docx.Document(str(target)).comments
    assert comment.text.startswith("相符：账本 1 份（签订协议，截至")
