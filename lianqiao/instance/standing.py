"""What an instance says: all its figures at the top of its tree, to be held against what it says after an upgrade.

The new version's code reads them from a database that it has not migrated yet. So this asks `read` for sums, which
names the few columns that the journal has had since its first version, and no model for whole rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lianqiao.core.periods import Period
from lianqiao.journal import chain
from lianqiao.journal.cells import Cell
from lianqiao.journal.figures import Figure, Known, all_measures, as_figure, held_for
from lianqiao.journal.models import Transaction
from lianqiao.places.models import Node

LEVELS = 3
# "node's number, measure's code, 累计 or 本年" → value, part without detail, entries.
Standing = dict[str, list[int | None]]


def last_known() -> Known:
    found = Transaction.objects.order_by("-number").values_list("number", "hash").first()
    return Known(*found, None) if found else Known(0, chain.GENESIS, None)


def standing(until: date, known: Known, *, balances: bool = True) -> Standing:
    """Every measure and ratio at every node of the first three levels, cumulative and in the year up to `until`.

    balances: False reads the postings alone, which every version has kept in one way.
    """
    periods = {"累计": Period.cumulative(until), "本年": Period(date(until.year, 1, 1), until)}
    return {
        f"{node.number} {told.measure.code} {name}": [told.value, told.bare, told.entries]
        for node in top_nodes()
        for name, period in periods.items()
        for told in figures_at(node, period, known, balances)
    }


def top_nodes() -> Iterator[Node]:
    for node in Node.objects.only("pk", "number", "path").order_by("path"):
        if node.depth <= LEVELS:
            yield node


def figures_at(node: Node, period: Period, known: Known, balances: bool) -> list[Figure]:
    asked, cell = all_measures(), Cell((node,), period)
    held = held_for(asked, [cell], known, balances=balances)
    return [as_figure(measure, cell, known, held) for measure in asked]


def differences(before: Standing, after: Standing) -> list[str]:
    """The figures that are not what they were, as people read them."""
    return [
        f"{name}：原 {before.get(name)}，今 {after.get(name)}（数值、无明细、行数）"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]
