"""From an accepted match to figures: placement, trip, arrival, monthly checks, leaving; and forgetting a person."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db import transaction as database

from lianqiao.core.periods import Period
from lianqiao.fields.employment import links, privacy, transfer
from lianqiao.fields.employment.models import Job, Retention
from lianqiao.fields.employment.pool import Seeker
from lianqiao.fields.employment.transfer import Check, Placement, SubsidyRule, Told, Trip
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.audit import verify
from lianqiao.ledger.erasing import Held, erase
from lianqiao.people.models import Grant
from tests.exchanges.pool_rows import ANNA, BERTA, CARLA, employer, seeker, vacancy
from tests.world import World, fresh, person, value

pytestmark = pytest.mark.data
DEPARTS, ARRIVES = date(2021, 9, 10), date(2021, 9, 11)
OCTOBER, NOVEMBER = date(2021, 10, 15), date(2021, 11, 15)


def trip(world: World, **values: Any) -> Trip:
    told = {
        "node": world.county, "mode": "大巴", "departs_on": DEPARTS, "starts_at": "永寿县", "goes_to": "靖江市", "seats": 45,
        "escort": "永寿县人社局", "made_by": world.jingjiang,
    }  # fmt: skip
    return Trip.objects.create(**(told | values))


def placed(world: World, *ids: str) -> list[Placement]:
    offered = vacancy(world, headcount=5)
    return [transfer.place(seeker(world, number), offered, "PP-000001 TJ-000001") for number in ids]


def arrived(world: World, *ids: str) -> list[Placement]:
    """People who have come to work, with their rows of the jobs ledger approved."""
    going, coach = placed(world, *ids), trip(world)
    transfer.board(coach, going)
    acts.approve(transfer.arrive(coach, [one.pk for one in going], ARRIVES, world.jingjiang), world.yongshou)
    return [Placement.objects.get(pk=one.pk) for one in going]


def job_of(placement: Placement) -> Job:
    assert placement.job_id is not None
    return Job.objects.get(pk=placement.job_id)


def labour(world: World, code: str, until: date) -> int | None:
    return value(f"labour.{code}", world.county, Period.cumulative(until))


# Accepted --------------------------------------------------------------------------------------------------------------


def test_a_placement_fills_a_place_and_takes_the_seeker_out_of_the_pool(world: World) -> None:
    (one,) = placed(world, ANNA)
    one.seeker.refresh_from_db()
    assert (one.seeker.state, transfer.taken(one.vacancy)) == (Seeker.State.PLACED, 1)
    with pytest.raises(Refused, match="不能再录用"):
        transfer.place(one.seeker, one.vacancy)


def test_no_more_are_placed_than_the_vacancy_has_places(world: World) -> None:
    offered = vacancy(world, headcount=1)
    transfer.place(seeker(world), offered)
    with pytest.raises(Refused, match="已招满 1 人"):
        transfer.place(seeker(world, BERTA), offered)


def test_the_database_refuses_a_second_placement_at_the_same_time(world: World) -> None:
    (one,) = placed(world, ANNA)
    with pytest.raises(IntegrityError), database.atomic():
        Placement.objects.create(seeker=one.seeker, vacancy=one.vacancy)


@pytest.mark.parametrize(
    "values",
    [
        {"headcount": 0},
        {"wage_from": 2, "wage_to": 1},
        {"age_from": 15},
        {"age_from": 40, "age_to": 30},
        {"reviewer": None},
        {"posted_at": None},
    ],
)
def test_the_database_refuses_vacancies_against_the_rules(world: World, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), database.atomic():
        vacancy(world, **values)


def test_author_and_reviewer_of_a_vacancy_differ(world: World) -> None:
    with pytest.raises(IntegrityError), database.atomic():
        vacancy(world, reviewer=world.jingjiang)


# The trip --------------------------------------------------------------------------------------------------------------


def test_a_trip_stops_at_each_village_once_and_has_no_more_people_than_seats(world: World) -> None:
    going, coach = placed(world, ANNA, BERTA), trip(world, seats=2)
    transfer.board(coach, going, {"示例村": time(7, 30)})
    assert [(stop.village, stop.at) for stop in coach.stops.all()] == [("示例村", time(7, 30))]
    with pytest.raises(Refused, match="2 座，3 人坐不下"):
        transfer.board(coach, [transfer.place(seeker(world, CARLA), going[0].vacancy)])


def test_nobody_boards_without_an_id_number(world: World) -> None:
    one = seeker(world)
    one.id_number = ""
    one.save()
    with pytest.raises(Refused, match="没有身份证号"):
        transfer.board(trip(world), [transfer.place(one, vacancy(world))])


def test_the_subsidy_follows_the_rule_of_place_and_year(world: World) -> None:
    offered = vacancy(world)
    going = [transfer.place(seeker(world), offered), transfer.place(seeker(world, BERTA, standing="一般户"), offered)]
    coach = trip(world)
    transfer.board(coach, going)
    assert transfer.subsidy(coach) == (None, 0)
    SubsidyRule.objects.create(place="永寿县", year=2020, kind="交通补贴", amount=30_000, source="示例文件 2020")
    rule = SubsidyRule.objects.create(place="永寿县", year=2021, kind="交通补贴", amount=50_000, source="示例文件 2021")
    assert transfer.subsidy(coach) == (rule, 100_000)
    SubsidyRule.objects.filter(pk=rule.pk).update(lifted_only=True)
    assert transfer.subsidy(coach)[1] == 50_000


# Arrival ---------------------------------------------------------------------------------------------------------------


def test_an_arrival_counts_once_somebody_else_has_approved_its_row(world: World) -> None:
    going, coach = placed(world, ANNA, BERTA), trip(world)
    transfer.board(coach, going)
    rows = transfer.arrive(coach, [one.pk for one in going], ARRIVES, world.jingjiang)
    assert labour(world, "p2p", ARRIVES) is None
    with pytest.raises(PermissionDenied):
        acts.approve(rows, world.jingjiang)
    acts.approve(rows, world.yongshou)
    found = [labour(world, code, ARRIVES) for code in ("p2p", "employed_total", "employed_east", "employed_poor")]
    assert found == [2, 2, 2, 2]
    (piece,) = fresh(rows[0]).evidence
    assert (piece["kind"], piece["name"]) == ("花名册", f"花名册 {coach.number} 匹配 PP-000001.csv")


def test_who_did_not_come_looks_for_work_again_and_has_no_row(world: World) -> None:
    first, second = placed(world, ANNA, BERTA)
    coach = trip(world)
    transfer.board(coach, [first, second])
    assert len(transfer.arrive(coach, [first.pk], ARRIVES, world.jingjiang)) == 1
    second.refresh_from_db()
    assert (second.left_on, second.job_id) == (ARRIVES, None)
    assert Seeker.objects.get(pk=second.seeker_id).state == Seeker.State.SEEKING


def test_an_arrival_is_confirmed_once_and_not_before_the_departure(world: World) -> None:
    going, coach = placed(world, ANNA), trip(world)
    transfer.board(coach, going)
    with pytest.raises(Refused, match="早于发车日期"):
        transfer.arrive(coach, [going[0].pk], date(2021, 9, 9), world.jingjiang)
    transfer.arrive(coach, [going[0].pk], ARRIVES, world.jingjiang)
    with pytest.raises(Refused, match="已经确认过"):
        transfer.arrive(coach, [going[0].pk], ARRIVES, world.jingjiang)


# The months after ------------------------------------------------------------------------------------------------------


def test_two_monthly_checks_hold_and_a_leaving_ends_them(world: World) -> None:
    stays, leaves = arrived(world, ANNA, BERTA)
    checks = [transfer.tell(one, OCTOBER, Told(True), None) for one in (stays, leaves)]
    acts.approve(transfer.hand_in(checks, world.jingjiang), world.yongshou)
    assert labour(world, "in_post", OCTOBER) == 2
    later = [
        transfer.tell(stays, NOVEMBER, Told(True), None),
        transfer.tell(leaves, NOVEMBER, Told(False, "家里有事"), None),
    ]
    acts.approve(transfer.hand_in(later, world.jingjiang), world.yongshou)
    assert labour(world, "in_post", NOVEMBER) == 1
    job = job_of(leaves)
    assert (job.pending_state, Seeker.objects.get(pk=leaves.seeker_id).state) == ("submitted", Seeker.State.SEEKING)
    assert Retention.objects.get(number_of_job=stays.job_id, checked_on=NOVEMBER).months == 2
    assert verify().ok


def test_a_month_is_told_once(world: World) -> None:
    (one,) = arrived(world, ANNA)
    transfer.tell(one, OCTOBER, Told(True), world.jingjiang)
    with pytest.raises(Refused, match="2021-10 已经回访过"):
        transfer.tell(one, date(2021, 10, 20), Told(True), None)
    with pytest.raises(Refused, match="离开要选一个原因"):
        transfer.tell(one, NOVEMBER, Told(False), None)


def test_a_check_waits_for_its_job_to_be_approved(world: World) -> None:
    going, coach = placed(world, ANNA), trip(world)
    transfer.board(coach, going)
    transfer.arrive(coach, [going[0].pk], ARRIVES, world.jingjiang)
    check = transfer.tell(going[0], OCTOBER, Told(True), None)
    with pytest.raises(Refused):
        transfer.hand_in([check], world.jingjiang)
    assert Check.objects.get().entry_id is None


# Links -----------------------------------------------------------------------------------------------------------------


def test_a_link_is_its_employers_until_a_new_one_is_made(world: World) -> None:
    one = employer(world)
    token = links.employer_token(one)
    assert links.employer_of(token) == one
    assert links.employer_of(f"{token}x") is None
    assert (links.employer_of(links.renew(one)), links.employer_of(token)) == (one, None)


# Forgetting ------------------------------------------------------------------------------------------------------------


def test_a_forgotten_seeker_is_gone_from_pool_and_ledgers_and_the_chain_is_whole(world: World) -> None:
    first, second = arrived(world, ANNA, BERTA)
    chief = person("chief", Grant.Role.COORDINATOR, world.county)
    with pytest.raises(PermissionDenied):
        privacy.forget(first.seeker, world.yongshou, "本人申请")
    with pytest.raises(Refused, match="不能写所删的内容"):
        privacy.forget(first.seeker, chief, "示例甲本人申请")
    privacy.forget(first.seeker, chief, "本人申请")
    gone = Seeker.objects.get(pk=first.seeker_id)
    assert (gone.state, gone.name, gone.phone, gone.village) == (Seeker.State.ERASED, "", "", "")
    assert (gone.masked_name, job_of(first).name) == ("***（已删除）", "")
    assert Seeker.objects.get(pk=second.seeker_id).clear_name == "示例乙"
    assert job_of(second).evidence[0].get("erased") is None
    assert labour(world, "employed_total", ARRIVES) == 2
    assert verify().ok


def test_erasing_a_row_of_the_jobs_ledger_forgets_the_seeker_behind_it(world: World) -> None:
    (one,) = arrived(world, ANNA)
    erase([Held(job_of(one))], person("chief", Grant.Role.COORDINATOR, world.county), "本人申请")
    assert Seeker.objects.get(pk=one.seeker_id).state == Seeker.State.ERASED


def test_an_applicant_of_no_placement_is_forgotten_too(world: World) -> None:
    one = seeker(world)
    privacy.forget(one, person("chief", Grant.Role.COORDINATOR, world.county), "本人申请")
    assert Seeker.objects.get(pk=one.pk).erased_why == "本人申请"
