"""The English words: django.po is what people edit, django.mo what the server reads.

`python -m lianqiao.locale.catalogue` writes the second from the first; no gettext tools are needed.
"""

from __future__ import annotations

import ast
import struct
from pathlib import Path

FOLDER = Path(__file__).parent / "en" / "LC_MESSAGES"
PO, MO = FOLDER / "django.po", FOLDER / "django.mo"
MAGIC = 0x950412DE


class BadCatalogue(ValueError):
    """A line of a .po file that says nothing this reader knows."""


def parse(text: str) -> dict[str, str]:
    """msgid → msgstr of a .po file: comments, and strings over several lines; no plurals and no contexts.

    Raises BadCatalogue for any other line, and where a msgid stands twice.
    """
    found: dict[str, str] = {}
    held: dict[str, str] = {}
    at = ""
    for number, line in enumerate([*text.splitlines(), 'msgid ""'], 1):
        word, _, quoted = line.partition(" ") if line.startswith("msg") else ("", "", line)
        if not line.strip() or line.startswith("#"):
            continue
        if word not in ("", "msgid", "msgstr") or not quoted.startswith('"'):
            raise BadCatalogue(f"{number}: {line}")
        if word == "msgid" and held:
            keep(found, held, number)
            held = {}
        at = word or at
        held[at] = held.get(at, "") + str(ast.literal_eval(quoted))
    return found


def keep(found: dict[str, str], held: dict[str, str], number: int) -> None:
    if held["msgid"] in found:
        raise BadCatalogue(f"{number}: {held['msgid']} stands twice")
    found[held["msgid"]] = held.get("msgstr", "")


def compiled(messages: dict[str, str]) -> bytes:
    """The .mo file of these messages (GNU gettext's format, revision 0, without a hash table)."""
    pairs = sorted((source.encode(), target.encode()) for source, target in messages.items() if target)
    table = 28
    start = table + 16 * len(pairs)
    sources: list[tuple[int, int]] = []
    targets: list[tuple[int, int]] = []
    body = b""
    for column, offsets in ((0, sources), (1, targets)):
        for pair in pairs:
            offsets.append((len(pair[column]), start + len(body)))
            body += pair[column] + b"\0"
    header = struct.pack("<7I", MAGIC, 0, len(pairs), table, table + 8 * len(pairs), 0, start)
    return header + b"".join(struct.pack("<2I", *place) for place in [*sources, *targets]) + body


if __name__ == "__main__":
    MO.write_bytes(compiled(parse(PO.read_text(encoding="utf-8"))))
