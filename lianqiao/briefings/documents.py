"""The door to documents, for pages, the command line and the API: which templates there are, and a template written out.

for one in SHIPPED: one.code, one.name, one.about, one.docx
about = About.of(node, start, until, known)
made = write(template_bytes, about, words)       # raises NotWritten with all problems and their places
data = as_format(made.docx, "pdf", title)        # docx, pdf, html, xlsx
"""

from __future__ import annotations

from collections.abc import Mapping

from lianqiao.briefings import sheets, typesetting, webpage
from lianqiao.briefings.book import About
from lianqiao.briefings.filling import Filled, NotWritten, fill, texts_of
from lianqiao.briefings.gathered import Problem
from lianqiao.briefings.shipped import SHIPPED, Shipped, by_name
from lianqiao.briefings.words import known_names

FORMATS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Formats with their media types."""


def write(template: bytes, about: About, words: Mapping[str, str] | None = None) -> Filled:
    """A template (a .docx) filled for a node, period and moment. words: what people wrote for its 文(名, 原文).

    Raises NotWritten: `problems` tells each with its place (第7段, 第1张表第2行第3格) and text.
    """
    return fill(template, about, words)


def as_format(docx: bytes, kind: str, title: str) -> bytes:
    """A finished document in another format. KeyError for a format that there is not."""
    made = {
        "docx": lambda: docx,
        "pdf": lambda: typesetting.pdf(docx),
        "html": lambda: webpage.page(docx, title).encode("utf-8"),
        "xlsx": lambda: sheets.workbook(docx, title),
    }
    return made[kind]()


__all__ = [
    "FORMATS", "SHIPPED", "About", "Filled", "NotWritten", "Problem", "Shipped", "as_format", "by_name", "known_names",
    "texts_of", "write",
]  # fmt: skip
