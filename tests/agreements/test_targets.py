"""Targets: the one in force on a day, as then known, against the year's figures. Never capped."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqiao.agreements.models import Agreement, Target
from lianqiao.agreements.targets import Attainment, Promise, Shortfall, attainments, in_force, pace, shortfalls, tally
from lianqiao.core.periods import Period
from lianqiao.fields.projects.models import Project
from lianqiao.journal.figures import Figure, Known, known_at
from lianqiao.journal.measures import MEASURES
from lianqiao.ledger import acts
from lianqiao.places.models import Node
from tests.rows import entered
from tests.world import World, code, fresh, visit

pytestmark = pytest.mark.data
MIDSUMMER, YEAR_END = date(2021, 7, 1), date(2021, 12, 31)


@pytest.fixture
def agreement(world: World) -> Agreement:
    row = entered(world, "agreements")
    assert isinstance(row, Agreement)
    return row


def promised(world: World, agreement: Agreement, quantity: int, **more: Any) -> Target:
    """An approved target; of the county for 2021 unless told otherwise."""
    told = {"node": world.county, "measure": "visits.batches", "year": 2021} | more
    (row,) = acts.create([Target(agreement=agreement, quantity=quantity, **told)], world.admin)
    acts.approve([row], world.other_admin)
    return fresh(row)


def visited(world: World, node: Node, *days: date) -> None:
    acts.approve(acts.create([visit(node, day) for day in days], world.admin), world.other_admin)


def quantities(node: Node, on: date, known: Known | None = None, year: int = 2021) -> list[int]:
    return [p.quantity for p in in_force([node], year, on, known or known_at())]


# In force -------------------------------------------------------------------------------------------------------------


def test_a_target_is_in_force_for_its_year_at_its_node(world: World, agreement: Agreement) -> None:
    promised(world, agreement, 20)
    assert quantities(world.county, YEAR_END) == [20]
    assert quantities(world.county, YEAR_END, year=2020) == []
    assert quantities(world.town, YEAR_END) == quantities(world.prefecture, YEAR_END) == []


def test_a_target_that_waits_for_review_is_not_in_force(world: World, agreement: Agreement) -> None:
    acts.create(
        [Target(node=world.county, agreement=agreement, measure="visits.batches", quantity=20, year=2021)], world.admin
    )
    assert quantities(world.county, YEAR_END) == []


def test_an_amendment_is_in_force_from_its_day_on(world: World, agreement: Agreement) -> None:
    promised(world, agreement, 20)
    promised(world, agreement, 30, since=MIDSUMMER, amends="补充协议")
    assert quantities(world.county, date(2021, 6, 30)) == [20]
    assert quantities(world.county, MIDSUMMER) == [30]


def test_the_latest_of_two_amendments_is_in_force_however_they_were_entered(world: World, agreement: Agreement) -> None:
    promised(world, agreement, 40, since=date(2021, 9, 1), amends="再补充")
    promised(world, agreement, 20)
    promised(world, agreement, 30, since=MIDSUMMER, amends="补充协议")
    assert [quantities(world.county, day)[0] for day in (date(2021, 1, 1), date(2021, 8, 31), date(2021, 9, 1))] == [
        20,
        30,
        40,
    ]


def test_before_the_amendment_was_known_the_first_target_is_in_force(world: World, agreement: Agreement) -> None:
    promised(world, agreement, 20)
    before = known_at()
    promised(world, agreement, 30, since=MIDSUMMER, amends="补充协议")
    assert quantities(world.county, YEAR_END, before) == [20]


def test_a_corrected_target_is_known_as_it_was(world: World, agreement: Agreement) -> None:
    row = promised(world, agreement, 20)
    before = known_at()
    acts.approve([acts.revise(row, {"quantity": 25}, world.admin, "录入有误")], world.other_admin)
    assert quantities(world.county, YEAR_END, before) == [20]
    assert quantities(world.county, YEAR_END) == [25]


def test_a_voided_target_is_in_force_no_more(world: World, agreement: Agreement) -> None:
    row = promised(world, agreement, 20)
    before = known_at()
    acts.void(row, world.other_admin, "重复")
    assert quantities(world.county, YEAR_END) == []
    assert quantities(world.county, YEAR_END, before) == [20]


def test_the_targets_of_two_agreements_are_both_in_force(world: World, agreement: Agreement) -> None:
    other = Agreement(
        node=world.county,
        title="年度协议",
        kind="年度协议",
        signed_on=agreement.signed_on,
        start=agreement.start,
        end=agreement.end,
    )
    acts.approve(acts.create([other], world.admin), world.other_admin)
    promised(world, agreement, 20)
    promised(world, other, 7)
    found = in_force([world.county], 2021, YEAR_END, known_at())
    assert {(p.agreement, p.quantity) for p in found} == {("示例框架协议", 20), ("年度协议", 7)}


def test_a_money_target_is_in_yuan_and_held_in_fen(world: World, agreement: Agreement) -> None:
    promised(world, agreement, 1_000_000, measure="funds.total")
    assert quantities(world.county, YEAR_END) == [100_000_000]


def test_a_measure_may_be_called_by_its_name(world: World, agreement: Agreement) -> None:
    assert promised(world, agreement, 20, measure="互访批次").measure == "visits.batches"


def test_a_target_of_an_unknown_measure_is_refused(world: World, agreement: Agreement) -> None:
    with pytest.raises(acts.Refused, match="没有“互访次数”"):
        promised(world, agreement, 20, measure="互访次数")


def test_an_amendment_must_say_from_when(world: World, agreement: Agreement) -> None:
    with pytest.raises(acts.Refused, match="生效日期"):
        promised(world, agreement, 30, amends="补充协议")


# Attainment -----------------------------------------------------------------------------------------------------------


def test_attainment_is_the_years_figure_against_the_target(world: World, agreement: Agreement) -> None:
    promised(world, agreement, 4)
    visited(world, world.county, date(2020, 12, 31), date(2021, 1, 1), date(2021, 3, 1), date(2021, 8, 1))
    (found,) = attainments(world.county, 2021, MIDSUMMER)
    assert (found.figure.value, found.rate) == (2, Fraction(50))


def test_what_towns_do_counts_for_the_county(world: World, agreement: Agreement) -> None:
    promised(world, agreement, 4)
    visited(world, world.town, date(2021, 3, 1))
    assert attainments(world.county, 2021, YEAR_END)[0].rate == 25


def test_attainment_is_never_capped(world: World, agreement: Agreement) -> None:
    promised(world, agreement, 2)
    visited(world, world.county, *[date(2021, month, 1) for month in range(1, 6)])
    assert attainments(world.county, 2021, YEAR_END)[0].rate == 250


def test_attainment_as_known_before(world: World, agreement: Agreement) -> None:
    promised(world, agreement, 4)
    visited(world, world.county, date(2021, 1, 1))
    before = known_at()
    visited(world, world.county, date(2021, 1, 2))
    assert attainments(world.county, 2021, YEAR_END, before)[0].rate == 25


def test_of_what_was_never_posted_there_is_no_rate(world: World, agreement: Agreement) -> None:
    promised(world, agreement, 4)
    (found,) = attainments(world.county, 2021, YEAR_END)
    assert (found.rate, found.gap, found.state) == (None, None, "behind")


def test_before_its_year_nothing_is_attained(world: World, agreement: Agreement) -> None:
    promised(world, agreement, 4, year=2022)
    visited(world, world.county, date(2022, 1, 1))
    (found,) = attainments(world.county, 2022, YEAR_END)
    assert (found.figure.value, found.rate, found.state) == (None, None, "even")


def test_of_a_target_of_nothing_there_is_no_rate(world: World, agreement: Agreement) -> None:
    promised(world, agreement, 0)
    visited(world, world.county, date(2021, 1, 1))
    assert attainments(world.county, 2021, YEAR_END)[0].rate is None


def test_a_target_for_a_rate_is_held_against_the_rate(world: World, agreement: Agreement) -> None:
    promised(world, agreement, 80, measure="projects.completion_rate")
    told: dict[str, Any] = {"name": "示例", "kind": "其他", "approved_on": date(2020, 1, 1), "planned_aid": 1}
    done = {"completed_on": date(2021, 6, 1)}
    rows = [Project(node=world.county, code=f"XM{n}", **told, **(done if n else {})) for n in range(5)]
    acts.approve(acts.create(rows, world.admin), world.other_admin)
    assert attainments(world.county, 2021, YEAR_END)[0].rate == 100


def test_attainments_cost_the_same_queries_however_many(world: World, agreement: Agreement) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            attainments(world.county, 2021, YEAR_END)
        return len(counted)

    promised(world, agreement, 4)
    before = queries()
    assert queries() < before, "what counted at a transaction is read once"
    for measure in ("visits.person_times", "honours.count", "twin.projects"):
        promised(world, agreement, 4, measure=measure)
    assert queries() == before


# Pace and state -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "passed"),
    [
        (date(2020, 12, 31), Fraction(0)),
        (date(2021, 1, 1), Fraction(100, 365)),
        (date(2021, 7, 1), Fraction(182 * 100, 365)),
        (date(2021, 12, 31), Fraction(100)),
        (date(2022, 3, 1), Fraction(100)),
    ],
)
def test_pace_is_the_part_of_the_year_that_has_passed(on: date, passed: Fraction) -> None:
    assert pace(2021, on) == passed


def test_a_leap_year_has_a_day_more() -> None:
    assert pace(2020, date(2020, 12, 30)) == Fraction(365 * 100, 366)


def attained(value: int | None, passed: int, quantity: int = 1000) -> Attainment:
    promise = Promise(1, 1, "示例", code("visits.batches"), quantity, 2021, "")
    nothing = Known(0, "", None)
    return Attainment(
        promise, Figure(code("visits.batches"), (), Period.year(2021), value, 0, 0, nothing), Fraction(passed)
    )


STATES = [
    (1500, 50, "over"), (1499, 50, "done"), (1000, 100, "done"), (999, 100, "even"), (999, 90, "ahead"), (550, 50, "ahead"),
    (549, 50, "even"), (500, 50, "even"), (451, 50, "even"), (450, 50, "slow"), (351, 50, "slow"), (350, 50, "behind"),
    (0, 0, "even"), (0, 50, "behind"), (None, 0, "even"), (None, 50, "behind"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "passed", "state"), STATES)
def test_the_state_follows_from_rate_and_pace(value: int | None, passed: int, state: str) -> None:
    assert attained(value, passed).state == state


def test_a_tally_is_in_the_order_of_the_states() -> None:
    found = [attained(value, 50) for value in (1000, 0, 1500, 0)]
    assert list(tally(found).items()) == [("behind", 2), ("done", 1), ("over", 1)]


# Broken down ----------------------------------------------------------------------------------------------------------


def parts(
    world: World, agreement: Agreement, whole: int, *quantities: int, measure: str = "visits.batches"
) -> list[Shortfall]:
    promised(world, agreement, whole, measure=measure)
    for node, quantity in zip((world.town, world.other_town), quantities, strict=False):
        promised(world, agreement, quantity, node=node, measure=measure)
    return shortfalls(world.county, 2021, YEAR_END)


def test_parts_that_do_not_reach_the_whole_are_said(world: World, agreement: Agreement) -> None:
    (found,) = parts(world, agreement, 20, 8, 9)
    assert (found.whole.quantity, found.parts) == (20, 17)


@pytest.mark.parametrize("quantities", [(10, 10), (12, 12)])
def test_parts_that_reach_the_whole_are_enough(world: World, agreement: Agreement, quantities: tuple[int, int]) -> None:
    assert parts(world, agreement, 20, *quantities) == []


def test_a_target_that_was_not_broken_down_is_no_shortfall(world: World, agreement: Agreement) -> None:
    assert parts(world, agreement, 20) == []


def test_parts_of_a_distinct_count_need_not_add_up(world: World, agreement: Agreement) -> None:
    assert parts(world, agreement, 20, 1, 1, measure="talent.total") == []


def test_parts_of_a_rate_need_not_add_up(world: World, agreement: Agreement) -> None:
    assert parts(world, agreement, 80, 10, 10, measure="projects.completion_rate") == []


def test_an_amendment_of_the_whole_shows_the_shortfall_from_its_day(world: World, agreement: Agreement) -> None:
    assert parts(world, agreement, 20, 10, 10) == []
    promised(world, agreement, 30, since=MIDSUMMER, amends="补充协议")
    assert [s.parts for s in shortfalls(world.county, 2021, date(2021, 6, 30))] == []
    assert [s.parts for s in shortfalls(world.county, 2021, MIDSUMMER)] == [20]


def test_every_measure_can_be_promised(world: World, agreement: Agreement) -> None:
    for measure in MEASURES:
        promised(world, agreement, 1, measure=measure)
    assert len(attainments(world.county, 2021, YEAR_END)) == len(MEASURES)


def test_a_revised_target_keeps_its_row(world: World, agreement: Agreement) -> None:
    row = promised(world, agreement, 20)
    acts.approve([acts.revise(row, {"quantity": 25}, world.admin, "录入有误")], world.other_admin)
    assert [p.entry for p in in_force([world.county], 2021, YEAR_END, known_at())] == [row.pk]
