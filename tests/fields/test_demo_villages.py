"""Demonstration villages, begun and recognised, and joint programmes by field."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lianqiao.core.periods import Period
from lianqiao.fields.villages.models import COOP_FIELDS, DemoVillage, JointProgramme
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from tests.fields.posted import posted
from tests.world import World, approved, revised, value

pytestmark = pytest.mark.data
STARTED, RECOGNISED = date(2020, 10, 20), date(2021, 12, 8)


def village(world: World, **values: Any) -> DemoVillage:
    return DemoVillage(node=world.county, **({"village": "示例村", "town": "监军街道", "started_on": STARTED} | values))


def test_a_village_counts_when_it_is_begun_and_when_it_is_recognised(world: World) -> None:
    (row,) = approved(world, village(world))
    assert posted(row) == {("demo.villages", STARTED, 1)}
    revised(world, row, recognised_on=RECOGNISED)
    assert posted(row) == {("demo.villages", STARTED, 1), ("demo.villages.recognised", RECOGNISED, 1)}


def test_the_recognised_are_some_of_all_villages_but_not_of_a_years(world: World) -> None:
    """Begun in one year and recognised in another: only over all time is the one a subset of the other."""
    approved(world, village(world, recognised_on=RECOGNISED), village(world, village="另一村"))
    codes = ("demo.villages", "demo.villages.recognised")
    assert [value(code, world.county, Period.cumulative(RECOGNISED)) for code in codes] == [2, 1]
    assert [value(code, world.county, Period.year(2021)) for code in codes] == [0, 1]


def test_a_village_is_not_recognised_before_it_is_begun(world: World) -> None:
    with pytest.raises(Refused, match="命名日期"):
        acts.create([village(world, recognised_on=date(2020, 10, 19))], world.jingjiang)


@pytest.mark.parametrize(("field", "suffix"), COOP_FIELDS.items())
def test_a_programme_counts_by_its_field_from_its_first_day_and_after_its_last(
    world: World, field: str, suffix: str
) -> None:
    (row,) = approved(
        world, JointProgramme(node=world.county, name="示例", field=field, started_on=STARTED, ended_on=RECOGNISED)
    )
    assert posted(row) == {("coop.programmes", STARTED, 1), (f"coop.programmes.{suffix}", STARTED, 1)}
    assert value("coop.programmes", world.county, Period.cumulative(date(2022, 1, 1))) == 1
