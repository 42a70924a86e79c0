"""Money: fiscal receipts and donations. A pledge is not money."""

from __future__ import annotations

from collections.abc import Iterator

from lianqiao.journal.measures import Post, measure, split
from lianqiao.ledger.fields import Choice, Count, Day, Money, Text
from lianqiao.ledger.models import Entry, Ledger

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
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "捐赠"

    def postings(self) -> Iterator[Post]:
        yield from PLEDGED(self.amount, self.pledged_on)
        yield from RECEIVED[self.kind](self.amount, self.received_on)

    def summary(self) -> str:
        return f"{self.donor} {self.goods or self.kind}"
