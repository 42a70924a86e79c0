"""Two thousand operations (make simulate: two hundred thousand)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.play import play
from tests.world import World

pytestmark = pytest.mark.data
OPERATIONS = 1000


@pytest.mark.parametrize("seed", [1, 2])
def test_the_product_and_a_naive_model_agree(world: World, tmp_path: Path, seed: int) -> None:
    print(f"seed {seed}")  # noqa: T201 - shown where it fails
    did = play(seed, OPERATIONS, world, tmp_path)
    assert did["figures with a value"] > OPERATIONS
