"""One byte changed in the database file itself, past every trigger: verify names the row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from lianqiao.fields.exchange.models import Visit
from lianqiao.journal.models import Balance, Posting
from lianqiao.ledger.audit import verify
from tests.world import approved, make_world, visit

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps checksums of its own over its pages"),
]
PEOPLE = 0x5A5B5C5D  # four bytes that occur nowhere by chance
STORED = PEOPLE.to_bytes(4, "big")
PURPOSE = "示例翻转位"


@pytest.fixture
def county_visit() -> Visit:
    world = make_world()
    (row,) = approved(world, visit(world.county, date(2021, 10, 12), PEOPLE, purpose=PURPOSE))
    assert verify().problems == []
    return row


def database_file() -> Path:
    """The file, with everything in it, nothing left over from what was deleted, and nobody at it."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return Path(connection.settings_dict["NAME"])


@contextmanager
def flipped(pattern: bytes, at: int, bit: int = 1) -> Iterator[None]:
    """A bit turned in the byte at this place of the first match (below 0: from its end); right again afterwards."""
    file = database_file()
    found = re.search(pattern, file.read_bytes(), re.DOTALL)
    assert found
    place = at + (found.start() if at >= 0 else found.end())
    turn(file, place, bit)
    try:
        yield
    finally:
        connection.close()
        turn(file, place, bit)


def turn(file: Path, place: int, bit: int) -> None:
    with file.open("r+b") as opened:
        opened.seek(place)
        (byte,) = opened.read(1)
        opened.seek(place)
        opened.write(bytes([byte ^ bit]))


def named() -> set[tuple[str, str]]:
    return {(p.table, p.row) for p in verify().problems}


LEDGER = b"visits"
# Day, quantity, and the ledger behind them: where the table was made anew, the row's entry may stand between.
POSTING = b"2021-10-12" + re.escape(STORED) + b".{0,2}" + LEDGER
PLACES = [*range(len(b"2021-10-12" + STORED)), *range(-len(LEDGER), 0)]


@pytest.mark.parametrize("bit", [1, 64], ids=["lowest bit", "high bit"])
def test_a_posting_is_named_whichever_of_its_bytes_is_changed(county_visit: Visit, bit: int) -> None:
    rows = {("journal_posting", str(pk)) for pk in Posting.objects.filter(quantity=PEOPLE).values_list("pk", flat=True)}
    unnamed = []
    for at in PLACES:
        with flipped(POSTING, at, bit):
            if len(named() & rows) != 1:
                unnamed.append(at)
    assert unnamed == []
    assert verify().ok


def test_a_balance_is_named(county_visit: Visit) -> None:
    held = Balance.objects.filter(quantity=PEOPLE, grain=Balance.MONTH).values_list("pk", flat=True)
    rows = {("journal_balance", str(pk)) for pk in held}
    with flipped(b"2021-10-01" + re.escape(STORED), 13):
        assert len(named() & rows) == 1


BYTES = {
    "another number": (PURPOSE.encode() + b".{0,40}?" + re.escape(STORED), -1, 1),
    "another letter": (PURPOSE.encode() + b'(?!")', 14, 1),  # in the history, as JSON, a quote follows
    "no letter": (PURPOSE.encode() + b'(?!")', 12, 64),
}


@pytest.mark.parametrize(("pattern", "at", "bit"), BYTES.values(), ids=BYTES)
def test_an_entry_is_named(county_visit: Visit, pattern: bytes, at: int, bit: int) -> None:
    with flipped(pattern, at, bit):
        assert ("exchange_visit", str(county_visit.pk)) in named()
