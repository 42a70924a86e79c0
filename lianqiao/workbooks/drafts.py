"""Entries to be, made from checked rows: what a row names is looked up, and what the ledger holds already is found."""

from __future__ import annotations

import copy
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import batched, chain
from pathlib import Path
from typing import Any

from django.db.models.base import ModelState

from lianqiao.ledger import evidence, history, twins
from lianqiao.ledger.checks import check
from lianqiao.ledger.columns import Column, Problem
from lianqiao.ledger.fields import IdNumber, Link
from lianqiao.ledger.models import Change, Entry, State
from lianqiao.ledger.protected import ERASED, found_by, masked, protect
from lianqiao.ledger.registry import data_fields, links_of
from lianqiao.places.models import Node
from lianqiao.places.tree import Names, NoSuchNode
from lianqiao.workbooks import cells
from lianqiao.workbooks.reading import Row

EVIDENCE = Column("evidence", "佐证材料", "evidence")
EVIDENCE_FOLDER = "佐证材料"
LIVE = (State.DRAFT, State.SUBMITTED, State.RETURNED, State.APPROVED)
CHUNK = 500
Key = tuple[Any, ...]


@dataclass(slots=True)
class Draft:
    """A row of the file as an entry to be: new, or an existing one with the values that the file gives.

    A sheet's row says nothing of columns that the sheet lacks: those of an existing entry stay as they are.
    """

    row: Row
    entry: Entry
    held: Entry | None = None
    files: list[Path] = field(default_factory=list)

    def at(self, problem: Problem) -> Problem:
        """The problem with its place in the file."""
        cell = self.row.cells.get(problem.field or "")
        return replace(problem, sheet=self.row.sheet, row=self.row.row, cell=cell)


def draft(model: type[Entry], row: Row, by_number: dict[str, Entry]) -> Draft:
    held = by_number.get(str(row.values.get("number")))
    return Draft(row, copy.copy(held) if held else like(blank(model)), held)


@cache
def blank(model: type[Entry]) -> Entry:
    return model()


def like(entry: Entry) -> Entry:
    """An unsaved entry of the same values, ten times faster than Django makes one by asking each field for its default."""
    made = type(entry).__new__(type(entry))
    made.__dict__ = {**vars(entry), "_state": ModelState(), "evidence": []}
    return made


def fill(made: Draft, names: Names, links: Links, folder: Path, default: Node | None) -> list[Problem]:
    """Puts the row's values into its entry. Returns what leads nowhere."""
    number = made.row.values.get("number")
    if number is not None and made.held is None:
        return [Problem("number", "not_found", f"编号：台账里没有 {number}。新行请把编号留空。")]
    return [*set_values(made), *set_node(made, names, default), *links.set(made), *set_evidence(made, folder)]


def set_node(made: Draft, names: Names, default: Node | None) -> Iterator[Problem]:
    entry, ledger = made.entry, made.entry.ledger
    told = made.row.values.get(ledger.node_field)
    if told is None:
        if made.held is None:
            entry.node = default
        if entry.node is None and ledger.node_required:
            message = f"{ledger.node_heading}：未填，导入时也未指定。请填此列，或用 --pairing 指定。"
            yield Problem(ledger.node_field, "missing", message)
        return
    try:
        entry.node = names.find(str(told))
    except NoSuchNode as error:
        yield Problem(ledger.node_field, "not_found", str(error))


def set_values(made: Draft) -> Iterator[Problem]:
    if made.held is None:
        told = made.row.values
        vars(made.entry).update({name: told[name] for name in as_told(type(made.entry)) if name in told})
    for f in told_fields(type(made.entry)):
        if f.name not in made.row.columns or (made.held is None and not isinstance(f, IdNumber)):
            continue
        value = made.row.values.get(f.name)
        if made.held and (value == repeated(f, getattr(made.held, f.name)) or (made.held.erased and value == ERASED)):
            continue
        if value is None:
            value = None if f.null else f.get_default()
        elif isinstance(f, IdNumber):
            if cells.is_masked(str(value)):
                yield Problem(
                    f.name,
                    "bad_id",
                    f"{f.verbose_name}：与台账里的不是同一个。不改就照导出的样子留着，要改就填全18位。",
                )
                continue
            value = protect(str(value))
        setattr(made.entry, f.name, value)


@cache
def told_fields(model: type[Entry]) -> tuple[Any, ...]:
    """The fields that hold what cells say, but for those that name other entries."""
    return (*(f for f in data_fields(model) if not isinstance(f, Link)), model._meta.get_field("notes"))


@cache
def as_told(model: type[Entry]) -> tuple[str, ...]:
    """Those of them that hold it as it is read."""
    return tuple(f.name for f in told_fields(model) if not isinstance(f, IdNumber))


def repeated(f: Any, held: Any) -> Any:
    """What a row says that only repeats a held value: an export shows an ID number masked, and reading a cell smooths texts
    (line breaks, white space, a dash for blank)."""
    if isinstance(f, IdNumber):
        return masked(held) or None
    return cells.read(held, Column(f.name, "", getattr(f, "kind", "text"))) if isinstance(held, str) else held


def set_evidence(made: Draft, folder: Path) -> Iterator[Problem]:
    """Describes the files that the row names, from the folder 佐证材料; they are taken in once the row is.

    A file that is not there but that the entry holds under that name stays: an export is read back without them.
    """
    if "evidence" not in made.row.columns:
        return
    held = list(made.held.evidence) if made.held else []
    pieces = []
    for name in names_told(str(made.row.values.get("evidence") or ""), held):
        path = folder / EVIDENCE_FOLDER / Path(name).name
        kept = next((piece for piece in held if piece["name"] == name), None)
        try:
            pieces.append(evidence.describe(path, evidence.kind_of(name, made.entry.ledger.evidence)))
            made.files.append(path)
        except evidence.TooLarge as error:
            yield Problem("evidence", "too_large", f"佐证材料：{error}")
        except OSError:
            if kept:
                held.remove(kept)  # another file of that name comes next
                pieces.append(kept)
                continue
            message = f"佐证材料：找不到“{name}”。请放在工作簿旁的“{EVIDENCE_FOLDER}”文件夹里。"
            yield Problem("evidence", "not_found", message)
    made.entry.evidence = pieces


def names_told(told: str, held: Sequence[evidence.Evidence]) -> list[str]:
    """The files that a cell names; if it repeats the held ones, their names, whatever signs those have in them."""
    if told and told == cells.read(evidence_text(held), EVIDENCE):
        return [piece["name"] for piece in held]
    return [part.strip() for part in re.split(r"[；;、\n]", told) if part.strip()]


def evidence_text(held: Sequence[evidence.Evidence]) -> str:
    """Evidence as a cell names it."""
    return "；".join(piece["name"] for piece in held)


class Links:
    """Entries that a file's rows name, found with two queries a column."""

    def __init__(self, model: type[Entry], rows: Sequence[Row]) -> None:
        self.found: dict[str, dict[str, list[Any]]] = {}
        for f in links_of(model):
            self.found[f.name] = self.look_up(f, {str(r.values[f.name]) for r in rows if r.values.get(f.name)})

    @staticmethod
    def look_up(f: Link, names: set[str]) -> dict[str, list[Any]]:
        target: Any = f.related_model
        found: dict[str, list[Any]] = defaultdict(list)
        for by in sorted({f.by, "number"}):
            for some in batched(sorted(names), CHUNK):
                for entry in target._base_manager.filter(**{f"{by}__in": some}, state__in=LIVE).select_related("node"):
                    found[getattr(entry, by)].append(entry)
        return found

    def set(self, made: Draft) -> Iterator[Problem]:
        for name, found in self.found.items():
            told = made.row.values.get(name)
            if told is None:
                if name in made.row.columns:
                    setattr(made.entry, name, None)
                continue
            heading = made.entry._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            matches = nearest(found.get(str(told), []), made.entry.node)
            if len(matches) == 1:
                setattr(made.entry, name, matches[0])
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


# What the ledger holds -----------------------------------------------------------------------------------------------


def held_by_number(model: type[Entry], rows: Iterable[Row]) -> dict[str, Entry]:
    """The entries whose 编号 the rows give."""
    numbers = {str(row.values["number"]) for row in rows if row.values.get("number")}
    held = model._base_manager.filter(state__in=LIVE).select_related("node")
    found = [entry for some in batched(sorted(numbers), CHUNK) for entry in held.filter(number__in=some)]
    take_waiting(model, found)
    return {entry.number: entry for entry in found}


def take_waiting(model: type[Entry], entries: Sequence[Entry]) -> None:
    """Where a revision waits, it is what a file's row is compared with and builds on."""
    waiting = {entry.pk: entry for entry in entries if entry.pending is not None}
    for some in batched(waiting, CHUNK):
        for change in Change.objects.filter(ledger=model.ledger.code, entry__in=some, payload__isnull=False):
            if change.version == waiting[change.entry].pending:
                history.restore(waiting[change.entry], change.payload or {})


def held_by_key(model: type[Entry], drafts: Sequence[Draft]) -> dict[Key, list[Entry]]:
    """What the ledger holds at the nodes of rows without a 编号, by node and key; a key is not unique.

    Entries whose 编号 another row of the file gives are that row's.
    """
    new, told = [d.entry for d in drafts if d.held is None], {d.held.pk for d in drafts if d.held}
    found: dict[Key, list[Entry]] = defaultdict(list)
    alike = twins.alike(new, [twins.key_of(row) for row in new], state__in=LIVE) if new else {}
    for held in chain.from_iterable(alike.values()):
        if held.pk not in told:
            found[place_of(held)].append(held)
    take_waiting(model, [held for some in found.values() for held in some])
    return found


def place_of(entry: Entry) -> Key:
    """What proposes that a row is an entry that is held: its node and its key."""
    return (entry.node_id, *twins.key_of(entry))


@cache
def compared(model: type[Entry]) -> tuple[tuple[str, str, bool], ...]:
    """Of each field that makes up a version: its name, where a row holds it, whether it is protected."""
    return tuple((f.name, f.attname, isinstance(f, IdNumber)) for f in history.kept_fields(model))


def repeats(made: Draft, held: Entry) -> bool:
    """Whether a row says what is held already. Where a revision waits, that is the revision, but also what counts until
    it passes: a row that repeats it, as an export shows it, does not propose to go back."""
    if same(made, held):
        return True
    return held.pending is not None and same(made, type(held)._base_manager.get(pk=held.pk))


def same(made: Draft, held: Entry) -> bool:
    """Whether the row says the same in each column that it has; of a row with its 编号, every column is told."""
    entry, columns = made.entry, made.row.columns
    for name, attribute, protected in compared(type(held)):
        one, other = getattr(entry, attribute), getattr(held, attribute)
        if one == other or (made.held is None and name not in columns):
            continue
        if protected and one and other and found_by(one) == found_by(other):
            continue
        if one not in history.BLANK or other not in history.BLANK:
            return False
    return True


def match(model: type[Entry], drafts: Sequence[Draft]) -> tuple[list[Draft], list[Entry], list[Problem]]:
    """Sorts drafts into those to be written, rows that are held already unchanged, and those that need their 编号.

    A row without one changes the one entry at its node that has its key; where there are several, it is asked which.
    """
    by_key = held_by_key(model, drafts)
    kept, unchanged, problems = [], [], []
    for made in drafts:
        rivals = [made.held] if made.held else by_key.get(place_of(made.entry), [])
        equal = next((rival for rival in rivals if repeats(made, rival)), None)
        if equal:
            unchanged.append(equal)
        elif made.held or not rivals:
            kept.append(made)
        elif len(rivals) == 1 and is_change(made, rivals[0]):
            problems += build_on(made, rivals[0])
            kept.append(made)
        else:
            numbers = " 或 ".join(rival.number for rival in rivals)
            message = f"与已有的 {numbers} 同一关键内容而有出入。若是修改，请在“编号”列填 {numbers}。"
            problems.append(made.at(Problem(model.ledger.key[0], "duplicate", message)))
    return kept, unchanged, problems


def is_change(made: Draft, held: Entry) -> bool:
    """Whether a row of the same key can be a change of that entry: another ID number is another person."""
    ids = [attribute for _, attribute, protected in compared(type(held)) if protected]
    told = [(getattr(made.entry, attribute), getattr(held, attribute)) for attribute in ids]
    return all(not one or not other or found_by(one) == found_by(other) for one, other in told)


def build_on(made: Draft, held: Entry) -> list[Problem]:
    """Makes the row a change of an entry: what the sheet has no column for stays. Returns the problems of the outcome."""
    changed = copy.copy(held)
    for name, attribute, _ in compared(type(held)):
        if name in made.row.columns:
            setattr(changed, attribute, getattr(made.entry, attribute))
    made.entry, made.held = changed, held
    return [made.at(problem) for problem in check(changed)]
