"""The templates that come along, as code that writes them: each can be had as a .docx, adapted, and used instead.

What they say is ours; offices change the words. Figures that a programme may not have stand in conditions, so that an
empty programme and a village have their documents too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from docx.document import Document
from docx.shared import Mm, Pt

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


STYLES = {"t": "公文标题", "d": "公文日期", "p": "公文正文", "1": "公文一级", "2": "公文二级", "n": "公文附注", "s": "公文落款"}


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
    paper.table(made, heads, rows, (12, 44, 13, 20, 20, 17, 16, 14), "clcrrrrc")
    lines(
        made,
        """
        n 注：完成率=当年完成数÷年度目标，不封顶；比时序=完成率减去当年已过天数的比例，以百分点计。
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
        p {% if 互访批次|今年 is 有 %}今年双方互访{{ 互访批次|今年 }}{{ 互访人次|今年 }}。{% endif %}{% if 财政协作资金到账|今年 is 有 %}财政协作资金到账{{ 财政协作资金到账|今年 }}{% if 资金支付|今年 is 有 %}，资金支付{{ 资金支付|今年 }}{% endif %}。{% endif %}{% if 协作项目|今年 is 有 %}今年新立项协作项目{{ 协作项目|今年 }}。{% endif %}{% if 认捐|今年 is 有 %}今年认捐{{ 认捐|今年 }}（认捐不等于到账）。{% endif %}列入年度协议的目标及完成情况见附件1。
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


SHIPPED: Sequence[Shipped] = (
    Shipped("conference-briefing", "联席会议工作情况汇报", "向联席会议报告协作进展、今年情况和落后的目标", briefing),
)


def by_name(name: str) -> Shipped | None:
    """The template of that code or Chinese name."""
    return next((one for one in SHIPPED if name in (one.code, one.name)), None)


__all__ = ["SHIPPED", "Mm", "Pt", "Shipped", "by_name"]
