"""Texts that were held against the journal: their numbers marked, the verdicts in the margin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lianqiao.claims.check import BORNE_OUT, DIFFERS, NO_ENTRIES, NO_INDICATOR, PLAN, VERDICTS
from lianqiao.claims.models import SavedCheck
from lianqiao.desk import doors
from lianqiao.desk.people import offices
from lianqiao.people import access

# The mark under a number in the text, by verdict.
MARKS = {BORNE_OUT: "y", DIFFERS: "x", NO_ENTRIES: "o", PLAN: "p"}
ORDER = (DIFFERS, NO_ENTRIES, PLAN, BORNE_OUT)


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


Verdict = dict[str, Any]


def tally(result: list[Verdict]) -> list[tuple[str, str, int]]:
    """(mark, word, how many) of each verdict on a number, the worst first."""
    counted = [(verdict, sum(one["verdict"] == verdict for one in result)) for verdict in ORDER]
    return [(MARKS[verdict], VERDICTS[verdict], n) for verdict, n in counted]


@dataclass(frozen=True)
class Piece:
    """A stretch of the text; a number with its place in the margin, or 0 where it is none."""

    text: str
    number: int = 0
    mark: str = ""


@dataclass
class Paragraph:
    """A paragraph of the text, with the verdicts on its numbers beside it."""

    title: bool
    pieces: list[Piece] = field(default_factory=list)
    margin: list[tuple[int, str, Verdict]] = field(default_factory=list)


def paragraphs(text: str, result: list[Verdict]) -> list[Paragraph]:
    """The text by paragraphs, its numbers marked and numbered in their order."""
    judged = sorted((one for one in result if one["verdict"] in MARKS), key=lambda one: (one["start"], one["end"]))
    numbered = list(enumerate(judged, 1))
    found: list[Paragraph] = []
    at = 0
    for line in text.splitlines(keepends=True):
        end = at + len(line)
        mine = [(n, one) for n, one in numbered if at <= one["start"] < end]
        if line.strip():
            found.append(paragraph(line, at, mine, title=not found and len(line.strip()) <= 40 and not mine))
        at = end
    return found


def paragraph(line: str, at: int, mine: list[tuple[int, Verdict]], *, title: bool) -> Paragraph:
    made = Paragraph(title)
    done = len(line) - len(line.lstrip())
    for number, one in mine:
        start, end = max(one["start"] - at, done), min(one["end"] - at, len(line))
        if start > done:
            made.pieces.append(Piece(line[done:start]))
        made.pieces.append(Piece(line[start:end], number, MARKS[one["verdict"]]))
        made.margin.append((number, MARKS[one["verdict"]], one))
        done = max(done, end)
    made.pieces.append(Piece(line[done:].rstrip("\r\n")))
    return made
