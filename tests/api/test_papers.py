"""Returns and documents as a program reads them, and a document written from a template."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

from lianqiao.briefings import drafting, returns
from lianqiao.briefings.models import Briefing, Duty, Kind, Template
from lianqiao.core.periods import Period
from lianqiao.ledger import evidence
from lianqiao.people.models import Access
from tests.api.conftest import Caller
from tests.api.test_api import HERE, answer, posted
from tests.briefings.templates import body, template
from tests.world import World, approved, visit

pytestmark = pytest.mark.data
MARCH = Period.month(2021, 3)


@pytest.fixture
def owed(world: World) -> World:
    """Returns of every month from March to September 2021; in March a visit of nine people, filled and questioned."""
    approved(world, visit(world.county, date(2021, 2, 9), 4, purpose="示例二月"), visit(world.county, MARCH.until, 9))
    Duty.objects.create(node=world.county, kind=Kind.MONTH, days=5, since=date(2021, 3, 1), until=date(2021, 9, 30))
    filled = returns.fill(world.county, Kind.MONTH, MARCH, world.jingjiang)
    returns.ask(filled, "为何多？", world.yongshou, "visits.person_times")
    return world


@pytest.fixture
def own(world: World) -> Template:
    approved(world, visit(world.county, people=9))
    source = template("双方互访{{ 互访人次 }}。", '{{ 文("下一步", "照协议办。") }}')
    return drafting.bring(world.county, "示例模板", source, world.jingjiang)


def sent(client: Client, address: str, given: Any, status: int = 200) -> Any:
    response = client.post(f"{HERE}/{address}", json.dumps(given), content_type="application/json")
    assert response.status_code == status, response.content
    return response


# Returns ---------------------------------------------------------------------------------------------------------------


def test_what_is_owed_is_told_with_how_far_it_is(owed: World, calling: Caller) -> None:
    client = calling(owed.leader)
    told = answer(client, "returns?year=2021&kind=month")
    assert [one["title"] for one in told][::6] == ["2021年9月月报", "2021年3月月报"]
    assert {one["state"] for one in told[:-1]} == {"due"}
    march = told[-1]
    assert (march["state"], march["version"], march["due"]) == ("questioned", 1, "2021-04-05")
    assert march["address"] == f"/returns/{owed.county.number}/month/2021-03-31/"
    assert answer(client, "returns?kind=year") == answer(client, "returns?year=2020") == []


def test_a_return_is_read_with_its_figures_and_questions(owed: World, calling: Caller) -> None:
    told = answer(calling(owed.leader), f"returns/{owed.county.number}/month/2021-03-31")
    (line,) = [one for one in told["lines"] if one["measure"] == "visits.person_times"]
    assert [line[name] for name in ("now", "last", "last_year", "year", "ever", "target")] == [9, 4, 0, 13, 13, None]
    assert line["address"].startswith(f"/figures/visits.person_times/{owed.county.number}/2021-03-01..2021-03-31@")
    asked = {"kind": "asked", "measure": "visits.person_times", "text": "为何多？", "answer": ""}
    assert (told["questions"], told["versions"]) == ([asked], [1])


def test_a_return_that_nobody_filled_has_no_figures(owed: World, calling: Caller) -> None:
    client, where = calling(owed.leader), f"returns/{owed.county.number}/month"
    told = answer(client, f"{where}/2021-04-30")
    assert (told["state"], told["lines"], told["versions"]) == ("due", [], [])
    for nothing in ("2021-04-30?version=1", "2021-04-29", "2020-04-30", "soon"):
        answer(client, f"{where}/{nothing}", 404)


# Templates and what is written from them -------------------------------------------------------------------------------


def test_templates_are_listed_and_tell_the_words_that_they_ask_for(
    world: World, own: Template, calling: Caller
) -> None:
    client = calling(world.jingjiang)
    assert [one["code"] for one in answer(client, "templates")][-2:] == ["public-summary", own.code]
    told = answer(client, f"templates/{own.code}")
    assert (told["name"], told["node"], told["words"]) == ("示例模板", world.county.number, {"下一步": "照协议办。"})
    answer(client, "templates/own-0", 404)
    answer(calling(world.stranger), f"templates/{own.code}", 404)


def test_a_document_is_written_as_a_file_and_not_kept(world: World, own: Template, calling: Caller) -> None:
    client, given = calling(world.jingjiang), {"node": world.county.number, "until": "2021-10-12"}
    response = sent(client, f"templates/{own.code}/document", given | {"words": {"下一步": "先办易事。"}})
    assert {"双方互访9人次。", "先办易事。"} <= set(body(response.content))
    assert "2021-10-12" in response.headers["Content-Disposition"]
    assert not Briefing.objects.exists()
    line = Access.objects.filter(act=Access.Act.EXPORT).get()
    assert (line.by, line.count) == (world.jingjiang.username, 1)


@pytest.mark.parametrize(("kind", "begins"), [("docx", b"PK"), ("xlsx", b"PK"), ("pdf", b"%PDF"), ("html", b"<!")])
def test_it_is_written_in_every_format(world: World, own: Template, calling: Caller, kind: str, begins: bytes) -> None:
    given = {"node": world.county.number, "format": kind}
    response = sent(calling(world.jingjiang), f"templates/{own.code}/document", given)
    assert response.content.startswith(begins)


def test_a_past_moment_is_written_as_it_was(world: World, own: Template, calling: Caller) -> None:
    given = {"node": world.county.number, "known_at": "1990-01-01"}
    told = posted(calling(world.jingjiang), f"templates/{own.code}/document", given, 400)
    assert "互访人次" in told["error"]["fields"][0]["why"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"from": "2021-02-01", "until": "2021-01-01"}, "from"),
        ({"known_at": "yesterday"}, "known_at"),
        ({"format": "odt"}, "given.format"),
        ({"words": {"不存在": "x"}}, "words"),
        ({"words": {"下一步": "请打 13912345678"}}, "words"),
    ],
)
def test_what_is_wrong_with_it_is_told(
    world: World, own: Template, calling: Caller, wrong: dict[str, Any], field: str
) -> None:
    given = {"node": world.county.number} | wrong
    told = posted(calling(world.jingjiang), f"templates/{own.code}/document", given, 400)
    assert [one["field"] for one in told["error"]["fields"]] == [field]


def test_who_may_only_read_writes_nothing(world: World, own: Template, calling: Caller) -> None:
    posted(calling(world.leader), f"templates/{own.code}/document", {"node": world.county.number}, 403)


# Documents on the desk -------------------------------------------------------------------------------------------------


@pytest.fixture
def draft(world: World, own: Template) -> Briefing:
    return drafting.begin(world.county, own, "示例汇报", world.jingjiang, None, date(2021, 10, 12))


def test_a_draft_is_for_the_office_and_an_archived_document_for_who_reads_figures(
    world: World, draft: Briefing, calling: Caller
) -> None:
    office, leader = calling(world.jingjiang), calling(world.leader)
    assert answer(leader, "documents") == []
    assert [one["state"] for one in answer(office, f"documents?node={world.county.number}")] == ["draft"]
    drafting.sign(draft, world.yongshou)
    (told,) = answer(leader, "documents")
    assert (told["id"], told["state"], told["sha256"]) == (draft.pk, "archived", draft.evidence[0]["sha256"])
    answer(calling(world.stranger), f"documents/{draft.pk}", 404)


def test_a_document_tells_its_numbers_with_their_figures(world: World, draft: Briefing, calling: Caller) -> None:
    told = answer(calling(world.jingjiang), f"documents/{draft.pk}")
    assert told["numbers"] == [
        {
            "text": "9人次",
            "measure": "visits.person_times",
            "node": world.county.number,
            "period": "..2021-10-12",
            "change": "",
        }
    ]


def test_its_file_is_the_one_that_was_archived_and_leaves_with_a_key_only(
    world: World, draft: Briefing, calling: Caller
) -> None:
    drafting.sign(draft, world.yongshou)
    response = calling(world.leader).get(f"{HERE}/documents/{draft.pk}/docx")
    assert response.content == evidence.path_of(draft.evidence[0]["sha256"]).read_bytes()
    assert Access.objects.filter(act=Access.Act.EXPORT, by=world.leader.username).exists()
    answer(calling(world.leader), f"documents/{draft.pk}/odt", 404)
    session = Client()
    session.force_login(world.leader)
    answer(session, f"documents/{draft.pk}", 200)
    answer(session, f"documents/{draft.pk}/docx", 401)
