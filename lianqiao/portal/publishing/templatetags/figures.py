"""Published figures in templates: 文中数据 under an article, and how numbers, moments and hashes are written."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from wagtail.models import Page

from lianqiao.core.periods import Period
from lianqiao.desk import wording
from lianqiao.portal.publishing import fixing, quoting
from lianqiao.portal.publishing.listing import headlines
from lianqiao.portal.publishing.models import PublishedFigure
from lianqiao.portal.publishing.shown import Shown, shown

register = template.Library()
FIRST = 6
"""So many rows of 文中数据 are seen at once; the others unfold."""


@register.inclusion_tag("publishing/used.html")
def figures_used(page: Page) -> dict[str, Any]:
    """文中数据: each figure of the page as it was published, and what it is now."""
    told = shown(quoting.used_by(page))
    until = max((one.figure.until for one in told), default=None)
    return {"first": told[:FIRST], "rest": told[FIRST:], "until": until, "page": page}


@register.simple_tag
def when(figure: PublishedFigure) -> str:
    """When what the figure counts happened, as a sentence has it."""
    return period_words(figure.period)


def period_words(period: Period) -> str:
    until = period.until.isoformat()
    if period.start is None:
        return gettext("截至%(until)s累计") % {"until": until}
    if period == Period.year(period.until.year):
        return gettext("%(year)s年全年") % {"year": period.until.year}
    return gettext("%(start)s至%(until)s") % {"start": period.start.isoformat(), "until": until}


@register.simple_tag
def days(figure: PublishedFigure) -> str:
    """The first and the last day of what the figure counts."""
    until = figure.until.isoformat()
    if figure.start is None:
        return gettext("结对之初至%(until)s") % {"until": until}
    return gettext("%(start)s至%(until)s") % {"start": figure.start.isoformat(), "until": until}


@register.simple_tag
def figure_words(figure: PublishedFigure, value: int | None) -> str:
    return fixing.spoken(figure, value)


@register.simple_tag
def signed(figure: PublishedFigure, value: int) -> str:
    """A change, with its sign."""
    return f"{'+' if value > 0 else ''}{fixing.spoken(figure, value)}"


@register.filter
def percent(rate: Fraction | None) -> str:
    return wording.rate(rate)


@register.filter
def hash_lines(digest: str) -> SafeString:
    """A hash in fours, in two lines, so that two can be held against each other by eye."""
    half = len(digest) // 2
    fours = [" ".join(part[at : at + 4] for at in range(0, len(part), 4)) for part in (digest[:half], digest[half:])]
    return format_html("{}<br>{}", *fours)


@register.filter
def more(rest: list[Any]) -> str:
    return gettext("其余%(n)d处") % {"n": len(rest)}


@register.simple_tag
def headline_figures(most: int) -> list[Shown]:
    """The first figures of the page of figures in public, in the page's language, for the front page."""
    from lianqiao.portal.models import FiguresPage  # the models come after the tags that they are drawn with

    language = get_language() or ""
    page = FiguresPage.objects.live().public().filter(locale__language_code=language).first()
    return headlines([one.value for one in page.figures], most) if page else []
