"""Names of places as people write them: short names, and the two names of a pairing."""

from __future__ import annotations

import re
from functools import cache

# A name of at least two characters and, as long as that leaves it, the word for its kind (行政区划 terms).
_NAMED = re.compile(
    "(.{2,}?)(特别行政区|街道办事处|自治区|自治州|自治县|自治旗|民族苏木|民族乡|区公所|地区|林区|矿区|特区|新区|街道|苏木"
    "|省|市|州|盟|县|区|旗|镇|乡|村)"
)

# The nationalities that stand between a name and 自治区, 自治州, 自治县, 民族乡 (GB/T 3304), with or without 族.
_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西"
    "|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂"
    "|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺"
)
# One character and no 族 is part of a name (白 in 长白), so only the long ones may stand bare (哈萨克自治州).
_BARE = "蒙古|维吾尔|哈萨克|柯尔克孜|塔吉克|锡伯|达斡尔"
_PEOPLE = re.compile(f"(?:(?:{_PEOPLES}|各)族|{_BARE})$")

# A short name that itself ends in the word for a kind, and a 区 whose name ends in 林.
_EXCEPTIONS = {"景德镇": "景德镇", "万柏林区": "万柏林"}

_DASHES = re.compile(r"\s*(?:[-‐‑‒–—―－~～]+|与)\s*")


@cache
def short(name: str) -> str:
    """The name without the word for its kind: 靖江市→靖江, 永寿县→永寿, 恩施土家族苗族自治州→恩施.

    Never shortens to one character (乾县 stays 乾县), and leaves a name alone that has no such word.
    """
    name = name.strip()
    parts = _NAMED.fullmatch(name)
    if name in _EXCEPTIONS or parts is None:
        return _EXCEPTIONS.get(name, name)
    stem, kind = parts.groups()
    if kind.startswith(("自治", "民族")):  # a 民族乡 names its people without 族: 得力其尔鄂温克民族乡
        return _without_peoples(stem.removesuffix("族") + "族").removesuffix("族")
    return _without_peoples(stem) if stem.endswith("族") else stem


def _without_peoples(stem: str) -> str:
    while (people := _PEOPLE.search(stem)) and people.start() >= 2:
        stem = stem[: people.start()]
    return stem


def pairing_key(text: str) -> tuple[str, str] | None:
    """The two short names in 靖江-永寿, 靖江市—永寿县 or 靖江与永寿; None where there are not exactly two."""
    parts = [short(part) for part in _DASHES.split(text.strip())]
    return (parts[0], parts[1]) if len(parts) == 2 and all(parts) else None
