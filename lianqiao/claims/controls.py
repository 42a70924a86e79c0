"""A Word document whose numbers carry their figures (tagged.py), held against the journal: each by its own figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn

from lianqiao.claims.check import BORNE_OUT, DIFFERS, NO_ENTRIES, Book, Checked, Verdict, since_then
from lianqiao.claims.documents import word_pieces
from lianqiao.claims.reading import Claim
from lianqiao.claims.tagged import GROWTH, QUIET, TARGET, Tag, Worth
from lianqiao.core.precision import Reading, Written, bears_out
from lianqiao.core.units import MINUS, shown
from lianqiao.journal.figures import Figure, Known, NoSuchMoment, known_at

FALLING = "下降"
SCALES = (1, 10_000, 100_000_000)
"""A table's money stands without its unit: 元, 万元 or 亿元."""


@dataclass(frozen=True)
class Control:
    """A number in a document's text (offsets of documents.text_of) with the figure that it carries."""

    start: int
    end: int
    text: str
    tag: Tag


def controls(path: Path) -> list[Control]:
    """The numbers of a .docx that carry a figure, in order; none for other files and damaged ones."""
    told = [(start, end, text, Tag.parse(*names)) for start, end, text, names in controlled(path)]
    return [Control(start, end, text, tag) for start, end, text, tag in told if tag]


def controlled(path: Path) -> list[tuple[int, int, str, tuple[str, str]]]:
    """What stands in content controls: offsets in the document's text, the words, the control's tag and title."""
    if path.suffix.lower() != ".docx":
        return []
    try:
        body = docx.Document(str(path)).element.body
    except (OpcError, ValueError, KeyError):
        return []
    held = {text: control for control in body.iter(qn("w:sdt")) for text in control.iter(qn("w:t"))}
    found: list[tuple[int, int, str, tuple[str, str]]] = []
    at, last = 0, None
    for piece in word_pieces(body):
        end, control = at + len(piece.text), held.get(piece.element)
        if control is not None and control is last:
            found[-1] = (found[-1][0], end, found[-1][2] + piece.text, found[-1][3])
        elif control is not None:
            found.append((at, end, piece.text, names_of(control)))
        at, last = end, control
    return found


def names_of(control: Any) -> tuple[str, str]:
    held = (control.find(f"{qn('w:sdtPr')}/{qn(f'w:{name}')}") for name in ("tag", "alias"))
    tag, title = ("" if element is None else element.get(qn("w:val"), "") for element in held)
    return tag, title


def judged(checked: Checked, path: Path) -> Checked:
    """The check of a document with each number that carries a figure judged by that figure; the others stay as they are."""
    found = controls(path)
    if not found:
        return checked
    now = Worth((one.tag for one in found), checked.known)
    then = {
        number: Worth((c.tag for c in found if c.tag.transaction == number), known) for number, known in moments(found)
    }
    silent = [(start, end) for start, end, _, (tag, _) in controlled(path) if tag == QUIET]
    verdicts = [v for v in checked.verdicts if not any(a <= v.claim.start < b for a, b in silent)]
    for one in found:
        at = next((n for n, v in enumerate(verdicts) if v.claim.start < one.end and one.start < v.claim.end), None)
        claim = claim_of(one, None if at is None else verdicts[at].claim)
        made = judge(claim, one, now, then.get(one.tag.transaction), checked)
        if at is None:
            verdicts.append(made)
        else:
            verdicts[at] = made
    return replace(checked, verdicts=verdicts)


def moments(found: list[Control]) -> Iterator[tuple[int, Known]]:
    """The transactions at which the document's numbers were known; one of another journal is left out."""
    for number in {one.tag.transaction for one in found}:
        try:
            yield number, known_at(number)
        except NoSuchMoment:
            continue


def claim_of(one: Control, read: Claim | None) -> Claim:
    """The control's number as a claim; what the reader made of it otherwise stays."""
    value, step, more = number_of(one.text)
    if one.tag.op == GROWTH and FALLING in one.text:
        value = -value
    told: dict[str, Any] = {
        "start": one.start, "end": one.end, "quote": one.text, "value": value, "value_max": None, "unit": one.tag.unit.name,
        "approx": "more_than" if more else None, "cue": more or None, "planned": one.tag.op == TARGET,
        "step": step, "measure": one.tag.code,
        "period": "cumulative" if one.tag.period.start is None else "year", "why": ("数字自带出处。",),
    }  # fmt: skip
    if read:
        return replace(read, **told)
    blank: dict[str, Any] = {
        "indicator": None,
        "part_of": None,
        "direction": None,
        "year": None,
        "on": None,
        "context": "",
        "words": "",
    }
    return Claim(**told, **blank)


WRITTEN = re.compile(rf"([+{MINUS}-]?)([\d,]+(?:\.\d+)?)(万|亿)?(余)?", re.ASCII)
WEIGHT = {"万": 10_000, "亿": 100_000_000}


def number_of(text: str) -> tuple[Fraction, Fraction, str]:
    """The number that a document wrote (briefings/style.py), the weight of its last digit, and 余 where that follows."""
    found = WRITTEN.search(text)
    if not found:
        return Fraction(0), Fraction(1), ""
    digits, scale = found[2].replace(",", ""), WEIGHT.get(found[3] or "", 1)
    value = Fraction(digits) * scale * (1 if found[1] in ("", "+") else -1)
    return value, Fraction(scale, 10 ** len(digits.partition(".")[2])), found[4] or ""


def judge(claim: Claim, one: Control, now: Worth, then: Worth | None, checked: Checked) -> Verdict:
    """By the figure that the number carries: as it stands now, and what it was when the document was written."""
    figure, value = now.figure(one.tag), now.value(one.tag)
    before = then.value(one.tag) if then else None
    if figure is None or value is None:
        return Verdict(claim, NO_ENTRIES, figure and told_of(one.tag, figure, value), why=("账本里现在没有这个数。",))
    held = told_of(one.tag, figure, value)
    reading = holds(claim, one.tag, value)
    if reading:
        return Verdict(claim, BORNE_OUT, held, reading=reading.value)
    return Verdict(claim, DIFFERS, held, difference(one, value), why=tuple(reasons(claim, one, held, before, checked)))


def told_of(tag: Tag, figure: Figure, value: int | None) -> Figure:
    """The figure that a verdict shows: with what is made of it, where something is."""
    if not tag.op:
        return figure
    return replace(figure, measure=replace(figure.measure, name=tag.name, unit=tag.unit), value=value)


def holds(claim: Claim, tag: Tag, value: int) -> Reading | None:
    actual = Fraction(value, tag.unit.smallest_parts)
    for scale in SCALES if tag.unit.name == "元" else (1,):
        written = Written(claim.value * scale, claim.step * scale, claim.approx, claim.cue)
        if reading := bears_out(written, actual):
            return reading
    return None


def difference(one: Control, value: int) -> str:
    unit = one.tag.unit
    return f"文中{one.text}，账本 {shown(value, unit)} {unit.name}（{one.tag.name}）"


def reasons(claim: Claim, one: Control, held: Figure, before: int | None, checked: Checked) -> Iterator[str]:
    """Whether the journal has moved since, with the entries that moved it, or the number was changed by hand."""
    unit, number = one.tag.unit, one.tag.transaction
    if before is None:
        yield f"文中的数出自事务 #{number}，那时账本里没有这个数，或不是这个账本。"
        return
    if not holds(claim, one.tag, before):
        yield f"成文时（事务 #{number}）账本是 {shown(before, unit)} {unit.name}：文中的数在文件里改过。"
    if before == held.value:
        return
    old, new = (f"{shown(value or 0, unit)} {unit.name}" for value in (before, held.value))
    yield f"成文时（事务 #{number}）{old}，现在（事务 #{checked.known.number}）{new}。"
    if not one.tag.op:
        book = Book(replace(checked, node=held.nodes[0]))
        yield from since_then(claim, held, book, known_at(number))
