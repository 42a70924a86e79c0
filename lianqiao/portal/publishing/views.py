"""The public proof of a figure: one page that says what it is, how it adds up, and how to check it; the same as JSON."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from lianqiao.journal.figures import known_at
from lianqiao.portal.publishing import fixing, quoting, telling
from lianqiao.portal.publishing.data import figure_data
from lianqiao.portal.publishing.finding import public_figure
from lianqiao.portal.publishing.models import PublishedFigure
from lianqiao.portal.publishing.shown import bar_unit, brief, mark, shown

RELATED = 4


@require_safe
def proof(request: HttpRequest, code: str, node: str, span: str) -> HttpResponse:
    """The proof page; its data where the address ends with .json or the reader asks for JSON.

    Raises Http404 for every figure that no page in public has quoted: nobody learns what else there is.
    """
    as_json = span.endswith(".json")
    figure = public_figure(code, node, span.removesuffix(".json"))
    if figure is None:
        raise Http404
    if as_json or prefers_json(request):
        told: HttpResponse = JsonResponse(figure_data(figure), json_dumps_params={"ensure_ascii": False, "indent": 1})
    else:
        told = render(request, "publishing/proof.html", facts(figure))
    patch_vary_headers(told, ["Accept"])
    patch_cache_control(told, public=True, max_age=60)
    return told


def prefers_json(request: HttpRequest) -> bool:
    preferred = request.get_preferred_type(["text/html", "application/json"])
    return preferred == "application/json"


def facts(figure: PublishedFigure) -> dict[str, Any]:
    """What the page shows; beside the number only what a page in public told as well."""
    beside = quoting.disclosed(figure)
    (one,) = shown([figure])
    return {
        "one": one,
        "figure": figure,
        "number": one.number,
        "english_money": figure.unit.name == "元" and one.unit == "CNY",
        "exact": exact(figure),
        "bare": fixing.spoken(figure, figure.bare) if figure.bare else "",
        "years": years(figure) if beside["by_year"] else [],
        "year_unit": bar_unit(figure.unit),
        "promised": fixing.spoken(figure, figure.promised) if beside["with_target"] and figure.promised else "",
        "changes": fixing.changes(figure),
        "quoted_in": quoting.quoted_in(figure),
        "related": related(figure),
        "hash": figure.hash,
        "spoken": fixing.spoken,
        "head": known_at(),
    }


def exact(figure: PublishedFigure) -> str:
    """The number in full where the page tells it rounded: 113,967,412.35 元."""
    full = f"{telling.number(figure.value, figure.unit)} {figure.unit.name}"
    return full if full.replace(" ", "") != telling.told(figure.value, figure.unit) else ""


def years(figure: PublishedFigure) -> list[tuple[str, str]]:
    return [(f"{one['year']}{mark(one)}", brief(one["value"], figure.unit)) for one in figure.years]


def related(figure: PublishedFigure) -> list[Any]:
    """Other figures in public of the same pairing and moment."""
    others = PublishedFigure.objects.public().filter(node=figure.node, transaction=figure.transaction)
    return shown(list(others.exclude(pk=figure.pk).select_related("node").order_by("pk")[:RELATED]))
