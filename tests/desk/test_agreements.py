"""Agreements: their targets, how these are broken down, and how they were amended."""

from __future__ import annotations

from datetime import date

import pytest

from lianqiao.agreements.models import Agreement, Target
from lianqiao.journal import clock
from tests.desk.conftest import Reader, moment, queries
from tests.world import World, approved, revised, visit


@pytest.fixture
def agreement(world: World) -> Agreement:
    """Ten delegations for 2021, six and three of them the towns'; amended to twelve on the first of November."""
    term = {"start": date(2021, 1, 1), "end": date(2021, 12, 31), "signed_on": date(2021, 1, 5)}
    with clock.at(moment(2021, 1, 6)):
        (made,) = approved(world, Agreement(node=world.county, title="2021年度协议", kind="年度协议", **term))
        told = {"agreement": made, "measure": "visits.batches", "year": 2021}
        nodes = {world.county: 10, world.town: 6, world.other_town: 3}
        approved(world, *(Target(node=node, quantity=quantity, **told) for node, quantity in nodes.items()))
        approved(world, visit(world.town, date(2021, 1, 4)))
    with clock.at(moment(2021, 10, 20)):
        amended = Target(node=world.county, quantity=12, since=date(2021, 11, 1), amends="市协作办〔2021〕9号", **told)
        approved(world, amended)
    return made


def test_targets_stand_with_their_parts_below(world: World, agreement: Agreement, read: Reader) -> None:
    page = read(world.auditor).get(f"/agreements/{agreement.number}/")
    (whole,) = page.context["wholes"]
    top = whole.attainment
    assert (top.promise.quantity, top.figure.value, top.figure.nodes) == (12, 1, (world.county,))
    assert [(p.figure.nodes[0], p.promise.quantity, p.figure.value) for p in whole.parts] == [
        (world.town, 6, 1),
        (world.other_town, 3, None),
    ]
    assert (whole.given, whole.rest, whole.over) == (9, 3, 0)
    assert f'href="{top.figure.address}"' in page.content.decode()


def test_an_amendment_tells_old_and_new_by_what_and_when(world: World, agreement: Agreement, read: Reader) -> None:
    page = read(world.auditor).get(f"/agreements/{agreement.number}/")
    (one,) = page.context["amendments"]
    assert (one.old, one.new, one.why, one.since) == (10, 12, "市协作办〔2021〕9号", date(2021, 11, 1))
    assert one.transaction.recorded_at.date() == date(2021, 10, 20)
    assert "<del>10</del> → <ins>12</ins>" in page.content.decode()


def test_a_corrected_row_is_an_amendment_too(world: World, agreement: Agreement, read: Reader) -> None:
    revised(world, Target.objects.get(node=world.town), "核对协议文本", quantity=7)
    first, _ = read(world.auditor).get(f"/agreements/{agreement.number}/").context["amendments"]
    assert (first.old, first.new, first.why, first.target.node) == (6, 7, "核对协议文本", world.town)


def test_another_year_is_asked_for_by_its_number(world: World, agreement: Agreement, read: Reader) -> None:
    page = read(world.auditor).get(f"/agreements/{agreement.number}/?year=2020")
    assert page.context["wholes"] == []
    assert "没有 2020 年的目标" in page.content.decode()
    assert read(world.auditor).get(f"/agreements/{agreement.number}/?year=20x").status_code == 404


def test_a_year_that_has_not_begun_shows_its_targets_without_figures(
    world: World, agreement: Agreement, read: Reader
) -> None:
    approved(world, Target(node=world.county, agreement=agreement, measure="visits.batches", quantity=4, year=2022))
    page = read(world.auditor).get(f"/agreements/{agreement.number}/?year=2022")
    (whole,) = page.context["wholes"]
    assert (whole.attainment.promise.quantity, whole.attainment.figure.value) == (4, None)


def test_the_list_counts_targets_once_however_often_amended(world: World, agreement: Agreement, read: Reader) -> None:
    (line,) = read(world.auditor).get("/agreements/").context["lines"]
    assert (line.targets, line.this_year, line.behind, line.standing) == (3, 3, 3, "within")
    assert read(world.auditor).get("/agreements/", {"kind": "采购协议"}).context["lines"] == []


def test_an_agreement_without_targets_says_so(world: World, read: Reader) -> None:
    term = {"start": date(2022, 1, 1), "end": date(2022, 12, 31), "signed_on": date(2021, 12, 5)}
    (made,) = approved(world, Agreement(node=world.county, title="劳务协议", kind="劳务协议", **term))
    text = read(world.auditor).get(f"/agreements/{made.number}/").content.decode()
    assert "这份协议没有定目标" in text
    assert "未起始" in text


def test_agreements_cost_the_same_with_5_and_with_60_rows(world: World, agreement: Agreement, read: Reader) -> None:
    client, costs = read(world.auditor), []
    for rows in (5, 60):
        term = {"start": date(2021, 1, 1), "end": date(2021, 12, 31), "signed_on": date(2021, 1, 5)}
        approved(
            world,
            *(Agreement(node=world.county, title=f"示例{rows}-{n}", kind="部门协议", **term) for n in range(rows)),
        )
        approved(world, *(visit(world.town, date(2021, 3, 1), purpose=f"示例{rows}-{n}") for n in range(rows)))
        costs.append([queries(client, address) for address in ("/agreements/", f"/agreements/{agreement.number}/")])
    assert costs[0] == costs[1]
    assert max(costs[1]) < 35
