"""Numbers of persons where people write them among words: ID numbers and mobile telephones."""

from __future__ import annotations

import re

NUMBERS = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)", re.ASCII)
HIDDEN = "***"


def hidden(text: str) -> str:
    """The text with every such number taken out."""
    return NUMBERS.sub(HIDDEN, text)
