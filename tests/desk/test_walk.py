"""The desk in a browser, as each role walks through it: fill in, return, mend, approve, import, reveal, passkeys."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from django.contrib.auth.hashers import make_password

from lianqiao.agreements.models import Agreement, Target
from lianqiao.desk import watching
from lianqiao.fields.exchange.models import Visit
from lianqiao.journal import chain, clock
from lianqiao.ledger import acts
from lianqiao.ledger.evidence import is_whole
from lianqiao.people.models import Access, User
from lianqiao.workbooks.commit import Progress, Stage
from tests.desk.browsing import MARKS, opening
from tests.desk.conftest import PASSWORD, moment
from tests.world import World, approved, make_world, stay, visit

pytestmark = MARKS
ID = "990000198001010012"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489") + b"\0" * 8
Opened = Callable[[User | None], Any]


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with clock.at(moment(2017, 1, 3)):
        made = make_world()
    User.objects.update(password=make_password(PASSWORD))
    return made


@pytest.fixture
def opened(live_server: object, world: World) -> Iterator[Opened]:
    with opening(str(live_server)) as for_each:
        yield for_each


def figure(world: World, tx: int | None = None) -> str:
    known = "" if tx is None else f"@{tx}"
    return f"/figures/visits.person_times/{world.county.number}/..2021-12-31{known}"


def test_from_the_form_to_the_figure_and_back_in_time(world: World, opened: Opened) -> None:
    filler, reviewer = opened(world.jingjiang), opened(world.yongshou)
    before = chain.head().number

    filler.goto("/ledgers/visits/")
    filler.keyboard.press("n")
    filler.wait_for_url("**/new/")
    filler.fill("#id_occurred_on", "2021.10.12")
    filler.press("#id_occurred_on", "Enter")
    assert filler.evaluate("document.activeElement.id") == "id_direction"
    filler.select_option("#id_direction", "东部赴西部")
    filler.fill("#id_purpose", "对接产业协作")
    filler.fill("#id_leader", "示例")
    filler.fill("#id_people", "约12")
    filler.press("#id_people", "Enter")
    filler.wait_for_selector("#id_people_error:has-text('不是一个确定的整数')")
    filler.fill("#id_people", "14")
    filler.set_input_files("#file-2", {"name": "会场.png", "mimeType": "image/png", "buffer": PNG})
    filler.wait_for_selector(".got img")
    filler.press("#id_people", "Control+Enter")
    filler.wait_for_selector(".told:has-text('已提交')")
    row = Visit.objects.get()
    assert [piece["kind"] for piece in row.evidence if is_whole(piece["sha256"])] == ["照片"]

    reviewer.goto("/")
    with reviewer.expect_navigation():  # whose scripts then listen for keys
        reviewer.click(".todo a:has-text('审核')")
    assert "14" in reviewer.inner_text(".effect")
    reviewer.keyboard.press("r")
    reviewer.keyboard.type("人数与签到表不符")
    reviewer.click("button[value=return]")
    reviewer.wait_for_selector(".told:has-text('没有待审的行了')")

    filler.goto("/")
    filler.click(".todo a:has-text('修改')")
    with filler.expect_navigation():
        filler.click(f"a:has-text('{row.number}')")
    with filler.expect_navigation():
        filler.keyboard.press("e")
    filler.wait_for_selector(".note.warn:has-text('人数与签到表不符')")
    filler.fill("#id_people", "12")
    filler.press("#id_people", "Control+Enter")
    filler.wait_for_selector(".told:has-text('已提交')")

    reviewer.goto("/review/visits/")
    assert (reviewer.inner_text("del"), reviewer.inner_text("ins")) == ("14", "12")
    reviewer.keyboard.press("a")
    reviewer.wait_for_selector(".told:has-text('没有待审的行了')")

    reviewer.goto(figure(world))
    assert reviewer.inner_text(".big").startswith("12")
    reviewer.goto(figure(world, before))
    assert reviewer.inner_text(".big").startswith("—")
    assert reviewer.locator(".past-note").count() == 1


def test_the_time_machine_shows_the_scoreboard_before_and_after_an_approval(world: World, opened: Opened) -> None:
    with clock.at(moment(2021, 10, 11)):
        term = {"start": date(2021, 1, 1), "end": date(2021, 12, 31), "signed_on": date(2021, 1, 5)}
        (agreement,) = approved(world, Agreement(node=world.county, title="2021年度协议", kind="年度协议", **term))
        target = Target(node=world.county, agreement=agreement, measure="visits.person_times", quantity=40, year=2021)
        approved(world, target)
        approved(world, visit(world.county, date(2021, 6, 1), 10))
    with clock.at(moment(2021, 12, 30)):
        acts.create([visit(world.county, date(2021, 10, 1), 12, purpose="补录的")], world.jingjiang)
    page = opened(world.yongshou)
    page.goto("/review/visits/")
    page.keyboard.press("a")
    page.wait_for_selector(".told:has-text('没有待审的行了')")

    page.click(".nav a:has-text('目标')")
    assert page.inner_text(".board .real") == "22"
    page.fill("#day", "2021-10-12")
    with page.expect_navigation():
        page.press("#day", "Enter")
    assert (page.inner_text(".board .real"), page.inner_text(".board .acc.s")) == ("10", "+12")
    assert "补录" in page.inner_text("section:has(#h-since)")
    assert "2021-10-12" in page.inner_text("section:has(#h-one)")
    page.click(".back a:has-text('回到今天')")
    page.wait_for_selector(".back:has-text('今日所知')")
    assert page.inner_text(".board .real") == "22"


def test_two_hundred_rows_are_approved_from_the_list(world: World, opened: Opened) -> None:
    days = [date(2021, 1 + at // 28, 1 + at % 28) for at in range(200)]
    acts.create([visit(world.county, day, purpose=f"示例{day}") for day in days], world.jingjiang)
    page = opened(world.yongshou)
    page.goto("/ledgers/visits/?state=submitted")
    page.check("[data-every]")
    assert page.inner_text("[data-count]") == "50"
    page.check("input[name=all]")
    page.click("button[value=approve]")
    page.wait_for_selector(".told:has-text('已通过 200 行')")
    assert Visit.objects.filter(state="approved").count() == 200


def test_a_workbook_is_mended_in_place_and_written(
    world: World, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, held = openpyxl.Workbook(), io.BytesIO()
    made.active.append(["日期", "方向", "事由", "带队领导", "人数", "结对关系"])
    made.active.append(["2021-03-01", "东部赴西部", "对接", "示例", "约12", "靖江-永寿"])
    made.save(held)
    page = opened(world.jingjiang)
    page.goto("/ledgers/visits/import/")
    page.set_input_files("#file", {"name": "三月.xlsx", "mimeType": "application/zip", "buffer": held.getvalue()})
    page.click("button.go")
    page.fill(".t.bad input", "12")
    page.click("button[value=mend]")
    page.wait_for_selector("button[value=write]")
    with monkeypatch.context() as patched:
        patched.setattr(watching, "begin", slow(watching.begin))
        page.click("button[value=write]")
        page.wait_for_selector(".writing [data-stage]:has-text('录入')")
        assert page.locator(".writing progress").get_attribute("value") == "0"
        page.click("button[value=stop]")
        page.wait_for_selector(".told:has-text('已停下')")
    assert not Visit.objects.exists()
    page.click("button[value=write]")
    page.wait_for_selector(".told:has-text('已录入 1 行')")
    assert Visit.objects.get().people == 12


def slow(begin: Callable[[Path], Progress]) -> Callable[[Path], Progress]:
    """An import that stays at 录入 until it is called off."""

    def begun(workbook: Path) -> Progress:
        tell, said = begin(workbook), workbook.parent / watching.FOLDER / watching.STOP

        def told(stage: Stage) -> None:
            tell(stage)
            for _ in range(600 if stage.name == "录入" else 0):
                if said.exists():
                    break
                time.sleep(0.05)

        return told

    return begun


def test_a_draft_outlives_the_page_without_the_id_number(world: World, opened: Opened) -> None:
    page = opened(world.jingjiang)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/ledgers/secondments/new/")
    page.fill("#id_name", "示例甲")
    page.fill("#id_id_number", ID)
    page.goto("/")
    assert ID not in page.evaluate("JSON.stringify(localStorage)")
    page.goto("/ledgers/secondments/new/")
    page.click("[data-restore]")
    assert (page.input_value("#id_name"), page.input_value("#id_id_number")) == ("示例甲", "")


def test_an_id_number_is_revealed_after_a_fresh_sign_in(world: World, opened: Opened) -> None:
    (row,) = approved(world, stay(world.county, date(2021, 3, 1), ID))
    page = opened(world.jingjiang)
    page.goto(f"/ledgers/secondments/{row.number}/")
    page.click("a:has-text('看原文')")
    page.fill("#why", "核对社保参保记录")
    page.click("button.go")
    page.fill("#f", PASSWORD)
    page.click("button.go")
    page.wait_for_selector(f".clear:has-text('{ID}')")
    assert Access.objects.get(act=Access.Act.REVEAL).why == "核对社保参保记录"


def test_a_passkey_is_added_and_signs_in(world: World, opened: Opened) -> None:
    page = opened(None)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": options | {"isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    page.goto("/sign-in/")
    page.fill("#u", "auditor")
    page.fill("#p", PASSWORD)
    page.click(".ways .go")
    page.goto("/me/")
    page.click("a:has-text('添加')")
    page.fill("#f", PASSWORD)
    page.click("button.go")
    page.click("button.go")
    page.wait_for_selector("h1:has-text('备用码')")
    page.click("button:has-text('退出')")
    page.click("button:has-text('用通行密钥登录')")
    page.wait_for_selector(".who a:has-text('auditor')")
    assert Access.objects.filter(by="auditor", act=Access.Act.SIGN_IN).count() == 2


def test_a_stranger_finds_nothing(world: World, opened: Opened) -> None:
    (row,) = approved(world, visit(world.county))
    page = opened(world.stranger)
    for address in (f"/ledgers/visits/{row.number}/", f"/ledgers/visits/{row.number}/edit/", figure(world)):
        assert page.goto(address).status == 404
    assert "靖江" not in page.inner_text("body")
