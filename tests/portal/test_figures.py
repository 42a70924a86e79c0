"""Figures in public: fixed at a transaction, linked to a proof that stays, and said to have moved when the journal has."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from lianqiao.core.periods import Period
from lianqiao.core.units import unit
from lianqiao.journal.figures import known_at
from lianqiao.ledger import acts
from lianqiao.portal.publishing import fixing, telling
from lianqiao.portal.publishing.models import PublishedFigure, Quotation
from lianqiao.portal.publishing.refreshing import refresh
from tests.portal.published import YEAR, draft, figures_page, fixed, home, public_article, publish, quoting, visits
from tests.world import UNTIL, World, visit

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def proof(figure: PublishedFigure, language: str = "zh-hans") -> str:
    return f"/{language}{figure.address}"


def test_a_figure_is_fixed_once_at_a_transaction(world: World) -> None:
    visits(world)
    one, again = fixed(world), fixed(world)
    assert one == again
    assert (one.value, one.transaction, one.hash) == (3, known_at().number, known_at().hash)
    assert one.stated["unit"] == "批"


def test_what_was_never_counted_cannot_be_published(world: World) -> None:
    with pytest.raises(fixing.Missing):
        fixed(world, "visits.batches")
    assert not PublishedFigure.objects.exists()


def test_a_figure_stands_in_an_article_as_one_link_with_its_unit(world: World, client: Client) -> None:
    visits(world)
    one = fixed(world)
    page = public_article(quoting(one))
    body = client.get(page.url).content.decode()
    assert re.search(rf'<a class="fig" href="{re.escape(proof(one))}"[^>]*>3批</a>', body)


def test_a_later_entry_leaves_the_article_as_it_was_and_says_that_it_moved(world: World, client: Client) -> None:
    visits(world)
    one = fixed(world)
    page = public_article(quoting(one))
    visits(world, (5,))
    body = client.get(page.url).content.decode()
    assert re.search(r'<a class="fig moved"[^>]*>3批</a>', body)
    told = client.get(proof(one)).content.decode()
    assert "<b>3</b>批" in told
    assert "<b>4批</b>" in told


def test_an_entry_of_another_period_moves_nothing(world: World, client: Client) -> None:
    visits(world)
    page = public_article(quoting(fixed(world)))
    visits(world, (5,), date(2020, 5, 1))
    assert "moved" not in client.get(page.url).content.decode()


def test_the_list_under_an_article_gives_both_numbers(world: World, client: Client) -> None:
    visits(world)
    page = public_article(quoting(fixed(world), fixed(world, "visits.person_times")))
    visits(world, (5,))
    told = client.get(page.url).content.decode().partition('class="used"')[2]
    assert all(number in told for number in ("3批", "4批", "27人次", "32人次"))


def test_refreshing_writes_a_draft_and_leaves_what_is_public(world: World) -> None:
    visits(world)
    page = public_article(quoting(fixed(world)))
    visits(world, (5,))
    assert refresh(page.get_latest_revision_as_object(), world.admin) == 1
    assert "3批" in str(type(page).objects.get(pk=page.pk).body)
    assert "4批" in str(page.get_latest_revision_as_object().body)
    renewed = publish(page)
    assert "4批" in str(renewed.body)
    assert Quotation.objects.filter(page=page.pk, until=None).get().figure.value == 4
    assert Quotation.objects.filter(page=page.pk, until__isnull=False).get().figure.value == 3


def test_refreshing_the_page_of_figures_chooses_the_new_ones(world: World) -> None:
    visits(world)
    page = figures_page(fixed(world), by_year=True)
    visits(world, (5,))
    assert refresh(page.get_latest_revision_as_object(), world.admin) == 1
    (block,) = page.get_latest_revision_as_object().figures
    assert (block.value["figure"].value, block.value["by_year"]) == (4, True)


def test_only_what_a_page_in_public_quotes_can_be_reached(world: World, client: Client) -> None:
    visits(world)
    one, other = fixed(world), fixed(world, "visits.person_times")
    assert client.get(proof(one)).status_code == 404
    draft(quoting(one))
    assert client.get(proof(one)).status_code == 404
    public_article(quoting(one), "an-other")
    assert client.get(proof(one)).status_code == 200
    assert client.get(proof(other)).status_code == 404
    assert client.get(proof(one).replace("@", "@1")).status_code == 404


def test_a_proof_outlives_the_page_that_quoted_it(world: World, client: Client) -> None:
    visits(world)
    one = fixed(world)
    page = public_article(quoting(one))
    page.delete()
    told = client.get(proof(one))
    assert told.status_code == 200
    assert "示例新闻" not in told.content.decode()


def test_a_proof_says_what_it_is_and_nothing_of_its_entries(world: World, client: Client) -> None:
    visits(world, (6,))
    row = visit(world.county, UNTIL, 9, purpose="机密事由", leader="机密姓名")
    acts.approve(acts.create([row], world.admin), world.other_admin, despite_twins=True)
    one = fixed(world)
    public_article(quoting(one))
    for form in (client.get(proof(one)), client.get(f"{proof(one)}.json")):
        told = form.content.decode()
        assert "机密" not in told
        assert row.number not in told
        assert one.stated["definition"] in told
        assert one.hash[:4] in told


def test_a_proof_is_data_for_a_program(world: World, client: Client) -> None:
    visits(world)
    one = fixed(world)
    page = public_article(quoting(one))
    visits(world, (5,))
    told = client.get(f"{proof(one)}.json").json()
    assert client.get(proof(one), headers={"Accept": "application/json"}).json() == told
    assert (told["figure"]["value"], told["now"]["value"]) == (3, 4)
    assert [(one["by"], one["after"]) for one in told["changes"]] == [(1, 4)]
    assert told["quoted_in"][0]["title"] == page.title
    assert told["verify"] == f"lianqiao verify --head {one.transaction}:{one.hash}"
    assert told["verify"] in client.get(proof(one)).content.decode()


@pytest.mark.parametrize("by_year", [True, False])
def test_years_are_public_only_where_an_editor_said_so(world: World, client: Client, by_year: bool) -> None:
    visits(world)
    visits(world, (4, 7), date(2020, 5, 1))
    one = fixed(world, period=Period.cumulative(UNTIL))
    page = figures_page(one, by_year=by_year)
    told = client.get(page.url).content.decode()
    assert ('aria-label="逐年（批）：2020 2；2021 3"' in told) == by_year
    assert ('<th scope="row">2020</th>' in client.get(proof(one)).content.decode()) == by_year
    assert (client.get(f"{proof(one)}.json").json()["figure"]["by_year"] is not None) == by_year


def test_the_page_of_figures_gives_each_with_its_definition(world: World, client: Client) -> None:
    visits(world)
    one = fixed(world)
    told = client.get(figures_page(one).url).content.decode()
    assert one.stated["definition"] in told
    assert '3<span class="u">批</span>' in told


def test_in_english_the_number_stands_as_english_has_it(world: World, client: Client) -> None:
    visits(world)
    one = fixed(world)
    public_article(quoting(one))
    assert "<b>3</b>delegations" in client.get(proof(one, "en")).content.decode().replace("</b> ", "</b>")


@pytest.mark.parametrize(
    ("value", "name", "right", "wrong"),
    [
        (113_967_412_35, "元", ("1.14亿元", "11396.74万元", "11,396.74 万元", "CNY 113.97 million", "113967412.35元"),
         ("1.14万元", "1.15亿元", "1.14亿", "CNY 114 billion", "114")),
        (1213, "人次", ("1213人次", "1,213 人次", "1,213 person-times"), ("1,213人", "1,214人次", "12,13万人次")),
        (8409, "%", ("84.09%", "84.1%", "84%"), ("85%", "84.09")),
    ],
)  # fmt: skip
def test_a_text_may_round_but_not_change_a_figure(
    value: int, name: str, right: tuple[str, ...], wrong: tuple[str, ...]
) -> None:
    assert [text for text in right if not telling.says(text, value, unit(name))] == []
    assert [text for text in wrong if telling.says(text, value, unit(name))] == []


def test_the_front_page_is_given_the_first_figures(world: World) -> None:
    from lianqiao.portal.publishing.templatetags.figures import headline_figures

    visits(world)
    figures_page(fixed(world), fixed(world, "visits.person_times"))
    assert [one.told for one in headline_figures(1)] == ["3批"]
    assert home().url == "/zh-hans/"


def test_a_year_figure_keeps_its_period_in_words(world: World) -> None:
    visits(world)
    assert str(fixed(world)).startswith("互访批次 3批")
    assert fixed(world).span == f"{YEAR.address}@{known_at().number}"
