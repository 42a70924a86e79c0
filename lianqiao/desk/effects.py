"""What would follow if a row were approved: figures before and after, and what speaks for or against it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from lianqiao.core.periods import Period
from lianqiao.journal import clock
from lianqiao.journal.closing import touched
from lianqiao.journal.figures import Figure, figures
from lianqiao.journal.measures import Measure
from lianqiao.journal.models import Closing
from lianqiao.ledger.models import Entry, State
from lianqiao.places.models import Node

MOST = 5


@dataclass(frozen=True)
class Effect:
    """A figure today, and what it would be; None where that only shows once the persons are counted (去重)."""

    figure: Figure
    after: int | None


def effects(entry: Entry, waiting: Entry) -> list[Effect]:
    """Of the measures that the waiting version posts to, the broadest first."""
    node = Node.objects.filter(pk=waiting.posting_node() or 0).first()
    if node is None:
        return []
    today = clock.today()
    moved = sums(waiting, today)
    for measure, quantity in (sums(entry, today) if entry.state == State.APPROVED else {}).items():
        moved[measure] -= quantity
    shown = sorted((m for m, by in moved.items() if by or m.distinct), key=lambda m: len(m.lineage))[:MOST]
    return [
        Effect(figure, after(figure, moved[figure.measure]) if isinstance(figure.measure, Measure) else None)
        for figure in figures(shown, [node], Period.cumulative(today))
    ]


def sums(entry: Entry, until: date) -> dict[Measure, int]:
    """What the version in the row posts to each measure up to a day."""
    found: dict[Measure, int] = defaultdict(int)
    for post in entry.postings():
        if post.on <= until:
            found[post.measure] += post.quantity
    return found


def after(figure: Figure, moved: int) -> int | None:
    distinct = isinstance(figure.measure, Measure) and figure.measure.distinct
    return None if distinct else (figure.value or 0) + moved


def closed(entry: Entry, waiting: Entry) -> list[Closing]:
    """The closings that approving the row would move: only for a coordinator, with a reason."""
    node = waiting.posting_node()
    posts = [*waiting.postings(), *(entry.postings() if entry.state == State.APPROVED else ())]
    return touched({(node, post.on) for post in posts}) if node else []
