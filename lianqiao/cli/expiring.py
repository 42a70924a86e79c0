"""`lianqiao expire`: deletes what was left on the public site once it has been kept as long as was agreed to."""

from __future__ import annotations

import argparse
from typing import Any

from lianqiao.cli import show
from lianqiao.cli.options import json_option, user
from lianqiao.cli.rows import guarded


def add(commands: Any) -> None:
    expiring = commands.add_parser("expire", help="删除保存期满的意向里的个人信息")
    expiring.add_argument("--as", dest="by", required=True, metavar="USER", help="由谁办理（协调、管理）")
    expiring.add_argument("--why", default="保存期满", metavar="TEXT", help="缘由")
    expiring.add_argument("--dry-run", dest="listing", action="store_true", help="只列出这些意向")
    json_option(expiring)
    expiring.set_defaults(run=run_expire)


def run_expire(given: argparse.Namespace) -> int:
    from lianqiao.fields.industry import leading
    from lianqiao.people.access import nodes

    by = user(given.by)
    held = list(leading.due(nodes(by, "erase")).order_by("delete_on", "pk"))
    if not given.listing:
        held = guarded(lambda: leading.erase(held, by, given.why))
    if given.json:
        told = [{"number": one.number, "kept_until": one.delete_on.isoformat()} for one in held]
        show.as_json({"deleted": not given.listing, "enquiries": told})
        return 0
    for one in held:
        print(f"{one.number}\t{one.delete_on.isoformat()}\t{one.title}")
    print(f"保存期满 {len(held)} 件。" if given.listing else f"已删除 {len(held)} 件意向的个人信息。")
    return 0
