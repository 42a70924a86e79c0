"""Ledgers as workbooks, filled and empty. What leaves the house asks for a fresh sign-in and is recorded."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from allauth.account.decorators import reauthentication_required
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponseBase

from lianqiao.desk import doors
from lianqiao.desk.views.ledgers import Asked, asked, filtered
from lianqiao.ledger.models import State
from lianqiao.people import access
from lianqiao.workbooks.writing_exports import Scope, export
from lianqiao.workbooks.writing_templates import template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@doors.desk_page
def ledger_export(request: HttpRequest, code: str) -> HttpResponseBase:
    """The rows that the list's filter leaves; without a state, no void ones."""
    model = doors.ledger_for(request.user, code, "see")
    scope = scope_of(asked(request.user, request.GET, model))
    return given_out(
        request, f"{model.ledger.name}.xlsx", lambda path: export(path, [model], doors.who(request), scope)
    )


@reauthentication_required(app="desk")
def given_out(request: HttpRequest, name: str, write: Callable[[Path], object]) -> HttpResponseBase:
    return file_of(name, write)


@doors.page
def ledger_template(request: HttpRequest, code: str) -> HttpResponseBase:
    """An empty form, with the pairings where the reader fills in as its choices."""
    model = doors.ledger_for(request.user, code, "see")
    nodes = list(access.nodes(request.user, "fill").filter(confirmed=True, until=None))
    return file_of(f"{model.ledger.name}（空表）.xlsx", lambda path: template(path, [model], nodes))


def file_of(name: str, write: Callable[[Path], object]) -> FileResponse:
    """A file that is written for this answer and leaves nothing behind."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.xlsx"
        write(path)
        return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=XLSX)


def scope_of(asked: Asked) -> Scope:
    """What the list shows, and not one row more."""
    first, last = (date(asked.year, 1, 1), date(asked.year, 12, 31)) if asked.year else (None, None)
    state = asked.state if asked.state in State.values else ""
    only = Q(pk__in=filtered(asked.model._base_manager.all(), asked).values("pk")) if asked.any else Q()
    return Scope((asked.node,) if asked.node else (), first, last, state, only, words(asked))


def words(asked: Asked) -> str:
    """What of the filter a span of days, a node and a state do not say."""
    told = ["" if asked.state in State.values else asked.state_word, asked.partner_word]
    return "，".join([word for word in told if word] + ([f"查找“{asked.text}”"] if asked.text else []))
