"""Two people at once: one of them is first, and the other is told so."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from lianqiao.journal.models import Posting, Transaction
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.audit import verify
from lianqiao.people.models import Grant
from tests.world import make_world, person, visit

pytestmark = [pytest.mark.data, pytest.mark.django_db(transaction=True)]


def at_once(*doings: Callable[[], Any]) -> list[Any]:
    """What each of these came to, result or refusal, each on a connection of its own and all begun together."""
    start, came_to = Barrier(len(doings)), list[Any]([None] * len(doings))

    def do(at: int, doing: Callable[[], Any]) -> None:
        start.wait()
        try:
            came_to[at] = doing()
        except Refused as refusal:
            came_to[at] = refusal
        finally:
            connection.close()

    threads = [Thread(target=do, args=told) for told in enumerate(doings)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came_to


def test_a_row_approved_by_two_at_once_counts_once() -> None:
    world = make_world()
    second = person("second", Grant.Role.REVIEWER, world.county)
    (row,) = acts.create([visit(world.county)], world.jingjiang)
    came_to = at_once(lambda: acts.approve([row], world.yongshou), lambda: acts.approve([row], second))
    assert sorted(type(result).__name__ for result in came_to) == ["Refused", "Transaction"]
    assert Posting.objects.filter(measure__code="visits.batches").count() == 1
    assert verify().problems == []


def test_rows_entered_and_approved_at_once_leave_no_gap_in_any_series() -> None:
    world = make_world()
    before = Transaction.objects.count()

    def enter_and_pass() -> str:
        (row,) = acts.create([visit(world.county)], world.jingjiang)
        acts.approve([row], world.yongshou, despite_twins=True)
        return row.number

    numbers = at_once(*[enter_and_pass] * 4)
    assert sorted(numbers) == [f"HF-2021-{n:04d}" for n in range(1, 5)]
    assert Transaction.objects.count() == before + 4
    assert verify().problems == []
