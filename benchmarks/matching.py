"""Matching: candidates, solving, explaining and matching again, beside the bare flow, greedy and scipy on the same pairs."""

from __future__ import annotations

import random
import resource
from collections.abc import Callable
from time import process_time

import numpy as np

from benchmarks.results import Results
from lianqiao.fields.employment.matching.candidates import Pairs, Weights, candidates
from lianqiao.fields.employment.matching.explaining import fairness, reasons
from lianqiao.fields.employment.matching.flow import flow
from lianqiao.fields.employment.matching.market import Market, market
from lianqiao.fields.employment.matching.rounds import Outcome, Terms, match
from lianqiao.fields.employment.matching.solving import assign
from tests.exchanges.labour_market import made

SEEKERS = 100_000
SMALLER = 10_000  # at most so many seekers for what would take minutes
BARE = 3  # readings of the bare flow, of which the middle one counts


def run(kept: Results, seekers: int = SEEKERS) -> None:
    """Measures a market of so many seekers and a tenth as many vacancies. Seconds are of this process: what else the machine
    does is left out. Memory is what the process had at most."""
    asked, offered = made(seekers, seekers // 10)
    held, reading = taken(lambda: market(asked, offered))
    pairs, choosing = taken(lambda: candidates(held, Weights()))
    kept.add(
        "Seekers × vacancies",
        f"{seekers:,} × {seekers // 10:,}",
        f"{held.headcount.sum():,} places; 5 % couples, 2 % groups",
    )
    kept.add("Candidates, with the columns read", told(reading + choosing), f"{len(pairs):,} pairs; {memory()}")
    bare, total = alone(kept, held, pairs)
    found, solving = taken(lambda: assign(held, pairs))
    share = f"{100 * found.total / found.bound:.3f} % of the bound"
    kept.add(
        "Solving, with couples and groups", told(solving), f"{share}; {solving / bare:.2f} × the bare flow; {memory()}"
    )
    outcome = Outcome(held, Terms(), pairs, found)
    explaining(kept, outcome)
    again(kept, outcome)
    greedy(kept, held, pairs, total)
    if seekers <= SMALLER:
        scipy_solvers(kept, held, pairs, total)


def alone(kept: Results, held: Market, pairs: Pairs) -> tuple[float, int]:
    """OR-Tools' bare flow on the same pairs, as if everybody went alone: seconds and total."""
    readings = []
    for _ in range(BARE):
        found, seconds = taken(lambda: flow(pairs.seeker, pairs.vacancy, pairs.score, held.headcount))
        readings.append(seconds)
    total = int(pairs.score[found].sum())
    bare = sorted(readings)[BARE // 2]
    kept.add("OR-Tools' bare flow, everybody alone", told(bare), f"the middle of {BARE}; total {total:,}; {memory()}")
    return bare, total


def explaining(kept: Results, outcome: Outcome) -> None:
    told_of, seconds = taken(lambda: list(reasons(outcome)))
    groups, more = taken(lambda: fairness(outcome))
    kept.add(
        "Explaining every proposal", told(seconds), f"{len(told_of):,} proposals with parts, rank, next best and cost"
    )
    kept.add("Fairness", told(more), f"{len(groups)} groups")


def again(kept: Results, outcome: Outcome) -> None:
    """1 % of the proposals declined, and matching with what is left."""
    placed = sorted(outcome.placed.items())
    declined = set(random.Random(3).sample(placed, len(placed) // 100))
    settled = dict(pair for pair in placed if pair not in declined)
    terms = Terms(settled=settled, refused=declined)
    after, seconds = taken(lambda: match(outcome.market.seekers, outcome.market.vacancies, terms))
    moves = sum(after.placed.get(who) != where for who, where in settled.items())
    share = f"{100 * moves / len(settled):.2f} % of the settled move; aim 3 %"
    kept.add("Matching again after 1 % declined", told(seconds), f"all of it, candidates too; {share}")


def greedy(kept: Results, held: Market, pairs: Pairs, best: int) -> None:
    """Pair after pair, the highest score first, everybody alone."""

    def going() -> int:
        room, free, total = held.headcount.tolist(), [True] * len(held.seekers), 0
        order = np.argsort(-pairs.score, kind="stable")
        rows = zip(
            pairs.seeker[order].tolist(), pairs.vacancy[order].tolist(), pairs.score[order].tolist(), strict=True
        )
        for seeker, vacancy, score in rows:
            if free[seeker] and room[vacancy]:
                free[seeker] = False
                room[vacancy] -= 1
                total += score
        return total

    total, seconds = taken(going)
    kept.add("Greedy, everybody alone", told(seconds), f"{100 * total / best:.2f} % of the bare flow's total")


def scipy_solvers(kept: Results, held: Market, pairs: Pairs, best: int) -> None:
    """scipy on the same pairs, everybody alone: every place a column of its own for the matching, HiGHS for the programme."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    people, rows = np.unique(pairs.seeker, return_inverse=True)
    count, places = len(people), len(held.vacancies)

    def by_matching() -> int:
        first = np.concatenate([[0], np.cumsum(held.headcount)])
        copies = held.headcount[pairs.vacancy]
        row, score = np.repeat(rows, copies), np.repeat(pairs.score, copies)
        start = np.repeat(first[pairs.vacancy] - (np.cumsum(copies) - copies), copies)
        column = start + np.arange(copies.sum())
        idle = np.arange(count)
        top = int(pairs.score.max()) + 1
        cost = np.concatenate([top - score, np.full(count, top)])
        ends = np.concatenate([row, idle]), np.concatenate([column, first[-1] + idle])
        table = csr_array((cost.astype(float), ends), shape=(count, int(first[-1]) + count))
        chosen = min_weight_full_bipartite_matching(table)
        return count * top - int(table[chosen].sum())

    def by_programme() -> int:
        each = np.arange(len(pairs))
        ends = np.concatenate([rows, count + pairs.vacancy]), np.concatenate([each, each])
        table = csr_array((np.ones(2 * len(pairs)), ends), shape=(count + places, len(pairs)))
        limits = np.concatenate([np.ones(count), held.headcount])
        return round(-linprog(-pairs.score, A_ub=table, b_ub=limits, bounds=(0, 1), method="highs").fun)

    for name, solver in (("scipy's bipartite matching", by_matching), ("scipy's HiGHS", by_programme)):
        total, seconds = taken(solver)
        kept.add(f"{name}, everybody alone", told(seconds), f"{100 * total / best:.2f} % of the bare flow's total")


def taken[T](act: Callable[[], T]) -> tuple[T, float]:
    begun = process_time()
    return act(), process_time() - begun


def told(seconds: float) -> str:
    return f"{seconds:.2f} s"


def memory() -> str:
    return f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB so far"
