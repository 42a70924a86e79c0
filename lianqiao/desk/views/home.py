"""Home: what waits, the programme in one sentence, its targets with the worst first, who is there, and what happened lately."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lianqiao.agreements.models import Agreement, Meeting, Resolution
from lianqiao.agreements.targets import attainments, pace
from lianqiao.core.periods import Period
from lianqiao.desk import board, doors, followed, team, waiting
from lianqiao.desk.people import offices
from lianqiao.desk.todo import Item, items
from lianqiao.journal import clock
from lianqiao.journal.figures import Figure, figures
from lianqiao.journal.measures import MEASURES
from lianqiao.journal.models import Transaction
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
    if access.only_trades(request.user):
        return redirect("trade")
    doors.require_somewhere(request.user, "figures")
    node = doors.asked_node(request)
    if node is None:
        return render(request, "desk/nothing.html", {"here": "home"})
    today = clock.today()
    found = attainments(node, today.year, today)
    rows = board.glance(found, len(found))
    told = {
        "here": "home",
        "node": node,
        "today": today,
        "say": sentence(node, today),
        "rows": rows[:TARGETS],
        "all": len(found),
        "tally": board.tally(found),
        "pace": pace(today.year, today),
        "items": waits(request.user, node, [row for row in rows if row.attainment.state == "behind"]),
    }
    return render(request, "desk/home.html", told | lately(request.user, node, today))


def waits(person: access.Person, node: Node, lagging: list[board.Row]) -> list[Item]:
    """What waits for whoever has signed in."""
    return items(person, waiting.piles(person), lagging, node.number) if isinstance(person, User) else []


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

    here = access.rows(person, "see") & node.rows()

    def approved(model: Any) -> Any:
        return followed.approved(here, model)

    on_post, more = team.cadres(here)
    return told | {
        "teams": team.teams(here),
        "cadres": on_post,
        "more_cadres": more,
        "meetings": approved(Meeting).filter(occurred_on__lte=today).order_by("-occurred_on", "-pk")[:ROWS],
        "agreements": approved(Agreement).filter(signed_on__lte=today).order_by("-signed_on", "-pk")[:ROWS],
        "open_resolutions": approved(Resolution)
        .filter(done_on=None)
        .select_related("meeting")
        .order_by("due", "pk")[:ROWS],
    }
