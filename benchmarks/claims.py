"""The reader of texts: what a page of 2,000 characters costs, and whether 1 MB costs more for each of its characters."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from time import process_time

from benchmarks.results import READINGS, Line
from lianqiao.claims.reading import read
from lianqiao.claims.within import remarks

HERE = Path(__file__).parent.parent
PASSAGES, ARTICLE = HERE / "tests" / "claims" / "passages.txt", HERE / "lianqiao" / "demo" / "article.txt"
PAGE, LARGE = 2_000, 1_000_000
FEW = 1  # readings of the large text


def news(length: int) -> str:
    """A press article, the sample's own, again and again."""
    return again(ARTICLE.read_text(encoding="utf-8"), length)


def figures(length: int) -> str:
    """The densest text: the tests' own passages, a number every dozen characters."""
    lines = [line for line in PASSAGES.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    plain = re.sub(r"\[([^|\]]+)\|[^\]]+\]", r"\1", "\n".join(lines)) + "\n"
    return again(plain, length)


def again(text: str, length: int) -> str:
    return (text * (length // len(text) + 1))[:length]


def middle(act: Callable[[], object], readings: int) -> float:
    """The middle one of several readings, in seconds of this process: what else the machine does is left out."""
    taken = []
    for _ in range(readings):
        begun = process_time()
        act()
        taken.append(process_time() - begun)
    return sorted(taken)[readings // 2]


def lines() -> list[Line]:
    """What the reader costs, for the bench's page."""
    page, dense, large = news(PAGE), figures(PAGE), news(LARGE)
    read(page)
    one, many = middle(lambda: read(page), READINGS), middle(lambda: read(dense), READINGS)
    claims = read(dense)
    within = middle(lambda: remarks(dense, claims), READINGS)
    all_of_it = middle(lambda: read(large), FEW)
    ratio = all_of_it / LARGE / (one / PAGE)
    counts = len(read(page)), len(claims)
    return [
        Line("Reading a press page of 2,000 characters", told(one), f"{counts[0]} numbers; aim 10 ms; processor time"),
        Line("Reading the densest page of 2,000 characters", told(many), f"{counts[1]} numbers"),
        Line("… and holding its numbers against one another", told(within)),
        Line("Reading 1 MB of press", f"{all_of_it:.1f} s", f"{ratio:.2f} times a page's per character; aim 1.2"),
    ]


def told(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
