"""Undoing what one act did to many rows: rows that it made leave the count, rows that it changed get the version before back.

Nothing is taken out of the journal or of the histories: the journal gets one transaction of kind "undo", which posts the
difference, and the histories further steps.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db import transaction as database
from django.db.models import Max

from lianqiao.journal import closing
from lianqiao.journal.book import Wanted
from lianqiao.journal.models import Transaction, Voucher
from lianqiao.ledger import acts, history
from lianqiao.ledger.checks import check
from lianqiao.ledger.columns import Problem
from lianqiao.ledger.models import Change, Entry, Partner, State
from lianqiao.ledger.registry import namers
from lianqiao.people.models import User

CHUNK = 500
ANSWERS = {Change.Kind.CONFIRM: Partner.CONFIRMED, Change.Kind.OBJECT: Partner.OBJECTED}


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did to one entry: made it (`was` is ""), edited a draft, or revised an approved row.

    before, after: its versions, before 0 where it was made. was: its state before. waited, waited_state: the revision
    that waited before, if any.
    """

    entry: int
    before: int
    after: int
    was: str = ""
    waited: int | None = None
    waited_state: str = ""


@dataclass
class Sorted:
    """The rows by what has to be done with them."""

    made: list[Entry]
    edited: list[Entry]
    counted: list[Entry]
    proposed: list[Entry]


@database.atomic
def undo(model: type[Entry], done: Sequence[Done], by: User, why: str) -> Transaction | None:
    """Takes back what an act did to rows of one ledger, all of it or nothing, as one transaction of the journal.

    By the rules of voiding: the same role, and nobody their own approved rows. Returns None where nothing counted.
    Raises Refused with each row on which something later builds: a later version, a row that names it, the partner's
    answer, a closed period.
    """
    acts.reasoned(why, "撤销")
    told = {d.entry: d for d in done}
    rows = acts.locked(model, told)
    acts.require_all(by, "void", rows)
    refuse([problem for row in rows for problem in later(row, told[row.pk], by)])
    found = sort(rows, told)
    made = {row.pk: row for row in found.made}
    refuse([in_use(made[pk], other) for pk, other in namers(model, made)])
    leaving = [*found.made, *(row for row in found.edited if row.posted_version is not None)]
    counted = [row for row in leaving if row.posted_version is not None]
    void(model, found.made, by, why)
    give_back_drafts(model, found.edited, told, by, why)
    give_back(model, found.counted, told, by)
    withdraw(model, found.proposed, told, by, why)
    refuse([problem for row in leaving for problem in row.before_void(row.was or row)])
    for row in counted:
        row.after_void(row.was or row)
    return settle(model, counted, found.counted, by, why)


def refuse(problems: Iterable[Problem]) -> None:
    """Raises Refused if there are any problems, each told once."""
    found = list(dict.fromkeys(problems))
    if found:
        raise acts.Refused(found)


def sort(rows: Sequence[Entry], told: dict[int, Done]) -> Sorted:
    """Rows that the act made and somebody has voided since need nothing more."""
    made = [row for row in rows if not told[row.pk].was and row.state != State.VOID]
    revised = [row for row in rows if told[row.pk].was == State.APPROVED]
    return Sorted(
        made=made,
        edited=[row for row in rows if told[row.pk].was in acts.DRAFTS],
        counted=[row for row in revised if row.pending is None],
        proposed=[row for row in revised if row.pending is not None],
    )


def later(row: Entry, done: Done, by: User) -> Iterator[Problem]:
    """What has happened to the row since that taking it back would run over."""
    if row.state == State.VOID:
        if done.was:
            yield against(row, "此后已经作废")
        return
    if (row.pending or row.version) != done.after:
        yield against(row, f"此后又改到第 {row.pending or row.version} 版")
    elif row.pending is None and row.partner:
        yield against(row, f"此后{Partner(row.partner).label}")
    elif row.pending is None and row.state == State.APPROVED and row.author_id == by.pk:
        yield Problem(None, "same_person", f"{row.number}：撤销与填报不能是同一人（{by}）。")


def against(row: Entry, what: str) -> Problem:
    return Problem(None, "not_now", f"{row.number}：{what}，不能撤销。请先办理这一行。")


def in_use(row: Entry, other: Entry) -> Problem:
    return against(row, f"{other.ledger.name}的 {other.number} 以它为据")


# The three ways back -------------------------------------------------------------------------------------------------


def void(model: type[Entry], rows: Sequence[Entry], by: User, why: str) -> None:
    """Marks rows that the act made; of those that never counted, the history says so, of the others the journal."""
    for pks in batched([row.pk for row in rows], CHUNK):
        model._base_manager.filter(pk__in=pks).update(
            state=State.VOID, posted_version=None, reason=why, pending=None, pending_state=""
        )
    acts.record([row for row in rows if row.posted_version is None], Change.Kind.WITHDRAW, by, why)


def give_back_drafts(model: type[Entry], rows: Sequence[Entry], told: dict[int, Done], by: User, why: str) -> None:
    """Makes rows the drafts that they were, as a further version of their history."""
    code = model.ledger.code
    steps = versions(code, {row.pk: told[row.pk].before for row in rows})
    refuse(erased(rows, steps))
    last, reasons = last_versions(code, [row.pk for row in rows]), reasons_of_return(code, rows)
    for row in rows:
        row.was = copy.copy(row)  # type: ignore[misc]
        history.restore(row, steps[row.pk].payload or {})
        row.state, row.version, row.author = told[row.pk].was, last[row.pk] + 1, by
        row.posted_version, row.approver, row.partner, row.partner_reason = None, None, "", ""
        row.reason = reasons.get(row.pk, "") if row.state == State.RETURNED else ""
    acts.save_whole(model, rows)
    acts.record(rows, Change.Kind.EDIT, by, why, with_data=True)


def give_back(model: type[Entry], rows: Sequence[Entry], told: dict[int, Done], by: User) -> None:
    """Makes the version before count again, as it counted: by the same author and approver, with the partner's answer.

    It must be such that it could be approved now. Raises Refused.
    """
    code, before = model.ledger.code, {row.pk: told[row.pk].before for row in rows}
    steps = versions(code, before)
    refuse(erased(rows, steps))
    approvers, answers = approvers_of(code, before), answers_to(code, before)
    names = {*approvers.values(), *(step.by for step in steps.values())}
    people = {user.username: user for user in User.objects.filter(username__in=names)}
    for row in rows:
        row.was = copy.copy(row)  # type: ignore[misc]
        history.restore(row, steps[row.pk].payload or {})
        row.version = row.posted_version = before[row.pk]
        row.author, row.approver = people[steps[row.pk].by], people[approvers[row.pk]]
        row.partner, row.partner_reason = answers.get(row.pk, ("", ""))
    put_back_waiting(code, rows, told)
    acts.require_all(by, "void", rows)
    refuse([problem for row in rows for problem in check(row)])
    if rows:
        refuse([*acts.unconfirmed(rows), *acts.unapproved_links(rows), *model.before_approval(rows)])
        acts.save_whole(model, rows)
        model.after_approval(rows)


def withdraw(model: type[Entry], rows: Sequence[Entry], told: dict[int, Done], by: User, why: str) -> None:
    """Takes back revisions that wait; one that waited before them waits again."""
    put_back_waiting(model.ledger.code, rows, told)
    acts.save_whole(model, rows)
    acts.record(rows, Change.Kind.WITHDRAW, by, why)


def put_back_waiting(code: str, rows: Sequence[Entry], told: dict[int, Done]) -> None:
    reasons = reasons_of_return(code, rows)
    for row in rows:
        row.pending, row.pending_state = told[row.pk].waited, told[row.pk].waited_state
        row.reason = reasons.get(row.pk, "") if row.pending_state == State.RETURNED else ""


def settle(model: type[Entry], gone: Sequence[Entry], back: Sequence[Entry], by: User, why: str) -> Transaction | None:
    """Posts the difference: what has gone, what counts again, and what follows elsewhere. Raises Refused."""
    rows = [*gone, *back]
    if not rows:
        return None
    code = model.ledger.code
    steps = versions(code, {row.pk: row.version for row in back})
    wanted = [Wanted(code, row.pk, row.posting_node() or 0, (), 0, "") for row in gone]
    wanted += [acts.wanted(row, steps[row.pk].digest) for row in back]
    try:
        return acts.settle([*wanted, *acts.moved(model, rows)], rows, by, "undo", why)
    except acts.Refused as refused:
        raise acts.Refused([*refused.problems, *closed(rows)]) from refused


def closed(rows: Sequence[Entry]) -> Iterator[Problem]:
    """The rows whose numbers lie in a closed period."""
    spots = {row.pk: {(v.posting_node() or 0, p.on) for v in (row, row.was) if v for p in v.postings()} for row in rows}
    held = {spot for spot in set().union(*spots.values()) if closing.touched({spot})}
    for row in rows:
        if spots[row.pk] & held:
            yield against(row, "涉及已关账的期间")


# What the histories and the journal say of them ----------------------------------------------------------------------


def changes(code: str, entries: Iterable[int], **which: Any) -> Iterator[Change]:
    for chunk in batched(entries, CHUNK):
        yield from Change.objects.filter(ledger=code, entry__in=chunk, **which).order_by("pk")


def versions(code: str, wanted: dict[int, int]) -> dict[int, Change]:
    """One version of each entry, where it still holds its data."""
    kept = changes(code, wanted, payload__isnull=False)
    return {step.entry: step for step in kept if step.version == wanted[step.entry]}


def erased(rows: Sequence[Entry], steps: dict[int, Change]) -> Iterator[Problem]:
    """Rows whose version before is no longer there."""
    for row in rows:
        if row.pk not in steps:
            yield against(row, "原来的内容已经清除")


def last_versions(code: str, entries: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for chunk in batched(entries, CHUNK):
        rows = Change.objects.filter(ledger=code, entry__in=chunk)
        found |= dict(rows.values_list("entry").annotate(last=Max("version")))
    return found


def reasons_of_return(code: str, rows: Sequence[Entry]) -> dict[int, str]:
    """Why each of them was last returned."""
    return {step.entry: step.why for step in changes(code, [row.pk for row in rows], kind=Change.Kind.RETURN)}


def approvers_of(code: str, versions: dict[int, int]) -> dict[int, str]:
    """Who first passed that version of each entry."""
    found: dict[int, str] = {}
    for chunk in batched(versions, CHUNK):
        for voucher in (
            Voucher.objects.filter(ledger=code, entry__in=chunk).select_related("transaction").order_by("pk")
        ):
            if voucher.version == versions[voucher.entry]:
                found.setdefault(voucher.entry, voucher.transaction.by)
    return found


def answers_to(code: str, versions: dict[int, int]) -> dict[int, tuple[str, str]]:
    """What the partner said of that version of each entry."""
    told = changes(code, versions, kind__in=list(ANSWERS))
    return {s.entry: (ANSWERS[Change.Kind(s.kind)], s.why) for s in told if s.version == versions[s.entry]}
