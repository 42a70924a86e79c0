"""Who may change what of the public site."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import Page

from lianqiao.people.models import Access, Grant, User
from lianqiao.portal import founding
from lianqiao.portal.models import Article
from tests.desk.conftest import just_signed_in
from tests.portal.site import Pages, make_pages
from tests.world import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(db: None) -> Pages:
    founding.found()
    return make_pages()


@pytest.fixture
def writer(pages: Pages) -> User:
    """An editor of the port's zone."""
    user = User.objects.create(username="writer")
    user.groups.add(founding.zone_group(pages.port))
    return user


def allowed(user: User, page: Page) -> tuple[bool, bool]:
    """Whether somebody may change a page, and publish it."""
    held = page.permissions_for_user(User.objects.get(pk=user.pk))
    return held.can_edit(), held.can_publish()


def test_a_zones_editor_changes_that_zone_in_each_language_and_publishes_nothing(pages: Pages, writer: User) -> None:
    for own in (pages.port, pages.article, pages.offer, pages.port_en, pages.article_en):
        assert allowed(writer, own) == (True, False), own
    for other in (pages.park, pages.other, pages.draft):
        assert allowed(writer, other) == (False, False), other


def test_a_moderator_publishes_anywhere(pages: Pages) -> None:
    user = User.objects.create(username="moderator")
    user.groups.add(Group.objects.get(name=founding.MODERATORS))
    assert {allowed(user, page) for page in (pages.port, pages.other, pages.article_en)} == {(True, True)}


def test_another_zones_page_cannot_be_opened_in_the_editor(pages: Pages, writer: User) -> None:
    client = Client()
    client.force_login(writer)
    assert client.get(f"/editors/pages/{pages.article.pk}/edit/").status_code == 200
    assert client.get(f"/editors/pages/{pages.other.pk}/edit/").status_code == 302
    assert client.get("/")["Location"] == "/editors/"  # whoever has these rights only is led there


def test_what_an_editor_submits_waits_for_a_moderator_and_then_is_public(pages: Pages, writer: User) -> None:
    page = Article.objects.get(pk=pages.article.pk)
    page.title = "改过的标题"
    revision = page.save_revision(user=writer)
    workflow = page.get_workflow()
    state = workflow.start(page, writer)
    assert "改过的标题" not in Client().get(page.url).content.decode()
    moderator = User.objects.create(username="moderator")
    moderator.groups.add(Group.objects.get(name=founding.MODERATORS))
    task = state.current_task_state
    assert task.task.specific.user_can_access_editor(page, moderator)
    assert [name for name, *_ in task.task.specific.get_actions(page, writer)] == []
    task.approve(user=moderator)
    assert "改过的标题" in Client().get(page.url).content.decode()
    assert Article.objects.get(pk=page.pk).live_revision_id == revision.pk


def test_rights_are_given_on_the_desk_and_recorded(pages: Pages, settings: Any) -> None:
    chief = person("chief", Grant.Role.ADMINISTRATOR)
    someone = User.objects.create(username="someone")
    group = founding.zone_group(pages.park)
    client = just_signed_in(chief, settings)
    assert client.post("/people/editors/", {"act": "add", "group": group.pk, "user": "someone"}).status_code == 302
    assert allowed(someone, pages.other) == (True, False)
    assert "someone" in client.get("/people/editors/").content.decode()
    assert client.post("/people/editors/", {"act": "remove", "group": group.pk, "user": "someone"}).status_code == 302
    assert allowed(someone, pages.other) == (False, False)
    assert client.post("/people/editors/", {"act": "add", "group": group.pk, "user": "nobody"}).status_code == 400
    told = list(Access.objects.filter(what__contains="门户编辑").order_by("pk").values_list("act", flat=True))
    assert told == [Access.Act.GRANT, Access.Act.REVOKE]


def test_whoever_does_not_decide_about_everybody_does_not_decide_about_editors(pages: Pages) -> None:
    client = Client()
    client.force_login(person("auditor", Grant.Role.AUDITOR))
    assert client.get("/people/editors/").status_code == 403
    client.force_login(User.objects.create(username="nothing"))
    assert client.get("/people/editors/").status_code == 404
    assert Client().get("/people/editors/")["Location"].startswith("/sign-in/")
