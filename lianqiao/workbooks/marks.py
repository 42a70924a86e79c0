"""What python-calamine does not tell of a sheet, and the words the readers of files share."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

Merge = tuple[tuple[int, int], tuple[int, int]]
"""A merged range: (row, column) of its first and of its last cell, counted from 0."""


class UnreadableError(Exception):
    """A file that cannot be imported; the message is a Chinese sentence for people."""


class LockedError(Exception):
    """A file that needs a password."""


class DefinitionError(Exception):
    """A document type definition in a file's XML: what it defines may grow without bounds or name other files."""


@dataclass(frozen=True)
class CellError:
    """A cell with an error value (#REF!), or with a formula whose result was never stored (shown empty)."""

    shown: str = ""


@dataclass
class Marks:
    """Of one sheet: its error cells by row and column (from 0), its merged ranges where calamine knows none, and
    how many cells the rectangle of its filled cells has (0 where it cannot be many)."""

    errors: dict[int, dict[int, CellError]] = field(default_factory=lambda: defaultdict(dict))
    merges: list[Merge] = field(default_factory=list)
    cells: int = 0
