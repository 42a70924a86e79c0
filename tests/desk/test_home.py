"""Home, and the list of all figures."""

from __future__ import annotations

from datetime import date

import pytest

from lianqiao.agreements.models import Meeting, Resolution
from lianqiao.core.periods import Period
from lianqiao.desk.views.figures import in_families
from lianqiao.journal import clock
from lianqiao.journal.figures import all_measures, figures
from lianqiao.journal.measures import Measure
from lianqiao.ledger import acts
from tests.desk.conftest import Reader, moment, queries
from tests.world import World, approved, told, visit

EVER = Period.cumulative(date(2021, 12, 31))


def test_every_number_of_the_sentence_is_a_door(world: World, read: Reader) -> None:
    approved(world, visit(world.county, people=1213))
    text = read(world.auditor).get("/").content.decode()
    for code, shown in (("visits.batches", "1"), ("visits.person_times", "1,213")):
        assert f'<a class="f" href="{told(code, world.county, EVER).address}">{shown}</a>' in text


def test_the_sentence_speaks_english_too(world: World, read: Reader) -> None:
    approved(world, visit(world.county, people=1213))
    text = read(world.auditor, django_language="en").get("/").content.decode()
    assert "delegations" in text
    assert "两地互访" not in text


def test_meetings_and_what_was_resolved_are_shown_to_whoever_sees_rows(world: World, read: Reader) -> None:
    held = {"node": world.county, "kind": "联席会议"}
    (meeting,) = approved(world, Meeting(occurred_on=date(2021, 10, 12), title="第八次联席会议", **held))
    approved(world, Meeting(occurred_on=date(2022, 3, 1), title="还没有开的会", **held))
    late = Resolution(node=world.county, meeting=meeting, text="务工专车首发", owner="县人社局", due=date(2021, 10, 31))
    done = Resolution(
        node=world.county,
        meeting=meeting,
        text="已办的",
        owner="县人社局",
        due=date(2021, 10, 31),
        done_on=date(2021, 10, 20),
    )
    approved(world, late, done)
    text = read(world.auditor).get("/").content.decode()
    assert "第八次联席会议" in text
    assert "务工专车首发" in text
    assert "已过期限" in text
    assert "还没有开的会" not in text
    assert "已办的" not in text
    assert "第八次联席会议" not in read(world.leader).get("/").content.decode()


def test_the_programme_is_the_pairing_where_the_tree_branches(world: World, read: Reader) -> None:
    assert read(world.auditor).get("/").context["node"] == world.county
    assert read(world.admin).get("/").context["node"] == world.province


def test_home_costs_the_same_with_5_and_with_200_rows(world: World, read: Reader) -> None:
    client, costs = read(world.auditor), []
    for rows in (5, 200):
        approved(world, *(visit(world.county, date(2021, 3, 1), purpose=f"示例{n}") for n in range(rows)))
        costs.append(queries(client, "/"))
    assert costs[0] == costs[1] < 50


@pytest.mark.parametrize("address", ["/desk/", "/figures/", "/targets/"])
def test_an_instance_without_pairings_says_so(
    db: None, settings: pytest.FixtureRequest, read: Reader, address: str
) -> None:
    settings.OPEN = True  # type: ignore[attr-defined]
    page = read().get(address)
    assert page.status_code == 200
    assert "还没有可看的结对关系" in page.content.decode()


def test_all_figures_of_a_node_are_listed_with_their_addresses(world: World, read: Reader) -> None:
    approved(world, visit(world.county, date(2020, 5, 1), 4), visit(world.town, date(2021, 5, 1), 3, purpose="其他"))
    page = read(world.auditor).get("/figures/")
    assert {row.ever.measure.code for row in page.context["rows"]} == {m.code for m in all_measures()}
    text = page.content.decode()
    assert f'href="{told("visits.person_times", world.county, EVER).address}">7</a>' in text
    year = Period.between(date(2021, 1, 1), date(2021, 12, 31))
    assert f'href="{told("visits.person_times", world.county, year).address}">3</a>' in text


def test_figures_are_listed_as_they_were_known_on_a_day(world: World, read: Reader) -> None:
    with clock.at(moment(2021, 5, 2)):
        approved(world, visit(world.county, date(2021, 5, 1), 4))
    with clock.at(moment(2021, 9, 1)):
        approved(world, visit(world.county, date(2021, 5, 1), 9, purpose="补录的"))
    page = read(world.auditor).get("/figures/?day=2021-05-31")
    shown = {row.ever.measure.code: row.ever.value for row in page.context["rows"]}
    assert shown["visits.person_times"] == 4


def test_families_stay_together_and_nothing_is_lost() -> None:
    ordered = in_families(all_measures())
    assert sorted(m.code for m in ordered) == sorted(m.code for m in all_measures())
    for at, one in enumerate(ordered):
        if isinstance(one, Measure) and one.parent:
            assert one.parent in ordered[:at]
    groups = [m.group for m in ordered]
    assert len(list(dict.fromkeys(groups))) == sum(a != b for a, b in zip(groups, ["", *groups], strict=False))


def test_the_list_costs_the_same_with_5_and_with_200_rows(world: World, read: Reader) -> None:
    client, costs = read(world.auditor), []
    for rows in (5, 200):
        approved(world, *(visit(world.county, date(2021, 3, 1), purpose=f"示例{n}") for n in range(rows)))
        costs.append(queries(client, "/figures/"))
    assert costs[0] == costs[1] < 40
    assert figures(all_measures(), [world.county], EVER)


@pytest.mark.parametrize("address", ["/desk/", "/figures/"])
def test_a_leader_may_read_a_stranger_not_and_nobody_is_asked_to_sign_in(
    world: World, read: Reader, address: str
) -> None:
    assert read(world.leader).get(address).status_code == 200
    assert read(world.stranger).get(f"{address}?node={world.county.number}").status_code == 404
    assert read().get(address).status_code == 302
    assert read(world.auditor).get(f"{address}?node=jd-9999").status_code == 404
    assert read(world.auditor).post(address).status_code == 405


def test_what_waits_is_told_to_whom_it_waits_for(world: World, read: Reader) -> None:
    (row,) = acts.create([visit(world.county)], world.jingjiang)
    text = read(world.yongshou).get("/").content.decode()
    assert 'href="/review/visits/"' in text
    assert "待办" not in read(world.jingjiang).get("/").content.decode()
    acts.send_back([row], world.yongshou, "核对")
    assert 'href="/ledgers/visits/?state=back"' in read(world.jingjiang).get("/").content.decode()
    assert "待办" not in read(world.auditor).get("/").content.decode()
