"""Checked texts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao.claims.marked import paragraphs, tally
from lianqiao.claims.models import SavedCheck
from lianqiao.journal import clock
from lianqiao.journal.figures import known_at
from tests.desk.conftest import Reader
from tests.world import World, approved, told, visit

TEXT = "示例：共商协作\n\n　　两地互访113批1213人次，接待游客30余万人次。\n到2025年建成7个示范村。联系电话0523-1。\n"


def verdict(quote: str, judged: str, **more: Any) -> dict[str, Any]:
    start = TEXT.index(quote)
    blank: dict[str, Any] = {
        "measure": None,
        "figure": None,
        "figure_address": None,
        "difference": None,
        "reading": None,
        "why": [],
    }
    return {"start": start, "end": start + len(quote), "quote": quote, "verdict": judged} | blank | more


@pytest.fixture
def saved(world: World) -> SavedCheck:
    approved(world, visit(world.county, people=1210))
    visitors = told("visits.person_times", world.county)
    differs = "文中1213人次，账本 1,210 人次，少 3 人次"
    result = [
        verdict("1213人次", "differs", measure="visits.person_times", figure="1210", figure_address=visitors.address, difference=differs,
                why=["HF-2021-0029（作废：重复，事务 #9）：−3 人次"]),
        verdict("113批", "borne out", measure="visits.batches", figure="113", figure_address="/figures/x", reading="四舍五入"),
        verdict("30余万人次", "no entries", why=["账本不记游客接待。"]),
        verdict("7个", "plan", why=["框架协议：2025 年 7 个"]),
        verdict("0523-1", "not an indicator", why=["电话号码"]),
    ]  # fmt: skip
    known = known_at()
    return SavedCheck.objects.create(
        name="示例稿", text=TEXT, node=world.county, as_of=date(2021, 10, 13), transaction=known.number, hash=known.hash,
        result=result, by="jingjiang", at=clock.now(),
    )  # fmt: skip


def test_numbers_are_marked_and_the_margin_tells_the_verdicts(saved: SavedCheck, world: World, read: Reader) -> None:
    page = read(world.auditor).get(f"/checks/{saved.pk}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert '<a class="cl y" href="#c1">113批<sup>1</sup></a><a class="cl x" href="#c2">1213人次<sup>2</sup></a>' in text
    assert '<a class="cl o" href="#c3">' in text
    assert '<a class="cl p" href="#c4">' in text
    address = told("visits.person_times", world.county).address
    assert f'<a class="f" href="{address}">1,210</a> 人次' in text
    assert "少 3 人次" in text
    assert "HF-2021-0029（作废：重复，事务 #9）" in text
    assert "四舍五入" in text
    assert "另有 1 处数字不是账本所记的指标" in text
    assert "电话号码" in text


def test_the_list_tells_the_tally(saved: SavedCheck, world: World, read: Reader) -> None:
    page = read(world.auditor).get("/checks/")
    ((_, counts, _),) = page.context["lines"]
    assert counts == [("x", "不符", 1), ("o", "无记录", 1), ("p", "计划", 1), ("y", "相符", 1)]
    assert f'href="/checks/{saved.pk}/"' in page.content.decode()


def test_no_text_was_checked_yet(world: World, read: Reader) -> None:
    assert "还没有核对过文稿" in read(world.auditor).get("/checks/").content.decode()


def test_a_text_is_never_markup(saved: SavedCheck, world: World, read: Reader) -> None:
    saved.text = saved.text.replace("示例：", "<script>alert(1)</script>")
    saved.save()
    assert "<script>alert" not in read(world.auditor).get(f"/checks/{saved.pk}/").content.decode()


def test_the_title_is_set_as_one_and_a_paragraph_with_numbers_is_not() -> None:
    first, second, third = paragraphs(TEXT, [verdict("113批", "borne out")])
    assert (first.title, second.title, third.title) == (True, False, False)
    assert second.pieces[0].text == "两地互访"


letters = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=60)


@given(letters, st.lists(st.tuples(st.integers(0, 60), st.integers(1, 8)), max_size=8))
def test_no_character_of_a_text_is_lost_or_said_twice(text: str, places: list[tuple[int, int]]) -> None:
    result = [{"start": at, "end": at + size, "verdict": "borne out"} for at, size in places]
    shown = ["".join(piece.text for piece in paragraph.pieces) for paragraph in paragraphs(text, result)]
    kept = [line.lstrip().rstrip("\n") for line in text.splitlines(keepends=True) if line.strip()]
    assert [line.rstrip() for line in shown] == [line.rstrip() for line in kept]
    assert sum(count for _, _, count in tally(result)) == len(result)


def test_a_stranger_learns_nothing(saved: SavedCheck, world: World, read: Reader) -> None:
    client = read(world.stranger)
    assert client.get(f"/checks/{saved.pk}/").status_code == 404
    assert client.get("/checks/").context["lines"] == []


def test_the_ladder(saved: SavedCheck, world: World, read: Reader) -> None:
    assert read(world.leader).get(f"/checks/{saved.pk}/").status_code == 200
    assert read(world.auditor).get("/checks/9999/").status_code == 404
    assert read().get(f"/checks/{saved.pk}/").status_code == 302
    assert read(world.auditor).post(f"/checks/{saved.pk}/").status_code == 405
    assert read(world.auditor).post("/checks/").status_code == 405
