"""The reader of texts: what a page of 2,000 characters costs, and whether 1 MB costs more for each of its characters."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from time import process_time

from benchmarks.results import READINGS, Line
from lianqiao.claims.reading import read
from lianqiao.claims.within import remarks

PASSAGES = Path(__file__).parent.parent / "tests" / "claims" / "passages.txt"
PAGE, LARGE = 2_000, 1_000_000
FEW = 3  # readings of the large text


def text(length: int) -> str:
    """Dense text of the field: the tests' own passages, again and again."""
    lines = [line for line in PASSAGES.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    plain = re.sub(r"\[([^|\]]+)\|[^\]]+\]", r"\1", "\n".join(lines)) + "\n"
    return (plain * (length // len(plain) + 1))[:length]


def middle(act: Callable[[], object], readings: int) -> float:
    """The middle one of several readings, in seconds of this process: what else the machine does is left out."""
    taken = []
    for _ in range(readings):
        begun = process_time()
        act()
        taken.append(process_time() - begun)
    return sorted(taken)[readings // 2]


def checked_within(given: str) -> None:
    remarks(given, read(given))


def lines() -> list[Line]:
    """What the reader costs, for the bench's page."""
    page, large = text(PAGE), text(LARGE)
    read(page)
    one, within = middle(lambda: read(page), READINGS), middle(lambda: checked_within(page), READINGS)
    all_of_it = middle(lambda: read(large), FEW)
    ratio = all_of_it / LARGE / (one / PAGE)
    count = len(read(page))
    return [
        Line(
            "Reading a page of 2,000 characters", f"{one * 1000:.1f} ms", f"{count} numbers; aim 10 ms; processor time"
        ),
        Line("… and its numbers held against one another", f"{within * 1000:.1f} ms", ""),
        Line(
            "Reading 1 MB (1,000,000 characters)",
            f"{all_of_it:.1f} s",
            f"{ratio:.2f} times a page's per character; aim 1.2",
        ),
    ]
