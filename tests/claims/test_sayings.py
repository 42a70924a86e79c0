"""The reader held against sentences and passages of our own: every indicator in the ways that news and reports say it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lianqiao.claims.reading import read
from lianqiao.claims.tables import rows

HERE = Path(__file__).parent
MARK = re.compile(r"\[([^|\]]+)\|([^|\]]+)(?:\|(\w))?\]")
PERIODS = {"c": "cumulative", "y": "year", "p": "point", "u": "unknown"}
Wanted = tuple[int, str, str | None, str | None]


def lines(name: str) -> Iterator[tuple[str, list[Wanted]]]:
    """Each line of a file of this folder without its marks, and what they want: start, quote, indicator, period."""
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield unmarked(line)


def unmarked(line: str) -> tuple[str, list[Wanted]]:
    text, wanted, done = "", [], 0
    for mark in MARK.finditer(line):
        text += line[done : mark.start()]
        indicator = None if mark[2] == "-" else mark[2]
        wanted.append((len(text), mark[1], indicator, PERIODS.get(mark[3] or "")))
        text += mark[1]
        done = mark.end()
    return text + line[done:], wanted


def wrong(name: str, what: str) -> tuple[list[str], int]:
    """The marked numbers of a file whose `what` (indicator or period) is read otherwise, and how many are marked."""
    told, count = [], 0
    for text, wanted in lines(name):
        found = {claim.start: claim for claim in read(text)}
        for start, quote, indicator, period in wanted:
            count += 1
            claim = found.get(start)
            right = (
                claim
                and claim.quote == quote
                and getattr(claim, what) == (indicator if what == "indicator" else period)
            )
            if not right:
                told.append(f"{text}: {quote} {claim and getattr(claim, what)}")
    return told, count


def test_every_indicator_is_said_in_ten_ways() -> None:
    said = Counter(indicator for _, wanted in lines("sayings.tsv") for _, _, indicator, _ in wanted)
    assert [row["indicator"] for row in rows("indicators.tsv") if said[row["indicator"]] < 10] == []


def test_the_sayings_are_understood() -> None:
    told, count = wrong("sayings.tsv", "indicator")
    assert len(told) <= count * 0.005, "\n".join(told)


def test_the_passages_are_understood() -> None:
    told, count = wrong("passages.txt", "indicator")
    assert len(told) <= count * 0.02, "\n".join(told)


def test_the_times_of_the_passages() -> None:
    told, count = wrong("passages.txt", "period")
    assert len(told) <= count * 0.10, "\n".join(told)
