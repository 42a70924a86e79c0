"""Triggers by which the database itself refuses to change the journal, on SQLite and PostgreSQL.

They are put back after each migrate, since SQLite drops them when a migration rebuilds a table; `verify` looks that
they are there.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from lianqiao.journal.models import Posting, Transaction, Voucher

TABLES = tuple(model._meta.db_table for model in (Transaction, Posting, Voucher))
MESSAGE = "the journal is append-only"

PG_FUNCTION = f"""
CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{MESSAGE}: % on %', TG_OP, TG_TABLE_NAME; END $$
"""


def wanted(vendor: str) -> dict[str, list[str]]:
    """Trigger name → the statements that make it."""
    if vendor == "sqlite":
        return {
            f"{table}_no_{act}": [
                f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}: {act} on {table}'); END"
            ]
            for table in TABLES
            for act in ("update", "delete")
        }
    return {
        f"{table}_no_{act}": [
            f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
            f"FOR EACH {'STATEMENT' if act == 'truncate' else 'ROW'} EXECUTE FUNCTION journal_refuse()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_{act}",
        ]
        for table in TABLES
        for act in ("update", "delete", "truncate")
    }


def present(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The journal's triggers that stand and are switched on: name → definition, as the database tells it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'"
            )
        return dict(cursor.fetchall())


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The triggers that are not there, are switched off, or do something else."""
    standing = present(connection)
    if connection.vendor == "sqlite":
        return [name for name, (sql,) in wanted("sqlite").items() if standing.get(name) != sql]
    return [name for name in wanted(connection.vendor) if "journal_refuse" not in standing.get(name, "")]


def install(connection: BaseDatabaseWrapper) -> None:
    """Puts every trigger back that is missing."""
    statements = wanted(connection.vendor)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(PG_FUNCTION)
        for name in missing(connection):
            on = "" if connection.vendor == "sqlite" else f" ON {name.rsplit('_no_', 1)[0]}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
            for statement in statements[name]:
                cursor.execute(statement)
