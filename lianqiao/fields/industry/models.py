"""Parks built together, enterprises that came, and the money they brought."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import models

from lianqiao.fields.industry.leads import Enquiry, Lead, LeadStep  # noqa: F401 - tables of this room too
from lianqiao.journal.measures import Post, measure, split
from lianqiao.ledger import protected
from lianqiao.ledger.fields import Choice, Count, CreditCode, Day, Money, PlaceName, Text
from lianqiao.ledger.models import Entry, Ledger, State, named

GROUP = "产业合作"
PARKS = measure(
    "industry.parks", "共建产业园区", "个", "双方共建的产业园、农业园、飞地园，按共建日期一个计一。",
    words=("共建园区", "产业园"), group=GROUP, filled_by="双方",
)  # fmt: skip
ENTERPRISES = measure(
    "industry.enterprises", "引进企业", "家", "通过协作引进并已落地的企业，去重，按落地日期计入，累计和每年各计一次。",
    excludes="只签约未落地的不算。", words=("引进企业", "落地企业"), group=GROUP, filled_by="西部",
    distinct="家，以统一社会信用代码为准",
)  # fmt: skip
PRODUCING = split(
    ENTERPRISES, "producing", "其中投产企业", "subset", "引进企业中已投产的，按投产日期计入。", cumulative=True
)
IN_PARKS = split(ENTERPRISES, "in_parks", "其中入园企业", "subset", "引进企业中入驻共建园区的，按落地日期计入。")
AGREED = measure(
    "industry.agreed", "协议投资额", "元", "引进企业的协议投资额，按落地日期计入。", excludes="协议额不等于到位资金。",
    words=("协议投资", "签约额"), group=GROUP, filled_by="西部",
)  # fmt: skip
INVESTED = measure(
    "industry.investment", "实际到位投资额", "元", "引进企业实际到位的投资：逐笔记的按到位日期，没有逐笔的按企业台账的数和落地日期。",
    excludes="两处不重复计。", words=("到位资金", "到位投资"), group=GROUP, filled_by="西部",
)  # fmt: skip
JOBS = measure(
    "industry.jobs", "企业吸纳就业", "人", "引进企业吸纳就业的人数，按企业合计，按落地日期计入。", excludes="未去重。",
    words=("吸纳就业", "带动就业"), group=GROUP, filled_by="西部",
)  # fmt: skip
LIFTED_JOBS = split(JOBS, "lifted", "其中脱贫人口", "subset")


class Park(Entry):
    """共建园区台账."""

    name = Text("园区名称")
    kind = Choice("类型", ["产业园", "农业园", "飞地园"], blank=True)
    east_zone = Text("东部共建方", blank=True)
    west_zone = Text("西部共建方", blank=True)
    started_on = Day("共建日期")
    area = Text("面积(亩)", max_length=60, blank=True)
    place = Text("地点", blank=True)

    ledger = Ledger("parks", "共建园区台账", "YQ", key=("name",), evidence=("共建协议",), dated="started_on")

    class Meta(Entry.Meta):
        verbose_name = "共建园区"

    def postings(self) -> Iterator[Post]:
        yield from PARKS(1, self.started_on)


class Enterprise(Entry):
    """引进企业台账: an enterprise that came through the cooperation."""

    name = Text("企业名称")
    credit_code = CreditCode("统一社会信用代码")
    sector = Text("行业", max_length=60, blank=True)
    origin = PlaceName("来源地", blank=True)
    park = Text("入驻园区", blank=True)
    agreed = Money("协议投资额")
    paid_in = Money("实际到位投资额")
    landed_on = Day("落地日期")
    producing_on = Day("投产日期", blank=True)
    jobs = Count("吸纳就业", blank=True)
    lifted_jobs = Count("其中脱贫人口", blank=True)
    # Set while 到位资金台账 keeps the enterprise's money row by row.
    by_rows = models.BooleanField(default=False, editable=False)

    ledger = Ledger(
        "enterprises", "引进企业台账", "QY", key=("credit_code",), evidence=("营业执照", "投资协议", "验资材料"), dated="landed_on",
        filled_by=("west",), order=(("landed_on", "producing_on"),), parts=(("lifted_jobs", "jobs"),),
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "引进企业"

    def postings(self) -> Iterator[Post]:
        subject = protected.subject("credit", self.credit_code)
        yield from ENTERPRISES(1, self.landed_on, subject)
        yield from PRODUCING(1, self.producing_on, subject)
        if self.park:
            yield from IN_PARKS(1, self.landed_on, subject)
        yield from AGREED(self.agreed, self.landed_on)
        if not self.by_rows:
            yield from INVESTED(self.paid_in, self.landed_on)
        yield from JOBS(self.jobs, self.landed_on)
        yield from LIFTED_JOBS(self.lifted_jobs, self.landed_on)

    def summary(self) -> str:
        return self.name

    @classmethod
    def after_approval(cls, entries: Sequence[Enterprise]) -> None:
        mark_by_rows({e.credit_code for e in entries})
        for entry in entries:
            entry.refresh_from_db(fields=["by_rows"])


class Investment(Entry):
    """到位资金台账: an enterprise's money, row by row."""

    paid_on = Day("到位日期")
    credit_code = CreditCode("统一社会信用代码")
    amount = Money("金额")
    document = Text("佐证", blank=True)

    ledger = Ledger(
        "investments", "到位资金台账", "TZ", key=("paid_on", "credit_code", "amount"), evidence=("到账凭证", "验资材料"),
        dated="paid_on", filled_by=("west",),
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "到位资金"

    def postings(self) -> Iterator[Post]:
        yield from INVESTED(self.amount, self.paid_on)

    def summary(self) -> str:
        return self.credit_code

    @classmethod
    def after_approval(cls, entries: Sequence[Investment]) -> None:
        mark_by_rows(named(entries, "credit_code"))

    @classmethod
    def after_void(cls, entry: Investment) -> None:
        mark_by_rows({entry.credit_code})

    @classmethod
    def moves(cls, entries: Sequence[Any]) -> Sequence[Entry]:
        """The enterprises whose own 到位投资额 gives way to the rows, or comes back."""
        codes = named(entries, "credit_code")
        return list(
            Enterprise.objects.select_for_update(of=("self",))
            .filter(credit_code__in=codes, state=State.APPROVED)
            .order_by("pk")
        )


def mark_by_rows(codes: set[str]) -> None:
    kept = Investment.objects.filter(credit_code__in=codes, state=State.APPROVED).values_list("credit_code", flat=True)
    held = Enterprise.objects.filter(credit_code__in=codes)
    held.filter(credit_code__in=set(kept)).update(by_rows=True)
    held.exclude(credit_code__in=set(kept)).update(by_rows=False)
