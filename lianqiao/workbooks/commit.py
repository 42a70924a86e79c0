"""From a workbook to entries: read, judge, match what is held, and write all of it, or the good rows only, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import batched
from pathlib import Path

from django.db import transaction as database

from lianqiao.journal.models import Transaction
from lianqiao.ledger import acts, evidence, history
from lianqiao.ledger.checks import check
from lianqiao.ledger.columns import Problem
from lianqiao.ledger.models import Entry, State
from lianqiao.ledger.undoing import Done
from lianqiao.people.models import User
from lianqiao.places.models import Node
from lianqiao.places.tree import Names
from lianqiao.workbooks import imports, wording
from lianqiao.workbooks.drafts import Draft, Links, draft, fill, held_by_key, held_by_number, match, place_of, same
from lianqiao.workbooks.models import Import
from lianqiao.workbooks.reading import Ignored, Reading, read
from lianqiao.workbooks.wording import Said

PART = 1000  # rows written between two words of how far it is
CHANGED_MEANWHILE = "{number}：刚刚有人改过。请重新导入一次。"


@dataclass(frozen=True)
class Stage:
    """How far an import is: `done` of `of` rows (0: not known yet) in a stage that people read."""

    name: str
    done: int = 0
    of: int = 0


Progress = Callable[[Stage], None]
"""Told each stage. What it raises ends the import, of which nothing remains then."""


def silent(stage: Stage) -> None:
    """For imports that nobody watches."""


@dataclass
class Outcome:
    """What an import did. Lines of the file = written + revised + unchanged + refused + held back + ignored.

    held_back: good rows that were not written because others were refused.
    """

    ledger: str
    rows: int = 0
    written: list[str] = field(default_factory=list)
    revised: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    held_back: int = 0
    error: str | None = None
    transaction: Transaction | None = None
    done: list[Done] = field(default_factory=list)
    kept: Import | None = None

    @property
    def refused_rows(self) -> int:
        """Rows with a problem; one that speaks of no row (row 0) stands against the whole file."""
        return len({(p.sheet, p.row) for p in self.refused if p.row})

    @property
    def told(self) -> int:
        """How many rows it tells of."""
        done = len(self.written) + len(self.revised) + len(self.unchanged)
        return done + self.refused_rows + self.held_back + len(self.ignored)

    def balance(self) -> None:
        """No row vanishes: raises AssertionError, and takes with it what was written, where one has."""
        assert self.error or self.told == self.rows, f"{self.rows} rows in, {self.told} told of"


@dataclass(frozen=True)
class Task:
    """Who brings what in, and how: shared by the steps of one import."""

    model: type[Entry]
    path: Path
    by: User
    approver: User | None = None
    node: Node | None = None
    why: str = ""
    good_rows_only: bool = False
    said: Sequence[Said] = ()
    progress: Progress = silent


class Stopped(Exception):
    """Some row was refused: ends the database transaction, so that nothing half-done remains."""


class Again(Exception):
    """The approval refused some of the good rows: the others are written without them."""


class Meanwhile(Exception):
    """Somebody entered one of these rows while they were judged: they are judged anew."""


@dataclass(frozen=True)
class Ready:
    """The good rows of a file, judged before the lock is taken, and what will be written of the new ones."""

    drafts: list[Draft]
    new: acts.Prepared


def bring_in(
    model: type[Entry],
    path: Path,
    by: User,
    *,
    approver: User | None = None,
    node: Node | None = None,
    why: str = "",
    good_rows_only: bool = False,
    said: Sequence[Said] = (),
    progress: Progress = silent,
) -> Outcome:
    """Reads a workbook into a ledger as one act: every good row is written, or, where any is refused, none.

    node: the pairing of rows that name none. approver: passes the rows at once, by the rules of review. good_rows_only:
    writes the good rows although others are refused. said: what the file calls our columns and choices (wording.py), from
    now on remembered for the user's office if anything is written. progress: told how far it is; what it raises ends the import.
    Raises Http404 or PermissionDenied where the rows are not `by`'s to fill in.
    """
    task = Task(model, path, by, approver, node, why or f"导入 {path.name}", good_rows_only, said, progress)
    reading = read_file(task)
    while True:
        outcome = begun(task, reading)
        try:
            ready = prepared(task, reading, outcome)
            with database.atomic():
                write(task, reading, outcome, ready)
            return outcome
        except Meanwhile:
            reading = read_file(task)
        except Again:
            reading = without(read_file(task), outcome.refused)
        except Stopped:
            return nothing_written(task, reading, outcome.refused)


def read_file(task: Task) -> Reading:
    task.progress(Stage("读取"))
    return read(task.path, wording.form_for(task.model, task.by, task.said))


def begun(task: Task, reading: Reading) -> Outcome:
    """What is known once the file is read."""
    return Outcome(
        task.model.ledger.code, reading.lines, refused=list(reading.refused), ignored=list(reading.ignored),
        warnings=reading.warnings, error=reading.error,
    )  # fmt: skip


def without(reading: Reading, refused: Sequence[Problem]) -> Reading:
    """The file with these rows refused too."""
    bad = {(p.sheet, p.row) for p in refused}
    return replace(
        reading, accepted=[r for r in reading.accepted if (r.sheet, r.row) not in bad], refused=list(refused)
    )


def nothing_written(task: Task, reading: Reading, refused: Sequence[Problem]) -> Outcome:
    outcome = begun(task, without(reading, refused))
    outcome.held_back = len(without(reading, refused).accepted)
    outcome.balance()
    return outcome


def prepared(task: Task, reading: Reading, outcome: Outcome) -> Ready | None:
    """Does what needs no lock, so that others wait only while rows are written. Rows that may name one above them are
    judged one by one as they are entered: None. Raises Stopped."""
    if reading.error or (outcome.refused and not task.good_rows_only):
        raise Stopped
    if task.model.one_by_one:
        return None
    (drafts,) = judged(task, reading, outcome)
    if outcome.refused and not task.good_rows_only:
        raise Stopped
    return Ready(drafts, new_of(task, drafts))


def new_of(task: Task, drafts: Sequence[Draft]) -> acts.Prepared:
    return acts.prepare([made.entry for made in drafts if made.held is None], task.by, why=task.why, checked=True)


def write(task: Task, reading: Reading, outcome: Outcome, ready: Ready | None = None) -> None:
    """Writes what is ready, or judges and writes, in the database transaction of the caller.

    Raises Stopped, Again and Meanwhile.
    """
    drafts: list[Draft] = []
    waiting: list[Entry] = []
    digests: dict[int, str] = {}
    if ready:
        require_new(task.model, ready.drafts)
    for kept in [ready.drafts] if ready else judged(task, reading, outcome):
        if task.good_rows_only or not outcome.refused:
            waiting += put(task, kept, outcome, digests, ready.new if ready else new_of(task, kept))
            drafts += kept
    if outcome.refused and not task.good_rows_only:
        raise Stopped
    if task.approver and waiting:
        task.progress(Stage("审核记账", 0, len(waiting)))
        outcome.transaction = pass_all(task, waiting, drafts, outcome, digests)
    outcome.balance()
    if outcome.done:
        keep_evidence(drafts)
        wording.remember(task.model, task.by, task.said)
        outcome.kept = imports.keep(record(task, outcome), task.path, outcome.done)
    task.progress(Stage("写入", len(drafts), len(drafts)))  # the last moment at which it can be called off


def require_new(model: type[Entry], drafts: Sequence[Draft]) -> None:
    """Raises Meanwhile where the ledger holds by now what was new when it was judged."""
    held = held_by_key(model, drafts)
    if any(made.held is None and place_of(made.entry) in held for made in drafts):
        raise Meanwhile


def judged(task: Task, reading: Reading, outcome: Outcome) -> Iterator[list[Draft]]:
    """The rows to be written, as one set, or one by one where a row may name one above it and must find it entered."""
    names, links = Names(), Links(task.model, reading.accepted)
    by_number = held_by_number(task.model, reading.accepted)
    drafts = [draft(task.model, row, by_number) for row in reading.accepted]
    for batch in [[d] for d in drafts] if task.model.one_by_one else [drafts]:
        kept = judge(task, batch, names, links, outcome)
        yield kept
        for made in kept if task.model.one_by_one else ():
            entered = made.held or made.entry
            if entered.pk:
                names.add(entered.defines)  # type: ignore[attr-defined]


def judge(task: Task, drafts: Sequence[Draft], names: Names, links: Links, outcome: Outcome) -> list[Draft]:
    """Fills the drafts and returns those to be written; problems and unchanged rows go into the outcome."""
    good = []
    for number, made in enumerate(drafts):
        if number % 1000 == 0:
            task.progress(Stage("核对", number, len(drafts)))
        bad = fill(made, names, links, task.path.parent, task.node)
        made.row.values.clear()  # the entry says it now; of a large file, twice is too much
        if not (made.held and same(made, made.held)):  # what says nothing new is not judged anew
            bad = bad or check(made.entry)
        if bad:
            outcome.refused += [made.at(problem) for problem in bad]
        else:
            good.append(made)
    acts.require_all(task.by, "fill", [made.entry for made in good])  # before anything held is told of
    kept, unchanged, problems = match(task.model, good)
    outcome.unchanged += [entry.number for entry in unchanged]
    outcome.refused += problems
    return kept


def put(
    task: Task, drafts: Sequence[Draft], outcome: Outcome, digests: dict[int, str], new: acts.Prepared
) -> list[Entry]:
    """Enters the new rows, whose digests go into `digests`, and proposes the changed ones."""
    for at in range(0, len(new.entries), PART):
        task.progress(Stage("录入", at, len(drafts)))
        some = slice(at, at + PART)
        digests.update(acts.insert(replace(new, entries=new.entries[some])))
    outcome.written += [entry.number for entry in new.entries]
    outcome.done += [Done(entry.pk, 0, entry.version) for entry in new.entries]
    changed: list[Entry] = []
    for part in batched((made for made in drafts if made.held), PART):
        task.progress(Stage("录入", len(new.entries) + len(changed), len(drafts)))
        changed += change(task, part, outcome)
    outcome.revised += [entry.number for entry in changed]
    return [*new.entries, *changed]


def change(task: Task, drafts: Sequence[Draft], outcome: Outcome) -> list[Entry]:
    """Writes rows that change what is held: as a set, or, to tell which are refused, one by one."""
    try:
        return propose(task, drafts, outcome)
    except acts.Refused as refused:
        if len(drafts) > 1:
            return [row for made in drafts for row in change(task, [made], outcome)]
        outcome.refused += [drafts[0].at(problem) for problem in refused.problems]
        return []


@database.atomic
def propose(task: Task, drafts: Sequence[Draft], outcome: Outcome) -> list[Entry]:
    """Revises approved rows, edits those that never were and hands them in again. Raises Refused."""
    held = {made.held.pk: made.held for made in drafts if made.held}
    still(task.model, held, len(drafts))
    fields = [f.attname for f in history.kept_fields(task.model)]
    values = {made.held.pk: {f: getattr(made.entry, f) for f in fields} for made in drafts if made.held}
    approved = {pk: told for pk, told in values.items() if held[pk].state == State.APPROVED}
    drawn_up = {pk: told for pk, told in values.items() if pk not in approved}
    changed = acts.revise_all(task.model, approved, task.by, task.why) if approved else []
    if drawn_up:
        changed += acts.submit(acts.edit_all(task.model, drawn_up, task.by, task.why), task.by)
    for row in changed:
        old = held[row.pk]
        after = row.pending or row.version
        outcome.done.append(Done(old.pk, old.version, after, old.state, old.pending, old.pending_state))
    return changed


def still(model: type[Entry], held: Mapping[int, Entry], count: int) -> None:
    """Locks the rows. Raises Refused where one is no more what the file was compared with, or was compared with twice."""
    for now in acts.locked(model, held):
        was = held[now.pk]
        if len(held) < count or (now.version, now.pending, now.state) != (was.version, was.pending, was.state):
            raise acts.refuse(CHANGED_MEANWHILE.format(number=now.number))


def keep_evidence(drafts: Sequence[Draft]) -> None:
    """Takes in the files that rows name, once nothing can refuse the rows any more."""
    for path in sorted({path for made in drafts for path in made.files}):
        evidence.keep(path.read_bytes(), path.name, "")


def pass_all(
    task: Task, waiting: list[Entry], drafts: Sequence[Draft], outcome: Outcome, fresh: Mapping[int, str]
) -> Transaction:
    """Passes the rows. Raises Stopped, or Again where only some of them are refused and the others shall be written."""
    assert task.approver
    try:
        return acts.approve(waiting, task.approver, task.why, fresh=fresh)
    except acts.Refused as refused:
        by_number = {made.entry.number: made for made in drafts}
        told = [placed(problem, by_number) for problem in refused.problems]
        outcome.refused += told
        some = task.good_rows_only and all(p.row and p.why != "same_person" for p in told)
        raise (Again if some else Stopped) from refused


def placed(problem: Problem, by_number: dict[str, Draft]) -> Problem:
    """A problem of review with its place in the file; the 编号 of a new row, which is taken back with it, is left out."""
    number, _, told = problem.message.partition("：")
    made = by_number.get(number)
    if made is None:
        return problem
    return made.at(problem if made.held else replace(problem, message=told))


def record(task: Task, outcome: Outcome) -> Import:
    """The import as it will be kept."""
    return Import(
        ledger=outcome.ledger, by=task.by, node=task.node, why=task.why, transaction=outcome.transaction,
        written=len(outcome.written), revised=len(outcome.revised), unchanged=len(outcome.unchanged),
        refused=outcome.refused_rows, ignored=len(outcome.ignored),
    )  # fmt: skip
