"""What became known after a day: the figures as they were known then and now, and the transactions between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, QuerySet, Sum
from django.utils.translation import gettext

from lianqiao.core.periods import Period
from lianqiao.desk.postings import entries_of
from lianqiao.desk.reasons import Source, reasons
from lianqiao.journal.cells import below, dated
from lianqiao.journal.figures import Figure
from lianqiao.journal.measures import Measure, Ratio
from lianqiao.journal.models import Posting, Transaction

MOST = 4  # transactions told of one measure; the rest are counted


@dataclass(frozen=True)
class Moved:
    """One transaction's part in a figure's change."""

    transaction: Transaction
    net: int
    why: str


@dataclass(frozen=True)
class Changed:
    """A figure that is another one today. moved: the transactions, newest first; more: how many are not listed."""

    then: Figure
    now: Figure
    moved: list[Moved]
    more: int

    @property
    def difference(self) -> int:
        return (self.now.value or 0) - (self.then.value or 0)


def changes(pairs: Sequence[tuple[Figure, Figure]]) -> list[Changed]:
    """The pairs (as known then, as known now) that differ, each with what moved it. A constant number of queries."""
    differ = [(then, now) for then, now in pairs if then.value != now.value]
    if not differ:
        return []
    rows = late_rows(differ)
    why = told(rows)
    found = []
    for then, now in differ:
        mine = [r for r in rows if r["measure__code"] in codes(then.measure)]
        moved = [Moved(r["at"], r["net"], why[source(r)]) for r in mine[:MOST]]
        found.append(Changed(then, now, moved, len(mine) - len(moved)))
    return found


def codes(measure: Measure | Ratio) -> set[str]:
    return {measure.code} if isinstance(measure, Measure) else {measure.numerator.code, measure.denominator.code}


def late(node_figure: Figure, period: Period) -> QuerySet[Posting]:
    """Postings recorded after the figure was known whose business date lies within the period."""
    rows = Posting.objects.filter(below(node_figure.nodes), dated(period))
    return rows.filter(transaction__gt=node_figure.known.number)


def late_rows(differ: Sequence[tuple[Figure, Figure]]) -> list[dict[str, Any]]:
    """What each transaction between posted of each measure, newest first, with its transaction under "at"."""
    then, now = differ[0]
    wanted = set().union(*(codes(t.measure) for t, _ in differ))
    stock = any(isinstance(t.measure, Measure) and t.measure.stock for t, _ in differ)
    period = Period.cumulative(then.period.until) if stock else then.period
    between = late(then, period).filter(measure__code__in=wanted, transaction__lte=now.known.number)
    rows = between.values("measure__code", "transaction")
    asked = {
        "net": Sum("quantity"),
        "of_ledger": Min("ledger"),
        "of_entry": Min("entry"),
        "entries": Count("entry", distinct=True),
    }
    found = list(rows.annotate(**asked).order_by("-transaction", "measure__code"))
    at = Transaction.objects.in_bulk({row["transaction"] for row in found})
    return [row | {"at": at[row["transaction"]]} for row in found]


def source(row: dict[str, Any]) -> Source:
    return Source(row["of_ledger"], row["of_entry"], row["transaction"])


def told(rows: list[dict[str, Any]]) -> dict[Source, str]:
    """The reason of each: the words of whoever corrected it, else that it was entered late, with the row it came from."""
    reason = reasons([source(row) for row in rows])
    entries = entries_of((row["of_ledger"], row["of_entry"]) for row in rows)
    found = {}
    for row in rows:
        at, entry = source(row), entries.get((row["of_ledger"], row["of_entry"]))
        words = {"number": entry.number if entry else "", "n": row["entries"]}
        of = gettext("%(number)s 等 %(n)s 行") % words if row["entries"] > 1 else words["number"]
        late = gettext("补录：%(what)s") % {"what": f"{of} {entry.summary()}" if entry and row["entries"] == 1 else of}
        found[at] = f"{reason[at]}{gettext('，')}{of}" if at in reason else late
    return found
