"""Who may do what where: the whole table of roles, acts, places and sides."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404
from pytest_django import Settings

from lianqiao.agreements.models import Organisation
from lianqiao.people.access import Act, may, nodes, require, require_unit, rows, units
from lianqiao.people.models import Grant
from lianqiao.places.models import Node
from tests.world import World, person

pytestmark = pytest.mark.data
Role, Side = Grant.Role, Grant.Side
ACTS: tuple[Act, ...] = get_args(Act)
MAY: dict[str, set[Act]] = {
    Role.FILLER: {"figures", "see", "fill", "confirm", "reveal", "leads", "seekers"},
    Role.REVIEWER: {"figures", "see", "review", "void", "confirm", "reveal", "leads", "seekers"},
    Role.COORDINATOR: {
        "figures",
        "see",
        "fill",
        "review",
        "void",
        "confirm",
        "close",
        "resync",
        "erase",
        "reveal",
        "leads",
        "seekers",
        "overrule",
    },
    Role.LEADER: {"figures"},
    Role.AUDITOR: {"figures", "see", "log", "leads"},
    Role.ADMINISTRATOR: {
        "figures",
        "see",
        "fill",
        "review",
        "void",
        "close",
        "resync",
        "erase",
        "people",
        "log",
        "leads",
    },
    Role.SELLER: {"sell"},
    Role.BUYER: {"buy"},
}
UNIT = "999900000000000199"
# From a grant at the county: where it reaches.
PLACES: dict[str, tuple[Callable[[World], Node | None], bool]] = {
    "the county": (lambda world: world.county, True),
    "a town below": (lambda world: world.town, True),
    "the prefecture above": (lambda world: world.prefecture, False),
    "the province": (lambda world: world.province, False),
    "another programme": (lambda world: world.elsewhere, False),
    "nowhere in the tree": (lambda world: None, False),
}


def test_every_role_is_in_the_table() -> None:
    assert set(MAY) == set(Role.values)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", MAY)
def test_a_role_may_do_what_the_table_says(world: World, role: str, act: Act) -> None:
    somebody = person("somebody", role, world.county, unit=UNIT if role in Grant.OUTSIDE else "")
    assert may(somebody, act, world.county) == (act in MAY[role])


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", [role for role in MAY if role not in Grant.OUTSIDE])
def test_a_grant_reaches_its_node_and_what_lies_below(world: World, role: str, place: str) -> None:
    node, reached = PLACES[place]
    assert may(person("somebody", role, world.county), "figures", node(world)) == reached


@pytest.mark.parametrize("place", PLACES)
def test_a_grant_over_the_whole_instance_reaches_everything(world: World, place: str) -> None:
    node, _ = PLACES[place]
    assert may(person("somebody", Role.COORDINATOR), "review", node(world))


SIDES = [
    (Side.EAST, ("east",), True), (Side.EAST, ("west",), False), (Side.EAST, ("east", "west"), True), (Side.EAST, (), True),
    (Side.WEST, ("east",), False), (Side.WEST, ("west",), True), (Side.WEST, ("east", "west"), True), (Side.WEST, (), True),
    (Side.BOTH, ("east",), True), (Side.BOTH, ("west",), True), (Side.BOTH, ("east", "west"), True), (Side.BOTH, (), True),
]  # fmt: skip


@pytest.mark.parametrize(("side", "sides", "allowed"), SIDES)
def test_a_side_acts_on_its_own_rows(world: World, side: str, sides: tuple[str, ...], allowed: bool) -> None:
    somebody = person("somebody", Role.FILLER, world.county, side)
    assert may(somebody, "fill", world.county, sides) == allowed


def test_grants_add_up(world: World) -> None:
    somebody = person("somebody", Role.FILLER, world.county)
    Grant.objects.create(user=somebody, role=Role.REVIEWER, node=world.elsewhere)
    allowed = [
        (act, node)
        for act in ("fill", "review")
        for node in (world.county, world.elsewhere)
        if may(somebody, act, node)
    ]
    assert allowed == [("fill", world.county), ("review", world.elsewhere)]


def test_a_stranger_learns_nothing(world: World) -> None:
    with pytest.raises(Http404):
        require(world.stranger, "see", world.county)


def test_who_sees_the_figures_but_may_not_see_rows_is_told_so(world: World) -> None:
    with pytest.raises(PermissionDenied, match="现有角色"):
        require(world.leader, "see", world.county)


def test_the_wrong_role_is_told_so(world: World) -> None:
    with pytest.raises(PermissionDenied):
        require(world.auditor, "fill", world.county)


def test_the_wrong_side_is_told_so(world: World) -> None:
    with pytest.raises(PermissionDenied):
        require(person("east", Role.FILLER, world.county, Side.EAST), "fill", world.county, ("west",))


def test_the_right_role_passes(world: World) -> None:
    require(world.jingjiang, "fill", world.town, ("east",))
    assert may(world.jingjiang, "fill", world.town, ("east",))


@pytest.mark.parametrize("act", ACTS)
def test_who_was_made_inactive_may_do_nothing_from_then_on(world: World, act: Act) -> None:
    somebody = person("somebody", Role.ADMINISTRATOR)
    somebody.is_active = False
    somebody.save()
    with pytest.raises(Http404):
        require(somebody, act, world.county)
    assert not nodes(somebody, act).exists()


def test_a_grant_taken_away_is_gone_at_once(world: World) -> None:
    world.jingjiang.grants.all().delete()
    assert not may(world.jingjiang, "fill", world.county)


@pytest.mark.parametrize("act", ACTS)
def test_nobody_signed_in_may_do_nothing(world: World, act: Act) -> None:
    assert not may(AnonymousUser(), act, world.county)
    assert not nodes(AnonymousUser(), act).exists()


def test_a_superuser_without_a_grant_may_do_nothing(world: World) -> None:
    somebody = person("somebody", Role.LEADER, world.elsewhere)
    somebody.is_superuser = True
    somebody.save()
    assert not may(somebody, "see", world.county)


@pytest.mark.parametrize("act", ACTS)
def test_an_open_site_may_be_read_by_whoever_comes_and_never_written(
    world: World, settings: Settings, act: Act
) -> None:
    settings.OPEN = True
    assert may(AnonymousUser(), act, world.county) == (act in {"see", "figures"})
    assert nodes(AnonymousUser(), act).exists() == (act in {"see", "figures"})


@pytest.mark.parametrize("act", ["fill", "review", "void", "resync", "erase"])
def test_on_an_open_site_who_may_not_act_is_told_so(world: World, settings: Settings, act: Act) -> None:
    settings.OPEN = True
    with pytest.raises(PermissionDenied):
        require(world.stranger, act, world.county)


def test_the_nodes_where_one_may_act(world: World) -> None:
    assert set(nodes(world.jingjiang, "fill")) == {world.county, world.town, world.other_town}
    assert set(nodes(world.jingjiang, "review")) == set()
    assert set(nodes(world.admin, "review")) == set(Node.objects.all())


def test_the_nodes_of_two_grants_are_taken_together(world: World) -> None:
    somebody = person("somebody", Role.FILLER, world.town)
    Grant.objects.create(user=somebody, role=Role.FILLER, node=world.elsewhere)
    assert set(nodes(somebody, "fill")) == {world.town, world.elsewhere}


def test_a_node_whose_number_begins_alike_is_not_below(world: World) -> None:
    """12/ is not below 1/: paths end with a stroke."""
    somebody = person("somebody", Role.FILLER, world.town)
    reached = [node for node in Node.objects.all() if may(somebody, "fill", node)]
    assert reached == [world.town]


def test_the_rows_somebody_may_see_are_those_at_his_nodes_and_of_no_node_only_for_the_whole_instance(
    world: World,
) -> None:
    for node in (world.county, world.elsewhere, None):
        Organisation(
            name=f"示例{node}", kind="企业", place="永寿县", number=f"DW-{node}", node=node, author=world.admin
        ).save()
    seen = Organisation.objects.order_by("pk").values_list("node_id", flat=True)
    assert list(seen.filter(rows(world.auditor, "see"))) == [world.county.pk]
    assert list(seen.filter(rows(world.admin, "see"))) == [world.county.pk, world.elsewhere.pk, None]
    assert list(seen.filter(rows(world.leader, "see"))) == []


# Organisations that trade ------------------------------------------------------------------------------------------------


def test_a_trader_acts_for_his_own_organisation_only(world: World) -> None:
    seller = person("seller", Role.SELLER, world.county, unit=UNIT)
    assert (units(seller, "sell"), units(seller, "buy")) == (frozenset({UNIT}), frozenset())
    require_unit(seller, "sell", UNIT)
    for act, unit in (("sell", "999900000000000288"), ("buy", UNIT)):
        with pytest.raises(Http404):
            require_unit(seller, act, unit)  # type: ignore[arg-type]


@pytest.mark.parametrize(("role", "unit"), [(Role.SELLER, ""), (Role.FILLER, UNIT)])
def test_traders_have_an_organisation_and_staff_have_none(world: World, role: str, unit: str) -> None:
    with pytest.raises(IntegrityError):
        person("somebody", role, world.county, unit=unit)
