"""Job fairs, on site and online: the vacancies there, who came and signed in, what they wished for, and what came of it."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.db import transaction as database
from django.db.models import Q

from lianqiao.fields.employment.pool import Numbered, Vacancy, row_of_ledger
from lianqiao.journal import clock
from lianqiao.ledger import acts
from lianqiao.ledger.fields import Choice, Day, PlaceName, Text
from lianqiao.ledger.models import Entry
from lianqiao.ledger.protected import protect
from lianqiao.people.models import User
from lianqiao.places.models import Node


def sign_in_key() -> str:
    return secrets.token_urlsafe(12)


class Fair(Numbered):
    """招聘会, before and while it is held. Once held it becomes a row of the job fairs ledger."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="结对关系")
    title = Text("名称", max_length=80)
    held_on = Day("日期")
    hours = Text("时间", max_length=40, blank=True)
    mode = Choice("方式", ["现场", "线上"])
    place = Text("地点或网址", max_length=120)
    notice = models.TextField("说明", blank=True, max_length=1000)
    vacancies = models.ManyToManyField(Vacancy, related_name="fairs", blank=True, verbose_name="岗位")
    key = models.CharField(max_length=24, unique=True, default=sign_in_key, editable=False)
    entry = models.ForeignKey(
        "employment.JobFair", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="台账行"
    )

    series = "ZH"

    class Meta:
        verbose_name = "招聘会"
        ordering = ["-held_on", "-pk"]


class Visitor(models.Model):
    """到场者: signed in once by the fair's code, with consent to be called back. Cleared when the fair is settled long ago."""

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="visitors")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField("姓名", max_length=200)
    phone = models.CharField("电话", max_length=200)
    village = PlaceName("户籍村", max_length=60, blank=True)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "到场者"
        ordering = ["pk"]


class Intent(models.Model):
    """意向: a visitor's wish for one vacancy, and what came of it."""

    class Result(models.TextChoices):
        OPEN = "open", "待面谈"
        AGREED = "agreed", "达成意向"
        TURNED_DOWN = "turned_down", "未成"

    visitor = models.ForeignKey(Visitor, models.CASCADE, related_name="intents")
    vacancy = models.ForeignKey(Vacancy, models.PROTECT, related_name="intents")
    result = models.CharField("结果", max_length=12, choices=Result, default=Result.OPEN)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["visitor", "vacancy"], name="intent_once")]


@dataclass(frozen=True)
class SignedIn:
    """What somebody tells at the door."""

    key: uuid.UUID
    name: str
    phone: str
    village: str
    vacancies: Sequence[int]


@database.atomic
def sign_in(fair: Fair, told: SignedIn) -> Visitor:
    """Signs somebody in; the same form sent again changes nothing. Raises Refused where the fair is settled."""
    if fair.entry_id:
        raise acts.refuse("这场招聘会已经结束。")
    visitor, made = Visitor.objects.get_or_create(
        key=told.key,
        defaults={
            "fair": fair,
            "name": protect(told.name, "name"),
            "phone": protect(told.phone, "phone"),
            "village": told.village,
        },
    )
    if made:
        wished = fair.vacancies.filter(pk__in=told.vacancies)
        Intent.objects.bulk_create(Intent(visitor=visitor, vacancy=vacancy) for vacancy in wished)
    return visitor


@database.atomic
def settle(fair: Fair, by: User) -> Entry:
    """Hands the fair in as a row of the job fairs ledger, with what came of it. Raises Refused, PermissionDenied."""
    fair = Fair.objects.select_for_update(of=("self",)).select_related("node").get(pk=fair.pk)
    if fair.entry_id:
        raise acts.refuse(f"{fair.number}：已经填入台账。")
    if fair.held_on > clock.today():
        raise acts.refuse(f"{fair.number}：{fair.held_on} 才举办。")
    offered = list(fair.vacancies.all())
    (row,) = acts.create(
        [
            row_of_ledger("jobfairs")(
                node=fair.node,
                held_on=fair.held_on,
                title=fair.title,
                place=fair.place,
                mode=fair.mode,
                employers=len({one.employer_id for one in offered}),
                vacancies=sum(one.headcount for one in offered),
                intents=Intent.objects.filter(visitor__fair=fair, result=Intent.Result.AGREED).count(),
                notes=f"招聘会 {fair.number}，签到 {fair.visitors.count()} 人",
            )
        ],
        by,
    )
    Fair.objects.filter(pk=fair.pk).update(entry=row.pk)
    return row


def coming() -> models.QuerySet[Fair]:
    """The fairs that are still to be held, or are held today."""
    return Fair.objects.filter(Q(held_on__gte=clock.today()), entry=None).order_by("held_on")
