"""The pages of returns and typical cases, as each role reads and works them."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from django.test import Client

from lianqiao.briefings import returns
from lianqiao.briefings.models import Case, Duty, Kind, Return
from lianqiao.core.periods import Period
from lianqiao.fields.exchange.models import Visit
from lianqiao.ledger import acts
from lianqiao.people.models import Access, Grant, User
from tests.desk.conftest import Reader, just_signed_in, queries
from tests.world import World, approved, person, revised, visit

pytestmark = [pytest.mark.django_db, pytest.mark.data]
SEPTEMBER = Period.month(2021, 9)


@pytest.fixture
def signer(world: World) -> User:
    return person("signer", Grant.Role.COORDINATOR, world.county)


@pytest.fixture
def duty(world: World) -> Duty:
    approved(world, visit(world.county, date(2021, 9, 8), 9), visit(world.town, date(2021, 9, 15), 5, purpose="示例镇"))
    return Duty.objects.create(node=world.county, kind="month", days=5, since=date(2021, 9, 1), closes=False)


@pytest.fixture
def filled(world: World, duty: Duty) -> Return:
    return returns.fill(world.county, Kind.MONTH, SEPTEMBER, world.jingjiang)


def address(world: World, more: str = "") -> str:
    return f"/returns/{world.county.number}/month/2021-09-30/{more}"


def text(client: Client, where: str, status: int = 200) -> str:
    """What the page says, without its markup."""
    answer = client.get(where)
    assert answer.status_code == status
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def do(client: Client, world: World, what: str, **more: str) -> Any:
    return client.post(address(world, "act/"), {"do": what, **more})


def sent(world: World, one: Return, signer: User) -> Return:
    returns.review(one, world.yongshou)
    returns.sign(one, signer)
    return returns.send(one, signer)


# The calendar ----------------------------------------------------------------------------------------------------------


def test_the_calendar_says_what_is_due_and_who_comes_next(world: World, duty: Duty, read: Reader) -> None:
    page = text(read(world.jingjiang), "/returns/")
    assert "2021年9月月报 靖江市—永寿县 2021-10-05 逾 87 天 未填 填报" in page
    assert "2021年12月月报 靖江市—永寿县 2022-01-05 还 5 天 未填 填报" in page
    assert "未填 等填报" in text(read(world.yongshou), "/returns/")


def test_a_stranger_finds_no_duty_of_others(world: World, duty: Duty, read: Reader) -> None:
    assert "还没有报送安排" in text(read(world.stranger), "/returns/")
    assert read(world.stranger).get(address(world)).status_code == 404


def test_forty_duties_cost_no_more_queries_than_one(world: World, duty: Duty, read: Reader) -> None:
    client = read(world.admin)
    few = queries(client, "/returns/")
    for node in (world.town, world.other_town, world.prefecture):
        for kind in Kind.values:
            Duty.objects.create(node=node, kind=kind, days=5, since=date(2020, 1, 1))
    assert queries(client, "/returns/") == few


def test_a_duty_is_arranged_with_its_usual_days_and_stopped(world: World, signer: User, read: Reader) -> None:
    client, given = read(signer), {"node": world.county.pk, "kind": "quarter", "since": "2021-07-01"}
    assert client.post("/returns/duties/", given).status_code == 302
    made = Duty.objects.get()
    assert (made.days, made.closes) == (10, False)
    assert client.post("/returns/duties/", given).status_code == 400
    assert client.post("/returns/duties/", {"stop": made.pk}).status_code == 302
    assert Duty.objects.get().until == date(2021, 12, 31)
    assert client.post("/returns/duties/", {"stop": made.pk}).status_code == 404


def test_home_names_what_waits_for_whom(world: World, filled: Return, read: Reader) -> None:
    assert "报表到期 逾 87 天 2021年9月月报 靖江市—永寿县 审核" in text(read(world.yongshou), "/")
    assert "2021年9月月报" not in text(read(world.jingjiang), "/")
    assert "2021年10月月报" in text(read(world.jingjiang), "/")


# One return ------------------------------------------------------------------------------------------------------------


def test_what_is_not_owed_has_no_page(world: World, duty: Duty, read: Reader) -> None:
    client = read(world.jingjiang)
    wrong = ("month/2021-08-31", "month/2021-09-29", "week/2021-09-30", "quarter/2021-09-30")
    assert [client.get(f"/returns/{world.county.number}/{one}/").status_code for one in wrong] == [404] * 4
    assert client.get(address(world, "paper/")).status_code == 404  # not filled yet


def test_its_figures_open_at_its_transaction(world: World, filled: Return, read: Reader) -> None:
    approved(world, visit(world.county, date(2021, 9, 20), 3, purpose="示例补录"))
    client = read(world.leader)
    page = client.get(address(world)).content.decode()
    (where,) = re.findall(r'href="(/figures/visits.person_times/[^"]*2021-09-01\.\.2021-09-30@\d+)"', page)
    assert where.endswith(f"@{filled.transaction}")
    assert ">14<" in page
    assert "取数以后，账本又动了：互访批次、互访人次" in text(client, address(world))


def test_the_sum_of_the_levels_stands_below(world: World, filled: Return, read: Reader) -> None:
    page = text(read(world.leader), address(world))
    assert "互访人次 人次 5 0 9 14 相符" in page


def test_the_sealed_figures_are_proved(world: World, filled: Return, read: Reader) -> None:
    client = read(world.auditor)
    assert "封存的数与账本一致" in text(client, address(world, "?proof=1"))
    for line in filled.lines:
        line["now"] = 1
    filled.save()
    assert "封存的数与账本不一致" in text(client, address(world, "?proof=1"))


def test_answers_are_kept_and_a_refused_one_is_not_lost(world: World, filled: Return, read: Reader) -> None:
    asked = returns.ask(filled, "十四人里有没有陪同？", world.yongshou).questions.get()
    client, name = read(world.jingjiang), f"answer-{asked.pk}"
    refused = do(client, world, "answer", words="九月两批。", **{name: "联系 990000198001010017"})
    assert refused.status_code == 400
    assert "不能写身份证号" in refused.content.decode()
    assert "联系 990000198001010017" in refused.content.decode()
    assert do(client, world, "answer", words="九月两批。", **{name: "没有。"}).status_code == 302
    one = Return.objects.get()
    assert (one.state, one.words) == (Return.State.EXPLAINED, "九月两批。")


def test_the_wrong_step_is_refused_and_says_why(world: World, filled: Return, signer: User, read: Reader) -> None:
    assert "不能办这一步" in do(read(signer), world, "sign").content.decode()
    assert do(read(world.jingjiang), world, "review").status_code == 403
    assert do(read(world.leader), world, "refill").status_code == 403
    assert do(read(world.jingjiang), world, "bless").status_code == 404
    assert do(read(world.stranger), world, "refill").status_code == 404


def test_what_was_not_sent_is_dropped_by_who_may_fill_it(
    world: World, filled: Return, signer: User, read: Reader
) -> None:
    returns.ask(filled, "十四人里有没有陪同？", world.yongshou)
    assert "删去这一版…" not in text(read(world.yongshou), address(world))
    refused = [do(read(by), world, "drop").status_code for by in (world.stranger, world.leader, world.yongshou)]
    assert refused == [404, 403, 403]
    assert "删去这一版…" in text(read(world.jingjiang), address(world))
    assert do(read(world.jingjiang), world, "drop")["Location"] == address(world)
    assert "还没有填报" in text(read(world.jingjiang), address(world))
    again = returns.fill(world.county, Kind.MONTH, SEPTEMBER, world.jingjiang)
    sent(world, again, signer)
    assert "删去这一版…" not in text(read(world.jingjiang), address(world))
    assert "已经上报，不能删去" in do(read(world.jingjiang), world, "drop").content.decode()


def test_without_a_duty_nothing_is_left_of_what_is_dropped(world: World, filled: Return, read: Reader) -> None:
    Duty.objects.all().delete()
    assert do(read(world.jingjiang), world, "drop")["Location"] == "/returns/"


def test_a_correction_is_dropped_and_what_was_sent_stands(
    world: World, filled: Return, signer: User, read: Reader
) -> None:
    sent(world, filled, signer)
    approved(world, visit(world.county, date(2021, 9, 20), 3, purpose="示例补录"))
    returns.correct(filled, world.jingjiang, "补录一批")
    assert do(read(world.jingjiang), world, "drop").status_code == 302
    assert Return.objects.get().state == Return.State.SENT
    assert returns.correct(filled, world.jingjiang, "补录一批").version == 2


def test_who_filled_it_is_not_asked_to_pass_it(world: World, duty: Duty, read: Reader) -> None:
    returns.fill(world.county, Kind.MONTH, SEPTEMBER, world.admin)
    assert "填报与审核不能是同一人" in text(read(world.admin), address(world))
    assert "审核通过" in text(read(world.other_admin), address(world))


# Versions --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def corrected(world: World, filled: Return, signer: User) -> Return:
    """A second version after a row was revised and one came late; after it, another row that neither knows."""
    sent(world, filled, signer)
    revised(world, Visit.objects.get(people=9), people=7, why="签到表上七人")
    approved(world, visit(world.county, date(2021, 8, 20), 3, purpose="示例补录"))
    made = returns.correct(filled, world.jingjiang, "更正人数")
    sent(world, made, signer)
    approved(world, visit(world.county, date(2021, 9, 21), 50, purpose="示例再补"))
    return made


def test_two_versions_side_by_side_say_what_moved_between_them(world: World, corrected: Return, read: Reader) -> None:
    page = text(read(world.leader), address(world, "compare/"))
    assert "更正缘由：更正人数" in page
    assert re.search(r"互访人次 人次 14 12 14 15 14 15 \+1 补录：HF-2021-\d+ 示例补录", page)
    assert re.search(r"签到表上七人，HF-2021-\d+ −2", page)
    assert "示例再补" not in page


def test_an_earlier_version_is_still_what_was_sent(world: World, corrected: Return, read: Reader) -> None:
    page = text(read(world.leader), address(world, "?version=1"))
    assert "已更正" in page
    assert "这是第 1 版" in page
    assert re.search(r"互访人次 人次 14 0 \+14", page)
    assert read(world.leader).get(address(world, "?version=3")).status_code == 404


def test_what_moved_after_sending_asks_for_a_correction(world: World, corrected: Return, read: Reader) -> None:
    page = text(read(world.jingjiang), address(world))
    assert "上报以后，账本又动了：互访批次、互访人次" in page
    assert "报更正的一版" in page


# On paper and in Excel -------------------------------------------------------------------------------------------------


def test_on_paper_it_names_its_people_and_its_proof(world: World, corrected: Return, read: Reader) -> None:
    page = text(read(world.leader), address(world, "paper/"))
    assert "填报：jingjiang" in page
    assert "审核：yongshou 签发：signer 上报：20" in page
    assert f"#{corrected.transaction} {corrected.hash}" in page


def workbook(client: Client, where: str) -> tuple[Any, Any]:
    """The sheet with its formulas, and with the values that were kept for them."""
    answer = client.get(where)
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return tuple(openpyxl.load_workbook(BytesIO(content), data_only=kept).worksheets[0] for kept in (False, True))


@pytest.fixture
def fresh_client(world: World, settings: Any) -> Client:
    """yongshou, who has just signed in once more."""
    return just_signed_in(world.yongshou, settings)


def test_in_excel_totals_and_changes_are_formulas_of_their_cells(
    world: World, filled: Return, fresh_client: Client
) -> None:
    formulas, values = workbook(fresh_client, address(world, "book/"))
    at = {row[1].value.strip("　"): row[0].row for row in formulas.iter_rows(min_row=4)}
    whole, parts = (
        at["互访人次"],
        {cell.row for cell in formulas["B"] if cell.value in ("　东部赴西部", "　西部赴东部")},
    )
    formula = formulas.cell(whole, 4).value
    assert re.fullmatch(r"=(D\d+\+)*D\d+", formula)
    named = {int(row) for row in re.findall(r"D(\d+)", formula)}
    assert named <= parts
    assert sum(values.cell(row, 4).value for row in named) == values.cell(whole, 4).value == 14
    assert formulas.cell(whole, 6).value == f"=D{whole}-E{whole}"
    assert values.cell(whole, 6).value == 14
    line = Access.objects.get(act=Access.Act.EXPORT)
    assert (line.by, line.count) == ("yongshou", len(filled.lines))


def test_excel_asks_for_a_fresh_sign_in(world: World, filled: Return, read: Reader) -> None:
    answer = read(world.yongshou).get(address(world, "book/"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/again/")


# Typical cases ---------------------------------------------------------------------------------------------------------

CASE: dict[str, Any] = {
    "title": "五年互访（示例）", "level": "县级", "field": "组织领导", "as_of": date(2021, 9, 30), "source": "示例协作办",
    "text": "示例开头。\n九月里双方互访2批15人次。",
}  # fmt: skip


def test_a_case_is_in_the_library_once_it_is_approved(world: World, read: Reader) -> None:
    (case,) = acts.create([Case(node=world.county, **CASE)], world.jingjiang)
    assert "还没有典型案例" in text(read(world.leader), "/cases/")
    assert read(world.leader).get(f"/cases/{case.number}/").status_code == 404
    acts.approve([case], world.yongshou)
    assert "五年互访（示例）" in text(read(world.leader), "/cases/")
    assert read(world.stranger).get(f"/cases/{case.number}/").status_code == 404


def test_its_numbers_are_held_against_the_journal(world: World, duty: Duty, read: Reader) -> None:
    (case,) = approved(world, Case(node=world.county, **CASE))
    page = text(read(world.leader), f"/cases/{case.number}/")
    assert re.search(r"不符 1 .*相符 1", page)
    assert "互访批次" in page
    assert "14" in page  # what the journal has for the fifteen


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=互访 九月", 1),
        ("q=苹果", 0),
        ("level=县级", 1),
        ("level=国家级", 0),
        ("field=x", 0),
        ("year=2021", 1),
        ("year=2020", 0),
    ],
)
def test_the_library_is_searched_and_filtered(world: World, read: Reader, query: str, found: int) -> None:
    approved(world, Case(node=world.county, **CASE))
    page = text(read(world.leader), f"/cases/?{query}")
    assert f"{found} 篇" in page
    assert ("没有这样的案例" in page) is (found == 0)


def test_a_case_with_an_id_number_is_refused(world: World) -> None:
    wrong = Case(node=world.county, **CASE | {"text": "示例 990000198001010017"})
    with pytest.raises(acts.Refused, match="身份证号"):
        acts.create([wrong], world.jingjiang)
