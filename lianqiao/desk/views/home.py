"""Home: the programme in one sentence, its targets with the worst first, and what happened lately."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianqiao.agreements.models import Agreement, Meeting, Resolution
from lianqiao.agreements.targets import attainments, pace
from lianqiao.core.periods import Period
from lianqiao.desk import board, doors, owed, waiting
from lianqiao.desk.people import offices
from lianqiao.journal import clock
from lianqiao.journal.figures import Figure, figures
from lianqiao.journal.measures import MEASURES
from lianqiao.journal.models import Transaction
from lianqiao.ledger.models import State
from lianqiao.people import access
from lianqiao.people.models import User
from lianqiao.places.models import Node

# What the sentence of the programme tells, in its order.
SENTENCE = (
    "visits.batches", "visits.person_times", "talent.total", "funds.total", "projects.count", "benef.households",
    "benef.people", "twin.projects", "twin.households",
)  # fmt: skip
TARGETS, ROWS = 14, 6


@doors.page
def home(request: HttpRequest) -> HttpResponse:
    doors.require_somewhere(request.user, "figures")
    node = doors.asked_node(request, doors.seen_nodes(request.user))
    if node is None:
        return render(request, "desk/nothing.html", {"here": "home"})
    today = clock.today()
    found = attainments(node, today.year, today)
    tally = board.tally(found)
    told = {
        "here": "home",
        "node": node,
        "today": today,
        "say": sentence(node, today),
        "rows": board.glance(found, TARGETS),
        "all": len(found),
        "tally": tally,
        "pace": pace(today.year, today),
    }
    return render(request, "desk/home.html", told | waits(request.user, tally) | lately(request.user, node, today))


def waits(person: access.Person, tally: list[tuple[str, int]]) -> dict[str, Any]:
    """What waits for whoever has signed in: rows by ledger, the late resolutions, and how many targets are behind."""
    if not isinstance(person, User):
        return {}
    piles = waiting.piles(person)
    overdue = Resolution._base_manager.filter(
        access.rows(person, "fill"), state=State.APPROVED, done_on=None, due__lt=clock.today()
    )
    return {
        "piles": piles,
        "owed": owed.waiting(person)[:ROWS],
        "late": list(overdue.order_by("due", "pk")[:ROWS]),
        "behind": dict(tally).get("behind", 0),
        "waits": sum(pile.review + pile.back + pile.objected for pile in piles),
    }


def sentence(node: Node, today: date) -> dict[str, Figure]:
    """The figures of the sentence, by their codes with _ for the dot."""
    measures = [MEASURES[code] for code in SENTENCE]
    return {f.measure.code.replace(".", "_"): f for f in figures(measures, [node], Period.cumulative(today))}


def lately(person: access.Person, node: Node, today: date) -> dict[str, Any]:
    """The latest meetings and agreements, what was resolved and is not done, and what was last recorded."""
    recorded = list(Transaction.objects.order_by("-number")[:ROWS])
    names = offices(t.by for t in recorded)
    told: dict[str, Any] = {"recorded": [(t, names.get(t.by, t.by)) for t in recorded]}
    if not access.may(person, "see", node):
        return told

    mine = access.rows(person, "see")

    def approved(model: Any) -> Any:
        return model._base_manager.filter(mine, state=State.APPROVED, node__path__startswith=node.path)

    return told | {
        "meetings": approved(Meeting).filter(occurred_on__lte=today).order_by("-occurred_on", "-pk")[:ROWS],
        "agreements": approved(Agreement).filter(signed_on__lte=today).order_by("-signed_on", "-pk")[:ROWS],
        "open_resolutions": approved(Resolution)
        .filter(done_on=None)
        .select_related("meeting")
        .order_by("due", "pk")[:ROWS],
    }
