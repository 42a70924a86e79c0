"""A protected value in the clear: for a stated reason, after a fresh sign-in, and recorded before it is shown."""

from __future__ import annotations

from collections.abc import Callable
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
    told = {"here": "ledgers", "entry": entry, "heading": str(column.verbose_name)}
    return ask(request, "desk/reveal.html", told, entry.number, lambda: reveal(getattr(entry, field)))


@reauthentication_required(app="desk", allow_get=True)
def ask(
    request: HttpRequest, template: str, told: dict[str, Any], number: str, value: Callable[[], str]
) -> HttpResponseBase:
    """The page that asks for the reason and then shows the value: what every protected value in the clear goes through.

    told: what the template needs; its `heading` and the row's number stand in the access log. value: reads the clear value,
    asked for only once the reason is recorded.
    """
    told = told | {"why": request.POST.get("why", "")}
    if request.method != "POST":
        return render(request, template, told)
    why = told["why"].strip()
    if not LEAST <= len(why) <= MOST:
        told["problem"] = gettext("缘由要有四至三百个字，审计看得到。")
        return render(request, template, told, status=400)
    log.write(doors.who(request), Access.Act.REVEAL, f"{number} {told['heading']}", why=why)
    answer = render(request, template, told | {"value": value()})
    answer["Cache-Control"] = "no-store"
    return answer
