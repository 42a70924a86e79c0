"""One good row of every ledger, by its code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from lianqiao.agreements import models as agreements
from lianqiao.briefings.models import Case
from lianqiao.fields.consumption.models import Outlet, Product, Sale
from lianqiao.fields.employment.models import Job, JobFair, Retention, Workshop
from lianqiao.fields.exchange.models import Visit
from lianqiao.fields.funds.models import Allocation, Donation, Payment, Receipt
from lianqiao.fields.households.models import HomeVisit, Monitored
from lianqiao.fields.industry.models import Enterprise, Investment, Park
from lianqiao.fields.projects.models import Project
from lianqiao.fields.talent.models import Secondment, Training
from lianqiao.fields.villages.models import DemoVillage, JointProgramme, TwinSupport
from lianqiao.ledger import acts
from lianqiao.ledger.models import Entry
from lianqiao.ledger.protected import protect
from lianqiao.places.models import Node
from tests.world import SINCE, World

DAY = date(2021, 10, 12)
CODE = "999900000000000199"


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
    "trainings": lambda node: Training(
        node=node, start=date(2021, 9, 6), title="示例培训班", category="致富带头人", place="永寿县", organiser="示例单位",
        person_times=58, days=3,
    ),
    "allocations": lambda node: Allocation(
        node=node, allocated_on=date(2020, 4, 1), project=link(Project), amount=4_000_000_00, document="示例〔2020〕2号", year=2020
    ),
    "payments": lambda node: Payment(
        node=node, paid_on=date(2021, 7, 1), project=link(Project), payee="示例公司", amount=3_000_000_00, voucher="示例1号",
        year=2020,
    ),
    "parks": lambda node: Park(
        node=node, name="示例产业园", kind="产业园", east_zone="示例开发区", west_zone="示例园区", started_on=date(2018, 9, 12),
        area="1200", place="永寿县",
    ),
    "enterprises": lambda node: Enterprise(
        node=node, name="示例食品公司", credit_code=CODE, sector="食品制造", origin="靖江市", park="示例产业园", agreed=9_000_000_00,
        paid_in=5_000_000_00, landed_on=date(2021, 3, 24), producing_on=date(2021, 9, 1), jobs=40, lifted_jobs=16,
    ),
    "investments": lambda node: Investment(
        node=node, paid_on=date(2021, 5, 12), credit_code=CODE, amount=6_000_000_00, document="示例〔2021〕3号"
    ),
    "jobs": lambda node: Job(
        node=node, name="示例乙", id_number=protect("990000199001010033"), village="示例村", lifted=True, employer="示例公司",
        destination="东部结对地区", started_on=date(2021, 3, 1), left_on=date(2021, 11, 30), channel="点对点输送", wage=5_000_00,
    ),
    "retention": lambda node: Retention(
        node=node, checked_on=date(2021, 6, 1), number_of_job=link(Job), in_post=True, months=3, need="示例诉求"
    ),
    "workshops": lambda node: Workshop(
        node=node, name="示例帮扶车间", kind="帮扶车间", place="永寿县", recognised_on=date(2020, 5, 1),
        withdrawn_on=date(2021, 11, 1), jobs=30, lifted_jobs=12,
    ),
    "jobfairs": lambda node: JobFair(
        node=node, held_on=date(2021, 2, 24), title="示例招聘会", place="永寿县", mode="现场", employers=22, vacancies=680, intents=104
    ),
    "sales": lambda node: Sale(
        node=node, sold_on=date(2021, 8, 1), product="示例苹果", category="水果", seller="示例合作社", buyer="示例食堂",
        buyer_type="预算单位", channel="单位采购", mode="采购", quantity="2000公斤", amount=30_000_00, invoice="示例1号",
    ),
    "outlets": lambda node: Outlet(
        node=node, name="示例专柜", kind="专柜", place="靖江市", opened_on=date(2020, 4, 22), closed_on=date(2021, 11, 1)
    ),
    "products": lambda node: Product(
        node=node, name="示例苹果", producer="示例合作社", certificate="示例1号", recognised_on=date(2019, 4, 18), households=160
    ),
    "demo_villages": lambda node: DemoVillage(
        node=node, village="示例村", town="监军街道", started_on=date(2020, 10, 20), recognised_on=date(2021, 9, 1),
        amount=600_000_00, checklist="一个规划（已完成）",
    ),
    "joint_programmes": lambda node: JointProgramme(
        node=node, started_on=date(2020, 4, 14), name="示例远程义诊", field="医疗", east_unit="示例医院", west_unit="示例卫生院",
        content="示例", ended_on=date(2021, 9, 30),
    ),
    "monitored": lambda node: Monitored(
        node=node, code="示例001", head="示例丙", id_number=protect("990000197001010050"), village="示例村", category="边缘易致贫户",
        people=4, identified_on=date(2020, 5, 1), risk="示例", measures="示例", cleared_on=date(2021, 3, 1),
    ),
    "home_visits": lambda node: HomeVisit(
        node=node, visited_on=DAY, household=link(Monitored), visitor="示例领队", form="慰问金", value=500_00
    ),
    "cases": lambda node: Case(
        node=node, title="示例案例", level="县级", field="劳务协作", as_of=DAY, text="示例正文。", source="示例协作办", published="示例日报"
    ),
}  # fmt: skip
# Which rows must be there before one of this ledger.
NEEDS = {
    "agreements": ("meetings",),
    "targets": ("meetings", "agreements"),
    "resolutions": ("meetings",),
    "allocations": ("projects",),
    "payments": ("projects", "allocations"),
    "retention": ("jobs",),
    "home_visits": ("monitored",),
}


def entered(world: World, ledger: str) -> Entry:
    """An approved row of the ledger at the county, with the rows that it names."""
    for code in (*NEEDS.get(ledger, ()), ledger):
        (row,) = acts.create([ROWS[code](world.county)], world.admin)
        acts.approve([row], world.other_admin, despite_twins=True)
    return row
