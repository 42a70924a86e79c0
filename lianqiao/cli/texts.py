"""`lianqiao claims`, `lianqiao check`: the numbers of a text, and whether they are true."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lianqiao.cli import show
from lianqiao.cli.options import CallWrong, DataWrong, existing_file, json_option, known, nodes, scope_options

if TYPE_CHECKING:
    from lianqiao.claims.check import Checked
    from lianqiao.claims.documents import Document

TINT = {"borne out": "green", "differs": "red", "no entries": "yellow", "plan": "cyan", "not an indicator": "yellow"}


def add(commands: Any) -> None:
    reading = commands.add_parser("claims", help="文中的每个数字")
    reading.add_argument("files", nargs="+", type=existing_file, metavar="FILE")
    json_option(reading)
    reading.set_defaults(run=run_claims, needs_django=False)
    checking = commands.add_parser("check", help="文中的每个数字与账本是否相符")
    checking.add_argument("file", type=existing_file, metavar="FILE")
    scope_options(checking)
    json_option(checking)
    checking.add_argument("--html", type=Path, metavar="FILE", help="另存标出数字的网页")
    checking.add_argument("--docx", type=Path, metavar="FILE", help="另存带批注的 Word 文件（原稿须是 .docx）")
    checking.set_defaults(run=run_check)


def document(path: Path) -> Document:
    from lianqiao.claims.documents import Unreadable, text_of

    try:
        return text_of(path)
    except Unreadable as error:
        raise DataWrong(f"{path}：{error}") from error


def run_claims(given: argparse.Namespace) -> int:
    from lianqiao.claims.reading import read

    for path in given.files:
        text = document(path)
        claims = read(text.text, text.published)
        if given.json:
            from lianqiao.claims.told import claim_json

            show.as_line({"file": str(path), "claims": [claim_json(claim) for claim in claims]})
        else:
            print(path)
            lines = [
                [str(c.start), c.quote, c.indicator or "—", c.period, "计划" if c.planned else "", "、".join(c.why)]
                for c in claims
            ]
            show.table(["位置", "数字", "指标", "时间", "", "依据"], lines, right=(0,))
    return 0


def run_check(given: argparse.Namespace) -> int:
    from lianqiao.claims.check import DIFFERS, check
    from lianqiao.claims.controls import judged
    from lianqiao.claims.told import checked_json

    if given.start or given.measure:
        raise CallWrong("check 按文中每个数字自己的时间核对，不用 --from 和 --measure。")
    if given.docx and given.file.suffix.lower() != ".docx":
        raise CallWrong("--docx 在原稿上加批注，原稿须是 .docx。")
    text = document(given.file)
    where = nodes(given.pairing)
    if len(where) != 1:
        raise CallWrong("一次核对一个结对关系。")
    checked = check(given.file.name, text.text, where[0], as_of(given, text), known(given.known_at), text.published)
    checked = judged(checked, given.file)
    if given.json:
        show.as_json({"file": str(given.file), **checked_json(checked)})
    else:
        print_checked(checked)
    save_copies(given, checked)
    return 1 if any(v.verdict == DIFFERS for v in checked.verdicts) else 0


def save_copies(given: argparse.Namespace, checked: Checked) -> None:
    """The marked-up copies that the call asks for; which ones stands on stderr, beside a JSON document too."""
    from lianqiao.claims.comments import commented
    from lianqiao.claims.documents import Unreadable
    from lianqiao.claims.marked import page, saved

    try:
        if given.html:
            given.html.write_text(page(saved(checked, "", kept=False)), encoding="utf-8")
            print(f"网页：{given.html}", file=sys.stderr)
        if given.docx:
            count = commented(given.file, checked, given.docx)
            print(f"Word：{given.docx}，批注 {count} 处", file=sys.stderr)
    except Unreadable as error:
        raise DataWrong(f"{given.file}：{error}") from error
    except OSError as error:
        raise CallWrong(f"写不了文件：{error}") from error


def as_of(given: argparse.Namespace, text: Document) -> date | None:
    until: date | None = given.until
    return until or text.published


def print_checked(checked: Checked) -> None:
    """A table of the text's numbers with verdicts, and below it what lies behind each difference."""
    from lianqiao.claims.check import DIFFERS, VERDICTS
    from lianqiao.claims.within import KINDS
    from lianqiao.cli.figures import value_text

    print(f"{checked.name}　{checked.node}　按 {checked.as_of} 核对，事务 #{checked.known.number} 所知")
    lines = []
    for v in checked.verdicts:
        figure = f"{value_text(v.figure)} {v.figure.measure.unit.name}" if v.figure else ""
        measure = v.figure.measure.name if v.figure else ""
        lines.append(
            [v.claim.quote, VERDICTS[v.verdict], figure, measure, v.difference or v.reading or "；".join(v.why)]
        )
    show.table(["文中", "结论", "账本", "指标", "说明"], lines, right=(2,))
    for v in checked.verdicts:
        if v.difference:
            print(show.colour(f"{v.claim.quote}：{v.difference}", TINT[v.verdict]))
            for reason in v.why:
                print(f"    {reason}")
    for remark in checked.remarks:
        print(show.colour(f"文中自相矛盾，{KINDS[remark.kind]}：{remark.told}", TINT[DIFFERS]))
    tally = {word: sum(v.verdict == code for v in checked.verdicts) for code, word in VERDICTS.items()}
    print(f"文中 {len(checked.verdicts)} 处数字：" + "，".join(f"{word} {n}" for word, n in tally.items() if n))
