"""Jobs found, people who stay in them, workshops and job fairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import models

from lianqiao.fields.employment import fairs, pool, proposals, training, transfer, workshops
from lianqiao.journal.measures import Post, measure, split
from lianqiao.ledger.columns import Problem
from lianqiao.ledger.fields import Choice, Count, Day, IdNumber, Link, Money, Person, PlaceName, Text, YesNo
from lianqiao.ledger.models import Entry, Ledger, State, named

# The tables of the labour exchange, which are no ledgers: Django looks for an app's models here.
EXCHANGE = (pool, transfer, fairs, workshops, training, proposals)

GROUP = "劳务协作"
PERSON = "人，以身份证号为准"
EMPLOYED = measure(
    "labour.employed_total", "帮助就业", "人", "通过协作帮助就业的农村劳动力，去重，按入职日期计入，累计和每年各计一次。",
    excludes="不是人次。", words=("帮助就业", "转移就业"), group=GROUP, filled_by="西部", distinct=PERSON,
)  # fmt: skip
DESTINATIONS = {
    "东部结对地区": split(
        EMPLOYED, "", "到东部结对地区就业", "cover", code="labour.employed_east", words=("到东部就业",)
    ),
    "省内就近就地": split(
        EMPLOYED, "", "省内就近就地就业", "cover", code="labour.employed_nearby", words=("就近就地就业",)
    ),
    "其他地区": split(EMPLOYED, "", "其他地区就业", "cover", code="labour.employed_province", words=("其他地区就业",)),
}
EMPLOYED_POOR = split(
    EMPLOYED, "", "其中脱贫（监测）劳动力", "subset", code="labour.employed_poor", words=("脱贫劳动力", "脱贫人口就业")
)
P2P = measure(
    "labour.p2p", "点对点输送", "人次", "以点对点方式输送就业的人次，按入职日期计入。", excludes="不是人数，未去重。",
    words=("点对点",), group=GROUP, filled_by="西部",
)  # fmt: skip
IN_POST = measure(
    "labour.in_post", "在岗人数", "人", "最近一次稳岗回访时在岗的人，去重，存量；离职即减。", words=("稳岗", "在岗"), group=GROUP,
    filled_by="东部", distinct=PERSON, stock=True,
)  # fmt: skip
WORKSHOPS = measure(
    "labour.workshops", "帮扶车间", "个", "经认定的帮扶车间和社区工厂，存量：认定加一，退出减一。",
    words=("帮扶车间", "社区工厂", "扶贫车间"), group=GROUP, filled_by="西部", stock=True,
)  # fmt: skip
WORKSHOP_JOBS = measure(
    "labour.workshop_jobs", "帮扶车间吸纳就业", "人", "在册帮扶车间吸纳就业的人数，按车间合计，存量。", excludes="未去重。",
    words=("车间吸纳",), group=GROUP, filled_by="西部", stock=True,
)  # fmt: skip
WORKSHOP_LIFTED = split(WORKSHOP_JOBS, "lifted", "其中脱贫人口", "subset")
FAIRS = measure(
    "labour.jobfairs",
    "招聘会",
    "场",
    "现场和线上招聘会，按举办日期一场计一。",
    words=("招聘会",),
    group=GROUP,
    filled_by="双方",
)
OFFERED = measure(
    "labour.jobs_offered", "提供岗位", "个", "各场招聘会提供的岗位数之和。", excludes="同一岗位在两场提供计两次。",
    words=("提供岗位",), group=GROUP, filled_by="双方",
)  # fmt: skip


class Job(Entry):
    """转移就业台账: one person's job."""

    name = Person("姓名", max_length=40)
    id_number = IdNumber("身份证号")
    village = PlaceName("户籍村", blank=True)
    lifted = YesNo("是否脱贫(监测)人口")
    employer = Text("就业单位")
    destination = Choice("就业地区", DESTINATIONS)
    started_on = Day("入职日期")
    left_on = Day("离职日期", ending=True, blank=True)
    channel = Choice("渠道", ["点对点输送", "劳务中介", "自主就业", "帮扶车间", "公益性岗位"], blank=True)
    wage = Money("月工资", blank=True)

    ledger = Ledger(
        "jobs", "转移就业台账", "JY", key=("name", "employer", "started_on"), evidence=("劳动合同", "工资流水", "花名册"),
        dated="started_on", filled_by=("west",), order=(("started_on", "left_on"),),
        personal=("name", "village", "employer", "wage"), counted_by=("id_number", "name", "employer"),
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "转移就业"

    def postings(self) -> Iterator[Post]:
        subject = self.person()
        yield from DESTINATIONS[self.destination](1, self.started_on, subject)
        if self.lifted:
            yield from EMPLOYED_POOR(1, self.started_on, subject)
        if self.channel == "点对点输送":
            yield from P2P(1, self.started_on)

    def summary(self) -> str:
        return f"{self.employer} {self.destination}"

    @classmethod
    def moves(cls, entries: Sequence[Any]) -> Sequence[Entry]:
        """The checks of these jobs, which hold for the same person and end when the job does."""
        rows = Retention.objects.select_for_update(of=("self",)).filter(number_of_job__in=entries, state=State.APPROVED)
        return list(rows.select_related("number_of_job").order_by("pk"))


class Retention(Entry):
    """稳岗回访台账: whether somebody was still in post when asked. A check holds until the next one."""

    checked_on = Day("回访日期")
    number_of_job = Link(Job, "就业编号")
    in_post = YesNo("是否在岗")
    months = Count("稳岗月数", blank=True)
    need = Text("诉求", blank=True)
    # The day of the next check of the same job: until then this one holds.
    next_on = models.DateField(null=True, editable=False)

    ledger = Ledger(
        "retention",
        "稳岗回访台账",
        "WG",
        key=("checked_on", "number_of_job"),
        evidence=("回访记录",),
        dated="checked_on",
        personal=("need",),
    )

    class Meta(Entry.Meta):
        verbose_name = "稳岗回访"

    def postings(self) -> Iterator[Post]:
        if self.in_post:
            job, subject = self.number_of_job, self.number_of_job.person()
            ends = min((d for d in (self.next_on, job.left_on) if d), default=None)
            if ends is None or ends > self.checked_on:
                yield from IN_POST(1, self.checked_on, subject)
                yield from IN_POST(-1, ends, subject)

    def own_problems(self) -> Iterator[Problem]:
        if self.number_of_job_id and self.checked_on and self.checked_on < self.number_of_job.started_on:
            yield Problem(
                "checked_on",
                "order_of_dates",
                f"回访日期 {self.checked_on} 早于入职日期 {self.number_of_job.started_on}。",
            )

    def summary(self) -> str:
        return f"{self.number_of_job.number} {'在岗' if self.in_post else '不在岗'}"

    @classmethod
    def after_approval(cls, entries: Sequence[Retention]) -> None:
        mark_next(named(entries, "number_of_job_id"))
        for entry in entries:
            entry.refresh_from_db(fields=["next_on"])

    @classmethod
    def after_void(cls, entry: Retention) -> None:
        mark_next({entry.number_of_job_id})

    @classmethod
    def moves(cls, entries: Sequence[Any]) -> Sequence[Entry]:
        """The other checks of the same jobs, which may now hold for a longer or a shorter time."""
        jobs, own = named(entries, "number_of_job_id"), {e.pk for e in entries}
        rows = Retention.objects.select_for_update(of=("self",)).filter(number_of_job__in=jobs, state=State.APPROVED)
        return list(rows.exclude(pk__in=own).select_related("number_of_job").order_by("pk"))


def mark_next(jobs: set[int]) -> None:
    """Writes into each approved check of these jobs the day of the next one. Locks the jobs: of two checks approved at
    once, the later act must see the earlier one's."""
    list(Job.objects.select_for_update(of=("self",)).filter(pk__in=jobs).order_by("pk"))
    rows = list(
        Retention.objects.filter(number_of_job__in=jobs, state=State.APPROVED).order_by(
            "number_of_job", "checked_on", "pk"
        )
    )
    for row, after in zip(rows, [*rows[1:], None], strict=False):
        row.next_on = after.checked_on if after and after.number_of_job_id == row.number_of_job_id else None
    Retention.objects.bulk_update(rows, ["next_on"], batch_size=500)


class Workshop(Entry):
    """帮扶车间台账."""

    name = Text("名称")
    kind = Choice("类型", ["帮扶车间", "社区工厂"], blank=True)
    place = PlaceName("地点")
    recognised_on = Day("认定日期")
    withdrawn_on = Day("退出日期", ending=True, blank=True)
    jobs = Count("吸纳就业")
    lifted_jobs = Count("其中脱贫人口", blank=True)

    ledger = Ledger(
        "workshops", "帮扶车间台账", "CJ", key=("name",), evidence=("认定文件", "花名册"), dated="recognised_on",
        filled_by=("west",), order=(("recognised_on", "withdrawn_on"),), parts=(("lifted_jobs", "jobs"),),
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "帮扶车间"

    def postings(self) -> Iterator[Post]:
        for counted, quantity in ((WORKSHOPS, 1), (WORKSHOP_JOBS, self.jobs), (WORKSHOP_LIFTED, self.lifted_jobs or 0)):
            yield from counted(quantity, self.recognised_on)
            yield from counted(-quantity, self.withdrawn_on)


class JobFair(Entry):
    """招聘会台账."""

    held_on = Day("日期")
    title = Text("名称")
    place = Text("地点", blank=True)
    mode = Choice("方式", ["现场", "线上"], blank=True)
    employers = Count("参会企业", blank=True)
    vacancies = Count("提供岗位")
    intents = Count("达成意向", blank=True)

    ledger = Ledger(
        "jobfairs", "招聘会台账", "ZP", key=("held_on", "title"), evidence=("通知", "照片"), dated="held_on"
    )

    class Meta(Entry.Meta):
        verbose_name = "招聘会"

    def postings(self) -> Iterator[Post]:
        yield from FAIRS(1, self.held_on)
        yield from OFFERED(self.vacancies, self.held_on)

    def summary(self) -> str:
        return self.title
