"""Numbers of people and firms that nobody bears: right in form, with the area code 990000, which no place has."""

from __future__ import annotations

from datetime import date

NOWHERE = "990000"

_ID_CHECK = "10X98765432"
_CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def id_number(born: date, order: int) -> str:
    """A 身份证号 with its check digit (GB 11643, ISO 7064 MOD 11-2); `order` (0 to 999) is odd for men."""
    body = f"{NOWHERE}{born:%Y%m%d}{order:03d}"
    return body + _ID_CHECK[sum(int(digit) * pow(2, 17 - i, 11) for i, digit in enumerate(body)) % 11]


def credit_code(order: int, kind: str = "91") -> str:
    """A firm's 统一社会信用代码 with both its check characters (GB 32100, GB 11714); `kind` is what the code begins with:
    who registers (9) and what is registered (1 a firm, 9 something else)."""
    body = f"{order:08d}"
    rest = -sum(int(digit) * weight for digit, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    code = f"{kind}{NOWHERE}{body}{'X' if rest == 10 else rest}"
    total = sum(_CODE_LETTERS.index(letter) * pow(3, i, 31) for i, letter in enumerate(code))
    return code + _CODE_LETTERS[-total % 31]
