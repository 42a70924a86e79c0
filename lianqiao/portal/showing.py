"""What each kind of page shows beside its own fields."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from django.http import HttpRequest
from wagtail.models import Page

from lianqiao.briefings.cases import library
from lianqiao.fields.consumption.goods import Offer
from lianqiao.places.models import Node
from lianqiao.portal import jobs, lists, market
from lianqiao.portal.models import (
    Article,
    CaseIndex,
    HomePage,
    NewsIndex,
    Opportunity,
    OpportunityIndex,
    Zone,
    ZoneIndex,
)

BRIEF, OFFERS, ZONES, GOODS, VACANCIES = 5, 4, 4, 4, 3


@singledispatch
def shown(page: Page, request: HttpRequest) -> dict[str, Any]:
    """For the page's template."""
    return {}


@shown.register
def home(page: HomePage, request: HttpRequest) -> dict[str, Any]:
    """The headline (the latest with a picture, else the latest), the news beside it, opportunities, zones."""
    fresh = list(lists.latest(page.locale)[: BRIEF * 4])
    lead = next((one for one in fresh if one.picture), fresh[0] if fresh else None)
    there = lists.live(Opportunity, page.locale)
    return {
        "lead": lead,
        "brief": [one for one in fresh if one is not lead][:BRIEF],
        "offers": there.select_related("area").order_by("-updated", "-pk")[:OFFERS],
        "offers_count": there.count(),
        "open_count": there.filter(stage=Opportunity.Stage.OPEN).count(),
        "goods": market.ordered(Offer.objects.public(), "").prefetch_related("prices")[:GOODS],
        "vacancies": jobs.public().order_by("until", "pk")[:VACANCIES],
        "zones": front_zones(list(lists.zones(page.locale))),
    }


def front_zones(held: list[Zone]) -> list[Zone]:
    """The first few zones, and a partner place always among them."""
    places = [one for one in held if one.kind == Zone.Kind.PLACE][:1]
    return [one for one in held if one not in places][: ZONES - len(places)] + places


@shown.register
def news(page: NewsIndex, request: HttpRequest) -> dict[str, Any]:
    shelf = lists.news_shelf(page.locale, request.GET)
    return {"shelf": shelf, "facets": shelf.facets(), "slice": lists.paged(lists.news(page.locale, shelf), request.GET)}


@shown.register
def article(page: Article, request: HttpRequest) -> dict[str, Any]:
    before, after = lists.beside(page)
    offers = lists.live(Opportunity, page.locale).filter(area=page.issuer_id).exclude(area=None)
    return {
        "here_name": page.get_section_display(), "before": before, "after": after, "related": lists.related(page),
        "offers": offers.order_by("-updated")[:2],
    }  # fmt: skip


@shown.register
def zone_list(page: ZoneIndex, request: HttpRequest) -> dict[str, Any]:
    held = list(lists.zones(page.locale))
    kinds = [(kind.label, [zone for zone in held if zone.kind == kind]) for kind in Zone.Kind]
    return {"kinds": [(name, zones) for name, zones in kinds if zones]}


@shown.register
def zone(page: Zone, request: HttpRequest) -> dict[str, Any]:
    issued = lists.latest(page.locale).filter(issuer=page)
    offers = lists.live(Opportunity, page.locale).filter(area=page).order_by("-updated", "-pk")
    return {"news": issued[:5], "news_count": issued.count(), "offers": offers[:5], "offers_count": offers.count()}


@shown.register
def case_list(page: CaseIndex, request: HttpRequest) -> dict[str, Any]:
    """The approved cases that somebody has published: where, not their text, which speaks of people."""
    held = library(Node.objects.filter(confirmed=True)).exclude(published="")
    return {"slice": lists.paged(held, request.GET)}


@shown.register
def offer_list(page: OpportunityIndex, request: HttpRequest) -> dict[str, Any]:
    shelf = lists.offers_shelf(page.locale, request.GET)
    found = lists.offers(page.locale, shelf, request.GET)
    by_amount = request.GET.get("sort") == "amount"
    return {"shelf": shelf, "facets": shelf.facets(), "slice": lists.paged(found, request.GET), "by_amount": by_amount}


@shown.register
def offer(page: Opportunity, request: HttpRequest) -> dict[str, Any]:
    others = lists.live(Opportunity, page.locale).filter(sector=page.sector).exclude(pk=page.pk)
    return {"others": others.order_by("-updated")[:3]}
