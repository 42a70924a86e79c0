"""What balances gain from leaves upwards, held against adding each gain up by itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lianqiao.journal import balances

LINEAGES = [(1,), (1, 2), (1, 2, 4), (1, 2, 5), (1, 3)]
NODES = st.sampled_from([path[-1] for path in LINEAGES])
DAYS = st.dates(date(2019, 12, 30), date(2020, 2, 2))
GAINS = st.lists(st.tuples(NODES, st.integers(1, 2), DAYS, st.integers(-3, 3)), max_size=12)


def by_node(gains: list[tuple[int, int, date, int]]) -> balances.Gains:
    made = balances.no_gains()
    for node, measure, on, quantity in gains:
        balances.add(made[node], [((measure, on), (quantity, 0, 0, 1))])
    return made


@given(GAINS, GAINS)
def test_each_node_gains_what_is_below_it_and_what_is_in_sight_there(
    leaves: list[tuple[int, int, date, int]], sight: list[tuple[int, int, date, int]]
) -> None:
    naive: dict[tuple[int, int, int, date], Counter[str]] = defaultdict(Counter)
    above = {path[-1]: path for path in LINEAGES}
    felt = [(at, measure, on, quantity) for node, measure, on, quantity in leaves for at in above[node]]
    for node, measure, on, quantity in [*felt, *sight]:
        for grain, start in enumerate((on, on.replace(day=1), on.replace(month=1, day=1))):
            naive[node, grain, measure, start].update(quantity=quantity, entries=1)
    lineages = [path for path in LINEAGES if path[-1] in {node for node, *_ in [*leaves, *sight]}]
    rows = list(balances.rows(by_node(leaves), by_node(sight), lineages))
    assert {row[:4]: (row[4], row[7]) for row in rows} == {
        key: (sums["quantity"], sums["entries"]) for key, sums in naive.items()
    }
    assert len(rows) == len({row[:4] for row in rows})  # no key twice: one upsert takes them


def test_a_nodes_rows_come_in_the_order_of_the_keys() -> None:
    days = by_node([(1, 2, date(2020, 1, 2), 1), (1, 1, date(2020, 2, 1), 1), (1, 1, date(2020, 1, 3), 1)])[1]
    keys = [row[:4] for row in balances.by_grain(1, days)]
    assert keys == sorted(keys)
