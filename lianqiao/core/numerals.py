"""Chinese, Arabic and mixed numerals, read and written exactly.

`parse_number` reads what people write in tables and articles: 3,071, １２万, 1.14亿, 一百零三, 两千, 三万五, 百万,
三分之一. `chinese` and `financial` write; what they write reads back to the same number.
"""

import re
from collections.abc import Sequence
from fractions import Fraction

MAX_LENGTH = 64
"""Longer texts are no number: this bounds the work, and Python refuses to convert very long digit strings."""

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2212: 0x2D}
_VARIANTS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億兩〇點負貳參陸", "一二三四五六七八九十百千万亿两零点负二三六")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_SMALL = {"千": 1000, "百": 100, "十": 10}
_LARGE = {"亿": 10**8, "万": 10**4}
_ARABIC = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?", re.ASCII)


def half_width(text: str) -> str:
    """`text` with full-width digits, letters and punctuation as half-width ones, character by character.

    The length stays the same, so offsets into the result are offsets into `text`.
    """
    return text.translate(_HALF_WIDTH)


def parse_number(text: str) -> Fraction | None:
    """The exact number that the whole of `text` writes, or None if it is not one number."""
    text = half_width(text).translate(_VARIANTS).strip()
    if not text or len(text) > MAX_LENGTH:
        return None
    if text[0] in "-负":
        value = _unsigned(text[1:])
        return None if value is None else -value
    return _unsigned(text)


def _unsigned(text: str) -> Fraction | None:
    if text in ("半", "一半"):
        return Fraction(1, 2)
    below, is_fraction, above = text.partition("分之")
    if not is_fraction:
        return _number(text)
    denominator, numerator = _number(below), _number(above)
    return numerator / denominator if denominator and numerator is not None else None


def _number(text: str) -> Fraction | None:
    """A number with or without 亿 and 万; each stands once, and what follows it is smaller than it."""
    for sign, weight in _LARGE.items():
        left, found, right = text.rpartition(sign)
        if found:
            # 万亿 is usual, 亿万 is not a number, and 12345万 is usual too: only the same sign may not come twice.
            return None if sign in left else _joined(_number(left) if left else Fraction(1), weight, right)
    return _below_ten_thousand(text)


def _joined(left: Fraction | None, weight: int, right: str) -> Fraction | None:
    if left is None:
        return None
    rest = _rest(right, weight)
    # 1.5万300 is no number: nothing can follow a fraction.
    if rest is None or (right and left.denominator != 1):
        return None
    return left * weight + rest


def _rest(text: str, weight: int) -> Fraction | None:
    """What follows a sign of `weight`: 零五 is 5, but 五 alone counts the next lower place (三万五 is 35000)."""
    if not text:
        return Fraction(0)
    if text in _DIGITS and text != "零":
        return Fraction(_DIGITS[text] * weight, 10)
    if text.isdecimal() and len(text) != len(str(weight)) - 1:
        return None  # 3万5 may be 30005 or 35000
    value = _number(text[1:] if text[0] == "零" else text)
    return value if value is not None and value < weight and value.denominator == 1 else None


def _below_ten_thousand(text: str) -> Fraction | None:
    for sign, weight in _SMALL.items():
        left, found, right = text.partition(sign)
        if found:
            return _joined(_coefficient(left), weight, right)
    return _digits(text)


def _coefficient(text: str) -> Fraction | None:
    """What stands before 千, 百 or 十: nothing (十四, 百万), one Chinese digit, or Arabic digits (3千)."""
    if not text:
        return Fraction(1)
    if text in _DIGITS:
        return Fraction(_DIGITS[text]) or None
    return _arabic(text)


def _arabic(text: str) -> Fraction | None:
    return Fraction(text.replace(",", "")) if _ARABIC.fullmatch(text) else None


def _digits(text: str) -> Fraction | None:
    """Digits without a sign of weight: 3,071, 七, 二零二一, 三点五. 三四 is a range in speech, not 34."""
    if (value := _arabic(text)) is not None:
        return value
    whole, point, decimals = text.partition("点")
    if not set(whole + decimals) <= _DIGITS.keys() or not whole or bool(point) != bool(decimals):
        return None
    if len(whole) == 2 and "零" not in whole:
        return None
    return Fraction(_run(whole)) + (Fraction(_run(decimals), 10 ** len(decimals)) if decimals else 0)


def _run(digits: str) -> int:
    return int("".join(str(_DIGITS[digit]) for digit in digits))


def _group(number: int, digits: str, places: Sequence[str], one_ten: bool) -> str:
    """Four digits in words, without leading zeros: 235 is 二百三十五, 305 is 三百零五."""
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(words)
            continue
        words += (digits[0] if gap else "") + digits[digit] + places[place]
        gap = False
    return words[1:] if not one_ten and words.startswith(digits[1] + places[1]) else words


def _words(number: int, digits: str, places: Sequence[str], one_ten: bool) -> str:
    """`number` (0 or more, below 10^16) in words. `one_ten`: write 壹拾, not 十, at the beginning."""
    if number == 0:
        return digits[0]
    for sign, weight in _LARGE.items():
        if number >= weight:
            high, low = divmod(number, weight)
            zero = digits[0] if low and low < weight // 10 else ""
            return (
                _words(high, digits, places, one_ten) + sign + zero + (_words(low, digits, places, True) if low else "")
            )
    return _group(number, digits, places, one_ten)


def chinese(n: int) -> str:
    """`n` in Chinese numerals: 235 is 二百三十五, 14 is 十四. ValueError from 10^16 on."""
    if abs(n) >= 10**16:
        raise ValueError(f"数值超出范围：{n}")
    return ("负" if n < 0 else "") + _words(abs(n), "零一二三四五六七八九", ("", "十", "百", "千"), False)


def financial(fen: int) -> str:
    """An amount in 分 as on cheques and receipts: 壹佰万元整, 壹佰零伍元零伍分. ValueError from 10^16 元 on.

    The rules are those of the People's Bank of China for filling in bills (银发〔1997〕393号, 附一): 整 after 元 or 角
    but never after 分, 壹拾 in full, 零 where 角 is missing before 分.
    """
    yuan, rest = divmod(abs(fen), 100)
    if yuan >= 10**16:
        raise ValueError(f"数值超出范围：{fen}")
    digits = "零壹贰叁肆伍陆柒捌玖"
    jiao, cent = divmod(rest, 10)
    words = _words(yuan, digits, ("", "拾", "佰", "仟"), True) + "元" if yuan or not rest else ""
    if jiao:
        words += digits[jiao] + "角"
    elif cent and words:
        words += "零"
    return ("负" if fen < 0 else "") + words + (digits[cent] + "分" if cent else "整")


_FINANCIAL = re.compile(r"(负?)(?:([^元角分整]+)元)?(?:零?([^零元角分整])角)?(?:零?([^零元角分整])分|整|正)?")


def parse_financial(text: str) -> int | None:
    """The amount in 分 that `text` writes in words (壹佰万元整), or None. The inverse of `financial`."""
    match = _FINANCIAL.fullmatch(half_width(text).strip().replace("圆", "元"))
    if not match or len(text) > MAX_LENGTH or not any(match.groups()[1:]):
        return None
    parts = [parse_number(part) if part else Fraction(0) for part in match.groups()[1:]]
    if any(part is None or part.denominator != 1 for part in parts):
        return None
    yuan, jiao, cent = (int(part or 0) for part in parts)
    if jiao > 9 or cent > 9:
        return None
    return (yuan * 100 + jiao * 10 + cent) * (-1 if match[1] else 1)
