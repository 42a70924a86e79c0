"""Getting and authorising: what every page begins with. A stranger is told nothing (404), the wrong role is told (403)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqiao.ledger.models import Entry
from lianqiao.ledger.registry import ledgers
from lianqiao.people import access
from lianqiao.people.models import User
from lianqiao.places.models import Node, NodeQuerySet

View = Callable[..., HttpResponseBase]
FIRST_YEAR, LAST_YEAR = 1990, 2199
HOME = "_home_node"
FEW = 120  # pairings that a choice can hold all of


def page(view: View) -> View:
    """A page to read: GET and HEAD only; in a closed instance whoever has not signed in is asked to."""

    @wraps(view)
    @require_safe
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.OPEN and isinstance(request.user, AnonymousUser):
            return redirect_to_login(request.get_full_path())
        access.remember(request.user)
        return private(view(request, *args, **kwargs))

    return opened


def writing(view: View) -> View:
    """A page with a form: GET, HEAD and POST, and only for who has signed in, also where everybody may read."""
    return require_http_methods(["GET", "HEAD", "POST"])(signed_in(view))


def desk_page(view: View) -> View:
    """A page to read that only somebody who has signed in has: what waits for him, what he may do."""
    return require_safe(signed_in(view))


def deed(view: View) -> View:
    """What a form elsewhere is sent to: POST only, and only for who has signed in."""
    return require_POST(signed_in(view))


def signed_in(view: View) -> View:
    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, AnonymousUser):
            return redirect_to_login(request.get_full_path())
        access.remember(request.user)
        return private(view(request, *args, **kwargs))

    return opened


def who(request: HttpRequest) -> User:
    """Whoever has signed in, on a page for which somebody must have."""
    assert isinstance(request.user, User)
    return request.user


def private(response: HttpResponseBase) -> HttpResponseBase:
    """Kept by nobody but the reader's own browser: a page depends on who reads it."""
    patch_vary_headers(response, ["Cookie"])
    patch_cache_control(response, private=True, no_cache=True)
    return response


def require_somewhere(person: access.Person, act: access.Act) -> None:
    """For pages that range over many nodes: the act must be allowed at one of them at least."""
    if access.open_to_all(act) or access.grants(person, act):
        return
    if access.grants(person, "figures"):
        raise PermissionDenied
    raise Http404


def node(person: access.Person, number: str, act: access.Act = "figures") -> Node:
    """The confirmed node of that 编号, if the person may act there."""
    found = Node.objects.filter(number=number.lower(), confirmed=True).first()
    if found is None:
        raise Http404
    access.require(person, act, found)
    return found


def nodes(person: access.Person, numbers: str) -> tuple[Node, ...]:
    """The nodes of an address, NUMBER or NUMBER+NUMBER."""
    return tuple(node(person, number) for number in numbers.split("+"))


def seen_nodes(person: access.Person) -> list[Node]:
    """Every confirmed node whose figures the person may read, from the root down."""
    return list(access.nodes(person, "figures").filter(confirmed=True))


def main_node(seen: list[Node]) -> Node | None:
    """The pairing that the programme is about: down from the root as long as there is only one way."""
    below: dict[int | None, list[Node]] = {}
    for one in seen:
        below.setdefault(one.parent_id, []).append(one)
    held = {one.pk for one in seen}
    tops = [one for one in seen if one.parent_id not in held]
    at = tops[0] if tops else None
    while at and len(below.get(at.pk, [])) == 1:
        at = below[at.pk][0]
    return at


def own_node(person: access.Person) -> Node | None:
    """The same for everything that the person may read, without reading the whole tree."""
    return only_way(access.nodes(person, "figures"))


def only_way(among: NodeQuerySet) -> Node | None:
    """The confirmed node to which the tree leads from its root as long as there is only one way."""
    seen = among.filter(confirmed=True)
    at = seen.order_by("path").first()
    while at:
        below = list(seen.filter(parent=at)[:2])
        if len(below) != 1:
            return at
        at = below[0]
    return None


def home_node(request: HttpRequest) -> Node | None:
    """The same for whoever asks, looked up once a request: every page names it in its header."""
    if not hasattr(request, HOME):
        setattr(request, HOME, own_node(request.user))
    found: Node | None = getattr(request, HOME)
    return found


def near_nodes(person: access.Person, at: Node | None) -> list[Node]:
    """What a choice or a tree of pairings shows: every one where they are few, else the way down to `at` and what lies
    below each node of it."""
    seen = access.nodes(person, "figures").filter(confirmed=True)
    few = list(seen[: FEW + 1])
    if len(few) <= FEW:
        return few
    way = at.lineage() if at else ()
    return list(seen.filter(access.tops(person, "figures") | Q(pk__in=way) | Q(parent__in=way)))


def asked_node(request: HttpRequest, seen: list[Node] | None = None) -> Node | None:
    """The node that the page's address asks for, else the programme's own; None where nothing is there to be seen."""
    number = request.GET.get("node")
    if number:
        return node(request.user, number)
    return home_node(request) if seen is None else main_node(seen)


def numbered[Row: models.Model](person: access.Person, act: access.Act, rows: models.QuerySet[Row], number: str) -> Row:
    """The row of that 编号, if the person may act at its node: what is not there, and another programme's, is a 404."""
    found: Any = get_object_or_404(rows, number=number)
    access.require(person, act, found.node)
    return found


def ledger(code: str) -> type[Entry]:
    found = ledgers().get(code)
    if found is None:
        raise Http404
    return found


def ledger_for(person: access.Person, code: str, act: access.Act) -> type[Entry]:
    """The ledger, if the person may act on rows of it somewhere."""
    require_somewhere(person, act)
    return ledger(code)


def entry_for(person: access.Person, code: str, number: str, act: access.Act) -> Entry:
    """One row, if the person may see it and act on it."""
    found = entry(person, code, number)
    access.require(person, act, found.node, found.sides())
    return found


def entry(person: access.Person, code: str, number: str) -> Entry:
    """One row, if the person may see it."""
    model = ledger(code)
    found = model._base_manager.select_related("node", "author", "approver").filter(number=number).first()
    if found is None:
        raise Http404
    access.require(person, "see", found.node)
    return found


def day(text: str) -> date:
    """A date in an address: anything but a day of a year that offices keep ledgers of is a wrong address."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    return within_years(found)


def within_years(found: date) -> date:
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Http404
    return found


def whole_number(text: str, least: int, most: int) -> int:
    """A number in an address, within bounds."""
    if not (text.isascii() and text.isdigit() and len(text) < 19 and least <= int(text) <= most):
        raise Http404
    return int(text)
