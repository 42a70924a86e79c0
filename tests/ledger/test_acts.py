"""What can be done with a row in which state, by whom, and what follows in the journal."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404

from lianqiao.agreements.models import Organisation, Pairing
from lianqiao.fields.exchange.models import Visit
from lianqiao.journal.models import Balance, Posting, Transaction, Voucher
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.models import Change, Counter, State
from lianqiao.people.models import Grant
from lianqiao.places.models import Node
from tests.world import SINCE, World, approved, fresh, person, revised, value, visit

pytestmark = pytest.mark.data
CHINESE = re.compile("[\u4e00-\u9fff]")
DAY = date(2021, 10, 12)


# States ---------------------------------------------------------------------------------------------------------------


def draft(world: World) -> Visit:
    return acts.create([visit(world.county)], world.jingjiang, submit=False)[0]


def submitted(world: World) -> Visit:
    return acts.create([visit(world.county)], world.jingjiang)[0]


def returned(world: World) -> Visit:
    return acts.send_back([submitted(world)], world.yongshou, "人数不符")[0]


def passed(world: World) -> Visit:
    return approved(world, visit(world.county))[0]


def under_revision(world: World) -> Visit:
    return acts.revise(passed(world), {"people": 9}, world.jingjiang, "更正")


def revision_returned(world: World) -> Visit:
    return acts.send_back([under_revision(world)], world.yongshou, "人数不符")[0]


def voided(world: World) -> Visit:
    row = passed(world)
    acts.void(row, world.yongshou, "重复")
    return fresh(row)


STATES: dict[str, Callable[[World], Visit]] = {
    "draft": draft,
    "submitted": submitted,
    "returned": returned,
    "approved": passed,
    "under revision": under_revision,
    "revision returned": revision_returned,
    "void": voided,
}
ACTS: dict[str, Callable[[World, Visit], Any]] = {
    "edit": lambda world, row: acts.edit(row, {"people": 8}, world.jingjiang),
    "submit": lambda world, row: acts.submit([row], world.jingjiang),
    "return": lambda world, row: acts.send_back([row], world.yongshou, "请补佐证"),
    "approve": lambda world, row: acts.approve([row], world.yongshou),
    "revise": lambda world, row: acts.revise(row, {"people": 8}, world.jingjiang, "更正"),
    "withdraw": lambda world, row: acts.withdraw(row, world.jingjiang),
    "void": lambda world, row: acts.void(row, world.yongshou, "重复"),
}
# act → state before → (state, state of the revision) after; what is not here is refused.
LEADS: dict[str, dict[str, tuple[str, str]]] = {
    "edit": {"draft": ("draft", ""), "returned": ("returned", "")},
    "submit": {
        "draft": ("submitted", ""),
        "returned": ("submitted", ""),
        "revision returned": ("approved", "submitted"),
    },
    "return": {"submitted": ("returned", ""), "under revision": ("approved", "returned")},
    "approve": {"submitted": ("approved", ""), "under revision": ("approved", "")},
    "revise": dict.fromkeys(("approved", "under revision", "revision returned"), ("approved", "submitted")),
    "withdraw": {"under revision": ("approved", ""), "revision returned": ("approved", "")},
    "void": {state: ("void", "") for state in STATES if state != "void"},
}
ALLOWED = [(act, state, after) for act, states in LEADS.items() for state, after in states.items()]
NOT_ALLOWED = [(act, state) for act in ACTS for state in STATES if state not in LEADS[act]]


def everything() -> list[Any]:
    """All that an act may touch."""
    return [
        *(list(model._base_manager.order_by("pk").values()) for model in (Visit, Change, Counter)),
        *(list(model._base_manager.order_by("pk").values()) for model in (Transaction, Posting, Voucher, Balance)),
    ]


@pytest.mark.parametrize(("act", "state", "after"), ALLOWED)
def test_an_act_that_is_allowed_leads_to_its_state(world: World, act: str, state: str, after: tuple[str, str]) -> None:
    row = STATES[state](world)
    ACTS[act](world, row)
    row = fresh(row)
    assert (row.state, row.pending_state) == after
    assert (row.pending is None) == (row.pending_state == "")
    assert row.posted_version == (row.version if row.state == State.APPROVED else None)


@pytest.mark.parametrize(("act", "state"), NOT_ALLOWED)
def test_an_act_that_is_not_allowed_is_refused_in_chinese_and_does_nothing(world: World, act: str, state: str) -> None:
    row = STATES[state](world)
    before = everything()
    with pytest.raises(Refused) as refused:
        ACTS[act](world, row)
    assert CHINESE.search(str(refused.value))
    assert row.number in str(refused.value)
    assert everything() == before


# Two people -----------------------------------------------------------------------------------------------------------


def test_who_filled_in_does_not_approve(world: World) -> None:
    both = person("both", Grant.Role.COORDINATOR, world.county)
    (row,) = acts.create([visit(world.county)], both)
    with pytest.raises(Refused, match="不能是同一人"):
        acts.approve([row], both)


def test_who_revised_does_not_approve_the_revision(world: World) -> None:
    both = person("both", Grant.Role.COORDINATOR, world.county)
    row = acts.revise(passed(world), {"people": 9}, both, "更正")
    with pytest.raises(Refused, match="不能是同一人"):
        acts.approve([row], both)


def test_who_edited_last_does_not_approve(world: World) -> None:
    both = person("both", Grant.Role.COORDINATOR, world.county)
    row = acts.edit(draft(world), {"people": 9}, both)
    acts.submit([row], world.jingjiang)
    with pytest.raises(Refused, match="不能是同一人"):
        acts.approve([row], both)


def test_who_filled_in_does_not_void(world: World) -> None:
    both = person("both", Grant.Role.COORDINATOR, world.county)
    (row,) = acts.create([visit(world.county)], both)
    acts.approve([row], world.yongshou)
    with pytest.raises(Refused, match="不能是同一人"):
        acts.void(row, both, "重复")


def test_the_row_says_who_filled_in_and_who_approved(world: World) -> None:
    row = passed(world)
    assert (row.author, row.approver) == (world.jingjiang, world.yongshou)


def test_an_approved_revision_has_its_own_author(world: World) -> None:
    other = person("other", Grant.Role.FILLER, world.county)
    row = acts.revise(passed(world), {"people": 9}, other, "更正")
    acts.approve([row], world.yongshou)
    assert fresh(row).author == other


BROKEN = {
    "one person": lambda row: {"approver": row.author},
    "approved but not posted": lambda row: {"posted_version": None},
    "approved in another version than posted": lambda row: {"version": row.version + 1},
    "approved by nobody": lambda row: {"approver": None},
    "void but posted": lambda row: {"state": State.VOID},
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_the_database_holds_the_rules_of_approval(world: World, broken: Callable[[Visit], dict[str, Any]]) -> None:
    row = passed(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(pk=row.pk).update(**broken(row))


# What counts ----------------------------------------------------------------------------------------------------------


def test_only_what_is_approved_counts(world: World) -> None:
    submitted(world)
    draft(world)
    assert value("visits.batches", world.county) is None
    passed(world)
    assert value("visits.batches", world.county) == 1


def test_an_approved_row_stays_posted_while_its_revision_waits(world: World) -> None:
    row = under_revision(world)
    assert (row.people, value("visits.person_times", world.county)) == (6, 6)


def test_an_approved_revision_replaces_what_was_posted(world: World) -> None:
    row = under_revision(world)
    acts.approve([row], world.yongshou)
    assert (fresh(row).people, value("visits.person_times", world.county)) == (9, 9)
    assert value("visits.batches", world.county) == 1


def test_a_returned_revision_leaves_what_is_posted(world: World) -> None:
    row = revision_returned(world)
    assert (row.reason, row.people, value("visits.person_times", world.county)) == ("人数不符", 6, 6)


def test_a_withdrawn_revision_leaves_what_is_posted(world: World) -> None:
    row = acts.withdraw(under_revision(world), world.jingjiang, "原数无误")
    assert (row.version, row.people, value("visits.person_times", world.county)) == (1, 6, 6)


def test_the_next_revision_starts_from_what_counts(world: World) -> None:
    row = acts.withdraw(under_revision(world), world.jingjiang)
    row = acts.revise(row, {"purpose": "考察园区"}, world.jingjiang, "更正")
    acts.approve([row], world.yongshou)
    assert (fresh(row).people, fresh(row).purpose) == (6, "考察园区")


def test_each_version_has_a_number_of_its_own(world: World) -> None:
    row = acts.withdraw(under_revision(world), world.jingjiang)
    row = revised(world, row, people=7)
    assert row.version == 3


def test_a_voided_row_counts_no_more_and_says_why(world: World) -> None:
    row = passed(world)
    made = acts.void(row, world.yongshou, "与另一行重复")
    assert made is not None
    assert (made.kind, made.why, made.by) == ("void", "与另一行重复", "yongshou")
    assert (fresh(row).reason, value("visits.batches", world.county)) == ("与另一行重复", 0)


def test_voiding_gives_up_the_revision_that_waits(world: World) -> None:
    row = under_revision(world)
    acts.void(row, world.yongshou, "重复")
    assert (fresh(row).pending, fresh(row).pending_state) == (None, "")


def test_voiding_what_never_counted_posts_nothing(world: World) -> None:
    before = Transaction.objects.count()
    assert acts.void(submitted(world), world.yongshou, "填错") is None
    assert Transaction.objects.count() == before


def test_a_set_is_approved_as_one_transaction(world: World) -> None:
    rows = acts.create([visit(world.county, people=n) for n in (3, 4)], world.jingjiang)
    made = acts.approve(rows, world.yongshou, "联席会议前集中审核", despite_twins=True)
    assert (made.why, made.vouchers) == ("联席会议前集中审核", 2)
    assert value("visits.person_times", world.county) == 7


def test_a_revision_that_changes_the_day_moves_the_count(world: World) -> None:
    revised(world, passed(world), occurred_on=date(2020, 5, 1))
    rows = Posting.objects.filter(measure__code="visits.batches").values_list("on", "quantity")
    assert set(rows) == {(DAY, 1), (DAY, -1), (date(2020, 5, 1), 1)}


# Whole or not at all --------------------------------------------------------------------------------------------------


def test_one_bad_row_keeps_the_whole_set_from_being_entered(world: World) -> None:
    before = everything()
    with pytest.raises(Refused) as refused:
        acts.create(
            [visit(world.county), visit(world.county, people=0), visit(world.county, direction="")], world.jingjiang
        )
    assert [p.field for p in refused.value.problems] == ["people", "direction"]
    assert everything() == before


def test_one_row_that_is_not_waiting_keeps_the_whole_set_from_approval(world: World) -> None:
    rows = [submitted(world), draft(world)]
    before = everything()
    with pytest.raises(Refused, match=rows[1].number):
        acts.approve(rows, world.yongshou)
    assert everything() == before


def test_a_row_named_twice_in_a_set_counts_once(world: World) -> None:
    row = submitted(world)
    acts.approve([row, row], world.yongshou)
    assert value("visits.batches", world.county) == 1


def test_entering_nothing_does_nothing(world: World) -> None:
    before = everything()
    assert acts.create([], world.jingjiang) == []
    assert everything() == before


EMPTY: dict[str, Callable[[World], Any]] = {
    "approve": lambda world: acts.approve([], world.yongshou),
    "submit": lambda world: acts.submit([], world.jingjiang),
    "return": lambda world: acts.send_back([], world.yongshou, "请补佐证"),
}


@pytest.mark.parametrize("act", EMPTY.values(), ids=EMPTY)
def test_an_act_on_nothing_is_refused(world: World, act: Callable[[World], Any]) -> None:
    with pytest.raises(Refused, match="没有选中"):
        act(world)


# Reasons --------------------------------------------------------------------------------------------------------------

REASONED: dict[str, Callable[[World, str], Any]] = {
    "return": lambda world, why: acts.send_back([submitted(world)], world.yongshou, why),
    "revise": lambda world, why: acts.revise(passed(world), {"people": 9}, world.jingjiang, why),
    "void": lambda world, why: acts.void(passed(world), world.yongshou, why),
    "resync": lambda world, why: acts.resync(Visit, world.admin, why),
}


@pytest.mark.parametrize("why", ["", "  "])
@pytest.mark.parametrize("act", REASONED.values(), ids=REASONED)
def test_an_act_that_needs_a_reason_is_refused_without(
    world: World, act: Callable[[World, str], Any], why: str
) -> None:
    with pytest.raises(Refused, match="缘由"):
        act(world, why)


@pytest.mark.parametrize("act", REASONED.values(), ids=REASONED)
def test_a_reason_longer_than_its_column_is_refused(world: World, act: Callable[[World, str], Any]) -> None:
    with pytest.raises(Refused, match="300"):
        act(world, "长" * 301)


def test_a_word_at_approval_longer_than_its_column_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="300"):
        acts.approve([submitted(world)], world.yongshou, "长" * 301)


def test_a_returned_row_says_why(world: World) -> None:
    assert returned(world).reason == "人数不符"


def test_the_reason_is_gone_once_the_row_is_approved(world: World) -> None:
    row = acts.submit([returned(world)], world.jingjiang)[0]
    acts.approve([row], world.yongshou)
    assert fresh(row).reason == ""


def test_a_revision_that_changes_nothing_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="没有变化"):
        acts.revise(passed(world), {"people": 6}, world.jingjiang, "更正")


@pytest.mark.parametrize("act", [acts.edit, acts.revise])
def test_what_would_not_be_entered_is_not_edited_in_either(world: World, act: Callable[..., Any]) -> None:
    row = draft(world) if act is acts.edit else passed(world)
    with pytest.raises(Refused, match="人数：0 小于 1"):
        act(row, {"people": 0}, world.jingjiang, "更正")
    assert fresh(row).people == 6


# Whose row it is ------------------------------------------------------------------------------------------------------


def test_nobody_fills_in_for_another_programme(world: World) -> None:
    with pytest.raises(Http404):
        acts.create([visit(world.county)], world.stranger)


def test_who_fills_in_does_not_review(world: World) -> None:
    with pytest.raises(PermissionDenied):
        acts.approve([submitted(world)], person("second", Grant.Role.FILLER, world.county))


def test_who_reviews_does_not_fill_in(world: World) -> None:
    with pytest.raises(PermissionDenied):
        acts.create([visit(world.county)], world.yongshou)


def test_the_east_does_not_fill_in_the_visits_of_the_west(world: World) -> None:
    east = person("east", Grant.Role.FILLER, world.county, Grant.Side.EAST)
    acts.create([visit(world.county)], east)
    with pytest.raises(PermissionDenied):
        acts.create([visit(world.county, direction="西部赴东部")], east)


ELSEWHERE: dict[str, Callable[[World], Any]] = {
    "edit": lambda world: acts.edit(draft(world), {"node": world.elsewhere}, world.jingjiang),
    "revise": lambda world: acts.revise(passed(world), {"node": world.elsewhere}, world.jingjiang, "换结对"),
}


@pytest.mark.parametrize("act", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_row_is_not_moved_to_another_programme(world: World, act: Callable[[World], Any]) -> None:
    with pytest.raises(Http404):
        act(world)


def test_a_row_is_not_turned_into_one_of_the_other_side(world: World) -> None:
    east = person("east", Grant.Role.FILLER, world.county, Grant.Side.EAST)
    (row,) = acts.create([visit(world.county)], east, submit=False)
    with pytest.raises(PermissionDenied):
        acts.edit(row, {"direction": "西部赴东部"}, east)


def test_a_reviewer_does_not_pass_a_revision_that_moves_the_row_out_of_reach(world: World) -> None:
    wide = person("wide", Grant.Role.FILLER, world.province)
    row = acts.revise(passed(world), {"node": world.elsewhere}, wide, "换结对")
    with pytest.raises(Http404):
        acts.approve([row], world.yongshou)
    assert value("visits.batches", world.county) == 1


def test_a_resync_is_for_the_whole_instance_only(world: World) -> None:
    passed(world)
    with pytest.raises((PermissionDenied, Http404)):
        acts.resync(Visit, world.yongshou, "口径第二版")


# What must be there ---------------------------------------------------------------------------------------------------


def test_a_row_without_a_pairing_is_refused(world: World) -> None:
    row = visit(world.county)
    row.node = None
    with pytest.raises(Refused, match="结对关系：必填"):
        acts.create([row], world.admin)


def test_an_organisation_needs_no_pairing(world: World) -> None:
    (row,) = acts.create([Organisation(name="示例公司", kind="企业", place="靖江市")], world.admin)
    acts.approve([row], world.other_admin)
    assert fresh(row).state == State.APPROVED


def test_nothing_is_approved_at_a_pairing_that_is_not(world: World) -> None:
    (pair,) = acts.create(
        [Pairing(east="马桥镇", west="常宁镇", level="镇镇", since=SINCE, node=world.county)], world.jingjiang
    )
    (row,) = acts.create([visit(Node.objects.get(pairing=pair))], world.jingjiang)
    with pytest.raises(Refused, match="尚未审核"):
        acts.approve([row], world.yongshou)


@pytest.mark.parametrize("why", ["重复，见 11010119800101003X", "联系13812345678"])
def test_a_reason_tells_no_number_of_a_person(world: World, why: str) -> None:
    """Reasons are hashed into the chain: what stands there can never be erased."""
    (row,) = approved(world, visit(world.county))
    with pytest.raises(Refused, match="不能写身份证号或电话"):
        acts.void(row, world.yongshou, why)
    assert fresh(row).state == State.APPROVED
