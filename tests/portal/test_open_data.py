"""Open data: only what is in public, in pages and as tables, cheap to ask for again; its description is kept to by the answers."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from wagtail.models import PageViewRestriction

from lianqiao.agreements.models import Agreement, Target
from lianqiao.api.openly import cell
from lianqiao.ledger import acts
from lianqiao.portal.models import Opportunity, OpportunityIndex, Zone, ZoneIndex
from tests.portal.published import draft, figures_page, fixed, home, public_article, quoting, visits
from tests.world import UNTIL, World

pytestmark = [pytest.mark.django_db, pytest.mark.data]
LISTS = ("figures", "measures", "targets", "news", "zones", "opportunities")


def rows(client: Client, name: str) -> list[dict[str, str]]:
    told = client.get(f"/open/v1/{name}.csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(told)))


def target(world: World) -> None:
    """20 delegations agreed for 2021."""
    (paper,) = acts.create(
        [
            Agreement(
                node=world.county,
                title="示例年度协议",
                kind="年度协议",
                signed_on=UNTIL,
                start=UNTIL,
                end=date(2021, 12, 31),
            )
        ],
        world.admin,
    )
    acts.approve([paper], world.other_admin)
    (made,) = acts.create(
        [Target(node=world.county, agreement=paper, measure="visits.batches", quantity=20, year=2021)], world.admin
    )
    acts.approve([made], world.other_admin)


def zone(title: str = "示例开发区", live: bool = True) -> Zone:
    page = Zone(title=title, slug=f"z-{live}".lower(), city="泰州", summary="示例。", live=live)
    ZoneIndex.objects.child_of(home()).first().add_child(instance=page)
    return page


def opportunity(title: str = "示例机会", amount: int = 68_000_000_00) -> Opportunity:
    page = Opportunity(
        title=title,
        slug="o",
        place="永寿县",
        sector="cold",
        mode="股权合作",
        amount=amount,
        updated=UNTIL,
        summary="示例。",
    )
    OpportunityIndex.objects.child_of(home()).first().add_child(instance=page)
    return page


def test_figures_are_those_in_public_and_no_others(world: World, client: Client) -> None:
    visits(world)
    one = fixed(world)
    fixed(world, "visits.person_times")
    public_article(quoting(one))
    told = client.get("/open/v1/figures").json()
    assert [(item["measure"], item["value"], item["definition"]) for item in told["items"]] == [
        ("visits.batches", 3, one.stated["definition"])
    ]
    assert told["licence"].startswith("https://creativecommons.org/")
    assert [item["code"] for item in client.get("/open/v1/measures").json()["items"]] == ["visits.batches"]
    assert [row["value"] for row in rows(client, "figures")] == ["3"]


def test_a_figure_has_the_address_that_its_proof_has(world: World, client: Client) -> None:
    visits(world)
    one = fixed(world)
    assert client.get(f"/open/v1{one.address}").status_code == 404
    public_article(quoting(one))
    told = client.get(f"/open/v1{one.address}").json()
    proof = client.get(f"/zh-hans{one.address}.json").json()
    assert (told["figure"]["value"], told["figure"]["hash"]) == (3, one.hash)
    assert (told["now"], told["verify"], told["changes"]) == (proof["now"], proof["verify"], proof["changes"])


def test_targets_are_public_only_beside_their_figure(world: World, client: Client) -> None:
    visits(world)
    target(world)
    one = fixed(world)
    figures_page(one)
    assert client.get("/open/v1/targets").json()["items"] == []
    figures_page(one, with_target=True)
    (told,) = client.get("/open/v1/targets").json()["items"]
    assert (told["promised"], told["value"], told["rate"], told["year"]) == (20, 3, "15", 2021)
    assert told["agreement"] == "示例年度协议"


def test_pages_that_are_drafts_or_restricted_are_not_told(world: World, client: Client) -> None:
    draft("<p>草稿。</p>", "cao-gao", title="草稿标题")
    hidden = public_article("<p>示例。</p>", "yin-cang", title="内部标题")
    public_article("<p>示例。</p>", "gong-kai", title="公开标题")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    assert [item["title"] for item in client.get("/open/v1/news").json()["items"]] == ["公开标题"]
    assert [row["title"] for row in rows(client, "news")] == ["公开标题"]
    assert client.get("/open/v1/news?language=en").json()["count"] == 0


def test_zones_and_opportunities(world: World, client: Client) -> None:
    zone()
    zone("未公开的开发区", live=False)
    opportunity()
    assert [item["title"] for item in client.get("/open/v1/zones").json()["items"]] == ["示例开发区"]
    (told,) = client.get("/open/v1/opportunities").json()["items"]
    assert (told["amount"], told["stage"], told["dated"]) == ("68000000", "open", "2021-10-12")


def test_lists_come_in_pages(world: World, client: Client) -> None:
    for number in range(3):
        public_article("<p>示例。</p>", f"n{number}", title=f"第{number}条")
    told = client.get("/open/v1/news?size=2&page=2").json()
    assert (told["count"], told["pages"], [item["title"] for item in told["items"]]) == (3, 2, ["第0条"])
    assert client.get("/open/v1/news?size=2&page=9").json()["items"] == []
    assert client.get("/open/v1/news?size=1000").status_code == 400


@pytest.mark.parametrize("name", [one + form for one in LISTS for form in ("", ".csv")])
def test_what_has_not_changed_is_not_sent_again(world: World, client: Client, name: str) -> None:
    visits(world)
    public_article(quoting(fixed(world)))
    first = client.get(f"/open/v1/{name}")
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "public, max-age=300"
    again = client.get(f"/open/v1/{name}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(f"/open/v1/{name}").status_code == 200


def test_a_change_is_sent_whole(world: World, client: Client) -> None:
    public_article("<p>示例。</p>", "yi")
    first = client.get("/open/v1/news")
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get("/open/v1/news", headers=since).status_code == 304
    public_article("<p>示例。</p>", "er")
    answer = client.get("/open/v1/news", headers={"If-None-Match": first.headers["ETag"]})
    assert (answer.status_code, answer.json()["count"]) == (200, 2)


@pytest.mark.parametrize("title", ["=1+1", "+86", "-甲", "@示例", "\t=1"])
def test_a_cell_is_never_a_formula(world: World, client: Client, title: str) -> None:
    public_article("<p>示例。</p>", "gong-shi", title="示例", source=title)
    (row,) = rows(client, "news")
    assert row["source"] == f"'{title}"


@pytest.mark.parametrize("value", ["-12.50", "3", 7, -7, "示例", None])
def test_a_number_stays_a_number(value: Any) -> None:
    assert cell(value) == ("" if value is None else value)


def test_errors_are_told_as_everywhere_else(client: Client) -> None:
    assert client.get("/open/v1/nothing").json()["error"]["status"] == 404
    wrong = client.get("/open/v1/news?page=0", headers={"Accept-Language": "en"}).json()["error"]
    assert (wrong["status"], wrong["fields"][0]["field"]) == (400, "page")
    assert client.post("/open/v1/news").status_code == 405


def test_a_caller_that_hurries_is_asked_to_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lianqiao.api.openly.Rate.allow_request", lambda *given: False)
    assert client.get("/open/v1/figures").status_code == 429


# The description -------------------------------------------------------------------------------------------------------


@pytest.fixture
def filled(world: World) -> World:
    """Something of each kind."""
    visits(world)
    target(world)
    public_article(quoting(fixed(world)))
    figures_page(fixed(world), fixed(world, "visits.person_times"), by_year=True, with_target=True)
    zone()
    opportunity()
    return world


def test_the_answers_are_as_the_description_says(filled: World) -> None:
    """schemathesis makes up calls from the description, right ones and wrong ones; every answer must be in it."""
    assert tried("/open/v1/openapi.json") >= len(LISTS) * 2


def tried(description: str, **more: Any) -> int:
    """How many calls of the API were tried, each of its operations with made-up parameters, right and wrong; fails at the
    first whose answer is not as the description says."""
    schema = schemathesis.openapi.from_wsgi(description, from_somewhere)
    done = 0
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]
        # Anything may stand in an address; only a parameter can be wrong.
        asks = any(one.location == "query" for one in operation.iter_parameters())
        wrong = [GenerationMode.NEGATIVE] if asks else []
        for mode in (GenerationMode.POSITIVE, *wrong):
            done += called(operation.as_strategy(mode), more)
    return done


def from_somewhere(environ: dict[str, Any], start_response: Any) -> Any:
    """The product's application. A server says where a call comes from, and so does this; it leaves the connection to the
    database, in which the test stands, as it is."""
    ends = (request_started, request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    try:
        return list(get_wsgi_application()({"REMOTE_ADDR": "127.0.0.1", **environ}, start_response))
    finally:
        for end in ends:
            end.connect(close_old_connections)


def called(cases: Any, more: dict[str, Any]) -> int:
    done = 0

    @settings(
        max_examples=2, derandomize=True, database=None, deadline=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(cases)
    def call(case: Any) -> None:
        nonlocal done
        case.call_and_validate(**more)
        done += 1

    call()
    return done
