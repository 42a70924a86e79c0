"""A small public site: two zones with an article and an opportunity each, in both languages where it says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from wagtail.models import Page

from lianqiao.portal.models import Article, NewsIndex, Opportunity, Zone, ZoneIndex


@dataclass(frozen=True)
class Pages:
    port: Zone
    park: Zone
    port_en: Zone
    article: Article
    article_en: Article
    other: Article
    offer: Opportunity
    draft: Article


def zone(slug: str, title: str, language: str = "zh-hans", **more: Any) -> Zone:
    above = ZoneIndex.objects.get(locale__language_code=language)
    told = {"city": "泰州", "summary": "临江的示例开发区。", "phone": "0523-0000 0000"} | more
    return add(above, Zone(slug=slug, title=title, locale=above.locale, **told))


def article(above: Page, slug: str, title: str, dated: date = date(2021, 10, 11), **more: Any) -> Article:
    told = {"summary": "一句摘要。", "body": [("text", "<p>正文。</p>")]} | more
    return add(above, Article(slug=slug, title=title, dated=dated, locale=above.locale, **told))


def offer(above: Page, slug: str, title: str, **more: Any) -> Opportunity:
    told = {
        "place": "示例镇",
        "sector": "cold",
        "mode": "股权合作",
        "updated": date(2021, 10, 1),
        "summary": "一句话。",
    } | more
    return add(above, Opportunity(slug=slug, title=title, locale=above.locale, **told))


def add[P: Page](above: Page, page: P) -> P:
    Page.objects.get(pk=above.pk).specific.add_child(instance=page)
    return page


def make_pages() -> Pages:
    port, park = zone("port", "临港开发区"), zone("park", "城西园区", city="咸阳")
    port_en = zone(
        "port", "Port Zone", "en", translation_key=port.translation_key, city="Taizhou", summary="On the river."
    )
    first = article(
        port, "cold-chain", "冷链专线开行", body=[("text", "<p>气调库的苹果装上车。</p>")], source="示例来源"
    )
    second = article(
        port_en, "cold-chain", "A cold-chain line opens", summary="Apples on the road.", body=[("text", "<p>Text.</p>")],
        translation_key=first.translation_key,
    )  # fmt: skip
    other = article(park, "workshop", "社区工厂复核", dated=date(2021, 10, 12), section="pictures")
    made = offer(port, "store", "气调库扩建", amount=680_000_000)
    draft = article(NewsIndex.objects.get(locale=port.locale), "secret", "还没有发布的消息", live=False)
    return Pages(port, park, port_en, first, second, other, made, draft)
