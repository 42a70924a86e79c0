"""Imports as things that are kept, and undone as one act."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from django.db import transaction as database

from lianqiao.journal import clock, sets
from lianqiao.journal.models import Transaction
from lianqiao.ledger import undoing
from lianqiao.ledger.acts import refuse
from lianqiao.ledger.registry import ledgers
from lianqiao.ledger.undoing import Done
from lianqiao.people.models import User
from lianqiao.workbooks.models import Import, ImportedRow

ROW_FIELDS = ("imported", "entry", "before", "after", "was", "waited", "waited_state")


def keep(made: Import, path: Path, done: Sequence[Done]) -> Import:
    """Keeps an import with what it did, in the database transaction in which it did it."""
    with path.open("rb") as file:
        made.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    made.file, made.at = path.name[-255:], clock.now()
    made.save(force_insert=True)
    rows = ((made.pk, d.entry, d.before, d.after, d.was, d.waited, d.waited_state) for d in done)
    sets.insert(ImportedRow, ROW_FIELDS, rows)
    return made


@database.atomic
def undo(made: Import, by: User, why: str) -> Transaction | None:
    """Takes an import back, all of it or nothing (ledger/undoing.py); returns the journal's transaction, if any.

    Raises Refused, Http404 and PermissionDenied, by the rules of voiding.
    """
    kept = Import.objects.select_for_update().get(pk=made.pk)
    if kept.undone_at is not None:
        raise refuse(f"导入 #{kept.pk} 已于 {kept.undone_at.astimezone(clock.SHANGHAI):%Y-%m-%d} 撤销。")
    done = [Done(*row) for row in kept.rows.order_by("entry").values_list(*ROW_FIELDS[1:])]
    kept.undone_in = undoing.undo(ledgers()[kept.ledger], done, by, why)
    kept.undone_at, kept.undone_by, kept.undone_why = clock.now(), by, why
    kept.save(update_fields=["undone_in", "undone_at", "undone_by", "undone_why"])
    return kept.undone_in
