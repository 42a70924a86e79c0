"""Triggers by which the database itself refuses to change the journal, on SQLite and PostgreSQL.

They are put back after each migrate, since SQLite drops them when a migration rebuilds a table; `verify` looks that
they are there.
"""

from __future__ import annotations

import re

from django.db.backends.base.base import BaseDatabaseWrapper

from lianqiao.journal.models import Posting, Transaction, Voucher

KEYS = {model._meta.db_table: str(model._meta.pk.column) for model in (Transaction, Posting, Voucher)}
TABLES = tuple(KEYS)
MESSAGE = "the journal is append-only"

PG_BODY = f" BEGIN RAISE EXCEPTION '{MESSAGE}: % on %', TG_OP, TG_TABLE_NAME; END "
PG_FUNCTION = f"CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $${PG_BODY}$$"


def wanted(vendor: str) -> dict[str, str]:
    """Trigger name → the statement that makes it, as the database tells it afterwards."""
    if vendor == "sqlite":
        refusals = {f"{table}_no_{act}": sqlite_refusal(table, act) for table in TABLES for act in ("update", "delete")}
        return refusals | {f"{table}_no_replace": sqlite_append_only(table, key) for table, key in KEYS.items()}
    return {f"{table}_no_{act}": pg_refusal(table, act) for table in TABLES for act in ("update", "delete", "truncate")}


def sqlite_refusal(table: str, act: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}: {act} on {table}'); END"
    )


def sqlite_append_only(table: str, key: str) -> str:
    """INSERT OR REPLACE would pass a delete trigger: nothing is inserted but behind the last row."""
    return (
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN NEW.{key} <= (SELECT MAX({key}) FROM {table}) "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}: replace on {table}'); END"
    )


def pg_refusal(table: str, act: str) -> str:
    each = "STATEMENT" if act == "truncate" else "ROW"
    return f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} FOR EACH {each} EXECUTE FUNCTION journal_refuse()"


def present(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The triggers that stand and are switched on: name → definition, as the database tells it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            return dict(cursor.fetchall())
        cursor.execute(
            "SELECT prosrc FROM pg_proc WHERE proname = 'journal_refuse' AND pronamespace = current_schema()::regnamespace"
        )
        if cursor.fetchall() != [(PG_BODY,)]:
            return {}
        cursor.execute(
            "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'"
        )
        return {name: re.sub(r" ON \w+\.", " ON ", definition) for name, definition in cursor.fetchall()}


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The triggers that are not there, are switched off, or do something else."""
    standing = present(connection)
    return [name for name, statement in wanted(connection.vendor).items() if standing.get(name) != statement]


def install(connection: BaseDatabaseWrapper) -> None:
    """Puts every trigger back that is missing."""
    statements = wanted(connection.vendor)
    gone = missing(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(PG_FUNCTION)
        for name in gone:
            table = name.rsplit("_no_", 1)[0]
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + ("" if connection.vendor == "sqlite" else f" ON {table}"))
            cursor.execute(statements[name])
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
