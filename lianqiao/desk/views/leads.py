"""招商: what was left on the public site and waits, the funnel, and the leads, filtered and sorted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lianqiao.desk import doors
from lianqiao.fields.industry import leading
from lianqiao.fields.industry.funnel import STAGES, ageing, funnel, overdue, total
from lianqiao.fields.industry.leads import OPEN, Enquiry, Lead, Stage
from lianqiao.journal import clock
from lianqiao.ledger.acts import Refused, refuse
from lianqiao.people import access
from lianqiao.people.models import User

SIZE = 50
SORTS = {
    "number": ("pk",), "zone": ("enquiry__zone", "pk"), "amount": ("amount", "pk"), "since": ("since", "pk"),
    "due": ("due_on", "pk"), "stage": ("stage", "pk"), "last": ("last", "pk"),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What the list's address asks for: a stage (or open, late), a zone, an owner (me, or all), a number, an order."""

    stage: str
    zone: str
    mine: bool
    text: str
    sort: str
    down: bool

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        given = request.GET
        sort = given.get("sort", "-last")
        return cls(
            given.get("stage", "open"), given.get("zone", ""), given.get("owner") == "me", given.get("q", "").strip(),
            sort.removeprefix("-") if sort.removeprefix("-") in SORTS else "last", sort.startswith("-"),
        )  # fmt: skip

    @property
    def any(self) -> bool:
        return bool(self.stage != "open" or self.zone or self.mine or self.text)


@doors.desk_page
def overview(request: HttpRequest) -> HttpResponse:
    doors.require_somewhere(request.user, "leads")
    everything, asked = leading.seen_leads(request.user), Asked.of(request)
    rows = funnel(everything)
    pages = Paginator(ordered(filtered(request, everything, asked), asked), SIZE)
    told = {
        "here": "leads",
        "rows": rows,
        "total": total(rows),
        "stages": STAGES,
        "ages": ageing(everything),
        "late": overdue(everything).count(),
        "waiting": waiting(request.user),
        "asked": asked,
        "zones": [row.zone for row in rows if row.zone],
        "page": pages.page(doors.whole_number(request.GET.get("page", "1"), 1, pages.num_pages)),
        "today": clock.today(),
    }
    return render(request, "desk/leads/leads.html", told | {"due": erasable(request.user).count()})


def waiting(person: access.Person) -> QuerySet[Enquiry]:
    """Enquiries that nobody has taken yet, the oldest first."""
    held = leading.seen(person).filter(state=Enquiry.State.WAITING)
    return held.select_related("node").order_by("received_at", "pk")


def filtered(request: HttpRequest, leads: QuerySet[Lead], asked: Asked) -> QuerySet[Lead]:
    if asked.stage == "late":
        leads = leads.filter(pk__in=overdue(leads).values("pk"))
    elif asked.stage == "open":
        leads = leads.filter(stage__in=OPEN)
    elif asked.stage in Stage.values:
        leads = leads.filter(stage=asked.stage)
    if asked.zone:
        leads = leads.filter(enquiry__zone=asked.zone)
    if asked.mine:
        leads = leads.filter(owner=doors.who(request))
    if asked.text:
        found = Q(number__icontains=asked.text) | Q(enquiry__number__icontains=asked.text)
        leads = leads.filter(found | Q(enquiry__title__icontains=asked.text) | Q(next_step__icontains=asked.text))
    return leads


def ordered(leads: QuerySet[Lead], asked: Asked) -> QuerySet[Lead]:
    """Rows without what they are ordered by come last, either way."""
    first, *rest = SORTS[asked.sort]
    by = F(first).desc(nulls_last=True) if asked.down else F(first).asc(nulls_last=True)
    return leads.annotate(last=Max("steps__on")).order_by(by, *(f"-{name}" if asked.down else name for name in rest))


# Deleting in time ------------------------------------------------------------------------------------------------------


def erasable(person: access.Person) -> QuerySet[Enquiry]:
    """The enquiries whose time is over, where the person may delete."""
    return leading.due(access.nodes(person, "erase"))


@doors.writing
def expired(request: HttpRequest) -> HttpResponseBase:
    """The enquiries whose time is over; POST deletes their personal data, or earlier those of one whose sender asks for it."""
    doors.require_somewhere(request.user, "erase")
    held = erasable(request.user).select_related("node", "lead").order_by("delete_on", "pk")
    told: dict[str, Any] = {"here": "leads", "held": held}
    if request.method == "POST":
        try:
            done = leading.erase(*which(request, held))
        except Refused as refused:
            return render(request, "desk/leads/expired.html", told | {"problem": str(refused)}, status=400)
        messages.success(request, gettext("已删除 %(n)s 件意向的个人信息。") % {"n": len(done)})
        return redirect("leads_expired")
    return render(request, "desk/leads/expired.html", told)


def which(request: HttpRequest, held: QuerySet[Enquiry]) -> tuple[list[Enquiry], User, str]:
    """What is to be deleted, by whom, and why: the one that is named, else all whose time is over. Raises Refused."""
    number, by = request.POST.get("number", "").strip(), doors.who(request)
    if not number:
        return list(held), by, gettext("保存期满")
    found = Enquiry.objects.filter(number=number, erased_at=None, node__in=access.nodes(request.user, "erase"))
    if not found:
        raise refuse(gettext("没有编号为“%(number)s”、个人信息还在的意向。") % {"number": number}, "number", "unknown")
    return list(found), by, request.POST.get("why", "").strip()
