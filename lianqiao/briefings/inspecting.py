"""Looks a template through before it runs: only what is listed here may stand in it, and every name must be one of ours."""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import nodes

from lianqiao.briefings import naming
from lianqiao.briefings.filters import FILTERS, TESTS
from lianqiao.briefings.gathered import Paper
from lianqiao.briefings.rows import headings, hidden, lists
from lianqiao.briefings.values import (
    EVIDENCE_WORDS,
    FIELD_WORDS,
    PLACE_WORDS,
    TARGET_WORDS,
    YEAR_WORDS,
)
from lianqiao.briefings.words import BELOW, FUNCTIONS, TARGETS, YEARS, known_names
from lianqiao.journal.measures import MEASURES

DEEPEST = 5
"""How deep loops may stand in one another."""

ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Filter, nodes.Test, nodes.If, nodes.For,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Const, nodes.Call, nodes.Keyword, nodes.CondExpr,
)  # fmt: skip
LOOP = frozenset({"index", "first", "last", "length"})


Scope = dict[str, frozenset[str]]
"""Loop variable → what it has."""


@dataclass
class Inspector:
    """Looks a template through before it runs, and notes everything that is wrong with it at once."""

    paper: Paper
    depth: int = 0

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
        elif isinstance(node, nodes.Filter | nodes.Test):
            self.word(node)
        elif isinstance(node, nodes.Const) and not isinstance(node.value, str | int | float | bool | None):
            self.paper.note("模板里不能用这种值。", node.lineno)
        for child in node.iter_child_nodes():
            if not (isinstance(node, nodes.Call) and child is node.node):
                self.look(child, scope)

    def word(self, node: nodes.Filter | nodes.Test) -> None:
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            self.paper.note(f"没有“|{node.name}”这种写法。{meant(node.name, list(FILTERS))}", node.lineno)
        if isinstance(node, nodes.Test) and node.name not in TESTS:
            self.paper.note(f"没有“is {node.name}”这种条件，只有“is 有”“is 无”。", node.lineno)

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
        self.depth += 1
        if self.depth > DEEPEST:
            self.paper.note(f"循环套得太深，至多 {DEEPEST} 层。", node.lineno)
            return
        self.look(node.iter, scope)
        within = {**scope, node.target.name: self.items(node.iter), "loop": LOOP}
        for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
            self.look(child, within)
        self.depth -= 1

    def items(self, node: nodes.Node) -> frozenset[str]:
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


def meant(name: str, known: list[str]) -> str:
    found = naming.near(name, known)
    return f"是否要写{'、'.join(f'“{one}”' for one in found)}？" if found else ""
