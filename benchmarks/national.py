"""Figures while the nation's journal grows, and while one county's own does; beside each the bare sum over the postings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from time import perf_counter

from benchmarks.results import Results
from lianqiao.core.periods import Period

UNTIL, MID_MONTH = date(2021, 12, 31), date(2021, 10, 12)
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
COUNTY_SIZES = (100_000, 1_000_000)


def run(results: Results, most: int, most_of_county: int) -> None:
    """Grows the journal to each size up to `most` and reads at each; then one county by itself."""
    from lianqiao.demo import national

    by = national.offices()
    counties = national.tree(by)
    mine, others, growing = counties[0], counties[2:], counties[1]
    grown(results, by, [mine], 5_000, "the county's own 5,000")
    for size in [size for size in SIZES if size <= most]:
        grown(results, by, others, size, f"the nation to {size:,}")
        for node, name in ((mine.node, "county of 5,000"), (mine.node.parent.parent, "root")):  # type: ignore[union-attr]
            read(results, node.pk, f"{size:,} postings, {name}")
    for size in [size for size in COUNTY_SIZES if size <= most_of_county]:
        grown(results, by, [growing], most + size, f"one county to {size:,}")
        read(results, growing.node.pk, f"county of {size:,}")


def grown(results: Results, by: object, counties: Sequence[object], size: int, what: str) -> None:
    from lianqiao.demo import national
    from lianqiao.journal.cells import last_posting

    before, begun = last_posting(), perf_counter()
    told = before
    for held in national.grow(by, counties, size, seed=size):  # type: ignore[arg-type]
        if held - told >= (size - before) / 20:
            told = held
            print(f"  {what}: {held:,} ({(held - before) / (perf_counter() - begun):,.0f}/s)", flush=True)
    added, taken = last_posting() - before, perf_counter() - begun
    if added:
        results.add(
            f"grow {what}",
            f"{added / taken:,.0f} postings/s",
            "rows entered, sealed, passed and posted, 500 an act at most",
        )


def read(results: Results, node: int, where: str) -> None:
    from lianqiao.journal.cells import Cell, fetch
    from lianqiao.journal.figures import all_measures, figures, grid, known_at
    from lianqiao.journal.models import Transaction
    from lianqiao.places.models import Node

    at, measures = Node.objects.get(pk=node), all_measures()
    whole, until = Period.cumulative(UNTIL), Period.cumulative(MID_MONTH)
    years = {year: Cell((at,), Period.year(year)) for year in range(2017, 2022)}
    head = Transaction.objects.latest("number").number
    many = f"all {len(measures)} figures"
    results.timed(f"{where}: {many}, all time", partial(figures, measures, [at], whole))
    results.timed(f"{where}: {many}, until a mid-month day", partial(figures, measures, [at], until))
    results.timed(f"{where}: {many} of five years", partial(grid, measures, years))
    for back in (10, head // 2):
        known = known_at(head - back)
        results.timed(
            f"{where}: {many}, as known {back:,} transactions ago",
            partial(figures, measures, [at], until, known),
            readings=5,
        )
    ways = (
        {"by county": bare(at.path, UNTIL), "over all": bare("", UNTIL)}
        if not at.parent_id
        else {"": bare(at.path, UNTIL)}
    )
    for way, statement in ways.items():
        results.timed(f"{where}: bare SQL sums over the postings {way}".strip(), partial(fetch, statement), readings=3)


def bare(path: str, until: date) -> str:
    """Sums by measure, without distinct counts, entries or bare parts, by the index on measure, node and day."""
    here = f"p.node_id IN (SELECT id FROM places_node WHERE path LIKE '{path}%') AND" if path else ""
    return (
        f"SELECT p.measure_id, SUM(p.quantity) FROM journal_posting p WHERE {here}"
        f" p.measure_id IN (SELECT id FROM journal_measure) AND p.\"on\" <= '{until}' GROUP BY p.measure_id"
    )
