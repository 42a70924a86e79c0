"""Households watched over so that they do not fall back into poverty. Their ID numbers are never shown whole."""

from __future__ import annotations

from collections.abc import Iterator

from lianqiao.journal.measures import Post, measure, split
from lianqiao.ledger.fields import Choice, Count, Day, IdNumber, Link, Money, Person, PlaceName, Text
from lianqiao.ledger.models import Entry, Ledger

GROUP = "防止返贫监测"
HOUSEHOLDS = measure(
    "monitored.households", "监测对象户数", "户", "纳入防止返贫监测的户，按识别日期一户计一。", words=("监测对象", "监测户"),
    group=GROUP, filled_by="西部",
)  # fmt: skip
PEOPLE = measure(
    "monitored.people", "监测对象人数", "人", "纳入防止返贫监测的人口，按户合计，按识别日期计入。", words=("监测人口",), group=GROUP,
    filled_by="西部",
)  # fmt: skip
CLEARED_HOUSEHOLDS = split(
    HOUSEHOLDS, "cleared", "其中风险消除户", "subset", "监测对象中风险已消除的户，按消除日期计入。", cumulative=True
)
CLEARED_PEOPLE = split(
    PEOPLE, "cleared", "其中风险消除人口", "subset", "监测对象中风险已消除的人口，按消除日期计入。", cumulative=True
)
VISITS = measure(
    "home.visits", "走访慰问", "户次", "走访慰问监测户和困难户的户次，按走访日期计入。", excludes="不是户数，未去重。",
    words=("走访", "慰问"), group=GROUP, filled_by="双方",
)  # fmt: skip


class Monitored(Entry):
    """监测对象台账."""

    code = Text("户编号", max_length=60)
    head = Person("户主", max_length=40)
    id_number = IdNumber("身份证号", blank=True)
    village = PlaceName("所在村")
    category = Choice("类别", ["脱贫不稳定户", "边缘易致贫户", "突发严重困难户"])
    people = Count("人口数")
    identified_on = Day("识别日期")
    risk = Text("风险类型")
    measures = Text("帮扶措施", max_length=500, blank=True)
    cleared_on = Day("风险消除日期", blank=True)

    ledger = Ledger(
        "monitored", "监测对象台账", "JC", key=("code",), evidence=("民主评议", "公示"), dated="identified_on", filled_by=("west",),
        order=(("identified_on", "cleared_on"),), personal=("code", "head", "village", "risk", "measures"),
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "监测对象"

    def postings(self) -> Iterator[Post]:
        yield from HOUSEHOLDS(1, self.identified_on)
        yield from PEOPLE(self.people, self.identified_on)
        yield from CLEARED_HOUSEHOLDS(1, self.cleared_on)
        yield from CLEARED_PEOPLE(self.people, self.cleared_on)

    def summary(self) -> str:
        return f"{self.category} {self.village}"


class HomeVisit(Entry):
    """走访慰问台账."""

    visited_on = Day("日期")
    household = Link(Monitored, "户编号", by="code")
    visitor = Person("走访人", max_length=40)
    form = Text("慰问形式", max_length=60, blank=True)
    value = Money("折价", blank=True)

    ledger = Ledger(
        "home_visits",
        "走访慰问台账",
        "ZW",
        key=("visited_on", "household", "visitor"),
        evidence=("照片", "签收单"),
        dated="visited_on",
        personal=("visitor", "form"),
    )

    class Meta(Entry.Meta):
        verbose_name = "走访慰问"

    def postings(self) -> Iterator[Post]:
        yield from VISITS(1, self.visited_on)

    def summary(self) -> str:
        return f"{self.household.code} {self.form}"
