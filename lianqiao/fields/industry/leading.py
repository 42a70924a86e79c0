"""What is done about enquiries and leads: received, taken or declined, worked on, moved along the road, deleted in time.

The road is negotiating, signed, landed, producing, a stage at a time; back, or off it, only for a stated reason. Landing
makes the enterprise's draft in the ledger, producing revises it: figures move when those are approved, never from here.
Whoever fills in at a lead's node may act on it. Each act is one database transaction and writes a step (LeadStep).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction as database
from django.db.models import Q, QuerySet

from lianqiao.core.private import NUMBERS
from lianqiao.fields.industry.leads import OPEN, ROAD, Enquiry, Kind, Lead, LeadStep, Stage, last_day
from lianqiao.fields.industry.models import Enterprise
from lianqiao.journal import clock
from lianqiao.ledger import acts
from lianqiao.ledger.acts import DRAFTS, refuse
from lianqiao.ledger.erasing import empty_log, overwrite_deleted
from lianqiao.ledger.models import Counter, State
from lianqiao.ledger.protected import found_by
from lianqiao.people.access import ROLES, nodes, require
from lianqiao.people.models import User
from lianqiao.places.models import Node

MOST_WORDS = 500
BY_MOVE = (Stage.NEGOTIATING, Stage.SIGNED, Stage.LOST)

# Receiving -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Subject:
    """What an enquiry is about, as it was called when it was left."""

    kind: Kind
    key: str
    title: str
    zone: str
    node: Node


@database.atomic
def receive(
    about: Subject, told: Mapping[str, str], *, sender: str, sum_band: str, language: str, agreed_to: str
) -> Enquiry:
    """Keeps an enquiry, encrypted. told: company, name, phone, email, text. Raises Refused without consent."""
    if not agreed_to:
        raise refuse("没有同意保存，不能收下。", "consent", "missing")
    made = Enquiry(
        number=next_number("YX"), node=about.node, kind=about.kind, key=about.key, title=about.title, zone=about.zone,
        sender=sender, sum_band=sum_band, language=language, agreed_to=agreed_to, received_at=clock.now(), delete_on=last_day(),
    )  # fmt: skip
    made.seal(**told)
    made.save()
    return made


def next_number(prefix: str) -> str:
    """The next number of this year's series: YX-2021-0001."""
    series = f"{prefix}-{clock.today().year}"
    counter, _ = Counter.objects.select_for_update().get_or_create(series=series)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{series}-{counter.last:04d}"


def seen(person: Any) -> QuerySet[Enquiry]:
    """The enquiries that somebody may read."""
    return Enquiry.objects.filter(node__in=nodes(person, "leads"))


def seen_leads(person: Any) -> QuerySet[Lead]:
    return Lead.objects.filter(node__in=nodes(person, "leads")).select_related("enquiry", "owner", "node", "enterprise")


def others_of(enquiry: Enquiry) -> QuerySet[Enquiry]:
    """What else the same telephone or address has left at the same node: one investor, not two."""
    same = Q(pk__in=[])
    for name in ("phone", "email"):
        token = getattr(enquiry, name)
        same |= Q(**{f"{name}__startswith": f"{found_by(token)}."}) if token else Q(pk__in=[])
    return Enquiry.objects.filter(same, node=enquiry.node).exclude(pk=enquiry.pk)


# Taking and declining --------------------------------------------------------------------------------------------------


@database.atomic
def take(
    enquiry: Enquiry,
    owner: User,
    by: User,
    *,
    amount: int | None = None,
    next_step: str = "",
    due_on: date | None = None,
) -> Lead:
    """An enquiry becomes a lead with an owner. Raises Refused, PermissionDenied, Http404."""
    held = locked_enquiry(enquiry, by)
    refuse_owner(owner, held.node)
    plain(next_step)
    lead = Lead.objects.create(
        number=next_number("XS"), enquiry=held, node=held.node, owner=owner, amount=amount, since=clock.today(),
        next_step=next_step, due_on=due_on,
    )  # fmt: skip
    settle_enquiry(held, Enquiry.State.TAKEN, by)
    step(lead, LeadStep.Kind.TAKEN, by, now=str(owner))
    if next_step or due_on:
        step(lead, LeadStep.Kind.PLAN, by, now=planned(next_step, due_on))
    return lead


@database.atomic
def decline(enquiry: Enquiry, by: User, why: str) -> Enquiry:
    """An enquiry that is none of ours, or none at all, for a stated reason. Raises Refused, PermissionDenied, Http404."""
    held = locked_enquiry(enquiry, by)
    needed(why, "不受理")
    settle_enquiry(held, Enquiry.State.DECLINED, by, why)
    return held


def locked_enquiry(enquiry: Enquiry, by: User) -> Enquiry:
    """The enquiry under lock, if it still waits. Raises Refused, PermissionDenied, Http404."""
    held = Enquiry.objects.select_for_update(of=("self",)).select_related("node").get(pk=enquiry.pk)
    require(by, "fill", held.node)
    if held.state != Enquiry.State.WAITING:
        raise refuse(f"{held.number}：{held.get_state_display()}，由 {held.settled_by} 办理。")
    return held


def settle_enquiry(held: Enquiry, state: str, by: User, why: str = "") -> None:
    held.state, held.settled_by, held.reason, held.delete_on = state, by.username, why, last_day()
    held.save(update_fields=["state", "settled_by", "reason", "delete_on"])


# Working on it ---------------------------------------------------------------------------------------------------------


@database.atomic
def note(lead: Lead, kind: str, on: date, text: str, by: User) -> Lead:
    """Records a talk or a visit to the place, on the day on which it was. Raises Refused, PermissionDenied, Http404."""
    held = locked(lead, by)
    if kind not in (LeadStep.Kind.NOTE, LeadStep.Kind.VISIT):
        raise refuse("只记跟进或实地考察。", "kind", "bad_choice")
    needed(text, LeadStep.Kind(kind).label, "text")
    past(on)
    step(held, kind, by, on=on, text=text)
    return held


@database.atomic
def plan(lead: Lead, next_step: str, due_on: date | None, by: User) -> Lead:
    """Says what comes next, and until when; both empty: nothing. Raises Refused, PermissionDenied, Http404."""
    held = locked(lead, by)
    plain(next_step, "next_step")
    if due_on and not next_step.strip():
        raise refuse("下一步：有期限就写明做什么。", "next_step", "missing")
    was, now = planned(held.next_step, held.due_on), planned(next_step, due_on)
    held.next_step, held.due_on = next_step.strip(), due_on
    held.save(update_fields=["next_step", "due_on"])
    if was != now:
        step(held, LeadStep.Kind.PLAN, by, was=was, now=now)
    return held


def planned(next_step: str, due_on: date | None) -> str:
    return " ".join(part for part in (next_step.strip(), due_on.isoformat() if due_on else "") if part)


@database.atomic
def assign(lead: Lead, owner: User, by: User, why: str = "") -> Lead:
    """Gives a lead to somebody else who fills in there. Raises Refused, PermissionDenied, Http404."""
    held = locked(lead, by)
    refuse_owner(owner, held.node)
    plain(why)
    if owner == held.owner:
        raise refuse(f"{held.number}：负责人已经是 {owner}。", "owner")
    was, held.owner = str(held.owner), owner
    held.save(update_fields=["owner"])
    step(held, LeadStep.Kind.ASSIGN, by, text=why, was=was, now=str(owner))
    return held


@database.atomic
def estimate(lead: Lead, amount: int | None, by: User, why: str = "") -> Lead:
    """Says how much may be invested, in 分. Raises Refused, PermissionDenied, Http404."""
    held = locked(lead, by)
    plain(why)
    was, held.amount = held.amount, amount
    held.save(update_fields=["amount"])
    if was != amount:
        step(held, LeadStep.Kind.AMOUNT, by, text=why, was=str(was or ""), now=str(amount or ""))
    return held


# Along the road --------------------------------------------------------------------------------------------------------


def ways(lead: Lead) -> list[Stage]:
    """Where the lead may go from where it stands: on, back, or off the road."""
    stage = Stage(lead.stage)
    if stage == Stage.LOST:
        return [Stage.NEGOTIATING]
    at = ROAD.index(stage)
    onward = [one for one in ROAD[at + 1 : at + 2] if one in BY_MOVE or may_land(lead)]
    back = [one for one in reversed(ROAD[:at]) if one in BY_MOVE]
    return [*onward, *back, *([Stage.LOST] if stage in OPEN else [])]


def may_land(lead: Lead) -> bool:
    """A buyer's enquiry about a product ends with its order, not with an enterprise."""
    return lead.enquiry.kind != Kind.PRODUCT


@database.atomic
def move(lead: Lead, to: str, on: date, by: User, why: str = "", *, lost_for: str = "") -> Lead:
    """Signs, goes back, gives up or takes up again. Landing and producing have acts of their own.

    Raises Refused: where no way leads there, without a reason except onward, or while the enterprise's entry counts.
    """
    held = locked(lead, by)
    stage = Stage(to)
    if stage not in BY_MOVE or stage not in ways(held):
        raise refuse(f"{held.number}：现为{held.get_stage_display()}，不能直接到{stage.label}。", "to")
    onward = stage == Stage.SIGNED and held.stage == Stage.NEGOTIATING
    if not onward:
        needed(why, f"到{stage.label}")
    plain(why)
    if stage == Stage.LOST and not lost_for:
        raise refuse("未成的原因：必填，未填。请选一项。", "lost_for", "missing")
    leave_ledger(held)
    held.lost_for = lost_for if stage == Stage.LOST else ""
    arrive(held, stage, on, by, why)
    return held


def leave_ledger(lead: Lead) -> None:
    """A lead that goes back has no enterprise any more: its entry must not count. Raises Refused."""
    if lead.enterprise and lead.enterprise.state != State.VOID:
        raise refuse(f"{lead.number}：引进企业台账里已有 {lead.enterprise.number}。请先作废它。", "to")
    lead.enterprise = None


@database.atomic
def land(lead: Lead, entry: Enterprise, by: User) -> Lead:
    """The enterprise is there: its entry (unsaved, filled in) goes into the ledger as a draft, and the lead names it.

    Raises Refused with the entry's problems, PermissionDenied, Http404.
    """
    held = locked(lead, by)
    if Stage.LANDED not in ways(held) or held.stage != Stage.SIGNED:
        raise refuse(f"{held.number}：现为{held.get_stage_display()}，签约以后才落地。")
    entry.node = held.node
    (held.enterprise,) = acts.create([entry], by, submit=False, why=f"由线索 {held.number} 而来")
    held.amount = entry.agreed
    arrive(held, Stage.LANDED, entry.landed_on, by, now=f"{Stage.LANDED.label} {entry.number}")
    return held


def drafted(lead: Lead) -> Enterprise:
    """The entry of the enterprises ledger as far as the lead knows it; what is missing is filled in when it lands."""
    told: dict[str, Any] = {"name": lead.enquiry.told("company"), "agreed": lead.amount, "paid_in": 0}
    return Enterprise(node=lead.node, **told)


@database.atomic
def produce(lead: Lead, on: date, by: User) -> Lead:
    """Production begins: the entry gets its 投产日期, as a revision where it counts already.

    Raises Refused: before it has landed, or while its entry waits for review; PermissionDenied, Http404.
    """
    held = locked(lead, by)
    if held.stage != Stage.LANDED or held.enterprise is None:
        raise refuse(f"{held.number}：现为{held.get_stage_display()}，落地以后才投产。")
    past(on)
    begin_producing(held.enterprise, on, by, held.number)
    arrive(held, Stage.PRODUCING, on, by)
    return held


def begin_producing(entry: Enterprise, on: date, by: User, number: str) -> None:
    why = f"线索 {number} 投产"
    if entry.state == State.APPROVED and entry.pending is None:
        if entry.producing_on != on:
            acts.revise(entry, {"producing_on": on}, by, why)
    elif entry.state in DRAFTS:
        acts.edit(entry, {"producing_on": on}, by, why)
    else:
        told = "有修订待审" if entry.pending is not None else State(entry.state).label
        raise refuse(f"{entry.number}：{told}，现在改不了投产日期。请先办完它。")


def arrive(held: Lead, stage: Stage, on: date, by: User, why: str = "", now: str = "") -> None:
    """Puts the lead at the stage."""
    past(on)
    was, held.stage, held.since = held.get_stage_display(), stage, on
    if stage not in OPEN:
        held.next_step, held.due_on = "", None
    held.save()
    step(held, LeadStep.Kind.STAGE, by, on=on, text=why, was=was, now=now or stage.label)


# What all of them need -------------------------------------------------------------------------------------------------


def locked(lead: Lead, by: User) -> Lead:
    """The lead under lock, if the person may act on it. Raises PermissionDenied, Http404."""
    rows = Lead.objects.select_for_update(of=("self",)).select_related("node", "enquiry", "owner", "enterprise")
    held = rows.get(pk=lead.pk)
    require(by, "fill", held.node)
    return held


def step(
    lead: Lead, kind: str, by: User, *, on: date | None = None, text: str = "", was: str = "", now: str = ""
) -> None:
    """Records what was done; from now on the enquiry is kept for another year."""
    told = {"text": text.strip(), "was": was[:255], "now": now[:255]}
    LeadStep.objects.create(lead=lead, kind=kind, on=on or clock.today(), at=clock.now(), by=by.username, **told)
    Enquiry.objects.filter(pk=lead.enquiry_id, erased_at=None).update(delete_on=last_day())


def owners(node: Node) -> QuerySet[User]:
    """Who may own a lead there: whoever fills in there."""
    reach = Q(grants__node=None) | Q(grants__node__in=node.lineage())
    return (
        User.objects.filter(reach, grants__role__in=ROLES["fill"], is_active=True).distinct().order_by("office", "pk")
    )


def refuse_owner(owner: User, node: Node) -> None:
    if not owners(node).filter(pk=owner.pk).exists():
        raise refuse(f"负责人：{owner} 在 {node} 不能填报。请另选一位。", "owner", "bad_choice")


def needed(why: str, act: str, field: str = "why") -> None:
    if not why.strip():
        raise refuse(f"{act}要写明{'内容' if field == 'text' else '缘由'}。", field, "missing")
    plain(why, field)


def plain(text: str, field: str = "why") -> None:
    """Raises Refused where a note is too long, or tells a number that is kept encrypted elsewhere."""
    if len(text) > MOST_WORDS:
        raise refuse(f"至多 {MOST_WORDS} 字，现有 {len(text)} 字。", field, "bad_text")
    if NUMBERS.search(text):
        raise refuse("这里不写身份证号或电话，联系方式在意向里加密保存。", field, "bad_text")


def past(on: date) -> None:
    if on > clock.today():
        raise refuse(f"日期：{on.isoformat()} 还没有到。请填已经发生的日子。", "on", "bad_date")


# Deleting in time ------------------------------------------------------------------------------------------------------


def due(within: Iterable[Node] | QuerySet[Node] | None = None) -> QuerySet[Enquiry]:
    """The enquiries whose personal data has been kept as long as was agreed to, at these nodes or at all."""
    found = Enquiry.objects.filter(erased_at=None, delete_on__lt=clock.today())
    return found if within is None else found.filter(node__in=within)


@database.atomic
def erase(enquiries: Sequence[Enquiry], by: User, why: str) -> list[Enquiry]:
    """Deletes who asked and what was written, and the words of every step; days, stages and amounts stay.

    An entry of the enterprises ledger that came of it is of the enterprise, and stays. Raises Refused, PermissionDenied,
    Http404.
    """
    needed(why, LeadStep.Kind.ERASE.label)
    pks = sorted(one.pk for one in enquiries)
    held = list(
        Enquiry.objects.select_for_update(of=("self",)).select_related("node").filter(pk__in=pks, erased_at=None)
    )
    overwrite_deleted()
    for one in held:
        require(by, "erase", one.node)
        empty(one, by, why)
    database.on_commit(empty_log)
    return held


def empty(one: Enquiry, by: User, why: str) -> None:
    for name in Enquiry.PERSONAL:
        setattr(one, name, "")
    one.erased_at = clock.now()
    if one.state == Enquiry.State.WAITING:
        one.state, one.settled_by = Enquiry.State.DECLINED, by.username
    one.reason = why if one.state == Enquiry.State.DECLINED else ""
    one.save()
    lead = Lead.objects.filter(enquiry=one).first()
    if lead:
        lead.steps.update(text="")
        lead.steps.filter(kind=LeadStep.Kind.PLAN).update(was="", now="")
        Lead.objects.filter(pk=lead.pk).update(next_step="", due_on=None)
        step(lead, LeadStep.Kind.ERASE, by, text=why)
