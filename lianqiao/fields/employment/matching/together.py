"""Those who go together: couples in one town, travelling groups at one employer, all of them or none.

A *team* is such a couple or group; a *site* is a town (for a couple) or a workplace (for a group); an *option* is a team at a
site where every member has a candidate. At given prices of the vacancies the best option of every team is found at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lianqiao.fields.employment.matching.candidates import Pairs
from lianqiao.fields.employment.matching.flow import ranges
from lianqiao.fields.employment.matching.market import Ints, Market, Mask


@dataclass
class Teams:
    """The pairs of all members in the order of team, site, member: `member_at` where each member's pairs at a site begin,
    `option_at` where each option's members begin (in member_at), `team_at` where each team's options begin (in option_at)."""

    pair: Ints
    member_at: Ints
    option_at: Ints
    team_at: Ints
    size: Ints

    def __len__(self) -> int:
        return len(self.team_at)

    def worth(self, value: Ints) -> tuple[Ints, Ints]:
        """For a value of each pair (the score less a price, say): what each option comes to, and the best of each team."""
        if not len(self):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        options = np.add.reduceat(np.maximum.reduceat(value[self.pair], self.member_at), self.option_at)
        return options, np.maximum.reduceat(options, self.team_at)

    def members(self, option: int) -> list[slice]:
        """Where the pairs of each member of an option lie in `pair`."""
        ends = np.append(self.member_at, len(self.pair))
        first = self.option_at[option]
        last = self.option_at[option + 1] if option + 1 < len(self.option_at) else len(self.member_at)
        return [slice(int(ends[at]), int(ends[at + 1])) for at in range(first, last)]


def teams(market: Market, pairs: Pairs) -> tuple[Teams, Mask]:
    """The teams with their options, and which pairs belong to members of teams (those of no option among them)."""
    count = np.bincount(market.unit, minlength=len(market.seekers))
    size = count[market.unit]
    joint = size[pairs.seeker] > 1
    at = np.flatnonzero(joint)
    seeker, vacancy = pairs.seeker[at], pairs.vacancy[at]
    site = np.where(market.by_employer[seeker], market.workplace[vacancy], market.town[vacancy])
    order = np.lexsort((vacancy, seeker, site, market.unit[seeker]))
    at, seeker, site = at[order], seeker[order], site[order]
    return _grouped(market.unit[seeker], site, seeker, at, size), joint


def _grouped(team: Ints, site: Ints, seeker: Ints, pair: Ints, size: Ints) -> Teams:
    """Leaves out the sites at which not every member has a candidate."""
    member = starts(team, site, seeker)
    option = starts(team[member], site[member])
    ends = np.append(option, len(member))
    whole = np.diff(ends) == size[seeker[member[option]]]
    members = ranges(ends[:-1][whole], ends[1:][whole])
    limits = np.append(member, len(pair))
    kept = ranges(limits[members], limits[members + 1])
    team, site, seeker, pair = team[kept], site[kept], seeker[kept], pair[kept]
    member = starts(team, site, seeker)
    option = starts(team[member], site[member])
    first = starts(team[member[option]])
    return Teams(pair, member, option, first, size[seeker[member[option[first]]]])


def starts(*columns: Ints) -> Ints:
    """Where a run of equal rows begins."""
    if not len(columns[0]):
        return np.zeros(0, np.int64)
    changed = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return np.concatenate([[0], np.flatnonzero(changed) + 1])
