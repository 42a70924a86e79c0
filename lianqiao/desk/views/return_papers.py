"""A return as it leaves the page: two versions side by side, on paper, and in Excel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from lianqiao.briefings.models import Return
from lianqiao.briefings.returns_book import write_book
from lianqiao.briefings.returns_lines import Change, compare, lines_of, spans_of
from lianqiao.core.periods import Period
from lianqiao.desk import doors
from lianqiao.desk.since import Changed, changes
from lianqiao.desk.views.exports import given_out
from lianqiao.desk.views.returns import HEADINGS, place, rows, version, with_groups
from lianqiao.journal.figures import Figure, Known, measures_of, over_all_time
from lianqiao.journal.measures import MEASURES
from lianqiao.people import log
from lianqiao.people.models import Access

# Side by side ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """A measure of two versions: each column as it was and is (None where it is the same), and what moved it between."""

    measure: Any
    columns: list[Changed | None]

    @property
    def widest(self) -> Changed:
        """The column over the longest time, which tells of every transaction."""
        return [changed for changed in self.columns if changed][-1]


@doors.page
def comparison(request: HttpRequest, number: str, kind: str, until: str) -> HttpResponse:
    """Two versions: every figure that is not the same, old and new, with the transactions behind."""
    at = place(request.user, number, kind, until)
    if len(at.versions) < 2:
        raise Http404
    old = version(at, request.GET.get("old") or str(at.versions[-2].version))
    new = version(at, request.GET.get("new"))
    told = {
        "here": "returns",
        "tab": "returns",
        "at": at,
        "old": old,
        "new": new,
        "headings": HEADINGS.values(),
        "found": differences(old, new),
    }
    return render(request, "desk/return_compare.html", told)


def differences(old: Return, new: Return) -> list[Difference]:
    """Measure by measure; what stands at the end of a period is read over all time, whatever its start."""
    spans, found = spans_of(new.kind, new.period), compare(lines_of(old), lines_of(new), HEADINGS)
    told: dict[tuple[str, str], Changed] = {}
    for column in HEADINGS:
        for standing in (False, True):
            some = [one for one in found if one.column == column and stands(one.measure) == standing]
            pairs = [then_and_now(change, old, new, spans["ever" if standing else column]) for change in some]
            told |= {(one.then.measure.code, column): one for one in changes(pairs)}
    measures = dict.fromkeys(change.measure for change in found)
    return [Difference(m, [told.get((m.code, column)) for column in HEADINGS]) for m in measures]


def stands(measure: Any) -> bool:
    return any(over_all_time(measure, part) for part in measures_of(measure))


def then_and_now(change: Change, old: Return, new: Return, period: Period) -> tuple[Figure, Figure]:
    told = ((change.old, old), (change.new, new))
    then, now = (
        Figure(change.measure, (of.node,), period, value, 0, 0, Known(of.transaction, of.hash, None))
        for value, of in told
    )
    return then, now


# On paper and in Excel -------------------------------------------------------------------------------------------------


@doors.page
def paper(request: HttpRequest, number: str, kind: str, until: str) -> HttpResponse:
    """A version as it is printed and signed by hand."""
    at = place(request.user, number, kind, until)
    shown = version(at, request.GET.get("version"))
    told = {
        "at": at,
        "one": shown,
        "rows": with_groups(rows(shown)),
        "questions": [(asked, MEASURES.get(asked.measure)) for asked in shown.questions.all()],
    }
    return render(request, "desk/return_paper.html", told)


@doors.desk_page
def book(request: HttpRequest, number: str, kind: str, until: str) -> HttpResponseBase:
    """A version as a workbook. It leaves the house: a fresh sign-in, and a line in the access log."""
    at = place(request.user, number, kind, until)
    shown = version(at, request.GET.get("version"))

    def write(path: Any) -> None:
        log.write(doors.who(request), Access.Act.EXPORT, f"{shown} 第{shown.version}版", count=len(shown.lines))
        write_book(path, shown)

    return given_out(request, f"{shown}.xlsx", write)
