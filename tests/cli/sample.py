"""The sample programme, built once a run by the command itself in a folder of its own, and read by the command."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

LIANQIAO = Path(sys.executable).with_name("lianqiao")
SEED = Path(__file__).parents[3] / "shared" / "seeds" / "000_9cd22f525c7ae7f5.txt"
COUNTY = ("--pairing", "靖江-永寿")


def environment(**more: str) -> dict[str, str]:
    """What a user's shell has: nothing of the test run's own settings."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("LIANQIAO_", "DJANGO_"))}
    return {**ours, **more}


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Instance:
    """An instance in a folder, used as people use it: by commands."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "lianqiao.sqlite3"

    def run(self, *arguments: str | Path) -> Done:
        return run(*arguments, "--dir", self.folder)

    def json(self, *arguments: str | Path) -> Any:
        """What a command prints with --json, where it ends well."""
        done = self.run(*arguments, "--json")
        assert done.status == 0, done
        return done.json

    def copy(self, folder: Path) -> Instance:
        """Another instance with the same keys and data, to be spoiled."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("workbooks"))
        return Instance(folder)


def run(*arguments: str | Path, cwd: Path | None = None) -> Done:
    """Runs `lianqiao` in a process of its own."""
    told = [str(LIANQIAO), *map(str, arguments)]
    done = subprocess.run(told, capture_output=True, text=True, cwd=cwd, env=environment(), check=False, timeout=300)
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Instance:
    """The sample as `lianqiao demo --no-serve` makes it. Never changed: tests that change something take a copy.

    The workers of one run share it: the first to come builds it.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    folder, told = shared / "sample", shared / "sample.txt"
    with (shared / "sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            done = run("demo", "--no-serve", "--dir", folder)
            assert done.status == 0, done
            told.write_text(done.out, encoding="utf-8")
    return Instance(folder)
