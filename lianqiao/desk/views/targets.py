"""The scoreboard: a node's targets on a day, as they were known that day, and what became known since."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import Sum
from django.db.models.functions import TruncWeek
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from lianqiao.agreements.models import Target
from lianqiao.agreements.targets import Attainment, attainments, pace
from lianqiao.charts import geometry
from lianqiao.desk import board, doors
from lianqiao.desk.moment import Moment, asked_moment
from lianqiao.desk.picked import figures_around, flows, look
from lianqiao.desk.postings import recorded_since
from lianqiao.desk.since import Changed, changes
from lianqiao.desk.tree import behind, tree
from lianqiao.desk.views.exports import given_out
from lianqiao.desk.wording import month_word
from lianqiao.journal import clock
from lianqiao.journal.clock import SHANGHAI
from lianqiao.journal.figures import end_of
from lianqiao.journal.models import Transaction
from lianqiao.ledger.models import State
from lianqiao.people import log
from lianqiao.people.models import Access
from lianqiao.places.models import Node
from lianqiao.workbooks.writing_board import Line, Sheet, board_book


@doors.page
def targets(request: HttpRequest) -> HttpResponse:
    doors.require_somewhere(request.user, "figures")
    node = doors.asked_node(request)
    if node is None:
        return render(request, "desk/nothing.html", {"here": "targets"})
    seen = doors.near_nodes(request.user, node)
    moment = asked_moment(request)
    found = attainments(node, moment.year, moment.day, moment.known)
    rows = board.board(found, node, moment)
    standing = board.everywhere(seen, moment.year, moment.day, moment.known)
    one = picked(request, found)
    around = figures_around(node, moment, one)
    told = {
        "here": "targets",
        "node": node,
        "moment": moment,
        "rows": rows,
        "tally": board.tally(found),
        "agreements": list(dict.fromkeys(a.promise.agreement for a in found)),
        "pace": pace(moment.year, moment.day),
        "last_month": board.last_month_end(moment),
        "tree": tree(seen, node, behind(standing)),
        "years": years(moment),
        "today": clock.today(),
        "band": band(moment),
        "one": one and look(one, moment, around, [child for child in seen if child.parent_id == node.pk], standing),
        "flows": flows(around),
    }
    return render(request, "desk/targets.html", told | since(found, rows, node, moment))


def picked(request: HttpRequest, found: list[Attainment]) -> Attainment | None:
    """The target that the address asks to look at, else the worst; a measure without a target here is passed over."""
    code = request.GET.get("measure")
    asked = [one for one in found if one.promise.measure.code == code]
    return asked[-1] if asked else next((row.attainment for row in board.glance(found, 1)), None)


@doors.desk_page
def book(request: HttpRequest) -> HttpResponseBase:
    """The scoreboard as a workbook. It leaves the house: a fresh sign-in, and a line in the access log."""
    doors.require_somewhere(request.user, "figures")
    node = doors.asked_node(request)
    if node is None:
        raise Http404
    moment = asked_moment(request)
    found = attainments(node, moment.year, moment.day, moment.known)
    rows = board.board(found, node, moment)
    name = f"{node.name} {moment.year}年度目标 {moment.day}"

    def write(path: Path) -> None:
        log.write(doors.who(request), Access.Act.EXPORT, name, count=len(rows))
        board_book(path, Sheet(node, moment.year, moment.day, moment.known), [line_of(row) for row in rows])

    return given_out(request, f"{name}.xlsx", write)


def line_of(row: board.Row) -> Line:
    now = row.now.value if row.now else None
    return Line(row.attainment, row.last_month, row.last_year, now)


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
    return {"changed": changed, "late": recorded_since(node, moment.known, moment.day)}
