"""Many figures at once are the figures that are read one by one."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from lianqiao.agreements.models import OpeningBalance
from lianqiao.core.periods import Period
from lianqiao.journal import cells
from lianqiao.journal.cells import Cell
from lianqiao.journal.figures import Known, all_measures, figures, grid, known_at
from lianqiao.ledger import acts
from tests.world import World, approved, revised, stay, visit

YEAR = Period.between(date(2021, 1, 1), date(2021, 10, 12))
PERIODS = [
    Period.cumulative(date(2021, 10, 12)),
    Period.cumulative(date(2019, 2, 28)),
    YEAR,
    Period.year(2020),
    Period.between(date(2020, 3, 5), date(2021, 2, 7)),
    Period.month(2021, 3),
]


@pytest.fixture
def history(world: World) -> list[Known]:
    """Visits and stays of three years, some of people who come twice, with corrections; the moments between."""
    chance = random.Random(7)
    days = [date(2019, 1, 1) + timedelta(days=chance.randrange(1015)) for _ in range(40)]
    nodes = [world.county, world.town, world.other_town]
    visits = approved(
        world,
        *(visit(chance.choice(nodes), on, chance.randrange(1, 30), purpose=f"示例{n}") for n, on in enumerate(days)),
    )
    people = [f"9900001980010100{n:02}" for n in range(12)]
    categories = ["教育", "医疗卫生", "党政干部"]
    approved(
        world,
        *(stay(chance.choice(nodes), on, chance.choice(people), category=chance.choice(categories)) for on in days),
    )
    approved(
        world,
        OpeningBalance(node=world.county, measure="talent.total", until=date(2018, 12, 31), value=9, source="示例"),
    )
    then = known_at()
    revised(world, visits[0], people=90, occurred_on=date(2021, 3, 9))
    acts.void(visits[1], world.yongshou, "重复")
    return [then, known_at()]


def same_as_figures(places: list[tuple[object, ...]], known: Known) -> None:
    asked = {(at, period): Cell(nodes, period) for at, nodes in enumerate(places) for period in PERIODS}  # type: ignore[arg-type]
    held = grid(all_measures(), asked, known)
    for (at, period), cell in asked.items():
        one_by_one = {f.measure.code: f.value for f in figures(all_measures(), cell.nodes, period, known)}
        assert {code: held[code, (at, period)] for code in one_by_one} == one_by_one, (at, period)


@pytest.mark.parametrize("moment", [0, 1])
def test_a_grid_holds_the_same_values_as_figures_do(world: World, history: list[Known], moment: int) -> None:
    same_as_figures([(world.county,), (world.town,), (world.province,), (world.elsewhere,)], history[moment])


@pytest.mark.parametrize("moment", [0, 1])
def test_several_nodes_are_a_union(world: World, history: list[Known], moment: int) -> None:
    same_as_figures([(world.town, world.other_town)], history[moment])


def test_both_ways_to_a_past_moment_lead_to_the_same_figures(
    world: World, history: list[Known], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stood then, and today's less what came later (cells.then)."""
    seen = []
    for worth in (0, 10**9):
        monkeypatch.setattr(cells, "WORTH", worth)
        for nodes in ((world.county,), (world.town, world.other_town), (world.elsewhere,)):
            for period in PERIODS:
                for known in (history[0], known_at(history[0].number - 1), known_at(0)):
                    found = figures(all_measures(), nodes, period, known)
                    seen.append([(f.measure.code, f.value, f.bare, f.entries) for f in found])
    half = len(seen) // 2
    assert seen[:half] == seen[half:]


def test_a_grid_costs_the_same_however_many_rows_there_are(
    world: World, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    asked = {period: Cell((world.county,), period) for period in PERIODS}
    for rows in (2, 60):
        approved(world, *(visit(world.county, date(2021, 1, 1), purpose=f"示例{n}") for n in range(rows)))
        with django_assert_max_num_queries(6):  # type: ignore[operator]
            grid(all_measures(), asked)
