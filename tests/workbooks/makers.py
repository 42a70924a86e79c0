"""Small workbooks that the tests write themselves."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

from lianqiao.workbooks.reading import Reading, read
from tests.workbooks.ledgers import LEDGERS

Rows = Sequence[Any]
Merges = Sequence[tuple[int, int, int, int]]
"""Each (first row, first column, last row, last column), from 0."""

VISITS = ["日期", "方向", "事由", "带队领导", "人数", "天数"]
"""The header of most workbooks here."""


@dataclass(frozen=True)
class Formula:
    """A formula with its stored result; None: never calculated."""

    text: str
    result: Any = None


def visit(day: Any = "2021-10-12", **cells: Any) -> list[Any]:
    """A good data row under VISITS, with other cells where told."""
    row = {"direction": "东部赴西部", "purpose": "考察", "leader": "王例", "people": 5, "days": 2} | cells
    return [day, *row.values()]


def xlsx(path: Path, sheets: Mapping[str, Rows], merges: Merges = (), hidden: Sequence[str] = ()) -> Path:
    """An .xlsx by xlsxwriter. Merges are those of the first sheet; the first visible sheet is the active one."""
    book = xlsxwriter.Workbook(path)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, (name, rows) in enumerate(sheets.items()):
        sheet = book.add_worksheet(name)
        if name in hidden:
            sheet.hide()
        elif all(other in hidden for other in list(sheets)[:number]):
            sheet.activate()
            sheet.set_first_sheet()
        for first_row, first, last_row, last in merges if number == 0 else ():
            sheet.merge_range(first_row, first, last_row, last, "")
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                _write(sheet, r, c, cell, day)
    book.close()
    return path


def _write(sheet: Any, row: int, column: int, cell: Any, day: Any) -> None:
    match cell:
        case None:
            pass
        case Formula():
            sheet.write_formula(row, column, cell.text, None, "" if cell.result is None else cell.result)
        case bool():
            sheet.write_boolean(row, column, cell)
        case date() | time():
            sheet.write_datetime(row, column, cell, day)
        case int() | float():
            sheet.write_number(row, column, cell)
        case _:
            sheet.write_string(row, column, cell)


def readings(tmp_path: Path, rows: Rows, ledger: str = "visits", merges: Merges = (), name: str = "表") -> Reading:
    """What is read from one sheet of these rows."""
    return read(xlsx(tmp_path / "a.xlsx", {name: rows}, merges), LEDGERS[ledger])


def values(reading: Reading) -> list[dict[str, Any]]:
    """The values of the accepted rows."""
    return [row.values for row in reading.accepted]


def refusals(reading: Reading) -> list[tuple[int, str | None, str | None, str]]:
    """(row, field, cell, why) of every refusal."""
    return [(problem.row, problem.field, problem.cell, problem.why) for problem in reading.refused]


def ignored(reading: Reading) -> list[tuple[int, str]]:
    """(row, why) of every ignored row."""
    return [(row.row, row.why) for row in reading.ignored]


# .ods -----------------------------------------------------------------------------------------------------------------

_NAMESPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}


@dataclass(frozen=True)
class Xml:
    """A table cell of an .ods as it stands."""

    text: str


def ods(path: Path, sheets: Mapping[str, Rows], merges: Merges = (), hidden: Sequence[str] = ()) -> Path:
    """An .ods by hand. Merges are those of the first sheet."""
    tables = "".join(
        f'<table:table table:name={quoteattr(name)} table:style-name="{"off" if name in hidden else "on"}">'
        + "".join(_ods_row(r, row, merges if number == 0 else ()) for r, row in enumerate(rows))
        + "</table:table>"
        for number, (name, rows) in enumerate(sheets.items())
    )
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table"><style:table-properties table:display="{shown}"/>'
        "</style:style>"
        for name, shown in (("on", "true"), ("off", "false"))
    )
    return ods_content(path, f"<office:automatic-styles>{styles}</office:automatic-styles>", tables)


def ods_content(path: Path, styles: str, tables: str, manifest: str = "") -> Path:
    """An .ods of this content."""
    spaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in _NAMESPACES.items())
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest or "<manifest/>")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {spaces}>{styles}<office:body><office:spreadsheet>{tables}'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def _ods_row(number: int, row: Sequence[Any], merges: Merges) -> str:
    cells = []
    for column, cell in enumerate(row):
        spanned = next((m for m in merges if m[:2] == (number, column)), None)
        span = ""
        if spanned:
            span = f' table:number-rows-spanned="{spanned[2] - number + 1}"'
            span += f' table:number-columns-spanned="{spanned[3] - column + 1}"'
        cells.append(_ods_cell(cell, span))
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _ods_cell(cell: Any, span: str) -> str:
    match cell:
        case Xml():
            return cell.text
        case None:
            return f"<table:table-cell{span}/>"
        case date():
            return f'<table:table-cell{span} office:value-type="date" office:date-value="{cell.isoformat()}"/>'
        case int() | float():
            return f'<table:table-cell{span} office:value-type="float" office:value="{cell}"/>'
        case _:
            text = f"<text:p>{escape(str(cell))}</text:p>"
            return f'<table:table-cell{span} office:value-type="string">{text}</table:table-cell>'


# .xls -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class XlsError:
    """An error cell of an .xls, as a value or as the result of a formula."""

    code: int
    formula: bool = False


@dataclass(frozen=True)
class RawXls:
    """Records of an .xls as they stand."""

    records: bytes


def xls(path: Path, sheets: Mapping[str, Rows], merges: Merges = (), hidden: Sequence[str] = (), **more: bytes) -> Path:
    """An .xls (BIFF8) by hand. `more` are further global records. Merges are those of the first sheet."""
    # Padded, since a stream below 4096 bytes would go into the mini stream.
    path.write_bytes(ole({"Workbook": xls_stream(sheets, merges, hidden, **more).ljust(4096, b"\0")}))
    return path


def xls_stream(sheets: Mapping[str, Rows], merges: Merges = (), hidden: Sequence[str] = (), **more: bytes) -> bytes:
    """The workbook stream of an .xls."""
    bodies = [_xls_sheet(rows, merges if number == 0 else ()) for number, rows in enumerate(sheets.values())]
    head = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + b"".join(more.values())
    names = [name.encode("utf-16-le") for name in sheets]
    size = len(head) + sum(4 + 8 + len(name) for name in names) + 4
    bounds = b""
    for name, title, body in zip(names, sheets, bodies, strict=True):
        state = 1 if title in hidden else 0
        bounds += _record(0x85, struct.pack("<IBBBB", size, state, 0, len(name) // 2, 1) + name)
        size += len(body)
    return head + bounds + _record(0x0A, b"") + b"".join(bodies)


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _xls_sheet(rows: Rows, merges: Merges) -> bytes:
    cells = b"".join(_xls_cell(r, c, cell) for r, row in enumerate(rows) for c, cell in enumerate(row))
    ranges = b"".join(struct.pack("<HHHH", m[0], m[2], m[1], m[3]) for m in merges)
    merged = _record(0xE5, struct.pack("<H", len(merges)) + ranges) if merges else b""
    start = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    return start + cells + merged + _record(0x0A, b"")


def _xls_cell(row: int, column: int, cell: Any) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    match cell:
        case None:
            return b""
        case RawXls(records):
            return records
        case XlsError(code, formula=True):
            return _record(0x06, place + struct.pack("<BxBxxxHHIH", 2, code, 0xFFFF, 0, 0, 0))
        case XlsError(code):
            return _record(0x205, place + bytes([code, 1]))
        case bool():
            return _record(0x205, place + bytes([cell, 0]))
        case int() | float():
            return _record(0x203, place + struct.pack("<d", cell))
        case _:
            text = str(cell)
            return _record(0x204, place + struct.pack("<HB", len(text), 1) + text.encode("utf-16-le"))


class _Sectors:
    """The sectors of a compound file, and the table that chains them."""

    def __init__(self, size: int) -> None:
        self.size, self.data = size, b""
        self.chain: list[int] = []

    def put(self, data: bytes) -> int:
        """Adds a stream. Returns its first sector."""
        start, count = len(self.chain), max(-(-len(data) // self.size), 1)
        self.data += data.ljust(count * self.size, b"\0")
        self.chain += [*range(start + 1, start + count), 0xFFFFFFFE]
        return start

    def table(self) -> bytes:
        return struct.pack(f"<{len(self.chain)}I", *self.chain)


def ole(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of these streams; those below 4096 bytes go into the mini stream, as the format wants it."""
    sectors, mini = _Sectors(512), _Sectors(64)
    entries = [
        _ole_entry(name, 2, (mini if len(data) < 4096 else sectors).put(data), len(data))
        for name, data in streams.items()
    ]
    root = _ole_entry("Root Entry", 5, sectors.put(mini.data), len(mini.data))
    directory = sectors.put(b"".join([root, *entries]))
    mini_table = sectors.put(mini.table()) if mini.chain else 0xFFFFFFFE
    first, count = len(sectors.chain), len(sectors.chain) // 126 + 1
    sectors.chain += [0xFFFFFFFD] * count
    table = sectors.table().ljust(count * 512, b"\xff")
    header = struct.pack("<8s16xHHHHH6xII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, count)
    header += struct.pack("<IIIIIII", directory, 0, 4096, mini_table, bool(mini.chain), 0xFFFFFFFE, 0)
    numbers = struct.pack("<109I", *range(first, first + count), *[0xFFFFFFFF] * (109 - count))
    return header + numbers + sectors.data + table


def _ole_entry(name: str, kind: int, start: int, size: int) -> bytes:
    title = (name + "\0").encode("utf-16-le")
    child = 1 if kind == 5 else 0xFFFFFFFF
    return struct.pack("<64sHBBIII16xI16xIQ", title, len(title), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child, 0, start, size)


def member(path: Path, name: str, change: Any) -> Path:
    """The same zip with one member's bytes changed."""
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    members[name] = change(members[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for title, data in members.items():
            archive.writestr(title, data)
    return path
