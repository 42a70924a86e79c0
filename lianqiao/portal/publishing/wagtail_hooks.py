"""What Wagtail is told of this room: the link by which text refers to a figure, its button, and the editors' pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.html import escape
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from draftjs_exporter.dom import DOM
from wagtail import hooks
from wagtail.admin.rich_text.converters.html_to_contentstate import LinkElementHandler
from wagtail.admin.rich_text.editors.draftail import features as draftail
from wagtail.admin.widgets import Button
from wagtail.models import Page
from wagtail.rich_text import LinkHandler

from lianqiao.portal.publishing import desk
from lianqiao.portal.publishing.choosing import figure_chooser
from lianqiao.portal.publishing.models import PublishedFigure
from lianqiao.portal.publishing.pages import CheckedPage
from lianqiao.portal.publishing.shown import shown

ENTITY = "FIGURE"


class FigureLink(LinkHandler):
    """<a linktype="figure" id="12">113批</a>: number and unit in one link to the proof, with a mark where the journal moved on."""

    identifier = "figure"

    @staticmethod
    def get_model() -> type[PublishedFigure]:
        return PublishedFigure

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: Sequence[dict[str, str]]) -> list[str]:
        held = PublishedFigure.objects.select_related("node").in_bulk(
            [int(attrs["id"]) for attrs in attrs_list if attrs.get("id", "").isdecimal()]
        )
        told = {one.figure.pk: one for one in shown(list(held.values()))}
        return [opening(told.get(int(attrs.get("id") or 0))) for attrs in attrs_list]


def opening(one: Any) -> str:
    """The tag before the number; without a figure an empty link, as Wagtail leaves what it cannot resolve."""
    if one is None:
        return "<a>"
    hint = gettext("%(name)s，%(period)s。看依据") % {"name": one.name, "period": one.figure.period.describe()}
    kind = "fig moved" if one.moved else "fig"
    return f'<a class="{kind}" href="{escape(one.address)}" title="{escape(hint)}">'


class FigureElement(LinkElementHandler):
    """From what is kept to what the editor shows."""

    def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, str]:
        return {"id": attrs.get("id", "")}


def entity(props: dict[str, Any]) -> Any:
    """From what the editor shows to what is kept."""
    return DOM.create_element("a", {"linktype": "figure", "id": props.get("id")}, props["children"])


@hooks.register("register_rich_text_features")
def register_figure(features: Any) -> None:
    features.register_link_type(FigureLink)
    told = {
        "type": ENTITY, "icon": "decimal", "description": gettext("公开数字"), "attributes": ["id"],
        "chooserUrls": {"figureChooser": reverse_lazy(figure_chooser.get_url_name("choose"))},
    }  # fmt: skip
    scripts = ["wagtailadmin/js/chooser-modal.js", "publishing/figure.js"]
    features.register_editor_plugin("draftail", "figure", draftail.EntityFeature(told, js=scripts))
    rule = {
        "from_database_format": {'a[linktype="figure"]': FigureElement(ENTITY)},
        "to_database_format": {"entity_decorators": {ENTITY: entity}},
    }
    features.register_converter_rule("contentstate", "figure", rule)
    features.default_features.append("figure")


@hooks.register("register_admin_viewset")
def register_chooser() -> Any:
    return figure_chooser


@hooks.register("register_admin_urls")
def register_addresses() -> list[URLPattern]:
    return [
        path("numbers/<int:pk>/", desk.numbers, name="publishing_numbers"),
        path("numbers/<int:pk>/latest/", desk.refresh, name="publishing_refresh"),
        path("checks/<int:pk>/", desk.check, name="publishing_check"),
        path("checks/<int:pk>/overrule/", desk.overrule, name="publishing_overrule"),
    ]


@hooks.register("register_page_header_buttons")
def header_button(page: Page, user: Any, next_url: str | None = None, **_more: Any) -> Iterator[Button]:
    if isinstance(page, CheckedPage) or (page.specific_class and issubclass(page.specific_class, CheckedPage)):
        yield Button(_("数字核对"), reverse("publishing_numbers", args=[page.pk]), icon_name="decimal", priority=5)
