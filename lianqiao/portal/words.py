"""Words for the index of a search that knows no Chinese: runs of characters become overlapping pairs.

Both databases' indexes take what stands between spaces for a word. 冷链物流 is kept as 冷链 链物 物流, and asked for in the
same way, so that any two characters that follow each other are found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇"
PIECES = re.compile(rf"[{HAN}]+|[a-z0-9]+", re.IGNORECASE)
TAGS = re.compile(r"<[^>]*>")
IS_HAN = re.compile(rf"[{HAN}]")


def segmented(text: str) -> str:
    """The words of a text, each one apart, as the index keeps them."""
    return " ".join(words(text))


def words(text: str) -> Iterator[str]:
    for piece in PIECES.findall(text):
        if IS_HAN.match(piece) and len(piece) > 1:
            yield from (piece[at : at + 2] for at in range(len(piece) - 1))
        else:
            yield piece.lower()


def text_of(value: Any) -> str:
    """The readable text of a page's field: plain, rich text or blocks."""
    if value is None:
        return ""
    if hasattr(value, "stream_block"):
        value = " ".join(str(part) for part in value.stream_block.get_searchable_content(value))
    return unescape(TAGS.sub(" ", str(value)))
