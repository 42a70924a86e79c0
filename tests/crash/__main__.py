"""python -m tests.crash [ROUNDS] [--seed N] [--postgresql]: exit status 1 where a round went wrong."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from random import Random


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.crash")
    parser.add_argument("rounds", type=int, nargs="?", default=200)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    for name in [name for name in os.environ if name.startswith("LIANQIAO_")]:
        del os.environ[name]
    if given.postgresql and "PGHOST" not in os.environ:
        from tests import pg

        os.environ["PGHOST"] = pg.start()
    say(f"seed {given.seed}")
    from tests.crash.rounds import play, staged

    with staged(postgres=given.postgresql) as stage:
        record = play(stage, given.rounds, Random(given.seed), say)
    for (act, outcome), times in sorted(record.seen.items()):
        say(f"{act:8} {outcome:7} {times:4}")
    for line in (*record.wrong, f"seed {given.seed}: {given.rounds} rounds, {len(record.wrong)} problems"):
        say(line)
    return 1 if record.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
