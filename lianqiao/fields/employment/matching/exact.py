"""What is left between an assignment and its bound, closed by OR-Tools' CP-SAT: for offices' sizes, and always the same way."""

from __future__ import annotations

import numpy as np
from ortools.sat.python import cp_model

from lianqiao.fields.employment.matching.bounding import Crowd
from lianqiao.fields.employment.matching.candidates import Pairs
from lianqiao.fields.employment.matching.market import Ints

EFFORT = 1  # of the solver's own measure of work, which unlike seconds is the same on every machine


def closed(pairs: Pairs, crowd: Crowd, alone: Ints, taken: Ints, bound: int) -> tuple[int, int, Ints]:
    """The best assignment that the search finds from the given one on: its total, the bound, and its pairs."""
    model = cp_model.CpModel()
    used = np.concatenate([alone, crowd.teams.pair])
    take = [model.new_bool_var("") for _ in used]
    for at in _groups(pairs.seeker[alone]):
        model.add_at_most_one(take[n] for n in at)
    _together(model, crowd, take, len(alone))
    for at in _groups(pairs.vacancy[used]):
        model.add(sum(take[n] for n in at) <= int(crowd.room[pairs.vacancy[used[at[0]]]]))
    held = set(taken.tolist())
    for number, pair in enumerate(used.tolist()):
        model.add_hint(take[number], pair in held)
    value = sum(int(score) * one for score, one in zip(pairs.score[used], take, strict=True))
    model.add(value <= bound)
    model.maximize(value)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = 1, 0
    solver.parameters.max_deterministic_time = EFFORT
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return int(pairs.score[taken].sum()), bound, taken
    found = np.sort(used[[solver.boolean_value(one) for one in take]])
    total = int(pairs.score[found].sum())
    return total, min(bound, int(solver.best_objective_bound)), found


def _together(model: cp_model.CpModel, crowd: Crowd, take: list[cp_model.IntVar], first: int) -> None:
    """Each team has one option at most, and each of its members exactly one place there."""
    joint = crowd.teams
    option = [model.new_bool_var("") for _ in range(len(joint.options))]
    for team in range(len(joint)):
        model.add_at_most_one(option[joint.teams.span(team)])
    for member, row in enumerate(joint.options.row.tolist()):
        span = joint.members.span(member)
        model.add(sum(take[first + span.start : first + span.stop]) == option[row])


def _groups(column: Ints) -> list[list[int]]:
    """The positions of each different value."""
    found: dict[int, list[int]] = {}
    for at, value in enumerate(column.tolist()):
        found.setdefault(value, []).append(at)
    return list(found.values())
