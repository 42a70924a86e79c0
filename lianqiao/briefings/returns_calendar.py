"""What is due from whom and when: the periods of returns, and where each stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lianqiao.briefings.models import Duty, Kind, Return, title
from lianqiao.core.periods import Period
from lianqiao.places.models import Node

# Days after a period's end by which its return is due, unless the duty says otherwise.
DAYS = {Kind.MONTH: 5, Kind.QUARTER: 10, Kind.YEAR: 15}
MONTHS = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.YEAR: 12}
DONE = (Return.State.SENT, Return.State.CORRECTED)


def period_of(kind: str, day: date) -> Period:
    """The period of that kind in which a day lies."""
    length = MONTHS[Kind(kind)]
    first = (day.month - 1) // length * length + 1
    return Period(date(day.year, first, 1), Period.month(day.year, first + length - 1).until)


def before(kind: str, period: Period) -> Period:
    """The period of that kind right before this one."""
    assert period.start
    return period_of(kind, period.start - timedelta(days=1))


def year_before(kind: str, period: Period) -> Period:
    """The same period a year before."""
    assert period.start
    return period_of(kind, period.start.replace(year=period.start.year - 1))


def periods(kind: str, since: date, until: date) -> Iterator[Period]:
    """The periods of that kind that end within these days, the earliest first."""
    at = period_of(kind, since)
    while at.until <= until:
        yield at
        at = period_of(kind, at.until + timedelta(days=1))


@dataclass(frozen=True)
class Slot:
    """A return that is owed: of whom, for which period, by when; and its latest version, where there is one."""

    duty: Duty
    period: Period
    filed: Return | None

    @property
    def due(self) -> date:
        return self.period.until + timedelta(days=self.duty.days)

    @property
    def sent(self) -> bool:
        """Whether a version was sent; one that corrects it may be under way."""
        return self.filed is not None and (self.filed.state in DONE or self.filed.version > 1)

    @property
    def title(self) -> str:
        return title(self.duty.kind, self.period)

    def left(self, today: date) -> int:
        """Days until it is due; negative where it is overdue."""
        return (self.due - today).days


def slots(duties: Sequence[Duty], today: date) -> list[Slot]:
    """All that these duties have asked for up to a day, what ends last first; two queries."""
    nodes, kinds = {duty.node_id for duty in duties}, {duty.kind for duty in duties}
    latest: dict[tuple[int, str, date], Return] = {}
    held = Return.objects.filter(node__in=nodes, kind__in=kinds).defer("lines").select_related("node")
    for one in held.order_by("version"):
        latest[one.node_id, one.kind, one.until] = one
    found = [
        Slot(duty, period, latest.get((duty.node_id, duty.kind, period.until)))
        for duty in duties
        for period in periods(duty.kind, duty.since, min(duty.until or today, today))
    ]
    return sorted(found, key=lambda slot: (-slot.period.until.toordinal(), slot.duty.node.path, slot.duty.kind))


def open_slots(duties: Sequence[Duty], today: date) -> list[Slot]:
    """What is owed and not sent, or being corrected, what is due first first."""
    waiting = [slot for slot in slots(duties, today) if slot.filed is None or slot.filed.state not in DONE]
    return sorted(waiting, key=lambda slot: (slot.due, slot.duty.node.path))


def duty_of(node: Node, kind: str, period: Period) -> Duty | None:
    """The duty under which a node owes a return for a period."""
    found = Duty.objects.filter(node=node, kind=kind, since__lte=period.until).first()
    return found if found and (found.until is None or period.until <= found.until) else None
