"""结对关系台账: the tree, recorded as the pairings are made."""

from __future__ import annotations

from datetime import date, timedelta

from lianqiao.demo.rows.batch import Batch, Correction, Row, Side, correction, workbook, workday
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.tree import BELOW, NEW_VILLAGE, OLD_VILLAGE, UPPER, Node

LEDGER = "pairings"


def _row(node: Node) -> Row:
    """The pairing as first recorded: nobody knew then that it would end."""
    return row(
        LEDGER,
        east=node.east,
        west=node.west,
        level=node.level,
        parent=node.parent,
        since=node.since,
        agreement=node.agreement,
        notes=node.notes,
    )


def days() -> dict[date, list[Node]]:
    """The pairings below the county by the day they are recorded: the working day after they begin."""
    found: dict[date, list[Node]] = {}
    for node in sorted(BELOW, key=lambda node: node.since):
        found.setdefault(workday(node.since + timedelta(days=1)), []).append(node)
    return found


def batches() -> list[Batch]:
    upper = workbook(LEDGER, "2017年1月", date(2017, 1, 4), Side.EAST, map(_row, UPPER))
    below = [
        workbook(LEDGER, f"{day.year}年{day.month}月", day, Side.EAST, map(_row, nodes))
        for day, nodes in days().items()
    ]
    return [upper, *below]


def corrections() -> list[Correction]:
    """The village that was merged: its pairing is closed on the day its successor is recorded."""
    find: dict[str, object] = {"east": OLD_VILLAGE.east, "west": OLD_VILLAGE.west}
    change: dict[str, object] = {"until": OLD_VILLAGE.closed, "notes": f"示例：由{NEW_VILLAGE.name}接续"}
    return [correction(date(2019, 7, 2), LEDGER, Side.EAST, find, change, "西部村合并，结对终止并由新村接续")]
