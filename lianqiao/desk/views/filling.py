"""Filling in: a new row, one that came back, or a revision of one that counts."""

from __future__ import annotations

import copy
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction as database
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lianqiao.desk import doors, uploads
from lianqiao.desk.forms import EntryForm, form_of, stamp
from lianqiao.desk.versions import worked_on
from lianqiao.ledger import acts, history
from lianqiao.ledger.acts import DRAFTS, Refused, refuse
from lianqiao.ledger.models import Entry, State

Act = Callable[[EntryForm], Entry]


@doors.writing
def new(request: HttpRequest, code: str) -> HttpResponseBase:
    model = doors.ledger_for(request.user, code, "fill")
    form = opened(request, model())
    if "check" in request.POST:
        return problems(form)
    submit = request.POST.get("act") != "draft"
    made = filled(request, form, [], lambda f: acts.create([f.instance], doors.who(request), submit=submit)[0])
    if made is None:
        return page(request, form, [])
    messages.success(request, said(made))
    return redirect("entry_new", code) if request.POST.get("act") == "another" else redirect("entry", code, made.number)


@doors.writing
def edit(request: HttpRequest, code: str, number: str) -> HttpResponseBase:
    """A draft or returned row is changed; of an approved one a revision is proposed, with a reason."""
    entry = doors.entry_for(request.user, code, number, "fill")
    if entry.state not in (*DRAFTS, State.APPROVED):
        messages.error(request, gettext("这一行现在不能改：待审的先请审核退回，作废的另填一行。"))
        return redirect("entry", code, number)
    held = worked_on(entry)
    form = opened(request, copy.copy(held), revising=entry.state == State.APPROVED)
    if "check" in request.POST:
        return problems(form)
    made = filled(request, form, held.evidence, lambda f: changed(request, entry, f))
    if made is None:
        return page(request, form, held.evidence)
    messages.success(request, said(made))
    return redirect("entry", code, number)


def opened(request: HttpRequest, entry: Entry, *, revising: bool = False) -> EntryForm:
    data = request.POST if request.method == "POST" else None
    return form_of(type(entry))(data, instance=entry, person=request.user, revising=revising)


def changed(request: HttpRequest, entry: Entry, form: EntryForm) -> Entry:
    """Does what the form asks of a row that is there. Raises Refused, also where somebody was quicker."""
    (now,) = acts.locked(type(entry), [entry.pk])
    if stamp(now) != form.cleaned_data["stamp"]:
        raise refuse(gettext("打开以后，这一行被别人改过。下面是刚才填的；对照后再提交。"))
    if form.revising:
        return acts.revise(now, form.values(), doors.who(request), form.cleaned_data["why"])
    before, after = history.snapshot(now), history.snapshot(form.instance)
    if any(history.compare(type(now), before, after)):
        now = acts.edit(now, form.values(), doors.who(request))
    return now if request.POST.get("act") == "draft" else acts.submit([now], doors.who(request))[0]


def filled(request: HttpRequest, form: EntryForm, held: list[uploads.Evidence], act: Act) -> Entry | None:
    """Does the act if nothing stands against it; otherwise the form tells what does."""
    if not form.is_bound:
        return None
    form.instance.evidence, wrong = uploads.taken(request, form.instance)
    for message in wrong:
        form.add_error(None, message)
    if not form.is_valid():
        return None
    try:
        with database.atomic():
            return act(form)
    except Refused as refused:
        form.refuse(refused.problems)
    except PermissionDenied:
        form.add_error(None, gettext("现有授权填不了这一行。看一看结对关系和方向是不是本方的。"))
    return None


def problems(form: EntryForm) -> JsonResponse:
    """What stands against the form as it is now, field by field; nothing is saved."""
    return JsonResponse({name: [str(e) for e in errors] for name, errors in form.errors.items()})


def page(request: HttpRequest, form: EntryForm, held: list[uploads.Evidence]) -> HttpResponse:
    entry = form.instance
    told = {
        "here": "ledgers",
        "model": type(entry),
        "entry": entry if entry.pk else None,
        "form": form,
        "rows": list(form.rows()),
        "stamp": form.initial["stamp"],
        "tiles": uploads.tiles(entry, held),
        "kinds": uploads.kinds(entry),
    }
    return render(request, "desk/fill.html", told, status=400 if form.is_bound else 200)


def said(entry: Entry) -> str:
    """What was done, in one line."""
    if entry.pending:
        return gettext("%(number)s 的修订已提交，待审核；原来的一版照常计数。") % {"number": entry.number}
    if entry.state == State.DRAFT:
        return gettext("%(number)s 已存为草稿。") % {"number": entry.number}
    if entry.state == State.RETURNED:
        return gettext("%(number)s 已存，还没有提交。") % {"number": entry.number}
    return gettext("%(number)s 已提交，待审核。") % {"number": entry.number}
