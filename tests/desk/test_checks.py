"""Checked texts."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lianqiao.claims.marked import paragraphs, tally
from lianqiao.claims.models import HeldReading, SavedCheck
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


# A new text -----------------------------------------------------------------------------------------------------------

ARTICLE = "示例稿\n2016年结对以来，双方互访1批99人次，接待游客3万人次。"


def sent(world: World, **more: Any) -> dict[str, Any]:
    return {"text": ARTICLE, "node": world.county.pk, "as_of": "2021-12-31", "name": ""} | more


def checked(client: Client, world: World, **more: Any) -> SavedCheck:
    """The check that comes of sending a text."""
    answer = client.post("/checks/new/", sent(world, **more))
    assert answer.status_code == 302, answer.content.decode()
    return SavedCheck.objects.get(pk=int(answer.headers["Location"].strip("/").rpartition("/")[2]))


def word(*lines: str) -> SimpleUploadedFile:
    held, made = BytesIO(), docx.Document()
    for line in lines:
        made.add_paragraph(line)
    made.save(held)
    return SimpleUploadedFile("通报稿.docx", held.getvalue())


def test_a_pasted_text_is_checked_and_shown_to_its_author_alone(world: World, read: Reader) -> None:
    approved(world, visit(world.county, people=65))
    client = read(world.auditor)
    one = checked(client, world)
    assert (one.name, one.kept, one.as_of, one.hash) == ("示例稿", False, date(2021, 12, 31), known_at().hash)
    assert [v["verdict"] for v in one.result] == ["borne out", "differs", "not an indicator"]
    assert "还没有保存" in client.get(f"/checks/{one.pk}/").content.decode()
    assert read(world.leader).get(f"/checks/{one.pk}/").status_code == 404


def test_saved_it_is_there_for_all_and_stays_as_it_is(world: World, read: Reader) -> None:
    approved(world, visit(world.county, people=65))
    client = read(world.auditor)
    one = checked(client, world)
    assert client.post(f"/checks/{one.pk}/act/", {"do": "keep"}).status_code == 302
    approved(world, visit(world.county, people=34, purpose="示例之二"))
    page = read(world.leader).get(f"/checks/{one.pk}/").content.decode()
    assert "文中99人次，账本 65 人次" in page
    assert client.post(f"/checks/{one.pk}/act/", {"do": "drop"}).status_code == 404


def test_checked_again_it_is_a_new_one(world: World, read: Reader) -> None:
    approved(world, visit(world.county, people=65))
    client = read(world.auditor)
    one = checked(client, world)
    client.post(f"/checks/{one.pk}/act/", {"do": "keep"})
    approved(world, visit(world.county, people=34, purpose="示例之二"))
    client.post(f"/checks/{one.pk}/act/", {"do": "again"})
    newest = SavedCheck.objects.first()
    assert newest is not None
    assert (newest.kept, [v["figure"] for v in newest.result][:2]) == (False, [2, 99])


def test_the_next_text_takes_the_place_of_what_was_not_saved(world: World, read: Reader) -> None:
    client = read(world.auditor)
    first = checked(client, world)
    second = checked(client, world)
    assert list(SavedCheck.objects.values_list("pk", flat=True)) == [second.pk]
    assert client.post(f"/checks/{first.pk}/act/", {"do": "keep"}).status_code == 404
    client.post(f"/checks/{second.pk}/act/", {"do": "drop"})
    assert not SavedCheck.objects.exists()


def test_a_file_is_checked_by_its_own_day_and_name(world: World, read: Reader) -> None:
    approved(world, visit(world.county, date(2021, 3, 1)), visit(world.county, date(2021, 12, 1), purpose="示例之二"))
    file = SimpleUploadedFile("通报.txt", "发布时间：2021-10-13\n结对以来，双方互访1批。".encode("gb18030"))
    one = checked(read(world.auditor), world, file=file, as_of="", text="")
    assert (one.name, one.as_of, one.result[0]["verdict"]) == ("通报.txt", date(2021, 10, 13), "borne out")


def test_a_word_file_comes_back_with_comments(world: World, read: Reader) -> None:
    approved(world, visit(world.county, people=65))
    file = word("结对以来，双方互访1批99人次。")
    answer = read(world.auditor).post("/checks/new/", sent(world, file=file, text="", want="docx"))
    made = docx.Document(BytesIO(answer.content))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert [comment.text.partition("：")[0] for comment in made.comments] == ["不符", "相符"]
    assert not SavedCheck.objects.exists()


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"text": " "}, "文稿：未填"),
        ({"file": SimpleUploadedFile("稿.doc", b"x")}, "旧版 Word"),
        ({"file": SimpleUploadedFile("稿.txt", b"\x00\x01")}, "不是文本文件"),
        ({"file": SimpleUploadedFile("稿.txt", "字".encode() * 100_001)}, "超过 100000 字"),
        ({"file": SimpleUploadedFile("稿.txt", b"1" * 5_000_001)}, "超过 5 MB"),
        ({"want": "docx"}, "请选 .docx"),
        ({"as_of": "昨天"}, ""),
        ({"node": 0}, ""),
    ],
)
def test_what_cannot_be_checked_is_refused_at_the_form(
    world: World, read: Reader, more: dict[str, Any], problem: str
) -> None:
    answer = read(world.auditor).post("/checks/new/", sent(world, **more))
    assert answer.status_code == 400
    assert problem in answer.content.decode()
    assert not SavedCheck.objects.exists()


def test_a_stranger_cannot_check_against_our_figures(world: World, read: Reader) -> None:
    assert read(world.stranger).post("/checks/new/", sent(world)).status_code == 400
    assert read().post("/checks/new/", sent(world)).status_code == 302
    assert not SavedCheck.objects.exists()


def test_a_post_without_a_token_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.auditor)
    assert client.post("/checks/new/", sent(world)).status_code == 403


def test_the_copy_stands_alone(world: World, read: Reader) -> None:
    client = read(world.auditor)
    one = checked(client, world)
    page = client.get(f"/checks/{one.pk}/page/")
    assert page.headers["Content-Disposition"].startswith("attachment")
    assert "<style>" in page.content.decode()


def test_contradictions_within_the_text_are_told(world: World, read: Reader) -> None:
    client = read(world.auditor)
    one = checked(client, world, text="帮助就业200人，其中脱贫人口260人。")
    assert "其中260人，大于总数200人" in client.get(f"/checks/{one.pk}/").content.decode()


# Readings corrected by hand -------------------------------------------------------------------------------------------


def correct(client: Client, one: SavedCheck, quote: str, **told: str) -> Any:
    start = one.text.index(quote)
    return client.post(f"/checks/{one.pk}/reading/{start}/", {"measure": "", "period": ""} | told)


def test_a_reading_corrected_by_hand_is_followed_from_then_on(world: World, read: Reader) -> None:
    """接待游客 is no indicator until somebody says what it is."""
    approved(world, visit(world.county, people=65))
    client = read(world.jingjiang)
    one = checked(client, world)
    answer = correct(client, one, "3万人次", measure="visits.person_times")
    assert answer.status_code == 302
    again = checked(read(world.auditor), world)
    assert [(v["verdict"], v["measure"]) for v in again.result][2] == ("differs", "visits.person_times")


def test_a_number_may_be_of_nothing_that_is_counted(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    one = checked(client, world)
    correct(client, one, "99人次")
    assert checked(client, world).result[1]["verdict"] == "not an indicator"


def test_a_period_corrected_by_hand(world: World, read: Reader) -> None:
    approved(world, visit(world.county, date(2020, 5, 1)), visit(world.county, date(2021, 5, 1), purpose="示例之二"))
    client = read(world.jingjiang)
    one = checked(client, world)
    correct(client, one, "1批", measure="visits.batches", period="year")
    assert checked(client, world).result[0]["verdict"] == "borne out"


def test_a_reading_holds_below_its_node_and_nowhere_else(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    correct(client, checked(client, world), "99人次")
    below = checked(read(world.admin), world, node=world.town.pk)
    above = checked(read(world.admin), world, node=world.prefecture.pk)
    assert [one.result[1]["verdict"] for one in (below, above)] == ["not an indicator", "no entries"]


def test_readings_are_listed_and_can_be_forgotten(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    correct(client, checked(client, world), "99人次")
    (held,) = HeldReading.objects.all()
    assert held.words == "双方互访#批…"
    assert held.words in read(world.leader).get("/checks/readings/").content.decode()
    assert read(world.leader).post("/checks/readings/", {"forget": held.pk}).status_code == 403
    assert read(world.stranger).post("/checks/readings/", {"forget": held.pk}).status_code == 404
    assert client.post("/checks/readings/", {"forget": held.pk}).status_code == 302
    assert not HeldReading.objects.exists()


def test_only_who_fills_in_corrects_readings(world: World, read: Reader) -> None:
    client = read(world.auditor)
    one = checked(client, world)
    assert correct(client, one, "99人次").status_code == 403
    assert "改读法" not in client.get(f"/checks/{one.pk}/").content.decode()


def test_what_is_no_number_or_no_measure_is_not_corrected(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    one = checked(client, world)
    assert client.get(f"/checks/{one.pk}/reading/0/").status_code == 404
    assert correct(client, one, "99人次", measure="no.such").status_code == 400
    page = client.get(f"/checks/{one.pk}/reading/{one.text.index('99人次')}/").content.decode()
    assert '<option value="visits.person_times" selected>' in page
