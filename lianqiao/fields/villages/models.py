"""What towns, villages, schools and hospitals do for each other."""

from __future__ import annotations

from collections.abc import Iterator

from lianqiao.journal.measures import Post, measure
from lianqiao.ledger.fields import Choice, Count, Day, Money, Text
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
