"""The tree of pairings. Counties and towns are real places; that these towns are paired, and everything below them, is
invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Node:
    """A pairing; `parent` is the name of the one above it, `closed` its last day."""

    east: str
    west: str
    level: str
    parent: str | None
    since: date
    closed: date | None = None
    agreement: str | None = None
    notes: str = "示例：结对关系为虚构"

    @property
    def name(self) -> str:
        return f"{self.east}—{self.west}"

    def open_on(self, day: date) -> bool:
        return self.since <= day and (self.closed is None or day <= self.closed)


_FIRST_DAY = date(2017, 1, 1)
_OVER = "江苏省—陕西省"
_CITY = "泰州市—咸阳市"
COUNTY = "靖江市—永寿县"

UPPER = [
    Node("江苏省", "陕西省", "省际", None, _FIRST_DAY, notes="示例：苏陕协作始于1996年，本示例自2017年1月1日记起"),
    Node("泰州市", "咸阳市", "市际", _OVER, _FIRST_DAY, notes="示例：结对日期取2017年1月1日"),
    Node("靖江市", "永寿县", "县际", _CITY, _FIRST_DAY, notes="示例：2017年结对，日期取1月1日"),
]

_TOWN_AGREEMENT = "《结对乡镇扶贫协作协议（示例）》"
_EARLY_TOWNS = [("靖城街道", "监军街道"), ("新桥镇", "店头镇"), ("斜桥镇", "常宁镇")]
_LATER_TOWNS = [("季市镇", "甘井镇"), ("生祠镇", "马坊镇"), ("马桥镇", "渠子镇"), ("西来镇", "永平镇")]

TOWNS = [Node(east, west, "镇镇", COUNTY, date(2017, 5, 10)) for east, west in _EARLY_TOWNS] + [
    Node(east, west, "镇镇", COUNTY, date(2018, 5, 8), agreement=_TOWN_AGREEMENT) for east, west in _LATER_TOWNS
]


def stem(town: str) -> str:
    """A town's name without the word for its kind."""
    return town.removesuffix("街道").removesuffix("镇")


def _village(town: Node, letter: str, since: date) -> Node:
    east, west = (f"{stem(place)}示例村{letter}" for place in (town.east, town.west))
    return Node(east, west, "村村", town.name, since)


_VILLAGE_SINCE = {"甲": date(2018, 6, 20), "乙": date(2019, 4, 16), "丙": date(2019, 4, 16), "丁": date(2020, 7, 1)}

# The first pair of villages was a trial directly under the county. A pairing never moves: this one was closed, and
# when the towns took their villages on, the same two sides were paired anew under their towns.
PILOT = Node(
    "靖城示例村甲", "监军示例村甲", "村村", COUNTY, date(2017, 6, 1), closed=date(2017, 12, 31), notes="示例：试点"
)

VILLAGES = [PILOT] + [_village(town, letter, since) for letter, since in _VILLAGE_SINCE.items() for town in TOWNS]

_SCHOOL_KINDS = ("小学甲", "小学乙", "中学甲", "中学乙", "职业学校", "幼儿园")
SCHOOLS = [Node(f"靖江示例{kind}", f"永寿示例{kind}", "校校", COUNTY, date(2018, 6, 20)) for kind in _SCHOOL_KINDS]
HOSPITALS = [
    Node(f"靖江示例医院{letter}", f"永寿示例医院{letter}", "院院", COUNTY, date(2018, 6, 20)) for letter in "甲乙丙"
]


def _enterprise(order: int) -> Node:
    """The firms take the towns in turn: 乙 villages in the first round, 丙 villages in the second."""
    again, place = divmod(order, len(TOWNS))
    firm = f"示例{('农业', '机械', '食品', '纺织')[order % 4]}公司{'甲乙丙'[order // 4]}"
    village = f"{stem(TOWNS[place].west)}示例村{'乙丙'[again]}"
    since = date(2019, 5, 20) if order < 6 else date(2020, 7, 1)
    return Node(firm, village, "企村", TOWNS[place].name, since)


ENTERPRISES = [_enterprise(order) for order in range(12)]
SOCIAL = [
    Node(f"靖江示例{kind}", f"永寿示例{kind}", "社会组织", COUNTY, date(2019, 5, 20))
    for kind in ("商会", "慈善会", "志愿者协会", "农技协会")
]

# Every pairing below the county, in the order of the levels.
BELOW = [*TOWNS, *VILLAGES, *SCHOOLS, *HOSPITALS, *ENTERPRISES, *SOCIAL]
NODES = {node.name: node for node in [*UPPER, *BELOW]}


def open_at(level: str, day: date) -> list[Node]:
    """The pairings of a level below the county that are in force on a day."""
    return [node for node in BELOW if node.level == level and node.open_on(day)]
