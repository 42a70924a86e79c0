"""Projects and whom they help."""

from __future__ import annotations

from collections.abc import Iterator

from lianqiao.journal.measures import Post, Ratio, keep, measure, split
from lianqiao.ledger.fields import Choice, Count, Day, Money, Text
from lianqiao.ledger.models import Entry, Ledger

FILLED_BY = "西部"
PROJECTS = measure(
    "projects.count", "协作项目", "个", "批复立项的协作项目，按立项日期一个计一。", words=("协作项目", "实施项目"),
    excludes="镇村结对项目另计。", group="项目", filled_by=FILLED_BY,
)  # fmt: skip
STEPS = {
    field: split(
        PROJECTS,
        "",
        name,
        "subset",
        f"已{name[2:]}的协作项目，按{name[2:]}日期计入。",
        code=f"projects.{code}",
        cumulative=True,
    )
    for field, code, name in (
        ("started_on", "started", "项目开工"),
        ("completed_on", "completed", "项目完工"),
        ("accepted_on", "accepted", "项目验收"),
        ("handed_over_on", "handed_over", "项目移交"),
    )
}
COMPLETION = keep(
    Ratio(
        "projects.completion_rate", "完工率", STEPS["completed_on"], PROJECTS, "累计完工项目 ÷ 累计立项项目。", group="项目",
        words=("完工率",), cumulative=True,
    )
)  # fmt: skip
HOUSEHOLDS = measure(
    "benef.households", "受益户数", "户", "协作项目带动的户数，按项目合计，按立项日期计入。", words=("带动", "受益"),
    excludes="未去重：一户受益于两个项目计两次。", group="项目", filled_by=FILLED_BY,
)  # fmt: skip
PEOPLE = measure(
    "benef.people", "受益人数", "人", "协作项目带动的人数，按项目合计，按立项日期计入。", words=("带动", "受益"),
    excludes="未去重：一人受益于两个项目计两次。", group="项目", filled_by=FILLED_BY,
)  # fmt: skip
LIFTED_HOUSEHOLDS = split(HOUSEHOLDS, "lifted", "其中脱贫户", "subset")
LIFTED_PEOPLE = split(PEOPLE, "lifted", "其中脱贫人口", "subset")


class Project(Entry):
    """项目台账: a cooperation project from approval to handover. Each step is posted on its own day."""

    code = Text("项目编号", max_length=60)
    name = Text("项目名称")
    kind = Choice("类型", ["产业发展", "基础设施", "公共服务", "劳务就业", "人才培训", "乡村建设", "其他"])
    sector = Text("细分", max_length=60, blank=True)
    place = Text("实施地点", blank=True)
    owner = Text("实施单位", blank=True)
    approval = Text("批复文号", max_length=80, blank=True)
    approved_on = Day("立项日期")
    planned_aid = Money("计划协作资金")
    other_funds = Money("其他资金", blank=True)
    started_on = Day("开工日期", blank=True)
    completed_on = Day("完工日期", blank=True)
    accepted_on = Day("验收日期", blank=True)
    handed_over_on = Day("移交日期", blank=True)
    asset_class = Choice("资产类别", ["经营性", "公益性", "到户类"], blank=True)
    households = Count("带动户数", blank=True)
    people = Count("带动人数", blank=True)
    lifted_households = Count("其中脱贫户", blank=True)
    lifted_people = Count("其中脱贫人口", blank=True)
    linkage = Text("联农带农方式", blank=True)

    ledger = Ledger(
        "projects", "项目台账", "XM", key=("code",), evidence=("批复", "合同", "验收", "移交", "公示照片"), dated="approved_on",
        filled_by=("west",), order=(("approved_on", "started_on", "completed_on", "accepted_on", "handed_over_on"),),
        parts=(("lifted_households", "households"), ("lifted_people", "people")),
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "项目"

    def postings(self) -> Iterator[Post]:
        yield from PROJECTS(1, self.approved_on)
        for field, step in STEPS.items():
            yield from step(1, getattr(self, field))
        yield from HOUSEHOLDS(self.households, self.approved_on)
        yield from PEOPLE(self.people, self.approved_on)
        yield from LIFTED_HOUSEHOLDS(self.lifted_households, self.approved_on)
        yield from LIFTED_PEOPLE(self.lifted_people, self.approved_on)

    def summary(self) -> str:
        return self.name
