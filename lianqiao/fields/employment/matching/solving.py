"""The assignment that is best over all, and the bound that says how good it is.

1. As if everybody went alone: the best flow, and its exact prices.
2. From these to prices at which teams, too, are content (bounding.py); each team takes its best option at them, those to whom
   it is dearest first, within the headcounts.
3. Around the teams, the best flow of everybody who goes alone, over the pairs that come near his best at the prices.
4. Where the whole is small enough, what is left between this and the bound is closed by a search (exact.py).

Without teams the first step is the answer, and its bound is itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lianqiao.fields.employment.matching.bounding import Crowd, settled_prices
from lianqiao.fields.employment.matching.candidates import Pairs
from lianqiao.fields.employment.matching.exact import closed
from lianqiao.fields.employment.matching.flow import flow, prices
from lianqiao.fields.employment.matching.market import Ints, Market
from lianqiao.fields.employment.matching.together import Teams, teams

MARGIN = 200  # of points: a twelfth of the highest score
TRIES = 8  # options of a team that are tried before it is left out
SMALL = 20_000  # pairs, up to which the search closes the gap


@dataclass
class Assignment:
    """The pairs taken (by their number, rising), what they come to, what no assignment can exceed, and the prices.
    `told` is the bound that these prices alone tell: the search may have found a lower one."""

    taken: Ints
    total: int
    bound: int
    price: Ints
    told: int


def assign(market: Market, pairs: Pairs) -> Assignment:
    """The best assignment found. `total` == `bound` means that none is better."""
    joint_of, joint = teams(market, pairs)
    alone = np.flatnonzero(~joint)
    crowd = Crowd(pairs.seeker[alone], pairs.vacancy[alone], pairs.score[alone], joint_of, market.headcount)
    usable = np.union1d(alone, joint_of.pair)
    price, taken = _everybody_alone(pairs, usable, market.headcount)
    if not len(joint_of):
        best = int(pairs.score[taken].sum())
        return Assignment(taken, best, best, price, best)
    return _with_teams(market, pairs, crowd, alone, price)


def _everybody_alone(pairs: Pairs, usable: Ints, room: Ints) -> tuple[Ints, Ints]:
    seeker, vacancy, score = pairs.seeker[usable], pairs.vacancy[usable], pairs.score[usable]
    taken = flow(seeker, vacancy, score, room)
    return prices(seeker, vacancy, score, len(room), taken), usable[taken]


def _with_teams(market: Market, pairs: Pairs, crowd: Crowd, alone: Ints, price: Ints) -> Assignment:
    near = crowd.only(crowd.near(price, MARGIN))
    told = [price, settled_prices(near, price)]
    chosen, room = choose(crowd.teams, pairs, told[-1], market.headcount)
    kept = crowd.near(told[-1], MARGIN)
    near = crowd.only(kept)
    taken = flow(near.seeker, near.vacancy, near.score, room)
    told.append(prices(near.seeker, near.vacancy, near.score, len(room), taken))
    both = np.sort(np.concatenate([chosen, alone[kept[taken]]]))
    bounds = [crowd.wished(one)[0] for one in told]
    least = int(np.argmin(bounds))
    found = Assignment(both, int(pairs.score[both].sum()), bounds[least], told[least], bounds[least])
    if found.total == found.bound or len(pairs) > SMALL:
        return found
    total, bound, taken_now = closed(pairs, crowd, alone, found.taken, found.bound)
    return Assignment(taken_now, total, bound, found.price, found.told)


def choose(joint: Teams, pairs: Pairs, price: Ints, room: Ints) -> tuple[Ints, Ints]:
    """The pairs that the teams take at these prices, one team after another, and the room that is left."""
    value, _, options = joint.worth(price)
    room, taken = room.copy(), []
    order = np.argsort(-joint.teams.most(options), kind="stable")
    for team in order.tolist():
        span = joint.teams.span(team)
        there = np.arange(span.start, span.stop)[options[span] > 0]
        for option in there[np.argsort(-options[there], kind="stable")][:TRIES].tolist():
            found = _seated(joint, option, value, room)
            if found:
                taken += found
                break
    return joint.pair[np.array(taken, np.int64)], room


def _seated(joint: Teams, option: int, value: Ints, room: Ints) -> list[int]:
    """Takes a place for each member of the option, each his best of what is left; gives all back if one finds none."""
    found: list[int] = []
    members = joint.options.span(option)
    for member in range(members.start, members.stop):
        span = joint.members.span(member)
        left = np.flatnonzero(room[joint.vacancy[span]] > 0)
        if not len(left):
            np.add.at(room, joint.vacancy[np.array(found, np.int64)], 1)
            return []
        best = span.start + int(left[np.argmax(value[span][left])])
        room[joint.vacancy[best]] -= 1
        found.append(best)
    return found
