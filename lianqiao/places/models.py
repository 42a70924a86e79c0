"""Places and the tree of pairing nodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Q, lookups

from lianqiao.places.names import short


class Place(models.Model):
    """A place that the programme uses, by its code (GB/T 2260 to counties, the 12-digit statistical codes below).

    Rows are copied from the directory (places/directory.py) the first time a place is named.
    """

    code = models.CharField("代码", max_length=12, primary_key=True)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("层级", max_length=8)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="上级")

    class Meta:
        verbose_name = "地方"

    def __str__(self) -> str:
        return self.name


class NodeQuerySet(models.QuerySet["Node"]):
    def below(self, node: Node) -> NodeQuerySet:
        """The node itself and everything below it."""
        return self.filter(path__startswith=node.path)

    def lineages(self) -> dict[int, tuple[int, ...]]:
        """Each node's id → its lineage."""
        return {node.pk: node.lineage() for node in self.only("path")}


class Node(models.Model):
    """One pairing of an eastern and a western side: what figures belong to.

    A node is made by its row of the pairings ledger (结对关系台账) and counts only once that row is approved
    (`confirmed`). A node with postings never moves: it is closed (`until`), and a successor opened (`succeeds`).
    """

    class Kind(models.TextChoices):
        PROVINCE = "省际"
        PREFECTURE = "市际"
        COUNTY = "县际"
        TOWN = "镇镇"
        VILLAGE = "村村"
        SCHOOL = "校校"
        HOSPITAL = "院院"
        ENTERPRISE = "企村"
        SOCIAL_ORG = "社会组织"

    number = models.CharField("编号", max_length=40, unique=True)
    kind = models.CharField("层级", max_length=8, choices=Kind)
    east = models.CharField("东部方", max_length=80)
    west = models.CharField("西部方", max_length=80)
    east_place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="东部地方"
    )
    west_place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="西部地方"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级结对"
    )
    succeeds = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors", verbose_name="承接"
    )
    path = models.CharField("路径", max_length=200, blank=True, db_index=True)
    since = models.DateField("结对日期")
    until = models.DateField("终止日期", null=True, blank=True)
    confirmed = models.BooleanField("已确认", default=False)

    objects = NodeQuerySet.as_manager()

    class Meta:
        verbose_name = "结对关系"
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")), name="node_until_after_since"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.east}—{self.west}"

    @property
    def name(self) -> str:
        """The pairing as people and the command line name it: 靖江-永寿."""
        return f"{short(self.east)}-{short(self.west)}"

    @property
    def depth(self) -> int:
        return self.path.count("/")

    def lineage(self) -> tuple[int, ...]:
        """Ids from the root down to this node: where a posting at this node is felt."""
        return tuple(int(part) for part in self.path.rstrip("/").split("/"))

    def is_whole(self) -> bool:
        """Whether it is the one root, so that there is nothing that does not lie below it."""
        return self.parent_id is None and not Node.objects.filter(parent=None).exclude(pk=self.pk).exists()

    def rows(self) -> Q:
        """The rows, by their `node`, there and below it."""
        return Q(node__isnull=False) if self.is_whole() else Q(node__path__startswith=self.path)

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        if not self.path:
            self.path = f"{self.parent.path if self.parent else ''}{self.pk}/"
            Node.objects.filter(pk=self.pk).update(path=self.path)


class Within(lookups.StartsWith):
    """What a path begins with, asked of SQLite as a range: its LIKE takes small letters for capitals and so uses no index."""

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Sequence[Any]]:
        if not (self.rhs_is_direct_value() and self.rhs):
            return super().as_sql(compiler, connection, **extra)
        lhs, params = self.process_lhs(compiler, connection)
        end = f"{self.rhs[:-1]}{chr(ord(self.rhs[-1]) + 1)}"
        return f"({lhs} >= %s AND {lhs} < %s)", [*params, self.rhs, *params, end]


Node._meta.get_field("path").register_lookup(Within)
