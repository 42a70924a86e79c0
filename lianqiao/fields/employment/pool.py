"""Who looks for work, who offers it, and what is offered. None of it counts: what comes of it becomes rows of the ledgers.

What names a person (name, ID number, telephone) is kept as tokens (ledger/protected.py).
"""

from __future__ import annotations

import secrets
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lianqiao.journal import clock
from lianqiao.ledger import protected
from lianqiao.ledger.fields import Choice, Count, CreditCode, Day, Money, PlaceName, Text, YesNo
from lianqiao.ledger.models import Counter
from lianqiao.ledger.registry import ledgers
from lianqiao.places.models import Node

KINDS = (
    *("焊工", "缝纫", "装配", "质检", "包装", "仓储搬运", "叉车司机", "电工", "钳工", "电子"),
    *("餐饮", "家政护理", "保安保洁", "建筑", "种养", "食品加工", "销售客服", "文员", "其他"),
)
"""Kinds of work, as vacancies offer and seekers wish them."""
SCHOOLING = ("不限", "小学", "初中", "高中", "中专", "大专", "本科")
"""Rising."""
SCHOOLING_RANK = {"不限": 0, "小学": 1, "初中": 2, "高中": 3, "中专": 3, "大专": 4, "本科": 5}
"""高中 and 中专 take the same years of school."""
AREAS = {
    "东部结对地区": "东部结对地区",
    "本县": "省内就近就地",
    "省内其他地方": "省内就近就地",
    "其他地区": "其他地区",
}
"""Where a vacancy's work is → 就业地区 of the jobs ledger."""
REACH = {"不限": frozenset(AREAS), "省内": frozenset({"本县", "省内其他地方"}), "本县": frozenset({"本县"})}
"""How far a seeker can go → the areas that are left to him."""


def number_in(series: str) -> str:
    """The next number of a series (QZ-000012). Inside a database transaction: the series is locked until its end."""
    counter, _ = Counter.objects.select_for_update().get_or_create(series=series)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{series}-{counter.last:06d}"


def row_of_ledger(code: str) -> Any:
    """The class of a ledger's rows, by its code: some are kept in rooms that this one may not import."""
    return ledgers()[code]


def link_key() -> str:
    """What a signed link to an employer holds beside its number: changed, every earlier link is void."""
    return secrets.token_hex(8)


class Numbered(models.Model):
    """A row that gets its 编号 when it is first saved."""

    number = models.CharField("编号", max_length=40, unique=True, editable=False)
    series: ClassVar[str]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.number:
            self.number = number_in(self.series)
        super().save(*args, **kwargs)


class Seeker(Numbered):
    """求职者: somebody who wishes to work, with consent, as it was told once. Found again by the key that the form made."""

    class State(models.TextChoices):
        SEEKING = "seeking", "待推荐"
        PLACED = "placed", "已就业"
        WITHDRAWN = "withdrawn", "已退出"
        ERASED = "erased", "已删除"

    class Source(models.TextChoices):
        WORKBOOK = "workbook", "表格导入"
        VILLAGE = "village", "村级采集"
        PORTAL = "portal", "本人登记"

    key = models.UUIDField("登记号", unique=True, default=uuid.uuid4, editable=False)
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="结对关系")
    state = models.CharField("状态", max_length=12, choices=State, default=State.SEEKING)
    name = models.CharField("姓名", max_length=200)
    id_number = models.CharField("身份证号", max_length=200, blank=True)
    phone = models.CharField("电话", max_length=200, blank=True)
    gender = Choice("性别", ["男", "女"])
    birth_year = Count("出生年份", least=1930)
    village = PlaceName("户籍村", max_length=60, blank=True)
    standing = Choice("户情", ["一般户", "脱贫户", "监测户"])
    schooling = Choice("文化程度", SCHOOLING[1:])
    # Lists of words; `experience` in whole years.
    skills = models.JSONField("技能", default=list, blank=True)
    certificates = models.JSONField("证书", default=list, blank=True)
    experience = Count("从业年限", default=0)
    kinds = models.JSONField("想做的工种", default=list, blank=True)
    places = models.JSONField("想去的地方", default=list, blank=True)
    reach = Choice("能去多远", REACH)
    least_wage = Money("最低月薪")
    available_from = Day("何时可走")
    no_nights = YesNo("不能上夜班", default=False)
    household = Text("家庭情况", max_length=100, blank=True)
    # Seekers of one node with the same word belong together: two of a couple want one town, a group one employer.
    couple = Text("夫妻同去", max_length=40, blank=True)
    party = Text("结伴同去", max_length=40, blank=True)
    source = models.CharField("来源", max_length=12, choices=Source)
    consent_on = Day("同意日期")
    consent_from = Text("同意方式", max_length=60, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )
    entered_at = models.DateTimeField("登记时间", default=clock.now, editable=False)
    erased_at = models.DateTimeField("删除时间", null=True, editable=False)
    erased_why = models.CharField("删除缘由", max_length=300, blank=True, editable=False)

    series = "QZ"

    class Meta:
        verbose_name = "求职者"
        ordering = ["pk"]
        indexes = [models.Index(fields=["node", "state"], name="seeker_node_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="erased") | ~Q(consent_from="") & ~Q(village="") & ~Q(name=""),
                name="seeker_with_consent",
            ),
        ]

    @property
    def lifted(self) -> bool:
        return self.standing != "一般户"

    @property
    def masked_name(self) -> str:
        return protected.masked_name(self.clear_name) if self.state != self.State.ERASED else protected.ERASED

    @property
    def clear_name(self) -> str:
        """The name as it is: only for whoever works with seekers (access: "seekers")."""
        return protected.reveal(self.name, "name") if self.state != self.State.ERASED else protected.ERASED

    @property
    def masked_id(self) -> str:
        return protected.masked(self.id_number)

    @property
    def masked_phone(self) -> str:
        return protected.masked(self.phone, "phone")

    def age_on(self, year: int) -> int:
        """Full years at the end of a year: only the year of birth is kept in the clear."""
        return year - self.birth_year


class Employer(Numbered):
    """用人单位, known by its credit code. It has no account: it comes in by a signed link that can be made void."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="结对关系")
    name = Text("单位名称", max_length=100)
    credit_code = CreditCode("统一社会信用代码", max_length=18, unique=True)
    side = Choice("一方", [("east", "东部"), ("west", "西部")], max_length=8)
    place = PlaceName("所在县市", max_length=60)
    town = PlaceName("乡镇街道", max_length=60)
    contact = Text("联系人", max_length=40, blank=True)
    phone = models.CharField("电话", max_length=200, blank=True)
    link_key = models.CharField(max_length=16, default=link_key, editable=False)

    series = "YR"

    class Meta:
        verbose_name = "用人单位"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Vacancy(Numbered):
    """招聘岗位: what an employer offers. Public once the eastern side has looked at it; author and reviewer differ."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "待审"
        OPEN = "open", "招聘中"
        RETURNED = "returned", "退回"
        CLOSED = "closed", "已结束"

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="结对关系")
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="vacancies", verbose_name="用人单位")
    state = models.CharField("状态", max_length=12, choices=State, default=State.DRAFT)
    title = Text("岗位", max_length=40)
    kind = Choice("工种", KINDS)
    headcount = Count("招聘人数", least=1)
    area = Choice("地区", AREAS)
    place = PlaceName("县市", max_length=60)
    town = PlaceName("乡镇街道", max_length=60)
    wage_from = Money("月薪下限")
    wage_to = Money("月薪上限")
    housing = Choice("食宿", ["不包食宿", "包吃", "包住", "包食宿"])
    couples = YesNo("有夫妻房", default=False)
    point_to_point = YesNo("专车接送", default=False)
    shift = Choice("班次", ["白班", "两班", "三班", "计件"])
    age_from = Count("年龄下限", default=16, least=16)
    age_to = Count("年龄上限", default=60)
    schooling = Choice("学历要求", SCHOOLING, default="不限")
    skills = models.JSONField("要求技能", default=list, blank=True)
    certificates = models.JSONField("须持证书", default=list, blank=True)
    training = models.JSONField("愿为此培训", default=list, blank=True)
    details = models.TextField("说明", blank=True, max_length=1000)
    starts_on = Day("最早到岗")
    until = Day("截止日期")
    # None: the employer itself, by its link.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="填报人"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人"
    )
    reason = Text("退回缘由", max_length=300, blank=True)
    posted_at = models.DateTimeField("发布时间", null=True, blank=True, editable=False)

    series = "GW"
    NIGHTS = frozenset({"两班", "三班"})

    class Meta:
        verbose_name = "招聘岗位"
        ordering = ["pk"]
        indexes = [models.Index(fields=["state", "until"], name="vacancy_state_until")]
        constraints = [
            models.CheckConstraint(condition=Q(headcount__gte=1), name="vacancy_headcount"),
            models.CheckConstraint(condition=Q(wage_from__lte=F("wage_to")), name="vacancy_wages"),
            models.CheckConstraint(condition=Q(age_from__gte=16, age_from__lte=F("age_to")), name="vacancy_ages"),
            models.CheckConstraint(
                condition=~Q(state__in=["open", "closed"]) | Q(reviewer__isnull=False, posted_at__isnull=False),
                name="vacancy_open_is_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(reviewer=None) | Q(author=None) | ~Q(author=F("reviewer")), name="vacancy_two_people"
            ),
        ]

    @property
    def destination(self) -> str:
        """就业地区 as the jobs ledger says it."""
        return AREAS[self.area]

    @property
    def nights(self) -> bool:
        return self.shift in self.NIGHTS
