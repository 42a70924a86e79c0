"""稳岗回访台账: checks on whether people are still in their jobs, which are named by their 编号."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from lianqiao.demo.rows import jobs
from lianqiao.demo.rows.batch import QUARTERS_2021, TODAY, YEARS, Batch, Item, Side, period_of, reported
from lianqiao.demo.rows.chance import dice
from lianqiao.demo.rows.days import workday
from lianqiao.demo.rows.headings import row

LEDGER = "retention"

_PERIODS = [*YEARS, *QUARTERS_2021]

_BEGUN = date(2020, 3, 1)
"""Only people who started since then are asked."""

_NEEDS = ("希望介绍技能培训", "希望解决子女入学", "希望调整岗位")


@dataclass(frozen=True)
class Check:
    """What somebody said when asked."""

    on: date
    number: str
    job: jobs.Job
    in_post: bool


def _of(number: str, job: jobs.Job, rng: Random) -> Iterator[Check]:
    """After three months and again after four more, unless somebody was gone."""
    day = job.started
    for wait in (90, 120):
        day = workday(day + timedelta(days=wait + rng.randint(0, 20)))
        if day > TODAY:
            return
        in_post = rng.random() < 0.85
        yield Check(day, number, job, in_post)
        if not in_post:
            return


def checks() -> Iterator[Check]:
    """Of the jobs since March 2020 every second, leaving out those whose end stands in their own row."""
    rng = dice(LEDGER)
    asked = [(number, job) for number, job in jobs.numbered() if job.started >= _BEGUN and job.left is None]
    for number, job in asked[::2]:
        yield from _of(number, job, rng)


def _item(check: Check, rng: Random) -> Item:
    side = Side.EAST if check.job.destination == jobs.EAST else Side.WEST
    values = row(
        LEDGER,
        checked_on=check.on,
        number_of_job=check.number,
        in_post="是" if check.in_post else "否",
        months=(check.on - check.job.started).days // 30 if check.in_post else None,
        need=rng.choice(_NEEDS) if rng.random() < 0.2 else None,
        pairing=check.job.pairing,
        evidence=f"示例-稳岗-{period_of(check.on, _PERIODS).name}-{side.label}-回访记录.txt",
    )
    return Item(check.on, side, values)


def batches() -> list[Batch]:
    """By years up to 2020 and by quarters in 2021; the east asks those who work there, the west all others."""
    rng = dice(f"{LEDGER}:rows")
    return reported(LEDGER, [_item(check, rng) for check in checks()], _PERIODS)
