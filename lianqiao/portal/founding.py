"""What the public site cannot be without: made after each migrate, and only what is not there yet.

Wagtail's own migrations make a root, a page of welcome and two groups. A new instance's tables are made from the models, so
none of that is there; an upgraded one has it all. Both end the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db import transaction as database
from django.utils import timezone
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from lianqiao.portal import searching
from lianqiao.portal.models import (
    CaseIndex,
    FiguresPage,
    HomePage,
    NewsIndex,
    OpportunityIndex,
    StandardPage,
    Zone,
    ZoneIndex,
)

CHINESE, ENGLISH = "zh-hans", "en"
MODERATORS = "门户审核"
WORKFLOW = "门户审核"
EDITORS = "门户编辑："
# Which pages stand below the home, in each language: their slug, kind and names.
SECTIONS: tuple[tuple[str, type[Page], str, str], ...] = (
    ("news", NewsIndex, "开发区新闻", "News from the zones"),
    ("zones", ZoneIndex, "开发区", "Zones"),
    ("opportunities", OpportunityIndex, "投资机会", "Investment opportunities"),
    ("cases", CaseIndex, "典型案例", "Typical cases"),
    ("figures", FiguresPage, "公开数据", "Figures in public"),
    ("about", StandardPage, "关于本站", "About this site"),
    ("contact", StandardPage, "联系我们", "Contact"),
    ("privacy", StandardPage, "隐私说明", "Privacy"),
    ("accessibility", StandardPage, "无障碍声明", "Accessibility"),
    ("licence", StandardPage, "数据使用许可", "Data licence"),
)
EDITOR_ACTS, MODERATOR_ACTS = ("add", "change"), ("add", "change", "publish", "lock", "unlock")
FILES = ("add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document")


def after_migrate(**told: Any) -> None:
    """Receiver of post_migrate, of all apps: acts once, after the last, and not after the flush of a test."""
    if "plan" in told and told["sender"].label == last_app() and is_there():
        found()


def last_app() -> str:
    return [config.label for config in apps.get_app_configs() if config.models_module is not None][-1]


def is_there() -> bool:
    """Whether the tables are (a partial migrate leaves them out)."""
    held = set(connection.introspection.table_names())
    return {model._meta.db_table for model in (HomePage, StandardPage, Site, Workflow)} <= held


@database.atomic
def found() -> None:
    """Makes what is missing: languages, root, pages of the sections, site, groups, the way of review, search index."""
    searching.install(connection)
    chinese, english = (Locale.objects.get_or_create(language_code=code)[0] for code in (CHINESE, ENGLISH))
    root = Page.objects.filter(depth=1).first() or Page.add_root(
        instance=Page(title="Root", slug="root", locale=chinese, content_type=ContentType.objects.get_for_model(Page))
    )
    if not HomePage.objects.exists():
        homes = make_homes(root, chinese, english)
        settle_site(homes[0])
    if not Collection.objects.exists():
        Collection.add_root(instance=Collection(name="Root"))
    moderate()
    searching.fill()


def make_homes(root: Page, chinese: Locale, english: Locale) -> tuple[HomePage, HomePage]:
    first = HomePage(
        title="首页", slug="zh-hans", locale=chinese, site_name="连桥", line="对口协作与投资促进平台",
        about="对口协作在这里公开办：新闻、项目、产品、岗位和数据。每个公开的数字都能打开依据。", hours="工作日 8:30—11:30，14:00—17:30",
    )  # fmt: skip
    second = HomePage(
        title="Home", slug="en", locale=english, site_name="Lianqiao", line="Paired cooperation, in the open",
        about="Paired cooperation in the open: news, projects, products, jobs and figures. Every published number opens onto "
        "its evidence.", hours="Working days 8:30–11:30, 14:00–17:30 (UTC+8)",
    )  # fmt: skip
    put(root, [(first, second)])
    pairs = [(kind(title=name, slug=slug), kind(title=other, slug=slug)) for slug, kind, name, other in SECTIONS]
    for one, two in pairs:
        one.locale, two.locale = chinese, english
    put_below(first, second, pairs)
    return first, second


def put(parent: Page, pairs: Iterable[tuple[Page, Page]]) -> None:
    put_below(parent, parent, pairs)


def put_below(one: Page, two: Page, pairs: Iterable[tuple[Page, Page]]) -> None:
    """Adds live pages and their translations below two parents."""
    for page, other in pairs:
        other.translation_key = page.translation_key
        for parent, added in ((one, page), (two, other)):
            now = timezone.now()
            added.live, added.first_published_at, added.last_published_at = True, now, now
            parent.add_child(instance=added)


def settle_site(home: HomePage) -> None:
    """The one site begins at the Chinese home; Wagtail's page of welcome goes."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(hostname="localhost", root_page=home, is_default_site=True, site_name="连桥")
        return
    welcome = site.root_page
    site.root_page, site.site_name = home, "连桥"
    site.save()
    if welcome.specific_class is Page and welcome.depth == 2 and not welcome.get_children().exists():
        welcome.delete()


def moderate() -> None:
    """Whoever is in the group of moderators publishes anything; what others submit waits for him."""
    group, made = Group.objects.get_or_create(name=MODERATORS)
    if not made:
        return
    homes = list(HomePage.objects.all())
    grant(group, homes, MODERATOR_ACTS, Collection.get_first_root_node())
    task = GroupApprovalTask.objects.create(name=WORKFLOW)
    task.groups.add(group)
    workflow = Workflow.objects.create(name=WORKFLOW)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    for home in homes:
        WorkflowPage.objects.update_or_create(page=home, defaults={"workflow": workflow})


def grant(group: Group, pages: Iterable[Page], acts: Iterable[str], collection: Collection | None) -> None:
    """Lets a group into the editor: to act on these pages and what lies below them, and to keep files."""
    group.permissions.add(permission("wagtailadmin", "access_admin"))
    for page in pages:
        for act in acts:
            GroupPagePermission.objects.get_or_create(
                group=group, page=page, permission=permission("wagtailcore", f"{act}_page")
            )
    for name in FILES:
        label = "wagtailimages" if name.endswith("image") else "wagtaildocs"
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission=permission(label, name)
        )


def permission(label: str, codename: str) -> Permission:
    return Permission.objects.get(content_type__app_label=label, codename=codename)


def zone_group(zone: Zone) -> Group:
    """The group whose members edit a zone, in each language, and nothing else; made when first asked for."""
    name = f"{EDITORS}{Zone.objects.filter(translation_key=zone.translation_key).order_by('pk')[0].title}"
    group, _ = Group.objects.get_or_create(name=name[:150])
    pages = Zone.objects.filter(translation_key=zone.translation_key)
    grant(group, pages, EDITOR_ACTS, zone_files(zone))
    return group


def zone_files(zone: Zone) -> Collection:
    """Where a zone's pictures and documents lie: its editors keep files there and nowhere else."""
    root = Collection.get_first_root_node()
    held = root.get_children().filter(name=zone.title).first()
    return held or root.add_child(instance=Collection(name=zone.title))


def give_group(instance: Any, **_: Any) -> None:
    """Receiver of page_published: a new zone gets its group of editors."""
    if isinstance(instance, Zone):
        zone_group(instance)
