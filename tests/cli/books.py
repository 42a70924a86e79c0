"""Workbooks as a clerk would fill them in, written for one test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

Row = Mapping[str, Any]
COUNTY = "靖江-永寿"
DAY = date(2021, 10, 12)
ID_NUMBER = "990000198001010012"


def book(path: Path, *rows: Row, sheet: str = "台账") -> Path:
    """A workbook of one sheet: the headings of all rows in row 1, the rows below it. A value of None is an empty cell."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as made:
        page = made.add_worksheet(sheet)
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, headings)
        for at, row in enumerate(rows, start=1):
            for column, heading in enumerate(headings):
                write(page, (at, column), row.get(heading), day)
    return path


def write(page: Any, at: Sequence[int], value: Any, day: Any) -> None:
    if isinstance(value, date):
        page.write_datetime(*at, value, day)
    elif isinstance(value, str):
        page.write_string(*at, value)
    elif value is not None:
        page.write_number(*at, value)


def trip(**more: Any) -> dict[str, Any]:
    """A good row of 互访台账."""
    told = {
        "日期": DAY,
        "方向": "东部赴西部",
        "事由": "示例对接",
        "带队领导": "示例领队",
        "人数": 9,
        "结对关系": COUNTY,
    }
    return told | more


def posting_of(**more: Any) -> dict[str, Any]:
    """A good row of 干部人才选派台账."""
    told = {
        "姓名": "示例乙", "身份证号": ID_NUMBER, "方向": "东部派往西部", "类别": "教育", "派出单位": "示例学校",
        "接收单位": "永寿县中学", "起始日期": date(2021, 3, 1), "结对关系": COUNTY,
    }  # fmt: skip
    return told | more


def twinning(**more: Any) -> dict[str, Any]:
    """A good row of 结对关系台账."""
    told = {"东部方": "生祠镇", "西部方": "甘井镇", "层级": "镇镇", "上级结对": COUNTY, "结对日期": date(2020, 1, 1)}
    return told | more
