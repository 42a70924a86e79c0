"""A Word document as HTML: the same paragraphs, tables and drawings, each number with its figure's address.

Looks are classes, so that a page with a strict policy can show it; `page` is a file that stands alone.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from html import escape

from lianqiao.briefings.word import BREAK, PAGE_BREAK, Cell, Image, Paragraph, Piece, Run, Section, Table, read

ALIGN = {"center": "c", "right": "r", "end": "r", "both": "j", "distribute": "j"}
KINDS = (("标宋", "song"), ("仿宋", "fang"), ("楷", "kai"), ("黑", "hei"))
HALF_POINTS = range(14, 53)
STYLE = """
.paper{max-width:42em;margin:2em auto;padding:0 1em;color:#182124;line-height:1.75}
.paper{font-family:FangSong_GB2312,FangSong,STFangsong,"Noto Serif SC",serif}
.paper p{margin:0;min-height:1em}.paper .j{text-align:justify}.paper .c{text-align:center}.paper .r{text-align:right}
.paper .in{text-indent:2em}.paper .page{margin-top:2.5em}
.paper .song{font-family:FZXiaoBiaoSong-B05S,"Noto Serif SC",serif;font-weight:700}.paper .hei{font-family:SimHei,"Noto Sans SC",sans-serif}
.paper .kai{font-family:KaiTi_GB2312,KaiTi,STKaiti,"Noto Serif SC",serif}.paper b{font-weight:700}
.paper table{border-collapse:collapse;margin:.5em auto;line-height:1.35}.paper .frame{overflow-x:auto}
.paper td,.paper th{border:1px solid #182124;padding:.2em .5em;font-weight:400}.paper svg,.paper img{max-width:100%;height:auto}
@media print{.paper .page{break-before:page}}
"""


def page(data: bytes, title: str) -> str:
    """The document as one HTML file without anything from elsewhere."""
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{style()}</style></head><body>{fragment(data)}</body></html>"
    )


def style() -> str:
    """The looks of a document's content, as a style sheet."""
    return STYLE + "".join(f".paper .s{n}{{font-size:{n / 2}pt}}" for n in HALF_POINTS)


def fragment(data: bytes) -> str:
    """The document's content, to be put into a page; its classes are those of STYLE."""
    return f'<article class="paper">{"".join(section(one) for one in read(data))}</article>'


def section(one: Section) -> str:
    return "".join(table(block) if isinstance(block, Table) else paragraph(block) for block in one.blocks)


def paragraph(told: Paragraph, tag: str = "p") -> str:
    looks = [
        ALIGN.get(told.align, ""),
        "in" if told.first > 0 else "",
        "page" if told.new_page or PAGE_BREAK in told.pieces else "",
    ]
    looks.append(size(told.size))
    return f'<{tag} class="{" ".join(filter(None, looks))}">{joined(told.pieces)}</{tag}>'


def size(points: float) -> str:
    return f"s{min(max(int(points * 2), HALF_POINTS[0]), HALF_POINTS[-1])}"


def joined(pieces: Iterable[Piece]) -> str:
    return "".join(piece_of(piece) for piece in pieces)


def piece_of(piece: Piece) -> str:
    if isinstance(piece, Run):
        return run(piece)
    if isinstance(piece, Image):
        return image(piece)
    return "<br>" if piece == BREAK else ""


def run(told: Run) -> str:
    words = escape(told.text)
    kind = next((name for word, name in KINDS if word in told.font), "")
    if told.bold:
        words = f"<b>{words}</b>"
    if told.tag:
        words = f'<data value="{escape(told.tag.address)}">{words}</data>'
    return f'<span class="{kind}">{words}</span>' if kind else words


def image(told: Image) -> str:
    if told.kind == "svg":
        return told.data.decode("utf-8")
    held = base64.b64encode(told.data).decode()
    return f'<img src="data:image/{told.kind};base64,{held}" alt="{escape(told.words)}">'


def table(told: Table) -> str:
    rows = [
        f"<tr>{''.join(cell(each, 'th' if at < told.heads else 'td') for each in row)}</tr>"
        for at, row in enumerate(told.rows)
    ]
    head = f"<thead>{''.join(rows[: told.heads])}</thead>" if told.heads else ""
    return f'<div class="frame"><table>{head}<tbody>{"".join(rows[told.heads :])}</tbody></table></div>'


def cell(told: Cell, tag: str) -> str:
    spans = f' colspan="{told.columns}"' * (told.columns > 1) + f' rowspan="{told.rows}"' * (told.rows > 1)
    return f"<{tag}{spans}>{''.join(paragraph(each) for each in told.paragraphs)}</{tag}>"
