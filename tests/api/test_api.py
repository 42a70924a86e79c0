"""What the API answers, and what a call that fails is told."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from lianqiao.agreements.models import Agreement, Target
from lianqiao.api import doors
from lianqiao.claims.models import SavedCheck
from lianqiao.journal import chain
from lianqiao.people import keys
from lianqiao.people.models import Access, User
from tests.api.conftest import Caller, secret
from tests.world import World, approved, visit

pytestmark = pytest.mark.data
HERE = "/api/v1"


def answer(client: Client, address: str, status: int = 200, **more: Any) -> Any:
    response = client.get(f"{HERE}/{address}", **more)
    assert response.status_code == status, response.content
    return response.json()


def posted(client: Client, address: str, given: Any, status: int = 200) -> Any:
    response = client.post(f"{HERE}/{address}", json.dumps(given), content_type="application/json")
    assert response.status_code == status, response.content
    return response.json()


@pytest.fixture
def visits(world: World) -> World:
    approved(world, visit(world.county, date(2021, 3, 1), people=12))
    approved(world, visit(world.county, date(2021, 9, 1), people=30))
    return world


# Reading ---------------------------------------------------------------------------------------------------------------


def test_a_figure_comes_with_both_its_times_and_its_proof(visits: World, calling: Caller) -> None:
    county = visits.county
    (told,) = answer(
        calling(visits.leader),
        f"figures?node={county.number}&code=visits.person_times&from=2021-01-01&until=2021-12-31",
    )
    head = chain.head()
    assert (told["value"], told["unit"], told["entries"]) == (42, "人次", 2)
    assert (told["from"], told["until"], told["pairing"]) == ("2021-01-01", "2021-12-31", county.name)
    assert (told["transaction"], told["hash"]) == (head.number, head.hash)
    assert told["known_at"]
    assert told["definition"]
    assert told["address"] == f"/figures/visits.person_times/{county.number}/2021-01-01..2021-12-31@{head.number}"


def test_the_address_of_a_figure_on_the_desk_is_its_address_here(visits: World, calling: Caller) -> None:
    client = calling(visits.leader)
    (told,) = answer(client, f"figures?node={visits.county.number}&code=visits.batches")
    assert answer(client, told["address"][1:]) == told


def test_what_was_known_before_is_told_as_it_was(visits: World, calling: Caller) -> None:
    client, query = calling(visits.leader), f"figures?node={visits.county.number}&code=visits.person_times"
    before = chain.head().number - 1
    assert answer(client, f"{query}&known_at={before}")[0]["value"] == 12
    assert answer(client, f"{query}&known_at=1990-01-01")[0]["value"] is None


def test_without_codes_every_measure_is_told(visits: World, calling: Caller) -> None:
    client = calling(visits.leader)
    told = answer(client, f"figures?node={visits.county.number}")
    assert [one["measure"] for one in told] == [one["code"] for one in answer(client, "measures")]


def test_measures_tell_their_definition_and_their_family(world: World, calling: Caller) -> None:
    held = {one["code"]: one for one in answer(calling(world.leader), "measures")}
    assert held["visits.person_times"]["definition"]
    assert any(one["relation"] == "part" and one["parent"] in held for one in held.values())
    assert any(len(one["over"]) == 2 for one in held.values())


def test_nodes_are_those_that_the_caller_may_read(world: World, calling: Caller) -> None:
    told = answer(calling(world.stranger), "nodes")
    assert [one["number"] for one in told] == [world.elsewhere.number]
    county = next(one for one in answer(calling(world.admin), "nodes") if one["number"] == world.county.number)
    assert county["parent"] == world.prefecture.number


def test_targets_are_held_against_the_years_figures(visits: World, calling: Caller) -> None:
    term = {"start": date(2021, 1, 1), "end": date(2021, 12, 31), "signed_on": date(2021, 1, 5)}
    (signed,) = approved(visits, Agreement(node=visits.county, title="2021年度协议", kind="年度协议", **term))
    promised = {"agreement": signed, "measure": "visits.person_times", "quantity": 50, "year": 2021}
    approved(visits, Target(node=visits.county, since=date(2021, 1, 5), **promised))
    (told,) = answer(calling(visits.leader), f"targets?node={visits.county.number}&year=2021&until=2021-12-31")
    assert (told["promised"], told["figure"]["value"], told["state"]) == (50, 42, "behind")
    assert (float(told["rate"]), float(told["pace"])) == (84, 100)


def test_the_claims_of_a_text(world: World, calling: Caller) -> None:
    told = posted(calling(world.leader), "claims", {"text": "今年互访8批，发布时间：2021-10-13。"})
    assert told["published"] == "2021-10-13"
    assert [(one["quote"], one["indicator"], one["period"]) for one in told["claims"]] == [
        ("8批", "visits.batches", "year")
    ]


def test_a_text_is_held_against_the_journal_and_not_kept(visits: World, calling: Caller) -> None:
    given = {"text": "2021年，两地互访42人次，举办招聘会3场。", "node": visits.county.number, "as_of": "2021-12-31"}
    told = posted(calling(visits.leader), "checks", given)
    assert [one["verdict"] for one in told["claims"]] == ["borne out", "no entries"]
    assert told["claims"][0]["figure_address"].startswith("/figures/visits.person_times/")
    assert (told["hash"], SavedCheck.objects.count()) == (chain.head().hash, 0)


def test_the_sample_is_open_to_who_reads_it(world: World, calling: Caller, settings: LazySettings) -> None:
    settings.OPEN = True
    assert answer(calling(None), "measures")
    assert posted(calling(None), "claims", {"text": "互访8批"})["claims"]


# Who calls -------------------------------------------------------------------------------------------------------------


def test_a_key_is_shown_once_and_kept_as_a_digest(world: World) -> None:
    key, shown = keys.make(world.leader, "脚本", timezone.localdate())
    assert shown.startswith(f"lq_{key.public}_")
    assert shown.rpartition("_")[2] not in str(key.__dict__)


@pytest.mark.parametrize("how", ["revoked", "ended", "switched off", "changed", "no key"])
def test_a_key_that_opens_nothing_is_refused_whoever_has_signed_in(world: World, how: str) -> None:
    key, shown = keys.make(world.leader, "脚本", timezone.localdate())
    if how == "revoked":
        keys.revoke(key)
    elif how == "ended":
        type(key).objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    elif how == "switched off":
        User.objects.filter(pk=world.leader.pk).update(is_active=False)
    elif how == "changed":
        shown = shown[:-1] + ("A" if shown[-1] != "A" else "B")
    client = Client(headers={"authorization": "Bearer x" if how == "no key" else f"Bearer {shown}"})
    client.force_login(world.admin)
    answer(client, "measures", 401)
    line = Access.objects.first()
    assert line
    assert line.act == Access.Act.REFUSED
    assert line.by == ("" if how == "no key" else key.public)


def test_what_becomes_of_a_key_is_in_the_access_log(world: World, calling: Caller) -> None:
    client = calling(world.leader)
    answer(client, "measures")
    answer(client, "measures")
    (key,) = keys.held(world.leader)
    keys.revoke(key)
    lines = Access.objects.filter(by=world.leader.username).order_by("pk").values_list("act", "what")
    assert [act for act, what in lines if key.public in what] == ["account", "sign_in", "account"]


def test_somebody_holds_few_keys_and_none_for_ever(world: World) -> None:
    for _ in range(keys.MOST):
        secret(world.leader)
    with pytest.raises(keys.TooMany):
        secret(world.leader)
    for days in (-1, keys.LONGEST + 1):
        with pytest.raises(ValueError, match="-"):
            secret(world.admin, days)


def test_who_has_signed_in_may_read_but_not_send(world: World) -> None:
    client = Client()
    client.force_login(world.leader)
    assert answer(client, "measures")
    posted(client, "claims", {"text": "互访8批"}, 401)


def test_calls_are_counted_by_caller(world: World, calling: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors.time, "time", lambda: 1_700_000_000.0)
    client, other = calling(world.leader), calling(world.admin)
    for _ in range(doors.TEXTS):
        posted(client, "claims", {"text": ""})
    told = client.post(f"{HERE}/claims", "{}", content_type="application/json")
    assert (told.status_code, told.headers["Retry-After"]) == (429, "40")
    posted(other, "claims", {"text": ""})


def test_guesses_at_keys_are_counted_by_address(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors.time, "time", lambda: 1_700_000_000.0)
    client = Client(headers={"authorization": "Bearer lq_x"})
    got = [client.get(f"{HERE}/measures").status_code for _ in range(doors.MISSES + 1)]
    assert got == [401] * doors.MISSES + [429]


# Calls that fail -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status", "field"),
    [
        ("figures", 400, "node"),
        ("figures?node={n}&code=no.such", 400, "code"),
        ("figures?node={n}&from=2021-13-01", 400, "from"),
        ("figures?node={n}&from=2021-02-01&until=2021-01-01", 400, "from"),
        ("figures?node={n}&until=0001-01-01", 400, "until"),
        ("figures?node={n}&known_at=yesterday", 400, "known_at"),
        ("figures?node={n}&known_at=999999", 400, "known_at"),
        ("figures?node={n}%2B{n}", 400, "node"),
        ("figures?node={n}+{n}", 400, "node"),
        ("figures/visits.batches/%00/..2021-10-12", 404, ""),
        ("figures?node={p}%2B{n}", 400, "node"),
        ("figures?node=nowhere", 404, ""),
        ("figures?node=%00", 404, ""),
        ("figures/visits.batches/{n}/yesterday", 404, ""),
        ("targets?node={n}&year=3000", 400, "year"),
        ("no/such/address", 404, ""),
        ("", 404, ""),
    ],
)
def test_a_wrong_call_is_told_which_part_is_wrong(
    world: World, calling: Caller, address: str, status: int, field: str
) -> None:
    address = address.format(n=world.county.number, p=world.prefecture.number)
    told = answer(calling(world.admin), address, status)
    assert told["error"]["status"] == status
    assert told["error"]["message"]
    assert [one["field"] for one in told["error"].get("fields", [])] == ([field] if field else [])


def test_errors_speak_the_callers_language(world: World, calling: Caller) -> None:
    client = calling(world.leader)
    chinese = answer(client, "figures?node=nowhere", 404)["error"]["message"]
    english = answer(client, "figures?node=nowhere", 404, headers={"accept-language": "en"})["error"]["message"]
    assert chinese == doors.WORDS[404]
    assert english.isascii()


@pytest.mark.parametrize(
    "body", ["", "[]", '{"text": "\\ud800"}', "{", '{"text": 5}', '{"text": "' + "字" * 100_001 + '"}', "\x00"]
)
def test_a_body_that_is_none_is_refused(world: World, calling: Caller, body: str) -> None:
    response = calling(world.leader).post(f"{HERE}/claims", body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["error"]["message"]


def test_our_own_fault_is_told_as_such(world: World, calling: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lianqiao.api.routes.all_measures", lambda: 1 / 0)
    assert answer(calling(world.leader), "measures", 500)["error"]["message"] == doors.WORDS[500]


def test_answers_are_kept_by_nobody_but_the_caller(world: World, calling: Caller) -> None:
    response = calling(world.leader).get(f"{HERE}/measures")
    assert "private" in response.headers["Cache-Control"]
    assert "Authorization" in response.headers["Vary"]
