"""python -m tests.crowd [--each N] [--postgresql]: exit status 1 where something was lost, doubled or broken."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.crowd", description=__doc__)
    parser.add_argument("--each", type=int, default=50, help="rows of each person")
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    for name in [name for name in os.environ if name.startswith("LIANQIAO_")]:
        del os.environ[name]
    from benchmarks import place
    from tests.crowd.site import served

    with place.instance(given.postgresql) as folder:
        from tests.crowd.play import Crowd, make_people, play, problems

        node = make_people()
        with served(folder) as port:
            crowd, begun = Crowd(port, given.each, node), time.perf_counter()
            play(crowd)
            taken = time.perf_counter() - begun
        found = problems(crowd)
    answers = sorted(seconds for at in crowd.visitors.values() for seconds in at.taken)
    statuses = Counter(status for at in crowd.visitors.values() for status in at.statuses)
    lines = [
        *found,
        f"{'PostgreSQL' if given.postgresql else 'SQLite'}: {len(crowd.visitors)} people, {len(crowd.kept)} rows saved and "
        f"passed, {len(answers)} requests in {taken:.1f} s ({len(answers) / taken:.0f}/s), p95 "
        f"{answers[int(len(answers) * 0.95)] * 1000:.0f} ms, longest {answers[-1]:.1f} s; answers {dict(sorted(statuses.items()))}; "
        f"{len(found)} problems",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
