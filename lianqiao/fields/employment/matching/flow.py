"""Everybody for himself: the best assignment of single seekers by OR-Tools' minimum-cost flow, and the prices that prove it."""

from __future__ import annotations

import numpy as np
from ortools.graph.python import min_cost_flow

from lianqiao.fields.employment.matching.market import Ints, Mask


def flow(seeker: Ints, vacancy: Ints, score: Ints, room: Ints) -> Mask:
    """Which of the pairs are taken so that the sum of scores is greatest, each seeker once at most, each vacancy up to its room.
    Pairs must be sorted by seeker."""
    if not len(seeker):
        return np.zeros(0, np.bool_)
    people, row = np.unique(seeker, return_inverse=True)
    count, places = len(people), len(room)
    sink = count + places
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(row, count + vacancy, np.ones_like(row), -score)
    arcs = np.arange(sink)
    free = np.concatenate([np.ones(count, np.int64), room])
    solver.add_arcs_with_capacity_and_unit_cost(arcs, np.full(sink, sink), free, np.zeros(sink, np.int64))
    supply = np.zeros(sink + 1, np.int64)
    supply[:count], supply[sink] = 1, -count
    solver.set_nodes_supplies(np.arange(sink + 1), supply)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise ArithmeticError(f"the flow has no best solution: {status}")
    taken: Mask = solver.flows(np.arange(len(seeker))) > 0
    return taken


def prices(seeker: Ints, vacancy: Ints, score: Ints, places: int, taken: Mask) -> Ints:
    """What one more place at each vacancy would be worth to whoever could use it best, where `taken` is a best flow: the least
    prices at which everybody is content with what he has. Exact whole numbers, found along the chains of moves: a place is
    worth what somebody would gain by it beyond what he has, and what he has is his score less the price of his place."""
    if not len(seeker):
        return np.zeros(places, np.int64)
    people = int(seeker.max()) + 1
    first = np.searchsorted(seeker, np.arange(people + 1))
    held, at = np.zeros(people, np.int64), np.full(people, -1)
    held[seeker[taken]], at[seeker[taken]] = score[taken], vacancy[taken]
    staff = np.flatnonzero(at >= 0)
    staff = staff[np.argsort(at[staff], kind="stable")]
    opens = np.searchsorted(at[staff], np.arange(places + 1))
    price, arcs = np.zeros(places, np.int64), np.arange(len(seeker))
    while len(arcs):
        before = price.copy()
        paid = np.where(at >= 0, price[at], 0)
        np.maximum.at(price, vacancy[arcs], (score[arcs] - (held - paid)[seeker[arcs]]))
        raised = np.flatnonzero(price > before)
        moved = staff[ranges(opens[raised], opens[raised + 1])]
        arcs = ranges(first[moved], first[moved + 1])
    return price


def ranges(starts: Ints, ends: Ints) -> Ints:
    """All whole numbers of several stretches, one after another."""
    lengths = ends - starts
    return np.arange(lengths.sum()) + np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)
