"""Courses that vacancies ask for: places, rolls, certificates; and what vocational schools take in.

A course that is over becomes a row of the trainings ledger, which is kept in another room and found by its code.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db import transaction as database
from django.db.models import F

from lianqiao.fields.employment.pool import KINDS, Numbered, Seeker, Vacancy, row_of_ledger
from lianqiao.journal import clock
from lianqiao.ledger import acts
from lianqiao.ledger.fields import Choice, Count, Day, Text, YesNo
from lianqiao.ledger.models import Entry
from lianqiao.people.models import User
from lianqiao.places.models import Node

TRAININGS = "trainings"


class Course(Numbered):
    """订单培训: a course held because vacancies ask for its certificate."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="结对关系")
    title = Text("班次名称", max_length=80)
    kind = Choice("工种", KINDS)
    certificate = Text("证书", max_length=40, blank=True)
    starts_on = Day("开班日期")
    days = Count("天数", least=1)
    place = Text("地点", max_length=80)
    organiser = Text("主办单位", max_length=80)
    seats = Count("名额", least=1)
    vacancies = models.ManyToManyField(Vacancy, related_name="courses", blank=True, verbose_name="所应岗位")
    # 编号 of the row of the trainings ledger that it became.
    entry_number = models.CharField("台账行", max_length=40, blank=True)

    series = "KC"

    class Meta:
        verbose_name = "订单培训"
        ordering = ["-starts_on", "-pk"]


class Enrolment(models.Model):
    """学员: a seeker on a course's roll. passed: None until it is over."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="roll")
    seeker = models.ForeignKey(Seeker, models.PROTECT, related_name="courses")
    passed = YesNo("结业", blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["course", "seeker"], name="enrolment_once")]


class Intake(models.Model):
    """职业学校招生: how many a vocational school of one side takes in from the other, by subject and year."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="结对关系")
    school = Text("学校", max_length=80)
    subject = Text("专业", max_length=60)
    year = Count("年度", least=2016)
    seats = Count("计划", least=1)
    enrolled = Count("录取", default=0)
    note = Text("说明", blank=True)

    class Meta:
        verbose_name = "职业学校招生"
        ordering = ["-year", "school", "subject"]
        constraints = [
            models.UniqueConstraint(fields=["node", "school", "subject", "year"], name="intake_once"),
            models.CheckConstraint(condition=models.Q(enrolled__lte=F("seats")), name="intake_within_seats"),
        ]


@database.atomic
def enrol(course: Course, seekers: Iterable[Seeker]) -> None:
    """Puts seekers on the roll. Raises Refused where there are too few places or the course is over."""
    course = Course.objects.select_for_update(of=("self",)).get(pk=course.pk)
    if course.entry_number:
        raise acts.refuse(f"{course.number}：已经结业。")
    wanted = {one.pk for one in seekers} - set(course.roll.values_list("seeker_id", flat=True))
    if course.roll.count() + len(wanted) > course.seats:
        raise acts.refuse(f"{course.number}：{course.seats} 个名额，坐不下。")
    Enrolment.objects.bulk_create(Enrolment(course=course, seeker_id=pk) for pk in sorted(wanted))


@database.atomic
def finish(course: Course, passed: Iterable[int], by: User) -> Entry:
    """Closes a course: who passed (ids of enrolments) holds its certificate from now on, and the course becomes a row of
    the trainings ledger, handed in for review. Raises Refused, PermissionDenied."""
    course = Course.objects.select_for_update(of=("self",)).select_related("node").get(pk=course.pk)
    if course.entry_number:
        raise acts.refuse(f"{course.number}：已经结业。")
    if course.starts_on > clock.today():
        raise acts.refuse(f"{course.number}：{course.starts_on} 才开班。")
    roll = list(course.roll.select_related("seeker"))
    acts.chosen(roll)  # type: ignore[arg-type]
    done = set(passed)
    for one in roll:
        one.passed = one.pk in done
        if one.passed and course.certificate and course.certificate not in one.seeker.certificates:
            one.seeker.certificates = [*one.seeker.certificates, course.certificate]
            one.seeker.save(update_fields=["certificates"])
    Enrolment.objects.bulk_update(roll, ["passed"])
    (row,) = acts.create([row_of(course, len(roll))], by)
    Course.objects.filter(pk=course.pk).update(entry_number=row.number)
    return row


def row_of(course: Course, people: int) -> Entry:
    return row_of_ledger(TRAININGS)(
        node=course.node,
        start=course.starts_on,
        title=course.title,
        category="劳务技能",
        place=course.place,
        organiser=course.organiser,
        person_times=people,
        days=course.days,
        notes=f"订单培训 {course.number}",
    )
