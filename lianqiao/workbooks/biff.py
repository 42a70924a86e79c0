"""What kind of file an OLE container holds, and the error cells of an .xls ([MS-CFB], [MS-XLS])."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from lianqiao.workbooks.marks import CellError, LockedError, Marks

_FORMULA, _EOF, _FILEPASS, _BOUNDSHEET, _BOOLERR, _BOF = 0x06, 0x0A, 0x2F, 0x85, 0x205, 0x809
# The records that are cells: FORMULA, BLANK, NUMBER, LABEL, BOOLERR, RK, MULRK, MULBLANK, RSTRING, LABELSST.
_CELLS = frozenset([_FORMULA, 0x201, 0x203, 0x204, _BOOLERR, 0x27E, 0xBD, 0xBE, 0xD6, 0xFD])
_LAST_COLUMN = 255
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_LAST_SECTOR = 0xFFFFFFFA  # sector numbers from here on are marks: end of chain, free, …


class NoWorkbookError(ValueError):
    """The container holds something else than a workbook."""


def marks(content: bytes) -> dict[str, Marks]:
    """The marks of each sheet by its name.

    Raises LockedError for a password, NoWorkbookError for a Word document and the like, and ValueError, IndexError or
    struct.error for a damaged file.
    """
    container = _Container(content)
    if "EncryptedPackage" in container.streams:  # an .xlsx with a password
        raise LockedError
    for name in ("Workbook", "Book"):
        if name in container.streams:
            return _workbook(container.read(name))
    raise NoWorkbookError


def has_macros(content: bytes) -> bool:
    """Whether a workbook has a project of macros."""
    return "_VBA_PROJECT_CUR" in _Container(content).streams


class _Container:
    """The streams of a compound file by name."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.shift = 1 << struct.unpack_from("<H", content, 30)[0]
        if self.shift not in (512, 4096):
            raise ValueError("sector size")
        first_directory, self.cutoff, first_mini = (struct.unpack_from("<I", content, at)[0] for at in (48, 56, 60))
        self.fat = self._fat()
        self.mini_fat = self._numbers(b"".join(self._chain(first_mini)))
        directory = b"".join(self._chain(first_directory))
        entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
        self.streams = {self._name(entry): entry for entry in entries if entry[66]}
        self.mini = b"".join(self._chain(struct.unpack_from("<I", entries[0], 116)[0]))

    def read(self, name: str) -> bytes:
        start, size = struct.unpack_from("<II", self.streams[name], 116)
        if size >= self.cutoff:
            return b"".join(self._chain(start))[:size]
        return b"".join(self.mini[n * 64 : n * 64 + 64] for n in _followed(start, self.mini_fat))[:size]

    def _fat(self) -> list[int]:
        numbers = list(struct.unpack_from("<109I", self.content, 76))
        following = struct.unpack_from("<I", self.content, 68)[0]
        seen: set[int] = set()
        while following < _LAST_SECTOR and following not in seen:
            seen.add(following)
            *more, following = self._numbers(self._sector(following))
            numbers += more
        return self._numbers(b"".join(self._sector(n) for n in numbers if n < _LAST_SECTOR))

    def _sector(self, number: int) -> bytes:
        return self.content[(number + 1) * self.shift : (number + 2) * self.shift]

    def _chain(self, start: int) -> Iterator[bytes]:
        return (self._sector(number) for number in _followed(start, self.fat))

    @staticmethod
    def _numbers(raw: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4]))

    @staticmethod
    def _name(entry: bytes) -> str:
        return entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le")


def _followed(start: int, table: list[int]) -> Iterator[int]:
    for _ in range(len(table)):  # a damaged chain may run in a circle
        if start >= len(table):
            return
        yield start
        start = table[start]


def _records(stream: bytes, at: int = 0) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _workbook(stream: bytes) -> dict[str, Marks]:
    sheets: dict[str, Marks] = {}
    for kind, data in _records(stream):
        if kind == _FILEPASS:
            raise LockedError
        if kind == _BOUNDSHEET:
            sheets[_sheet_name(data)] = _sheet(stream, struct.unpack_from("<I", data)[0])
        if kind == _EOF:
            break
    return sheets


def _sheet_name(data: bytes) -> str:
    """The name in a BOUNDSHEET record: its length in characters, then whether they take one or two bytes."""
    length, wide = data[6], data[7] & 1
    return data[8 : 8 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1")


def _sheet(stream: bytes, start: int) -> Marks:
    found, depth = Marks(), 0
    for kind, data in _records(stream, start):
        depth += (kind == _BOF) - (kind == _EOF)  # a chart inside a sheet is a substream of its own
        if depth == 0:
            break
        if kind in _CELLS and struct.unpack_from("<H", data, 2)[0] > _LAST_COLUMN:
            raise ValueError("column")  # calamine would take memory for all between
        code = _error(kind, data) if depth == 1 else None
        if code is not None:
            row, column = struct.unpack_from("<HH", data)
            found.errors[row][column] = CellError(_ERRORS.get(code, "#N/A"))
    return found


def _error(kind: int, data: bytes) -> int | None:
    """The error's code, if the record is a cell with an error or a formula whose stored result is one."""
    if kind == _BOOLERR and data[7]:
        return data[6]
    if kind == _FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2:
        return data[8]
    return None
