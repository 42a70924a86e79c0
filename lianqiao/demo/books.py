"""Writes the sample programme as an office would hand it over: workbooks, and beside them the evidence they name.

The same bytes each time: nothing in a file depends on the clock or on who runs it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import cast

import xlsxwriter

from lianqiao.demo.rows.batch import Batch, Correction, Row
from lianqiao.demo.rows.headings import SHEETS
from lianqiao.workbooks.drafts import EVIDENCE_FOLDER
from lianqiao.workbooks.writing import Cell, put, wide

_NARROWEST, _WIDEST = 8, 48
# The kind of paper, the last part of its file's name -> what such a paper tells of a row.
_TOLD = {
    "通知": ("日期", "方向", "事由", "人数"),
    "会议纪要": ("日期", "会议名称", "地点", "出席人员", "议程"),
    "协议文本": ("协议名称", "签订日期", "起始日期", "终止日期", "签订会议"),
    "表彰文件": ("荣誉名称", "授予单位", "日期", "获奖对象"),
    "来源文件": ("指标", "截至日期", "数值"),
    "选派文件": ("姓名", "方向", "类别", "派出单位", "接收单位", "岗位", "起始日期"),
    "批复": ("项目编号", "项目名称", "实施地点", "实施单位", "批复文号", "立项日期", "计划协作资金(万元)"),
    "验收单": ("项目编号", "项目名称", "完工日期", "验收日期"),
    "到账凭证": ("到账日期", "来源", "拨款单位", "金额(万元)", "文号"),
    "捐赠协议": ("捐赠方", "形式", "物资名称", "金额(折价)", "受赠方", "用途"),
    "票据": ("票据号", "到账日期", "捐赠方", "金额(折价)"),
    "交接单": ("票据号", "到账日期", "捐赠方", "物资名称", "金额(折价)", "受赠方"),
    "开班通知": ("开班日期", "班次名称", "地点", "主办单位", "培训人次"),
    "下达文件": ("下达日期", "项目编号", "金额(万元)", "下达文号"),
    "支付凭证": ("凭证号", "支付日期", "项目编号", "收款单位", "金额"),
    "共建协议": ("园区名称", "类型", "东部共建方", "西部共建方", "共建日期"),
    "投资协议": ("企业名称", "行业", "来源地", "协议投资额(万元)", "落地日期"),
    "验资材料": ("佐证", "到位日期", "金额(万元)"),
    "花名册": ("姓名", "就业单位", "就业地区", "入职日期"),
    "回访记录": ("回访日期", "就业编号", "是否在岗", "诉求"),
    "车间认定文件": ("名称", "类型", "地点", "认定日期", "吸纳就业"),
    "招聘通知": ("日期", "名称", "地点", "方式", "提供岗位"),
    "产品认定文件": ("认定编号", "产品名称", "生产单位", "认定日期"),
    "设点协议": ("名称", "类型", "地点", "开设日期"),
    "发票": ("发票号", "日期", "产品", "供货方", "采购方", "数量", "金额"),
    "创建方案": ("村名", "所属镇", "启动日期", "创建事项"),
    "合作协议": ("合作事项", "领域", "东部单位", "西部单位", "启动日期", "内容"),
    # What is known of a household beyond this stands in no paper that anybody could publish.
    "公示": ("户编号", "所在村", "识别日期"),
    "签收单": ("户编号", "日期", "走访人", "慰问形式", "折价"),
    "名册": ("日期", "结对帮扶项目", "东部单位", "西部单位", "受益户数", "受益人次"),
}


def write(programme: Iterable[Batch | Correction], folder: Path) -> list[Path]:
    """Writes every batch as a workbook into `folder` and its evidence into 佐证材料 below it.

    Returns the workbooks and then the evidence files, in the order of the programme. Corrections leave no file.
    """
    batches = [step for step in programme if isinstance(step, Batch)]
    evidence = folder / EVIDENCE_FOLDER
    evidence.mkdir(parents=True, exist_ok=True)
    books = [_write_book(batch, folder / batch.file) for batch in batches]
    return books + [_write_evidence(paper, evidence) for paper in _papers(batches)]


def _write_book(batch: Batch, path: Path) -> Path:
    """One sheet named for its ledger; row 1 is the header."""
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"title": path.stem, "author": "示例", "created": batch.recorded_at.replace(tzinfo=None)})
        sheet = book.add_worksheet(SHEETS[batch.ledger].title)
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        day, money = (book.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "#,##0.00####"))
        for column, heading in enumerate(batch.rows[0]):
            values = [cast(Cell, row[heading]) for row in batch.rows]
            sheet.set_column(column, column, _width([heading, *values]))
            sheet.write_string(0, column, heading, bold)
            for row, value in enumerate(values, start=1):
                put(sheet, (row, column), value, {date: day, Decimal: money}.get(type(value)))
    return path


def _width(values: Iterable[object]) -> int:
    """Wide enough for the longest value, within reason."""
    longest = max(wide(_shown(value)) for value in values)
    return min(max(longest + 2, _NARROWEST), _WIDEST)


def _shown(value: object) -> str:
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


@dataclass
class Paper:
    """An evidence file and the rows that name it."""

    name: str
    cited_by: list[Row]


def _papers(batches: Iterable[Batch]) -> list[Paper]:
    found: dict[str, Paper] = {}
    for batch in batches:
        for row in batch.rows:
            for name in filter(None, str(row["佐证材料"] or "").split("；")):
                found.setdefault(name, Paper(name, [])).cited_by.append(row)
    return list(found.values())


def _write_evidence(paper: Paper, folder: Path) -> Path:
    path = folder / paper.name
    text = _sign_in_sheet(paper) if paper.name.endswith(".csv") else _letter(paper)
    # The byte order mark lets Excel read Chinese in a csv, and Notepad in a text.
    path.write_bytes(text.encode("utf-8-sig"))
    return path


def _letter(paper: Paper) -> str:
    """What a paper says, line by line: what it is, that it is an example, and what it tells of the rows behind it."""
    kind = Path(paper.name).stem.rpartition("-")[2]
    lines = [f"{kind}（示例）", "本文件为示例数据所附，内容均为虚构。"]
    for order, row in enumerate(paper.cited_by, start=1):
        lines += ["", f"第{order}项"]
        lines += [f"{heading}：{_shown(row[heading])}" for heading in _TOLD[kind] if row[heading] is not None]
    return "\n".join([*lines, ""])


def _sign_in_sheet(paper: Paper) -> str:
    """One line for each person who came, so that the count can be checked against the row."""
    row = paper.cited_by[0]
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(["序号", "姓名", "日期", "说明"])
    day = row.get("日期") or row["开班日期"]
    lines.writerows([number, f"示例人员{number:02d}", day, "示例"] for number in range(1, _people(row) + 1))
    return out.getvalue()


def _people(row: Row) -> int:
    """How many came: 人数 of a visit, 培训人次 of a course, or the number in a meeting's 出席人员 (…等26人)."""
    return int(re.findall(r"\d+", str(row.get("人数") or row.get("培训人次") or row["出席人员"]))[-1])
