"""Sets of rows larger than one statement takes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lianqiao.journal import sets
from lianqiao.journal.models import Balance, MeasureRow
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.data]
KEYS, SUMS = ("node", "grain", "measure", "start"), ("quantity", "in_year", "bare", "entries")


def rows(world: World, count: int, quantity: int) -> list[tuple[object, ...]]:
    first, measure = date(1990, 1, 1), MeasureRow.objects.earliest("pk").pk
    return [
        (world.county.pk, Balance.DAY, measure, first + timedelta(days=at), quantity, 0, 0, 1) for at in range(count)
    ]


def test_what_is_added_up_twice_stands_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets, "MOST_ROWS", 3)
    monkeypatch.setattr(sets, "MOST_VALUES", 20)
    sets.add_up(Balance, KEYS, SUMS, rows(world, 10, 5))
    sets.add_up(Balance, KEYS, SUMS, rows(world, 11, 2))
    held = Balance.objects.filter(node=world.county.pk, start__year=1990).order_by("start")
    assert list(held.values_list("quantity", "entries")) == [(7, 2)] * 10 + [(2, 1)]


def test_nothing_is_inserted_where_there_is_nothing() -> None:
    sets.insert(Balance, (*KEYS, *SUMS), [])
    assert not Balance.objects.filter(start__year=1990).exists()


def test_many_rows_are_inserted_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets, "MOST_VALUES", 20)
    given = rows(world, 10, 5)
    sets.insert(Balance, (*KEYS, *SUMS), given)
    held = Balance.objects.filter(node=world.county.pk, start__year=1990).order_by("start")
    assert [row.start for row in held] == [row[3] for row in given]
