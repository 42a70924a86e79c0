"""Where pairings are many, pages read few of them, and say the same."""

from __future__ import annotations

import pytest

from lianqiao.desk import doors
from lianqiao.desk.postings import recorded_since
from lianqiao.desk.tree import tree
from lianqiao.journal import chain
from lianqiao.journal.figures import known_at
from lianqiao.ledger import acts
from lianqiao.people import access
from lianqiao.people.models import Grant, User
from tests.desk.conftest import TODAY, Reader, queries
from tests.world import World, approved, person, visit


def everybody(world: World) -> list[User]:
    both = person("both", Grant.Role.FILLER, world.town)
    Grant.objects.create(user=both, role=Grant.Role.FILLER, node=world.elsewhere)
    return [world.admin, world.jingjiang, world.stranger, world.leader, both]


def test_ones_own_pairing_is_found_without_reading_the_tree(world: World) -> None:
    for user in everybody(world):
        assert doors.own_node(user) == doors.main_node(doors.seen_nodes(user)), user
    assert doors.own_node(User.objects.create(username="nobody")) is None


def test_the_tree_is_drawn_from_the_way_down_and_what_lies_beside_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "FEW", 1)
    for user in everybody(world):
        seen = doors.seen_nodes(user)
        for at in seen:
            near = doors.near_nodes(user, at)
            assert tree(near, at) == tree(seen, at), (user, at)
            assert set(near) <= set(seen)


def test_a_choice_shows_the_next_level_once_pairings_are_many(
    world: World, read: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "FEW", 2)
    client = read(world.admin)
    offered = client.get(f"/ledgers/visits/?node={world.prefecture.number}").context["nodes"]
    assert world.county in offered
    assert world.town not in offered
    assert world.town in client.get(f"/ledgers/visits/?node={world.county.number}").context["nodes"]


def test_grants_are_read_once_a_request(world: World, read: Reader) -> None:
    client = read(world.jingjiang)
    assert client.get("/review/").status_code == 403
    before = queries(client, "/ledgers/")
    for side in Grant.Side.values:
        Grant.objects.create(user=world.jingjiang, role=Grant.Role.REVIEWER, node=world.county, side=side)
    assert queries(client, "/ledgers/") == before
    assert client.get("/review/").status_code == 200  # what was given holds at the next request
    access.remember(world.jingjiang)
    assert len(access.grants(world.jingjiang, "review")) == len(Grant.Side)


def test_what_was_recorded_since_is_counted_at_the_root_and_below(world: World) -> None:
    approved(world, visit(world.county))
    then = known_at(chain.head().number)
    approved(world, visit(world.town, people=3), visit(world.town, purpose="另一件"))
    (far,) = acts.create([visit(world.elsewhere)], world.stranger)
    acts.approve([far], world.admin)
    (late,) = acts.create([visit(world.other_town, purpose="第三件")], world.jingjiang)
    acts.approve([late], world.yongshou)
    for node, found in ((world.province, 3), (world.county, 2), (world.town, 1), (world.elsewhere, 1)):
        assert recorded_since(node, then, TODAY) == found, node
    assert recorded_since(world.county, then, visit(world.county).occurred_on.replace(year=2020)) == 0
