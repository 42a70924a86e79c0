"""The site as somebody reads it: on the sample's last day, closed unless a test opens it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianqiao.journal import clock
from lianqiao.journal.clock import SHANGHAI
from lianqiao.people.models import User
from tests.world import World, make_world

TODAY = date(2021, 12, 31)
PASSWORD = "一行填一次数12345"
Reader = Callable[..., Client]


@pytest.fixture(autouse=True)
def on_the_last_day(settings: pytest.FixtureRequest) -> None:
    settings.TODAY = TODAY  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def nobody_has_tried_yet() -> None:
    """Attempts at signing in are counted in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def read() -> Reader:
    """A browser, signed in as somebody or as nobody."""

    def opened(user: User | None = None, **cookies: str) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        for name, value in cookies.items():
            client.cookies[name] = value
        return client

    return opened


@pytest.fixture
def world(db: None) -> World:
    """The world, recorded when it began: recording never goes back, and these tests tell of the years after."""
    with clock.at(moment(2017, 1, 3)):
        return make_world()


def just_signed_in(user: User, settings: Any) -> Client:
    """A browser of somebody who has just signed in, and once more with the password; hashed quickly: a real hash takes half a second."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    client.post("/sign-in/", {"login": user.username, "password": PASSWORD})
    client.post("/again/", {"password": PASSWORD})
    return client


def queries(client: Client, address: str) -> int:
    """How many queries a page costs; the page must be there."""
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def moment(year: int, month: int, day: int, hour: int = 9) -> datetime:
    """When something is recorded."""
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)
