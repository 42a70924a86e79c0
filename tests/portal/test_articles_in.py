"""Taking in another site's articles."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lianqiao.portal import bringing, founding, reading, words
from lianqiao.portal.models import Article
from tests.portal.site import zone

PAGE = """<html><head><meta charset="gbk"><title>旧站</title></head><body>
<div>首页 > 开发区新闻 > 泰州 > 图片新闻</div>
<h1>旧站的一条消息</h1><p>发布时间：2019年8月7日 来源:旧站编辑部 发布开发区：临港开发区</p>
<div class="content"><p>第一段，<b>要紧</b>。</p><p><img src="a.png"></p>
<script>alert(1)</script><p onclick="x()">第二段<a href="javascript:x()">点</a>。</p></div>
</body></html>"""
RSS = """<rss version="2.0"><channel><title>旧站</title><item><title>{title}</title><link>https://old.example/n/12.html?id=3</link>
<pubDate>Wed, 07 Aug 2019 09:00:00 +0800</pubDate><category>图片新闻</category><category>临港开发区</category>
<description>&lt;p&gt;一段话。&lt;/p&gt;</description></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>甲</title><link href="https://old.example/a"/>
<published>2019-08-07T09:00:00+08:00</published>
<author><name>乙</name></author><content type="html">&lt;p&gt;丙&lt;/p&gt;</content></entry></feed>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    held = tmp_path / "news" / "2019"
    held.mkdir(parents=True)
    (held / "c1-9.html").write_bytes(PAGE.encode("gbk"))
    Image.new("RGB", (4, 4)).save(held / "a.png")
    return tmp_path


def test_a_page_of_html_is_read_with_date_source_zone_city_and_kind(folder: Path) -> None:
    (item,) = reading.read(folder)
    assert (item.title, item.dated, item.source) == ("旧站的一条消息", date(2019, 8, 7), "旧站编辑部")
    assert (item.zone, item.city, item.section) == ("临港开发区", "泰州", "pictures")
    assert item.path == "/news/2019/c1-9.html"
    assert item.parts == ["<p>第一段，<b>要紧</b>。</p>", folder / "news/2019/a.png", "<p>第二段点。</p>"]


def test_feeds_of_both_kinds_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(RSS.format(title="甲"), encoding="utf-8")
    (rss,) = reading.read(tmp_path / "a.xml")
    assert (rss.path, rss.dated, rss.section, rss.zone) == (
        "/n/12.html?id=3",
        date(2019, 8, 7),
        "pictures",
        "临港开发区",
    )
    (tmp_path / "b.xml").write_text(ATOM, encoding="utf-8")
    (atom,) = reading.read(tmp_path / "b.xml")
    assert (atom.path, atom.dated, atom.source, atom.parts) == ("/a", date(2019, 8, 7), "乙", ["<p>丙</p>"])


@pytest.mark.parametrize("text", ["", "<html><body>x</body></html>", "<rss><channel/></rss>", "不是"])
def test_what_is_no_feed_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.xml").write_text(text, encoding="utf-8")
    with pytest.raises(reading.Unreadable):
        reading.read(tmp_path / "x.xml")


@pytest.mark.django_db
def test_an_article_goes_below_its_zone_and_its_old_address_leads_there_once(folder: Path) -> None:
    founding.found()
    port = zone("port", "临港开发区")
    taken = bringing.take(reading.read(folder), "zh-hans")
    assert (taken.live, taken.drafts, taken.refused) == (["/news/2019/c1-9.html"], [], [])
    made = Article.objects.get()
    assert (made.issuer, made.get_parent().pk, made.dated, made.source) == (
        port,
        port.pk,
        date(2019, 8, 7),
        "旧站编辑部",
    )
    moved = Client().get("/news/2019/c1-9.html")
    assert (moved.status_code, moved["Location"]) == (301, made.url)
    text = Client().get(made.url).content.decode()
    assert "<b>要紧</b>" in text
    assert "/media/images/" in text
    assert "onclick" not in text
    assert bringing.take(reading.read(folder), "zh-hans").known == ["/news/2019/c1-9.html"]


@pytest.mark.django_db
def test_what_lacks_a_date_is_told_and_left(tmp_path: Path) -> None:
    founding.found()
    (tmp_path / "x.html").write_text("<h1>没有日期</h1><article><p>话。</p></article>", encoding="utf-8")
    assert bringing.take(reading.read(tmp_path), "zh-hans").refused == [("/x.html", "没有日期")]


HAN = st.text("冷链物流专线苹果〇㐀", min_size=2, max_size=12)


@given(HAN, st.integers(0, 10), st.integers(2, 12))
def test_any_part_of_two_characters_or_more_has_its_words_among_those_of_the_whole(
    text: str, at: int, most: int
) -> None:
    start = min(at, len(text) - 2)
    assert set(words.words(text[start : start + most])) <= set(words.words(text))


def test_words_are_pairs_of_characters_and_whole_latin_words() -> None:
    assert words.segmented("冷链物流ABC，2021年") == "冷链 链物 物流 abc 2021 年"
