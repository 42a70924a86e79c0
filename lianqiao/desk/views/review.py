"""Review: what waits, the row with what has changed in it, what speaks against it, and the next one after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lianqiao.desk import cells, doors, effects, waiting
from lianqiao.desk.people import offices
from lianqiao.desk.versions import changed, worked_on
from lianqiao.desk.views.entry import lacking
from lianqiao.ledger import twins
from lianqiao.ledger.checks import check
from lianqiao.ledger.models import Change, Entry, State

SHOWN = 200  # rows of the queue that are listed beside the one under review
REASONS = ("数与佐证不符", "缺佐证材料", "与他行重复", "不属本台账")


@doors.desk_page
def piles(request: HttpRequest) -> HttpResponseBase:
    doors.require_somewhere(request.user, "review")
    found = [pile for pile in waiting.piles(doors.who(request)) if pile.review]
    return render(request, "desk/piles.html", {"here": "review", "piles": found})


@doors.desk_page
def first(request: HttpRequest, code: str) -> HttpResponseBase:
    """The next row after the one that was decided, else the first; the piles where none is left."""
    model = doors.ledger_for(request.user, code, "review")
    rows = waiting.to_review(doors.who(request), model)
    after = doors.whole_number(request.GET.get("after", "0"), 0, 10**18)
    coming = [row for row in rows if row.pk > after] or rows
    if not coming:
        messages.success(request, gettext("这本台账没有待审的行了。"))
        return redirect("review")
    return redirect("review_entry", code, coming[0].number)


@doors.desk_page
def review(request: HttpRequest, code: str, number: str) -> HttpResponseBase:
    found = doors.entry_for(request.user, code, number, "review")
    rows = waiting.to_review(doors.who(request), type(found))
    if found.pk not in {row.pk for row in rows}:
        messages.error(request, gettext("这一行现在不用审。"))
        return redirect("entry", code, number)
    return page(request, found, rows)


@dataclass(frozen=True)
class Line:
    """A row of the queue, with the word that makes a reviewer look twice."""

    entry: Entry
    flag: str


def page(request: HttpRequest, found: Entry, rows: Sequence[Entry]) -> HttpResponse:
    version = worked_on(found)
    at = [row.pk for row in rows].index(found.pk)
    shown = rows[max(0, at - 3) : at + SHOWN]
    doubles = twins.twins([version, *(row for row in shown if row.pk != found.pk)])
    sent = Change.objects.filter(ledger=found.ledger.code, entry=found.pk).order_by("-pk").first()
    told = {
        "here": "review",
        "entry": found,
        "version": version,
        "at": at + 1,
        "of": len(rows),
        "queue": [Line(row, flag(row, doubles)) for row in shown],
        "next": rows[(at + 1) % len(rows)],
        "previous": rows[at - 1],
        "fields": fields(found, version),
        "base": changed(found).base,
        "lacking": lacking(version),
        "twins": doubles.get(found.pk, []),
        "closed": effects.closed(found, version),
        "problems": check(version),
        "effects": effects.effects(found, version),
        "sent": sent,
        "office": offices([sent.by]).get(sent.by, sent.by) if sent else "",
        "reasons": REASONS,
    }
    return render(request, "desk/review.html", told)


def flag(row: Entry, doubles: dict[int, list[Entry]]) -> str:
    if row.pk in doubles:
        return gettext("疑重")
    missing = lacking(row)
    if missing:
        return gettext("缺%(kind)s") % {"kind": gettext(missing[0])}
    return gettext("修订") if row.state == State.APPROVED else ""


def fields(found: Entry, version: Entry) -> list[tuple[cells.Cell, Any]]:
    """The waiting version's cells, each with what it differs in from the version before."""
    differences = {d.heading: d for d in changed(found).differences}
    held = [
        *cells.cells(version),
        cells.Cell(str(version._meta.get_field("notes").verbose_name), version.notes, wide=True),
    ]
    return [(cell, differences.get(cell.heading)) for cell in cells.in_pairs(held)]
