"""The chain: what a transaction's hash is taken over, and the head."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import batched

from django.conf import settings
from django.db import connection

from lianqiao.journal.models import Transaction

GENESIS = "0" * 64
LOCK = 0x4C5149414F  # any number, the same everywhere


@dataclass(frozen=True)
class Head:
    number: int
    hash: str
    recorded_at: datetime | None

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


def head() -> Head:
    last = Transaction.objects.order_by("-number").first()
    return Head(last.number, last.hash, last.recorded_at) if last else Head(0, GENESIS, None)


def lock() -> None:
    """Holds the end of the chain until the database transaction ends: the last lock that is taken.

    SQLite has it since BEGIN IMMEDIATE.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def posting_line(row: Sequence[object]) -> str:
    """One posting as it is hashed: id, measure code, version, node, day, quantity, subject, bare, ledger, entry."""
    number, code, version, node, on, quantity, subject, bare, ledger, entry = row
    day = on.isoformat() if isinstance(on, date) else on
    return f"P|{number}|{code}|{version}|{node}|{day}|{quantity}|{'' if subject is None else subject}|{int(bool(bare))}|{ledger}|{entry}"


def voucher_line(row: Sequence[object]) -> str:
    """One voucher as it is hashed: id, ledger, entry, version, digest."""
    return "V|" + "|".join(str(value) for value in row)


def opening_line(number: int, recorded_at: datetime, by: str, kind: str, why: str, late: bool, previous: str) -> str:
    moment = recorded_at.astimezone(UTC).isoformat(timespec="microseconds")
    told: list[object] = [number, moment, by, kind, why, previous]
    return json.dumps([*told, "late"] if late else told, ensure_ascii=False)


class Digest:
    """SHA-256 over lines, each ended by a line feed (GB/T 32905 SM3 would go here)."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        self.taken = hashlib.sha256()
        self.add(lines)

    def add(self, lines: Iterable[str]) -> None:
        for some in batched(lines, 1000):
            self.taken.update("\n".join([*some, ""]).encode())

    def hexdigest(self) -> str:
        return self.taken.hexdigest()


def digest(lines: Iterable[str]) -> str:
    return Digest(lines).hexdigest()


def write_head(written: Head) -> None:
    """Appends the head to the file outside the database that `verify --head` can be held against."""
    path = settings.HEADS_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write(f"{written}\n")
