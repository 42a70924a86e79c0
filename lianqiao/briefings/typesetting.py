"""Sets a Word document anew as PDF, through typst, with the free Chinese fonts where the office's own are not there."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import typst

from lianqiao.briefings.word import (
    BREAK,
    PAGE_BREAK,
    PAGE_NUMBER,
    Cell,
    Image,
    Paragraph,
    Piece,
    Run,
    Section,
    Table,
    read,
)
from lianqiao.charts.pictures import compiler, quoted

SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
FACES: dict[str, tuple[str, ...]] = {
    "方正小标宋简体": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"),
    "仿宋_GB2312": ("FangSong_GB2312", "FangSong", "STFangsong"),
    "仿宋": ("FangSong", "STFangsong"),
    "楷体_GB2312": ("KaiTi_GB2312", "KaiTi", "STKaiti"),
    "楷体": ("KaiTi", "STKaiti"),
    "黑体": ("SimHei", "STHeiti"),
    "宋体": ("SimSun", "NSimSun", "STSong"),
}
"""Chinese names of fonts → what the fonts call themselves."""

SANS_WORDS = ("黑", "Hei", "Sans", "Gothic", "等线", "Arial", "Calibri", "雅黑", "Helvetica")
LATIN = ("Times New Roman", "Liberation Serif", SERIF)
HEAVY = ("小标宋", "BiaoSong")
ALIGN = {"center": "center", "right": "right", "end": "right", "left": "left", "start": "left"}


def pdf(data: bytes) -> bytes:
    """The PDF of a Word document."""
    made = compiler().compile(input=source(read(data)).encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


def source(sections: Iterable[Section]) -> str:
    """The document in typst's language."""
    # Full pages: no line is saved up to keep it with its paragraph.
    head = '#set text(lang: "zh", region: "cn", cjk-latin-spacing: none, top-edge: 0.88em, bottom-edge: -0.12em)\n'
    head += "#set text(costs: (widow: 0%, orphan: 0%))\n"
    head += "#set table(inset: (x: 4.5pt, y: 2.5pt))\n"
    return head + "\n".join(section(one) for one in sections)


def section(one: Section) -> str:
    # A point more of height, so that rounding does not cost a page its last line.
    margins = f"top: {one.top:.2f}pt, bottom: {one.bottom - 1:.2f}pt, left: {one.left:.2f}pt, right: {one.right:.2f}pt"
    odd, even = (stacked(side, one) for side in (one.odd, one.even))
    size = max((paragraph.size for paragraph in (*one.odd, *one.even)), default=0)
    descent = max(one.bottom - 1 - one.foot - size, 0)
    page = [
        f"width: {one.width:.2f}pt, height: {one.height:.2f}pt, margin: ({margins})",
        f"footer-descent: {descent:.2f}pt",
    ]
    page.append(f"footer: context if calc.odd(counter(page).get().first()) [{odd}] else [{even}]")
    if one.head:
        page.append(f"header: [{stacked(one.head, one)}]")
    body = "\n".join(
        table(block, one) if isinstance(block, Table) else paragraph(block, one, first=at == 0)
        for at, block in enumerate(one.blocks)
    )
    return f"#set page({', '.join(page)})\n{body}"


def stacked(paragraphs: Iterable[Paragraph], one: Section) -> str:
    return "".join(paragraph(each, one) for each in paragraphs)


def paragraph(told: Paragraph, one: Section, *, first: bool = False) -> str:
    """A paragraph as a block as high as its lines: half of what is between them above and below."""
    size = told.size
    pictures = any(isinstance(piece, Image) for piece in told.pieces)
    between = max((told.line or size * 1.3) - size, 0) if not pictures else size * 0.3
    space = f"inset: (top: {between / 2:.2f}pt, bottom: {between / 2:.2f}pt, left: {told.left:.2f}pt, right: {told.right:.2f}pt)"
    shape = f"leading: {between:.2f}pt, justify: {str(told.align in ('both', 'distribute')).lower()}"
    if told.first > 0:
        shape += f", first-line-indent: (amount: {told.first:.2f}pt, all: true)"
    elif told.first < 0:
        shape += f", hanging-indent: {-told.first:.2f}pt"
    words = joined(told.pieces, one) or f"box(height: {size:.2f}pt)"
    side = f"set align({ALIGN[told.align]})\n" if told.align in ALIGN else ""
    block = (
        f"#block(above: {told.before:.2f}pt, below: {told.after:.2f}pt, width: 100%, sticky: {str(told.keep).lower()}, {space}, {{\n"
        f"{side}set par({shape})\npar({words})\n}})"
    )
    broken = told.new_page and not first
    return f"{'#pagebreak(weak: true)' if broken or PAGE_BREAK in told.pieces else ''}\n{block if words else ''}"


def joined(pieces: Iterable[Piece], one: Section) -> str:
    told = [piece_of(piece, one) for piece in pieces if piece != PAGE_BREAK]
    return " + ".join(told)


def piece_of(piece: Piece, one: Section) -> str:
    if isinstance(piece, Run):
        return run(piece, one)
    if isinstance(piece, Image):
        return image(piece)
    if piece == PAGE_NUMBER:
        return f"text(size: 14pt, font: {fonts('', '')}, context counter(page).display())"
    assert piece == BREAK
    return "linebreak()"


def run(told: Run, one: Section) -> str:
    looks = [f"size: {told.size}pt", f"font: {fonts(told.font, told.latin)}"]
    if tracking := one.tracking + told.spacing:
        looks.append(f"tracking: {tracking:.3f}pt")
    if told.bold:
        looks.append('weight: "bold"')
    if told.italic:
        looks.append('style: "italic"')
    if told.colour:
        looks.append(f'fill: rgb("#{told.colour}")')
    elif heavy(told):
        looks.append(f"stroke: {told.size * 0.022:.3f}pt")
    made = f"text({', '.join(looks)}, {quoted(told.text)})"
    return f"underline({made})" if told.underline else made


def heavy(told: Run) -> bool:
    """Whether the face is heavier than the free one that stands in for it: 小标宋, and bold where there is no bold."""
    return (any(word in told.font for word in HEAVY) and chosen(told.font) in (SERIF, SANS)) or told.bold


@cache
def fonts(chinese: str, latin: str) -> str:
    """A list of typst's: the Latin font for what is Latin, then the Chinese one."""
    western = next((name for name in (latin, *LATIN) if name and available(name)), LATIN[-1])
    # A Chinese font that stands in for the Latin one has Chinese too, and would set the headings' as well.
    covers = '"latin-in-cjk"' if western != SERIF else r'regex("[\u{20}-\u{24f}]")'
    return f'((name: "{western}", covers: {covers}), "{chosen(chinese)}", "{SERIF}")'


@cache
def chosen(name: str) -> str:
    """The font that stands for a name: itself where the machine has it, else the free one of its kind."""
    found = next((one for one in (name, *FACES.get(name, ())) if one and available(one)), None)
    return found or (SANS if any(word in name for word in SANS_WORDS) else SERIF)


@cache
def held() -> frozenset[str]:
    return frozenset(name.lower() for name in typst.Fonts().families()) | {SERIF.lower(), SANS.lower()}


def available(name: str) -> bool:
    return name.lower() in held()


def image(told: Image) -> str:
    size = f"width: {told.width:.2f}pt, height: {told.height:.2f}pt"
    if told.kind == "svg":
        return f'box(image(bytes({quoted(told.data.decode("utf-8"))}), format: "svg", {size}))'
    if told.kind not in ("png", "jpeg", "gif"):
        return f"text({quoted(told.words or '（图）')})"
    numbers = ",".join(str(byte) for byte in told.data)
    return f'box(image(bytes(({numbers},)), format: "{told.kind.replace("jpeg", "jpg")}", {size}))'


# Tables ----------------------------------------------------------------------------------------------------------------


def table(told: Table, one: Section) -> str:
    widths = ", ".join(f"{width:.2f}pt" if width else "1fr" for width in told.widths)
    inner = f"{told.inner}pt" if told.inner else "none"
    rows = [", ".join(cell(each, one) for each in row) for row in told.rows]
    head = f"table.header(repeat: true, {', '.join(rows[: told.heads])}),\n" if told.heads else ""
    edges = ""
    if told.outer:
        last = len(told.widths)
        edges = "".join(f"table.vline(x: {x}, stroke: {told.outer}pt), " for x in (0, last))
        edges += "".join(f"table.hline(y: {y}, stroke: {told.outer}pt), " for y in (0, len(told.rows)))
    body = ",\n".join(row for row in rows[told.heads :] if row)
    return f"#align({told.align}, table(columns: ({widths},), stroke: {inner}, {edges}\n{head}{body}))"


def cell(told: Cell, one: Section) -> str:
    looks = [f"align: {'horizon' if told.middle else 'top'}", "breakable: false"]
    if told.columns > 1:
        looks.append(f"colspan: {told.columns}")
    if told.rows > 1:
        looks.append(f"rowspan: {told.rows}")
    if told.shade:
        looks.append(f'fill: rgb("#{told.shade}")')
    return f"table.cell({', '.join(looks)})[{stacked(told.paragraphs, one)}]"


def png(data: bytes, dots: int = 96) -> list[bytes]:
    """The pages of a Word document as pictures, to be looked at."""
    made = compiler().compile(input=source(read(data)).encode(), format="png", ppi=dots)
    return made if isinstance(made, list) else [made or b""]
