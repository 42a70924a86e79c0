"""Ten rounds of kill -9, in a process of their own (make crash: two hundred)."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SEED = 3


@pytest.mark.data
def test_what_is_killed_has_happened_whole_or_not_at_all() -> None:
    postgres = ["--postgresql"] if os.environ.get("LIANQIAO_TEST_DATABASE") == "postgresql" else []
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash", "10", "--seed", str(SEED), *postgres],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "10 rounds, 0 problems" in done.stdout
