"""Every ledger of the contract as a reader of workbooks must know it, without the models.

One line a column: field, heading, kind, then marks: ! required, * key, ~ a date that ends something, >=1 the least
count, and the choice words separated by strokes.
"""

from __future__ import annotations

from typing import Any

from lianqiao.ledger.columns import Column, SheetForm


def _column(line: str) -> Column:
    name, heading, kind, *marks = line.split()
    words = [mark for mark in marks if "/" in mark]
    least = [int(mark[2:]) for mark in marks if mark.startswith(">=")]
    return Column(
        field=name,
        heading=heading,
        kind=kind,
        required="!" in marks,
        key="*" in marks,
        choices=tuple(words[0].split("/")) if words else (),
        minimum=least[0] if least else None,
        ending="~" in marks,
    )


_COMMON = ("pairing 结对关系 reference", "notes 备注 text", "evidence 佐证材料 evidence", "number 编号 text")


def _ledger(code: str, name: str, columns: str, **rules: Any) -> SheetForm:
    own = [line for line in columns.strip().splitlines() if line.strip()]
    return SheetForm(code, name, tuple(_column(line) for line in (*own, *_COMMON)), **rules)


_ALL = [
    _ledger(
        "visits",
        "互访台账",
        """
        occurred_on 日期 date ! *
        direction 方向 choice ! * 东部赴西部/西部赴东部
        level 层级 choice 省级/市级/县级/镇村级/部门
        purpose 事由 text *
        leader 带队领导 text *
        leader_title 职务 text
        people 人数 int ! >=1
        days 天数 int
        places 考察点 text
        """,
        span=("occurred_on", "days"),
    ),
    _ledger(
        "meetings",
        "会议台账",
        """
        occurred_on 日期 date ! *
        title 会议名称 text ! *
        kind 类型 choice ! 联席会议/领导小组会议/专题会议/部门对接会
        place 地点 text
        host 承办方 choice 东部/西部
        attendees 出席人员 text
        agenda 议程 text
        agreements 签订协议 text
        resolutions 议定事项 text
        """,
    ),
    _ledger(
        "secondments",
        "干部人才选派台账",
        """
        name 姓名 person ! *
        id_number 身份证号 id_number
        direction 方向 choice ! 东部派往西部/西部派往东部
        category 类别 choice ! 党政干部/教育/医疗卫生/农业科技/其他专技
        home_org 派出单位 text
        host_org 接收单位 text !
        post 岗位 text
        start 起始日期 date ! *
        end 结束日期 date ~
        stay 时长 choice 一个月以上/短期
        """,
        order=(("start", "end"),),
    ),
    _ledger(
        "trainings",
        "培训台账",
        """
        start 开班日期 date ! *
        title 班次名称 text ! *
        category 类别 choice ! 党政干部/专业技术人才/致富带头人/劳务技能/其他
        place 地点 text
        organiser 主办单位 text
        person_times 培训人次 int !
        days 天数 int
        """,
    ),
    _ledger(
        "projects",
        "项目台账",
        """
        code 项目编号 text ! *
        name 项目名称 text !
        kind 类型 choice ! 产业发展/基础设施/公共服务/劳务就业/人才培训/乡村建设/其他
        sector 细分 text
        place 实施地点 text
        owner 实施单位 text
        approval 批复文号 text
        approved_on 立项日期 date !
        planned_aid 计划协作资金 money !
        other_funds 其他资金 money
        started_on 开工日期 date
        completed_on 完工日期 date
        accepted_on 验收日期 date
        handed_over_on 移交日期 date
        asset_class 资产类别 choice 经营性/公益性/到户类
        households 带动户数 int
        people 带动人数 int
        lifted_households 其中脱贫户 int
        lifted_people 其中脱贫人口 int
        linkage 联农带农方式 text
        """,
        order=(("approved_on", "started_on", "completed_on", "accepted_on", "handed_over_on"),),
        parts=(("lifted_households", "households"), ("lifted_people", "people")),
    ),
    _ledger(
        "receipts",
        "财政协作资金到账台账",
        """
        received_on 到账日期 date ! *
        source 来源 choice ! 省级财政/市级财政/县级财政/镇村
        payer 拨款单位 text
        amount 金额 money ! *
        document 文号 text *
        year 资金年度 int
        """,
        fund_year=True,
    ),
    _ledger(
        "allocations",
        "资金安排台账",
        """
        allocated_on 下达日期 date ! *
        project 项目编号 reference ! *
        amount 金额 money !
        document 下达文号 text ! *
        year 资金年度 int
        """,
    ),
    _ledger(
        "payments",
        "资金支付台账",
        """
        paid_on 支付日期 date ! *
        project 项目编号 reference ! *
        payee 收款单位 text *
        amount 金额 money !
        voucher 凭证号 text ! *
        year 资金年度 int
        """,
    ),
    _ledger(
        "donations",
        "社会捐赠台账",
        """
        pledged_on 认捐日期 date *
        received_on 到账日期 date *
        donor 捐赠方 text ! *
        donor_type 类型 choice 政府/企业/社会组织/个人
        kind 形式 choice ! 资金/物资
        amount 金额(折价) money ! *
        goods 物资名称 text
        recipient 受赠方 text !
        purpose 用途 text
        receipt 票据号 text
        """,
        order=(("pledged_on", "received_on"),),
        either=(("pledged_on", "received_on"),),
    ),
    _ledger(
        "parks",
        "共建园区台账",
        """
        name 园区名称 text ! *
        kind 类型 choice 产业园/农业园/飞地园
        east_zone 东部共建方 text
        west_zone 西部共建方 text
        started_on 共建日期 date !
        area 面积(亩) text
        place 地点 text
        """,
    ),
    _ledger(
        "enterprises",
        "引进企业台账",
        """
        name 企业名称 text !
        credit_code 统一社会信用代码 credit_code ! *
        sector 行业 text
        origin 来源地 text
        park 入驻园区 text
        agreed 协议投资额 money !
        paid_in 实际到位投资额 money !
        landed_on 落地日期 date !
        producing_on 投产日期 date
        jobs 吸纳就业 int
        lifted_jobs 其中脱贫人口 int
        """,
        order=(("landed_on", "producing_on"),),
        parts=(("lifted_jobs", "jobs"),),
    ),
    _ledger(
        "investments",
        "到位资金台账",
        """
        paid_on 到位日期 date ! *
        credit_code 统一社会信用代码 credit_code ! *
        amount 金额 money ! *
        document 佐证 text
        """,
    ),
    _ledger(
        "jobs",
        "转移就业台账",
        """
        name 姓名 person ! *
        id_number 身份证号 id_number !
        village 户籍村 place
        lifted 是否脱贫(监测)人口 yesno !
        employer 就业单位 text ! *
        destination 就业地区 choice ! 东部结对地区/省内就近就地/其他地区
        started_on 入职日期 date ! *
        left_on 离职日期 date ~
        channel 渠道 choice 点对点输送/劳务中介/自主就业/帮扶车间/公益性岗位
        wage 月工资 money
        """,
        order=(("started_on", "left_on"),),
    ),
    _ledger(
        "retention",
        "稳岗回访台账",
        """
        checked_on 回访日期 date ! *
        number_of_job 就业编号 reference ! *
        in_post 是否在岗 yesno !
        months 稳岗月数 int
        need 诉求 text
        """,
    ),
    _ledger(
        "workshops",
        "帮扶车间台账",
        """
        name 名称 text ! *
        kind 类型 choice 帮扶车间/社区工厂
        place 地点 text !
        recognised_on 认定日期 date !
        withdrawn_on 退出日期 date ~
        jobs 吸纳就业 int !
        lifted_jobs 其中脱贫人口 int
        """,
        order=(("recognised_on", "withdrawn_on"),),
        parts=(("lifted_jobs", "jobs"),),
    ),
    _ledger(
        "jobfairs",
        "招聘会台账",
        """
        held_on 日期 date ! *
        title 名称 text ! *
        place 地点 text
        mode 方式 choice 现场/线上
        employers 参会企业 int
        vacancies 提供岗位 int !
        intents 达成意向 int
        """,
    ),
    _ledger(
        "sales",
        "消费帮扶台账",
        """
        sold_on 日期 date ! *
        product 产品 text ! *
        category 类别 text
        seller 供货方 text ! *
        buyer 采购方 text ! *
        buyer_type 类型 choice 预算单位/企业/社会组织/个人/平台
        channel 渠道 choice ! 832平台/专柜/专区/专馆/直播电商/展销会/单位采购/商超
        mode 方式 choice ! 采购/帮助销售
        quantity 数量 text
        amount 金额 money !
        invoice 发票号 text *
        """,
    ),
    _ledger(
        "outlets",
        "专柜专区专馆台账",
        """
        name 名称 text ! *
        kind 类型 choice ! 专柜/专区/专馆
        place 地点 text !
        opened_on 开设日期 date !
        closed_on 关闭日期 date ~
        """,
        order=(("opened_on", "closed_on"),),
    ),
    _ledger(
        "products",
        "帮扶产品台账",
        """
        name 产品名称 text ! *
        producer 生产单位 text ! *
        certificate 认定编号 text
        recognised_on 认定日期 date !
        households 带动户数 int
        """,
    ),
    _ledger(
        "twin_support",
        "镇村结对帮扶台账",
        """
        occurred_on 日期 date ! *
        name 结对帮扶项目 text ! *
        level 层级 choice ! 镇镇/村村/企村/校校/院院/社会组织
        east_unit 东部单位 text !
        west_unit 西部单位 text !
        households 受益户数 int
        person_times 受益人次 int
        amount 投入资金 money
        """,
    ),
    _ledger(
        "demo_villages",
        "乡村振兴示范村台账",
        """
        village 村名 place ! *
        town 所属镇 text !
        started_on 启动日期 date !
        recognised_on 命名日期 date
        amount 投入资金 money
        checklist 创建事项 text
        """,
        order=(("started_on", "recognised_on"),),
    ),
    _ledger(
        "joint_programmes",
        "领域合作台账",
        """
        started_on 启动日期 date ! *
        name 合作事项 text ! *
        field 领域 choice ! 教育/医疗/科技/金融/文化旅游/产教融合/医养结合
        east_unit 东部单位 text
        west_unit 西部单位 text
        content 内容 text
        ended_on 结束日期 date ~
        """,
        order=(("started_on", "ended_on"),),
    ),
    _ledger(
        "monitored",
        "监测对象台账",
        """
        code 户编号 text ! *
        head 户主 person !
        id_number 身份证号 id_number
        village 所在村 place !
        category 类别 choice ! 脱贫不稳定户/边缘易致贫户/突发严重困难户
        people 人口数 int !
        identified_on 识别日期 date !
        risk 风险类型 text !
        measures 帮扶措施 text
        cleared_on 风险消除日期 date
        """,
        order=(("identified_on", "cleared_on"),),
    ),
    _ledger(
        "home_visits",
        "走访慰问台账",
        """
        visited_on 日期 date ! *
        household 户编号 reference ! *
        visitor 走访人 person ! *
        form 慰问形式 text
        value 折价 money
        """,
    ),
    _ledger(
        "organisations",
        "单位名录",
        """
        name 名称 text ! *
        kind 类型 choice ! 党政机关/工作联络组/企业/学校/医院/社会组织/村集体/园区
        place 所在地 place !
        credit_code 统一社会信用代码 credit_code
        members 成员 text
        """,
    ),
    _ledger(
        "pairings",
        "结对关系台账",
        """
        east 东部方 text ! *
        west 西部方 text ! *
        level 层级 choice ! 省际/市际/县际/镇镇/村村/校校/院院/企村/社会组织
        parent 上级结对 reference
        since 结对日期 date !
        until 终止日期 date ~
        agreement 协议 text
        """,
        order=(("since", "until"),),
    ),
    _ledger(
        "agreements",
        "协议台账",
        """
        title 协议名称 text ! *
        kind 类型 choice ! 框架协议/年度协议/结对乡镇协议/部门协议/劳务协议/采购协议
        signed_on 签订日期 date ! *
        start 起始日期 date !
        end 终止日期 date ! ~
        meeting 签订会议 reference
        """,
        order=(("start", "end"),),
    ),
    _ledger(
        "targets",
        "目标任务分解表",
        """
        agreement 协议名称 reference ! *
        measure 指标 text ! *
        quantity 目标值 int !
        year 年度 int ! *
        node 承担单位 reference
        amends 变更说明 text
        """,
    ),
    _ledger(
        "resolutions",
        "议定事项台账",
        """
        meeting 会议名称 reference ! *
        text 事项 text ! *
        owner 责任单位 text !
        due 完成时限 date !
        done_on 完成日期 date
        measure 关联指标 text
        """,
    ),
    _ledger(
        "frameworks",
        "工作机制",
        """
        name 名称 text ! *
        applies_to 适用对象 choice ! 市县/镇村/经济合作/示范村
        items 事项 text
        """,
    ),
    _ledger(
        "opening",
        "期初数台账",
        """
        measure 指标 text ! *
        until 截至日期 date ! *
        value 数值 int !
        source 来源文件 text !
        """,
    ),
    _ledger(
        "honours",
        "荣誉台账",
        """
        title 荣誉名称 text ! *
        level 级别 choice ! 国家级/省级/市级/县级
        issuer 授予单位 text !
        awarded_on 日期 date ! *
        recipient 获奖对象 text
        """,
    ),
]

LEDGERS = {ledger.code: ledger for ledger in _ALL}
