"""`lianqiao export`, `template`: ledgers as workbooks, filled and empty."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from lianqiao.cli import show
from lianqiao.cli.options import CallWrong, DataWrong, day, json_option, nodes, period, target_option, user
from lianqiao.cli.rows import guarded, ledger_named

if TYPE_CHECKING:
    from lianqiao.workbooks.writing_exports import Exported, Scope


def add(commands: Any) -> None:
    exporting = commands.add_parser("export", help="把台账写成工作簿，改好可以读回")
    exporting.add_argument("ledgers", nargs="+", metavar="LEDGER", help="台账代码或名称，可以几个")
    target_option(exporting)
    exporting.add_argument("--pairing", action="append", default=[], help="结对关系及其下级；可重复（默认：全部）")
    exporting.add_argument("--from", dest="start", type=day, metavar="DATE", help="自哪天")
    exporting.add_argument("--until", type=day, metavar="DATE", help="至哪天")
    exporting.add_argument(
        "--state", choices=["draft", "submitted", "approved", "returned", "void"], help="只要这种状态"
    )
    exporting.add_argument("--as", dest="by", metavar="USER", help="由谁导出（只有其看得见的行）")
    json_option(exporting)
    exporting.set_defaults(run=run_export)
    emptying = commands.add_parser("template", help="台账的空表，带下拉和说明")
    emptying.add_argument("ledgers", nargs="+", metavar="LEDGER", help="台账代码或名称，可以几个")
    target_option(emptying)
    json_option(emptying)
    emptying.set_defaults(run=run_template)


def run_export(given: argparse.Namespace) -> int:
    from lianqiao.workbooks.writing import DoesNotFit
    from lianqiao.workbooks.writing_exports import NotDated, export

    models = list(dict.fromkeys(ledger_named(name) for name in given.ledgers))
    by, scope = user(given.by) if given.by else None, asked_scope(given)
    try:
        made = guarded(lambda: export(given.target, models, by, scope))
    except NotDated as error:
        raise CallWrong(str(error)) from error
    except DoesNotFit as error:
        raise DataWrong(str(error)) from error
    tell(made, given)
    return 0


def asked_scope(given: argparse.Namespace) -> Scope:
    from lianqiao.workbooks.writing_exports import Scope

    if given.start and given.until:
        period(given.start, given.until)  # complains where it ends before it begins
    where = tuple(nodes(given.pairing)) if given.pairing else ()
    return Scope(where, given.start, given.until, given.state or "")


def tell(made: Exported, given: argparse.Namespace) -> None:
    if given.json:
        head = {"transaction": made.known.number, "hash": made.known.hash}
        show.as_json({"file": str(made.path), "rows": made.rows, **head})
        return
    for code, count in made.rows.items():
        print(f"{ledger_named(code).ledger.name}：{count} 行")
    print(f"已写到 {made.path}，截至事务 #{made.known.number}。")


def run_template(given: argparse.Namespace) -> int:
    from lianqiao.places.models import Node
    from lianqiao.workbooks.writing_templates import template

    models = list(dict.fromkeys(ledger_named(name) for name in given.ledgers))
    template(given.target, models, list(Node.objects.filter(confirmed=True, until=None)))
    if given.json:
        show.as_json({"file": str(given.target), "ledgers": [model.ledger.code for model in models]})
    else:
        print(f"空表已写到 {given.target}：{'、'.join(model.ledger.name for model in models)}。")
    return 0
