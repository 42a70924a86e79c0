"""The database itself refuses to change what was written into the journal."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from lianqiao.journal import guards
from lianqiao.ledger.audit import verify
from tests.tampering import drop_guards, settle
from tests.world import World

pytestmark = pytest.mark.data
TABLES = {"journal_transaction": "number", "journal_posting": "id", "journal_voucher": "id"}
ON_POSTGRESQL = "postgresql"


def execute(sql: str) -> None:
    settle()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def refused(sql: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        execute(sql)


def only_on(vendor: str) -> None:
    if connection.vendor != vendor:
        pytest.skip(f"a matter of {vendor} alone")


@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_delete(world: World, table: str) -> None:
    refused(f"DELETE FROM {table}")


@pytest.mark.parametrize(("table", "key"), TABLES.items())
def test_the_database_refuses_update(world: World, table: str, key: str) -> None:
    refused(f"UPDATE {table} SET {key} = {key} + 1000")


@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_truncate(world: World, table: str) -> None:
    only_on(ON_POSTGRESQL)
    refused(f"TRUNCATE {table} CASCADE")


def test_it_refuses_to_a_replica_too(world: World) -> None:
    """A session that replays another server's changes fires no ordinary trigger."""
    only_on(ON_POSTGRESQL)
    execute("SET LOCAL session_replication_role = replica")
    refused("DELETE FROM journal_posting")


def test_the_database_refuses_replace(world: World) -> None:
    """SQLite's REPLACE deletes the old row without firing a delete trigger."""
    only_on("sqlite")
    refused("INSERT OR REPLACE INTO journal_posting SELECT * FROM journal_posting")


def test_verify_finds_all_guards_standing(world: World) -> None:
    assert verify().problems == []


@pytest.mark.parametrize("name", ["journal_posting_no_delete", "journal_voucher_no_update"])
def test_verify_names_a_guard_that_is_gone(world: World, name: str) -> None:
    on = "" if connection.vendor == "sqlite" else f" ON {name.rsplit('_no_', 1)[0]}"
    execute(f"DROP TRIGGER {name}{on}")
    assert [(p.table, p.row) for p in verify().problems] == [("trigger", name)]


def test_verify_names_a_guard_that_does_nothing(world: World) -> None:
    only_on("sqlite")
    execute("DROP TRIGGER journal_posting_no_delete")
    execute("CREATE TRIGGER journal_posting_no_delete BEFORE DELETE ON journal_posting BEGIN SELECT 1; END")
    assert [(p.table, p.row) for p in verify().problems] == [("trigger", "journal_posting_no_delete")]


def test_verify_names_a_guard_that_is_switched_off(world: World) -> None:
    only_on(ON_POSTGRESQL)
    execute("ALTER TABLE journal_posting DISABLE TRIGGER journal_posting_no_delete")
    assert [(p.table, p.row) for p in verify().problems] == [("trigger", "journal_posting_no_delete")]


HOLLOW = {
    "function": "CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "trigger": "CREATE OR REPLACE TRIGGER journal_posting_no_delete BEFORE DELETE ON journal_posting"
    " FOR EACH ROW WHEN (false) EXECUTE FUNCTION journal_refuse()",
}


@pytest.mark.parametrize("hollow", HOLLOW.values(), ids=HOLLOW)
def test_verify_names_a_guard_that_was_made_hollow(world: World, hollow: str) -> None:
    only_on(ON_POSTGRESQL)
    execute(hollow)
    assert ("trigger", "journal_posting_no_delete") in {(p.table, p.row) for p in verify().problems}


def test_install_puts_every_guard_back(world: World) -> None:
    drop_guards()
    guards.install(connection)
    assert guards.missing(connection) == []
    refused("DELETE FROM journal_posting")
