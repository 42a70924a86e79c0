"""How the pages of the labour exchange say a wage."""

from __future__ import annotations

from django import template

from lianqiao.ledger.protected import masked_name, reveal

register = template.Library()


@register.filter
def wage(value: int | None) -> str:
    """分 as 元 with thousands separators, without 角 and 分 where there are none; — where nothing is known."""
    if value is None:
        return "—"
    whole, rest = divmod(value, 100)
    return f"{whole:,}.{rest:02d}" if rest else f"{whole:,}"


@register.simple_tag
def sealed(token: str, kind: str) -> str:
    """A protected value in the clear: only on pages for whoever works with these people."""
    return reveal(token, kind)


@register.simple_tag
def sealed_mask(token: str) -> str:
    """A protected name as others see it: 张**."""
    return masked_name(reveal(token, "name"))
