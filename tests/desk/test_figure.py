"""The page of one figure."""

from __future__ import annotations

from datetime import date

import pytest

from lianqiao.agreements.models import OpeningBalance
from lianqiao.core.periods import Period
from lianqiao.desk import postings
from lianqiao.fields.funds.models import Receipt
from lianqiao.fields.projects.models import Project
from lianqiao.journal.figures import known_at
from lianqiao.ledger import evidence
from tests.desk.conftest import Reader, queries
from tests.world import EVER, UNTIL, World, approved, revised, stay, told, visit

VISITORS = "visits.person_times"


def address(world: World, code: str = VISITORS, period: Period = EVER) -> str:
    return told(code, world.county, period).address


def test_the_page_shows_the_figure_its_definition_parts_and_postings(world: World, read: Reader) -> None:
    approved(
        world, visit(world.county, people=1200), visit(world.town, people=13, direction="西部赴东部", purpose="回访")
    )
    page = read(world.auditor).get(address(world))
    text = page.content.decode()
    assert page.status_code == 200
    assert '<p class="big">1,213<span>人次</span></p>' in text
    assert "一次出访的人数计为人次" in text
    assert "不是人数，未去重" in text
    for code, value in ((f"{VISITORS}.to_west", "1,200"), (f"{VISITORS}.to_east", "13")):
        assert f'<a class="f" href="{address(world, code)}">{value}</a>' in text
    assert f'<link rel="canonical" href="{address(world)}">' in text
    assert "/ledgers/visits/HF-2021-0001/" in text
    assert "/ledgers/visits/HF-2021-0002/" in text


def test_without_a_transaction_the_page_shows_what_is_known_now(world: World, read: Reader) -> None:
    approved(world, visit(world.county, people=20))
    page = read(world.auditor).get(address(world).partition("@")[0])
    assert f'<link rel="canonical" href="{address(world)}">' in page.content.decode()


def test_a_past_transaction_shows_what_was_known_then_and_what_it_is_today(world: World, read: Reader) -> None:
    (row,) = approved(world, visit(world.county, people=20))
    then = address(world)
    revised(world, row, people=25)
    text = read(world.auditor).get(then).content.decode()
    assert '<p class="big">20<span>' in text
    assert f'<a class="f" href="{address(world)}">25</a>' in text
    assert "今日再看" in text


def test_a_total_without_rows_says_so(world: World, read: Reader) -> None:
    approved(
        world,
        OpeningBalance(node=world.county, measure="talent.total", until=date(2018, 12, 31), value=9, source="示例"),
    )
    text = read(world.auditor).get(address(world, "talent.total")).content.decode()
    assert "无明细" in text
    assert "未去重" in text


def test_parts_that_do_not_reach_the_whole_leave_a_rest(world: World, read: Reader) -> None:
    approved(world, visit(world.county, people=20))
    approved(
        world, OpeningBalance(node=world.county, measure=VISITORS, until=date(2018, 12, 31), value=7, source="示例")
    )
    assert '未分到项</th><td class="n">7</td>' in read(world.auditor).get(address(world)).content.decode()


def test_a_ratio_opens_to_its_numerator_and_denominator(world: World, read: Reader) -> None:
    shared = {
        "node": world.county,
        "name": "示例",
        "kind": "产业发展",
        "approved_on": date(2020, 3, 1),
        "planned_aid": 100,
    }
    approved(world, Project(code="SL-1", completed_on=date(2021, 1, 9), **shared), Project(code="SL-2", **shared))
    text = read(world.auditor).get(address(world, "projects.completion_rate")).content.decode()
    assert '<p class="big">50.00<span>%</span></p>' in text
    assert f'href="{address(world, "projects.completed")}">1</a>' in text
    assert f'href="{address(world, "projects.count")}">2</a>' in text


def test_what_was_never_posted_is_no_zero(world: World, read: Reader) -> None:
    text = read(world.auditor).get(address(world)).content.decode()
    assert '<p class="big">—<span>' in text
    assert "没有数，不等于零" in text


def test_a_union_of_nodes_is_one_figure(world: World, read: Reader) -> None:
    approved(world, visit(world.town, people=3), visit(world.other_town, people=4, purpose="其他"))
    both = f"/figures/{VISITORS}/{world.town.number}+{world.other_town.number}/{EVER.address}"
    page = read(world.auditor).get(both)
    assert '<p class="big">7<span>' in page.content.decode()


def test_money_is_in_ten_thousands_unless_the_reader_wants_yuan(world: World, read: Reader) -> None:
    approved(world, Receipt(node=world.county, received_on=date(2021, 3, 1), source="省级财政", amount=1_234_567_00))
    told_address = address(world, "funds.fiscal")
    assert "123.46<span>万元</span>" in read(world.auditor).get(told_address).content.decode()
    assert "1,234,567.00<span>元</span>" in read(world.auditor, lq_money="yuan").get(told_address).content.decode()


def test_older_postings_are_on_the_next_page(world: World, read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "SIZE", 2)
    approved(world, *(visit(world.county, date(2021, 1, n), n, purpose=f"示例{n}") for n in range(1, 6)))
    client = read(world.auditor)
    text = client.get(address(world)).content.decode()
    assert "?before=2021-01-04." in text
    assert "3 条" in text
    mark = text.partition("?before=")[2].partition('"')[0]
    older = client.get(f"{address(world)}?before={mark}").content.decode()
    assert "2021-01-03" in older
    assert "2021-01-05" not in older


@pytest.mark.parametrize("code", [VISITORS, "talent.total"])
def test_the_page_costs_the_same_with_5_and_with_200_rows(world: World, read: Reader, code: str) -> None:
    client, costs = read(world.auditor), []
    for rows in (5, 200):
        approved(world, *(visit(world.county, date(2021, 3, 1), purpose=f"示例{n}") for n in range(rows)))
        approved(world, *(stay(world.county, date(2021, 3, 1), f"9900001980010{n:05}") for n in range(rows)))
        costs.append(queries(client, f"/figures/{code}/{world.county.number}/{EVER.address}"))
    assert costs[0] == costs[1] < 40


@pytest.mark.parametrize(
    "bad",
    [
        "/figures/no.such/{county}/..2021-10-12",
        "/figures/visits.batches/jd-9999/..2021-10-12",
        "/figures/visits.batches/{county}/..2021-13-12",
        "/figures/visits.batches/{county}/2021",
        "/figures/visits.batches/{county}/2021-10-12..2021-01-01",
        "/figures/visits.batches/{county}/..9999-12-31",
        "/figures/visits.batches/{county}/..0001-01-01",
        "/figures/visits.batches/{county}/..2021-10-12@999999",
        "/figures/visits.batches/{county}/..2021-10-12@x",
        "/figures/visits.batches/{county}/..2021-10-12@1@2",
        "/figures/visits.batches/{county}/..2021-10-12@99999999999999999999",
        "/figures/visits.batches/{county}+{town}/..2021-10-12",
        "/figures/visits.batches/{county}+{county}/..2021-10-12",
        "/figures/visits.batches/{county}/..2021-10-12?before=x",
        "/figures/visits.batches/{county}/..2021-10-12?before=2021-10-12.0",
        "/figures/visits.batches/{county}/..2021-10-12?before=1991-01-01.1",
    ],
)
def test_a_wrong_address_is_no_page(world: World, read: Reader, bad: str) -> None:
    approved(world, visit(world.county))
    wrong = bad.format(county=world.county.number, town=world.town.number)
    assert read(world.auditor).get(wrong).status_code == 404


def test_nothing_was_known_at_transaction_0(world: World, read: Reader) -> None:
    approved(world, visit(world.county))
    page = read(world.auditor).get(f"/figures/visits.batches/{world.county.number}/..{UNTIL}@0")
    assert page.status_code == 200
    assert '<p class="big">—<span>' in page.content.decode()
    assert known_at(0).number == 0


def test_a_leader_may_read_it(world: World, read: Reader) -> None:
    approved(world, visit(world.county))
    page = read(world.leader).get(address(world))
    assert page.status_code == 200
    assert "HF-2021-0001" not in page.content.decode()
    assert "不在可见范围" in page.content.decode()


def test_a_stranger_learns_nothing(world: World, read: Reader) -> None:
    assert read(world.stranger).get(address(world)).status_code == 404


def test_nobody_is_asked_to_sign_in(world: World, read: Reader) -> None:
    page = read().get(address(world))
    assert (page.status_code, page["Location"].partition("?")[0]) == (302, "/sign-in/")


def test_it_is_only_read(world: World, read: Reader) -> None:
    assert read(world.auditor).post(address(world)).status_code == 405


def test_a_posting_leads_to_its_row_its_evidence_and_its_history(world: World, read: Reader) -> None:
    piece = evidence.keep(b"%PDF figure", "通知.pdf", "通知")
    (row,) = approved(world, visit(world.county, people=20, evidence=[piece]))
    text = read(world.auditor).get(address(world)).content.decode()
    assert f'href="/evidence/{piece["sha256"]}/' in text
    assert f'href="/ledgers/visits/{row.number}/#h-hist"' in text
    assert "/evidence/" not in read(world.leader).get(address(world)).content.decode()


def test_a_row_leads_to_the_page_that_tells_what_became_of_it(world: World, read: Reader) -> None:
    (row,) = approved(world, visit(world.county, people=20))
    client = read(world.auditor)
    assert f'href="/visits/{row.number}/"' in client.get(f"/ledgers/visits/{row.number}/").content.decode()
    row_page = read(world.admin).get(f"/ledgers/pairings/{world.county.pairing.number}/").content.decode()
    assert f'href="/tree/{world.county.number}/"' in row_page
    (other,) = approved(world, stay(world.county, date(2021, 3, 1)))
    assert "看落实" not in client.get(f"/ledgers/secondments/{other.number}/").content.decode()
