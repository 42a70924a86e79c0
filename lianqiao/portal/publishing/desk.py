"""The editors' pages: every number of a page beside what the journal says of it, and the figures that stand in it."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Page

from lianqiao.claims.marked import MARKS, paragraphs, tally, worded
from lianqiao.claims.within import KINDS
from lianqiao.people.models import User
from lianqiao.portal.publishing import checking, refreshing
from lianqiao.portal.publishing.models import PageCheck, PublishedFigure
from lianqiao.portal.publishing.pages import CheckedPage
from lianqiao.portal.publishing.shown import shown
from lianqiao.portal.publishing.texts import read

LONGEST = 500


@require_safe
def numbers(request: HttpRequest, pk: int) -> HttpResponse:
    """A page as it stands in its latest draft: checked now, without keeping the check."""
    page = editable(request, pk)
    node = checking.held_against(page)
    if node is None:
        raise Http404
    told = read(page, page.texts)
    made = checking.judged(page, told, node, checking.digest_of(told, node))
    overruled = None if made.passes else checking.overruling(made)
    held = PublishedFigure.objects.select_related("node").in_bulk(told.figures)
    figures = shown([held[pk] for pk in told.figures if pk in held])
    earlier = PageCheck.objects.filter(page=page.pk).select_related("overruled_by")[:20]
    given = {"page": page, "figures": figures, "moved": any(one.moved for one in figures), "earlier": earlier}
    return render(request, "publishing/numbers.html", side_by_side(made) | given | {"overruled": overruled})


@require_safe
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """A check that was kept."""
    one = visible(request, pk)
    given = {"page": one.page, "may_overrule": not one.passes and checking.may_overrule(request.user, one)}
    return render(request, "publishing/check.html", side_by_side(one) | given)


@require_POST
def overrule(request: HttpRequest, pk: int) -> HttpResponse:
    """A coordinator lets the numbers of a check pass, and says why."""
    one = visible(request, pk)
    why = request.POST.get("why", "").strip()[:LONGEST]
    if why:
        checking.overrule(one, cast(User, request.user), why)
        messages.success(request, gettext("已放行，理由随核对保存。现在可以再次提交或发布。"))
    else:
        messages.error(request, gettext("请写明理由。"))
    return redirect("publishing_check", pk=one.pk)


@require_POST
def refresh(request: HttpRequest, pk: int) -> HttpResponse:
    """更新到最新: the page's figures fixed anew, as a draft that somebody looks through and publishes."""
    page = editable(request, pk)
    changed = refreshing.refresh(page, cast(User, request.user))
    if changed:
        told = gettext("%(n)d 处数字已更新，写入草稿。") % {"n": changed}
        messages.success(request, told + gettext("请看过上下文后发布。"))
    else:
        messages.info(request, gettext("文中的公开数字都是最新的。"))
    return redirect("wagtailadmin_pages:edit", page.pk)


def editable(request: HttpRequest, pk: int) -> Any:
    """The latest draft of a page whose numbers are checked, for whoever may edit it."""
    page = get_object_or_404(Page, pk=pk).specific
    if not isinstance(page, CheckedPage):
        raise Http404
    if not page.permissions_for_user(request.user).can_edit():  # type: ignore[attr-defined]
        raise PermissionDenied
    return page.get_latest_revision_as_object()  # type: ignore[attr-defined]


def visible(request: HttpRequest, pk: int) -> PageCheck:
    """A check, for whoever may edit its page, or may overrule it; of a page never saved, for every editor."""
    one = get_object_or_404(PageCheck.objects.select_related("page", "node", "overruled_by"), pk=pk)
    page = one.page.specific if one.page else None
    if page is None or checking.may_overrule(request.user, one) or page.permissions_for_user(request.user).can_edit():
        return one
    raise PermissionDenied


def side_by_side(one: PageCheck) -> dict[str, Any]:
    """The text by paragraphs with its numbers marked, and the verdicts beside them."""
    result = [worded(verdict) for verdict in one.result]
    return {
        "check": one,
        "paragraphs": paragraphs(one.text, result),
        "tally": tally(result),
        "unread": sum(verdict["verdict"] not in MARKS for verdict in result),
        "remarks": [(KINDS[remark["kind"]], remark["told"]) for remark in one.remarks],
    }
