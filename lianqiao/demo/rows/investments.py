"""到位资金台账: the money of two firms, row by row since the first quarter of 2021, with their earlier payments entered then.

Until that quarter the first of the two counted with what 引进企业台账 says; from then on with these rows, never with both.
"""

from __future__ import annotations

from datetime import date

from lianqiao.demo.rows.batch import QUARTERS_2021, Batch, Item, Side, period_of, reported
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.identity import credit_code
from lianqiao.demo.rows.tree import COUNTY

LEDGER = "investments"

MACHINES, COLD_CHAIN = credit_code(103, "99"), credit_code(106, "99")
"""The two firms: one that landed in 2019, one that landed in 2021."""

_BEGUN = QUARTERS_2021[0]

# day, firm, 万元
INVESTMENTS = [
    (date(2019, 10, 15), MACHINES, 500),
    (date(2020, 5, 20), MACHINES, 400),
    (date(2020, 9, 22), MACHINES, 400),
    (date(2021, 3, 30), COLD_CHAIN, 800),
    (date(2021, 5, 12), MACHINES, 300),
    (date(2021, 6, 10), COLD_CHAIN, 600),
    (date(2021, 9, 7), COLD_CHAIN, 500),
    (date(2021, 11, 18), COLD_CHAIN, 700),
    (date(2021, 12, 9), MACHINES, 200),
]


def paid_in(code: str, recorded: date) -> int:
    """What the rows on a firm add up to, in 元, as they were recorded by the end of a day."""
    return sum(
        amount * 10_000
        for on, firm, amount in INVESTMENTS
        if firm == code and period_of(on, QUARTERS_2021).recorded <= recorded
    )


def recorded(code: str) -> list[date]:
    """The days on which rows on a firm were recorded."""
    return sorted({period_of(on, QUARTERS_2021).recorded for on, firm, _ in INVESTMENTS if firm == code})


def _item(on: date, code: str, amount: int) -> Item:
    values = row(
        LEDGER,
        paid_on=on,
        credit_code=code,
        amount=amount * 10_000,
        document=f"示例验资〔{on.year}〕{on:%m%d}号",
        pairing=COUNTY,
        evidence=f"示例-投资-{on:%Y%m%d}-验资材料.txt",
    )
    return Item(max(on, _BEGUN.until), Side.WEST, values)


def batches() -> list[Batch]:
    """By quarters since 2021, in the first of them with the rows of the years before."""
    return reported(LEDGER, [_item(*values) for values in INVESTMENTS], QUARTERS_2021)
