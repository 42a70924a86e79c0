"""The sample's labour exchange: six seekers, two employers with four vacancies, rules of place and year, a fair to come.

All of it is invented (示例), and nothing of it moves a figure: nobody has been matched yet.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from lianqiao.demo.rows.identity import credit_code, id_number
from lianqiao.fields.employment.fairs import Fair
from lianqiao.fields.employment.pool import Employer, Seeker, Vacancy
from lianqiao.fields.employment.transfer import SubsidyRule
from lianqiao.fields.employment.workshops import WorkshopRule
from lianqiao.journal import clock
from lianqiao.ledger.protected import protect
from lianqiao.people.models import User
from lianqiao.places.models import Node

PEOPLE = ("yongshou", "jingjiang", "jingjiang-review")
"""Who enters seekers, who enters vacancies, who passes them."""
FIRST_CODE, FIRST_PERSON = 800, 900
TOLD, FROM = date(2021, 12, 20), date(2022, 2, 8)
Person = tuple[str, str, int, str, str, str, list[str], str, int, str]

# Name, gender, born, village, 户情, schooling, kinds of work, how far, least wage in 分, couple.
SEEKERS: list[Person] = [
    ("示例求职甲", "女", 1990, "店头镇示例村", "脱贫户", "初中", ["缝纫"], "不限", 420_000, "甲乙"),
    ("示例求职乙", "男", 1988, "店头镇示例村", "脱贫户", "初中", ["焊工"], "不限", 600_000, "甲乙"),
    ("示例求职丙", "男", 1996, "监军街道示例村", "一般户", "中专", ["焊工", "钳工"], "不限", 650_000, ""),
    ("示例求职丁", "女", 1979, "渠子镇示例村", "监测户", "小学", ["食品加工", "包装"], "本县", 260_000, ""),
    ("示例求职戊", "女", 1993, "永平镇示例村", "一般户", "高中", ["质检", "包装"], "不限", 450_000, ""),
    ("示例求职己", "男", 1985, "甘井镇示例村", "脱贫户", "初中", ["叉车司机"], "不限", 550_000, ""),
]

EMPLOYERS = [
    ("示例船舶配套公司", "east", "靖江市", "新桥镇"),
    ("示例社区工厂", "west", "永寿县", "监军街道"),
]

# Of which employer, title, kind, headcount, area, wage in 分 from and to, lodging, couples, coach, shift, until.
VACANCIES = [
    (0, "二保焊工", "焊工", 20, "东部结对地区", 750_000, 980_000, "包住", True, True, "两班", date(2022, 3, 31)),
    (0, "工装缝纫工", "缝纫", 6, "东部结对地区", 450_000, 560_000, "包住", True, True, "白班", date(2022, 3, 15)),
    (0, "管材质检员", "质检", 6, "东部结对地区", 550_000, 680_000, "包住", False, True, "白班", date(2022, 2, 28)),
    (1, "苹果分选工", "食品加工", 12, "本县", 280_000, 360_000, "包吃", False, False, "计件", date(2022, 2, 20)),
]


def make(node: Node, clerk: User, author: User, reviewer: User) -> None:
    """Fills the exchange at the pairing: the clerk enters seekers; vacancies are entered by one person, passed by another."""
    employers = [
        Employer.objects.create(
            node=node, name=name, side=side, place=place, town=town, credit_code=credit_code(FIRST_CODE + at)
        )
        for at, (name, side, place, town) in enumerate(EMPLOYERS)
    ]
    offered = [vacancy(node, employers, told, author, reviewer) for told in VACANCIES]
    for at, person in enumerate(SEEKERS):
        seeker(node, at, person, clerk)
    fair = Fair.objects.create(
        node=node, title="永寿县春季专场招聘会（示例）", held_on=date(2022, 2, 12), hours="9:00—12:00", mode="现场",
        place="县文化广场", notice="靖江企业到场，可扫码签到。",
    )  # fmt: skip
    fair.vacancies.set(offered)
    rules()


def vacancy(node: Node, employers: list[Employer], told: tuple[Any, ...], author: User, reviewer: User) -> Vacancy:
    at, title, kind, headcount, area, low, high, housing, couples, coach, shift, until = told
    of = employers[at]
    return Vacancy.objects.create(
        node=node, employer=of, title=title, kind=kind, headcount=headcount, area=area, place=of.place, town=of.town,
        wage_from=low, wage_to=high, housing=housing, couples=couples, point_to_point=coach, shift=shift,
        age_from=18, age_to=55, starts_on=FROM, until=until, author=author, reviewer=reviewer,
        posted_at=clock.now(), state=Vacancy.State.OPEN,
    )  # fmt: skip


def seeker(node: Node, at: int, person: Person, by: User) -> None:
    name, gender, born, village, standing, schooling, kinds, reach, wage, couple = person
    number = id_number(date(born, 1, 1), FIRST_PERSON + 2 * at + (gender == "男"))
    Seeker.objects.create(
        node=node, name=protect(name, "name"), phone=protect(f"1390000{at:04d}", "phone"),
        id_number=protect(number), gender=gender, birth_year=born, village=village, standing=standing,
        schooling=schooling, kinds=kinds, skills=kinds, reach=reach, least_wage=wage, couple=couple,
        available_from=FROM, source=Seeker.Source.VILLAGE, consent_on=TOLD, consent_from="村干部当面告知（示例）",
        entered_by=by,
    )  # fmt: skip


def rules() -> None:
    """What the sample's places pay, and what they ask of a workshop: by invented documents."""
    SubsidyRule.objects.create(
        place="永寿县", year=2022, kind="交通补贴", amount=50_000, source="示例：县转移就业交通补贴办法"
    )
    WorkshopRule.objects.create(
        place="永寿县", year=2021, least_jobs=10, least_lifted=5, least_percent=20, grace_quarters=2,
        source="示例：县帮扶车间认定办法",
    )  # fmt: skip
