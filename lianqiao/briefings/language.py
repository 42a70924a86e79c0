"""The language of templates: Jinja's marks, of which only what is listed here is understood, with our own words.

A template is somebody's file. It is looked through before it runs: only the kinds of expression in ALLOWED, only our
filters, functions and names; attributes are headings and codes, never Python's. What it may repeat and write is counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from jinja2 import Template, nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from lianqiao.briefings import naming
from lianqiao.briefings.book import SPANS, About, Book
from lianqiao.briefings.drawn import TEXT_WIDTH_MM, drawing
from lianqiao.briefings.rows import Amount, Row, Rows, TooMuch, headings, hidden, lists
from lianqiao.briefings.style import MISSING, TABLE, WAN, YI, YUAN, written
from lianqiao.briefings.values import (
    EVIDENCE_WORDS,
    FIELD_WORDS,
    PLACE_WORDS,
    TARGET_WORDS,
    YEAR_WORDS,
    Evidence,
    Family,
    Field,
    NotSo,
    Place,
    Targeted,
    Year,
)
from lianqiao.charts.drawing import Picture
from lianqiao.claims.tagged import GROWTH, IDLE, RATE, SHORT, TARGET
from lianqiao.core.periods import Period
from lianqiao.journal.measures import MEASURES
from lianqiao.places.names import short
from lianqiao.places.tree import NoSuchNode, by_name

TURNS, LETTERS = 20_000, 20_000_000
"""How often a template may repeat anything, all loops together, and how much XML it may write."""

OPEN, BETWEEN, CLOSE = "\ue0f0", "\ue0f1", "\ue0f2"
"""Private characters around a number or drawing in the rendered text; filling.py makes controls and pictures of them."""

MARKS = re.compile(f"[{OPEN}{BETWEEN}{CLOSE}\x00-\x08\x0b-\x1f]")
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Filter, nodes.Test, nodes.If, nodes.For,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Const, nodes.Call, nodes.Keyword, nodes.CondExpr,
)  # fmt: skip
LOOP = frozenset({"index", "first", "last", "length"})


@dataclass(frozen=True)
class Problem:
    """What is wrong in a template, and where: the text of the paragraph or cell (filling.py finds which one that is)."""

    what: str
    text: str
    where: str = ""

    def __str__(self) -> str:
        place = f"{self.where}“{self.text}”：" if self.text else ""
        return f"{place}{self.what}"


class Annex:
    """Where the annex of figures is to stand."""


@dataclass
class Paper:
    """What one rendering gathers: numbers and pictures in the order of their marks, and problems."""

    book: Book
    words: Mapping[str, str]
    written: list[tuple[Field, str]] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    annexed: bool = False
    turns: int = 0
    source: str = ""

    def line(self, number: int) -> str:
        """The text of a line of the source: docxtpl gives every paragraph one."""
        lines = self.source.splitlines()
        held = lines[number - 1] if 0 < number <= len(lines) else ""
        return re.sub(r"\s+", " ", re.sub(r"<[^<>]*>", "", held)).strip()[:120]

    def note(self, what: str, number: int) -> None:
        problem = Problem(what, self.line(number))
        if problem not in self.problems:
            self.problems.append(problem)

    def turn(self) -> None:
        self.turns += 1
        if self.turns > TURNS:
            raise TooMuch(f"模板里的循环超过 {TURNS:,} 次。")


# What is written -------------------------------------------------------------------------------------------------------


def write(paper: Paper, value: Any, line: int) -> str:
    """A value as the document has it; numbers between marks, so that they can be given their proof."""
    if isinstance(value, Field):
        told = value.written()
        if told is None:
            if not value.or_dash:
                when = value.period.describe()
                paper.note(
                    f"“{value.measure.name}{value.op}”（{value.node}，{when}）没有记录。写“|可缺”则以“—”代之。", line
                )
            return MISSING
        paper.written.append((value, told))
        return f"{OPEN}{len(paper.written) - 1}{BETWEEN}{told}{CLOSE}"
    if isinstance(value, Picture):
        paper.pictures.append(value)
        return f"{OPEN}p{len(paper.pictures) - 1}{BETWEEN}{CLOSE}"
    if isinstance(value, Annex):
        paper.annexed = True
        return f"{OPEN}annex{BETWEEN}{CLOSE}"
    if isinstance(value, Amount):
        return written(value.value, value.unit, value.style)
    if isinstance(value, date):
        return value.isoformat()
    if value is None:
        return ""
    if isinstance(value, str | int) and not isinstance(value, bool):
        return MARKS.sub("", str(value)).replace("\n", "；") if isinstance(value, str) else str(value)
    paper.note("这里写不出一个值：列表要用 for 逐行写，条件要用 if。", line)
    return ""


# Filters ---------------------------------------------------------------------------------------------------------------


def of_field(value: Any, word: str) -> Field:
    if not isinstance(value, Field):
        raise NotSo(f"“|{word}”用于指标。")
    return value


def spanned(value: Any, period: Period, word: str) -> Any:
    """A figure or a list of rows over another span."""
    if isinstance(value, Rows):
        return value.within(period)
    return replace(of_field(value, word), period=period)


def styled(word: str, **style: Any) -> Callable[..., Any]:
    """A filter that changes how a figure or an amount is written; the number in brackets is that of decimals."""

    def apply(value: Any, decimals: int | None = None) -> Any:
        if value is None:
            return None
        if not isinstance(value, Field | Amount):
            raise NotSo(f"“|{word}”用于指标和金额。")
        more = {} if decimals is None else {"decimals": places(decimals)}
        return replace(value, style=replace(value.style, **style, **more))

    return apply


def places(decimals: object) -> int:
    if not isinstance(decimals, int) or isinstance(decimals, bool) or not 0 <= decimals <= 4:
        raise NotSo("小数位数写 0 至 4。")
    return decimals


def whole(number: object, least: int, most: int, word: str) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
        raise NotSo(f"“{word}”写 {least} 至 {most} 的整数。")
    return number


def at_year(value: Any, year: object) -> Any:
    """A year; the running one up to the document's last day."""
    about = about_of(value, "年")
    first = whole(year, 1990, 2100, "年")
    until = min(date(first, 12, 31), about.until)
    if until < date(first, 1, 1):
        raise NotSo(f"{first} 年在文件截止日之后。")
    return spanned(value, Period(date(first, 1, 1), until), "年")


def from_to(value: Any, start: object, until: object) -> Any:
    return spanned(value, Period(day(start), day(until)), "自")


def up_to(value: Any, until: object) -> Any:
    return spanned(value, Period.cumulative(day(until)), "至")


def day(told: object) -> date:
    try:
        return date.fromisoformat(str(told))
    except ValueError:
        raise NotSo(f'日期写作 "2021-10-12"，不能是“{told}”。') from None


def about_of(value: Any, word: str) -> About:
    return value.about if isinstance(value, Rows) else of_field(value, word).book.about


def at_node(value: Any, place: object) -> Field:
    """The figure of another node at or below the document's own."""
    asked = of_field(value, "在")
    if isinstance(place, Place):
        return replace(asked, node=place.node)
    try:
        node = by_name(str(place))
    except NoSuchNode as error:
        raise NotSo(str(error)) from error
    if not node.path.startswith(asked.book.about.node.path):
        raise NotSo(f"“{place}”不在“{asked.book.about.node}”之内，这份文件不写它的数。")
    return replace(asked, node=node)


def promised(op: str) -> Callable[[Any], Field]:
    """A figure's target of the year, its attainment or its shortfall."""

    def apply(value: Any) -> Field:
        asked = of_field(value, op)
        attained = asked.book.attainment(asked.measure)
        entry = attained.promise.entry if attained else -1
        return replace(asked, op=op, target=entry, period=SPANS["今年"](asked.book.about.until))

    return apply


def chosen(value: Any, name: object, wanted: object) -> Any:
    """The rows or targets that hold a value under a heading."""
    if isinstance(value, Rows):
        if name not in headings(value.model):
            raise NotSo(f"“{value.model.ledger.name}”没有“{name}”列。")
        return replace(value, where=(*value.where, (str(name), str(wanted))))
    if isinstance(value, list) and all(isinstance(one, Targeted) for one in value):
        if name not in TARGET_WORDS:
            raise NotSo(f"目标没有“{name}”一项。")
        return [one for one in value if str(one.get(str(name))) == str(wanted)]
    raise NotSo("“|选”用于台账和年度目标。")


def first_of(value: Any, most: object) -> Any:
    number = whole(most, 1, 2000, "前")
    if isinstance(value, Rows):
        return replace(value, first=number)
    if isinstance(value, list):
        return value[:number]
    raise NotSo("“|前”用于列表。")


def counted(value: Any) -> int:
    if not isinstance(value, Rows | list):
        raise NotSo("“|行数”用于列表。")
    return len(value)


def long_date(value: Any) -> str:
    if not isinstance(value, date):
        return "" if value is None else str(value)
    return f"{value.year}年{value.month}月{value.day}日"


def or_dash(value: Any) -> Any:
    if isinstance(value, Field):
        return replace(value, or_dash=True)
    return MISSING if value is None or value == "" else value


def grown(value: Any) -> Field:
    return replace(of_field(value, GROWTH), op=GROWTH)


def idle(value: Any) -> Field:
    asked = of_field(value, IDLE)
    if asked.measure.code != "funds.paid":
        raise NotSo("“|闲置”只用于资金支付。")
    return replace(asked, op=IDLE)


def span_filter(name: str) -> Callable[[Any], Any]:
    return lambda value: spanned(value, SPANS[name](about_of(value, name).until), name)


FILTERS: dict[str, Callable[..., Any]] = {
    **{name: span_filter(name) for name in SPANS},
    "年": at_year, "自": from_to, "至": up_to, "在": at_node,
    "元": styled("元", scale=YUAN), "万元": styled("万元", scale=WAN), "亿元": styled("亿元", scale=YI),
    "数": styled("数", table=True), "余": styled("余", rough=True), "小数": styled("小数"), "带号": styled("带号", signed=True),
    GROWTH: grown, IDLE: idle, TARGET: promised(TARGET), RATE: promised(RATE), SHORT: promised(SHORT),
    "可缺": or_dash, "选": chosen, "前": first_of, "行数": counted, "年月日": long_date,
}  # fmt: skip
TESTS: dict[str, Callable[[Any], bool]] = {
    "有": lambda value: value.value is not None if isinstance(value, Field) else bool(value),
    "无": lambda value: value.value is None if isinstance(value, Field) else not value,
}


# Names -----------------------------------------------------------------------------------------------------------------


def facts(about: About) -> dict[str, Any]:
    """What a document says of itself."""
    node, until = about.node, about.until
    at = about.known.recorded_at
    return {
        "东部": node.east, "西部": node.west, "东部简称": short(node.east), "西部简称": short(node.west),
        "结对": f"{short(node.east)}—{short(node.west)}", "结对全称": str(node), "结对年份": node.since.year,
        "截至": long_date(until), "年度": until.year, "月份": until.month, "期间": about.period.describe(),
        "事务": about.known.number, "知悉": at.date() if at else None,
    }  # fmt: skip


FACTS = (
    "东部",
    "西部",
    "东部简称",
    "西部简称",
    "结对",
    "结对全称",
    "结对年份",
    "截至",
    "年度",
    "月份",
    "期间",
    "事务",
    "知悉",
)
TARGETS, BELOW, YEARS = "年度目标", "下级", "历年"
ANNEX = "数据依据表"


class Names:
    """Every name of a template, made when it is asked for."""

    def __init__(self, paper: Paper) -> None:
        self.paper, self.facts = paper, facts(paper.book.about)

    def __getitem__(self, name: str) -> Any:
        book = self.paper.book
        if name in self.facts:
            return self.facts[name]
        if name in naming.fields():
            return figure(book, naming.fields()[name])
        if name in lists():
            return Rows(lists()[name], book.about, book.about.period)
        if name in naming.families():
            return Family(name)
        if name == TARGETS:
            return [Targeted(book, one) for one in book.attainments]
        if name == BELOW:
            return [Place(node) for node in below(book)]
        if name == YEARS:
            return [Year(year) for year in range(book.about.node.since.year, book.about.until.year + 1)]
        return functions(self.paper)[name]


def figure(book: Book, measure: Any) -> Field:
    return Field(book, measure, book.about.node, book.about.period)


def below(book: Book) -> list[Any]:
    node = book.about.node
    return list(node.children.filter(confirmed=True).order_by("path")[:500])


def known_names() -> list[str]:
    """Every name that a template may begin with."""
    tops = [name for name in naming.families() if "." not in name]
    return [*FACTS, *naming.fields(), *lists(), *sorted(tops), TARGETS, BELOW, YEARS, *FUNCTIONS]


FUNCTIONS = ("图", "文", "指标", "佐证目录", ANNEX)


def functions(paper: Paper) -> dict[str, Callable[..., Any]]:
    book = paper.book

    def picture(kind: object, *fields: Any, **size: object) -> Picture:
        width = whole(size.pop("宽", TEXT_WIDTH_MM), 30, 260, "宽")
        if size:
            raise NotSo(f"图没有“{next(iter(size))}”，只有“宽”。")
        return drawing(book, str(kind), [of_field(one, "图") for one in fields], width)

    def words(name: object, otherwise: object = "") -> str:
        return paper.words.get(str(name), str(otherwise))

    def of_group(group: object) -> list[Field]:
        found = [replace(figure(book, m), style=TABLE) for m in MEASURES.values() if m.group == group]
        if not found:
            groups = "、".join(dict.fromkeys(m.group for m in MEASURES.values()))
            raise NotSo(f"没有“{group}”这个领域。有：{groups}。")
        return found

    return {
        "图": picture,
        "文": words,
        "指标": of_group,
        "佐证目录": lambda *names: evidence(book, names),
        ANNEX: Annex,
    }


def evidence(book: Book, names: Iterable[object]) -> list[Evidence]:
    """The rows of these ledgers with what supports them."""
    found = []
    for name in names:
        if name not in lists():
            raise NotSo(f"没有台账“{name}”，或其行不列入文件。")
        for row in Rows(lists()[str(name)], book.about, book.about.period):
            if row.entry.evidence:
                told = [str(row.get(key)) for key in ("编号", "摘要", "佐证材料")]
                found.append(Evidence(str(name), *told))
    return found


# The sandbox -----------------------------------------------------------------------------------------------------------


class Lazy(Context):
    """The names of a template, each made when it is asked for."""

    def resolve_or_missing(self, key: str) -> Any:
        found = super().resolve_or_missing(key)
        language = self.environment
        assert isinstance(language, Language)
        return language.names[key] if found is missing else found


class Limited(Template):
    """A template that stops when it has written too much."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        pieces, length = [], 0
        for piece in self.generate(*args, **kwargs):
            length += len(piece)
            if length > LETTERS:
                raise TooMuch("模板写出的内容过大。")
            pieces.append(piece)
        return "".join(pieces)


class Language(ImmutableSandboxedEnvironment):
    """Jinja with nothing of its own left: our filters, tests and names, and attributes that are headings or codes."""

    template_class, context_class = Limited, Lazy
    sandboxed = True

    def __init__(self, paper: Paper) -> None:
        super().__init__(autoescape=True)
        self.paper, self.names = paper, Names(paper)
        self.filters = {**FILTERS, "write": self.write, "turns": self.counted}
        self.tests, self.globals = dict(TESTS), {}

    def write(self, value: Any, line: int) -> str:
        return write(self.paper, value, line)

    def counted(self, value: Any, line: int) -> Iterator[Any]:
        """A list's items, each counted."""
        if not isinstance(value, Rows | list):
            raise NotSo("for 后面要是台账、年度目标、下级、指标(…) 或佐证目录(…)。")
        for one in value:
            self.paper.turn()
            yield one

    def from_string(self, source: Any, *args: Any, **kwargs: Any) -> Template:
        """Looks the template through; what is wrong is noted, and nothing of it runs then."""
        self.paper.source = str(source)
        try:
            tree = self.parse(source)
        except TemplateSyntaxError as error:
            self.paper.note(syntax(error), error.lineno)
            return super().from_string("")
        before = len(self.paper.problems)
        Inspector(self.paper).look(tree, {})
        if len(self.paper.problems) > before:
            return super().from_string("")
        return super().from_string(guarded(tree), *args, **kwargs)

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        if isinstance(obj, Family | Field):
            code = f"{obj.code if isinstance(obj, Family) else obj.measure.code}.{attribute}"
            if code in MEASURES:
                return figure(self.paper.book, MEASURES[code])
            if code in naming.families():
                return Family(code)
        try:
            if isinstance(obj, Row | Targeted | Place | Year | Evidence | Field):
                return obj.get(attribute)
        except KeyError:
            pass
        raise NotSo(f"没有“{attribute}”这一项。")

    def getitem(self, obj: Any, argument: Any) -> Any:
        raise NotSo("模板里不用方括号取值。")

    def is_safe_callable(self, obj: Any) -> bool:
        return False

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """The inspector lets only our own functions be called."""
        try:
            return obj(*args, **kwargs)
        except TypeError:
            raise NotSo("括号里的写法不对。") from None


def syntax(error: TemplateSyntaxError) -> str:
    """What is wrong with the marks, in Chinese."""
    told = str(error.message)
    if found := re.search(r"No filter named '(.+?)'", told):
        return f"没有“|{found[1]}”这种写法。{meant(found[1], list(FILTERS))}"
    if found := re.search(r"No test named '(.+?)'", told):
        return f"没有“is {found[1]}”这种条件，只有“is 有”“is 无”。"
    if found := re.search(r"unknown tag '(.+?)'", told):
        return f"没有“{found[1]}”这种语句，或它没有对应的开头。只有 if、elif、else、endif、for、endfor。"
    if "end of template" in told:
        return "有 if 或 for 没有写 endif 或 endfor。"
    return "花括号里的写法不对：检查是否成对、引号和括号是否写全。"


def meant(name: str, known: list[str]) -> str:
    found = naming.near(name, known)
    return f"是否要写{'、'.join(f'“{one}”' for one in found)}？" if found else ""


def guarded(tree: nodes.Template) -> nodes.Template:
    """The template with everything it writes going through `write`, and everything it loops over through `turns`."""
    for output in tree.find_all(nodes.Output):
        output.nodes = [
            one if isinstance(one, nodes.TemplateData) else through("write", one, output.lineno) for one in output.nodes
        ]
    for loop in tree.find_all(nodes.For):
        loop.iter = through("turns", loop.iter, loop.lineno)
    return tree


def through(name: str, node: nodes.Expr, line: int) -> nodes.Filter:
    at = node.lineno or line
    return nodes.Filter(node, name, [nodes.Const(at, lineno=at)], [], None, None, lineno=at)


Scope = dict[str, frozenset[str]]
"""Loop variable → what it has."""


@dataclass
class Inspector:
    """Looks a template through before it runs, and notes everything that is wrong with it at once."""

    paper: Paper

    def look(self, node: nodes.Node, scope: Scope) -> None:
        if not isinstance(node, ALLOWED):
            self.paper.note(f"模板里不能用这种写法（{type(node).__name__}）。", node.lineno)
            return
        if isinstance(node, nodes.For):
            self.loop(node, scope)
            return
        if isinstance(node, nodes.Name):
            self.name(node.name, node.lineno, scope)
        elif isinstance(node, nodes.Getattr):
            self.attribute(node, scope)
            return
        elif isinstance(node, nodes.Call):
            self.called(node)
        elif isinstance(node, nodes.Const) and not isinstance(node.value, str | int | float | bool | None):
            self.paper.note("模板里不能用这种值。", node.lineno)
        for child in node.iter_child_nodes():
            if not (isinstance(node, nodes.Call) and child is node.node):
                self.look(child, scope)

    def called(self, node: nodes.Call) -> None:
        named = isinstance(node.node, nodes.Name) and node.node.name in FUNCTIONS
        if not named or node.dyn_args is not None or node.dyn_kwargs is not None:
            self.paper.note(f"模板里只能用这些函数：{'、'.join(FUNCTIONS)}。", node.lineno)

    def name(self, name: str, line: int, scope: Scope) -> None:
        if name in scope or name in known_names():
            return
        self.paper.note(f"没有“{name}”这个字段。{meant(name, known_names())}", line)

    def attribute(self, node: nodes.Getattr, scope: Scope) -> None:
        path = dotted(node)
        if path is None:
            self.paper.note("圆点前面要是名称。", node.lineno)
            return
        head, *rest = path
        if head in scope:
            if len(rest) != 1 or rest[0] not in scope[head]:
                told = meant(rest[0], sorted(scope[head]))
                self.paper.note(f"“{head}”没有“{'.'.join(rest)}”。{self.protected(head, rest[0])}{told}", node.lineno)
        elif head in naming.fields() and len(rest) == 1 and rest[0] in FIELD_WORDS:
            return
        elif ".".join(path) not in MEASURES:
            code = ".".join(path)
            self.paper.note(f"没有代码为“{code}”的指标。{meant(code, list(MEASURES))}", node.lineno)

    def protected(self, head: str, name: str) -> str:
        held = any(name in hidden(model) for model in lists().values())
        return "这一列涉及个人信息，不写入文件。" if held else ""

    def loop(self, node: nodes.For, scope: Scope) -> None:
        if not isinstance(node.target, nodes.Name) or node.recursive:
            self.paper.note("for 后面写一个名称，如 for 行 in 项目台账。", node.lineno)
            return
        self.look(node.iter, scope)
        within = {**scope, node.target.name: self.items(node.iter), "loop": LOOP}
        for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
            self.look(child, within)

    def items(self, node: nodes.Expr) -> frozenset[str]:
        """What the items of a list have."""
        while isinstance(node, nodes.Filter) and node.node is not None:
            node = node.node
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
            return EVIDENCE_WORDS if node.node.name == "佐证目录" else FIELD_WORDS
        name = node.name if isinstance(node, nodes.Name) else ""
        if name in lists():
            return headings(lists()[name])
        return {TARGETS: TARGET_WORDS, BELOW: PLACE_WORDS, YEARS: YEAR_WORDS}.get(name, frozenset())


def dotted(node: nodes.Expr) -> list[str] | None:
    """The parts of a.b.c; None where it begins with anything but a name."""
    parts: list[str] = []
    while isinstance(node, nodes.Getattr):
        parts.append(node.attr)
        node = node.node
    return [node.name, *reversed(parts)] if isinstance(node, nodes.Name) else None


def wanted(source: str) -> list[Any]:
    """The measures that a template may ask for: all of a group or of the targets where it names those, else the named."""
    if "指标(" in source or "指标 (" in source:
        return list(MEASURES.values())
    fields = naming.fields()
    return [measure for name, measure in fields.items() if name in source or measure.code in source]


def spans_in(source: str) -> list[str]:
    return [name for name in (*SPANS, GROWTH) if name in source]
