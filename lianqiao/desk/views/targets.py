"""The scoreboard: a node's targets on a day, as they were known that day, and what became known since."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Sum
from django.db.models.functions import TruncWeek
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianqiao.agreements.models import Target
from lianqiao.agreements.targets import Attainment, attainments, pace
from lianqiao.charts import geometry
from lianqiao.desk import board, doors
from lianqiao.desk.moment import Moment, asked_moment
from lianqiao.desk.since import Changed, changes
from lianqiao.desk.tree import behind, tree
from lianqiao.desk.wording import month_word
from lianqiao.journal import clock
from lianqiao.journal.clock import SHANGHAI
from lianqiao.journal.figures import end_of
from lianqiao.journal.models import Posting, Transaction
from lianqiao.ledger.models import State
from lianqiao.places.models import Node


@doors.page
def targets(request: HttpRequest) -> HttpResponse:
    doors.require_somewhere(request.user, "figures")
    seen = doors.seen_nodes(request.user)
    node = doors.asked_node(request, seen)
    if node is None:
        return render(request, "desk/nothing.html", {"here": "targets"})
    moment = asked_moment(request)
    found = attainments(node, moment.year, moment.day, moment.known)
    rows = board.board(found, node, moment)
    told = {
        "here": "targets",
        "node": node,
        "moment": moment,
        "rows": rows,
        "tally": board.tally(found),
        "agreements": list(dict.fromkeys(a.promise.agreement for a in found)),
        "pace": pace(moment.year, moment.day),
        "last_month": board.last_month_end(moment),
        "tree": tree(seen, node, behind(seen, moment.year, moment.day, moment.known)),
        "years": years(moment),
        "today": clock.today(),
        "band": band(moment),
    }
    return render(request, "desk/targets.html", told | since(found, rows, node, moment))


def years(moment: Moment) -> list[int]:
    """The years that have targets, with the one that is shown."""
    held = Target._base_manager.filter(state=State.APPROVED).values_list("year", flat=True).distinct()
    return sorted({*held, moment.year}, reverse=True)


def band(moment: Moment) -> geometry.Band:
    """How many postings each week of the year recorded, up to today."""
    year = moment.day.year
    rows = Transaction.objects.filter(recorded_at__range=(start_of(date(year, 1, 1)), start_of(date(year + 1, 1, 1))))
    weeks = rows.annotate(week=TruncWeek("recorded_at", tzinfo=SHANGHAI)).order_by("week").values_list("week")
    counted = [(week.date(), n) for week, n in weeks.annotate(n=Sum("postings"))]
    months = [month_word(month) for month in range(1, 13)]
    return geometry.band(year, counted, moment.day, months)


def start_of(day: date) -> datetime:
    return end_of(day - timedelta(days=1))


def since(found: list[Attainment], rows: list[board.Row], node: Node, moment: Moment) -> dict[str, Any]:
    """What was recorded after the day that is shown, with a business date up to it."""
    if not moment.past:
        return {}
    pairs = [(row.attainment.figure, row.now) for row in rows if row.now]
    changed: list[Changed] = changes(pairs)
    late = Posting.objects.filter(
        transaction__gt=moment.known.number, on__lte=moment.day, node__path__startswith=node.path
    )
    return {"changed": changed, "late": late.values("transaction").distinct().count()}
