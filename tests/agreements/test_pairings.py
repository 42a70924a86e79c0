"""The tree of pairings, kept as a ledger: a row makes a node, its approval confirms it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lianqiao.agreements.models import Pairing
from lianqiao.core.periods import Period
from lianqiao.journal.models import Posting
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.audit import verify
from lianqiao.places.models import Node
from tests.world import SINCE, World, approved, fresh, value, visit

pytestmark = pytest.mark.data
CLOSED = date(2020, 12, 31)


def enter(world: World, above: Node | None, level: str = "镇镇", **more: Any) -> Pairing:
    told = {"east": "马桥镇", "west": "常宁镇", "since": SINCE} | more
    return acts.create([Pairing(node=above, level=level, **told)], world.admin)[0]


def passed(world: World, row: Pairing) -> Node:
    acts.approve([row], world.other_admin)
    return Node.objects.get(pairing=row)


def revise(world: World, row: Pairing, **values: Any) -> Node:
    return passed(world, acts.revise(row, values, world.admin, "更正"))


def row_of(node: Node) -> Pairing:
    return Pairing.objects.get(defines=node)


def test_a_row_makes_a_node_that_is_not_confirmed_yet(world: World) -> None:
    row = enter(world, world.county)
    node = Node.objects.get(pairing=row)
    assert (node.number, node.parent, node.confirmed) == (row.number.lower(), world.county, False)
    assert node.path == f"{world.county.path}{node.pk}/"


def test_approval_confirms_the_node(world: World) -> None:
    assert passed(world, enter(world, world.county)).confirmed


def test_a_confirmed_node_knows_its_places(world: World) -> None:
    assert world.county.east_place
    assert world.county.west_place
    assert (world.county.east_place.code[:6], world.county.west_place.code[:6]) == ("321282", "610426")


def test_a_pair_counts_at_itself_and_above(world: World) -> None:
    assert [value("pair.town", node) for node in (world.town, world.county, world.province)] == [1, 2, 2]


def test_a_pair_below_a_pair_that_waits_is_not_approved(world: World) -> None:
    above = enter(world, world.prefecture, "县际")
    row = enter(world, Node.objects.get(pairing=above))
    with pytest.raises(Refused, match="尚未审核"):
        acts.approve([row], world.other_admin)


def test_a_pair_and_the_one_above_it_are_approved_together(world: World) -> None:
    above = enter(world, world.prefecture, "县际")
    row = enter(world, Node.objects.get(pairing=above))
    acts.approve([above, row], world.other_admin)
    assert Node.objects.get(pairing=row).confirmed


def test_a_pair_that_ended_is_counted_until_its_end(world: World) -> None:
    revise(world, row_of(world.town), until=CLOSED)
    ends = [Period.cumulative(day) for day in (date(2020, 12, 30), CLOSED)]
    assert [value("pair.town", world.county, period) for period in ends] == [2, 1]


def test_the_node_follows_its_row(world: World) -> None:
    node = revise(world, row_of(world.town), until=CLOSED, west="永平镇")
    assert (node.until, node.west) == (CLOSED, "永平镇")


def test_the_node_stays_as_it_is_while_the_revision_waits(world: World) -> None:
    acts.revise(row_of(world.town), {"until": CLOSED}, world.admin, "终止")
    assert Node.objects.get(pk=world.town.pk).until is None


def test_a_pair_may_not_end_before_it_began(world: World) -> None:
    with pytest.raises(Refused, match=r"终止日期.2016-12-31.早于结对日期.2017-01-01"):
        enter(world, world.county, until=date(2016, 12, 31))


def test_a_successor_takes_over_from_the_closed_pair_of_the_same_two(world: World) -> None:
    revise(world, row_of(world.town), until=CLOSED)
    row = enter(world, world.county, east=world.town.east, west=world.town.west, since=date(2021, 1, 1))
    assert passed(world, row).succeeds == world.town


def again(world: World, since: date, **more: Any) -> Node:
    """The town's two sides once more."""
    return passed(world, enter(world, world.county, east=world.town.east, west=world.town.west, since=since, **more))


def test_of_two_that_ended_on_one_day_the_later_one_is_followed(world: World) -> None:
    revise(world, row_of(world.town), until=CLOSED)
    second = again(world, CLOSED, until=CLOSED)
    assert again(world, date(2021, 1, 1)).succeeds == second


def test_a_void_pair_is_not_followed(world: World) -> None:
    ended = again(world, date(2020, 1, 1), until=CLOSED)
    acts.void(row_of(ended), world.other_admin, "误录")
    assert again(world, date(2021, 1, 1)).succeeds is None


def test_a_pair_with_postings_does_not_move(world: World) -> None:
    with pytest.raises(Refused, match="不移动"):
        acts.revise(row_of(world.town), {"node": world.prefecture}, world.admin, "换上级")


def test_a_pair_with_pairs_below_it_does_not_move(world: World) -> None:
    node = passed(world, enter(world, world.prefecture, "市际"))
    passed(world, enter(world, node, "市际", east="甲镇"))
    with pytest.raises(Refused, match="不移动"):
        acts.revise(row_of(node), {"node": world.elsewhere}, world.admin, "换上级")


def test_a_pair_without_anything_moves_with_its_path(world: World) -> None:
    node = passed(world, enter(world, world.prefecture, "市际"))
    moved = revise(world, row_of(node), node=world.elsewhere)
    assert (moved.parent, moved.path) == (world.elsewhere, f"{world.elsewhere.path}{node.pk}/")
    assert moved.lineage() == (world.province.pk, world.elsewhere.pk, node.pk)


def test_a_pair_is_not_hung_below_itself(world: World) -> None:
    node = passed(world, enter(world, world.prefecture, "市际"))
    with pytest.raises(Refused, match="自己之下"):
        acts.revise(row_of(node), {"node": node}, world.admin, "换上级")


def test_a_move_is_looked_at_again_when_it_is_approved(world: World) -> None:
    """Between the proposal and its approval something was posted at the node."""
    node = passed(world, enter(world, world.prefecture, "市际"))
    proposed = acts.revise(row_of(node), {"node": world.elsewhere}, world.admin, "换上级")
    acts.approve(acts.create([visit(node)], world.admin), world.other_admin)
    with pytest.raises(Refused, match="不移动"):
        acts.approve([proposed], world.other_admin)
    assert verify().problems == []


def test_a_pair_with_rows_of_other_ledgers_is_not_voided(world: World) -> None:
    approved(world, visit(world.town))
    with pytest.raises(Refused, match="不能作废"):
        acts.void(row_of(world.town), world.other_admin, "录错")


def test_a_pair_with_pairs_below_it_is_not_voided(world: World) -> None:
    with pytest.raises(Refused, match="不能作废"):
        acts.void(row_of(world.county), world.other_admin, "录错")


def test_a_voided_pair_counts_no_more_and_nothing_is_approved_at_it(world: World) -> None:
    acts.void(row_of(world.town), world.other_admin, "录错")
    assert value("pair.town", world.county) == 1
    row = acts.create([visit(world.town)], world.jingjiang)
    with pytest.raises(Refused, match="尚未审核"):
        acts.approve(row, world.yongshou)


def test_a_voided_pairs_postings_stand_in_the_journal_as_taken_back(world: World) -> None:
    acts.void(row_of(world.town), world.other_admin, "录错")
    rows = Posting.objects.filter(ledger="pairings", entry=row_of(world.town).pk)
    assert sorted(rows.values_list("quantity", flat=True)) == [-1, 1]
    assert fresh(row_of(world.town)).reason == "录错"


@pytest.mark.parametrize(
    ("level", "code"),
    [
        ("县际", "pair.county"), ("镇镇", "pair.town"), ("村村", "pair.village"), ("校校", "pair.school"),
        ("院院", "pair.hospital"), ("企村", "pair.enterprise"), ("社会组织", "pair.social_org"),
    ],
)  # fmt: skip
def test_each_level_has_its_measure(world: World, level: str, code: str) -> None:
    before = value(code, world.elsewhere) or 0
    passed(world, enter(world, world.elsewhere, level))
    assert (value(code, world.elsewhere) or 0) - before == 1


@pytest.mark.parametrize("level", ["省际", "市际"])
def test_what_is_above_counties_is_not_counted(world: World, level: str) -> None:
    row = enter(world, world.province, level)
    passed(world, row)
    assert not Posting.objects.filter(ledger="pairings", entry=row.pk).exists()
