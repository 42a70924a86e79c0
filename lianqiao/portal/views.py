"""What is not a page of the editors': the door, files that they gave, searching, subscribing, and an address that is none."""

from __future__ import annotations

import mimetypes
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.csp import CSP
from django.utils.translation import get_language, get_language_from_path
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe
from django.views.defaults import page_not_found
from wagtail.models import Locale, Page

from lianqiao.desk.views import home
from lianqiao.fields.consumption.goods import Offer
from lianqiao.ledger import evidence
from lianqiao.people import access
from lianqiao.people.models import User
from lianqiao.portal import jobs, keeping, lists, machines, searching
from lianqiao.portal.models import Article, FiguresPage, Opportunity, StandardPage, Zone

# Kept for a year by whoever has it: a changed file has another name.
KEPT = "public, max-age=31536000, immutable"
# What a search looks through, by the word that an address calls it by.
KINDS: dict[str, type[Page]] = {
    "news": Article, "offers": Opportunity, "zones": Zone, "figures": FiguresPage, "pages": StandardPage
}  # fmt: skip
HITS = 15
LONGEST = 80
BESIDE = 5


@require_safe
def front(request: HttpRequest) -> HttpResponseBase:
    """The door: the desk for whoever has signed in, the editors' pages for whoever has those only, the public site for
    everybody else."""
    if isinstance(request.user, User):
        edits = request.user.has_perm("wagtailadmin.access_admin") and not access.grants(request.user, "figures")
        return redirect("wagtailadmin_home") if edits else home.home(request)
    return redirect(f"/{get_language()}/")


@require_safe
@csp_override({"default-src": [CSP.NONE], "style-src": [CSP.UNSAFE_INLINE], "sandbox": [""]})
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file that pages show. A drawing may hold a script: nothing in it is run."""
    try:
        content = evidence.path_of(keeping.piece(name)["sha256"]).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return FileResponse(content, content_type=kind, headers={"Cache-Control": KEPT})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything in public that has the words that are asked for, by kind."""
    asked, kind = request.GET.get("q", "").strip()[:LONGEST], request.GET.get("kind", "")
    number = page_number(request.GET.get("page", ""))
    only = KINDS.get(kind)
    found = searching.search(asked, Locale.get_active(), KINDS.values(), only, (number - 1) * HITS, HITS)
    told = {
        "asked": asked, "found": found, "kind": kind if only else "", "kinds": by_kind(found),
        "hits": [hit(page, asked) for page in found.pages], "trail": [(_("首页"), f"/{get_language()}/")],
        "here_name": _("搜索"), "slice": slice_of(found, kind, number),
        "goods": having(Offer.objects.public(), "name", asked), "vacancies": having(jobs.public(), "title", asked),
    }  # fmt: skip
    return render(request, "portal/search.html", told)


def having(rows: QuerySet[Any], column: str, asked: str) -> QuerySet[Any]:
    """Products and vacancies are few, and no pages: those with each word in their name."""
    found = rows if asked else rows.none()
    for word in asked.split():
        found = found.filter(**{f"{column}__icontains": word})
    return found.order_by("pk")[:BESIDE]


def page_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 5 and int(text) else 1


def by_kind(found: searching.Found) -> list[tuple[str, str, int]]:
    """Each kind that there are hits of: code, name, number."""
    names = {"news": _("新闻"), "offers": _("投资机会"), "zones": _("开发区"), "figures": _("数据"), "pages": _("其他")}
    counted = [(code, names[code], found.count(kind)) for code, kind in KINDS.items()]
    return [one for one in counted if one[2]]


def slice_of(found: searching.Found, kind: str, number: int) -> Any:
    """What the row of page numbers reads."""
    total = found.count(KINDS[kind]) if kind in KINDS else found.total
    return Paginator(range(total), HITS).get_page(number)


def hit(page: Page, asked: str) -> dict[str, Any]:
    zone = getattr(page, "issuer", None) or getattr(page, "area", None)
    return {
        "page": page, "text": searching.around(page.search_text.removeprefix(page.title), asked), "zone": zone,
        "kind": page._meta.verbose_name, "day": getattr(page, "dated", None) or getattr(page, "updated", None),
    }  # fmt: skip


@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """What may be subscribed to."""
    told = {
        "feeds": machines.feeds_of(Locale.get_active()), "trail": [(_("首页"), f"/{get_language()}/")],
        "here_name": _("订阅"),
    }  # fmt: skip
    return render(request, "portal/feeds.html", told)


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """The sections, the zones, and what else there is, on one page."""
    locale = Locale.get_active()
    told = {
        "zones": lists.zones(locale), "pages": lists.live(StandardPage, locale).order_by("path"),
        "trail": [(_("首页"), f"/{get_language()}/")], "here_name": _("网站地图"),
    }  # fmt: skip
    return render(request, "portal/map.html", told)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address. In public one is helped on: by what its last part may have meant, by a search, by the latest news."""
    if not get_language_from_path(request.path):
        return page_not_found(request, exception)
    said = " ".join(request.path.strip("/").split("/")[1:]).replace("-", " ")[:LONGEST]
    locale = Locale.get_active()
    near = searching.search(said, locale, KINDS.values(), None, 0, 5).pages if said else []
    told = {"near": near, "latest": lists.latest(locale)[:5], "said": said}
    return render(request, "portal/404.html", told, status=404)
