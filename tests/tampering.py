"""What somebody could do behind the system's back: who holds the database can take its guards away and write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from lianqiao.journal import guards


def drop_guards() -> None:
    with connection.cursor() as cursor:
        for name in guards.wanted(connection.vendor):
            on = "" if connection.vendor == "sqlite" else f" ON {name.rsplit('_no_', 1)[0]}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


@contextmanager
def unguarded() -> Iterator[None]:
    """The journal without its guards, which stand again afterwards."""
    drop_guards()
    yield
    guards.install(connection)


def execute(sql: str, parameters: Sequence[Any] = ()) -> int:
    """Runs a statement past all of the product's code and returns how many rows it touched."""
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.rowcount
