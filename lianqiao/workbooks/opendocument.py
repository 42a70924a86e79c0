"""Merged cells, errors, formulas without a stored result and the extent of the sheets of an .ods (OpenDocument 1.3)."""

from __future__ import annotations

import re
from xml.parsers import expat
from zipfile import ZipFile

from lianqiao.workbooks.marks import CellError, DefinitionError, LockedError, Marks

CONTENT = "content.xml"
_MANIFEST = "META-INF/manifest.xml"
_MOST_ERRORS = 1_000_000  # a few bytes can repeat one error over a whole sheet

# An error keeps no value of its own: LibreOffice stores a type "string" or "float" and shows #DIV/0! or Err:502.
_SHOWN_ERROR = re.compile(r"#[A-Z/0]+[!?]?|#N/A|Err:\d+")


def marks(archive: ZipFile) -> dict[str, Marks]:
    """The marks of each sheet by its name. Raises LockedError, DefinitionError, or what zipfile and expat raise for a damaged file."""
    if _MANIFEST in archive.namelist() and b"encryption-data" in archive.read(_MANIFEST):
        raise LockedError
    with archive.open(CONTENT) as stream:
        scan = _Scan()
        scan.parser.ParseFile(stream)
    return scan.sheets


class _Scan:
    """One pass of expat over content.xml. Repeated rows and cells count as often as they say."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.definition
        self.sheets: dict[str, Marks] = {}
        self.marks = Marks()
        self.row = self.column = self.rows = self.columns = 0
        self.last_row = self.last_column = -1
        self.cell: dict[str, str] | None = None
        self.text = ""

    def definition(self, *_: object) -> None:
        raise DefinitionError

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            self.marks = self.sheets[attributes.get("table:name", "")] = Marks()
            self.row, self.last_row, self.last_column = 0, -1, -1
        elif tag == "table:table-row":
            self.rows = int(attributes.get("table:number-rows-repeated", "1"))
            self.column = 0
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self.columns = int(attributes.get("table:number-columns-repeated", "1"))
            self.cell, self.text = attributes, ""

    def characters(self, text: str) -> None:
        if self.cell is not None:
            self.text += text

    def end(self, tag: str) -> None:
        if tag in ("table:table-cell", "table:covered-table-cell") and self.cell is not None:
            self.close(self.cell)
            self.column += self.columns
            self.cell = None
        elif tag == "table:table-row":
            self.row += self.rows
        elif tag == "table:table":
            self.marks.cells = (self.last_row + 1) * (self.last_column + 1)

    def close(self, cell: dict[str, str]) -> None:
        self.merge(cell)
        if self.text or "office:value-type" in cell or "table:formula" in cell:
            self.last_row = max(self.last_row, self.row + self.rows - 1)
            self.last_column = max(self.last_column, self.column + self.columns - 1)
        if "table:formula" in cell and self.is_error(cell):
            self.error()

    def is_error(self, cell: dict[str, str]) -> bool:
        if cell.get("calcext:value-type") == "error" or _SHOWN_ERROR.fullmatch(self.text.strip()):
            return True
        return "office:value-type" not in cell and not self.text

    def error(self) -> None:
        if self.rows * self.columns > _MOST_ERRORS:
            raise ValueError("errors without end")
        for row in range(self.row, self.row + self.rows):
            for column in range(self.column, self.column + self.columns):
                self.marks.errors[row][column] = CellError(self.text.strip())

    def merge(self, cell: dict[str, str]) -> None:
        rows = int(cell.get("table:number-rows-spanned", "1"))
        columns = int(cell.get("table:number-columns-spanned", "1"))
        if rows > 1 or columns > 1:
            first = (self.row, self.column)
            self.marks.merges.append((first, (self.row + rows - 1, self.column + columns - 1)))
