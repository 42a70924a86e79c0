"""Meetings, agreements, honours, resolutions and totals of early years: what they count and what they refuse."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lianqiao.agreements.models import Agreement, Honour, Meeting, OpeningBalance, Resolution
from lianqiao.core.periods import Period
from lianqiao.journal.models import Posting, Voucher
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.models import Entry
from lianqiao.ledger.registry import ledgers
from tests.rows import ROWS, entered, link
from tests.world import World, approved, stay, told, value

pytestmark = pytest.mark.data
DAY = date(2021, 10, 12)


def refused(world: World, row: Entry) -> list[tuple[str | None, str]]:
    with pytest.raises(Refused) as refusal:
        acts.create([row], world.admin)
    return [(p.field, p.why) for p in refusal.value.problems]


# Meetings, agreements, honours ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "joint"), [("联席会议", 1), ("领导小组会议", None), ("专题会议", None), ("部门对接会", None)]
)
def test_a_meeting_is_counted_and_a_joint_one_among_them(world: World, kind: str, joint: int | None) -> None:
    approved(world, Meeting(node=world.county, occurred_on=DAY, title="示例", kind=kind))
    assert (value("meetings.total", world.county), value("meetings.joint", world.county)) == (1, joint)


@pytest.mark.parametrize("kind", ["框架协议", "年度协议", "结对乡镇协议", "部门协议", "劳务协议", "采购协议"])
def test_an_agreement_is_counted_on_the_day_it_is_signed(world: World, kind: str) -> None:
    told = {"title": "示例", "kind": kind, "signed_on": DAY, "start": date(2021, 1, 1), "end": date(2025, 12, 31)}
    approved(world, Agreement(node=world.county, **told))
    assert value("agreements.signed", world.county, Period.day(DAY)) == 1


def test_an_agreement_may_not_end_before_it_begins(world: World) -> None:
    told = {"title": "示例", "kind": "框架协议", "signed_on": DAY, "start": DAY, "end": date(2021, 10, 11)}
    assert refused(world, Agreement(node=world.county, **told)) == [("end", "order_of_dates")]


def test_an_honour_is_counted(world: World) -> None:
    told = {"title": "示例", "level": "国家级", "issuer": "示例", "awarded_on": DAY}
    approved(world, Honour(node=world.county, **told))
    assert value("honours.count", world.province) == 1


@pytest.mark.parametrize("ledger", ["organisations", "frameworks", "targets", "resolutions"])
def test_what_is_only_kept_posts_nothing_but_is_sealed(world: World, ledger: str) -> None:
    row = entered(world, ledger)
    assert not Posting.objects.filter(ledger=ledger).exists()
    assert Voucher.objects.filter(ledger=ledger, entry=row.pk, version=1).exists()


def test_a_resolution_may_name_a_measure_that_there_is(world: World) -> None:
    entered(world, "meetings")
    told = {"meeting": link(Meeting), "text": "示例", "owner": "示例", "due": DAY}
    acts.create([Resolution(node=world.county, measure="互访批次", **told)], world.admin)
    assert refused(world, Resolution(node=world.county, measure="互访次数", **told)) == [("measure", "bad_choice")]


NAMED = {
    "a meeting with a resolution": ("meetings", "resolutions"),
    "an agreement with a target": ("agreements", "targets"),
}


@pytest.mark.parametrize(("ledger", "by"), NAMED.values(), ids=NAMED)
def test_a_row_that_others_build_on_is_not_voided(world: World, ledger: str, by: str) -> None:
    entered(world, by)
    row = ROW_OF[ledger]._base_manager.get()
    with pytest.raises(Refused, match="不能作废"):
        acts.void(row, world.other_admin, "录错")


def test_a_row_that_names_one_which_does_not_count_is_not_approved(world: World) -> None:
    entered(world, "meetings")
    (meeting,) = acts.create(
        [Meeting(node=world.county, occurred_on=DAY, title="又一次会议", kind="专题会议")], world.admin
    )
    told = {"meeting": meeting, "text": "示例", "owner": "示例", "due": DAY}
    (row,) = acts.create([Resolution(node=world.county, **told)], world.admin)
    with pytest.raises(Refused, match=meeting.number):
        acts.approve([row], world.other_admin)


ROW_OF: dict[str, Any] = {"meetings": Meeting, "agreements": Agreement}


# Totals without detail ------------------------------------------------------------------------------------------------


def total(world: World, measure: str, number: int, until: date = date(2018, 12, 31)) -> OpeningBalance:
    return OpeningBalance(node=world.county, measure=measure, until=until, value=number, source="2018年总结")


def test_a_total_of_early_years_counts_from_its_day_and_shows_as_without_detail(world: World) -> None:
    approved(world, total(world, "visits.batches.to_west", 30))
    found = told("visits.batches", world.prefecture)
    assert (found.value, found.bare) == (30, 30)
    assert value("visits.batches", world.county, Period.cumulative(date(2018, 12, 30))) == 0


def test_a_total_is_added_to_what_has_rows(world: World) -> None:
    approved(world, total(world, "talent.education", 40))
    approved(world, stay(world.county, date(2021, 3, 1), "1"), stay(world.town, date(2021, 4, 1), "1"))
    found = told("talent.total", world.county)
    assert (found.value, found.bare, found.entries) == (41, 40, 3)


def test_a_total_in_money_is_in_yuan(world: World) -> None:
    approved(world, total(world, "funds.fiscal.county", 1_000_000))
    assert value("funds.total", world.county) == 100_000_000


def test_a_total_may_name_its_measure_by_name(world: World) -> None:
    (row,) = approved(world, total(world, "互访批次", 30))
    assert row.measure == "visits.batches"


@pytest.mark.parametrize("measure", ["互访次数", "projects.completion_rate"])
def test_a_total_of_what_is_no_measure_is_refused(world: World, measure: str) -> None:
    assert refused(world, total(world, measure, 30)) == [("measure", "bad_choice")]


@pytest.mark.parametrize("number", [0, -1])
def test_a_total_of_nothing_is_refused(world: World, number: int) -> None:
    assert ("value", "bad_number") in refused(world, total(world, "visits.batches", number))


def test_the_database_too_refuses_a_total_of_nothing(world: World) -> None:
    (row,) = acts.create([total(world, "visits.batches", 30)], world.admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        OpeningBalance.objects.filter(pk=row.pk).update(value=0)


def test_every_ledger_has_a_good_row_in_the_tests() -> None:
    assert set(ROWS) == set(ledgers())
