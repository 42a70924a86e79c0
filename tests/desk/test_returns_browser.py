"""The monthly return through its life in a browser: due, filled, questioned, explained, signed, sent, corrected, compared."""

from __future__ import annotations

from datetime import date
from typing import Any

from lianqiao.briefings.models import Duty, Return
from lianqiao.fields.exchange.models import Visit
from lianqiao.journal.models import Closing
from lianqiao.ledger import acts
from lianqiao.people.models import Grant
from tests.desk.test_walk import Opened, opened, pytestmark, world
from tests.world import World, approved, person, visit

__all__ = ["opened", "pytestmark", "world"]
ADDRESS = "/returns/{}/month/2021-09-30/"


def told(page: Any, button: str, words: str) -> None:
    page.click(f"button[value={button}]")
    page.wait_for_selector(f".told:has-text('{words}')")


def test_a_month_is_returned_and_corrected(world: World, opened: Opened) -> None:
    approved(world, visit(world.county, date(2021, 9, 8), 9))
    Duty.objects.create(node=world.county, kind="month", days=5, since=date(2021, 9, 1), until=date(2021, 9, 30))
    signer = person("signer", Grant.Role.COORDINATOR, world.county)
    filler, reviewer, coordinator = opened(world.jingjiang), opened(world.yongshou), opened(signer)
    where = ADDRESS.format(world.county.number)

    filler.goto("/")
    assert "2021年9月月报" in filler.inner_text(".todo")  # due
    filler.click(".todo a:has-text('填报')")
    told(filler, "fill", "已填报")

    reviewer.goto("/returns/")
    reviewer.click(".owed a:has-text('审核')")
    reviewer.click("summary:has-text('提问')")
    reviewer.fill("#why", "九人里有没有陪同？")
    reviewer.select_option("#measure", "visits.person_times")
    told(reviewer, "ask", "已提问")

    filler.goto(where)
    assert "待说明" in filler.inner_text(".head")
    filler.fill(".asked textarea", "没有，签到表上九人。")
    filler.fill("#words", "九月互访一批。")
    told(filler, "answer", "已保存")
    assert "已说明" in filler.inner_text(".head")

    reviewer.goto(where)
    told(reviewer, "review", "已审核")
    coordinator.goto(where)
    told(coordinator, "sign", "已签发")
    assert "关账至 2021-09-30" in coordinator.inner_text(".next")  # the consequence stands before the button
    told(coordinator, "send", "已上报")
    assert Closing.objects.get().until == date(2021, 9, 30)

    row = Visit.objects.get()
    acts.approve([acts.revise(row, {"people": 7}, world.jingjiang, "签到表上七人")], signer, "上报后核对")
    filler.reload()
    assert "上报以后，账本又动了" in filler.inner_text(".next")
    filler.fill("#why", "人数依签到表更正")
    told(filler, "correct", "更正的一版")
    for page, button, words in (
        (reviewer, "review", "已审核"),
        (coordinator, "sign", "已签发"),
        (coordinator, "send", "已上报"),
    ):
        page.goto(where)
        told(page, button, words)
    assert list(Return.objects.order_by("version").values_list("state", flat=True)) == ["corrected", "sent"]

    coordinator.click("a:has-text('对比版本')")
    line = coordinator.locator("tr:has-text('互访人次')").first
    assert (line.locator("del").first.inner_text(), line.locator("ins").first.inner_text()) == ("9", "7")
    assert "签到表上七人" in line.inner_text()
