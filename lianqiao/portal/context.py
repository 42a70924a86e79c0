"""What every public page shows around its content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lianqiao.journal import clock
from lianqiao.portal.models import HomePage


@dataclass(frozen=True)
class Place:
    """A section in the navigation: its name, its address, whether the page asked for lies in it."""

    name: str
    url: str
    here: bool


def site(request: HttpRequest) -> dict[str, Any]:
    """For all templates; worked out only where a template asks."""
    return {
        "site": SimpleLazyObject(lambda: home_page(get_language() or "")),
        "sections": SimpleLazyObject(lambda: sections(request.path)),
        "year": SimpleLazyObject(lambda: clock.today().year),
        "language_switch": SimpleLazyObject(lambda: switches(request.path)),
    }


def home_page(language: str) -> HomePage | None:
    return HomePage.objects.filter(locale__language_code=language).first()


def sections(path: str) -> list[Place]:
    root = f"/{get_language()}/"
    names = (
        ("", _("首页")), ("news/", _("开发区新闻")), ("zones/", _("开发区")), ("opportunities/", _("投资机会")),
        ("market/", _("产品市场")), ("jobs/", _("招聘岗位")), ("figures/", _("公开数据")), ("about/", _("关于本站")),
    )  # fmt: skip
    return [Place(name, root + at, path == root if not at else path.startswith(root + at)) for at, name in names]


def switches(path: str) -> list[tuple[str, str, str]]:
    """The same address in each language: code, name, address. A page of Wagtail's knows its translations better."""
    language = get_language()
    rest = path.removeprefix(f"/{language}/") if path.startswith(f"/{language}/") else ""
    return [(code, name, f"/{code}/{rest}") for code, name in (("zh-hans", "简体中文"), ("en", "English"))]
