"""Errors, formulas without a stored result and the extent of the sheets of an .xlsx (ISO/IEC 29500-1, 18.3)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

from lianqiao.workbooks.marks import CellError, DefinitionError, Marks

WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_CHUNK, _OVERLAP = 2**20, 32

# Most sheets have neither formulas nor errors, and no cell right of Z that could span a giant rectangle. Looking for the
# traces of these in the bytes costs a hundredth of parsing them; an attribute may be quoted either way, and an element
# may have a prefix.
_TRACES = (b'"e"', b"'e'", b"<f", b":f")
_TRACE = re.compile(rb"""[<:]f[\s>/]|\bt=["']e["']""")
# Likewise a row whose number has seven digits, as Excel's last ones have, or more, as only a hostile file has.
_WIDE = re.compile(rb"""\sr\s*=\s*["'](?:[A-Za-z]{2}|[A-Za-z]?\d{7})""")
# However the XML is encoded.
_DEFINITIONS = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))


def marks(archive: ZipFile) -> dict[str, Marks]:
    """The marks of each sheet by its name.

    Raises DefinitionError, and whatever zipfile and expat raise for a damaged file.
    """
    sheets = dict(_parts(archive))
    for member in archive.infolist():
        if member.filename not in sheets.values():
            _drain(archive, member)
    return {name: _sheet(archive, part) for name, part in sheets.items()}


def _drain(archive: ZipFile, member: ZipInfo) -> None:
    """Unpacks to nowhere. zipfile stops at the size the directory gives and checks the sum; a bomb fails here."""
    with archive.open(member) as stream:
        for text in _chunks(stream):
            _refuse_definition(text)


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    """What the stream holds, each piece beginning with the end of the one before."""
    tail = b""
    while chunk := stream.read(_CHUNK):
        yield tail + chunk
        tail = (tail + chunk)[-_OVERLAP:]


def _refuse_definition(text: bytes) -> None:
    if any(definition in text for definition in _DEFINITIONS):
        raise DefinitionError


def _parts(archive: ZipFile) -> Iterator[tuple[str, str]]:
    """The name and the part of each worksheet; a chart sheet has no cells."""
    targets = {
        relation["Id"]: posixpath.normpath(posixpath.join("/xl", relation["Target"])).lstrip("/")
        for relation in _elements(archive.read(_RELATIONS), "Relationship")
        if relation["Type"].endswith("/worksheet")
    }
    for sheet in _elements(archive.read(WORKBOOK), "sheet"):
        part = targets.get(next((value for key, value in sheet.items() if key.endswith(" id")), ""))
        if part:
            yield sheet["name"], part


def _elements(xml: bytes, name: str) -> list[dict[str, str]]:
    """The attributes of all elements of that name."""
    found: list[dict[str, str]] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda tag, held: found.append(held) if tag.rpartition(" ")[2] == name else None
    parser.Parse(xml, True)
    return found


def _sheet(archive: ZipFile, part: str) -> Marks:
    with archive.open(part) as stream:
        plain = _is_plain(stream)
    if plain:
        return Marks()
    with archive.open(part) as stream:
        return _Scan().read(stream)


def _is_plain(stream: IO[bytes]) -> bool:
    """Whether there are no formulas, no errors and no cells that could span a giant rectangle. Reads to the end."""
    plain = True
    for text in _chunks(stream):
        _refuse_definition(text)
        traced = any(trace in text for trace in _TRACES) and _TRACE.search(text)
        plain = plain and not traced and not _WIDE.search(text)
    return plain


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


class _Scan:
    """One pass of expat over a sheet's XML. A cell or row without `r` follows the one before it."""

    def __init__(self) -> None:
        self.marks = Marks()
        self.row = self.column = -1
        self.last_row = self.last_column = -1
        self.kind, self.formula, self.stored, self.text, self.inside = "n", False, False, "", False

    def read(self, stream: IO[bytes]) -> Marks:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.ParseFile(stream)
        self.marks.cells = (self.last_row + 1) * (self.last_column + 1)
        return self.marks

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name == "c":
            self.cell(attributes)
        elif name == "v" or name == "t":
            self.inside = self.stored = True
        elif name == "f":
            self.formula = True
        elif name == "row":
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1

    def cell(self, attributes: dict[str, str]) -> None:
        address = attributes.get("r", "")
        letters = address.rstrip("0123456789")
        self.column = _column(letters) if letters else self.column + 1
        if len(letters) < len(address):  # what calamine goes by
            self.row = int(address[len(letters) :]) - 1
        self.kind = attributes.get("t", "n")
        self.formula = self.stored = False
        self.text = ""

    def characters(self, text: str) -> None:
        if self.inside:
            self.text += text

    def end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if name == "v" or name == "t":
            self.inside = False
        elif name == "c":
            self.close()

    def close(self) -> None:
        # A text formula may have stored an empty text (=IF(A1="","",…)): that is a result, and blank.
        unresolved = self.formula and not self.text and not (self.stored and self.kind == "str")
        if self.kind == "e" or unresolved:
            self.marks.errors[self.row][self.column] = CellError(self.text)
        if self.text:
            self.last_row = max(self.last_row, self.row)
            self.last_column = max(self.last_column, self.column)
