"""How a number is written in a text: 113批, 1.14亿元; in English 113 delegations, CNY 114 million."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext

from lianqiao.core.units import Unit, shown

YI, WAN, MILLION = 10**8, 10**4, 10**6
SCALES = {YI: "亿", WAN: "万", 1: ""}
MOST_DECIMALS = 2


def number(value: int, of: Unit, scale: int = 1, decimals: int = MOST_DECIMALS) -> str:
    """Without zeros that say nothing: 200, not 200.00."""
    written = shown(value, of, scale, decimals if scale > 1 else min(decimals, of.decimals))
    return written.rstrip("0").rstrip(".") if "." in written else written


def scale_of(value: int, of: Unit, *, english: bool) -> int:
    """By what large numbers of money are told: 亿 or 万, in English millions. Every other unit counts one by one."""
    units = abs(value) // of.smallest_parts
    if of.name != "元":
        return 1
    if english:
        return MILLION if units >= MILLION else 1
    return next(scale for scale in SCALES if units >= scale or scale == 1)


def parts(value: int, of: Unit) -> tuple[str, str]:
    """Number and unit in the reader's language, as they stand beside each other; in English money: (114 million, CNY)."""
    english = (translation.get_language() or "").startswith("en")
    scale = scale_of(value, of, english=english)
    if english:
        return number(value, of, scale) + (" million" if scale == MILLION else ""), gettext(of.name)
    return number(value, of, scale), SCALES[scale] + of.name


def told(value: int, of: Unit) -> str:
    """Number and unit as a Chinese text has them."""
    with translation.override("zh-hans"):
        return "".join(parts(value, of))


def spoken(value: int, of: Unit) -> str:
    """Number and unit in the reader's language."""
    written, name = parts(value, of)
    if not (translation.get_language() or "").startswith("en"):
        return written + name
    if of.name == "%":
        return written + name
    return f"{name} {written}" if of.name == "元" else f"{written} {name}"


def tellings(value: int, of: Unit) -> Iterator[str]:
    """Every way in which a text may write this value, rounded or not, without spaces and separators; a count in English
    with a lower-case x for whatever the page calls its unit."""
    units = abs(value) // of.smallest_parts
    scales = [s for s in (*SCALES, MILLION) if s == 1 or (of.name == "元" and units >= s)]
    for scale in scales:
        for decimals in range(MOST_DECIMALS + 1):
            written = number(value, of, scale, decimals).replace(",", "")
            if scale != MILLION:
                yield written + SCALES[scale] + of.name
            yield from english(written, of, scale)


def english(written: str, of: Unit, scale: int) -> Iterator[str]:
    if of.name == "元" and scale in (1, MILLION):
        yield f"CNY{written}{'million' if scale == MILLION else ''}"
    if of.name not in ("元", "%"):
        yield f"{written}x"


def says(text: str, value: int, of: Unit) -> bool:
    """Whether a text gives the value with its unit and nothing else: 1,213人次, 1.14亿元, CNY 114 million, 113 delegations."""
    close = re.sub(r"[\s,]", "", text)
    if of.name not in ("元", "%"):
        close = re.sub(r"[A-Za-z-]+$", "x", close)
    return close in set(tellings(value, of))
