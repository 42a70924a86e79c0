"""Files that are damaged, or made up, in ways that are drawn from one number."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.workbooks.makers import VISITS, Formula, XlsError, ods, visit, xls, xlsx

ROWS = [VISITS, *(visit(f"2021-10-{day}", people=day) for day in range(10, 30)), ["合计", None, None, None, 390]]
STRUCTURE = [
    *(
        b"0",
        b"-1",
        b"9" * 9,
        b"4294967296",
        b"1e308",
        b"NaN",
        b"A1048577",
        b"xfd1048576",
        b"\0",
        b"\xff\xfe",
        b"&#0;",
        b"<",
        b">",
    ),
    *(
        b'"',
        b"<!DOCTYPE a>",
        b"&b;",
        b"t='e'",
        b"<f>",
        b"</row>",
        b"<row r='7000000'>",
        b"table:number-rows-repeated='99999999'",
    ),
]


@cache
def whole() -> tuple[bytes, ...]:
    """Good files of every format."""
    with TemporaryDirectory() as folder:
        at = Path(folder)
        merged = [(1, 1, 3, 1)]
        made = [
            xlsx(at / "a.xlsx", {"表": [*ROWS, [Formula("=1/0", "#DIV/0!")]], "说明": [["示例"]]}, merges=merged),
            xls(at / "b.xls", {"表": [*ROWS, [XlsError(0x17)]]}, merges=merged),
            ods(at / "c.ods", {"表": ROWS}, merges=merged, hidden=[]),
        ]
        text = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in ROWS)
        return *(path.read_bytes() for path in made), text.encode(), text.encode("gb18030"), b""


def made_up(random: Random) -> bytes:
    """A good file damaged somewhere, an archive with a damaged part inside, or bytes alone."""
    content = random.choice(whole())
    way = random.randrange(6)
    if way == 0:
        return random.randbytes(random.randrange(2000))
    if way <= 4 and content.startswith(b"PK"):
        return with_damaged_part(content, random)
    for _ in range(random.randrange(1, 6)):
        content = damaged(content, random)
    return content


def damaged(content: bytes, random: Random) -> bytes:
    """Bytes changed, cut out, put in, or doubled."""
    at, end = sorted(random.randrange(len(content) + 1) for _ in range(2))
    put = random.choice([random.randbytes(random.randrange(1, 9)), random.choice(STRUCTURE)])
    return random.choice(
        [
            *[content[:at] + put + content[at + len(put) :]] * 3,
            content[:at] + put + content[at:],
            content[:at] + content[at + len(put) :],
            content[:at] + content[end:],
            content[:at],
            content[:end] + content[at:],
        ]
    )


def with_damaged_part(content: bytes, random: Random) -> bytes:
    """An archive that is whole, with one of its parts damaged: what a parser sees of it is deeper inside."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        worst = random.choice([name for name in names if name.endswith((".xml", ".rels"))])
        for name in names:
            part = old.read(name)
            for _ in range(random.randrange(1, 3) if name == worst else 0):
                part = damaged(part, random)
            if random.random() > 0.02:
                new.writestr(name, part)
    return made.getvalue()
