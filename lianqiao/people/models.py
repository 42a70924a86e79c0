"""Users and what is granted to them."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from lianqiao.places.models import Node


class User(AbstractUser):
    """Somebody who works with the programme; `office` is how pages name them (offices, not people)."""

    office = models.CharField("单位", max_length=60, blank=True)

    class Meta:
        verbose_name = "用户"

    def __str__(self) -> str:
        return self.office or self.username


class Grant(models.Model):
    """A role at a node of the tree, reaching everything below it, for the rows of one side or of both.

    Staff see rows by node. Whoever trades (OUTSIDE) sees none of them, only what belongs to the organisation in whose
    name he acts: `unit`, its 统一社会信用代码; his node says which administrators look after the grant.
    """

    class Role(models.TextChoices):
        FILLER = "filler", "填报"
        REVIEWER = "reviewer", "审核"
        COORDINATOR = "coordinator", "协调"
        LEADER = "leader", "领导"
        AUDITOR = "auditor", "审计"
        ADMINISTRATOR = "administrator", "管理"
        SELLER = "seller", "卖方"
        BUYER = "buyer", "买方"

    class Side(models.TextChoices):
        EAST = "east", "东部"
        WEST = "west", "西部"
        BOTH = "both", "双方"

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name="用户")
    role = models.CharField("角色", max_length=16, choices=Role)
    # None: the whole instance, also before its tree has a root.
    node = models.ForeignKey(Node, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="范围")
    side = models.CharField("一方", max_length=8, choices=Side, default=Side.BOTH)
    unit = models.CharField("代表的单位", max_length=18, blank=True)

    OUTSIDE = frozenset({Role.SELLER, Role.BUYER})

    class Meta:
        verbose_name = "授权"
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "node", "side", "unit"], name="grant_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=["seller", "buyer"]) ^ models.Q(unit=""), name="grant_unit_of_traders"
            ),
        ]


class Access(models.Model):
    """The access log: who signed in or was refused, took data out, saw a protected value, gave or took rights; when and why.

    `by` is the name that was given, which need not be a user's; `what` says of what; `count` how many rows of it.
    """

    class Act(models.TextChoices):
        SIGN_IN = "sign_in", "登录"
        REFUSED = "refused", "拒绝"
        EXPORT = "export", "导出"
        REVEAL = "reveal", "查看原文"
        GRANT = "grant", "授权"
        REVOKE = "revoke", "收回授权"
        ACCOUNT = "account", "账号"

    at = models.DateTimeField("时间", db_index=True)
    by = models.CharField("谁", max_length=150)
    act = models.CharField("做了什么", max_length=12, choices=Act)
    what = models.TextField("对象", blank=True)
    count = models.BigIntegerField("行数", null=True, blank=True)
    why = models.CharField("缘由", max_length=300, blank=True)

    class Meta:
        verbose_name = "访问记录"
        ordering = ["-pk"]


class Key(models.Model):
    """A key with which a program calls the API in somebody's name (接口钥匙): of its secret only the digest is kept.

    `public` is its first half, by which it is found, shown and named in the access log. It ends on a day, and may be
    revoked before. `used_on` is the last day on which it was used.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="keys", verbose_name="用户")
    name = models.CharField("名称", max_length=60)
    public = models.CharField("编号", max_length=16, unique=True)
    digest = models.CharField("摘要", max_length=64)
    made_at = models.DateTimeField("制作时间")
    ends_on = models.DateField("到期")
    revoked_at = models.DateTimeField("作废时间", null=True, blank=True)
    used_on = models.DateField("最近使用", null=True, blank=True)

    class Meta:
        verbose_name = "接口钥匙"
        ordering = ["-pk"]
