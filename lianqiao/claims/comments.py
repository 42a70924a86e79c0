"""The user's own Word file with a comment at each number: what the journal says of it, and why."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.text.run import Run

from lianqiao.claims.check import DIFFERS, VERDICTS, Checked, Verdict
from lianqiao.claims.documents import Unreadable, WordPiece, word_pieces
from lianqiao.claims.marked import figure_told
from lianqiao.claims.within import KINDS

AUTHOR, INITIALS = "连桥", "连"
_LOOK = qn("w:rPr")
"""A run's look: weight, size, colour."""


def commented(source: Path, checked: Checked, target: Path) -> int:
    """Writes the .docx at `source` to `target` with a comment at each of the checked numbers; returns how many.

    `checked` must be of that file's text. Its words and their look stay as they are. Raises Unreadable.
    """
    try:
        document = docx.Document(str(source))
    except (OpcError, ValueError, KeyError) as error:
        raise Unreadable("不是完好的 .docx 文件，或已加密。") from error
    pieces = word_pieces(document.element.body)
    if "".join(piece.text for piece in pieces) != checked.text:
        raise Unreadable("核对的不是这个文件的文字。")
    # From the last to the first, so that the offsets of those before stay what they are.
    for number, found in reversed(list(enumerate(checked.verdicts))):
        runs = _runs(pieces, found.claim.start, found.claim.end)
        marked = [Run(run, document.element.body) for run in runs]
        document.add_comment(marked, text=told(found, checked, number), author=AUTHOR, initials=INITIALS)
    document.save(str(target))
    return len(checked.verdicts)


def told(found: Verdict, checked: Checked, number: int) -> str:
    """A comment: the verdict with the figure, the difference or the reading, the reasons, and contradictions in the text."""
    head = VERDICTS[found.verdict]
    if found.figure is not None:
        head += f"：账本 {figure_told(found)}（{found.figure.measure.name}，{found.figure.period.describe()}）"
    lines = [head]
    if found.verdict == DIFFERS:
        lines.append(found.difference)
    elif found.reading:
        lines.append(found.reading)
    lines += found.why
    lines += [f"{KINDS[remark.kind]}：{remark.told}" for remark in checked.remarks if number in remark.claims]
    return "\n".join(lines)


def _runs(pieces: list[WordPiece], start: int, end: int) -> list[Any]:
    """The runs that hold exactly the characters from `start` to `end`; those at its ends are cut in two first."""
    runs, at = [], 0
    for piece in pieces:
        first, last = max(start, at), min(end, at + len(piece.text))
        if piece.element is not None and first < last:
            runs.append(_run(piece, first - at, last - at))
        at += len(piece.text)
    return runs


def _run(piece: WordPiece, first: int, last: int) -> Any:
    """The run of a piece's characters from `first` to `last`; the piece keeps the characters before them."""
    outer = _outermost_run(piece.element)
    if outer is not piece.element.getparent():  # in a text box, where no comment may stand: at the drawing
        return outer
    follows = next(piece.element.itersiblings(), None) is not None
    if last < len(piece.element.text) or follows:
        _cut(piece.element, last)
    leads = any(child.tag != _LOOK for child in piece.element.itersiblings(preceding=True))
    return _cut(piece.element, first).getparent() if first or leads else outer


def _outermost_run(element: Any) -> Any:
    return list(element.iterancestors(qn("w:r")))[-1]


def _cut(text: Any, at: int) -> Any:
    """Cuts a w:t and its run after `at` characters; returns the w:t of what follows, in a run of the same look."""
    run = text.getparent()
    rest = deepcopy(run)
    for child in list(rest):
        if child.tag != _LOOK:
            rest.remove(child)
    moved = deepcopy(text)
    rest.append(moved)
    for sibling in list(text.itersiblings()):
        rest.append(sibling)
    text.text, moved.text = text.text[:at], text.text[at:]
    for part in (text, moved):
        part.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.addnext(rest)
    return moved
