"""A checked text with its numbers marked and the verdicts beside them: for the desk, and as a page that stands alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string

from lianqiao.claims.check import BORNE_OUT, DIFFERS, NO_ENTRIES, NO_INDICATOR, PLAN, VERDICTS, Checked, Verdict
from lianqiao.claims.told import verdict_json
from lianqiao.claims.within import KINDS
from lianqiao.core.units import shown

# The mark under a number in the text, by verdict.
MARKS = {BORNE_OUT: "y", DIFFERS: "x", NO_ENTRIES: "o", PLAN: "p"}
ORDER = (DIFFERS, NO_ENTRIES, PLAN, BORNE_OUT)
Result = dict[str, Any]
"""A verdict as data (told.verdict_json)."""


def tally(result: list[Result]) -> list[tuple[str, str, int]]:
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
    margin: list[tuple[int, str, Result]] = field(default_factory=list)


def paragraphs(text: str, result: list[Result]) -> list[Paragraph]:
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


def paragraph(line: str, at: int, mine: list[tuple[int, Result]], *, title: bool) -> Paragraph:
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


def figure_told(found: Verdict) -> str:
    """What the journal says, with its unit: 1,213 人次; — where it says nothing, and empty for what it does not count."""
    if found.figure is None:
        return ""
    if found.figure.value is None:
        return "—"
    return f"{shown(found.figure.value, found.figure.measure.unit)} {found.figure.measure.unit.name}"


def page(checked: Checked) -> str:
    """The checked text as one HTML file without anything from elsewhere, to be sent and printed."""
    result = [
        {**verdict_json(one), "told": figure_told(one), "name": one.figure.measure.name if one.figure else ""}
        for one in checked.verdicts
    ]
    told = {
        "checked": checked,
        "paragraphs": paragraphs(checked.text, result),
        "tally": tally(result),
        "aside": [one for one in result if one["verdict"] == NO_INDICATOR],
        "remarks": [(KINDS[remark.kind], remark.told) for remark in checked.remarks],
    }
    return render_to_string("claims/marked.html", told)
