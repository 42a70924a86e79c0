"""A published figure as a block: standing by itself, on an article or on the page of figures in public."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from lianqiao.portal.publishing.choosing import figure_chooser
from lianqiao.portal.publishing.shown import Shown, shown

FigureChooserBlock = figure_chooser.get_block_class(
    name="FigureChooserBlock", module_path="lianqiao.portal.publishing.blocks"
)


class FigureBlock(blocks.StructBlock):
    figure = FigureChooserBlock(label=_("数字"))
    caption = blocks.CharBlock(label=_("叫法"), required=False, max_length=30, help_text=_("留空：用指标的名称"))
    by_year = blocks.BooleanBlock(
        label=_("公开逐年数"), required=False, help_text=_("人数很少的年份也会公开，请先看一眼")
    )
    with_target = blocks.BooleanBlock(label=_("公开当年目标"), required=False)

    class Meta:
        icon = "decimal"
        label = _("公开数字")


class FiguresBlock(blocks.ListBlock):
    """Several figures side by side."""

    def __init__(self, **more: Any) -> None:
        super().__init__(FigureBlock(), **more)

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        told: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        return told | {"figures": shown_of(value)}

    class Meta:
        icon = "decimal"
        label = _("公开数字")
        template = "publishing/blocks/figures.html"


def shown_of(blocks_of: Any) -> list[Shown]:
    """The figures of such blocks as the public sees them; a figure that is gone is left out."""
    held = [dict(one) for one in blocks_of if one.get("figure")]
    return shown([one["figure"] for one in held], held)
