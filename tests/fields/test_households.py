"""Households watched over, those whose risk was cleared among them, and visits to them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lianqiao.core.periods import Period
from lianqiao.fields.households.models import HomeVisit, Monitored
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from tests.fields.posted import posted
from tests.world import World, approved, fresh, revised, value

pytestmark = pytest.mark.data
IDENTIFIED, CLEARED, VISITED = date(2020, 5, 1), date(2021, 3, 1), date(2021, 10, 12)
CODES = tuple(f"monitored.{counted}{which}" for counted in ("households", "people") for which in ("", ".cleared"))


def household(world: World, code: str = "示例001", people: int = 4, **values: Any) -> Monitored:
    told = {
        "head": "示例丙",
        "village": "示例村",
        "category": "边缘易致贫户",
        "identified_on": IDENTIFIED,
        "risk": "示例",
    }
    return Monitored(node=world.county, code=code, people=people, **(told | values))


def visit(of: Monitored, on: date = VISITED, **values: Any) -> HomeVisit:
    return HomeVisit(node=of.node, household=of, visited_on=on, **({"visitor": "示例"} | values))


def counted(world: World, period: Period) -> list[int | None]:
    return [value(code, world.county, period) for code in CODES]


def test_a_household_counts_with_its_people(world: World) -> None:
    (row,) = approved(world, household(world))
    assert posted(row) == {("monitored.households", IDENTIFIED, 1), ("monitored.people", IDENTIFIED, 4)}


def test_a_cleared_household_counts_among_the_others_and_stays(world: World) -> None:
    first, _ = approved(world, household(world), household(world, "示例002", 3))
    assert counted(world, Period.cumulative(VISITED)) == [2, None, 7, None]
    revised(world, first, cleared_on=CLEARED)
    assert counted(world, Period.cumulative(date(2021, 2, 28))) == [2, 0, 7, 0]
    assert counted(world, Period.cumulative(CLEARED)) == [2, 1, 7, 4]


def test_the_cleared_are_some_of_all_households_but_not_of_a_years(world: World) -> None:
    """Identified in one year and cleared in another."""
    approved(world, household(world, cleared_on=CLEARED))
    assert counted(world, Period.year(2021)) == [0, 1, 0, 4]


def test_when_the_people_of_a_cleared_household_are_put_right_both_follow(world: World) -> None:
    (row,) = approved(world, household(world, cleared_on=CLEARED))
    revised(world, row, people=5)
    assert counted(world, Period.cumulative(VISITED)) == [1, 1, 5, 5]


def test_a_household_voided_is_gone_from_all(world: World) -> None:
    (row,) = approved(world, household(world, cleared_on=CLEARED))
    acts.void(row, world.yongshou, "重复")
    assert counted(world, Period.cumulative(VISITED)) == [0, 0, 0, 0]


def test_a_risk_is_not_cleared_before_it_was_seen(world: World) -> None:
    with pytest.raises(Refused, match="风险消除日期"):
        acts.create([household(world, cleared_on=date(2020, 4, 30))], world.jingjiang)


def test_visits_count_each_time(world: World) -> None:
    (one,) = approved(world, household(world))
    row, _ = approved(world, visit(one), visit(one, date(2021, 2, 4)))
    assert posted(row) == {("home.visits", VISITED, 1)}
    assert value("home.visits", world.county) == 2


def test_two_households_on_one_day_are_two_visits(world: World) -> None:
    one, other = approved(world, household(world), household(world, "示例002"))
    approved(world, visit(one), visit(other))
    assert value("home.visits", world.county) == 2


def test_a_household_with_visits_is_not_voided(world: World) -> None:
    (one,) = approved(world, household(world))
    approved(world, visit(one))
    with pytest.raises(Refused):
        acts.void(fresh(one), world.yongshou, "重复")
