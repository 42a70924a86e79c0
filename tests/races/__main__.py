"""python -m tests.races [--rows N] [--writers N] [--postgresql]: how long writers wait, with and without an import.

Each writer is a process that enters a row and approves it, thinks, and begins again; beside them comes one workbook with
an approver. A measurement, not a test: it prints what it saw. SQLite syncs every commit to the disk, as in use;
PostgreSQL (tests/pg.py) does not.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date, datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lianqiao.workbooks.commit import Outcome
    from tests.world import World

Taken = tuple[float, float, bool]  # when a row was begun, when it was done, and whether it was done in vain
ALONE = 10  # seconds of writing before the import


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.races")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--writers", type=int, default=20)
    parser.add_argument(
        "--pause", type=float, default=4.0, help="seconds that a writer thinks between rows, on average"
    )
    parser.add_argument("--enter-only", action="store_true", help="the import is left for review, not passed at once")
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    os.environ["LIANQIAO_TEST_DATABASE"] = "postgresql" if given.postgresql else "sqlite"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.db import connections
    from django.test.utils import setup_databases, teardown_databases

    if not given.postgresql:
        connections.settings["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=FULL;"
    made = setup_databases(verbosity=0, interactive=False)
    try:
        measure(given.rows, given.writers, given.pause, given.enter_only)
    finally:
        teardown_databases(made, verbosity=0)
    return 0


def measure(rows: int, writers: int, pause: float, enter_only: bool) -> None:
    from django.db import connection, connections

    from tests.world import make_world

    world = make_world()
    say(
        f"{datetime.now().astimezone():%Y-%m-%d %H:%M}, {platform.platform()}, {os.cpu_count()} cores, {connection.vendor}"
    )
    say(f"{writers} writers, each thinking {pause} s between rows; load average {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="lianqiao-races-") as folder:
        path = workbook(Path(folder), rows)
        connections.close_all()  # a fork must not share one
        context = multiprocessing.get_context("fork")
        stop, pipes, processes = context.Event(), list[Connection](), []
        for number in range(writers):
            ours, theirs = context.Pipe(duplex=False)
            pipes.append(ours)
            processes.append(context.Process(target=write, args=(world, number, pause, stop, theirs)))
        for process in processes:
            process.start()
        time.sleep(ALONE)
        begun = time.monotonic()
        outcome = bring(world, path, enter_only)
        ended = time.monotonic()
        stop.set()
        taken = [one for pipe in pipes for one in pipe.recv()]
        for process in processes:
            process.join()
    tell(taken, begun, ended, outcome)


def workbook(folder: Path, rows: int) -> Path:
    from tests.cli.books import book, trip

    return book(folder / "互访.xlsx", *(trip(事由=f"示例{n}", 人数=2) for n in range(rows)))


def bring(world: World, path: Path, enter_only: bool) -> Outcome:
    from lianqiao.fields.exchange.models import Visit
    from lianqiao.workbooks.commit import bring_in

    return bring_in(Visit, path, world.jingjiang, approver=None if enter_only else world.yongshou)


def write(world: World, number: int, pause: float, stop: Event, pipe: Connection) -> None:
    """Enters and approves rows until told to stop, and then tells when each was begun and done."""
    from django.db import DatabaseError

    from lianqiao.ledger import acts
    from tests.world import visit

    random, taken = Random(number), list[Taken]()
    while not stop.wait(random.uniform(0, 2 * pause)):
        begun, failed = time.monotonic(), False
        row = visit(world.town, date(2021, 1, 1), purpose=f"{number}之{len(taken)}")
        try:
            acts.approve(acts.create([row], world.jingjiang), world.yongshou)
        except DatabaseError:
            failed = True
        taken.append((begun, time.monotonic(), failed))
    pipe.send(taken)


def tell(taken: Sequence[Taken], begun: float, ended: float, outcome: Outcome) -> None:
    from lianqiao.fields.exchange.models import Visit
    from lianqiao.ledger.audit import verify

    alone = [one for one in taken if one[1] < begun]
    beside = [one for one in taken if one[1] >= begun and one[0] <= ended]
    seconds = ended - begun
    say(f"import of {len(outcome.written)} rows: {seconds:.1f} s, {len(outcome.written) / seconds:.0f} rows/s")
    say(f"{'a row entered and approved':28} {'rows':>6} {'failed':>6} {'median':>8} {'p95':>8} {'longest':>8}")
    for what, some in (("without an import", alone), ("beside the import", beside)):
        waits, failed = sorted(end - start for start, end, _ in some), sum(in_vain for _, _, in_vain in some)
        middle, high, most = (waits[int((len(waits) - 1) * part)] for part in (0.5, 0.95, 1))
        say(f"{what:28} {len(waits):>6} {failed:>6} {middle:>6.2f} s {high:>6.2f} s {most:>6.2f} s")
    counted = len(outcome.written) + sum(not in_vain for _, _, in_vain in taken)
    standing = ("approved",) if outcome.transaction else ("approved", "submitted")
    lost = counted - Visit.objects.filter(state__in=standing).count()
    say(f"rows lost: {lost}; verify: {len(verify().problems)} problems")


if __name__ == "__main__":
    sys.exit(main())
