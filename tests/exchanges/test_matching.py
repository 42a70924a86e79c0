"""Matching held against exhaustive search, with every condition; and what must hold at any size."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianqiao.fields.employment.matching.candidates import BY_RANK, Weights, why_not
from lianqiao.fields.employment.matching.explaining import Reason, fairness, moved, reasons
from lianqiao.fields.employment.matching.market import Seeker, Vacancy, market
from lianqiao.fields.employment.matching.rounds import Outcome, Terms, match, snapshot
from tests.exchanges.labour_market import made

DAY = date(2026, 3, 1)
ANYWHERE = frozenset({"东部结对地区", "本县"})
SEEKER = Seeker("QZ-1", 1990, ANYWHERE, 300_000, DAY, kinds=("焊工",))
VACANCY = Vacancy("GW-1", "甲", "东部结对地区", "靖江市", "新桥镇", "焊工", 1, 350_000, 450_000, DAY, DAY)

words = st.frozensets(st.sampled_from("甲乙丙"), max_size=2)
wages = st.sampled_from([300_000, 400_000, 500_000])
days = st.sampled_from([DAY, DAY + timedelta(days=30)])


@st.composite
def seekers(draw: st.DrawFn) -> list[Seeker]:
    return [
        Seeker(
            f"QZ-{number}", draw(st.sampled_from([1965, 1990, 2008, 2010])),
            draw(st.sampled_from([ANYWHERE, ANYWHERE, frozenset({"本县"})])), draw(wages), draw(days),
            kinds=tuple(draw(st.lists(st.sampled_from(["焊工", "缝纫"]), max_size=2, unique=True))),
            places=draw(st.sampled_from([frozenset(), frozenset({"靖江市"}), frozenset({"本县", "东兴镇"})])),
            schooling=draw(st.integers(0, 3)), experience=draw(st.integers(0, 7)), skills=draw(words),
            certificates=draw(words), cannot=draw(st.sampled_from([frozenset(), frozenset({"夜班"})])),
            priority=draw(st.booleans()), couple=draw(st.sampled_from(["", "", "对"])), group=draw(st.sampled_from(["", "", "队"])),
        )
        for number in range(draw(st.integers(1, 5)))
    ]  # fmt: skip


@st.composite
def vacancies(draw: st.DrawFn) -> list[Vacancy]:
    return [
        Vacancy(
            f"GW-{number}", draw(st.sampled_from("甲乙")), draw(st.sampled_from(sorted(ANYWHERE))), "靖江市",
            draw(st.sampled_from(["新桥镇", "东兴镇"])), draw(st.sampled_from(["焊工", "缝纫"])), draw(st.integers(0, 3)),
            300_000, draw(wages), DAY, draw(days), age_from=draw(st.sampled_from([16, 18, 30])),
            age_to=draw(st.sampled_from([45, 60, 70])), schooling=draw(st.integers(0, 2)), skills=draw(words),
            certificates=draw(st.sampled_from([frozenset(), frozenset(), frozenset("甲")])),
            demands=draw(st.sampled_from([frozenset(), frozenset({"夜班"})])),
            lodging=draw(st.sampled_from(["", "single", "couple"])), near=draw(st.booleans()),
        )
        for number in range(draw(st.integers(1, 4)))
    ]  # fmt: skip


# The same told plainly, one pair at a time -------------------------------------------------------------------------------


def allowed(s: Seeker, v: Vacancy) -> bool:
    age = v.begins.year - s.birth_year
    return (
        (not s.kinds or v.kind in s.kinds)
        and v.area in s.areas
        and v.wage_to >= s.wage
        and v.headcount > 0
        and age > 16
        and v.age_from <= age <= v.age_to
        and s.schooling >= v.schooling
        and v.certificates <= s.certificates
        and not s.cannot & v.demands
        and s.free_from <= v.until
    )


def score(s: Seeker, v: Vacancy, weights: Weights) -> int:
    skill = 80 * len(s.skills & v.skills) // len(v.skills) if v.skills else 80
    home = 100 if v.near else {"": 30, "single": 60 if s.couple else 100, "couple": 100}[v.lodging]
    named = {v.area, v.place, v.town} & s.places
    parts = {
        "placed": 100,
        "skill": skill + 4 * min(s.experience, 5),
        "wish": BY_RANK[s.kinds.index(v.kind)] if s.kinds else 60,
        "wage": min(100, max(0, 100 * ((v.wage_from + v.wage_to) // 2 - s.wage) // s.wage)),
        "place": (100 if named else 20) if s.places else 60,
        "lodging": home,
        "priority": 100 if s.priority else 0,
        "settled": 0,
    }
    return sum(getattr(weights, name) * part for name, part in parts.items())


def kept_together(people: list[Seeker], where: tuple[Vacancy | None, ...]) -> bool:
    """Both of a couple in one town, all of a group at one employer in one town, all or none; who belongs to both, to one team."""
    for tie in team_of(people):
        at = [where[n] for n in tie]
        sites = {v and ((v.employer, v.town) if any(people[n].group for n in tie) else v.town) for v in at}
        if len(sites) > 1:
            return False
    return True


def team_of(people: list[Seeker]) -> list[set[int]]:
    teams = [{n for n, one in enumerate(people) if one.couple}, {n for n, one in enumerate(people) if one.group}]
    return [teams[0] | teams[1]] if teams[0] & teams[1] else teams


def best_of_all(people: list[Seeker], places: list[Vacancy], weights: Weights) -> int:
    best = 0
    choices = [[None, *(v for v in places if allowed(s, v))] for s in people]
    for where in product(*choices):
        if all(where.count(v) <= v.headcount for v in places) and kept_together(people, where):
            best = max(best, sum(score(s, v, weights) for s, v in zip(people, where, strict=True) if v))
    return best


@settings(max_examples=100, deadline=None)
@given(people=seekers(), places=vacancies(), priority=st.integers(0, 9))
def test_the_assignment_is_the_best_of_all(people: list[Seeker], places: list[Vacancy], priority: int) -> None:
    weights = Weights(priority=priority)
    found = match(people, places, Terms(weights))
    by_key = {v.key: v for v in places}
    where = tuple(by_key.get(found.placed.get(s.key, "")) for s in people)
    assert all(allowed(s, v) for s, v in zip(people, where, strict=True) if v)
    assert all(where.count(v) <= v.headcount for v in places)
    assert kept_together(people, where)
    assert found.total == sum(score(s, v, weights) for s, v in zip(people, where, strict=True) if v)
    assert found.total == best_of_all(people, places, weights) == found.bound


# Each condition by itself -------------------------------------------------------------------------------------------------

BARRED = {
    "岗位已满": (SEEKER, replace(VACANCY, headcount=0)),
    "年龄不符合规定或岗位要求": (replace(SEEKER, birth_year=1960), VACANCY),
    "文化程度低于岗位要求": (SEEKER, replace(VACANCY, schooling=2)),
    "没有岗位要求的证书": (SEEKER, replace(VACANCY, certificates=frozenset({"焊工证"}))),
    "不能上夜班，岗位要倒班": (
        replace(SEEKER, cannot=frozenset({"夜班"})),
        replace(VACANCY, demands=frozenset({"夜班"})),
    ),
    "本人能走的时候岗位已截止": (replace(SEEKER, free_from=DAY + timedelta(days=1)), VACANCY),
    "工种不在本人意愿之内": (replace(SEEKER, kinds=("缝纫",)), VACANCY),
    "超出本人能去的范围": (replace(SEEKER, areas=frozenset({"本县"})), VACANCY),
    "月薪低于本人要求": (replace(SEEKER, wage=450_001), VACANCY),
}


def test_these_two_may_be_matched() -> None:
    assert match([SEEKER], [VACANCY], Terms()).placed == {"QZ-1": "GW-1"}


@pytest.mark.parametrize("condition", BARRED)
def test_each_condition_keeps_them_apart_and_says_so(condition: str) -> None:
    one, other = BARRED[condition]
    assert match([one], [other], Terms()).placed == {}
    assert why_not(market([one], [other]), 0, 0) == [condition]


def test_nobody_who_may_be_under_sixteen_is_placed() -> None:
    child, youth = replace(SEEKER, birth_year=2010), replace(SEEKER, birth_year=2009)
    assert match([child], [VACANCY], Terms()).placed == {}
    assert match([youth], [VACANCY], Terms()).placed == {"QZ-1": "GW-1"}


# What holds at any size ---------------------------------------------------------------------------------------------------


def score_of(reason: Reason, weights: Weights) -> int:
    """The parts with their weights; staying where one is counts for the search, never for the score."""
    return sum(getattr(weights, name) * part for name, part in reason.parts.items() if name != "settled")


@pytest.fixture(scope="module")
def people() -> tuple[list[Seeker], list[Vacancy]]:
    return made(2_000, 200)


@pytest.fixture(scope="module")
def outcome(people: tuple[list[Seeker], list[Vacancy]]) -> Outcome:
    return match(*people, Terms())


def test_the_order_in_which_people_come_does_not_matter(
    people: tuple[list[Seeker], list[Vacancy]], outcome: Outcome
) -> None:
    asked, offered = list(people[0]), list(people[1])
    random.Random(5).shuffle(asked)
    random.Random(6).shuffle(offered)
    again = match(asked, offered, Terms())
    assert again.placed == outcome.placed
    assert snapshot(asked, offered, Terms()) == snapshot(*people, Terms()) != snapshot(*people, Terms(seed=1))


def test_the_bound_proves_it_good(outcome: Outcome) -> None:
    assert 995 * outcome.bound <= 1000 * outcome.total <= 1000 * outcome.bound


def test_a_rematch_moves_few_of_the_settled(people: tuple[list[Seeker], list[Vacancy]], outcome: Outcome) -> None:
    placed = sorted(outcome.placed.items())
    declined = set(random.Random(3).sample(placed, len(placed) // 100))
    settled = dict(pair for pair in placed if pair not in declined)
    after = match(*people, Terms(settled=settled, refused=declined))
    moved_on = sum(after.placed.get(who) != where for who, where in settled.items())
    assert 100 * moved_on <= 3 * len(settled)
    assert not declined & set(after.placed.items())
    assert len(after.placed) >= len(settled)


def test_without_the_part_for_staying_a_rematch_moves_more(
    people: tuple[list[Seeker], list[Vacancy]], outcome: Outcome
) -> None:
    """The control: it is the part for staying that keeps people where they are."""
    placed = sorted(outcome.placed.items())
    declined = set(random.Random(3).sample(placed, len(placed) // 20))
    settled = dict(pair for pair in placed if pair not in declined)

    def moves(weights: Weights) -> int:
        after = match(*people, Terms(weights, settled=settled, refused=declined))
        return sum(after.placed.get(who) != where for who, where in settled.items())

    assert moves(Weights()) < moves(Weights(settled=0))


def test_a_greater_weight_for_the_formerly_poor_places_no_fewer_of_them() -> None:
    people = made(1_000, 100, couples=0, groups=0)

    def poor(weight: int) -> int:
        found = match(*people, Terms(Weights(priority=weight)))
        return next(one.placed for one in fairness(found) if one.group == "脱贫和监测户")

    counted = [poor(weight) for weight in (0, 2, 5, 20)]
    assert counted == sorted(counted)
    assert counted[-1] > counted[0]


def test_one_more_place_never_makes_the_whole_worse() -> None:
    asked, offered = made(600, 60, couples=0, groups=0)
    before = match(asked, offered, Terms()).total
    for at in range(0, 60, 20):
        more = [replace(one, headcount=one.headcount + (n == at)) for n, one in enumerate(offered)]
        assert match(asked, more, Terms()).total >= before


# Why this one --------------------------------------------------------------------------------------------------------------


def test_the_parts_make_the_score_and_the_ranks_are_counted(outcome: Outcome) -> None:
    told = list(reasons(outcome))
    assert len(told) == len(outcome.placed)
    assert all(one.score == score_of(one, Weights()) for one in told)
    assert sum(one.score for one in told) == outcome.total
    assert all(1 <= one.rank <= one.candidates and one.cost >= 0 for one in told)


@settings(max_examples=40, deadline=None)
@given(people=seekers(), places=vacancies())
def test_the_cost_told_from_prices_is_above_what_the_move_costs_by_no_more_than_the_slack(
    people: list[Seeker], places: list[Vacancy]
) -> None:
    found = match(people, places, Terms())
    for one in reasons(found):
        if one.next_best:
            terms = Terms(promised={one.seeker: one.next_best})
            after = match(people, places, terms)
            if after.placed.get(one.seeker) == one.next_best:
                slack = found.assignment.told - found.assignment.total
                assert one.cost - slack <= found.total - after.total


def test_a_move_by_hand_costs_what_the_whole_loses_and_names_who_else_moves() -> None:
    people = [SEEKER, replace(SEEKER, key="QZ-2", priority=True)]
    places = [VACANCY, replace(VACANCY, key="GW-2", town="东兴镇", wage_from=300_000, wage_to=400_000)]
    found = match(people, places, Terms())
    (to,) = {"GW-1", "GW-2"} - {found.placed["QZ-1"]}
    move = moved(found, found.placed, "QZ-1", to)
    assert move.outcome is not None
    assert move.outcome.placed["QZ-1"] == to
    assert move.others == {"QZ-2": found.placed["QZ-1"]}
    assert move.cost == found.merit - move.outcome.merit == 0


def test_a_move_against_a_hard_condition_is_refused_with_its_name() -> None:
    places = [VACANCY, replace(VACANCY, key="GW-2", certificates=frozenset({"焊工证"}))]
    found = match([SEEKER], places, Terms())
    assert moved(found, found.placed, "QZ-1", "GW-2").barred == ["没有岗位要求的证书"]


def test_each_group_fared_as_counted_one_by_one(outcome: Outcome) -> None:
    told = {one.group: one for one in fairness(outcome)}
    women = [one for one in outcome.market.seekers if one.woman]
    assert told["女性"].asked == len(women)
    assert told["女性"].placed == sum(one.key in outcome.placed for one in women)
    assert told["全部"].score == outcome.total
    villages = [one for group, one in told.items() if group.startswith("村")]
    assert sum(one.placed for one in villages) == told["全部"].placed == len(outcome.placed)
