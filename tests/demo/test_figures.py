"""The sample as the command makes it: every measure has a figure, and the day of the article keeps its own."""

from __future__ import annotations

from typing import Any

import pytest

from lianqiao.journal.measures import MEASURES
from tests.cli.sample import Instance, sample

__all__ = ["sample"]

COUNTY = ("--pairing", "靖江市—永寿县")
ARTICLE_KNOWN = pytest.mark.parametrize("known_at", ["2021-10-13", "2021-12-31"])
# What the article says, or what its sums follow from (funds in 元).
ARTICLE = {
    "visits.batches": 113,
    "visits.person_times": 1213,
    "talent.total": 129,
    "funds.total": "114000000",
    "projects.count": 44,
    "benef.households": 3100,
    "benef.people": 12850,
    "twin.projects": 75,
    "twin.households": 3071,
    "twin.person_times": 6128,
    "agreements.signed": 13,
    "honours.count": 2,
}


def values(sample: Instance, *asked: str) -> dict[str, Any]:
    return {told["measure"]: told["value"] for told in sample.json("figures", *COUNTY, *asked)}


def test_every_measure_has_a_figure_at_the_end(sample: Instance) -> None:
    found = values(sample, "--until", "2021-12-31")
    assert found.keys() == MEASURES.keys()
    assert [code for code, value in found.items() if value is None] == []


@ARTICLE_KNOWN
def test_the_articles_figures(sample: Instance, known_at: str) -> None:
    found = values(sample, "--until", "2021-10-12", "--known-at", known_at)
    assert {code: found[code] for code in ARTICLE} == ARTICLE


# The year up to the article as it was known that day, and as it is known now.
YEAR = {
    "training.person_times": (412, 470),
    "funds.payment_rate": ("69.02", "69.02"),
    "industry.enterprises": (3, 3),
    "industry.investment": ("32600000", "32600000"),
    "labour.employed_total": (46, 50),
    "labour.employed_east": (8, 9),
    "labour.employed_poor": (32, 34),
    "consumption.sales": ("39186000", "39062000"),
    "demo.villages": (0, 0),
    "home.visits": (36, 36),
}


@pytest.mark.parametrize(("known_at", "at"), [("2021-10-12", 0), ("2021-12-31", 1)])
def test_the_year_up_to_the_article(sample: Instance, known_at: str, at: int) -> None:
    found = values(sample, "--from", "2021-01-01", "--until", "2021-10-12", "--known-at", known_at)
    assert {code: found[code] for code in YEAR} == {code: told[at] for code, told in YEAR.items()}


def test_the_journal_of_the_sample_is_sound(sample: Instance) -> None:
    assert sample.json("verify")["problems"] == []
