"""Units of measure: how a quantity is stored (a whole number of the unit's smallest part) and how it is written."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

LARGEST = 2**63 - 1
"""The largest amount a posting can hold: the journal's quantities are signed 64-bit integers."""

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Unit:
    """A unit and the number of decimals of its smallest part: 元 has 2 (kept in 分), a count has none."""

    name: str
    decimals: int = 0

    @property
    def smallest_parts(self) -> int:
        """How many smallest parts make one unit: 100 for 元, 1 for counts."""
        return 10**self.decimals


_FRACTIONAL = {"元": 2, "%": 2, "倍": 2}
_COUNTS = "人 人次 户 户次 批 个 家 项 次 份 期 场 对 亩 所 天 月"
_UNITS = {name: Unit(name, _FRACTIONAL.get(name, 0)) for name in [*_FRACTIONAL, *_COUNTS.split()]}


def unit(name: str) -> Unit:
    """The unit called `name`. ValueError for a name the ledgers do not use."""
    try:
        return _UNITS[name]
    except KeyError:
        raise ValueError(f"未知的计量单位：{name}") from None


def _exact(value: Decimal | Fraction | int | str) -> Fraction:
    if isinstance(value, float):
        raise TypeError("a quantity is never a float: give a Decimal or its text")
    if isinstance(value, Fraction | int):
        return Fraction(value)
    try:
        number = Decimal(value)
    except ArithmeticError:
        raise ValueError(f"不是数字：{value}") from None
    # Without this look at the exponent, "1e999999999" would be written out digit by digit.
    if not number.is_finite() or abs(number.adjusted()) > 40:
        raise ValueError(f"数值超出范围：{value}")
    return Fraction(number)


def to_smallest(value: Decimal | Fraction | int | str, unit: Unit) -> int:
    """`value` units as a whole number of smallest parts ("2405.4" 元 is 240540 分).

    ValueError if it is not a number, not a whole number of smallest parts, or larger than a posting can hold.
    """
    parts = _exact(value) * unit.smallest_parts
    if parts.denominator != 1:
        raise ValueError(f"{value}{unit.name}的小数位数超过{unit.decimals}位")
    if abs(parts) > LARGEST:
        raise ValueError(f"数值超出范围：{value}{unit.name}")
    return int(parts)


def plain(amount: int, unit: Unit) -> str:
    """A decimal string for programs: no separators, all the unit's decimals or, where they are all zero, none."""
    whole, rest = divmod(abs(amount), unit.smallest_parts)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}.{rest:0{unit.decimals}d}" if rest else f"{sign}{whole}"


def shown(amount: int, unit: Unit, scale: int = 1, decimals: int | None = None) -> str:
    """What a person reads: thousands separators, rounded half up, U+2212 as the minus sign, the unit left out.

    `scale` 10000 shows 万 of the unit, then with two decimals unless `decimals` says otherwise.
    """
    if decimals is None:
        decimals = unit.decimals if scale == 1 else 2
    divisor = unit.smallest_parts * scale
    # Half up as people round: away from zero at exactly one half.
    rounded = (abs(amount) * 10**decimals * 2 + divisor) // (divisor * 2)
    whole, rest = divmod(rounded, 10**decimals)
    sign = MINUS if amount < 0 and rounded else ""
    return f"{sign}{whole:,}.{rest:0{decimals}d}" if decimals else f"{sign}{whole:,}"


def as_data(amount: int | None, unit: Unit) -> int | str | None:
    """A quantity as programs read it: counts as integers, money and rates as decimal strings, None as it is."""
    return amount if amount is None or not unit.decimals else plain(amount, unit)
