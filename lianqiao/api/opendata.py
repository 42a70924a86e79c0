"""Open data: what the public site says, for programs. Only what is in public, and nobody need say who he is.

Addresses begin with /open/v1/; docs/open-data.md tells how to use them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from ninja import NinjaAPI, Query
from wagtail.models import Page as WagtailPage

from lianqiao.api import doors, openly, openshapes
from lianqiao.api.openly import Page, Rate, as_csv, changed, paged
from lianqiao.core.units import as_data, unit
from lianqiao.journal.figures import half_up
from lianqiao.portal.models import Article, Opportunity, Zone
from lianqiao.portal.publishing.data import figure_data, figure_row
from lianqiao.portal.publishing.finding import public_figure
from lianqiao.portal.publishing.models import PublishedFigure, Quotation

api = NinjaAPI(
    title="连桥开放数据",
    version="1",
    urls_namespace="open-1",
    description="公开数字及其口径与依据，随数字公开的目标，开发区，投资机会，新闻。不需要登录。用法见 docs/open-data.md。",
    docs_url=None,
    renderer=doors.Plain(),
    throttle=Rate("open", doors.READINGS),
    openapi_extra={"info": {"license": {"name": "CC BY 4.0", "url": settings.OPEN_LICENCE}}},
)
doors.refuse(api)

Row = dict[str, Any]
TABLE = {"responses": {200: {"description": "OK", "content": {"text/csv": {"schema": {"type": "string"}}}}}}
"""How the description tells of an answer in CSV."""
REFUSALS: dict[int, Any] = dict.fromkeys((400, 404, 429), openshapes.Problem)


def table(address: str, summary: str) -> Callable[..., Any]:
    """Declares an address that answers in CSV."""
    return api.get(address, summary=summary, response=REFUSALS, openapi_extra=TABLE)


# Figures and what they count -------------------------------------------------------------------------------------------


class Figures(Page):
    """Which figures: of a measure, of a pairing."""

    measure: str | None = None
    node: str | None = None


def figures_in_public(wanted: Figures | None = None) -> QuerySet[PublishedFigure]:
    """The figures in public, the latest first, with the pages that quote them."""
    found = PublishedFigure.objects.public().select_related("node").prefetch_related("quotations").order_by("-pk")
    if wanted and wanted.measure:
        found = found.filter(measure=asked(wanted.measure))
    return found.filter(node__number=asked(wanted.node)) if wanted and wanted.node else found


def asked(given: str) -> str:
    """What can be looked for in the database: PostgreSQL refuses to be asked for NUL."""
    if "\x00" in given:
        raise Http404
    return given


@api.get("/figures", response={200: openshapes.FiguresOut, **REFUSALS}, by_alias=True)
def list_figures(request: HttpRequest, wanted: Query[Figures]) -> Row:
    """Every figure in public, as it was published."""
    changed(request, last_quoted())
    return paged(figures_in_public(wanted), wanted, figure_row)


def last_quoted() -> datetime | None:
    """When the last figure came into public, or went from a page."""
    told = Quotation.objects.aggregate(since=Max("since"), until=Max("until"))
    return max((one for one in told.values() if one), default=None)


@table("/figures.csv", "公开数字（CSV）")
def figures_table(request: HttpRequest) -> HttpResponse:
    changed(request, last_quoted())
    return as_csv(map(figure_row, figures_in_public()), openshapes.FIGURE_COLUMNS, "figures")


@api.get("/figures/{code}/{node}/{span}", response={200: openshapes.ProofOut, **REFUSALS}, by_alias=True)
def one_figure(request: HttpRequest, code: str, node: str, span: str) -> Row:
    """A figure with its proof. span is FROM..UNTIL@TRANSACTION."""
    found = public_figure(code, node, span)
    if found is None:
        raise Http404
    return figure_data(found)


@api.get("/measures", response={200: openshapes.MeasuresOut, **REFUSALS})
def list_measures(request: HttpRequest, wanted: Query[Page]) -> Row:
    """What the figures in public count: definition (口径), and what it does not mean."""
    return paged(measures(), wanted, dict)


def measures() -> list[Row]:
    """Once each, as the latest figure in public states it."""
    latest: dict[str, Row] = {}
    for figure in figures_in_public():
        latest.setdefault(figure.measure, {"code": figure.measure} | figure.stated)
    return [latest[code] for code in sorted(latest)]


@table("/measures.csv", "口径（CSV）")
def measures_table(request: HttpRequest) -> HttpResponse:
    return as_csv(measures(), openshapes.MEASURE_COLUMNS, "measures")


@api.get("/targets", response={200: openshapes.TargetsOut, **REFUSALS}, by_alias=True)
def list_targets(request: HttpRequest, wanted: Query[Page]) -> Row:
    """The targets that were published beside a figure, and how far they were reached; rates in percent, never capped."""
    changed(request, last_quoted())
    return paged(targets(), wanted, dict)


def targets() -> list[Row]:
    told = figures_in_public().filter(quotations__with_target=True, promised__isnull=False)
    return [target_row(one) for one in told]


def target_row(figure: PublishedFigure) -> Row:
    rate = figure.rate
    named = ("measure", "name", "unit", "pairing", "node", "from", "until", "value", "transaction", "hash", "address")
    row = figure_row(figure)
    return {name: row[name] for name in named} | {
        "year": figure.until.year,
        "promised": as_data(figure.promised, figure.unit),
        "agreement": figure.promised_in,
        "rate": None if rate is None else as_data(half_up(rate * 100), unit("%")),
    }


@table("/targets.csv", "公开的目标（CSV）")
def targets_table(request: HttpRequest) -> HttpResponse:
    changed(request, last_quoted())
    return as_csv(targets(), openshapes.TARGET_COLUMNS, "targets")


# Pages -----------------------------------------------------------------------------------------------------------------


class Pages(Page):
    """Which pages: those written in a language."""

    language: openshapes.Language = "zh-hans"


def in_public(kind: type[WagtailPage], language: str) -> Any:
    """The pages of a kind in a language that everybody may read."""
    return kind.objects.live().public().filter(locale__language_code=language)


def last_changed(pages: Any) -> datetime | None:
    found: datetime | None = pages.aggregate(last=Max("last_published_at"))["last"]
    return found


def common(request: HttpRequest, page: WagtailPage) -> Row:
    """What every page tells: how it is called, where it is, and when it was published."""
    moments = {"published": page.first_published_at, "updated": page.last_published_at}
    told = {name: at.isoformat() if at else None for name, at in moments.items()}
    return {"id": page.pk, "title": page.title, "url": request.build_absolute_uri(page.url)} | told


def news(language: str) -> Any:
    return in_public(Article, language).select_related("issuer").order_by("-dated", "-pk")


def news_row(request: HttpRequest, page: Article) -> Row:
    issuer = page.issuer.title if page.issuer and page.issuer.live else ""
    told = {"date": page.dated.isoformat(), "section": page.section, "city": page.city, "issuer": issuer}
    return common(request, page) | told | {"source": page.source, "summary": page.summary}


def zones(language: str) -> Any:
    return in_public(Zone, language).order_by("path")


ZONE_FIELDS = ("kind", "level", "city", "summary", "office", "phone", "email", "hours", "address")


def zone_row(request: HttpRequest, page: Zone) -> Row:
    return common(request, page) | {name: getattr(page, name) for name in ZONE_FIELDS}


def opportunities(language: str) -> Any:
    return in_public(Opportunity, language).order_by("-updated", "-pk")


OPPORTUNITY_FIELDS = ("place", "sector", "mode", "stage", "size", "wanted", "summary")


def opportunity_row(request: HttpRequest, page: Opportunity) -> Row:
    told = {name: getattr(page, name) for name in OPPORTUNITY_FIELDS}
    return (
        common(request, page) | told | {"amount": as_data(page.amount, unit("元")), "dated": page.updated.isoformat()}
    )


def answer(request: HttpRequest, wanted: Pages, found: Any, row: Callable[[HttpRequest, Any], Row]) -> Row:
    changed(request, last_changed(found))
    return paged(found, wanted, lambda page: row(request, page))


def sheet(
    request: HttpRequest, found: Any, row: Callable[[HttpRequest, Any], Row], columns: Sequence[str], name: str
) -> HttpResponse:
    changed(request, last_changed(found))
    rows: Iterable[Row] = (row(request, page) for page in found)
    return as_csv(rows, columns, name)


@api.get("/news", response={200: openshapes.NewsOut, **REFUSALS})
def list_news(request: HttpRequest, wanted: Query[Pages]) -> Row:
    """News, the latest first."""
    return answer(request, wanted, news(wanted.language), news_row)


@table("/news.csv", "新闻（CSV）")
def news_table(request: HttpRequest, language: openshapes.Language = "zh-hans") -> HttpResponse:
    return sheet(request, news(language), news_row, openshapes.NEWS_COLUMNS, "news")


@api.get("/zones", response={200: openshapes.ZonesOut, **REFUSALS})
def list_zones(request: HttpRequest, wanted: Query[Pages]) -> Row:
    """Development zones, parks built together, and partner places."""
    return answer(request, wanted, zones(wanted.language), zone_row)


@table("/zones.csv", "开发区（CSV）")
def zones_table(request: HttpRequest, language: openshapes.Language = "zh-hans") -> HttpResponse:
    return sheet(request, zones(language), zone_row, openshapes.ZONE_COLUMNS, "zones")


@api.get("/opportunities", response={200: openshapes.OpportunitiesOut, **REFUSALS})
def list_opportunities(request: HttpRequest, wanted: Query[Pages]) -> Row:
    """Investment opportunities, the latest first; amounts in 元."""
    return answer(request, wanted, opportunities(wanted.language), opportunity_row)


@table("/opportunities.csv", "投资机会（CSV）")
def opportunities_table(request: HttpRequest, language: openshapes.Language = "zh-hans") -> HttpResponse:
    return sheet(request, opportunities(language), opportunity_row, openshapes.OPPORTUNITY_COLUMNS, "opportunities")


def urls() -> list[URLPattern]:
    """The addresses; whatever else is asked for below them is answered as an error of the API."""
    patterns, _, _ = api.urls
    ours = [one for one in patterns if isinstance(one, URLPattern) and one.name != ROOT]
    told = [path(str(one.pattern), openly.open_to_all(one.callback), name=one.name) for one in ours]
    elsewhere = openly.open_to_all(nothing)
    return [*told, path("", elsewhere, name=ROOT), path("<path:rest>", elsewhere, name="nothing")]


ROOT = "api-root"  # the library asks for it by this name


def nothing(request: HttpRequest, **rest: str) -> HttpResponseBase:
    return doors.error(404)
