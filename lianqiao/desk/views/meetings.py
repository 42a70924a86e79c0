"""Meetings: what was signed, pledged and resolved at each, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from lianqiao.agreements.models import Agreement, Meeting, Resolution
from lianqiao.claims.models import SavedCheck
from lianqiao.core.periods import Period
from lianqiao.desk import doors
from lianqiao.desk.board import everywhere
from lianqiao.desk.followed import approved, during, itineraries
from lianqiao.desk.views.agreements import targets_of
from lianqiao.fields.exchange.models import Visit
from lianqiao.fields.funds.models import Donation
from lianqiao.journal import clock
from lianqiao.journal.figures import Figure, figures, known_at
from lianqiao.journal.measures import MEASURES
from lianqiao.ledger.models import Entry
from lianqiao.people import access
from lianqiao.places.models import Node

SIZE = 50
KINDS = [kind for kind, _ in Meeting._meta.get_field("kind").choices or ()]
PRESS = timedelta(days=14)  # a text checked as of so long after a meeting tells of it


# All of them -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """A meeting of the list, with how many agreements, resolutions, done and late ones came of it, and what was pledged."""

    meeting: Meeting
    signed: int
    resolved: int
    done: int
    late: int


@doors.page
def overview(request: HttpRequest) -> HttpResponse:
    doors.require_somewhere(request.user, "see")
    kind, year = request.GET.get("kind", ""), request.GET.get("year", "")
    mine = access.rows(request.user, "see")
    rows = approved(mine, Meeting).order_by("-occurred_on", "-pk")
    years = [day.year for day in rows.dates("occurred_on", "year", order="DESC")]
    if kind:
        rows = rows.filter(kind=kind)
    if year:
        rows = rows.filter(occurred_on__year=doors.whole_number(year, doors.FIRST_YEAR, doors.LAST_YEAR))
    pages = Paginator(rows, SIZE)
    page = pages.page(doors.whole_number(request.GET.get("page", "1"), 1, pages.num_pages))
    told = {
        "here": "meetings",
        "page": page,
        "lines": held(mine, list(page.object_list)),
        "kinds": KINDS,
        "kind": kind,
    }
    return render(request, "desk/meetings.html", told | {"years": years, "year": year})


def held(mine: Q, meetings: Sequence[Meeting]) -> list[Held]:
    """The meetings with what came of them, counted. Two queries."""
    within = Q(meeting__in=[meeting.pk for meeting in meetings])
    signed = Counter(approved(mine, Agreement).filter(within).values_list("meeting", flat=True))
    today = clock.today()
    resolutions = approved(mine, Resolution).filter(within).order_by().values("meeting")
    late = Count("pk", filter=Q(done_on=None, due__lt=today))
    counts = resolutions.annotate(n=Count("pk"), done=Count("pk", filter=Q(done_on__isnull=False)), late=late)
    of = {row["meeting"]: (row["n"], row["done"], row["late"]) for row in counts}
    return [Held(meeting, signed[meeting.pk], *of.get(meeting.pk, (0, 0, 0))) for meeting in meetings]


# One of them -----------------------------------------------------------------------------------------------------------


@doors.page
def meeting(request: HttpRequest, number: str) -> HttpResponse:
    found = doors.entry(request.user, "meetings", number)
    assert isinstance(found, Meeting)
    assert found.node
    mine = access.rows(request.user, "see")
    resolutions = resolved(mine, found)
    pledges = pledged(mine, found)
    delegations = during(approved(mine, Visit), found.node, found.occurred_on)
    told = {
        "here": "meetings",
        "meeting": found,
        "today": clock.today(),
        "resolutions": resolutions,
        "done": sum(one.entry.done_on is not None for one in resolutions),
        "late": sum(one.late > 0 for one in resolutions),
        "signed": signed(mine, found),
        "pledges": pledges,
        "sums": Sums.of(pledges),
        "visits": itineraries(mine, delegations),
    }
    return render(request, "desk/meeting.html", told | {"events": events(told)})


@dataclass(frozen=True)
class Resolved:
    """A resolution. now and since: the figure that it names, over all time and since the meeting; late: days overdue."""

    entry: Resolution
    now: Figure | None
    since: Figure | None
    late: int


def resolved(mine: Q, meeting: Meeting) -> list[Resolved]:
    """In the order in which they are due. The figures take a constant number of queries."""
    today = clock.today()
    rows = list(approved(mine, Resolution).filter(meeting=meeting).order_by("due", "pk"))
    measures = [MEASURES[code] for code in dict.fromkeys(row.measure for row in rows if row.measure)]
    until = max(today, meeting.occurred_on)
    periods = Period.cumulative(until), Period.between(meeting.occurred_on, until)
    now, since = ({f.measure.code: f for f in figures(measures, [at(meeting)], period)} for period in periods)

    def overdue(row: Resolution) -> int:
        return max((today - row.due).days, 0) if row.done_on is None else 0

    return [Resolved(row, now.get(row.measure), since.get(row.measure), overdue(row)) for row in rows]


def at(entry: Entry) -> Node:
    assert entry.node
    return entry.node


@dataclass(frozen=True)
class Signed:
    """An agreement that was signed there, with how many targets it sets and how many of this year's are behind."""

    entry: Agreement
    targets: int
    behind: int


def signed(mine: Q, meeting: Meeting) -> list[Signed]:
    rows = list(approved(mine, Agreement).filter(meeting=meeting).order_by("pk"))
    targets = targets_of(mine, rows)
    today = clock.today()
    nodes = Node.objects.below(at(meeting)).filter(confirmed=True)
    lagging = [one for one in everywhere(nodes, today.year, today, known_at()) if one.state == "behind"] if rows else []
    behind = Counter(targets.by_row.get(one.promise.entry) for one in lagging)
    return [Signed(row, targets.count[row.pk], behind[row.pk]) for row in rows]


def pledged(mine: Q, meeting: Meeting) -> list[Donation]:
    """What was pledged on the meeting's day at its pairing and below it."""
    rows = approved(mine, Donation).filter(node__path__startswith=at(meeting).path, pledged_on=meeting.occurred_on)
    return list(rows.order_by("-amount", "pk"))


@dataclass(frozen=True)
class Sums:
    """Of pledges, in 分: what was pledged, what of it has been received, and the percentage."""

    pledged: int
    received: int

    @classmethod
    def of(cls, rows: Sequence[Donation]) -> Sums:
        received = [row.amount for row in rows if row.received_on is not None]
        return cls(sum([row.amount for row in rows]), sum(received))

    @property
    def owed(self) -> int:
        return self.pledged - self.received


# Afterwards ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Event:
    """What happened on a day at or after a meeting, or is due. mark: how it is drawn (ok, late, come); address: its page."""

    on: date
    mark: str
    text: str
    address: str
    detail: str = ""


def events(told: dict[str, Any]) -> list[Event]:
    """Newest first: what is due, what was done, what was received, which texts about it were checked."""
    meeting: Meeting = told["meeting"]
    opened = gettext("会议召开，签订 %(n)s 份协议") if told["signed"] else gettext("会议召开")
    found = [
        Event(meeting.occurred_on, "ok", opened % {"n": len(told["signed"])}, entry_page(meeting), meeting.place),
        *(event for one in told["resolutions"] for event in of_resolution(one)),
        *(of_donation(row) for row in told["pledges"] if row.received_on),
        *of_checks(meeting),
    ]
    return sorted(found, key=lambda event: event.on, reverse=True)


def of_resolution(one: Resolved) -> Iterator[Event]:
    row = one.entry
    if row.done_on:
        yield Event(row.done_on, "ok", gettext("办结：%(what)s") % {"what": row.text}, entry_page(row), row.owner)
    elif one.late:
        yield Event(row.due, "late", gettext("到期未办结：%(what)s") % {"what": row.text}, entry_page(row), row.owner)
    else:
        yield Event(row.due, "come", gettext("应办结：%(what)s") % {"what": row.text}, entry_page(row), row.owner)


def of_donation(row: Donation) -> Event:
    assert row.received_on
    return Event(row.received_on, "ok", gettext("认捐到账：%(what)s") % {"what": row.summary()}, entry_page(row))


def of_checks(meeting: Meeting) -> Iterator[Event]:
    """Texts that were checked as of the days after the meeting, at its pairing."""
    span = (meeting.occurred_on, meeting.occurred_on + PRESS)
    for check in SavedCheck.objects.filter(node=meeting.node, as_of__range=span, kept=True):
        differ = sum(one["verdict"] == "differs" for one in check.result)
        detail = gettext("%(n)s 处，%(bad)s 处不符") % {"n": len(check.result), "bad": differ}
        address = reverse("check", args=[check.pk])
        yield Event(check.as_of, "ok", gettext("文稿核对：%(name)s") % {"name": check.name}, address, detail)


def entry_page(entry: Entry) -> str:
    return reverse("entry", args=[entry.ledger.code, entry.number])
