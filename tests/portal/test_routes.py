"""What of the site is for everybody: every address of it, held against the URL configuration.

Nothing of it asks who one is, and nothing of it tells of people; what the pages show is tested in test_pages.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import LocalePrefixPattern

from lianqiao.portal import urls as portal
from lianqiao.portal.models import Upload
from tests.desk.conftest import Reader, read  # noqa: F401 - a fixture
from tests.world import World, world, world_of_module  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"


@dataclass(frozen=True)
class Public:
    """A line of the table: how the address is made, what a reader gets, what else than reading it takes."""

    args: dict[str, object] = field(default_factory=dict)
    status: int = 200
    post: int = 405


ROUTES = {
    "front": Public(status=302),
    "portal_media": Public({"name": "nothing.png"}, 404),
    "portal_sitemap": Public(),
    "portal_robots": Public(),
    "portal_search": Public(),
    "portal_feeds": Public(),
    "portal_news_rss": Public(post=200),  # Django's feeds answer any method alike
    "portal_news_atom": Public(post=200),
    "portal_offers_rss": Public(post=200),
    "portal_map": Public(),
    "wagtail_serve": Public({"args": [""]}, post=200),
    "wagtaildocs_serve": Public({"args": [1, "nothing.pdf"]}, 404, 404),
    "wagtaildocs_authenticate_with_password": Public({"restriction_id": 1}, 404, 404),
}
# What they show is tested where they are (tests/portal, tests/exchanges); here, that they ask nobody to sign in.
OTHERS: dict[str, dict[str, object]] = {
    "enquiry": {"kind": "zone", "key": "nothing"},
    "enquiry_thanks": {"signed": "nothing"},
    "portal_market": {},
    "portal_outlets": {},
    "portal_cart": {},
    "portal_goods": {"sha256": "0" * 64, "name": "nothing.png"},
    "portal_product": {"number": "nothing"},
    "portal_jobs": {},
    "portal_register": {},
    "portal_registered": {},
    "portal_job": {"number": "nothing"},
    "portal_proof": {"code": "visits.batches", "node": "jd-0001", "span": "..2021-10-12@1"},
}
DESK = {"portal_editors"}


def names(patterns: Sequence[URLPattern | URLResolver]) -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            if str(one.pattern) != "editors/":
                yield from names(one.url_patterns)
        elif str(one.pattern) != "editors/login/":
            assert one.name, f"{one.pattern} has no name"
            yield one.name


def public() -> set[str]:
    own: list[URLPattern | URLResolver] = [
        one
        for one in get_resolver().url_patterns
        if isinstance(one, URLResolver) and (one.urlconf_name is portal or isinstance(one.pattern, LocalePrefixPattern))
    ]
    return set(names(own))


def test_every_public_route_is_listed() -> None:
    assert public() == {*ROUTES, *OTHERS, *DESK}


@pytest.mark.parametrize("name", OTHERS)
def test_nor_does_what_others_show_in_public(name: str) -> None:
    answer = Client().get(reverse(name, kwargs=OTHERS[name]))
    assert answer.status_code in (200, 302, 404)
    assert not answer.headers.get("Location", "").startswith(SIGN_IN)


@pytest.mark.parametrize("name", ROUTES)
def test_a_public_route_asks_nobody_who_he_is_and_takes_nothing(name: str) -> None:
    route = ROUTES[name]
    given = route.args.get("args")
    address = reverse(name, args=given) if given else reverse(name, kwargs=route.args)  # type: ignore[arg-type]
    answer = Client().get(address)
    assert answer.status_code == route.status
    assert not answer.headers.get("Location", "").startswith(SIGN_IN)
    assert Client().post(address).status_code == route.post


def test_the_editors_door_is_the_desks(world: World, read: Reader) -> None:  # noqa: F811
    assert Client().get("/editors/")["Location"] == "/sign-in/?next=/editors/"
    assert Client().get("/editors/login/?next=/editors/")["Location"] == "/sign-in/?next=/editors/"
    assert read(world.auditor).get("/editors/").status_code in (302, 403)  # no right of the desk's lets anybody in


def test_an_uploaded_file_runs_nothing_and_is_kept_as_evidence(db: None) -> None:
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    name = default_storage.save("pictures/a.svg", ContentFile(b"<svg xmlns='http://www.w3.org/2000/svg'/>"))
    answer = Client().get(default_storage.url(name))
    assert b"".join(answer).startswith(b"<svg")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Type"] == "image/svg+xml"
    assert Upload.objects.get(name=name).evidence[0]["size"] == default_storage.size(name)
    default_storage.delete(name)
    assert Client().get(f"/media/{name}").status_code == 404
