"""The tree by its paths: what lies below a node, and no more."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from lianqiao.places.models import Node

pytestmark = [pytest.mark.django_db, pytest.mark.data]
PATHS = ("1/", "1/2/", "1/2/3/", "1/20/", "10/", "10/2/")


@pytest.fixture
def tree() -> dict[str, Node]:
    """Nodes of these paths; each with the one above it."""
    made: dict[str, Node] = {}
    for number, path in enumerate(PATHS):
        above = made.get(path[: path.rstrip("/").rfind("/") + 1])
        made[path] = Node.objects.create(
            number=f"jd-{number}", kind="县际", east="东", west="西", parent=above, path=path, since=date(2017, 1, 1)
        )
    return made


@pytest.mark.parametrize(
    ("top", "below"),
    [("1/", ["1/", "1/2/", "1/2/3/", "1/20/"]), ("1/2/", ["1/2/", "1/2/3/"]), ("10/", ["10/", "10/2/"])],
)
def test_below_a_node_is_what_its_path_leads_to(tree: dict[str, Node], top: str, below: list[str]) -> None:
    assert sorted(node.path for node in Node.objects.below(tree[top])) == sorted(below)
    assert Node.objects.exclude(path__startswith=top).count() == len(PATHS) - len(below)
    assert Node.objects.filter(parent__path__startswith=top).count() == len(below) - 1


def test_a_path_that_is_not_told_yet_narrows_nothing(tree: dict[str, Node]) -> None:
    assert Node.objects.filter(path__startswith="").count() == len(PATHS)


def test_a_node_is_the_whole_where_it_is_the_one_root(tree: dict[str, Node]) -> None:
    assert not tree["1/"].is_whole()
    tree["10/2/"].delete()
    tree["10/"].delete()
    assert tree["1/"].is_whole()
    assert not tree["1/2/"].is_whole()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's LIKE uses its index")
def test_the_index_of_paths_finds_them(tree: dict[str, Node]) -> None:
    assert "SEARCH places_node USING" in Node.objects.below(tree["1/2/"]).explain()
