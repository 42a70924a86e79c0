"""How documents write quantities: in sentences bare of separators and with their unit, in tables the other way round."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from lianqiao.core.units import Unit, shown, unit

YUAN, WAN, YI = 1, 10_000, 100_000_000
SCALES = {YUAN: "元", WAN: "万元", YI: "亿元"}
DECIMALS = {YUAN: 2, WAN: 1, YI: 2}
MONEY = unit("元")
MISSING = "—"


@dataclass(frozen=True)
class Style:
    """How a quantity is written. scale: of money, 0 by its size. decimals: None as is usual. table: for a table's cell,
    with separators, all decimals and no unit. rough: 6123 → 6000余."""

    scale: int = 0
    decimals: int | None = None
    table: bool = False
    rough: bool = False
    signed: bool = False


PLAIN, TABLE = Style(), Style(table=True)


def scale_of(value: int, style: Style) -> int:
    """The scale of money: the one asked for; in tables 万元; else by size."""
    if style.scale:
        return style.scale
    size = Fraction(abs(value), MONEY.smallest_parts)
    return WAN if style.table or YI > size >= WAN else YI if size >= YI else YUAN


def unit_of(value: int | None, of: Unit, style: Style) -> str:
    """The unit that stands behind the number."""
    return SCALES[scale_of(value or 0, style)] if of == MONEY else of.name


def number(value: int, of: Unit, style: Style) -> str:
    """The number without its unit."""
    scale = scale_of(value, style) if of == MONEY else 1
    usual = DECIMALS[scale] if of == MONEY else 1 if of.decimals else 0
    told = shown(value, of, scale, usual if style.decimals is None else style.decimals)
    if style.signed and value > 0:
        told = f"+{told}"
    if style.table:
        return told
    told = told.replace(",", "")
    return told.rstrip("0").rstrip(".") if of == MONEY and "." in told else told


def written(value: int, of: Unit, style: Style) -> str:
    """The quantity as the document has it, with its unit unless it stands in a table."""
    if style.rough and of.name != "%":
        value, more = rounded_down(value, of, style)
    else:
        more = ""
    told = number(value, of, style) + more
    if style.table:
        return told
    name = unit_of(value, of, style)
    # 1亿余元, not 1余亿元.
    return f"{number(value, of, style)}{name.removesuffix('元')}{more}元" if of == MONEY else told + name


def rounded_down(value: int, of: Unit, style: Style) -> tuple[int, str]:
    """6123 → 6000, 余: the first figure alone, and whether anything was left out."""
    step = of.smallest_parts
    while abs(value) >= step * 10:
        step *= 10
    whole = abs(value) // step * step if abs(value) >= step else abs(value)
    return (whole if value >= 0 else -whole), "余" if whole != abs(value) else ""


def growth(value: int, of: Unit) -> str:
    """A change in a sentence: 增长12.3%, 下降3.2%, 持平; of a rate in points. value: in hundredths of a percent."""
    told = shown(abs(value), unit("%"), 1, 1)
    if not value:
        return "持平"
    points = "个百分点" if of.name == "%" else "%"
    return f"{('提高' if of.name == '%' else '增长') if value > 0 else '下降'}{told}{points}"
