"""Money on a page's form: kept in 分 as everywhere, typed in 万元."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

WAN = 1_000_000  # 分 in a 万元


class WanField(forms.DecimalField):
    """An amount in 万元, to the 分; the value is in 分."""

    def __init__(self, **more: Any) -> None:
        super().__init__(min_value=Decimal(0), max_digits=16, decimal_places=6, **more)

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        return None if typed is None else int(typed * WAN)

    def prepare_value(self, value: Any) -> Any:
        return Decimal(value) / WAN if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class Fen(models.BigIntegerField):
    """An amount in 分."""

    def formfield(self, **more: Any) -> forms.Field:
        told = {"required": not self.blank, "label": self.verbose_name, "help_text": self.help_text or _("万元")}
        return WanField(**told | {k: v for k, v in more.items() if k in ("help_text", "label", "required")})
