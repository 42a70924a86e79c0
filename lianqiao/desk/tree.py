"""The tree of pairings at the side of a page: the way down to the node that is shown, and what lies below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lianqiao.agreements.targets import Attainment
from lianqiao.places.models import Node


@dataclass
class Branch:
    """A node of the tree as it is drawn. behind: how many of its targets lag, None where nothing is counted."""

    node: Node
    current: bool
    behind: int | None = None
    groups: list[Group] = field(default_factory=list)


@dataclass
class Group:
    """The children of one kind."""

    kind: str
    branches: list[Branch]
    open: bool
    named: bool

    @property
    def behind(self) -> int:
        return sum(branch.behind or 0 for branch in self.branches)


def tree(seen: list[Node], current: Node, behind: Mapping[int, int] | None = None) -> list[Branch]:
    """The roots among the nodes that the reader may see, opened along the way to the current one."""
    held = {node.pk for node in seen}
    below: dict[int, list[Node]] = {}
    for node in seen:
        below.setdefault(node.parent_id if node.parent_id in held else 0, []).append(node)
    return [branch(node, below, current, behind) for node in below.get(0, [])]


def branch(node: Node, below: Mapping[int, list[Node]], current: Node, behind: Mapping[int, int] | None) -> Branch:
    made = Branch(node, node == current, behind.get(node.pk, 0) if behind is not None else None)
    if current.path.startswith(node.path):
        children = below.get(node.pk, [])
        kinds = list(dict.fromkeys(child.kind for child in children))
        made.groups = [
            group(kind, [branch(c, below, current, behind) for c in children if c.kind == kind], current, kinds)
            for kind in kinds
        ]
    return made


def group(kind: str, branches: list[Branch], current: Node, kinds: list[str]) -> Group:
    """Open where the way down leads through it, and the first of several; one kind alone needs no heading."""
    through = any(current.path.startswith(b.node.path) for b in branches)
    return Group(kind, branches, through or kind == kinds[0], len(kinds) > 1)


def behind(standing: Iterable[Attainment]) -> Counter[int]:
    """Node → how many of its targets are behind."""
    return Counter(one.promise.node for one in standing if one.state == "behind")
