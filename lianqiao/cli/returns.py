"""`lianqiao returns`: what is due from whom, a return filled in, a return shown."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from lianqiao.cli import show
from lianqiao.cli.options import CallWrong, DataWrong, day, json_option, nodes, user
from lianqiao.cli.rows import guarded

if TYPE_CHECKING:
    from lianqiao.briefings.models import Return
    from lianqiao.briefings.returns_calendar import Slot
    from lianqiao.briefings.returns_lines import Line

KINDS = {"month": "月报", "quarter": "季报", "year": "年报"}


def add(commands: Any) -> None:
    returning = commands.add_parser("returns", help="报表：list 该报什么，fill 填一份，show 看一份")
    returning.add_argument(
        "doing", choices=("list", "fill", "show"), help="list 该报的，fill 按此刻的账填，show 看最新的一版"
    )
    returning.add_argument(
        "kind", nargs="?", choices=KINDS, help="、".join(f"{code} {word}" for code, word in KINDS.items())
    )
    returning.add_argument("until", nargs="?", type=day, metavar="DATE", help="期间的最后一天，如 2021-11-30")
    returning.add_argument("--pairing", metavar="P", help="哪个结对关系（list：连同其下级，默认全部）")
    returning.add_argument("--as", dest="by", metavar="USER", help="由谁填报")
    json_option(returning)
    returning.set_defaults(run=run_returns)


def run_returns(given: argparse.Namespace) -> int:
    if given.doing == "list":
        return run_list(given)
    if not (given.kind and given.until and given.pairing):
        raise CallWrong(f"写作 lianqiao returns {given.doing} month 2021-11-30 --pairing 靖江-永寿")
    return (run_fill if given.doing == "fill" else run_show)(given)


def run_list(given: argparse.Namespace) -> int:
    from lianqiao.briefings.models import Duty
    from lianqiao.briefings.returns_calendar import open_slots
    from lianqiao.journal import clock

    (top,) = nodes([given.pairing] if given.pairing else [])
    held = Duty.objects.filter(node__path__startswith=top.path).select_related("node")
    found, today = open_slots(list(held), clock.today()), clock.today()
    if given.json:
        show.as_json([slot_data(slot) for slot in found])
        return 0
    left = [(slot, slot.left(today)) for slot in found]
    rows = [
        [
            slot.title,
            slot.duty.node.name,
            slot.due.isoformat(),
            f"逾{-days}天" if days < 0 else f"还{days}天",
            stands(slot),
        ]
        for slot, days in left
    ]
    show.table(["报表", "结对关系", "应报", "期限", "状态"], rows)
    return 0


def stands(slot: Slot) -> str:
    return str(slot.filed.get_state_display()) if slot.filed else "未填"


def slot_data(slot: Slot) -> dict[str, Any]:
    return {
        "kind": slot.duty.kind,
        "pairing": slot.duty.node.name,
        "from": str(slot.period.start),
        "until": str(slot.period.until),
        "due": str(slot.due),
        "state": slot.filed.state if slot.filed else None,
    }


def run_fill(given: argparse.Namespace) -> int:
    from lianqiao.briefings import returns
    from lianqiao.briefings.returns_calendar import period_of

    (node,), by = nodes([given.pairing]), user(given.by)
    one = guarded(lambda: returns.fill(node, given.kind, period_of(given.kind, given.until), by))
    return tell(one, given.json)


def run_show(given: argparse.Namespace) -> int:
    from lianqiao.briefings import returns
    from lianqiao.briefings.returns_calendar import period_of

    (node,) = nodes([given.pairing])
    one = returns.latest(node, given.kind, period_of(given.kind, given.until))
    if one is None:
        raise DataWrong(f"{node} 还没有填过这一期的{KINDS[given.kind]}。")
    return tell(one, given.json)


def tell(one: Return, as_json: bool) -> int:
    from lianqiao.briefings.returns_lines import lines_of

    lines, asked = lines_of(one), list(one.questions.all())
    if as_json:
        show.as_json(as_data(one, lines))
        return 0
    print(f"{one}　第{one.version}版　{one.get_state_display()}　按事务 #{one.transaction} 所知")
    rows = [[line.measure.name, *(amount(line, name) for name in SHOWN), line.measure.unit.name] for line in lines]
    show.table(["指标", *SHOWN.values(), "单位"], rows, right=range(1, len(SHOWN) + 1))
    for question in asked:
        print(f"{question.get_kind_display()}：{question.text}　{question.answer or '（待说明）'}")
    return 0


SHOWN = {"now": "本期", "last": "上期", "last_year": "上年同期", "year": "本年累计", "ever": "累计"}


def amount(line: Line, name: str) -> str:
    from lianqiao.core.units import shown

    value = getattr(line, name)
    return "—" if value is None else shown(value, line.measure.unit)


def as_data(one: Return, lines: list[Line]) -> dict[str, Any]:
    from lianqiao.core.units import as_data as quantity

    names = (*SHOWN, "year_last_year", "target")
    return {
        "kind": one.kind,
        "pairing": one.node.name,
        "from": str(one.start),
        "until": str(one.until),
        "version": one.version,
        "state": one.state,
        "transaction": one.transaction,
        "hash": one.hash,
        "lines": [
            {"measure": line.measure.code, "unit": line.measure.unit.name}
            | {name: quantity(getattr(line, name), line.measure.unit) for name in names}
            for line in lines
        ],
        "questions": [
            {"kind": q.kind, "measure": q.measure, "text": q.text, "answer": q.answer} for q in one.questions.all()
        ],
    }
