"""What surrounds every page: signing in, choices, errors, health, transactions, and what no page may do."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import DatabaseError
from django.test import Client

from lianqiao.desk.views import health, home, transaction
from lianqiao.journal import chain
from tests.desk.conftest import Reader
from tests.world import World, approved, revised, told, visit


@pytest.fixture
def pages(world: World) -> list[str]:
    """One address of each kind of page."""
    approved(world, visit(world.county))
    return [
        "/desk/", "/targets/", "/targets/?day=2021-10-12", "/figures/", told("visits.batches", world.county).address,
        told("projects.completion_rate", world.county).address, "/ledgers/", "/ledgers/visits/", "/ledgers/visits/HF-2021-0001/",
        "/checks/", "/transactions/1/", "/nothing/", "/me/",
    ]  # fmt: skip


def test_no_page_has_a_style_an_inline_script_or_anything_from_elsewhere(
    world: World, read: Reader, pages: list[str]
) -> None:
    client = read(world.auditor)
    for address in pages:
        page = client.get(address)
        text = page.content.decode()
        assert not re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son\w+=|https?://", text), address
        assert "default-src 'self'" in page["Content-Security-Policy"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_says_its_language_and_has_a_way_past_the_navigation(
    world: World, read: Reader, pages: list[str], language: str
) -> None:
    client = read(world.auditor, django_language=language)
    for address in pages:
        text = client.get(address).content.decode()
        assert f'<html lang="{"en" if language == "en" else "zh-CN"}"' in text, address
        assert 'class="skip" href="#main"' in text
        assert '<main id="main">' in text


def test_the_interface_of_an_english_page_is_english(world: World, read: Reader, pages: list[str]) -> None:
    """What offices wrote, names and definitions stay as they are; what surrounds them does not."""
    client = read(world.auditor, django_language="en")
    for address in ("/ledgers/", "/checks/", "/me/"):
        text = client.get(address).content.decode()
        shown = re.sub(r"<[^>]*>|靖江市|永寿县|中文", " ", text.partition("<header")[2] or text)
        assert not re.search(r"[\u4e00-\u9fff]", shown), re.findall(r"[\u4e00-\u9fff]+", shown)


def test_a_browsers_own_language_is_no_choice(world: World, read: Reader) -> None:
    page = read(world.auditor).get("/", headers={"accept-language": "en-US"})
    assert "两地互访" in page.content.decode()


def test_headings_of_columns_have_a_scope(world: World, read: Reader, pages: list[str]) -> None:
    client = read(world.auditor)
    for address in pages:
        assert not re.search(r"<th(?![^>]*\sscope=)[\s>]", client.get(address).content.decode()), address


def test_the_footer_shows_the_head_of_the_chain(world: World, read: Reader) -> None:
    head = chain.head()
    text = read(world.auditor).get("/").content.decode()
    assert f'href="/transactions/{head.number}/">#{head.number:,} · {head.hash[:8]}</a>' in text


@pytest.mark.parametrize("opened", [True, False])
def test_only_a_sample_says_that_it_is_one(
    world: World, read: Reader, settings: pytest.FixtureRequest, opened: bool
) -> None:
    settings.OPEN = opened  # type: ignore[attr-defined]
    assert ("示例数据" in read(world.auditor).get("/").content.decode()) is opened


def test_whoever_reaches_an_open_instance_may_read_it(
    world: World, read: Reader, pages: list[str], settings: pytest.FixtureRequest
) -> None:
    settings.OPEN = True  # type: ignore[attr-defined]
    client = read()
    assert {client.get(address).status_code for address in pages if address not in ("/nothing/", "/me/")} == {200}


# Choices ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"), [("lq_money", "yuan"), ("lq_theme", "dark"), ("lq_theme", "system"), ("django_language", "en")]
)
def test_a_choice_is_kept_and_leads_back(db: None, read: Reader, name: str, value: str) -> None:
    answer = read().post("/choose/", {name: value, "next": "/targets/?day=2021-10-12"})
    assert (answer.status_code, answer["Location"]) == (302, "/targets/?day=2021-10-12")
    assert answer.cookies[name].value == value
    assert answer.cookies[name]["httponly"]


@pytest.mark.parametrize("away", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_a_choice_never_leads_to_another_site(db: None, read: Reader, away: str) -> None:
    assert read().post("/choose/", {"lq_money": "wan", "next": away})["Location"] == "/"


@pytest.mark.parametrize("wrong", [{}, {"lq_money": "dollar"}, {"sessionid": "x"}, {"lq_theme": ""}])
def test_what_there_is_not_to_choose_from_is_a_bad_request(db: None, read: Reader, wrong: dict[str, str]) -> None:
    assert read().post("/choose/", wrong).status_code == 400


def test_a_choice_is_never_made_by_a_link(db: None, read: Reader) -> None:
    assert read().get("/choose/?lq_money=wan").status_code == 405


def test_a_choice_needs_the_forms_token(db: None) -> None:
    assert Client(enforce_csrf_checks=True).post("/choose/", {"lq_money": "wan"}).status_code == 403


@pytest.mark.parametrize(("cookie", "told"), [("dark", ' data-theme="dark"'), ("system", ""), ("<x>", "")])
def test_the_theme_is_set_by_the_server(world: World, read: Reader, cookie: str, told: str) -> None:
    text = read(world.auditor, lq_theme=cookie).get("/").content.decode()
    assert f'<html lang="zh-CN"{told}>' in text


# Health, errors, transactions ------------------------------------------------------------------------------------------


def test_health_tells_the_head(world: World, read: Reader) -> None:
    head = chain.head()
    assert read().get("/health/").json() == {"ok": True, "head": {"number": head.number, "hash": head.hash}}
    assert read().post("/health/").status_code == 405


def test_health_says_when_the_database_does_not_answer(db: None, read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise DatabaseError

    monkeypatch.setattr(health.chain, "head", fail)
    answer = read().get("/health/")
    assert (answer.status_code, answer.json()) == (503, {"ok": False})


def test_a_page_that_fails_says_what_was_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(home, "sentence", fail)
    client = Client(raise_request_exception=False)
    client.force_login(world.auditor)
    page = client.get("/")
    assert page.status_code == 500
    assert "账本没有改动" in page.content.decode()


def test_a_transaction_tells_who_why_and_what(world: World, read: Reader) -> None:
    (row,) = approved(world, visit(world.county, people=12))
    revised(world, row, "依签到表", people=10)
    head = chain.head()
    text = read(world.auditor).get(f"/transactions/{head.number}/").content.decode()
    assert head.hash in text
    assert "更正：依签到表" in text
    assert ">−2</td>" in text


def test_postings_of_others_nodes_are_counted_and_not_shown(world: World, read: Reader) -> None:
    approved(world, visit(world.county))
    page = read(world.stranger).get(f"/transactions/{chain.head().number}/")
    assert page.context["lines"] == []
    assert "可见 0 条" in page.content.decode()


def test_a_long_transaction_is_paged(world: World, read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction, "SIZE", 3)
    approved(world, *(visit(world.county, date(2021, 1, n), purpose=f"示例{n}") for n in (1, 2)))
    address = f"/transactions/{chain.head().number}/"
    client = read(world.auditor)
    assert [len(client.get(f"{address}?page={n}").context["lines"]) for n in (1, 3)] == [3, 2]
    assert client.get(f"{address}?page=4").status_code == 404


def test_the_ladder_of_a_transaction(world: World, read: Reader) -> None:
    assert read(world.leader).get("/transactions/1/").status_code == 200
    assert read(world.auditor).get("/transactions/99999/").status_code == 404
    assert read().get("/transactions/1/").status_code == 302
    assert read(world.auditor).post("/transactions/1/").status_code == 405
    world.stranger.grants.all().delete()
    assert read(world.stranger).get("/transactions/1/").status_code == 404
