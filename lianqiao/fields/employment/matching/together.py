"""Those who go together: couples in one town, travelling groups at one employer, all of them or none.

A *team* is such a couple or group; a *site* is a town (for a couple) or a workplace (for a group); an *option* is a team at a
site where every member has a candidate. At given prices of the vacancies the best option of every team is found at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lianqiao.fields.employment.matching.candidates import Pairs
from lianqiao.fields.employment.matching.market import Ints, Market, Mask


def starts(*columns: Ints) -> Ints:
    """Where each run of equal rows begins."""
    if not len(columns[0]):
        return np.zeros(0, np.int64)
    changed = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return np.concatenate([[0], np.flatnonzero(changed) + 1])


@dataclass
class Runs:
    """Stretches that follow one another without a gap: where each begins, and the length of the whole."""

    first: Ints
    length: int
    row: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.row = np.repeat(np.arange(len(self.first)), np.diff(np.append(self.first, self.length)))

    def __len__(self) -> int:
        return len(self.first)

    def most(self, value: Ints) -> Ints:
        """The greatest value in each stretch."""
        return np.maximum.reduceat(value, self.first) if len(self) else np.zeros(0, np.int64)

    def sum(self, value: Ints) -> Ints:
        return np.add.reduceat(value, self.first) if len(self) else np.zeros(0, np.int64)

    def one(self, hits: Mask) -> Ints:
        """The first hit in each stretch that has one."""
        at = np.flatnonzero(hits)
        return at[starts(self.row[at])]

    def span(self, number: int) -> slice:
        last = int(self.first[number + 1]) if number + 1 < len(self) else self.length
        return slice(int(self.first[number]), last)


@dataclass
class Teams:
    """The pairs of all members, in the order of team, site and member: stretches of pairs for a member at a site, of members
    for an option, of options for a team. `pair` says which of all pairs each is."""

    pair: Ints
    vacancy: Ints
    score: Ints
    members: Runs
    options: Runs
    teams: Runs

    def __len__(self) -> int:
        return len(self.teams)

    def worth(self, price: Ints) -> tuple[Ints, Ints, Ints]:
        """At these prices: what each pair, each member at each site, and each option comes to."""
        value = self.score - price[self.vacancy]
        best = self.members.most(value)
        return value, best, self.options.sum(best)

    def wished(self, price: Ints) -> tuple[int, Ints]:
        """What the best options of the teams come to at these prices, none less than nothing; and the vacancies that these take."""
        value, best, options = self.worth(price)
        most = self.teams.most(options)
        chosen = np.zeros(len(self.options), np.bool_)
        chosen[self.teams.one((options == most[self.teams.row]) & (options > 0))] = True
        member = chosen[self.options.row]
        taken = self.members.one(member[self.members.row] & (value == best[self.members.row]))
        return int(np.maximum(most, 0).sum()), self.vacancy[taken]


def teams(market: Market, pairs: Pairs) -> tuple[Teams, Mask]:
    """The teams with their options, and which of all pairs belong to anybody's who does not go alone."""
    size = np.bincount(market.unit, minlength=len(market.seekers))[market.unit]
    joint = size[pairs.seeker] > 1
    at = np.flatnonzero(joint)
    seeker, vacancy = pairs.seeker[at], pairs.vacancy[at]
    site = np.where(market.by_employer[seeker], market.workplace[vacancy], market.town[vacancy])
    team = market.unit[seeker]
    order = np.lexsort((vacancy, seeker, site, team))
    order = order[_whole(team[order], site[order], seeker[order], size)]
    return _made(pairs, at[order], team[order], site[order]), joint


def _whole(team: Ints, site: Ints, seeker: Ints, size: Ints) -> Mask:
    """Leaves out what belongs to sites where not every member has a candidate."""
    members = Runs(starts(team, site, seeker), len(seeker))
    there = seeker[members.first]
    options = Runs(starts(team[members.first], site[members.first]), len(members))
    complete = options.sum(np.ones(len(members), np.int64)) == size[there[options.first]]
    return complete[options.row][members.row]


def _made(pairs: Pairs, pair: Ints, team: Ints, site: Ints) -> Teams:
    members = Runs(starts(team, site, pairs.seeker[pair]), len(pair))
    options = Runs(starts(team[members.first], site[members.first]), len(members))
    sole = Runs(starts(team[members.first][options.first]), len(options))
    return Teams(pair, pairs.vacancy[pair], pairs.score[pair], members, options, sole)
