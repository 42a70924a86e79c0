"""Workshops looked at every quarter: by the rule of their place and year, with what follows when they fall short of it."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db import models
from django.db import transaction as database

from lianqiao.ledger import acts
from lianqiao.ledger.fields import Count, Day, PlaceName, Text
from lianqiao.ledger.models import Entry
from lianqiao.ledger.registry import ledgers
from lianqiao.people.models import User


class WorkshopRule(models.Model):
    """帮扶车间认定标准 of a place and a year, and the document that sets it. Data, never code."""

    place = PlaceName("县市", max_length=60)
    year = Count("年度", least=2016)
    least_jobs = Count("至少吸纳", default=0)
    least_lifted = Count("至少脱贫人口", default=0)
    # Of those at work, in whole percent.
    least_percent = Count("脱贫人口至少占百分之", default=0)
    grace_quarters = Count("观察期（季度）", default=2)
    source = Text("依据")

    class Meta:
        verbose_name = "车间认定标准"
        ordering = ["place", "-year"]
        constraints = [models.UniqueConstraint(fields=["place", "year"], name="workshop_rule_once")]


class WorkshopCheck(models.Model):
    """车间季度核查: how many work there, as seen, and how the workshop stands after it."""

    class Standing(models.TextChoices):
        NORMAL = "normal", "正常"
        WATCHED = "watched", "观察"
        TO_WITHDRAW = "to_withdraw", "应退出"

    workshop = models.ForeignKey("employment.Workshop", models.PROTECT, related_name="checks", verbose_name="车间")
    quarter = models.DateField("季度")  # its first day
    seen_on = Day("核查日期")
    jobs = Count("在岗")
    lifted_jobs = Count("其中脱贫人口")
    standing = models.CharField("结论", max_length=12, choices=Standing)
    lacking = Text("不足", max_length=200, blank=True)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="核查人")

    class Meta:
        verbose_name = "车间季度核查"
        ordering = ["-quarter", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "quarter"], name="workshop_check_once"),
            models.CheckConstraint(condition=models.Q(lifted_jobs__lte=models.F("jobs")), name="workshop_check_parts"),
        ]


def rule_for(place: str, year: int) -> WorkshopRule | None:
    """The rule that holds at a place in a year: its own year's, else the latest before."""
    return next(
        (rule for rule in WorkshopRule.objects.filter(year__lte=year).order_by("-year") if rule.place in place), None
    )


def lacking(rule: WorkshopRule, jobs: int, lifted: int) -> Iterator[str]:
    """What a workshop falls short of."""
    if jobs < rule.least_jobs:
        yield f"吸纳 {jobs} 人，标准 {rule.least_jobs} 人"
    if lifted < rule.least_lifted:
        yield f"脱贫人口 {lifted} 人，标准 {rule.least_lifted} 人"
    if 100 * lifted < rule.least_percent * jobs:
        yield f"脱贫人口占 {100 * lifted // jobs}%，标准 {rule.least_percent}%"


def standing_after(rule: WorkshopRule, short: bool, before: list[str]) -> WorkshopCheck.Standing:
    """How a workshop stands after a check. before: how it stood after the earlier ones, the latest first. One that falls
    short is watched for the rule's number of quarters; after them it is to withdraw."""
    if not short:
        return WorkshopCheck.Standing.NORMAL
    watched = next((n for n, one in enumerate(before) if one == WorkshopCheck.Standing.NORMAL), len(before))
    over = watched >= rule.grace_quarters
    return WorkshopCheck.Standing.TO_WITHDRAW if over else WorkshopCheck.Standing.WATCHED


@database.atomic
def look(workshop: Entry, check: WorkshopCheck, by: User) -> WorkshopCheck:
    """Records a quarter's check (unsaved, with what was seen) and proposes what follows to the workshops ledger: other
    numbers are a revision, approved by somebody else. Raises Refused."""
    (held,) = acts.locked(ledgers()["workshops"], [workshop.pk])
    rule = rule_for(held.place, check.quarter.year)  # type: ignore[attr-defined]
    if rule is None:
        raise acts.refuse(f"{check.quarter.year} 年没有这个地方的认定标准。请先填标准。")
    earlier = WorkshopCheck.objects.filter(workshop_id=held.pk, quarter__lt=check.quarter).order_by("-quarter")
    if WorkshopCheck.objects.filter(workshop_id=held.pk, quarter=check.quarter).exists():
        raise acts.refuse("这个季度已经核查过。")
    short = list(lacking(rule, check.jobs, check.lifted_jobs))
    check.workshop_id, check.seen_by, check.lacking = held.pk, by, "；".join(short)
    check.standing = standing_after(rule, bool(short), list(earlier.values_list("standing", flat=True)))
    check.save(force_insert=True)
    seen = {"jobs": check.jobs, "lifted_jobs": check.lifted_jobs}
    if any(getattr(held, name) != value for name, value in seen.items()) and held.pending is None:
        acts.revise(held, seen, by, f"{check.seen_on} 季度核查")
    return check
