"""The drawings of documents: they stand alone, show every value, and stay within their frame."""

from __future__ import annotations

import re
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao.charts.drawing import Bars, Chart, Flow, Part, Shares, Target, Targets, draw
from lianqiao.charts.geometry import Column
from lianqiao.charts.pictures import png

PARTS = (Part("省级财政", 500, "500万元"), Part("捐款<物>", 200, "200万元"))
CHARTS: dict[str, Chart] = {
    "bars": Bars("互访", (Column("2020", "18", (18,)), Column("2021", "24", (24,))), open_last=True),
    "targets": Targets("目标", Fraction(78), "78.0%", (Target("互访", "24／20批", Fraction(385), "385.0%", False),)),
    "shares": Shares("构成", PARTS),
    "flow": Flow("流向", PARTS, (Part("已支付", 700, "700万元"),)),
}


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_a_drawing_stands_alone_and_tells_its_values_in_words(chart: Chart) -> None:
    drawn = draw(chart)
    root = ElementTree.fromstring(drawn.svg)
    shown = "".join(root.itertext())
    assert root.get("aria-label") == drawn.words
    assert not re.search(r"href|style=|class=|<script|url\((?!#h)", drawn.svg)
    assert all(value in drawn.words for value in re.findall(r"\d+万元|385\.0%", shown))


def test_what_is_not_over_stands_dashed() -> None:
    drawn = draw(CHARTS["bars"])
    assert drawn.svg.count('stroke-dasharray="4 2"') == 1


def test_only_what_lags_is_hatched_and_only_what_reaches_too_far_is_broken() -> None:
    lagging = Target("就业", "2／4人", Fraction(50), "50.0%", True)
    drawn = draw(Targets("", Fraction(78), "78%", (lagging,))).svg
    assert 'fill="url(#h)"' in drawn
    assert "l-7 22" not in drawn
    assert "l-7 22" in draw(CHARTS["targets"]).svg


def test_pictures_are_made_in_one_run_at_the_size_of_the_drawings() -> None:
    made = png([draw(chart) for chart in CHARTS.values()])
    assert [one[:8] for one in made] == [b"\x89PNG\r\n\x1a\n"] * 4
    assert png([]) == []


@given(st.lists(st.integers(1, 10**15), min_size=1, max_size=8), st.integers(250, 900))
def test_the_bands_of_a_flow_stay_in_the_picture(values: list[int], width: int) -> None:
    parts = tuple(Part(str(n), value, "") for n, value in enumerate(values))
    drawn = draw(Flow("", parts, (Part("用", sum(values), ""),)), width)
    bands = re.findall(r'd="(M[^"]*C[^"]*)"', drawn.svg)
    ends = [float(y) for band in bands for y in re.findall(r"[MC ]\d+ (-?\d+(?:\.\d)?)", band)]
    assert ends
    assert all(-0.2 <= y <= drawn.height + 0.2 for y in ends)
