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
    "trainings": Sheet(
        "培训台账",
        {
            "start": "开班日期",
            "title": "班次名称",
            "category": "类别",
            "place": "地点",
            "organiser": "主办单位",
            "person_times": "培训人次",
            "days": "天数",
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
    "allocations": Sheet(
        "资金安排台账",
        {
            "allocated_on": "下达日期",
            "project": "项目编号",
            "amount": "金额" + WAN,
            "document": "下达文号",
            "year": "资金年度",
        }
        | _COMMON,
    ),
    "payments": Sheet(
        "资金支付台账",
        {
            "paid_on": "支付日期",
            "project": "项目编号",
            "payee": "收款单位",
            "amount": "金额",
            "voucher": "凭证号",
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
    "parks": Sheet(
        "共建园区台账",
        {
            "name": "园区名称",
            "kind": "类型",
            "east_zone": "东部共建方",
            "west_zone": "西部共建方",
            "started_on": "共建日期",
            "area": "面积(亩)",
            "place": "地点",
        }
        | _COMMON,
    ),
    "enterprises": Sheet(
        "引进企业台账",
        {
            "name": "企业名称",
            "credit_code": "统一社会信用代码",
            "sector": "行业",
            "origin": "来源地",
            "park": "入驻园区",
            "agreed": "协议投资额" + WAN,
            "paid_in": "实际到位投资额" + WAN,
            "landed_on": "落地日期",
            "producing_on": "投产日期",
            "jobs": "吸纳就业",
            "lifted_jobs": "其中脱贫人口",
        }
        | _COMMON,
    ),
    "investments": Sheet(
        "到位资金台账",
        {
            "paid_on": "到位日期",
            "credit_code": "统一社会信用代码",
            "amount": "金额" + WAN,
            "document": "佐证",
        }
        | _COMMON,
    ),
    "jobs": Sheet(
        "转移就业台账",
        {
            "name": "姓名",
            "id_number": "身份证号",
            "village": "户籍村",
            "lifted": "是否脱贫(监测)人口",
            "employer": "就业单位",
            "destination": "就业地区",
            "started_on": "入职日期",
            "left_on": "离职日期",
            "channel": "渠道",
            "wage": "月工资",
        }
        | _COMMON,
    ),
    "retention": Sheet(
        "稳岗回访台账",
        {
            "checked_on": "回访日期",
            "number_of_job": "就业编号",
            "in_post": "是否在岗",
            "months": "稳岗月数",
            "need": "诉求",
        }
        | _COMMON,
    ),
    "workshops": Sheet(
        "帮扶车间台账",
        {
            "name": "名称",
            "kind": "类型",
            "place": "地点",
            "recognised_on": "认定日期",
            "withdrawn_on": "退出日期",
            "jobs": "吸纳就业",
            "lifted_jobs": "其中脱贫人口",
        }
        | _COMMON,
    ),
    "jobfairs": Sheet(
        "招聘会台账",
        {
            "held_on": "日期",
            "title": "名称",
            "place": "地点",
            "mode": "方式",
            "employers": "参会企业",
            "vacancies": "提供岗位",
            "intents": "达成意向",
        }
        | _COMMON,
    ),
    "products": Sheet(
        "帮扶产品台账",
        {
            "name": "产品名称",
            "producer": "生产单位",
            "certificate": "认定编号",
            "recognised_on": "认定日期",
            "households": "带动户数",
        }
        | _COMMON,
    ),
    "outlets": Sheet(
        "专柜专区专馆台账",
        {
            "name": "名称",
            "kind": "类型",
            "place": "地点",
            "opened_on": "开设日期",
            "closed_on": "关闭日期",
        }
        | _COMMON,
    ),
    "sales": Sheet(
        "消费帮扶台账",
        {
            "sold_on": "日期",
            "product": "产品",
            "category": "类别",
            "seller": "供货方",
            "buyer": "采购方",
            "buyer_type": "类型",
            "channel": "渠道",
            "mode": "方式",
            "quantity": "数量",
            "amount": "金额",
            "invoice": "发票号",
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
    "demo_villages": Sheet(
        "乡村振兴示范村台账",
        {
            "village": "村名",
            "town": "所属镇",
            "started_on": "启动日期",
            "recognised_on": "命名日期",
            "amount": "投入资金" + WAN,
            "checklist": "创建事项",
        }
        | _COMMON,
    ),
    "joint_programmes": Sheet(
        "领域合作台账",
        {
            "started_on": "启动日期",
            "name": "合作事项",
            "field": "领域",
            "east_unit": "东部单位",
            "west_unit": "西部单位",
            "content": "内容",
            "ended_on": "结束日期",
        }
        | _COMMON,
    ),
    "monitored": Sheet(
        "监测对象台账",
        {
            "code": "户编号",
            "head": "户主",
            "id_number": "身份证号",
            "village": "所在村",
            "category": "类别",
            "people": "人口数",
            "identified_on": "识别日期",
            "risk": "风险类型",
            "measures": "帮扶措施",
            "cleared_on": "风险消除日期",
        }
        | _COMMON,
    ),
    "home_visits": Sheet(
        "走访慰问台账",
        {
            "visited_on": "日期",
            "household": "户编号",
            "visitor": "走访人",
            "form": "慰问形式",
            "value": "折价",
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
