"""资金支付台账: what was paid for the projects, in step with the works and never more than was allocated.

Projects of the first two years were paid once they were built. Since 2019 a part waits for the final account, which was
settled for two years of projects at the end of 2021: that is why the rate of payment rises so late.
"""

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

LEDGER = "payments"

_SETTLED = date(2021, 11, 8)
_LARGE = 1_800_000
"""元; of the projects of 2021 those as large as this are paid a part in advance."""


@dataclass(frozen=True)
class Payment:
    """Money paid for a project, in 元."""

    on: date
    project: Project
    amount: int


def _shares(project: Project, rng: Random) -> Iterator[tuple[date, int]]:
    """Day and percent of the planned aid of each payment, past or to come."""
    started, completed = (
        workday(project.steps[step] + timedelta(days=rng.randint(25, 40))) for step in ("started_on", "completed_on")
    )
    if project.approved.year == TODAY.year:
        advance = 40 if project.aid >= _LARGE else 0
        yield started, advance
        yield completed, 95 - advance
    elif project.approved.year >= 2019:
        yield completed, 70
        yield workday(_SETTLED + timedelta(days=rng.randint(0, 45))), 30
    else:
        yield completed, 100


def payments() -> list[Payment]:
    """All payments up to the sample's last day, in the order of their days."""
    rng = dice(LEDGER)
    made = [
        Payment(on, project, project.aid * percent // 100)
        for project in projects()
        for on, percent in _shares(project, rng)
        if percent and on <= TODAY
    ]
    return sorted(made, key=lambda payment: (payment.on, payment.project.code))


_PAYEES = ("建筑公司", "设备公司", "工程公司", "农资公司")


def _item(order: int, made: Payment, rng: Random) -> Item:
    voucher = f"示例支字{order:04d}号"
    values = row(
        LEDGER,
        paid_on=made.on,
        project=made.project.code,
        payee=f"示例{rng.choice(_PAYEES)}{rng.choice('甲乙丙')}",
        amount=made.amount,
        voucher=voucher,
        year=made.project.approved.year,
        pairing=pairing_of(made.project),
        evidence=f"示例-支付-{voucher}-支付凭证.txt",
    )
    return Item(made.on, Side.WEST, values)


def batches() -> list[Batch]:
    """Recorded where the money is spent: by years up to 2020 and by quarters in 2021."""
    rng = dice(f"{LEDGER}:rows")
    items = [_item(order, made, rng) for order, made in enumerate(payments(), start=1)]
    return reported(LEDGER, items, [*YEARS, *QUARTERS_2021])
