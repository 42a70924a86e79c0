"""One cell: what it says, or why it does not say exactly one thing. Nothing is guessed.

`read` takes a cell as it is stored and gives a value, None for blank, or Refused. Money is in 分.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from lianqiao.core.numerals import chinese, half_width, parse_financial, parse_number
from lianqiao.core.units import LARGEST
from lianqiao.ledger.columns import Column
from lianqiao.workbooks.files import Cell
from lianqiao.workbooks.marks import CellError

Value = str | int | bool | date


@dataclass(frozen=True)
class Refused:
    """Why a cell is refused: a word of the import rules, and a Chinese sentence that says what is wrong and what to
    write instead (the place is added by whoever knows it)."""

    why: str
    message: str


@dataclass(frozen=True)
class Around:
    """What a cell takes from around it.

    `unit`: how many 元 a bare amount in this column counts (10000 under 万元), None where the headings name two units.
    `year`: the year of a date without one, None if nothing gives exactly one.
    """

    unit: int | None = 1
    year: int | None = None


BLANK = frozenset(["", "—", "–", "-", "--", "——", "/", "无", "暂无"])
DITTO = frozenset(["同上", "〃"])
NOT_YET = "至今"
REPEATED = frozenset(["text", "place", "reference", "evidence", "person", "choice", "yesno"])
"""The kinds in which 同上 repeats the row above."""
SPACELESS = frozenset(["person", "choice", "yesno"])
"""Those of them in which white space counts nowhere, so that 同 上 is 同上 too."""
SPREAD = REPEATED | {"date"}
"""The kinds in which a cell merged over several rows counts for each of them."""

UNITS = {"元": 1, "千元": 1000, "万": 10**4, "万元": 10**4, "百万元": 10**6, "亿": 10**8, "亿元": 10**8}
MOST = 2**31 - 1
"""The largest count: the database keeps it in 32 bits, and nobody counts two billion of anything in a county."""

_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_WHITE = (
    "".join(filter(str.isspace, map(chr, range(0x3001))))
    + "".join(map(chr, (*range(32), *range(127, 160))))
    + _INVISIBLE
)
"""What goes at the ends of a cell: white space, invisible characters, control characters."""
_SPACE = re.compile(rf"[\s{_INVISIBLE}]+")
_CONTROL = re.compile(rf"[\x00-\x08\x0e-\x1f\x7f-\x9f{_INVISIBLE}]")
_LINE_BREAK = re.compile(r"[ \t]*[\r\n\v\f\x85\u2028\u2029]+[ \t]*")
_ERROR = re.compile(r"#(?:REF!|DIV/0!|N/A|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|#+)|Err:\d{3}")

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
_NUMERALS = "[零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]"
_INT = re.compile(rf"({_DIGITS})(?:\.0+)?(?:人次|[人名天日户个家期次场])?", re.ASCII)
_STACKED = re.compile(r"\d\s*[\r\n]\s*\d")
_COUNTED = re.compile(rf"({_NUMERALS}+?)(?:人次|[人名天日户个家期次场])?")
_YEAR = re.compile(r"(\d{4})(?:年度?)?", re.ASCII)
_MONEY = re.compile(rf"¥?({_DIGITS}(?:\.\d+)?)(?:(亿元|万元|元)[整正]?|(亿|万))?", re.ASCII)
_MONEY_WORDS = re.compile(rf"{_NUMERALS}+")
_MONEY_SUM = re.compile(rf"(?:({_NUMERALS}+)[元圆])?(?:{_NUMERALS}|[角分整正])*")

_TIME = re.compile(r"(.+?)(?:\s+|T|(?<=[日号]))(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?", re.ASCII)
_DATE = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号])", re.ASCII)
_MONTH_DAY = re.compile(r"(\d{1,2})月(\d{1,2})[日号]", re.ASCII)
_DATE_WORDS = re.compile(
    r"(?:([〇零○一二三四五六七八九]{4})年)?([一二三四五六七八九十]+)月([一二三四五六七八九十]+)[日号]"
)
_BARE = re.compile(r"\d{5}(?:\.\d+)?|\d{8}(?:\.0+)?", re.ASCII)
_TO = r"(?:[-–—~]{1,2}|至|到)"
_SPANS = [
    re.compile(
        rf"(?:(?P<y>\d{{4}})年)?(?P<m>\d{{1,2}})月(?P<d>\d{{1,2}})[日号]?{_TO}"
        r"(?:(?P<y2>\d{4})年)?(?:(?P<m2>\d{1,2})月)?(?P<d2>\d{1,2})[日号]",
        re.ASCII,
    ),
    re.compile(
        rf"(?P<y>\d{{4}})(?P<s>[-/.])(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}}){_TO}"
        r"(?:(?:(?P<y2>\d{4})(?P=s))?(?P<m2>\d{1,2})(?P=s))?(?P<d2>\d{1,2})",
        re.ASCII,
    ),
    re.compile(rf"(?P<y>\d{{4}})(?P<m>\d\d)(?P<d>\d\d){_TO}(?P<y2>\d{{4}})(?P<m2>\d\d)(?P<d2>\d\d)", re.ASCII),
]
_FULL_WORDS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟〇两", "一二三四五六七八九十百千零二")
_NOISE, _LONGEST = Decimal("0.001"), 40
_SMALL = 10**9  # 元 in units of up to 亿: far from where binary fractions lose a 分

_FIRST_YEAR, _LAST_YEAR = 1990, 2050
_EPOCH = date(1899, 12, 30)  # day 0 of Excel's serials from March 1900 on
_FIRST_SERIAL, _LAST_SERIAL = 32874, 55153  # the first and last day of those years
_WORDS = {chinese(number): number for number in range(1, 32)}
_DIGIT_WORDS = str.maketrans("〇零○一二三四五六七八九", "000123456789")

_ID = re.compile(r"\d{17}[\dX]", re.ASCII)
_CREDIT = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_CREDIT_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_EXPORTED = re.compile(r"""'(.*)|="(.*)\"""")
_YESNO = {"是": True, "√": True, "否": False, "×": False}

BAD_INT = Refused("bad_number", "不是一个确定的整数。请填整数，如 12。")
BAD_YEAR = Refused("bad_number", "不是一个年度。请填四位年份，如 2021。")
BAD_MONEY = Refused("bad_number", "不是一个确定的金额。请填数字，如 1200.50，可带“元”“万元”“亿元”。")
TWO_UNITS = Refused("bad_number", "表头的金额单位不明，或不止一种。请在单元格里写明“元”“万元”或“亿元”。")
BAD_DATE = Refused("bad_date", "不是一个确定的日期。请填年月日，如 2021-10-12。")
NO_YEAR = Refused("bad_date", "没有年份，表里也没有唯一的年度。请填年月日，如 2021-10-12。")
NO_SPAN = Refused("bad_date", "是一段时间。请只填一天，如 2021-10-12。")
BACKWARDS = Refused("bad_date", "结束早于开始。请核对起止日期。")
BAD_TEXT = Refused("bad_text", "被表格软件改成了日期或截短的数字。请把单元格设为文本后重新填写。")
BAD_ID = Refused("bad_id", "不是正确的18位身份证号。请核对并以文本填写。")
NUMBER_ID = Refused("bad_id", "是数字，末几位已被表格软件改掉。请把单元格设为文本后重新填写。")
BAD_CREDIT = Refused("bad_id", "不是正确的18位统一社会信用代码。请核对并以文本填写。")
BAD_YESNO = Refused("bad_choice", "请填“是”或“否”。")
ERROR = Refused("error_cell", "公式出错或没有结果。请改正公式，或填上数值。")

Answer = Value | Refused | None


def read(raw: Cell, column: Column, around: Around = Around()) -> Answer:
    """What `raw` says in `column`: a value, None if it is blank, or why it is refused."""
    if isinstance(raw, str):
        if is_blank(raw) or (column.ending and spaceless(raw) == NOT_YET):
            return None
        if _ERROR.fullmatch(raw.strip()):
            return ERROR
    elif raw is None or isinstance(raw, CellError):
        return None if raw is None else ERROR
    return _READERS[column.kind](raw, column, around)


Shortcut = Callable[[Any], Value | None]


def shortcuts(column: Column, unit: int | None) -> dict[type, Shortcut]:
    """By the type of a cell, what `read` says of the cells that most files are made of; None where it must be asked."""
    if column.kind == "date":
        return {date: _near, datetime: lambda raw: _near(raw.date())}
    if column.kind == "int" and column.field != "year":
        least = max(0, column.minimum or 0)
        return {float: lambda raw: int(raw) if least <= raw <= MOST and raw.is_integer() else None}
    if column.kind == "money" and unit:
        fen, lowest = unit * 100, column.minimum or 0
        return {float: lambda raw: int(raw) * fen if _is_small(raw) and int(raw) * fen >= lowest else None}
    if column.kind in ("text", "place") and column.field != "number":
        return {str: lambda raw: raw if _is_plain(raw) else None}
    return {str: lambda raw: raw if _is_plain(raw) and " " not in raw else None} if column.kind == "person" else {}


def _is_small(yuan: float) -> bool:
    return 0 <= yuan <= _SMALL and yuan.is_integer()


def _near(day: date) -> date | None:
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def _is_plain(text: str) -> bool:
    """Whether a text says itself: longer than any word for blank or 同上, nothing at its ends to trim, no error."""
    return len(text) > 2 and text.isprintable() and text[0] not in " #E" and text[-1] != " "


def is_blank(raw: Cell) -> bool:
    """Whether a cell is empty, or says so with a dash, a stroke, 无 or 暂无."""
    if raw is None or raw == "":
        return True
    if not isinstance(raw, str):
        return False
    text = trimmed(raw)
    return len(text) <= 2 and half_width(text) in BLANK


def is_ditto(raw: Cell) -> bool:
    """Whether a cell says 同上."""
    return isinstance(raw, str) and trimmed(raw) in DITTO


def is_masked(raw: Cell) -> bool:
    """Whether a cell holds an ID number as an export shows it: some of it, or all that was erased, behind asterisks."""
    return isinstance(raw, str) and "*" in raw


def trimmed(text: str) -> str:
    """Without white space and invisible characters at the ends."""
    return text.strip(_WHITE)


def spaceless(raw: Cell) -> str:
    """A text cell in half-width characters without any white space; other cells give an empty text."""
    if not isinstance(raw, str):
        return ""
    return raw if raw.isascii() and raw.isalnum() else _spaceless(raw)


@lru_cache(maxsize=4096)
def _spaceless(text: str) -> str:
    return _SPACE.sub("", half_width(text))


def year(raw: Cell) -> int | None:
    """The year that a cell like 2021, 2021年 or 2021年度 says, or None."""
    match = _YEAR.fullmatch(_digits_of(raw))
    return int(match[1]) if match and _FIRST_YEAR <= int(match[1]) <= _LAST_YEAR else None


def span(raw: Cell, around: Around) -> tuple[date, date] | Refused | None:
    """The first and last day of a span like 10月12日-14日; None if the cell is no span, Refused if it is a bad one."""
    match = next((m for pattern in _SPANS if (m := pattern.fullmatch(spaceless(raw)))), None)
    if match is None:
        return None
    part = {name: int(digits) for name, digits in match.groupdict().items() if digits and digits.isdecimal()}
    first_year = part.get("y", around.year)
    if first_year is None:
        return NO_YEAR
    first = _day(first_year, part["m"], part["d"])
    last = _day(part.get("y2", first_year), part.get("m2", part["m"]), part["d2"])
    if isinstance(first, Refused) or isinstance(last, Refused):
        return BAD_DATE
    return (first, last) if first <= last else BACKWARDS


def _digits_of(raw: Cell) -> str:
    """A whole number as its digits, a text without white space; anything else gives an empty text."""
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) <= MOST else ""
    return str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else spaceless(raw)


def _text(raw: Cell, column: Column, around: Around) -> Answer:
    if isinstance(raw, str):
        clean = trimmed(raw)
        return clean if clean.isprintable() else _CONTROL.sub("", _LINE_BREAK.sub(" ", clean))
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, int | float) and abs(raw) < 10**15:  # Excel keeps 15 digits and makes zeros of the others
        return str(int(raw)) if raw == int(raw) else str(raw)
    return BAD_TEXT


def _person(raw: Cell, column: Column, around: Around) -> Answer:
    answer = _text(raw, column, around)
    return _SPACE.sub("", answer) if isinstance(answer, str) else answer


def _int(raw: Cell, column: Column, around: Around) -> Answer:
    if column.field == "year":  # 资金年度 and 年度: a count that is the name of a year
        found = year(raw)
        return BAD_YEAR if found is None else found
    number = _whole(raw)
    if number is None or not max(0, column.minimum or 0) <= number <= MOST:
        return BAD_INT
    return number


def _whole(raw: Cell) -> int | None:
    if isinstance(raw, float):
        return int(raw) if raw.is_integer() else None
    if isinstance(raw, int):
        return None if isinstance(raw, bool) else raw
    text = _number_text(raw)
    if match := _INT.fullmatch(text):
        return int(match[1].replace(",", ""))
    match = _COUNTED.fullmatch(text)
    return _words(match[1]) if match else None


def _number_text(raw: Cell) -> str:
    """A number's text without white space; empty where a line break parts two digits: that is two numbers, 20 over 30."""
    return "" if isinstance(raw, str) and _STACKED.search(raw) else spaceless(raw)


def _words(text: str) -> int | None:
    """A whole number in Chinese words, if written in full: 一百五 may be 105 or 150, 一二 is a range."""
    number = parse_number(text)
    if number is None or number.denominator != 1 or number >= 10**16:
        return None
    plain = text.translate(_FULL_WORDS)
    return int(number) if chinese(int(number)) in (plain, plain.removeprefix("一")) else None


def _money(raw: Cell, column: Column, around: Around) -> Answer:
    yuan, unit = _amount(raw)
    unit = unit or around.unit
    if yuan is None:
        return BAD_MONEY
    if unit is None:
        return TWO_UNITS
    fen = yuan * unit * 100
    whole = fen.to_integral_value()
    # A thousandth of a 分 is the noise of binary fractions (66.00000000000001), more is a fraction of a 分.
    if not 0 <= whole <= LARGEST or abs(fen - whole) >= _NOISE or not max(0, column.minimum or 0) <= whole:
        return BAD_MONEY
    return int(whole)


def _amount(raw: Cell) -> tuple[Decimal | None, int | None]:
    """The number of an amount and the unit it names itself; (None, None) if it is no amount."""
    if isinstance(raw, int | float):
        finite = not isinstance(raw, bool) and 0 <= raw <= LARGEST
        return (Decimal(repr(raw)), None) if finite else (None, None)
    text = _number_text(raw).replace("￥", "¥")
    if len(text) <= _LONGEST and (match := _MONEY.fullmatch(text)):
        return Decimal(match[1].replace(",", "")), UNITS.get(match[2] or match[3])
    if _MONEY_WORDS.fullmatch(text):
        number = _words(text)
        return (None if number is None else Decimal(number)), (1 if "万" in text or "亿" in text else None)
    sums = _MONEY_SUM.fullmatch(text)
    if sums and (not sums[1] or _words(sums[1]) is not None):
        fen = parse_financial(text)
        return (None, None) if fen is None else (Decimal(fen) / 100, 1)
    return None, None


def _date(raw: Cell, column: Column, around: Around) -> Answer:
    if isinstance(raw, date):
        day = raw.date() if isinstance(raw, datetime) else raw
        return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else BAD_DATE
    if isinstance(raw, int | float):
        return BAD_DATE if isinstance(raw, bool) else _bare(repr(raw))
    if not isinstance(raw, str):
        return BAD_DATE
    written = half_width(trimmed(raw))
    timed = _TIME.fullmatch(written)
    text = _SPACE.sub("", timed[1] if timed else written)
    if match := _DATE.fullmatch(text):
        return _day(*(int(digits) for digits in (match[1], match[3] or match[5], match[4] or match[6])))
    if match := _MONTH_DAY.fullmatch(text):
        return NO_YEAR if around.year is None else _day(around.year, int(match[1]), int(match[2]))
    if match := _DATE_WORDS.fullmatch(text):
        return _worded(match, around)
    if span(raw, around):
        return NO_SPAN
    return _bare(text)


def _worded(match: re.Match[str], around: Around) -> Answer:
    """二〇二一年十月十二日, or 十月十二日 where the year is known."""
    first = int(match[1].translate(_DIGIT_WORDS)) if match[1] else around.year
    if first is None:
        return NO_YEAR
    return _day(first, _WORDS.get(match[2], 0), _WORDS.get(match[3], 0))


def _bare(text: str) -> Answer:
    """A number without separators: one of eight digits is 20211012, one of five an Excel serial."""
    if not _BARE.fullmatch(text):
        return BAD_DATE
    digits = text.partition(".")[0]
    if len(digits) == len("20211012"):
        return _day(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    serial = int(digits)
    return _EPOCH + timedelta(days=serial) if _FIRST_SERIAL <= serial <= _LAST_SERIAL else BAD_DATE


def _day(of_year: int, month: int, day: int) -> date | Refused:
    in_range = _FIRST_YEAR <= of_year <= _LAST_YEAR and 1 <= month <= 12
    return date(of_year, month, day) if in_range and 1 <= day <= monthrange(of_year, month)[1] else BAD_DATE


def _choice(raw: Cell, column: Column, around: Around) -> Answer:
    text = spaceless(raw)
    for word in column.choices:
        if spaceless(word) == text:
            return word
    for theirs, ours in column.words:
        if theirs == text:
            return ours
    return Refused("bad_choice", f"不在可选词内。请从这些词里选一个：{'、'.join(column.choices)}。")


def _yesno(raw: Cell, column: Column, around: Around) -> Answer:
    answer = _YESNO.get(spaceless(raw))
    return BAD_YESNO if answer is None else answer


def _id_number(raw: Cell, column: Column, around: Around) -> Answer:
    if isinstance(raw, int | float):
        return NUMBER_ID
    text = _unwrapped(raw)
    return text if _ID.fullmatch(text) and _is_born(text[6:14]) and _id_check(text[:17]) == text[17] else BAD_ID


def _is_born(digits: str) -> bool:
    """Whether YYYYMMDD is a day on which somebody now alive can have been born."""
    try:
        return date(1900, 1, 1) <= datetime.strptime(digits, "%Y%m%d").date() <= date(_LAST_YEAR, 12, 31)  # noqa: DTZ007
    except ValueError:
        return False


def _id_check(digits: str) -> str:
    """The check character of an ID number: ISO 7064 MOD 11-2, as GB 11643-1999 has it."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(digits))
    return "10X98765432"[total % 11]


def _credit_code(raw: Cell, column: Column, around: Around) -> Answer:
    if isinstance(raw, int | float):
        return NUMBER_ID
    text = _unwrapped(raw)
    return text if _CREDIT.fullmatch(text) and _credit_check(text[:17]) == text[17] else BAD_CREDIT


def _credit_check(code: str) -> str:
    """The check character of a 统一社会信用代码: weights 3^i modulo 31 (GB 32100-2015)."""
    total = sum(_CREDIT_DIGITS.index(character) * pow(3, place, 31) for place, character in enumerate(code))
    return _CREDIT_DIGITS[-total % 31]


def _unwrapped(raw: Cell) -> str:
    """A code without the apostrophe or the ="…" that an export left around it, in capitals."""
    text = spaceless(raw).upper()
    match = _EXPORTED.fullmatch(text)
    return (match[1] or match[2] or "") if match else text


_READERS: dict[str, Callable[[Cell, Column, Around], Answer]] = {
    "text": _text,
    "place": _text,
    "reference": _text,
    "evidence": _text,
    "person": _person,
    "phone": _person,
    "int": _int,
    "money": _money,
    "date": _date,
    "choice": _choice,
    "yesno": _yesno,
    "id_number": _id_number,
    "credit_code": _credit_code,
}
