"""Returns and documents, read; and a document written from a template, as a file that is not kept.

What somebody sees here is what the desk's pages show him; a file leaves the house with a key only, and is in the access log.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from ninja import Query, Router

from lianqiao.api import shapes
from lianqiao.api.asked import known, node_of, period, text
from lianqiao.api.doors import ByKey, Rate, Wrong, caller
from lianqiao.briefings import drafting
from lianqiao.briefings.documents import (
    FORMATS,
    SHIPPED,
    About,
    Filled,
    NotWritten,
    Shipped,
    as_format,
    texts_of,
    write,
)
from lianqiao.briefings.models import Briefing, Kind, Return, Template, title
from lianqiao.briefings.returns_calendar import Slot, duty_of, slots
from lianqiao.core.periods import Period
from lianqiao.core.units import as_data
from lianqiao.desk import doors as desk
from lianqiao.desk import owed
from lianqiao.desk.views import briefings, returns
from lianqiao.desk.views.checks import attached
from lianqiao.journal import clock
from lianqiao.ledger.acts import Refused
from lianqiao.people import log
from lianqiao.people.models import Access
from lianqiao.places.models import Node

router = Router()
WRITINGS = 20  # documents written in a minute by one person: each costs seconds

# Returns ---------------------------------------------------------------------------------------------------------------


@router.get("/returns", response={200: list[shapes.ReturnOut], **shapes.REFUSALS}, by_alias=True)
def list_returns(
    request: HttpRequest,
    node: str | None = None,
    kind: Kind | None = None,
    year: int | None = Query(None, ge=desk.FIRST_YEAR, le=desk.LAST_YEAR),
) -> list[dict[str, Any]]:
    """What is owed of a node and all below it (of all that the caller may read), and how far each return is."""
    desk.require_somewhere(caller(request), "figures")
    where = node_of(request, node) if node else None
    duties = [duty for duty in owed.duties(caller(request), where) if kind in (None, duty.kind)]
    found = [slot for slot in slots(duties, clock.today()) if year in (None, slot.period.until.year)]
    return [return_json(slot.duty.node, slot.duty.kind, slot.period, slot.filed, slot) for slot in found]


@router.get("/returns/{node}/{kind}/{until}", response={200: shapes.WholeReturnOut, **shapes.REFUSALS}, by_alias=True)
def one_return(
    request: HttpRequest,
    node: str,
    kind: str,
    until: str,
    version: int | None = Query(None, ge=1, le=10_000),
) -> dict[str, Any]:
    """A return by the address that it has on the desk: its latest version, or the one asked for."""
    at = returns.place(caller(request), text(node), text(kind), text(until))
    shown = returns.version(at, str(version) if version else None) if at.versions or version else None
    duty = duty_of(at.node, at.kind, at.period)
    slot = Slot(duty, at.period, at.latest) if duty else None
    told = return_json(at.node, at.kind, at.period, shown, slot)
    told |= {"versions": [one.version for one in at.versions]}
    if shown is None:
        return told | {"words": "", "why": "", "lines": [], "questions": []}
    asked = [
        {name: getattr(one, name) for name in ("kind", "measure", "text", "answer")} for one in shown.questions.all()
    ]
    lines = [line_json(row) for row in returns.rows(shown)]
    return told | {"words": shown.words, "why": shown.why, "lines": lines, "questions": asked}


def return_json(node: Node, kind: str, period: Period, shown: Return | None, slot: Slot | None) -> dict[str, Any]:
    told = {"node": node.number, "kind": kind, "title": title(kind, period), "due": slot.due if slot else None}
    address = reverse("return", args=[node.number, kind, period.until])
    told |= {"from": period.start, "until": period.until, "address": address}
    if shown is None:
        return told | {"state": "due"}
    plain = ("state", "version", "transaction", "hash", "filled_at", "sent_at")
    return told | {name: getattr(shown, name) for name in plain}


def line_json(row: returns.Row) -> dict[str, Any]:
    measure, unit = row.measure, row.measure.unit
    told = {"measure": measure.code, "name": measure.name, "unit": unit.name, "address": row.now.address}
    return told | {name: as_data(value, unit) for name, value in row.line.kept().items() if name != "measure"}


# Templates -------------------------------------------------------------------------------------------------------------


@router.get("/templates", response={200: list[shapes.TemplateOut], **shapes.REFUSALS})
def list_templates(request: HttpRequest) -> list[dict[str, Any]]:
    """The templates that come along, and the own ones of nodes whose rows the caller may see."""
    desk.require_somewhere(caller(request), "see")
    own = briefings.own_templates(caller(request), "see")
    return [*map(template_json, SHIPPED), *map(template_json, own)]


@router.get("/templates/{code}", response={200: shapes.WholeTemplateOut, **shapes.REFUSALS})
def one_template(request: HttpRequest, code: str) -> dict[str, Any]:
    """A template, and the words that it asks people for."""
    chosen = briefings.template_for(caller(request), code, "see")
    return template_json(chosen) | {"words": texts_of(drafting.file_of(chosen))}


def template_json(one: Shipped | Template) -> dict[str, Any]:
    if isinstance(one, Shipped):
        return {"code": one.code, "name": one.name, "about": one.about, "node": None}
    return {"code": one.code, "name": one.name, "about": "", "node": one.node.number}


@router.post(
    "/templates/{code}/document",
    response=shapes.REFUSALS,
    throttle=Rate("document", WRITINGS),
    openapi_extra=shapes.FILES,
)
def write_document(request: HttpRequest, code: str, given: shapes.WritingIn) -> HttpResponse:
    """A document written from a template as a file: Word, PDF, a web page or Excel. It is not kept on the desk."""
    where, chosen = node_of(request, given.node, "fill"), briefings.template_for(caller(request), code, "fill")
    span = period(given.start, given.until)
    made = written(chosen, About(where, span, known(given.known_at)), given.words)
    name = briefings.default_title(where, chosen.name, span.until)
    return given_out(request, made.docx, name, given.format, len(made.numbers))


def written(chosen: Shipped | Template, about: About, words: dict[str, str]) -> Filled:
    """Raises Wrong with every problem of the template, or of the words that are put into it."""
    source = drafting.file_of(chosen)
    if strange := words.keys() - texts_of(source).keys():
        raise Wrong("words", *(gettext("模板不要“%(name)s”这段文字。") % {"name": name} for name in sorted(strange)))
    try:
        drafting.fit(words)
        return write(source, about, words)
    except Refused as refused:
        raise Wrong("words", *(problem.message for problem in refused.problems)) from refused
    except NotWritten as error:
        raise Wrong("template", *map(str, error.problems)) from error


def given_out(request: HttpRequest, docx: bytes, name: str, kind: str, count: int) -> HttpResponse:
    """A document that leaves the house."""
    log.write(caller(request), Access.Act.EXPORT, f"{name} {kind}", count=count)
    return attached(as_format(docx, kind, name), f"{name}.{kind}", FORMATS[kind])


# Documents -------------------------------------------------------------------------------------------------------------


@router.get("/documents", response={200: list[shapes.DocumentOut], **shapes.REFUSALS}, by_alias=True)
def list_documents(request: HttpRequest, node: str | None = None) -> list[dict[str, Any]]:
    """The documents on the desk, the newest first; of one node, where it is named. Drafts for who may see its rows."""
    desk.require_somewhere(caller(request), "figures")
    seen = briefings.visible(caller(request))
    found = seen.filter(node=node_of(request, node)) if node else seen
    return [document_json(one) for one in found]


@router.get("/documents/{int:pk}", response={200: shapes.WholeDocumentOut, **shapes.REFUSALS}, by_alias=True)
def one_document(request: HttpRequest, pk: int) -> dict[str, Any]:
    """A document with every number in it and the figure that it stands for."""
    one = briefings.found(caller(request), pk)
    names = ("measure", "node", "period", "change", "text")
    numbers = [dict(zip(names, number, strict=True)) for number in one.numbers]
    return document_json(one) | {"words": one.words, "numbers": numbers}


@router.get("/documents/{int:pk}/{kind}", response=shapes.REFUSALS, auth=ByKey(), openapi_extra=shapes.FILES)
def document_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A document as a file: docx, pdf, html or xlsx. With a key only."""
    one = briefings.found(caller(request), pk)
    if kind not in FORMATS:
        raise Http404
    return given_out(request, drafting.content(one), one.title, kind, len(one.numbers))


def document_json(one: Briefing) -> dict[str, Any]:
    plain = ("title", "state", "version", "until", "transaction", "hash", "written_at", "signed_at")
    told = {"id": one.pk, "node": one.node.number, "template": one.own.code if one.own else one.template}
    told |= {"from": one.start, "sha256": one.evidence[0]["sha256"], "address": reverse("briefing", args=[one.pk])}
    return told | {name: getattr(one, name) for name in plain}
