"""What every public page shows around its content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from lianqiao.journal import clock
from lianqiao.portal.models import HomePage

# The navigation: what follows the language in the address, and its name. Four stand in a row on a phone: short words.
SECTIONS = (
    ("", "首页", "Home"), ("news/", "开发区新闻", "News"), ("zones/", "开发区", "Zones"), ("opportunities/", "投资机会", "Invest"),
    ("market/", "产品市场", "Market"), ("jobs/", "招聘岗位", "Jobs"), ("figures/", "公开数据", "Figures"),
    ("about/", "关于本站", "About"),
)  # fmt: skip


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
    root, english = f"/{get_language()}/", get_language() == "en"
    return [
        Place(other if english else name, root + at, path.startswith(root + at) if at else path == root)
        for at, name, other in SECTIONS
    ]


def switches(path: str) -> list[tuple[str, str, str]]:
    """The same address in each language: code, name, address. A page of Wagtail's knows its translations better."""
    language = get_language()
    rest = path.removeprefix(f"/{language}/") if path.startswith(f"/{language}/") else ""
    return [(code, name, f"/{code}/{rest}") for code, name in settings.LANGUAGES]
