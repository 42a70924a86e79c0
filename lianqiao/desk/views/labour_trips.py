"""输送与稳岗 on the desk: trips and who goes, arrivals, the months in post, and what of it goes into the ledgers."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lianqiao.desk import doors
from lianqiao.desk.labour.forms import SubsidyForm, TripForm
from lianqiao.desk.views.labour_vacancies import own_node
from lianqiao.fields.employment import transfer
from lianqiao.fields.employment.transfer import REASONS, Check, Placement, SubsidyRule, Told, Trip
from lianqiao.journal import clock
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.models import State
from lianqiao.people import access

WEST = ("west",)


def seen(person: access.Person) -> QuerySet[Placement]:
    rows = Placement.objects.filter(seeker__node__in=access.nodes(person, "seekers"))
    return rows.select_related("seeker__node", "vacancy__employer", "trip", "job")


@doors.writing
def overview(request: HttpRequest) -> HttpResponse:
    """Trips, who waits for one, and the subsidies of places and years. POST makes a trip."""
    doors.require_somewhere(request.user, "seekers")
    form = TripForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        doors.require_somewhere(request.user, "fill")
        if form.is_valid():
            form.instance.node, form.instance.made_by = own_node(request), doors.who(request)
            form.save()
            return redirect("labour_trip", form.instance.number)
    trips = Trip.objects.filter(node__in=access.nodes(request.user, "seekers")).annotate(people=Count("placements"))
    told = {
        "here": "labour",
        "tab": "trips",
        "trips": trips,
        "waiting": seen(request.user).filter(trip=None, arrived_on=None, left_on=None),
        "form": form,
        "may_fill": bool(access.grants(request.user, "fill")),
    }
    return render(request, "desk/labour/trips.html", told, status=400 if form.is_bound else 200)


def trip_for(request: HttpRequest, number: str) -> Trip:
    return doors.numbered(request.user, "seekers", Trip.objects.select_related("node", "made_by"), number)


@doors.writing
def trip(request: HttpRequest, number: str) -> HttpResponse:
    """One trip: stops, roll, cost and subsidy. POST puts people on it, sets a stop's time, or confirms the arrival."""
    found = trip_for(request, number)
    problem = ""
    if request.method == "POST":
        access.require(request.user, "fill", found.node, WEST)
        problem = act(request, found)
        if not problem:
            return redirect("labour_trip", number)
    rule, owed = transfer.subsidy(found)
    roll = list(found.placements.select_related("seeker__node", "vacancy__employer", "job").order_by("seeker__village"))
    told = {
        "here": "labour",
        "tab": "trips",
        "trip": found,
        "problem": problem,
        "stops": [(stop, sum(one.seeker.village == stop.village for one in roll)) for stop in found.stops.all()],
        "roll": roll,
        "waiting": seen(request.user).filter(trip=None, arrived_on=None, left_on=None),
        "rule": rule,
        "owed": owed,
        "today": clock.today(),
        "may_fill": access.may(request.user, "fill", found.node, WEST),
    }
    return render(request, "desk/labour/trip.html", told, status=400 if problem else 200)


def act(request: HttpRequest, found: Trip) -> str:
    """Does what the form asks; returns what stands against it."""
    chosen = [int(pk) for pk in request.POST.getlist("placement") if pk.isdigit()]
    try:
        if request.POST.get("do") == "board":
            transfer.board(found, list(seen(request.user).filter(pk__in=chosen)))
        elif request.POST.get("do") == "times":
            set_times(request, found)
        else:
            rows = transfer.arrive(found, chosen, day_of(request), doors.who(request))
            messages.success(request, gettext("已到岗 %(n)s 人，填入转移就业台账，待审核。") % {"n": len(rows)})
    except Refused as refused:
        return str(refused)
    except ValueError:
        return gettext("日期或时间不对。日期如 2021-10-12，时间如 7:30。")
    return ""


def day_of(request: HttpRequest) -> date:
    """The day that the form names. Raises ValueError."""
    return date.fromisoformat(request.POST.get("on", ""))


def set_times(request: HttpRequest, found: Trip) -> None:
    """Sets when the coach stops where. Raises ValueError."""
    for stop in found.stops.all():
        told = request.POST.get(f"at-{stop.pk}", "").strip()
        stop.at = time.fromisoformat(told.zfill(5)) if told else None
        stop.save(update_fields=["at"])


@doors.writing
def staying(request: HttpRequest) -> HttpResponse:
    """Who is in post and who was asked this month. POST records what somebody told, or hands checks in to the ledger."""
    doors.require_somewhere(request.user, "seekers")
    problem = ""
    if request.method == "POST":
        doors.require_somewhere(request.user, "fill")
        problem = told_or_handed_in(request)
        if not problem:
            return redirect("labour_staying")
    month = clock.today().replace(day=1)
    people = list(seen(request.user).filter(arrived_on__isnull=False, left_on=None))
    told_of = set(Check.objects.filter(placement__in=people, month=month).values_list("placement_id", flat=True))
    told: dict[str, Any] = {
        "here": "labour",
        "tab": "staying",
        "problem": problem,
        "month": month,
        "people": [(one, one.pk in told_of) for one in people],
        "ready": waiting_checks(request),
        "left": seen(request.user).filter(left_on__isnull=False).order_by("-left_on")[:50],
        "reasons": REASONS,
        "may_fill": bool(access.grants(request.user, "fill")),
    }
    return render(request, "desk/labour/staying.html", told, status=400 if problem else 200)


def waiting_checks(request: HttpRequest) -> QuerySet[Check]:
    """Checks that can be handed in: of approved jobs."""
    rows = Check.objects.filter(placement__in=seen(request.user).values("pk"), entry=None)
    return rows.filter(placement__job__state=State.APPROVED).select_related(
        "placement__seeker", "placement__vacancy__employer", "placement__job", "told_by"
    )


def told_or_handed_in(request: HttpRequest) -> str:
    try:
        if request.POST.get("do") == "hand_in":
            rows = transfer.hand_in(list(waiting_checks(request)), doors.who(request))
            messages.success(request, gettext("已填入稳岗回访台账 %(n)s 行，待审核。") % {"n": len(rows)})
            return ""
        asked = request.POST.get("placement", "")
        found = seen(request.user).filter(pk=int(asked)).first() if asked.isdigit() else None
        if found is None:
            raise Http404
        access.require(request.user, "fill", found.seeker.node)
        told = Told(
            request.POST.get("in_post") == "yes", request.POST.get("why", ""), request.POST.get("need", "")[:200]
        )
        transfer.tell(found, clock.today(), told, doors.who(request))
    except Refused as refused:
        return str(refused)
    return ""


@doors.writing
def rules(request: HttpRequest) -> HttpResponse:
    """What places pay in which year, by which document. POST adds a rule."""
    doors.require_somewhere(request.user, "see")
    form = SubsidyForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        doors.require_somewhere(request.user, "close")
        if form.is_valid():
            form.save()
            return redirect("labour_rules")
    told = {
        "here": "labour",
        "tab": "trips",
        "rules": SubsidyRule.objects.all(),
        "form": form,
        "may_add": bool(access.grants(request.user, "close")),
    }
    return render(request, "desk/labour/rules.html", told, status=400 if form.is_bound else 200)
