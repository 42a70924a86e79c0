"""Twin support between towns, villages, schools and hospitals."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lianqiao.fields.villages.models import TwinSupport
from tests.fields.posted import posted
from tests.world import World, approved, value

pytestmark = pytest.mark.data
DAY = date(2021, 5, 1)


def support(world: World, **values: Any) -> TwinSupport:
    told = {"occurred_on": DAY, "name": "示例", "level": "镇镇", "east_unit": "新桥镇", "west_unit": "监军街道"}
    return TwinSupport(node=world.town, **(told | values))


def test_a_support_is_one_project_with_its_households_and_person_times(world: World) -> None:
    (row,) = approved(world, support(world, households=41, person_times=90, amount=100))
    assert posted(row) == {("twin.projects", DAY, 1), ("twin.households", DAY, 41), ("twin.person_times", DAY, 90)}


def test_what_is_not_known_is_not_posted(world: World) -> None:
    (row,) = approved(world, support(world))
    assert posted(row) == {("twin.projects", DAY, 1)}
    assert value("twin.households", world.county) is None


def test_a_towns_support_counts_for_the_county_and_not_for_the_other_town(world: World) -> None:
    approved(world, support(world, households=41))
    assert [value("twin.households", node) for node in (world.county, world.other_town)] == [41, None]


def test_it_is_not_one_of_the_countys_projects(world: World) -> None:
    approved(world, support(world))
    assert value("projects.count", world.county) is None
