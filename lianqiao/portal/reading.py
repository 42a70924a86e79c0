"""Articles of another site, read from a folder of its HTML files or from its feed (RSS, Atom), as plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from bs4 import BeautifulSoup, Tag
from bs4.element import PreformattedString

SECTIONS = {"文字新闻": "words", "图片新闻": "pictures", "视频新闻": "video"}
KEPT = {
    "p": "p", "h2": "h2", "h3": "h3", "h4": "h3", "ul": "ul", "ol": "ol", "li": "li", "b": "b", "strong": "b", "i": "i", "em": "i",
    "blockquote": "blockquote",
}  # fmt: skip
BLOCKS = ("p", "h2", "h3", "h4", "ul", "ol", "blockquote", "img")
ADDRESSES = ("http", "https")
SPACE = re.compile(r"\s+")
DAY = re.compile(r"(\d{4})[-年./](\d{1,2})[-月./](\d{1,2})")
LABELLED = {
    "dated": re.compile(r"(?:发布时间|发布日期|日期|时间)\s*[:：]\s*(\d{4}[-年./]\d{1,2}[-月./]\d{1,2})"),
    "source": re.compile(r"来源\s*[:：]\s*([^\s|　]+)"),
    "zone": re.compile(r"(?:发布开发区|发布单位)\s*[:：]\s*([^\s|　]+)"),
}
ATOM = "{http://www.w3.org/2005/Atom}"
DC, CONTENT = "{http://purl.org/dc/elements/1.1/}", "{http://purl.org/rss/1.0/modules/content/}"


class Unreadable(ValueError):
    """The file is no feed, or there is nothing to read in the folder. The message says which (Chinese)."""


@dataclass(frozen=True)
class Item:
    """One article. path: its old address, without the host. parts: rich text, or an image's file beside the article.

    missing: what it ought to have and has not (Chinese).
    """

    title: str
    dated: date | None
    path: str
    source: str = ""
    zone: str = ""
    city: str = ""
    section: str = "words"
    parts: list[str | Path] = field(default_factory=list)
    file: str = ""

    @property
    def missing(self) -> str:
        wanted = (("标题", self.title), ("日期", self.dated), ("正文", self.parts))
        return "、".join(name for name, there in wanted if not there)


def read(source: Path) -> list[Item]:
    """The articles of a folder or a feed, the earliest first. Raises Unreadable."""
    found = folder(source) if source.is_dir() else feed(source)
    return sorted(found, key=lambda item: (item.dated or date.min, item.path))


# HTML ------------------------------------------------------------------------------------------------------------------


def folder(source: Path) -> list[Item]:
    files = sorted(path for path in source.rglob("*") if path.suffix.lower() in (".html", ".htm"))
    if not files:
        raise Unreadable(f"{source} 里没有 HTML 文件。")
    return [page(path, source) for path in files]


def page(path: Path, root: Path) -> Item:
    """One HTML file, in whatever encoding it says."""
    soup = BeautifulSoup(path.read_bytes(), "html.parser")
    for noise in soup(["script", "style", "nav", "footer", "form"]):
        if noise.name != "nav" or not crumbs_of(noise):
            noise.decompose()
    text, crumbs = soup.get_text(" "), crumbs_in(soup)
    body = content(soup)
    return Item(
        title=heading(soup), dated=published(soup, text), path=old_address(soup, path, root),
        source=meta(soup, "source") or labelled("source", text), zone=labelled("zone", text), city=city_of(crumbs),
        section=next((SECTIONS[one] for one in crumbs if one in SECTIONS), "words"),
        parts=list(parts(body, path.parent)) if body else [], file=str(path.relative_to(root)),
    )  # fmt: skip


def heading(soup: BeautifulSoup) -> str:
    held = soup.h1 or soup.title
    return " ".join((held.get_text(" ") if held else meta(soup, "og:title")).split())[:200]


def meta(soup: BeautifulSoup, name: str) -> str:
    held = soup.find("meta", attrs={"property": name}) or soup.find("meta", attrs={"name": name})
    return str(held.get("content") or "").strip() if isinstance(held, Tag) else ""


def labelled(name: str, text: str) -> str:
    found = LABELLED[name].search(text)
    return found[1].strip()[:80] if found else ""


def published(soup: BeautifulSoup, text: str) -> date | None:
    stamp = soup.find("time")
    told = [
        meta(soup, "article:published_time"), labelled("dated", text), meta(soup, "pubdate"),
        str(stamp.get("datetime") or "") if isinstance(stamp, Tag) else "",
    ]  # fmt: skip
    return next((found for one in told if (found := day(one))), None)


def day(text: str) -> date | None:
    """A date written with hyphens, 年月日, dots or strokes."""
    found = DAY.search(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def crumbs_in(soup: BeautifulSoup) -> list[str]:
    """The path 首页 > 开发区新闻 > 泰州 > 文字新闻, wherever it stands."""
    return next((found for tag in soup.find_all(["nav", "div", "p", "ol", "ul"]) if (found := crumbs_of(tag))), [])


def crumbs_of(tag: Tag) -> list[str]:
    pieces = [piece for piece in re.split(r"[>›»/|\s]+", tag.get_text(" ")) if piece]
    return pieces if 1 < len(pieces) < 9 and pieces[0] in ("首页", "当前位置：", "当前位置:", "您的位置：") else []


def city_of(crumbs: list[str]) -> str:
    """What stands between the news and its kind."""
    if "开发区新闻" not in crumbs:
        return ""
    after = crumbs[crumbs.index("开发区新闻") + 1 :]
    return after[0][:20] if after and after[0] not in SECTIONS else ""


def old_address(soup: BeautifulSoup, path: Path, root: Path) -> str:
    link = soup.find("link", rel="canonical")
    told = str(link.get("href") or "") if isinstance(link, Tag) else meta(soup, "og:url")
    return address_path(told) or "/" + path.relative_to(root).as_posix()


def address_path(address: str) -> str:
    """The part of an address after the host, as somebody's browser asks for it."""
    split = urlsplit(address.strip())
    return (unquote(split.path) + (f"?{split.query}" if split.query else "")) if split.path else ""


def content(soup: BeautifulSoup) -> Tag | None:
    """The article: marked as such, or the element with the most text in paragraphs of its own."""
    marked = soup.find("article") or soup.find(class_=re.compile("content|article|TRS_Editor", re.IGNORECASE))
    if isinstance(marked, Tag) and marked.find("p"):
        return marked
    return max(soup.find_all(["div", "td", "section", "main", "body"]), key=own_text, default=None)


def own_text(tag: Tag) -> int:
    return sum(len(p.get_text()) for p in tag.find_all("p", recursive=False))


def parts(body: Tag, beside: Path | None) -> Iterator[str | Path]:
    """Runs of rich text between the pictures that lie beside the file."""
    run: list[str] = []
    for tag in body.find_all(BLOCKS):
        if any(above.name in BLOCKS for above in tag.parents if above is not body and isinstance(above, Tag)):
            continue
        pictures = [tag] if tag.name == "img" else tag.find_all("img")
        run += [written] if tag.name != "img" and (written := rich(tag)) else []
        for found in filter(None, [file_of(one, beside) for one in pictures]):
            yield from ["".join(run)] if run else []
            run = []
            yield found
    yield from ["".join(run)] if run else []


def file_of(image: Tag, beside: Path | None) -> Path | None:
    source = unquote(str(image.get("src") or ""))
    path = beside / source if beside and source and "://" not in source and not source.startswith("/") else None
    return path if path and path.is_file() else None


def rich(tag: Tag) -> str:
    """The element in the few tags that an article's text may have; a line that only repeats labels is none of it."""
    inner = "".join(piece(one) for one in tag.children).strip()
    if not inner or LABELLED["dated"].search(tag.get_text()) or tag.get_text().strip() in SECTIONS:
        return ""
    return f"<{KEPT[tag.name]}>{inner}</{KEPT[tag.name]}>"


def piece(node: Any) -> str:
    if not isinstance(node, Tag):
        return "" if isinstance(node, PreformattedString) else escaped(SPACE.sub(" ", str(node)))
    inner = "".join(piece(one) for one in node.children)
    if node.name == "a" and urlsplit(str(node.get("href") or "")).scheme in ADDRESSES:
        return f'<a href="{escaped(str(node["href"]))}">{inner}</a>'
    if node.name == "br":
        return "<br/>"
    return f"<{KEPT[node.name]}>{inner}</{KEPT[node.name]}>" if node.name in KEPT and inner.strip() else inner


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


# Feeds -----------------------------------------------------------------------------------------------------------------


def feed(source: Path) -> list[Item]:
    try:
        root = ElementTree.fromstring(source.read_bytes())  # noqa: S314 - expat refuses entities that explode
    except ElementTree.ParseError as error:
        raise Unreadable(f"{source.name} 不是 RSS 或 Atom（{error}）。") from error
    entries = root.findall(f".//{ATOM}entry") or root.findall(".//item")
    if not entries:
        raise Unreadable(f"{source.name} 里没有条目。")
    return [entry(one) for one in entries]


def entry(one: ElementTree.Element) -> Item:
    categories = [
        told
        for tag in (f"{ATOM}category", "category")
        for el in one.findall(tag)
        if (told := el.get("term") or el.text)
    ]
    body = BeautifulSoup(
        first(one, f"{CONTENT}encoded", f"{ATOM}content", "description", f"{ATOM}summary"), "html.parser"
    )
    link = one.find(f"{ATOM}link")
    return Item(
        title=first(one, f"{ATOM}title", "title").strip()[:200],
        dated=moment(first(one, f"{ATOM}published", "pubDate", f"{ATOM}updated", f"{DC}date")),
        path=address_path((link.get("href") or "") if link is not None else first(one, "link", "guid")),
        source=first(one, f"{ATOM}author/{ATOM}name", f"{DC}creator", "author").strip()[:80],
        zone=next((told for told in categories if told not in SECTIONS), ""),
        section=next((SECTIONS[told] for told in categories if told in SECTIONS), "words"),
        parts=list(parts(body, None)) or [f"<p>{escaped(body.get_text(' ').strip())}</p>"] if body.get_text().strip() else [],
    )  # fmt: skip


def first(one: ElementTree.Element, *paths: str) -> str:
    return next((told for path in paths if (told := one.findtext(path))), "")


def moment(text: str) -> date | None:
    """A feed's date: of RFC 2822 (RSS) or ISO (Atom)."""
    if found := day(text):
        return found
    try:
        return parsedate_to_datetime(text).date()
    except ValueError:
        return None


def wanting(items: Iterable[Item]) -> list[Item]:
    """Those that cannot be taken in."""
    return [item for item in items if item.missing]
