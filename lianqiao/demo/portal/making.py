"""Fills the sample's public site: zones, opportunities and news in both languages, with figures of the sample's own journal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import transaction as database
from wagtail.images.models import Image
from wagtail.models import Page

from lianqiao.core.periods import Period
from lianqiao.demo.portal import english, texts
from lianqiao.people.models import User
from lianqiao.places.models import Node
from lianqiao.portal.founding import MODERATORS, zone_group
from lianqiao.portal.machines import at_noon
from lianqiao.portal.models import (
    Article,
    FiguresPage,
    HomePage,
    NewsIndex,
    Opportunity,
    OpportunityIndex,
    StandardPage,
    Zone,
    ZoneIndex,
)
from lianqiao.portal.publishing import fixing
from lianqiao.portal.publishing.models import PublishedFigure

PICTURES = Path(__file__).parent / "static"
UNTIL = date(2021, 10, 12)  # the day of the conference
HEADLINE = (
    "visits.batches", "visits.person_times", "funds.total", "projects.count", "talent.total", "twin.projects",
)  # fmt: skip
LIVE = re.compile(r"\{([a-z_.]+)\}")
NOTICE = ("样例站点：机构、项目与数字均为示例", "A sample site: organisations, projects and figures are invented")
WRITERS = (
    ("zone-editor", "靖江开发区编辑（门户）", "jingjiang"),
    ("taixing-editor", "泰兴开发区编辑（门户）", "taixing"),
)
MODERATOR = ("moderator", "门户审核（门户）")


@database.atomic
def make(node: Node, by: User) -> None:
    """All of it. node: the pairing whose figures are shown; by: who fixes them."""
    fixed = {code: fixing.fix(code, node, Period.cumulative(UNTIL), by) for code in HEADLINE}
    pictures = {path.stem: picture(path) for path in sorted(PICTURES.glob("*.svg"))}
    for chinese, language in ((True, "zh-hans"), (False, "en")):
        home = HomePage.objects.get(locale__language_code=language)
        home.notice, home.phone, home.fax, home.email = (
            NOTICE[0 if chinese else 1],
            "0523-0000 0000",
            "0523-0000 0000",
            "info@example.org",
        )
        home.icp, home.police, home.line = "苏ICP备00000000号-1", "苏公网安备 00000000000000号", line(chinese)
        home.save()
        fill(home, chinese, pictures, fixed)
    people()


def line(chinese: bool) -> str:
    return "靖江—永寿对口协作与投资促进平台" if chinese else "Jingjiang–Yongshou, cooperation in the open"


def picture(path: Path) -> Image:
    made = Image(title=path.stem, file=ContentFile(path.read_bytes(), name=path.name))
    made.save()
    return made


def fill(home: HomePage, chinese: bool, pictures: dict[str, Image], fixed: dict[str, PublishedFigure]) -> None:
    index = {kind: kind.objects.child_of(home).get() for kind in (ZoneIndex, NewsIndex, OpportunityIndex, FiguresPage)}
    zones = {told["slug"]: add_zone(index[ZoneIndex], told, chinese, pictures) for told in texts.ZONES}
    for offer in texts.OFFERS:
        if chinese or offer["slug"] in english.OFFERS:
            add_offer(zones[offer["zone"]], offer, chinese, pictures)
    for item in reversed(texts.NEWS):
        if chinese or item["slug"] in english.NEWS:
            add_article(zones[item["zone"]], item, chinese, pictures, fixed)
    write_pages(home, chinese)
    show_figures(index[FiguresPage], fixed)


def add_zone(above: Page, told: dict[str, Any], chinese: bool, pictures: dict[str, Image]) -> Zone:
    names = (
        "slug", "title", "kind", "level", "city", "summary", "profile", "office", "phone", "email", "address"
    )  # fmt: skip
    own = told | (words(told, english.ZONES[told["slug"]], ("plots", "policies")) if not chinese else {})
    page = Zone(
        **{name: own[name] for name in names},
        picture=pictures[own["picture"]], facts=facts(own["facts"]), plots_on=own.get("plots_on") if own["plots"] else None,
        hours=texts.HOURS if chinese else "Working days 8:30–11:30, 14:00–17:30",
        industries=[("industry", {"name": name, "text": text}) for name, text in own["industries"]],
        plots=[("plot", dict(zip(("code", "position", "kind", "area", "fits", "state"), plot, strict=True))) for plot in own["plots"]],
        policies=[("policy", dict(zip(("title", "by", "term", "text"), one, strict=True))) for one in own["policies"]],
    )  # fmt: skip
    return placed(above, page, told["slug"])


def words(told: dict[str, Any], other: dict[str, Any], empty: Iterable[str] = ()) -> dict[str, Any]:
    """The English of it; what has none is left out rather than shown in Chinese."""
    return dict.fromkeys(empty, ()) | other


def add_offer(zone: Zone, told: dict[str, Any], chinese: bool, pictures: dict[str, Image]) -> None:
    own = told | ({} if chinese else english.OFFERS[told["slug"]])
    page = Opportunity(
        **{name: own[name] for name in ("slug", "title", "place", "sector", "mode", "stage", "amount", "wanted", "updated", "summary")},
        size=own.get("size", ""), picture=pictures.get(own.get("picture", "")), conditions=facts(own["conditions"]),
        body=[("text", own["text"])],
    )  # fmt: skip
    placed(zone, page, told["slug"])


def add_article(
    zone: Zone, told: dict[str, Any], chinese: bool, pictures: dict[str, Image], fixed: dict[str, PublishedFigure]
) -> None:
    own = told | ({} if chinese else english.NEWS[told["slug"]])
    page = Article(
        **{name: own[name] for name in ("slug", "title", "dated", "section", "source", "summary")},
        picture=pictures.get(own.get("picture", "")), caption=own.get("caption", ""),
        body=[block(part, pictures, fixed) for part in own["body"]],
    )  # fmt: skip
    placed(zone, page, told["slug"])


def block(part: Any, pictures: dict[str, Image], fixed: dict[str, PublishedFigure]) -> tuple[str, Any]:
    if isinstance(part, str):
        return "text", LIVE.sub(lambda found: live(fixed[found[1]]), part)
    _, name, alt, caption = part
    return "picture", {"image": pictures[name], "alt": alt, "caption": caption}


def live(figure: PublishedFigure) -> str:
    return f'<a linktype="figure" id="{figure.pk}">{figure.told}</a>'


def facts(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, dict[str, str]]]:
    return [("fact", {"name": name, "value": value}) for name, value in pairs]


def placed[P: Page](above: Page, page: P, slug: str) -> P:
    """Adds a live page; its translation, made before, has the same slug."""
    page.locale = above.locale
    twin = type(page).objects.filter(slug=slug).exclude(locale=above.locale).first()
    if twin:
        page.translation_key = twin.translation_key
    day = getattr(page, "dated", None) or getattr(page, "updated", None)
    page.live, page.first_published_at, page.last_published_at = True, *[at_noon(day or UNTIL)] * 2
    above.add_child(instance=page)
    return page


def write_pages(home: HomePage, chinese: bool) -> None:
    told = english.PAGES if not chinese else {
        "about": texts.ABOUT, "contact": texts.CONTACT, "privacy": texts.PRIVACY, "accessibility": texts.ACCESSIBILITY,
        "licence": texts.LICENCE,
    }  # fmt: skip
    for page in StandardPage.objects.child_of(home):
        page.summary, text = told[page.slug]
        page.body = [("text", text)]
        page.save()


def show_figures(page: FiguresPage, fixed: dict[str, PublishedFigure]) -> None:
    page.figures = [
        ("figure", {"figure": one, "caption": "", "by_year": True, "with_target": False}) for one in fixed.values()
    ]
    page.save()


def people() -> None:
    """An editor of each of two zones, and who moderates: they have no rights on the desk."""
    for username, office, slug in WRITERS:
        user = User.objects.create_user(username, office=office)
        user.groups.add(zone_group(Zone.objects.filter(slug=slug).order_by("pk")[0]))
    moderator = User.objects.create_user(MODERATOR[0], office=MODERATOR[1])
    moderator.groups.add(Group.objects.get(name=MODERATORS))
