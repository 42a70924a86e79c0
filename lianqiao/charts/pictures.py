"""Drawings as PNG, set by typst with the free Chinese fonts that come along, the same on every machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

from lianqiao.charts.drawing import Picture

DOTS = 220
"""To the inch: enough for print, little enough for a file of twenty drawings."""


@cache
def compiler() -> typst.Compiler:
    """typst with the fonts that come along and, where the office has them, its own."""
    free = Path(pylopdf_fonts_zh_cn.__file__).parent
    return typst.Compiler(font_paths=typst.Fonts(include_system_fonts=True, font_paths=[str(free)]))


def quoted(told: str) -> str:
    """A text as a string of typst's."""
    return json.dumps(told, ensure_ascii=False).replace("\\/", "/")


def png(pictures: Sequence[Picture]) -> list[bytes]:
    """Each drawing as a PNG, in one run."""
    if not pictures:
        return []
    pages = [
        f"#page(width: {p.width * 3 / 4}pt, height: {p.height * 3 / 4}pt, margin: 0pt,"
        f' image(bytes({quoted(p.svg)}), format: "svg", width: 100%))'
        for p in pictures
    ]
    made = compiler().compile(input="\n".join(pages).encode(), format="png", ppi=DOTS)
    assert made is not None
    return made if isinstance(made, list) else [made]
