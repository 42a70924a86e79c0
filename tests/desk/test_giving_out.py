"""What leaves the house or is shown in the clear: exports and reveals, after a fresh sign-in, each recorded."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from django.test import Client

from lianqiao.desk.models import SavedFilter
from lianqiao.ledger import acts
from lianqiao.people.models import Access
from tests.desk.conftest import PASSWORD, Reader, just_signed_in
from tests.world import World, approved, stay, visit

ID = "990000198001010012"
EXPORT = "/ledgers/visits/export/"


@pytest.fixture
def fresh_client(world: World, settings: Any) -> Client:
    """jingjiang, who has just signed in once more."""
    return just_signed_in(world.jingjiang, settings)


def sheet(answer: Any) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


def test_what_is_filtered_is_exported_and_recorded(world: World, fresh_client: Client) -> None:
    approved(world, visit(world.county, date(2020, 5, 1)), visit(world.county, date(2021, 5, 1)))
    rows = sheet(fresh_client.get(f"{EXPORT}?year=2021"))
    assert "HF-2021-0001" in str(rows)
    assert "HF-2020-0001" not in str(rows)
    line = Access.objects.get(act=Access.Act.EXPORT)
    assert (line.by, line.count) == ("jingjiang", 1)


@pytest.mark.parametrize(
    ("query", "kept", "told"),
    [
        ("q=示范园", {"HF-2020-0001"}, "查找“示范园”"),
        ("partner=objected", {"HF-2021-0001"}, "有异议"),
        ("state=back", {"HF-2021-0002"}, "退回，含修订"),
        ("state=approved&partner=open&q=示范园", {"HF-2020-0001"}, "已审核，待对账，查找“示范园”"),
        ("", {"HF-2020-0001", "HF-2021-0001", "HF-2021-0002"}, "全部有效行"),
    ],
)
def test_an_export_is_what_the_list_shows(
    world: World, fresh_client: Client, query: str, kept: set[str], told: str
) -> None:
    _, other = approved(
        world, visit(world.county, date(2020, 5, 1), purpose="示范园"), visit(world.county, date(2021, 5, 1))
    )
    acts.object_to([other], world.yongshou, "人数不符")
    (third,) = acts.create([visit(world.county, date(2021, 6, 1), leader="另一人")], world.jingjiang)
    acts.send_back([third], world.yongshou, "缺签到表")
    rows = str(sheet(fresh_client.get(f"{EXPORT}?{query}")))
    assert {number for number in ("HF-2020-0001", "HF-2021-0001", "HF-2021-0002") if number in rows} == kept
    assert told in Access.objects.get(act=Access.Act.EXPORT).what


def test_an_export_asks_for_a_fresh_sign_in(world: World, read: Reader) -> None:
    world.jingjiang.set_password(PASSWORD)
    world.jingjiang.save()
    assert read(world.jingjiang).get(EXPORT)["Location"].startswith("/again/")
    assert not Access.objects.filter(act=Access.Act.EXPORT).exists()


def test_the_empty_form_offers_the_pairings_where_one_fills_in(world: World, read: Reader) -> None:
    answer = read(world.jingjiang).get("/ledgers/visits/template/")
    assert "%E4%BA%92%E8%AE%BF%E5%8F%B0%E8%B4%A6" in answer["Content-Disposition"]
    assert "日期" in str(sheet(answer))


def test_the_ladder_of_giving_out(world: World, read: Reader) -> None:
    for address in (EXPORT, "/ledgers/visits/template/"):
        assert read(world.leader).get(address).status_code == 403
        assert read(world.jingjiang).post(address).status_code == 405
        assert read().get(address).status_code == 302
        assert read(world.jingjiang).get(address.replace("visits", "nothing")).status_code == 404


# Reveal ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def address(world: World) -> str:
    (row,) = approved(world, stay(world.county, date(2021, 3, 1), ID))
    return f"/ledgers/secondments/{row.number}/reveal/id_number/"


def test_an_id_number_is_shown_for_a_reason_which_is_recorded(fresh_client: Client, address: str) -> None:
    assert ID not in fresh_client.get(address).content.decode()
    page = fresh_client.post(address, {"why": "核对社保参保记录"})
    assert ID in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    line = Access.objects.get(act=Access.Act.REVEAL)
    assert (line.by, line.what, line.why) == ("jingjiang", f"{address.split('/')[3]} 身份证号", "核对社保参保记录")


@pytest.mark.parametrize("why", ["", " 看 ", "长" * 301])
def test_without_a_reason_nothing_is_shown_and_nothing_recorded(fresh_client: Client, address: str, why: str) -> None:
    page = fresh_client.post(address, {"why": why})
    assert page.status_code == 400
    assert ID not in page.content.decode()
    assert not Access.objects.filter(act=Access.Act.REVEAL).exists()


def test_a_reveal_asks_for_a_fresh_sign_in(world: World, read: Reader, address: str) -> None:
    world.jingjiang.set_password(PASSWORD)
    world.jingjiang.save()
    answer = read(world.jingjiang).post(address, {"why": "核对社保参保记录"})
    assert answer["Location"].startswith("/again/")
    assert not Access.objects.filter(act=Access.Act.REVEAL).exists()


def test_the_ladder_of_a_reveal(world: World, read: Reader, address: str) -> None:
    assert read(world.jingjiang).get(address).status_code == 200
    assert read(world.auditor).get(address).status_code == 403
    assert read(world.stranger).get(address).status_code == 404
    assert read(world.jingjiang).get(address.replace("id_number", "name")).status_code == 404
    assert read(world.jingjiang).put(address).status_code == 405
    (row,) = acts.create([stay(world.county, date(2021, 4, 1))], world.jingjiang)
    assert read(world.jingjiang).get(f"/ledgers/secondments/{row.number}/reveal/id_number/").status_code == 404


# Saved filters -----------------------------------------------------------------------------------------------------------

SAVE = "/ledgers/visits/filters/"


def test_a_filter_is_saved_found_again_and_forgotten(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    answer = client.post(SAVE, {"name": "今年待审", "query": "year=2021&state=submitted&page=3&evil=1"})
    assert answer["Location"] == "/ledgers/visits/?year=2021&state=submitted"
    assert "今年待审" in client.get("/ledgers/visits/").content.decode()
    assert "今年待审" not in read(world.yongshou).get("/ledgers/visits/").content.decode()
    client.post(SAVE, {"name": "今年待审", "query": "year=2020"})
    assert SavedFilter.objects.get().query == "year=2020"
    client.post(SAVE, {"name": "今年待审", "act": "forget"})
    assert not SavedFilter.objects.exists()


def test_the_ladder_of_a_saved_filter(world: World, read: Reader) -> None:
    assert read(world.jingjiang).post(SAVE, {"name": ""}).status_code == 400
    assert read(world.jingjiang).post(SAVE, {"name": "x", "query": "state=nothing"}).status_code == 404
    assert read(world.leader).post(SAVE, {"name": "x"}).status_code == 403
    assert read(world.jingjiang).get(SAVE).status_code == 405
