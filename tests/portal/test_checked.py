"""No false number is published: every door by which a page can go public, tried with a number that the journal contradicts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import Workflow, WorkflowState

from lianqiao.people.models import Grant, User
from lianqiao.portal.models import Article, StandardPage
from lianqiao.portal.publishing import checking
from lianqiao.portal.publishing.checking import NumbersDiffer
from lianqiao.portal.publishing.models import PageCheck
from tests.portal.published import RIGHT, WRONG, draft, fixed, home, public_article, publish, quoting, rich, visits
from tests.world import World, person

pytestmark = [pytest.mark.django_db, pytest.mark.data]
LOGIN = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def journal(world: World) -> World:
    visits(world)
    return world


@pytest.fixture
def chief(world: World) -> User:
    """A coordinator who is also allowed everything in Wagtail."""
    made = person("chief", Grant.Role.COORDINATOR)
    made.is_superuser = True
    made.save()
    return made


@pytest.fixture
def editor(world: World) -> User:
    """Allowed everything in Wagtail, but no coordinator."""
    made = person("editor", Grant.Role.FILLER)
    made.is_superuser = True
    made.save()
    return made


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def form(page: Article, html: str, **action: str) -> dict[str, Any]:
    """What the editor's form sends: one paragraph of rich text."""
    import json

    from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

    from lianqiao.portal.blocks import FEATURES

    value = ContentstateConverter(FEATURES).from_database_format(html)
    assert json.loads(value)["blocks"]
    return {
        "title": page.title, "slug": page.slug, "section": "words", "dated": "2021-10-12", "city": "", "source": "",
        "issuer": "", "summary": "示例摘要。", "picture": "", "caption": "", "checked_against": "", "body-count": "1",
        "body-0-deleted": "", "body-0-order": "0", "body-0-type": "text", "body-0-id": "", "body-0-value": value,
        "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "seo_title": "", "search_description": "",
    } | action  # fmt: skip


def edit(client: Client, page: Article, html: str, **action: str) -> Any:
    return client.post(f"/editors/pages/{page.pk}/edit/", form(page, html, **action), follow=True)


def latest(page: Article) -> Article:
    """The page's latest draft, as the database has it."""
    found = Article.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert isinstance(found, Article)
    return found


def live(page: Article) -> bool:
    return Article.objects.get(pk=page.pk).live


# Doors -----------------------------------------------------------------------------------------------------------------


def test_a_page_whose_numbers_are_right_goes_public(journal: World) -> None:
    page = public_article(RIGHT)
    assert page.live
    check = PageCheck.objects.get(page=page.pk)
    assert [one["quote"] for one in check.result if one["verdict"] == "borne out"] == ["3批", "27人次"]
    assert (check.revision, check.released is not None) == (page.live_revision_id, True)


def test_publishing_a_wrong_number_is_refused(journal: World) -> None:
    page = draft(WRONG)
    with pytest.raises(NumbersDiffer) as refused:
        publish(page)
    assert [one["quote"] for one in refused.value.check.blocking] == ["4批"]
    assert not live(page)


def test_wagtails_own_act_is_refused_too(journal: World) -> None:
    page = draft(WRONG)
    with pytest.raises(NumbersDiffer):
        PublishPageRevisionAction(page.get_latest_revision()).execute()
    assert not live(page)


def test_saving_a_live_page_is_refused_too(journal: World) -> None:
    page = public_article(RIGHT)
    page.body = [("text", rich(WRONG))]
    with pytest.raises(NumbersDiffer):
        page.save()
    with pytest.raises(NumbersDiffer):
        draft(RIGHT, "an-other").get_parent().add_child(
            instance=Article(
                title="直接上线", slug="zhi-jie", dated=page.dated, body=[("text", rich(WRONG))], live=True
            )
        )
    assert "3批" in str(Article.objects.get(pk=page.pk).body)


def test_the_title_counts_as_text(journal: World) -> None:
    with pytest.raises(NumbersDiffer):
        public_article(RIGHT, title="今年以来两地互访4批")


def test_a_page_of_text_is_held_too(journal: World) -> None:
    page = StandardPage(title="示例", slug="li-zi", live=False, body=[("text", rich("<p>2021年，两地互访4批。</p>"))])
    home().add_child(instance=page)
    page.save_revision()
    with pytest.raises(NumbersDiffer):
        publish(page)


def test_the_button_says_which_number_and_where_to_look(journal: World, client: Client, editor: User) -> None:
    page = draft(RIGHT)
    answer = edit(signed_in(client, editor), page, WRONG, **{"action-publish": "1"})
    check = PageCheck.objects.get(page=page.pk)
    told = answer.content.decode()
    assert "4批" in told
    assert f"/editors/checks/{check.pk}/" in told
    assert not live(page)


def test_the_button_publishes_what_is_right(journal: World, client: Client, editor: User) -> None:
    page = draft(WRONG)
    edit(signed_in(client, editor), page, RIGHT, **{"action-publish": "1"})
    assert live(page)


def test_a_draft_may_be_saved_with_any_number(journal: World, client: Client, editor: User) -> None:
    page = draft(RIGHT)
    edit(signed_in(client, editor), page, WRONG)
    assert "4批" in str(latest(page).body)
    assert not live(page)


def test_submitting_is_refused_at_the_form(journal: World, client: Client, editor: User) -> None:
    page = draft(RIGHT)
    told = edit(signed_in(client, editor), page, WRONG, **{"action-submit": "1"}).content.decode()
    assert "4批" in told
    assert not WorkflowState.objects.exists()


def test_submitting_is_refused_at_the_row(journal: World, editor: User) -> None:
    page = draft(WRONG)
    with pytest.raises(NumbersDiffer):
        Workflow.objects.get().start(page, editor)


def test_approving_is_refused_when_the_journal_has_moved_meanwhile(
    journal: World, client: Client, editor: User
) -> None:
    page = draft(RIGHT)
    state = Workflow.objects.get().start(page, editor)
    visits(journal, (5,))
    task = state.current_task_state
    address = f"/editors/pages/workflow/action/{page.pk}/approve/{task.pk}/"
    answer = signed_in(client, editor).post(address, {"comment": ""}, follow=True)
    check = PageCheck.objects.filter(page=page.pk).first()
    assert check is not None
    assert [one["quote"] for one in check.blocking] == ["3批", "27人次"]
    assert answer.redirect_chain[-1][0] == f"/editors/checks/{check.pk}/"
    assert not live(page)


def test_the_scheduler_leaves_a_wrong_page_as_a_draft_and_goes_on(journal: World) -> None:
    wrong, right = (due(draft(RIGHT, slug)) for slug in ("yi", "er"))
    visits(journal, (5,))
    right.body = [("text", rich("<p>示例。</p>"))]
    due(right)
    later = timezone.now() + timedelta(hours=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: later)
        call_command("publish_scheduled")
    assert (live(wrong), live(right)) == (False, True)
    assert latest(wrong).latest_revision.approved_go_live_at is None
    check = PageCheck.objects.filter(page=wrong.pk).first()
    assert check is not None
    assert not check.passes


def due(page: Article) -> Article:
    """The page with its latest draft to go live in an hour."""
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()
    return page


def test_scheduling_is_refused_at_once(journal: World) -> None:
    page = draft(WRONG)
    page.go_live_at = timezone.now() + timedelta(hours=1)
    with pytest.raises(NumbersDiffer):
        page.save_revision().publish()
    assert page.get_latest_revision().approved_go_live_at is None


def test_publishing_many_at_once_is_refused(journal: World, client: Client, editor: User) -> None:
    page = draft(WRONG)
    address = f"/editors/bulk/wagtailcore/page/publish/?id={page.pk}"
    answer = signed_in(client, editor).post(address, {}, follow=True)
    assert "/editors/checks/" in answer.redirect_chain[-1][0]
    assert not live(page)


def test_a_copy_that_would_go_public_is_refused_where_the_journal_moved(journal: World) -> None:
    page = public_article(RIGHT)
    visits(journal, (5,))
    with pytest.raises(NumbersDiffer):
        page.copy(update_attrs={"slug": "fu-ben"}, keep_live=True)


def test_no_api_writes_pages(client: Client) -> None:
    for address in ("/open/v1/news", "/api/v1/news", "/open/v1/figures"):
        assert client.post(address, {"title": "示例"}).status_code in (401, 403, 404, 405)


# What does not count ---------------------------------------------------------------------------------------------------


def test_a_fixed_figure_stays_right_when_the_journal_moves(journal: World) -> None:
    page = public_article(quoting(fixed(journal)))
    visits(journal, (5,))
    page.summary = "改过的摘要。"
    page.save_revision()
    assert publish(page).summary == "改过的摘要。"


def test_a_figure_whose_number_was_changed_by_hand_is_refused(journal: World) -> None:
    one = fixed(journal)
    with pytest.raises(NumbersDiffer) as refused:
        public_article(quoting(one).replace("3批", "30批"))
    assert refused.value.check.blocking[0]["quote"] == "30批"


def test_a_figure_that_is_not_there_is_refused(journal: World) -> None:
    with pytest.raises(NumbersDiffer):
        public_article('<p>互访<a linktype="figure" id="999">3批</a>。</p>')


def test_a_page_in_public_may_be_moved_and_locked_though_the_journal_moved(journal: World) -> None:
    page = public_article(RIGHT)
    visits(journal, (5,))
    page.locked = True
    page.save()
    latest(page).save()
    assert live(page)


# Overruling ------------------------------------------------------------------------------------------------------------


def test_a_coordinator_overrules_with_a_reason_and_the_check_stays(journal: World, client: Client, chief: User) -> None:
    page = draft(WRONG)
    check = refused(page)
    answer = signed_in(client, chief).post(
        f"/editors/checks/{check.pk}/overrule/", {"why": "4批含尚未入账的一批"}, follow=True
    )
    assert "4批含尚未入账的一批" in answer.content.decode()
    published = publish(page)
    check.refresh_from_db()
    assert published.live
    assert (check.overruled_by, check.overruled_why) == (chief, "4批含尚未入账的一批")
    assert (check.page_id, check.released is not None) == (page.pk, True)


def test_no_reason_no_overruling(journal: World, client: Client, chief: User) -> None:
    check = refused(draft(WRONG))
    signed_in(client, chief).post(f"/editors/checks/{check.pk}/overrule/", {"why": " "})
    check.refresh_from_db()
    assert not check.passes


def test_an_editor_who_is_no_coordinator_cannot_overrule(journal: World, client: Client, editor: User) -> None:
    check = refused(draft(WRONG))
    address = f"/editors/checks/{check.pk}/"
    assert 'name="why"' not in signed_in(client, editor).get(address).content.decode()
    assert client.post(f"{address}overrule/", {"why": "示例"}).status_code in (302, 403)
    check.refresh_from_db()
    assert not check.passes


def test_overruling_one_number_lets_no_other_pass(journal: World, chief: User) -> None:
    page = draft(WRONG)
    checking.overrule(refused(page), chief, "示例")
    page.body = [("text", rich(WRONG.replace("27", "28")))]
    page.save_revision()
    with pytest.raises(NumbersDiffer):
        publish(page)


def test_overruling_lasts_only_as_long_as_the_journal_says_the_same(journal: World, chief: User) -> None:
    page = draft(WRONG)
    checking.overrule(refused(page), chief, "示例")
    visits(journal, (5, 6))
    with pytest.raises(NumbersDiffer):
        publish(page)


def refused(page: Article) -> PageCheck:
    with pytest.raises(NumbersDiffer) as told:
        publish(page)
    return checking.keep(told.value.check)


# The editors' pages ----------------------------------------------------------------------------------------------------


def test_the_editor_sees_each_number_beside_what_the_journal_says(journal: World, client: Client, editor: User) -> None:
    page = draft(WRONG)
    told = signed_in(client, editor).get(f"/editors/numbers/{page.pk}/").content.decode()
    assert "<mark" in told
    assert "文中4批，账本 3 批" in told
    assert not PageCheck.objects.exists()


def test_the_button_brings_figures_up_to_date(journal: World, client: Client, editor: User) -> None:
    page = public_article(quoting(fixed(journal)))
    visits(journal, (5,))
    assert "更新到最新" in signed_in(client, editor).get(f"/editors/numbers/{page.pk}/").content.decode()
    client.post(f"/editors/numbers/{page.pk}/latest/")
    assert "4批" in str(latest(page).body)


def test_an_editor_chooses_a_figure_by_measure_node_and_period(journal: World, client: Client, editor: User) -> None:
    given = {"measure": "visits.batches", "node": str(journal.county.pk), "start": "2021-01-01", "until": "2021-10-12"}
    prefixed = given | {f"create-{name}": value for name, value in given.items()}
    told = signed_in(client, editor).post("/editors/figure_chooser/create/", prefixed).json()
    assert (told["step"], told["result"]["told"]) == ("chosen", "3批")
    assert "3批" in client.get("/editors/figure_chooser/").json()["html"]


def test_nobody_fixes_figures_where_he_may_not_read_them(journal: World, client: Client) -> None:
    outside = person("outside", Grant.Role.FILLER, journal.elsewhere)
    outside.is_superuser = True
    outside.save()
    given = {"measure": "visits.batches", "node": str(journal.county.pk), "start": "", "until": "2021-10-12"}
    told = signed_in(client, outside).post("/editors/figure_chooser/create/", given).json()
    assert told["step"] == "reshow_creation_form"
    fixed(journal)
    assert "3批" not in client.get("/editors/figure_chooser/").json()["html"]


def test_strangers_see_no_editors_page(journal: World, client: Client) -> None:
    check = refused(draft(WRONG))
    for address in (f"/editors/checks/{check.pk}/", f"/editors/numbers/{check.page_id}/"):
        assert client.get(address).status_code == 302
