"""Frameworks, honours and opening balances: the small ledgers of the structure."""

from __future__ import annotations

from datetime import date

from lianqiao.demo.rows.batch import Batch, Row, Side, workbook
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.tree import COUNTY, UPPER

_FRAMEWORK_NOTES = "示例：名称据公开报道，事项为示例，请按实际修改"

_FRAMEWORKS = [
    ("1+X", "市县", "1：每年召开联席会议（示例）；X：部门对接（示例）；X：人才互派（示例）；X：资金项目（示例）"),
    (
        "5+N",
        "镇村",
        "一次互访（示例）；一个结对项目（示例）；一场培训（示例）；一批岗位（示例）；一次慰问（示例）；N：各镇自选（示例）",
    ),
    (
        "五个一",
        "经济合作",
        "一个园区（示例）；一批企业（示例）；一个车间（示例）；一个专柜（示例）；一场招商活动（示例）",
    ),
]
_VILLAGE_FRAMEWORK = (
    "三个一",
    "示范村",
    "一个规划（示例）；一项主导产业（示例）；一支帮扶队伍（示例）",
)


def _framework(name: str, applies_to: str, items: str) -> Row:
    return row("frameworks", name=name, applies_to=applies_to, items=items, pairing=COUNTY, notes=_FRAMEWORK_NOTES)


def _honour(title: str, issuer: str, on: date, recipient: str, notes: str) -> Row:
    return row(
        "honours",
        title=title,
        level="国家级",
        issuer=issuer,
        awarded_on=on,
        recipient=recipient,
        pairing=COUNTY,
        notes=notes,
        evidence=f"示例-荣誉-{title}-表彰文件.txt",
    )


_CASE = _honour(
    "全国扶贫协作典型案例",
    "国家级评选（示例）",
    date(2020, 11, 18),
    "“5+N”帮扶模式",
    "示例：荣誉据公开报道，授予单位与日期为示例",
)
_TEAM = _honour(
    "全国脱贫攻坚先进集体",
    "中共中央、国务院",
    date(2021, 2, 25),
    "靖江驻永寿工作联络组",
    "示例：荣誉据公开报道，日期为示例",
)


def _opening(measure: str, until: date, value: int, source: str, pairing: str) -> Row:
    return row(
        "opening",
        measure=measure,
        until=until,
        value=value,
        source=source,
        pairing=pairing,
        evidence=f"示例-期初数-{source.removesuffix('（示例）')}-来源文件.txt",
    )


_MEETINGS = _opening("meetings.total", date(2017, 2, 28), 3, "结对初期会议登记簿（示例）", COUNTY)
_CADRES = _opening("cadres.seconded", date(2017, 2, 28), 386, "历年干部选派情况总结（示例）", UPPER[0].name)


def batches() -> list[Batch]:
    east = Side.EAST
    return [
        workbook("frameworks", "2019年", date(2019, 11, 6), east, [_framework(*values) for values in _FRAMEWORKS]),
        workbook("frameworks", "2021年", date(2021, 6, 10), east, [_framework(*_VILLAGE_FRAMEWORK)]),
        workbook("honours", "2020年", date(2020, 11, 20), east, [_CASE]),
        workbook("honours", "2021年", date(2021, 3, 1), east, [_TEAM]),
        workbook("opening", "2017年", date(2017, 4, 26), east, [_MEETINGS, _CADRES]),
    ]
