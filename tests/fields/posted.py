"""What a row has in the journal."""

from __future__ import annotations

from datetime import date

from lianqiao.journal.models import Posting
from lianqiao.ledger.models import Entry


def posted(row: Entry) -> set[tuple[str, date, int]]:
    """The row's postings: measure, day, quantity."""
    rows = Posting.objects.filter(ledger=row.ledger.code, entry=row.pk)
    return set(rows.values_list("measure__code", "on", "quantity"))
