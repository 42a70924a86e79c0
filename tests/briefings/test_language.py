"""What an office's own template may say, what is told of a mistake in it, and that a hostile one can do nothing."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest

from lianqiao.agreements.models import Agreement, Target
from lianqiao.briefings.documents import NotWritten, known_names, texts_of, write
from lianqiao.briefings.naming import fields
from lianqiao.fields.funds.models import Allocation, Payment, Receipt
from lianqiao.fields.projects.models import Project
from lianqiao.journal.measures import MEASURES
from tests.briefings.templates import about, body, filled, refused, refused_bytes, said, template, with_file
from tests.world import UNTIL, World, approved, stay, visit

pytestmark = pytest.mark.django_db


def project(world: World, code: str, name: str, on: date = date(2021, 3, 1), aid: int = 1_200_000_00) -> Project:
    return Project(
        node=world.county, code=code, name=name, kind="产业发展", approved_on=on, planned_aid=aid, households=120
    )


@pytest.fixture
def county(world: World) -> World:
    """Visits of two years, at the county and in a town; money, projects, a target."""
    approved(world, visit(world.county, people=12), visit(world.town, date(2020, 5, 1), people=1201, purpose="去年"))
    receipt = Receipt(
        node=world.county, received_on=date(2020, 1, 5), source="省级财政", amount=114_000_000_00, document="甲"
    )
    approved(world, receipt)
    approved(world, project(world, "A1", "冷链<一期>"), project(world, "A2", "车间"))
    agreement = Agreement(
        node=world.county, title="年度协议", kind="年度协议", signed_on=date(2021, 1, 5), start=date(2021, 1, 1), end=date(2021, 12, 31)
    )  # fmt: skip
    (agreement,) = approved(world, agreement)
    approved(world, Target(node=world.county, agreement=agreement, measure="visits.batches", quantity=4, year=2021))
    return world


WRITTEN = {
    "{{ 互访批次 }}": "2批",
    "{{ 互访人次 }}": "1213人次",
    "{{ 互访人次|数 }}": "1,213",
    "{{ visits.person_times }}": "1213人次",
    "{{ 互访人次|余 }}": "1000余人次",
    "{{ 互访人次·东部赴西部 }}": "1213人次",
    "{{ 互访人次|今年 }}": "12人次",
    "{{ 互访人次|去年 }}": "1201人次",
    "{{ 互访人次|年(2020) }}": "1201人次",
    '{{ 互访人次|自("2020-05-01", "2020-05-31") }}': "1201人次",
    '{{ 互访人次|至("2020-12-31") }}': "1201人次",
    '{{ 互访人次|在("新桥-监军") }}': "1201人次",
    "{{ funds.total }}": "1.14亿元",
    "{{ funds.total|万元 }}": "11400万元",
    "{{ funds.total|元|数 }}": "114,000,000.00",
    "{{ 帮扶资金|万元(2)|数 }}": "11,400.00",
    "{{ 互访人次|今年|同比 }}": "下降99.0%",
    "{{ 互访人次|今年|同比|数|带号 }}": "−99.0",
    "{{ 互访批次|目标 }}": "4批",
    "{{ 互访批次|完成率 }}": "25.0%",
    "{{ 互访批次|差额 }}": "3批",
    "{{ 帮助就业|可缺 }}": "—",
    "{{ 项目台账|行数 }}": "2",
    "{{ 东部简称 }}与{{ 西部 }}，{{ 截至 }}": "靖江与永寿县，2021年10月12日",
    "{% if 互访批次 > 1 and 帮扶资金|亿元 < 2 %}多{% else %}少{% endif %}": "多",
    "{% if 帮助就业 is 无 %}无{% endif %}": "无",
}


@pytest.mark.parametrize(("field", "words"), WRITTEN.items())
def test_a_field_is_written_as_documents_write_it(county: World, field: str, words: str) -> None:
    assert said(county, field) == words


def test_a_field_may_be_cut_into_runs_as_word_cuts_them(county: World) -> None:
    made = docx.Document()
    paragraph = made.add_paragraph()
    for piece in ("共{", "{ 互访", "批次 ", "}}，毕"):
        paragraph.add_run(piece).bold = True
    held = io.BytesIO()
    made.save(held)
    assert body(write(held.getvalue(), about(county)).docx) == ["共2批，毕"]


ROWS = [
    ["{%tr for 行 in 项目台账 %}", ""],
    ["{{ loop.index }}{{ 行.项目名称 }}", "{{ 行.计划协作资金|万元|数 }}"],
    ["{%tr endfor %}", ""],
]


@pytest.mark.data
def test_a_row_is_repeated_over_a_ledger(county: World) -> None:
    assert said(county, table=ROWS) == "1冷链<一期>\t120.0\n2车间\t120.0"


@pytest.mark.data
def test_rows_are_narrowed_by_what_they_hold(county: World) -> None:
    line = '{% for 行 in 项目台账|选("项目名称", "车间") %}{{ 行.项目名称 }}{{ 行.进展 }}{% endfor %}'
    assert said(county, line, "{% for 行 in 互访台账|今年 %}{{ 行.人数 }}{% endfor %}") == "车间未开工\n12"


@pytest.mark.data
def test_targets_and_what_is_below_can_be_looped_over(county: World) -> None:
    targets = "{% for 目标 in 年度目标 %}{{ 目标.指标 }}{{ 目标.目标值 }}{{ 目标.完成数 }}{{ 目标.完成率 }}{{ 目标.进展 }}{% endfor %}"
    places = "{% for 处 in 下级 %}{{ 处.名称 }}{{ 互访人次|在(处)|可缺 }}；{% endfor %}"
    assert said(county, targets, places) == "互访批次4批1批25.0%落后\n新桥镇—监军街道1201人次；东兴镇—店头镇—；"


@pytest.mark.data
def test_all_measures_of_a_field_can_be_looped_over(county: World) -> None:
    line = (
        '{% for 项 in 指标("资金支持") %}{% if loop.first %}{{ 项.名称 }}{{ 项.单位 }}{{ 项 }}{% endif %}{% endfor %}'
    )
    assert said(county, line) == "帮扶资金万元11,400.0"


@pytest.mark.data
def test_money_that_lies_for_a_year_is_idle(county: World) -> None:
    (held,) = Project.objects.filter(code="A1")
    allocated = Allocation(
        node=county.county, allocated_on=date(2021, 2, 1), project=held, amount=14_000_000_00, document="乙"
    )
    approved(county, allocated)
    paid = Payment(
        node=county.county, paid_on=date(2021, 5, 1), project=held, payee="示例", amount=14_000_000_00, voucher="一"
    )
    approved(county, paid)
    assert said(county, "{{ 资金支付|累计|闲置 }}") == "1亿元"


def test_a_chart_is_drawn_in_both_forms(county: World) -> None:
    made = filled(county, '{{ 图("逐年", 互访批次, 宽=80) }}').docx
    document = docx.Document(io.BytesIO(made))
    types = {part.content_type for part in document.part.package.iter_parts()}
    assert {"image/png", "image/svg+xml"} <= types
    (drawing,) = document.element.body.xpath(".//wp:docPr")
    assert "2020 1；2021 1" in drawing.get("descr")


@pytest.mark.parametrize("kind", ["逐年", "逐月", "构成"])
def test_charts_of_one_figure(county: World, kind: str) -> None:
    assert (
        len(filled(county, f'{{{{ 图("{kind}", 互访人次) }}}}', '{{ 图("目标") }}', '{{ 图("资金流向") }}').docx) > 1000
    )


def test_people_write_the_words_that_a_template_leaves_to_them(county: World) -> None:
    given = template('{{ 文("打算", "照旧。") }}', '{{ 文("补充") }}完')
    assert texts_of(given) == {"打算": "照旧。", "补充": ""}
    assert body(write(given, about(county), {"打算": "抓紧 {{ 互访批次 }} <b>。"}).docx) == [
        "抓紧 {{ 互访批次 }} <b>。",
        "完",
    ]


def test_headers_have_fields_too(county: World) -> None:
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "{{ 结对 }}{{ 互访批次 }}"
    held = io.BytesIO()
    made.save(held)
    done = docx.Document(io.BytesIO(write(held.getvalue(), about(county)).docx))
    header = done.sections[0].header._element
    assert "".join(t.text for t in header.xpath(".//w:t")) == "靖江—永寿2批"
    assert len(header.xpath(".//w:sdt")) == 1


# Mistakes --------------------------------------------------------------------------------------------------------------


def test_an_unknown_field_is_told_with_its_place_and_what_may_be_meant(county: World) -> None:
    (told,) = refused(county, "第一段", "双方互访{{ 互访批 }}次")
    assert told.startswith("第2段“双方互访{{ 互访批 }}次”：没有“互访批”这个字段。是否要写“互访批次”")


def test_a_mistake_in_a_table_is_told_by_its_cell(county: World) -> None:
    (told,) = refused(county, "表", table=[["甲", "乙"], ["{{ 互访批次 }}", "{{ 协作项木 }}"]])
    assert told.startswith("第1张表第2行第2格“{{ 协作项木 }}”：没有“协作项木”这个字段。是否要写“协作项目”")


def test_all_mistakes_are_told_at_once(county: World) -> None:
    lines = (
        "{{ 甲甲 }}",
        "{{ 互访批次|乙 }}",
        "{{ visits.abc }}",
        "{% for 行 in 项目台账 %}{{ 行.无此列 }}{% endfor %}",
    )
    assert len(refused(county, *lines)) == 4


def test_a_missing_figure_is_an_error_and_zero_is_none(county: World) -> None:
    (told,) = refused(county, "帮助就业{{ 帮助就业 }}，受益{{ 受益人数|可缺 }}")
    assert "“帮助就业”（靖江市—永寿县，截至2021年10月12日累计）没有记录" in told
    assert said(county, '{{ 互访批次|自("2021-01-01", "2021-01-31") }}') == "0批"


MISTAKES = {
    "{{ 互访批次|万 }}": "没有“|万”这种写法。是否要写“万元”",
    "{{ 互访批次": "花括号里的写法不对",
    "{% if 互访批次 %}": "没有写 endif",
    "{% for 行 in 互访批次 %}{% endfor %}": "for 后面要是",
    "{% for 行 in 互访台账 %}{{ 行.带队领导 }}{% endfor %}": "这一列涉及个人信息，不写入文件",
    "{% for 行 in 转移就业台账 %}{% endfor %}": "没有“转移就业台账”这个字段",
    "{{ 图(\"饼\", 互访批次) }}": "没有“饼”这种图",
    "{{ 图(\"逐年\", 互访批次, 宽=9999) }}": "宽",
    "{{ 互访批次|在(\"苏州-铜川\") }}": "不在“靖江市—永寿县”之内",
    "{{ 互访批次|在(\"某地-某地\") }}": "没有结对关系",
    "{{ 互访批次|年(3000) }}": "年",
    "{{ 互访批次|至(\"十月\") }}": "日期写作",
    "{{ 项目台账 }}": "要用 for",
    "{{ 项目台账|万元 }}": "用于指标和金额",
    "{% if 帮助就业 > 1 %}{% endif %}": "没有记录，不能比较",
    "{% if 互访批次 > \"1\" %}{% endif %}": "数字只能与数字比较",
    "{{ 指标(\"无\") }}": "没有“无”这个领域",
    "{{ 协作项目|闲置 }}": "只用于资金支付",
}  # fmt: skip


@pytest.mark.parametrize(("line", "words"), MISTAKES.items())
def test_a_mistake_is_told_in_chinese_with_the_line(county: World, line: str, words: str) -> None:
    told = refused(county, "先", line)
    assert len(told) == 1
    assert words in told[0]
    assert told[0].startswith("第2段“") or words == "花括号里的写法不对" or "endif" in words


# Hostile ---------------------------------------------------------------------------------------------------------------

HOSTILE = [
    "{{ 互访批次.__class__ }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ 东部.upper() }}",
    "{{ 互访批次.book.about.known }}",
    "{{ 互访批次['__class__'] }}",
    "{{ (互访批次|数).figure }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__.os }}",
    "{{ lipsum() }}",
    "{{ range(99999999) }}",
    "{{ 图.__globals__ }}",
    "{{ 图(*项目台账) }}",
    "{{ 文(**项目台账) }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 'a' * 999999999 }}",
    "{{ ['a', 'b'] }}",
    "{{ 互访批次|attr('figure') }}",
    "{{ 互访批次|map('upper') }}",
    "{% set x = 1 %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% extends '/etc/passwd' %}",
    "{% macro m() %}{% endmacro %}",
    "{% for a in 'aaaa' %}{% endfor %}",
    "{% for a in [1, 2] %}{% endfor %}",
    "{% for 行 in 项目台账 recursive %}{{ loop(项目台账) }}{% endfor %}",
    "{% for 行 in 项目台账 %}{{ loop.__init__ }}{% endfor %}",
    "{% for 行 in 项目台账 %}{{ 行.entry }}{{ 行.entry.author }}{% endfor %}",
]


@pytest.mark.parametrize("line", HOSTILE)
def test_a_hostile_template_is_refused(county: World, line: str) -> None:
    assert refused(county, line)


def test_loops_within_loops_come_to_an_end(county: World) -> None:
    def nested(deep: int) -> str:
        return "".join(f'{{% for a{n} in 指标("人才支援") %}}' for n in range(deep)) + "{% endfor %}" * deep

    (told,) = refused(county, nested(5))
    assert "循环超过 20,000 次" in told
    assert "循环套得太深" in refused(county, nested(50))[0]


FILES = {
    "a macro": ("word/vbaProject.bin", b"x", "宏"),
    "an object": ("word/embeddings/oleObject1.bin", b"x", "宏"),
    "an entity": ("word/styles.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DOCTYPE"),
    "a page from elsewhere": (
        "word/_rels/settings.xml.rels",
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://x/attachedTemplate" Target="http://example.org/a" TargetMode="External"/></Relationships>',  # noqa: E501
        "外部",
    ),
    "too much": ("word/much.xml", b" " * 21_000_000, "过大"),
}


@pytest.mark.parametrize(("name", "content", "words"), FILES.values(), ids=FILES)
def test_a_file_that_holds_what_no_template_needs_is_refused(
    world: World, name: str, content: bytes, words: str
) -> None:
    (told,) = refused_bytes(world, with_file(template("好"), name, content))
    assert words in told


@pytest.mark.parametrize("given", [b"", b"PK\x03\x04", b"not a zip", template("好")[:900]])
def test_a_damaged_file_is_told_to_be_one(world: World, given: bytes) -> None:
    assert refused_bytes(world, given) == ["不是完好的 .docx 文件，或已加密。"]


def test_what_rows_hold_is_never_read_as_a_template(county: World) -> None:
    approved(county, project(county, "A3", "{{ 互访批次 }}{% if %}\ue0f0p0\ue0f1\ue0f2", date(2021, 9, 1)))
    assert said(county, "{% for 行 in 项目台账 %}{{ 行.项目名称 }}；{% endfor %}").endswith(
        "；{{ 互访批次 }}{% if %}p0；"
    )


def test_persons_and_households_have_no_list_and_no_column(county: World) -> None:
    approved(county, stay(county.county, date(2021, 1, 1), "320000199001010011"))
    told = refused(county, "{% for 行 in 干部人才选派台账 %}{{ 行.姓名 }}{{ 行.身份证号 }}{% endfor %}")
    assert len(told) == 2
    assert said(county, "{% for 行 in 干部人才选派台账 %}{{ 行.类别 }}{% endfor %}") == "教育"


# Names -----------------------------------------------------------------------------------------------------------------


def test_every_measure_has_a_field_of_its_own_that_a_template_can_name(world: World) -> None:
    assert {measure.code for measure in fields().values()} == set(MEASURES)
    assert all(name.isidentifier() for name in fields())
    assert len(set(known_names())) == len(known_names())


@pytest.mark.data
def test_rows_stand_as_they_counted_then(county: World) -> None:
    from lianqiao.briefings.book import About
    from lianqiao.journal.figures import known_at
    from tests.world import revised

    before = known_at()
    held = Project.objects.get(code="A2")
    revised(county, held, name="车间（改）")
    given = template("{% for 行 in 项目台账 %}{{ 行.项目名称 }}；{% endfor %}")
    then, now = About.of(county.county, None, UNTIL, before), about(county)
    assert [body(write(given, at).docx) for at in (then, now)] == [["冷链<一期>；车间；"], ["冷链<一期>；车间（改）；"]]


def test_problems_come_as_values(world: World) -> None:
    with pytest.raises(NotWritten) as caught:
        write(template("{{ 无此 }}"), about(world))
    (problem,) = caught.value.problems
    assert (problem.where, problem.text) == ("第1段", "{{ 无此 }}")
