"""Single bytes of a row changed in SQLite's file itself, past every trigger."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any


def flip(database: Path, table: str, row: int, column: str) -> None:
    """Turns the lowest bit of the last byte that the row's column takes in the file: one byte, and no other."""
    names, values = row_of(database, table, row)
    head, cells = encoded(values)
    before = sum(len(cell) for cell in cells[: names.index(column)])
    at = len(head) + before + len(cells[names.index(column)]) - 1
    content = bytearray(database.read_bytes())
    stored = head + b"".join(cells)
    assert content.count(stored) == 1, f"{table} {row} stands {content.count(stored)} times in the file"
    content[content.index(stored) + at] ^= 1
    database.write_bytes(content)


def row_of(database: Path, table: str, row: int) -> tuple[list[str], list[Any]]:
    """The columns and stored values of a row by its key; NULL for a key that SQLite keeps as the row's own number."""
    with sqlite3.connect(database) as connection:
        found = connection.execute(f"PRAGMA table_info({table})").fetchall()
        key = next(name for _, name, *_, is_key in found if is_key)
        (values,) = connection.execute(f"SELECT * FROM {table} WHERE {key} = ?", [row]).fetchall()
    connection.close()
    aliases = [kind.lower() == "integer" and bool(is_key) for _, _, kind, *_, is_key in found]
    stored = [None if alias else value for alias, value in zip(aliases, values, strict=True)]
    return [name for _, name, *_ in found], stored


def encoded(values: list[Any]) -> tuple[bytes, list[bytes]]:
    """A record as https://sqlite.org/fileformat2.html, section 2.1, has it: its header, and the bytes of each value."""
    kinds, cells = zip(*map(cell, values), strict=True)
    body = b"".join(map(varint, kinds))
    return varint(len(body) + 1) + body, list(cells)


def cell(value: Any) -> tuple[int, bytes]:
    """The serial type of a value, and its bytes."""
    if value is None:
        return 0, b""
    if isinstance(value, str):
        text = value.encode()
        return 13 + 2 * len(text), text
    if value in (0, 1):
        return 8 + value, b""
    size = next(size for size in (1, 2, 3, 4, 6, 8) if -(2 ** (8 * size - 1)) <= value < 2 ** (8 * size - 1))
    return {1: 1, 2: 2, 3: 3, 4: 4, 6: 5, 8: 6}[size], value.to_bytes(size, "big", signed=True)


def varint(number: int) -> bytes:
    """Seven bits a byte, the highest bit set in all but the last."""
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))


def meddle(database: Path, *statements: str) -> None:
    """Runs SQL on the file with the triggers taken away and put back word for word, as somebody careful would."""
    connection = sqlite3.connect(database, isolation_level=None)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        assert connection.execute(statement).rowcount == 1, statement
    for _, sql in triggers:
        connection.execute(sql)
    connection.close()
