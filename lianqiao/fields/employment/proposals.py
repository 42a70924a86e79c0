"""Rounds of matching as they are kept, and the proposals that came of them, with everything that was done to each."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from lianqiao.fields.employment.pool import Numbered, Seeker, Vacancy
from lianqiao.journal import clock
from lianqiao.ledger.fields import Text
from lianqiao.places.models import Node

PARTS = {
    "placed": "安排就业",
    "skill": "技能",
    "wish": "工种意愿",
    "wage": "工资",
    "place": "地点意愿",
    "lodging": "居住",
    "priority": "脱贫优先",
    "settled": "少变动",
}
"""What the parts of a score are called, in the order of matching.candidates.Weights."""


class MatchRun(Numbered):
    """匹配: one round over the open seekers and vacancies of a node. `snapshot` is the SHA-256 of all that went in: from the
    same, with the same weights and seed, comes the same result."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name="结对关系")
    after = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="上一轮")
    weights = models.JSONField("权重")
    seed = models.PositiveIntegerField("种子")
    day = models.DateField("日期")
    snapshot = models.CharField("快照", max_length=64)
    seekers = models.PositiveIntegerField("求职者")
    vacancies = models.PositiveIntegerField("岗位")
    places = models.PositiveIntegerField("空缺")
    pairs = models.PositiveIntegerField("候选")
    total = models.BigIntegerField("总分")
    bound = models.BigIntegerField("上界")
    # Of the settled: how many kept their proposal, how many were moved.
    stayed = models.PositiveIntegerField("不动", default=0)
    moved = models.PositiveIntegerField("改派", default=0)
    fairness = models.JSONField("公平")
    # 编号 of those who found no place → how many candidates they had.
    left = models.JSONField("未匹配", default=dict)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发起人")
    made_at = models.DateTimeField("时间", default=clock.now, editable=False)

    series = "PP"

    class Meta:
        verbose_name = "匹配"
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(total__lte=models.F("bound")), name="matchrun_within_bound")]


class Proposal(Numbered):
    """推荐: one seeker for one vacancy. Both sides answer; who goes together is taken on together."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待送出"
        SENT = "sent", "等答复"
        ACCEPTED = "accepted", "双方同意"
        DECLINED_BY_SEEKER = "declined_seeker", "本人谢绝"
        DECLINED_BY_EMPLOYER = "declined_employer", "单位谢绝"
        WITHDRAWN = "withdrawn", "已撤回"

    OPEN = (State.PROPOSED, State.SENT)
    DECLINED = (State.DECLINED_BY_SEEKER, State.DECLINED_BY_EMPLOYER)

    run = models.ForeignKey(MatchRun, models.PROTECT, related_name="proposals", verbose_name="匹配")
    seeker = models.ForeignKey(Seeker, models.PROTECT, related_name="proposals", verbose_name="求职者")
    vacancy = models.ForeignKey(Vacancy, models.PROTECT, related_name="proposals", verbose_name="岗位")
    state = models.CharField("状态", max_length=20, choices=State, default=State.PROPOSED)
    score = models.IntegerField("得分")
    parts = models.JSONField("得分构成")
    rank = models.PositiveIntegerField("位次")
    candidates = models.PositiveIntegerField("候选岗位")
    next_best = models.ForeignKey(
        Vacancy, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="次优岗位"
    )
    next_cost = models.IntegerField("改派代价", default=0)
    # The smallest 编号 of those who go together, or one's own: they are answered for and taken on together.
    team = models.CharField("同行", max_length=40)
    seeker_agrees = models.BooleanField("本人同意", null=True, blank=True)
    employer_agrees = models.BooleanField("单位同意", null=True, blank=True)

    series = "TJ"

    class Meta:
        verbose_name = "推荐"
        ordering = ["pk"]
        indexes = [models.Index(fields=["run", "state"], name="proposal_run_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["seeker"], condition=Q(state__in=["proposed", "sent"]), name="proposal_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(seeker_agrees=True, employer_agrees=True),
                name="proposal_accepted_by_both",
            ),
        ]


class ProposalStep(models.Model):
    """What was done to a proposal: by whom (None: by a signed link), when, why, and for a move by hand what it cost."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="steps", verbose_name="推荐")
    at = models.DateTimeField("时间", default=clock.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理人"
    )
    what = models.CharField("办理", max_length=20)
    why = Text("缘由", max_length=200, blank=True)
    cost = models.IntegerField("代价", null=True, blank=True)

    class Meta:
        verbose_name = "推荐的经过"
        ordering = ["at", "pk"]
