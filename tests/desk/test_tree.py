"""The tree of pairings: its search, and the page of one."""

from __future__ import annotations

from datetime import date

import pytest

from lianqiao.agreements.models import Agreement, Target
from lianqiao.ledger import acts
from tests.desk.conftest import Reader, queries
from tests.world import World, approved, visit


@pytest.fixture
def busy(world: World) -> World:
    """A target of the town's that is behind, a row at the county, and one at the town that waits."""
    term = {"start": date(2021, 1, 1), "end": date(2021, 12, 31), "signed_on": date(2021, 1, 5)}
    (agreement,) = approved(world, Agreement(node=world.county, title="2021年度协议", kind="年度协议", **term))
    approved(world, Target(node=world.town, agreement=agreement, measure="visits.batches", quantity=9, year=2021))
    approved(world, visit(world.county, date(2021, 6, 1), 100))
    acts.create([visit(world.town, date(2021, 7, 1), 5)], world.jingjiang)
    return world


def test_the_tree_begins_at_the_programmes_own_pairing(busy: World, read: Reader) -> None:
    page = read(busy.auditor).get("/tree/")
    assert (page.status_code, page.headers["Location"]) == (302, f"/tree/{busy.county.number}/")


def test_a_pairing_tells_what_it_has_and_what_lies_below(busy: World, read: Reader) -> None:
    page = read(busy.auditor).get(f"/tree/{busy.county.number}/")
    own, (town, other) = page.context["line"], page.context["lines"]
    assert (own.below, own.targets, own.waiting) == (2, 0, 1)
    assert (town.node, town.targets, town.behind, town.waiting) == (busy.town, 1, 1, 1)
    assert (other.node, other.targets, other.waiting, other.measures) == (busy.other_town, 0, 0, 1)
    counted = {held.ledger.code: (held.approved, held.waiting) for held in page.context["ledgers"]}
    assert counted["visits"] == (1, 1)
    text = page.content.decode()
    assert f'href="/tree/{busy.town.number}/"' in text
    assert "2021年度协议" in text
    assert "互访人次" in text


def test_a_leader_reads_the_figures_of_a_pairing_and_none_of_its_rows(busy: World, read: Reader) -> None:
    page = read(busy.leader).get(f"/tree/{busy.county.number}/")
    text = page.content.decode()
    assert "互访人次" in text
    assert "2021年度协议" not in text
    assert "待办行" not in text
    assert "ledgers" not in page.context


@pytest.mark.parametrize("words", ["新桥", "新桥-监军", "新桥 监军", "街道"])
def test_pairings_are_found_by_their_sides_and_numbers(busy: World, read: Reader, words: str) -> None:
    page = read(busy.auditor).get("/tree/", {"q": words})
    assert [line.node for line in page.context["lines"]] == [busy.town]
    page = read(busy.auditor).get("/tree/", {"q": busy.other_town.number.upper()})
    assert [line.node for line in page.context["lines"]] == [busy.other_town]


def test_what_nobody_bears_is_not_found_and_a_strangers_pairings_never(busy: World, read: Reader) -> None:
    assert "没有写着“海南”的结对关系" in read(busy.auditor).get("/tree/", {"q": "海南"}).content.decode()
    assert read(busy.auditor).get("/tree/", {"q": "铜川"}).context["lines"] == []
    assert read(busy.stranger).get(f"/tree/{busy.county.number}/").status_code == 404


def test_a_pairings_page_costs_the_same_with_5_and_with_200_rows(busy: World, read: Reader) -> None:
    client, costs = read(busy.auditor), []
    for rows in (5, 200):
        approved(busy, *(visit(busy.town, date(2021, 3, 1), purpose=f"示例{n}") for n in range(rows)))
        costs.append(queries(client, f"/tree/{busy.county.number}/"))
    assert costs[0] == costs[1] < 50
    assert queries(client, "/tree/?q=镇") < 35
