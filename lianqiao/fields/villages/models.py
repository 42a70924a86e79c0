"""What towns, villages, schools and hospitals do for each other."""

from __future__ import annotations

from collections.abc import Iterator

from lianqiao.journal.measures import Post, measure, split
from lianqiao.ledger.fields import Choice, Count, Day, Money, PlaceName, Text
from lianqiao.ledger.models import Entry, Ledger

GROUP = "镇村结对"
TWIN_PROJECTS = measure(
    "twin.projects", "镇村结对项目", "个", "镇、村、校、院、企结对之间的帮扶项目，按日期一个计一。",
    excludes="不含县级立项的协作项目。", words=("镇村结对项目", "结对帮扶项目"), group=GROUP, filled_by="双方",
)  # fmt: skip
TWIN_HOUSEHOLDS = measure(
    "twin.households", "镇村结对受益户", "户", "镇村结对项目的受益户数，按项目合计。",
    excludes="未去重：一户受益于两个项目计两次。", words=("辐射", "受益"), group=GROUP, filled_by="双方",
)  # fmt: skip
TWIN_PERSON_TIMES = measure(
    "twin.person_times", "镇村结对受益人次", "人次", "镇村结对项目的受益人次，按项目合计，一人受益两次计两次。",
    excludes="不是人数，未去重。", words=("辐射", "受益"), group=GROUP, filled_by="双方",
)  # fmt: skip


class TwinSupport(Entry):
    """镇村结对帮扶台账."""

    occurred_on = Day("日期")
    name = Text("结对帮扶项目")
    level = Choice("层级", ["镇镇", "村村", "企村", "校校", "院院", "社会组织"])
    east_unit = Text("东部单位")
    west_unit = Text("西部单位")
    households = Count("受益户数", blank=True)
    person_times = Count("受益人次", blank=True)
    amount = Money("投入资金", blank=True)

    ledger = Ledger(
        "twin_support",
        "镇村结对帮扶台账",
        "ZC",
        key=("occurred_on", "name"),
        evidence=("协议", "照片", "名册"),
        dated="occurred_on",
    )

    class Meta(Entry.Meta):
        verbose_name = "镇村结对帮扶"

    def postings(self) -> Iterator[Post]:
        yield from TWIN_PROJECTS(1, self.occurred_on)
        yield from TWIN_HOUSEHOLDS(self.households, self.occurred_on)
        yield from TWIN_PERSON_TIMES(self.person_times, self.occurred_on)

    def summary(self) -> str:
        return self.name


VILLAGES = measure(
    "demo.villages", "乡村振兴示范村", "个", "启动创建的乡村振兴示范村，按启动日期一个计一。", words=("示范村",),
    group="乡村振兴", filled_by="西部",
)  # fmt: skip
RECOGNISED = split(
    VILLAGES, "recognised", "其中已命名示范村", "subset", "示范村中已命名的，按命名日期计入。", cumulative=True
)
COOP_FIELDS = {
    "教育": "education",
    "医疗": "health",
    "科技": "science",
    "金融": "finance",
    "文化旅游": "tourism",
    "产教融合": "training",
    "医养结合": "care",
}
PROGRAMMES = measure(
    "coop.programmes", "领域合作事项", "项", "教育、医疗、科技、金融等领域的合作事项，按启动日期一项计一。",
    words=("合作事项",), group="乡村振兴", filled_by="双方",
)  # fmt: skip
for _field, _suffix in COOP_FIELDS.items():
    split(PROGRAMMES, _suffix, _field, "part")


class DemoVillage(Entry):
    """乡村振兴示范村台账."""

    village = PlaceName("村名")
    town = Text("所属镇")
    started_on = Day("启动日期")
    recognised_on = Day("命名日期", blank=True)
    amount = Money("投入资金", blank=True)
    checklist = Text("创建事项", max_length=2000, blank=True)

    ledger = Ledger(
        "demo_villages", "乡村振兴示范村台账", "SC", key=("village",), evidence=("创建方案", "命名文件", "照片"), dated="started_on",
        order=(("started_on", "recognised_on"),),
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "示范村"

    def postings(self) -> Iterator[Post]:
        yield from VILLAGES(1, self.started_on)
        yield from RECOGNISED(1, self.recognised_on)


class JointProgramme(Entry):
    """领域合作台账."""

    started_on = Day("启动日期")
    name = Text("合作事项")
    field = Choice("领域", COOP_FIELDS)
    east_unit = Text("东部单位", blank=True)
    west_unit = Text("西部单位", blank=True)
    content = Text("内容", max_length=1000, blank=True)
    ended_on = Day("结束日期", ending=True, blank=True)

    ledger = Ledger(
        "joint_programmes", "领域合作台账", "LY", key=("started_on", "name"), evidence=("协议", "照片"), dated="started_on",
        order=(("started_on", "ended_on"),),
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "领域合作"

    def postings(self) -> Iterator[Post]:
        yield from PROGRAMMES.sub(COOP_FIELDS[self.field])(1, self.started_on)

    def summary(self) -> str:
        return self.name
