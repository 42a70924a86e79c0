"""The sheets of the sample's workbooks: field codes and the headings a clerk reads (the ledgers' own words)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

WAN = "(万元)"


@dataclass(frozen=True)
class Sheet:
    """One ledger as a sheet: its name and, in order, field code -> heading. 万元 in a heading is its cells' unit."""

    title: str
    columns: dict[str, str]


_NOTES = {"notes": "备注", "evidence": "佐证材料"}
_COMMON = {"pairing": "结对关系", **_NOTES}

SHEETS: dict[str, Sheet] = {
    # A pairing stands under its 上级结对, so it has no column 结对关系 of its own.
    "pairings": Sheet(
        "结对关系台账",
        {
            "east": "东部方",
            "west": "西部方",
            "level": "层级",
            "parent": "上级结对",
            "since": "结对日期",
            "until": "终止日期",
            "agreement": "协议",
        }
        | _NOTES,
    ),
    "organisations": Sheet(
        "单位名录",
        {
            "name": "名称",
            "kind": "类型",
            "place": "所在地",
            "credit_code": "统一社会信用代码",
            "members": "成员",
        }
        | _COMMON,
    ),
    "meetings": Sheet(
        "会议台账",
        {
            "occurred_on": "日期",
            "title": "会议名称",
            "kind": "类型",
            "place": "地点",
            "host": "承办方",
            "attendees": "出席人员",
            "agenda": "议程",
        }
        | _COMMON,
    ),
    "agreements": Sheet(
        "协议台账",
        {
            "title": "协议名称",
            "kind": "类型",
            "signed_on": "签订日期",
            "start": "起始日期",
            "end": "终止日期",
            "meeting": "签订会议",
        }
        | _COMMON,
    ),
    # A target's pairing is its 承担单位.
    "targets": Sheet(
        "目标任务分解表",
        {
            "agreement": "协议名称",
            "measure": "指标",
            "quantity": "目标值",
            "year": "年度",
            "node": "承担单位",
            "since": "生效日期",
            "amends": "变更说明",
        }
        | _NOTES,
    ),
    "resolutions": Sheet(
        "议定事项台账",
        {
            "meeting": "会议名称",
            "text": "事项",
            "owner": "责任单位",
            "due": "完成时限",
            "done_on": "完成日期",
            "measure": "关联指标",
        }
        | _COMMON,
    ),
    "frameworks": Sheet("工作机制", {"name": "名称", "applies_to": "适用对象", "items": "事项"} | _COMMON),
    "honours": Sheet(
        "荣誉台账",
        {
            "title": "荣誉名称",
            "level": "级别",
            "issuer": "授予单位",
            "awarded_on": "日期",
            "recipient": "获奖对象",
        }
        | _COMMON,
    ),
    "opening": Sheet(
        "期初数台账", {"measure": "指标", "until": "截至日期", "value": "数值", "source": "来源文件"} | _COMMON
    ),
    "visits": Sheet(
        "互访台账",
        {
            "occurred_on": "日期",
            "direction": "方向",
            "level": "层级",
            "purpose": "事由",
            "leader": "带队领导",
            "leader_title": "职务",
            "people": "人数",
            "days": "天数",
            "places": "考察点",
        }
        | _COMMON,
    ),
    "secondments": Sheet(
        "干部人才选派台账",
        {
            "name": "姓名",
            "id_number": "身份证号",
            "direction": "方向",
            "category": "类别",
            "home_org": "派出单位",
            "host_org": "接收单位",
            "post": "岗位",
            "start": "起始日期",
            "end": "结束日期",
            "stay": "时长",
        }
        | _COMMON,
    ),
    "projects": Sheet(
        "项目台账",
        {
            "code": "项目编号",
            "name": "项目名称",
            "kind": "类型",
            "sector": "细分",
            "place": "实施地点",
            "owner": "实施单位",
            "approval": "批复文号",
            "approved_on": "立项日期",
            "planned_aid": "计划协作资金" + WAN,
            "other_funds": "其他资金" + WAN,
            "started_on": "开工日期",
            "completed_on": "完工日期",
            "accepted_on": "验收日期",
            "handed_over_on": "移交日期",
            "asset_class": "资产类别",
            "households": "带动户数",
            "people": "带动人数",
            "lifted_households": "其中脱贫户",
            "lifted_people": "其中脱贫人口",
            "linkage": "联农带农方式",
        }
        | _COMMON,
    ),
    "receipts": Sheet(
        "财政协作资金到账台账",
        {
            "received_on": "到账日期",
            "source": "来源",
            "payer": "拨款单位",
            "amount": "金额" + WAN,
            "document": "文号",
            "year": "资金年度",
        }
        | _COMMON,
    ),
    "donations": Sheet(
        "社会捐赠台账",
        {
            "pledged_on": "认捐日期",
            "received_on": "到账日期",
            "donor": "捐赠方",
            "donor_type": "类型",
            "kind": "形式",
            "amount": "金额(折价)",
            "goods": "物资名称",
            "recipient": "受赠方",
            "purpose": "用途",
            "receipt": "票据号",
        }
        | _COMMON,
    ),
    "twin_support": Sheet(
        "镇村结对帮扶台账",
        {
            "occurred_on": "日期",
            "name": "结对帮扶项目",
            "level": "层级",
            "east_unit": "东部单位",
            "west_unit": "西部单位",
            "households": "受益户数",
            "person_times": "受益人次",
            "amount": "投入资金" + WAN,
        }
        | _COMMON,
    ),
}


def row(ledger: str, **values: object) -> dict[str, object]:
    """A sheet's row, heading -> value, from values by field code; what is not given stays blank, 备注 says 示例.

    Money is given in 元 and comes out in its heading's unit. KeyError for a field that the sheet has not.
    """
    columns = SHEETS[ledger].columns
    unknown = values.keys() - columns.keys()
    if unknown:
        raise KeyError(f"{ledger}: {sorted(unknown)}")
    given = {"notes": "示例", **values}
    return {heading: _in_unit(heading, given.get(field)) for field, heading in columns.items()}


def _in_unit(heading: str, value: object) -> object:
    if heading.endswith(WAN) and isinstance(value, int | Decimal):
        return Decimal(value) / 10_000
    return value
