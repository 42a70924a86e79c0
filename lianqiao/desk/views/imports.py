"""Imports that wrote something: what each did, and taking it back as one act."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lianqiao.desk import doors
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.registry import entries_of, ledgers
from lianqiao.people import access
from lianqiao.workbooks import imports
from lianqiao.workbooks.models import Import

SIZE = 50
SHOWN = 200


@doors.desk_page
def overview(request: HttpRequest) -> HttpResponseBase:
    doors.require_somewhere(request.user, "see")
    made = seen(request).select_related("by", "undone_by").order_by("-pk")
    pages = Paginator(made, SIZE)
    page = pages.page(doors.whole_number(request.GET.get("page", "1"), 1, pages.num_pages))
    lines = [(one, ledgers()[one.ledger]) for one in page.object_list]
    return render(request, "desk/imports.html", {"here": "ledgers", "page": page, "lines": lines})


def seen(request: HttpRequest) -> QuerySet[Import]:
    """One's own; everybody's for who may see every row."""
    everything = access.may(request.user, "see", None)
    return Import.objects.all() if everything else Import.objects.filter(by=doors.who(request))


@doors.writing
def done(request: HttpRequest, pk: int) -> HttpResponseBase:
    """POST undoes it, with a reason."""
    doors.require_somewhere(request.user, "see")
    made = seen(request).select_related("by", "node", "undone_by").filter(pk=pk).first()
    if made is None:
        raise Http404
    problems: list[str] = []
    if request.method == "POST":
        try:
            imports.undo(made, doors.who(request), request.POST.get("why", "").strip())
        except Refused as refused:
            problems = [problem.message for problem in refused.problems]
        except PermissionDenied:
            problems = [gettext("撤销要有作废的权：请审核或协调角色办理。")]
        else:
            messages.success(request, gettext("这次导入已撤销，它写的行不再计数。"))
            return redirect("import_done", pk)
    rows = list(made.rows.order_by("entry")[: SHOWN + 1])
    found = entries_of((made.ledger, row.entry) for row in rows)
    told = {
        "here": "ledgers",
        "made": made,
        "model": ledgers()[made.ledger],
        "rows": [(found[made.ledger, row.entry], row) for row in rows[:SHOWN]],
        "more": len(rows) > SHOWN,
        "problems": problems,
    }
    return render(request, "desk/import_done.html", told, status=400 if problems else 200)
