"""The pages of documents: a template chosen, previewed, worded, signed, compared, downloaded; an own one brought."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document

from lianqiao.briefings import drafting
from lianqiao.briefings.models import Briefing, Template
from lianqiao.people.models import Access
from tests.desk.conftest import Reader, just_signed_in
from tests.world import World, approved, visit

pytestmark = pytest.mark.django_db
UNTIL = date(2021, 10, 12)


def docx(*paragraphs: str) -> bytes:
    made, held = Document(), io.BytesIO()
    for text in paragraphs:
        made.add_paragraph(text)
    made.save(held)
    return held.getvalue()


@pytest.fixture
def draft(world: World) -> Briefing:
    approved(world, visit(world.county, people=9))
    source = docx("双方互访{{ 互访人次 }}。", '{{ 文("下一步", "照协议办。") }}')
    own = drafting.bring(world.county, "示例模板", source, world.jingjiang)
    return drafting.begin(world.county, own, "示例汇报", world.jingjiang, None, UNTIL)


def page(client: Client, where: str, status: int = 200) -> str:
    answer = client.get(where)
    assert answer.status_code == status
    return answer.content.decode()


def do(client: Client, one: Briefing, what: str, **more: str) -> Any:
    return client.post(f"/briefings/{one.pk}/act/", {"do": what, **more})


def test_a_document_is_begun_from_a_template_that_comes_along(world: World, read: Reader) -> None:
    approved(world, visit(world.county, people=9))
    client = read(world.jingjiang)
    assert "公开摘要" in page(client, "/briefings/new/")
    given = {"template": "public-summary", "node": world.county.pk, "until": "2021-10-12"}
    assert client.post("/briefings/new/", given).status_code == 302
    one = Briefing.objects.get()
    assert one.title == "靖江-永寿公开摘要（2021-10-12）"
    assert "9人次" in page(client, f"/briefings/{one.pk}/")


def test_a_wrong_date_or_no_template_is_told_at_the_form(world: World, read: Reader) -> None:
    answer = read(world.jingjiang).post("/briefings/new/", {"node": world.county.pk, "until": "去年"})
    assert answer.status_code == 400
    assert "模板：未选" in answer.content.decode()
    assert "去年" in answer.content.decode()


def test_every_number_of_the_preview_opens_its_figure(world: World, draft: Briefing, read: Reader) -> None:
    client = read(world.auditor)
    found = re.findall(r'<a class="f" href="([^"]+)">9人次</a>', page(client, f"/briefings/{draft.pk}/"))
    assert set(found) == {f"/figures/visits.person_times/{world.county.number}/..2021-10-12@{draft.transaction}"}
    assert client.get(found[0]).status_code == 200


@pytest.mark.data
def test_words_are_put_in_and_a_refused_one_is_not_lost(world: World, draft: Briefing, read: Reader) -> None:
    client = read(world.jingjiang)
    refused = do(client, draft, "reword", **{"words-下一步": "请打 13912345678"})
    assert refused.status_code == 400
    assert "请打 13912345678" in refused.content.decode()
    assert do(client, draft, "reword", **{"words-下一步": "按季调度。"}).status_code == 302
    assert "按季调度。" in page(client, f"/briefings/{draft.pk}/")


@pytest.mark.data
def test_a_draft_is_no_business_of_readers_until_it_is_signed(world: World, draft: Briefing, read: Reader) -> None:
    reader, where = read(world.leader), f"/briefings/{draft.pk}/"
    page(reader, where, 404)
    assert "示例汇报" not in page(reader, "/briefings/")
    assert do(read(world.yongshou), draft, "sign").status_code == 302
    assert "归档的文件完好" in page(reader, where)
    assert do(read(world.jingjiang), draft, "renew").status_code == 400
    page(read(world.stranger), where, 404)


def test_an_archived_file_that_was_altered_is_told(world: World, draft: Briefing, read: Reader) -> None:
    signed = drafting.sign(draft, world.yongshou)
    path = drafting.evidence.path_of(signed.evidence[0]["sha256"])
    path.write_bytes(docx("改过"))
    assert "归档的文件不在或被改动" in page(read(world.leader), f"/briefings/{draft.pk}/")


@pytest.mark.data
def test_the_next_version_stands_beside_the_one_before(world: World, draft: Briefing, read: Reader) -> None:
    drafting.sign(draft, world.yongshou)
    approved(world, visit(world.county, people=5, purpose="示例补录"))
    client = read(world.jingjiang)
    assert do(client, draft, "follow").status_code == 302
    made = Briefing.objects.latest("pk")
    told = page(client, f"/briefings/{made.pk}/compare/")
    assert "<del>9人次</del>" in told
    assert "<ins>14人次</ins>" in told
    page(client, f"/briefings/{draft.pk}/compare/", 404)


@pytest.fixture
def fresh_client(world: World, settings: Any) -> Client:
    return just_signed_in(world.yongshou, settings)


@pytest.mark.parametrize(
    ("kind", "start"), [("docx", b"PK"), ("xlsx", b"PK"), ("pdf", b"%PDF"), ("html", b"<!doctype")]
)
def test_it_leaves_the_house_in_four_formats_and_is_recorded(
    world: World, draft: Briefing, fresh_client: Client, kind: str, start: bytes
) -> None:
    answer = fresh_client.get(f"/briefings/{draft.pk}/file/{kind}/")
    assert answer.content.startswith(start)
    line = Access.objects.get(act=Access.Act.EXPORT)
    assert line.what == f"示例汇报 第1版 {kind}"


def test_a_format_that_there_is_not(world: World, draft: Briefing, read: Reader) -> None:
    assert read(world.jingjiang).get(f"/briefings/{draft.pk}/file/exe/").status_code == 404


def bring(client: Client, world: World, content: bytes) -> Any:
    file = SimpleUploadedFile("模板.docx", content)
    return client.post("/briefings/templates/", {"node": world.county.pk, "name": "自己的", "file": file})


def test_an_own_template_is_brought_or_says_what_is_wrong_and_where(world: World, read: Reader) -> None:
    approved(world, visit(world.county, people=9))
    client = read(world.jingjiang)
    wrong = bring(client, world, docx("开头", "来往{{ 互访批 }}。"))
    assert wrong.status_code == 400
    assert "第2段" in wrong.content.decode()
    assert bring(client, world, b"no Word file").status_code == 400
    source = docx("互访{{ 互访批次 }}。")
    assert bring(client, world, source).status_code == 302
    held = Template.objects.get()
    assert "自己的" in page(client, "/briefings/new/")
    assert client.get(f"/briefings/templates/{held.code}/").content == source
    assert read(world.stranger).get(f"/briefings/templates/{held.code}/").status_code == 404


def test_one_that_comes_along_is_had_as_a_word_file(world: World, read: Reader) -> None:
    assert read(world.auditor).get("/briefings/templates/leaders-sheet/").content.startswith(b"PK")
    page(read(world.auditor), "/briefings/templates/none/", 404)
