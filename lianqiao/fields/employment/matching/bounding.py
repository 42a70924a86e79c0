"""Prices of the vacancies at which nobody, alone or in a team, wishes for more than there is: what bounds every assignment.

For prices p ≥ 0 no assignment can come to more than Σ headcount·p + Σ over everybody alone of his best (score − p), or nothing,
+ Σ over the teams of their best option at these prices, or nothing (Lagrange; Geoffrion 1974).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lianqiao.fields.employment.matching.market import Ints
from lianqiao.fields.employment.matching.together import Runs, Teams, starts

ROUNDS = 120
FINE = 1024  # parts of a point in which prices move
# A step is 7/10 of what leads to the sum aimed at (Polyak): the least so far less a gap, at first 2,000 in a million of it,
# that becomes smaller by 15 % every fifth round.
GAP, SMALLER, OFTEN = 2000, 85, 5


@dataclass
class Crowd:
    """Everybody alone with his pairs (sorted by seeker), the teams with theirs, and the room of each vacancy."""

    seeker: Ints
    vacancy: Ints
    score: Ints
    teams: Teams
    room: Ints
    people: Runs = field(init=False)

    def __post_init__(self) -> None:
        self.people = Runs(starts(self.seeker), len(self.seeker))

    def worth(self, price: Ints) -> tuple[Ints, Ints]:
        """What each pair of those alone comes to at the prices, and the most that each of them can have, or nothing."""
        value = self.score - price[self.vacancy]
        return value, np.maximum(self.people.most(value), 0)

    def wished(self, price: Ints) -> tuple[int, Ints]:
        """The bound told by these prices, and how many would go to each vacancy if everybody had his way at them."""
        value, most = self.worth(price)
        at = self.people.one((value == most[self.people.row]) & (value > 0))
        joint, there = self.teams.wished(price)
        wish = np.bincount(np.concatenate([self.vacancy[at], there]), minlength=len(self.room))
        return int((price * self.room).sum() + most.sum()) + joint, wish

    def near(self, price: Ints, margin: int) -> Ints:
        """Which pairs of those alone lie within a margin of the most that they can have."""
        value, most = self.worth(price)
        return np.flatnonzero(value >= most[self.people.row] - margin)

    def only(self, kept: Ints) -> Crowd:
        return Crowd(self.seeker[kept], self.vacancy[kept], self.score[kept], self.teams, self.room)


def settled_prices(crowd: Crowd, price: Ints) -> Ints:
    """From these prices to better ones: dearer where more wish to go than there is room, cheaper where fewer do."""
    best, least, gap = price, crowd.wished(price)[0], GAP
    at = price * FINE
    for number in range(1, ROUNDS + 1):
        price = at // FINE
        total, wish = crowd.wished(price)
        if total <= least:
            best, least = price, total
        over = wish - crowd.room
        over[(price == 0) & (over < 0)] = 0
        norm = int((over * over).sum())
        if not norm:
            return price
        aim = total - least + gap * least // 1_000_000
        at = np.maximum(at + over * (7 * FINE * aim // 10) // norm, 0)
        gap = gap * SMALLER // 100 if number % OFTEN == 0 else gap
    return best
