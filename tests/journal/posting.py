"""Posting straight into the journal, without a ledger: for tests of the journal itself."""

from __future__ import annotations

from collections.abc import Iterable

from lianqiao.journal.book import Wanted, sync
from lianqiao.journal.measures import Post
from lianqiao.journal.models import Transaction
from lianqiao.places.models import Node
from tests.world import SINCE

EMPTY = "0" * 64


def node(above: Node | None = None, number: str = "") -> Node:
    """A confirmed node below another."""
    named = number or f"n{Node.objects.count() + 1}"
    return Node.objects.create(
        number=named, kind="县际", east=f"{named}东", west=f"{named}西", parent=above, since=SINCE, confirmed=True
    )


def post(at: Node, *posts: Iterable[Post], entry: int = 1, why: str = "", version: int = 1) -> Transaction:
    """Makes one entry's postings what is given here, each `measure(quantity, day)`; nothing given takes them back."""
    told = tuple(one for some in posts for one in some)
    return sync([Wanted("示例", entry, at.pk, told, version, EMPTY)], by="示例", kind="approve", why=why)
