"""Why a transaction changed what an entry had already posted: the words of whoever corrected it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Min, Q
from django.utils.translation import gettext

from lianqiao.journal.models import Posting, Transaction, Voucher
from lianqiao.ledger.models import Change


@dataclass(frozen=True)
class Source:
    """An entry in one transaction."""

    ledger: str
    entry: int
    transaction: int

    @classmethod
    def of(cls, row: Any) -> Source:
        return cls(row.ledger, row.entry, row.transaction_id)


def reasons(sources: Sequence[Source]) -> dict[Source, str]:
    """The reason of each source that is not the first of its entry's. Three queries."""
    first = firsts(sources)
    later = [s for s in sources if s.transaction > first[s.ledger, s.entry]]
    vouchers = Voucher.objects.filter(transaction__in={s.transaction for s in later}).filter(entries(later))
    versions = {Source.of(v): v for v in vouchers.select_related("transaction")}
    steps = Change.objects.filter(entries(later), kind=Change.Kind.REVISE).values_list(
        "ledger", "entry", "version", "why"
    )
    revised = {(ledger, entry, version): why for ledger, entry, version, why in steps}
    return {
        source: told(voucher.transaction, revised.get((source.ledger, source.entry, voucher.version), ""))
        for source, voucher in versions.items()
        if source in set(later)
    }


def firsts(sources: Sequence[Source]) -> dict[tuple[str, int], int]:
    """The transaction that first posted each entry."""
    rows = Posting.objects.filter(entries(sources)).values("ledger", "entry").annotate(first=Min("transaction"))
    return {(row["ledger"], row["entry"]): row["first"] for row in rows}


def entries(sources: Sequence[Source]) -> Q:
    by_ledger: dict[str, set[int]] = {}
    for source in sources:
        by_ledger.setdefault(source.ledger, set()).add(source.entry)
    scope = Q(pk__in=[])
    for ledger, ids in by_ledger.items():
        scope |= Q(ledger=ledger, entry__in=ids)
    return scope


def told(transaction: Transaction, revised: str) -> str:
    what = {"void": gettext("作废"), "undo": gettext("撤销"), "resync": gettext("重算")}.get(
        transaction.kind, gettext("更正")
    )
    why = revised or transaction.why
    return f"{what}{gettext('：')}{why}" if why else what
