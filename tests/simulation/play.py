"""A run: so many operations with a seed, each of a random kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from lianqiao.ledger.audit import verify
from tests.simulation import asking, importing
from tests.simulation.doing import Disagreement, Run
from tests.world import World

Operation = Callable[[Run], object]
# How often each is done, beside the others.
OPERATIONS: dict[Operation, int] = {
    Run.create: 40, Run.approve: 30, Run.send_back: 10, Run.edit: 8, Run.submit: 10, Run.revise: 18, Run.withdraw: 5,
    Run.void: 8, Run.amend_target: 4, Run.answer: 10, Run.close: 1, Run.succeed: 1, importing.bring: 10, importing.undo: 8,
    asking.read: 20, asking.look_at_targets: 6, asking.look_at_rows: 12,
}  # fmt: skip


def play(seed: int, operations: int, world: World, folder: Path) -> Counter[str]:
    """Plays them and returns what was done. Raises Disagreement with the seed and the step."""
    run = Run(seed, world, folder)
    kinds, weights = [*OPERATIONS], [*OPERATIONS.values()]
    try:
        run.begin()
        while run.step < operations:
            run.random.choices(kinds, weights)[0](run)
        if problems := verify().problems:
            raise Disagreement(f"verify: {problems}")
    except Exception as error:
        raise Disagreement(f"seed {seed}, step {run.step}: {error!r}") from error
    return run.did
