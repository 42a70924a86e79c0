"""What `erase` and `verify`, which stand above this room, must know of it: the files that it holds, and what must hold of
its sealed rows. apps.py hands both to them."""

from __future__ import annotations

from collections.abc import Iterator

from lianqiao.briefings.models import Briefing, Return, Template
from lianqiao.briefings.returns_lines import COLUMNS, compare, is_true, lines_of, read
from lianqiao.journal.audit import UNREADABLE, Finding, broken_rows
from lianqiao.journal.figures import known_at
from lianqiao.ledger import evidence
from lianqiao.ledger.erasing import pieces_with

MOST_NAMES = 3


def held(hashes: set[str]) -> set[str]:
    """Which of these files a document or a template has."""
    rows = [pieces_with(model.objects.all(), "evidence", hashes) for model in (Briefing, Template)]
    return {piece["sha256"] for found in rows for piece in found} & hashes


def check() -> Iterator[Finding]:
    """Returns whose lines are not what the journal says of their transaction, and archived documents whose file is another."""
    archived = Briefing.objects.filter(state=Briefing.State.ARCHIVED)
    try:
        for one in Return.objects.select_related("node").order_by("pk"):
            yield from findings(one, wrong_in_return(one))
        for document in archived.order_by("pk"):
            yield from findings(document, wrong_in_document(document))
    except UNREADABLE as error:
        yield from broken_rows((Return, Briefing), error)


def findings(one: Return | Briefing, wrong: str) -> Iterator[Finding]:
    if wrong:
        yield Finding(one._meta.db_table, str(one.pk), f"{one}第{one.version}版：{wrong}")


def wrong_in_return(one: Return) -> str:
    """What is wrong with a return, in words; "" where nothing is."""
    try:
        if is_true(one):
            return ""
        known = known_at(one.transaction)
        if known.hash != one.hash:
            return f"封存的散列不是事务 #{one.transaction} 的。"
        told = read(one.node, one.kind, one.period, known).lines
        names = list(dict.fromkeys(c.measure.name for c in compare(lines_of(one), told, (*COLUMNS, "target"))))
    except UNREADABLE:
        return "封存的数读不出来：内容损坏。"
    which = "、".join(names[:MOST_NAMES]) + ("等" if len(names) > MOST_NAMES else "")
    return f"封存的数与事务 #{one.transaction} 的账本不符{f'（{which}）' if which else ''}。"


def wrong_in_document(one: Briefing) -> str:
    """What is wrong with an archived document, in words; "" where nothing is."""
    try:
        if known_at(one.transaction).hash != one.hash:
            return f"所记散列不是事务 #{one.transaction} 的。"
        if not one.evidence or not all(evidence.is_whole(piece["sha256"]) for piece in one.evidence):
            return "归档的文件不在或被改动。"
    except UNREADABLE:
        return "所记内容读不出来：内容损坏。"
    return ""
