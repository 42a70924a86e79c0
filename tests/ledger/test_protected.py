"""Values that stand encrypted in the database, are found by a keyed hash, and are shown masked."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqiao.ledger.protected import found_by, masked, person, protect, reveal, subject

ID = "990000198001010017"
VALUES = st.text(st.characters(exclude_characters="*", exclude_categories=["Cs"]), min_size=1, max_size=40)


@given(VALUES, st.sampled_from(["id", "phone"]))
def test_what_is_protected_can_be_revealed(value: str, kind: str) -> None:
    assert reveal(protect(value, kind), kind) == value


@given(VALUES, st.sampled_from(["id", "phone"]))
def test_most_of_a_value_stays_hidden(value: str, kind: str) -> None:
    shown = masked(protect(value, kind), kind)
    assert len(shown) == len(value)
    assert sum(character != "*" for character in shown) * 2 <= len(value)


def test_the_same_value_is_never_sealed_twice_alike() -> None:
    assert protect(ID) != protect(ID)


def test_equal_values_are_found_by_the_same_hash() -> None:
    assert found_by(protect(ID)) == found_by(protect(ID)) != found_by(protect(ID[:-1] + "X"))


def test_an_id_and_a_telephone_of_the_same_digits_are_not_the_same() -> None:
    assert found_by(protect(ID, "id")) != found_by(protect(ID, "phone"))


def test_an_id_number_shows_its_place_and_its_end() -> None:
    assert masked(protect(ID)) == "990000**********17"


def test_a_telephone_shows_its_end_alone() -> None:
    assert masked(protect("13800000042", "phone"), "phone") == "*********42"


@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_is_masked_as_nothing(nothing: str | None) -> None:
    assert masked(nothing) == ""


def test_a_damaged_token_is_not_revealed() -> None:
    head, _, cipher = protect(ID).partition(".")
    raw = bytearray(base64.urlsafe_b64decode(cipher))
    raw[-1] ^= 1
    with pytest.raises(ValueError, match="密文被改动"):
        reveal(f"{head}.{base64.urlsafe_b64encode(bytes(raw)).decode()}")


def test_a_token_is_not_revealed_as_another_kind() -> None:
    with pytest.raises(ValueError, match="密文被改动"):
        reveal(protect(ID, "id"), "phone")


def test_a_person_is_the_same_by_id_number_whatever_name_and_unit() -> None:
    assert person(protect(ID), "示例甲", "甲单位") == person(protect(ID), "示例乙", "乙单位")


def test_without_an_id_number_a_person_is_name_and_unit() -> None:
    assert person(None, "示例甲", "甲单位") == person(None, "示例甲", "甲单位")
    assert (
        len({person(None, "示例甲", "甲单位"), person(None, "示例甲", "乙单位"), person(None, "示例乙", "甲单位")}) == 3
    )


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_subject_fits_a_database_integer(one: str, other: str) -> None:
    assert -(2**63) <= subject("示例", one, other) < 2**63
