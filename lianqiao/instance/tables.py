"""The database as rows of plain values, the same from SQLite and from PostgreSQL, whatever version made its schema.

Which tables and columns there are is read from the migrations that the database has had, not from today's models: a
new version can so back up an old database, and rebuild it as it was before it migrates it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.db import transaction as database
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from lianqiao.journal import sets

Migration = tuple[str, str]  # app, name
# Whoever holds a session's row is signed in: no session outlives a restore, and none lies in a backup. The index of the
# public pages is another on each database and made anew from them (portal/searching.py); pictures in other sizes also.
LEFT_OUT = frozenset({
    "django_session", "wagtailsearch_indexentry", "wagtailsearch_indexentry_fts", "wagtailimages_rendition",
    "wagtailadmin_editingsession",
})  # fmt: skip
FETCH = 2000


class Newer(Exception):
    """Migrations that this version does not know: a later one made them."""

    def __init__(self, migrations: Iterable[Migration]) -> None:
        names = "、".join(f"{app}.{name}" for app, name in migrations)
        super().__init__(f"由更新的版本所建，本版本不认识：{names}。请先升级连桥。")


@dataclass(frozen=True)
class Table:
    """A table as its migrations made it."""

    model: type[models.Model]

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @property
    def columns(self) -> list[str]:
        return [str(field.column) for field in self.model._meta.local_concrete_fields]

    @property
    def fields(self) -> list[str]:
        return [field.name for field in self.model._meta.local_concrete_fields]


def applied(source: BaseDatabaseWrapper) -> list[Migration]:
    with source.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        return [(app, name) for app, name in cursor.fetchall()]


def known(migrations: Iterable[Migration]) -> list[Migration]:
    """The same in order, but for those that others replace. Raises Newer where this version does not have one of them."""
    wanted = set(migrations)
    if strange := wanted - set(graph().disk_migrations):
        raise Newer(sorted(strange))
    return sorted(wanted & set(all_migrations()))


def tables(migrations: Iterable[Migration]) -> list[Table]:
    """The tables that these migrations make, by name. Raises Newer."""
    found = [Table(model) for model in managed(known(migrations), include_auto_created=True)]
    return sorted((table for table in found if table.name not in LEFT_OUT), key=lambda table: table.name)


def managed(migrations: list[Migration], **more: bool) -> list[type[models.Model]]:
    """The models that stand after these migrations and have tables of their own."""
    found = graph().project_state(migrations).apps.get_models(**more)
    for model in found:  # taggit's last migration leaves one index twice in what Django knows of its table
        model._meta.indexes = list({index.name: index for index in model._meta.indexes}.values())
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def rows(source: BaseDatabaseWrapper, table: Table) -> Iterator[tuple[Any, ...]]:
    """The rows in the order of their keys, as they come from the database."""
    columns = ", ".join(f'"{column}"' for column in table.columns)
    with source.chunked_cursor() as cursor:
        cursor.execute(f'SELECT {columns} FROM "{table.name}" ORDER BY "{table.model._meta.pk.column}"')
        while fetched := cursor.fetchmany(FETCH):
            yield from fetched


def plain(value: Any) -> str:
    """What JSON does not know: dates as ISO, times (UTC) and UUIDs as SQLite keeps them."""
    if isinstance(value, datetime):
        return str(timezone.make_naive(value, UTC) if timezone.is_aware(value) else value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return value.hex
    raise TypeError(f"no plain form of {type(value).__name__}")


encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=plain).encode


def make_schema(migrations: Iterable[Migration]) -> None:
    """Makes the empty tables as these migrations leave them. Raises Newer.

    From their outcome and not one by one, which takes thirty times as long. So what a migration does beside tables must
    be put back after every migrate, as the guards are.
    """
    wanted = known(migrations)
    with connection.schema_editor() as editor:
        for model in managed(wanted):
            editor.create_model(model)  # with its tables of many-to-many relations
    mark_applied(wanted)


# Whose migrations touch no tables but their own, and leave nothing in them that is not put back after every migrate.
SELF_CONTAINED = ("wagtail", "taggit")


def make_new_apps() -> None:
    """Makes the tables of self-contained apps that the database has had nothing of, from the outcome of their migrations:
    one by one, Wagtail's take longer than all of ours. What does not stand on them is migrated before, since with them
    every step takes several times as long."""
    wanted = new_migrations(set(known(applied(connection))))
    if not wanted:
        return
    executor, plan = MigrationExecutor(connection), graph().graph.forwards_plan
    executor.migrate([leaf for leaf in graph().graph.leaf_nodes() if not set(wanted) & set(plan(leaf))])
    made = {app for app, _ in wanted}
    with connection.schema_editor() as editor:
        for model in managed([*known(applied(connection)), *wanted]):
            if model._meta.app_label in made:
                editor.create_model(model)
        mark_applied(wanted)


def new_migrations(had: set[Migration]) -> list[Migration]:
    """All migrations of self-contained apps of which there is none among those, and all on which these stand."""
    begun = {app for app, _ in had}
    names = {config.label for config in apps.get_app_configs() if config.name.partition(".")[0] in SELF_CONTAINED}
    wanted = {key for key in all_migrations() if key[0] in names - begun}
    needed = {before for key in wanted for before in graph().graph.forwards_plan(key)}
    return sorted(wanted) if needed <= had | wanted else []


def mark_applied(migrations: Iterable[Migration]) -> None:
    """Notes that the database has had these migrations, and with each those that it replaces: so Django goes by it."""
    noted = {replaced for key in migrations for replaced in (key, *graph().disk_migrations[key].replaces)}
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    recorder.migration_qs.bulk_create([recorder.Migration(app=app, name=name) for app, name in sorted(noted)])


def all_migrations() -> list[Migration]:
    """Every migration that this version has."""
    return sorted((app, name) for app, name in graph().graph.nodes)


@cache
def graph() -> MigrationLoader:
    """This version's migrations and how they follow each other, whatever a database has had of them."""
    return MigrationLoader(None)


def fill(table: Table, lines: Iterable[bytes]) -> int:
    """Puts the rows of a table's lines into it, in place of what migrations left there, and returns how many.

    Raises ValueError where the line of column names is not the table's.
    """
    found = iter(lines)
    if json.loads(next(found, b"null")) != table.columns:
        raise ValueError(f"{table.name}: other columns")
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{table.name}"')
    counted = Counted(json.loads(line) for line in found)
    sets.insert(table.model, table.fields, counted)
    return counted.passed


class Counted:
    """Counts what passes."""

    def __init__(self, source: Iterable[list[Any]]) -> None:
        self.source, self.passed = source, 0

    def __iter__(self) -> Iterator[list[Any]]:
        for row in self.source:
            self.passed += 1
            yield row


def set_sequences(filled: Iterable[Table]) -> None:
    """The next row of each table gets the number after the highest (SQLite sees to that by itself)."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for table in filled:
            for found in connection.introspection.get_sequences(cursor, table.name):
                column = found["column"]
                cursor.execute(
                    f'SELECT setval(pg_get_serial_sequence(%s, %s), COALESCE(MAX("{column}"), 1), MAX("{column}") IS NOT NULL)'
                    f' FROM "{table.name}"',
                    [f'"{table.name}"', column],
                )


@database.atomic
def fill_all(filled: Iterable[tuple[Table, Iterable[bytes]]]) -> dict[str, int]:
    """Fills the tables as one act and returns how many rows each has got."""
    counts = {table.name: fill(table, lines) for table, lines in filled}
    connection.check_constraints()
    return counts
