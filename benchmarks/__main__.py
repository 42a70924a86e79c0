"""How fast the road is walked: rows entered and approved, and the figures read after them. `make bench`.

An instance of its own in a temporary folder, on SQLite as in use (with every commit on the disk). Prints one table.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import batched
from pathlib import Path
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING

import django
from django.core.management import call_command

from lianqiao.config.keys import make_keys

if TYPE_CHECKING:
    from lianqiao.people.models import User
    from lianqiao.places.models import Node

ROWS, AT_ONCE, TOWNS = 10_000, 500, 20
FIRST, LAST = date(2017, 1, 1), date(2021, 12, 31)
READINGS = 20  # of which the middle one counts


@dataclass
class Bench:
    """Lines of the table: what was done, how long it took, how much of it in a second."""

    lines: list[tuple[str, str, str]] = field(default_factory=list)

    @contextmanager
    def timed(self, what: str, count: int, of: str) -> Iterator[None]:
        begun = perf_counter()
        yield
        seconds = perf_counter() - begun
        self.lines.append((what, f"{seconds:.2f} s", f"{count / seconds:,.0f} {of}/s"))

    def read(self, what: str, reading: Callable[[], object]) -> None:
        """The middle one of several readings."""
        taken = sorted(seconds(reading) for _ in range(READINGS))
        self.lines.append((what, f"{taken[READINGS // 2] * 1000:.1f} ms", f"{taken[-1] * 1000:.1f} ms at most"))

    def print(self) -> None:
        width = max(len(line[0]) for line in self.lines)
        for what, took, rate in self.lines:
            say(f"{what:<{width}}  {took:>10}  {rate:>22}")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def seconds(act: Callable[[], object]) -> float:
    begun = perf_counter()
    act()
    return perf_counter() - begun


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="lianqiao-bench-") as folder:
        make_keys(Path(folder))
        os.environ |= {
            "LIANQIAO_DIR": folder,
            "LIANQIAO_DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "lianqiao.config.settings",
        }
        django.setup()
        call_command("migrate", verbosity=0)
        python, machine = platform.python_version(), f"{platform.platform()}, {os.cpu_count()} cores"
        say(f"{datetime.now().astimezone():%Y-%m-%d %H:%M}, {machine}, Python {python}, SQLite")
        bench = Bench()
        root, county = fill(bench)
        read(bench, root, county)
        bench.print()


def fill(bench: Bench) -> tuple[Node, Node]:
    """Enters and approves the rows, over a county's towns."""
    from lianqiao.fields.exchange.models import Visit
    from lianqiao.journal.models import Posting
    from lianqiao.ledger import acts
    from lianqiao.people.models import Grant, User

    filler, reviewer = (User.objects.create(username=name) for name in ("filler", "reviewer"))
    for user in (filler, reviewer):
        Grant.objects.create(user=user, role=Grant.Role.ADMINISTRATOR)
    root, county, towns = tree(filler, reviewer)
    random, days = Random(2021), (LAST - FIRST).days
    rows = [
        Visit(
            node=random.choice(towns), occurred_on=FIRST + timedelta(days=random.randint(0, days)), people=random.randint(1, 30),
            direction=random.choice(["东部赴西部", "西部赴东部"]), purpose=f"示例{n}", leader="示例",
        )
        for n in range(ROWS)
    ]  # fmt: skip
    with bench.timed(f"enter {ROWS:,} visits, {AT_ONCE} at once", ROWS, "rows"):
        for some in batched(rows, AT_ONCE):
            acts.create(some, filler)
    before = Posting.objects.count()
    with bench.timed("approve them", ROWS * 4, "postings"):
        for some in batched(rows, AT_ONCE):
            acts.approve(some, reviewer)
    assert Posting.objects.count() - before == ROWS * 4
    return root, county


def tree(filler: User, reviewer: User) -> tuple[Node, Node, list[Node]]:
    """Province, prefecture, county, and its towns."""
    from lianqiao.agreements.models import Pairing
    from lianqiao.ledger import acts
    from lianqiao.places.models import Node

    def pair(level: str, above: Node | None, name: str) -> Node:
        made = acts.create([Pairing(east=f"{name}东", west=f"{name}西", level=level, since=FIRST, node=above)], filler)
        acts.approve(made, reviewer)
        return Node.objects.get(pairing=made[0])

    root = pair("省际", None, "省")
    county = pair("县际", pair("市际", root, "市"), "县")
    return root, county, [pair("镇镇", county, f"镇{n}") for n in range(TOWNS)]


def read(bench: Bench, root: Node, county: Node) -> None:
    """Reads all figures at the county and at the root, and checks the whole journal."""
    from lianqiao.core.periods import Period
    from lianqiao.journal.figures import all_measures, figures, known_at
    from lianqiao.journal.models import Posting
    from lianqiao.ledger.audit import verify

    measures, head = all_measures(), known_at().number
    asked = {
        "since the beginning": (Period.cumulative(LAST), None),
        "a year to date": (Period.between(date(2021, 1, 1), date(2021, 10, 12)), None),
        "any span of days": (Period.between(date(2018, 2, 3), date(2020, 11, 25)), None),
        "as known ten transactions ago": (Period.cumulative(LAST), known_at(head - 10)),
    }
    for node, where in ((county, "county"), (root, "root")):
        for what, (period, known) in asked.items():
            bench.read(
                f"all {len(measures)} figures, {where}, {what}", partial(figures, measures, [node], period, known)
            )
    postings = Posting.objects.count()
    with bench.timed(f"verify {postings:,} postings", postings, "postings"):
        assert verify().ok


main()
