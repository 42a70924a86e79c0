"""协议台账: what was signed, recorded with the conference or, signed between departments, by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from lianqiao.demo.rows.batch import CONFERENCE, Batch, Row, Side, workbook
from lianqiao.demo.rows.days import workday
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.meetings import CONFERENCES, Conference
from lianqiao.demo.rows.tree import COUNTY

LEDGER = "agreements"

_FRAMEWORK, _ANNUAL, _TOWNS = "框架协议", "年度协议", "结对乡镇协议"


@dataclass(frozen=True)
class Agreement:
    title: str
    kind: str
    signed: date
    start: date
    end: date


def _years(title: str, kind: str, signed: date, last: int) -> Agreement:
    """In force from the first day of the year in which it was signed to the last day of the year `last`."""
    return Agreement(title, kind, signed, date(signed.year, 1, 1), date(last, 12, 31))


def _from_signing(title: str, kind: str, signed: date, last: int) -> Agreement:
    return Agreement(title, kind, signed, signed, date(last, 12, 31))


ANNUAL = {
    **{
        signed.year: _years(f"《{signed.year}年度扶贫协作协议（示例）》", _ANNUAL, signed, signed.year)
        for signed in (date(2017, 4, 20), date(2018, 4, 12), date(2019, 3, 28), date(2020, 6, 11))
    },
    2021: _years("《2021年度对口协作框架协议》", _ANNUAL, CONFERENCE, 2021),
}
TOWN_AGREEMENT = _years("《结对乡镇“十四五”对口协作框架协议》", _TOWNS, CONFERENCE, 2025)

AGREEMENTS = [
    _years("《扶贫协作框架协议（示例）》", _FRAMEWORK, date(2017, 4, 20), 2020),
    _from_signing("《结对乡镇扶贫协作协议（示例）》", _TOWNS, date(2018, 4, 12), 2020),
    _from_signing("《教育协作协议（示例）》", "部门协议", date(2018, 8, 28), 2020),
    _from_signing("《卫生协作协议（示例）》", "部门协议", date(2018, 9, 12), 2020),
    _from_signing("《劳务协作协议（示例）》", "劳务协议", date(2019, 5, 15), 2021),
    _from_signing("《农产品采购协议（示例）》", "采购协议", date(2020, 9, 22), 2020),
    *ANNUAL.values(),
    _years("《“十四五”对口协作框架协议》", _FRAMEWORK, CONFERENCE, 2025),
    TOWN_AGREEMENT,
    _from_signing("《卫生健康协作协议（示例）》", "部门协议", date(2021, 12, 16), 2023),
]

_AT = {conference.on: conference for conference in CONFERENCES}


def _row(agreement: Agreement, conference: Conference | None) -> Row:
    return row(
        LEDGER,
        title=agreement.title,
        kind=agreement.kind,
        signed_on=agreement.signed,
        start=agreement.start,
        end=agreement.end,
        meeting=conference.title if conference else None,
        pairing=COUNTY,
        notes="示例" if "示例" in agreement.title else "示例：协议名称与期限据公开报道，文本为虚构",
        evidence=f"示例-协议-{agreement.title.strip('《》').replace('（示例）', '')}-协议文本.txt",
    )


def batches() -> list[Batch]:
    """One workbook for each day of signing."""
    made = []
    for signed in sorted({agreement.signed for agreement in AGREEMENTS}):
        conference = _AT.get(signed)
        rows = [_row(agreement, conference) for agreement in AGREEMENTS if agreement.signed == signed]
        recorded = conference.recorded if conference else workday(signed + timedelta(days=3))
        made.append(workbook(LEDGER, f"{signed.year}年{signed.month}月", recorded, Side.EAST, rows))
    return made
