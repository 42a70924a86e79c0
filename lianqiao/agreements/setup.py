"""The first rows of a new instance: its users and the root of its tree."""

from __future__ import annotations

import secrets
from datetime import date

from django.db import transaction as database

from lianqiao.agreements.models import Pairing
from lianqiao.ledger import acts
from lianqiao.people.models import Grant, User


def add_user(username: str, office: str, role: Grant.Role, side: Grant.Side = Grant.Side.BOTH) -> str:
    """Makes a user with a role over the whole instance and returns the password, which is kept nowhere."""
    password = secrets.token_urlsafe(12)
    user = User.objects.create_user(username, password=password, office=office)
    Grant.objects.create(user=user, role=role, side=side)
    return password


@database.atomic
def found_programme(east: str, west: str, level: str, since: date, filler: str, reviewer: str) -> dict[str, str]:
    """Makes the first two users and, filled in by one and approved by the other, the root. Returns their passwords."""
    passwords = {
        filler: add_user(filler, "填报", Grant.Role.FILLER),
        reviewer: add_user(reviewer, "审核", Grant.Role.REVIEWER),
    }
    by, approver = User.objects.get(username=filler), User.objects.get(username=reviewer)
    rows = acts.create([Pairing(east=east, west=west, level=level, since=since)], by, why="建立实例")
    acts.approve(rows, approver, "建立实例")
    return passwords
