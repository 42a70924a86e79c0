"""`lianqiao init`: a new instance with its keys, its first users, the root of its tree and what lies below it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction as database

from lianqiao.agreements.models import Pairing
from lianqiao.config.keys import make_keys
from lianqiao.instance.fresh import fresh_instance, migrate
from lianqiao.instance.tables import all_migrations, make_schema
from lianqiao.ledger import acts
from lianqiao.people.models import Grant, User
from lianqiao.places.tree import NoSuchNode, by_name
from lianqiao.workbooks.commit import Outcome, bring_in

WHY = "建立实例"


class CannotFound(Exception):
    """Something asked for cannot be; nothing was made. The message says what (Chinese)."""


@dataclass(frozen=True)
class Person:
    """A first user and what is granted to them. pairing: where, by its name (None: the whole instance)."""

    username: str
    role: Grant.Role
    side: Grant.Side = Grant.Side.BOTH
    pairing: str | None = None


@dataclass(frozen=True)
class Programme:
    """What a new instance is made of. tree: a workbook of pairings below the root. passwords: those already chosen."""

    east: str
    west: str
    level: str
    since: date
    people: Sequence[Person]
    tree: Path | None = None
    passwords: Mapping[str, str] = field(default_factory=dict)


def found(programme: Programme) -> dict[str, str]:
    """Makes the instance and returns the passwords that it generated, which are kept nowhere.

    The first filler enters the tree and the first reviewer approves it. Raises Occupied, CannotFound, acts.Refused;
    then nothing is left behind.
    """
    filler, reviewer = first_two(programme.people)
    with fresh_instance():
        make_keys(settings.DIR)
        make_schema(all_migrations())
        migrate()
        with database.atomic():
            made = make_users(programme)
            by, approver = User.objects.get(username=filler), User.objects.get(username=reviewer)
            root = Pairing(east=programme.east, west=programme.west, level=programme.level, since=programme.since)
            acts.approve(acts.create([root], by, why=WHY), approver, WHY)
            if programme.tree:
                require_whole(
                    bring_in(Pairing, programme.tree, by, approver=approver, why=f"{WHY}：{programme.tree.name}")
                )
            grant_all(programme.people)
    return made


def first_two(people: Iterable[Person]) -> tuple[str, str]:
    """The users who enter and who approve the tree. Raises CannotFound where there are no two such."""
    everywhere = [p for p in people if p.pairing is None]
    fillers = [p.username for p in everywhere if p.role == Grant.Role.FILLER]
    reviewers = [p.username for p in everywhere if p.role == Grant.Role.REVIEWER]
    for filler in fillers:
        for reviewer in reviewers:
            if filler != reviewer:
                return filler, reviewer
    raise CannotFound("要有两个范围是整个实例的用户，一个填报、一个审核，不能是同一人：结对关系由他们录入和审核。")


def make_users(programme: Programme) -> dict[str, str]:
    """Returns the passwords that were generated. The grants over the whole instance stand at once."""
    generated = {}
    names = dict.fromkeys(p.username for p in programme.people)
    if strange := [name for name in programme.passwords if name not in names]:
        raise CannotFound(f"口令文件里的用户不在用户之列：{'、'.join(strange)}")
    for name in names:
        password = programme.passwords.get(name)
        if password is None:
            password = generated[name] = secrets.token_urlsafe(12)
        user = User(username=name)
        try:
            user.clean_fields(exclude=["password"])
            validate_password(password, user)
        except ValidationError as error:
            raise CannotFound(f"用户 {name}：{'；'.join(error.messages)}") from error
        user.set_password(password)
        user.save()
    grant_all(p for p in programme.people if p.pairing is None)
    return generated


def grant_all(people: Iterable[Person]) -> None:
    """Gives each what is granted, once. Raises CannotFound where a pairing is not in the tree."""
    for person in people:
        try:
            node = by_name(person.pairing) if person.pairing else None
        except NoSuchNode as error:
            raise CannotFound(f"用户 {person.username}：{error}") from error
        user = User.objects.get(username=person.username)
        Grant.objects.get_or_create(user=user, role=person.role, node=node, side=person.side)


def require_whole(outcome: Outcome) -> None:
    """Raises CannotFound with every refused row of the tree's workbook."""
    places = [(f"{p.sheet} {p.cell or p.row or ''}".strip(), p.message) for p in outcome.refused]
    if outcome.error or places:
        told = [f"{place}　{message}" for place, message in places]
        raise CannotFound("\n".join(["结对台账没有读入，实例没有建立。", *filter(None, [outcome.error]), *told]))
