"""转移就业台账: 160 jobs of 150 people; four of August 2021 were entered only after the article's conference.

Some take a second job, two of them within one year: counting rows, or adding years up, gives too many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from lianqiao.demo.rows.batch import (
    QUARTERS_2021,
    TODAY,
    YEARS,
    Batch,
    Correction,
    Item,
    Side,
    correction,
    period_of,
    reported,
    workbook,
)
from lianqiao.demo.rows.chance import dice, workdays
from lianqiao.demo.rows.days import workday
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.identity import id_number
from lianqiao.demo.rows.tree import COUNTY, TOWNS, stem

LEDGER = "jobs"

_PERIODS = [*YEARS, *QUARTERS_2021]

EAST, NEARBY, OTHER = "东部结对地区", "省内就近就地", "其他地区"
_TURNS = (NEARBY, EAST, NEARBY, NEARBY, OTHER)

_EMPLOYERS = {
    EAST: ("靖江示例船舶配件厂", "靖江示例食品厂", "靖江示例纺织厂", "靖江示例电子厂"),
    NEARBY: ("监军示例社区工厂甲", "甘井示例帮扶车间甲", "店头示例帮扶车间甲", "永寿示例物业站"),
    OTHER: ("示例物流公司", "示例餐饮公司", "示例建筑公司"),
}
_CHANNELS = {
    EAST: ("点对点输送", "点对点输送", "劳务中介"),
    NEARBY: ("帮扶车间", "公益性岗位", "自主就业"),
    OTHER: ("劳务中介", "自主就业"),
}
_WAGES = {EAST: (4200, 6500), NEARBY: (1800, 3200), OTHER: (3500, 5200)}

# first and last day, how many jobs, and which of them somebody takes who had one before (order -> number of the worker)
_SEASONS: list[tuple[date, date, int, dict[int, int]]] = [
    (date(2018, 3, 5), date(2018, 12, 14), 20, {}),
    (date(2019, 2, 18), date(2019, 12, 13), 32, {9: 3, 21: 11}),
    (date(2020, 3, 9), date(2020, 12, 11), 46, {5: 8, 17: 30, 38: 41}),
    (date(2021, 1, 18), date(2021, 9, 30), 47, {4: 25, 13: 52, 22: 60, 33: 97, 44: 101}),
    (date(2021, 10, 8), date(2021, 10, 12), 1, {}),
]
_LATE_DAYS = (date(2021, 8, 9), date(2021, 8, 16), date(2021, 8, 16), date(2021, 8, 23))
_LATE_PERIOD, _LATE_RECORDED = "2021年8月补录", date(2021, 10, 25)
_LATER = (date(2021, 10, 20), date(2021, 12, 17), 10)


@dataclass(frozen=True)
class Worker:
    """Somebody who does not exist; `town` is the place of the home town in the list of towns."""

    name: str
    id_number: str
    town: int
    lifted: bool


@dataclass(frozen=True)
class Job:
    """One person's job; `left` is the day on which it ended, None where it goes on."""

    worker: Worker
    destination: str
    employer: str
    channel: str
    started: date
    left: date | None
    wage: int

    @property
    def pairing(self) -> str:
        """Every third worker is recorded by the town, once it has a pairing, the others by the county."""
        town = TOWNS[self.worker.town]
        return town.name if int(self.worker.name[-3:]) % 3 == 0 and town.open_on(self.started) else COUNTY


def _worker(order: int, rng: Random) -> Worker:
    born = date(1966, 1, 1) + timedelta(days=rng.randrange(36 * 365))
    return Worker(f"示例务工{order:03d}", id_number(born, rng.randrange(1000)), order % len(TOWNS), order % 3 != 2)


def _left(started: date, rng: Random) -> date | None:
    """One job in eight ends within the sample."""
    day = workday(started + timedelta(days=rng.randint(60, 320)))
    return day if rng.random() < 0.125 and day <= TODAY - timedelta(days=30) else None


def _job(worker: Worker, turn: int, started: date, rng: Random) -> Job:
    destination = _TURNS[turn % len(_TURNS)]
    employer, channel = rng.choice(_EMPLOYERS[destination]), rng.choice(_CHANNELS[destination])
    wage = rng.randrange(*_WAGES[destination], 100)
    return Job(worker, destination, employer, channel, started, _left(started, rng), wage)


def _all() -> tuple[list[Job], list[Job]]:
    """The jobs that were reported in their time, and those of August 2021 that were not."""
    rng = dice(LEDGER)
    workers = [_worker(order, rng) for order in range(1, 151)]
    fresh, jobs = iter(workers), list[Job]()
    for first, last, count, again in _SEASONS:
        for order, day in enumerate(workdays(count, first, last, rng)):
            worker = workers[again[order] - 1] if order in again else next(fresh)
            jobs.append(_job(worker, len(jobs), day, rng))
    late = [_job(next(fresh), turn, day, rng) for turn, day in enumerate(_LATE_DAYS)]
    first, last, count = _LATER
    jobs += [_job(next(fresh), turn, day, rng) for turn, day in enumerate(workdays(count, first, last, rng))]
    return [_ended(job, jobs) for job in jobs], late


def _ended(job: Job, jobs: Iterable[Job]) -> Job:
    """The job with its end two weeks before the next one of the same worker, if there is one."""
    later = [other.started for other in jobs if other.worker == job.worker and other.started > job.started]
    return replace(job, left=min(later) - timedelta(days=14)) if later else job


def _item(job: Job, period: str, known: date) -> Item:
    worker = job.worker
    values = row(
        LEDGER,
        name=worker.name,
        id_number=worker.id_number,
        village=f"永寿县{TOWNS[worker.town].west}{stem(TOWNS[worker.town].west)}示例村甲",
        lifted="是" if worker.lifted else "否",
        employer=job.employer,
        destination=job.destination,
        started_on=job.started,
        left_on=job.left if job.left and job.left <= known else None,
        channel=job.channel,
        wage=job.wage,
        pairing=job.pairing,
        evidence=f"示例-就业-{period}-花名册.txt",
    )
    return Item(job.started, Side.WEST, values)


def _reported(job: Job) -> Item:
    period = period_of(job.started, _PERIODS)
    return _item(job, period.name, period.recorded)


def batches() -> list[Batch]:
    """By years up to 2020 and by quarters in 2021, all by the west, where the workers live."""
    jobs, late = _all()
    rows = [_item(job, _LATE_PERIOD, _LATE_RECORDED).row for job in late]
    return [
        *reported(LEDGER, map(_reported, jobs), _PERIODS),
        workbook(LEDGER, _LATE_PERIOD, _LATE_RECORDED, Side.WEST, rows, "示例：补录8月的就业名单"),
    ]


def corrections() -> list[Correction]:
    """Those who left after they were recorded."""
    jobs, _ = _all()
    return [
        correction(
            workday(job.left + timedelta(days=12)),
            LEDGER,
            Side.WEST,
            {"name": job.worker.name, "started_on": job.started},
            {"left_on": job.left},
            "登记离职",
        )
        for job in jobs
        if job.left and job.left > period_of(job.started, _PERIODS).recorded
    ]


def numbered() -> Iterator[tuple[str, Job]]:
    """Every job with its 编号.

    The system numbers a year's jobs in the order in which they are entered: batch after batch, row after row.
    """
    jobs, late = _all()
    named: dict[tuple[object, object], Job] = {(job.worker.name, job.started): job for job in (*jobs, *late)}
    last: Counter[int] = Counter()
    for batch in sorted(batches(), key=lambda batch: batch.recorded_at):
        for told in batch.rows:
            job = named[told["姓名"], told["入职日期"]]
            last[job.started.year] += 1
            yield f"JY-{job.started.year}-{last[job.started.year]:04d}", job
