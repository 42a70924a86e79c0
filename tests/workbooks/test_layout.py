"""Headings, headers, units and years: how a sheet is laid out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from lianqiao.workbooks import layout
from lianqiao.workbooks.layout import (
    Layout,
    Vocabulary,
    find,
    line_units,
    normal,
    only_year,
    sheet_year,
    title_year,
    units,
)
from tests.workbooks.ledgers import LEDGERS
from tests.workbooks.makers import VISITS


def named(ledger: str, heading: str) -> set[str]:
    return {field for _, field in Vocabulary(LEDGERS[ledger]).fields(normal(heading))}


def columns(where: Layout | None) -> dict[str, int]:
    assert where is not None
    return {placed.column.field: placed.index for placed in where.placed}


def laid(rows: Sequence[Sequence[Any]], ledger: str = "visits", name: str = "表", merges: Any = ()) -> Layout | None:
    return find(rows, LEDGERS[ledger], name, merges)


# Headings (rule 15) ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("日 期", "日期"),
        ("下达\n日期", "下达日期"),
        ("人数（人）", "人数"),
        ("金额（折价）（元）", "金额"),
        ("专柜（专区、专馆）名称", "专柜名称"),
        ("其中：脱贫人口", "其中脱贫人口"),
        ("*姓名", "姓名"),
        ("1.姓名", "姓名"),
        ("金额/万元", "金额"),
        ("到账金额万元", "到账金额"),
        ("金额[万元]", "金额"),
        ("金额（万元", "金额"),
        ("（备注）", ""),
        ("完工日期（计划）", "完工日期计划"),
        ("其它资金", "其他资金"),
    ],
)
def test_a_heading_is_compared_by_its_words(heading: str, words: str) -> None:
    assert normal(heading) == words


@pytest.mark.parametrize("code", LEDGERS)
def test_every_column_is_known_by_its_own_heading(code: str) -> None:
    ledger = LEDGERS[code]
    words = Vocabulary(ledger)
    headings = {index: [normal(column.heading)] for index, column in enumerate(ledger.columns)}
    assert words.place(headings) == {column.field: index for index, column in enumerate(ledger.columns)}


@pytest.mark.parametrize("code", LEDGERS)
def test_the_table_of_names_holds_every_heading_of_every_ledger(code: str) -> None:
    common = {"pairing", "notes", "evidence", "number"}
    own = [column for column in LEDGERS[code].columns if column.field not in common]
    known = layout._synonyms()
    assert [c.field for c in own if not known[code, c.field].fullmatch(normal(c.heading))] == []


# Independent of synonyms.tsv: what one would expect an office to write.
EVERYDAY = """
visits occurred_on 日期（年/月/日） 互访时间 出访日期 考察时间 来访时间 时间
visits direction 互访方向 出访方向
visits purpose 互访事由 主要内容 活动主题
visits leader 带队领导姓名 带队人 领队 团长
visits people 出访人数 人次 参加人数
visits days 历时（天）
visits places 考察地点 走访点位
meetings title 会议主题
meetings kind 会议类别
meetings attendees 参会人员
secondments host_org 挂职（支援）单位 派往单位 受援单位
secondments start 开始时间 挂职起始时间 到岗时间
secondments end 结束时间 期满时间
secondments id_number 身份证号码 公民身份号码
trainings person_times 培训人数 参训人次
trainings title 办班名称 培训班名称 培训班次
projects completed_on 实际完工日期 竣工时间
projects planned_aid 协作资金（万元） 计划投入协作资金
projects households 户数 受益户数
projects lifted_people 其中：脱贫人口 脱贫人口
receipts received_on 到账时间 收款日期
receipts amount 到账金额（万元） 到账资金
receipts year 年度 资金所属年度
allocations allocated_on 下达时间
payments amount 支付金额 本次支付金额
payments voucher 记账凭证 记账凭证号
donations donor 捐赠单位（个人） 捐赠人
donations donor_type 捐赠方类型
donations kind 捐赠类型 捐赠形式 捐赠方式
donations amount 捐赠总额 折款金额 金额（折价）（元） 捐赠金额
parks started_on 共建时间
enterprises agreed 协议投资
enterprises paid_in 实际到位
enterprises credit_code 信用代码 社会信用代码
jobs employer 企业名称 单位名称
jobs wage 月平均工资
jobs lifted 是否脱贫人口 是否属脱贫（监测）人口
jobs started_on 上岗时间 务工时间
retention in_post 目前是否在岗
workshops jobs 吸纳就业人数 带动就业人数
jobfairs vacancies 提供岗位数 岗位数量
sales amount 销售金额（元） 销售额
outlets name 专柜（专区、专馆）名称
products producer 企业名称
products households 带动农户（户）
twin_support level 结对层级
demo_villages town 镇（街道） 所在乡镇
monitored identified_on 识别监测时间 纳入时间
home_visits value 慰问金额（折价，元） 慰问金
honours recipient 获奖单位（个人）
agreements signed_on 签约时间
targets quantity 年度目标 任务数
resolutions due 时限要求
investments amount 本次到位
opening measure 统计指标
opening value 期初数
visits level 领导级别 带队领导级别 领导层级
visits occurred_on 到达时间 抵达日期 交流互访时间 考察对接时间
visits direction 赴访方向 交流互访方向
visits purpose 互访主要内容 开展活动
visits people 一行人数
visits days 在陕天数
visits places 考察项目 考察企业 主要行程 行程
meetings title 会议
meetings attendees 双方参会人员
secondments name 援陕人员姓名
secondments category 专业技术类别 支援类别 干部人才类别
secondments host_org 挂职地单位 派驻地单位 服务地单位
trainings start 培训起始时间 培训班开班时间
trainings place 举办地 培训举办地点
trainings organiser 培训承办单位
trainings person_times 培训规模（人次） 实际参训人次
projects code 项目库编码 统一编码
projects name 项目名 工程项目名称 协作项目名称
projects approval 文号
projects planned_aid 东部协作资金 计划安排苏陕资金 苏陕协作财政资金
projects linkage 联农带农情况
receipts received_on 拨付到账时间
receipts source 拨款级次 资金来源级别 来源类型 资金层级
receipts payer 资金来源单位 汇款人
receipts amount 本次到账金额 财政资金金额 到账数
receipts document 文件字号 依据文号 拨款依据文号
receipts year 所属资金年度 资金使用年度
allocations project 项目库编号
allocations amount 本次下达 下达数 安排数
payments project 项目库编号
payments payee 收款单位或个人 收款单位全称
payments amount 支付数
donations amount 折价总额
donations goods 物资名称规格
donations recipient 受益单位
donations receipt 公益事业捐赠票据号
parks name 园区名
parks started_on 开始共建时间 建设启动时间
enterprises name 落地企业 引进企业
enterprises credit_code 社会统一信用代码
enterprises sector 产业领域
enterprises park 所属园区
enterprises landed_on 签约落地时间
enterprises jobs 安排就业人数 现有用工
enterprises lifted_jobs 脱贫户就业人数
investments credit_code 社会统一信用代码
jobs name 务工人员 务工者
jobs village 所在村组 住址
jobs destination 就业地点类别 流向
jobs started_on 入岗时间
jobs left_on 结束务工时间 解除合同时间
retention checked_on 核实时间
retention number_of_job 就业台账号 就业信息编号
retention in_post 在岗状态
retention months 就业月数
retention need 问题和诉求
workshops place 所在乡镇村
workshops recognised_on 批准时间 获批认定时间
workshops jobs 现有务工人数 在岗人数
workshops lifted_jobs 脱贫务工人数
jobfairs title 招聘主题
jobfairs place 举办地
jobfairs vacancies 岗位 用工岗位数 推送岗位 就业岗位数
jobfairs intents 意向性协议
sales sold_on 订单日期 下单时间
sales buyer 客户名称 买方单位
sales amount 货款金额
outlets name 销售网点名称 展馆名称
outlets opened_on 建立时间 挂牌时间
products name 品名 认定产品 产品品名
products producer 经营主体 所属企业
products households 联农带农户数 带农户数
twin_support east_unit 东部参与单位
twin_support west_unit 西部参与单位
twin_support amount 捐助资金
demo_villages village 村级名称
demo_villages started_on 开始创建时间 启动建设时间
demo_villages recognised_on 验收命名时间 获评时间
demo_villages amount 资金投入额 投入苏陕资金
joint_programmes field 合作类别 领域类型
joint_programmes content 主要事项
monitored code 户码
monitored head 监测对象户主
monitored village 家庭所在村 行政村名称
monitored people 户人口 在册人口数 监测人口 监测人口数
monitored measures 已落实帮扶措施
home_visits visited_on 探望时间
home_visits household 慰问对象编号 走访对象编号
organisations name 机构 组织机构名称
organisations place 所属地 所在区域
pairings level 关系类型
pairings parent 上一级结对
pairings since 结对关系建立日期
pairings until 解除结对时间
agreements title 协议书名称 协议文本名称 协议名
agreements kind 协议分类
agreements start 有效期开始 有效期起始
agreements end 有效期截止 有效期限至
agreements meeting 签约仪式
targets agreement 协议书名称
targets measure 工作指标 目标任务名称 任务名称 任务内容
targets quantity 年度任务
resolutions meeting 会议标题
resolutions text 决议事项 任务事项 议定工作 工作任务
resolutions owner 落实责任单位
resolutions due 完成时间要求
resolutions measure 所属指标 对应目标指标 关联考核指标 涉及指标
frameworks applies_to 适用单位 适用主体
frameworks items 事项清单 包含事项
opening measure 指标项
opening source 资料来源 数据出处
honours title 称号名称
honours awarded_on 取得时间
honours recipient 荣誉获得者
"""


@pytest.mark.parametrize("line", EVERYDAY.strip().splitlines())
def test_everyday_names_count(line: str) -> None:
    ledger, field, *headings = line.split(" ")
    assert [h for h in headings if field not in named(ledger, h)] == []


OTHER = """
visits 天数（小时） 人数（百人） 序号 联系人 接待人数 陪同人数 随行人数 返回日期 计划人数 累计人次 填报日期 出访单位
meetings 出席人数 主持人 拟召开时间
secondments 拟任职务 性别 出生日期 职称 计划结束时间
trainings 培训时长（课时） 培训人次（万人次） 结业时间 计划培训人次 合格人数 培训经费
projects 计划开工日期 计划完工日期 预计竣工时间 总投资 累计支付 到位协作资金 项目负责人 建设性质 完工日期（计划）
receipts 累计到账金额 应到账金额 拨款日期 计划金额
allocations 计划下达时间 项目名称 累计下达 已支付金额 计划金额
payments 累计支付 合同金额 未付金额 计划支付金额 开户行
donations 捐赠对象 认捐金额 到账金额 数量 单价
enterprises 注册资本 计划投资额 预计投产时间 签约时间
jobs 工资（元/年） 年收入 合同期限 出生日期
workshops 车间面积 计划用工人数 累计带动人数
jobfairs 进场人数 签约人数 预计人数
sales 单价 累计金额 计划采购金额 发货日期
outlets 年销售额 计划开设时间
products 计划带动户数 有效期
twin_support 计划投入资金 累计资金
monitored 健康状况 预计消除时间 上年收入
honours 发文日期 申报时间
"""


def test_the_time_somebody_stays_is_not_the_day_of_asking() -> None:
    assert named("retention", "稳岗时间（月）") == {"months"}


@pytest.mark.parametrize("line", OTHER.strip().splitlines())
def test_other_columns_and_qualified_ones_are_not_ours(line: str) -> None:
    ledger, *headings = line.split()
    assert {h: named(ledger, h) for h in headings if named(ledger, h)} == {}


def test_the_ledger_s_own_heading_beats_another_name() -> None:
    assert columns(laid([["互访时间", "方向", "人数", "日期"]]))["occurred_on"] == 3


def test_a_telling_name_beats_a_general_one() -> None:
    assert columns(laid([["时间", "方向", "人数", "互访时间"]]))["occurred_on"] == 3


def test_of_two_equal_names_the_leftmost_wins() -> None:
    assert columns(laid([["方向", "人数", "出访时间", "互访时间"]]))["occurred_on"] == 2


def test_a_plain_number_is_the_project_s_own_where_it_has_no_better_one() -> None:
    assert columns(laid([["编号", "项目名称", "立项时间"]], "projects"))["code"] == 0
    both = columns(laid([["编号", "项目编号", "项目名称", "立项时间"]], "projects"))
    assert (both["number"], both["code"]) == (0, 1)


def test_a_plain_number_is_no_certificate() -> None:
    """Or else products named by their 编号, as exports show it, would be entered anew with CP-2019-0003 as certificate."""
    found = columns(laid([["编号", "产品名称", "生产单位", "认定日期"]], "products"))
    assert found == {"number": 0, "name": 1, "producer": 2, "recognised_on": 3}


# The header (rules 13, 14) --------------------------------------------------------------------------------------------


def test_the_header_names_two_required_columns() -> None:
    assert laid([["日期", "事由", "带队领导"]]) is None
    assert laid([["日期", "人数"]]) is not None


def test_the_header_is_the_first_such_row() -> None:
    where = laid([["互访台账"], ["填报单位：县协作办"], VISITS, ["2021-10-12"]])
    assert where is not None
    assert (where.first, where.last) == (2, 2)


@pytest.mark.parametrize(("above", "found"), [(29, True), (30, False)])
def test_the_header_begins_within_the_first_thirty_rows(above: int, found: bool) -> None:
    assert (laid([*[["台账"]] * above, VISITS]) is not None) is found


OWN = {
    code: [c.heading for c in ledger.columns if c.field not in ("pairing", "notes", "evidence", "number")]
    for code, ledger in LEDGERS.items()
}


@pytest.mark.parametrize("code", LEDGERS)
def test_the_sheet_of_a_ledger_is_a_header_of_that_ledger_only(code: str) -> None:
    found = {other for other in LEDGERS if laid([OWN[code]], other)}
    # A workshop and an outlet differ in one heading; the rows would then be refused for lack of a date.
    assert found - {"workshops"} == {code} - {"workshops"}
    assert code in found


def test_a_short_sheet_is_still_this_ledger_s() -> None:
    assert laid([["到位日期", "统一社会信用代码", "金额"]], "investments") is not None
    assert laid([["东部单位", "西部单位", "时间"]], "twin_support") is not None


def test_a_sheet_of_drop_down_words_is_no_header() -> None:
    assert laid([["渠道", "方式"], ["专柜", "采购"]], "sales") is None
    assert laid([["渠道", "方式", "日期"], ["专柜", "采购"]], "sales") is not None


def test_a_lower_heading_alone_does_not_beat_it_with_its_group() -> None:
    top = ["日期", "产品", None, "供货方", "采购方", None]
    low = [None, "名称", "类型", None, "名称", "类型"]
    found = columns(laid([top, low], "sales"))
    assert found == {"sold_on": 0, "product": 1, "category": 2, "seller": 3, "buyer": 4, "buyer_type": 5}


PAIR = [
    ["序号", "项目编号", "项目名称", "资金(万元)", None, "时间节点", None, None, "备注"],
    [None, None, None, "计划协作资金", "其他资金", "立项日期", "计划完工日期", "实际完工日期", None],
]


def test_a_pair_of_rows_is_read_together() -> None:
    where = laid([["项目台账"], *PAIR, [1, "YS-1", "甲", 5, 6, "2021-1-1", None, None, None]], "projects")
    assert where is not None
    assert (where.first, where.last) == (1, 2)
    assert columns(where) == {
        "code": 1, "name": 2, "planned_aid": 3, "other_funds": 4, "approved_on": 5, "completed_on": 7, "notes": 8,
    }  # fmt: skip
    assert {p.column.field: p.unit for p in where.placed if p.column.kind == "money"} == {
        "planned_aid": 10**4,
        "other_funds": 10**4,
    }


def test_merges_limit_how_far_a_group_reaches() -> None:
    top = ["项目编号", "项目名称", "计划", None, None]
    low = [None, None, "开工日期", "完工日期", "立项日期"]
    found = columns(laid([top, low], "projects", merges=[((0, 2), (0, 3))]))
    assert found == {"code": 0, "name": 1, "approved_on": 4}


def test_a_group_that_changes_the_meaning_holds_for_its_columns() -> None:
    top = ["项目编号", "项目名称", "计划", None, "实际", None]
    low = [None, None, "开工日期", "完工日期", "开工日期", "完工日期"]
    assert columns(laid([top, low], "projects")) == {"code": 0, "name": 1, "started_on": 4, "completed_on": 5}


@pytest.mark.parametrize(
    ("group", "low", "field"),
    [
        ("吸纳就业", "合计", "jobs"),
        ("吸纳就业", "其中:脱贫人口", "lifted_jobs"),
        ("吸纳就业（人）", "吸纳就业人数", "jobs"),
        ("投资额（万元）", "协议", "agreed"),
        ("投资额（万元）", "实际到位", "paid_in"),
        ("时间", "落地", "landed_on"),
        ("投产", "时间", "producing_on"),
    ],
)
def test_a_column_is_read_with_the_group_above(group: str, low: str, field: str) -> None:
    where = laid([["企业名称", "统一社会信用代码", group, None], [None, None, low, "其他"]], "enterprises")
    assert columns(where)[field] == 2


def test_of_two_columns_called_the_same_under_two_groups_neither_is_ours() -> None:
    top = ["到账日期", "来源", "2020年", None, "2021年", None]
    low = [None, None, "到账金额", "文号", "到账金额", "备注"]
    assert columns(laid([top, low], "receipts")) == {"received_on": 0, "source": 1, "document": 3, "notes": 5}
    alone = laid([top[:5], [None, None, "到账金额", None, "到账金额"]], "receipts")
    assert (columns(alone), alone and alone.last) == ({"received_on": 0, "source": 1}, 1)
    once = ["到账日期", "来源", "2020年资金", None], [None, None, "到账金额", "文号"]
    assert columns(laid(once, "receipts"))["amount"] == 2


def test_the_whole_and_its_part_under_a_group() -> None:
    top = ["项目编号", "项目名称", "带动户数", None, "带动人数", None]
    low = [None, None, "合计", "其中脱贫", "合计", "其中脱贫"]
    found = columns(laid([top, low], "projects"))
    assert found == {"code": 0, "name": 1, "households": 2, "lifted_households": 3, "people": 4, "lifted_people": 5}


def test_groups_alone_above_every_column_are_a_pair() -> None:
    top = ["基本情况", None, None, "资金(万元)", None]
    low = ["项目编号", "项目名称", "立项日期", "计划协作资金", "其他资金"]
    where = laid([["台账"], top, low], "projects")
    assert where is not None
    assert (where.first, where.last) == (1, 2)
    assert {p.unit for p in where.placed if p.column.kind == "money"} == {10**4}


def test_one_group_to_the_right_is_a_pair() -> None:
    where = laid(
        [["台账"], [None, None, None, "资金(万元)"], ["项目编号", "项目名称", "立项日期", "计划协作资金"]], "projects"
    )
    assert where is not None
    assert [p.unit for p in where.placed if p.column.kind == "money"] == [10**4]


@pytest.mark.parametrize(
    "title",
    [
        ["2021年互访台账"],
        ["互访登记"],
        ["填报单位：县协作办", None, None, None, "单位：万元"],
        [None, None, None, None, "单位：元"],
        [None, None, None, None, "2021年10月"],
        ["填报单位：县", None, "填报日期：2021年"],
    ],
)
def test_a_title_line_is_no_group_row(title: list[Any]) -> None:
    where = laid([title, VISITS, ["2021-10-12", "东部赴西部", "考察", "王例", 5, 2]])
    assert where is not None
    assert (where.first, where.last) == (1, 1)


def test_a_merged_title_is_no_group_row() -> None:
    where = laid([["互访情况"], VISITS], merges=[((0, 0), (0, 5))])
    assert where is not None
    assert where.first == 1


def test_a_data_row_of_words_is_no_lower_header() -> None:
    where = laid([["会议时间", "会议名称", "类型"], ["同上", "领导小组会议", "专题会议"]], "meetings")
    assert where is not None
    assert where.last == 0


def test_a_section_that_is_also_a_heading_is_no_lower_header() -> None:
    where = laid([["时间", "结对帮扶项目", "层级", "东部单位", "西部单位"], ["东部"], ["2021-1-1"]], "twin_support")
    assert where is not None
    assert (where.last, columns(where)["occurred_on"]) == (0, 0)


@pytest.mark.parametrize(("upper", "lower"), [("吸纳就业", "合计"), ("人数", "出访人数"), ("时间", "互访时间")])
def test_a_group_may_stand_over_one_column(upper: str, lower: str) -> None:
    ledger = "enterprises" if upper == "吸纳就业" else "visits"
    rest = ["企业名称", "统一社会信用代码"] if upper == "吸纳就业" else ["方向", "日期"]
    where = laid([[*rest, upper], [None, None, lower]], ledger)
    assert where is not None
    assert where.last == 1


@pytest.mark.parametrize(
    "numbering",
    [[1, 2, 3, 4, 5, 6], ["1", "2", "3", "4", "5", "6"], ["甲", "乙", "丙", "丁", "戊", "己"], ["甲", "乙", 1, 2, 3, 4],
     ["（1）", "（2）", "（3）", "（4）"], ["①", "②", "③"], ["栏次", 1, 2, 3]],
)  # fmt: skip
def test_a_row_that_counts_the_columns_belongs_to_the_header(numbering: list[Any]) -> None:
    where = laid([VISITS, numbering])
    assert where is not None
    assert where.last == 1


@pytest.mark.parametrize("row", [["2021-10-12", "东部赴西部"], [1, 3, 5], [1], [], [5, 4, 3]])
def test_other_rows_count_no_columns(row: list[Any]) -> None:
    assert not layout.is_numbering(row)


# Units and years (rules 30, 32) ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "found"),
    [
        ("金额（元）", {1}),
        ("金额（折价，万元）", {10**4}),
        ("资金(万元)", {10**4}),
        ("投资额【亿元】", {10**8}),
        ("金额（单位：万元）", {10**4}),
        ("到账金额万元", {10**4}),
        ("金额/元", {1}),
        ("金额（千元）", {1000}),
        ("金额（人民币万元）", {10**4}),
        ("金额（万元人民币）", {10**4}),
        ("金额（以万元为单位）", {10**4}),
        ("万元", {10**4}),
        ("金额（十万元）", {0}),
        ("金额（万美元）", {0}),
        ("金额（港币万元）", {0}),
        ("金额（元、万美元）", {0, 1}),
        ("金额（万元/元）", {1, 10**4}),
        ("金额", set()),
        ("人数（人）", set()),
        ("单元", set()),
        ("多元投入", set()),
    ],
)
def test_the_unit_of_a_heading(heading: str, found: set[int]) -> None:
    assert units(heading) == found


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (["单位:万元"], {10**4}),
        (["单位：元"], {1}),
        (["（单位：万元）"], {10**4}),
        (["金额单位：亿元"], {10**8}),
        (["计量单位为万元"], {10**4}),
        (["单位：人、万元"], {10**4}),
        (["单位：人民币 万元"], {10**4}),
        (["单位：万元人民币"], {10**4}),
        (["单位：百元"], {0}),
        (["单位：万美元"], {0}),
        (["单 位：万元"], {10**4}),
        (["填报单位：县财政局（示例）    单位：万元"], {10**4}),
        (["填报单位：县财政局", None, "单位：", "万元"], {10**4}),
        (["到账台账（万元）"], {10**4}),
        (["填报单位：万元"], set()),
        (["填报单位：万元村"], set()),
        (["单位：永寿县"], set()),
        (["资金以万元计"], set()),
        ([None, 5, "台账"], set()),
    ],
)
def test_the_unit_of_a_line(row: list[Any], found: set[int]) -> None:
    assert line_units([row]) == found


def unit_of(*rows: Sequence[Any]) -> int | None:
    where = laid(list(rows), "receipts")
    assert where is not None
    return next(placed.unit for placed in where.placed if placed.column.field == "amount")


def test_the_nearest_unit_counts() -> None:
    line, group = ["单位：亿元"], ["到账日期", "来源", "资金（万元）", None]
    low = [None, None, "到账金额（元）", "应到金额"]
    assert unit_of(line, group, low) == 1
    assert unit_of(line, group, [None, None, "到账金额", "应到金额"]) == 10**4
    assert unit_of(line, ["到账日期", "来源", "到账金额"]) == 10**8
    assert unit_of(["到账日期", "来源", "到账金额"]) == 1


@pytest.mark.parametrize(("below", "unit"), [("万元", 10**4), ("（万元）", 10**4), ("元", 1), ("万美元", None)])
def test_a_row_of_units_belongs_to_the_header(below: str, unit: int | None) -> None:
    for row in ([None, None, below], ["年月日", None, below], [None, "（层级）", below]):
        assert unit_of(["单位：亿元"], ["到账日期", "来源", "到账金额"], row) == unit
    where = laid([["日期", "方向", "人数", "事由"], [None, None, "人", "农业"]])
    assert where is not None
    assert where.last == 0


def test_a_unit_that_is_not_known_is_none() -> None:
    assert unit_of(["到账日期", "来源", "金额（万美元）"]) is None
    assert unit_of(["单位：百元"], ["到账日期", "来源", "金额"]) is None
    assert unit_of(["单位：百元"], ["到账日期", "来源", "金额（元）"]) == 1


def test_two_units_are_none() -> None:
    assert unit_of(["到账日期", "来源", "金额（元/万元）"]) is None
    assert unit_of(["单位：元"], ["单位：万元"], ["到账日期", "来源", "金额"]) is None


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("2021年互访台账", 2021),
        ("2021年度互访台账", 2021),
        ("２０２１年互访", 2021),
        ("2021年互访（2021年度）", 2021),
        ("2021年上半年", 2021),
        ("2021 年度互访台账", 2021),
        ("2021 年 10 月", None),
        ("2021年前三季度", 2021),
        ("2018年补报", 2018),
        ("2017—2021年互访台账", None),
        ("2017年至2021年", None),
        ("2019、2020年", None),
        ("2019、2020、2021年", None),
        ("2019年 2020年", None),
        ("2021年10月互访", None),
        ("2021年1-9月", None),
        ("2021年十月", None),
        ("2017年以来", None),
        ("2017年起", None),
        ("2021年底", None),
        ("2021年末", None),
        ("截至2021年", None),
        ("截止2021年度", None),
        ("填报日期：2021年", None),
        ("文号〔2021〕5号", None),
        ("2021", None),
        ("12021年", None),
    ],
)
def test_the_one_year_of_a_line(line: str, found: int | None) -> None:
    assert only_year([line]) == found


def test_two_lines_with_two_years_give_none() -> None:
    assert only_year(["2020年互访", "2021年互访"]) is None
    assert only_year(["2021年互访", "2021年度"]) == 2021


def test_the_date_of_filling_in_gives_no_year() -> None:
    assert title_year([["互访台账"], ["填报日期：", "2020年"]]) is None
    assert title_year([["2021年互访台账"], ["填报日期：", "2020年"]]) == 2021


@pytest.mark.parametrize(
    ("name", "found"), [("2021", 2021), ("2021年", 2021), ("互访2021年度", 2021), ("互访2021", None)]
)
def test_the_year_of_a_sheet_s_name(name: str, found: int | None) -> None:
    assert sheet_year(name) == found


def test_the_title_beats_the_sheet_s_name() -> None:
    first, second, third = (
        laid([["2021年"], VISITS], name="2020年"),
        laid([["互访"], VISITS], name="2020年"),
        laid([VISITS]),
    )
    assert [where and where.year for where in (first, second, third)] == [2021, 2020, None]


def test_a_span_of_years_above_leaves_the_year_to_the_sheet() -> None:
    where = laid([["2017—2021年互访台账"], VISITS], name="2019年")
    assert where is not None
    assert where.year == 2019


def test_a_column_of_years_dates_rows_except_where_it_is_the_year_of_the_funds() -> None:
    visits, receipts = laid([[*VISITS, "年度"]]), laid([["到账日期", "来源", "金额", "年度"]], "receipts")
    assert visits is not None
    assert receipts is not None
    assert (visits.year_index, receipts.year_index, columns(receipts)["year"]) == (6, None, 3)
    both = laid([["到账日期", "来源", "金额", "资金年度", "年度"]], "receipts")
    assert both is not None
    assert (both.year_index, columns(both)["year"]) == (None, 3)


@pytest.mark.parametrize(("heading", "index"), [("互访年度", 3), ("所属年份", 3), ("计划年度", None), ("上年度", None)])
def test_which_columns_date_the_rows(heading: str, index: int | None) -> None:
    where = laid([["日期", "方向", "人数", heading]])
    assert where is not None
    assert where.year_index == index
