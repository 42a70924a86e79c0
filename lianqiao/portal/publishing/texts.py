"""What a page says: its fields as one text, and where in it figures stand that were fixed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from wagtail.blocks import BoundBlock
from wagtail.models import Page
from wagtail.rich_text import RichText

from lianqiao.portal.publishing.models import PublishedFigure

BREAKS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "blockquote", "figure", "figcaption", "br", "hr", "div",
          "table", "tr", "td", "th"}  # fmt: skip
LINK = "figure"
"""The kind of link by which rich text refers to a figure: <a linktype="figure" id="12">113批</a>."""


@dataclass(frozen=True)
class Quoted:
    """A figure in a text: which one, and the characters that give it (start and end count characters)."""

    figure: int
    start: int
    end: int


@dataclass
class Told:
    """A page as text. blocks: figures that stand by themselves, whose numbers no text holds; each with what it tells beside."""

    text: str = ""
    quoted: list[Quoted] = field(default_factory=list)
    blocks: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def figures(self) -> list[int]:
        """Every figure in it, once, in the order of the text."""
        return list(dict.fromkeys([q.figure for q in self.quoted] + [block["figure"] for block in self.blocks]))

    def add(self, text: str) -> None:
        """A paragraph more."""
        self.text += f"{text.strip()}\n" if text.strip() else ""


class Reader(HTMLParser):
    """Rich text as Wagtail keeps it, put at the end of what was told before."""

    def __init__(self, told: Told) -> None:
        super().__init__(convert_charrefs=True)
        self.told = told
        self.open: tuple[int, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in BREAKS:
            self.break_line()
        number = given.get("id") or ""
        if tag == "a" and given.get("linktype") == LINK and number.isascii() and number.isdigit():
            self.open = int(number), len(self.told.text)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.open:
            self.told.quoted.append(Quoted(self.open[0], self.open[1], len(self.told.text)))
            self.open = None
        if tag in BREAKS:
            self.break_line()

    def handle_data(self, data: str) -> None:
        self.told.text += " ".join(data.splitlines())

    def break_line(self) -> None:
        if self.told.text and not self.told.text.endswith("\n"):
            self.told.text += "\n"


def read(page: Page, names: tuple[str, ...]) -> Told:
    """The title of a page and its fields of these names: text, rich text, or a stream of blocks."""
    told = Told()
    told.add(page.title)
    for name in names:
        add(told, getattr(page, name), rich=is_rich(page, name))
    return told


def is_rich(page: Page, name: str) -> bool:
    return type(page._meta.get_field(name)).__name__ == "RichTextField"


def add(told: Told, value: Any, *, rich: bool = False) -> None:
    """Reads a value of a field or block into `told`. What holds no words (pictures, choices, dates) is passed over."""
    if isinstance(value, RichText):
        value, rich = value.source, True
    if isinstance(value, str):
        if rich:
            reader = Reader(told)
            reader.feed(value)
            reader.close()
            reader.break_line()
        else:
            told.add(value)
        return
    for part in inner(told, value):
        add(told, part)


def inner(told: Told, value: Any) -> Iterator[Any]:
    """The parts of a block that holds others; a figure that stands by itself is noted."""
    if isinstance(value, Mapping):
        if isinstance(value.get("figure"), PublishedFigure):
            told.blocks.append({**value, "figure": value["figure"].pk})
        yield from value.values()
    elif isinstance(value, Sequence):
        yield from (part.value if isinstance(part, BoundBlock) else part for part in value)
