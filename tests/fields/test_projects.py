"""Projects: each step on its own day, whom they help, and how many are completed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lianqiao.core.periods import Period
from lianqiao.fields.projects.models import Project
from tests.fields.posted import posted
from tests.world import World, approved, revised, told, value

pytestmark = pytest.mark.data
APPROVED = date(2020, 3, 1)
STEPS = {
    "started_on": ("projects.started", date(2020, 5, 1)),
    "completed_on": ("projects.completed", date(2021, 6, 1)),
    "accepted_on": ("projects.accepted", date(2021, 7, 1)),
    "handed_over_on": ("projects.handed_over", date(2021, 8, 1)),
}


def project(world: World, **values: Any) -> Project:
    told = {"code": "XM01", "name": "示例", "kind": "产业发展", "approved_on": APPROVED, "planned_aid": 100} | values
    return Project(node=world.county, **told)


def test_a_project_counts_on_the_day_of_its_approval(world: World) -> None:
    (row,) = approved(world, project(world))
    assert posted(row) == {("projects.count", APPROVED, 1)}


def test_each_step_is_posted_on_its_own_day(world: World) -> None:
    (row,) = approved(world, project(world, **{field: on for field, (_, on) in STEPS.items()}))
    assert posted(row) == {("projects.count", APPROVED, 1), *((code, on, 1) for code, on in STEPS.values())}


def test_a_step_entered_later_posts_that_step_alone(world: World) -> None:
    (row,) = approved(world, project(world))
    row = revised(world, row, started_on=date(2020, 5, 1))
    assert posted(row) == {("projects.count", APPROVED, 1), ("projects.started", date(2020, 5, 1), 1)}


def test_whom_a_project_helps_counts_on_the_day_of_its_approval(world: World) -> None:
    (row,) = approved(world, project(world, households=80, people=300, lifted_households=20, lifted_people=70))
    assert posted(row) - {("projects.count", APPROVED, 1)} == {
        ("benef.households", APPROVED, 80),
        ("benef.households.lifted", APPROVED, 20),
        ("benef.people", APPROVED, 300),
        ("benef.people.lifted", APPROVED, 70),
    }


def test_a_project_of_which_nobody_knows_whom_it_helps_leaves_the_figure_missing(world: World) -> None:
    approved(world, project(world, households=0))
    assert value("benef.households", world.county) is None


def test_a_household_helped_twice_counts_twice_as_the_definition_says(world: World) -> None:
    approved(world, project(world, households=80), project(world, code="XM02", households=80))
    found = told("benef.households", world.county)
    assert found.value == 160
    assert "计两次" in found.measure.excludes


def test_the_rate_of_completion_is_of_all_approved_so_far(world: World) -> None:
    approved(
        world, project(world, completed_on=date(2021, 6, 1)), project(world, code="XM02"), project(world, code="XM03")
    )
    assert told("projects.completion_rate", world.county, Period.year(2021)).over == (1, 3)
    assert told("projects.completion_rate", world.county, Period.cumulative(date(2021, 5, 31))).value == 0
