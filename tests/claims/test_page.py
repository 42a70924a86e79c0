"""The words around a number. Sentences are invented."""

from hypothesis import given
from hypothesis import strategies as st

from lianqiao.claims.page import Page
from lianqiao.claims.quantities import fold, quantities

TEXT = "甲地通报。据悉,培训教师、医生3,071人次,覆盖9个镇;投入5万元。"


def page(text: str) -> Page:
    return Page(fold(text), list(quantities(fold(text))))


def test_phrases_end_at_any_punctuation_and_at_the_next_number() -> None:
    around = page(TEXT).around(0)
    assert (around.before, around.after) == ("医生", "")
    around = page(TEXT).around(1)
    assert (around.before, around.after) == ("覆盖", "镇")


def test_clauses_end_at_commas_but_not_at_those_inside_numbers() -> None:
    around = page(TEXT).around(0)
    assert (around.clause_before, around.clause_after) == ("培训教师、医生", "")
    assert page(TEXT).around(1).earlier == ("培训教师、医生3,071人次,", "据悉,")


def test_sentences_end_at_semicolons_and_statements_at_full_stops() -> None:
    first, last = page(TEXT).around(0), page(TEXT).around(2)
    assert (first.lead, first.following) == ("据悉,培训教师、医生", ",覆盖9个镇")
    assert (last.lead, last.following) == ("投入", "")
    assert first.statement == last.statement == TEXT.index("据悉")
    assert last.sentence == TEXT.index("投入")


def test_text_without_punctuation_is_looked_at_in_bounds() -> None:
    around = page("甲" * 1000 + "3个" + "乙" * 1000).around(0)
    assert (len(around.lead), len(around.following)) == (160, 160)


@given(st.text(alphabet="甲3个万元,，、;。:()（）“”\n ", max_size=120))
def test_what_is_around_stands_next_to_the_number(text: str) -> None:
    cut = page(text)
    for index, number in enumerate(cut.claimed):
        around = cut.around(index)
        for words in (around.before, around.clause_before, around.lead):
            assert cut.text[: number.start].endswith(words)
        for words in (around.after, around.clause_after, around.following):
            assert cut.text[number.end :].startswith(words)
        assert around.statement <= around.sentence <= around.clause <= number.start
