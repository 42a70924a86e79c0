"""Visits: what one comes to, and whose it is."""

from __future__ import annotations

from datetime import date

import pytest

from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from tests.fields.posted import posted
from tests.world import World, approved, value, visit

pytestmark = pytest.mark.data
DAY = date(2021, 10, 12)


@pytest.mark.parametrize(("direction", "suffix"), [("东部赴西部", "to_west"), ("西部赴东部", "to_east")])
def test_a_visit_is_one_batch_and_as_many_person_times_as_went(world: World, direction: str, suffix: str) -> None:
    (row,) = approved(world, visit(world.county, DAY, 9, direction=direction))
    assert posted(row) == {
        ("visits.batches", DAY, 1),
        (f"visits.batches.{suffix}", DAY, 1),
        ("visits.person_times", DAY, 9),
        (f"visits.person_times.{suffix}", DAY, 9),
    }


def test_the_directions_add_up_to_the_whole(world: World) -> None:
    approved(world, visit(world.county, people=4), visit(world.county, people=5, direction="西部赴东部"))
    parts = [value(f"visits.person_times.{suffix}", world.county) for suffix in ("to_west", "to_east")]
    assert parts == [4, 5]
    assert value("visits.person_times", world.county) == 9


def test_the_same_people_visiting_twice_are_as_many_person_times(world: World) -> None:
    approved(world, visit(world.county, people=4), visit(world.county, people=4))
    assert value("visits.person_times", world.county) == 8


def test_a_visit_without_people_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="人数"):
        acts.create([visit(world.county, people=0)], world.jingjiang)


@pytest.mark.parametrize(("direction", "side"), [("东部赴西部", "east"), ("西部赴东部", "west")])
def test_the_side_that_went_enters_it(world: World, direction: str, side: str) -> None:
    assert visit(world.county, direction=direction).sides() == (side,)


def test_a_visit_is_called_by_its_purpose(world: World) -> None:
    assert visit(world.county, purpose="对接劳务").summary() == "对接劳务"
