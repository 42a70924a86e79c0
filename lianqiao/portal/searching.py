"""Searching the pages, in Chinese too, on both databases."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from wagtail.search.models import IndexEntry

TABLE = IndexEntry._meta.db_table
FTS = f"{TABLE}_fts"
# As Wagtail's migration makes them (wagtail/search/migrations/0006): what is entered, changed or deleted in the one table
# is so in the other.
COPIED = {
    "insert": f"INSERT INTO {FTS}(title, body, autocomplete, rowid) VALUES (NEW.title, NEW.body, NEW.autocomplete, NEW.id);",
    "update": f"UPDATE {FTS} SET title=NEW.title, body=NEW.body, autocomplete=NEW.autocomplete WHERE rowid=NEW.id;",
    "delete": f"DELETE FROM {FTS} WHERE rowid=OLD.id;",
}


def install(connection: BaseDatabaseWrapper) -> None:
    """SQLite: makes the index what Wagtail's migration makes of it, where the models made an ordinary table."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [FTS])
        if "USING fts5" in (cursor.fetchone() or [""])[0]:
            return
        cursor.execute(f"DROP TABLE IF EXISTS {FTS}")
        cursor.execute(f"CREATE VIRTUAL TABLE {FTS} USING fts5(autocomplete, body, title)")
        for act, copy in COPIED.items():
            cursor.execute(f"CREATE TRIGGER {act}_{FTS} AFTER {act.upper()} ON {TABLE} BEGIN {copy} END")
