"""One visit: where it stopped and what came of each stop, the meetings it attended, what was signed and resolved there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianqiao.agreements.models import Agreement, Meeting, Resolution
from lianqiao.desk import doors
from lianqiao.desk.followed import approved, itineraries, last_day
from lianqiao.fields.exchange.models import Visit
from lianqiao.ledger import registry
from lianqiao.people import access


@doors.page
def visit(request: HttpRequest, number: str) -> HttpResponse:
    found = doors.entry(request.user, "visits", number)
    assert isinstance(found, Visit)
    assert found.node
    mine = access.rows(request.user, "see")
    ((_, stops),) = itineraries(mine, [found])
    days = (found.occurred_on, last_day(found))
    attended = approved(mine, Meeting).filter(node__in=found.node.lineage(), occurred_on__range=days)
    held = list(attended.order_by("occurred_on", "pk"))
    told = {
        "here": "meetings",
        "visit": found,
        "last_day": days[1],
        "stops": stops,
        "meetings": held,
        "agreements": approved(mine, Agreement).filter(meeting__in=held).order_by("pk"),
        "resolutions": approved(mine, Resolution).filter(meeting__in=held).order_by("due", "pk"),
        "naming": [row for _, row in registry.namers(Visit, [found.pk])],
    }
    return render(request, "desk/visit.html", told)
