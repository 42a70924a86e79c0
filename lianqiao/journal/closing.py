"""关账: closed periods, and what would move them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from lianqiao.journal.models import Closing
from lianqiao.places.models import Node


class PeriodClosed(Exception):
    """What was to be posted lies in a closed period. closings: which."""

    def __init__(self, closings: list[Closing]) -> None:
        self.closings = closings
        super().__init__("；".join(f"{c.node} {c.until} 以前已关账" for c in closings))


def sentence(node: Node, until: date) -> str:
    """How a closing is told in its transaction."""
    return f"关账 {node.number} 至 {until.isoformat()}"


def touched(spots: Iterable[tuple[int, date]]) -> list[Closing]:
    """The closings that cover any of these (node, day): at the node itself or above it."""
    closings = list(Closing.objects.select_related("node"))
    if not closings:
        return []
    spots = set(spots)
    paths = dict(Node.objects.filter(pk__in={node for node, _ in spots}).values_list("pk", "path"))
    return [c for c in closings if any(on <= c.until and paths[node].startswith(c.node.path) for node, on in spots)]
