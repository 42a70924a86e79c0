"""结对关系台账: the tree, recorded as the pairings are made."""

from __future__ import annotations

from datetime import date, timedelta

from lianqiao.demo.rows.batch import Batch, Correction, Row, Side, correction, workbook
from lianqiao.demo.rows.days import workday
from lianqiao.demo.rows.headings import row
from lianqiao.demo.rows.tree import BELOW, PILOT, UPPER, Node

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
    """The trial pair of villages is closed; half a year later the same sides are paired anew, under their towns."""
    find: dict[str, object] = {"east": PILOT.east, "west": PILOT.west}
    change: dict[str, object] = {"until": PILOT.closed, "notes": "示例：试点期满终止，镇镇结对后由镇接续"}
    return [correction(date(2018, 1, 4), LEDGER, Side.EAST, find, change, "试点期满")]
