"""Money: fiscal receipts and donations. A pledge is not money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Sum

from lianqiao.core.units import shown, unit
from lianqiao.fields.projects.models import Project
from lianqiao.journal.measures import Post, Ratio, keep, measure, split
from lianqiao.ledger.columns import Problem
from lianqiao.ledger.fields import Choice, Count, Day, Link, Money, Text
from lianqiao.ledger.models import Entry, Ledger, State, named
from lianqiao.ledger.protected import masked_name

YUAN = unit("元")
SOURCES = {"省级财政": "province", "市级财政": "prefecture", "县级财政": "county", "镇村": "town"}

TOTAL = measure(
    "funds.total", "帮扶资金", "元", "已到账的财政协作资金与社会捐赠（含物资折价）之和，按到账日期计入。",
    excludes="认捐未到账的不算。", words=("帮扶资金", "协作资金", "投入帮扶资金"), group="资金支持", filled_by="西部",
)  # fmt: skip
FISCAL = split(
    TOTAL, "", "财政协作资金到账", "part", "东部各级财政拨付、西部已收到的协作资金，按到账日期计入。", code="funds.fiscal",
    words=("财政协作资金", "财政援助资金", "财政帮扶资金"),
)  # fmt: skip
FISCAL_BY = {source: split(FISCAL, suffix, source, "part") for source, suffix in SOURCES.items()}
SOCIAL = split(
    TOTAL, "", "社会帮扶资金到账", "part", "企业、社会组织、个人等捐赠并已到账的资金与物资折价之和，按到账日期计入。",
    code="funds.social", words=("社会帮扶资金", "社会捐赠", "捐款捐物"),
)  # fmt: skip
RECEIVED = {
    "资金": split(SOCIAL, "", "捐款", "part", "已到账的捐款。", code="funds.cash", words=("捐款",)),
    "物资": split(
        SOCIAL, "", "捐物折价", "part", "已收到的捐赠物资的折价。", code="funds.in_kind", words=("捐物", "物资折价")
    ),
}
PLEDGED = measure(
    "donations.pledged", "认捐", "元", "宣布或签约捐赠的金额（物资为折价），按认捐日期计入。",
    excludes="认捐不等于到账。", words=("捐赠", "认捐"), group="资金支持", filled_by="东部",
)  # fmt: skip


class Receipt(Entry):
    """财政协作资金到账台账: fiscal money that has arrived."""

    received_on = Day("到账日期")
    source = Choice("来源", SOURCES)
    payer = Text("拨款单位", blank=True)
    amount = Money("金额")
    document = Text("文号", max_length=80, blank=True)
    year = Count("资金年度", blank=True)

    ledger = Ledger(
        "receipts", "财政协作资金到账台账", "DZ", key=("received_on", "amount", "document"), evidence=("到账凭证", "拨款文件"),
        dated="received_on", filled_by=("west",), fund_year=True,
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "到账"

    def postings(self) -> Iterator[Post]:
        yield from FISCAL_BY[self.source](self.amount, self.received_on)

    def summary(self) -> str:
        return " ".join(part for part in (self.source, self.payer, self.document) if part)


class Donation(Entry):
    """社会捐赠台账: pledged on one day, received on another; paid in instalments it is several rows."""

    pledged_on = Day("认捐日期", blank=True)
    received_on = Day("到账日期", blank=True)
    donor = Text("捐赠方")
    donor_type = Choice("类型", ["政府", "企业", "社会组织", "个人"], blank=True)
    kind = Choice("形式", RECEIVED)
    amount = Money("金额(折价)")
    goods = Text("物资名称", blank=True)
    recipient = Text("受赠方")
    purpose = Text("用途", blank=True)
    receipt = Text("票据号", max_length=80, blank=True)

    ledger = Ledger(
        "donations", "社会捐赠台账", "JK", key=("pledged_on", "received_on", "donor", "amount"),
        evidence=("捐赠协议", "票据", "交接单"), order=(("pledged_on", "received_on"),), either=(("pledged_on", "received_on"),),
        personal=("donor", "recipient", "purpose", "receipt"),
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "捐赠"

    def postings(self) -> Iterator[Post]:
        yield from PLEDGED(self.amount, self.pledged_on)
        yield from RECEIVED[self.kind](self.amount, self.received_on)

    def summary(self) -> str:
        donor = masked_name(self.donor) if self.donor_type == "个人" else self.donor
        return f"{donor} {self.goods or self.kind}"


ALLOCATED = measure(
    "funds.allocated", "资金安排", "元", "下达到协作项目的资金，按下达日期计入。", words=("安排资金", "下达资金"),
    excludes="下达不等于支付。", group="资金支持", filled_by="西部",
)  # fmt: skip
PAID = measure(
    "funds.paid", "资金支付", "元", "协作项目已支付的资金，按支付日期计入。", words=("支付资金", "支出"), group="资金支持",
    filled_by="西部",
)  # fmt: skip
PAYMENT_RATE = keep(
    Ratio(
        "funds.payment_rate", "支付率", PAID, FISCAL, "累计支付资金 ÷ 累计到账财政协作资金。", words=("支付率", "支出进度"),
        group="资金支持", cumulative=True,
    )
)  # fmt: skip


class Allocation(Entry):
    """资金安排台账: money assigned to a project."""

    allocated_on = Day("下达日期")
    project = Link(Project, "项目编号", by="code")
    amount = Money("金额")
    document = Text("下达文号", max_length=80)
    year = Count("资金年度", blank=True)

    ledger = Ledger(
        "allocations", "资金安排台账", "AP", key=("allocated_on", "project", "document"), evidence=("下达文件",),
        dated="allocated_on", filled_by=("west",),
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "资金安排"

    def postings(self) -> Iterator[Post]:
        yield from ALLOCATED(self.amount, self.allocated_on)

    def summary(self) -> str:
        return f"{self.project.code} {self.document}"

    @classmethod
    def before_approval(cls, entries: Sequence[Allocation]) -> Iterable[Problem]:
        yield from overpaid(named(entries, "project_id"), coming=entries)

    @classmethod
    def before_void(cls, entry: Allocation) -> Iterable[Problem]:
        yield from overpaid({entry.project_id}, going=entry)


class Payment(Entry):
    """资金支付台账: money paid out for a project, never more than was allocated to it."""

    paid_on = Day("支付日期")
    project = Link(Project, "项目编号", by="code")
    payee = Text("收款单位", blank=True)
    amount = Money("金额")
    voucher = Text("凭证号", max_length=80)
    year = Count("资金年度", blank=True)

    ledger = Ledger(
        "payments", "资金支付台账", "ZF", key=("paid_on", "project", "payee", "voucher"), evidence=("支付凭证", "发票"),
        dated="paid_on", filled_by=("west",), personal=("payee",),
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "资金支付"

    def postings(self) -> Iterator[Post]:
        yield from PAID(self.amount, self.paid_on)

    def summary(self) -> str:
        return f"{self.project.code} {self.payee}"

    @classmethod
    def before_approval(cls, entries: Sequence[Payment]) -> Iterable[Problem]:
        yield from overpaid(named(entries, "project_id"), coming=entries)


def overpaid(
    projects: set[int], coming: Sequence[Allocation | Payment] = (), going: Allocation | None = None
) -> Iterator[Problem]:
    """Projects that would have been paid more than they were allocated. Locks them: two payments at the cap wait.

    coming: rows about to be approved, whose approved version (if any) they replace. going: one about to be voided.
    """
    locked = list(Project.objects.select_for_update(of=("self",)).filter(pk__in=projects).order_by("pk"))
    allocated = approved_sums(Allocation, projects, coming, going)
    paid = approved_sums(Payment, projects, coming, None)
    for project in locked:
        if paid[project.pk] > allocated[project.pk]:
            told = f"{shown(paid[project.pk], YUAN)} 元，超过安排 {shown(allocated[project.pk], YUAN)} 元"
            yield Problem("amount", "not_now", f"项目 {project.code}：支付合计 {told}。请先核对资金安排。")


def approved_sums(
    model: type[Allocation | Payment], projects: set[int], coming: Sequence[Entry], going: Entry | None
) -> dict[int, int]:
    """What a ledger will have for each project once `coming` is approved and `going` is void."""
    mine = [e for e in coming if isinstance(e, model)]
    apart = [e.pk for e in mine] + ([going.pk] if going else [])
    rows = model._base_manager.filter(project__in=projects, state=State.APPROVED).exclude(pk__in=apart)
    sums: dict[int, int] = defaultdict(int)
    sums.update(rows.values_list("project").annotate(total=Sum("amount")))
    for entry in mine:
        sums[entry.project_id] += entry.amount
    return sums
