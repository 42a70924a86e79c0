"""One good row of every ledger, by its code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from lianqiao.agreements import models as agreements
from lianqiao.fields.exchange.models import Visit
from lianqiao.fields.funds.models import Donation, Receipt
from lianqiao.fields.projects.models import Project
from lianqiao.fields.talent.models import Secondment
from lianqiao.fields.villages.models import TwinSupport
from lianqiao.ledger import acts
from lianqiao.ledger.models import Entry
from lianqiao.ledger.protected import protect
from lianqiao.places.models import Node
from tests.world import SINCE, World

DAY = date(2021, 10, 12)


def link(model: type[Entry]) -> Any:
    """The row of that ledger that another one names."""
    return model._base_manager.get()


ROWS: dict[str, Callable[[Node], Entry]] = {
    "organisations": lambda node: agreements.Organisation(name="示例工作联络组", kind="工作联络组", place="永寿县"),
    "pairings": lambda node: agreements.Pairing(
        node=node, east="靖江市实验学校", west="永寿县中学", level="校校", since=SINCE, until=date(2021, 9, 1), agreement="示例"
    ),
    "meetings": lambda node: agreements.Meeting(
        node=node, occurred_on=DAY, title="示例联席会议", kind="联席会议", place="永寿县", host="西部"
    ),
    "agreements": lambda node: agreements.Agreement(
        node=node, title="示例框架协议", kind="框架协议", signed_on=DAY, start=DAY, end=date(2025, 12, 31),
        meeting=link(agreements.Meeting),
    ),
    "targets": lambda node: agreements.Target(
        node=node, agreement=link(agreements.Agreement), measure="visits.batches", quantity=20, year=2021
    ),
    "resolutions": lambda node: agreements.Resolution(
        node=node, meeting=link(agreements.Meeting), text="示例事项", owner="示例单位", due=date(2021, 12, 31)
    ),
    "frameworks": lambda node: agreements.Framework(name="1+X", applies_to="市县", items="示例一；示例二"),
    "honours": lambda node: agreements.Honour(
        node=node, title="示例荣誉", level="国家级", issuer="示例单位", awarded_on=date(2021, 2, 25)
    ),
    "opening": lambda node: agreements.OpeningBalance(
        node=node, measure="talent.education", until=date(2018, 12, 31), value=40, source="示例总结"
    ),
    "visits": lambda node: Visit(
        node=node, occurred_on=DAY, direction="东部赴西部", level="县级", purpose="示例对接", leader="示例", people=9, days=3
    ),
    "secondments": lambda node: Secondment(
        node=node, name="示例甲", id_number=protect("990000198001010017"), direction="东部派往西部", category="教育",
        home_org="示例学校", host_org="永寿县中学", start=date(2021, 3, 1),
    ),
    "projects": lambda node: Project(
        node=node, code="XM01", name="示例项目", kind="产业发展", approved_on=date(2020, 3, 1), planned_aid=5_000_000_00,
        started_on=date(2020, 5, 1), completed_on=date(2021, 6, 1), households=80, people=300, lifted_households=20,
    ),
    "receipts": lambda node: Receipt(
        node=node, received_on=date(2021, 4, 1), source="县级财政", amount=3_000_000_00, document="示例〔2021〕1号", year=2021
    ),
    "donations": lambda node: Donation(
        node=node, pledged_on=DAY, received_on=date(2021, 11, 1), donor="示例公司", kind="资金", amount=2_000_000_00, recipient="永寿县"
    ),
    "twin_support": lambda node: TwinSupport(
        node=node, occurred_on=date(2021, 5, 1), name="示例帮扶", level="镇镇", east_unit="新桥镇", west_unit="监军街道",
        households=41, person_times=90,
    ),
}  # fmt: skip
# Which rows must be there before one of this ledger.
NEEDS = {"agreements": ("meetings",), "targets": ("meetings", "agreements"), "resolutions": ("meetings",)}


def entered(world: World, ledger: str) -> Entry:
    """An approved row of the ledger at the county, with the rows that it names."""
    for code in (*NEEDS.get(ledger, ()), ledger):
        (row,) = acts.create([ROWS[code](world.county)], world.admin)
        acts.approve([row], world.other_admin)
    return row
