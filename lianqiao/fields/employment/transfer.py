"""From an accepted match to a job: the trip there, the arrival, the months after. Models and what is done with them.

Nothing here counts. An arrival becomes a row of the jobs ledger, a month's check one of the retention ledger, through
`acts.create`: handed in by one person, approved by another.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db import transaction as database
from django.db.models import F, Q

from lianqiao.fields.employment.pool import Numbered, Seeker, Vacancy, row_of_ledger
from lianqiao.journal import clock
from lianqiao.ledger import acts, evidence, protected
from lianqiao.ledger.evidence import Evidence
from lianqiao.ledger.fields import Choice, Count, Day, Money, PlaceName, Text, YesNo
from lianqiao.ledger.models import Entry, State
from lianqiao.people.models import User
from lianqiao.places.models import Node

POINT_TO_POINT = "点对点输送"
REASONS = ("工资不符", "食宿不适", "活太重", "家里有事", "身体原因", "另有工作", "企业裁减", "其他")
SUBSIDIES = ("交通补贴", "求职补贴", "稳岗补贴")


class SubsidyRule(models.Model):
    """补贴标准: what a place pays in a year for each person, and by which document. Data, never code."""

    place = PlaceName("县市", max_length=60)
    year = Count("年度", least=2016)
    kind = Choice("补贴", SUBSIDIES)
    amount = Money("每人")
    lifted_only = YesNo("只给脱贫和监测户", default=False)
    source = Text("依据")

    class Meta:
        verbose_name = "补贴标准"
        ordering = ["place", "-year", "kind"]
        constraints = [models.UniqueConstraint(fields=["place", "year", "kind"], name="subsidy_rule_once")]


class Trip(Numbered):
    """点对点专车: one coach or train that takes people from their villages to their work."""

    class State(models.TextChoices):
        PLANNED = "planned", "待发车"
        ARRIVED = "arrived", "已到岗"

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="结对关系")
    state = models.CharField("状态", max_length=12, choices=State, default=State.PLANNED)
    mode = Choice("方式", ["大巴", "包车", "火车", "高铁"])
    departs_on = Day("发车日期")
    starts_at = PlaceName("始发", max_length=60)
    goes_to = PlaceName("到达", max_length=60)
    vehicle = Text("车次或车牌", max_length=40, blank=True)
    seats = Count("座位", least=1)
    escort = Text("带队单位", max_length=60)
    escort_phone = models.CharField("带队电话", max_length=200, blank=True)
    cost = Money("费用", blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="编排人")

    series = "CC"

    class Meta:
        verbose_name = "点对点专车"
        ordering = ["-departs_on", "-pk"]


class Stop(models.Model):
    """停靠点: where and when the people of a village get on."""

    trip = models.ForeignKey(Trip, models.CASCADE, related_name="stops")
    village = PlaceName("村", max_length=60)
    at = models.TimeField("时间", null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["trip", "village"], name="stop_once")]


class Placement(models.Model):
    """录用: a match that both accepted. From here on: trip, arrival, months in post, leaving."""

    seeker = models.ForeignKey(Seeker, models.PROTECT, related_name="placements", verbose_name="求职者")
    vacancy = models.ForeignKey(Vacancy, models.PROTECT, related_name="placements", verbose_name="岗位")
    # The 编号 of the proposal and of its run, as the manifest and the ledger's row name them.
    match = Text("匹配", max_length=60, blank=True)
    placed_at = models.DateTimeField("录用时间", default=clock.now, editable=False)
    trip = models.ForeignKey(
        Trip, models.PROTECT, null=True, blank=True, related_name="placements", verbose_name="专车"
    )
    arrived_on = Day("到岗日期", blank=True)
    job = models.ForeignKey(
        "employment.Job", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="台账行"
    )
    left_on = Day("离开日期", ending=True, blank=True)
    left_why = Choice("离开原因", REASONS, blank=True)

    class Meta:
        verbose_name = "录用"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["seeker"], condition=Q(left_on=None), name="placement_one_at_a_time"),
            models.CheckConstraint(condition=Q(left_on=None) | ~Q(left_why=""), name="placement_left_with_reason"),
            models.CheckConstraint(condition=Q(job=None) | Q(arrived_on__isnull=False), name="placement_job_arrived"),
        ]

    def __str__(self) -> str:
        return f"{self.seeker.number} {self.vacancy.number}"


class Check(models.Model):
    """月度回访: whether somebody is still in post, told once a month by the employer or the liaison station."""

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="checks", verbose_name="录用")
    month = models.DateField("月份")  # its first day
    told_on = Day("回访日期")
    in_post = YesNo("在岗")
    need = Text("诉求", blank=True)
    # None: the employer, by its signed link.
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="回访人"
    )
    entry = models.ForeignKey(
        "employment.Retention", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="台账行"
    )

    class Meta:
        verbose_name = "月度回访"
        ordering = ["month", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "month"], name="check_once_a_month"),
            models.CheckConstraint(condition=Q(told_on__gte=F("month")), name="check_not_before_its_month"),
        ]


# Accepted, and on the way ----------------------------------------------------------------------------------------------


@database.atomic
def place(seeker: Seeker, vacancy: Vacancy, match: str = "") -> Placement:
    """Takes somebody on for a vacancy: both have accepted. match: the 编号 of proposal and run. Raises Refused."""
    vacancy = Vacancy.objects.select_for_update().get(pk=vacancy.pk)
    seeker = Seeker.objects.select_for_update(of=("self",)).get(pk=seeker.pk)
    if seeker.state != Seeker.State.SEEKING:
        raise acts.refuse(f"{seeker.number}：{seeker.get_state_display()}，不能再录用。")
    if taken(vacancy) >= vacancy.headcount:
        raise acts.refuse(f"{vacancy.number}：已招满 {vacancy.headcount} 人。")
    made = Placement.objects.create(seeker=seeker, vacancy=vacancy, match=match)
    Seeker.objects.filter(pk=seeker.pk).update(state=Seeker.State.PLACED)
    return made


def taken(vacancy: Vacancy) -> int:
    """How many of a vacancy's headcount are filled."""
    return Placement.objects.filter(vacancy=vacancy, left_on=None).count()


@database.atomic
def board(trip: Trip, placements: Sequence[Placement], times: dict[str, Any] | None = None) -> None:
    """Puts people on a trip and makes a stop at each of their villages. Raises Refused where seats do not suffice."""
    trip = Trip.objects.select_for_update(of=("self",)).get(pk=trip.pk)
    if trip.state != Trip.State.PLANNED:
        raise acts.refuse(f"{trip.number}：已到岗，不能再加人。")
    on_board = {one.pk for one in trip.placements.all()} | {one.pk for one in placements}
    if len(on_board) > trip.seats:
        raise acts.refuse(f"{trip.number}：{trip.seats} 座，{len(on_board)} 人坐不下。")
    for one in placements:
        if not one.seeker.id_number:
            raise acts.refuse(f"{one.seeker.number}：没有身份证号，上车前请补上。")
    Placement.objects.filter(pk__in=[one.pk for one in placements], arrived_on=None).update(trip=trip)
    for village in dict.fromkeys(one.seeker.village for one in placements):
        Stop.objects.update_or_create(trip=trip, village=village, defaults={"at": (times or {}).get(village)})


def subsidy(trip: Trip, kind: str = "交通补贴") -> tuple[SubsidyRule | None, int]:
    """The rule of the place that people come from, for the trip's year, and what it gives for them in 分.

    The place is the trip's start; without a rule for its year nothing is owed.
    """
    rule = SubsidyRule.objects.filter(place=trip.starts_at, year=trip.departs_on.year, kind=kind).first()
    if rule is None:
        return None, 0
    people = [one.seeker for one in trip.placements.select_related("seeker")]
    return rule, rule.amount * sum(1 for one in people if one.lifted or not rule.lifted_only)


# Arrival ---------------------------------------------------------------------------------------------------------------


@database.atomic
def arrive(trip: Trip, arrived: Iterable[int], on: date, by: User) -> list[Entry]:
    """Confirms who of the trip came to work (ids of placements): each becomes a row of the jobs ledger, handed in for
    review with the manifest as evidence. Whoever did not come looks for work again. Raises Refused, PermissionDenied.
    """
    trip = Trip.objects.select_for_update(of=("self",)).get(pk=trip.pk)
    if trip.state != Trip.State.PLANNED:
        raise acts.refuse(f"{trip.number}：到岗已经确认过。")
    if on < trip.departs_on:
        raise acts.refuse(f"到岗日期 {on} 早于发车日期 {trip.departs_on}。")
    people = list(trip.placements.filter(left_on=None).select_related("seeker", "vacancy__employer", "seeker__node"))
    came = [one for one in people if one.pk in set(arrived)]
    if not came:
        raise acts.refuse("没有选中任何人。", why="missing")
    papers = manifest(trip, came)
    rows = acts.create([job_of(one, on, papers) for one in came], by)
    for one, row in zip(came, rows, strict=True):
        one.arrived_on, one.job_id = on, row.pk
    Placement.objects.bulk_update(came, ["arrived_on", "job"])
    for one in people:
        if one not in came:
            leave(one, on, "其他")
    Trip.objects.filter(pk=trip.pk).update(state=Trip.State.ARRIVED)
    return rows


def job_of(placement: Placement, on: date, papers: Evidence) -> Entry:
    """The row of the jobs ledger that an arrival is, not yet entered."""
    seeker, vacancy = placement.seeker, placement.vacancy
    return row_of_ledger("jobs")(
        node=seeker.node,
        name=seeker.clear_name,
        id_number=protected.protect(protected.reveal(seeker.id_number)),
        village=seeker.village,
        lifted=seeker.lifted,
        employer=vacancy.employer.name,
        destination=vacancy.destination,
        started_on=on,
        channel=POINT_TO_POINT,
        wage=vacancy.wage_from,
        evidence=[papers],
        notes=f"专车 {placement.trip}，匹配 {placement.match or '—'}，岗位 {vacancy.number}",
    )


def manifest(trip: Trip, people: Sequence[Placement]) -> Evidence:
    """The trip's roll as a file kept as evidence. It names people by 登记号, since all rows of the trip share it: a
    person's data can so be erased without taking the others' evidence away."""
    told = io.StringIO()
    lines = csv.writer(told)
    lines.writerow(["专车", trip.number, trip.mode, trip.departs_on, f"{trip.starts_at}—{trip.goes_to}", trip.escort])
    lines.writerow(["登记号", "户籍村", "户情", "岗位", "用人单位", "匹配"])
    for one in people:
        seeker, vacancy = one.seeker, one.vacancy
        lines.writerow(
            [seeker.number, seeker.village, seeker.standing, vacancy.number, vacancy.employer.name, one.match]
        )
    runs = "、".join(sorted({one.match.split(" ")[0] for one in people if one.match}))
    name = f"花名册 {trip.number}{f' 匹配 {runs}' if runs else ''}.csv"
    return evidence.keep(told.getvalue().encode("utf-8-sig"), name, "花名册")


@database.atomic
def leave(placement: Placement, on: date, why: str) -> None:
    """Records that somebody left, or never came, and why: from now on he is offered work again."""
    Placement.objects.filter(pk=placement.pk, left_on=None).update(left_on=on, left_why=why)
    Seeker.objects.filter(pk=placement.seeker_id, state=Seeker.State.PLACED).update(state=Seeker.State.SEEKING)


# The months after ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """What somebody says of a person in post: in_post, or why not."""

    in_post: bool
    why: str = ""
    need: str = ""


@database.atomic
def tell(placement: Placement, on: date, told: Told, by: User | None) -> Check:
    """Records a month's check, told by a person of the desk or (None) by the employer. Raises Refused."""
    placement = Placement.objects.select_for_update(of=("self",)).get(pk=placement.pk)
    if placement.job_id is None or placement.left_on or placement.arrived_on is None or on < placement.arrived_on:
        raise acts.refuse("还没有到岗，或者已经离开，不用回访。")
    if not told.in_post and told.why not in REASONS:
        raise acts.refuse("离开要选一个原因。", "why", "missing")
    month = on.replace(day=1)
    if Check.objects.filter(placement=placement, month=month).exists():
        raise acts.refuse(f"{month:%Y-%m} 已经回访过。")
    made = Check.objects.create(
        placement=placement, month=month, told_on=on, in_post=told.in_post, need=told.need, told_by=by
    )
    if not told.in_post:
        leave(placement, on, told.why)
    return made


@database.atomic
def hand_in(checks: Sequence[Check], by: User) -> list[Entry]:
    """Enters checks in the retention ledger, for review by somebody else; who left has his job's end proposed as well.

    A check waits until its job is approved. Raises Refused.
    """
    waiting = Check.objects.select_for_update(of=("self",)).filter(
        pk__in=[one.pk for one in checks], entry=None, placement__job__state=State.APPROVED
    )
    found = list(waiting.select_related("placement__job__node", "placement__seeker", "placement__vacancy__employer"))
    acts.chosen(found)  # type: ignore[arg-type]
    papers = report(found)
    rows = acts.create([retention_of(one, papers) for one in found], by)
    for one, row in zip(found, rows, strict=True):
        one.entry_id = row.pk
    Check.objects.bulk_update(found, ["entry"])
    for one in found:
        job = one.placement.job
        if not one.in_post and job and job.left_on is None and job.pending is None:
            acts.revise(job, {"left_on": one.told_on}, by, f"回访：{one.placement.left_why}")
    return rows


def retention_of(check: Check, papers: Evidence) -> Entry:
    placement = check.placement
    assert placement.arrived_on is not None
    months = (check.month.year - placement.arrived_on.year) * 12 + check.month.month - placement.arrived_on.month
    return row_of_ledger("retention")(
        node=placement.seeker.node,
        checked_on=check.told_on,
        number_of_job=placement.job,
        in_post=check.in_post,
        months=months,
        need=check.need,
        evidence=[papers],
    )


def report(checks: Sequence[Check]) -> Evidence:
    """Who told what when, as a file kept as evidence; people by 登记号."""
    told = io.StringIO()
    lines = csv.writer(told)
    lines.writerow(["登记号", "就业编号", "用人单位", "回访日期", "在岗", "回访人"])
    for one in checks:
        at = one.placement
        teller = one.told_by or f"{at.vacancy.employer.name}（签名链接）"
        lines.writerow(
            [at.seeker.number, at.job, at.vacancy.employer.name, one.told_on, "是" if one.in_post else "否", teller]
        )
    return evidence.keep(told.getvalue().encode("utf-8-sig"), f"回访记录 {checks[0].month:%Y-%m}.csv", "回访记录")
