"""What the desk keeps for its readers beside the ledgers: the filters that they come back to."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SavedFilter(models.Model):
    """A list's filter under a name, for the one who saved it; query: as it stands in the address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="用户")
    ledger = models.CharField("台账", max_length=32)
    name = models.CharField("名称", max_length=40)
    query = models.CharField("条件", max_length=500)

    class Meta:
        verbose_name = "常用筛选"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "ledger", "name"], name="saved_filter_once")]
