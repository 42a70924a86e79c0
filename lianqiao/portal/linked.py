"""What a page says of itself in the words of schema.org (JSON-LD)."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from django.http import HttpRequest
from wagtail.models import Page

from lianqiao.portal.models import Article, HomePage, Opportunity, Zone
from lianqiao.portal.sharing import CODES


@singledispatch
def described(page: Page, request: HttpRequest) -> dict[str, Any]:
    return {"@type": "WebPage", "name": page.title, "inLanguage": CODES[page.locale.language_code]}


@described.register
def home(page: HomePage, request: HttpRequest) -> dict[str, Any]:
    address = request.build_absolute_uri(f"/{page.locale.language_code}/")
    return {
        "@type": "WebSite", "name": page.site_name, "url": address, "description": page.about,
        "inLanguage": CODES[page.locale.language_code],
        "potentialAction": {
            "@type": "SearchAction", "target": f"{address}search/?q={{search_term_string}}",
            "query-input": "required name=search_term_string",
        },
    }  # fmt: skip


@described.register
def article(page: Article, request: HttpRequest) -> dict[str, Any]:
    told = {
        "@type": "NewsArticle", "headline": page.title, "description": page.summary,
        "datePublished": page.dated.isoformat(), "inLanguage": CODES[page.locale.language_code],
        "mainEntityOfPage": request.build_absolute_uri(page.url),
    }  # fmt: skip
    if page.last_published_at:
        told["dateModified"] = page.last_published_at.isoformat()
    if page.issuer or page.source:
        told["author"] = {"@type": "Organization", "name": page.issuer.title if page.issuer else page.source}
    return told


@described.register
def zone(page: Zone, request: HttpRequest) -> dict[str, Any]:
    told = {
        "@type": "AdministrativeArea" if page.kind == Zone.Kind.PLACE else "Organization", "name": page.title,
        "description": page.summary, "url": request.build_absolute_uri(page.url),
    }  # fmt: skip
    if page.phone:
        told["telephone"] = page.phone
    return told


@described.register
def opportunity(page: Opportunity, request: HttpRequest) -> dict[str, Any]:
    told: dict[str, Any] = {
        "@type": "Demand", "name": page.title, "description": page.summary, "url": request.build_absolute_uri(page.url),
        "areaServed": page.place,
    }  # fmt: skip
    if page.area:
        told["seller"] = {"@type": "Organization", "name": page.area.title}
    return told
