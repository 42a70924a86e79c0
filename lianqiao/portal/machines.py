"""What machines read of the public site: feeds, the map of all pages, and where robots may go."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Locale, Page

from lianqiao.portal import lists
from lianqiao.portal.models import Article, HomePage, Opportunity
from lianqiao.portal.sharing import CODES

FEED_LENGTH = 30
SITEMAP, XHTML = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.w3.org/1999/xhtml"
MOST_ADDRESSES = 50_000  # in one file, by the standard
# The desk asks everybody to sign in; there is nothing for a robot.
CLOSED = ("/editors/", "/desk/", "/sign-in/", "/api/", "/documents/authenticate_with_password/")


class Latest[Item: (Article, Opportunity)](Feed[Item, Any]):
    """The latest pages of a kind, each with its title, its sentence and its address."""

    feed_type: type[SyndicationFeed] = Rss201rev2Feed

    def item_title(self, item: Item) -> str:
        return item.title

    def item_description(self, item: Item) -> str:
        return item.summary

    def item_link(self, item: Item) -> str:
        return str(item.url)


class News(Latest[Article]):
    """The latest news, narrowed down as the list is: ?city=泰州&section=words."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> lists.Shelf:
        return lists.news_shelf(Locale.get_active(), request.GET)

    def title(self, shelf: lists.Shelf) -> str:
        chosen = [choice.name for facet in shelf.facets() for choice in facet.chosen]
        return " · ".join([_("开发区新闻"), *chosen])

    def link(self, shelf: lists.Shelf) -> str:
        return f"/{get_language()}/news/" + (f"?{shelf.query()}" if shelf.query() else "")

    def description(self, shelf: lists.Shelf) -> str:
        home = HomePage.objects.filter(locale=Locale.get_active()).first()
        return home.about if home else ""

    def items(self, shelf: lists.Shelf) -> Iterable[Article]:
        return lists.news(Locale.get_active(), shelf)[:FEED_LENGTH]

    def item_pubdate(self, item: Article) -> datetime:
        return at_noon(item.dated)

    def item_author_name(self, item: Article) -> str | None:
        return item.source or (item.issuer.title if item.issuer else None)


class NewsAtom(News):
    feed_type = Atom1Feed
    subtitle = News.description


class Offers(Latest[Opportunity]):
    """The opportunities, the last updated first, narrowed down as their list is."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> tuple[lists.Shelf, Any]:
        return lists.offers_shelf(Locale.get_active(), request.GET), request.GET

    def title(self, asked: tuple[lists.Shelf, Any]) -> str:
        return _("投资机会")

    def link(self, asked: tuple[lists.Shelf, Any]) -> str:
        return f"/{get_language()}/opportunities/"

    def description(self, asked: tuple[lists.Shelf, Any]) -> str:
        return _("做什么、在哪里、要多少、找谁来、谈到哪一步。")

    def items(self, asked: tuple[lists.Shelf, Any]) -> Iterable[Opportunity]:
        return lists.offers(Locale.get_active(), *asked)[:FEED_LENGTH]

    def item_pubdate(self, item: Opportunity) -> datetime:
        return at_noon(item.updated)


def at_noon(day: Any) -> datetime:
    """A date as a moment that is that date in every time zone where readers of the site live."""
    return timezone.make_aware(datetime.combine(day, time(12)))


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page in public, with its other languages (sitemaps.org, and Google's annotation of languages)."""
    ElementTree.register_namespace("", SITEMAP)
    ElementTree.register_namespace("xhtml", XHTML)
    root = ElementTree.Element(f"{{{SITEMAP}}}urlset")
    found = list(Page.objects.live().public().filter(depth__gt=1).select_related("locale")[:MOST_ADDRESSES])
    together: dict[Any, list[tuple[str, str]]] = {}
    for page in found:
        address = request.build_absolute_uri(page.get_url(request))
        together.setdefault(page.translation_key, []).append((CODES[page.locale.language_code], address))
    for page in found:
        entry(
            root,
            request.build_absolute_uri(page.get_url(request)),
            page.last_published_at,
            together[page.translation_key],
        )
    return HttpResponse(
        ElementTree.tostring(root, encoding="utf-8", xml_declaration=True), content_type="application/xml"
    )


def entry(root: ElementTree.Element, address: str, changed: datetime | None, languages: list[tuple[str, str]]) -> None:
    one = ElementTree.SubElement(root, f"{{{SITEMAP}}}url")
    ElementTree.SubElement(one, f"{{{SITEMAP}}}loc").text = address
    if changed:
        ElementTree.SubElement(one, f"{{{SITEMAP}}}lastmod").text = timezone.localtime(changed).isoformat(
            timespec="seconds"
        )
    for code, other in languages if len(languages) > 1 else ():
        ElementTree.SubElement(one, f"{{{XHTML}}}link", rel="alternate", hreflang=code, href=other)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    told = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    told += ["", f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(told), content_type="text/plain; charset=utf-8")


def feeds_of(locale: Locale) -> list[tuple[str, str]]:
    """What may be subscribed to: a name, and what follows news.rss or news.atom."""
    shelf = lists.news_shelf(locale, lists.QueryDict())
    kinds = [("section", _("类型")), ("city", _("地区")), ("issuer", _("发布开发区"))]
    found = [(_("全部新闻"), "")]
    for key, _name in kinds:
        found += [(one.name, "?" + urlencode({key: one.value})) for one in shelf.facet(key).choices]
    return found
