"""`lianqiao figures`, `lianqiao trace`: numbers, and the rows behind them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lianqiao.cli import show
from lianqiao.cli.options import CallWrong, json_option, known, nodes, period, scope_options, target_option
from lianqiao.core.units import as_data, shown

if TYPE_CHECKING:
    from lianqiao.core.units import Unit
    from lianqiao.journal.figures import Figure
    from lianqiao.journal.measures import Measure, Ratio
    from lianqiao.journal.models import Posting
    from lianqiao.ledger.models import Entry


def add(commands: Any) -> None:
    listing = commands.add_parser("figures", help="数字及其口径")
    scope_options(listing)
    target_option(listing, required=False)
    json_option(listing)
    listing.set_defaults(run=run_figures)
    tracing = commands.add_parser("trace", help="一个数字背后的分录与台账行")
    tracing.add_argument("code", metavar="CODE", help="指标代码")
    scope_options(tracing)
    json_option(tracing)
    tracing.set_defaults(run=run_trace)


def measure_named(code: str) -> Measure | Ratio:
    from lianqiao.agreements.models import named_measure

    found = named_measure(code)
    if found is None:
        raise CallWrong(f"没有指标“{code}”。lianqiao figures 列出全部。")
    return found


def run_figures(given: argparse.Namespace) -> int:
    from lianqiao.journal.figures import all_measures, figures
    from lianqiao.journal.measures import NotAddable

    sums = [code for code in given.measure if "+" in code]
    measures = [measure_named(code) for code in given.measure if "+" not in code] or ([] if sums else all_measures())
    try:
        found = figures(measures, nodes(given.pairing), period(given.start, given.until), known(given.known_at))
        added = [add_up(code, given) for code in sums]
    except NotAddable as error:
        raise CallWrong(str(error)) from error
    found += added
    if given.target:
        write_figures(found, given.target)
    if given.json:
        from lianqiao.journal.told import figure_json

        show.as_json([figure_json(figure) for figure in found])
    elif given.target:
        print(f"已写到 {given.target}：{len(found)} 个数字，截至事务 #{found[0].known.number}。")
    else:
        print_figures(found)
    return 0


def write_figures(found: list[Figure], target: Path) -> None:
    from lianqiao.workbooks.writing_figures import figures_book

    figures_book(target, found)


def add_up(codes: str, given: argparse.Namespace) -> Figure:
    """Several measures taken together, where that makes sense (journal/figures.py: total)."""
    from lianqiao.journal.figures import total
    from lianqiao.journal.measures import Measure

    parts = [measure_named(code.strip()) for code in codes.split("+")]
    measures = [m for m in parts if isinstance(m, Measure)]
    if len(measures) < len(parts):
        raise CallWrong("比率不能相加。")
    return total(measures, nodes(given.pairing), period(given.start, given.until), known(given.known_at))


def value_text(figure: Figure) -> str:
    return "—" if figure.value is None else shown(figure.value, figure.measure.unit)


def print_figures(found: list[Figure]) -> None:
    if not found:
        return
    from lianqiao.workbooks.writing_figures import marks

    first = found[0]
    print(f"{'、'.join(str(n) for n in first.nodes)}　{first.period.describe()}　按事务 #{first.known.number} 所知")
    lines = [
        [
            f.measure.code,
            f.measure.name,
            value_text(f),
            f.measure.unit.name,
            str(f.entries),
            "；".join(part for part in (marks(f), f.measure.definition) if part),
        ]
        for f in found
    ]
    show.table(["代码", "指标", "数值", "单位", "行数", "口径"], lines, right=(2, 4))
    print(f"散列 {first.known.hash}")


def run_trace(given: argparse.Namespace) -> int:
    from lianqiao.journal.figures import figure
    from lianqiao.journal.measures import NotAddable
    from lianqiao.journal.trace import postings
    from lianqiao.ledger.registry import entries_of

    where, span = nodes(given.pairing), period(given.start, given.until)
    try:
        found = figure(measure_named(given.code), where, span, known(given.known_at))
    except NotAddable as error:
        raise CallWrong(str(error)) from error
    rows = list(postings(found))
    entries = entries_of((p.ledger, p.entry) for p in rows)
    if given.json:
        from lianqiao.journal.told import figure_json

        told_rows = [posting_json(p, entries[p.ledger, p.entry], found.measure.unit) for p in rows]
        show.as_json({"figure": figure_json(found), "postings": told_rows})
    else:
        print_figures([found])
        print_postings(rows, entries)
    return 0


def posting_json(posting: Posting, entry: Entry, unit: Unit) -> dict[str, Any]:
    return {
        "transaction": posting.transaction_id,
        "recorded_at": posting.transaction.recorded_at.isoformat(),
        "on": posting.on.isoformat(),
        "quantity": as_data(posting.quantity, unit if unit.name != "%" else measure_named(posting.measure.code).unit),
        "measure": posting.measure.code,
        "ledger": posting.ledger,
        "entry": entry.number,
        "summary": entry.summary(),
        "evidence": [{"kind": e["kind"], "name": e["name"], "sha256": e["sha256"]} for e in entry.evidence],
    }


def print_postings(rows: list[Posting], entries: dict[tuple[str, int], Entry]) -> None:
    lines, running = [], 0
    for p in rows:
        entry, unit = entries[p.ledger, p.entry], measure_named(p.measure.code).unit
        running += p.quantity
        files = "、".join(e["name"] for e in entry.evidence) or ("无明细" if p.bare else "")
        lines.append(
            [
                p.on.isoformat(),
                entry.number,
                shown(p.quantity, unit),
                shown(running, unit),
                f"#{p.transaction_id}",
                entry.summary(),
                files,
            ]
        )
    if lines:
        show.table(["业务日期", "编号", "数量", "累计", "事务", "摘要", "佐证"], lines, right=(2, 3))
