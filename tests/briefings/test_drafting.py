"""Documents as people work them: written, worded, taken anew, signed, followed; and templates of an office's own."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from docx import Document

from lianqiao.briefings import drafting
from lianqiao.briefings.models import Briefing, Template
from lianqiao.journal.figures import known_at
from lianqiao.ledger import evidence
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.evidence import is_whole
from tests.world import World, approved, visit

pytestmark = [pytest.mark.django_db, pytest.mark.data]
UNTIL = date(2021, 10, 12)


def docx(*paragraphs: str) -> bytes:
    made, held = Document(), io.BytesIO()
    for text in paragraphs:
        made.add_paragraph(text)
    made.save(held)
    return held.getvalue()


def text(one: Briefing) -> str:
    return "\n".join(p.text for p in Document(io.BytesIO(drafting.content(one))).paragraphs)


@pytest.fixture
def own(world: World) -> Template:
    approved(world, visit(world.county, people=9))
    source = docx("双方互访{{ 互访批次 }}、{{ 互访人次 }}。", '{{ 文("下一步", "照协议办。") }}')
    return drafting.bring(world.county, "示例模板", source, world.jingjiang)


@pytest.fixture
def draft(world: World, own: Template) -> Briefing:
    return drafting.begin(world.county, own, "示例汇报", world.jingjiang, None, UNTIL)


def test_a_draft_is_written_from_the_journal_and_names_its_numbers(world: World, draft: Briefing) -> None:
    assert [one[0] + one[4] for one in draft.numbers] == ["visits.batches1批", "visits.person_times9人次"]
    assert is_whole(draft.evidence[0]["sha256"])


def test_it_is_what_was_known_on_a_day(world: World, own: Template) -> None:
    known = known_at()
    approved(world, visit(world.county, people=5, purpose="示例补录"))
    then = drafting.begin(world.county, own, "那天", world.jingjiang, None, UNTIL, known)
    now = drafting.begin(world.county, own, "现在", world.jingjiang, None, UNTIL)
    assert [one.numbers[1][4] for one in (then, now)] == ["9人次", "14人次"]


def test_words_go_in_and_its_former_file_goes(
    world: World, draft: Briefing, django_capture_on_commit_callbacks: Any
) -> None:
    before, former = evidence.path_of(draft.evidence[0]["sha256"]), text(draft)
    with django_capture_on_commit_callbacks(execute=True):
        made = drafting.reword(draft, {"下一步": "按季调度。", "别的": "不写"}, world.jingjiang)
    assert made.words == {"下一步": "按季调度。"}
    assert text(made) == former.replace("照协议办。", "按季调度。")
    assert not before.exists()


def test_a_file_that_something_else_has_stays(world: World, draft: Briefing) -> None:
    one = evidence.keep(b"nobody's", "稿.docx", "文稿")["sha256"]
    drafting.forget({one, draft.evidence[0]["sha256"]})
    assert not evidence.path_of(one).exists()
    assert is_whole(draft.evidence[0]["sha256"])


def test_no_words_hold_a_telephone(world: World, draft: Briefing) -> None:
    with pytest.raises(Refused, match="身份证号或电话"):
        drafting.reword(draft, {"下一步": "请打 13912345678"}, world.jingjiang)


def test_signed_by_another_it_changes_no_more(world: World, draft: Briefing) -> None:
    with pytest.raises(PermissionDenied):
        drafting.sign(draft, world.jingjiang)
    mine = drafting.begin(world.county, "public-summary", "自己的", world.admin, None, UNTIL)
    with pytest.raises(Refused, match="不能是同一人"):
        drafting.sign(mine, world.admin)
    signed = drafting.sign(draft, world.yongshou)
    assert (signed.state, signed.signer) == (Briefing.State.ARCHIVED, world.yongshou)
    for act in (drafting.renew, drafting.drop):
        with pytest.raises(Refused, match="已归档"):
            act(signed, world.jingjiang)


def test_the_next_version_takes_the_words_along_and_tells_its_numbers_apart(world: World, draft: Briefing) -> None:
    worded = drafting.reword(draft, {"下一步": "按季调度。"}, world.jingjiang)
    signed = drafting.sign(worded, world.yongshou)
    approved(world, visit(world.county, people=5, purpose="示例补录"))
    made = drafting.follow(signed, world.jingjiang)
    assert (made.version, made.words) == (2, {"下一步": "按季调度。"})
    told = [(key[0], old, new) for key, old, new in drafting.differences(signed, made)]
    assert told == [("visits.batches", "1批", "2批"), ("visits.person_times", "9人次", "14人次")]
    with pytest.raises(Refused, match="已经有下一版"):
        drafting.follow(signed, world.jingjiang)


def test_a_template_says_what_is_wrong_in_it_and_where(world: World) -> None:
    with pytest.raises(Refused) as refused:
        drafting.bring(world.county, "错的", docx("开头", "来往{{ 互访批 }}。"), world.jingjiang)
    (problem,) = refused.value.problems
    assert "第2段" in problem.message
    assert "互访批次" in problem.message  # what was meant
    assert not Template.objects.exists()


def test_a_template_that_has_written_something_is_not_replaced(world: World, own: Template) -> None:
    again = drafting.bring(world.county, "示例模板", docx("{{ 互访批次 }}"), world.jingjiang)
    assert again.pk == own.pk
    drafting.begin(world.county, again, "示例", world.jingjiang, None, UNTIL)
    with pytest.raises(Refused, match="不能替换"):
        drafting.bring(world.county, "示例模板", docx("{{ 互访人次 }}"), world.jingjiang)
