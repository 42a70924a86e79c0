"""The HTTP API: reading figures, and what texts say of them; papers.py has returns and documents.

Every answer asks people/access first, as the desk does.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext
from ninja import NinjaAPI, Query

from lianqiao.agreements.targets import Attainment, attainments
from lianqiao.api import doors, papers, shapes
from lianqiao.api.asked import day, known, node_of, period, text
from lianqiao.api.doors import ANYONE, READINGS, TEXTS, Rate, Wrong, caller
from lianqiao.claims.check import Checked, check
from lianqiao.claims.reading import read
from lianqiao.claims.times import published_on
from lianqiao.claims.told import checked_json, claim_json
from lianqiao.core.units import as_data, unit
from lianqiao.desk import doors as desk
from lianqiao.desk.views.figure import asked
from lianqiao.journal.figures import Figure, all_measures, figures, half_up
from lianqiao.journal.measures import MEASURES, Measure, NotAddable, Ratio
from lianqiao.journal.told import figure_json
from lianqiao.places.models import Node

api = NinjaAPI(
    title="连桥",
    version="1",
    description="东西部协作项目的数字：读数字及其口径、依据，核对文稿，读报表，写文稿。用法见 docs/api.md。",
    docs_url=None,
    renderer=doors.Plain(),
    auth=ANYONE,
    throttle=Rate("read", READINGS),
)
doors.refuse(api)
api.add_router("", papers.router)

ROOT = "api-root"  # the library asks for it by this name
ON_TEXTS = Rate("text", TEXTS)


@api.get("/nodes", response={200: list[shapes.NodeOut], **shapes.REFUSALS})
def list_nodes(request: HttpRequest) -> list[dict[str, Any]]:
    """The pairings whose figures the caller may read."""
    desk.require_somewhere(caller(request), "figures")
    seen = desk.seen_nodes(caller(request))
    numbers = {one.pk: one.number for one in seen}
    return [node_json(one, numbers.get(one.parent_id or 0)) for one in seen]


def node_json(one: Node, parent: str | None) -> dict[str, Any]:
    plain = {name: getattr(one, name) for name in ("number", "name", "kind", "east", "west", "since", "until")}
    return plain | {"parent": parent}


@api.get("/measures", response={200: list[shapes.MeasureOut], **shapes.REFUSALS})
def list_measures(request: HttpRequest) -> list[dict[str, Any]]:
    """Everything that is counted, with its definition (口径)."""
    desk.require_somewhere(caller(request), "figures")
    return [measure_json(one) for one in all_measures()]


def measure_json(one: Measure | Ratio) -> dict[str, Any]:
    told = {"code": one.code, "name": one.name, "unit": one.unit.name, "definition": one.definition}
    told |= {"excludes": one.excludes, "group": one.group}
    if isinstance(one, Ratio):
        over = [one.numerator.code, one.denominator.code]
        return told | {"stock": False, "distinct": "", "parent": None, "relation": "", "over": over}
    parent = one.parent.code if one.parent else None
    return told | {"stock": one.stock, "distinct": one.distinct, "parent": parent, "relation": one.relation, "over": []}


@api.get("/figures", response={200: list[shapes.FigureOut], **shapes.REFUSALS}, by_alias=True)
def list_figures(
    request: HttpRequest,
    node: str,
    code: list[str] = Query([]),  # noqa: B008 - how the library declares a parameter
    start: date | None = Query(None, alias="from"),  # noqa: B008
    until: date | None = None,
    known_at: str | None = None,
) -> list[dict[str, Any]]:
    """Figures at a node (or at several, joined by +), of the measures named, or of all.

    from: nothing is cumulative. until: today by default. known_at: a transaction's number, a day (its end in Shanghai) or a time.
    """
    where = [node_of(request, number) for number in node.replace(" ", "+").split("+")]  # + in an address is a space
    if unknown := set(code) - MEASURES.keys():
        raise Wrong("code", gettext("没有指标 %(code)s。/measures 列出全部。") % {"code": min(unknown)})
    measures = [MEASURES[one] for one in code] or all_measures()
    try:
        found = figures(measures, where, period(start, until), known(known_at))
    except NotAddable as error:
        raise Wrong("node", str(error)) from error
    return [told(figure) for figure in found]


@api.get("/figures/{code}/{node}/{span}", response={200: shapes.FigureOut, **shapes.REFUSALS}, by_alias=True)
def one_figure(request: HttpRequest, code: str, node: str, span: str) -> dict[str, Any]:
    """One figure by the address that it has on the desk: span is FROM..UNTIL, and @TRANSACTION for what was known then."""
    return told(asked(caller(request), code, text(node), span))


def told(figure: Figure) -> dict[str, Any]:
    return figure_json(figure) | {"address": figure.address}


@api.get("/targets", response={200: list[shapes.TargetOut], **shapes.REFUSALS}, by_alias=True)
def list_targets(
    request: HttpRequest,
    node: str,
    year: int | None = Query(None, ge=desk.FIRST_YEAR, le=desk.LAST_YEAR),
    until: date | None = None,
    known_at: str | None = None,
) -> list[dict[str, Any]]:
    """What a node's agreements promise for a year, against the year's figures up to a day."""
    where, on = node_of(request, node), day("until", until)
    return [target_json(one) for one in attainments(where, year or on.year, on, known(known_at))]


def target_json(one: Attainment) -> dict[str, Any]:
    promise, unit = one.promise, one.promise.measure.unit
    return {
        "measure": promise.measure.code,
        "name": promise.measure.name,
        "unit": unit.name,
        "agreement": promise.agreement,
        "year": promise.year,
        "promised": as_data(promise.quantity, unit),
        "figure": told(one.figure),
        "rate": percent(one.rate),
        "pace": percent(one.pace),
        "state": one.state,
    }


def percent(rate: Fraction | None) -> int | str | None:
    return None if rate is None else as_data(half_up(rate * 100), unit("%"))


@api.post("/claims", response={200: shapes.ClaimsOut, **shapes.REFUSALS}, throttle=ON_TEXTS)
def read_claims(request: HttpRequest, given: shapes.TextIn) -> dict[str, Any]:
    """The quantitative claims of a text."""
    desk.require_somewhere(caller(request), "figures")
    published = given.published or published_on(given.text)
    return {"published": published, "claims": [claim_json(claim) for claim in read(given.text, published)]}


@api.post("/checks", response={200: shapes.CheckOut, **shapes.REFUSALS}, throttle=ON_TEXTS)
def check_text(request: HttpRequest, given: shapes.CheckIn) -> dict[str, Any]:
    """A text held against the journal at a node. Nothing of it is kept."""
    where = node_of(request, given.node)
    published = given.published or published_on(given.text)
    as_of = day("as_of", given.as_of or published)
    checked: Checked = check(given.name, given.text, where, as_of, known(given.known_at), published)
    return checked_json(checked) | {"transaction": checked.known.number, "hash": checked.known.hash}


def urls() -> list[URLPattern]:
    """The API's addresses; whatever else is asked for below them is answered as an error of the API."""
    patterns, _, _ = api.urls
    ours = [one for one in patterns if isinstance(one, URLPattern) and one.name != ROOT]
    spoken = [path(str(one.pattern), doors.speaking(one.callback), name=one.name) for one in ours]
    elsewhere = doors.speaking(doors.nothing_here)
    return [*spoken, path("", elsewhere, name=ROOT), path("<path:rest>", elsewhere, name="nothing")]
