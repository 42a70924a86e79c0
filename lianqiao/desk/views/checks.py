"""Texts that were held against the journal: their numbers marked, the verdicts in the margin."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lianqiao.claims.check import NO_INDICATOR
from lianqiao.claims.marked import paragraphs, tally
from lianqiao.claims.models import SavedCheck
from lianqiao.desk import doors
from lianqiao.desk.people import offices
from lianqiao.people import access


@doors.page
def overview(request: HttpRequest) -> HttpResponse:
    doors.require_somewhere(request.user, "figures")
    saved = list(SavedCheck.objects.filter(node__in=access.nodes(request.user, "figures")).select_related("node")[:100])
    names = offices(one.by for one in saved)
    lines = [(one, tally(one.result), names.get(one.by, one.by)) for one in saved]
    return render(request, "desk/checks.html", {"here": "checks", "lines": lines})


@doors.page
def check(request: HttpRequest, pk: int) -> HttpResponse:
    found = SavedCheck.objects.select_related("node").filter(pk=pk).first()
    if found is None:
        raise Http404
    access.require(request.user, "figures", found.node)
    told = {
        "here": "checks",
        "check": found,
        "paragraphs": paragraphs(found.text, found.result),
        "tally": tally(found.result),
        "aside": [one for one in found.result if one["verdict"] == NO_INDICATOR],
        "office": offices([found.by]).get(found.by, found.by),
    }
    return render(request, "desk/check.html", told)
