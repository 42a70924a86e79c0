"""The postings behind a figure, newest first, with their running total; a page costs the same however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.http import Http404

from lianqiao.core.periods import Period
from lianqiao.desk import doors
from lianqiao.desk.reasons import Source, reasons
from lianqiao.journal.cells import below, dated
from lianqiao.journal.clock import SHANGHAI
from lianqiao.journal.figures import Figure, Known
from lianqiao.journal.measures import Measure
from lianqiao.journal.models import MeasureRow, Posting, Transaction
from lianqiao.ledger.models import Entry
from lianqiao.ledger.registry import data_fields, ledgers
from lianqiao.people import access
from lianqiao.places.models import Node

SIZE, FEW = 25, 300
LATE = timedelta(days=31)


@dataclass(frozen=True)
class Mark:
    """Where a page begins: after this posting, in the order of the list."""

    on: date
    id: int

    def __str__(self) -> str:
        return f"{self.on}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> Mark:
        on, _, number = text.partition(".")
        return cls(doors.day(on), doors.whole_number(number, 1, 2**63 - 1))


@dataclass
class Line:
    """One posting as the page shows it. entry: None where the reader may not see the row it came from."""

    posting: Posting
    total: int = 0
    entry: Entry | None = None
    reason: str = ""
    counted: bool = True

    @property
    def late(self) -> bool:
        """Known more than a month after it happened."""
        return recorded_on(self.posting) - self.posting.on > LATE


@dataclass(frozen=True)
class Listing:
    """A page of postings. before: what the older ones come to, and how many they are; next: where they begin."""

    lines: list[Line]
    before: int
    older: int
    next: Mark | None
    several_nodes: bool

    @property
    def total(self) -> int:
        return len(self.lines) + self.older


def recorded_on(posting: Posting) -> date:
    moment: datetime = posting.transaction.recorded_at
    return moment.astimezone(SHANGHAI).date()


def scope(figure: Figure) -> QuerySet[Posting]:
    """The postings that the figure counts."""
    measure = figure.measure
    assert isinstance(measure, Measure)
    period = Period.cumulative(figure.period.until) if measure.stock else figure.period
    of = MeasureRow.objects.filter(code=measure.code).values("pk")
    found = Posting.objects.filter(here(figure.nodes), dated(period), measure__in=of)
    return found.filter(transaction__lte=figure.known.number)


def here(nodes: Sequence[Node]) -> Q:
    """At these nodes and below. Few are named one by one, so that the index by measure, node and day finds their postings."""
    if any(node.is_whole() for node in nodes):
        return Q()
    scope = Q(pk__in=[])
    for node in nodes:
        scope |= Q(path__startswith=node.path)
    held = list(Node.objects.filter(scope).values_list("pk", flat=True)[: FEW + 1])
    return Q(node__in=held) if len(held) <= FEW else below(nodes)


def recorded_since(node: Node, known: Known, day: date) -> int:
    """How many transactions after a moment tell of something there, or below, up to a day."""
    inside = Posting.objects.filter(here([node]), on__lte=day)
    if not node.parent_id:  # nearly every transaction does: each is asked for its first posting
        later = Transaction.objects.filter(number__gt=known.number)
        return later.filter(Exists(inside.filter(transaction=OuterRef("pk")))).count()
    # All measures are named, so that the index by measure, node and day finds the few.
    measures = list(MeasureRow.objects.values_list("pk", flat=True))
    return inside.filter(measure__in=measures, transaction__gt=known.number).values("transaction").distinct().count()


def older_than(mark: Mark) -> Q:
    return Q(on__lt=mark.on) | Q(on=mark.on, id__lt=mark.id)


def listing(figure: Figure, person: access.Person, mark: Mark | None = None) -> Listing:
    """The page that begins at the mark. A constant number of queries."""
    whole = scope(figure)
    rest = whole.filter(older_than(mark)) if mark else whole
    first = list(rest.order_by("-on", "-id").values_list("pk", flat=True)[:SIZE])  # what is sorted is narrow
    page = list(Posting.objects.select_related("transaction", "node").filter(pk__in=first).order_by("-on", "-id"))
    if mark and not page:
        raise Http404
    last = Mark(page[-1].on, page[-1].id) if page else None
    before = whole.filter(older_than(last)) if last else whole
    running = Running.of(figure.measure, before, page)
    base, older = running.value, running.rows
    lines = [Line(posting) for posting in page]
    for line in reversed(lines):
        line.counted = running.take(line.posting)
        line.total = running.value
    with_entries(lines, person)
    return Listing(lines, base, older, last if older else None, len({p.node_id for p in page}) > 1)


@dataclass
class Running:
    """Walks from older to newer postings and knows what they come to: a sum, or how many subjects are in sight."""

    value: int
    rows: int
    distinct: bool
    held: dict[int, int]

    @classmethod
    def of(cls, measure: Any, before: QuerySet[Posting], page: Iterable[Posting]) -> Running:
        bare = Q(subject=None) if measure.distinct else Q()
        sums = before.aggregate(value=Sum("quantity", filter=bare, default=0), rows=Count("pk"))
        if not measure.distinct:
            return cls(sums["value"], sums["rows"], False, {})
        present = before.exclude(subject=None).values("subject").annotate(net=Sum("quantity"))
        subjects = {p.subject for p in page if p.subject is not None}
        nets = present.filter(subject__in=subjects).values_list("subject", "net")
        held = {subject: net for subject, net in nets if subject is not None}
        return cls(sums["value"] + present.filter(net__gt=0).count(), sums["rows"], True, defaultdict(int, held))

    def take(self, posting: Posting) -> bool:
        """Adds a posting; False where it moves nothing because its subject is counted already."""
        before = self.value
        if not self.distinct or posting.subject is None:
            self.value += posting.quantity
        else:
            was = self.held[posting.subject]
            self.held[posting.subject] = was + posting.quantity
            self.value += (was + posting.quantity > 0) - (was > 0)
        return self.value != before


def with_entries(lines: Sequence[Line], person: access.Person) -> None:
    """Gives each line the row that it came from and the reason of what corrects an earlier posting."""
    may = set(
        access.nodes(person, "see").filter(pk__in={line.posting.node_id for line in lines}).values_list("pk", flat=True)
    )
    entries = entries_of((line.posting.ledger, line.posting.entry) for line in lines)
    told = reasons([Source.of(line.posting) for line in lines])
    for line in lines:
        line.reason = told.get(Source.of(line.posting), "")
        if line.posting.node_id in may:
            line.entry = entries.get((line.posting.ledger, line.posting.entry))


def entries_of(sources: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Entry]:
    """The rows behind postings: one query for each ledger that they come from."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for code, pk in sources:
        wanted[code].add(pk)
    found: dict[tuple[str, int], Entry] = {}
    for code, pks in wanted.items():
        model = ledgers()[code]
        rows = model._base_manager.select_related(*links(model)).filter(pk__in=pks)
        found |= {(code, row.pk): row for row in rows}
    return found


def links(model: type[Entry]) -> list[str]:
    """The columns that name other rows, so that reading a set of rows does not read each of those by itself."""
    return ["node", *(f.name for f in data_fields(model) if f.is_relation)]
