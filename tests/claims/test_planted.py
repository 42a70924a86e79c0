"""Errors planted in true texts about the sample programme are caught, and true numbers are never called wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.claims.planted import KINDS
from tests.cli.sample import Instance, environment, sample

__all__ = ["sample"]

TEXTS = 28  # docs/claims.md has the figures of 200


def test_planted_errors_are_caught_and_true_numbers_are_not_called_wrong(sample: Instance) -> None:
    command = [sys.executable, "-m", "tests.claims.planted", "--texts", str(TEXTS)]
    around = environment(LIANQIAO_DIR=str(sample.folder))
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=around, cwd=Path(__file__).parents[2]
    )
    told = json.loads(done.stdout)
    assert told["planted"] == dict.fromkeys(KINDS, TEXTS // len(KINDS))
    assert (told["missed"], told["wrong"]) == ([], [])
