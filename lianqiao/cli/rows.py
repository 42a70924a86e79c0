"""`lianqiao approve`, `confirm`, `object`, `close`, `void`: rows through review."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lianqiao.cli import show
from lianqiao.cli.options import CallWrong, DataWrong, day, json_option, nodes, user

if TYPE_CHECKING:
    from lianqiao.ledger.models import Entry


def add(commands: Any) -> None:
    passing = commands.add_parser("approve", help="审核通过")
    passing.add_argument("ledger", metavar="LEDGER")
    passing.add_argument("numbers", nargs="+", metavar="编号")
    passing.add_argument("--as", dest="by", metavar="USER", help="由谁审核")
    passing.add_argument("--why", default="", metavar="TEXT", help="缘由（改动已关账的期间时必填）")
    passing.add_argument("--despite-twins", action="store_true", help="看过同一关键内容的行，确属两件事")
    json_option(passing)
    passing.set_defaults(run=run_approve)
    confirming = commands.add_parser("confirm", help="对账：确认对方的行")
    confirming.add_argument("ledger", metavar="LEDGER")
    confirming.add_argument("numbers", nargs="+", metavar="编号")
    confirming.add_argument("--as", dest="by", metavar="USER", help="由谁确认")
    json_option(confirming)
    confirming.set_defaults(run=run_confirm)
    objecting = commands.add_parser("object", help="对账：对对方的一行提出异议")
    objecting.add_argument("ledger", metavar="LEDGER")
    objecting.add_argument("number", metavar="编号")
    objecting.add_argument("--as", dest="by", metavar="USER", help="由谁提出")
    objecting.add_argument("--why", required=True, metavar="TEXT", help="异议")
    json_option(objecting)
    objecting.set_defaults(run=run_object)
    closing = commands.add_parser("close", help="关账：某日以前不再变动")
    closing.add_argument("--pairing", required=True, metavar="P", help="哪个结对关系及其下级")
    closing.add_argument("--until", required=True, type=day, metavar="DATE", help="至哪天")
    closing.add_argument("--as", dest="by", metavar="USER", help="由谁关账（协调）")
    closing.add_argument("--why", required=True, metavar="TEXT", help="缘由")
    json_option(closing)
    closing.set_defaults(run=run_close)
    voiding = commands.add_parser("void", help="作废一行")
    voiding.add_argument("ledger", metavar="LEDGER")
    voiding.add_argument("number", metavar="编号")
    voiding.add_argument("--as", dest="by", metavar="USER", help="由谁作废")
    voiding.add_argument("--why", required=True, metavar="TEXT", help="缘由")
    json_option(voiding)
    voiding.set_defaults(run=run_void)


def ledger_named(name: str) -> type[Entry]:
    from lianqiao.ledger.registry import NoSuchLedger, by_name

    try:
        return by_name(name)
    except NoSuchLedger as error:
        raise CallWrong(str(error)) from error


def guarded[T](act: Callable[[], T]) -> T:
    """Runs an act; what its rules refuse becomes an error with exit status 1."""
    from django.core.exceptions import PermissionDenied
    from django.http import Http404

    from lianqiao.ledger.acts import Refused

    try:
        return act()
    except Refused as refused:
        raise DataWrong("\n".join(p.message for p in refused.problems)) from refused
    except Http404 as error:
        raise DataWrong("没有这个结对关系，或无权看到它。") from error
    except PermissionDenied as error:
        raise DataWrong(str(error)) from error


def entries(model: type[Entry], numbers: list[str]) -> list[Entry]:
    found = {e.number: e for e in model._base_manager.filter(number__in=numbers)}
    for number in numbers:
        if number not in found:
            raise DataWrong(f"{model.ledger.name}里没有 {number}。")
    return [found[number] for number in numbers]


def run_approve(given: argparse.Namespace) -> int:
    from lianqiao.ledger import acts

    model, by = ledger_named(given.ledger), user(given.by)
    rows = entries(model, given.numbers)
    written = guarded(lambda: acts.approve(rows, by, given.why, despite_twins=given.despite_twins))
    told = {
        "approved": given.numbers,
        "transaction": written.number,
        "postings": written.postings,
        "hash": written.hash,
    }
    if given.json:
        show.as_json(told)
    else:
        print(f"已通过 {len(rows)} 行：事务 #{written.number}，{written.postings} 条分录。")
    return 0


def run_void(given: argparse.Namespace) -> int:
    from lianqiao.ledger import acts

    model, by = ledger_named(given.ledger), user(given.by)
    (row,) = entries(model, [given.number])
    written = guarded(lambda: acts.void(row, by, given.why))
    told = {"voided": row.number, "transaction": written.number if written else None}
    if given.json:
        show.as_json(told)
    else:
        print(
            f"已作废 {row.number}"
            + (f"：事务 #{written.number}，冲回 {written.postings} 条分录。" if written else "。")
        )
    return 0


def run_confirm(given: argparse.Namespace) -> int:
    from lianqiao.ledger import acts

    model, by = ledger_named(given.ledger), user(given.by)
    rows = entries(model, given.numbers)
    guarded(lambda: acts.confirm(rows, by))
    tell(given.json, {"confirmed": given.numbers}, f"已确认 {len(rows)} 行。")
    return 0


def run_object(given: argparse.Namespace) -> int:
    from lianqiao.ledger import acts

    model, by = ledger_named(given.ledger), user(given.by)
    rows = entries(model, [given.number])
    guarded(lambda: acts.object_to(rows, by, given.why))
    tell(given.json, {"objected": given.number}, f"已对 {given.number} 提出异议：{given.why}")
    return 0


def run_close(given: argparse.Namespace) -> int:
    from lianqiao.ledger import acts

    by, (node,) = user(given.by), nodes([given.pairing])
    written = guarded(lambda: acts.close(node, given.until, by, given.why))
    told = {"closed": node.name, "until": given.until.isoformat(), "transaction": written.number}
    tell(given.json, told, f"已关账：{node} 至 {given.until}，事务 #{written.number}。")
    return 0


def tell(as_json: bool, data: dict[str, Any], sentence: str) -> None:
    if as_json:
        show.as_json(data)
    else:
        print(sentence)
