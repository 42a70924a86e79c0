"""Review: what waits for whom, what has changed, what speaks against it, and the next one."""

from __future__ import annotations

from datetime import date

import pytest

from lianqiao.core.periods import Period
from lianqiao.desk import effects, waiting
from lianqiao.ledger import acts
from lianqiao.ledger.registry import ledgers
from lianqiao.people.models import Grant
from tests.desk.conftest import TODAY, Reader, queries
from tests.rows import NEEDS, ROWS
from tests.world import World, approved, fresh, stay, value, visit

QUEUE = "/review/visits/"


def test_the_piles_tell_how_much_waits(world: World, read: Reader) -> None:
    acts.create([visit(world.county), visit(world.county, date(2021, 3, 1))], world.jingjiang)
    acts.create([stay(world.county, date(2021, 3, 1))], world.jingjiang)
    page = read(world.yongshou).get("/review/")
    assert [(pile.ledger.code, pile.review) for pile in page.context["piles"]] == [("visits", 2), ("secondments", 1)]


def test_the_oldest_waits_first_and_the_next_one_comes_by_itself(world: World, read: Reader) -> None:
    first, second = acts.create([visit(world.county), visit(world.county, date(2021, 3, 1))], world.jingjiang)
    client = read(world.yongshou)
    assert client.get(QUEUE)["Location"] == f"{QUEUE}{first.number}/"
    page = client.get(f"{QUEUE}{first.number}/").content.decode()
    onward = f"{QUEUE}?after={first.pk}"
    assert f'name="next" value="{onward}"' in page
    done = client.post("/ledgers/visits/act/", {"act": "approve", "number": first.number, "next": onward})
    assert client.get(done["Location"])["Location"] == f"{QUEUE}{second.number}/"
    client.post("/ledgers/visits/act/", {"act": "approve", "number": second.number})
    assert client.get(QUEUE)["Location"] == "/review/"


def test_nobody_reviews_what_he_has_filled_in(world: World, read: Reader) -> None:
    (row,) = acts.create([visit(world.county)], world.admin)
    assert waiting.to_review(world.admin, type(row)) == []
    assert waiting.to_review(world.other_admin, type(row)) == [row]
    assert read(world.admin).get(f"{QUEUE}{row.number}/")["Location"] == f"/ledgers/visits/{row.number}/"


def test_rows_of_the_other_side_wait_for_its_own_reviewer(world: World) -> None:
    Grant.objects.filter(user=world.yongshou).update(side="west")
    acts.create([visit(world.county)], world.jingjiang)
    (west,) = acts.create([visit(world.county, direction="西部赴东部")], world.jingjiang)
    acts.create([ROWS["outlets"](world.county)], world.jingjiang)  # the east's
    assert waiting.to_review(world.yongshou, type(west)) == [west]
    assert [(pile.ledger.code, pile.review) for pile in waiting.piles(world.yongshou)] == [("visits", 1)]


def test_what_came_back_and_what_is_objected_to_waits_for_who_fills_in(world: World) -> None:
    (back,) = acts.create([visit(world.county)], world.jingjiang)
    acts.send_back([back], world.yongshou, "核对")
    (counted,) = approved(world, visit(world.county, date(2021, 3, 1)))
    acts.object_to([counted], world.yongshou, "人数不同")
    (pile,) = waiting.piles(world.jingjiang)
    assert (pile.review, pile.back, pile.objected) == (0, 1, 1)
    assert waiting.piles(world.stranger) == []
    assert waiting.piles(world.leader) == []


def test_a_revision_is_shown_against_what_counts(world: World, read: Reader) -> None:
    (row,) = approved(world, visit(world.county, people=6))
    acts.revise(row, {"people": 5}, world.jingjiang, "依签到表")
    text = read(world.yongshou).get(f"{QUEUE}{row.number}/").content.decode()
    assert "<del>6</del> <ins>5</ins>" in text
    assert "依签到表" in text


def test_what_was_mended_is_shown_against_what_came_back(world: World, read: Reader) -> None:
    (row,) = acts.create([visit(world.county, people=14)], world.jingjiang)
    acts.send_back([row], world.yongshou, "人数不符")
    acts.submit([acts.edit(row, {"people": 12}, world.jingjiang)], world.jingjiang)
    text = read(world.yongshou).get(f"{QUEUE}{row.number}/").content.decode()
    assert "<del>14</del> <ins>12</ins>" in text


def test_the_effect_is_told_before_the_button(world: World, read: Reader) -> None:
    (row,) = approved(world, visit(world.county, people=6))
    acts.revise(row, {"people": 5}, world.jingjiang, "依签到表")
    found = read(world.yongshou).get(f"{QUEUE}{row.number}/").context["effects"]
    assert [(e.figure.measure.code, e.figure.value, e.after) for e in found] == [
        ("visits.person_times", 6, 5),
        ("visits.person_times.to_west", 6, 5),
    ]
    acts.approve([row], world.yongshou)
    assert value("visits.person_times", world.county) == 5


def test_of_persons_counted_once_the_effect_only_shows_afterwards(world: World, read: Reader) -> None:
    (row,) = acts.create([stay(world.county, date(2021, 3, 1))], world.jingjiang)
    found = read(world.yongshou).get(f"/review/secondments/{row.number}/").context["effects"]
    assert {e.after for e in found} == {None}


@pytest.mark.parametrize("code", sorted(set(ROWS) & set(ledgers())))
def test_the_effect_of_every_ledgers_row_is_what_follows(world: World, code: str) -> None:
    for needed in NEEDS.get(code, ()):
        enter(world, needed)
    (row,) = acts.create([ROWS[code](world.county)], world.admin)
    told = effects.effects(row, row)
    acts.approve([row], world.other_admin, despite_twins=True)
    today = Period.cumulative(TODAY)
    after = {e.figure.measure.code: e.after for e in told if e.after is not None}
    assert after == {name: value(name, told[0].figure.nodes[0], today) for name in after}


def enter(world: World, code: str) -> None:
    (row,) = acts.create([ROWS[code](world.county)], world.admin)
    acts.approve([row], world.other_admin, despite_twins=True)


def test_twins_lacking_evidence_and_closed_periods_are_told(world: World, read: Reader) -> None:
    approved(world, visit(world.county, date(2020, 5, 1)))
    (row,) = acts.create([visit(world.town, date(2020, 5, 1))], world.jingjiang)
    acts.close(world.county, date(2020, 12, 31), world.admin, "已报")
    page = read(world.yongshou).get(f"{QUEUE}{row.number}/")
    text = page.content.decode()
    assert "可能是同一件事" in text
    assert "以前已关账" in text
    assert page.context["lacking"] == ["通知", "签到表", "照片"]


def test_a_long_queue_costs_no_more_queries(world: World, read: Reader) -> None:
    (row,) = acts.create([visit(world.county)], world.jingjiang)
    client = read(world.yongshou)
    one = queries(client, f"{QUEUE}{row.number}/")
    acts.create([visit(world.county, date(2021, 2, n), purpose=f"示例{n}") for n in range(1, 25)], world.jingjiang)
    assert queries(client, f"{QUEUE}{row.number}/") == one
    piles = queries(client, "/review/")
    acts.create([ROWS["outlets"](world.county)], world.jingjiang)
    assert queries(client, "/review/") == piles


def test_the_ladder_of_a_review(world: World, read: Reader) -> None:
    (row,) = acts.create([visit(world.county)], world.jingjiang)
    for address in ("/review/", QUEUE, f"{QUEUE}{row.number}/"):
        assert read(world.yongshou).get(address).status_code in (200, 302)
        assert read(world.jingjiang).get(address).status_code == 403
        assert read(world.yongshou).post(address).status_code == 405
        assert read().get(address)["Location"].startswith("/sign-in/")
    Grant.objects.create(user=world.stranger, role=Grant.Role.REVIEWER, node=world.elsewhere)
    assert read(world.stranger).get(f"{QUEUE}{row.number}/").status_code == 404
    assert fresh(row).state == "submitted"
