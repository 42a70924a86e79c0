"""The programme kept naively in memory: what each approved row comes to, told by hand from the ledgers' contract.

None of the product's arithmetic is used here. A figure is counted by walking over every row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lianqiao.core.periods import Period

DISTINCT = ("talent.", "cadres.")
STOCK = ("pair.",)
DIRECTIONS = {"东部赴西部": "to_west", "西部赴东部": "to_east", "东部派往西部": "to_west", "西部派往东部": "to_east"}
TALENT = {"教育": "education", "医疗卫生": "health", "农业科技": "agri", "其他专技": "other"}
FISCAL = {"省级财政": "province", "市级财政": "prefecture", "县级财政": "county", "镇村": "town"}
PAIRS = {"县际": "pair.county", "镇镇": "pair.town", "校校": "pair.school"}
Values = dict[str, Any]


@dataclass(frozen=True)
class Effect:
    """What a row adds to a measure on a day."""

    code: str
    on: date
    quantity: int = 1
    subject: str = ""
    bare: bool = False


def effects(ledger: str, values: Values) -> list[Effect]:
    """What an approved row comes to. A missing day and a missing quantity come to nothing, and so does what came and
    went on one day."""
    told = {
        "visits": visits, "secondments": secondments, "receipts": receipts, "donations": donations, "projects": projects,
        "twin_support": twin_support, "opening": opening, "pairings": pairings,
    }[ledger](values)  # fmt: skip
    net: dict[tuple[Any, ...], int] = defaultdict(int)
    for code, on, quantity, *more in told:
        if on and quantity:
            net[code, on, *more] += quantity
    return [Effect(code, on, quantity, *more) for (code, on, *more), quantity in net.items() if quantity]


Told = Iterator[tuple[Any, ...]]


def visits(v: Values) -> Told:
    for code, quantity in (("visits.batches", 1), ("visits.person_times", v["people"])):
        yield code, v["occurred_on"], quantity
        yield f"{code}.{DIRECTIONS[v['direction']]}", v["occurred_on"], quantity


def secondments(v: Values) -> Told:
    cadre = v["category"] == "党政干部"
    codes = ["cadres.seconded"] if cadre else [f"talent.{TALENT[v['category']]}", "talent.total"]
    for code in (*codes, "talent.all"):
        yield code, v["start"], 1, v["person"]
        yield f"{code}.{DIRECTIONS[v['direction']]}", v["start"], 1, v["person"]


def receipts(v: Values) -> Told:
    for code in ("funds.total", "funds.fiscal", f"funds.fiscal.{FISCAL[v['source']]}"):
        yield code, v["received_on"], v["amount"]


def donations(v: Values) -> Told:
    yield "donations.pledged", v["pledged_on"], v["amount"]
    for code in ("funds.total", "funds.social", "funds.cash" if v["kind"] == "资金" else "funds.in_kind"):
        yield code, v["received_on"], v["amount"]


def projects(v: Values) -> Told:
    yield "projects.count", v["approved_on"], 1
    for step in ("started", "completed", "accepted", "handed_over"):
        yield f"projects.{step}", v[f"{step}_on"], 1
    for code, column in (("benef.households", "households"), ("benef.people", "people")):
        yield code, v["approved_on"], v[column]
        yield f"{code}.lifted", v["approved_on"], v[f"lifted_{column}"]


def twin_support(v: Values) -> Told:
    yield "twin.projects", v["occurred_on"], 1
    yield "twin.households", v["occurred_on"], v["households"]
    yield "twin.person_times", v["occurred_on"], v["person_times"]


def opening(v: Values) -> Told:
    above = {
        "talent.education": ["talent.total", "talent.all"],
        "visits.person_times.to_west": ["visits.person_times"],
        "funds.cash": ["funds.social", "funds.total"],
    }
    quantity = v["value"] * 100 if v["measure"].startswith("funds") else v["value"]
    for code in (v["measure"], *above[v["measure"]]):
        yield code, v["until"], quantity, "", True


def pairings(v: Values) -> Told:
    code = PAIRS.get(v["level"])
    if code:
        yield code, v["since"], 1
        yield code, v["until"], -1


@dataclass
class Naive:
    """What counts after each transaction: row → (node, effects); and the tree, child → parent."""

    parents: dict[int, int | None]
    counted: dict[tuple[str, int], tuple[int, list[Effect]]] = field(default_factory=dict)
    history: dict[int, dict[tuple[str, int], tuple[int, list[Effect]]]] = field(default_factory=dict)

    def record(self, transaction: int) -> None:
        """Keeps what counts after a transaction."""
        self.history[transaction] = dict(self.counted)

    def within(self, node: int, nodes: list[int]) -> bool:
        at: int | None = node
        while at is not None:
            if at in nodes:
                return True
            at = self.parents[at]
        return False

    def figure(self, code: str, nodes: list[int], period: Period, known: int) -> tuple[int | None, int, int]:
        """Value (None: never posted), the part without detail, and how many entries first count in the period."""
        start = None if code.startswith(STOCK) else period.start

        def inside(on: date) -> bool:
            return on <= period.until and (start is None or on >= start)

        rows = self.rows(code, nodes, known)
        if not any(self.rows(code, nodes, number) for number in self.history if number <= known):
            return None, 0, 0
        found = [e for row in rows for e in row if inside(e.on)]
        bare = sum(e.quantity for e in found if e.bare)
        entries = sum(inside(min(e.on for e in row)) for row in rows)
        if code.startswith(DISTINCT):
            return len({e.subject for e in found if e.subject}) + bare, bare, entries
        return sum(e.quantity for e in found), bare, entries

    def rows(self, code: str, nodes: list[int], known: int) -> list[list[Effect]]:
        """The effects of each row on a measure at and below the nodes, as known at a transaction."""
        last = max((number for number in self.history if number <= known), default=None)
        held = self.history[last].values() if last is not None else ()
        some = [[e for e in effects if e.code == code] for node, effects in held if self.within(node, nodes)]
        return [row for row in some if row]
