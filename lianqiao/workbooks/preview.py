"""What an import would do, without doing it: one object that command line, pages and API show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction as database

from lianqiao.ledger import history, twins
from lianqiao.ledger.columns import Problem, SheetForm
from lianqiao.ledger.history import Difference
from lianqiao.ledger.models import Entry, State
from lianqiao.people.models import User
from lianqiao.places.models import Node
from lianqiao.workbooks import commit
from lianqiao.workbooks.commit import Outcome, Progress, Task
from lianqiao.workbooks.drafts import Draft
from lianqiao.workbooks.reading import Ignored, Reading, Unknown
from lianqiao.workbooks.suggesting import suggestion
from lianqiao.workbooks.wording import Said


@dataclass(frozen=True)
class Refusal:
    """A refused cell: where it stands, under which heading, what is in it, why, and what it plainly means, if anything."""

    sheet: str
    row: int
    cell: str | None
    field: str | None
    heading: str
    value: str
    why: str
    message: str
    suggestion: str


@dataclass(frozen=True)
class Changed:
    """A row that changes an entry: each field's old and new value as people read them."""

    sheet: str
    row: int
    number: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Twin:
    """A row that looks like entries at its node, above or below it: it may be counted twice."""

    sheet: str
    row: int
    others: tuple[str, ...]


@dataclass
class Preview:
    """What an import would come to. Lines of the file = new + changed + unchanged + refused + ignored rows."""

    ledger: str
    file: str
    rows: int = 0
    new: int = 0
    changed: list[Changed] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    twins: list[Twin] = field(default_factory=list)
    warnings: list[Refusal] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    error: str | None = None

    @property
    def refused_rows(self) -> int:
        return len({(r.sheet, r.row) for r in self.refused if r.row})

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"refused_rows": self.refused_rows}


def preview(
    model: type[Entry],
    path: Path,
    by: User,
    *,
    node: Node | None = None,
    said: Sequence[Said] = (),
    progress: Progress = commit.silent,
) -> Preview:
    """What `bring_in` would do with the file and the good rows in it. Nothing is written, no number given.

    Raises Http404 or PermissionDenied where the rows are not `by`'s to fill in.
    """
    task = Task(model, path, by, node=node, why=f"预览 {path.name}", good_rows_only=True, said=said, progress=progress)
    reading = commit.read_file(task)
    outcome = commit.begun(task, reading)
    if reading.error:
        return Preview(model.ledger.code, path.name, error=reading.error)
    with database.atomic():
        told = look(task, reading, outcome)
        database.set_rollback(True)
    return told


def look(task: Task, reading: Reading, outcome: Outcome) -> Preview:
    drafts: list[Draft] = []
    for kept in commit.judged(task, reading, outcome):
        drafts += kept
        if task.model.one_by_one:  # rows below may name them; all of it is taken back
            commit.put(task, kept, outcome, {}, commit.new_of(task, kept))
    bad = {(p.sheet, p.row) for p in outcome.refused}
    drafts = [made for made in drafts if (made.row.sheet, made.row.row) not in bad]
    told = Preview(
        task.model.ledger.code,
        task.path.name,
        rows=reading.lines,
        new=sum(made.held is None for made in drafts),
        changed=[changed(made, made.held) for made in drafts if made.held],
        unchanged=outcome.unchanged,
        refused=refusals(outcome.refused, reading.ledger),
        ignored=outcome.ignored,
        twins=list(alike(drafts)),
        warnings=refusals(reading.warnings, reading.ledger),
        unknown=reading.unknown,
    )
    counted = told.new + len(told.changed) + len(told.unchanged) + told.refused_rows + len(told.ignored)
    assert counted == told.rows, f"{told.rows} rows in, {counted} told of"
    return told


def changed(made: Draft, held: Entry) -> Changed:
    old, new = history.snapshot(held), history.snapshot(made.entry)
    return Changed(made.row.sheet, made.row.row, held.number, tuple(history.compare(type(held), old, new)))


def alike(drafts: Sequence[Draft]) -> Iterator[Twin]:
    for made, others in zip(drafts, twins.along([made.entry for made in drafts]), strict=True):
        if others:
            told = tuple(f"{other.number}（{other.node or '—'}，{State(other.state).label}）" for other in others)
            yield Twin(made.row.sheet, made.row.row, told)


def refusals(problems: Iterable[Problem], form: SheetForm) -> list[Refusal]:
    columns = {column.field: column for column in form.columns}
    return [
        refusal(p, columns[p.field].heading if p.field in columns else "", suggestion(p, columns.get(p.field or "")))
        for p in problems
    ]


def refusal(p: Problem, heading: str, suggested: str) -> Refusal:
    return Refusal(p.sheet, p.row, p.cell, p.field, heading, p.value, p.why, p.message, suggested)
