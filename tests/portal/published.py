"""What tests of figures in public begin with: three visits in the journal, and pages whose numbers speak of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from wagtail.models import Page, Revision

from lianqiao.core.periods import Period
from lianqiao.ledger import acts
from lianqiao.people.models import User
from lianqiao.portal.models import Article, FiguresPage, HomePage, NewsIndex
from lianqiao.portal.publishing import fixing
from lianqiao.portal.publishing.models import PublishedFigure
from tests.world import UNTIL, World, visit

PEOPLE = (6, 9, 12)
RIGHT = "<p>今年以来，两地互访3批27人次。</p>"
WRONG = "<p>今年以来，两地互访4批27人次。</p>"
YEAR = Period(date(2021, 1, 1), UNTIL)


def visits(world: World, people: tuple[int, ...] = PEOPLE, on: date = UNTIL) -> None:
    """Approved visits of so many people, at the county."""
    rows = [visit(world.county, on, n, purpose=f"示例{n}") for n in people]
    acts.approve(acts.create(rows, world.admin), world.other_admin, despite_twins=True)


def fixed(world: World, code: str = "visits.batches", period: Period = YEAR) -> PublishedFigure:
    return fixing.fix(code, world.county, period, world.admin)


def quoting(*figures: PublishedFigure) -> str:
    """A sentence that gives figures as an editor inserts them."""
    said = "、".join(f'<a linktype="figure" id="{one.pk}">{one.told}</a>' for one in figures)
    return f"<p>今年以来，两地互访{said}。</p>"


def home(language: str = "zh-hans") -> HomePage:
    found = HomePage.objects.get(locale__language_code=language)
    assert isinstance(found, HomePage)
    return found


def draft(html: str, slug: str = "shi-li", **more: Any) -> Article:
    """An article that nobody has published, with one paragraph of rich text."""
    told = {"title": "示例新闻", "dated": UNTIL, "summary": "示例摘要。"} | more
    page = Article(slug=slug, live=False, body=[("text", rich(html))], **told)
    NewsIndex.objects.child_of(home()).first().add_child(instance=page)
    page.save_revision()
    return page


def rich(html: str) -> Any:
    from wagtail.rich_text import RichText

    return RichText(html)


def publish(page: Page, user: User | None = None) -> Any:
    """By the road that every door of Wagtail's takes."""
    latest: Revision = page.get_latest_revision()
    latest.publish(user=user)
    return type(page).objects.get(pk=page.pk)


def public_article(html: str, slug: str = "shi-li", **more: Any) -> Article:
    found = publish(draft(html, slug, **more))
    assert isinstance(found, Article)
    return found


def figures_page(*figures: PublishedFigure, **beside: bool) -> FiguresPage:
    """The page of figures in public, published with these."""
    blocks = [
        ("figure", {"figure": one, "caption": "", "by_year": False, "with_target": False} | beside) for one in figures
    ]
    page = FiguresPage.objects.child_of(home()).first()
    if page is None:
        page = FiguresPage(title="公开数据", slug="figures", live=False)
        home().add_child(instance=page)
    page.figures = blocks
    page.save_revision()
    found = publish(page)
    assert isinstance(found, FiguresPage)
    return found
