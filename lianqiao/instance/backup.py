"""`lianqiao backup`: everything but the keys in one file, as it was at one moment, while people go on writing."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from lianqiao.instance import archive
from lianqiao.instance.tables import Migration, Table, applied, encode, rows, tables
from lianqiao.journal import chain
from lianqiao.ledger import evidence

# The columns in which rows and their kept versions name evidence (ledger/models.py: Entry.evidence, Change.payload).
NAMING = ("evidence", "payload")
# Of the environment, what tells how the instance was run; never where it lies, its passwords or its keys.
SETTINGS = ("LIANQIAO_HOSTS", "LIANQIAO_HTTPS", "LIANQIAO_OPEN", "LIANQIAO_TODAY", "LIANQIAO_DEBUG")
# Nothing of a snapshot is locked: SQLite reads beside its writers (WAL), PostgreSQL has its versions of rows.
SNAPSHOT = {"sqlite": "BEGIN DEFERRED", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}


class Exists(Exception):
    """There is a file of that name: a backup replaces none."""


@dataclass(frozen=True)
class Made:
    """A finished backup."""

    path: Path
    size: int
    manifest: archive.Manifest


def back_up(target: Path) -> Made:
    """Writes the backup beside its place, reads it through once more, and renames it. Raises Exists, KeyMissing, Newer.

    Evidence that is missing or altered is told of in `manifest.missing`; everything else is kept all the same.
    """
    if target.exists():
        raise Exists(str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            with snapshot() as source, zipfile.ZipFile(file, "w") as held:
                manifest = write(archive.Writer(held), source)
            file.flush()
            os.fsync(file.fileno())
        with archive.opened(aside) as written:
            written.check()
        aside.replace(target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    return Made(target, target.stat().st_size, manifest)


@contextmanager
def snapshot() -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own that sees the database as it is now until the end of the block."""
    own = connections.create_connection("default")
    try:
        with own.cursor() as cursor:
            cursor.execute(SNAPSHOT[own.vendor])
        yield own
    finally:
        own.close()


def write(writer: archive.Writer, source: BaseDatabaseWrapper) -> archive.Manifest:
    """Writes all members and the manifest. The first reading fixes the moment."""
    head = head_of(source)
    had = applied(source)
    named: set[str] = set()
    for table in tables(had):
        writer.add_table(table.name, lines(source, table, named))
    missing = [name for name in sorted(named) if not add_evidence(writer, name)]
    writer.add(archive.HEADS, heads_until(int(head.partition(":")[0])))
    manifest = described(source, had, head, writer.members, missing)
    writer.seal(manifest)
    return manifest


def described(
    source: BaseDatabaseWrapper,
    had: list[Migration],
    head: str,
    members: dict[str, archive.Member],
    missing: list[str],
) -> archive.Manifest:
    return archive.Manifest(
        lianqiao=version("lianqiao"),
        made_at=timezone.localtime().isoformat(timespec="seconds"),
        database=source.vendor,
        migrations=tuple(had),
        head=head,
        key_check=archive.key_check(),
        settings={name: os.environ[name] for name in SETTINGS if name in os.environ},
        members=members,
        missing=tuple(missing),
    )


def head_of(source: BaseDatabaseWrapper) -> str:
    with source.cursor() as cursor:
        cursor.execute("SELECT number, hash FROM journal_transaction ORDER BY number DESC LIMIT 1")
        number, hash_ = cursor.fetchone() or (0, chain.GENESIS)
    return f"{number}:{hash_}"


def lines(source: BaseDatabaseWrapper, table: Table, named: set[str]) -> Iterator[bytes]:
    """The table's lines; adds to `named` the evidence that its rows speak of."""
    yield f"{encode(table.columns)}\n".encode()
    naming = [at for at, column in enumerate(table.columns) if column in NAMING]
    for row in rows(source, table):
        for at in naming:
            named.update(evidence_in(row[at]))
        yield f"{encode(row)}\n".encode()


def evidence_in(told: str | None) -> Iterable[str]:
    """The hashes of the evidence that a row, or a kept version of one, names."""
    content: Any = json.loads(told) if told else []
    pieces = content.get("evidence", []) if isinstance(content, dict) else content
    return [piece["sha256"] for piece in pieces or [] if not piece.get("erased")]


def add_evidence(writer: archive.Writer, name: str) -> bool:
    """Adds an evidence file; False where it is not there or not what its name says."""
    try:
        content = evidence.path_of(name).read_bytes()
    except OSError:
        return False
    if sha256(content).hexdigest() != name:
        return False
    writer.add(archive.evidence_member(name), [content], compress=False)
    return True


def heads_until(number: int) -> Iterator[bytes]:
    """The lines of the file of heads up to a transaction."""
    path = Path(settings.HEADS_FILE)
    if path.exists():
        with path.open("rb") as file:
            for line in file:
                held, _, _ = line.partition(b":")
                if held.isdigit() and int(held) <= number:
                    yield line.rstrip(b"\n") + b"\n"
