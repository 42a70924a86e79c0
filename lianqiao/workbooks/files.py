"""What a file holds: its sheets, row by row, whatever its name says it is.

.xlsx, .xls and .ods are read by python-calamine. It gives the values, the merged cells of Excel files and which sheets
are hidden, but passes errors and formulas without a stored result off as empty and knows no merged cells of .ods:
those are looked up in the file itself (ooxml.py, biff.py, opendocument.py). .csv is read by the standard library.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from lianqiao.workbooks import biff, ooxml, opendocument
from lianqiao.workbooks.marks import CellError, DefinitionError, LockedError, Marks, Merge, UnreadableError

LARGEST_FILE = 100 * 2**20
LARGEST_CONTENT = 400 * 2**20
"""Bytes a zip may unpack to. A ledger of 100,000 rows and 15 columns has about 80 million; a bomb has billions."""
MOST_RATIO, RATIO_FROM = 200, 50 * 2**20
"""How many bytes a packed one may unpack to, from a size on: a ledger has 10 to 30, a bomb up to a thousand."""
MOST_MEMBERS = 10_000
MOST_COLUMNS = 2**14
MOST_CELLS = 26 * 2**20
"""The rectangle a sheet's filled cells may span, since calamine keeps all of it: every row of 26 columns, 700 MB."""

Cell = str | int | float | bool | date | datetime | time | timedelta | CellError | None

EMPTY = "文件是空的，里面没有内容。请选择填好的工作簿。"
LOCKED = "文件有密码，打不开。请去掉密码后再导入。"
DAMAGED = "文件已损坏或不完整，打不开。请用 Excel 或 WPS 打开并另存后再导入。"
TOO_BIG = "文件太大。请拆成几个文件，或删去无关的工作表和远处的零散单元格后再导入。"
DEFINITION = "文件里有文档类型定义（DTD），可能被人动过手脚，不予读取。请用 Excel 或 WPS 打开并另存后再导入。"
NOT_A_TABLE = "文件不是工作簿。请用 .xlsx、.xls、.ods 或 .csv 文件。"
OPEN_QUOTE = "文件里有一个双引号没有配对，后面的行会混在一起。请补上或删去这个引号后再导入。"

_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = "\N{END OF TRANSMISSION}"


@dataclass(frozen=True)
class Opened:
    """The cells of a sheet: rows from the first on, each from the first column on and perhaps short."""

    rows: Iterator[Sequence[Cell]]
    merges: Sequence[Merge] = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet. `open` reads its cells; it, and going through the rows, can raise UnreadableError."""

    name: str
    open: Callable[[], Opened]
    hidden: bool = False


def sheets(path: Path) -> list[Sheet]:
    """The sheets of a file, in its order; a .csv has one without a name.

    Raises UnreadableError, with a Chinese sentence, for what is empty, too big, locked, damaged or no workbook, and
    OSError where the file cannot be opened at all.
    """
    size = path.stat().st_size
    if size == 0:
        raise UnreadableError(EMPTY)
    if size > LARGEST_FILE:
        raise UnreadableError(TOO_BIG)
    with path.open("rb") as file:
        head = file.read(len(_OLE))
    if head.startswith(_ZIP):
        return _calamine(path, _guarded(partial(_zip_marks, path)))
    if head == _OLE:
        return _calamine(path, _guarded(partial(_ole_marks, path)))
    return [Sheet("", partial(_text, _decoded(path.read_bytes())))]


def has_macros(path: Path) -> bool:
    """Whether a workbook carries macros. They are never run, nor kept."""
    with path.open("rb") as file:
        head = file.read(len(_OLE))
    if head.startswith(_ZIP):
        with zipfile.ZipFile(path) as archive:
            return any(name.endswith("vbaProject.bin") or name.startswith("Basic/") for name in archive.namelist())
    return head == _OLE and biff.has_macros(path.read_bytes())


def _guarded[T](read: Callable[[], T]) -> T:
    """What `read` gives; whatever a file's bytes make the parsers trip over becomes UnreadableError."""
    try:
        return read()
    except (LockedError, PasswordError) as error:
        raise UnreadableError(LOCKED) from error
    except DefinitionError as error:
        raise UnreadableError(DEFINITION) from error
    except UnreadableError:
        raise
    except Exception as error:
        raise UnreadableError(DAMAGED) from error
    except BaseException as error:
        # A panic inside calamine (Rust) arrives as a BaseException of its own; no other is ours to catch.
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableError(DAMAGED) from error


def refuse_bomb(members: Sequence[zipfile.ZipInfo]) -> None:
    """By the sizes that the directory of a zip gives, before anything is unpacked; that they are true is seen then."""
    unpacked, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    bomb = unpacked > RATIO_FROM and unpacked > MOST_RATIO * packed
    if len(members) > MOST_MEMBERS or unpacked > LARGEST_CONTENT or bomb:
        raise UnreadableError(TOO_BIG)


def _zip_marks(path: Path) -> dict[str, Marks]:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if any(member.flag_bits & 1 for member in members):
            raise LockedError
        refuse_bomb(members)
        names = {member.filename for member in members}
        if len(names) < len(members):  # whoever reads it next may take the other one
            raise UnreadableError(DAMAGED)
        if ooxml.WORKBOOK in names:
            return ooxml.marks(archive)
        if opendocument.CONTENT in names:
            return opendocument.marks(archive)
    raise UnreadableError(NOT_A_TABLE)


def _ole_marks(path: Path) -> dict[str, Marks]:
    try:
        return biff.marks(path.read_bytes())
    except biff.NoWorkbookError as error:
        raise UnreadableError(NOT_A_TABLE) from error


def _calamine(path: Path, marks: Mapping[str, Marks]) -> list[Sheet]:
    # Before calamine opens the file: it would take memory for the whole rectangle, and abort where there is not enough.
    if any(mark.cells > MOST_CELLS for mark in marks.values()):
        raise UnreadableError(TOO_BIG)
    workbook = _guarded(partial(_workbook, path))
    if len(set(workbook.sheet_names)) < len(workbook.sheet_names):  # a row's place would not be one place
        raise UnreadableError(DAMAGED)
    return [
        Sheet(
            name=meta.name,
            open=partial(_opened, workbook, meta.name, marks.get(meta.name, Marks())),
            hidden=meta.visible != SheetVisibleEnum.Visible,
        )
        for meta in workbook.sheets_metadata
    ]


def _workbook(path: Path) -> CalamineWorkbook:
    """From the content: given a path, calamine would believe the extension."""
    with path.open("rb") as file:
        return CalamineWorkbook.from_filelike(file)


def _opened(workbook: CalamineWorkbook, name: str, marks: Marks) -> Opened:
    sheet = _guarded(partial(workbook.get_sheet_by_name, name))
    merges = _guarded(lambda: sheet.merged_cell_ranges)
    rows = _rows(sheet)
    return Opened(_with_errors(rows, marks) if marks.errors else rows, marks.merges or merges or ())


def _rows(sheet: CalamineSheet) -> Iterator[Sequence[Cell]]:
    """From the first row and column on: iter_rows leaves out the empty columns before the first filled one."""
    if sheet.start is not None:
        before: list[Cell] = [None] * sheet.start[1]
        for row in sheet.iter_rows():
            yield [*before, *row] if before else row


def _with_errors(rows: Iterator[Sequence[Cell]], marks: Marks) -> Iterator[Sequence[Cell]]:
    """The rows with their error cells put back, also those below the last row that calamine sees."""
    number = -1
    for number, row in enumerate(rows):
        yield _with_error(row, marks.errors[number]) if number in marks.errors else row
    for below in range(number + 1, max(marks.errors) + 1):
        yield _with_error([], marks.errors.get(below, {}))


def _with_error(row: Sequence[Cell], errors: dict[int, CellError]) -> list[Cell]:
    cells = [*row, *[None] * (max(errors, default=-1) + 1 - len(row))]
    for column, error in errors.items():
        cells[column] = error
    return cells


def _decoded(raw: bytes) -> str:
    if b"\0" in raw:
        raise UnreadableError(NOT_A_TABLE)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.lstrip().startswith("<"):  # a web page or an XML by the name of .xls
            break
        return text
    raise UnreadableError(NOT_A_TABLE)


def _text(text: str) -> Opened:
    return Opened(_records(text))


def _narrow(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if line.count(",") >= MOST_COLUMNS:
            raise UnreadableError(TOO_BIG)
        yield line


def _records(text: str) -> Iterator[Sequence[Cell]]:
    """The records of a .csv. A last one is added: if it does not come out whole, a quote before it was left open."""
    ending = "" if text.endswith(("\n", "\r")) else "\n"
    rows = csv.reader(_narrow(io.StringIO(f"{text}{ending}{_END}", newline="")))
    try:
        for row in rows:
            if row and row[-1].endswith(_END):
                if row != [_END]:
                    raise UnreadableError(OPEN_QUOTE)
                return
            yield row
    except csv.Error as error:
        raise UnreadableError(DAMAGED) from error
