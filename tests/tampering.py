"""What somebody could do behind the system's back: who holds the database can take its guards away and write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from lianqiao.journal import chain, guards
from lianqiao.journal.models import MeasureRow, Posting, Transaction, Voucher


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


def rewrite_chain() -> None:
    """Hashes every transaction anew over what now stands in the tables, as one who knows the code could."""
    codes = dict(MeasureRow.objects.values_list("id", "code"))
    previous = chain.GENESIS
    for t in list(Transaction.objects.order_by("number")):
        lines = [chain.opening_line(t.number, t.recorded_at, t.by, t.kind, t.why, t.late, previous)]
        for p in Posting.objects.filter(transaction=t).order_by("id"):
            key = (p.pk, codes[p.measure_id], p.version, p.node_id, p.on, p.quantity, p.subject, p.bare)
            lines.append(chain.posting_line((*key, p.ledger, p.entry)))
        for v in Voucher.objects.filter(transaction=t).order_by("id"):
            lines.append(chain.voucher_line((v.pk, v.ledger, v.entry, v.version, v.digest)))
        found = chain.digest(lines)
        execute(
            "UPDATE journal_transaction SET previous = %s, hash = %s WHERE number = %s", [previous, found, t.number]
        )
        previous = found
