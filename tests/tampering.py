"""What somebody could do behind the system's back: who holds the database can take its guards away and write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from lianqiao.journal import guards


def drop_guards() -> None:
    settle()
    with connection.cursor() as cursor:
        for name in guards.wanted(connection.vendor):
            on = "" if connection.vendor == "sqlite" else f" ON {name.rsplit('_no_', 1)[0]}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def settle() -> None:
    """Has PostgreSQL do now what it puts off until a commit: it alters no table on which checks are pending."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


@contextmanager
def unguarded() -> Iterator[None]:
    """The journal without its guards, which stand again afterwards."""
    drop_guards()
    yield
    settle()
    guards.install(connection)


def execute(sql: str, parameters: Sequence[Any] = ()) -> int:
    """Runs a statement past all of the product's code and returns how many rows it touched."""
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.rowcount
