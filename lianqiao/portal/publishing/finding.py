"""A figure by its address: only what is in public is found."""

from __future__ import annotations

import re

from lianqiao.core.periods import Period
from lianqiao.portal.publishing.models import PublishedFigure

SPAN = re.compile(r"([^@]+)@(\d{1,18})", re.ASCII)


def public_figure(code: str, node: str, span: str) -> PublishedFigure | None:
    """The figure of CODE, NODE and FROM..UNTIL@TX; None for a wrong address and for what was never published alike."""
    parts = SPAN.fullmatch(span)
    if parts is None or "\x00" in code + node:
        return None
    try:
        period = Period.parse(parts[1])
    except ValueError:
        return None
    rows = PublishedFigure.objects.public().select_related("node")
    return rows.filter(
        measure=code, node__number=node, start=period.start, until=period.until, transaction=int(parts[2])
    ).first()
