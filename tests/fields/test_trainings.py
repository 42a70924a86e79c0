"""Training courses: courses and the people in them, who are counted once for each course."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lianqiao.core.periods import Period
from lianqiao.fields.talent.models import TRAINING_CATEGORIES, Training
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from tests.fields.posted import posted
from tests.world import World, approved, revised, value

pytestmark = pytest.mark.data
DAY = date(2021, 9, 6)


def training(world: World, **values: Any) -> Training:
    told = {"start": DAY, "title": "示例培训班", "category": "劳务技能", "person_times": 58} | values
    return Training(node=world.county, **told)


@pytest.mark.parametrize(("category", "suffix"), TRAINING_CATEGORIES.items())
def test_a_course_counts_by_its_category_and_above(world: World, category: str, suffix: str) -> None:
    (row,) = approved(world, training(world, category=category))
    assert posted(row) == {
        ("training.sessions", DAY, 1),
        (f"training.sessions.{suffix}", DAY, 1),
        ("training.person_times", DAY, 58),
        (f"training.person_times.{suffix}", DAY, 58),
    }


def test_the_parts_add_up(world: World) -> None:
    approved(
        world,
        *(
            training(world, title=f"示例{n}", category=category, person_times=10**n)
            for n, category in enumerate(TRAINING_CATEGORIES)
        ),
    )
    parts = [value(f"training.person_times.{suffix}", world.county) for suffix in TRAINING_CATEGORIES.values()]
    assert parts == [1, 10, 100, 1000, 10000]
    assert value("training.person_times", world.county) == 11111
    assert value("training.sessions", world.county) == 5


def test_a_course_counts_on_the_day_on_which_it_begins(world: World) -> None:
    (row,) = approved(world, training(world, start=date(2020, 12, 30), days=10))
    revised(world, row, person_times=60)
    assert [value("training.person_times", world.county, Period.year(year)) for year in (2020, 2021)] == [60, 0]


def test_a_course_that_nobody_came_to_is_a_course(world: World) -> None:
    (row,) = approved(world, training(world, person_times=0))
    assert posted(row) == {("training.sessions", DAY, 1), ("training.sessions.skills", DAY, 1)}


def test_fewer_than_nobody_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="培训人次"):
        acts.create([training(world, person_times=-1)], world.jingjiang)
