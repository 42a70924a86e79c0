"""The API as a program calls it: with a key, on the sample's last day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lianqiao.people import keys
from lianqiao.people.models import User
from tests.desk.conftest import nobody_has_tried_yet, on_the_last_day, world

__all__ = ["calling", "nobody_has_tried_yet", "on_the_last_day", "world"]

Caller = Callable[[User | None], Client]


def secret(user: User, days: int = 30) -> str:
    """A fresh key of somebody."""
    return keys.make(user, "统计脚本", timezone.localdate() + timedelta(days=days))[1]


@pytest.fixture
def calling() -> Caller:
    """A client that sends somebody's key with every call, or nothing."""

    def opened(user: User | None) -> Client:
        return Client(headers={"authorization": f"Bearer {secret(user)}"} if user else {})

    return opened
