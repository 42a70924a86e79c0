"""The public site under load: home, lists, articles and search with many articles, to eight people at once on the real
server; and Wagtail's plainest page on the same machine, as the measure of what a page of Django costs there."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.desk import PEOPLE, SECONDS, TODAY, measured, wagtail
from benchmarks.results import Results
from tests.crowd.site import served

ARTICLES = 10_000
SEED = 20_211_012
AT_ONCE = 500  # articles in one database transaction
READ = 60  # articles that are read by turns
WORDS = (
    "冷链", "苹果", "分选", "气调库", "园区", "厂房", "招商", "签约", "劳务", "培训", "订单", "码头", "物流", "干部", "学校", "医院",
    "合作社", "村集体", "帮扶", "考察", "项目", "验收", "投产", "用地", "产业", "农户", "仓储", "设备", "示范", "协议",
)  # fmt: skip
SOUGHT = ("冷链", "苹果 分选", "厂房", "园区招商", "气调库", "劳务培训", "村集体", "没有的词语")
CITIES = ("泰州", "咸阳", "苏州", "铜川")


def run(results: Results, folder: Path, articles: int) -> None:
    """Fills the site, then reads every kind of page."""
    build(articles)
    told = f"{articles:,} articles, {PEOPLE} people at once, {SECONDS} s each"
    with served(folder, LIANQIAO_TODAY=TODAY) as port:
        for kind, addresses in pages().items():
            measured(results, kind, port, "", addresses, told)
    with wagtail() as port:
        if port is None:
            results.add("Wagtail's plainest page", "—", "pip install -r requirements-bench.txt")
        else:
            measured(results, "Wagtail's plainest page", port, "", ["/"], "one title, no session, the same server")


def build(articles: int) -> None:
    """Zones, and articles below them and in the list of news, in words that are looked for; the same ones for a seed."""
    from django.db import transaction

    from lianqiao.portal.models import Article, NewsIndex, Zone, ZoneIndex

    begun, chance = time.perf_counter(), Random(SEED)
    zones = [
        added(ZoneIndex, Zone(title=f"{city}示例开发区", slug=f"zone-{n}", city=city, summary="临江的示例开发区。"))
        for n, city in enumerate(CITIES)
    ]
    above = cycle([NewsIndex.objects.get(locale__language_code="zh-hans").pk, *(zone.pk for zone in zones)])
    for first in range(0, articles, AT_ONCE):
        with transaction.atomic():
            for n in range(first, min(first + AT_ONCE, articles)):
                below(next(above), article(Article, chance, n))
    sys.stdout.write(f"built in {time.perf_counter() - begun:.0f} s\n")


def article(model: Any, chance: Random, n: int) -> Any:
    words = chance.choices(WORDS, k=200)
    body = "".join("，".join(words[at : at + 8]) + "。" for at in range(0, 200, 8))
    return model(
        title="".join(words[:4]), slug=f"article-{n}", dated=date(2021, 12, 30) - timedelta(days=chance.randrange(1500)),
        section=chance.choice(model.Section.values), city=chance.choice(CITIES), source="示例来源",
        summary="，".join(words[4:12]) + "。", body=[("text", f"<p>{body}</p>")],
    )  # fmt: skip


def added(index: Any, page: Any) -> Any:
    return below(index.objects.get(locale__language_code="zh-hans").pk, page)


def below(above: int, page: Any) -> Any:
    from wagtail.models import Page

    parent = Page.objects.get(pk=above)
    page.locale = parent.locale
    return parent.add_child(instance=page)


def pages() -> dict[str, list[str]]:
    """The kinds of page, each with the addresses that are read by turns."""
    from lianqiao.portal.models import Article

    found = Article.objects.live().order_by("pk")
    read = list(islice(found.iterator(), 0, None, max(found.count() // READ, 1)))
    return {
        "home": ["/zh-hans/"],
        "list": ["/zh-hans/news/", "/zh-hans/news/?page=2", "/zh-hans/news/?page=9", "/zh-hans/news/?section=words"],
        "article": [page.url for page in read],
        "search": [f"/zh-hans/search/?q={words}" for words in quoted(SOUGHT)],
        "zone": [f"/zh-hans/zones/zone-{n}/" for n in range(len(CITIES))],
    }


def quoted(words: Sequence[str]) -> list[str]:
    from urllib.parse import quote

    return [quote(one) for one in words]
