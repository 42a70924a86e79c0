"""Jobs counted by person, checks that hold until the next one or until somebody leaves, workshops, job fairs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lianqiao.core.periods import Period
from lianqiao.fields.employment.models import DESTINATIONS, Job, JobFair, Retention, Workshop
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.audit import verify
from lianqiao.ledger.protected import protect
from tests.fields.posted import posted
from tests.world import World, approved, fresh, revised, value

pytestmark = pytest.mark.data
STARTED, FIRST, SECOND, LEFT = date(2021, 3, 1), date(2021, 6, 1), date(2021, 9, 1), date(2021, 11, 30)
ANNA, BERTA = "990000199001010033", "990000199102020041"


def job(world: World, id_number: str = ANNA, **values: Any) -> Job:
    told = {
        "name": "示例甲",
        "lifted": False,
        "employer": "示例公司",
        "destination": "省内就近就地",
        "started_on": STARTED,
    }
    return Job(**({"node": world.county, "id_number": protect(id_number)} | told | values))


def check(of: Job, on: date, in_post: bool = True, **values: Any) -> Retention:
    return Retention(node=of.node, number_of_job=of, checked_on=on, in_post=in_post, **values)


def in_post(world: World, on: date) -> int | None:
    return value("labour.in_post", world.county, Period.cumulative(on))


def in_posts(world: World, *days: date) -> list[int | None]:
    return [in_post(world, day) for day in days]


# Jobs -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("destination", DESTINATIONS)
def test_a_job_counts_by_its_destination_and_above(world: World, destination: str) -> None:
    (row,) = approved(world, job(world, destination=destination))
    assert posted(row) == {(DESTINATIONS[destination].code, STARTED, 1), ("labour.employed_total", STARTED, 1)}


def test_a_formerly_poor_person_and_one_brought_to_the_door_count_there_too(world: World) -> None:
    (row,) = approved(world, job(world, lifted=True, channel="点对点输送"))
    more = {("labour.employed_poor", STARTED, 1), ("labour.p2p", STARTED, 1)}
    assert posted(row) >= more


def test_a_person_with_two_jobs_counts_once_and_under_both_destinations(world: World) -> None:
    approved(
        world,
        job(world, channel="点对点输送", destination="东部结对地区"),
        job(world, employer="另一公司", started_on=SECOND, channel="点对点输送"),
    )
    codes = ("labour.employed_total", "labour.employed_east", "labour.employed_nearby", "labour.p2p")
    assert [value(code, world.county) for code in codes] == [1, 1, 1, 2]


def test_two_people_of_one_name_count_twice(world: World) -> None:
    approved(world, job(world), job(world, BERTA, started_on=SECOND))
    assert value("labour.employed_total", world.county) == 2


def test_a_person_known_in_two_towns_counts_once_above_them(world: World) -> None:
    approved(world, job(world, node=world.town), job(world, node=world.other_town, started_on=SECOND))
    nodes = (world.town, world.other_town, world.county)
    assert [value("labour.employed_total", node) for node in nodes] == [1, 1, 1]


def test_each_year_counts_anew(world: World) -> None:
    approved(world, job(world, started_on=date(2020, 5, 1)), job(world))
    periods = (Period.year(2020), Period.year(2021), Period.cumulative(date(2021, 12, 31)))
    assert [value("labour.employed_total", world.county, period) for period in periods] == [1, 1, 1]


def test_who_leaves_was_helped_all_the_same(world: World) -> None:
    (row,) = approved(world, job(world))
    revised(world, row, left_on=LEFT)
    assert value("labour.employed_total", world.county, Period.cumulative(LEFT)) == 1


def test_nobody_leaves_before_the_first_day(world: World) -> None:
    with pytest.raises(Refused, match="离职日期"):
        acts.create([job(world, left_on=date(2021, 2, 28))], world.jingjiang)


# Checks ---------------------------------------------------------------------------------------------------------------


def test_a_job_alone_says_nothing_of_being_in_post(world: World) -> None:
    approved(world, job(world))
    assert in_post(world, SECOND) is None


def test_a_check_holds_from_its_day_on(world: World) -> None:
    (one,) = approved(world, job(world))
    approved(world, check(one, FIRST))
    assert in_posts(world, date(2021, 5, 31), FIRST, date(2025, 1, 1)) == [0, 1, 1]


def test_a_check_holds_until_the_next_one(world: World) -> None:
    (one,) = approved(world, job(world))
    approved(world, check(one, FIRST))
    approved(world, check(one, SECOND, in_post=False))
    assert in_posts(world, FIRST, date(2021, 8, 31), SECOND) == [1, 1, 0]
    assert verify().ok


def test_two_checks_of_one_person_are_one_person_in_post(world: World) -> None:
    (one,) = approved(world, job(world))
    approved(world, check(one, FIRST), check(one, SECOND))
    assert in_posts(world, FIRST, SECOND, LEFT) == [1, 1, 1]


def test_one_person_checked_in_two_jobs_is_one_person(world: World) -> None:
    one, other = approved(world, job(world), job(world, employer="另一公司"))
    approved(world, check(one, FIRST), check(other, FIRST))
    assert in_post(world, FIRST) == 1


def test_checks_of_two_people_stand_apart(world: World) -> None:
    one, other = approved(world, job(world), job(world, BERTA, name="示例乙"))
    approved(world, check(one, FIRST), check(other, FIRST))
    approved(world, check(one, SECOND, in_post=False))
    assert in_posts(world, FIRST, SECOND) == [2, 1]


def test_an_earlier_check_that_comes_late_holds_only_until_the_next(world: World) -> None:
    (one,) = approved(world, job(world))
    approved(world, check(one, SECOND, in_post=False))
    approved(world, check(one, FIRST))
    assert in_posts(world, FIRST, SECOND) == [1, 0]
    assert verify().ok


def test_a_voided_check_gives_its_time_to_the_one_before(world: World) -> None:
    (one,) = approved(world, job(world))
    approved(world, check(one, FIRST))
    (last,) = approved(world, check(one, SECOND, in_post=False))
    acts.void(last, world.yongshou, "重复")
    assert in_posts(world, FIRST, SECOND) == [1, 1]
    assert verify().ok


def test_when_the_only_check_is_voided_nobody_is_in_post(world: World) -> None:
    (one,) = approved(world, job(world))
    (only,) = approved(world, check(one, FIRST))
    acts.void(only, world.yongshou, "误录")
    assert in_post(world, FIRST) == 0
    assert verify().ok


def test_a_check_moved_to_another_day_moves_the_end_of_the_one_before(world: World) -> None:
    (one,) = approved(world, job(world))
    approved(world, check(one, FIRST))
    (last,) = approved(world, check(one, SECOND, in_post=False))
    revised(world, last, checked_on=LEFT)
    assert in_posts(world, SECOND, LEFT) == [1, 0]
    assert verify().ok


def test_a_check_that_finds_nobody_posts_nothing(world: World) -> None:
    (one,) = approved(world, job(world))
    (row,) = approved(world, check(one, FIRST, in_post=False))
    assert posted(row) == set()


def test_of_two_checks_on_one_day_the_last_holds(world: World) -> None:
    """The import asks before it takes a second one; who says that it is meant is believed."""
    (one,) = approved(world, job(world))
    (first,) = approved(world, check(one, FIRST))
    (last,) = acts.create([check(one, FIRST, in_post=False)], world.jingjiang)
    acts.approve([last], world.yongshou, despite_twins=True)
    assert in_post(world, FIRST) == 0
    acts.void(fresh(last), world.yongshou, "重复")
    assert in_post(world, FIRST) == 1
    assert fresh(first).next_on is None


def test_a_check_holds_until_somebody_leaves(world: World) -> None:
    (one,) = approved(world, job(world, left_on=LEFT))
    approved(world, check(one, FIRST))
    assert in_posts(world, FIRST, date(2021, 11, 29), LEFT) == [1, 1, 0]


def test_a_check_after_somebody_left_counts_nobody(world: World) -> None:
    (one,) = approved(world, job(world, left_on=LEFT))
    (row,) = approved(world, check(one, date(2021, 12, 1)))
    assert posted(row) == set()


def test_a_check_before_the_first_day_is_refused(world: World) -> None:
    (one,) = approved(world, job(world))
    with pytest.raises(Refused, match="回访日期 2021-02-28 早于入职日期 2021-03-01"):
        acts.create([check(one, date(2021, 2, 28))], world.jingjiang)


def test_when_a_leaving_is_entered_the_check_ends_that_day(world: World) -> None:
    (one,) = approved(world, job(world))
    approved(world, check(one, FIRST))
    revised(world, one, left_on=LEFT)
    assert in_posts(world, date(2021, 11, 29), LEFT) == [1, 0]
    assert verify().ok


def test_when_a_jobs_person_is_put_right_its_checks_follow(world: World) -> None:
    one, other = approved(world, job(world), job(world, BERTA, employer="另一公司"))
    approved(world, check(one, FIRST), check(other, FIRST))
    revised(world, one, id_number=protect(BERTA))
    assert in_post(world, FIRST) == 1
    assert verify().ok


def test_a_job_with_checks_is_not_voided(world: World) -> None:
    (one,) = approved(world, job(world))
    approved(world, check(one, FIRST))
    with pytest.raises(Refused):
        acts.void(fresh(one), world.yongshou, "重复")


def test_a_check_waits_for_its_job(world: World) -> None:
    (one,) = acts.create([job(world)], world.jingjiang)
    with pytest.raises(Refused):
        approved(world, check(one, FIRST))


def test_a_check_moved_to_another_job_gives_its_time_back(world: World) -> None:
    one, other = approved(world, job(world), job(world, BERTA, name="示例乙"))
    approved(world, check(one, FIRST))
    (last,) = approved(world, check(one, SECOND, in_post=False))
    revised(world, last, number_of_job=other)
    assert in_posts(world, FIRST, SECOND) == [1, 1]


# Workshops and fairs --------------------------------------------------------------------------------------------------


def workshop(world: World, **values: Any) -> Workshop:
    told = {"name": "示例车间", "place": "永寿县", "recognised_on": STARTED, "jobs": 30, "lifted_jobs": 12} | values
    return Workshop(node=world.county, **told)


WORKSHOP_CODES = ("labour.workshops", "labour.workshop_jobs", "labour.workshop_jobs.lifted")


def standing(world: World, on: date) -> list[int | None]:
    """The workshops, their jobs and the formerly poor in them on a day, asked for by the year up to it."""
    return [value(code, world.county, Period.between(date(on.year, 1, 1), on)) for code in WORKSHOP_CODES]


def test_a_workshop_stands_from_recognition_to_withdrawal(world: World) -> None:
    (row,) = approved(world, workshop(world))
    assert standing(world, date(2022, 12, 31)) == [1, 30, 12]
    revised(world, row, withdrawn_on=LEFT)
    assert standing(world, date(2021, 11, 29)) == [1, 30, 12]
    assert standing(world, LEFT) == [0, 0, 0]
    assert standing(world, date(2022, 12, 31)) == [0, 0, 0]


def test_workshops_add_up(world: World) -> None:
    approved(world, workshop(world), workshop(world, name="另一车间", jobs=8, lifted_jobs=None, withdrawn_on=SECOND))
    assert standing(world, FIRST) == [2, 38, 12]
    assert standing(world, SECOND) == [1, 30, 12]


def test_a_job_fair_counts_with_its_vacancies(world: World) -> None:
    (row,) = approved(world, JobFair(node=world.county, held_on=FIRST, title="示例", vacancies=680, intents=104))
    assert posted(row) == {("labour.jobfairs", FIRST, 1), ("labour.jobs_offered", FIRST, 680)}
