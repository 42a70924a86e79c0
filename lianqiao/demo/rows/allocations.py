"""资金安排台账: what each of the projects was given of the fiscal money, up to its planned aid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from lianqiao.demo.rows.batch import QUARTERS_2021, TODAY, YEARS, Batch, Item, Side, reported
from lianqiao.demo.rows.chance import dice
from lianqiao.demo.rows.days import workday
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.projects import Project, pairing_of, projects

LEDGER = "allocations"

_LARGE = 2_500_000
"""元; a project planned with as much as this gets its money in two parts, the second once it has started."""


@dataclass(frozen=True)
class Allocation:
    """Money given to a project, in 元."""

    on: date
    project: Project
    amount: int


def _of(project: Project, rng: Random) -> Iterator[Allocation]:
    first = workday(project.approved + timedelta(days=rng.randint(6, 16)))
    later = workday(project.steps["started_on"] + timedelta(days=rng.randint(8, 20)))
    if project.aid < _LARGE or later > TODAY:
        yield Allocation(first, project, project.aid)
        return
    share = project.aid * 7 // 10
    yield Allocation(first, project, share)
    yield Allocation(later, project, project.aid - share)


def allocations() -> list[Allocation]:
    """All allocations, project by project."""
    rng = dice(LEDGER)
    return [made for project in projects() for made in _of(project, rng)]


def _item(made: Allocation) -> Item:
    month = f"{made.on.year}年{made.on.month}月"
    values = row(
        LEDGER,
        allocated_on=made.on,
        project=made.project.code,
        amount=made.amount,
        document=f"永财协作〔{made.on.year}〕{made.on.month}号（示例）",
        year=made.project.approved.year,
        pairing=pairing_of(made.project),
        evidence=f"示例-资金安排-{month}-下达文件.txt",
    )
    return Item(made.on, Side.WEST, values)


def batches() -> list[Batch]:
    """Recorded where the money is spent: by years up to 2020 and by quarters in 2021."""
    return reported(LEDGER, map(_item, allocations()), [*YEARS, *QUARTERS_2021])
