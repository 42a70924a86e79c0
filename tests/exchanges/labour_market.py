"""A made-up labour market of any size, for the tests and the bench: the same for the same sizes and seed."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from lianqiao.fields.employment.matching.market import Seeker, Vacancy

DAY = date(2026, 3, 1)
AREAS = ("东部结对地区", "本县", "省内其他地方", "其他地区")
REACHES = (frozenset(AREAS), frozenset({"本县", "省内其他地方"}), frozenset({"本县"}))
CERTIFICATES = ("焊工证", "叉车证", "电工证", "护理证")


def made(
    seekers: int, vacancies: int, seed: int = 1, couples: float = 0.05, groups: float = 0.02
) -> tuple[list[Seeker], list[Vacancy]]:
    """So many seekers and vacancies, of whom so many (as a share of the seekers' number) are couples and groups of three to
    six. The kinds of work grow with the vacancies, so that a seeker has about twenty candidates at every size."""
    lot = random.Random(seed)
    kinds = [f"工种{n}" for n in range(max(3, vacancies // 33))]
    asked = [vacancy(lot, n, kinds, vacancies, seekers) for n in range(vacancies)]
    return together(lot, [seeker(lot, n, kinds) for n in range(seekers)], couples, groups), asked


def vacancy(lot: random.Random, number: int, kinds: list[str], vacancies: int, seekers: int) -> Vacancy:
    area = lot.choices(AREAS, (60, 15, 15, 10))[0]
    employer = lot.randrange(max(1, vacancies // 6))
    wage = lot.randrange(300_000, 700_000, 10_000)
    town = employer % max(1, vacancies // 40)
    return Vacancy(
        f"GW-{number:06d}", f"企业{employer}", area, f"县{town % 7}", f"镇{town}", lot.choice(kinds),
        headcount=max(1, round(lot.paretovariate(1.6) * 0.35 * seekers / max(1, vacancies))),
        wage_from=wage, wage_to=wage + lot.randrange(0, 150_000, 10_000),
        begins=DAY, until=DAY + timedelta(days=lot.randrange(120)),
        age_from=lot.choice((16, 18, 18, 20)), age_to=lot.choice((45, 50, 55, 60)),
        schooling=lot.choices((0, 1, 2, 3, 4), (40, 20, 25, 12, 3))[0],
        skills=frozenset(f"技能{lot.randrange(60)}" for _ in range(lot.randrange(4))),
        certificates=frozenset(lot.sample(CERTIFICATES, 1) if lot.random() < 0.1 else ()),
        demands=frozenset({"夜班"} if lot.random() < 0.3 else ()),
        lodging=lot.choice(("", "single", "single", "couple")), near=area == "本县",
    )  # fmt: skip


def seeker(lot: random.Random, number: int, kinds: list[str]) -> Seeker:
    return Seeker(
        f"QZ-{number:06d}", lot.randrange(1968, 2010), lot.choices(REACHES, (75, 15, 10))[0],
        wage=lot.randrange(250_000, 550_000, 10_000), free_from=DAY + timedelta(days=lot.randrange(60)),
        kinds=tuple(lot.sample(kinds, lot.choice((1, 1, 2, 2, 3)))),
        places=frozenset(f"县{lot.randrange(7)}" for _ in range(lot.choice((0, 1, 2)))),
        schooling=lot.choices((1, 2, 3, 4, 5), (20, 50, 20, 8, 2))[0], experience=lot.randrange(12),
        skills=frozenset(f"技能{lot.randrange(60)}" for _ in range(lot.randrange(8))),
        certificates=frozenset(lot.sample(CERTIFICATES, 1) if lot.random() < 0.3 else ()),
        cannot=frozenset({"夜班"} if lot.random() < 0.2 else ()),
        priority=lot.random() < 0.3, woman=lot.random() < 0.45, village=f"村{lot.randrange(60)}",
    )  # fmt: skip


def together(lot: random.Random, people: list[Seeker], couples: float, groups: float) -> list[Seeker]:
    """Makes couples and groups of people who would do the same kinds of work as the first of them, in the same areas."""
    sizes = [2] * round(couples * len(people)) + [lot.randrange(3, 7) for _ in range(round(groups * len(people)))]
    at = 0
    for number, size in enumerate(sizes):
        first = people[at]
        for other in range(at, min(at + size, len(people))):
            kinds = first.kinds if size > 2 else (*first.kinds, *people[other].kinds)
            joined = replace(people[other], areas=first.areas, kinds=kinds)
            tied = replace(joined, couple=f"C{number}") if size == 2 else replace(joined, group=f"G{number}")
            people[other] = tied
        at += size
    return people
