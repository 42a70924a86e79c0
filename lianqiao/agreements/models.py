"""The structure of a programme, kept as ledgers: organisations, pairings, meetings, agreements, targets and the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from lianqiao.agreements.measures import AGREEMENTS, HONOURS, JOINT, MEETINGS, PAIRS
from lianqiao.journal import chain
from lianqiao.journal.measures import MEASURES, Measure, Post, Ratio
from lianqiao.journal.models import Posting
from lianqiao.ledger.columns import Problem
from lianqiao.ledger.fields import Choice, Count, CreditCode, Day, Link, PlaceName, Text
from lianqiao.ledger.models import Entry, Ledger, State
from lianqiao.places.models import Node
from lianqiao.places.tree import place_of


def named_measure(text: str) -> Measure | Ratio | None:
    """The measure of that code or Chinese name."""
    return MEASURES.get(text) or next((m for m in MEASURES.values() if m.name == text), None)


class Organisation(Entry):
    """单位名录: who takes part; a liaison team's roster in 成员."""

    name = Text("名称")
    kind = Choice("类型", ["党政机关", "工作联络组", "企业", "学校", "医院", "社会组织", "村集体", "园区"])
    place = PlaceName("所在地")
    credit_code = CreditCode("统一社会信用代码", blank=True)
    members = Text("成员", max_length=2000, blank=True, help_text="姓名 职务 起 止，一人一行")

    ledger = Ledger(
        "organisations", "单位名录", "DW", key=("name",), node_required=False, twins=False, personal=("members",)
    )

    class Meta(Entry.Meta):
        verbose_name = "单位"


class Pairing(Entry):
    """结对关系台账: the tree itself. A row makes a node; its approval confirms the node."""

    east = Text("东部方", max_length=80)
    west = Text("西部方", max_length=80)
    level = Choice("层级", Node.Kind.values)
    since = Day("结对日期")
    until = Day("终止日期", ending=True, blank=True)
    agreement = Text("协议", blank=True)
    defines = models.OneToOneField(Node, models.PROTECT, null=True, editable=False, related_name="pairing")

    ledger = Ledger(
        "pairings", "结对关系台账", "JD", key=("east", "west"), evidence=("协议",), order=(("since", "until"),),
        node_field="parent", node_heading="上级结对", node_required=False, twins=False,
    )  # fmt: skip
    one_by_one = True

    class Meta(Entry.Meta):
        verbose_name = "结对关系"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new row makes its node, unconfirmed."""
        if self.defines is None:
            self.defines = Node.objects.create(
                number=self.number.lower(), kind=self.level, east=self.east, west=self.west, parent=self.node, since=self.since,
                until=self.until, succeeds=self.predecessor(),
            )  # fmt: skip
        super().save(*args, **kwargs)

    def predecessor(self) -> Node | None:
        """The closed pairing of the same two sides that this one takes over from."""
        closed = Node.objects.filter(east=self.east, west=self.west, until__isnull=False, until__lte=self.since)
        return closed.exclude(pairing__state=State.VOID).order_by("until", "pk").last()

    def postings(self) -> Iterator[Post]:
        counted = PAIRS.get(self.level)
        if counted:
            yield from counted(1, self.since)
            yield from counted(-1, self.until)

    def posting_node(self) -> int | None:
        return self.defines_id

    def own_problems(self) -> Iterator[Problem]:
        node = self.defines
        moves = node and self.node_id != node.parent_id
        if node and moves and (node.children.exists() or Posting.objects.filter(node=node).exists()):
            yield Problem(
                "node", "not_now", "上级结对：已有分录或下级的结对关系不移动。请终止它，再建一个承接的结对关系。"
            )
        if node and self.node and self.node.path.startswith(node.path):
            yield Problem("node", "not_now", "上级结对：不能在自己之下。")

    @classmethod
    def before_approval(cls, entries: Sequence[Pairing]) -> Iterable[Problem]:
        coming = {e.defines_id for e in entries}
        for entry in entries:
            if entry.node and not entry.node.confirmed and entry.node_id not in coming:
                yield Problem("node", "not_now", f"{entry.number}：上级结对“{entry.node}”尚未审核。")

    @classmethod
    def after_approval(cls, entries: Sequence[Pairing]) -> None:
        for entry in entries:
            node = entry.defines
            assert node is not None
            node.kind, node.east, node.west = entry.level, entry.east, entry.west
            node.since, node.until, node.confirmed = entry.since, entry.until, True
            if node.parent_id != entry.node_id:
                node.parent, node.path = entry.node, ""
            node.east_place, node.west_place = place_of(entry.east), place_of(entry.west)
            node.save()

    @classmethod
    def after_void(cls, entry: Pairing) -> None:
        Node.objects.filter(pairing=entry).update(confirmed=False)

    @classmethod
    def before_void(cls, entry: Pairing) -> Iterable[Problem]:
        chain.lock()  # an approval at its node is over, or will find it void
        others = Posting.objects.filter(node=entry.defines).exclude(ledger="pairings")
        below = Node.objects.filter(parent=entry.defines).exclude(pairing__state=State.VOID)
        if others.exists() or below.exists():
            yield Problem(None, "not_now", f"{entry.number}：其下已有数据或下级结对，不能作废。请填终止日期。")


class Meeting(Entry):
    """会议台账: where agreements are signed and donations handed over."""

    occurred_on = Day("日期")
    title = Text("会议名称")
    kind = Choice("类型", ["联席会议", "领导小组会议", "专题会议", "部门对接会"])
    place = Text("地点", blank=True)
    host = Choice("承办方", ["东部", "西部"], blank=True)
    attendees = Text("出席人员", max_length=1000, blank=True)
    agenda = Text("议程", max_length=2000, blank=True)
    agreements = Text("签订协议", max_length=1000, blank=True)
    resolutions = Text("议定事项", max_length=2000, blank=True)

    ledger = Ledger(
        "meetings",
        "会议台账",
        "HY",
        key=("occurred_on", "title"),
        evidence=("通知", "签到表", "纪要", "照片"),
        dated="occurred_on",
        personal=("attendees",),
    )

    class Meta(Entry.Meta):
        verbose_name = "会议"

    def postings(self) -> Iterator[Post]:
        yield from MEETINGS(1, self.occurred_on)
        if self.kind == "联席会议":
            yield from JOINT(1, self.occurred_on)

    def summary(self) -> str:
        return f"{self.kind}：{self.title}"


class Agreement(Entry):
    """协议台账."""

    title = Text("协议名称")
    kind = Choice("类型", ["框架协议", "年度协议", "结对乡镇协议", "部门协议", "劳务协议", "采购协议"])
    signed_on = Day("签订日期")
    start = Day("起始日期")
    end = Day("终止日期", ending=True)
    meeting = Link(Meeting, "签订会议", by="title", blank=True)

    ledger = Ledger(
        "agreements",
        "协议台账",
        "XY",
        key=("title", "signed_on"),
        evidence=("协议文本",),
        dated="signed_on",
        order=(("start", "end"),),
    )

    class Meta(Entry.Meta):
        verbose_name = "协议"

    def postings(self) -> Iterator[Post]:
        yield from AGREEMENTS(1, self.signed_on)

    def summary(self) -> str:
        return self.title


class Target(Entry):
    """目标任务分解表: what an agreement promises of a measure for a year, at a node. Never capped, versioned.

    目标值 is in the measure's own unit (元, not 分). An amendment is a row of the same 协议, 指标, 年度 and 承担单位
    with 变更说明 and 生效日期; attainment at a date uses the target then in force (targets.py).
    """

    agreement = Link(Agreement, "协议名称", by="title")
    measure = Text("指标", max_length=60)
    quantity = Count("目标值")
    year = Count("年度", least=1990)
    since = Day("生效日期", blank=True)
    amends = Text("变更说明", blank=True)

    ledger = Ledger(
        "targets",
        "目标任务分解表",
        "MB",
        key=("agreement", "measure", "year", "node", "since"),
        node_field="node",
        node_heading="承担单位",
        twins=False,
    )

    class Meta(Entry.Meta):
        verbose_name = "目标"

    def own_problems(self) -> Iterator[Problem]:
        found = named_measure(self.measure)
        if found is None:
            yield Problem("measure", "bad_choice", f"指标：没有“{self.measure}”。请用指标代码或名称。")
        else:
            self.measure = found.code
        if self.amends and not self.since:
            yield Problem("since", "missing", "生效日期：有变更说明的行要填从哪天起算。")

    def summary(self) -> str:
        found = MEASURES[self.measure]
        return f"{self.year} 年 {found.name} {self.quantity} {found.unit.name}"


class Resolution(Entry):
    """议定事项台账."""

    meeting = Link(Meeting, "会议名称", by="title")
    text = Text("事项", max_length=1000)
    owner = Text("责任单位")
    due = Day("完成时限")
    done_on = Day("完成日期", blank=True)
    measure = Text("关联指标", max_length=60, blank=True)

    ledger = Ledger("resolutions", "议定事项台账", "YD", key=("meeting", "text"), dated="due")

    class Meta(Entry.Meta):
        verbose_name = "议定事项"

    def own_problems(self) -> Iterator[Problem]:
        if self.measure and named_measure(self.measure) is None:
            yield Problem("measure", "bad_choice", f"关联指标：没有“{self.measure}”。请用指标代码或名称。")


class Framework(Entry):
    """工作机制: a named way of working (1+X, 5+N, 五个一); what its items are is local, so it is data."""

    name = Text("名称", max_length=60)
    applies_to = Choice("适用对象", ["市县", "镇村", "经济合作", "示范村"])
    items = Text("事项", max_length=2000, blank=True, help_text="按次序，一项一行或以；分隔")

    ledger = Ledger("frameworks", "工作机制", "JZ", key=("name",), node_required=False, twins=False)

    class Meta(Entry.Meta):
        verbose_name = "工作机制"


class Honour(Entry):
    """荣誉台账."""

    title = Text("荣誉名称")
    level = Choice("级别", ["国家级", "省级", "市级", "县级"])
    issuer = Text("授予单位")
    awarded_on = Day("日期")
    recipient = Text("获奖对象", blank=True)

    ledger = Ledger(
        "honours",
        "荣誉台账",
        "RY",
        key=("title", "awarded_on"),
        evidence=("表彰文件",),
        dated="awarded_on",
        personal=("recipient",),
    )

    class Meta(Entry.Meta):
        verbose_name = "荣誉"

    def postings(self) -> Iterator[Post]:
        yield from HONOURS(1, self.awarded_on)


class OpeningBalance(Entry):
    """期初数台账: a total of early years for which no rows were kept; shown as 无明细, and as 未去重 under a distinct count.

    数值 is in the measure's own unit (元, not 分).
    """

    measure = Text("指标", max_length=60)
    until = Day("截至日期")
    value = Count("数值")
    source = Text("来源文件")

    ledger = Ledger("opening", "期初数台账", "QC", key=("measure", "until"), evidence=("来源文件",), dated="until")

    class Meta(Entry.Meta):
        verbose_name = "期初数"
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(condition=Q(value__gt=0), name="opening_above_zero"),
        ]

    def postings(self) -> Iterator[Post]:
        found = MEASURES[self.measure]
        assert isinstance(found, Measure)
        for post in found(self.value * found.unit.smallest_parts, self.until):
            yield post._replace(bare=True)

    def own_problems(self) -> Iterator[Problem]:
        found = named_measure(self.measure)
        if not isinstance(found, Measure):
            yield Problem("measure", "bad_choice", f"指标：“{self.measure}”不是可记期初数的指标。请用指标代码或名称。")
        else:
            self.measure = found.code
        if self.value == 0:
            yield Problem("value", "bad_number", "数值：零不必记期初数。")

    def happened_on(self) -> date | None:
        return self.until
