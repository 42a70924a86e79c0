"""单位名录: the offices, and every organisation that a pairing names, recorded just before the pairing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lianqiao.demo.rows.batch import Batch, Correction, Row, Side, correction, workbook
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.identity import credit_code
from lianqiao.demo.rows.pairings import days
from lianqiao.demo.rows.tree import COUNTY, ENTERPRISES, TOWNS, Node, stem

LEDGER = "organisations"

_HOME = {Side.EAST: "靖江市", Side.WEST: "永寿县"}

_TEAM = "靖江驻永寿工作联络组"
_FIRST_TEAM = "示例甲 组长 2017-01-05 至今；示例乙 组员 2017-01-05 至今"
_LATER_TEAMS = {
    date(2019, 5, 13): (
        "示例甲 组长 2017-01-05 2019-05-10；示例乙 组员 2017-01-05 2019-05-10；"
        "示例丙 组长 2019-05-10 至今；示例丁 组员 2019-05-10 至今"
    ),
    date(2021, 5, 12): (
        "示例甲 组长 2017-01-05 2019-05-10；示例乙 组员 2017-01-05 2019-05-10；"
        "示例丙 组长 2019-05-10 2021-05-10；示例丁 副组长 2019-05-10 至今；示例戊 组长 2021-05-10 至今"
    ),
}

_OFFICES: dict[Side, tuple[tuple[str, str, str, str | None], ...]] = {
    Side.EAST: (
        ("靖江市对口协作办公室（示例）", "党政机关", "靖江市", None),
        (_TEAM, "工作联络组", "永寿县", _FIRST_TEAM),
        ("靖江经济技术开发区（示例）", "园区", "靖江市", None),
        ("靖江市教育部门（示例）", "党政机关", "靖江市", None),
        ("靖江市卫生健康部门（示例）", "党政机关", "靖江市", None),
    ),
    Side.WEST: (
        ("永寿县苏陕协作办公室（示例）", "党政机关", "永寿县", None),
        ("永寿县示例产业园", "园区", "永寿县", None),
        ("永寿县教育部门（示例）", "党政机关", "永寿县", None),
        ("永寿县卫生健康部门（示例）", "党政机关", "永寿县", None),
        ("永寿县乡村振兴部门（示例）", "党政机关", "永寿县", None),
    ),
}

_KINDS = {"村村": "村集体", "校校": "学校", "院院": "医院", "企村": "企业", "社会组织": "社会组织"}


def _offices(side: Side) -> Iterator[Row]:
    for name, kind, place, members in _OFFICES[side]:
        notes = "示例：成员为虚构" if members else "示例"
        yield row(LEDGER, name=name, kind=kind, place=place, members=members, pairing=COUNTY, notes=notes)


def _party(node: Node, side: Side) -> Row | None:
    """The pairing's side as an organisation; None for towns, and for a firm's village, which is listed already."""
    firm = node.level == "企村"
    if node.level not in _KINDS or (firm and side is Side.WEST):
        return None
    return row(
        LEDGER,
        name=node.east if side is Side.EAST else node.west,
        kind=_KINDS[node.level],
        place=_HOME[side] + (_town(node, side) if node.level == "村村" else ""),
        credit_code=credit_code(ENTERPRISES.index(node) + 1) if firm else None,
        pairing=COUNTY,
    )


def _town(node: Node, side: Side) -> str:
    """The town that a pair's village lies in, by the village's name."""
    town = next(town for town in TOWNS if node.east.startswith(stem(town.east)))
    return town.east if side is Side.EAST else town.west


def batches() -> list[Batch]:
    """Each organisation once, by its own side."""
    made = [workbook(LEDGER, "2017年1月", date(2017, 1, 5), side, _offices(side)) for side in Side]
    listed: set[object] = set()
    for day, nodes in days().items():
        for side in Side:
            parties = [party for node in nodes if (party := _party(node, side)) and party["名称"] not in listed]
            listed.update(party["名称"] for party in parties)
            if parties:
                made.append(workbook(LEDGER, f"{day.year}年{day.month}月", day, side, parties))
    return made


def corrections() -> list[Correction]:
    """The liaison team's changes of people."""
    return [
        correction(day, LEDGER, Side.EAST, {"name": _TEAM}, {"members": members}, "联络组人员轮换")
        for day, members in _LATER_TEAMS.items()
    ]
