"""Keys as somebody makes and revokes them on the page of his account."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from lianqiao.people import keys
from lianqiao.people.models import Key
from tests.api.conftest import secret
from tests.desk.conftest import just_signed_in
from tests.world import World

pytestmark = pytest.mark.data
PAGE = "/me/keys/"
GIVEN = {"name": "每月统计", "ends_on": str(timezone.localdate() + timedelta(days=90))}


@pytest.fixture
def leader(world: World, settings: LazySettings) -> Client:
    """The leader, who has just signed in with his password."""
    return just_signed_in(world.leader, settings)


def test_a_key_is_made_shown_once_and_opens(leader: Client) -> None:
    page = leader.post(PAGE, GIVEN)
    (shown,) = set(re.findall(r"lq_[0-9a-f]{16}_[\w-]{43}", page.content.decode()))
    assert "no-store" in page.headers["Cache-Control"]
    assert shown not in leader.get(PAGE).content.decode()
    assert Client(headers={"authorization": f"Bearer {shown}"}).get("/api/v1/measures").status_code == 200


def test_the_day_that_the_page_proposes_is_one_that_it_takes(leader: Client) -> None:
    proposed = re.search(r'name="ends_on" value="([^"]+)"', leader.get(PAGE).content.decode())
    assert proposed
    assert leader.post(PAGE, GIVEN | {"ends_on": proposed[1]}).status_code == 200


def test_a_key_is_revoked_by_its_holder_only(world: World, leader: Client) -> None:
    secret(world.leader)
    secret(world.admin)
    other, own = Key.objects.values_list("public", flat=True)
    assert leader.post(PAGE, {"revoke": own}).status_code == 302
    assert leader.post(PAGE, {"revoke": other}).status_code == 404
    assert [key.public for key in Key.objects.filter(revoked_at=None)] == [other]


@pytest.mark.parametrize("wrong", [{"name": ""}, {"ends_on": "2021-01-01"}, {"ends_on": "明天"}])
def test_a_key_that_cannot_be_is_refused(leader: Client, wrong: dict[str, str]) -> None:
    assert leader.post(PAGE, GIVEN | wrong).status_code == 400
    assert not Key.objects.exists()


def test_nobody_holds_more_than_a_few(world: World, leader: Client) -> None:
    for _ in range(keys.MOST):
        secret(world.leader)
    assert leader.post(PAGE, GIVEN).status_code == 400


def test_a_key_that_would_look_like_a_telephone_is_not_given(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["4c7e18397308481c", "4c7e1839730c481c"])
    monkeypatch.setattr("secrets.token_hex", lambda size: next(drawn))
    key, _ = keys.make(world.leader, "脚本", timezone.localdate())
    assert key.public == "4c7e1839730c481c"
