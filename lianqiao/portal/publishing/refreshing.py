"""更新到最新: the figures of a page fixed anew at what is known now, in a draft; what was published stays as it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from wagtail.fields import StreamField

from lianqiao.people.models import User
from lianqiao.portal.publishing import fixing, telling
from lianqiao.portal.publishing.models import PublishedFigure
from lianqiao.portal.publishing.texts import LINK, read

FIGURE = re.compile(rf'(<a\b(?=[^>]*\blinktype="{LINK}")[^>]*\bid=")(\d+)("[^>]*>)(.*?)(</a>)', re.DOTALL)
Renewed = dict[int, PublishedFigure]


def refresh(page: Any, by: User) -> int:
    """Saves a draft of the page in which every figure that the journal moved is the one of now. How many that were."""
    held = PublishedFigure.objects.select_related("node").in_bulk(read(page, page.texts).figures)
    now = fixing.now_of(held.values())
    renewed = {pk: fixing.anew(one, by) for pk, one in held.items() if now[pk].moved(one.value)}
    if not renewed:
        return 0
    for name in page.texts:
        field = page._meta.get_field(name)
        value = getattr(page, name)
        if isinstance(field, StreamField):
            kept = walk(value.get_prep_value(), renewed)
            setattr(page, name, field.stream_block.to_python(kept))
        elif isinstance(value, str):
            setattr(page, name, in_text(value, renewed))
    page.save_revision(user=by)
    return len(renewed)


def walk(value: Any, renewed: Renewed) -> Any:
    """A stream as it is kept, with the figures in its texts and blocks replaced."""
    if isinstance(value, str):
        return in_text(value, renewed)
    if isinstance(value, list):
        return [walk(one, renewed) for one in value]
    if isinstance(value, dict):
        return {name: chosen(name, one, renewed) or walk(one, renewed) for name, one in value.items()}
    return value


def chosen(name: str, value: Any, renewed: Renewed) -> int | None:
    """The new figure of a block that has chosen one (blocks.FigureBlock)."""
    return renewed[value].pk if name == "figure" and isinstance(value, int) and value in renewed else None


def in_text(html: str, renewed: Renewed) -> str:
    """Rich text with the figures replaced, each written as precisely as it stood."""

    def replaced(found: re.Match[str]) -> str:
        figure = renewed.get(int(found[2]))
        if figure is None:
            return found[0]
        return f"{found[1]}{figure.pk}{found[3]}{alike(found[4], figure)}{found[5]}"

    replace: Callable[[re.Match[str]], str] = replaced
    return FIGURE.sub(replace, html)


def alike(before: str, figure: PublishedFigure) -> str:
    """The figure's number written as the text had it: what stands before and after the digits stays, 亿 and 万 too."""
    found = re.search(r"-?\d[\d,]*(?:\.(\d+))?", before)
    if found is None:
        return figure.told
    after = before[found.end() :]
    scale = next(
        (
            scale
            for scale, word in ((telling.MILLION, " million"), *telling.SCALES.items())
            if word and after.startswith(word)
        ),
        1,
    )
    return before[: found.start()] + telling.number(figure.value, figure.unit, scale, len(found[1] or "")) + after
