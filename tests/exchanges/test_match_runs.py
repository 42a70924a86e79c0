"""Rounds of matching as an office runs them: started, moved by hand, sent, answered, matched again; and who may."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client

from lianqiao.fields.employment import links, matches
from lianqiao.fields.employment.matching.candidates import Weights
from lianqiao.fields.employment.pool import Seeker, Vacancy
from lianqiao.fields.employment.proposals import MatchRun, Proposal
from lianqiao.fields.employment.transfer import Placement
from lianqiao.ledger.acts import Refused
from tests.desk.conftest import Reader
from tests.exchanges.pool_rows import ANNA, BERTA, CARLA, employer, seeker, vacancy
from tests.world import World

RUNS = "/labour/runs/"
State = Proposal.State


@pytest.fixture
def sewing(world: World) -> Vacancy:
    """Two places at one employer."""
    return vacancy(world)


@pytest.fixture
def packing(world: World) -> Vacancy:
    """A place less paid, at another."""
    return vacancy(world, employer(world, 502), title="包装工", wage_from=420_000, wage_to=440_000, headcount=1)


def start(world: World) -> MatchRun:
    return matches.start(world.county, Weights(), 0, world.yongshou)


def of(person: Seeker) -> Proposal:
    return Proposal.objects.filter(seeker=person).order_by("-pk")[0]


def sent(world: World, run: MatchRun) -> None:
    matches.send(run, world.yongshou)


def both_agree(world: World, proposal: Proposal) -> None:
    matches.answer(proposal, "seeker", True, world.jingjiang)
    matches.answer(proposal, "employer", True, world.jingjiang)


def test_a_round_says_who_goes_where_and_why(world: World, sewing: Vacancy, packing: Vacancy) -> None:
    people = [seeker(world, one) for one in (ANNA, BERTA, CARLA)]
    run = start(world)
    assert (run.seekers, run.vacancies, run.places, run.pairs) == (3, 2, 3, 6)
    assert run.total == run.bound == sum(run.proposals.values_list("score", flat=True))
    assert {of(one).vacancy for one in people} == {sewing, packing}
    told = of(people[0])
    assert told.score == sum(run.weights[name] * part for name, part in told.parts.items())
    assert {told.next_best, told.vacancy} == {sewing, packing}
    assert run.fairness[0] == {"group": "全部", "asked": 3, "could": 3, "placed": 3, "first": 2, "score": run.total}


def test_the_same_goes_in_the_same_comes_out(world: World, sewing: Vacancy, packing: Vacancy) -> None:
    for one in (ANNA, BERTA, CARLA):
        seeker(world, one)
    first, again = start(world), start(world)
    assert first.pk != again.pk
    assert (again.after, again.total) == (first, first.total + 3 * Weights().settled * 100)
    assert list(first.proposals.values_list("state", flat=True)) == ["withdrawn"] * 3
    assert again.stayed == 3


def test_who_finds_no_place_is_told_why(world: World, packing: Vacancy) -> None:
    people = [seeker(world, ANNA), seeker(world, BERTA), seeker(world, CARLA, least_wage=900_000)]
    run = start(world)
    assert run.left.pop(people[2].number) == 0
    assert list(run.left.values()) == [1]


def test_without_people_or_places_there_is_nothing_to_match(world: World) -> None:
    seeker(world)
    with pytest.raises(Refused, match="没有在招的岗位"):
        start(world)


def test_both_yes_is_a_placement_that_names_round_and_proposal(world: World, sewing: Vacancy) -> None:
    person = seeker(world)
    run = start(world)
    sent(world, run)
    both_agree(world, of(person))
    placed = Placement.objects.get()
    assert (placed.seeker, placed.vacancy, placed.match) == (person, sewing, f"{run.number} {of(person).number}")
    assert of(person).state == State.ACCEPTED


def test_nobody_answers_before_it_is_sent_nor_twice(world: World, sewing: Vacancy) -> None:
    person = seeker(world)
    run = start(world)
    with pytest.raises(Refused, match="待送出"):
        matches.answer(of(person), "seeker", True, world.jingjiang)
    sent(world, run)
    matches.answer(of(person), "employer", False, None, "要会熨烫")
    with pytest.raises(Refused, match="单位谢绝"):
        matches.answer(of(person), "seeker", True, world.jingjiang)


def test_what_was_declined_is_not_proposed_again(world: World, sewing: Vacancy, packing: Vacancy) -> None:
    person = seeker(world)
    sent(world, start(world))
    first = of(person).vacancy
    matches.answer(of(person), "seeker", False, world.jingjiang, "太远")
    start(world)
    assert {first, of(person).vacancy} == {sewing, packing}


def test_a_rematch_leaves_alone_what_waits_for_an_answer(world: World, sewing: Vacancy, packing: Vacancy) -> None:
    Vacancy.objects.update(headcount=3)
    people = [seeker(world, one) for one in (ANNA, BERTA, CARLA)]
    sent(world, start(world))
    waiting = [of(one).pk for one in people[:2]]
    matches.answer(of(people[2]), "seeker", False, world.jingjiang, "家里有事")
    again = start(world)
    assert [of(one).pk for one in people[:2]] == waiting
    assert (again.stayed, again.moved) == (2, 0)
    assert of(people[2]).vacancy == packing


def test_a_couple_is_taken_on_together(world: World, sewing: Vacancy) -> None:
    people = [seeker(world, one, couple="甲乙") for one in (ANNA, BERTA)]
    sent(world, start(world))
    both_agree(world, of(people[0]))
    assert not Placement.objects.exists()
    both_agree(world, of(people[1]))
    assert Placement.objects.count() == 2


def test_where_one_of_a_couple_is_declined_the_other_is_free_again(world: World, sewing: Vacancy) -> None:
    people = [seeker(world, one, couple="甲乙") for one in (ANNA, BERTA)]
    sent(world, start(world))
    both_agree(world, of(people[0]))
    matches.answer(of(people[1]), "employer", False, None, "满了")
    assert of(people[0]).state == State.WITHDRAWN
    assert not Placement.objects.exists()


def test_an_accepted_one_keeps_its_place_in_a_rematch(world: World, packing: Vacancy) -> None:
    """One of a couple has both sides' word and waits for the other: nobody gets the place meanwhile."""
    vacancy(world, packing.employer, title="缝纫工", headcount=1)
    people = [seeker(world, one, couple="甲乙") for one in (ANNA, BERTA)]
    sent(world, start(world))
    both_agree(world, of(people[0]))
    held = of(people[0]).pk
    seeker(world, CARLA, standing="监测户")
    start(world)
    assert of(people[0]).pk == held
    assert of(people[0]).state == State.ACCEPTED


# By hand -----------------------------------------------------------------------------------------------------------------


def test_a_move_by_hand_is_kept_with_who_why_and_its_cost(world: World, sewing: Vacancy, packing: Vacancy) -> None:
    person = seeker(world)
    run = start(world)
    before = of(person)
    assert before.vacancy == sewing
    made = matches.move(run, person, packing, world.yongshou, "本人想离亲戚近")
    step = made.steps.get()
    assert (made.vacancy, step.by, step.why) == (packing, world.yongshou, "本人想离亲戚近")
    assert step.cost == before.score - made.score == before.next_cost
    assert Proposal.objects.get(pk=before.pk).state == State.WITHDRAWN


def test_a_move_keeps_after_a_rematch(world: World, sewing: Vacancy, packing: Vacancy) -> None:
    person = seeker(world)
    run = start(world)
    matches.move(run, person, packing, world.yongshou, "本人想离亲戚近")
    start(world)
    assert of(person).vacancy == packing


def test_a_move_needs_a_reason_and_the_hard_conditions(world: World, sewing: Vacancy) -> None:
    welding = vacancy(world, sewing.employer, title="焊工", kind="焊工")
    person = seeker(world)
    run = start(world)
    with pytest.raises(Refused):
        matches.move(run, person, welding, world.yongshou, "")
    with pytest.raises(Refused, match="工种不在本人意愿之内"):
        matches.move(run, person, welding, world.yongshou, "想试试")
    assert of(person).vacancy == sewing


def test_only_who_decides_for_the_node_may_match(world: World, sewing: Vacancy) -> None:
    seeker(world)
    with pytest.raises(PermissionDenied):
        matches.start(world.county, Weights(), 0, world.jingjiang)
    with pytest.raises(Http404):
        matches.start(world.county, Weights(), 0, world.stranger)


# Pages ---------------------------------------------------------------------------------------------------------------------


def weights(world: World, **values: Any) -> dict[str, Any]:
    given = {name: field.default for name, field in Weights.__dataclass_fields__.items()}
    return {"node": world.county.pk, "seed": 7} | given | values


def test_a_round_from_the_desk(world: World, sewing: Vacancy, packing: Vacancy, read: Reader) -> None:
    person = seeker(world)
    desk = read(world.yongshou)
    assert "还没有匹配过" in desk.get(RUNS).text
    answer = desk.post(RUNS, weights(world))
    run = MatchRun.objects.get()
    assert answer["Location"] == f"{RUNS}{run.number}/"
    assert run.seed == 7
    page = desk.get(answer["Location"]).text
    for told in ("示例甲", "缝纫工", "包装工", "100%", "脱贫和监测户", run.snapshot[:16]):
        assert told in page
    reason = desk.get(f"/labour/proposals/{of(person).number}/").text
    for told in ("为什么是这个", "工种意愿", "次优是", f"{of(person).score:,}"):
        assert told in reason


def test_a_weight_that_is_no_number_is_refused(world: World, read: Reader) -> None:
    answer = read(world.yongshou).post(RUNS, weights(world, skill="很多"))
    assert answer.status_code == 400
    assert not MatchRun.objects.exists()


def test_moving_from_the_desk_shows_the_cost_first(
    world: World, sewing: Vacancy, packing: Vacancy, read: Reader
) -> None:
    person = seeker(world)
    run, desk = start(world), read(world.yongshou)
    address = f"{RUNS}{run.number}/move/{person.number}/"
    page = desk.get(address, {"vacancy": packing.number}).text
    assert f"<b>{of(person).next_cost:,}</b>" in page
    assert "没有别人要动" in page
    assert desk.post(address, {"vacancy": packing.number, "why": ""}).status_code == 400
    answer = desk.post(address, {"vacancy": packing.number, "why": "本人愿意"})
    assert answer["Location"] == f"/labour/proposals/{of(person).number}/"
    assert "本人愿意" in desk.get(answer["Location"]).text


def test_sending_and_answering_from_the_desk(world: World, sewing: Vacancy, read: Reader) -> None:
    person = seeker(world)
    run, desk = start(world), read(world.yongshou)
    desk.post(f"{RUNS}{run.number}/")
    address = f"/labour/proposals/{of(person).number}/"
    assert desk.post(address, {"side": "seeker"}).status_code == 400
    for side in ("seeker", "employer"):
        assert desk.post(address, {"side": side, "agrees": "yes"}).status_code == 302
    assert of(person).state == State.ACCEPTED
    assert Placement.objects.filter(seeker=person).exists()


def test_both_sides_answer_by_their_links(world: World, sewing: Vacancy, client: Client) -> None:
    person = seeker(world)
    sent(world, start(world))
    theirs = f"/e/{links.employer_token(sewing.employer)}/answers/"
    page = client.get(theirs).text
    assert "示例甲" not in page
    assert of(person).number in page
    client.post(theirs, {"proposal": of(person).number, "agrees": "yes"})
    own = f"/a/{matches.answer_token(of(person))}/"
    answer = client.get(own)
    assert "缝纫工" in answer.text
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "示例甲" not in answer.text
    client.post(own, {"agrees": "yes"})
    assert of(person).state == State.ACCEPTED
    assert list(of(person).steps.values_list("by", flat=True)) == [world.yongshou.pk, None, None]


def test_a_link_opens_its_own_proposal_only(world: World, sewing: Vacancy, client: Client) -> None:
    person = seeker(world)
    run = start(world)
    own = f"/a/{matches.answer_token(of(person))}/"
    assert client.get(own).status_code == 404  # not sent yet
    sent(world, run)
    assert client.get(own).status_code == 200
    assert client.get(own[:-2] + "x/").status_code == 404
    other = employer(world, 503)
    theirs = f"/e/{links.employer_token(other)}/answers/"
    assert client.post(theirs, {"proposal": of(person).number, "agrees": "yes"}).status_code == 404


def test_who_does_not_work_with_seekers_sees_no_round(world: World, sewing: Vacancy, read: Reader) -> None:
    seeker(world)
    run = start(world)
    assert read(world.auditor).get(f"{RUNS}{run.number}/").status_code == 403
    assert read(world.stranger).get(f"{RUNS}{run.number}/").status_code == 404
    assert read(world.jingjiang).get(f"{RUNS}{run.number}/").status_code == 200
    assert read(world.jingjiang).post(f"{RUNS}{run.number}/").status_code == 403


def test_a_vacancy_that_closed_is_not_matched(world: World, sewing: Vacancy) -> None:
    vacancy(world, sewing.employer, until=date(2021, 1, 1))
    seeker(world)
    assert start(world).vacancies == 1
