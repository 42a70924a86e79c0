"""Printing for people: tables whose columns stand straight with Chinese in them, and JSON for programs."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any


def as_json(data: Any) -> None:
    """One JSON document on standard output."""
    json.dump(data, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def as_line(data: Any) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")


def width(text: str) -> int:
    """Columns that a text takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
    """A table; the columns named in `right` are aligned right."""
    widths = [max(width(row[at]) for row in [heads, *rows]) for at in range(len(heads))]
    for row in (heads, ["─" * w for w in widths], *rows):
        cells = [pad(cell, widths[at], at in right) for at, cell in enumerate(row)]
        print("  ".join(cells).rstrip())


def pad(text: str, wanted: int, right: bool) -> str:
    space = " " * (wanted - width(text))
    return space + text if right else text + space


COLOURS = {"red": "31", "green": "32", "yellow": "33", "cyan": "36"}


def colour(text: str, name: str) -> str:
    """The text in a colour where standard output is a terminal."""
    return f"\x1b[{COLOURS[name]}m{text}\x1b[0m" if sys.stdout.isatty() else text
