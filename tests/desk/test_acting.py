"""What is done with chosen rows: one act for all of them, each refusal at its row, and who may."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lianqiao.desk.deeds import DEEDS
from lianqiao.desk.views import acting
from lianqiao.fields.exchange.models import Visit
from lianqiao.journal.models import Transaction
from lianqiao.ledger import acts
from lianqiao.people.models import Grant
from tests.desk.conftest import Reader
from tests.world import World, approved, fresh, value, visit

ACT = "/ledgers/visits/act/"


def rows(world: World, n: int = 3, **more: Any) -> list[Visit]:
    return acts.create(
        [visit(world.county, date(2021, 3, 1 + at), purpose=f"示例{at}") for at in range(n)], world.jingjiang, **more
    )


def numbers(made: list[Visit]) -> list[str]:
    return [row.number for row in made]


def test_two_hundred_rows_are_approved_in_one_transaction(world: World, read: Reader) -> None:
    made = [visit(world.county, date(2021, 1 + at // 28, 1 + at % 28), purpose=f"示例{at}") for at in range(200)]
    acts.create(made, world.jingjiang)
    before = Transaction.objects.count()
    client = read(world.yongshou)
    answer = client.post(ACT, {"act": "approve", "all": "1", "query": "state=submitted", "next": "/ledgers/visits/"})
    assert answer["Location"] == "/ledgers/visits/"
    assert (Transaction.objects.count() - before, value("visits.batches", world.county)) == (1, 200)
    assert "已通过 200 行" in client.get("/ledgers/visits/").content.decode()


def test_only_what_is_filtered_is_taken(world: World, read: Reader) -> None:
    rows(world)
    read(world.yongshou).post(ACT, {"act": "approve", "all": "1", "query": "state=submitted&q=示例1"})
    assert Visit.objects.filter(state="approved").count() == 1


def test_too_many_rows_are_not_done_in_part(world: World, read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acting, "MOST", 2)
    rows(world)
    page = read(world.yongshou).post(
        ACT, {"act": "approve", "all": "1", "query": "", "next": "/ledgers/visits/"}, follow=True
    )
    assert "一次至多 2 行" in page.content.decode()
    assert not Visit.objects.filter(state="approved").exists()


def test_drafts_are_handed_in(world: World, read: Reader) -> None:
    made = rows(world, submit=False)
    read(world.jingjiang).post(ACT, {"act": "submit", "number": numbers(made)[:2]})
    assert [fresh(row).state for row in made] == ["submitted", "submitted", "draft"]


def test_rows_are_returned_with_a_reason_and_not_without(world: World, read: Reader) -> None:
    made = rows(world)
    page = read(world.yongshou).post(ACT, {"act": "return", "number": numbers(made)})
    assert (page.status_code, page.context["general"]) == (400, ["退回要写明缘由。"])
    assert {fresh(row).state for row in made} == {"submitted"}
    read(world.yongshou).post(ACT, {"act": "return", "number": numbers(made), "why": "缺签到表"})
    assert {(fresh(row).state, fresh(row).reason) for row in made} == {("returned", "缺签到表")}


def test_one_row_that_is_refused_holds_all_back_and_is_named(world: World, read: Reader) -> None:
    made = rows(world)
    acts.approve([made[1]], world.yongshou)
    page = read(world.yongshou).post(ACT, {"act": "approve", "number": numbers(made)})
    lines = {row.number: problems for row, problems in page.context["lines"]}
    assert lines == {
        made[0].number: [],
        made[1].number: [f"{made[1].number}：不在待审状态，现为已审核。"],
        made[2].number: [],
    }
    assert fresh(made[0]).state == "submitted"


def test_twins_are_shown_first_and_approved_once_somebody_says_that_they_are_none(world: World, read: Reader) -> None:
    approved(world, visit(world.county))
    (row,) = acts.create([visit(world.town)], world.jingjiang)
    client = read(world.yongshou)
    page = client.post(ACT, {"act": "approve", "number": row.number})
    assert page.status_code == 400
    assert "HF-2021-0001" in page.content.decode()
    assert 'name="despite_twins"' in page.content.decode()
    assert fresh(row).state == "submitted"
    client.post(ACT, {"act": "approve", "number": row.number, "despite_twins": "on"})
    assert fresh(row).state == "approved"


def test_a_row_is_voided_with_a_reason(world: World, read: Reader) -> None:
    (row,) = approved(world, visit(world.county))
    client = read(world.yongshou)
    assert client.post(ACT, {"act": "void", "number": row.number}).status_code == 400
    client.post(ACT, {"act": "void", "number": row.number, "why": "重复录入"})
    assert (fresh(row).state, value("visits.batches", world.county)) == ("void", 0)


def test_a_revision_is_withdrawn(world: World, read: Reader) -> None:
    (row,) = approved(world, visit(world.county))
    acts.revise(row, {"people": 5}, world.jingjiang, "更正")
    read(world.jingjiang).post(ACT, {"act": "withdraw", "number": row.number})
    assert fresh(row).pending is None


@pytest.mark.parametrize(("act", "partner"), [("confirm", "confirmed"), ("object", "objected")])
def test_the_partner_confirms_or_objects(world: World, read: Reader, act: str, partner: str) -> None:
    (row,) = approved(world, visit(world.county))
    Grant.objects.filter(user=world.yongshou).update(side="west")
    west = read(world.yongshou)
    assert act in west.get(f"/ledgers/visits/{row.number}/").content.decode()
    west.post(ACT, {"act": act, "number": row.number, "why": "人数不同"})
    assert fresh(row).partner == partner


def test_nothing_chosen_is_told(world: World, read: Reader) -> None:
    page = read(world.yongshou).post(ACT, {"act": "approve"})
    assert (page.status_code, page.context["general"]) == (400, ["没有选中任何行。"])


def test_the_ladder(world: World, read: Reader) -> None:
    (row,) = rows(world, 1)
    told = {"act": "approve", "number": row.number}
    assert read(world.yongshou).post(ACT, told).status_code == 302
    assert read(world.jingjiang).post(ACT, told).status_code == 403
    assert read(world.stranger).post(ACT, {**told, "act": "submit"}).status_code == 404
    assert read(world.yongshou).post(ACT, {**told, "number": "HF-2099-0001"}).status_code == 404
    assert read(world.yongshou).post(ACT, {"act": "burn", "number": row.number}).status_code == 400
    assert read(world.yongshou).get(ACT).status_code == 405
    assert read().post(ACT, told)["Location"].startswith("/sign-in/")


def test_a_reviewer_of_one_side_does_not_pass_the_others_rows(world: World, read: Reader) -> None:
    Grant.objects.filter(user=world.yongshou).update(side="west")
    (row,) = rows(world, 1)
    assert read(world.yongshou).post(ACT, {"act": "approve", "number": row.number}).status_code == 403


@pytest.mark.parametrize("key", sorted(DEEDS))
def test_no_deed_is_done_by_who_may_only_read(world: World, read: Reader, key: str) -> None:
    (row,) = approved(world, visit(world.county))
    for person in (world.auditor, world.leader):
        assert read(person).post(ACT, {"act": key, "number": row.number, "why": "试"}).status_code == 403
    assert (fresh(row).state, fresh(row).partner) == ("approved", "")


@pytest.mark.parametrize(
    ("person", "state", "offered"),
    [
        ("jingjiang", "draft", ["submit"]),
        ("yongshou", "submitted", ["approve", "return"]),
        ("yongshou", "void", []),
        ("auditor", "", []),
    ],
)
def test_a_list_offers_what_its_reader_may_do_with_what_it_shows(
    world: World, read: Reader, person: str, state: str, offered: list[str]
) -> None:
    page = read(getattr(world, person)).get(f"/ledgers/visits/?state={state}")
    assert [key for key, _ in page.context["deeds"]] == offered


# Closing -------------------------------------------------------------------------------------------------------------------


def test_a_period_is_closed_with_a_reason(world: World, read: Reader) -> None:
    client = read(world.admin)
    told = {"node": world.county.pk, "until": "2020-12-31", "why": ""}
    page = client.post("/closings/", told)
    assert (page.status_code, page.context["form"].errors["why"]) == (400, ["关账要写明缘由。"])
    assert client.post("/closings/", told | {"until": "年底"}).context["form"].errors["until"]
    assert client.post("/closings/", told | {"node": ""}).status_code == 400
    assert client.post("/closings/", told | {"why": "年度考核已报"})["Location"] == "/closings/"
    assert "2020-12-31" in client.get("/closings/").content.decode()


def test_in_a_closed_period_a_reviewer_is_told_that_it_is_not_his(world: World, read: Reader) -> None:
    (row,) = acts.create([visit(world.county, date(2020, 5, 1))], world.jingjiang)
    acts.close(world.county, date(2020, 12, 31), world.admin, "已报")
    page = read(world.yongshou).post(ACT, {"act": "approve", "number": row.number})
    assert "以前已关账" in page.context["general"][0]
    read(world.admin).post(ACT, {"act": "approve", "number": row.number, "why": "补报，已与省里核对"})
    assert fresh(row).state == "approved"


def test_the_ladder_of_closing(world: World, read: Reader) -> None:
    assert read(world.admin).get("/closings/").status_code == 200
    assert read(world.yongshou).get("/closings/").status_code == 403
    assert read(world.admin).put("/closings/").status_code == 405
    world.stranger.grants.all().delete()
    assert read(world.stranger).get("/closings/").status_code == 404
