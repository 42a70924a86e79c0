"""Visits between the two sides."""

from __future__ import annotations

from collections.abc import Iterator

from lianqiao.journal.measures import Post, measure, split
from lianqiao.ledger.fields import Choice, Count, Day, Text
from lianqiao.ledger.models import Entry, Ledger, Side

DIRECTIONS = {"东部赴西部": "to_west", "西部赴东部": "to_east"}

VISITS = measure(
    "visits.batches", "互访批次", "批", "一方赴另一方的一次出访计一批，按出访日期计入。",
    excludes="同一次出访到多个地点仍是一批；不含接待一方的陪同。", words=("互访", "考察", "对接", "往来"),
    group="组织领导", filled_by="出访一方填，接待一方确认",
)  # fmt: skip
VISITORS = measure(
    "visits.person_times", "互访人次", "人次", "一次出访的人数计为人次，同一人两次出访计两次。按出访日期计入，更正以差额记账。",
    excludes="不是人数，未去重；不含接待一方的陪同人员。", words=("互访", "考察", "对接", "往来"),
    group="组织领导", filled_by="出访一方填，接待一方确认",
)  # fmt: skip
for _counted in (VISITS, VISITORS):
    for _direction, _suffix in DIRECTIONS.items():
        split(_counted, _suffix, _direction, "part")


class Visit(Entry):
    """互访台账: one delegation's trip from one side of a pairing to the other."""

    occurred_on = Day("日期")
    direction = Choice("方向", DIRECTIONS)
    level = Choice("层级", ["省级", "市级", "县级", "镇村级", "部门"], blank=True)
    purpose = Text("事由", blank=True)
    leader = Text("带队领导", max_length=40, blank=True)
    leader_title = Text("职务", max_length=60, blank=True)
    people = Count("人数", least=1, help_text="一次出访的人数，计为人次")
    days = Count("天数", blank=True)
    places = Text("考察点", max_length=1000, blank=True)

    ledger = Ledger(
        "visits", "互访台账", "HF", key=("occurred_on", "direction", "purpose", "leader"), evidence=("通知", "签到表", "照片"),
        dated="occurred_on", span=("occurred_on", "days"), personal=("leader", "leader_title"),
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "互访"

    def postings(self) -> Iterator[Post]:
        suffix = DIRECTIONS[self.direction]
        yield from VISITS.sub(suffix)(1, self.occurred_on)
        yield from VISITORS.sub(suffix)(self.people, self.occurred_on)

    def sides(self) -> tuple[Side, ...]:
        return ("east",) if self.direction == "东部赴西部" else ("west",)

    def summary(self) -> str:
        return self.purpose
