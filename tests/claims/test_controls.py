"""Numbers that carry their figures: how a figure is written into a control, read again, and held against the journal."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao.briefings.documents import About, write
from lianqiao.briefings.style import WAN, YI, YUAN, Style, written
from lianqiao.claims.check import check
from lianqiao.claims.controls import controls, judged, number_of
from lianqiao.claims.documents import text_of
from lianqiao.claims.tagged import GROWTH, IDLE, LONGEST, RATE, SHORT, TARGET, Tag, made
from lianqiao.core.periods import Period
from lianqiao.core.precision import Written, bears_out
from lianqiao.core.units import unit
from lianqiao.journal.measures import MEASURES
from tests.briefings.templates import template
from tests.world import UNTIL, World, approved, revised, visit

SPANS = st.tuples(st.dates(date(1990, 1, 1), date(2089, 12, 31)), st.dates(date(1990, 1, 1), date(2089, 12, 31)))


@given(
    st.sampled_from(sorted(MEASURES)), SPANS, st.booleans(), st.integers(0, 10**9),
    st.sampled_from([("", 0), (GROWTH, 0), (IDLE, 0), (TARGET, 12), (RATE, 10**6), (SHORT, 3)]),
)  # fmt: skip
def test_a_tag_and_its_title_come_back(
    code: str, days: tuple[date, date], cumulative: bool, number: int, op: tuple[str, int]
) -> None:
    tag = Tag(code, "jd-2017-0003", Period(None if cumulative else min(days), max(days)), number, *op)
    assert Tag.parse(tag.tag, tag.title) == tag
    assert max(len(tag.tag), len(tag.title)) <= LONGEST


@pytest.mark.parametrize(
    ("tag", "title"),
    [
        ("visits.batches@1", "jd-1"),
        ("visits.batches@x", "jd-1 ..2021-10-12"),
        ("no.such@1", "jd-1 ..2021-10-12"),
        ("visits.batches|删@1", "jd-1 ..2021-10-12"),
        ("visits.batches@1", "jd-1 2021-13-01..2021-10-12"),
        ("", ""),
    ],
)
def test_other_controls_are_none_of_ours(tag: str, title: str) -> None:
    assert Tag.parse(tag, title) is None


UNITS = st.sampled_from(["元", "批", "人次", "%"])


@given(st.integers(-(10**13), 10**13), UNITS, st.sampled_from([0, YUAN, WAN, YI]), st.booleans())
def test_what_a_document_writes_is_read_as_what_it_was(value: int, name: str, scale: int, table: bool) -> None:
    of = unit(name)
    style = Style(scale, table=table)
    told = written(value, of, style)
    number, step, more = number_of(told)
    weight = (style.scale or WAN) if table and name == "元" else 1
    exact = number * weight * of.smallest_parts
    assert more == ""
    assert abs(exact - value) <= step * weight * of.smallest_parts / 2


@given(st.integers(1, 10**13), st.sampled_from(["批", "元"]))
def test_roughly_is_read_as_a_little_more(value: int, name: str) -> None:
    of = unit(name)
    number, step, more = number_of(written(value * of.smallest_parts, of, Style(rough=True)))
    assert bears_out(Written(number, step, "more_than" if more else None, more or None), value)


@pytest.mark.parametrize(
    ("op", "now", "other", "name", "comes_to"),
    [
        (GROWTH, 120, 100, "批", 2000), (GROWTH, 6900, 6190, "%", 710), (GROWTH, 5, 0, "批", None), (GROWTH, None, 5, "批", None),
        (TARGET, None, 30, "批", 30), (RATE, 29, 24, "批", 12083), (RATE, 29, 0, "批", None), (SHORT, 29, 24, "批", -5),
        (IDLE, 70, 100, "元", 30), (IDLE, 100, 70, "元", 0),
    ],
)  # fmt: skip
def test_what_is_made_of_a_figure(op: str, now: int | None, other: int | None, name: str, comes_to: int | None) -> None:
    assert made(op, now, other, unit(name)) == comes_to


# A document with numbers --------------------------------------------------------------------------------------------------


@pytest.fixture
def paper(world: World, tmp_path: Path) -> Path:
    """A document of two numbers, one of them in a table without its unit."""
    approved(world, visit(world.county, people=12), visit(world.county, date(2021, 3, 1), people=5, purpose="春"))
    rows = [["互访", "{{ 互访人次|数 }}"]]
    held = tmp_path / "汇报.docx"
    given = template("双方互访{{ 互访批次 }}，今年{{ 互访批次|今年|余 }}。两次都在本县。", table=rows)
    held.write_bytes(write(given, About.of(world.county, None, UNTIL)).docx)
    return held


def verdicts(world: World, path: Path) -> dict[str, str]:
    document = text_of(path)
    checked = judged(check(path.name, document.text, world.county, UNTIL), path)
    return {v.claim.quote: v.verdict for v in checked.verdicts}


@pytest.mark.django_db
def test_numbers_are_found_again_where_they_stand(paper: Path) -> None:
    text = text_of(paper).text
    found = controls(paper)
    assert [text[one.start : one.end] for one in found] == [one.text for one in found]
    assert [one.text for one in found[:3]] == ["2批", "2批", "17"]
    assert found[2].tag.code == "visits.person_times"


@pytest.mark.django_db
def test_they_are_borne_out_and_explanations_are_not_read(world: World, paper: Path) -> None:
    told = verdicts(world, paper)
    assert {told[number] for number in ("2批", "17")} == {"borne out"}
    assert set(told) == {"2批", "17", "两次"}  # the annex tells of 一次 and 两次, and claims nothing


@pytest.mark.django_db
def test_a_correction_is_told_with_the_old_and_the_new_number(world: World, paper: Path) -> None:
    from lianqiao.fields.exchange.models import Visit

    revised(world, Visit.objects.get(people=12), people=10)
    checked = judged(check("x", text_of(paper).text, world.county, UNTIL), paper)
    (wrong, *_) = [v for v in checked.verdicts if v.verdict == "differs" and v.claim.quote == "17"]
    assert wrong.difference == "文中17，账本 15 人次（互访人次）"
    assert re.fullmatch(r"成文时（事务 #\d+）17 人次，现在（事务 #\d+）15 人次。", wrong.why[0])
    assert any(re.search(r"HF-2021-\d+（审核.*）：−2 人次", why) for why in wrong.why)


@pytest.mark.django_db
def test_a_number_changed_by_hand_is_told_so(world: World, paper: Path) -> None:
    document = docx.Document(str(paper))
    for text in document.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"):
        text.text = (text.text or "").replace("2批", "3批")
    held = io.BytesIO()
    document.save(held)
    paper.write_bytes(held.getvalue())
    checked = judged(check("x", text_of(paper).text, world.county, UNTIL), paper)
    wrong = next(v for v in checked.verdicts if v.claim.quote == "3批")
    assert wrong.verdict == "differs"
    assert "文中的数在文件里改过" in wrong.why[0]


@pytest.mark.django_db
def test_a_text_without_controls_is_judged_as_before(world: World, tmp_path: Path) -> None:
    plain = tmp_path / "a.txt"
    plain.write_text("双方互访2批。", encoding="utf-8")
    checked = check("a", "双方互访2批。", world.county, UNTIL)
    assert judged(checked, plain) is checked
