"""The check page in a browser: a text pasted, its marks, the door to a figure, a reading corrected, the result saved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client

from lianqiao.claims.models import HeldReading, SavedCheck
from lianqiao.journal import clock
from tests.desk.browsing import MARKS, launched
from tests.desk.conftest import moment
from tests.world import World, approved, make_world, visit

pytestmark = MARKS
TEXT = "示例稿\n2016年结对以来，双方互访1批99人次，接待游客3万人次。"


@pytest.fixture
def world(db: None) -> World:
    with clock.at(moment(2017, 1, 3)):
        made = make_world()
        approved(made, visit(made.county, date(2017, 1, 2), people=65))
    return made


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def page(live_server: object, world: World, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page of a browser in which the filler of the county pairing has signed in."""
    client = Client()
    client.force_login(world.jingjiang)
    cookie = {"name": site.SESSION_COOKIE_NAME, "value": client.cookies[site.SESSION_COOKIE_NAME].value}
    with launched() as browser:
        context = browser.new_context(locale="zh-CN", java_script_enabled=request.param)
        context.add_cookies([{**cookie, "url": str(live_server)}])
        opened = context.new_page()
        refused: list[str] = []
        opened.on("console", lambda message: refused.append(message.text))
        opened.goto(f"{live_server}/checks/new/")
        yield opened
    assert refused == [], "the content security policy has refused something"


def test_a_text_is_pasted_corrected_and_saved(page: Any) -> None:

    page.fill("#id_text", TEXT)
    page.click("button.go")
    assert page.inner_text("a.cl.y").startswith("1批")
    assert page.inner_text("a.cl.x").startswith("99人次")
    assert "文中99人次，账本 65 人次，少 34 人次" in page.inner_text("li.vx")
    page.click("details summary")
    page.click("details a:has-text('改读法')")
    page.select_option("#measure", "visits.person_times")
    page.click("button.go")
    assert page.locator("a.cl.x").count() == 2
    page.click("button[value=keep]")
    assert "已保存" in page.inner_text("main")
    assert SavedCheck.objects.get().kept
    assert HeldReading.objects.get().measure == "visits.person_times"
    page.click("li.vx a.f >> nth=0")
    assert "/figures/visits.person_times/" in page.url
