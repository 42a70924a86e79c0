"""What waits on the home page, and who is there."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao.agreements.models import Agreement, Meeting, Organisation, Resolution, Target
from lianqiao.agreements.targets import versions
from lianqiao.briefings.models import Duty, Kind
from lianqiao.desk.team import Member, members
from lianqiao.desk.todo import Item
from lianqiao.journal import clock
from lianqiao.ledger import acts
from lianqiao.people.models import User
from tests.desk.conftest import Reader, moment, queries
from tests.world import World, approved, stay, visit

TERM = {"start": date(2021, 1, 1), "end": date(2021, 12, 31), "signed_on": date(2021, 1, 5)}


def waits(read: Reader, user: User) -> list[Item]:
    page = read(user).get("/")
    assert page.status_code == 200
    return list(page.context["items"])


def test_rows_to_review_tell_how_long_the_oldest_has_waited(world: World, read: Reader) -> None:
    with clock.at(moment(2021, 12, 20)):
        acts.create([visit(world.county)], world.jingjiang)
    with clock.at(moment(2021, 12, 30)):
        acts.create([visit(world.county, date(2021, 3, 1))], world.jingjiang)
        acts.create([stay(world.county, date(2021, 3, 1))], world.jingjiang)
    visits, stays = waits(read, world.yongshou)
    assert (visits.kind, visits.when, visits.what, visits.address) == (
        "review",
        "等 11 天",
        "互访台账 2 行",
        "/review/visits/",
    )
    assert (stays.when, stays.count) == ("等 1 天", 1)
    assert waits(read, world.auditor) == []


def test_what_came_back_waits_for_who_fills_in(world: World, read: Reader) -> None:
    (row,) = acts.create([visit(world.county)], world.jingjiang)
    acts.send_back([row], world.yongshou, "核对")
    (item,) = waits(read, world.jingjiang)
    assert (item.kind, item.tone, item.address) == ("back", "amber", "/ledgers/visits/?state=back")


def test_resolutions_wait_from_a_fortnight_before_they_are_due(world: World, read: Reader) -> None:
    (held,) = approved(world, Meeting(node=world.county, occurred_on=date(2021, 10, 12), title="会", kind="联席会议"))
    shared = {"node": world.county, "meeting": held, "owner": "县人社局"}
    dues = {
        "过期的": date(2021, 12, 21),
        "今天的": date(2021, 12, 31),
        "快到的": date(2022, 1, 14),
        "远的": date(2022, 1, 15),
    }
    approved(world, *(Resolution(text=text, due=due, **shared) for text, due in dues.items()))
    found = waits(read, world.jingjiang)
    assert [(item.what, item.when, item.tone) for item in found] == [
        ("过期的", "逾 10 天", "red"),
        ("今天的", "今天", ""),
        ("快到的", "还 14 天", ""),
    ]
    assert found[0].whose == "县人社局"


def test_targets_behind_stand_last_and_lead_to_their_own_drawing(world: World, read: Reader) -> None:
    (agreement,) = approved(world, Agreement(node=world.county, title="2021年度协议", kind="年度协议", **TERM))
    told = {"node": world.county, "agreement": agreement, "year": 2021}
    approved(world, Target(measure="visits.batches", quantity=9, **told))
    (item,) = waits(read, world.jingjiang)
    assert (item.kind, item.when, item.what) == ("target", "−100.0 点", "互访批次，— / 9 批")
    assert item.address == f"/targets/?node={world.county.number}&measure=visits.batches#h-one"
    assert waits(read, world.leader) == []


def test_a_return_that_is_due_waits_for_who_fills_it(world: World, read: Reader) -> None:
    Duty.objects.create(node=world.county, kind=Kind.MONTH, days=5, since=date(2021, 12, 1))
    (item,) = waits(read, world.jingjiang)
    assert (item.kind, item.what, item.when) == ("return", "2021年12月月报", "还 5 天")


def test_the_list_costs_the_same_with_5_and_with_100_rows(world: World, read: Reader) -> None:
    client, costs = read(world.yongshou), []
    for rows in (5, 100):
        versions.cache_clear()
        acts.create([visit(world.county, purpose=f"示例{rows}-{n}") for n in range(rows)], world.jingjiang)
        costs.append(queries(client, "/"))
    assert costs[0] == costs[1]


# Who is there ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("示例甲 组长 2017-01-05 至今", [("示例甲", "组长", date(2017, 1, 5), None)]),
        (
            "甲 组长 2017.1.5 2019-05-10；乙 副组长 项目资金 2019年5月",
            [("甲", "组长", date(2017, 1, 5), date(2019, 5, 10)), ("乙", "副组长 项目资金", date(2019, 5, 1), None)],
        ),
        ("甲\n\n乙 组员 13812345678", [("甲", "", None, None), ("乙", "组员 ***", None, None)]),
        ("甲 组长 2021-13-45", [("甲", "组长 2021-13-45", None, None)]),
        ("", []),
    ],
)
def test_members_are_read_as_offices_write_them(text: str, told: list[tuple[object, ...]]) -> None:
    assert list(members(text)) == [Member(*one) for one in told]  # type: ignore[arg-type]


@given(st.text(max_size=80))
def test_no_text_of_members_is_too_odd_to_be_read(text: str) -> None:
    assert all(member.name for member in members(text))


def test_the_team_and_the_cadres_of_today_are_named_to_whoever_sees_rows(world: World, read: Reader) -> None:
    told = "甲 组长 2017-01-05 2019-05-10；乙 组长 2021-05-10 至今 13812345678"
    approved(
        world, Organisation(node=world.county, name="驻永寿联络组", kind="工作联络组", place="永寿县", members=told)
    )
    approved(
        world,
        stay(world.county, date(2021, 5, 1), name="在岗的", category="党政干部", post="副镇长", end=date(2022, 4, 30)),
        stay(world.county, date(2020, 5, 1), name="回去的", category="党政干部", end=date(2021, 4, 30)),
        stay(world.county, date(2021, 5, 2), name="老师", category="教育"),
    )
    page = read(world.auditor).get("/")
    assert [[one.name for one in team.members] for team in page.context["teams"]] == [["乙"]]
    assert [one.name for one in page.context["cadres"]] == ["在岗的"]
    text = page.content.decode()
    assert "副镇长" in text
    assert "13812345678" not in text
    assert "联络组" not in read(world.leader).get("/").content.decode()
