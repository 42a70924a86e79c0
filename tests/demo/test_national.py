"""The programme of the nation's size, in small."""

from __future__ import annotations

import pytest

from lianqiao.demo import national
from lianqiao.journal.models import Posting
from lianqiao.ledger.audit import verify
from lianqiao.places.models import Node

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def test_it_grows_to_the_size_asked_for_and_holds() -> None:
    by = national.offices()
    counties = national.tree(by, 11)
    assert [Node.objects.filter(kind=kind).count() for kind in ("省际", "市际", "县际", "镇镇", "村村")] == [
        1,
        2,
        11,
        55,
        110,
    ]
    held = list(national.grow(by, counties, 3_000))
    assert held[-2] < 3_000 <= held[-1] == Posting.objects.count()
    assert verify().problems == []


def test_three_postings_in_ten_are_of_distinct_counts() -> None:
    by = national.offices()
    for _ in national.grow(by, national.tree(by, 2), 6_000):
        pass
    share = Posting.objects.filter(subject__isnull=False).count() / Posting.objects.count()
    assert 0.25 < share < 0.35


def test_every_leaf_can_be_named_in_a_workbook() -> None:
    county, *_ = national.tree(national.offices(), 3)
    names = [node.name for node in Node.objects.all()]
    assert len(set(names)) == len(names)
    assert county.leaves[0] == county.node
