"""A protected value in the clear: for a stated reason, after a fresh sign-in, and recorded before it is shown."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext

from lianqiao.desk import doors
from lianqiao.ledger.fields import IdNumber
from lianqiao.ledger.protected import reveal
from lianqiao.ledger.registry import data_fields
from lianqiao.people import log
from lianqiao.people.models import Access

LEAST, MOST = 4, 300


@doors.writing
def revealed(request: HttpRequest, code: str, number: str, field: str) -> HttpResponseBase:
    """GET asks for the reason; POST records it and shows the value once."""
    entry = doors.entry_for(request.user, code, number, "reveal")
    column = next((f for f in data_fields(type(entry)) if isinstance(f, IdNumber) and f.name == field), None)
    if column is None or not getattr(entry, field):
        raise Http404
    return ask(request, entry, column)


@reauthentication_required(app="desk", allow_get=True)
def ask(request: HttpRequest, entry: doors.Entry, column: IdNumber) -> HttpResponseBase:
    told: dict[str, Any] = {
        "here": "ledgers",
        "entry": entry,
        "heading": str(column.verbose_name),
        "why": request.POST.get("why", ""),
    }
    if request.method != "POST":
        return render(request, "desk/reveal.html", told)
    why = told["why"].strip()
    if not LEAST <= len(why) <= MOST:
        told["problem"] = gettext("缘由要有四至三百个字，审计看得到。")
        return render(request, "desk/reveal.html", told, status=400)
    log.write(doors.who(request), Access.Act.REVEAL, f"{entry.number} {column.verbose_name}", why=why)
    answer = render(request, "desk/reveal.html", told | {"value": reveal(getattr(entry, column.name))})
    answer["Cache-Control"] = "no-store"
    return answer
