"""Erasing what rows tell of a person, in all their versions. The chain, the postings and every figure stay as they are.

What is left of a row is its last version: that it existed, its days, node, quantities and choices, and of an ID number
the keyed hash by which the person is still counted once. A transaction of kind "erase" names the row, so that `verify`
accepts that the versions before are gone, and no others.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db import transaction as database
from django.db.models import Q, QuerySet

from lianqiao.journal import clock
from lianqiao.journal.book import Wanted
from lianqiao.journal.models import Transaction
from lianqiao.ledger import acts, evidence, protected
from lianqiao.ledger.evidence import Evidence
from lianqiao.ledger.fields import IdNumber, Link
from lianqiao.ledger.models import Change, Entry, State
from lianqiao.ledger.registry import data_fields, ledgers
from lianqiao.people.access import require
from lianqiao.people.models import User

HOLDERS: list[Callable[[set[str]], set[str]]] = []
"""Which of some files rooms below hold, beside the ledgers' rows: they add themselves when they are ready."""
FOLLOWERS: list[Callable[[Sequence[Entry], str], None]] = []
"""What rooms below do when rows are erased (the rows that hold the person now, and why), in the same database transaction."""


@dataclass(frozen=True)
class Held:
    """A row that tells of a person. now: as it stands; else only in other versions, earlier or waiting ones."""

    entry: Entry
    now: bool = True


@dataclass(frozen=True)
class Erased:
    """What was done, to which rows (编号). transaction: None where all of them had been erased before.

    removed: the hashes of the evidence files that are taken away; shared: those that stay because other rows, or
    documents, have them.
    """

    transaction: Transaction | None
    rows: tuple[str, ...]
    removed: tuple[str, ...]
    shared: tuple[str, ...]


# Whose rows ----------------------------------------------------------------------------------------------------------


def find_person(id_number: str) -> list[Held]:
    """The rows of all ledgers that hold this ID number, and those that name such a row; not what was erased before.

    Whoever stands in a ledger without ID number is not found.
    """
    start = f"{protected.keyed_hash('id', as_written(id_number))}."
    named: dict[Any, list[int]] = {}
    found: list[Held] = []
    for model in ledgers().values():
        places = dict(places_of(model, start, named))
        if places:
            found += holding(model, places, named)
    return found


def as_written(id_number: str) -> str:
    """The ID number as ledgers hold it: without spaces, in plain letters."""
    return "".join(unicodedata.normalize("NFKC", id_number).split()).upper()


def places_of(model: type[Entry], start: str, named: dict[Any, list[int]]) -> Iterator[tuple[str, Any]]:
    """Where a row of the ledger may hold the person: look-ups with what they look for."""
    for field in data_fields(model):
        if isinstance(field, IdNumber):
            yield f"{field.name}__startswith", start
        elif isinstance(field, Link) and named.get(field.related_model):
            yield f"{field.name}__in", named[field.related_model]


def holding(model: type[Entry], places: dict[str, Any], named: dict[Any, list[int]]) -> Iterator[Held]:
    """The ledger's rows that hold the person in these places; notes in `named` those that do so now."""
    here, once = Q(), Q()
    for lookup, sought in places.items():
        here |= Q(**{lookup: sought})
        once |= Q(**{f"payload__{lookup}": sought})
    now = set(model._base_manager.filter(here).values_list("pk", flat=True))
    ever = set(Change.objects.filter(once, ledger=model.ledger.code).values_list("entry", flat=True))
    named[model] = sorted(now)
    rows = model._base_manager.filter(pk__in=now | ever, erased=None).select_related("node").order_by("pk")
    return (Held(row, row.pk in now) for row in rows)


# Erasing -------------------------------------------------------------------------------------------------------------


@database.atomic
def erase(held: Sequence[Held], by: User, why: str, *, keep_evidence: bool = False) -> Erased:
    """Erases what the rows tell of a person, as one transaction of the journal, which posts nothing.

    A row that holds it now keeps only what its postings need, and leaves the review if it never counted; one that held
    it once loses all versions but the one that stands. keep_evidence: the files of the rows stay. Raises Refused without
    a reason or with one that names what is to be erased; Http404, PermissionDenied.
    """
    acts.chosen([one.entry for one in held])
    acts.reasoned(why, "删除个人信息")
    rows = locked(held)
    for one in rows:
        require(by, "erase", one.entry.node)
    refuse_telling(why, [one.entry for one in rows])
    overwrite_deleted()
    left = {sha256 for one in rows if one.entry.erased for sha256 in marked(one.entry)}
    waiting = [one for one in rows if one.entry.erased is None]
    gone = left.union(*(empty(one, by, keep_evidence) for one in waiting))
    shared = in_use(gone)  # before the end of the chain is locked: it may take its time
    for follow in FOLLOWERS:
        follow([one.entry for one in rows if one.now], why)
    written = settle(waiting, by, why) if waiting else None
    database.on_commit(lambda: clear_away(gone - shared))
    numbers = tuple(one.entry.number for one in waiting)
    return Erased(written, numbers, tuple(sorted(gone - shared)), tuple(sorted(shared)))


def locked(held: Sequence[Held]) -> list[Held]:
    """The rows as they are, under lock, in the order of the ledgers and of their ids."""
    found = []
    for model in ledgers().values():
        now = {one.entry.pk: one.now for one in held if type(one.entry) is model}
        found += [Held(row, now[row.pk]) for row in acts.locked(model, now)] if now else []
    return found


def refuse_telling(why: str, rows: Iterable[Entry]) -> None:
    """Raises Refused where the reason, which is hashed into the chain, says what is to be erased."""
    told = {getattr(row, column) for row in rows for column in row.ledger.personal}
    if any(isinstance(text, str) and len(text) > 1 and text in why for text in told):
        raise acts.refuse("缘由永远留在账本里，不能写所删的内容。", why="bad_text")


def empty(one: Held, by: User, keep_evidence: bool) -> set[str]:
    """Empties the versions of a row, and the row itself where it holds the person now; saves them.

    Returns the files that the row no longer has.
    """
    row = one.entry
    code, stood = row.ledger.code, row.version
    held = pieces(row)
    row.pending, row.pending_state = None, ""
    step = Change(ledger=code, entry=row.pk, kind=Change.Kind.ERASE, at=clock.now(), by=by.username, version=stood)
    if one.now:
        step.version = row.version = acts.next_versions([row])[0]
        if row.ledger.personal and not keep_evidence:
            row.evidence = [without_file(piece) for piece in held.values()]
        empty_columns(row)
        acts.seal_step(step, row)
    steps = Change.objects.filter(ledger=code, entry=row.pk)
    steps.update(why="")  # a reason may name the person, whichever version it is of
    steps.exclude(version=row.version).update(payload=None, salt="")
    step.save(force_insert=True)
    row.save()
    return held.keys() - {piece["sha256"] for piece in row.evidence if not piece.get("erased")}


def empty_columns(row: Entry) -> None:
    """Takes out of the row's columns what tells of a person; its postings remain what they are."""
    token = ""
    if row.ledger.counted_by:
        id_number, name, unit = (getattr(row, column) for column in row.ledger.counted_by)
        token = protected.without_value(id_number or protected.weak_token(name, unit))
    for field in data_fields(type(row)):
        if isinstance(field, IdNumber):
            setattr(row, field.name, token)
        elif field.name in row.ledger.personal:
            setattr(row, field.name, None if field.null else "")
    row.notes, row.reason, row.partner_reason = "", "", ""
    if row.posted_version is None:
        row.state = State.VOID
    else:
        row.posted_version = row.version


def settle(held: Sequence[Held], by: User, why: str) -> Transaction:
    """Has the journal name the rows, and the rows the transaction. Raises Refused where it would post something."""
    rows = [one.entry for one in held]
    written = acts.settle([*wanted(rows)], rows, by, "erase", why)
    if written.postings:
        raise acts.refuse("这些行的分录与现行口径不一致。请先重算（resync），再删除个人信息。")
    for one in held:
        one.entry.erased = written.number if one.now else None
        one.entry.save(update_fields=["erased"])
    return written


def wanted(rows: Sequence[Entry]) -> Iterator[Wanted]:
    """What the journal should have of the rows: what it has."""
    for code in dict.fromkeys(row.ledger.code for row in rows):
        mine = [row for row in rows if row.ledger.code == code]
        digests = acts.posted_digests(mine)
        for row in mine:
            if row.posted_version is None:
                yield Wanted(code, row.pk, row.posting_node() or 0, (), 0, "")
            else:
                yield acts.wanted(row, digests[row.pk])


# Evidence ------------------------------------------------------------------------------------------------------------


def pieces(row: Entry) -> dict[str, Evidence]:
    """The evidence of a row and of all its versions, by its hash."""
    versions = Change.objects.filter(ledger=row.ledger.code, entry=row.pk, payload__isnull=False).order_by("pk")
    told = [*versions.values_list("payload__evidence", flat=True), row.evidence]
    return {piece["sha256"]: piece for held in told for piece in held}


def without_file(piece: Evidence) -> Evidence:
    """What an erased row still says of a piece of its evidence: its kind and hash."""
    return Evidence(kind=piece["kind"], name="（已删除）", sha256=piece["sha256"], size=piece["size"], erased=True)


def marked(row: Entry) -> set[str]:
    """The hashes of the files that an erased row no longer has."""
    return {piece["sha256"] for piece in row.evidence if piece.get("erased")}


def in_use(hashes: set[str]) -> set[str]:
    """Which of these files any row, or any version of one, or anything else (HOLDERS) has. Reads each table once."""
    if not hashes:
        return set()
    rows = [pieces_with(model._base_manager.all(), "evidence", hashes) for model in ledgers().values()]
    told = [*rows, pieces_with(Change.objects.all(), "payload__evidence", hashes)]
    kept = {piece["sha256"] for found in told for piece in found if not piece.get("erased")} & hashes
    return kept.union(*(holder(hashes) for holder in HOLDERS))


def pieces_with(rows: QuerySet[Any], column: str, hashes: Iterable[str]) -> Iterator[Evidence]:
    """The evidence that rows tell of which have one of these files."""
    some = Q()
    for sha256 in hashes:
        some |= Q(**{f"{column}__icontains": sha256})
    return (piece for held in rows.filter(some).values_list(column, flat=True) for piece in held)


def clear_away(hashes: Iterable[str]) -> None:
    """Deletes evidence files, and what stood in the rows before."""
    for sha256 in hashes:
        evidence.path_of(sha256).unlink(missing_ok=True)
    empty_log()


def overwrite_deleted() -> None:
    """SQLite keeps what was deleted in its file until it needs the place; from here on it writes zeros over it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def empty_log() -> None:
    """Has SQLite bring its write-ahead log, where the rows stand as they were, into the file; readers may put it off."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def left_behind() -> Iterator[tuple[Entry, str]]:
    """Erased rows with a file that should be gone and is not: what a crash between the two leaves."""
    erased = [row for model in ledgers().values() for row in model._base_manager.filter(erased__isnull=False)]
    there = {sha256 for row in erased for sha256 in marked(row) if evidence.path_of(sha256).exists()}
    left = there - in_use(there)
    return ((row, sha256) for row in erased for sha256 in sorted(marked(row) & left))
