"""One row: its fields, the evidence for it, what happened to it, and what it posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianqiao.core.periods import Period
from lianqiao.desk import cells, doors, waiting
from lianqiao.desk.people import offices
from lianqiao.journal import clock
from lianqiao.journal.figures import Figure, figures
from lianqiao.journal.measures import MEASURES
from lianqiao.journal.models import Posting
from lianqiao.ledger import history
from lianqiao.ledger.acts import DRAFTS
from lianqiao.ledger.history import Step
from lianqiao.ledger.models import Entry, State
from lianqiao.people import access
from lianqiao.people.models import User

# A step's place on the line: filled where it counts, amber where it came back, red where it was taken out.
MARKS = {"通过": "ok", "重算": "ok", "退回": "back", "作废": "gone", "撤销": "gone"}


@doors.page
def entry(request: HttpRequest, code: str, number: str) -> HttpResponse:
    found = doors.entry(request.user, code, number)
    told = {
        "here": "ledgers",
        "entry": found,
        "cells": cells.in_pairs(cells.cells(found)),
        "lacking": lacking(found),
        "steps": steps(found),
        "posted": posted(found),
        "own": own(request.user, found),
    }
    return render(request, "desk/entry.html", told)


def own(person: access.Person, entry: Entry) -> dict[str, Any]:
    """What the person may do with the row as it stands."""
    if not isinstance(person, User):
        return {}
    fills = access.may(person, "fill", entry.node, entry.sides())
    waits = State.SUBMITTED in (entry.state, entry.pending_state)
    others = entry.state != State.SUBMITTED or entry.author_id != person.pk
    voids = access.may(person, "void", entry.node, entry.sides())
    return {
        "edit": fills and entry.state in (*DRAFTS, State.APPROVED),
        "submit": fills and (entry.state in DRAFTS or entry.pending_state == State.RETURNED),
        "withdraw": fills and entry.pending is not None,
        "review": waits and others and access.may(person, "review", entry.node, entry.sides()),
        "void": voids and entry.state != State.VOID and (entry.state != State.APPROVED or entry.author_id != person.pk),
        "reveal": access.may(person, "reveal", entry.node, entry.sides()),
        "answer": waiting.may_answer(person, entry),
    }


def lacking(entry: Entry) -> list[str]:
    """The kinds of evidence that the row should have and has not."""
    held = {piece["kind"] for piece in entry.evidence}
    return [kind for kind in entry.ledger.evidence if kind not in held]


@dataclass(frozen=True)
class Told:
    """A step of the history, with the office behind the user's name."""

    step: Step
    office: str
    mark: str


def steps(entry: Entry) -> list[Told]:
    """Newest first."""
    found = history.steps(entry)
    names = offices(step.by for step in found)
    return [Told(step, names.get(step.by, step.by), MARKS.get(step.what, "")) for step in reversed(found)]


@dataclass(frozen=True)
class Posted:
    """One posting of the row, and the figure it counts in today."""

    posting: Posting
    figure: Figure


def posted(entry: Entry) -> list[Posted]:
    rows = Posting.objects.filter(ledger=entry.ledger.code, entry=entry.pk)
    found = list(rows.select_related("transaction", "measure", "node").order_by("transaction_id", "id"))
    held = totals(found)
    return [Posted(posting, held[posting.measure.code, posting.node_id]) for posting in found]


def totals(postings: Sequence[Posting]) -> dict[tuple[str, int], Figure]:
    """The figures that these postings count in, up to today or to the last of them."""
    held: dict[tuple[str, int], Figure] = {}
    until = max([clock.today(), *(p.on for p in postings)])
    for node in {posting.node for posting in postings}:
        measures = {p.measure.code: MEASURES[p.measure.code] for p in postings if p.node_id == node.pk}
        for figure in figures(measures.values(), [node], Period.cumulative(until)):
            held[figure.measure.code, node.pk] = figure
    return held
