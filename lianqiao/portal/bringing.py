"""Taking in another site's articles: each becomes a page, and its old address leads there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction as database
from django.utils.text import slugify
from wagtail.contrib.redirects.models import Redirect
from wagtail.images.models import Image
from wagtail.models import Locale, Page, Site

from lianqiao.portal.machines import at_noon
from lianqiao.portal.models import Article, NewsIndex, Zone
from lianqiao.portal.publishing.checking import NumbersDiffer
from lianqiao.portal.reading import Item


@dataclass
class Taken:
    """What came of it. drafts: those whose numbers differ from the journal, which wait for an editor."""

    live: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def take(items: Iterable[Item], language: str, zone: Zone | None = None) -> Taken:
    """Makes a page of each article that is not there yet: below the zone that it names, else below `zone`, else the news."""
    locale, site = Locale.objects.get(language_code=language), Site.objects.get(is_default_site=True)
    news, zones = NewsIndex.objects.get(locale=locale), {one.title: one for one in Zone.objects.filter(locale=locale)}
    taken = Taken()
    for item in items:
        name = item.path or item.file or item.title
        if item.missing:
            taken.refused.append((name, f"没有{item.missing}"))
        elif Redirect.get_for_site(site).filter(old_path=Redirect.normalise_path(item.path)).exists():
            taken.known.append(name)
        else:
            public = add(item, zones.get(item.zone, zone) or news, locale, site)
            (taken.live if public else taken.drafts).append(name)
    return taken


@database.atomic
def add(item: Item, above: Page, locale: Locale, site: Site) -> bool:
    """Adds one article with its redirect, and says whether it went public."""
    assert item.dated is not None
    page = Article(
        title=item.title, slug=slug(item, above), locale=locale, dated=item.dated, section=item.section, source=item.source,
        city=item.city, body=[block(part) for part in item.parts], first_published_at=at_noon(item.dated),
        last_published_at=at_noon(item.dated),
    )  # fmt: skip
    public = True
    try:
        with database.atomic():
            place(above, page)
    except NumbersDiffer:
        public = False
        page = Article(**draft_of(page))
        place(above, page)
    page.save_revision(changed=not public)
    if item.path:
        Redirect.objects.create(
            old_path=Redirect.normalise_path(item.path), site=site, redirect_page=page, is_permanent=True
        )
    return public


def place(above: Page, page: Article) -> None:
    """Below a page as it now is: an object remembers how many pages lay below it, and goes wrong where one was taken back."""
    Page.objects.get(pk=above.pk).specific.add_child(instance=page)


def draft_of(page: Article) -> dict[str, object]:
    """The same article, not in public: its place in the tree is given anew."""
    kept = ("title", "slug", "locale", "dated", "section", "source", "city", "body")
    return {name: getattr(page, name) for name in kept} | {"live": False}


def slug(item: Item, above: Page) -> str:
    """From the end of the old address; numbered where that is taken."""
    told = slugify(Path(item.path.partition("?")[0]).stem) or f"{item.dated:%Y%m%d}"
    name, at = told[:200], 2
    while Page.objects.child_of(above).filter(slug=name).exists():
        name, at = f"{told[:200]}-{at}", at + 1
    return name


def block(part: str | Path) -> tuple[str, object]:
    if isinstance(part, str):
        return "text", part
    image = Image(title=part.name[:255], file=ContentFile(part.read_bytes(), name=part.name))
    image.save()
    return "picture", {"image": image, "alt": "", "caption": ""}
