"""What a text's numbers say of one another. Sentences and figures are invented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao.claims.reading import read
from lianqiao.claims.within import COUNTY, GROWTH, PART, SHARE, SUM, TWICE, Remark, remarks
from tests.claims.test_sayings import lines

OPEN = Path(__file__).resolve().parents[3] / "shared/claims/open.jsonl"


def found(text: str) -> list[Remark]:
    return remarks(text, read(text))


@pytest.mark.parametrize(
    ("text", "kind", "quotes"),
    [
        ("帮助就业200人，其中脱贫人口260人。", PART, ["200人", "260人"]),
        ("投入资金8000万元。其中财政资金9000万元。", PART, ["8000万元", "9000万元"]),
        ("转移就业494人，其中到东部24人、省内210人、就近370人。", SUM, ["494人", "24人", "210人", "370人"]),
        ("投入帮扶资金1.2亿元，其中财政资金1.12亿元、社会捐赠3200万元。", SUM, ["1.2亿元", "1.12亿元", "3200万元"]),
        ("今年安排资金50万元：治理20万元，助学15万元，医疗10万元。", SUM, ["50万元", "20万元", "15万元", "10万元"]),
        ("镇级资金20万元、村级资金30万元，合计60万元。", SUM, ["20万元", "30万元", "60万元"]),
        ("年产值由100万元增加到120万元，增长30%。", GROWTH, ["100万元", "120万元", "30%"]),
        ("贫困人口从8.2万人减少到2.1万人，下降65%。", GROWTH, ["8.2万人", "2.1万人", "65%"]),
        ("受益群众由500人扩大到1500人，是原来的2倍。", GROWTH, ["500人", "1500人", "2倍"]),
        ("投入资金10.2亿元，其中产业6.3亿元，占比50%。", SHARE, ["10.2亿元", "6.3亿元", "50%"]),
        ("财政资金17.58亿元，33个协作县县均5827万元。", COUNTY, ["17.58亿元", "33个", "5827万元"]),
        ("结对以来累计投入帮扶资金5.2亿元。会上说，结对以来累计投入帮扶资金6.4亿元。", TWICE, ["5.2亿元", "6.4亿元"]),
    ],
)
def test_a_contradiction_names_its_numbers(text: str, kind: str, quotes: list[str]) -> None:
    claims = read(text)
    (remark,) = remarks(text, claims)
    assert (remark.kind, [claims[n].quote for n in remark.claims]) == (kind, quotes)


@pytest.mark.parametrize(
    "text",
    [
        "帮助就业200人，其中脱贫人口160人。",
        "转移就业494人，其中到东部24人、省内210人、就近260人。",
        "转移就业494人，其中到东部24人、就近260人。",
        "投入帮扶资金1.2亿元，其中财政资金9000万元、社会捐赠3000万元。",
        "今年安排资金50万元：治理20万元，助学15万元，医疗15万元。",
        "今年安排资金50万元：治理20万元，助学15万元等。",
        "镇级资金20万元、村级资金30万元，合计50万元。",
        "去年投入资金20万元，今年投入资金30万元，五年累计500万元。",
        "除镇级200万、村级30万资金，今年再加30万：治理10万元，助学15万元，医疗5万元，总计260万元。",
        "年产值由100万元增加到120万元，增长20%。",
        "年产值由1.01亿元增加到1.22亿元，增长20.5%。",
        "贫困人口从8万人减少到2万人，下降75%。",
        "受益群众由500人扩大到1500人，是原来的3倍。",
        "投入资金10亿元，其中产业6亿元，占比60%。",
        "投入资金超10亿元，其中产业近7亿元，占比60%以上。",
        "财政资金17.58亿元，33个协作县县均5327万元。",
        "投入资金3亿元，其中项目50个。",
        "结对以来累计投入帮扶资金5亿元。会上说，结对以来累计投入帮扶资金超5亿元。",
        "结对以来累计投入帮扶资金1.14亿元。结对以来累计投入帮扶资金1.1亿元。",
        "甲县累计投入帮扶资金5亿元。乙县累计投入帮扶资金6亿元。",
        "2022年实施项目5个，2023年实施项目9个。",
    ],
)
def test_what_can_be_reconciled_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_no_false_alarm_in_our_own_passages() -> None:
    assert [found(text) for text, _ in lines("passages.txt") if found(text)] == []


@pytest.mark.skipif(not OPEN.is_file(), reason=f"no {OPEN}: the passages are no part of the product")
def test_no_false_alarm_in_the_labelled_passages() -> None:
    texts = [json.loads(line)["text"] for line in OPEN.read_text(encoding="utf-8").splitlines()]
    assert [found(text) for text in texts if found(text)] == []


WORDS = st.sampled_from(
    [
        *"0123456789,，。；：、\n ",
        "其中",
        "合计",
        "由",
        "增加到",
        "增长",
        "占",
        "万元",
        "人",
        "%",
        "县均",
        "个县",
        "就业",
    ]
)


@given(st.lists(WORDS, max_size=80).map("".join))
def test_remarks_are_of_the_texts_claims(text: str) -> None:
    claims = read(text)
    assert all(0 <= n < len(claims) for remark in remarks(text, claims) for n in remark.claims)
