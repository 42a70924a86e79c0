"""The reader against the labelled passages and the article that the project started from, where they are at hand."""

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from lianqiao.claims.documents import text_of
from lianqiao.claims.lexicon import measures
from lianqiao.claims.reading import Claim, read
from lianqiao.claims.told import claim_json

SHARED = Path(__file__).resolve().parents[3] / "shared"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason=f"no {SHARED}: the passages are no part of the product")


@pytest.fixture(scope="module")
def article() -> list[Claim]:
    (path,) = (SHARED / "seeds").glob("*.txt")
    document = text_of(path)
    assert document.published == date(2021, 10, 13)
    return read(document.text, document.published)


def test_the_article_has_these_claims_and_no_others(article: list[Claim]) -> None:
    found = [(c.quote, measures(c)[0] if measures(c) else None, c.period, c.planned) for c in article]
    assert found == [
        ("200万元", "donations.pledged", "point", False),
        ("113批", "visits.batches", "cumulative", False),
        ("1213人次", "visits.person_times", "cumulative", False),
        ("129名", "talent.total", "cumulative", False),
        ("1.14亿元", "funds.total", "cumulative", False),
        ("44个", "projects.count", "cumulative", False),
        ("3100户", "benef.households", "cumulative", False),
        ("12850人", "benef.people", "cumulative", False),
        ("75个", "twin.projects", "cumulative", False),
        ("3071户", "twin.households", "cumulative", False),
        ("6000余人次", "twin.person_times", "cumulative", False),
        ("1个", "demo.villages", "cumulative", True),
        ("3户", None, "point", False),
    ]


def test_the_articles_gift_was_on_the_day_of_the_conference(article: list[Claim]) -> None:
    assert article[0].on == date(2021, 10, 12)


def test_the_articles_visit_to_three_households_says_why_it_is_no_indicator(article: list[Claim]) -> None:
    assert article[-1].indicator is None
    assert article[-1].why[0] == "不属指标：家中慰问"


def test_the_labelled_passages(tmp_path: Path) -> None:
    """Floors a little below what stands, so that a change for the worse shows."""
    passages = [json.loads(line) for line in (SHARED / "claims/open.jsonl").read_text(encoding="utf-8").splitlines()]
    read_back = tmp_path / "read.jsonl"
    read_back.write_text(
        "\n".join(json.dumps({"id": p["id"], "claims": [claim_json(c) for c in read(p["text"])]}) for p in passages),
        encoding="utf-8",
    )
    command = [sys.executable, str(SHARED / "claims/score_claims.py"), str(read_back)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    f1 = [float(score) for score in re.findall(r"F1=([\d.]+)", printed)]
    right = [float(score) for score in re.findall(r"= ([\d.]+)$", printed, re.MULTILINE)]
    assert [score >= floor for score, floor in zip([*f1, *right], [0.99, 0.99, 0.97, 0.99, 0.90], strict=True)] == [
        True
    ] * 5, printed
