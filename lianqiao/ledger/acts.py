"""What can be done with entries, in sets: create, edit, submit, return, approve, revise, void.

Every door (import, form, command line) acts through these. Each is one database transaction: it happens whole or not
at all. Approve, void and resync all end in the journal's `sync`.
"""

from __future__ import annotations

import copy
from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import batched
from itertools import chain as chained
from typing import Any

from django.db import transaction as database
from django.db.models import F, Max

from lianqiao.core.private import NUMBERS
from lianqiao.journal import chain, clock, sets
from lianqiao.journal.book import Moved, Unconfirmed, Wanted, sync, write
from lianqiao.journal.closing import PeriodClosed, sentence
from lianqiao.journal.models import Closing, Transaction
from lianqiao.ledger import history, twins
from lianqiao.ledger.checks import check
from lianqiao.ledger.columns import Problem
from lianqiao.ledger.models import BOTH, Change, Counter, Entry, Partner, Side, State
from lianqiao.ledger.registry import dependants, links_of
from lianqiao.people.access import Act, covers, grants, require
from lianqiao.people.models import User
from lianqiao.places.models import Node

DRAFTS = (State.DRAFT, State.RETURNED)
WORKING = (
    *("state", "version", "posted_version", "pending", "pending_state", "reason"),
    *("partner", "partner_reason", "author", "approver"),
)
STEP_FIELDS = ("ledger", "entry", "kind", "at", "by", "why", "version", "payload", "salt", "digest")
MOST_WORDS = 300
CHUNK = 500


class Refused(Exception):
    """The act is against the rules; nothing was done. problems: what and where, in Chinese."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(p.message for p in self.problems))


def refuse(message: str, field: str | None = None, why: str = "not_now") -> Refused:
    return Refused([Problem(field, why, message)])


def create[E: Entry](entries: Sequence[E], by: User, *, submit: bool = True, why: str = "") -> list[E]:
    """Enters new rows (unsaved instances of one ledger): gives them their 编号 and begins their history.

    Raises Refused with every problem of every row; then none is written.
    """
    enter(entries, by, submit=submit, why=why)
    return list(entries)


def enter(entries: Sequence[Entry], by: User, *, submit: bool = True, why: str = "") -> dict[int, str]:
    """The same; returns the digest of each row's first version, by its id: what `approve` takes as fresh."""
    return insert(prepare(entries, by, submit=submit, why=why))


@dataclass(frozen=True)
class Prepared:
    """New rows of one ledger that may be entered, by whom, when and why."""

    entries: Sequence[Entry]
    by: User
    at: datetime
    why: str


def prepare(
    entries: Sequence[Entry], by: User, *, submit: bool = True, why: str = "", checked: bool = False
) -> Prepared:
    """What has to be asked of rows before they are entered, and needs no lock: others wait only while they are written.
    checked: the caller has just found no problem in them (`check`). Raises Refused."""
    if not checked:
        refuse_problems(entries)
    require_all(by, "fill", entries)
    for entry in entries:
        entry.author, entry.state = by, State.SUBMITTED if submit else State.DRAFT
    return Prepared(entries, by, clock.now(), why)


@database.atomic
def insert(new: Prepared) -> dict[int, str]:
    """Gives the rows ids and 编号, seals the first steps of their histories and saves both; returns the digests by the
    rows' ids.

    Rows whose class does more than a plain insert (a pairing makes its node) are saved one by one.
    """
    if not new.entries:
        return {}
    give_numbers(new.entries)
    for entry, pk in zip(new.entries, sets.take_ids(type(new.entries[0]), len(new.entries)), strict=True):
        entry.pk = pk
    steps = list(first_steps(new))
    if new.entries[0].one_by_one:
        for entry in new.entries:
            entry.save(force_insert=True)
    else:
        sets.insert_new(new.entries)
    sets.insert(Change, STEP_FIELDS, steps)
    return {step[1]: step[-1] for step in steps}


def first_steps(new: Prepared) -> Iterator[tuple[Any, ...]]:
    """The steps that begin the histories of rows, sealed, in the order of STEP_FIELDS."""
    code, when = new.entries[0].ledger.code, (Change.Kind.CREATE.value, new.at, new.by.username, new.why)
    for entry in new.entries:
        told, salt = history.as_told(history.snapshot(entry)), history.new_salt()
        digest = history.seal_told(entry, entry.version, told, salt)
        yield code, entry.pk, *when, entry.version, told, salt, digest


def refuse_problems(entries: Sequence[Entry]) -> None:
    problems = [problem for entry in entries for problem in check(entry)]
    if problems:
        raise Refused(problems)


def give_numbers(entries: Sequence[Entry]) -> None:
    """Numbers each row in its series: HF-2021-0029, or DW-0007 where the ledger is not dated."""
    wanted = Tally(series(entry) for entry in entries)
    next_free: dict[str, int] = {}
    for name, count in sorted(wanted.items()):
        counter, _ = Counter.objects.select_for_update().get_or_create(series=name)
        next_free[name] = counter.last + 1
        counter.last += count
        counter.save(update_fields=["last"])
    for entry in entries:
        name = series(entry)
        entry.number = f"{name}-{next_free[name]:04d}"
        next_free[name] += 1


def series(entry: Entry) -> str:
    on = entry.happened_on()
    return f"{entry.ledger.prefix}-{on.year}" if on else entry.ledger.prefix


def record(entries: Sequence[Entry], kind: Change.Kind, by: User, why: str, *, with_data: bool = False) -> None:
    """Writes one step of the entries' histories; with_data: a new version, as the rows now hold it."""
    at = clock.now()
    steps = [step_of(entry, kind, by, why, at) for entry in entries]
    for step, entry in zip(steps, entries, strict=True) if with_data else ():
        seal_step(step, entry)
    sets.insert_new(steps)


def step_of(entry: Entry, kind: Change.Kind, by: User, why: str, at: datetime) -> Change:
    return Change(
        ledger=entry.ledger.code, entry=entry.pk, kind=kind, at=at, by=by.username, why=why, version=entry.version
    )


def seal_step(step: Change, entry: Entry) -> None:
    """Puts the row as it now is into the step, sealed."""
    step.payload, step.salt = history.snapshot(entry), history.new_salt()
    step.digest = history.seal(entry, step.version, step.payload, step.salt)


def locked[E: Entry](model: type[E], pks: Iterable[int]) -> list[E]:
    """The rows under lock, in the order of their ids: the first lock that an act takes."""
    rows = model._base_manager.select_for_update(of=("self",)).select_related("node", "author").order_by("pk")
    return [row for some in batched(sorted(pks), CHUNK) for row in rows.filter(pk__in=some)]


def save(rows: Sequence[Entry], *fields: str) -> None:
    """Writes these columns of rows of one ledger."""
    if rows:
        type(rows[0])._base_manager.bulk_update(rows, fields, batch_size=CHUNK)


def edit[E: Entry](entry: E, values: dict[str, Any], by: User, why: str = "") -> E:
    """Changes a row that was never approved (a draft, or one that came back). Raises Refused."""
    (row,) = edit_all(type(entry), {entry.pk: values}, by, why)
    return row


@database.atomic
def edit_all[E: Entry](model: type[E], values: Mapping[int, dict[str, Any]], by: User, why: str = "") -> list[E]:
    """The same with many rows of one ledger, by their ids. Raises Refused; then none is changed."""
    rows = locked(model, values)
    require_all(by, "fill", rows)
    for row in rows:
        if row.state not in DRAFTS:
            raise refuse(f"{row.number}：{State(row.state).label}的行不能直接修改。")
    put(rows, values, by)
    for row, version in zip(rows, next_versions(rows), strict=True):
        row.version, row.author = version, by
    if model.one_by_one:
        for row in rows:
            row.save()
    elif rows:
        save_whole(model, rows)
    record(rows, Change.Kind.EDIT, by, why, with_data=True)
    return rows


def chosen(entries: Sequence[Entry]) -> None:
    if not entries:
        raise refuse("没有选中任何行。", why="missing")


def reasoned(why: str, act: str) -> None:
    """Raises Refused where an act that needs a reason has none."""
    if not why.strip():
        raise refuse(f"{act}要写明缘由。", why="missing")
    short_enough(why)


def short_enough(why: str) -> None:
    if len(why) > MOST_WORDS:
        raise refuse(f"缘由至多 {MOST_WORDS} 字，现有 {len(why)} 字。", why="bad_text")
    if NUMBERS.search(why):
        raise refuse("缘由永远留在账本里，不能写身份证号或电话。", why="bad_text")


def put(rows: Sequence[Entry], values: Mapping[int, dict[str, Any]], by: User) -> None:
    """Gives each row its new values. Raises Refused where it has problems then, Http404 or PermissionDenied where it is
    not `by`'s any more."""
    for row in rows:
        for field, value in values[row.pk].items():
            setattr(row, field, value)
    refuse_problems(rows)
    require_all(by, "fill", rows)


def next_versions(rows: Sequence[Entry]) -> list[int]:
    """The version that each of these rows of one ledger gets next."""
    last: dict[int, int] = {}
    for some in batched(rows, CHUNK):
        steps = Change.objects.filter(ledger=some[0].ledger.code, entry__in=[row.pk for row in some]).order_by()
        last.update(steps.values_list("entry").annotate(last=Max("version")))
    return [last.get(row.pk, 0) + 1 for row in rows]


def revise[E: Entry](entry: E, values: dict[str, Any], by: User, why: str) -> E:
    """Proposes a new version of an approved row, which stays as it is (and posted) until somebody else approves it.

    Raises Refused: without a reason, with problems, or where nothing changes.
    """
    (row,) = revise_all(type(entry), {entry.pk: values}, by, why)
    return row


@database.atomic
def revise_all[E: Entry](model: type[E], values: Mapping[int, dict[str, Any]], by: User, why: str) -> list[E]:
    """The same with many rows of one ledger, by their ids. Raises Refused; then none is changed."""
    rows = locked(model, values)
    require_all(by, "fill", rows)
    for row in rows:
        if row.state != State.APPROVED:
            raise refuse(f"{row.number}：只有已审核的行才修订，现为{State(row.state).label}。")
    reasoned(why, "修订")
    before = [history.snapshot(row) for row in rows]
    put(rows, values, by)
    for row, old in zip(rows, before, strict=True):
        if not history.differ(model, old, history.snapshot(row)):
            raise refuse(f"{row.number}：内容没有变化。")
    steps = [step_of(row, Change.Kind.REVISE, by, why, clock.now()) for row in rows]
    for row, step, version in zip(rows, steps, next_versions(rows), strict=True):
        step.version = row.pending = version
        seal_step(step, row)
        row.pending_state, row.reason = State.SUBMITTED, ""
    sets.insert_new(steps)
    save(rows, "pending", "pending_state", "reason")
    return locked(model, values)


@database.atomic
def submit[E: Entry](entries: Sequence[E], by: User) -> list[E]:
    """Hands drafts and returned rows (or returned revisions) in for review. Raises Refused."""
    chosen(entries)
    rows = locked(type(entries[0]), [e.pk for e in entries])
    require_all(by, "fill", rows)
    for row in rows:
        if row.state in DRAFTS:
            row.state = State.SUBMITTED
        elif row.pending_state == State.RETURNED:
            row.pending_state = State.SUBMITTED
        else:
            raise refuse(f"{row.number}：没有可提交的内容。")
    save(rows, "state", "pending_state")
    record(rows, Change.Kind.SUBMIT, by, "")
    return rows


@database.atomic
def send_back[E: Entry](entries: Sequence[E], by: User, why: str) -> list[E]:
    """Returns submitted rows or revisions to who filled them in, with a reason. Raises Refused."""
    reasoned(why, "退回")
    chosen(entries)
    rows = locked(type(entries[0]), [e.pk for e in entries])
    require_all(by, "review", rows)
    for row in rows:
        waiting(row)
        if row.state == State.SUBMITTED:
            row.state = State.RETURNED
        else:
            row.pending_state = State.RETURNED
        row.reason = why
    save(rows, "state", "pending_state", "reason")
    record(rows, Change.Kind.RETURN, by, why)
    return rows


def waiting(row: Entry) -> None:
    """Raises Refused unless the row, or a revision of it, waits for review."""
    if State.SUBMITTED not in (row.state, row.pending_state):
        raise refuse(f"{row.number}：不在待审状态，现为{State(row.state).label}。")


@database.atomic
def withdraw[E: Entry](entry: E, by: User, why: str = "") -> E:
    """Gives up a revision; the approved row stays as it is. Raises Refused."""
    (row,) = locked(type(entry), [entry.pk])
    require(by, "fill", row.node, row.sides())
    if row.pending is None:
        raise refuse(f"{row.number}：没有待审的修订。")
    row.pending, row.pending_state = None, ""
    row.save(update_fields=["pending", "pending_state"])
    record([row], Change.Kind.WITHDRAW, by, why)
    return row


@database.atomic
def approve(
    entries: Sequence[Entry],
    by: User,
    why: str = "",
    *,
    despite_twins: bool = False,
    fresh: Mapping[int, str] | None = None,
) -> Transaction:
    """Passes submitted rows and revisions of one ledger, and posts what follows, as one transaction of the journal.

    fresh: the digests of those rows that were entered in this same database transaction (`enter`): nobody else can have
    touched them, so they are neither locked nor read again.
    Raises Refused: where one of them is not waiting, was filled in by the same person, stands against others, falls
    into a closed period, or looks like something entered elsewhere along the tree (twins.py) and nobody said that it
    is not (despite_twins); then none is approved.
    """
    chosen(entries)
    short_enough(why)
    model, fresh = type(entries[0]), fresh or {}
    standing = locked(model, [e.pk for e in entries if e.pk not in fresh])
    rows = [*standing, *(e for e in entries if e.pk in fresh)]
    steps = waiting_versions(standing)
    require_all(by, "review", rows)
    revised = [row for row in standing if row.pending is not None]
    authors = {user.username: user for user in User.objects.filter(username__in={step.by for step in steps.values()})}
    for row in revised:
        row.was = copy.copy(row)  # type: ignore[misc]
    for row in rows:
        waiting(row)
        take_version(row, steps.get(row.pk), by, authors)
    require_all(by, "review", revised)
    problems = [problem for row in standing for problem in check(row)]
    problems += [*unconfirmed(rows), *unapproved_links(rows), *model.before_approval(rows)]
    problems += [] if despite_twins else twins.problems(rows)
    if problems:
        raise Refused(problems)
    keep_approved(model, rows, revised)
    model.after_approval(rows)
    digests = {**fresh, **{pk: step.digest for pk, step in steps.items()}}
    posted = (wanted(row, digests[row.pk]) for row in rows)
    return settle(chained(posted, moved(model, rows)), rows, by, "approve", why)


def settle(wanted: Iterable[Wanted], rows: Sequence[Entry], by: User, kind: str, why: str) -> Transaction:
    """Posts; into a closed period only for a coordinator who says why. Raises Refused."""
    nodes, held = {row.node_id: row.node for row in rows}.values(), grants(by, "close")
    allowed = bool(why.strip()) and all(any(covers(grant, node, ()) for grant in held) for node in nodes)
    try:
        return sync(wanted, by=by.username, kind=kind, why=why, into_closed=allowed)
    except PeriodClosed as closed:
        raise refuse(f"{closed}。要由协调角色办理，并写明缘由。", why="closed") from closed
    except Unconfirmed as nodes:
        raise refuse(f"结对关系“{nodes}”未审核或刚刚作废，其下不能记账。") from nodes


def moved(model: type[Entry], rows: Sequence[Entry]) -> list[Wanted]:
    """What follows for approved entries elsewhere."""
    others = list(model.moves(rows))
    digests = posted_digests(others) if others else {}
    return [wanted(other, digests[other.pk]) for other in others]


def keep_approved(model: type[Entry], rows: Sequence[Entry], revised: Sequence[Entry]) -> None:
    """Writes what approval changes: one statement for rows that pass as they stand, whole rows only for revisions."""
    first = rows[0]
    standing = {row.pk for row in rows} - {row.pk for row in revised}
    for pks in batched(sorted(standing), CHUNK):
        model._base_manager.filter(pk__in=pks).update(
            state=first.state, posted_version=F("version"), approver=first.approver, reason=""
        )
    save_whole(model, revised)


def save_whole(model: type[Entry], rows: Sequence[Entry]) -> None:
    """Writes whatever an act may change of rows: their version, and where they stand."""
    columns = [field.name for field in history.kept_fields(model)]
    model._base_manager.bulk_update(rows, [*columns, *WORKING], batch_size=200)


def require_all(by: User, act: Act, rows: Iterable[Entry]) -> None:
    """Asks once for each node and side of a set."""
    held = grants(by, act)
    for (_, sides), node in {(row.node_id, row.sides()): row.node for row in rows}.items():
        if not any(covers(grant, node, sides) for grant in held):
            require(by, act, node, sides)


def unconfirmed(rows: Sequence[Entry]) -> Iterable[Problem]:
    """Nothing can be counted at a pairing that is itself not approved yet."""
    for row in rows:
        if row.node and not row.node.confirmed and not row.one_by_one:
            yield Problem("node", "not_now", f"{row.number}：结对关系“{row.node}”尚未审核。请先审核结对关系。")


def unapproved_links(rows: Sequence[Entry]) -> Iterable[Problem]:
    """A row counts only once the rows that it names do."""
    for link in links_of(type(rows[0])):
        target: Any = link.related_model
        named = {getattr(row, link.attname) for row in rows} - {None}
        waiting = dict(
            target._base_manager.filter(pk__in=named).exclude(state=State.APPROVED).values_list("pk", "number")
        )
        for row in rows:
            number = waiting.get(getattr(row, link.attname))
            if number:
                yield Problem(link.name, "not_now", f"{row.number}：所指的 {number} 尚未审核或已作废。请先办理它。")


def waiting_versions(rows: Sequence[Entry]) -> dict[int, Change]:
    """The version of each row that waits: its revision's, or the row's own."""
    return {step.entry: step for step in steps_of(rows, {row.pk: row.pending or row.version for row in rows})}


def take_version(row: Entry, step: Change | None, by: User, authors: dict[str, User]) -> None:
    """Makes the waiting version the row's own; of a row that was just entered (no step) there is no other. Raises Refused
    where its author is the approver."""
    if (step.by if step else row.author.username) == by.username:
        raise refuse(f"{row.number}：填报与审核不能是同一人（{by}）。", why="same_person")
    if step and row.pending is not None:
        row.author, row.version = authors[step.by], step.version
        history.restore(row, step.payload or {})
    row.state, row.posted_version = State.APPROVED, row.version
    row.pending, row.pending_state, row.reason, row.approver = None, "", "", by
    row.partner, row.partner_reason = "", ""


def wanted(row: Entry, digest: str) -> Wanted:
    return Wanted(row.ledger.code, row.pk, row.posting_node() or 0, tuple(row.postings()), row.version, digest)


@database.atomic
def void(entry: Entry, by: User, why: str) -> Transaction | None:
    """Takes a row out of the count, for a stated reason; a row that was never approved is only marked.

    Raises Refused: without a reason, by its own author, or where other rows build on it.
    """
    reasoned(why, "作废")
    (row,) = locked(type(entry), [entry.pk])
    require(by, "void", row.node, row.sides())
    refuse_void(row, by)
    counted = row.posted_version is not None
    row.state, row.posted_version, row.reason = State.VOID, None, why
    row.pending, row.pending_state = None, ""
    row.save()
    row.after_void(row)
    if not counted:
        record([row], Change.Kind.WITHDRAW, by, why)
        return None
    gone = Wanted(row.ledger.code, row.pk, row.posting_node() or 0, (), 0, "")
    return settle([gone, *moved(type(row), [row])], [row], by, "void", why)


def refuse_void(row: Entry, by: User) -> None:
    if row.state == State.VOID:
        raise refuse(f"{row.number}：已经作废。")
    if row.state == State.APPROVED and row.author_id == by.pk:
        raise refuse(f"{row.number}：作废与填报不能是同一人（{by}）。", why="same_person")
    problems = [*(in_use(row, other) for other in dependants(row)), *row.before_void(row)]
    if problems:
        raise Refused(problems)


def in_use(row: Entry, by: Entry) -> Problem:
    return Problem(
        None, "not_now", f"{row.number}：{by.ledger.name}的 {by.number} 以它为据，不能作废。请先办理那一行。"
    )


@database.atomic
def resync(model: type[Entry], by: User, why: str) -> Transaction | None:
    """Posts what approved rows should have and do not: after a measure's new version, with its reason.

    For coordinators and administrators of the whole instance. Raises Refused without a reason.
    """
    require(by, "resync", None)
    reasoned(why, "重算")
    rows = list(model._base_manager.select_for_update(of=("self",)).filter(state=State.APPROVED).order_by("pk"))
    if not rows:
        return None
    steps = posted_digests(rows)
    return settle([wanted(row, steps[row.pk]) for row in rows], rows, by, "resync", why)


def posted_digests(rows: Sequence[Entry]) -> dict[int, str]:
    """The digest of each row's posted version."""
    return {step.entry: step.digest for step in steps_of(rows, {row.pk: row.posted_version for row in rows})}


def steps_of(rows: Sequence[Entry], versions: Mapping[int, int | None]) -> Iterator[Change]:
    """The steps of rows of one ledger that hold these versions of them."""
    for some in batched(rows, CHUNK):
        data = Change.objects.filter(ledger=some[0].ledger.code, entry__in=[row.pk for row in some])
        yield from (step for step in data.exclude(digest="") if step.version == versions[step.entry])


# Between the two sides -----------------------------------------------------------------------------------------------


def partner_sides(entry: Entry) -> tuple[Side, ...]:
    """The side that confirms a row: the one that did not enter it."""
    entered = entry.sides()
    if entered == BOTH:
        held = {g.side for g in entry.author.grants.all()}
        entered = ("east",) if held == {"east"} else ("west",) if held == {"west"} else BOTH
    return tuple(side for side in BOTH if side not in entered) or BOTH


@database.atomic
def confirm[E: Entry](entries: Sequence[E], by: User) -> list[E]:
    """The partner says that approved rows are right (对账). Raises Refused."""
    return answer(entries, by, Partner.CONFIRMED, Change.Kind.CONFIRM, "")


@database.atomic
def object_to[E: Entry](entries: Sequence[E], by: User, why: str) -> list[E]:
    """The partner objects to approved rows, with a reason; they count on until they are revised. Raises Refused."""
    reasoned(why, "提出异议")
    return answer(entries, by, Partner.OBJECTED, Change.Kind.OBJECT, why)


def answer[E: Entry](entries: Sequence[E], by: User, says: Partner, kind: Change.Kind, why: str) -> list[E]:
    chosen(entries)
    rows = locked(type(entries[0]), [e.pk for e in entries])
    for row in rows:
        require(by, "confirm", row.node, partner_sides(row))
        if row.state != State.APPROVED:
            raise refuse(f"{row.number}：只有已审核的行才对账，现为{State(row.state).label}。")
        if row.author_id == by.pk:
            raise refuse(f"{row.number}：填报与对账不能是同一人（{by}）。", why="same_person")
        row.partner, row.partner_reason = says, why
    save(rows, "partner", "partner_reason")
    record(rows, kind, by, why)
    return rows


@database.atomic
def close(node: Node, until: date, by: User, why: str) -> Transaction:
    """Closes the accounts of a node and all below it up to a day (关账). Raises Refused, PermissionDenied, Http404."""
    require(by, "close", node)
    reasoned(why, "关账")
    later = Closing.objects.filter(node=node, until__gte=until).first()
    if later:
        raise refuse(f"{node} {later.until} 以前已经关账。")
    told = f"{sentence(node, until)}：{why}"
    short_enough(told)
    chain.lock()
    written = write(Moved(), by=by.username, kind="close", why=told)
    Closing.objects.create(transaction=written, node=node, until=until)
    head = chain.Head(written.number, written.hash, written.recorded_at)
    database.on_commit(lambda: chain.write_head(head))
    return written
