"""The drawings of documents as SVG that stands alone: its own colours and fonts, every value written, readable in grey.

What a drawing shows is declared once (Bars, Targets, Shares, Flow); web pages, Word and PDF show the same SVG.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

from lianqiao.charts.geometry import FULL, Column, columns, px

ACCENT, PALE, INK, GREY = "#125b6c", "#a3bfb6", "#182124", "#5f6a6c"
FONTS = "Noto Sans SC, Source Han Sans SC, Noto Sans CJK SC, Microsoft YaHei, SimHei, sans-serif"
FILLS = {"ink2f": ACCENT, "bar2": PALE, "inkf": ACCENT, "bar": ACCENT}
HATCH = (
    '<defs><pattern id="h" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<path d="M0 0V5" stroke="{ACCENT}" stroke-width="2"/></pattern></defs>'
)


@dataclass(frozen=True)
class Bars:
    """Values side by side: years, months, steps. open_last: the last is not over and stands dashed."""

    title: str
    columns: tuple[Column, ...]
    open_last: bool = False


@dataclass(frozen=True)
class Target:
    """One target: its name, what is told of it (24／20批), its rate in percent, and whether it lags."""

    name: str
    told: str
    rate: Fraction | None
    rate_told: str
    lags: bool


@dataclass(frozen=True)
class Targets:
    """Targets against the pace of the year, in percent."""

    title: str
    pace: Fraction
    pace_told: str
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Part:
    """A part of a whole: its name, its value, and how that is written."""

    name: str
    value: int
    told: str


@dataclass(frozen=True)
class Shares:
    """What a whole is made of, a bar a part."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Flow:
    """Where something comes from (left) and what becomes of it (right): both sides add up to the same."""

    title: str
    sources: tuple[Part, ...]
    uses: tuple[Part, ...]


Chart = Bars | Targets | Shares | Flow


@dataclass(frozen=True)
class Picture:
    """A drawing: its SVG, its size in pixels at 96 to the inch, and its content in words for who cannot see it."""

    svg: str
    width: int
    height: int
    words: str


def draw(chart: Chart, width: int = 590) -> Picture:
    """The picture of a chart, so many pixels wide (590 is the text's width on A4)."""
    if isinstance(chart, Bars):
        return draw_bars(chart, width)
    if isinstance(chart, Targets):
        return draw_targets(chart, width)
    return draw_shares(chart, width) if isinstance(chart, Shares) else draw_flow(chart, width)


def picture(width: int, height: int, marks: Iterable[str], words: str) -> Picture:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img"'
        f' aria-label={quoteattr(words)} font-family="{FONTS}" font-size="12" fill="{INK}">'
    )
    return Picture(head + HATCH + "".join(marks) + "</svg>", width, height, words)


def text(x: str, y: str, told: str, anchor: str = "middle", colour: str = INK) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}">{escape(told)}</text>'


def rect(x: str, y: str, width: str, height: str, fill: str) -> str:
    edge = ' stroke-dasharray="4 2"' if fill == "#fff" else ""
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}" stroke="{ACCENT}"'
        f' stroke-width="0.8"{edge}/>'
    )


def listed(title: str, told: Iterable[str]) -> str:
    return f"{title}：{'；'.join(told)}" if title else "；".join(told)


# Bars ------------------------------------------------------------------------------------------------------------------


def draw_bars(chart: Bars, width: int, height: int = 172) -> Picture:
    drawn = columns(chart.columns, width, height)
    last = len(chart.columns) - 1
    centre = Fraction(last * width, last + 1) if chart.open_last else Fraction(width)
    marks = [
        rect(r.x, r.y, r.width, r.height, "#fff" if Fraction(r.x) >= centre else FILLS[r.kind]) for r in drawn.rects
    ]
    marks += [text(label.x, label.y, label.text) for label in drawn.labels]
    marks += [f'<path d="{tick}" stroke="{INK}" stroke-width="2"/>' for tick in drawn.ticks]
    marks.append(f'<path d="M0 {drawn.base}H{width}" stroke="{INK}"/>')
    return picture(width, height, marks, listed(chart.title, (f"{c.name} {c.text or '无'}" for c in chart.columns)))


# Targets ---------------------------------------------------------------------------------------------------------------

ROW, HEAD, NAME, TOLD, RATE = 28, 20, 150, 128, 60
"""Pixels: a row, the line above them, the columns of names, of what is told and of the rate."""


def draw_targets(chart: Targets, width: int) -> Picture:
    """Bars of 0–150 %, hatched where they lag, broken where they reach further; the number stays true."""
    span = width - NAME - TOLD - RATE
    height = HEAD + ROW * len(chart.targets) + 6
    pace, full = NAME + chart.pace * span / FULL, NAME + Fraction(100 * span, FULL)
    near = abs(full - pace) < 62  # the two words above would run into each other
    marks = [text(px(pace), "12", f"时序{chart.pace_told}", "end" if near and pace <= full else "middle")]
    marks.append(text(px(full + 4 if near else full), "12", "100%", "start" if near else "middle"))
    for at, target in enumerate(chart.targets):
        marks += target_marks(target, HEAD + at * ROW + 7, span, width)
    marks.append(f'<path d="M{px(pace)} {HEAD - 3}V{height}" stroke="{INK}" stroke-dasharray="3 2"/>')
    marks.append(f'<path d="M{px(full)} {HEAD - 3}V{height}" stroke="{INK}" stroke-width="0.6"/>')
    marks.append(f'<path d="M{NAME} {HEAD - 3}V{height}" stroke="{INK}"/>')
    words = listed(chart.title, (f"{t.name} {t.told}，完成率{t.rate_told}" for t in chart.targets))
    return picture(width, height, marks, words)


def target_marks(target: Target, y: int, span: int, width: int) -> list[str]:
    rate = max(target.rate or Fraction(0), Fraction(0))
    long = min(rate, Fraction(FULL)) * span / FULL
    base = str(y + 12)
    marks = [text(str(NAME - 8), base, cut(target.name, 11), "end")]
    if long:
        marks.append(rect(str(NAME), str(y), px(long), "16", "url(#h)" if target.lags else ACCENT))
    if rate > FULL:
        marks.append(
            f'<path d="M{px(NAME + span - 16)} {y - 3}l-7 22M{px(NAME + span - 9)} {y - 3}l-7 22" stroke="#fff"'
            ' stroke-width="2.5"/>'
        )
    marks.append(text(str(width - RATE), base, target.told, "end"))
    marks.append(text(str(width), base, target.rate_told, "end"))
    return marks


def cut(name: str, most: int) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


# Shares ----------------------------------------------------------------------------------------------------------------


def draw_shares(chart: Shares, width: int) -> Picture:
    span = width - NAME - TOLD
    largest = max((part.value for part in chart.parts), default=0) or 1
    height = ROW * len(chart.parts) + 6
    marks = []
    for at, part in enumerate(chart.parts):
        y = at * ROW + 6
        marks.append(text(str(NAME - 8), str(y + 12), cut(part.name, 11), "end"))
        if part.value > 0:
            marks.append(rect(str(NAME), str(y), px(Fraction(part.value * span, largest)), "16", ACCENT))
        marks.append(text(str(width), str(y + 12), part.told, "end"))
    marks.append(f'<path d="M{NAME} 0V{height}" stroke="{INK}"/>')
    return picture(width, height, marks, listed(chart.title, (f"{part.name} {part.told}" for part in chart.parts)))


# Flow ------------------------------------------------------------------------------------------------------------------

TALL, GAP, SIDE, EDGE = 150, 22, 128, 6
"""Pixels: all bands together, between two, the words beside them, the bar at a band's end."""


def draw_flow(chart: Flow, width: int) -> Picture:
    """Bands from the sources into one trunk and out of it to the uses, as thick as what they carry."""
    left = [part for part in chart.sources if part.value > 0]
    right = [part for part in chart.uses if part.value > 0]
    height = TALL + GAP * max(len(left) - 1, len(right) - 1, 0) + 24
    middle = Fraction(height - TALL, 2)
    marks = [rect(px(Fraction(width, 2) - 5), px(middle), "10", str(TALL), ACCENT)] if left or right else []
    marks += bands(left, height, middle, (SIDE, width // 2 - 5), SIDE - 8, "end")
    marks += bands(right, height, middle, (width - SIDE, width // 2 + 5), width - SIDE + 8, "start")
    told = [f"来源 {p.name} {p.told}" for p in left] + [f"去向 {p.name} {p.told}" for p in right]
    return picture(width, height, marks, listed(chart.title, told))


def bands(
    parts: Sequence[Part], height: int, middle: Fraction, ends: tuple[int, int], words: int, anchor: str
) -> list[str]:
    """One side's bands: each from its own place at the edge to its place in the trunk."""
    whole = sum(part.value for part in parts) or 1
    outer, inner = Fraction(height - TALL - GAP * (len(parts) - 1), 2), middle
    (start, end), half = ends, (ends[0] + ends[1]) // 2
    marks = []
    for part in parts:
        thick = Fraction(part.value * TALL, whole)
        a, b, c, d = px(outer), px(inner), px(inner + thick), px(outer + thick)
        marks.append(
            f'<path d="M{start} {a}C{half} {a} {half} {b} {end} {b}V{c}C{half} {c} {half} {d} {start} {d}Z"'
            f' fill="{PALE}" fill-opacity="0.6"/>'
        )
        bar = start if anchor == "end" else start - EDGE
        marks.append(rect(str(bar), a, str(EDGE), px(thick), ACCENT))
        y = outer + thick / 2
        marks.append(text(str(words), px(y - 1), part.name, anchor))
        marks.append(text(str(words), px(y + 14), part.told, anchor, GREY))
        outer, inner = outer + thick + GAP, inner + thick
    return marks
