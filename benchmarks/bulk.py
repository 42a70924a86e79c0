"""The bulk path: rows entered and passed in large sets, and the posting of them alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from random import Random
from time import perf_counter
from typing import Any

from benchmarks.results import Results, seconds

ROWS = 20_000


def run(results: Results) -> None:
    from lianqiao.demo import national
    from lianqiao.journal.cells import last_posting
    from lianqiao.ledger import acts
    from lianqiao.ledger.audit import verify

    by = national.offices()
    (county, *_) = national.tree(by, 10)
    random = Random(1)
    for make, name in ((national.visit, "visits (sums)"), (national.job, "jobs (distinct people)")):
        rows = [make(national.Chance(random, county, n)) for n in range(ROWS)]
        for row in rows:
            row.node = random.choice(county.leaves)
        entering = seconds(partial(acts.create, rows, by.filler))
        results.add(f"enter {ROWS:,} {name}", f"{ROWS / entering:,.0f} rows/s", "checked, numbered, sealed, written")
        before = last_posting()
        with posting_alone() as taken:
            passing = seconds(partial(acts.approve, rows, by.reviewer))
        posted = last_posting() - before
        results.add(
            f"pass them in one act: {posted:,} postings", f"{posted / passing:,.0f} postings/s", "read again, checked"
        )
        results.add(
            "of which the journal's part",
            f"{posted / taken[0]:,.0f} postings/s",
            "postings, hashes, balances, presences",
        )
    postings = last_posting()
    results.add(f"verify {postings:,} postings", f"{seconds(lambda: assert_clean(verify())):.1f} s")


@contextmanager
def posting_alone() -> Iterator[list[float]]:
    """Takes the time that `book.sync` takes."""
    from lianqiao.ledger import acts

    real, taken = acts.sync, [0.0]

    def timed(*args: Any, **more: Any) -> Any:
        begun = perf_counter()
        try:
            return real(*args, **more)
        finally:
            taken[0] += perf_counter() - begun

    acts.sync = timed
    try:
        yield taken
    finally:
        acts.sync = real


def assert_clean(report: Any) -> None:
    assert report.ok, report.problems[:3]
