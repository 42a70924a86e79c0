"""Filters that somebody comes back to: saved under a name, and forgotten again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBadRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from lianqiao.desk import doors
from lianqiao.desk.models import SavedFilter
from lianqiao.desk.views.ledgers import asked

KEPT = ("year", "state", "partner", "node", "q", "sort")


@doors.deed
def save(request: HttpRequest, code: str) -> HttpResponseBase:
    """Saves the filter under the name, in place of an earlier one of that name; act=forget takes it away."""
    model = doors.ledger_for(request.user, code, "see")
    name = request.POST.get("name", "").strip()
    if not 0 < len(name) <= 40:
        return HttpResponseBadRequest(gettext("名称要有一至四十个字。"), content_type="text/plain; charset=utf-8")
    mine = SavedFilter.objects.filter(user=doors.who(request), ledger=code, name=name)
    if request.POST.get("act") == "forget":
        mine.delete()
        messages.success(request, gettext("已不再常用：%(name)s") % {"name": name})
        return redirect("ledger", code)
    query = kept(request.POST.get("query", ""))
    asked(request.user, QueryDict(query), model)
    SavedFilter.objects.update_or_create(user=doors.who(request), ledger=code, name=name, defaults={"query": query})
    messages.success(request, gettext("已存为常用：%(name)s") % {"name": name})
    return redirect(f"{reverse('ledger', args=[code])}?{query}")


def kept(query: str) -> str:
    """Of an address's query what filters and sorts: never a page."""
    told = QueryDict(query[:500], mutable=True)
    for name in set(told) - set(KEPT):
        del told[name]
    return told.urlencode()
