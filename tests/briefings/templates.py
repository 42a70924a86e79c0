"""Word templates made for a test, and what a finished document says."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

import docx

from lianqiao.briefings.book import About
from lianqiao.briefings.documents import Filled, NotWritten, write
from tests.world import UNTIL, World


def template(*paragraphs: str, table: Sequence[Sequence[str]] = ()) -> bytes:
    """A .docx of an office's own: plain paragraphs, and a table."""
    made = docx.Document()
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    if table:
        drawn = made.add_table(rows=0, cols=len(table[0]))
        for row in table:
            for cell, text in zip(drawn.add_row().cells, row, strict=True):
                cell.text = text
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def about(world: World) -> About:
    return About.of(world.county, None, UNTIL)


def filled(world: World, *paragraphs: str, table: Sequence[Sequence[str]] = ()) -> Filled:
    return write(template(*paragraphs, table=table), about(world))


def body(document: bytes) -> list[str]:
    """The lines before the annex of figures."""
    lines = text(document).splitlines()
    return lines[: lines.index("附")] if "附" in lines else lines


def text(document: bytes) -> str:
    """What stands in a .docx, a paragraph or a table's row a line."""
    from lianqiao.claims.documents import word_pieces

    pieces = word_pieces(docx.Document(io.BytesIO(document)).element.body)
    return "".join(piece.text for piece in pieces)


def said(world: World, *paragraphs: str, table: Sequence[Sequence[str]] = ()) -> str:
    """The lines that a template comes to, joined."""
    return "\n".join(body(filled(world, *paragraphs, table=table).docx))


def refused(world: World, *paragraphs: str, table: Sequence[Sequence[str]] = ()) -> list[str]:
    """What is told of a template that cannot be written out."""
    return refused_bytes(world, template(*paragraphs, table=table))


def refused_bytes(world: World, given: bytes) -> list[str]:
    try:
        write(given, about(world))
    except NotWritten as error:
        return [str(problem) for problem in error.problems]
    return []


def with_file(document: bytes, name: str, content: bytes) -> bytes:
    """The document with one more file in it, or another in its place."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info.filename))
        new.writestr(name, content)
    return held.getvalue()


def leftovers(document: bytes) -> list[str]:
    """Marks of templates, and private characters of ours, that a finished document must not hold."""
    with zipfile.ZipFile(io.BytesIO(document)) as held:
        read = [name for name in held.namelist() if re.match(r"word/(document|header|footer)", name)]
        told = "".join(held.read(name).decode() for name in read)
    return re.findall(r"\{\{|\}\}|\{%|%\}|[\ue000-\uf8ff]|w:annex", told)
