"""What waits for somebody: rows to review, rows that came back, the partner's objections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, Q, QuerySet, Value

from lianqiao.ledger.acts import partner_sides
from lianqiao.ledger.models import Entry, Partner, State
from lianqiao.ledger.registry import ledgers
from lianqiao.people import access
from lianqiao.people.models import Grant, User

TO_REVIEW = Q(state=State.SUBMITTED) | Q(pending_state=State.SUBMITTED)
CAME_BACK = Q(state=State.RETURNED) | Q(pending_state=State.RETURNED)
OBJECTED = Q(partner=Partner.OBJECTED, state=State.APPROVED)


def has_sides(model: type[Entry]) -> bool:
    """Whether its rows are of different sides, so that each must be looked at."""
    return model.sides is not Entry.sides


def within(held: Iterable[Grant], entry: Entry, sides: Sequence[str]) -> bool:
    """Whether one of these grants covers the row."""
    return any(access.covers(grant, entry.node, tuple(sides)) for grant in held)


def to_review(person: User, model: type[Entry]) -> list[Entry]:
    """The rows of a ledger that the person may review now, the oldest first; not what he has filled in himself."""
    held = access.grants(person, "review")
    return [row for row in of_others(person, model) if within(held, row, row.sides())]


def of_others(person: User, model: type[Entry]) -> QuerySet[Entry]:
    rows = model._base_manager.filter(TO_REVIEW, access.rows(person, "review"))
    return rows.exclude(state=State.SUBMITTED, author=person).select_related("node", "author").order_by("pk")


@dataclass(frozen=True)
class Pile:
    """How many rows of a ledger wait for the person, by what is to be done."""

    model: type[Entry]
    review: int
    back: int
    objected: int

    @property
    def ledger(self) -> Any:
        return self.model.ledger


def piles(person: User) -> list[Pile]:
    """The ledgers in which something waits. One query for all, and one more for each ledger whose rows have sides."""
    found = []
    counted = counts(person)
    for code, model in ledgers().items():
        review, back, objected = counted.get(code, (0, 0, 0))
        if review and has_sides(model):
            review = len(to_review(person, model))
        if back or objected:
            back, objected = own_side(person, model, back, objected)
        if review or back or objected:
            found.append(Pile(model, review, back, objected))
    return found


def own_side(person: User, model: type[Entry], back: int, objected: int) -> tuple[int, int]:
    """What came back or was objected to, of the rows that the person may fill in."""
    if not has_sides(model):
        return back, objected
    held = access.grants(person, "fill")
    rows = model._base_manager.filter(CAME_BACK | OBJECTED, access.rows(person, "fill")).select_related("node")
    mine = [row for row in rows if within(held, row, row.sides())]
    returned = [row for row in mine if State.RETURNED in (row.state, row.pending_state)]
    return len(returned), sum(row.partner == Partner.OBJECTED and row.state == State.APPROVED for row in mine)


def counts(person: User) -> dict[str, tuple[int, int, int]]:
    """Code → rows to review, that came back, objected to: by nodes, and by the ledger's side where it has one."""
    reviews, fills = access.grants(person, "review"), access.grants(person, "fill")
    if not reviews and not fills:
        return {}
    scopes = access.rows(person, "review"), access.rows(person, "fill")
    queries = [
        count(person, code, model, scopes, of_side(reviews, model), of_side(fills, model))
        for code, model in ledgers().items()
    ]
    return {code: (a, b, c) for code, a, b, c in queries[0].union(*queries[1:], all=True)}


def of_side(held: Iterable[Grant], model: type[Entry]) -> Q:
    """Everything, or nothing where no grant is for a side that fills the ledger in."""
    sides = model.ledger.filled_by
    return Q() if any(grant.side in (Grant.Side.BOTH, *sides) for grant in held) else Q(pk__in=[])


def count(person: User, code: str, model: type[Entry], scopes: tuple[Q, Q], reviews: Q, fills: Q) -> Any:
    review = TO_REVIEW & scopes[0] & reviews & ~Q(state=State.SUBMITTED, author=person)
    fill = scopes[1] & fills
    return (
        model._base_manager.order_by()
        .annotate(ledger_code=Value(code, CharField()))
        .values_list("ledger_code")
        .annotate(
            review=Count("pk", filter=review),
            back=Count("pk", filter=CAME_BACK & fill),
            objected=Count("pk", filter=OBJECTED & fill),
        )
    )


def may_answer(person: User, entry: Entry) -> bool:
    """Whether the person speaks for the partner of an approved row."""
    return (
        entry.state == State.APPROVED
        and entry.author_id != person.pk
        and access.may(person, "confirm", entry.node, partner_sides(entry))
    )
