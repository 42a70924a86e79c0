"""What is done with chosen rows, one or two hundred: one act, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction as database
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from lianqiao.desk import doors
from lianqiao.desk.deeds import DEEDS, Deed, Given, at_rows
from lianqiao.desk.views.choices import back
from lianqiao.desk.views.ledgers import asked, filtered
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.models import Entry
from lianqiao.people import access

MOST = 5000  # rows in one act: what a transaction of the journal takes without keeping others waiting for long


@doors.deed
def act(request: HttpRequest, code: str) -> HttpResponseBase:
    deed = DEEDS.get(request.POST.get("act", ""))
    if deed is None:
        doors.ledger_for(request.user, code, "see")
        return HttpResponseBadRequest(gettext("没有这一项。"), content_type="text/plain; charset=utf-8")
    model = doors.ledger_for(request.user, code, deed.act)
    rows = chosen(request, model)
    require_each(request, deed, rows)
    if len(rows) > MOST:
        messages.error(request, gettext("一次至多 %(n)s 行。请用筛选分几次办。") % {"n": f"{MOST:,}"})
        return redirect(back(request))
    given = Given(request.POST.get("why", "").strip(), "despite_twins" in request.POST)
    try:
        with database.atomic():
            deed.run(rows, doors.who(request), given)
    except Refused as refused:
        return told(request, deed, rows, refused)
    messages.success(request, gettext(deed.done) % {"n": f"{len(rows):,}"})
    return redirect(back(request) if request.POST.get("next") else reverse("ledger", args=[code]))


def chosen(request: HttpRequest, model: type[Entry]) -> list[Entry]:
    """The rows that the form names, or all that its filter leaves; one that the person may not see is none. Raises
    Http404."""
    seen = model._base_manager.filter(access.rows(request.user, "see")).select_related("node", "author")
    if "all" in request.POST:
        query = QueryDict(request.POST.get("query", ""))
        return list(filtered(seen, asked(request.user, query, model)).order_by("pk")[: MOST + 1])
    numbers = set(request.POST.getlist("number"))
    found = list(seen.filter(number__in=numbers).order_by("pk"))
    if len(found) < len(numbers):
        raise Http404
    return found


def require_each(request: HttpRequest, deed: Deed, rows: Sequence[Entry]) -> None:
    """Asks once for each node and side; for 对账 the act itself asks, since there it is the partner's side."""
    sides = {(row.node, () if deed.act == "confirm" else row.sides()) for row in rows}
    for node, side in sides:
        access.require(request.user, deed.act, node, side)


def told(request: HttpRequest, deed: Deed, rows: Sequence[Entry], refused: Refused) -> HttpResponse:
    """The rows again, each with what stands against it; what stands against none of them may be done without the others."""
    by_row, general = at_rows(rows, refused.problems)
    page = {
        "here": "ledgers",
        "model": type(rows[0]) if rows else doors.ledger(request.resolver_match.kwargs["code"]),  # type: ignore[union-attr]
        "deed": deed,
        "key": request.POST["act"],
        "lines": [(row, by_row.get(row.pk, [])) for row in sorted(rows, key=lambda row: row.pk not in by_row)],
        "general": general,
        "only_twins": all(problem.why == "twin" for problem in refused.problems),
        "why": request.POST.get("why", ""),
        "next": request.POST.get("next", ""),
    }
    return render(request, "desk/deed.html", page, status=400)
