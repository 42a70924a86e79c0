"""Returns: what is due from whom, and one through its life. return_papers.py compares versions and gives them out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_noop

from lianqiao.agreements.targets import pace
from lianqiao.briefings import returns
from lianqiao.briefings.models import Kind, Question, Return, title
from lianqiao.briefings.returns_calendar import duty_of, period_of, slots
from lianqiao.briefings.returns_lines import Line, adding, compare, is_true, lines_of, read, spans_of
from lianqiao.core.periods import Period
from lianqiao.desk import doors, owed
from lianqiao.desk.people import offices
from lianqiao.desk.wording import growth
from lianqiao.journal import chain, clock
from lianqiao.journal.figures import Figure, Known, known_at
from lianqiao.journal.measures import MEASURES, Measure, percent
from lianqiao.ledger.acts import Refused
from lianqiao.people import access
from lianqiao.people.models import User
from lianqiao.places.models import Node

State = Return.State
HEADINGS = {
    "now": gettext_noop("本期"), "year": gettext_noop("本年累计"), "ever": gettext_noop("累计"),
}  # fmt: skip
STEPS = (
    (State.FILLED, gettext_noop("填报")), (State.EXPLAINED, gettext_noop("说明")), (State.REVIEWED, gettext_noop("审核")),
    (State.SIGNED, gettext_noop("签发")), (State.SENT, gettext_noop("上报")),
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """What an address names: a node's return of a kind for a period, and its versions, the first first."""

    node: Node
    kind: str
    period: Period
    versions: list[Return]

    @property
    def title(self) -> str:
        return title(self.kind, self.period)

    @property
    def latest(self) -> Return | None:
        return self.versions[-1] if self.versions else None

    @property
    def address(self) -> list[Any]:
        return [self.node.number, self.kind, self.period.until.isoformat()]


def place(person: access.Person, number: str, kind: str, until: str) -> Place:
    """Raises Http404 where nothing of that address is owed and nothing was filled, or for a stranger."""
    node = doors.node(person, number)
    if kind not in Kind.values:
        raise Http404
    period = period_of(kind, doors.day(until))
    held = Return.objects.filter(node=node, kind=kind, until=period.until)
    versions = list(held.select_related("node", "author", "reviewer", "coordinator", "sender").order_by("version"))
    if period.until.isoformat() != until or not (versions or duty_of(node, kind, period)):
        raise Http404
    return Place(node, kind, period, versions)


def version(at: Place, asked: str | None) -> Return:
    """The version that is asked for by its number, else the latest."""
    found = [one for one in at.versions if asked in (None, "", str(one.version))]
    if not found:
        raise Http404
    return found[-1]


# The calendar ----------------------------------------------------------------------------------------------------------


@doors.page
def overview(request: HttpRequest) -> HttpResponse:
    doors.require_somewhere(request.user, "figures")
    today = clock.today()
    node = doors.node(request.user, request.GET["node"]) if request.GET.get("node") else None
    year = doors.whole_number(request.GET.get("year") or str(today.year), doors.FIRST_YEAR, doors.LAST_YEAR)
    held = owed.duties(request.user, node)
    found = slots(held, today)
    told = {
        "here": "returns",
        "tab": "returns",
        "node": node,
        "year": year,
        "years": sorted({*(slot.period.until.year for slot in found), today.year}, reverse=True),
        "nodes": list({duty.node_id: duty.node for duty in owed.duties(request.user)}.values()),
        "tasks": owed.tasks(request.user, held),
        "rows": [(duty, owed.year_of(duty, found, year, today)) for duty in held],
        "months": range(1, 13),
        "today": today,
        "may_close": isinstance(request.user, User) and bool(access.grants(request.user, "close")),
    }
    return render(request, "desk/returns.html", told)


# One return ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A line as the page shows it. group: the heading where a new one begins."""

    line: Line
    now: Figure
    year: Figure
    ever: Figure
    group: str = ""

    @property
    def measure(self) -> Any:
        return self.line.measure

    @property
    def depth(self) -> int:
        return len(list(self.measure.ancestors())) if isinstance(self.measure, Measure) else 0

    @property
    def change(self) -> int | None:
        now, last = self.line.now, self.line.last
        return None if now is None or last is None else now - last

    @property
    def growth(self) -> str:
        return growth(self.line.now, self.line.last_year, self.measure.unit)

    @property
    def reached(self) -> Fraction | None:
        """How much of its target the year has reached, in percent; None where there is none."""
        return percent(self.line.year or 0, self.line.target) if self.line.target else None


def rows(one: Return) -> list[Row]:
    """The lines of a version with their figures' addresses at its transaction."""
    known, spans = Known(one.transaction, one.hash, None), spans_of(one.kind, one.period)
    return [
        row_of(line, {name: figure_of(line, name, one.node, spans[name], known) for name in HEADINGS})
        for line in lines_of(one)
    ]


def row_of(line: Line, told: dict[str, Figure]) -> Row:
    return Row(line, told["now"], told["year"], told["ever"])


def matters(row: Row, asked: set[str]) -> bool:
    """Whether a line stands on the page at once: no part of another, or with a target or a question of its own."""
    return row.depth == 0 or row.line.target is not None or row.measure.code in asked


def with_groups(found: list[Row]) -> list[Row]:
    """The rows, each first one of its group with the group's name."""
    befores = ["", *(row.measure.group for row in found)]
    return [
        replace(row, group=row.measure.group if row.measure.group != before else "")
        for row, before in zip(found, befores, strict=False)
    ]


def figure_of(line: Line, column: str, node: Node, period: Period, known: Known) -> Figure:
    return Figure(line.measure, (node,), period, getattr(line, column), 0, 0, known)


@doors.page
def one(request: HttpRequest, number: str, kind: str, until: str) -> HttpResponse:
    at = place(request.user, number, kind, until)
    return page(request, at, version(at, request.GET.get("version")) if at.versions else None)


def page(request: HttpRequest, at: Place, shown: Return | None, refused: Refused | None = None) -> HttpResponse:
    told: dict[str, Any] = {
        "here": "returns",
        "tab": "returns",
        "at": at,
        "one": shown,
        "duty": duty_of(at.node, at.kind, at.period),
        "today": clock.today(),
        "head_now": chain.head(),
        "ended": at.period.until <= clock.today(),
        "refused": [problem.message for problem in refused.problems] if refused else [],
        "typed": request.POST if refused else {},
        "may": {act: access.may(request.user, act, at.node) for act in ("fill", "review", "close")}
        if isinstance(request.user, User)
        else {},
    }
    if told["duty"]:
        told["slot"] = next(s for s in slots([told["duty"]], at.period.until) if s.period == at.period)
    if shown:
        told |= of_version(request, at, shown)
    return render(request, "desk/return.html", told, status=400 if refused else 200)


def of_version(request: HttpRequest, at: Place, shown: Return) -> dict[str, Any]:
    questions = list(shown.questions.all())
    counts = shown == at.latest
    columns, parts = adding(at.node, at.period, known_at(shown.transaction))
    lines, everything = rows(shown), "all" in request.GET
    main = lines if everything else [row for row in lines if matters(row, {asked.measure for asked in questions})]
    moved = []
    if counts and chain.head().number > shown.transaction:
        moved = compare(lines_of(shown), read(at.node, at.kind, at.period).lines)
    return {
        "rows": with_groups(main),
        "lines": lines,
        "everything": everything,
        "questions": [(asked, MEASURES.get(asked.measure)) for asked in questions],
        "open": sum(not asked.answer for asked in questions),
        "offices": offices({name for asked in questions for name in (asked.asked_by, asked.answered_by)}),
        "counts": counts,
        "editable": shown.state in (State.FILLED, State.QUESTIONED, State.EXPLAINED),
        "steps": steps(shown, questions),
        "moved": list(dict.fromkeys(change.measure for change in moved)),
        "proof": is_true(shown) if "proof" in request.GET else None,
        "barred": isinstance(request.user, User) and owed.barred(shown, request.user),
        "columns": columns,
        "parts": [part for part in parts if everything or not part.measure.parent],
        "pace": pace(at.period.until.year, at.period.until),
        "known": known_at(shown.transaction),
    }


@dataclass(frozen=True)
class Step:
    """A step of a return's life: what, how it stands (ok, now, or still to come), who and when."""

    word: str
    mark: str
    who: User | None
    at: Any


def steps(one: Return, questions: list[Question]) -> list[Step]:
    answered = [q.answered_at for q in questions if q.answered_at]
    explained = answered and all(q.answer for q in questions)
    done = {
        State.FILLED: (one.author, one.filled_at),
        State.EXPLAINED: (None, max(answered) if explained else None),
        State.REVIEWED: (one.reviewer, one.reviewed_at),
        State.SIGNED: (one.coordinator, one.signed_at),
        State.SENT: (one.sender, one.sent_at),
    }
    found: list[Step] = []
    for state, word in STEPS:
        if state == State.EXPLAINED and not questions:
            continue
        who, when = done[state]
        waits = not when and (not found or found[-1].mark == "ok")
        found.append(Step(word, "ok" if when else "now" if waits else "", who, when))
    return found


# What is done with it --------------------------------------------------------------------------------------------------

Deed = Callable[[HttpRequest, Return], Return]


def answer(request: HttpRequest, one: Return) -> Return:
    """Explains every question that has words, and keeps the words on the whole."""
    by = doors.who(request)
    if "words" in request.POST and request.POST["words"].strip() != one.words:
        one = returns.write(one, request.POST["words"], by)
    for asked in one.questions.all():
        text = request.POST.get(f"answer-{asked.pk}", "").strip()
        if text and text != asked.answer:
            one = returns.answer(asked, text, by)
    return one


DEEDS: dict[str, tuple[Deed, str]] = {
    "refill": (
        lambda request, one: returns.refill(one, doors.who(request)),
        gettext_noop("已按今天的账重新取数。"),
    ),
    "answer": (answer, gettext_noop("已保存。")),
    "ask": (
        lambda request, one: returns.ask(
            one, request.POST.get("why", ""), doors.who(request), request.POST.get("measure", "")
        ),
        gettext_noop("已提问，等填报单位说明。"),
    ),
    "review": (
        lambda request, one: returns.review(one, doors.who(request)),
        gettext_noop("已审核，等协调签发。"),
    ),
    "sign": (lambda request, one: returns.sign(one, doors.who(request)), gettext_noop("已签发，可以上报。")),
    "send": (lambda request, one: returns.send(one, doors.who(request)), gettext_noop("已上报。")),
    "correct": (
        lambda request, one: returns.correct(one, doors.who(request), request.POST.get("why", "")),
        gettext_noop("更正的一版已按今天的账填好。"),
    ),
}


@doors.deed
def act(request: HttpRequest, number: str, kind: str, until: str) -> HttpResponseBase:
    """Takes the latest version one step on, fills the first, or drops one that was not sent."""
    at = place(request.user, number, kind, until)
    wanted, shown = request.POST.get("do", ""), at.latest
    try:
        if wanted == "fill":
            returns.fill(at.node, at.kind, at.period, doors.who(request))
            done = gettext("已填报，数按此刻的账封存。")
        elif wanted == "drop" and shown:
            returns.drop(shown, doors.who(request))
            done = gettext("没有上报的一版已删去。")
        elif wanted in DEEDS and shown:
            deed, done = DEEDS[wanted]
            deed(request, shown)
        else:
            raise Http404
    except Refused as refused:
        return page(request, place(request.user, number, kind, until), shown, refused)
    messages.success(request, gettext(done))
    gone = wanted == "drop" and len(at.versions) == 1 and not duty_of(at.node, at.kind, at.period)
    return redirect("returns") if gone else redirect("return", *at.address)
