"""The guards after a migration has made a table anew.

In a module of its own: a transactional test starts from an empty database, and not from the module's world.
"""

from __future__ import annotations

import pytest
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, models

from lianqiao.journal import guards
from lianqiao.journal.models import Posting
from lianqiao.ledger.audit import verify
from tests.journal.test_guards import refused
from tests.world import approved, make_world, visit

pytestmark = [pytest.mark.data, pytest.mark.django_db(transaction=True)]


def test_the_guards_stand_again_after_a_migration_rebuilt_the_table() -> None:
    world = make_world()
    approved(world, visit(world.county))
    widen(Posting._meta.get_field("ledger"), 32, 40)
    try:
        assert bool(guards.missing(connection)) == (connection.vendor == "sqlite")
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
        refused("DELETE FROM journal_posting")
        refused("UPDATE journal_posting SET quantity = 1")
        assert verify().ok
    finally:
        widen(Posting._meta.get_field("ledger"), 40, 32)


def widen(field: models.Field, old: int, new: int) -> None:
    """What a migration does that changes a column's width; SQLite makes the table anew for it."""
    before, after = field.clone(), field.clone()
    for made, length in ((before, old), (after, new)):
        made.max_length = length
        made.set_attributes_from_name(field.name)
        made.model = Posting
    with connection.schema_editor() as editor:
        editor.alter_field(Posting, before, after, strict=True)
