"""What waits for somebody: rows to review, rows that came back, the partner's objections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from lianqiao.desk import tallies
from lianqiao.ledger.acts import partner_sides
from lianqiao.ledger.models import Entry, Partner, State
from lianqiao.ledger.registry import ledgers
from lianqiao.people import access
from lianqiao.people.models import Grant, User

TO_REVIEW = Q(state=State.SUBMITTED) | Q(pending_state=State.SUBMITTED)
CAME_BACK = Q(state=State.RETURNED) | Q(pending_state=State.RETURNED)
# TO_REVIEW | CAME_BACK, of a row r in a statement over all ledgers.
OPEN = "(r.state IN ('submitted', 'returned') OR r.pending_state IN ('submitted', 'returned'))"
OBJECTED = Q(partner=Partner.OBJECTED, state=State.APPROVED)


def row_by_row(held: Iterable[Grant], model: type[Entry]) -> bool:
    """Whether each row must be looked at: those of the ledger are of different sides, and one of the grants is for one side."""
    return model.sides is not Entry.sides and any(grant.side != Grant.Side.BOTH for grant in held)


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
    """The ledgers in which something waits. One query for all, and one more for each ledger to be looked at row by row."""
    found = []
    counted = counts(person)
    for code, model in ledgers().items():
        review, back, objected = counted.get(code, (0, 0, 0))
        if review and row_by_row(access.grants(person, "review"), model):
            review = len(to_review(person, model))
        if back or objected:
            back, objected = own_side(person, model, back, objected)
        if review or back or objected:
            found.append(Pile(model, review, back, objected))
    return found


def own_side(person: User, model: type[Entry], back: int, objected: int) -> tuple[int, int]:
    """What came back or was objected to, of the rows that the person may fill in."""
    held = access.grants(person, "fill")
    if not row_by_row(held, model):
        return back, objected
    rows = model._base_manager.filter(CAME_BACK | OBJECTED, access.rows(person, "fill")).select_related("node")
    mine = [row for row in rows if within(held, row, row.sides())]
    returned = [row for row in mine if State.RETURNED in (row.state, row.pending_state)]
    return len(returned), sum(row.partner == Partner.OBJECTED and row.state == State.APPROVED for row in mine)


def counts(person: User) -> dict[str, tuple[int, int, int]]:
    """Code → rows to review, that came back, objected to: by nodes, and by the ledger's side where it has one."""
    reviews, fills = access.grants(person, "review"), access.grants(person, "fill")
    if not reviews and not fills:
        return {}
    review, fill = tallies.scope(person, "review"), tallies.scope(person, "fill")
    found = tallies.counted(lambda model: line(person, model, part(review, reviews, model), part(fill, fills, model)))
    return {code: (a, b, c) for code, a, b, c in found}


def part(scope: tallies.Part, held: Iterable[Grant], model: type[Entry]) -> tallies.Part:
    """The scope, or nothing where no grant is for a side that fills the ledger in."""
    sides = model.ledger.filled_by
    return scope if any(grant.side in (Grant.Side.BOTH, *sides) for grant in held) else ("FALSE", [])


def line(person: User, model: type[Entry], review: tallies.Part, fill: tallies.Part) -> tallies.Part:
    """TO_REVIEW (not one's own), CAME_BACK and OBJECTED, counted."""
    waits = "(r.state = 'submitted' AND r.author_id <> %s OR r.state <> 'submitted' AND r.pending_state = 'submitted')"
    back = "(r.state = 'returned' OR r.pending_state = 'returned')"
    objected = "(r.partner = 'objected' AND r.state = 'approved')"
    mine = dict([review, fill])  # by which the index on the node finds them
    if len(mine) > 1:
        mine.pop("FALSE", None)
    sql = (
        f"SELECT {{code}}, COUNT(*) FILTER (WHERE {waits} AND {review[0]}), COUNT(*) FILTER (WHERE {back} AND {fill[0]}),"  # noqa: S608
        f" COUNT(*) FILTER (WHERE {objected} AND {fill[0]}) FROM {{table}}"
        f" WHERE ({waits} OR {back} OR {objected}) AND ({' OR '.join(mine)})"
    )
    return sql, [person.pk, *review[1], *fill[1], *fill[1], person.pk, *(p for params in mine.values() for p in params)]


def may_answer(person: User, entry: Entry) -> bool:
    """Whether the person speaks for the partner of an approved row."""
    return (
        entry.state == State.APPROVED
        and entry.author_id != person.pk
        and access.may(person, "confirm", entry.node, partner_sides(entry))
    )
