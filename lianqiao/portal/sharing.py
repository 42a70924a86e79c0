"""What a page says of itself to machines: its address in each language, its picture, and what kind of thing it is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

CODES = {"zh-hans": "zh-CN", "en": "en"}


def of(page: Any, request: HttpRequest) -> dict[str, Any]:
    """For the page's head and masthead."""
    own = {one.locale.language_code: one.url for one in in_languages(page)}
    there = {code: own.get(code) or f"/{code}/" for code, _ in settings.LANGUAGES}
    return {
        "canonical": request.build_absolute_uri(page.url or request.path),
        "alternates": [(CODES[code], request.build_absolute_uri(url)) for code, url in own.items()],
        "language_switch": [(code, name, there[code]) for code, name in settings.LANGUAGES],
    }


def in_languages(page: Page) -> list[Page]:
    """The page in every language that it is to be read in, itself included."""
    return list(Page.objects.live().public().filter(translation_key=page.translation_key).select_related("locale"))


def json_ld(data: dict[str, Any]) -> SafeString:
    """A block of data for search engines: nothing in it can end the block or be run."""
    told = json.dumps({"@context": "https://schema.org"} | data, ensure_ascii=False)
    for sign, written in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        told = told.replace(sign, written)
    return mark_safe(f'<script type="application/ld+json">{told}</script>')  # noqa: S308


def breadcrumbs(trail: Iterable[tuple[str, str]], request: HttpRequest) -> dict[str, Any]:
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": name, "item": request.build_absolute_uri(url)}
            for at, (name, url) in enumerate(trail, 1)
        ],
    }
