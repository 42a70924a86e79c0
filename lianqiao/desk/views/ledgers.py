"""The ledgers, and the rows of one: filtered, sorted, summed, a page at a time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_noop

from lianqiao.desk import cells, context, doors, tallies
from lianqiao.desk.deeds import DEEDS, Deed
from lianqiao.desk.models import SavedFilter
from lianqiao.desk.postings import links
from lianqiao.desk.waiting import CAME_BACK, TO_REVIEW
from lianqiao.ledger.models import Entry, Partner, State
from lianqiao.ledger.registry import data_fields, ledgers
from lianqiao.people import access
from lianqiao.people.models import User
from lianqiao.places.models import Node

SIZE = 50
# 对账: rows of which the other side has said nothing yet, and what it has said.
PARTNER = {
    "open": Q(state=State.APPROVED, partner=""),
    Partner.CONFIRMED: Q(partner=Partner.CONFIRMED),
    Partner.OBJECTED: Q(partner=Partner.OBJECTED),
}
PARTNER_WORDS = [("open", gettext_noop("待对账")), *Partner.choices]
# States as a list is filtered by them: a revision of a row that counts waits or came back as a row does.
WITH_REVISIONS = {"waiting": TO_REVIEW, "back": CAME_BACK}
STATES = [*State.choices, ("waiting", gettext_noop("待审，含修订")), ("back", gettext_noop("退回，含修订"))]
# What several rows can undergo at once, by their state.
BULK: dict[str, tuple[str, ...]] = {
    State.DRAFT: ("submit",),
    State.RETURNED: ("submit",),
    "back": ("submit",),
    State.SUBMITTED: ("approve", "return"),
    "waiting": ("approve", "return"),
    State.APPROVED: ("confirm", "object"),
    State.VOID: (),
}
TEXTS = ("text", "person", "place", "choice", "credit_code")


@doors.page
def overview(request: HttpRequest) -> HttpResponse:
    doors.require_somewhere(request.user, "see")
    return render(
        request,
        "desk/ledgers.html",
        {
            "here": "ledgers",
            "groups": groups(request.user),
            "states": State.choices,
            "may_close": may(request.user, "close"),
        },
    )


@dataclass(frozen=True)
class Standing:
    """A ledger with how many of its rows stand where."""

    model: type[Entry]
    states: dict[str, int]

    @property
    def ledger(self) -> Any:
        return self.model.ledger

    @property
    def rows(self) -> int:
        return sum(self.states.values())

    @property
    def by_state(self) -> list[tuple[str, int]]:
        return [(state, self.states.get(state, 0)) for state in State.values]


def groups(person: access.Person, by_state: bool = True) -> list[tuple[str, list[Standing]]]:
    """The ledgers by their rooms, each with its counts. One query for all.

    by_state: whether to tell states apart; without, an index is counted and no row is read.
    """
    mine, params = tallies.scope(person, "see")
    told, grouped = ("r.state", "GROUP BY r.state") if by_state else ("''", "")
    line = f"SELECT {{code}}, {told}, COUNT(*) FROM {{table}} WHERE {mine} {grouped}"  # noqa: S608
    states: dict[str, dict[str, int]] = defaultdict(dict)
    for code, state, n in tallies.counted(lambda model: (line, params)):
        states[code][state] = n
    found: dict[str, list[Standing]] = {}
    for code, model in ledgers().items():
        found.setdefault(str(model._meta.app_config.verbose_name), []).append(Standing(model, states[code]))
    return list(found.items())


@dataclass(frozen=True)
class Asked:
    """What the address asks of a ledger's rows."""

    model: type[Entry]
    year: int | None
    state: str
    partner: str
    node: Node | None
    text: str
    sort: str
    down: bool

    @property
    def state_word(self) -> str:
        return str(dict(STATES).get(self.state, ""))

    @property
    def partner_word(self) -> str:
        return str(dict(PARTNER_WORDS).get(self.partner, ""))

    @property
    def any(self) -> bool:
        return bool(self.year or self.state or self.partner or self.node or self.text)


def asked(person: access.Person, query: QueryDict, model: type[Entry]) -> Asked:
    """Reads the query; a wrong year, state, node or column is a wrong address."""
    told_year, number = query.get("year", ""), query.get("node", "")
    year = doors.whole_number(told_year, doors.FIRST_YEAR, doors.LAST_YEAR) if told_year else None
    state, partner, sort = query.get("state", ""), query.get("partner", ""), query.get("sort", "")
    column = sort.removeprefix("-") or model.ledger.dated or "number"
    if (
        (state and state not in dict(STATES))
        or (partner and partner not in PARTNER)
        or column not in sortable(model)
        or (year and not model.ledger.dated)
    ):
        raise Http404
    node = doors.node(person, number, "see") if number else None
    return Asked(
        model, year, state, partner, node, query.get("q", "").strip()[:100], column, sort.startswith("-") or not sort
    )


def sortable(model: type[Entry]) -> set[str]:
    return {"number", "state", *(f.name for f in data_fields(model) if f.kind != "id_number")}


def filtered(rows: QuerySet[Entry], asked: Asked) -> QuerySet[Entry]:
    if asked.year:
        rows = rows.filter(**{f"{asked.model.ledger.dated}__year": asked.year})
    if asked.state:
        rows = rows.filter(WITH_REVISIONS.get(asked.state, Q(state=asked.state)))
    if asked.partner:
        rows = rows.filter(PARTNER[asked.partner])
    if asked.node:
        rows = rows.filter(node__path__startswith=asked.node.path)
    if asked.text:
        rows = rows.filter(matching(asked.model, asked.text))
    return rows


def matching(model: type[Entry], text: str) -> Q:
    """Rows whose number, notes or texts hold the words."""
    found = Q(number__icontains=text) | Q(notes__icontains=text)
    for field in data_fields(model):
        if field.kind in TEXTS:
            found |= Q(**{f"{field.name}__icontains": text})
    return found


@doors.page
def ledger(request: HttpRequest, code: str) -> HttpResponse:
    doors.require_somewhere(request.user, "see")
    wanted = asked(request.user, request.GET, doors.ledger(code))
    mine = wanted.model._base_manager.filter(access.rows(request.user, "see"))
    rows = filtered(mine, wanted)
    scale = context.shell(request)["scale"]
    total = sums(rows, wanted.model, scale)
    order = rows.order_by(f"{'-' if wanted.down else ''}{wanted.sort}", "-pk")
    page = paged(request, total[0].rows, order.values_list("pk", flat=True))  # what is sorted is narrow
    held = mine.select_related(*links(wanted.model)).in_bulk(list(page.object_list))
    told = {
        "here": "ledgers",
        "model": wanted.model,
        "asked": wanted,
        "page": page,
        "lines": [(held[pk], cells.row(cells.cells(held[pk], scale))) for pk in page.object_list],
        "columns": columns(wanted, scale),
        "sums": total,
        "groups": groups(request.user, by_state=False),
        "years": years(mine, wanted.model),
        "states": STATES,
        "partners": PARTNER_WORDS,
        "nodes": doors.near_nodes(request.user, wanted.node or doors.home_node(request)),
        "deeds": deeds(request.user, wanted),
        "asks": any(deed.reason for _, deed in deeds(request.user, wanted)),
        "may_fill": may(request.user, "fill"),
        "saved": saved(request.user, code),
    }
    return render(request, "desk/ledger.html", told)


def may(person: access.Person, act: access.Act) -> bool:
    """Whether the person, if he has signed in, may act somewhere."""
    return isinstance(person, User) and bool(access.grants(person, act))


def saved(person: access.Person, code: str) -> list[SavedFilter]:
    return list(SavedFilter.objects.filter(user=person, ledger=code)) if isinstance(person, User) else []


def deeds(person: access.Person, asked: Asked) -> list[tuple[str, Deed]]:
    """What the person may do with several rows at once, of the state that is filtered."""
    wanted = BULK.get(asked.state, ("submit", "approve", "return", "confirm", "object"))
    return [(key, DEEDS[key]) for key in wanted if may(person, DEEDS[key].act)]


def paged(request: HttpRequest, count: int, rows: QuerySet[Entry, int]) -> Page[int]:
    pages = Paginator(rows, SIZE)
    pages.count = count  # counted already
    return pages.page(doors.whole_number(request.GET.get("page", "1"), 1, pages.num_pages))


@dataclass(frozen=True)
class Column:
    """A heading that sorts: which way it stands, and the sort that a click on it asks for."""

    heading: str
    number: bool
    name: str
    sorted: str
    next: str


def columns(asked: Asked, scale: int) -> list[Column]:
    return [
        Column(
            cells.heading(field, scale),
            cells.is_number(field),
            field.name if field.kind != "id_number" else "",
            ("down" if asked.down else "up") if field.name == asked.sort else "",
            field.name if field.name == asked.sort and asked.down else f"-{field.name}",
        )
        for field in data_fields(asked.model)
    ]


@dataclass(frozen=True)
class Total:
    """A line under the table: how many rows, and what each column of numbers comes to (blank where it says nothing)."""

    rows: int
    cells: list[str]


def sums(rows: QuerySet[Entry], model: type[Entry], scale: int) -> tuple[Total, Total]:
    """What is filtered, and what of it is approved. One query."""
    approved = Q(state=State.APPROVED)
    wanted: dict[str, Any] = {"rows": Count("pk"), "rows_approved": Count("pk", filter=approved)}
    for field in data_fields(model):
        if cells.adds_up(field):
            wanted |= {f"{field.name}_all": Sum(field.name), f"{field.name}_approved": Sum(field.name, filter=approved)}
    found = rows.order_by().aggregate(**wanted)

    def line(suffix: str) -> list[str]:
        return [
            cells.quantity(field, found[f"{field.name}{suffix}"] or 0, scale) if cells.adds_up(field) else ""
            for field in data_fields(model)
        ]

    return Total(found["rows"], line("_all")), Total(found["rows_approved"], line("_approved"))


def years(rows: QuerySet[Entry], model: type[Entry]) -> list[int]:
    """The years from the first row of the ledger to its last, the latest first."""
    if not model.ledger.dated:
        return []
    days = rows.order_by().aggregate(first=Min(model.ledger.dated), last=Max(model.ledger.dated))
    return list(range(days["last"].year, days["first"].year - 1, -1)) if days["first"] else []
