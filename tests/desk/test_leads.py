"""招商: enquiries taken, leads worked on, filtered, landed in the ledger, and numbers seen only for a reason."""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from lianqiao.cli import expiring
from lianqiao.demo.rows.identity import credit_code
from lianqiao.fields.industry import leading
from lianqiao.fields.industry.leads import Enquiry, Kind, Lead, Stage
from lianqiao.fields.industry.models import Enterprise
from lianqiao.ledger import acts
from lianqiao.ledger.models import State
from lianqiao.people.models import Access
from tests.desk.conftest import TODAY, Reader, just_signed_in, queries
from tests.world import World, person

TOLD = {
    "company": "示例果蔬供应链公司", "name": "示例乙", "phone": "13900000001", "email": "buyer@example.org", "text": "冷库多大？",
}  # fmt: skip


def left(world: World, title: str = "冷链与分选中心", zone: str = "永寿县工业园区", **told: str) -> Enquiry:
    about = leading.Subject(Kind.OPPORTUNITY, "k-1", title, zone, world.county)
    given = {"sender": "投资方", "sum_band": "", "language": "zh-hans", "agreed_to": "用于本次洽谈"}
    return leading.receive(about, TOLD | told, **given)


def taken(world: World, title: str = "冷链与分选中心", **more: Any) -> Lead:
    return leading.take(left(world, title), world.jingjiang, world.jingjiang, **more)


def test_an_enquiry_is_taken_on_the_desk(world: World, read: Reader) -> None:
    enquiry, browser = left(world), read(world.jingjiang)
    address = f"/leads/enquiries/{enquiry.number}/"
    assert "示例果蔬供应链公司" in browser.get("/leads/").content.decode()
    page = browser.get(address).content.decode()
    assert "示**" in page
    assert not [secret for secret in ("示例乙", "13900000001", "buyer@") if secret in page]
    data = {
        "do": "take",
        "owner": world.jingjiang.pk,
        "amount": "4500万元",
        "next_step": "回电话",
        "due_on": "2022-01-04",
    }
    assert browser.post(address, data | {"amount": "约四千"}).status_code == 400
    assert browser.post(address, data, follow=True).redirect_chain[-1][0] == "/leads/XS-2021-0001/"
    lead = Lead.objects.get()
    assert (lead.owner, lead.amount, lead.due_on) == (world.jingjiang, 45_000_000_00, date(2022, 1, 4))


def test_an_enquiry_is_declined_for_a_reason(world: World, read: Reader) -> None:
    enquiry, browser = left(world), read(world.jingjiang)
    address = f"/leads/enquiries/{enquiry.number}/"
    assert browser.post(address, {"do": "decline", "why": ""}).status_code == 400
    browser.post(address, {"do": "decline", "why": "推销广告"})
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.reason) == (Enquiry.State.DECLINED, "推销广告")


def test_a_step_says_what_comes_next(world: World, read: Reader) -> None:
    lead, browser = taken(world), read(world.jingjiang)
    data = {
        "do": "note",
        "kind": "visit",
        "on": "2021-12-20",
        "text": "看了厂房",
        "next_step": "送图",
        "due_on": "2022-01-08",
    }
    browser.post(f"/leads/{lead.number}/", data)
    lead.refresh_from_db()
    assert (lead.next_step, lead.due_on) == ("送图", date(2022, 1, 8))
    page = browser.get(f"/leads/{lead.number}/").content.decode()
    assert "看了厂房" in page
    assert "还 8 天" in page


def test_what_the_rules_refuse_is_told_at_its_field(world: World, read: Reader) -> None:
    lead, browser = taken(world), read(world.jingjiang)
    answer = browser.post(f"/leads/{lead.number}/", {"do": "move", "to": "lost", "on": "", "why": "地不够"})
    assert answer.status_code == 400
    assert "未成的原因：必填" in answer.content.decode()
    answer = browser.post(f"/leads/{lead.number}/", {"do": "note", "kind": "note", "text": "打13900000001"})
    assert "不写身份证号或电话" in answer.content.decode()
    assert browser.post(f"/leads/{lead.number}/", {"do": "nothing"}).status_code == 404


def test_from_the_first_talk_to_the_ledger(world: World, read: Reader) -> None:
    lead, browser = taken(world, amount=45_000_000_00), read(world.jingjiang)
    address = f"/leads/{lead.number}/"
    browser.post(address, {"do": "move", "to": "signed", "on": "2021-11-01"})
    form = browser.get(f"{address}land/").content.decode()
    assert 'value="示例果蔬供应链公司"' in form
    assert 'value="45000000"' in form
    told = {"name": "示例果蔬供应链公司", "agreed": "45000000", "paid_in": "0", "landed_on": "2021-11-20"}
    assert browser.post(f"{address}land/", told | {"credit_code": "9111"}).status_code == 400
    assert not Enterprise.objects.exists()
    browser.post(f"{address}land/", told | {"credit_code": credit_code(5, "99")})
    entry = Enterprise.objects.get()
    assert (entry.state, entry.lead.number) == (State.DRAFT, lead.number)
    browser.post("/ledgers/enterprises/act/", {"act": "submit", "number": entry.number, "next": address})
    acts.approve([Enterprise.objects.get()], world.yongshou)
    browser.post(address, {"do": "move", "to": "producing", "on": "2021-12-20"})
    lead.refresh_from_db()
    entry.refresh_from_db()
    assert (lead.stage, entry.pending_state) == (Stage.PRODUCING, State.SUBMITTED)


def test_the_list_is_filtered_and_ordered(world: World, read: Reader) -> None:
    small, large = taken(world, "小项目", amount=1_00), taken(world, "大项目", amount=9_00)
    lost = leading.move(taken(world, "散了的"), "lost", TODAY, world.jingjiang, "散了", lost_for="资金")
    browser = read(world.jingjiang)

    def shown(query: str) -> list[str]:
        return [lead.number for lead in browser.get(f"/leads/?{query}").context["page"].object_list]

    assert shown("sort=-amount") == [large.number, small.number]
    assert shown("sort=amount&owner=me") == [small.number, large.number]
    assert shown("stage=lost") == [lost.number]
    assert shown("q=大项目") == [large.number]
    assert shown("zone=别处") == []
    leading.plan(small, "回电话", TODAY - timedelta(days=1), world.jingjiang)
    assert shown("stage=late") == [small.number]


def test_many_leads_take_no_more_queries(world: World, read: Reader) -> None:
    browser = read(world.jingjiang)
    taken(world)
    left(world)
    few = queries(browser, "/leads/")
    for n in range(4):
        taken(world, f"第{n}个")
        left(world)
    assert queries(browser, "/leads/") == few


def test_a_number_in_the_clear_is_recorded(world: World, settings: Any) -> None:
    enquiry = left(world)
    browser = just_signed_in(world.jingjiang, settings)
    address = f"/leads/enquiries/{enquiry.number}/reveal/phone/"
    assert browser.post(address, {"why": "看"}).status_code == 400
    answer = browser.post(address, {"why": "回电话给投资方"})
    assert "13900000001" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    line = Access.objects.filter(act=Access.Act.REVEAL).get()
    assert (line.what, line.why) == (f"{enquiry.number} 手机", "回电话给投资方")


def test_leads_stay_closed_where_everybody_may_read(world: World, read: Reader, settings: Any) -> None:
    settings.OPEN = True
    lead = taken(world)
    assert read().get("/leads/").status_code == 302
    assert read(world.leader).get(f"/leads/{lead.number}/").status_code == 403
    assert read(world.stranger).get(f"/leads/{lead.number}/").status_code == 403  # its pairing is open to all


def test_home_tells_what_is_due(world: World, read: Reader) -> None:
    left(world)
    taken(world, "冷链", next_step="回电话", due_on=TODAY - timedelta(days=2))
    page = read(world.jingjiang).get(reverse("home")).content.decode()
    assert "待受理的意向 1 件" in page
    assert "冷链：回电话" in page
    assert "逾 2 天" in page


def test_what_is_kept_no_longer_is_shown_and_deleted(world: World, settings: Any, read: Reader) -> None:
    enquiry = left(world)
    settings.TODAY = enquiry.delete_on + timedelta(days=1)
    browser = read(person("coordinating", "coordinator", world.county))
    assert enquiry.number in browser.get("/leads/expired/").content.decode()
    browser.post("/leads/expired/")
    enquiry.refresh_from_db()
    assert enquiry.erased_at
    assert not enquiry.company


def test_who_asks_for_it_is_forgotten_earlier(world: World, read: Reader) -> None:
    asked, other = left(world), left(world, "农旅融合营地")
    browser = read(person("coordinating", "coordinator", world.county))
    assert browser.post("/leads/expired/", {"number": "YX-0", "why": "本人来电要求"}).status_code == 400
    assert browser.post("/leads/expired/", {"number": asked.number, "why": ""}).status_code == 400
    browser.post("/leads/expired/", {"number": asked.number, "why": "本人来电要求"})
    asked.refresh_from_db()
    other.refresh_from_db()
    assert asked.erased_at
    assert not asked.company
    assert other.company


def test_a_command_deletes_what_is_kept_no_longer(
    world: World, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    enquiry = left(world)
    settings.TODAY = enquiry.delete_on + timedelta(days=1)
    person("coordinating", "coordinator", world.county)
    asked = argparse.Namespace(by="coordinating", why="保存期满", listing=True, json=False)
    assert expiring.run_expire(asked) == 0
    assert enquiry.number in capsys.readouterr().out
    assert Enquiry.objects.filter(erased_at=None).exists()
    asked.listing = False
    expiring.run_expire(asked)
    assert not Enquiry.objects.filter(erased_at=None).exists()
