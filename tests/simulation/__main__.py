"""python -m tests.simulation [OPERATIONS] [--seed N] [--postgresql]: exit status 1 where product and model disagree.

A fresh programme is begun every few thousand operations, with the next seed, so that the model stays cheap to ask: what
is printed as `seed` is a programme's own, and plays it again.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter

PROGRAMME = 2_500
COMPARED = ("figures compared", "figures with a value", "targets compared", "rows compared")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("operations", type=int, nargs="?", default=200_000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    os.environ["LIANQIAO_TEST_DATABASE"] = "postgresql" if given.postgresql else "sqlite"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    made = setup_databases(verbosity=0, interactive=False)
    try:
        return simulate(given.operations, given.seed)
    finally:
        teardown_databases(made, verbosity=0)


def simulate(operations: int, seed: int) -> int:
    from tests.simulation.doing import Disagreement

    say(f"seed {seed}: {operations} operations, a fresh programme every {PROGRAMME}")
    did, played, begun = Counter[str](), 0, perf_counter()
    while played < operations:
        size = min(PROGRAMME, operations - played)
        try:
            did += programme(seed, size)
        except Disagreement as error:
            say(f"DISAGREEMENT after {played} operations. {error}")
            return 1
        played, seed = played + size, seed + 1
        rate = played / (perf_counter() - begun)
        counted = f"{did['refused']} refused, {did['figures compared']} figures compared"
        say(f"{played:>7} operations, {rate:.0f}/s, {counted}")
    for what, times in sorted(did.items()):
        say(f"{what:36} {times:>9}")
    say(f"{played} operations on {database()}, all agree: {perf_counter() - begun:.0f} s")
    return 0


def programme(seed: int, operations: int) -> Counter[str]:
    """Plays one programme, in a database that is empty before and after."""
    from django.core.management import call_command

    from tests.simulation.play import play
    from tests.tampering import drop_guards
    from tests.world import make_world

    with tempfile.TemporaryDirectory(prefix="lianqiao-simulation-") as folder:
        did = play(seed, operations, make_world(), Path(folder))
    drop_guards()
    call_command("flush", interactive=False, verbosity=0)  # puts the guards back
    return did


def database() -> str:
    from django.db import connection

    return str(connection.vendor)


if __name__ == "__main__":
    sys.exit(main())
