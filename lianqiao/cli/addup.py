"""`lianqiao addup`: everything that does not add up, with its rows."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from lianqiao.cli import show
from lianqiao.cli.figures import measure_named, value_text
from lianqiao.cli.options import json_option, known, nodes, period, scope_options

if TYPE_CHECKING:
    from lianqiao.core.periods import Period
    from lianqiao.journal.adding import Mismatch
    from lianqiao.ledger.models import Entry
    from lianqiao.places.models import Node

Entries = dict[tuple[str, int], "Entry"]


def add(commands: Any) -> None:
    adding = commands.add_parser("addup", help="分项、去重、其中、比率是否都加得拢")
    scope_options(adding)
    adding.add_argument("--all", action="store_true", help="连同下级，每个结对关系都查")
    adding.add_argument("--years", action="store_true", help="逐年查，再查累计")
    json_option(adding)
    adding.set_defaults(run=run_addup)


def run_addup(given: argparse.Namespace) -> int:
    """Exit status 1 where anything does not add up."""
    from lianqiao.ledger.registry import entries_of

    found = [one for node in nodes(given.pairing) for one in found_at(node, given)]
    if given.measure:
        codes = {measure_named(code).code for code in given.measure}
        found = [one for one in found if one.whole.measure.code in codes]
    entries = entries_of(source for one in found for source in one.entries)
    if given.json:
        show.as_json([as_data(one, entries) for one in found])
    else:
        print_found(found, entries)
    return 1 if found else 0


def found_at(node: Node, given: argparse.Namespace) -> list[Mismatch]:
    from lianqiao.journal.adding import all_mismatches, mismatches

    periods, moment = asked_periods(node, given), known(given.known_at)
    return all_mismatches(node, periods, moment) if given.all else list(mismatches(node, periods, moment))


def asked_periods(node: Node, given: argparse.Namespace) -> list[Period]:
    from lianqiao.journal.adding import years

    asked = period(given.start, given.until)
    if not given.years:
        return [asked]
    return [p for p in years(node, asked.until) if asked.start is None or (p.start and p.until >= asked.start)]


def what(one: Mismatch) -> str:
    return f"{one.whole.measure.name} {value_text(one.whole)} {one.whole.measure.unit.name}：{one.what}"


def numbers(one: Mismatch, entries: Entries) -> list[str]:
    return [entries[source].number for source in one.entries if source in entries]


def as_data(one: Mismatch, entries: Entries) -> dict[str, Any]:
    start = one.whole.period.start
    return {
        "measure": one.whole.measure.code,
        "pairing": one.node.name,
        "from": start.isoformat() if start else None,
        "until": one.whole.period.until.isoformat(),
        "what": what(one),
        "entries": numbers(one, entries),
        "more": one.more,
    }


def print_found(found: list[Mismatch], entries: Entries) -> None:
    for one in found:
        more = f"等 {len(one.entries) + one.more} 行" if one.more else ""
        where = f"{one.node}　{one.whole.period.describe()}"
        print(f"{where}　{what(one)}　{'、'.join(numbers(one, entries))}{more}".rstrip("　"))
    if not found:
        print("都加得拢：分项、去重、其中、比率。")
