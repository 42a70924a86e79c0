"""From a workbook to entries: read, judge, match what is held, and write all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.db import transaction as database

from lianqiao.journal.models import Transaction
from lianqiao.ledger import acts, evidence, history
from lianqiao.ledger.checks import check
from lianqiao.ledger.columns import Problem
from lianqiao.ledger.models import Entry, State
from lianqiao.ledger.registry import sheet_form
from lianqiao.ledger.undoing import Done
from lianqiao.people.models import User
from lianqiao.places.models import Node
from lianqiao.places.tree import Names
from lianqiao.workbooks import imports
from lianqiao.workbooks.drafts import Draft, Links, draft, fill, held_by_number, match
from lianqiao.workbooks.models import Import
from lianqiao.workbooks.reading import Ignored, Reading, read


@dataclass
class Outcome:
    """What an import did. Filled rows of the file = written + revised + unchanged + refused + held back + ignored.

    held_back: good rows that were not written because others were refused.
    """

    ledger: str
    written: list[str] = field(default_factory=list)
    revised: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    held_back: int = 0
    error: str | None = None
    transaction: Transaction | None = None
    done: list[Done] = field(default_factory=list)
    kept: Import | None = None

    @property
    def refused_rows(self) -> int:
        return len({(p.sheet, p.row) for p in self.refused})

    def take_back(self) -> None:
        """Nothing was written after all."""
        self.written, self.revised, self.unchanged, self.done = [], [], [], []
        self.transaction = self.kept = None


@dataclass(frozen=True)
class Task:
    """Who brings what in, and how: shared by the steps of one import."""

    model: type[Entry]
    path: Path
    by: User
    approver: User | None
    node: Node | None
    why: str


class Stopped(Exception):
    """Some row was refused: ends the database transaction, so that nothing half-done remains."""


def bring_in(
    model: type[Entry], path: Path, by: User, *, approver: User | None = None, node: Node | None = None, why: str = ""
) -> Outcome:
    """Reads a workbook into a ledger as one act: every good row is written, or, where any is refused, none.

    node: the pairing of rows that name none. approver: passes the rows at once, by the rules of review.
    Raises Http404 or PermissionDenied where the rows are not `by`'s to fill in.
    """
    reading = read(path, sheet_form(model))
    outcome = Outcome(
        model.ledger.code, refused=list(reading.refused), ignored=list(reading.ignored), error=reading.error
    )
    task = Task(model, path, by, approver, node, why or f"导入 {path.name}")
    try:
        if reading.refused or reading.error:
            raise Stopped
        with database.atomic():
            write(task, reading, outcome)
    except Stopped:
        outcome.take_back()
        bad = {(p.sheet, p.row) for p in outcome.refused}
        outcome.held_back = sum((row.sheet, row.row) not in bad for row in reading.accepted)
    return outcome


def write(task: Task, reading: Reading, outcome: Outcome) -> None:
    names, links = Names(), Links(task.model, reading.accepted)
    by_number = held_by_number(task.model, reading.accepted)
    drafts = [draft(task.model, row, by_number) for row in reading.accepted]
    waiting: list[Entry] = []
    for batch in [[d] for d in drafts] if task.model.one_by_one else [drafts]:
        kept = judge(task, batch, names, links, outcome)
        if not outcome.refused:
            waiting += put(task, kept, outcome)
            for made in kept if task.model.one_by_one else ():
                names.add((made.held or made.entry).defines)  # type: ignore[attr-defined]
    if outcome.refused:
        raise Stopped
    if task.approver and waiting:
        outcome.transaction = pass_all(waiting, drafts, outcome, task.approver, task.why)
    if outcome.done:
        outcome.kept = imports.keep(record(task, outcome), task.path, outcome.done)


def record(task: Task, outcome: Outcome) -> Import:
    """The import as it will be kept."""
    return Import(
        ledger=outcome.ledger, by=task.by, node=task.node, why=task.why, transaction=outcome.transaction,
        written=len(outcome.written), revised=len(outcome.revised), unchanged=len(outcome.unchanged),
        refused=outcome.refused_rows, ignored=len(outcome.ignored),
    )  # fmt: skip


def judge(task: Task, drafts: Sequence[Draft], names: Names, links: Links, outcome: Outcome) -> list[Draft]:
    """Fills the drafts and returns those to be written; problems and unchanged rows go into the outcome."""
    good = []
    for made in drafts:
        bad = fill(made, names, links, task.path.parent, task.node) or check(made.entry)
        outcome.refused += [made.at(problem) for problem in bad]
        if not bad:
            good.append(made)
    acts.require_all(task.by, "fill", [made.entry for made in good])  # before anything held is told of
    kept, unchanged, problems = match(task.model, good)
    outcome.unchanged += [entry.number for entry in unchanged]
    outcome.refused += problems
    return kept


def put(task: Task, drafts: Sequence[Draft], outcome: Outcome) -> list[Entry]:
    """Takes in the evidence, enters the new rows and proposes the changed ones."""
    for path in {path for made in drafts for path in made.files}:
        evidence.keep(path.read_bytes(), path.name, "")
    new = acts.create([made.entry for made in drafts if made.held is None], task.by, why=task.why)
    outcome.written += [entry.number for entry in new]
    outcome.done += [Done(entry.pk, 0, entry.version) for entry in new]
    changed = [entry for made in drafts if made.held for entry in change(task, made, made.held, outcome)]
    outcome.revised += [entry.number for entry in changed]
    return [*new, *changed]


def change(task: Task, made: Draft, held: Entry, outcome: Outcome) -> list[Entry]:
    """Revises an approved row, or edits one that never was and hands it in again."""
    values = {f.attname: getattr(made.entry, f.attname) for f in history.kept_fields(task.model)}
    try:
        if held.state == State.APPROVED:
            changed = acts.revise(held, values, task.by, task.why)
        else:
            (changed,) = acts.submit([acts.edit(held, values, task.by, task.why)], task.by)
    except acts.Refused as refused:
        outcome.refused += [made.at(problem) for problem in refused.problems]
        return []
    after = changed.pending or changed.version
    outcome.done.append(Done(held.pk, held.version, after, held.state, held.pending, held.pending_state))
    return [changed]


def pass_all(waiting: list[Entry], drafts: Sequence[Draft], outcome: Outcome, approver: User, why: str) -> Transaction:
    try:
        return acts.approve(waiting, approver, why)
    except acts.Refused as refused:
        outcome.refused += [placed(problem, drafts) for problem in refused.problems]
        raise Stopped from refused


def placed(problem: Problem, drafts: Sequence[Draft]) -> Problem:
    """A problem of review with its place in the file; the 编号 of a new row, which is taken back with it, is left out."""
    number, _, told = problem.message.partition("：")
    for made in drafts:
        if made.entry.number == number:
            return made.at(problem if made.held else replace(problem, message=told))
    return problem
