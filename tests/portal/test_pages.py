"""The pages of the public site, as somebody reads them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree

import html5lib
import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker
from wagtail.models import Page

from lianqiao.portal import founding
from lianqiao.portal.models import HomePage
from tests.portal.site import Pages, article, make_pages, offer

pytestmark = [pytest.mark.django_db, pytest.mark.data]
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
OWN = ("search/", "search/?q=冷链", "feeds/", "map/")


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Pages]:
    """The site, made once for all tests of the module; each is rolled back to it."""
    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()
        founding.found()
        pages = make_pages()
    yield pages
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def pages(made: Pages, db: None) -> Pages:
    return made


def read(address: str, status: int = 200) -> str:
    answer = Client().get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def addresses() -> list[str]:
    """Every page in public, and what else there is in each language."""
    found = [page.url for page in Page.objects.live().filter(depth__gt=1)]
    return found + [f"/{language}/{own}" for language in ("zh-hans", "en") for own in OWN]


def test_every_page_is_valid_html_with_one_heading_and_keeps_the_strict_policy(pages: Pages) -> None:
    for address in [*addresses(), "/zh-hans/nothing/"]:
        answer = Client().get(address)
        text = answer.content.decode()
        html5lib.HTMLParser(strict=True).parse(text)
        assert text.count("<h1") == 1, address
        assert "style=" not in text, address
        assert not re.search(r"<script(?![^>]*(src=|ld\+json))", text), address
        assert "unsafe-inline" not in answer["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers, address


def test_a_page_in_english_has_no_chinese_but_names(pages: Pages) -> None:
    own = re.compile(r'<(\w+)[^>]*lang="zh-CN"[^>]*>.*?</\1>|<script.*?</script>', re.DOTALL)
    for address in [one for one in addresses() if one.startswith("/en/") and "q=" not in one]:
        text = re.sub(r"<[^>]*>", " ", own.sub("", read(address)))
        assert not re.findall(r"[\u4e00-\u9fff]+", text), address


def test_an_article_stands_on_the_path_of_its_kind_with_its_neighbours(pages: Pages) -> None:
    text = read(pages.article.url)
    path = re.findall(r"<li[^>]*>(?:<a[^>]*>)?([^<]+)", re.search(r'<nav class="path".*?</nav>', text, re.DOTALL)[0])  # type: ignore[index]
    assert path == ["首页", "开发区新闻", "泰州", "文字新闻"]
    assert "来源：示例来源" in text
    assert 'datetime="2021-10-11"' in text
    assert f'href="{pages.other.url}" rel="next"' in text
    assert f'href="{pages.article.url}" rel="prev"' in read(pages.other.url)
    assert (pages.article.issuer, pages.article.city) == (pages.port, "泰州")


def test_a_page_names_itself_in_its_other_language_and_to_machines(pages: Pages) -> None:
    text = read(pages.article.url)
    assert f'hreflang="en" href="http://testserver{pages.article_en.url}"' in text
    assert f'<a href="{pages.article_en.url}" lang="en"' in text
    assert f'<link rel="canonical" href="http://testserver{pages.article.url}">' in text
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text)[1])  # type: ignore[index]
    news, path = data["@graph"]
    assert (news["@type"], news["datePublished"], news["author"]["name"]) == ("NewsArticle", "2021-10-11", "临港开发区")
    assert [one["name"] for one in path["itemListElement"]][-1] == "文字新闻"


def test_what_is_no_page_in_a_language_leads_to_that_languages_home(pages: Pages) -> None:
    assert '<a href="/en/" lang="en"' in read(pages.other.url)


def test_news_is_narrowed_down_with_counts(pages: Pages) -> None:
    text = read("/zh-hans/news/?city=泰州")
    assert "冷链专线开行" in text
    assert "社区工厂复核" not in text
    counts = dict(re.findall(r'<a href="[^"]*"(?: aria-current="true")?>([^<]+)<span class="n">(\d+)', text))
    assert (counts["泰州"], counts["咸阳"], counts["文字新闻"]) == ("1", "1", "1")
    assert "图片新闻" not in counts  # there is none of 泰州
    assert "没有符合这些条件的新闻" in read("/zh-hans/news/?city=泰州&section=pictures")
    assert "社区工厂复核" in read("/zh-hans/news/?city=火星")  # nothing there to choose


def test_a_long_list_has_pages(pages: Pages) -> None:
    for n in range(21):
        article(pages.port, f"n{n}", f"消息{n}", dated=date(2021, 9, 1))
    first, second = read("/zh-hans/news/"), read("/zh-hans/news/?page=2")
    assert (first.count("<time datetime="), second.count("<time datetime=")) == (20, 3)
    assert 'rel="next"' in first
    assert "第2页，共2页" in second
    assert "第2页，共2页" in read("/zh-hans/news/?page=99")


def test_opportunities_are_narrowed_down_by_several_at_once_and_sorted_by_amount(pages: Pages) -> None:
    offer(pages.park, "cloth", "服装线", sector="light", amount=2_000_000_000_000, stage="talks")
    text = read("/zh-hans/opportunities/?sector=light&sector=cold&sort=amount")
    assert text.index("服装线") < text.index("气调库扩建")
    assert "200.00<small>亿元</small>" in text
    assert "680<small>万元</small>" in text
    assert "服装线" not in read("/zh-hans/opportunities/?sector=light&amount=small")


def test_nothing_that_is_not_published_is_shown_anywhere(pages: Pages) -> None:
    read(f"/zh-hans/news/{pages.draft.slug}/", 404)
    for address in [*addresses(), "/zh-hans/search/?q=还没有发布", "/zh-hans/feeds/news.rss", "/sitemap.xml"]:
        text = read(address)
        assert pages.draft.title not in text, address
        assert f"/{pages.draft.slug}/" not in text, address


def test_an_address_that_is_none_leads_on(pages: Pages) -> None:
    text = read("/zh-hans/zones/冷链/", 404)
    assert pages.article.url in text
    assert "没有这一页" in text
    assert "地址由四段组成" in read("/nothing/", 404)  # the desk's own


def test_feeds_are_well_formed_and_narrowed_down_as_the_list_is(pages: Pages) -> None:
    rss = ElementTree.fromstring(read("/zh-hans/feeds/news.rss?city=泰州"))
    assert [one.findtext("title") for one in rss.iter("item")] == ["冷链专线开行"]
    assert rss.findtext("channel/item/pubDate") == "Mon, 11 Oct 2021 12:00:00 +0800"
    atom = ElementTree.fromstring(read("/en/feeds/news.atom"))
    assert [one.findtext(f"{ATOM}title") for one in atom.iter(f"{ATOM}entry")] == ["A cold-chain line opens"]
    offers = ElementTree.fromstring(read("/zh-hans/feeds/opportunities.rss"))
    assert [one.findtext("link") for one in offers.iter("item")] == [f"http://testserver{pages.offer.url}"]


def test_the_sitemap_lists_every_page_and_robots_find_it(pages: Pages) -> None:
    found = [one.text for one in ElementTree.fromstring(read("/sitemap.xml")).iter(f"{SITEMAP}loc")]
    assert set(found) == {f"http://testserver{page.url}" for page in Page.objects.live().filter(depth__gt=1)}
    assert "Sitemap: http://testserver/sitemap.xml" in read("/robots.txt")


@pytest.mark.parametrize(
    ("asked", "found"),
    [("冷链", ["冷链专线开行"]), ("专线开行", ["冷链专线开行"]), ("调库", ["气调库扩建", "冷链专线开行"]), ("链专 苹果", ["冷链专线开行"]),
     ("链气", []), ("'; DROP TABLE", []), ('") OR *', []), ("", [])],
)  # fmt: skip
def test_any_two_characters_are_found_in_titles_and_texts_titles_first(
    pages: Pages, asked: str, found: list[str]
) -> None:
    answer = Client().get("/zh-hans/search/", {"q": asked})
    assert [one["page"].title for one in answer.context["hits"]] == found


def test_hits_are_marked_and_safe(pages: Pages) -> None:
    article(
        pages.port, "tags", "冷链<b>甲</b>", body=[("text", "<p>一段很长的话。" + "话" * 80 + "在这里说冷链。</p>")]
    )
    text = read("/zh-hans/search/?q=冷链")
    assert "<mark>冷链</mark>&lt;b&gt;" in text
    assert "在这里说<mark>冷链</mark>" in text


def test_a_page_that_is_taken_back_is_no_longer_found(pages: Pages) -> None:
    pages.article.unpublish()
    assert Client().get("/zh-hans/search/", {"q": "专线"}).context["found"].total == 0


def test_the_founding_acts_once(pages: Pages) -> None:
    before = Page.objects.count()
    founding.found()
    assert (Page.objects.count(), HomePage.objects.count()) == (before, 2)
