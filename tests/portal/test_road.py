"""In a browser: an investor's enquiry becomes a lead, an enterprise in the ledger, and a figure in public."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache

from lianqiao.core.periods import Period
from lianqiao.demo.rows.identity import credit_code
from lianqiao.fields.industry.leads import Lead
from lianqiao.fields.industry.models import Enterprise
from lianqiao.journal import clock
from lianqiao.people.models import User
from lianqiao.portal import enquiry
from lianqiao.portal.founding import found
from lianqiao.portal.models import Zone
from lianqiao.portal.publishing import fixing
from tests.desk.browsing import MARKS, launched, page_of
from tests.desk.conftest import TODAY, moment
from tests.portal.published import figures_page, visits
from tests.portal.site import zone
from tests.world import World, make_world

pytestmark = MARKS
Opened = Callable[[User | None], Any]


@pytest.fixture
def world(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    settings.TODAY = TODAY
    monkeypatch.setattr(enquiry, "LEAST_SECONDS", 0)
    cache.clear()
    found()
    with clock.at(moment(2017, 1, 3)):
        made = make_world()
    visits(made)
    return made


@pytest.fixture
def opened(live_server: object, world: World) -> Iterator[Opened]:
    """A browser for each person, signed in or not."""
    with launched() as browser:
        yield partial(page_of, browser, str(live_server))


@pytest.fixture
def port(world: World) -> Zone:
    return zone("port", "临港开发区", office="临港开发区投资服务大厅")


def test_an_enquiry_becomes_a_lead_an_enterprise_and_a_figure(world: World, port: Zone, opened: Opened) -> None:
    investor = opened(None)
    investor.goto(f"/zh-hans/enquiry/zone/{port.translation_key}/")
    investor.fill("#id_company", "示例果蔬供应链公司")
    investor.fill("#id_name", "示例乙")
    investor.fill("#id_contact", "13900000001")
    investor.check("#id_consent")
    investor.get_by_role("button", name="提交意向").click()
    investor.wait_for_url("**/thanks/**")
    number = investor.locator(".number").inner_text()

    staff = opened(world.admin)
    staff.goto("/leads/")
    staff.get_by_role("link", name=number, exact=True).click()
    staff.select_option("#id_owner", str(world.admin.pk))
    staff.fill("#id_amount", "4500万元")
    staff.fill("#id_next_step", "约看厂房")
    staff.fill("#id_due_on", "2022-01-10")
    staff.get_by_role("button", name="受理", exact=True).first.click()
    staff.wait_for_url("**/leads/XS-2021-0001/")
    staff.fill("#id_note_text", "看了三号厂房")
    staff.select_option("#id_note_kind", "visit")
    staff.get_by_role("button", name="记下").click()
    staff.fill("#id_move_on", "2021-11-01")
    staff.get_by_role("button", name="改进展").click()
    staff.get_by_role("link", name="落地，入台账…").click()
    assert staff.input_value("#id_name") == "示例果蔬供应链公司"
    staff.fill("#id_credit_code", credit_code(5, "99"))
    staff.fill("#id_landed_on", "2021-12-01")
    staff.get_by_role("button", name="入台账").click()
    staff.get_by_role("button", name="提交审核").click()
    entry = Enterprise.objects.get()
    assert Lead.objects.get().enterprise == entry

    reviewer = opened(world.other_admin)
    reviewer.goto(f"/review/enterprises/{entry.number}/")
    reviewer.get_by_role("button", name="通过").first.click()
    reviewer.wait_for_load_state()
    year = Period(date(2021, 1, 1), TODAY)
    figures_page(fixing.fix("industry.enterprises", world.province, year, world.admin))

    investor.goto("/zh-hans/figures/")
    assert "引进企业" in investor.locator("main").inner_text()
    investor.locator("main a[href*='industry.enterprises']").first.click()
    assert "@" in investor.url
    assert "引进企业" in investor.locator("main").inner_text()
    assert "示例果蔬" not in investor.content()
