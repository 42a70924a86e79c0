"""Meetings and visits: what was signed, pledged and resolved there, where they stopped, and what came of each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lianqiao.agreements.models import Agreement, Meeting, Resolution, Target
from lianqiao.claims.models import SavedCheck
from lianqiao.fields.exchange.models import Visit
from lianqiao.fields.funds.models import Donation
from lianqiao.fields.projects.models import Project
from lianqiao.journal import clock
from lianqiao.ledger import evidence
from tests.desk.conftest import Reader, queries
from tests.world import World, approved, visit

DAY = date(2021, 10, 12)


@pytest.fixture
def meeting(world: World) -> Meeting:
    (held,) = approved(
        world, Meeting(node=world.county, occurred_on=DAY, title="第八次联席会议", kind="联席会议", place="永寿县")
    )
    return held


@pytest.fixture
def came(world: World, meeting: Meeting) -> World:
    """What was agreed at the meeting, and what followed."""
    county = {"node": world.county}
    term = {"start": date(2021, 1, 1), "end": date(2021, 12, 31), "signed_on": DAY}
    (agreement,) = approved(world, Agreement(title="2021年度协议", kind="年度协议", meeting=meeting, **county, **term))
    approved(world, Target(node=world.town, agreement=agreement, measure="visits.batches", quantity=9, year=2021))
    piece = evidence.keep(b"%PDF done", "回执.pdf", "回执")
    resolved: list[tuple[str, date, dict[str, Any]]] = [
        ("到期没办的", date(2021, 10, 31), {}),
        ("办了的", date(2021, 11, 15), {"done_on": date(2021, 11, 12), "evidence": [piece]}),
        ("以后的", date(2025, 12, 31), {"measure": "visits.person_times"}),
    ]
    approved(
        world,
        *(Resolution(meeting=meeting, text=t, owner="县人社局", due=due, **county, **r) for t, due, r in resolved),
    )
    given = {"kind": "资金", "recipient": "永寿县", "pledged_on": DAY}
    approved(
        world,
        Donation(donor="示例公司甲", amount=80_0000_00, received_on=date(2021, 10, 22), **county, **given),
        Donation(node=world.town, donor="示例公司乙", amount=120_0000_00, **given),
        Donation(donor="别的日子", amount=1_00, **county, **given | {"pledged_on": date(2021, 9, 1)}),
    )
    approved(world, visit(world.county, DAY, 22, days=2, purpose="出席会议", places="创业中心；监军街道"))
    approved(world, visit(world.county, date(2021, 12, 1), 6, purpose="会后的"))
    return world


def test_a_meeting_tells_what_was_signed_resolved_and_pledged_there(
    came: World, meeting: Meeting, read: Reader
) -> None:
    page = read(came.auditor).get(f"/meetings/{meeting.number}/")
    told = page.context
    assert [(one.entry.text, one.late) for one in told["resolutions"]] == [
        ("到期没办的", 61),
        ("办了的", 0),
        ("以后的", 0),
    ]
    assert (told["done"], told["late"]) == (1, 1)
    assert [(one.entry.title, one.targets, one.behind) for one in told["signed"]] == [("2021年度协议", 1, 1)]
    assert (told["sums"].pledged, told["sums"].received, told["sums"].owed) == (200_0000_00, 80_0000_00, 120_0000_00)
    assert [one.purpose for one, _ in told["visits"]] == ["出席会议"]
    text = page.content.decode()
    assert "逾期 61 天" in text
    assert "别的日子" not in text


def test_a_resolution_names_its_figure_since_the_meeting(came: World, meeting: Meeting, read: Reader) -> None:
    approved(came, visit(came.county, date(2021, 2, 1), 100, purpose="会前的"))
    *_, one = read(came.auditor).get(f"/meetings/{meeting.number}/").context["resolutions"]
    assert (one.now.value, one.since.value) == (128, 28)


def test_what_came_after_is_told_newest_first(came: World, meeting: Meeting, read: Reader) -> None:
    shared = {"node": came.county, "transaction": 1, "hash": "0" * 64, "by": "jingjiang", "at": clock.now()}
    bad = [{"verdict": "differs"}, {"verdict": "borne out"}]
    SavedCheck.objects.create(name="会议消息", text="示例", as_of=date(2021, 10, 13), result=bad, **shared)
    events = read(came.auditor).get(f"/meetings/{meeting.number}/").context["events"]
    assert [(event.on.isoformat(), event.mark) for event in events] == [
        ("2025-12-31", "come"),
        ("2021-11-12", "ok"),
        ("2021-10-31", "late"),
        ("2021-10-22", "ok"),
        ("2021-10-13", "ok"),
        ("2021-10-12", "ok"),
    ]
    assert events[4].detail == "2 处，1 处不符"


def test_the_list_counts_what_came_of_each_meeting(came: World, meeting: Meeting, read: Reader) -> None:
    approved(came, Meeting(node=came.county, occurred_on=date(2020, 5, 1), title="专题会", kind="专题会议"))
    lines = read(came.auditor).get("/meetings/").context["lines"]
    told = [(line.meeting.title, line.signed, line.resolved, line.done, line.late) for line in lines]
    assert told == [("第八次联席会议", 1, 3, 1, 1), ("专题会", 0, 0, 0, 0)]
    of_kind = read(came.auditor).get("/meetings/", {"kind": "专题会议", "year": "2020"}).context["lines"]
    assert [line.meeting.title for line in of_kind] == ["专题会"]
    assert "没有会议" in read(came.auditor).get("/meetings/", {"year": "2019"}).content.decode()


@pytest.fixture
def toured(world: World) -> Visit:
    """A visit of three stops; a later project at one of them, and an earlier one."""
    (made,) = approved(world, visit(world.county, DAY, 8, days=2, places="示例冷库； 县中学、\n镇"))
    shared = {"node": world.town, "kind": "产业发展", "planned_aid": 1_00}
    approved(
        world,
        Project(code="A", name="示例冷库二期", approved_on=date(2021, 11, 1), **shared),
        Project(code="B", name="扩建", place="店头镇示例冷库旁", approved_on=date(2021, 12, 1), **shared),
        Project(code="C", name="示例冷库一期", approved_on=date(2019, 11, 1), **shared),
    )
    return made


def test_a_visit_tells_what_came_of_each_stop(world: World, toured: Visit, read: Reader) -> None:
    cold, school, short = read(world.auditor).get(f"/visits/{toured.number}/").context["stops"]
    assert (cold.name, school.name, short.name) == ("示例冷库", "县中学", "镇")
    (projects,) = cold.outcomes
    assert [row.code for row in projects.rows] == ["A", "B"]
    assert (projects.count, projects.more, school.outcomes, short.outcomes) == (2, 0, [], [])


def test_what_the_reader_may_not_see_came_of_nothing(world: World, toured: Visit, read: Reader) -> None:
    shared = {"node": world.elsewhere, "kind": "产业发展", "planned_aid": 1_00}
    from lianqiao.ledger import acts

    made = acts.create([Project(code="X", name="示例冷库他处", approved_on=date(2021, 11, 1), **shared)], world.admin)
    acts.approve(made, world.other_admin)
    stop, *_ = read(world.admin).get(f"/visits/{toured.number}/").context["stops"]
    assert "X" not in [row.code for one in stop.outcomes for row in one.rows]


def test_a_visit_names_the_meetings_of_its_days(came: World, meeting: Meeting, read: Reader) -> None:
    attended = Visit.objects.get(purpose="出席会议")
    text = read(came.auditor).get(f"/visits/{attended.number}/").content.decode()
    assert f'href="/meetings/{meeting.number}/"' in text
    assert "2021年度协议" in text
    other = Visit.objects.get(purpose="会后的")
    assert "没有会议记在这几天" in read(came.auditor).get(f"/visits/{other.number}/").content.decode()


def test_meetings_and_visits_cost_the_same_with_2_and_with_60_rows(
    came: World, meeting: Meeting, toured: Visit, read: Reader
) -> None:
    client, costs = read(came.auditor), []
    for rows in (2, 60):
        shared = {"node": came.county, "meeting": meeting, "owner": "示例", "due": date(2021, 12, 1)}
        approved(came, *(Resolution(text=f"示例{rows}-{n}", **shared) for n in range(rows)))
        approved(came, *(visit(came.county, DAY, purpose=f"示例{rows}-{n}", places="示例冷库") for n in range(rows)))
        addresses = ("/meetings/", f"/meetings/{meeting.number}/", f"/visits/{toured.number}/")
        costs.append([queries(client, address) for address in addresses])
    assert costs[0] == costs[1]
    assert max(costs[1]) < 80
