"""The tree of pairings, and the page of one: what it has, what waits there, what lies below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, Q, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lianqiao.agreements.models import Agreement, Meeting, Pairing, Resolution
from lianqiao.agreements.targets import Attainment, pace
from lianqiao.core.periods import Period
from lianqiao.desk import board, doors
from lianqiao.desk.followed import approved
from lianqiao.desk.tree import behind, tree
from lianqiao.desk.waiting import CAME_BACK, TO_REVIEW
from lianqiao.journal import clock
from lianqiao.journal.figures import Figure, figures, known_at
from lianqiao.journal.measures import MEASURES
from lianqiao.journal.models import Balance
from lianqiao.ledger.models import State
from lianqiao.ledger.registry import ledgers
from lianqiao.people import access
from lianqiao.places.models import Node

FOUND, ROWS = 50, 6
# What a pairing's page tells first, whatever its level.
HEADLINES = ("visits.person_times", "talent.all", "funds.total", "projects.count", "twin.projects", "consumption.sales")


@doors.page
def overview(request: HttpRequest) -> HttpResponse:
    """The page of the programme's own pairing; with words to look for, the pairings that bear them."""
    doors.require_somewhere(request.user, "figures")
    words = request.GET.get("q", "").strip()
    if words:
        return render(request, "desk/tree_found.html", found(request, words))
    node = doors.asked_node(request)
    if node is None:
        return render(request, "desk/nothing.html", {"here": "tree"})
    return redirect("node", node.number)


def found(request: HttpRequest, words: str) -> dict[str, Any]:
    """The pairings whose number or sides hold every one of the words."""
    fits = access.nodes(request.user, "figures").filter(confirmed=True)
    for part in words.replace("—", " ").split():
        number = Q(number__iexact=part)
        sides = Q(pk__isnull=False)
        for name in part.split("-"):
            sides &= Q(east__icontains=name) | Q(west__icontains=name)
        fits = fits.filter(number | sides)
    held = list(fits[:FOUND])
    at = doors.own_node(request.user)
    return {
        "here": "tree",
        "words": words,
        "total": fits.count(),
        "lines": lines(request.user, held, promised(held)),
        "tree": tree(doors.near_nodes(request.user, at), at) if at else [],
        "sees": bool(held) and access.may(request.user, "see", held[0]),
    }


@dataclass(frozen=True)
class Line:
    """A pairing in a list. targets, behind: this year's own; waiting: rows there or below it to be reviewed or mended;
    measures: how many measures have been posted there or below it; below: how many pairings are below it."""

    node: Node
    targets: int
    behind: int
    waiting: int
    measures: int
    below: int


def promised(seen: Sequence[Node]) -> list[Attainment]:
    """How this year's targets stand at these nodes."""
    today = clock.today()
    return board.everywhere(seen, today.year, today, known_at())


def lines(person: access.Person, nodes: Sequence[Node], standing: Sequence[Attainment]) -> list[Line]:
    """The pairings as they are listed. standing: how their targets stand, and maybe others'. Three queries."""
    targets = Counter(one.promise.node for one in standing)
    lagging = behind(standing)
    counted = Balance.objects.filter(node__in=nodes, grain=Balance.YEAR).order_by().values_list("node")
    measures = dict(counted.annotate(n=Count("measure", distinct=True)))
    held = list(Node.objects.filter(confirmed=True).values_list("path", flat=True)) if nodes else []
    waits = waiting(person)
    paths = {node.pk: node.path for node in nodes}
    below = {pk: sum(path.startswith(mine) for path in held) - 1 for pk, mine in paths.items()}
    return [
        Line(
            node,
            targets[node.pk],
            lagging[node.pk],
            sum(n for path, n in waits.items() if path.startswith(node.path)),
            measures.get(node.pk, 0),
            below[node.pk],
        )
        for node in nodes
    ]


def waiting(person: access.Person) -> dict[str, int]:
    """Path of a pairing → rows there that wait for review or came back, of those the person may see. One query."""
    mine = access.nodes(person, "see")
    counts = [
        model._base_manager.filter(TO_REVIEW | CAME_BACK, node__in=mine)
        .order_by()
        .annotate(ledger_code=Value(code, CharField()))
        .values_list("ledger_code", "node__path")
        .annotate(n=Count("pk"))
        for code, model in ledgers().items()
    ]
    told: Counter[str] = Counter()
    for _, path, n in counts[0].union(*counts[1:], all=True):
        told[path] += n
    return dict(told)


# One of them -----------------------------------------------------------------------------------------------------------


@doors.page
def node(request: HttpRequest, number: str) -> HttpResponse:
    one = doors.node(request.user, number)
    seen = doors.near_nodes(request.user, one)
    today = clock.today()
    standing = promised(seen)
    own = [held for held in standing if held.promise.node == one.pk]
    children = [held for held in seen if held.parent_id == one.pk]
    listed = lines(request.user, [one, *children], standing)
    told = {
        "here": "tree",
        "node": one,
        "today": today,
        "line": listed[0],
        "above": [held for held in seen if one.path.startswith(held.path) and held != one],
        "lines": by_kind(listed[1:]),
        "tally": board.tally(own),
        "worst": board.glance(own, ROWS),
        "pace": pace(today.year, today),
        "headlines": headlines(one),
        "successors": list(access.nodes(request.user, "figures").filter(succeeds=one, confirmed=True)),
        "tree": tree(seen, one, behind(standing)),
        "counted": True,
        "sees": access.may(request.user, "see", one),
    }
    return render(request, "desk/node.html", told | rows_of(request.user, one))


def by_kind(held: Sequence[Line]) -> list[Line]:
    """The lines with those of a kind together, the kinds in the order in which they first come."""
    kinds = list(dict.fromkeys(line.node.kind for line in held))
    return sorted(held, key=lambda line: kinds.index(line.node.kind))


def headlines(node: Node) -> list[tuple[Figure, Figure]]:
    """Over all time and in the running year; without those that were never posted here."""
    today = clock.today()
    measures = [MEASURES[code] for code in HEADLINES]
    ever = figures(measures, [node], Period.cumulative(today))
    year = figures(measures, [node], Period.between(today.replace(month=1, day=1), today))
    return [(one, other) for one, other in zip(ever, year, strict=True) if one.value is not None]


def rows_of(person: access.Person, node: Node) -> dict[str, Any]:
    """The node's own row, and the latest of what was agreed there and below it, for whoever sees rows."""
    if not access.may(person, "see", node):
        return {}
    here, mine = Q(node__path__startswith=node.path), access.rows(person, "see")
    return {
        "row": row_of(person, node),
        "agreements": approved(mine, Agreement).filter(here).order_by("-signed_on", "-pk")[:ROWS],
        "meetings": approved(mine, Meeting).filter(here).order_by("-occurred_on", "-pk")[:ROWS],
        "resolutions": approved(mine, Resolution).filter(here, done_on=None).order_by("due", "pk")[:ROWS],
        "ledgers": rows_by_ledger(mine & here),
    }


def row_of(person: access.Person, node: Node) -> Pairing | None:
    """The node's own row, which belongs to the pairing above it, if the person may see that."""
    row = Pairing._base_manager.filter(defines=node).select_related("node").first()
    return row if row and access.may(person, "see", row.node) else None


@dataclass(frozen=True)
class Held:
    """How many rows a ledger has at a pairing and below it: those that count, and those that wait or came back."""

    ledger: Any
    approved: int
    waiting: int


def rows_by_ledger(here: Q) -> list[Held]:
    """The ledgers that have such rows. One query."""
    counts = [
        model._base_manager.filter(here)
        .order_by()
        .annotate(ledger_code=Value(code, CharField()))
        .values_list("ledger_code")
        .annotate(n=Count("pk", filter=Q(state=State.APPROVED)), waits=Count("pk", filter=TO_REVIEW | CAME_BACK))
        for code, model in ledgers().items()
    ]
    found = {code: (n, waits) for code, n, waits in counts[0].union(*counts[1:], all=True)}
    return [Held(model.ledger, *found[code]) for code, model in ledgers().items() if any(found.get(code, ()))]
