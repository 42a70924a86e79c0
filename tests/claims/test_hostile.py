"""No text raises, and none takes more than its share: random text and bytes, nested pages, runs hostile to patterns."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianqiao.claims.documents import Unreadable, text_of
from lianqiao.claims.reading import read
from lianqiao.claims.within import remarks
from tests.claims.test_reading import calls

WORDS = """
其中 分别 合计 由 从 增加到 增长 占 县均 累计 今年 2023年 一家 （ ） ( ) “ ” 《 》 〔 〕 、 ， 。 ； ： 1 12.5 3,071 三 十 百 万 亿 余 多
近 超 约 元 人 人次 户 个 家 % 倍 千瓦 公里 亩 项目 资金 就业 培训 企业 村 县 结对 挂职 干部 捐 车间 0 ．５ 分之 第 至 - ~ ０
"""
FIELD = st.sampled_from([*WORDS.split(), "\n", " ", "\u3000", "\xa0"])


@given(st.lists(FIELD, max_size=150).map("".join))
def test_any_words_of_the_field_are_read_and_held_against_one_another(text: str) -> None:
    claims = read(text)
    assert [text[c.start : c.end] for c in claims] == [c.quote for c in claims]
    assert all(set(remark.claims) <= set(range(len(claims))) for remark in remarks(text, claims))


@given(st.binary(max_size=300), st.sampled_from([".txt", ".html", ".docx", ".pdf"]))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str) -> None:
    path = tmp_path_factory.mktemp("bytes") / f"稿{suffix}"
    path.write_bytes(data)
    with contextlib.suppress(Unreadable):
        assert isinstance(read(text_of(path).text), list)


PIECES = [
    "其中3人",
    "合计3人、",
    "由3人增加到4人，增长5%。",
    "一家公司",
    "（",
    "(人",
    "县均3元",
    "3个村",
    "十二三四",
    "1~",
    "截至",
    "，2021年",
    "捐",
    "分别3个、",
    "分别3个、4个、5个、6个",
]


@pytest.mark.parametrize("piece", PIECES)
def test_twice_the_text_is_twice_the_work(piece: str) -> None:
    def work(times: int) -> None:
        text = piece * times
        remarks(text, read(text))

    once, twice = calls(lambda: work(150)), calls(lambda: work(300))
    assert twice < 2.5 * once


@pytest.mark.parametrize(
    "opening", ["<div>", "<article>", "<a href='x'>", "<table><tr><td>", "<script>", "<!--", "&#x"]
)
def test_pages_nested_deeply_are_read_in_line(tmp_path: Path, opening: str) -> None:
    path = tmp_path / "稿.html"

    def work(times: int) -> None:
        path.write_text(opening * times + "实施项目3个", encoding="utf-8")
        text_of(path)

    once, twice = calls(lambda: work(500)), calls(lambda: work(1_000))
    assert twice < 2.5 * once
