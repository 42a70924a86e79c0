"""A checked text with its numbers marked and the verdicts beside them: for the desk, and as a page that stands alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string

from lianqiao.claims.check import BORNE_OUT, DIFFERS, NO_ENTRIES, NO_INDICATOR, PLAN, VERDICTS, Checked, Verdict
from lianqiao.claims.models import SavedCheck
from lianqiao.claims.told import remark_json, verdict_json
from lianqiao.claims.within import KINDS
from lianqiao.core.units import shown, to_smallest
from lianqiao.journal import clock
from lianqiao.journal.measures import MEASURES

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
    return worded(verdict_json(found))["told"]


def worded(one: Result) -> Result:
    """A verdict with its figure in words: told (1,213 人次), and what it counts: name."""
    measure = MEASURES.get(one["measure"] or "")
    if measure is None:
        return {**one, "told": "", "name": ""}
    if one["figure"] is None:
        return {**one, "told": "—", "name": measure.name}
    number = shown(to_smallest(str(one["figure"]), measure.unit), measure.unit)
    return {**one, "told": f"{number} {measure.unit.name}", "name": measure.name}


def saved(checked: Checked, by: str, *, kept: bool) -> SavedCheck:
    """A check as it is kept, not yet in the database."""
    return SavedCheck(
        name=checked.name, text=checked.text, node=checked.node, as_of=checked.as_of, published=checked.published,
        transaction=checked.known.number, hash=checked.known.hash, result=[verdict_json(v) for v in checked.verdicts],
        remarks=[remark_json(remark) for remark in checked.remarks], by=by, at=clock.now(), kept=kept,
    )  # fmt: skip


def page(check: SavedCheck) -> str:
    """The checked text as one HTML file without anything from elsewhere, to be sent and printed."""
    result = [worded(one) for one in check.result]
    told = {
        "check": check,
        "paragraphs": paragraphs(check.text, result),
        "tally": tally(result),
        "aside": [one for one in result if one["verdict"] == NO_INDICATOR],
        "remarks": remarks_told(check),
    }
    return render_to_string("claims/marked.html", told)


def remarks_told(check: SavedCheck) -> list[tuple[str, str]]:
    """What contradicts itself in the text: of which kind, and what."""
    return [(KINDS[remark["kind"]], remark["told"]) for remark in check.remarks]
