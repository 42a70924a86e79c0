"""The world in which the tests happen: who works there, and the tree of pairings.

jingjiang fills in, yongshou reviews, both at the county pairing; stranger fills in for another programme; two
administrators made the tree: 江苏—陕西 > 泰州—咸阳 > 靖江—永寿 > two pairs of towns; 苏州—铜川 beside them is the stranger's.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from lianqiao.agreements.models import Pairing
from lianqiao.core.periods import Period
from lianqiao.fields.exchange.models import Visit
from lianqiao.fields.talent.models import Secondment
from lianqiao.journal.figures import Figure, Known, figure
from lianqiao.journal.measures import MEASURES, Measure, Ratio
from lianqiao.ledger import acts
from lianqiao.ledger.models import Entry
from lianqiao.ledger.protected import protect
from lianqiao.people.models import Grant, User
from lianqiao.places.models import Node

SINCE = date(2017, 1, 1)
UNTIL = date(2021, 10, 12)
EVER = Period.cumulative(UNTIL)


@dataclass(frozen=True)
class World:
    """Nodes by their depth in the tree, and people by what they may do."""

    province: Node
    prefecture: Node
    county: Node
    town: Node
    other_town: Node
    elsewhere: Node
    admin: User
    other_admin: User
    jingjiang: User
    yongshou: User
    stranger: User
    auditor: User
    leader: User

    @property
    def nodes(self) -> list[Node]:
        return [self.province, self.prefecture, self.county, self.town, self.other_town, self.elsewhere]


@pytest.fixture(scope="module")
def world_of_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The world, made once for all tests of a module: each starts from it and is rolled back to it.

    Transactional tests cannot be inside it and have modules of their own, with make_world().
    """
    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()
        made = make_world()
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def world(world_of_module: World, db: None) -> World:
    return deepcopy(world_of_module)


def make_world() -> World:
    admin, other_admin = person("admin", Grant.Role.ADMINISTRATOR), person("other_admin", Grant.Role.ADMINISTRATOR)

    def pair(east: str, west: str, level: str, above: Node | None) -> Node:
        (made,) = acts.create([Pairing(east=east, west=west, level=level, since=SINCE, node=above)], admin)
        acts.approve([made], other_admin)
        return Node.objects.get(pairing=made)

    province = pair("江苏省", "陕西省", "省际", None)
    prefecture = pair("泰州市", "咸阳市", "市际", province)
    county = pair("靖江市", "永寿县", "县际", prefecture)
    town, other_town = pair("新桥镇", "监军街道", "镇镇", county), pair("东兴镇", "店头镇", "镇镇", county)
    elsewhere = pair("苏州市", "铜川市", "市际", province)
    return World(
        province, prefecture, county, town, other_town, elsewhere, admin, other_admin,
        jingjiang=person("jingjiang", Grant.Role.FILLER, county),
        yongshou=person("yongshou", Grant.Role.REVIEWER, county),
        stranger=person("stranger", Grant.Role.FILLER, elsewhere),
        auditor=person("auditor", Grant.Role.AUDITOR, county),
        leader=person("leader", Grant.Role.LEADER, county),
    )  # fmt: skip


def person(username: str, role: str, node: Node | None = None, side: str = Grant.Side.BOTH, unit: str = "") -> User:
    """A user with one grant; unit: the organisation that a seller or buyer acts for."""
    user = User.objects.create(username=username)
    Grant.objects.create(user=user, role=role, node=node, side=side, unit=unit)
    return user


def visit(node: Node, on: date = date(2021, 10, 12), people: int = 6, **more: Any) -> Visit:
    """A row not yet entered."""
    told = {"direction": "东部赴西部", "purpose": "对接产业协作", "leader": "示例"} | more
    return Visit(node=node, occurred_on=on, people=people, **told)


def stay(node: Node, start: date, id_number: str = "", **more: Any) -> Secondment:
    """A secondment not yet entered; id_number in the clear."""
    told = {"name": "示例甲", "direction": "东部派往西部", "category": "教育", "host_org": "永寿县中学"} | more
    return Secondment(node=node, start=start, id_number=protect(id_number) if id_number else "", **told)


def approved[E: Entry](world: World, *entries: E) -> list[E]:
    """Enters rows and passes them, as two people of the county's."""
    made = acts.create(list(entries), world.jingjiang)
    acts.approve(made, world.yongshou, despite_twins=True)
    return [fresh(entry) for entry in made]


def fresh[E: Entry](entry: E) -> E:
    """The row as the database now holds it."""
    return type(entry)._base_manager.get(pk=entry.pk)


def revised[E: Entry](world: World, entry: E, why: str = "核对后更正", **values: Any) -> E:
    """Revises an approved row and passes the revision."""
    acts.approve([acts.revise(entry, values, world.jingjiang, why)], world.yongshou)
    return fresh(entry)


def code(name: str) -> Measure:
    """The measure of that code."""
    found = MEASURES[name]
    assert isinstance(found, Measure)
    return found


def told(name: str, node: Node, period: Period = EVER, known: Known | None = None) -> Figure:
    """The figure of a measure or ratio, by its code, at a node."""
    found: Measure | Ratio = MEASURES[name]
    return figure(found, [node], period, known)


def value(name: str, node: Node, period: Period = EVER, known: Known | None = None) -> int | None:
    return told(name, node, period, known).value
