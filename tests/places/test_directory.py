"""Places by code, by name and by path, and the names of pairings."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianqiao.places import directory
from lianqiao.places.names import pairing_key, short

YONGSHOU, XIANYANG, SHAANXI = "610426000000", "610400000000", "610000000000"


def names(found: list[directory.PlaceRecord]) -> list[str]:
    return [record.name for record in found]


def test_a_place_is_found_by_its_code() -> None:
    assert directory.place(YONGSHOU) == directory.PlaceRecord(YONGSHOU, "永寿县", "县级", XIANYANG)


def test_an_unknown_code_is_no_place() -> None:
    assert directory.place("999999000000") is None


def test_the_ancestors_of_a_town_run_from_the_province_to_the_county() -> None:
    assert names(directory.ancestors("610426001000")) == ["陕西省", "咸阳市", "永寿县"]


def test_a_province_has_no_ancestors() -> None:
    assert directory.ancestors(SHAANXI) == []


def test_an_unknown_code_has_no_ancestors() -> None:
    assert directory.ancestors("no such code") == []


def test_a_district_of_a_municipality_stands_directly_under_it() -> None:
    assert names(directory.ancestors("110101000000")) == ["北京市"]


def test_a_county_without_a_city_stands_directly_under_the_province() -> None:
    assert names(directory.ancestors("419001000000")) == ["河南省"]


def test_a_full_name_is_found() -> None:
    assert [r.code for r in directory.find("靖江市")] == ["321282000000"]


def test_a_short_name_finds_the_county_before_a_town() -> None:
    assert names(directory.find("永寿")) == ["永寿县", "永寿镇"]


def test_a_full_name_beats_a_short_one() -> None:
    assert {r.level for r in directory.find("吉林省")} == {"省级"}


def test_within_keeps_to_one_place() -> None:
    assert names(directory.find("朝阳区", within="110000000000")) == ["朝阳区"]
    assert len(directory.find("朝阳区")) == 2


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("陕西省咸阳市永寿县", YONGSHOU),
        ("陕西省永寿县", YONGSHOU),
        ("咸阳永寿", YONGSHOU),
        ("陕西 咸阳 永寿", YONGSHOU),
        ("永寿县监军街道", "610426001000"),
        ("陕西省咸阳市永寿县监军街道", "610426001000"),
        ("北京市东城区", "110101000000"),
        ("河南济源", "419001000000"),
    ],
)
def test_a_path_is_read_down_the_tree(path: str, code: str) -> None:
    assert [r.code for r in directory.find(path)] == [code]


@pytest.mark.parametrize("name", ["", " ", "没有这个地方", "江苏省永寿县", "永寿县陕西省"])
def test_what_names_no_place_finds_nothing(name: str) -> None:
    assert directory.find(name) == []


def test_an_abolished_town_is_kept_and_flagged() -> None:
    (town,) = directory.find("窦家镇", within=YONGSHOU)
    assert town.abolished
    assert town.name == "窦家镇"


def test_no_mark_of_abolition_is_left_in_a_name() -> None:
    towns = [r for code in ("330702207000", "511083106000") if (r := directory.place(code))]
    assert [(r.name, r.abolished) for r in towns] == [("岭上乡", True), ("迎祥镇", True)]


def test_an_existing_place_comes_before_an_abolished_one() -> None:
    flags = [r.abolished for r in directory.find("双城镇")]
    assert True in flags
    assert flags == sorted(flags)


def test_nothing_is_read_at_import_and_none_of_the_package_s_code_runs() -> None:
    probe = (
        "import sys, lianqiao.places.directory as d; before = d._records.cache_info().currsize;"
        "d.find('靖江'); print(before, d._records.cache_info().currsize, 'engine' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", probe], text=True).split() == ["0", "1", "False"]


@pytest.mark.parametrize(
    ("name", "brief"),
    [
        ("靖江市", "靖江"),
        ("永寿县", "永寿"),
        ("监军街道", "监军"),
        ("乾县", "乾县"),
        ("碑林区", "碑林"),
        ("万柏林区", "万柏林"),
        ("浦东新区", "浦东"),
        ("神农架林区", "神农架"),
        ("清新区", "清新"),
        ("景德镇市", "景德镇"),
        ("景德镇", "景德镇"),
        ("内蒙古自治区", "内蒙古"),
        ("恩施土家族苗族自治州", "恩施"),
        ("伊犁哈萨克自治州", "伊犁"),
        ("长白朝鲜族自治县", "长白"),
        ("东乡族自治县", "东乡"),
        ("得力其尔鄂温克民族乡", "得力其尔"),
        ("黄泥彝族苗族满族乡", "黄泥"),
        ("胡族铺镇", "胡族铺"),
        ("香港特别行政区", "香港"),
        ("靖江", "靖江"),
    ],
)
def test_the_word_for_the_kind_goes(name: str, brief: str) -> None:
    assert short(name) == brief


def test_shortening_a_county_or_a_city_again_changes_nothing() -> None:
    counties = [record for code, record in directory._records().items() if code.endswith("000000")]
    assert len(counties) > 3000
    assert [r.name for r in counties if short(short(r.name)) != short(r.name)] == []


@settings(derandomize=True)
@given(st.text("靖江永寿市县区镇乡族自治回", max_size=8))
def test_a_short_name_begins_the_name_and_has_at_least_two_characters(name: str) -> None:
    assert name.startswith(short(name))
    assert len(short(name)) >= min(2, len(name))


@pytest.mark.parametrize(
    "text",
    [
        "靖江-永寿",
        "靖江市—永寿县",
        "靖江－永寿",
        "靖江与永寿",
        "靖江—永寿",
        "靖江——永寿",
        "靖江市 - 永寿县",
        " 靖江–永寿 ",
    ],
)
def test_a_pairing_is_read_into_two_short_names(text: str) -> None:
    assert pairing_key(text) == ("靖江", "永寿")


@pytest.mark.parametrize("text", ["", "靖江", "靖江-", "-永寿", "靖江-永寿-乾县", "靖江永寿"])
def test_what_is_not_two_places_is_no_pairing(text: str) -> None:
    assert pairing_key(text) is None
