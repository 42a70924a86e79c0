# ruff: noqa: E501 - a paragraph of a template is one line, as long as it is
"""The templates that come along, as code that writes them: each can be had as a .docx, adapted, and used instead.

What they say is ours; offices change the words. Figures that a programme may not have stand in conditions, so that an
empty programme and a village have their documents too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from docx.document import Document
from docx.shared import Mm

from lianqiao.briefings import paper


@dataclass(frozen=True)
class Shipped:
    """A template that comes along: its code, its Chinese name, what it is for, and what writes it."""

    code: str
    name: str
    about: str
    write: Callable[[Document], None]

    @property
    def docx(self) -> bytes:
        made = paper.new()
        made.core_properties.title, made.core_properties.author = self.name, ""
        made.core_properties.comments = ""
        self.write(made)
        return paper.to_bytes(made)


STYLES = {
    "t": "公文标题",
    "d": "公文日期",
    "p": "公文正文",
    "1": "公文一级",
    "2": "公文二级",
    "n": "公文附注",
    "s": "公文落款",
}


def lines(made: Document, told: str) -> None:
    """Paragraphs, one a line: its style's letter (STYLES) and its text."""
    for line in told.strip().splitlines():
        style, _, text = line.strip().partition(" ")
        paper.say(made, STYLES[style], text)


def annex(made: Document, number: str, title: str) -> None:
    """An annex begins a page: 附件1 at the first line's left, its title on the third."""
    paper.new_page(made, "公文附件", f"附件{number}")
    paper.say(made, "公文附件")
    paper.say(made, "公文标题", title)


def caption(made: Document, text: str) -> None:
    paper.say(made, "公文题注", text)


def chart(made: Document, title: str, call: str, where: str = "") -> None:
    """A drawing under its title; where: the condition under which it stands."""
    if where:
        paper.say(made, "公文图", f"{{%p if {where} %}}")
    caption(made, title)
    paper.say(made, "公文图", f"{{{{ {call} }}}}")
    if where:
        paper.say(made, "公文图", "{%p endif %}")


def targets(made: Document) -> None:
    """The year's targets, each with what is done, its rate and how it stands against the pace."""
    caption(made, "截至{{ 截至 }}　{{ 结对全称 }}")
    rows = paper.loop(
        "目标 in 年度目标",
        ("{{ loop.index }}", "{{ 目标.指标 }}", "{{ 目标.单位 }}", "{{ 目标.目标值|数 }}", "{{ 目标.完成数|数 }}",
         "{{ 目标.完成率|数|可缺 }}", "{{ 目标.比时序|可缺 }}", "{{ 目标.进展 }}"),
    )  # fmt: skip
    heads = ("序号", "指标", "单位", "年度目标", "完成数", "完成率%", "比时序", "进展")
    paper.table(made, heads, rows, (11, 44, 13, 20, 19, 19, 16, 14), "clcrrrrc", small=True)
    lines(
        made,
        """
        n 注：完成率=完成数÷年度目标，不封顶；比时序=完成率减去已过天数的比例（百分点）。
        """,
    )


def lagging(made: Document) -> None:
    """The targets that are behind, a paragraph each."""
    lines(
        made,
        """
        p {%p for 目标 in 年度目标|选("进展", "落后") %}
        p {{ 目标.指标 }}：年度目标{{ 目标.目标值 }}，已完成{{ 目标.完成数|可缺 }}{% if 目标.完成率 is 有 %}，完成率{{ 目标.完成率 }}，差{{ 目标.差额 }}{% endif %}。
        p {%p endfor %}
        """,
    )


# 联席会议汇报 --------------------------------------------------------------------------------------------------------------


def briefing(made: Document) -> None:
    """What a joint conference is told of the work so far."""
    lines(
        made,
        """
        t {{ 结对 }}对口协作
        t 联席会议工作情况汇报
        d （{{ 截至 }}）
        p
        p {{ 结对年份 }}年结对以来，{{ 东部简称 }}、{{ 西部简称 }}两地常来常往，协作从县一级做到镇、做到村。现就截至{{ 截至 }}的情况报告如下。
        1 一、协作进展
        p __（一）往来与会商。__{% if 互访批次 is 有 %}双方互访{{ 互访批次 }}{{ 互访人次 }}，其中东部赴西部{{ 互访批次·东部赴西部|可缺 }}、西部赴东部{{ 互访批次·西部赴东部|可缺 }}。{% else %}双方互访尚无记录。{% endif %}{% if 联席会议 is 有 %}召开联席会议{{ 联席会议 }}{% if 签订协议 is 有 %}，签订协议{{ 签订协议 }}{% endif %}。{% endif %}
        p __（二）资金与项目。__{% if 帮扶资金 is 有 %}累计投入帮扶资金{{ 帮扶资金 }}，其中财政协作资金{{ 财政协作资金到账|可缺 }}、社会帮扶资金{{ 社会帮扶资金到账|可缺 }}。{% else %}帮扶资金尚无到账记录。{% endif %}{% if 协作项目 is 有 %}实施协作项目{{ 协作项目 }}{% if 项目完工 is 有 %}，已完工{{ 项目完工 }}，完工率{{ 完工率 }}{% endif %}{% if 受益户数 is 有 %}；带动{{ 受益户数 }}{{ 受益人数|可缺 }}受益（按项目合计，未去重）{% endif %}。{% endif %}
        p __（三）人才与培训。__{% if 干部人才·专业技术人才 is 有 %}教育、卫生、农业等专业技术人才对岗交流{{ 干部人才·专业技术人才 }}{% if 干部人才·党政干部 is 有 %}，党政干部挂职{{ 干部人才·党政干部 }}{% endif %}。{% else %}专业技术人才交流尚无记录。{% endif %}{% if 培训期数 is 有 %}举办培训{{ 培训期数 }}{{ 培训人次 }}。{% endif %}
        p __（四）镇村结对。__{% if 结对乡镇 is 有 %}结成乡镇对子{{ 结对乡镇 }}{% if 结对村 is 有 %}、村对子{{ 结对村 }}{% endif %}。{% endif %}{% if 镇村结对项目 is 有 %}实施镇村结对项目{{ 镇村结对项目 }}{% if 镇村结对受益户 is 有 %}，惠及{{ 镇村结对受益户 }}{{ 镇村结对受益人次|余|可缺 }}{% endif %}。{% else %}镇村结对项目尚无记录。{% endif %}{% if 乡村振兴示范村 is 有 %}启动乡村振兴示范村{{ 乡村振兴示范村 }}。{% endif %}
        p __（五）产业、就业与消费。__{% if 引进企业 is 有 %}引进企业{{ 引进企业 }}，实际到位投资额{{ 实际到位投资额|可缺 }}。{% endif %}{% if 帮助就业 is 有 %}帮助就业{{ 帮助就业 }}，其中到东部结对地区就业{{ 到东部结对地区就业|可缺 }}。{% endif %}{% if 消费帮扶销售额 is 有 %}消费帮扶销售额{{ 消费帮扶销售额 }}。{% endif %}{{ 文("补充") }}
        p {%p if 荣誉 is 有 %}
        p __（六）认可。__获得荣誉{{ 荣誉 }}{% for 行 in 荣誉台账|前(5) %}{% if loop.first %}：{% else %}；{% endif %}{{ 行.荣誉名称 }}{% endfor %}。
        p {%p endif %}
        1 二、今年以来
        p {% if 认捐|当日 is 有 and 认捐|当日 > 0 %}会上认捐{{ 认捐|当日 }}。{% endif %}{% if 互访批次|今年 is 有 %}今年双方互访{{ 互访批次|今年 }}{{ 互访人次|今年 }}。{% endif %}{% if 财政协作资金到账|今年 is 有 %}财政协作资金到账{{ 财政协作资金到账|今年 }}{% if 资金支付|今年 is 有 %}，资金支付{{ 资金支付|今年 }}{% endif %}。{% endif %}{% if 协作项目|今年 is 有 %}今年新立项协作项目{{ 协作项目|今年 }}。{% endif %}{% if 认捐|今年 is 有 %}今年认捐{{ 认捐|今年 }}（认捐不等于到账）。{% endif %}列入年度协议的目标及完成情况见附件1。
        p {%p if 年度目标|选("进展", "落后") %}
        1 三、需要加紧的工作
        p {%p endif %}
        """,
    )
    lagging(made)
    lines(made, '1 {% if 年度目标|选("进展", "落后") %}四{% else %}三{% endif %}、下一步打算')
    lines(
        made,
        'p {{ 文("下一步打算", "对照协议逐项落实：进度慢的目标排出时间表，明确责任单位；已到账的资金抓紧安排和支付；已完工的项目及时验收、移交并登记资产。") }}',
    )
    annex(made, "1", "{{ 年度 }}年度协作目标完成情况表")
    targets(made)
    annex(made, "2", "数据依据表")
    paper.say(made, "公文正文", "{{ 数据依据表() }}")


# 联席会议材料 --------------------------------------------------------------------------------------------------------------


def conference_pack(made: Document) -> None:
    """What is laid before a joint conference: agenda, agreements, resolutions and what became of them, targets."""
    lines(
        made,
        """
        t {{ 结对 }}对口协作
        t 联席会议材料
        d （{{ 截至 }}）
        p
        1 一、会议议程
        p {{ 文("议程", "1．通报协作进展；2．审议年度目标完成情况；3．议定下一步事项；4．签订协议。") }}
        1 二、已签协议
        p {% if 签订协议 is 有 %}双方共签订协议{{ 签订协议 }}，今年签订的见附件1。{% else %}双方签订的协议尚无记录。{% endif %}
        1 三、议定事项落实情况
        p {% if 议定事项台账 %}历次会议议定的事项及其办理情况见附件2{% if 议定事项台账|选("进展", "逾期") %}，其中逾期{{ 议定事项台账|选("进展", "逾期")|行数 }}项{% endif %}。{% else %}历次会议的议定事项尚无记录。{% endif %}
        1 四、年度目标
        p {% if 年度目标 %}{{ 年度 }}年列入协议的目标见附件3，需要加紧的如下。{% else %}{{ 年度 }}年尚未录入协议目标。{% endif %}
        """,
    )
    lagging(made)
    annex(made, "1", "{{ 年度 }}年签订的协议")
    rows = paper.loop(
        "行 in 协议台账|今年",
        ("{{ loop.index }}", "{{ 行.协议名称 }}", "{{ 行.类型 }}", "{{ 行.签订日期 }}", "{{ 行.终止日期 }}"),
    )
    paper.table(made, ("序号", "协议", "类型", "签订日期", "有效至"), rows, (12, 68, 26, 25, 25), "clccc")
    annex(made, "2", "议定事项办理情况")
    rows = paper.loop(
        "行 in 议定事项台账", ("{{ loop.index }}", "{{ 行.会议名称 }}", "{{ 行.事项 }}", "{{ 行.责任单位 }}", "{{ 行.完成时限 }}", "{{ 行.进展 }}"),
    )  # fmt: skip
    paper.table(
        made, ("序号", "会议", "事项", "责任单位", "时限", "进展"), rows, (11, 34, 52, 22, 22, 15), "cllccc", small=True
    )
    annex(made, "3", "{{ 年度 }}年度协作目标完成情况表")
    targets(made)
    annex(made, "4", "数据依据表")
    paper.say(made, "公文正文", "{{ 数据依据表() }}")


# 年度自评报告 --------------------------------------------------------------------------------------------------------------

HEADINGS = (
    ("组织领导", "互访批次", "逐年", ("会议台账", "协议台账")),
    ("人才支援", "干部人才", "构成", ("培训台账",)),
    ("资金支持", "帮扶资金", "逐年", ("财政协作资金到账台账", "资金支付台账")),
    ("项目", "协作项目", "逐年", ("项目台账",)),
    ("产业合作", "实际到位投资额", "逐年", ("引进企业台账",)),
    ("劳务协作", "帮助就业", "构成", ("帮扶车间台账",)),
    ("消费协作", "消费帮扶销售额", "逐月", ("消费帮扶台账",)),
    ("镇村结对", "镇村结对项目", "逐年", ("镇村结对帮扶台账",)),
    ("乡村振兴", "乡村振兴示范村", "逐年", ("乡村振兴示范村台账",)),
)
"""The assessment's headings: a group of measures, the one that is drawn, how, and where its evidence lies."""

DIGITS = "一二三四五六七八九十"


def measures(made: Document, group: str, *, month: bool = False) -> None:
    """A table of all measures of a group: this year, the same span a year before, the change, and since the pairing."""
    heads = ["指标", "单位", *(["本月"] if month else []), "今年", "去年同期", "同比%", "结对以来"]
    cells = ["{{ 项.其中 }}{{ 项.名称 }}", "{{ 项.单位 }}", *(["{{ 项|本月|数|可缺 }}"] if month else [])]
    cells += [
        "{{ 项|今年|数|可缺 }}",
        "{{ 项|去年同期|数|可缺 }}",
        "{{ 项|今年|同比|数|带号|可缺 }}",
        "{{ 项|累计|数|可缺 }}",
    ]
    widths = (44, 14, 19, 20, 20, 17, 22) if month else (52, 15, 22, 22, 20, 25)
    paper.table(
        made, heads, paper.loop(f'项 in 指标("{group}")', cells), widths, "lc" + "r" * (len(heads) - 2), small=True
    )


def self_assessment(made: Document) -> None:
    """The annual self-assessment by the assessment's headings, with an index of evidence."""
    lines(
        made,
        """
        t {{ 年度 }}年度{{ 结对 }}对口协作
        t 自评报告
        d （截至{{ 截至 }}）
        p
        p {{ 文("总述", "按照年度考核评价的要求，现将本年度协作工作逐项自评如下。各数取自台账，口径和依据附后。") }}
        """,
    )
    for at, (group, field, kind, ledgers) in enumerate(HEADINGS):
        lines(made, f'1 {DIGITS[at]}、{group}\np {{{{ 文("{group}", "本年度{group}情况如下。") }}}}')
        made.paragraphs[-1].paragraph_format.keep_with_next = True
        measures(made, group)
        chart(
            made,
            f"图{at + 1}　{field}",
            f'图("{kind}", {field}|今年)' if kind == "构成" else f'图("{kind}", {field})',
            f"{field} is 有",
        )
        lines(made, f"n 依据：{'、'.join(ledgers)}，逐行材料见附件2。")
    lines(made, f"1 {DIGITS[len(HEADINGS)]}、不足与改进")
    lagging(made)
    lines(made, 'p {{ 文("不足与改进", "对落后的目标逐项分析原因，明确责任单位和时限，下一年度先行安排。") }}')
    annex(made, "1", "{{ 年度 }}年度协作目标完成情况表")
    targets(made)
    annex(made, "2", "佐证材料目录")
    named = ", ".join(f'"{name}"' for _, _, _, ledgers in HEADINGS for name in ledgers)
    rows = paper.loop(
        f"件 in 佐证目录({named})|前(300)",
        ("{{ loop.index }}", "{{ 件.台账 }}", "{{ 件.编号 }}", "{{ 件.摘要 }}", "{{ 件.材料 }}"),
    )
    paper.table(made, ("序号", "台账", "编号", "事项", "材料"), rows, (12, 30, 30, 56, 28), "clcll", small=True)
    annex(made, "3", "数据依据表")
    paper.say(made, "公文正文", "{{ 数据依据表() }}")


# 月报 ----------------------------------------------------------------------------------------------------------------------


def monthly_return(made: Document) -> None:
    """The month's figures of all groups, beside the year's, the year before and since the pairing."""
    lines(made, "t {{ 结对 }}对口协作\nt {{ 年度 }}年{{ 月份 }}月报表\nd （截至{{ 截至 }}）")
    for group, *_ in HEADINGS:
        lines(made, f"1 {group}")
        measures(made, group, month=True)
    lines(made, "1 年度目标")
    targets(made)
    lines(made, '1 情况说明\np {{ 文("说明", "本月各数由台账自动汇总，无需另作说明。") }}')


# 项目资金表 ----------------------------------------------------------------------------------------------------------------


def fund_sheet(made: Document) -> None:
    """Projects and money: received by source, allocated, paid, payment and completion rates, idle money, every project."""
    lines(made, "t {{ 结对 }}协作项目和资金情况\nd （截至{{ 截至 }}）")
    lines(
        made,
        """
        1 一、总体情况
        p {% if 财政协作资金到账 is 有 %}结对以来财政协作资金到账{{ 财政协作资金到账 }}，安排{{ 资金安排|可缺 }}，支付{{ 资金支付|可缺 }}{% if 支付率 is 有 %}，支付率{{ 支付率 }}{% endif %}。{% if 资金支付|闲置 is 有 and 资金支付|闲置 > 0 %}到账满一年仍未支付{{ 资金支付|闲置 }}。{% else %}没有到账满一年仍未支付的资金。{% endif %}{% else %}财政协作资金尚无到账记录。{% endif %}{% if 协作项目 is 有 %}立项{{ 协作项目 }}，完工{{ 项目完工|可缺 }}{% if 完工率 is 有 %}，完工率{{ 完工率 }}{% endif %}，验收{{ 项目验收|可缺 }}，移交{{ 项目移交|可缺 }}。{% endif %}
        1 二、到账资金按来源
        """,
    )
    sources = ["省级财政", "市级财政", "县级财政", "镇村"]
    rows = [[name, *money_cells(name)] for name in sources] + [["合计", *money_cells("财政协作资金到账")]]
    paper.table(made, ("来源", "今年（万元）", "去年同期（万元）", "结对以来（万元）"), rows, (45, 37, 37, 37), "lrrr")
    chart(made, "财政协作资金流向", '图("资金流向")', "财政协作资金到账 is 有 and 财政协作资金到账 > 0")
    lines(made, "1 三、逐年情况")
    cells = [f"{{{{ {name}|年(行.年)|万元|数|可缺 }}}}" for name in ("财政协作资金到账", "资金安排", "资金支付")]
    more = [f"{{{{ {name}|年(行.年)|数|可缺 }}}}" for name in ("协作项目", "项目完工", "项目验收")]
    heads = ("年度", "到账（万元）", "安排（万元）", "支付（万元）", "立项", "完工", "验收")
    paper.table(
        made, heads, paper.loop("行 in 历年", ("{{ 行.年 }}", *cells, *more)), (20, 29, 29, 29, 16, 16, 17), "crrrrrr"
    )
    annex(made, "1", "{{ 年度 }}年协作项目明细")
    rows = paper.loop(
        "行 in 项目台账|今年",
        ("{{ loop.index }}", "{{ 行.项目名称 }}", "{{ 行.类型 }}", "{{ 行.计划协作资金|万元|数 }}", "{{ 行.立项日期 }}",
         "{{ 行.带动户数 }}", "{{ 行.进展 }}"),
    )  # fmt: skip
    heads = ("序号", "项目", "类型", "计划资金（万元）", "立项日期", "带动户数", "进展")
    paper.table(made, heads, rows, (11, 50, 22, 22, 22, 14, 15), "clcrcrc", small=True)


def money_cells(name: str) -> list[str]:
    return [f"{{{{ {name}|{span}|万元|数|可缺 }}}}" for span in ("今年", "去年同期", "累计")]


# 一页纸 --------------------------------------------------------------------------------------------------------------------

SIX = (
    ("互访批次", "互访"), ("帮扶资金", "投入帮扶资金"), ("协作项目", "协作项目"), ("干部人才·专业技术人才", "专业人才交流"),
    ("受益户数", "带动，未去重"), ("镇村结对项目", "镇村结对项目"),
)  # fmt: skip


LEADING = (
    "互访批次", "财政协作资金到账", "支付率", "协作项目", "干部人才·专业技术人才", "帮助就业", "实际到位投资额", "消费帮扶销售额",
    "乡村振兴示范村",
)  # fmt: skip
"""The targets that a leader is shown."""


def leaders_sheet(made: Document) -> None:
    """One page for a leader: six figures, the targets against the pace, two drawings, at most three things to settle."""
    section = made.sections[0]
    section.top_margin, section.bottom_margin, section.footer_distance = Mm(20), Mm(18), Mm(8)
    section.left_margin, section.right_margin = Mm(24), Mm(22)
    lines(made, "t {{ 结对 }}对口协作情况（一页纸）")
    caption(made, "截至{{ 截至 }}　供领导同志参阅　数据按第{{ 事务 }}号事务所知，口径和依据附后")
    figures = [[f"{{{{ {field}|可缺 }}}}" for field, _ in SIX], [name for _, name in SIX]]
    drawn = paper.table(made, (), figures, (27,) * 6, "c" * 6, small=True, ruled=False)
    paper.enlarge(drawn.rows[0], 16)
    chart(made, "年度目标　完成率；斜线为落后", f'图("目标", {", ".join(LEADING)}, 宽=164)', "年度目标")
    pair = [
        f'{{% if {field} is 有 %}}{{{{ 图("逐年", {field}, 宽=76) }}}}{{% endif %}}'
        for field in ("互访批次", "帮扶资金")
    ]
    drawn = paper.table(made, (), [["互访（批），逐年", "帮扶资金（万元），逐年"], pair], (82, 82), "cc", ruled=False)
    paper.loosen(drawn.rows[1])
    lines(
        made,
        """
        n **需要协调的事**
        n {%p for 目标 in 年度目标|选("进展", "落后")|前(3) %}
        n {{ loop.index }}. **{{ 目标.指标 }}。**年度目标{{ 目标.目标值 }}，完成{{ 目标.完成数|可缺 }}{% if 目标.完成率 is 有 %}，完成率{{ 目标.完成率 }}，差{{ 目标.差额 }}{% endif %}。
        n {%p endfor %}
        n {{ 文("协调事项") }}
        """,
    )


# 公开摘要 ------------------------------------------------------------------------------------------------------------------


def public_summary(made: Document) -> None:
    """What the public reads: the programme in a page or two, without households and persons."""
    lines(
        made,
        """
        t {{ 结对 }}对口协作情况
        d （截至{{ 截至 }}）
        p
        p {{ 东部 }}与{{ 西部 }}自{{ 结对年份 }}年起结对协作。{% if 互访批次 is 有 %}结对以来双方互访{{ 互访批次 }}{{ 互访人次 }}。{% endif %}{% if 帮扶资金 is 有 %}投入帮扶资金{{ 帮扶资金 }}，{% endif %}{% if 协作项目 is 有 %}实施协作项目{{ 协作项目 }}。{% endif %}{% if 引进企业 is 有 %}引进企业{{ 引进企业 }}，实际到位投资额{{ 实际到位投资额|可缺 }}。{% endif %}{% if 帮助就业 is 有 %}帮助就业{{ 帮助就业 }}。{% endif %}{% if 消费帮扶销售额 is 有 %}采购和帮助销售农特产品{{ 消费帮扶销售额 }}。{% endif %}{% if 镇村结对项目 is 有 %}镇村之间实施结对项目{{ 镇村结对项目 }}。{% endif %}
        p {{ 文("正文") }}
        """,
    )
    for field, kind in (("互访批次", "逐年"), ("帮扶资金", "构成"), ("消费帮扶销售额", "逐年")):
        chart(made, field, f'图("{kind}", {field})', f"{field} is 有")
    lines(made, "n 各数的口径和依据附后；从没有记录的不写，记过而为零的写零。本文不含住户和个人的信息。")


SHIPPED: Sequence[Shipped] = (
    Shipped("conference-briefing", "联席会议工作情况汇报", "向联席会议报告协作进展、今年情况和落后的目标", briefing),
    Shipped("conference-pack", "联席会议材料", "议程、协议、议定事项的办理、年度目标", conference_pack),
    Shipped("self-assessment", "年度自评报告", "按考核的各项逐一自评，附目标、佐证材料目录", self_assessment),
    Shipped("monthly-return", "月报", "本月、今年、去年同期和结对以来的各项指标", monthly_return),
    Shipped("fund-sheet", "项目资金表", "到账、安排、支付、支付率、完工率、闲置和项目明细", fund_sheet),
    Shipped("leaders-sheet", "一页纸", "供领导：六个数、目标对时序、两张图、三件事", leaders_sheet),
    Shipped("public-summary", "公开摘要", "供公众：不含住户和个人", public_summary),
)


def by_name(name: str) -> Shipped | None:
    """The template of that code or Chinese name."""
    return next((one for one in SHIPPED if name in (one.code, one.name)), None)
