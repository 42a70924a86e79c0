"""The assignment that is best over all, and the bound that says how good it is.

1. As if everybody went alone, the best flow and its exact prices.
2. At these prices each team takes its best option, the dearest to it first, within the headcounts; around them, the flow of
   those who go alone is solved again, and gives new prices. Teams that would now do better elsewhere move; and so on.
3. Whatever the prices p ≥ 0, no assignment can come to more than Σ headcount·p + Σ over everybody alone of his best (score − p)
   + Σ over the teams of their best option at these prices (Lagrange). The least of these sums is the bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lianqiao.fields.employment.matching.candidates import Pairs
from lianqiao.fields.employment.matching.flow import flow, prices
from lianqiao.fields.employment.matching.market import Ints, Market, Mask
from lianqiao.fields.employment.matching.together import Teams, starts, teams


@dataclass
class Assignment:
    """Which pairs are taken, what they come to, what no assignment can exceed, and the prices of that bound."""

    taken: Mask
    total: int
    bound: int
    price: Ints
