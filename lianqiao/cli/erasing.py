"""`lianqiao erase`: what rows tell of a person is taken out of all their versions; no figure moves."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from getpass import getpass
from typing import TYPE_CHECKING, Any

from lianqiao.cli import show
from lianqiao.cli.options import CallWrong, DataWrong, json_option, user
from lianqiao.cli.rows import entries, guarded, ledger_named

if TYPE_CHECKING:
    from lianqiao.ledger.erasing import Erased, Held
    from lianqiao.people.models import User


def add(commands: Any) -> None:
    erasing = commands.add_parser("erase", help="删除个人信息：各版内容都清除，数字不变")
    erasing.add_argument("ledger", nargs="?", metavar="LEDGER", help="台账代码或名称")
    erasing.add_argument("numbers", nargs="*", metavar="编号")
    erasing.add_argument(
        "--person",
        action="store_true",
        help="一个人在各台账的行；身份证号由提示或标准输入读入，不写在命令行上，那里会留下记录",
    )
    erasing.add_argument("--as", dest="by", metavar="USER", help="由谁办理（协调、管理）")
    erasing.add_argument("--why", default="", metavar="TEXT", help="缘由；永远留在账本里，不写个人信息")
    erasing.add_argument("--keep-evidence", action="store_true", help="佐证材料留着")
    erasing.add_argument("--dry-run", dest="listing", action="store_true", help="只列出这些行")
    json_option(erasing)
    erasing.set_defaults(run=run_erase)


def run_erase(given: argparse.Namespace) -> int:
    from lianqiao.ledger.erasing import erase

    by = user(given.by)
    held = rows_of_person(by) if asks_for_person(given) else rows_named(given, by)
    if given.listing:
        print_rows(held, given.json)
        return 0
    done = guarded(lambda: erase(held, by, given.why, keep_evidence=given.keep_evidence))
    if given.json:
        show.as_json({"rows": [as_data(one) for one in held], **outcome(done)})
    else:
        print_done(done)
    return 0


def asks_for_person(given: argparse.Namespace) -> bool:
    """Raises CallWrong where neither the person nor rows are asked for, or both."""
    if given.person == bool(given.ledger) or given.person == bool(given.numbers):
        raise CallWrong("写明台账和编号，或者只用 --person。")
    return bool(given.person)


def rows_of_person(by: User) -> list[Held]:
    """The person's rows where the user may erase; of others nothing is said."""
    from lianqiao.ledger.erasing import find_person
    from lianqiao.people.access import may

    id_number = getpass("身份证号（不显示）：") if sys.stdin.isatty() else sys.stdin.readline()
    if not id_number.strip():
        raise CallWrong("没有读到身份证号。")
    held = [one for one in find_person(id_number) if may(by, "erase", one.entry.node)]
    if not held:
        raise DataWrong("没有此人的行，或无权办理。")
    return held


def rows_named(given: argparse.Namespace, by: User) -> list[Held]:
    from lianqiao.ledger.erasing import Held
    from lianqiao.people.access import require

    held = [Held(entry) for entry in entries(ledger_named(given.ledger), given.numbers)]
    for one in held:
        guarded(partial(require, by, "erase", one.entry.node))
    return held


def as_data(one: Held) -> dict[str, Any]:
    row = one.entry
    return {
        "ledger": row.ledger.code,
        "entry": row.number,
        "pairing": row.node.name if row.node else None,
        "state": row.state,
        "now": one.now,
    }


def outcome(done: Erased) -> dict[str, Any]:
    return {
        "erased": list(done.rows),
        "transaction": done.transaction.number if done.transaction else None,
        "hash": done.transaction.hash if done.transaction else None,
        "evidence": {"removed": list(done.removed), "shared": list(done.shared)},
    }


def print_rows(held: list[Held], as_json: bool) -> None:
    if as_json:
        show.as_json({"rows": [as_data(one) for one in held]})
        return
    lines = [
        [
            one.entry.ledger.name,
            one.entry.number,
            str(one.entry.node or "—"),
            one.entry.get_state_display(),
            "现行" if one.now else "以前或待审的版本",
        ]
        for one in held
    ]
    show.table(["台账", "编号", "结对关系", "状态", "所在"], lines)


def print_done(done: Erased) -> None:
    if done.transaction:
        print(f"已删除 {len(done.rows)} 行的个人信息：事务 #{done.transaction.number}，没有分录，数字不变。")
    else:
        print("这些行的个人信息此前已经删除。")
    print(f"佐证材料删去 {len(done.removed)} 份，留着 {len(done.shared)} 份（别的行也有）。")
    for sha256 in done.shared:
        print(f"  {sha256}")
    print("此前的备份和导出文件里仍有这些内容，请按各自的保存期限处理。")
