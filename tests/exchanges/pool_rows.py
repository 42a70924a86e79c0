"""A seeker, an employer, a vacancy, as the tests of the labour exchange need them."""

from __future__ import annotations

from datetime import date
from typing import Any

from lianqiao.demo.rows.identity import credit_code
from lianqiao.fields.employment.pool import Employer, Seeker, Vacancy
from lianqiao.journal import clock
from lianqiao.ledger.protected import protect
from tests.world import World

ANNA, BERTA, CARLA = "990000199001010033", "990000199102020046", "990000199203030059"
NAMES = {ANNA: "示例甲", BERTA: "示例乙", CARLA: "示例丙"}
OPENED = date(2021, 9, 1)


def seeker(world: World, id_number: str = ANNA, **values: Any) -> Seeker:
    """Somebody who looks for work, with consent."""
    told: dict[str, Any] = {
        "node": world.county, "name": protect(NAMES[id_number], "name"), "id_number": protect(id_number),
        "phone": protect("13900000001", "phone"), "gender": "女", "birth_year": 1990, "village": "示例村",
        "standing": "脱贫户", "schooling": "初中", "skills": ["缝纫"], "experience": 3, "kinds": ["缝纫"],
        "places": ["靖江市"], "reach": "不限", "least_wage": 400_000, "available_from": OPENED, "source": "village",
        "consent_on": OPENED, "consent_from": "村干部当面告知",
    }  # fmt: skip
    return Seeker.objects.create(**(told | values))


def employer(world: World, at: int = 501, **values: Any) -> Employer:
    told = {
        "node": world.county, "name": f"示例服装公司{at}", "credit_code": credit_code(at), "side": "east",
        "place": "靖江市", "town": "新桥镇",
    }  # fmt: skip
    return Employer.objects.create(**(told | values))


def vacancy(world: World, of: Employer | None = None, **values: Any) -> Vacancy:
    """An open vacancy: entered by jingjiang, reviewed by yongshou."""
    told = {
        "node": world.county, "employer": of or employer(world), "title": "缝纫工", "kind": "缝纫", "headcount": 2,
        "area": "东部结对地区", "place": "靖江市", "town": "新桥镇", "wage_from": 480_000, "wage_to": 560_000,
        "housing": "包住", "shift": "白班", "point_to_point": True, "starts_on": OPENED, "until": date(2021, 12, 31),
        "state": Vacancy.State.OPEN, "author": world.jingjiang, "reviewer": world.yongshou, "posted_at": clock.now(),
    }  # fmt: skip
    return Vacancy.objects.create(**(told | values))
