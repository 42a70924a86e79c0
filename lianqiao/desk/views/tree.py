"""The tree of pairings, and the page of one: what it has, what waits there, what lies below it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from os.path import commonprefix
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lianqiao.agreements.models import Agreement, Meeting, Pairing, Resolution
from lianqiao.agreements.targets import Attainment, pace
from lianqiao.core.periods import Period
from lianqiao.desk import board, doors, tallies
from lianqiao.desk.followed import approved
from lianqiao.desk.tree import behind, tree
from lianqiao.desk.waiting import OPEN
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
    at = doors.home_node(request)
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
    """The pairings as they are listed. standing: how their targets stand, and maybe others'. A constant number of queries."""
    targets = Counter(one.promise.node for one in standing)
    lagging = behind(standing)
    counted = Balance.objects.filter(node__in=nodes, grain=Balance.YEAR).order_by().values_list("node")
    measures = dict(counted.annotate(n=Count("measure", distinct=True)))
    below, waits = lying_below(nodes), felt(waiting(person))
    return [
        Line(
            node,
            targets[node.pk],
            lagging[node.pk],
            waits[node.path],
            measures.get(node.pk, 0),
            below[node.pk],
        )
        for node in nodes
    ]


def lying_below(nodes: Sequence[Node]) -> dict[int, int]:
    """Node → how many confirmed pairings lie below it, looked up among paths in their order, where / is followed by 0."""
    near = Node.objects.filter(confirmed=True, path__startswith=commonprefix([node.path for node in nodes]))  # noqa: RUF071
    paths = sorted(near.values_list("path", flat=True))
    return {node.pk: bisect_left(paths, f"{node.path[:-1]}0") - bisect_right(paths, node.path) for node in nodes}


def felt(counted: Iterable[tuple[str, int]]) -> Counter[str]:
    """What is counted at paths, at each of them and at every one above it."""
    told: Counter[str] = Counter()
    for path, n in counted:
        at = path.find("/")
        while at >= 0:
            told[path[: at + 1]] += n
            at = path.find("/", at + 1)
    return told


def waiting(person: access.Person) -> list[tuple[str, int]]:
    """Paths of pairings with rows there that wait for review or came back, of those the person may see."""
    mine, params = tallies.scope(person, "see")
    line = (
        # A cross join keeps SQLite from beginning with seven thousand nodes.
        "SELECT n.path, COUNT(*) FROM {table} CROSS JOIN places_node n"  # noqa: S608
        f" WHERE n.id = r.node_id AND {OPEN} AND {mine} GROUP BY n.path"
    )
    return [(path, n) for path, n in tallies.counted(lambda model: (line, params))]


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
    here = access.rows(person, "see") & node.rows()
    return {
        "row": row_of(person, node),
        "agreements": approved(here, Agreement).order_by("-signed_on", "-pk")[:ROWS],
        "meetings": approved(here, Meeting).order_by("-occurred_on", "-pk")[:ROWS],
        "resolutions": approved(here, Resolution).filter(done_on=None).order_by("due", "pk")[:ROWS],
        "ledgers": rows_by_ledger(node),
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


def rows_by_ledger(node: Node) -> list[Held]:
    """The ledgers that have such rows."""
    here, params = tallies.below(node)
    line = (
        f"SELECT {{code}}, COUNT(*) FILTER (WHERE r.state = '{State.APPROVED}'), COUNT(*) FILTER (WHERE {OPEN})"  # noqa: S608
        f" FROM {{table}} WHERE {here}"
    )
    found = {code: (n, waits) for code, n, waits in tallies.counted(lambda model: (line, params))}
    return [Held(model.ledger, *found[code]) for code, model in ledgers().items() if any(found[code])]
