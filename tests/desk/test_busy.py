"""What is told where others were writing for too long: that nothing was done, and when to come again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from lianqiao.desk.views import refusal
from lianqiao.fields.exchange.models import Visit
from lianqiao.ledger import acts
from tests.desk.conftest import Reader
from tests.world import World

ROW = {"occurred_on": "2021-10-12", "direction": "东部赴西部", "purpose": "对接", "leader": "示例", "people": "12"}


class Deadlock(Exception):
    sqlstate = "40P01"


def from_driver(cause: Exception, told: str = "") -> OperationalError:
    error = OperationalError(told or str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error", [OperationalError("database is locked"), from_driver(Deadlock("deadlock detected"))], ids=["sqlite", "pg"]
)
@pytest.mark.parametrize(("language", "told"), [("zh-hans", "什么也没有写进去"), ("en", "Nothing was written")])
def test_a_busy_database_is_no_failure(
    world: World, read: Reader, monkeypatch: pytest.MonkeyPatch, error: OperationalError, language: str, told: str
) -> None:
    def too_long(*args: Any, **more: Any) -> None:
        raise error

    monkeypatch.setattr(acts, "create", too_long)
    client = read(world.jingjiang, django_language=language)
    client.raise_request_exception = False
    answer = client.post("/ledgers/visits/new/", ROW | {"node": world.county.pk})
    assert (answer.status_code, answer["Retry-After"], told in answer.content.decode()) == (503, "5", True)
    assert not Visit.objects.exists()
    monkeypatch.undo()
    assert client.post("/ledgers/visits/new/", ROW | {"node": world.county.pk}).status_code == 302


def test_any_other_failure_stays_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lianqiao.desk.views.health.chain.head", lambda: 1 / 0)
    client = Client(raise_request_exception=False)
    assert client.get("/health/").status_code == 500
    assert not refusal.busy(OperationalError("no such table: exchange_visit"))
