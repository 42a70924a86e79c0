"""Why this one: the parts of a score, the next best, what a move would cost, and how each group of people fared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from lianqiao.fields.employment.matching.candidates import why_not
from lianqiao.fields.employment.matching.market import Ints, Mask, Seeker
from lianqiao.fields.employment.matching.rounds import Outcome, match
from lianqiao.fields.employment.matching.together import Teams, teams


@dataclass(frozen=True)
class Reason:
    """Why somebody goes where he goes. `parts` are whole numbers from 0 to 100 before their weights; `rank` is 1 where none of
    his candidates has a higher score. `next_best` is where he (or with him all who go together) would go next, and `cost` what
    the whole would lose by it about, told from the prices: above the truth by no more than what lies between the total and the
    bound that the prices tell (Assignment.told), so never where these are one. `moved` solves anew instead."""

    seeker: str
    vacancy: str
    score: int
    parts: dict[str, int]
    rank: int
    candidates: int
    next_best: str
    cost: int


def reasons(outcome: Outcome) -> Iterator[Reason]:
    """For everybody placed, in the order of the market."""
    pairs, people, places = outcome.pairs, outcome.market.seekers, outcome.market.vacancies
    rank, count = ranks(outcome)
    following, cost = next_best(outcome)
    for seeker, pair in enumerate(outcome.taken.tolist()):
        if pair < 0:
            continue
        after = int(following[seeker])
        yield Reason(
            people[seeker].key,
            places[pairs.vacancy[pair]].key,
            int(outcome.worth[pair]),
            {name: int(part[pair]) for name, part in pairs.parts.items()},
            int(rank[seeker]),
            int(count[seeker]),
            places[pairs.vacancy[after]].key if after >= 0 else "",
            int(cost[seeker]) if after >= 0 else 0,
        )


def ranks(outcome: Outcome) -> tuple[Ints, Ints]:
    """For each seeker the rank of his place among his candidates by their scores, and how many he has."""
    pairs, count = outcome.pairs, len(outcome.market.seekers)
    held = np.where(outcome.taken >= 0, outcome.worth[outcome.taken] if len(pairs) else 0, 0)
    better = np.bincount(pairs.seeker[outcome.worth > held[pairs.seeker]], minlength=count)
    return better + 1, np.bincount(pairs.seeker, minlength=count)


def next_best(outcome: Outcome) -> tuple[Ints, Ints]:
    """For each seeker the pair that would be next (or -1), and what the whole would lose by it at the prices."""
    following, cost = np.full(len(outcome.taken), -1), np.zeros(len(outcome.taken), np.int64)
    joint_of, joint = teams(outcome.market, outcome.pairs)
    _next_alone(outcome, joint, following, cost)
    if len(joint_of):
        _next_together(outcome, joint_of, following, cost)
    return following, cost


def _next_alone(outcome: Outcome, joint: Mask, following: Ints, cost: Ints) -> None:
    pairs, taken = outcome.pairs, outcome.taken
    value = pairs.score - outcome.assignment.price[pairs.vacancy]
    held = taken[pairs.seeker]
    other = np.flatnonzero((held != np.arange(len(pairs))) & (held >= 0) & ~joint)
    rising = other[np.lexsort((-pairs.vacancy[other], value[other], pairs.seeker[other]))]
    following[pairs.seeker[rising]] = rising  # of each seeker's the last written counts: the one of most value
    alone = np.flatnonzero(following >= 0)
    cost[alone] = np.maximum(value[taken[alone]] - value[following[alone]], 0)


def _next_together(outcome: Outcome, joint: Teams, following: Ints, cost: Ints) -> None:
    """Of those who go together the best option but the one that they have: all of them would go there."""
    value, best, options = joint.worth(outcome.assignment.price)
    option_of = joint.options.row[joint.members.row]
    chosen = np.isin(joint.pair, outcome.assignment.taken)
    have = np.zeros(len(joint), np.int64)
    np.add.at(have, joint.teams.row[option_of[chosen]], value[chosen])
    others = np.ones(len(joint.options), np.bool_)
    others[option_of[chosen]] = False
    rest = np.where(others, options, np.iinfo(np.int64).min // 4)
    most = joint.teams.most(rest)
    there = np.zeros(len(joint.options), np.bool_)
    there[joint.teams.one((rest == most[joint.teams.row]) & others)] = True
    at = joint.members.one(there[option_of] & (value == best[joint.members.row]))
    people, team = outcome.pairs.seeker[joint.pair[at]], joint.teams.row[option_of[at]]
    placed = outcome.taken[people] >= 0
    following[people[placed]] = joint.pair[at[placed]]
    cost[people[placed]] = np.maximum(have - most, 0)[team[placed]]


# A move by hand ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """What follows if somebody is put elsewhere: why it may not be, or the round found anew, what it loses, and who else moves
    (key of seeker → key of vacancy, "" for nowhere)."""

    barred: list[str]
    outcome: Outcome | None = None
    cost: int = 0
    others: dict[str, str] | None = None


def moved(outcome: Outcome, now: dict[str, str], seeker: str, vacancy: str) -> Move:
    """Puts somebody elsewhere by solving anew, everybody else staying where he is now as far as that can be. The cost is the
    difference of the sums of scores: exact, not told from prices."""
    people = {one.key: at for at, one in enumerate(outcome.market.seekers)}
    places = {one.key: at for at, one in enumerate(outcome.market.vacancies)}
    barred = why_not(outcome.market, people[seeker], places[vacancy])
    barred += ["双方已有一方谢绝过"] if (seeker, vacancy) in outcome.terms.refused else []
    if barred:
        return Move(barred)
    terms = replace(outcome.terms, settled=now, promised={**outcome.terms.promised, seeker: vacancy})
    found = match(outcome.market.seekers, outcome.market.vacancies, terms)
    if found.placed.get(seeker) != vacancy:
        return Move(["同行的人在那里没有合适的岗位"])
    changed = {who for who in {*now, *found.placed} if now.get(who) != found.placed.get(who)} - {seeker}
    return Move(
        [], found, merit(outcome, now) - found.merit, {who: found.placed.get(who, "") for who in sorted(changed)}
    )


def merit(outcome: Outcome, placed: dict[str, str]) -> int:
    """What an assignment comes to by the scores of a round; pairs that are none of its candidates count nothing."""
    people, places = outcome.market.seekers, outcome.market.vacancies
    told = zip(outcome.pairs.seeker.tolist(), outcome.pairs.vacancy.tolist(), outcome.worth.tolist(), strict=True)
    return sum(worth for s, v, worth in told if placed.get(people[s].key) == places[v].key)


# How each fared ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fared:
    """How a group of people fared: how many asked, had a candidate at all, were placed, and were placed where no candidate of
    theirs has a higher score; and the sum of the scores of those placed."""

    group: str
    asked: int
    could: int
    placed: int
    first: int
    score: int


def fairness(outcome: Outcome) -> list[Fared]:
    """For all, the formerly poor and monitored, women, and every village."""
    rank, count = ranks(outcome)
    placed = outcome.taken >= 0
    score = np.where(placed, outcome.worth[outcome.taken] if len(outcome.pairs) else 0, 0)
    groups: list[tuple[str, Callable[[Seeker], bool]]] = [
        ("全部", lambda one: True),
        ("脱贫和监测户", lambda one: one.priority),
        ("其他农户", lambda one: not one.priority),
        ("女性", lambda one: one.woman),
        ("男性", lambda one: not one.woman),
    ]
    people = outcome.market.seekers
    members = [(name, np.array([within(one) for one in people], np.bool_)) for name, within in groups]
    villages: dict[str, list[int]] = {}
    for at, one in enumerate(people):
        villages.setdefault(one.village, []).append(at)
    for name, living in sorted(villages.items()):
        mask = np.zeros(len(people), np.bool_)
        mask[living] = True
        members.append((name, mask))
    return [
        Fared(
            name,
            int(mask.sum()),
            int((mask & (count > 0)).sum()),
            int((mask & placed).sum()),
            int((mask & placed & (rank == 1)).sum()),
            int(score[mask].sum()),
        )
        for name, mask in members
    ]
