"""Enquiries and leads: kept encrypted, worked on by rule, ending in the ledger, deleted in time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404

from lianqiao.core.periods import Period
from lianqiao.demo.rows.identity import credit_code
from lianqiao.fields.industry import leading
from lianqiao.fields.industry.funnel import ageing, funnel
from lianqiao.fields.industry.leads import KEPT, ROAD, Enquiry, Kind, Lead, LeadStep, Stage
from lianqiao.fields.industry.models import Enterprise
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.models import State
from lianqiao.people import access
from tests.world import World, fresh, person, value

pytestmark = pytest.mark.data
TODAY, SIGNED, LANDED, PRODUCING = date(2021, 12, 31), date(2021, 3, 1), date(2021, 5, 20), date(2021, 11, 8)
CODE = credit_code(3, "99")
TOLD = {
    "company": "示例果蔬供应链公司", "name": "示例乙", "phone": "13900000001", "email": "buyer@example.org",
    "text": "想了解冷库用地，可打13900000002。",
}  # fmt: skip


@pytest.fixture(autouse=True)
def on_the_last_day(settings: Any) -> None:
    settings.TODAY = TODAY


def left(world: World, kind: Kind = Kind.OPPORTUNITY, zone: str = "永寿县工业园区", **told: str) -> Enquiry:
    about = leading.Subject(kind, "k-1", "冷链与分选中心", zone, world.county)
    given = TOLD | told
    return leading.receive(
        about, given, sender="投资方", sum_band="1,000万～5,000万元", language="zh-hans", agreed_to="用于本次洽谈"
    )


def taken(world: World, amount: int | None = 450_000_000, **more: Any) -> Lead:
    return leading.take(left(world, **more), world.jingjiang, world.jingjiang, amount=amount)


def signed(world: World) -> Lead:
    return leading.move(taken(world), Stage.SIGNED, SIGNED, world.jingjiang)


def entry_of(lead: Lead, **values: Any) -> Enterprise:
    draft = leading.drafted(lead)
    for name, value_ in ({"credit_code": CODE, "landed_on": LANDED} | values).items():
        setattr(draft, name, value_)
    return draft


def landed(world: World) -> Lead:
    lead = signed(world)
    return leading.land(lead, entry_of(lead), world.jingjiang)


def passed(world: World, lead: Lead) -> Enterprise:
    """The lead's entry, handed in by its owner and approved by somebody else."""
    entry = entered(lead)
    acts.submit([entry], world.jingjiang)
    acts.approve([fresh(entry)], world.yongshou)
    return fresh(entry)


def entered(lead: Lead) -> Enterprise:
    """The lead's entry as the ledger holds it."""
    return Enterprise.objects.get(lead=lead)


# Receiving ---------------------------------------------------------------------------------------------------------------


def test_what_was_left_is_kept_encrypted(world: World) -> None:
    enquiry = left(world)
    with connection.cursor() as cursor:
        cursor.execute("SELECT company, name, phone, email, text FROM industry_enquiry WHERE id = %s", [enquiry.pk])
        kept = " ".join(cursor.fetchone())
    assert not [part for part in (*TOLD.values(), "果蔬", "13900000002") if part in kept]
    assert {name: enquiry.told(name) for name in Enquiry.PERSONAL} == TOLD


def test_what_everybody_sees_is_masked(world: World) -> None:
    enquiry = left(world)
    told = (enquiry.masked_name, enquiry.masked_phone, enquiry.masked_email, enquiry.words)
    assert told == ("示**", "*********01", "b***@example.org", "想了解冷库用地，可打***。")


def test_nothing_is_kept_without_consent(world: World) -> None:
    about = leading.Subject(Kind.SITE, "", "综合咨询", "", world.county)
    with pytest.raises(Refused):
        leading.receive(about, TOLD, sender="其他", sum_band="", language="en", agreed_to="")
    assert not Enquiry.objects.exists()


def test_numbers_run_on_within_a_year(world: World) -> None:
    assert [left(world).number, left(world).number] == ["YX-2021-0001", "YX-2021-0002"]


def test_the_same_investor_is_known_again(world: World) -> None:
    first, again, other = left(world), left(world, email="other@example.org"), left(world, phone="", email="x@y.cn")
    assert list(leading.others_of(again)) == [first]
    assert not leading.others_of(other)


# Taking ------------------------------------------------------------------------------------------------------------------


def test_an_enquiry_becomes_a_lead_once(world: World) -> None:
    enquiry = left(world)
    lead = leading.take(enquiry, world.jingjiang, world.jingjiang, next_step="回电话", due_on=date(2022, 1, 4))
    assert (lead.stage, lead.owner, lead.next_step) == (Stage.NEGOTIATING, world.jingjiang, "回电话")
    assert {step.kind for step in lead.steps.all()} == {"taken", "plan"}
    with pytest.raises(Refused, match="已受理"):
        leading.take(enquiry, world.jingjiang, world.jingjiang)


def test_declining_needs_a_reason(world: World) -> None:
    enquiry = left(world)
    with pytest.raises(Refused):
        leading.decline(enquiry, world.jingjiang, " ")
    assert leading.decline(enquiry, world.jingjiang, "推销广告").state == Enquiry.State.DECLINED


def test_only_who_fills_in_there_acts_on_it(world: World) -> None:
    enquiry = left(world)
    with pytest.raises(PermissionDenied):
        leading.take(enquiry, world.jingjiang, world.auditor)
    with pytest.raises(Http404):
        leading.take(enquiry, world.jingjiang, world.stranger)
    with pytest.raises(Refused, match="不能填报"):
        leading.take(enquiry, world.leader, world.jingjiang)
    assert not leading.seen(world.stranger)
    assert list(leading.seen(world.auditor)) == [enquiry]
    assert not leading.seen(world.leader)


def test_leads_stay_closed_where_everybody_may_read(world: World, settings: Any) -> None:
    settings.OPEN = True
    left(world)
    assert access.may(world.stranger, "see", world.county)
    assert not leading.seen(world.stranger)


# The road ----------------------------------------------------------------------------------------------------------------


def test_each_step_says_who_when_and_why(world: World) -> None:
    lead = signed(world)
    leading.note(lead, "visit", date(2021, 4, 2), "看了厂房，要两条线", world.jingjiang)
    leading.plan(lead, "送用地红线图", date(2022, 1, 10), world.jingjiang)
    other = person("second", "filler", world.county)
    leading.assign(lead, other, world.jingjiang, "轮岗")
    leading.estimate(lead, 500_000_000, other, "加一条线")
    told = [(one.kind, one.on, one.by, one.text, one.was, one.now) for one in lead.steps.order_by("pk")][1:]
    assert told == [
        ("stage", SIGNED, "jingjiang", "", "洽谈", "签约"),
        ("visit", date(2021, 4, 2), "jingjiang", "看了厂房，要两条线", "", ""),
        ("plan", TODAY, "jingjiang", "", "", "送用地红线图 2022-01-10"),
        ("assign", TODAY, "jingjiang", "轮岗", "jingjiang", "second"),
        ("amount", TODAY, "second", "加一条线", "450000000", "500000000"),
    ]


@pytest.mark.parametrize("to", [Stage.LANDED, Stage.PRODUCING])
def test_no_stage_is_skipped(world: World, to: Stage) -> None:
    with pytest.raises(Refused, match="不能直接"):
        leading.move(taken(world), to, SIGNED, world.jingjiang, "想快一点")
    lead = taken(world)
    with pytest.raises(Refused, match="签约以后"):
        leading.land(lead, entry_of(lead), world.jingjiang)
    with pytest.raises(Refused, match="落地以后"):
        leading.produce(signed(world), PRODUCING, world.jingjiang)


def test_going_back_needs_a_reason(world: World) -> None:
    lead = signed(world)
    with pytest.raises(Refused):
        leading.move(lead, Stage.NEGOTIATING, TODAY, world.jingjiang)
    assert leading.move(lead, Stage.NEGOTIATING, TODAY, world.jingjiang, "协议作罢，重谈").stage == Stage.NEGOTIATING


def test_a_lost_lead_says_for_what_and_can_be_taken_up_again(world: World) -> None:
    lead = taken(world)
    with pytest.raises(Refused, match="未成的原因"):
        leading.move(lead, Stage.LOST, TODAY, world.jingjiang, "地不够")
    lost = leading.move(lead, Stage.LOST, TODAY, world.jingjiang, "地不够", lost_for="土地厂房")
    assert (lost.stage, lost.lost_for, lost.is_open) == (Stage.LOST, "土地厂房", False)
    again = leading.move(lost, Stage.NEGOTIATING, TODAY, world.jingjiang, "腾出了厂房")
    assert (again.stage, again.lost_for) == (Stage.NEGOTIATING, "")


def test_nothing_happens_in_the_future(world: World) -> None:
    with pytest.raises(Refused, match="还没有到"):
        leading.move(taken(world), Stage.SIGNED, TODAY + timedelta(days=1), world.jingjiang)


def test_notes_hold_no_telephone(world: World) -> None:
    with pytest.raises(Refused, match="电话"):
        leading.note(taken(world), "note", SIGNED, "回电13900000001", world.jingjiang)


# Into the ledger ---------------------------------------------------------------------------------------------------------


def test_a_landed_lead_is_an_enterprise_without_retyping(world: World) -> None:
    lead = landed(world)
    entry = lead.enterprise
    assert entry is not None
    assert (entry.name, entry.agreed, entry.node, entry.state) == (
        TOLD["company"], 450_000_000, world.county, State.DRAFT,
    )  # fmt: skip
    assert value("industry.enterprises", world.county) is None
    passed(world, lead)
    assert value("industry.enterprises", world.county) == 1
    assert value("industry.agreed", world.county) == 450_000_000


def test_what_the_ledger_refuses_does_not_land(world: World) -> None:
    lead = signed(world)
    with pytest.raises(Refused):
        leading.land(lead, entry_of(lead, credit_code=""), world.jingjiang)
    lead.refresh_from_db()
    assert (lead.stage, lead.enterprise, Enterprise.objects.count()) == (Stage.SIGNED, None, 0)


def test_producing_revises_the_entry(world: World) -> None:
    lead = landed(world)
    passed(world, lead)
    lead = leading.produce(lead, PRODUCING, world.jingjiang)
    period = Period.cumulative(TODAY)
    assert value("industry.enterprises.producing", world.county, period) in (None, 0)
    acts.approve([entered(lead)], world.yongshou)
    assert value("industry.enterprises.producing", world.county, period) == 1
    assert entered(lead).producing_on == PRODUCING


def test_producing_before_approval_changes_the_draft_and_waits_for_review(world: World) -> None:
    lead = landed(world)
    acts.submit([entered(lead)], world.jingjiang)
    with pytest.raises(Refused, match="待审"):
        leading.produce(lead, PRODUCING, world.jingjiang)
    lead = landed(world)
    assert leading.produce(lead, PRODUCING, world.jingjiang).stage == Stage.PRODUCING
    assert entered(lead).producing_on == PRODUCING


def test_a_lead_leaves_its_enterprise_only_once_the_entry_is_void(world: World) -> None:
    lead = landed(world)
    entry = passed(world, lead)
    with pytest.raises(Refused, match=entry.number):
        leading.move(lead, Stage.LOST, TODAY, world.jingjiang, "撤资", lost_for="资金")
    acts.void(entry, world.yongshou, "撤资")
    lost = leading.move(lead, Stage.LOST, TODAY, world.jingjiang, "撤资", lost_for="资金")
    assert (lost.stage, lost.enterprise) == (Stage.LOST, None)


def test_a_buyer_becomes_no_enterprise(world: World) -> None:
    lead = leading.move(taken(world, kind=Kind.PRODUCT), Stage.SIGNED, SIGNED, world.jingjiang)
    assert Stage.LANDED not in leading.ways(lead)
    with pytest.raises(Refused):
        leading.land(lead, entry_of(lead), world.jingjiang)


# The funnel --------------------------------------------------------------------------------------------------------------


def test_the_funnel_counts_and_adds_per_zone_and_stage(world: World) -> None:
    taken(world, amount=100), taken(world, amount=None), signed(world)
    leading.move(taken(world, amount=40, zone="新桥园区"), Stage.LOST, TODAY, world.jingjiang, "散了", lost_for="资金")
    rows = {row.zone: row for row in funnel(leading.seen_leads(world.auditor))}
    told = {
        zone: {cell.stage: (cell.count, cell.amount, cell.unknown) for cell in row.cells} for zone, row in rows.items()
    }
    empty = (0, 0, 0)
    assert told == {
        "新桥园区": dict.fromkeys(ROAD, empty) | {Stage.LOST: (1, 40, 0)},
        "永寿县工业园区": dict.fromkeys((*ROAD, Stage.LOST), empty)
        | {Stage.NEGOTIATING: (2, 100, 1), Stage.SIGNED: (1, 450_000_000, 0)},
    }


def test_how_long_open_leads_have_stood(world: World) -> None:
    fresh_one, old = taken(world), taken(world)
    Lead.objects.filter(pk=old.pk).update(since=TODAY - timedelta(days=91))
    Lead.objects.filter(pk=fresh_one.pk).update(since=TODAY - timedelta(days=30))
    leading.move(taken(world), Stage.LOST, TODAY, world.jingjiang, "散了", lost_for="资金")
    assert [age.count for age in ageing(leading.seen_leads(world.auditor))] == [1, 0, 1]


# Deleting in time --------------------------------------------------------------------------------------------------------


def test_an_enquiry_is_kept_a_year_after_the_last_step(world: World, settings: Any) -> None:
    enquiry = left(world)
    assert enquiry.delete_on == TODAY + KEPT
    settings.TODAY = TODAY + KEPT
    assert not leading.due()
    settings.TODAY += timedelta(days=1)
    assert list(leading.due()) == [enquiry]
    lead = leading.take(enquiry, world.jingjiang, world.jingjiang)
    leading.note(lead, "note", TODAY, "还在谈", world.jingjiang)
    assert not leading.due()


def test_what_is_erased_is_gone_and_what_is_counted_stays(world: World) -> None:
    lead = landed(world)
    passed(world, lead)
    leading.note(lead, "note", LANDED, "示例乙来电", world.jingjiang)
    leading.plan(lead, "请示例乙补材料", None, world.jingjiang)
    admin = person("erasing", "coordinator", world.county)
    leading.erase([lead.enquiry], admin, "保存期满")
    lead = Lead.objects.get()
    assert [getattr(lead.enquiry, name) for name in Enquiry.PERSONAL] == [""] * len(Enquiry.PERSONAL)
    assert not LeadStep.objects.filter(text__contains="示例乙") | LeadStep.objects.filter(now__contains="示例乙")
    assert (lead.next_step, lead.stage, lead.enquiry.words) == ("", Stage.LANDED, "***（已删除）")
    assert value("industry.enterprises", world.county) == 1


def test_what_nobody_took_up_is_closed_when_erased(world: World) -> None:
    enquiry = left(world)
    with pytest.raises(PermissionDenied):
        leading.erase([enquiry], world.jingjiang, "保存期满")
    leading.erase([enquiry], person("erasing", "coordinator", world.county), "保存期满")
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.reason) == (Enquiry.State.DECLINED, "保存期满")
    with pytest.raises(Refused):
        leading.take(enquiry, world.jingjiang, world.jingjiang)
