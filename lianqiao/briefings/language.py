"""The language of templates: Jinja's marks, of which only what is listed here is understood, with our own words.

A template is somebody's file. It is looked through before it runs: only the kinds of expression in ALLOWED, only our
filters, functions and names; attributes are headings and codes, never Python's. What it may repeat and write is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jinja2 import Template, nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from lianqiao.briefings import naming
from lianqiao.briefings.filters import FILTERS, TESTS
from lianqiao.briefings.gathered import Paper, write
from lianqiao.briefings.inspecting import LOOP, Inspector
from lianqiao.briefings.rows import Row, Rows, TooMuch
from lianqiao.briefings.values import (
    Evidence,
    Family,
    Field,
    NotSo,
    Place,
    Targeted,
    Year,
)
from lianqiao.briefings.words import Names, figure
from lianqiao.journal.measures import MEASURES

LETTERS = 20_000_000
"""How much XML a template may write."""

TAGS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


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
        before = len(self.paper.problems)
        try:
            tree = self.parse(source)
            Inspector(self.paper).look(tree, {})
        except TemplateSyntaxError as error:
            self.paper.note(syntax(error), error.lineno)
        if len(self.paper.problems) == before:
            return super().from_string(guarded(tree), *args, **kwargs)
        dumb = nodes.TemplateData(TAGS.sub("", str(source)), lineno=1)
        return super().from_string(nodes.Template([nodes.Output([dumb], lineno=1)], lineno=1))

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
        """The inspector lets only our own functions be called. Inside a loop Jinja adds what they have no use for."""
        kwargs = {name: value for name, value in kwargs.items() if not name.startswith("_")}
        try:
            return obj(*args, **kwargs)
        except TypeError:
            raise NotSo("括号里的写法不对。") from None


def syntax(error: TemplateSyntaxError) -> str:
    """What is wrong with the marks, in Chinese."""
    told = str(error.message)
    if found := re.search(r"unknown tag '(.+?)'", told):
        return f"没有“{found[1]}”这种语句，或它没有对应的开头。只有 if、elif、else、endif、for、endfor。"
    if "end of template" in told:
        return "有 if 或 for 没有写 endif 或 endfor。"
    return "花括号里的写法不对：检查是否成对、引号和括号是否写全。"


def guarded(tree: nodes.Template) -> nodes.Template:
    """The template with everything it writes going through `write`, and everything it loops over through `turns`."""
    for output in tree.find_all(nodes.Output):
        output.nodes = [
            one if isinstance(one, nodes.TemplateData) else through("write", one, output.lineno) for one in output.nodes
        ]
    for loop in tree.find_all(nodes.For):
        loop.iter = through("turns", loop.iter, loop.lineno)
    return tree


def through(name: str, node: nodes.Node, line: int) -> nodes.Filter:
    at = node.lineno or line
    return nodes.Filter(node, name, [nodes.Const(at, lineno=at)], [], None, None, lineno=at)
