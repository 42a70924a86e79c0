"""What people enter: made-up rows of every ledger, few days and few people, so that much falls together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from random import Random
from typing import Any

from lianqiao.ledger.models import Entry
from lianqiao.ledger.protected import protect
from lianqiao.ledger.registry import data_fields, links_of
from lianqiao.places.models import Node
from tests.simulation import effects
from tests.simulation.effects import Key, Values
from tests.simulation.naive import Naive

# Most of them at the borders of months and years.
DAYS = [date(y, m, d) for y in (2019, 2020, 2021) for m, d in ((1, 1), (1, 31), (2, 28), (3, 1), (10, 12), (12, 31))]
CREDIT_CODES = [f"99990000000000{number:04d}" for number in range(6)]
NAMED = {"agreement": "agreements", "meeting": "meetings", "project": "projects", "number_of_job": "jobs"}
NAMED |= {"household": "monitored"}
TARGETED = ("visits.batches", "funds.total", "talent.all", "labour.in_post", "projects.completion_rate")


class NothingToName(LookupError):
    """A row would have to name another, and there is none."""


def id_number(order: int) -> str:
    """An ID number with its check digit (GB 11643)."""
    digits = f"99000019800101{order:03d}"
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(digits))
    return digits + "10X98765432"[total % 11]


PEOPLE = [id_number(order) for order in range(6)]


class Clerk:
    """Makes up rows. Names are new each time, so that no two rows have a key in common (but see `weak`)."""

    def __init__(self, random: Random, naive: Naive) -> None:
        self.random, self.naive, self.named = random, naive, 0

    def row(self, ledger: str) -> Values:
        """The values of a row of the ledger. Raises NothingToName."""
        told: Values = getattr(self, ledger)()
        return told

    def name(self) -> str:
        self.named += 1
        return f"示例{self.named}"

    def day(self) -> date:
        return self.random.choice(DAYS)

    def later(self, first: date | None) -> date | None:
        """A day not before another, or none."""
        days = [day for day in DAYS if first and day >= first]
        return self.random.choice([None, None, *days]) if first else None

    def maybe(self, most: int) -> int | None:
        return self.random.choice([None, 0, self.random.randint(1, most)])

    def part(self, whole: int | None) -> int | None:
        """其中: at most the whole."""
        return None if whole is None else self.random.choice([None, self.random.randint(0, whole)])

    def one(self, words: Iterable[str]) -> str:
        return self.random.choice([*words])

    def money(self, most: int = 10**9) -> int:
        return self.random.randint(1, most)

    def link(self, column: str) -> Key:
        """Most often one of a few rows that count, so that these are named again and again."""
        rows = self.naive.of(NAMED[column])
        if not rows:
            raise NothingToName(column)
        standing = [row for row in rows if row.state == "approved"]
        chance = self.random.random()
        return self.random.choice(
            rows if not standing or chance < 0.1 else standing if chance < 0.3 else standing[:5]
        ).key

    # The ledgers -----------------------------------------------------------------------------------------------------

    def organisations(self) -> Values:
        return {"name": self.name(), "kind": self.one(["学校", "医院"]), "place": "永寿县"}

    def frameworks(self) -> Values:
        return {"name": self.name(), "applies_to": "镇村", "items": self.name()}

    def meetings(self) -> Values:
        return {"occurred_on": self.day(), "title": self.name(), "kind": self.one(["联席会议", "专题会议"])}

    def agreements(self) -> Values:
        told = {"title": self.name(), "kind": "年度协议", "signed_on": self.day(), "start": self.day()}
        return told | {"end": date(2025, 12, 31), "meeting": self.random.choice([None, *self.some("meeting")])}

    def some(self, column: str) -> list[Key]:
        try:
            return [self.link(column)]
        except NothingToName:
            return []

    def targets(self) -> Values:
        told = {"agreement": self.link("agreement"), "measure": self.one(TARGETED), "quantity": self.target()}
        return told | {"year": self.random.choice([2020, 2021]), "since": None, "amends": ""}

    def target(self) -> int:
        return self.random.choice([0, 1, 3, 100, 10**9])

    def resolutions(self) -> Values:
        return {"meeting": self.link("meeting"), "text": self.name(), "owner": "示例", "due": self.day()}

    def honours(self) -> Values:
        return {"title": self.name(), "level": "县级", "issuer": "示例", "awarded_on": self.day()}

    def cases(self) -> Values:
        told = {"title": self.name(), "level": "县级", "field": "劳务协作", "as_of": self.day(), "text": self.name()}
        return told | {"source": self.name()}

    def opening(self) -> Values:
        told = {"measure": self.one(effects.OPENINGS), "until": self.day(), "value": self.random.randint(1, 99)}
        return told | {"source": self.name()}

    def pairings(self) -> Values:
        since = self.day()
        told = {"east": self.name() + "东", "west": self.name() + "西", "level": self.one([*effects.PAIRS, "市际"])}
        return told | {"since": since, "until": self.later(since)}

    def visits(self) -> Values:
        return {
            "occurred_on": self.day(), "direction": self.one(effects.TRIPS), "purpose": self.name(), "leader": "示例领队",
            "people": self.random.randint(1, 30),
        }  # fmt: skip

    def secondments(self) -> Values:
        told: Values = {
            "start": self.day(), "direction": self.one(effects.STAYS), "name": self.name(), "home_org": self.one("甲乙"),
            "host_org": "示例", "category": self.one([*effects.TALENT, "党政干部"]), "id_number": self.one(PEOPLE),
        }  # fmt: skip
        if self.random.random() < 0.25:
            told |= {"id_number": "", "name": f"示例{self.one('丙丁')}"}
        return told

    def trainings(self) -> Values:
        told = {"start": self.day(), "title": self.name(), "category": self.one(effects.COURSES)}
        return told | {"person_times": self.random.randint(0, 90)}

    def receipts(self) -> Values:
        told = {"received_on": self.day(), "source": self.one(effects.FISCAL), "document": self.name()}
        return told | {"amount": self.random.choice([0, self.money(10**12)])}

    def donations(self) -> Values:
        pledged = self.random.choice([None, *DAYS])
        received = self.later(pledged) if pledged else self.day()
        told = {"pledged_on": pledged, "received_on": received, "kind": self.one(["资金", "物资"])}
        return told | {"amount": self.money(), "donor": self.name(), "recipient": "示例"}

    def allocations(self) -> Values:
        told = {"allocated_on": self.day(), "project": self.link("project"), "amount": self.money(5_000)}
        return told | {"document": self.name()}

    def payments(self) -> Values:
        told = {"paid_on": self.day(), "project": self.link("project"), "amount": self.money(1_500)}
        return told | {"voucher": self.name()}

    def projects(self) -> Values:
        told: Values = {"code": self.name(), "name": "示例", "kind": "其他", "planned_aid": 1}
        told["approved_on"] = self.day()
        before: date | None = told["approved_on"]
        for step in ("started_on", "completed_on", "accepted_on", "handed_over_on"):
            told[step] = self.later(before)
            before = told[step]
        for column in ("households", "people"):
            told[column] = self.maybe(500)
            told[f"lifted_{column}"] = self.part(told[column])
        return told

    def twin_support(self) -> Values:
        told = {"occurred_on": self.day(), "name": self.name(), "level": "镇镇"}
        told |= {"east_unit": "示例", "west_unit": "示例"}
        return told | {"households": self.maybe(40), "person_times": self.maybe(90)}

    def demo_villages(self) -> Values:
        started = self.day()
        return {"village": self.name(), "town": "示例", "started_on": started, "recognised_on": self.later(started)}

    def joint_programmes(self) -> Values:
        return {"started_on": self.day(), "name": self.name(), "field": self.one(effects.COOPERATION)}

    def parks(self) -> Values:
        return {"name": self.name(), "started_on": self.day()}

    def enterprises(self) -> Values:
        landed, jobs = self.day(), self.maybe(40)
        return {
            "name": self.name(), "credit_code": self.one(CREDIT_CODES), "agreed": self.money(), "paid_in": self.money(),
            "landed_on": landed, "producing_on": self.later(landed), "park": self.random.choice(["", "示例园"]), "jobs": jobs,
            "lifted_jobs": self.part(jobs),
        }  # fmt: skip

    def investments(self) -> Values:
        told = {"paid_on": self.day(), "credit_code": self.one(CREDIT_CODES), "document": self.name()}
        return told | {"amount": self.money()}

    def jobs(self) -> Values:
        started = self.day()
        return {
            "name": self.name(), "id_number": self.one(PEOPLE), "lifted": self.random.random() < 0.5, "employer": "示例",
            "destination": self.one(effects.DESTINATIONS), "started_on": started, "left_on": self.later(started),
            "channel": self.one(["", "点对点输送", "自主就业"]),
        }  # fmt: skip

    def retention(self) -> Values:
        job = self.link("number_of_job")
        later = [day for day in DAYS if day >= self.naive.rows[job].values["started_on"]]
        checked_on = self.day() if self.random.random() < 0.1 else self.random.choice(later)
        return {"checked_on": checked_on, "number_of_job": job, "in_post": self.random.random() < 0.7}

    def workshops(self) -> Values:
        told: Values = {"name": self.name(), "place": "永寿县", "recognised_on": self.day()}
        told["jobs"] = self.random.randint(0, 40)
        return told | {"withdrawn_on": self.later(told["recognised_on"]), "lifted_jobs": self.part(told["jobs"])}

    def jobfairs(self) -> Values:
        return {"held_on": self.day(), "title": self.name(), "vacancies": self.random.randint(0, 300)}

    def sales(self) -> Values:
        return {
            "sold_on": self.day(), "product": self.name(), "seller": "示例", "buyer": "示例", "channel": self.one(effects.CHANNELS),
            "mode": self.one(effects.MODES), "amount": self.money(),
        }  # fmt: skip

    def outlets(self) -> Values:
        opened = self.day()
        told = {"name": self.name(), "kind": self.one(effects.OUTLETS), "place": "靖江市", "opened_on": opened}
        return told | {"closed_on": self.later(opened)}

    def products(self) -> Values:
        return {"name": self.name(), "producer": "示例", "recognised_on": self.day(), "households": self.maybe(9)}

    def monitored(self) -> Values:
        identified = self.day()
        return {
            "code": self.name(), "head": "示例", "village": "示例村", "category": "边缘易致贫户", "people": self.random.randint(0, 9),
            "identified_on": identified, "risk": "示例", "cleared_on": self.later(identified), "id_number": self.one(PEOPLE),
        }  # fmt: skip

    def home_visits(self) -> Values:
        return {"visited_on": self.day(), "household": self.link("household"), "visitor": self.name()}


def columns(model: type[Entry], values: Values) -> dict[str, Any]:
    """A row's values as the ledger's columns hold them: people by their token, other rows by their id."""
    links = {f.name for f in links_of(model)}
    told: dict[str, Any] = {}
    for name, value in values.items():
        if name in links:
            told[f"{name}_id"] = value[1] if value else None
        else:
            told[name] = protect(value) if name == "id_number" and value else value
    return told


def cells(model: type[Entry], values: Values, node: Node | None, naive: Naive) -> dict[str, Any]:
    """A row's values as a sheet's cells, by heading, with every column that the ledger has."""
    links = {f.name for f in links_of(model)}
    told: dict[str, Any] = {}
    for field in data_fields(model):
        value = values.get(field.name)
        if field.name in links and value:
            value = naive.rows[value].number
        told[str(field.verbose_name)] = cell(field.kind, value)
    return told | ({model.ledger.node_heading: node.number} if node else {})


def cell(kind: str, value: Any) -> Any:
    if kind == "money" and value is not None:
        return f"{value // 100}.{value % 100:02d}"
    if kind == "yesno" and value is not None:
        return "是" if value else "否"
    return None if value == "" else value


def spoiled(random: Random, model: type[Entry], values: Values) -> Values:
    """The values with one that the ledger requires taken away."""
    required = [f.name for f in data_fields(model) if not f.blank and f.name in values and f.kind != "yesno"]
    return values | {random.choice(required): None}
