"""Workbooks that come in (new rows, rows as they are, rows that change by their 编号, now and then a bad one), and go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lianqiao.journal.figures import known_at
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.columns import Problem
from lianqiao.ledger.models import Entry
from lianqiao.ledger.registry import ledgers, sheet_form
from lianqiao.people.models import User
from lianqiao.places.models import Node
from lianqiao.workbooks import imports
from lianqiao.workbooks.commit import Outcome, bring_in
from tests.cli.books import book
from tests.simulation.doing import DRAFTS, Brought, Disagreement, Imported, Run, Told, put
from tests.simulation.effects import Key, Values
from tests.simulation.entering import NothingToName, cells
from tests.simulation.naive import Row, Version, is_key

# Those whose rows share no key with each other, so that a row without its 编号 is a new one.
IMPORTED = (
    "meetings", "honours", "visits", "secondments", "trainings", "projects", "receipts", "donations", "allocations", "payments",
    "twin_support", "demo_villages", "joint_programmes", "parks", "jobs", "workshops", "jobfairs", "sales", "outlets",
    "products", "monitored", "home_visits",
)  # fmt: skip


@dataclass
class Sheet:
    """What a workbook holds: new rows, rows as they are held, and rows with what they change to, and perhaps a bad one."""

    ledger: str
    new: list[Told]
    same: list[Row]
    changed: list[tuple[Row, Version]]
    bad: Told | None

    @property
    def model(self) -> type[Entry]:
        return ledgers()[self.ledger]


def bring(run: Run) -> None:
    """An import, with an approver at once or without."""
    sheet = made_up(run)
    if not (sheet and (sheet.new or sheet.same or sheet.changed)):
        return
    by, _ = run.approver()
    approver = None if run.seldom(0.3) else by
    path = run.folder / "导入.xlsx"
    book(path, *written(run, sheet))

    def come_in() -> Outcome:
        outcome = bring_in(sheet.model, path, run.author, approver=approver)
        if outcome.refused or outcome.error:
            raise Refused(outcome.refused or [Problem(None, "", outcome.error or "")])
        return outcome

    outcome = run.act("import", against(run, sheet, approver), come_in)
    if outcome:
        keep(run, sheet, outcome, approver)


def made_up(run: Run) -> Sheet | None:
    ledger = run.random.choice(IMPORTED)
    held = [row for row in run.naive.of(ledger) if row.state != "void" or run.seldom(0.02)]
    some = run.random.sample(held, min(len(held), run.random.randint(0, 4)))
    cut = run.random.randint(0, len(some))
    try:
        new = [told(run, ledger) for _ in range(run.random.randint(0, 4))]
        changed = [(row, version(run, *told(run, ledger))) for row in some[cut:]]
        bad = told(run, ledger) if run.seldom(0.1) else None
    except NothingToName:
        return None
    return Sheet(ledger, new, some[:cut], changed, bad)


def told(run: Run, ledger: str) -> Told:
    """A row with a name of its own (people without an ID number share theirs)."""
    values = run.clerk.row(ledger)
    while values.get("id_number") == "":
        values = run.clerk.row(ledger)
    return run.some_node(ledger), values


def version(run: Run, node: int | None, values: Values) -> Version:
    return Version(node, node, values, run.naive.order(), run.author.username)


def written(run: Run, sheet: Sheet) -> Iterator[dict[str, object]]:
    """The rows as the sheet shows them. A row as it is held may leave its 编号 out, and is then found by its key."""
    for node, values in sheet.new:
        yield cells(sheet.model, values, run.nodes[node] if node else None, run.naive)
    for row in sheet.same:
        told = cells(sheet.model, row.coming.values, node_of(run, row.coming), run.naive)
        found = row.waiting is None and row.values.get("id_number") != "" and row.state != "void"
        yield told if found and run.seldom(0.3) else told | {"编号": row.number}
    for row, coming in sheet.changed:
        yield cells(sheet.model, coming.values, node_of(run, coming), run.naive) | {"编号": row.number}
    if sheet.bad:
        days = [c.heading for c in sheet_form(sheet.model).columns if c.kind == "date"]
        yield cells(sheet.model, sheet.bad[1], None, run.naive) | {run.random.choice(days): "不知道哪天"}


def node_of(run: Run, version: Version) -> Node | None:
    return run.nodes[version.node] if version.node else None


def against(run: Run, sheet: Sheet, approver: User | None) -> str:
    """Why the import is refused; empty where it is not."""
    if sheet.bad:
        return "spoiled"
    if any(row.state == "void" for row in (*sheet.same, *(row for row, _ in sheet.changed))):
        return "void already"
    said = [values for _, values in sheet.new] + [v.values for _, v in sheet.changed]
    said += [row.coming.values for row in sheet.same]
    if any(is_key(v) and run.naive.rows[v].state == "void" for values in said for v in values.values()):
        return "names what is void"
    for row, coming in sheet.changed:
        if row.state == "submitted":
            return "not now"
        if row.state == "approved" and (coming.node, coming.values) == (row.node, row.values):
            return "nothing changes"
    rows = coming_rows(run.author.username, sheet)
    if not approver or not rows:
        return ""
    return run.naive.against_approval(rows, approver.username, run.may_move_closed(approver, "导入"))


def coming_rows(by: str, sheet: Sheet) -> list[Row]:
    """The rows as they will wait for review; new ones under keys that no row has."""
    rows = [
        Row((sheet.ledger, -at), None, "", node, node, values, 0, by)  # type: ignore[arg-type]
        for at, (node, values) in enumerate(sheet.new, 1)
    ]
    for row, coming in sheet.changed:
        if row.state == "approved":
            rows.append(replace(row, waiting=coming, waiting_state="submitted"))
        else:
            rows.append(
                replace(row, node=coming.node, spot=coming.spot, values=coming.values, by=by, state="submitted")
            )
    return rows


def keep(run: Run, sheet: Sheet, outcome: Outcome, approver: User | None) -> None:
    """What came in, in the model."""
    if len(outcome.written) != len(sheet.new):
        raise Disagreement(f"{sheet.ledger}: {outcome}, by the model {sheet}")
    entries = {e.number: e for e in sheet.model._base_manager.filter(number__in=outcome.written)}
    rows = [
        run.keep(entries[number], *told, "submitted") for number, told in zip(outcome.written, sheet.new, strict=True)
    ]
    brought = [Brought(row, row.order) for row in rows]
    for row, coming in sheet.changed:
        brought.append(Brought(row, coming.order, row.state, row.standing, row.waiting, row.waiting_state))
        if row.state in DRAFTS:
            put(row, coming)
            row.state = "submitted"
        else:
            row.waiting, row.waiting_state = coming, "submitted"
        rows.append(row)
    if approver and rows:
        assert outcome.transaction
        run.counted(rows, outcome.transaction.number)
    if brought:
        assert outcome.kept
        run.imports.append(Imported(outcome.kept, brought))


# Taken back ----------------------------------------------------------------------------------------------------------


def undo(run: Run) -> None:
    """Takes one of the last imports back, or tries to."""
    ready = [made for made in run.imports if not made.undone or run.seldom(0.02)][-6:]
    if not ready:
        return
    made = run.random.choice(ready)
    by = run.author if run.seldom() else run.random.choice([run.reviewer, run.coordinator])
    back = [b for b in made.rows if b.was or b.row.state != "void"]
    expected = "undone already" if made.undone else against_undo(run, back, by)
    before = known_at().number
    written = run.act("undo", expected, lambda: imports.undo(made.kept, by, "误导入") or True)
    if written:
        moves = changes(back)
        if moves:
            run.naive.post(before + 1, run.naive.moves(moves))
        for done in back:
            take_back(run, done, by)
        made.undone = True


def against_undo(run: Run, back: Sequence[Brought], by: User) -> str:
    for done in back:
        row = done.row
        if row.state == "void" or row.coming.order != done.after:
            return "changed since"
        if row.waiting is None and row.partner:
            return "answered since"
        if row.waiting is None and row.state == "approved" and row.by == by.username:
            return "same person"
        if not done.was and run.naive.named(row.key):
            return "named by others"
    moves = changes(back)
    why = next(filter(None, (run.naive.against_version(key, v, {}) for key, v in moves.items() if v)), "")
    why = why or run.naive.overpaid(moves, {done.row.key: done.row.standing for done in back if done.row.key in moves})
    return why or run.naive.against_closing(run.naive.moves(moves), run.may_move_closed(by, "误导入"))


def changes(back: Sequence[Brought]) -> dict[Key, Version | None]:
    """What counts after rows are taken back, of those that count now; a revision that still waits changes nothing."""
    return {
        done.row.key: done.before if done.was == "approved" else None
        for done in back
        if done.row.state == "approved" and done.row.waiting is None
    }


def take_back(run: Run, done: Brought, by: User) -> None:
    row = done.row
    if not done.was:
        row.state, row.waiting, row.waiting_state = "void", None, ""
        return
    assert done.before
    if done.was in DRAFTS:
        row.state, row.partner = done.was, ""
        put(row, replace(done.before, order=run.naive.order(), by=by.username))
    elif row.waiting is None:
        put(row, done.before)
        row.partner = row.said.get(row.order, "")
    if done.was == "approved":
        row.waiting, row.waiting_state = done.waited, done.waited_state
