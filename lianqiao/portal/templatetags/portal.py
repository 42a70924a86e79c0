"""How the public pages write dates and amounts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lianqiao.portal.fields import WAN
from lianqiao.portal.searching import marked

register = template.Library()
YI = 10_000 * WAN


@register.simple_tag
def invested(amount: int) -> SafeString:
    """An amount with its unit: 6,800万元, 2.40亿元; in English CNY 68 million."""
    if get_language() == "en":
        return format_html("<small>CNY</small> {}<small>million</small>", trimmed(Decimal(amount) / (100 * WAN)))
    if amount >= YI:
        return format_html("{}<small>亿元</small>", f"{Decimal(amount) / YI:,.2f}")
    return format_html("{}<small>万元</small>", trimmed(Decimal(amount) / WAN))


def trimmed(value: Decimal) -> str:
    """With thousands separators and no zero at the end of decimals."""
    return f"{value:,.6f}".rstrip("0").rstrip(".")


@register.filter
def day(value: date | None) -> str:
    """2021-10-12; in English 12 October 2021."""
    if value is None:
        return ""
    return f"{value.day} {date_format(value, 'F Y')}" if get_language() == "en" else value.isoformat()


@register.filter
def month_day(value: date) -> str:
    """10-12; in English 12 Oct."""
    return f"{value.day} {date_format(value, 'M')}" if get_language() == "en" else f"{value:%m-%d}"


@register.filter
def marks(text: str, asked: str) -> SafeString:
    """A text with what was searched for marked in it."""
    return marked(text, asked)


@register.simple_tag
def page_numbers(slice_: Any) -> list[Any]:
    """The numbers of the pages nearby, with an ellipsis where some are left out."""
    return list(slice_.paginator.get_elided_page_range(slice_.number, on_each_side=2, on_ends=1))


@register.simple_tag
def opened(count: int, open_: int) -> str:
    return _("共发布%(count)s项，其中%(open)s项正在寻求合作。") % {"count": count, "open": open_}


@register.simple_tag
def urlencoded(**asked: str) -> str:
    """A query of what is not empty."""
    return urlencode({key: value for key, value in asked.items() if value})
