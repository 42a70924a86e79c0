"""What was gained at nodes, by day, month and year: how postings move the balances of a leaf and of each node above it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache

from lianqiao.journal.models import Balance

Day = tuple[int, date]  # measure, day
Days = dict[Day, list[int]]  # quantity, in_year, bare, entries
Gains = dict[int, Days]  # by node
Row = tuple[
    int, int, int, date, int, int, int, int
]  # node, grain, measure, first day, quantity, in_year, bare, entries

KEYS = ("node", "grain", "measure", "start")
SUMS = ("quantity", "in_year", "bare", "entries")


def no_days() -> Days:
    return defaultdict(lambda: [0, 0, 0, 0])


def no_gains() -> Gains:
    return defaultdict(no_days)


def add(days: Days, gained: Iterable[tuple[Day, Sequence[int]]]) -> None:
    """Adds amounts to those of their days."""
    for day, (quantity, in_year, bare, entries) in gained:
        row = days[day]
        row[0] += quantity
        row[1] += in_year
        row[2] += bare
        row[3] += entries


def rows(at_leaves: Gains, in_sight: Gains, lineages: Iterable[tuple[int, ...]]) -> Iterator[Row]:
    """What balances gain, node by node, each node's in the order of the keys; uses the given gains up.

    at_leaves: what also each node above gains. in_sight: what only the node itself gains (distinct counts are told of
    each node by itself). lineages: of all nodes at which anything was gained.
    """
    paths = {path[:depth] for path in lineages for depth in range(1, len(path) + 1)}
    for *above, node in sorted(paths, key=lambda path: (-len(path), path)):
        days = at_leaves.pop(node, None) or no_days()
        if above:
            add(at_leaves[above[-1]], days.items())
        add(days, in_sight.pop(node, {}).items())
        yield from by_grain(node, days)


def by_grain(node: int, days: Mapping[Day, Sequence[int]]) -> Iterator[Row]:
    """The gains of a node by day, and the same by month and by year."""
    months, years = no_days(), no_days()
    for grain, held, wider, first in (
        (Balance.DAY, days, months, first_of_month),
        (Balance.MONTH, months, years, first_of_year),
        (Balance.YEAR, years, no_days(), first_of_year),
    ):
        for measure, start in sorted(held):
            quantity, in_year, bare, entries = held[measure, start]
            yield node, grain, measure, start, quantity, in_year, bare, entries
            row = wider[measure, first(start)]
            row[0] += quantity
            row[1] += in_year
            row[2] += bare
            row[3] += entries


@lru_cache(maxsize=100_000)
def first_of_month(day: date) -> date:
    return day.replace(day=1)


@lru_cache(maxsize=100_000)
def first_of_year(day: date) -> date:
    return day.replace(month=1, day=1)
