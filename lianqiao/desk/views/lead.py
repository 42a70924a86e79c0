"""One enquiry, and the lead that it becomes: taken or declined, worked on, moved along the road, entered in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction as database
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from lianqiao.desk import doors, lead_forms
from lianqiao.desk.forms import form_of
from lianqiao.desk.views import reveal
from lianqiao.fields.industry import leading
from lianqiao.fields.industry.leads import ROAD, Enquiry, Lead, LeadStep, Stage
from lianqiao.fields.industry.models import Enterprise
from lianqiao.journal import clock
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.models import State
from lianqiao.people import access
from lianqiao.people.models import User

REVEALED = {"name": "联系人", "phone": "手机", "email": "邮箱"}
Do = Callable[[Any, Lead, User], Lead]


# Getting and authorising -----------------------------------------------------------------------------------------------


def enquiry_of(request: HttpRequest, number: str, act: access.Act = "leads") -> Enquiry:
    found: Enquiry = get_object_or_404(Enquiry.objects.select_related("node"), number=number)
    access.require(request.user, "leads", found.node)
    access.require(request.user, act, found.node)
    return found


def lead_of(request: HttpRequest, number: str, act: access.Act = "leads") -> Lead:
    held = Lead.objects.select_related("enquiry", "node", "owner", "enterprise")
    found: Lead = get_object_or_404(held, number=number)
    access.require(request.user, "leads", found.node)
    access.require(request.user, act, found.node)
    return found


# An enquiry ------------------------------------------------------------------------------------------------------------


@doors.writing
def enquiry(request: HttpRequest, number: str) -> HttpResponseBase:
    """GET shows it; POST takes it (an owner, what comes next) or declines it (why)."""
    found = enquiry_of(request, number, "fill" if request.method == "POST" else "leads")
    lead = Lead.objects.filter(enquiry=found).first()
    if lead and request.method != "POST":
        return redirect("lead", lead.number)
    declining = request.POST.get("do") == "decline"
    take = lead_forms.Take(found.node, None if declining or request.method != "POST" else request.POST)
    decline = lead_forms.Why(request.POST if declining else None)
    done = settled(request, found, decline if declining else take)
    if done:
        return done
    told = {
        "here": "leads",
        "enquiry": found,
        "take": take,
        "decline": decline,
        "others": leading.others_of(found).select_related("lead"),
        "may_fill": access.may(request.user, "fill", found.node),
        "may_reveal": access.may(request.user, "reveal", found.node),
    }
    status = 400 if take.errors or decline.errors else 200
    return render(request, "desk/leads/enquiry.html", told, status=status)


def settled(request: HttpRequest, found: Enquiry, form: forms.Form) -> HttpResponseBase | None:
    """Does what the form asks, where it is filled in and nothing stands against it."""
    if not form.is_bound or not form.is_valid():
        return None
    given, by = form.cleaned_data, doors.who(request)
    try:
        if isinstance(form, lead_forms.Why):
            leading.decline(found, by, given["why"])
            messages.success(request, gettext("%(number)s 不受理，缘由已记。") % {"number": found.number})
            return redirect("leads")
        owner, when = given["owner"], given["due_on"]
        lead = leading.take(found, owner, by, amount=given["amount"], next_step=given["next_step"], due_on=when)
    except Refused as refused:
        lead_forms.refuse(form, refused)
        return None
    told = {"number": lead.number, "owner": lead.owner}
    messages.success(request, gettext("%(number)s 已立为线索，由 %(owner)s 负责。") % told)
    return redirect("lead", lead.number)


# A lead ----------------------------------------------------------------------------------------------------------------


def noted(form: lead_forms.Note, lead: Lead, by: User) -> Lead:
    """What was done and what comes next, at once: one of them may be left out."""
    given = form.cleaned_data
    if given["text"]:
        leading.note(lead, given["kind"], given["on"], given["text"], by)
    return leading.plan(lead, given["next_step"], given["due_on"], by)


def assigned(form: lead_forms.Assign, lead: Lead, by: User) -> Lead:
    given = form.cleaned_data
    with_amount = leading.estimate(lead, given["amount"], by, given["why"])
    return leading.assign(lead, given["owner"], by, given["why"]) if given["owner"] != lead.owner else with_amount


def moved(form: lead_forms.Move, lead: Lead, by: User) -> Lead:
    given = form.cleaned_data
    if given["to"] == Stage.PRODUCING:
        return leading.produce(lead, given["on"], by)
    return leading.move(lead, given["to"], given["on"], by, given["why"], lost_for=given["lost_for"])


DEEDS: dict[str, tuple[type[lead_forms.Deed], Do]] = {
    "note": (lead_forms.Note, noted),
    "assign": (lead_forms.Assign, assigned),
    "move": (lead_forms.Move, moved),
}


@doors.writing
def lead(request: HttpRequest, number: str) -> HttpResponseBase:
    """GET shows it; POST does one of DEEDS."""
    do = request.POST.get("do", "") if request.method == "POST" else ""
    found = lead_of(request, number, "fill" if request.method == "POST" else "leads")
    if request.method == "POST" and do not in DEEDS:
        raise Http404
    opened = {name: form(found, request.POST if name == do else None) for name, (form, _) in DEEDS.items()}
    if do and done(request, opened[do], found, DEEDS[do][1]):
        return redirect("lead", number)
    return render(request, "desk/leads/lead.html", shown(request, found) | opened, status=400 if do else 200)


def done(request: HttpRequest, form: forms.Form, found: Lead, run: Do) -> bool:
    if not form.is_valid():
        return False
    try:
        with database.atomic():
            run(form, found, doors.who(request))
    except Refused as refused:
        lead_forms.refuse(form, refused)
        return False
    messages.success(request, gettext("%(number)s 已记下。") % {"number": found.number})
    return True


def shown(request: HttpRequest, found: Lead) -> dict[str, Any]:
    entry = found.enterprise
    return {
        "here": "leads",
        "lead": found,
        "enquiry": found.enquiry,
        "today": clock.today(),
        "road": list(road(found)),
        "steps": [(step, step.get_kind_display()) for step in found.steps.all()],
        "others": leading.others_of(found.enquiry).select_related("lead"),
        "may_fill": access.may(request.user, "fill", found.node),
        "may_reveal": access.may(request.user, "reveal", found.node),
        "may_land": Stage.LANDED in leading.ways(found),
        "may_produce": Stage.PRODUCING in leading.ways(found),
        "may_submit": entry is not None
        and entry.state == State.DRAFT
        and access.may(request.user, "fill", found.node, ("west",)),
    }


@dataclass(frozen=True)
class Milestone:
    """A stage of the road: since when the lead has been there, and whether it is past (ok), here (now) or to come."""

    stage: Stage
    on: date | None
    mark: str


def road(found: Lead) -> Iterator[Milestone]:
    """The stages with the days on which they were reached; of a lead that is lost, those that it had reached."""
    reached = {ROAD[0].label: found.enquiry.received_at.astimezone(clock.SHANGHAI).date()}
    steps = found.steps.filter(kind=LeadStep.Kind.STAGE).order_by("pk")
    reached |= {step.now.split()[0]: step.on for step in steps}
    lost = found.stage == Stage.LOST
    at = (
        max((n for n, one in enumerate(ROAD) if one.label in reached), default=0)
        if lost
        else ROAD.index(Stage(found.stage))
    )
    for n, stage in enumerate(ROAD):
        mark = "ok" if n < at or (lost and n == at) else "now" if n == at else ""
        yield Milestone(stage, reached.get(stage.label) if n <= at else None, mark)
    if lost:
        yield Milestone(Stage.LOST, found.since, "now")


# Into the ledger -------------------------------------------------------------------------------------------------------


@doors.writing
def land(request: HttpRequest, number: str) -> HttpResponseBase:
    """GET shows the enterprise's row as far as the lead knows it; POST enters it as a draft, and the lead has landed."""
    found = lead_of(request, number, "fill")
    if Stage.LANDED not in leading.ways(found):
        messages.error(request, gettext("签约以后才落地；采购意向不入引进企业台账。"))
        return redirect("lead", number)
    data = request.POST if request.method == "POST" else None
    form = form_of(Enterprise)(data, instance=leading.drafted(found), person=request.user)
    form.fields.pop("node")
    if form.is_bound and entered(request, form, found):
        return redirect("lead", number)
    rows = [form.box(name, of) for name, of in lead_forms.columns(Enterprise) if name in form.fields]
    told = {"here": "leads", "lead": found, "form": form, "rows": rows}
    return render(request, "desk/leads/land.html", told, status=400 if form.is_bound else 200)


def entered(request: HttpRequest, form: Any, found: Lead) -> bool:
    if not form.is_valid():
        return False
    try:
        made = leading.land(found, form.instance, doors.who(request))
    except Refused as refused:
        form.refuse(refused.problems)
        return False
    except PermissionDenied:
        form.add_error(None, gettext("现有授权填不了引进企业台账：它由西部一方填报。"))
        return False
    messages.success(
        request, gettext("%(number)s 已入台账，是草稿；提交并审核通过后计数。") % {"number": made.enterprise}
    )
    return True


# In the clear ----------------------------------------------------------------------------------------------------------


@doors.writing
def revealed(request: HttpRequest, number: str, field: str) -> HttpResponseBase:
    """A name, a telephone or an address in the clear: for a stated reason, after a fresh sign-in, recorded before."""
    found = enquiry_of(request, number, "reveal")
    if field not in REVEALED or not getattr(found, field):
        raise Http404
    told = {"here": "leads", "enquiry": found, "heading": REVEALED[field]}
    return reveal.ask(request, "desk/leads/reveal.html", told, found.number, lambda: found.told(field))
