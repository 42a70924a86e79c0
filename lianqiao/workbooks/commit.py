"""From checked rows to entries: resolve what rows name, match what is held, and write all of it or nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.db import transaction as database

from lianqiao.journal.models import Transaction
from lianqiao.ledger import acts, evidence, history
from lianqiao.ledger.checks import check
from lianqiao.ledger.columns import Problem
from lianqiao.ledger.fields import IdNumber, Link
from lianqiao.ledger.models import Entry, State
from lianqiao.ledger.protected import protect
from lianqiao.ledger.registry import data_fields, sheetful
from lianqiao.people.models import User
from lianqiao.places.models import Node
from lianqiao.places.tree import Names, NoSuchNode
from lianqiao.workbooks.reading import Ignored, Reading, Row, read

EVIDENCE_FOLDER = "佐证材料"
LIVE = (State.DRAFT, State.SUBMITTED, State.RETURNED, State.APPROVED)


@dataclass
class Outcome:
    """What an import did. Rows in the file = written + revised + unchanged + refused + ignored."""

    ledger: str
    written: list[str] = field(default_factory=list)
    revised: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    error: str | None = None
    transaction: Transaction | None = None


@dataclass
class Draft:
    """A row of the file as an entry to be: new, or an existing one with the values that the file gives."""

    row: Row
    entry: Entry
    held: Entry | None = None


class Stopped(Exception):
    """Some row was refused; carries the outcome."""


def bring_in(
    model: type[Entry], path: Path, by: User, *, approver: User | None = None, node: Node | None = None, why: str = ""
) -> Outcome:
    """Reads a workbook into a ledger as one act: every good row is written, or, where any is refused, none.

    node: the pairing of rows that name none. approver: passes the rows at once, by the rules of review.
    """
    reading = read(path, sheetful(model))
    outcome = Outcome(
        model.ledger.code, refused=list(reading.refused), ignored=list(reading.ignored), error=reading.error
    )
    if reading.error or reading.refused:
        return outcome
    try:
        with database.atomic():
            write(model, reading, outcome, path, by, approver, node, why or f"导入 {path.name}")
    except Stopped:
        outcome.written, outcome.revised, outcome.unchanged, outcome.transaction = [], [], [], None
    return outcome


def write(
    model: type[Entry],
    reading: Reading,
    outcome: Outcome,
    path: Path,
    by: User,
    approver: User | None,
    node: Node | None,
    why: str,
) -> None:
    names = Names()
    links = Links(model, reading.accepted)
    batches = [[row] for row in reading.accepted] if model.one_by_one else [reading.accepted]
    waiting: list[Entry] = []
    for batch in batches:
        drafts, problems = build(model, batch, names, links, path, node)
        drafts, more = match(model, drafts, outcome)
        outcome.refused += [*problems, *more]
        if not outcome.refused:
            waiting += put(drafts, outcome, by, why)
            for draft in drafts if model.one_by_one else ():
                names.add((draft.held or draft.entry).defines)  # type: ignore[attr-defined]
    if outcome.refused:
        raise Stopped
    if approver and waiting:
        outcome.transaction = pass_all(waiting, outcome, approver, why)


def pass_all(waiting: list[Entry], outcome: Outcome, approver: User, why: str) -> Transaction:
    try:
        return acts.approve(waiting, approver, why)
    except acts.Refused as refused:
        outcome.refused += refused.problems
        raise Stopped from refused


def put(drafts: Sequence[Draft], outcome: Outcome, by: User, why: str) -> list[Entry]:
    """Enters the new rows and proposes the changed ones."""
    new = acts.create([d.entry for d in drafts if d.held is None], by, why=why)
    outcome.written += [entry.number for entry in new]
    changed = []
    for draft in drafts:
        if draft.held is not None:
            values = {f.attname: getattr(draft.entry, f.attname) for f in history.kept_fields(type(draft.entry))}
            changed.append(acts.revise(draft.held, values, by, why))
    outcome.revised += [entry.number for entry in changed]
    return [*new, *changed]


# Building entries ----------------------------------------------------------------------------------------------------


def build(
    model: type[Entry], rows: Sequence[Row], names: Names, links: Links, path: Path, node: Node | None
) -> tuple[list[Draft], list[Problem]]:
    """Entries from rows, with the problems of those whose names lead nowhere."""
    drafts, problems = [], []
    for row in rows:
        entry = model()
        bad = [
            *set_node(entry, row, names, node),
            *links.set(entry, row),
            *set_values(entry, row),
            *set_evidence(entry, row, path),
        ]
        bad = bad or list(check(entry))
        problems += [at(problem, row) for problem in bad]
        if not bad:
            drafts.append(Draft(row, entry))
    return drafts, problems


def at(problem: Problem, row: Row) -> Problem:
    """The problem with its place in the file."""
    cell = row.cells.get(problem.field or "")
    return replace(problem, sheet=row.sheet, row=row.row, cell=cell)


def set_node(entry: Entry, row: Row, names: Names, default: Node | None) -> Iterator[Problem]:
    told = row.values.get(entry.ledger.node_field)
    if told is None:
        entry.node = default
        if default is None and not entry.one_by_one:
            heading = entry.ledger.node_heading
            yield Problem(
                entry.ledger.node_field, "missing", f"{heading}：未填，导入时也未指定。请填此列，或用 --pairing 指定。"
            )
        return
    try:
        entry.node = names.find(str(told))
    except NoSuchNode as error:
        yield Problem(entry.ledger.node_field, "not_found", str(error))


def set_values(entry: Entry, row: Row) -> Iterable[Problem]:
    for f in [*data_fields(type(entry)), entry._meta.get_field("notes")]:
        value = row.values.get(f.name)
        if isinstance(f, Link) or value is None:
            continue
        setattr(entry, f.name, protect(str(value)) if isinstance(f, IdNumber) else value)
    return ()


def set_evidence(entry: Entry, row: Row, path: Path) -> Iterator[Problem]:
    """Takes in the files that the row names, from the folder 佐证材料 beside the workbook."""
    told = str(row.values.get("evidence") or "")
    pieces = []
    for name in filter(None, (part.strip() for part in re.split(r"[；;、\n]", told))):
        file = path.parent / EVIDENCE_FOLDER / Path(name).name
        if not file.is_file():
            yield Problem(
                "evidence", "not_found", f"佐证材料：找不到“{name}”。请放在工作簿旁的“{EVIDENCE_FOLDER}”文件夹里。"
            )
            continue
        pieces.append(evidence.keep(file.read_bytes(), file.name, evidence.kind_of(file.name, entry.ledger.evidence)))
    entry.evidence = pieces


class Links:
    """Entries that a file's rows name, found with one query a column."""

    def __init__(self, model: type[Entry], rows: Sequence[Row]) -> None:
        self.found: dict[str, dict[str, list[Any]]] = {}
        for f in data_fields(model):
            if isinstance(f, Link):
                self.found[f.name] = self.look_up(f, {str(r.values[f.name]) for r in rows if r.values.get(f.name)})

    @staticmethod
    def look_up(f: Link, names: set[str]) -> dict[str, list[Any]]:
        target: Any = f.related_model
        found: dict[str, list[Any]] = defaultdict(list)
        for by in {f.by, "number"}:
            for entry in target._base_manager.filter(**{f"{by}__in": names}, state__in=LIVE).select_related("node"):
                found[getattr(entry, by)].append(entry)
        return found

    def set(self, entry: Entry, row: Row) -> Iterator[Problem]:
        for name, found in self.found.items():
            told = row.values.get(name)
            if told is None:
                continue
            heading = entry._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            matches = nearest(found.get(str(told), []), entry.node)
            if len(matches) == 1:
                setattr(entry, name, matches[0])
            elif matches:
                numbers = "、".join(match.number for match in matches)
                yield Problem(name, "ambiguous", f"{heading}：“{told}”有多个：{numbers}。请填编号。")
            else:
                yield Problem(name, "not_found", f"{heading}：台账里没有“{told}”。请先录入，或核对名称。")


def nearest(matches: list[Any], node: Node | None) -> list[Any]:
    """Of several entries of one name, those at the row's own node, or failing that on the way up to the root."""
    if len(matches) < 2 or node is None:
        return matches
    own = [m for m in matches if m.node_id == node.pk]
    return own or [m for m in matches if m.node_id in node.lineage()] or matches


# Matching what is held -----------------------------------------------------------------------------------------------


def match(model: type[Entry], drafts: Sequence[Draft], outcome: Outcome) -> tuple[list[Draft], list[Problem]]:
    """Sorts out rows that are held already: unchanged ones are left, changed ones need their 编号."""
    by_number, by_key = held(model, drafts)
    kept, problems = [], []
    for draft in drafts:
        number = draft.row.values.get("number")
        if number is not None and number not in by_number:
            problems.append(
                at(Problem("number", "not_found", f"编号：台账里没有 {number}。新行请把编号留空。"), draft.row)
            )
            continue
        draft.held = by_number.get(str(number)) or by_key.get(key_of(draft.entry))
        if draft.held is None:
            kept.append(draft)
        elif same(draft.held, draft.entry):
            outcome.unchanged.append(draft.held.number)
        elif number is not None:
            kept.append(draft)
        else:
            message = (
                f"与已有的 {draft.held.number} 同一关键内容而有出入。若是修改，请在“编号”列填 {draft.held.number}。"
            )
            problems.append(at(Problem(model.ledger.key[0], "duplicate", message), draft.row))
    return kept, problems


Key = tuple[Any, ...]


def held(model: type[Entry], drafts: Sequence[Draft]) -> tuple[dict[str, Entry], dict[Key, Entry]]:
    """What the ledger holds at the nodes of these rows, by 编号 and by key."""
    nodes = {d.entry.node_id for d in drafts}
    rows = model._base_manager.filter(state__in=LIVE)
    rows = rows.filter(node__in=nodes) if None not in nodes else rows
    entries = list(rows.select_related("node"))
    return {e.number: e for e in entries}, {key_of(e): e for e in entries}


def key_of(entry: Entry) -> Key:
    return (entry.node_id, *(getattr(entry, entry._meta.get_field(f).attname) for f in entry.ledger.key))  # type: ignore[union-attr]


def same(one: Entry, other: Entry) -> bool:
    return not list(history.compare(type(one), history.snapshot(one), history.snapshot(other)))
