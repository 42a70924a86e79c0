"""Who may do what: every door (pages, command line) asks here first.

A stranger to a node learns nothing of it (404); whoever sees it but may not act is told so (403).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from lianqiao.people.models import Grant, User
from lianqiao.places.models import Node, NodeQuerySet

Act = Literal[
    "see", "figures", "fill", "review", "void", "confirm", "close", "resync", "erase", "reveal", "people", "log",
    "leads", "sell", "buy", "seekers", "overrule",
]  # fmt: skip
Person = User | AnonymousUser

Role = Grant.Role
STAFF = frozenset(Role.values) - Grant.OUTSIDE
ROLES: dict[Act, frozenset[str]] = {
    "figures": STAFF,
    "see": frozenset({Role.FILLER, Role.REVIEWER, Role.COORDINATOR, Role.AUDITOR, Role.ADMINISTRATOR}),
    "fill": frozenset({Role.FILLER, Role.COORDINATOR, Role.ADMINISTRATOR}),
    "review": frozenset({Role.REVIEWER, Role.COORDINATOR, Role.ADMINISTRATOR}),
    "void": frozenset({Role.REVIEWER, Role.COORDINATOR, Role.ADMINISTRATOR}),
    "confirm": frozenset({Role.FILLER, Role.REVIEWER, Role.COORDINATOR}),
    "close": frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    "resync": frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    "reveal": frozenset({Role.FILLER, Role.REVIEWER, Role.COORDINATOR}),
    "erase": frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    "people": frozenset({Role.ADMINISTRATOR}),
    # What strangers wrote on the public site: not for reading by all, also where rows are.
    "leads": frozenset({Role.FILLER, Role.REVIEWER, Role.COORDINATOR, Role.AUDITOR, Role.ADMINISTRATOR}),
    "log": frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
    # Who looks for work, by name: only for whoever places them.
    "seekers": frozenset({Role.FILLER, Role.REVIEWER, Role.COORDINATOR}),
    # Publishing a number that the journal contradicts, with a reason.
    "overrule": frozenset({Role.COORDINATOR}),
    "sell": frozenset({Role.SELLER}),
    "buy": frozenset({Role.BUYER}),
}
READING: frozenset[Act] = frozenset({"see", "figures"})
REMEMBERED = "_remembered_grants"


def grants(person: Person, act: Act) -> list[Grant]:
    """The person's grants that allow the act somewhere."""
    if not isinstance(person, User) or not person.is_active:
        return []
    return [held for held in all_grants(person) if held.role in ROLES[act]]


def all_grants(person: User) -> list[Grant]:
    remembered: list[Grant] | None = getattr(person, REMEMBERED, None)
    return list(person.grants.select_related("node")) if remembered is None else remembered


def remember(person: Person) -> None:
    """Reads the person's grants once for all questions that one request asks: `person` must not outlive it."""
    if isinstance(person, User):
        setattr(person, REMEMBERED, all_grants(person))


def open_to_all(act: Act) -> bool:
    """The demo's site may be read by whoever reaches it; it never may be written."""
    return bool(settings.OPEN) and act in READING


def nodes(person: Person, act: Act) -> NodeQuerySet:
    """The nodes where the person may act."""
    if everything(person, act):
        return Node.objects.all()
    scope = Q(pk__in=[])
    for held in grants(person, act):
        scope |= Q(path__startswith=held.node.path) if held.node else Q()
    return Node.objects.filter(scope)


def everything(person: Person, act: Act) -> bool:
    """Whether the person may act at every node, whatever the side, and on what belongs to none."""
    return open_to_all(act) or any(held.node is None for held in grants(person, act))


def tops(person: Person, act: Act) -> Q:
    """The nodes below which the person may act."""
    if everything(person, act):
        return Q(parent=None)
    return Q(pk__in=[held.node_id for held in grants(person, act)])


def rows(person: Person, act: Act) -> Q:
    """The rows of a ledger on which the person may act, whatever their sides: those at his nodes, and those of no node
    if his grant has none."""
    return Q(pk__isnull=False) if everything(person, act) else Q(node__in=nodes(person, act))


def may(person: Person, act: Act, node: Node | None, sides: Iterable[str] = ()) -> bool:
    """Whether the person may act at the node on rows of these sides (none given: any side will do)."""
    return open_to_all(act) or any(covers(grant, node, tuple(sides)) for grant in grants(person, act))


def covers(grant: Grant, node: Node | None, sides: tuple[str, ...]) -> bool:
    reaches = grant.node is None or (node is not None and node.path.startswith(grant.node.path))
    return reaches and (not sides or grant.side == Grant.Side.BOTH or grant.side in sides)


def may_somewhere(person: Person, act: Act) -> bool:
    """Whether there is a node at which the person may act."""
    return open_to_all(act) or bool(grants(person, act))


def require(person: Person, act: Act, node: Node | None, sides: Iterable[str] = ()) -> None:
    """Raises Http404 for a stranger to the node, PermissionDenied for the wrong role or side."""
    if may(person, act, node, sides):
        return
    if not may(person, "figures", node):
        raise Http404
    raise PermissionDenied("现有角色不能办这件事。")


# Organisations that trade ----------------------------------------------------------------------------------------------


def units(person: Person, act: Act) -> frozenset[str]:
    """The 统一社会信用代码 of the organisations in whose name the person may act."""
    return frozenset(held.unit for held in grants(person, act) if held.unit)


def only_trades(person: Person) -> bool:
    """Whether somebody sells or buys, and has none of the desk's own pages."""
    trades = grants(person, "sell") or grants(person, "buy")
    return bool(trades) and not grants(person, "figures")


def require_unit(person: Person, act: Act, unit: str) -> None:
    """Raises Http404 for whoever does not act for that organisation: he learns nothing of what is its own."""
    if unit not in units(person, act):
        raise Http404


# Other people ----------------------------------------------------------------------------------------------------------


def within(person: Person, act: Act) -> QuerySet[Grant]:
    """The grants, anybody's, that reach no further than the person's own for the act: by node and by side."""
    scope = Q(pk__in=[])
    for held in grants(person, act):
        side = Q(pk__isnull=False) if held.side == Grant.Side.BOTH else Q(side=held.side)
        scope |= side & Q(node__path__startswith=held.node.path) if held.node else side
    return Grant.objects.filter(scope)


def everywhere(person: Person, act: Act) -> bool:
    return any(held.node is None and held.side == Grant.Side.BOTH for held in grants(person, act))


def known(person: Person, act: Act) -> QuerySet[User]:
    """Whoever holds a grant within the person's; who holds none, only to somebody whose grant is for everything."""
    if everywhere(person, act):
        return User.objects.all()
    return User.objects.filter(pk__in=within(person, act).values("user"))


def below(person: Person, act: Act) -> QuerySet[User]:
    """Of those, whoever holds no grant beyond the person's: over them as a whole he may decide."""
    beyond = Grant.objects.exclude(pk__in=within(person, act).values("pk"))
    return known(person, act).exclude(pk__in=beyond.values("user"))
