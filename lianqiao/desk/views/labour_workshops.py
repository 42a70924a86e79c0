"""帮扶车间 on the desk: the rules of places and years, and each workshop's quarterly checks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lianqiao.desk import doors
from lianqiao.desk.labour.forms import WorkshopCheckForm, WorkshopRuleForm
from lianqiao.fields.employment import workshops
from lianqiao.fields.employment.models import Workshop
from lianqiao.fields.employment.workshops import WorkshopCheck, WorkshopRule
from lianqiao.journal import clock
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.models import State
from lianqiao.people import access


@doors.writing
def overview(request: HttpRequest) -> HttpResponse:
    """The recognised workshops as they stand; POST adds a rule."""
    doors.require_somewhere(request.user, "see")
    form = WorkshopRuleForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        doors.require_somewhere(request.user, "close")
        if form.is_valid():
            form.save()
            return redirect("labour_workshops")
    rows = Workshop.objects.filter(access.rows(request.user, "see"), state=State.APPROVED, withdrawn_on=None)
    told = {
        "here": "labour",
        "tab": "workshops",
        "workshops": [(one, one.checks.first()) for one in rows.prefetch_related("checks").order_by("name")],
        "rules": WorkshopRule.objects.all(),
        "form": form,
        "may_add": bool(access.grants(request.user, "close")),
    }
    return render(request, "desk/labour/workshops.html", told, status=400 if form.is_bound else 200)


@doors.writing
def workshop(request: HttpRequest, number: str) -> HttpResponse:
    """One workshop's checks; POST records this quarter's."""
    found: Any = doors.entry(request.user, "workshops", number)
    form = WorkshopCheckForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        access.require(request.user, "fill", found.node, found.sides())
        if form.is_valid() and recorded(request, found, form):
            return redirect("labour_workshop", number)
    told = {
        "here": "labour",
        "tab": "workshops",
        "workshop": found,
        "checks": WorkshopCheck.objects.filter(workshop=found).select_related("seen_by"),
        "rule": workshops.rule_for(found.place, clock.today().year),
        "form": form,
        "may_fill": access.may(request.user, "fill", found.node, found.sides()),
    }
    return render(request, "desk/labour/workshop.html", told, status=400 if form.is_bound else 200)


def recorded(request: HttpRequest, found: Any, form: WorkshopCheckForm) -> bool:
    """Records the check; what stands against it is told above the form."""
    seen_on: date = form.cleaned_data["seen_on"]
    form.instance.quarter = date(seen_on.year, (seen_on.month - 1) // 3 * 3 + 1, 1)
    try:
        made = workshops.look(found, form.instance, doors.who(request))
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(
        request, gettext("已记下，结论：%(standing)s。") % {"standing": gettext(made.get_standing_display())}
    )
    return True
