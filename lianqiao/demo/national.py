"""A programme of the size of the nation, for trying things out: 447 county pairings with their towns and villages.

Everything is invented from a fixed seed (places 东001县, people 示例, amounts). Rows go the way of all rows: entered by
one, passed by another, posted, so that `verify` holds for them as for any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import batched, count
from random import Random
from typing import Any

from django.conf import settings
from django.db import transaction as database

from lianqiao.agreements.models import Pairing
from lianqiao.demo.build import empty, tell
from lianqiao.fields.consumption.models import CHANNELS, MODES, Sale
from lianqiao.fields.employment.models import DESTINATIONS, Job
from lianqiao.fields.exchange.models import Visit
from lianqiao.fields.funds.models import RECEIVED, SOURCES, Donation, Receipt
from lianqiao.fields.projects.models import Project
from lianqiao.fields.talent.models import CATEGORIES, Secondment, Training
from lianqiao.journal.cells import last_posting
from lianqiao.ledger import acts
from lianqiao.ledger.models import Entry
from lianqiao.ledger.protected import protect
from lianqiao.people.models import Grant, User
from lianqiao.places.models import Node

SEED = 447
COUNTIES, COUNTIES_OF_PREFECTURE, TOWNS, VILLAGES = 447, 10, 5, 2
FIRST, LAST = date(2017, 1, 1), date(2021, 12, 31)
AT_ONCE, LEAST_AT_ONCE, ACTS = 500, 20, 2000
PEOPLE_OF_COUNTY = 20_000


@dataclass(frozen=True)
class County:
    """A county pairing, and where its rows belong: itself, its towns, their villages."""

    at: int
    node: Node
    leaves: tuple[Node, ...]


@dataclass(frozen=True)
class Offices:
    """Who enters and who passes; nobody can sign in as them."""

    filler: User
    reviewer: User


def build(postings: int, progress: bool = True) -> dict[str, Any]:
    """Makes the programme anew in the instance's folder and returns how much of it there is. Raises NotADemo."""
    empty()
    by = offices()
    counties = tree(by)
    held = last_posting()
    for held in grow(by, counties, postings):
        if progress:
            tell(min(held, postings), postings)
    return {"dir": str(settings.DIR), "nodes": Node.objects.count(), "postings": held}


def offices() -> Offices:
    made = []
    for name in ("全国示例填报", "全国示例审核"):
        made.append(User.objects.create_user(name))
        Grant.objects.create(user=made[-1], role=Grant.Role.ADMINISTRATOR)
    return Offices(*made)


# The tree ------------------------------------------------------------------------------------------------------------


def tree(by: Offices, counties: int = COUNTIES) -> list[County]:
    """The nation's root, prefectures, counties, towns and villages."""
    (root,) = pairings(by, [("全国", "省际", None)])
    above = pairings(by, [(f"部{n:03d}市", "市际", root) for n in range(-(-counties // COUNTIES_OF_PREFECTURE))])
    middle = pairings(by, [(f"{n:03d}县", "县际", above[n // COUNTIES_OF_PREFECTURE]) for n in range(counties)])
    towns = pairings(by, [(f"{c.east[1:]}{n}镇", "镇镇", c) for c in middle for n in range(TOWNS)])
    villages = pairings(by, [(f"{t.east[1:]}{n}村", "村村", t) for t in towns for n in range(VILLAGES)])
    of_county = {county.pk: [county] for county in middle}
    for node in (*towns, *villages):
        of_county[node.lineage()[2]].append(node)
    return [County(at, county, tuple(of_county[county.pk])) for at, county in enumerate(middle)]


def pairings(by: Offices, wanted: Sequence[tuple[str, str, Node | None]]) -> list[Node]:
    made: list[Node] = []
    for some in batched(wanted, AT_ONCE):
        rows = [
            Pairing(east=f"东{name}", west=f"西{name}", level=level, since=FIRST, node=above)
            for name, level, above in some
        ]
        acts.approve(acts.create(rows, by.filler), by.reviewer)
        made += Node.objects.filter(pairing__in=rows).order_by("pk")
    return made


# Rows ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chance:
    """What a row is drawn from. number: running, so that no two rows of a ledger share their key."""

    random: Random
    county: County
    number: int

    def day(self) -> date:
        return FIRST + timedelta(days=self.random.randrange((LAST - FIRST).days + 1))

    def person(self) -> str:
        """One of the county's people; some come again."""
        return protect(f"99{self.county.at:04d}19800101{self.random.randrange(PEOPLE_OF_COUNTY):04d}")

    def money(self, most: int) -> int:
        return self.random.randint(1, most) * 100_00

    def named(self) -> str:
        return f"示例{self.number}"


def visit(c: Chance) -> Visit:
    direction = c.random.choice(["东部赴西部", "西部赴东部"])
    return Visit(
        occurred_on=c.day(), direction=direction, purpose=c.named(), leader="示例", people=c.random.randint(1, 30)
    )


def sale(c: Chance) -> Sale:
    return Sale(
        sold_on=c.day(), product=c.named(), seller="示例合作社", buyer="示例食堂", channel=c.random.choice([*CHANNELS]),
        mode=c.random.choice([*MODES]), amount=c.money(500),
    )  # fmt: skip


def receipt(c: Chance) -> Receipt:
    return Receipt(received_on=c.day(), source=c.random.choice([*SOURCES]), amount=c.money(90_000), document=c.named())


def donation(c: Chance) -> Donation:
    pledged = c.day()
    return Donation(
        pledged_on=pledged, received_on=pledged + timedelta(days=20), donor=c.named(), kind=c.random.choice([*RECEIVED]),
        amount=c.money(5_000), recipient="示例",
    )  # fmt: skip


def training(c: Chance) -> Training:
    return Training(
        start=c.day(), title=c.named(), category="致富带头人", place="示例", organiser="示例", person_times=60, days=3
    )


def project(c: Chance) -> Project:
    approved = c.day()
    return Project(
        code=c.named(), name=c.named(), kind="产业发展", approved_on=approved, started_on=approved + timedelta(days=60),
        planned_aid=c.money(50_000), households=c.random.randint(1, 300), people=c.random.randint(300, 900),
    )  # fmt: skip


def job(c: Chance) -> Job:
    return Job(
        name=c.named(), id_number=c.person(), lifted=c.random.random() < 0.4, employer="示例公司", started_on=c.day(),
        destination=c.random.choice([*DESTINATIONS]), channel=c.random.choice(["点对点输送", "自主就业"]),
    )  # fmt: skip


def secondment(c: Chance) -> Secondment:
    return Secondment(
        name=c.named(), id_number=c.person(), direction=c.random.choice(["东部派往西部", "西部派往东部"]),
        category=c.random.choice([*CATEGORIES]), host_org="示例", start=c.day(),
    )  # fmt: skip


# How many of a hundred rows are of each ledger: three postings in ten are then of distinct counts.
MIX: dict[Callable[[Chance], Entry], int] = {
    visit: 27, sale: 19, receipt: 6, donation: 6, training: 5, project: 5, job: 24, secondment: 8,
}  # fmt: skip


def grow(by: Offices, counties: Sequence[County], postings: int, seed: int = SEED) -> Iterator[int]:
    """Enters and passes rows until the journal holds that many postings; yields how many it holds after each act."""
    random, numbers = Random(seed), count(last_posting() + 1)  # noqa: S311 - nothing secret
    makers, weights = [*MIX], [*MIX.values()]
    held = last_posting()
    at_once = max(LEAST_AT_ONCE, min(AT_ONCE, (postings - held) // ACTS))
    while held < postings:
        county, make = random.choice(counties), random.choices(makers, weights)[0]
        rows = [make(Chance(random, county, next(numbers))) for _ in range(at_once)]
        for row in rows:
            row.node = random.choice(county.leaves)
        with database.atomic():
            acts.approve(rows, by.reviewer, fresh=acts.enter(rows, by.filler))
        held = last_posting()
        yield held
