"""Who is there: the liaison teams as the organisations tell of them, and the cadres on secondment today."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from lianqiao.agreements.models import Organisation
from lianqiao.core.private import hidden
from lianqiao.desk.followed import approved
from lianqiao.fields.talent.models import Secondment
from lianqiao.journal import clock

TEAM, CADRE = "工作联络组", "党政干部"
BETWEEN = re.compile(r"[；;\n]+")
DAY = re.compile(r"(\d{4})[-.年/](\d{1,2})(?:[-.月/](\d{1,2})日?)?月?")
OPEN = ("至今", "今")
MOST = 12


@dataclass(frozen=True)
class Member:
    """Somebody on the spot: name, what he does, and from when to when; None where that is not told."""

    name: str
    duty: str
    since: date | None
    until: date | None


@dataclass(frozen=True)
class Team:
    organisation: Organisation
    members: list[Member]


def teams(here: Q) -> list[Team]:
    """The liaison teams of a pairing (here: its rows), with those who are members today."""
    rows = approved(here, Organisation).filter(kind=TEAM).order_by("pk")
    made = [Team(row, [one for one in members(row.members) if there(one, clock.today())]) for row in rows]
    return [team for team in made if team.members]


def members(text: str) -> Iterator[Member]:
    """Reads 姓名 职务 起 止, one a line or parted by ；. Telephones and ID numbers among the words are taken out."""
    for line in BETWEEN.split(hidden(text)):
        words = line.split()
        if not words:
            continue
        days = [found for word in words[1:] if (found := as_day(word))]
        duty = " ".join(word for word in words[1:] if not as_day(word) and word not in OPEN)
        yield Member(words[0], duty, *[*days, None, None][:2])


def as_day(word: str) -> date | None:
    found = DAY.fullmatch(word)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        return None


def there(member: Member, on: date) -> bool:
    return (member.since is None or member.since <= on) and (member.until is None or member.until >= on)


def cadres(here: Q) -> tuple[list[Secondment], int]:
    """The cadres on secondment today at a pairing (here: its rows): the latest to come first, and how many more there are."""
    today = clock.today()
    on_post = Q(start__lte=today) & (Q(end=None) | Q(end__gte=today))
    rows = approved(here, Secondment).filter(on_post, category=CADRE)
    found = list(rows.order_by("direction", "-start", "pk")[: MOST + 1])
    return found[:MOST], max(rows.count() - MOST, 0) if len(found) > MOST else 0
