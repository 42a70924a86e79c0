"""The list of ledgers, and the rows of one."""

from __future__ import annotations

from datetime import date

import pytest

from lianqiao.agreements.models import Organisation
from lianqiao.desk.views import ledgers as view
from lianqiao.fields.funds.models import Receipt
from lianqiao.ledger import acts
from lianqiao.ledger.models import Entry
from lianqiao.ledger.registry import ledgers
from tests.desk.conftest import Reader, queries
from tests.world import World, approved, stay, visit

VISITS = "/ledgers/visits/"


@pytest.fixture
def rows(world: World) -> list[Entry]:
    """Two approved visits of 2021, one of 2020 at a town, one that waits and a draft."""
    kept = approved(
        world,
        visit(world.county, date(2021, 10, 12), 22, purpose="出席联席会议"),
        visit(world.county, date(2021, 3, 1), 8, purpose="对接就业", direction="西部赴东部"),
        visit(world.town, date(2020, 5, 6), 5, purpose="走访农户"),
    )
    waiting = acts.create([visit(world.county, date(2021, 11, 1), 100, purpose="待审的")], world.jingjiang)
    drafts = acts.create(
        [visit(world.county, date(2021, 11, 2), 1000, purpose="草稿的")], world.jingjiang, submit=False
    )
    return [*kept, *waiting, *drafts]


def numbers(text: str) -> list[str]:
    """The 编号 of the rows, in their order."""
    return [part.partition('"')[0].strip("/") for part in text.split('<td class="stick"><a href="/ledgers/visits/')[1:]]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", ["HF-2021-0004", "HF-2021-0003", "HF-2021-0001", "HF-2021-0002", "HF-2020-0001"]),
        ("?year=2021", ["HF-2021-0004", "HF-2021-0003", "HF-2021-0001", "HF-2021-0002"]),
        ("?state=approved", ["HF-2021-0001", "HF-2021-0002", "HF-2020-0001"]),
        ("?state=draft", ["HF-2021-0004"]),
        ("?node={town}", ["HF-2020-0001"]),
        ("?q=就业", ["HF-2021-0002"]),
        ("?q=hf-2020", ["HF-2020-0001"]),
        ("?sort=people&state=approved", ["HF-2020-0001", "HF-2021-0002", "HF-2021-0001"]),
        ("?sort=-people&state=approved", ["HF-2021-0001", "HF-2021-0002", "HF-2020-0001"]),
        ("?year=2021&state=approved&q=会议", ["HF-2021-0001"]),
    ],
)
def test_rows_are_filtered_and_sorted(
    world: World, read: Reader, rows: list[Entry], query: str, told: list[str]
) -> None:
    page = read(world.auditor).get(VISITS + query.format(town=world.town.number))
    assert page.status_code == 200
    assert numbers(page.content.decode()) == told


def test_sums_are_of_what_is_filtered_and_of_what_is_approved(world: World, read: Reader, rows: list[Entry]) -> None:
    page = read(world.auditor).get(f"{VISITS}?year=2021")
    filtered, counted = page.context["sums"]
    at = [column.name for column in page.context["columns"]].index("people")
    assert (filtered.rows, filtered.cells[at], counted.rows, counted.cells[at]) == (4, "1,130", 2, "30")


def test_years_of_a_column_are_not_added_up(world: World, read: Reader) -> None:
    approved(
        world, Receipt(node=world.county, received_on=date(2021, 3, 1), source="省级财政", amount=50_000_00, year=2021)
    )
    page = read(world.auditor).get("/ledgers/receipts/")
    sums = dict(zip((column.name for column in page.context["columns"]), page.context["sums"][0].cells, strict=True))
    assert (sums["amount"], sums["year"]) == ("5.00", "")
    assert ">2021<" in page.content.decode()


def test_more_than_a_page_of_rows_is_paged(world: World, read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "SIZE", 2)
    approved(world, *(visit(world.county, date(2021, 1, n), purpose=f"示例{n}") for n in range(1, 6)))
    client = read(world.auditor)
    first, last = (client.get(f"{VISITS}?page={n}").content.decode() for n in (1, 3))
    assert (numbers(first), numbers(last)) == (["HF-2021-0005", "HF-2021-0004"], ["HF-2021-0001"])
    assert "第 1 页，共 3 页" in first
    assert '?page=2" rel="next"' in first


def test_protected_values_are_masked(world: World, read: Reader) -> None:
    approved(world, stay(world.county, date(2021, 3, 1), "990000198001010012"))
    text = read(world.auditor).get("/ledgers/secondments/").content.decode()
    assert "990000**********12" in text
    assert "990000198001010012" not in text


def test_a_filter_that_hides_everything_is_named(world: World, read: Reader, rows: list[Entry]) -> None:
    text = read(world.auditor).get(f"{VISITS}?q=没有的").content.decode()
    assert "没有符合条件的行" in text
    assert "“没有的”" in text


def test_what_people_wrote_is_never_markup(world: World, read: Reader) -> None:
    approved(world, visit(world.county, purpose="<script>alert(1)</script>"))
    client = read(world.auditor)
    for address in (VISITS, f"{VISITS}HF-2021-0001/", f"{VISITS}?q=<script>"):
        assert "<script>alert" not in client.get(address).content.decode()


def test_the_list_counts_rows_by_state(world: World, read: Reader, rows: list[Entry]) -> None:
    page = read(world.auditor).get("/ledgers/")
    counts = {one.ledger.code: one for _, held in page.context["groups"] for one in held}
    assert counts.keys() == ledgers().keys()
    assert dict(counts["visits"].by_state) == {"draft": 1, "submitted": 1, "approved": 3, "returned": 0, "void": 0}


def test_the_rows_of_no_node_are_only_for_whoever_sees_the_whole(world: World, read: Reader) -> None:
    made = acts.create([Organisation(name="示例单位", kind="企业", place="靖江市")], world.admin)
    assert "示例单位" not in read(world.auditor).get("/ledgers/organisations/").content.decode()
    assert "示例单位" in read(world.admin).get("/ledgers/organisations/").content.decode()
    assert read(world.auditor).get(f"/ledgers/organisations/{made[0].number}/").status_code == 404


def test_others_rows_are_not_listed(world: World, read: Reader, rows: list[Entry]) -> None:
    assert numbers(read(world.stranger).get(VISITS).content.decode()) == []


def test_the_page_costs_the_same_with_5_and_with_200_rows(world: World, read: Reader) -> None:
    client, costs = read(world.auditor), []
    for rows in (5, 200):
        approved(world, *(visit(world.county, date(2021, 3, 1), purpose=f"示例{n}") for n in range(rows)))
        costs.append(queries(client, VISITS))
    assert costs[0] == costs[1] < 40


@pytest.mark.parametrize(
    "bad",
    [
        "?year=x",
        "?year=12",
        "?state=gone",
        "?node=jd-9999",
        "?sort=password",
        "?page=0",
        "?page=99",
        "?page=x",
        "?sort=id_number",
    ],
)
def test_a_wrong_query_is_no_page(world: World, read: Reader, rows: list[Entry], bad: str) -> None:
    assert read(world.auditor).get(VISITS + bad).status_code == 404


def test_a_ledger_that_there_is_not(world: World, read: Reader) -> None:
    assert read(world.auditor).get("/ledgers/nothing/").status_code == 404


def test_a_strangers_node_cannot_be_filtered_by(world: World, read: Reader) -> None:
    assert read(world.stranger).get(f"{VISITS}?node={world.county.number}").status_code == 404


@pytest.mark.parametrize("address", ["/ledgers/", VISITS])
def test_a_leader_is_told_that_his_role_does_not_show_rows(world: World, read: Reader, address: str) -> None:
    page = read(world.leader).get(address)
    assert page.status_code == 403
    assert "现有角色办不了这件事" in page.content.decode()


@pytest.mark.parametrize("address", ["/ledgers/", VISITS])
def test_they_are_only_read(world: World, read: Reader, address: str) -> None:
    assert read(world.auditor).post(address).status_code == 405


def test_what_waits_is_filtered_with_the_revisions_that_do(world: World, read: Reader, rows: list[Entry]) -> None:
    (row,) = approved(world, visit(world.county, date(2021, 7, 1)))
    acts.revise(row, {"people": 1}, world.jingjiang, "更正")
    shown = read(world.yongshou).get(f"{VISITS}?state=waiting").context["lines"]
    assert row.number in [entry.number for entry, _ in shown]
    assert {entry.state for entry, _ in shown} == {"approved", "submitted"}


def test_rows_are_filtered_by_what_the_partner_says(world: World, read: Reader, rows: list[Entry]) -> None:
    confirmed, objected = approved(world, visit(world.county, date(2021, 7, 1)), visit(world.county, date(2021, 7, 2)))
    acts.confirm([confirmed], world.yongshou)
    acts.object_to([objected], world.yongshou, "不同")
    client = read(world.auditor)
    for partner, row in (("confirmed", confirmed), ("objected", objected)):
        shown = client.get(f"{VISITS}?partner={partner}").context["lines"]
        assert [entry.number for entry, _ in shown] == [row.number]
    assert client.get(f"{VISITS}?partner=nobody").status_code == 404


def test_a_list_that_can_be_acted_on_costs_no_more_queries_with_its_rows(world: World, read: Reader) -> None:
    approved(world, visit(world.county))
    client = read(world.yongshou)
    one = queries(client, VISITS)
    approved(world, *(visit(world.county, date(2021, 2, n), purpose=f"示例{n}") for n in range(1, 20)))
    assert queries(client, VISITS) == one
