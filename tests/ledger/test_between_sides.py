"""对账, 关账, and the same thing entered twice along the tree."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from lianqiao.journal.models import Transaction
from lianqiao.ledger import acts, history
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.audit import verify
from lianqiao.ledger.models import Partner, State
from lianqiao.people.models import Grant
from tests.world import World, approved, fresh, person, revised, told, value, visit

pytestmark = pytest.mark.data
CLOSED = date(2021, 9, 30)


def test_the_partner_confirms_and_history_says_so(world: World) -> None:
    (row,) = approved(world, visit(world.county))
    west = person("west", Grant.Role.FILLER, world.county, Grant.Side.WEST)
    (confirmed,) = acts.confirm([row], west)
    assert fresh(confirmed).partner == Partner.CONFIRMED
    assert [(s.what, s.by) for s in history.steps(row)][-1] == ("对方确认", "west")


def test_the_partner_objects_with_a_reason_and_the_row_counts_on(world: World) -> None:
    (row,) = approved(world, visit(world.county))
    west = person("west", Grant.Role.FILLER, world.county, Grant.Side.WEST)
    acts.object_to([row], west, "人数与签到表不符")
    assert (fresh(row).partner, fresh(row).partner_reason) == (Partner.OBJECTED, "人数与签到表不符")
    assert value("visits.batches", world.county) == 1
    with pytest.raises(Refused, match="缘由"):
        acts.object_to([row], west, " ")


def test_the_side_that_entered_a_row_does_not_confirm_it(world: World) -> None:
    (row,) = approved(world, visit(world.county))
    with pytest.raises(PermissionDenied):
        acts.confirm([row], person("east", Grant.Role.FILLER, world.county, Grant.Side.EAST))
    with pytest.raises(Http404):
        acts.confirm([row], world.stranger)


def test_only_what_counts_is_confirmed(world: World) -> None:
    (row,) = acts.create([visit(world.county)], world.jingjiang)
    with pytest.raises(Refused, match="只有已审核的行才对账"):
        acts.confirm([row], person("west", Grant.Role.FILLER, world.county, Grant.Side.WEST))


def test_a_new_version_is_confirmed_anew(world: World) -> None:
    (row,) = approved(world, visit(world.county))
    acts.confirm([row], person("west", Grant.Role.FILLER, world.county, Grant.Side.WEST))
    assert revised(world, fresh(row), people=7).partner == ""


def closed(world: World) -> None:
    acts.close(world.county, CLOSED, person("chief", Grant.Role.COORDINATOR, world.county), "三季度关账")


def test_a_closed_period_changes_no_more(world: World) -> None:
    closed(world)
    (row,) = acts.create([visit(world.town, CLOSED)], world.jingjiang)
    with pytest.raises(Refused, match="以前已关账"):
        acts.approve([row], world.yongshou, "补录")
    assert (fresh(row).state, value("visits.batches", world.county)) == (State.SUBMITTED, None)


def test_what_happened_later_is_not_closed(world: World) -> None:
    closed(world)
    approved(world, visit(world.town, date(2021, 10, 1)))
    assert told("visits.batches", world.county).late == 0


def test_a_coordinator_opens_it_with_a_reason_and_the_figure_says_so(world: World) -> None:
    closed(world)
    (row,) = acts.create([visit(world.town, CLOSED)], world.jingjiang)
    chief = person("second_chief", Grant.Role.COORDINATOR, world.county)
    with pytest.raises(Refused, match="写明缘由"):
        acts.approve([row], chief)
    acts.approve([row], chief, "九月的出访补录")
    assert (value("visits.batches", world.county), told("visits.batches", world.county).late) == (1, 1)
    assert Transaction.objects.latest("number").late
    assert verify().ok


def test_closing_is_the_coordinators_and_needs_a_reason(world: World) -> None:
    with pytest.raises(PermissionDenied):
        acts.close(world.county, CLOSED, world.yongshou, "关账")
    with pytest.raises(Refused, match="缘由"):
        acts.close(world.county, CLOSED, person("chief", Grant.Role.COORDINATOR, world.county), "")


def test_a_period_is_closed_once(world: World) -> None:
    closed(world)
    with pytest.raises(Refused, match="已经关账"):
        acts.close(world.county, CLOSED, person("other", Grant.Role.COORDINATOR, world.county), "又关")


def test_the_same_visit_at_two_levels_is_shown_before_approval(world: World) -> None:
    approved(world, visit(world.county))
    (again,) = acts.create([visit(world.town)], world.jingjiang)
    with pytest.raises(Refused, match="可能重复计数"):
        acts.approve([again], world.yongshou)
    acts.approve([again], world.yongshou, despite_twins=True)
    assert value("visits.batches", world.county, told("visits.batches", world.county).period) == 2


def test_the_same_visit_beside_it_is_another(world: World) -> None:
    approved(world, visit(world.town))
    (other,) = acts.create([visit(world.other_town)], world.jingjiang)
    assert acts.approve([other], world.yongshou).postings
    assert value("visits.batches", world.county, told("visits.batches", world.county).period) == 2
