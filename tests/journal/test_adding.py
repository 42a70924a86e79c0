"""The report of what does not add up: with a mistake of each kind planted, and with none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqiao.agreements.models import OpeningBalance
from lianqiao.core.periods import Period
from lianqiao.fields.employment.models import Workshop
from lianqiao.fields.exchange.models import Visit
from lianqiao.fields.funds.models import Allocation, Payment
from lianqiao.fields.projects.models import Project
from lianqiao.journal import adding
from lianqiao.journal.adding import Mismatch, all_mismatches, mismatches, years
from lianqiao.journal.figures import known_at
from lianqiao.journal.measures import Post
from lianqiao.places.models import Node
from tests.rows import ROWS, entered
from tests.world import EVER, UNTIL, World, approved, code, stay, visit

pytestmark = pytest.mark.data
DAY, YEAR_BEFORE = date(2021, 10, 12), date(2020, 10, 12)
Told = list[tuple[str, str, int]]


def told(found: Iterable[Mismatch]) -> Told:
    """Measure, node, and how many rows."""
    return [(m.whole.measure.code, m.node.name, len(m.entries)) for m in found]


def at_county(world: World) -> list[tuple[str, int]]:
    return [(code, rows) for code, _, rows in told(mismatches(world.county, [EVER]))]


def throughout(node: Node, until: date = UNTIL) -> list[Mismatch]:
    return all_mismatches(node, years(node, until))


@pytest.fixture
def plant(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Visit]:
    """Enters a visit that posts what is told instead of what it should."""
    planted: dict[str, list[Post]] = {}
    monkeypatch.setattr("lianqiao.fields.exchange.models.Visit.postings", lambda row: planted[row.purpose])

    def put(*posts: Post, node: Node | None = None) -> Visit:
        name = f"示例{len(planted)}"
        planted[name] = list(posts)
        return approved(world, visit(node or world.county, purpose=name))[0]

    return put


def post(name: str, quantity: int = 1, on: date = DAY, subject: int | None = None) -> Post:
    """One posting to a measure alone, and to nothing that it belongs to."""
    return Post(code(name), quantity, on, subject)


# What adds up ---------------------------------------------------------------------------------------------------------


def test_one_row_of_every_ledger_adds_up(world: World) -> None:
    for ledger in ("visits", "secondments", "retention", "workshops", "enterprises", "sales", "trainings", "donations"):
        entered(world, ledger)
    approved(world, stay(world.town, date(2021, 3, 1), "1"), stay(world.other_town, date(2020, 3, 1), "1"))
    assert throughout(world.province, date(2021, 12, 31)) == []


@pytest.mark.parametrize("measure", ["visits.batches", "talent.total", "funds.total"])
def test_a_total_without_detail_needs_no_parts(world: World, measure: str) -> None:
    approved(world, visit(world.county))
    approved(world, stay(world.county, date(2021, 3, 1), "1"))
    approved(
        world, OpeningBalance(node=world.county, measure=measure, until=date(2018, 12, 31), value=9, source="示例")
    )
    assert throughout(world.county) == []


def test_what_was_completed_in_another_year_than_begun_adds_up(world: World) -> None:
    begun = {"code": "示例1", "name": "示例", "kind": "其他", "planned_aid": 1}
    approved(world, Project(node=world.county, approved_on=date(2019, 3, 1), completed_on=date(2021, 3, 1), **begun))
    assert throughout(world.county) == []


def test_nothing_posted_adds_up(world: World) -> None:
    assert throughout(world.elsewhere) == []


# Mistakes of each kind -------------------------------------------------------------------------------------------------


def test_a_posting_to_the_whole_alone(world: World, plant: Callable[..., Visit]) -> None:
    plant(post("visits.batches"))
    plant(*code("visits.batches").sub("to_west")(1, DAY))
    assert at_county(world) == [("visits.batches", 1)]


def test_a_posting_to_a_part_alone(world: World, plant: Callable[..., Visit]) -> None:
    row = plant(post("visits.person_times.to_west", 7))
    (found,) = mismatches(world.county, [EVER])
    assert found.entries == (("visits", row.pk),)
    assert found.what == "各分项相加与总数差 −7 人次。"


def test_a_person_in_a_part_of_a_cover_who_is_not_in_the_whole(world: World, plant: Callable[..., Visit]) -> None:
    plant(post("talent.education", subject=1))
    assert ("talent.total", 1) in at_county(world)


def test_a_person_in_a_cover_who_is_in_none_of_its_parts(world: World, plant: Callable[..., Visit]) -> None:
    plant(post("talent.total", subject=1), post("talent.all", subject=1))
    assert at_county(world) == [("talent.total", 1)]


def test_a_subset_above_its_whole(world: World, plant: Callable[..., Visit]) -> None:
    plant(post("benef.households", 3), post("benef.households.lifted", 5))
    (found,) = mismatches(world.county, [EVER])
    assert (found.whole.measure.code, found.what) == ("benef.households", "其中项 其中脱贫户 5 户，大于总数。")
    assert len(found.entries) == 1


def test_a_subset_of_people_above_its_whole(world: World, plant: Callable[..., Visit]) -> None:
    plant(post("labour.employed_total", subject=1), post("labour.employed_nearby", subject=1))
    plant(*(post("labour.employed_poor", subject=n) for n in (1, 2)))
    assert at_county(world) == [("labour.employed_total", 1)]


def paid(world: World, node: Node) -> int:
    """Pays more at the node than one receipt of the sample brings; returns the payment's id."""
    approved(world, ROWS["projects"](world.county))
    project = Project.objects.get()
    approved(world, Allocation(node=node, allocated_on=DAY, project=project, amount=9_000_000_00, document="示例"))
    (row,) = approved(world, Payment(node=node, paid_on=DAY, project=project, amount=4_000_000_00, voucher="示例"))
    return row.pk


def test_more_paid_than_received(world: World) -> None:
    approved(world, ROWS["receipts"](world.county))
    payment = paid(world, world.county)
    (found,) = mismatches(world.county, [EVER])
    assert found.whole.measure.code == "funds.payment_rate"
    assert found.entries == (("payments", payment),)
    assert found.what == "超过 100%（133.33%）。"


@pytest.mark.parametrize(("received_at", "told_at"), [(["town"], ["town"]), (["town", "county"], [])])
def test_what_a_town_pays_may_have_come_to_its_county(world: World, received_at: list[str], told_at: list[str]) -> None:
    approved(world, *(ROWS["receipts"](getattr(world, node)) for node in received_at))
    paid(world, world.town)
    assert [m.node for m in throughout(world.province)] == [getattr(world, node) for node in told_at]


def test_a_stock_that_stood_before_the_period(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "lianqiao.fields.employment.models.Workshop.postings",
        lambda row: [post("labour.workshop_jobs", 3, YEAR_BEFORE), post("labour.workshop_jobs.lifted", 5, YEAR_BEFORE)],
    )
    row = ROWS["workshops"](world.county)
    approved(world, row)
    assert isinstance(row, Workshop)
    (found,) = mismatches(world.county, [Period.year(2021)])
    assert found.entries == (("workshops", row.pk),)


# Where and when -------------------------------------------------------------------------------------------------------


def test_mistakes_that_cancel_out_above_are_found_below(world: World, plant: Callable[..., Visit]) -> None:
    plant(post("visits.batches"), node=world.town)
    plant(post("visits.batches.to_west"), node=world.other_town)
    assert told(mismatches(world.county, [EVER])) == []
    towns = {("visits.batches", world.town.name, 1), ("visits.batches", world.other_town.name, 1)}
    assert set(told(throughout(world.province))) == towns


def test_mistakes_that_cancel_out_over_the_years_are_found_in_each(world: World, plant: Callable[..., Visit]) -> None:
    plant(post("visits.batches", on=DAY))
    plant(post("visits.batches.to_west", on=YEAR_BEFORE))
    assert told(mismatches(world.county, [EVER])) == []
    found = throughout(world.county)
    assert [m.whole.period for m in found] == [Period.year(2020), Period(date(2021, 1, 1), UNTIL)]


def test_each_is_told_once_where_it_arises(world: World, plant: Callable[..., Visit]) -> None:
    plant(post("visits.batches"), node=world.town)
    plant(post("visits.batches"), node=world.county)
    found = throughout(world.province)
    assert told(found) == [("visits.batches", world.town.name, 1), ("visits.batches", world.county.name, 2)]


def test_a_mistake_of_a_node_that_has_none_below_is_told_of_it_alone(world: World, plant: Callable[..., Visit]) -> None:
    plant(post("visits.batches"), node=world.town)
    assert told(throughout(world.other_town)) == []


def test_as_known_before_it_is_not_there(world: World, plant: Callable[..., Visit]) -> None:
    plant(*code("visits.batches").sub("to_west")(1, DAY), node=world.town)
    before = known_at()
    plant(post("visits.batches"), node=world.town)
    assert all_mismatches(world.county, years(world.county, UNTIL), before) == []
    assert len(throughout(world.county)) == 1


def test_what_comes_after_the_day_is_not_there(world: World, plant: Callable[..., Visit]) -> None:
    plant(post("visits.batches"), node=world.town)
    assert throughout(world.county, date(2021, 10, 11)) == []


def test_many_rows_are_counted_beyond_those_listed(
    world: World, plant: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "MOST_ROWS", 2)
    for _ in range(3):
        plant(post("visits.batches"))
    (found,) = mismatches(world.county, [EVER])
    assert (len(found.entries), found.more) == (2, 1)


def test_the_years_begin_with_the_first_posting(world: World, plant: Callable[..., Visit]) -> None:
    plant(post("visits.batches", on=date(2019, 12, 31)))
    assert years(world.county, UNTIL)[-3:] == [Period.year(2020), Period(date(2021, 1, 1), UNTIL), EVER]
    assert years(world.elsewhere, date(1999, 1, 1)) == [Period.cumulative(date(1999, 1, 1))]


def cost(node: Node, periods: list[Period]) -> int:
    with CaptureQueriesContext(connection) as seen:
        all_mismatches(node, periods, known_at())
    return len(seen)


def test_a_node_costs_the_same_however_many_years(world: World) -> None:
    approved(world, visit(world.town), visit(world.other_town, YEAR_BEFORE))
    one, all_years = [Period.cumulative(UNTIL)], years(world.province, UNTIL)
    assert len(all_years) > 3
    assert cost(world.province, all_years) == cost(world.province, one)
    provinces, counties, towns = (cost(n, all_years) for n in (world.province, world.county, world.town))
    assert provinces - counties == counties - towns  # five nodes, three, and one
