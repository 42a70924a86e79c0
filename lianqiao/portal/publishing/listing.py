"""The page of figures in public: headline figures by group, as an editor put them there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from lianqiao.portal.publishing.blocks import shown_of
from lianqiao.portal.publishing.shown import Shown


@dataclass(frozen=True)
class Group:
    """Figures that stand together under a heading."""

    name: str
    figures: tuple[Shown, ...]


def listed(blocks: Sequence[Any]) -> dict[str, Any]:
    """What the page shows: groups, the latest moment that stands behind them, and which marks its years need explained."""
    told = shown_of(blocks)
    years = [year for one in told if one.bars for year in one.figure.years]
    return {
        "groups": list(groups(told)),
        "until": max((one.figure.until for one in told), default=None),
        "last": max((one.figure for one in told), key=lambda figure: figure.transaction, default=None),
        "without_detail": any(year["bare"] for year in years),
        "unfinished": any(not year["over"] for year in years),
    }


def groups(told: Sequence[Shown]) -> list[Group]:
    """By the group of their measures, groups and figures in the order in which the editor put them."""
    found: dict[str, list[Shown]] = {}
    for one in told:
        found.setdefault(one.figure.stated["group"], []).append(one)
    return [Group(gettext(name) if name else "", tuple(figures)) for name, figures in found.items()]


def headlines(blocks: Sequence[Any], most: int) -> list[Shown]:
    """The first figures of the page, for the front page."""
    return shown_of(list(blocks)[:most])
