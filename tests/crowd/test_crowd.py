"""Twenty people at once, in short (`make crowd` is the long one): nothing lost, nothing doubled, no 500, verify clean."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.mark.data
def test_twenty_people_at_once_lose_and_double_nothing() -> None:
    command = [sys.executable, "-m", "tests.crowd", "--each", "2"]
    if os.environ.get("LIANQIAO_TEST_DATABASE") == "postgresql":
        command.append("--postgresql")
    done = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "20 people, 40 rows saved and passed" in done.stdout
