"""One round of matching: of the market as it stands, with what has been settled, promised and refused before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from lianqiao.fields.employment.matching.candidates import Pairs, Weights, candidates
from lianqiao.fields.employment.matching.market import Ints, Market, Mask, Seeker, Vacancy, market
from lianqiao.fields.employment.matching.solving import Assignment, assign

PROMISED = (
    1_000_000  # what a promised pair counts for in the search beyond its score: more than any chain of moves can win
)


@dataclass(frozen=True)
class Terms:
    """How to match. All by the keys of seekers and vacancies: `settled` where somebody is and should rather stay, `promised`
    where somebody must be, `refused` the pairs that are out of the question."""

    weights: Weights = field(default_factory=Weights)
    seed: int = 0
    settled: Mapping[str, str] = field(default_factory=dict)
    promised: Mapping[str, str] = field(default_factory=dict)
    refused: Collection[tuple[str, str]] = frozenset()


@dataclass
class Outcome:
    """Who goes where, what that comes to, and what could not be exceeded. Sums are without what a promise counts for."""

    market: Market
    terms: Terms
    pairs: Pairs
    assignment: Assignment

    @cached_property
    def taken(self) -> Ints:
        """For each seeker of the market, the pair that he takes, or -1."""
        found = np.full(len(self.market.seekers), -1)
        found[self.pairs.seeker[self.assignment.taken]] = self.assignment.taken
        return found

    @cached_property
    def placed(self) -> dict[str, str]:
        """Key of seeker → key of vacancy."""
        people, places = self.market.seekers, self.market.vacancies
        seeker, vacancy = self.pairs.seeker[self.assignment.taken], self.pairs.vacancy[self.assignment.taken]
        return {people[s].key: places[v].key for s, v in zip(seeker.tolist(), vacancy.tolist(), strict=True)}

    @property
    def kept(self) -> int:
        """What the promises kept count for in the search."""
        return PROMISED * sum(self.placed.get(who) == where for who, where in self.terms.promised.items())

    @property
    def total(self) -> int:
        return self.assignment.total - self.kept

    @property
    def bound(self) -> int:
        return self.assignment.bound - self.kept

    @cached_property
    def worth(self) -> Ints:
        """The score of each pair by itself: without what staying or a promise counts for."""
        told = self.pairs.score - self.terms.weights.settled * self.pairs.parts["settled"].astype(np.int64)
        return told - PROMISED * _these(self.market, self.pairs, self.terms.promised.items())

    @property
    def merit(self) -> int:
        """The sum of the scores by themselves: what a round is compared by with one before it."""
        return int(self.worth[self.assignment.taken].sum())


def match(seekers: Collection[Seeker], vacancies: Collection[Vacancy], terms: Terms) -> Outcome:
    """The best assignment under these terms, the same whenever it is asked for. A promise whose pair is no candidate is not kept:
    ask `why_not` first."""
    found = market(seekers, vacancies, terms.seed)
    pairs = candidates(found, terms.weights, terms.settled)
    pairs = pairs.only(~_these(found, pairs, terms.refused))
    promised = _these(found, pairs, terms.promised.items())
    bound_to = np.zeros(len(found.seekers), np.bool_)
    bound_to[pairs.seeker[promised]] = True
    pairs.score[promised] += PROMISED
    pairs = pairs.only(promised | ~bound_to[pairs.seeker])
    return Outcome(found, terms, pairs, assign(found, pairs))


def _these(market: Market, pairs: Pairs, named: Collection[tuple[str, str]]) -> Mask:
    """Which of the pairs are among those named by their keys."""
    if not named:
        return np.zeros(len(pairs), np.bool_)
    people = {one.key: at for at, one in enumerate(market.seekers)}
    places = {one.key: at for at, one in enumerate(market.vacancies)}
    width = len(market.vacancies)
    wanted = [people[s] * width + places[v] for s, v in named if s in people and v in places]
    return np.isin(pairs.seeker * width + pairs.vacancy, np.array(wanted, np.int64))


def snapshot(seekers: Collection[Seeker], vacancies: Collection[Vacancy], terms: Terms) -> str:
    """SHA-256 over all that goes into a round: whoever has the same gets the same result."""
    told: dict[str, Any] = {
        "seekers": sorted(json.dumps(asdict(one), default=_plain, sort_keys=True) for one in seekers),
        "vacancies": sorted(json.dumps(asdict(one), default=_plain, sort_keys=True) for one in vacancies),
        "weights": asdict(terms.weights),
        "seed": terms.seed,
        "settled": sorted(terms.settled.items()),
        "promised": sorted(terms.promised.items()),
        "refused": sorted(terms.refused),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value.isoformat()
