"""The labour exchange's pages: entering once, reviewing by another, what outsiders are shown, and what a link opens."""

from __future__ import annotations

import io
import re
import uuid
from datetime import date
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from django.test import Client

from lianqiao.demo.rows.identity import credit_code
from lianqiao.desk.labour import intake
from lianqiao.fields.employment import fairs, links, transfer
from lianqiao.fields.employment.fairs import Fair, Visitor
from lianqiao.fields.employment.models import Job, JobFair, Workshop
from lianqiao.fields.employment.pool import Employer, Seeker, Vacancy
from lianqiao.fields.employment.training import Course
from lianqiao.fields.employment.transfer import Check, Placement, SubsidyRule, Trip
from lianqiao.fields.employment.workshops import WorkshopCheck, WorkshopRule
from lianqiao.ledger import acts
from lianqiao.ledger.models import State
from lianqiao.ledger.registry import ledgers
from lianqiao.people.models import Access, Grant
from tests.desk.conftest import Reader, just_signed_in
from tests.exchanges.pool_rows import ANNA, BERTA, employer, seeker, vacancy
from tests.world import World, approved, person

NEW = "/labour/seekers/new/"
PHONE = "13900000001"


@pytest.fixture
def filler(world: World, read: Reader) -> Client:
    return read(world.jingjiang)


def told(**values: Any) -> dict[str, Any]:
    """What the village's form sends."""
    return {
        "key": str(uuid.uuid4()), "name": "示例甲", "id_number": ANNA, "phone": PHONE, "village": "示例村",
        "standing": "脱贫户", "schooling": "初中", "kinds": ["缝纫"], "skills": "缝纫、熨烫", "reach": "不限",
        "least_wage": "4000", "available_from": "2021-12-01", "consent": "on",
    } | values  # fmt: skip


def as_data(client: Client, **values: Any) -> Any:
    return client.post(NEW, told(**values), headers={"Accept": "application/json"})


# Seekers ---------------------------------------------------------------------------------------------------------------


def test_a_seeker_sent_twice_is_entered_once(world: World, filler: Client) -> None:
    key = str(uuid.uuid4())
    first, second = as_data(filler, key=key), as_data(filler, key=key)
    (held,) = Seeker.objects.all()
    assert (first.json(), second.json()) == ({"number": held.number}, {"number": held.number})
    assert (held.clear_name, held.gender, held.birth_year, held.skills) == ("示例甲", "男", 1990, ["缝纫", "熨烫"])
    assert (held.least_wage, held.source, held.entered_by, held.node) == (
        400_000,
        "village",
        world.jingjiang,
        world.county,
    )


def test_nothing_that_names_a_person_stands_in_the_clear_in_the_database(filler: Client) -> None:
    as_data(filler)
    (row,) = Seeker.objects.values_list("name", "id_number", "phone")
    assert not any(value in "".join(row) for value in ("示例甲", ANNA, PHONE))


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("consent", "", "要本人同意才能登记"),
        ("name", "", "姓名：必填"),
        ("phone", "", "电话：必填"),
        ("id_number", "990000199001010034", "身份证号"),
        ("least_wage", "四千左右", "最低月薪"),
        ("village", "", "户籍村：必填"),
        ("skills", "、".join("技" * n for n in range(1, 15)), "至多 12 个词"),
    ],
)
def test_a_problem_is_told_at_its_field(filler: Client, field: str, value: str, message: str) -> None:
    answer = as_data(filler, **{field: value})
    assert answer.status_code == 400
    assert message in answer.json()["problems"][field][0]
    assert not Seeker.objects.exists()


def test_the_form_goes_without_script_too(filler: Client) -> None:
    assert filler.post(NEW, told()).status_code == 302
    assert "要本人同意" in filler.post(NEW, told(consent="")).content.decode()


def test_anothers_key_tells_nothing(world: World, filler: Client, read: Reader) -> None:
    key = str(uuid.uuid4())
    as_data(filler, key=key)
    other = read(person("other", Grant.Role.FILLER, world.county))
    assert as_data(other, key=key).status_code == 404


def test_numbers_are_shown_by_their_ends_and_names_to_who_places_them(
    world: World, filler: Client, read: Reader
) -> None:
    one = seeker(world)
    page = filler.get(f"/labour/seekers/{one.number}/").content.decode()
    assert "示例甲" in page
    assert ANNA not in page
    assert PHONE not in page
    auditor = read(world.auditor)
    assert auditor.get(f"/labour/seekers/{one.number}/").status_code == 403
    offered = vacancy(world)
    transfer.place(one, offered)
    seen = auditor.get(f"/labour/vacancies/{offered.number}/").content.decode()
    assert "示**" in seen
    assert "示例甲" not in seen


def test_a_number_in_the_clear_is_recorded_with_its_reason(world: World, settings: Any) -> None:
    one, client = seeker(world), just_signed_in(world.jingjiang, settings)
    address = f"/labour/seekers/{one.number}/reveal/phone/"
    assert client.post(address, {"why": "短"}).status_code == 400
    assert PHONE in client.post(address, {"why": "通知发车时间"}).content.decode()
    line = Access.objects.filter(act=Access.Act.REVEAL).get()
    assert (line.by, line.what, line.why) == ("jingjiang", f"{one.number} 电话", "通知发车时间")


def test_a_coordinator_forgets_a_seeker_on_request(world: World, read: Reader) -> None:
    one = seeker(world)
    chief = read(person("chief", Grant.Role.COORDINATOR, world.county))
    address = f"/labour/seekers/{one.number}/forget/"
    assert chief.post(address, {"why": ""}).status_code == 400
    assert chief.post(address, {"why": "本人申请"}).status_code == 302
    assert "示例甲" not in chief.get("/labour/seekers/").content.decode()
    assert Seeker.objects.get().state == Seeker.State.ERASED


def test_a_seeker_is_changed_leaves_the_pool_and_comes_back(world: World, filler: Client) -> None:
    one = seeker(world)
    address = f"/labour/seekers/{one.number}/"
    assert (
        filler.post(
            address, told(id_number="", phone="", gender="男", birth_year="1990", least_wage="5000")
        ).status_code
        == 302
    )
    one.refresh_from_db()
    assert (one.least_wage, one.clear_name, one.masked_id[-2:]) == (500_000, "示例甲", ANNA[-2:])
    for do, state in (("withdraw", "withdrawn"), ("return", "seeking")):
        filler.post(address, {"do": do})
        assert Seeker.objects.get().state == state


@pytest.mark.parametrize(
    ("asked", "found"), [("", 2), ("?kind=焊工", 1), ("?standing=监测户", 0), ("?village=示例", 2)]
)
def test_the_pool_is_filtered(world: World, filler: Client, asked: str, found: int) -> None:
    seeker(world)
    seeker(world, BERTA, kinds=["焊工"])
    assert filler.get(f"/labour/seekers/{asked}").content.decode().count('<th scope="row">') == found


# From a workbook -------------------------------------------------------------------------------------------------------


def book(*rows: dict[str, Any]) -> io.BytesIO:
    made = openpyxl.Workbook()
    sheet: Any = made.active
    sheet.append(list(intake.headings()))
    for row in rows:
        sheet.append([row.get(heading) for heading in intake.headings()])
    held = io.BytesIO()
    made.save(held)
    held.seek(0)
    held.name = "求职者.xlsx"
    return held


def line(**more: Any) -> dict[str, Any]:
    return {
        "姓名": "示例甲", "身份证号": ANNA, "电话": PHONE, "户籍村": "示例村", "户情": "脱贫户", "文化程度": "初中",
        "能去多远": "不限", "最低月薪": 4000, "何时可走": date(2021, 12, 1), "想做的工种": "缝纫、包装", "本人同意": "是",
    } | more  # fmt: skip


def test_seekers_come_from_a_workbook_whole_or_not_at_all(world: World, filler: Client) -> None:
    bad = book(line(), line(姓名="示例乙", 身份证号=BERTA, 本人同意="否", 想做的工种="飞行员"))
    refused = filler.post("/labour/seekers/import/", {"file": bad})
    assert (refused.status_code, Seeker.objects.count()) == (400, 0)
    text = refused.content.decode()
    assert "没有本人同意" in text
    assert "没有工种“飞行员”" in text
    good = book(line(), line(姓名="示例乙", 身份证号=BERTA))
    assert filler.post("/labour/seekers/import/", {"file": good}).status_code == 302
    assert [(one.clear_name, one.kinds, one.source) for one in Seeker.objects.all()] == [
        ("示例甲", ["缝纫", "包装"], "workbook"),
        ("示例乙", ["缝纫", "包装"], "workbook"),
    ]
    assert "已经登记" in filler.post("/labour/seekers/import/", {"file": book(line())}).content.decode()


# Vacancies -------------------------------------------------------------------------------------------------------------


def offer(**values: Any) -> dict[str, Any]:
    return {
        "title": "缝纫工", "kind": "缝纫", "headcount": "3", "area": "东部结对地区", "place": "靖江市", "town": "新桥镇",
        "wage_from": "4800", "wage_to": "5600", "housing": "包住", "shift": "白班", "age_from": "18", "age_to": "50",
        "schooling": "不限", "starts_on": "2022-01-05", "until": "2022-02-28",
    } | values  # fmt: skip


def test_an_employer_is_known_by_a_credit_code_that_is_right(filler: Client) -> None:
    whole = {
        "name": "示例服装公司",
        "credit_code": credit_code(510),
        "side": "east",
        "place": "靖江市",
        "town": "新桥镇",
    }
    wrong = filler.post("/labour/employers/new/", whole | {"credit_code": "91990000000000000X"})
    assert wrong.status_code == 400
    assert filler.post("/labour/employers/new/", whole).status_code == 302
    assert Employer.objects.get().name == "示例服装公司"
    assert filler.post("/labour/employers/new/", whole).status_code == 400  # once


def test_a_vacancy_is_open_once_somebody_of_the_east_has_passed_it(world: World, filler: Client, read: Reader) -> None:
    of = employer(world)
    filler.post(f"/labour/employers/{of.number}/vacancy/", offer())
    (made,) = Vacancy.objects.all()
    address = f"/labour/vacancies/{made.number}/"
    assert (made.state, made.author, made.wage_from) == (Vacancy.State.SUBMITTED, world.jingjiang, 480_000)
    assert filler.post(address, {"do": "open"}).status_code == 403
    west = read(person("west", Grant.Role.REVIEWER, world.county, Grant.Side.WEST))
    assert west.post(address, {"do": "open"}).status_code == 403
    east = read(person("east", Grant.Role.REVIEWER, world.county, Grant.Side.EAST))
    assert east.post(address, {"do": "return"}).status_code == 400
    assert east.post(address, {"do": "open"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.reviewer and made.reviewer.username) == (Vacancy.State.OPEN, "east")
    east.post(address, {"do": "close"})
    made.refresh_from_db()
    assert made.state == Vacancy.State.CLOSED


def test_who_entered_a_vacancy_does_not_pass_it(world: World, read: Reader) -> None:
    chief = person("chief", Grant.Role.COORDINATOR, world.county)
    held = vacancy(world, state=Vacancy.State.SUBMITTED, author=chief, reviewer=None, posted_at=None)
    answer = read(chief).post(f"/labour/vacancies/{held.number}/", {"do": "open"})
    assert "不能是同一个人" in answer.content.decode()


@pytest.mark.parametrize(("field", "value"), [("wage_to", "4000"), ("age_to", "17"), ("until", "2021-01-01")])
def test_a_vacancy_against_the_rules_is_refused_at_its_field(
    world: World, filler: Client, field: str, value: str
) -> None:
    answer = filler.post(f"/labour/employers/{employer(world).number}/vacancy/", offer(**{field: value}))
    assert answer.status_code == 400
    assert f'href="#id_{field}"' in answer.content.decode()


def test_an_employer_comes_in_by_its_link_and_nobody_by_an_old_one(
    world: World, filler: Client, client: Client
) -> None:
    of = employer(world)
    page = filler.post(f"/labour/employers/{of.number}/").content.decode()
    (address,) = re.findall(r'data-link href="([^"]+)"', page)
    assert client.get(address).status_code == 200
    assert client.post(f"{address}vacancy/", offer()).status_code == 302
    assert Vacancy.objects.get().author is None
    filler.post(f"/labour/employers/{of.number}/")
    assert client.get(address).status_code == 404
    assert client.get("/e/anything/").status_code == 404


# Trip and staying ------------------------------------------------------------------------------------------------------


def test_the_road_from_placement_to_two_checks_by_the_pages(
    world: World, filler: Client, client: Client, settings: Any
) -> None:
    offered = vacancy(world)
    going = [
        transfer.place(seeker(world), offered, "PP-000001 TJ-000001"),
        transfer.place(seeker(world, BERTA), offered),
    ]
    SubsidyRule.objects.create(place="永寿县", year=2021, kind="交通补贴", amount=50_000, source="示例文件")
    coach = {"mode": "大巴", "departs_on": "2021-11-01", "starts_at": "永寿县", "goes_to": "靖江市", "seats": "45"}
    filler.post("/labour/trips/", coach | {"escort": "永寿县人社局", "escort_phone": PHONE, "cost": "9000"})
    address = f"/labour/trips/{Trip.objects.get().number}/"
    chosen = [str(one.pk) for one in going]
    filler.post(address, {"do": "board", "placement": chosen})
    stop = Trip.objects.get().stops.get()
    filler.post(address, {"do": "times", f"at-{stop.pk}": "7:30"})
    page = filler.get(address).content.decode()
    assert ("07:30" in page, "1,000" in page, "示例文件" in page) == (True, True, True)
    assert filler.post(address, {"do": "arrive", "placement": chosen, "on": "十一月"}).status_code == 400
    filler.post(address, {"do": "arrive", "placement": chosen, "on": "2021-11-02"})
    acts.approve(list(Job.objects.all()), world.yongshou)
    token = links.employer_token(offered.employer)
    for month in (date(2021, 11, 20), date(2021, 12, 20)):
        settings.TODAY = month
        for one in going:
            answer = client.post(f"/e/{token}/", {"placement": one.pk, "in_post": "yes"})
            assert answer.status_code == 302
    assert client.post(f"/e/{token}/", {"placement": going[0].pk, "in_post": "yes"}).status_code == 400  # twice
    filler.post("/labour/staying/", {"do": "hand_in"})
    rows = list(ledgers()["retention"]._base_manager.all())
    assert (Check.objects.count(), len(rows), {row.state for row in rows}) == (4, 4, {State.SUBMITTED})


def test_who_left_is_told_with_a_reason_and_shown(world: World, filler: Client) -> None:
    offered = vacancy(world)
    one = transfer.place(seeker(world), offered)
    coach = Trip.objects.create(
        node=world.county, mode="大巴", departs_on=date(2021, 11, 1), starts_at="永寿县", goes_to="靖江市", seats=9,
        escort="示例", made_by=world.jingjiang,
    )  # fmt: skip
    transfer.board(coach, [one])
    transfer.arrive(coach, [one.pk], date(2021, 11, 2), world.jingjiang)
    assert filler.post("/labour/staying/", {"placement": one.pk, "in_post": "no", "why": ""}).status_code == 400
    filler.post("/labour/staying/", {"placement": one.pk, "in_post": "no", "why": "家里有事"})
    assert "家里有事" in filler.get("/labour/staying/").content.decode()
    assert Placement.objects.get().left_on == date(2021, 12, 31)


# Fairs, courses, workshops ---------------------------------------------------------------------------------------------


def test_a_fair_is_signed_in_at_by_its_code_and_becomes_a_row(world: World, filler: Client, client: Client) -> None:
    offered = vacancy(world, headcount=12)
    fair = {"title": "示例招聘会", "held_on": "2021-12-30", "mode": "现场", "place": "县文化广场"}
    filler.post("/labour/fairs/", fair | {"vacancies": [offered.pk]})
    (held,) = Fair.objects.all()
    page = filler.get(f"/labour/fairs/{held.number}/").content.decode()
    assert "<svg" in page
    assert "style=" not in page.partition('class="code"')[2].partition("</div>")[0]
    door, key = f"/f/{held.key}/", str(uuid.uuid4())
    visitor = {"key": key, "name": "示例乙", "phone": "13900000002", "vacancy": [offered.pk], "consent": "on"}
    assert client.post(door, visitor | {"consent": ""}).status_code == 400
    assert [client.post(door, visitor).status_code for _ in range(2)] == [200, 200]
    (one,) = Visitor.objects.all()
    intent = one.intents.get()
    filler.post(f"/labour/fairs/{held.number}/", {"intent": intent.pk, "result": "agreed"})
    filler.post(f"/labour/fairs/{held.number}/", {"do": "settle"})
    row = JobFair.objects.get()
    assert (row.vacancies, row.employers, row.intents, row.state) == (12, 1, 1, State.SUBMITTED)
    assert client.post(door, visitor | {"key": str(uuid.uuid4())}).status_code == 400
    with pytest.raises(acts.Refused):
        fairs.settle(held, world.jingjiang)


def test_a_course_gives_its_certificate_and_becomes_a_row_of_the_trainings_ledger(world: World, filler: Client) -> None:
    one, other = seeker(world), seeker(world, BERTA)
    course = {
        "do": "course", "course-title": "示例缝纫班", "course-kind": "缝纫", "course-certificate": "缝纫证",
        "course-starts_on": "2021-12-01", "course-days": "10", "course-place": "县职教中心",
        "course-organiser": "永寿县人社局", "course-seats": "2",
    }  # fmt: skip
    assert filler.post("/labour/courses/", course).status_code == 302
    held = Course.objects.get()
    address = f"/labour/courses/{held.number}/"
    filler.post(address, {"do": "enrol", "chosen": [one.pk, other.pk]})
    passed = held.roll.get(seeker=one)
    filler.post(address, {"do": "finish", "chosen": [passed.pk]})
    assert [Seeker.objects.get(pk=pk).certificates for pk in (one.pk, other.pk)] == [["缝纫证"], []]
    row: Any = ledgers()["trainings"]._base_manager.get()
    assert (row.person_times, row.days, row.category) == (2, 10, "劳务技能")
    assert filler.post(address, {"do": "finish", "chosen": []}).status_code == 400


def test_a_workshop_that_falls_short_is_watched_and_then_to_withdraw(
    world: World, filler: Client, settings: Any
) -> None:
    (held,) = approved(
        world,
        Workshop(node=world.county, name="示例车间", place="永寿县店头镇", recognised_on=date(2020, 1, 1), jobs=20),
    )
    WorkshopRule.objects.create(
        place="永寿县", year=2021, least_jobs=10, least_lifted=5, grace_quarters=2, source="示例"
    )
    address = f"/labour/workshops/{held.number}/"
    for month, lifted in ((3, 6), (6, 2), (9, 2), (12, 2)):
        answer = filler.post(address, {"seen_on": f"2021-{month:02d}-20", "jobs": "20", "lifted_jobs": str(lifted)})
        assert answer.status_code == 302
    standings = list(WorkshopCheck.objects.order_by("quarter").values_list("standing", flat=True))
    assert standings == ["normal", "watched", "watched", "to_withdraw"]
    held.refresh_from_db()
    assert held.pending_state == State.SUBMITTED  # other numbers wait for review
    assert filler.post(address, {"seen_on": "2021-12-21", "jobs": "20", "lifted_jobs": "2"}).status_code == 400
