"""What a screen reader or a weak eye meets: axe-core on every page of the desk, in both themes.

No page can be forgotten: the walk goes along the table of permissions, which is held against the URL configuration.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lianqiao.claims import check as against
from lianqiao.claims import marked
from lianqiao.desk import drops
from lianqiao.fields.exchange.models import Visit
from lianqiao.journal import clock
from lianqiao.people import accounts
from lianqiao.people.models import Grant, User
from lianqiao.workbooks.commit import bring_in
from tests.desk.browsing import MARKS, launched, playwright
from tests.desk.conftest import PASSWORD, moment
from tests.desk.test_permissions import ROUTES, Objects, objects  # noqa: F401 - a fixture
from tests.world import World, make_world, person

axe = pytest.importorskip("axe_playwright_python.base")
pytestmark = MARKS
TEXT = "示例稿\n2016年结对以来，双方互访1批99人次，接待游客3万人次。"
# Addresses that answer with a file, with JSON or by leading elsewhere; removing a passkey has a page that another has, and
# what compares two versions finds one here.
NO_PAGE = {
    "account_set_password", "briefing_compare", "briefing_file", "briefing_template", "check_copy",
    "evidence", "export", "health", "import_progress", "log_export", "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "openid_connect_callback", "openid_connect_login",
    "paper_style", "return_book", "return_compare", "review_ledger", "targets_book", "template", "tree",
}  # fmt: skip
# Led to by a signed link or by an object of the exchanges that this walk does not make: not looked at here.
NOT_MADE = {
    "employer_answers", "employer_own", "employer_vacancy", "fair_door", "labour_worker", "labour_workshop", "lead_land",
    "seeker_answer", "trade_file", "trade_offer", "trade_offer_new", "trade_order", "trade_shop",
}  # fmt: skip
BEFORE = {"account_login", "account_inactive", "first_password"}  # anybody has signed in
WITH_SECOND_STEP = {
    "mfa_authenticate", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_reauthenticate", "mfa_view_recovery_codes",
}  # fmt: skip
GRAVE = {"serious", "critical"}


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with clock.at(moment(2017, 1, 3)):
        return make_world()


@pytest.fixture
def everybody(world: World) -> User:
    """One who holds every role at the county, and has a second step."""
    user = person("everybody", Grant.Role.ADMINISTRATOR, world.county)
    traders = {Grant.Role.SELLER, Grant.Role.BUYER}  # they see the market alone
    for role in set(Grant.Role.values) - {Grant.Role.ADMINISTRATOR, *traders}:
        Grant.objects.create(user=user, role=role, node=world.county)
    User.objects.update(password=make_password(PASSWORD))
    return user


def workbook(*rows: tuple[object, ...]) -> bytes:
    made, held = openpyxl.Workbook(), io.BytesIO()
    for row in (("日期", "方向", "事由", "带队领导", "人数", "结对关系"), *rows):
        made.active.append(row)
    made.save(held)
    return held.getvalue()


def own_objects(found: Objects, user: User, folder: Path) -> dict[str, dict[str, Any]]:
    """What some addresses name that the table of permissions leaves out, since it is nobody else's."""
    dropped = SimpleUploadedFile(
        "三月.xlsx", workbook(("2021-03-02", "东部赴西部", "对接", "示例", "约12", "靖江-永寿"))
    )
    written = folder / "四月.xlsx"
    written.write_bytes(workbook(("2021-04-02", "东部赴西部", "对接", "示例", 12, "靖江-永寿")))
    imported = bring_in(Visit, written, user).kept
    assert imported is not None
    checked = marked.saved(against.check("示例稿", TEXT, found.county, date(2021, 12, 31)), user.username, kept=True)
    checked.save()
    return {
        "import_file": {"code": "visits", "key": drops.take(user, dropped)},
        "import_done": {"pk": imported.pk},
        "check": {"pk": checked.pk},
        "check_reading": {"pk": checked.pk, "start": checked.result[0]["start"]},
        "first_password": accounts.first_password(User.objects.get(username="leader")),
    }


def addresses(found: Objects, more: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {
        name: reverse(name, kwargs=more.get(name) or route.args(found))
        for name, route in ROUTES.items()
        if route.get and name not in NO_PAGE | NOT_MADE
    }


@pytest.fixture
def browser() -> Iterator[Any]:
    with launched() as opened:
        yield opened


def opened(browser: Any, live_server: object) -> Any:
    """A page with axe in it, put there as the library puts it: the security policy stays as strict as it is."""
    context = browser.new_context(locale="zh-CN", base_url=str(live_server))
    context.add_init_script(axe.AXE_SCRIPT)
    page = context.new_page()
    page.set_default_timeout(90_000)  # a busy machine is no failure
    return page


def findings(page: Any, name: str) -> list[str]:
    """What is serious or worse, in light and in dark; in dark only what colours can do."""
    wrong = []
    for theme, options in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
        page.emulate_media(color_scheme=theme)
        told = page.evaluate("options => axe.run(options)", {"resultTypes": ["violations"], **options})
        for one in told["violations"]:
            if one["impact"] in GRAVE:
                wrong += [f"{name}, {theme}: {one['id']} {node['target']}" for node in one["nodes"]]
    return wrong


def look(page: Any, name: str, address: str) -> list[str]:
    """Opens the page, which must be the one that was asked for."""
    page.emulate_media(color_scheme="light")
    try:
        answer = page.goto(address)
    except playwright.Error as error:
        return [f"{name}: {address} is no page: {str(error).splitlines()[0]}"]
    there = page.url.removeprefix(page.evaluate("location.origin"))
    if answer.status != 200 or not (there == address or name == "first_password"):
        return [f"{name}: {address} leads to {there} with {answer.status}: no page was looked at"]
    return findings(page, name)


def sign_in(page: Any) -> None:
    page.goto("/sign-in/")
    page.fill("#u", "everybody")
    page.fill("#p", PASSWORD)
    page.click(".ways .go")


def test_no_page_shuts_anybody_out(
    live_server: object,
    world: World,
    everybody: User,
    objects: Objects,  # noqa: F811
    browser: Any,
    tmp_path: Path,
) -> None:
    page = opened(browser, live_server)
    sign_in(page)
    everywhere = addresses(objects, own_objects(objects, everybody, tmp_path))
    wrong = look(page, "account_reauthenticate", everywhere["account_reauthenticate"])
    page.fill("#f", PASSWORD)
    page.click("button.go")
    for name in sorted(set(everywhere) - BEFORE - WITH_SECOND_STEP - {"account_reauthenticate"}):
        wrong += look(page, name, everywhere[name])
    TOTP.activate(everybody, generate_totp_secret())
    RecoveryCodes.activate(everybody)
    for name in sorted(WITH_SECOND_STEP - {"mfa_authenticate"}):
        wrong += look(page, name, everywhere[name])
    stranger = opened(browser, live_server)
    for name in sorted(BEFORE):
        wrong += look(stranger, name, everywhere[name])
    sign_in(stranger)
    wrong += findings(stranger, "mfa_authenticate")
    assert not wrong, "\n".join(wrong)
