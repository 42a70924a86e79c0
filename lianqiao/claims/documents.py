"""The readable text of a file: .txt, .md, .html, .docx and .pdf."""

import logging
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Protocol
from xml.etree import ElementTree

import pypdf

from lianqiao.claims.times import published_on

# What reading a .docx that is damaged or encrypted can end with.
DAMAGED = (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError)
LARGEST = 20_000_000
"""Bytes, of the file and of what a .docx unpacks to. An article has a few thousand characters."""


class Unreadable(ValueError):
    """The file cannot be read as text; the message says why, in Chinese, for the person who gave it."""


@dataclass(frozen=True)
class Document:
    """A document's text, and its own date (发布时间, 发布日期, 落款) where it states one."""

    text: str
    published: date | None = None


def text_of(path: Path) -> Document:
    """The text of the file at `path`, by its suffix. Raises Unreadable; OSError if there is no such file."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise Unreadable(
            _REFUSED.get(path.suffix.lower(), f"不支持的文件类型“{path.suffix}”，可读 .txt .md .html .docx .pdf。")
        )
    if path.stat().st_size > LARGEST:
        raise Unreadable(f"文件超过 {LARGEST // 1_000_000} MB。")
    return reader(path)


_REFUSED = {
    ".doc": "不能读取旧版 Word 文件，请另存为 .docx。",
    ".wps": "不能读取 WPS 文件，请另存为 .docx。",
}


def decoded(data: bytes) -> str:
    """Bytes as text: UTF-16 with its mark, UTF-8 with or without, else GB18030, the encodings of our offices."""
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable("不是文本文件，或不是 UTF-8、GB18030 编码。")


def _plain(path: Path) -> Document:
    text = decoded(path.read_bytes())
    return Document(text, published_on(text))


def _html(path: Path) -> Document:
    page = _Page()
    page.feed(decoded(path.read_bytes()))
    page.close()
    page.end_block()
    everything = "\n".join(block.text for block in page.blocks)
    return Document(page.readable(), page.published or published_on(everything))


_UNREAD = frozenset(
    [
        "script",
        "style",
        "head",
        "noscript",
        "template",
        "svg",
        "nav",
        "footer",
        "aside",
        "button",
        "select",
        "iframe",
        "textarea",
    ]
)
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_INLINE = frozenset(
    "a abbr b bdi big cite code em font i ins kbd label mark q s small span strong sub sup time u".split()  # noqa: SIM905
)
_META_DATES = frozenset(["pubdate", "publishdate", "article:published_time", "date"])
_ISO_DATE = re.compile(r"((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_ARTICLE = 200
"""Characters that an <article> or <main> must hold to be taken for the whole of what is to be read."""


@dataclass
class _Block:
    """A paragraph, cell or heading: its text, how much of that is links, and whether it stands in an article."""

    text: str = ""
    linked: int = 0
    in_article: bool = False


class _Page(HTMLParser):
    """Cuts a page into blocks of text; scripts, menus and forms are left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[_Block] = []
        self.block = _Block()
        self.unread = self.articles = self.links = 0
        self.published: date | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            self._note_date({name: value or "" for name, value in attrs})
        if tag not in _INLINE:
            self.end_block()
        if tag == "body":  # also where the head was never closed
            self.unread = 0
        if tag not in _VOID:
            self._count(tag, 1)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self.end_block()
        self._count(tag, -1)

    def handle_data(self, data: str) -> None:
        if self.unread:
            return
        self.block.text += data
        self.block.in_article = bool(self.articles)
        if self.links:
            self.block.linked += len(data.strip())

    def end_block(self) -> None:
        """Closes the block being read; blank ones are dropped."""
        if self.block.text.strip():
            self.block.text = re.sub(r"[ \t\r\n\xa0]{1,1000}", " ", self.block.text).strip()
            self.blocks.append(self.block)
        self.block = _Block()

    def readable(self) -> str:
        """The article if the page marks one, else all blocks that are not mostly links, a line each."""
        article = "\n".join(block.text for block in self.blocks if block.in_article)
        if len(article) >= _ARTICLE:
            return article
        return "\n".join(block.text for block in self.blocks if block.linked * 2 <= len(block.text))

    def _count(self, tag: str, by: int) -> None:
        # An end tag without its beginning must not open what was never closed: counters stay at 0 or above.
        if tag in _UNREAD:
            self.unread = max(0, self.unread + by)
        if tag in ("article", "main"):
            self.articles = max(0, self.articles + by)
        if tag == "a":
            self.links = max(0, self.links + by)

    def _note_date(self, attributes: dict[str, str]) -> None:
        name = attributes.get("name") or attributes.get("property") or ""
        match = _ISO_DATE.search(attributes.get("content", ""))
        if match and name.lower() in _META_DATES and not self.published:
            try:
                self.published = date(*(int(part) for part in match.groups()))
            except ValueError:
                self.published = None


_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def _docx(path: Path) -> Document:
    try:
        with zipfile.ZipFile(path) as parts:
            part = parts.getinfo("word/document.xml")
            if part.file_size > LARGEST:
                raise Unreadable(f"文件解压后超过 {LARGEST // 1_000_000} MB。")
            with parts.open(part) as file:
                data = file.read(LARGEST)
    except DAMAGED as error:
        raise Unreadable("不是完好的 .docx 文件，或已加密。") from error
    # Office files have no document type; one could only be there to make entities grow.
    if b"<!DOCTYPE" in data:
        raise Unreadable(".docx 文件里有不该有的 DOCTYPE。")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 (no document type, see above)
    except ElementTree.ParseError as error:
        raise Unreadable(".docx 文件的内容已损坏。") from error
    text = "".join(piece.text for piece in word_pieces(root))
    return Document(text, published_on(text))


class Element(Protocol):
    """What is needed of an XML element: ElementTree's and lxml's have it."""

    tag: Any
    text: str | None

    def iter(self, tag: str) -> Iterable[Any]: ...
    def __iter__(self) -> Iterator[Any]: ...


@dataclass
class WordPiece:
    """A stretch of a Word document's text, and the w:t element that holds it (None for what stands for tabs and breaks)."""

    text: str
    element: Any = None


def word_pieces(root: Element) -> list[WordPiece]:
    """The text of a Word document in pieces: a paragraph is a line; so is a table's row, its cells parted by tabs."""
    pieces: list[WordPiece] = []
    for line in _lines(root):
        if any(piece.text.strip() for piece in line):
            pieces += [*([WordPiece("\n")] if pieces else []), *line]
    return pieces


def _lines(root: Element) -> Iterator[list[WordPiece]]:
    pending: list[Any] = [root]
    while pending:
        element = pending.pop()
        if element.tag == f"{_WORD}p":
            yield _line(element)
        elif element.tag == f"{_WORD}tr":
            yield _row(element)
        elif element.tag != _FALLBACK:
            pending.extend(reversed(list(element)))


def _row(row: Element) -> list[WordPiece]:
    line: list[WordPiece] = []
    for number, cell in enumerate(child for child in row if child.tag == f"{_WORD}tc"):
        paragraphs = [inner for paragraph in cell.iter(f"{_WORD}p") if (inner := _line(paragraph))]
        spaced = [piece for inner in paragraphs for piece in (WordPiece(" "), *inner)][1:]
        line += [*([WordPiece("\t")] if number else []), *spaced]
    return line


_SIGNS = {f"{_WORD}tab": "\t", f"{_WORD}br": "\n", f"{_WORD}cr": "\n"}


def _line(paragraph: Element) -> list[WordPiece]:
    """A paragraph's pieces; a drawing's text box is read once, not again as its fallback."""
    line = []
    pending: list[Any] = [paragraph]
    while pending:
        element = pending.pop()
        if element.tag == f"{_WORD}t" and element.text:
            line.append(WordPiece(element.text, element))
        elif element.tag in _SIGNS:
            line.append(WordPiece(_SIGNS[element.tag]))
        elif element.tag != _FALLBACK:
            pending.extend(reversed(list(element)))
    return line


PAGES = 500
"""Pages read of a .pdf. A yearbook has fewer."""

_EDGE = 2
"""Page furniture stands in the first and the last so many lines of a page."""

_PAGE_NUMBER = re.compile(
    r"[-—–·•\s]{0,6}第?\s?\d{1,4}\s?(?:页|[/／]\s?\d{1,4}页?|(?:页\s?)?[,，]?\s?共\s?\d{1,4}\s?页)?[-—–·•\s]{0,6}"
)
_SPACED = re.compile(
    r"(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]) {1,3}(?=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef\d])"
)
_ENDS = re.compile(r"[。！？：；!?:;”）)》]$")
_FULL = 0.8
"""A line at least so long, of the longest on its page, and without an end, goes on in the next."""


def _pdf(path: Path) -> Document:
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns of every oddity of a file
    try:
        reader = pypdf.PdfReader(path)
        pages = [page.extract_text().splitlines() for page in reader.pages[:PAGES]]
    except Exception as error:  # pypdf raises whatever a broken file makes it raise
        raise Unreadable("不是完好的 PDF 文件，或已加密。") from error
    lines = [_joined(page) for page in _without_furniture(pages)]
    text = "\n".join(line for page in lines for line in page)
    if pages and not text.strip():
        raise Unreadable("PDF 里没有文字，可能是扫描件，请先识别成文字。")
    return Document(text, published_on(text))


def _without_furniture(pages: list[list[str]]) -> list[list[str]]:
    """The pages without page numbers, and without headers and footers, which stand on at least half of the pages."""
    stripped = [[_SPACED.sub("", line.strip()) for line in page if line.strip()] for page in pages]
    edges = Counter(re.sub(r"\d", "#", line) for page in stripped for line in {*page[:_EDGE], *page[-_EDGE:]})
    often = max(2, (len(stripped) + 1) // 2)

    def is_furniture(line: str) -> bool:
        return bool(_PAGE_NUMBER.fullmatch(line)) or edges[re.sub(r"\d", "#", line)] >= often

    kept = []
    for page in stripped:
        first, last = 0, len(page)
        while first < min(_EDGE, last) and is_furniture(page[first]):
            first += 1
        while last > max(len(page) - _EDGE, first) and is_furniture(page[last - 1]):
            last -= 1
        kept.append(page[first:last])
    return kept


def _joined(page: list[str]) -> list[str]:
    """A page's lines with those joined that a line's width cut in two."""
    longest = max(map(len, page), default=0)
    lines: list[str] = []
    open_line = False
    for line in page:
        if open_line:
            lines[-1] += line
        else:
            lines.append(line)
        open_line = len(line) >= longest * _FULL and not _ENDS.search(line)
    return lines


_READERS = {
    ".txt": _plain,
    ".md": _plain,
    ".html": _html,
    ".htm": _html,
    ".docx": _docx,
    ".pdf": _pdf,
}
