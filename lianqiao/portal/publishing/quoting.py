"""Which pages in public quote which figures: noted when a page goes public, closed when it no longer says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from wagtail.models import Page

from lianqiao.journal import clock
from lianqiao.portal.publishing.models import PageCheck, PublishedFigure, Quotation
from lianqiao.portal.publishing.texts import Told, read

BESIDE = ("by_year", "with_target")
"""What a page can tell beside a figure (blocks.FigureBlock)."""


@transaction.atomic
def note(page: Any, passed: PageCheck | None) -> None:
    """Notes the figures of a page that has just gone public as it stands, and that its check let it."""
    told = read(page, page.texts)
    now = clock.now()
    if passed is not None:
        PageCheck.objects.filter(pk=passed.pk).update(page=page.pk, revision=page.live_revision_id, released=now)
    open_now = Quotation.objects.filter(page=page.pk, until=None)
    wanted = {pk: beside(told, pk) for pk in PublishedFigure.objects.in_bulk(told.figures)}
    for quoted in open_now:
        given = wanted.get(quoted.figure_id)
        if given == {name: getattr(quoted, name) for name in BESIDE}:
            del wanted[quoted.figure_id]
        else:
            open_now.filter(pk=quoted.pk).update(until=now)
    made = [
        Quotation(figure_id=pk, page_id=page.pk, title=page.title, since=now, **beside_it)
        for pk, beside_it in wanted.items()
    ]
    Quotation.objects.bulk_create(made)


def beside(told: Told, figure: int) -> dict[str, bool]:
    """What a page tells beside a figure, in any of the blocks that show it."""
    blocks = [block for block in told.blocks if block["figure"] == figure]
    return {name: any(block.get(name) for block in blocks) for name in BESIDE}


def quoted_in(figure: PublishedFigure) -> list[Page]:
    """The pages that quote a figure now and that everybody may read, newest first."""
    pages = Quotation.objects.filter(figure=figure, until=None, page__isnull=False).values("page")
    return list(Page.objects.live().public().filter(pk__in=pages).order_by("-last_published_at").specific())


def used_by(page: Page) -> list[PublishedFigure]:
    """The figures that a page in public quotes, in the order of its text."""
    order = read(page, page.texts).figures
    held = PublishedFigure.objects.select_related("node").in_bulk(order)
    return [held[pk] for pk in order if pk in held]


def disclosed(figure: PublishedFigure) -> dict[str, bool]:
    """What pages in public have told beside the figure: whether its years, whether its target."""
    rows: Iterable[Quotation] = figure.quotations.all()
    return {name: any(getattr(row, name) for row in rows) for name in BESIDE}
