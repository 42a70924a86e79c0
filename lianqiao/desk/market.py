"""What the market's pages share: who gets in, what forms say, and files that come with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from lianqiao.desk import doors
from lianqiao.ledger import acts, evidence
from lianqiao.ledger.columns import Column
from lianqiao.ledger.evidence import Evidence, TooLarge
from lianqiao.people import access
from lianqiao.places.models import Node
from lianqiao.workbooks import cells

Page = Callable[[str], HttpResponse]


def require(person: access.Person) -> None:
    """The market's pages are for the staff who see rows, and for sellers and buyers; raises as doors do."""
    if not (access.grants(person, "sell") or access.grants(person, "buy")):
        doors.require_somewhere(person, "see")


def home(seller: access.Person, unit: str) -> Node:
    """The pairing in which a seller offers: that of his grant, or else the programme's own. Raises Http404."""
    held = [grant.node for grant in access.grants(seller, "sell") if grant.unit == unit]
    node = (held and held[0]) or doors.main_node(list(Node.objects.filter(confirmed=True)))
    if not held or node is None:
        raise Http404
    return node


def typed(text: str, heading: str, kind: str) -> Any:
    """What was typed, read as a cell of a workbook is; None where nothing was. Raises Refused."""
    answer = cells.read(text, Column("", heading, kind))
    if isinstance(answer, cells.Refused):
        raise acts.refuse(f"{heading}：“{text}”{answer.message}", why=answer.why)
    return answer


def needed(text: str, heading: str, kind: str) -> Any:
    """The same; raises Refused also where nothing was typed."""
    value = typed(text, heading, kind)
    if value in (None, ""):
        raise acts.refuse(f"{heading}：必填，未填。请补上。", why="missing")
    return value


def day(request: HttpRequest, name: str, heading: str) -> date:
    found: date = needed(request.POST.get(name, ""), heading, "date")
    return found


def numbered(request: HttpRequest, prefix: str, heading: str, kind: str = "int") -> dict[int, int]:
    """The boxes prefix-PK of a form that were filled, by the PK."""
    return dict(boxes(request, prefix, heading, kind))


def boxes(request: HttpRequest, prefix: str, heading: str, kind: str) -> Iterator[tuple[int, int]]:
    for name, text in request.POST.items():
        start, _, pk = name.rpartition("-")
        if start == prefix and pk.isdecimal() and isinstance(text, str):
            value = typed(text, heading, kind)
            if value is not None:
                yield int(pk), value


def file(request: HttpRequest, name: str, kind: str) -> Evidence | None:
    """The file that came with a form, kept; None where none came. Raises Refused."""
    sent = request.FILES.get(name)
    if sent is None:
        return None
    try:
        if (sent.size or 0) > evidence.MOST_BYTES:
            raise TooLarge(evidence.TOO_LARGE.format(name=sent.name))
        return evidence.keep(sent.read(), sent.name or "", kind)
    except TooLarge as error:
        raise acts.refuse(str(error), why="too_large") from error


def decide(request: HttpRequest, deeds: dict[str, Callable[[], str]], page: Page, to: str, *args: str) -> HttpResponse:
    """Does what the button says, and goes to its page; what cannot be is told on `page`, which keeps what was typed."""
    deed = deeds.get(request.POST.get("act", ""))
    if deed is None:
        return page(gettext("没有这一项。"))
    try:
        told = deed()
    except acts.Refused as refused:
        return page(str(refused))
    messages.success(request, told)
    return redirect(to, *args)
