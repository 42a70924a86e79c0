"""Secondments: each person once, whatever they were sent for and however often."""

from __future__ import annotations

from datetime import date

import pytest

from lianqiao.core.periods import Period
from lianqiao.fields.talent.models import CATEGORIES
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.audit import verify
from tests.fields.posted import posted
from tests.world import World, approved, revised, stay, value

pytestmark = pytest.mark.data
START = date(2021, 3, 1)
ONE, OTHER = "990000198001010017", "990000198001010025"
CODES = {"教育": "talent.education", "医疗卫生": "talent.health", "农业科技": "talent.agri", "其他专技": "talent.other"}


@pytest.mark.parametrize(("category", "code"), CODES.items())
def test_a_professional_counts_under_the_category_and_above(world: World, category: str, code: str) -> None:
    (row,) = approved(world, stay(world.county, START, ONE, category=category))
    codes = {code, "talent.total", "talent.all"}
    assert posted(row) == {(c, START, 1) for c in codes | {f"{c}.to_west" for c in codes}}


def test_a_cadre_counts_as_a_cadre_and_not_as_a_professional(world: World) -> None:
    (row,) = approved(world, stay(world.county, START, ONE, category="党政干部", direction="西部派往东部"))
    codes = {"cadres.seconded", "talent.all"}
    assert posted(row) == {(c, START, 1) for c in codes | {f"{c}.to_east" for c in codes}}


def test_every_category_is_in_the_table() -> None:
    assert set(CATEGORIES) == {*CODES, "党政干部"}


def test_a_person_in_two_secondments_counts_once_in_the_county_and_once_above(world: World) -> None:
    approved(world, stay(world.town, date(2019, 3, 1), ONE), stay(world.other_town, START, ONE))
    assert [value("talent.total", node) for node in (world.town, world.other_town, world.county, world.province)] == [
        1
    ] * 4


def test_a_teacher_who_comes_again_as_a_cadre_is_one_person_in_all(world: World) -> None:
    approved(world, stay(world.county, date(2019, 3, 1), ONE), stay(world.county, START, ONE, category="党政干部"))
    found = {
        code: value(code, world.county)
        for code in ("talent.education", "cadres.seconded", "talent.total", "talent.all")
    }
    assert found == {"talent.education": 1, "cadres.seconded": 1, "talent.total": 1, "talent.all": 1}


def test_the_largest_child_is_at_most_the_parent_and_the_parent_at_most_the_sum(world: World) -> None:
    approved(
        world,
        stay(world.county, START, ONE),
        stay(world.county, START, OTHER),
        stay(world.county, date(2021, 6, 1), ONE, category="医疗卫生"),
    )
    parts = [value(code, world.county) or 0 for code in CODES.values()]
    whole = value("talent.total", world.county) or 0
    assert (max(parts), whole, sum(parts)) == (2, 2, 3)


def test_each_year_counts_the_person_once(world: World) -> None:
    approved(world, *(stay(world.county, day, ONE) for day in (date(2020, 3, 1), date(2020, 9, 1), START)))
    assert [value("talent.total", world.county, Period.year(year)) for year in (2020, 2021)] == [1, 1]


def test_voiding_the_first_secondment_moves_the_day_of_the_first(world: World) -> None:
    first, _ = approved(world, stay(world.county, date(2019, 3, 1), ONE), stay(world.county, START, ONE))
    acts.void(first, world.yongshou, "录错")
    assert value("talent.total", world.county, Period.cumulative(date(2020, 12, 31))) == 0
    assert value("talent.total", world.county) == 1
    assert verify().ok


def test_without_an_id_number_a_person_is_name_and_sending_unit(world: World) -> None:
    approved(
        world,
        stay(world.county, date(2019, 3, 1), name="示例甲", home_org="示例学校"),
        stay(world.county, START, name="示例甲", home_org="示例学校"),
        stay(world.county, START, name="示例甲", home_org="又一学校"),
    )
    assert value("talent.total", world.county) == 2


def test_an_id_number_given_later_does_not_count_the_person_twice(world: World) -> None:
    (row,) = approved(world, stay(world.county, START))
    revised(world, row, id_number=stay(world.county, START, ONE).id_number)
    assert value("talent.total", world.county) == 1
    assert verify().ok


def test_a_stay_may_not_end_before_it_begins(world: World) -> None:
    with pytest.raises(Refused, match="结束日期"):
        acts.create([stay(world.county, START, ONE, end=date(2021, 2, 28))], world.jingjiang)


def test_a_summary_names_no_person(world: World) -> None:
    assert "示例甲" not in stay(world.county, START, ONE, name="示例甲").summary()
