"""Returns as somebody finds them on the desk: what is owed, what of it waits for him, and the year at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_noop

from lianqiao.briefings.models import Duty, Return
from lianqiao.briefings.returns_calendar import DONE, Slot, open_slots, period_of
from lianqiao.journal import clock
from lianqiao.people import access
from lianqiao.people.models import User
from lianqiao.places.models import Node

State = Return.State
# What comes next, by where a return stands (None: not filled): the verb, and the right that it needs.
NEXT: dict[str | None, tuple[str, access.Act]] = {
    None: (gettext_noop("填报"), "fill"),
    State.QUESTIONED: (gettext_noop("说明"), "fill"),
    State.FILLED: (gettext_noop("审核"), "review"),
    State.EXPLAINED: (gettext_noop("审核"), "review"),
    State.REVIEWED: (gettext_noop("签发"), "close"),
    State.SIGNED: (gettext_noop("上报"), "close"),
}


@dataclass(frozen=True)
class Task:
    """A return that is owed, and what comes next. mine: whether the reader may do it."""

    slot: Slot
    word: str
    left: int
    mine: bool

    @property
    def state(self) -> str:
        return self.slot.filed.state if self.slot.filed else ""

    @property
    def overdue(self) -> int:
        return -self.left


def duties(person: access.Person, node: Node | None = None) -> list[Duty]:
    """The duties of nodes whose figures the person may read; of one and all below it, where it is named."""
    seen = Duty.objects.filter(node__in=access.nodes(person, "figures")).select_related("node")
    return list(seen.filter(node__path__startswith=node.path) if node else seen)


def tasks(person: access.Person, held: list[Duty]) -> list[Task]:
    """All that is owed and not sent, what is due first first."""
    today = clock.today()
    mine = {act: set(access.nodes(person, act).values_list("pk", flat=True)) for act in ("fill", "review", "close")}
    found = []
    for slot in open_slots(held, today):
        word, act = NEXT[slot.filed.state if slot.filed else None]
        his = isinstance(person, User) and slot.duty.node_id in mine[act] and not barred(slot.filed, person)
        found.append(Task(slot, word, slot.left(today), his))
    return found


def barred(filed: Return | None, person: User) -> bool:
    """Whether he may not take the next step because he took an earlier one."""
    if filed is None or filed.state == State.QUESTIONED:
        return False
    passed = {filed.author_id} | ({filed.reviewer_id} if filed.state == State.REVIEWED else set())
    return filed.state != State.SIGNED and person.pk in passed


def waiting(person: User) -> list[Task]:
    """What of all that is owed waits for somebody who has signed in: for his home."""
    held = duties(person)
    return [task for task in tasks(person, held) if task.mine] if held else []


SQUARES = {
    "sent": gettext_noop("已上报"), "way": gettext_noop("在办"), "due": gettext_noop("待填"), "late": gettext_noop("逾期"),
    "coming": gettext_noop("未到期"),
}  # fmt: skip


@dataclass(frozen=True)
class Square:
    """A month of a duty: the return that ends in it, and how it stands (SQUARES); "" where none does."""

    month: int
    kind: str
    slot: Slot | None = None

    @property
    def word(self) -> str:
        return SQUARES[self.kind]


def year_of(duty: Duty, held: list[Slot], year: int, today: date) -> list[Square]:
    """The twelve months of a year."""
    mine = {slot.period.until.month: slot for slot in held if slot.duty == duty and slot.period.until.year == year}
    return [square(duty, mine.get(month), date(year, month, 1), today) for month in range(1, 13)]


def square(duty: Duty, slot: Slot | None, first: date, today: date) -> Square:
    if slot is None:
        period = period_of(duty.kind, first)
        owed = duty.since <= period.until and (duty.until is None or period.until <= duty.until)
        comes = owed and period.until.month == first.month and period.until > today
        return Square(first.month, "coming" if comes else "")
    if slot.filed is None:
        return Square(first.month, "late" if slot.left(today) < 0 else "due", slot)
    return Square(first.month, "sent" if slot.filed.state in DONE else "way", slot)
