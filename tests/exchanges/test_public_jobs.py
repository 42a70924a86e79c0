"""Work in public: only what was passed and is not over; a seeker's own registration, once, with consent."""

from __future__ import annotations

import json
import re
import uuid
from datetime import date
from typing import Any

import pytest
from django.test import Client

from lianqiao.fields.employment.fairs import Fair
from lianqiao.fields.employment.pool import Seeker, Vacancy
from tests.exchanges.pool_rows import ANNA, employer, seeker, vacancy
from tests.world import World

JOBS, REGISTER = "/zh-hans/jobs/", "/zh-hans/jobs/register/"


def test_only_open_vacancies_that_are_not_over_are_shown(world: World, client: Client) -> None:
    of = employer(world)
    shown = vacancy(world, of, title="质检员")
    hidden = [
        vacancy(world, of, title="草稿工", state=Vacancy.State.DRAFT),
        vacancy(world, of, title="待审工", state=Vacancy.State.SUBMITTED),
        vacancy(world, of, title="过期工", until=date(2021, 12, 1)),
        vacancy(world, of, title="已满工", state=Vacancy.State.CLOSED),
    ]
    page = client.get(JOBS).content.decode()
    assert "质检员" in page
    assert not [one.title for one in hidden if one.title in page]
    assert [client.get(f"{JOBS}{one.number}/").status_code for one in (shown, *hidden)] == [200, 404, 404, 404, 404]


@pytest.mark.parametrize(
    ("asked", "found"), [("", 2), ("?place=永寿县", 1), ("?kind=包装", 1), ("?wage=600000", 1), ("?couples=1", 1), ("?fetched=1", 1)]
)  # fmt: skip
def test_vacancies_are_filtered(world: World, client: Client, asked: str, found: int) -> None:
    of = employer(world)
    vacancy(world, of)
    vacancy(world, of, kind="包装", place="永寿县", wage_to=700_000, couples=True, point_to_point=False)
    assert client.get(JOBS + asked).content.decode().count('class="n wage"') == found


def test_a_vacancy_is_told_to_machines_and_names_no_seeker(world: World, client: Client) -> None:
    seeker(world)
    held = vacancy(world, details="</script><b>计件</b>")
    page = client.get(f"{JOBS}{held.number}/").content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    told = json.loads(block)
    assert (told["@type"], told["validThrough"], told["baseSalary"]["value"]["maxValue"]) == (
        "JobPosting",
        "2021-12-31",
        5600,
    )
    assert told["description"] == "</script><b>计件</b>"
    assert "示例甲" not in page


def test_fairs_to_come_are_told(world: World, client: Client) -> None:
    for title, day in (("来年招聘会", date(2022, 1, 8)), ("去年招聘会", date(2020, 1, 8))):
        Fair.objects.create(node=world.county, title=title, held_on=day, mode="现场", place="县文化广场")
    page = client.get(JOBS).content.decode()
    assert ("来年招聘会" in page, "去年招聘会" in page) == (True, False)


def told(**more: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()), "name": "示例甲", "id_number": ANNA, "phone": "13900000001", "village": "示例村",
        "standing": "一般户", "schooling": "初中", "reach": "不限", "least_wage": "4000", "available_from": "2022-01-05",
        "consent": "on",
    } | more  # fmt: skip


def test_a_seeker_registers_himself_once_and_with_consent(world: World, client: Client) -> None:
    assert "要本人同意才能登记" in client.post(REGISTER, told(consent="")).content.decode()
    assert not Seeker.objects.exists()
    form = told()
    for _ in range(2):
        page = client.post(REGISTER, form, follow=True).content.decode()
    (held,) = Seeker.objects.all()
    assert (held.source, held.node, held.entered_by) == ("portal", world.county, None)
    assert held.number in page
    assert "示例甲" not in page


def test_a_machine_that_fills_every_box_is_thanked_and_forgotten(world: World, client: Client) -> None:
    assert client.post(REGISTER, told(website="x")).status_code == 302
    assert not Seeker.objects.exists()
