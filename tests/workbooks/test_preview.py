"""What an import would do, seen before it is done; and that looking does nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from lianqiao.agreements.models import Pairing
from lianqiao.fields.exchange.models import Visit
from lianqiao.fields.funds.models import Receipt
from lianqiao.fields.talent.models import Secondment
from lianqiao.ledger import acts
from lianqiao.ledger.columns import Column, Problem
from lianqiao.ledger.history import Difference
from lianqiao.ledger.models import Entry
from lianqiao.workbooks.commit import bring_in
from lianqiao.workbooks.preview import Preview, preview
from lianqiao.workbooks.suggesting import suggestion
from tests.cli.books import DAY, ID_NUMBER, book, posting_of, trip, twinning
from tests.workbooks.test_commit import state
from tests.world import World, approved, visit

pytestmark = pytest.mark.data
LEVEL = Column("level", "层级", "choice", choices=("省级", "市级", "县级", "镇村级", "部门"))


def look(world: World, path: Path, model: type[Entry] = Visit, **more: Any) -> Preview:
    """Previews as the county's filler; nothing is written."""
    before = state()
    told = preview(model, path, world.jingjiang, **more)
    assert state() == before
    return told


def test_each_row_is_told(world: World, tmp_path: Path) -> None:
    (old,) = approved(world, visit(world.county))
    kept = bring_in(Visit, book(tmp_path / "a.xlsx", trip()), world.jingjiang).written
    changed = trip(事由="对接产业协作", 带队领导="示例", 人数=8, 编号=old.number)
    rows = trip(), trip(事由="示例之二"), trip(事由="示例之三", 人数="约10"), changed, {"日期": "注：示例"}
    told = look(world, book(tmp_path / "b.xlsx", *rows))
    assert (told.rows, told.new, told.unchanged, told.refused_rows) == (6, 1, kept, 1)
    assert [(c.row, c.number, c.differences) for c in told.changed] == [
        (5, old.number, (Difference("人数", "6", "8"),))
    ]
    assert [(i.row, i.why) for i in told.ignored] == [(1, "header"), (6, "note")]


def test_a_refused_cell_is_told_with_its_heading_and_what_it_plainly_means(world: World, tmp_path: Path) -> None:
    (bad,) = look(world, book(tmp_path / "a.xlsx", trip(层级="县处级"))).refused
    assert (bad.sheet, bad.row, bad.cell, bad.heading, bad.value, bad.suggestion) == (
        *("台账", 2, "G2", "层级", "县处级", "县级"),
    )


def test_a_row_of_the_same_key_is_shown_as_a_change(world: World, tmp_path: Path) -> None:
    bring_in(Visit, book(tmp_path / "a.xlsx", trip()), world.jingjiang, approver=world.yongshou)
    told = look(world, book(tmp_path / "b.xlsx", trip(人数=12)))
    assert [d for c in told.changed for d in c.differences] == [Difference("人数", "9", "12")]


def test_what_looks_like_a_double_count_along_the_tree_is_shown(world: World, tmp_path: Path) -> None:
    (below,) = approved(world, visit(world.town, purpose="示例对接", leader="示例领队"))
    (twin,) = look(world, book(tmp_path / "a.xlsx", trip())).twins
    assert (twin.sheet, twin.row) == ("台账", 2)
    assert below.number in twin.others[0]
    assert "已审核" in twin.others[0]


def test_a_declared_total_that_is_not_the_sum_is_a_warning_with_both_numbers(world: World, tmp_path: Path) -> None:
    rows = trip(), trip(事由="示例之二"), {"日期": "合计", "人数": 20}
    told = look(world, book(tmp_path / "a.xlsx", *rows))
    (warning,) = told.warnings
    assert (warning.cell, warning.heading, told.refused, told.new) == ("E4", "人数", [], 2)
    assert "20" in warning.message
    assert "18" in warning.message


@pytest.mark.parametrize("total", [18, None])
def test_a_declared_total_that_is_the_sum_is_no_warning(world: World, tmp_path: Path, total: int | None) -> None:
    told = look(world, book(tmp_path / "a.xlsx", trip(), trip(事由="示例之二"), {"日期": "合计", "人数": total}))
    assert told.warnings == []


def test_sums_of_parts_are_sums_too(world: World, tmp_path: Path) -> None:
    part = (
        [trip(事由="示例一"), {"日期": "小计", "人数": 9}],
        [trip(事由="示例二", 人数=4), {"日期": "合计", "人数": 4}],
    )
    assert look(world, book(tmp_path / "a.xlsx", *part[0], *part[1])).warnings == []


def test_a_total_of_money_is_told_in_yuan(world: World, tmp_path: Path) -> None:
    row = {"到账日期": DAY, "来源": "县级财政", "金额(万元)": 1.5, "结对关系": "靖江-永寿"}
    told = look(world, book(tmp_path / "a.xlsx", row, {"到账日期": "合计", "金额(万元)": 2}), Receipt)
    assert told.warnings[0].value == "20,000.00 元"
    assert "15,000.00 元" in told.warnings[0].message


def test_columns_that_are_not_ours_are_named(world: World, tmp_path: Path) -> None:
    told = look(world, book(tmp_path / "a.xlsx", trip(联系电话="示例", 陪同人员="示例")))
    assert [(u.sheet, u.cell, u.heading) for u in told.unknown] == [
        ("台账", "G1", "联系电话"),
        ("台账", "H1", "陪同人员"),
    ]


def test_pairings_that_name_each_other_are_seen_without_being_made(world: World, tmp_path: Path) -> None:
    below = twinning(东部方="示例东村", 西部方="示例西村", 层级="村村", 上级结对="生祠-甘井")
    before = state()
    told = preview(Pairing, book(tmp_path / "a.xlsx", twinning(), below, twinning(上级结对="没有-这个")), world.admin)
    assert (told.new, told.refused_rows) == (2, 1)
    assert state() == before


def test_a_file_that_cannot_be_read_is_an_error(world: World, tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"PK")
    assert look(world, tmp_path / "坏.xlsx").error


def test_an_id_number_is_told_nowhere(world: World, tmp_path: Path) -> None:
    (row,) = acts.create([Secondment(node=world.county, name="示例乙", direction="东部派往西部", category="教育", host_org="永寿县中学",
                                     start=posting_of()["起始日期"])], world.jingjiang)  # fmt: skip
    acts.approve([row], world.yongshou)
    told = look(world, book(tmp_path / "a.xlsx", posting_of(编号=row.number)), Secondment)
    assert "身份证号" in {d.heading for c in told.changed for d in c.differences}
    assert ID_NUMBER not in json.dumps(told.as_json(), ensure_ascii=False)


def test_a_preview_is_json(world: World, tmp_path: Path) -> None:
    told = look(world, book(tmp_path / "a.xlsx", trip(人数="约10", 陪同="示例")))
    assert json.loads(json.dumps(told.as_json()))["refused"][0]["cell"] == "E2"


def test_who_may_not_fill_in_learns_nothing(world: World, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", trip())
    with pytest.raises(Http404):
        preview(Visit, path, world.stranger)
    with pytest.raises(PermissionDenied):
        preview(Visit, path, world.auditor)


# Suggestions ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("县处级", "县级"), ("县 级领导", "县级"), ("市县级", ""), ("级", ""), ("非县级", ""), ("部门间", "部门"), ("国家级", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_choice_is_suggested_where_only_one_is_meant(value: str, meant: str) -> None:
    assert suggestion(Problem("level", "bad_choice", "", value=value), LEVEL) == meant


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("2021年10月12", "2021-10-12"), ("2021、10、12", "2021-10-12"), ("2021-10.12", "2021-10-12"), ("2021-13-01", ""),
        ("10/12/2021", ""), ("2021年10-12月", ""), ("2021年10月中旬", ""), ("21-10-12", ""), ("2021-2-30日", ""),
    ],
)  # fmt: skip
def test_a_day_is_suggested_where_only_one_is_meant(value: str, meant: str) -> None:
    assert suggestion(Problem("on", "bad_date", "", value=value), Column("on", "日期", "date")) == meant


@pytest.mark.parametrize(
    ("value", "meant"), [("12位", "12"), ("约30", ""), ("30余人", ""), ("１２,0", ""), ("12-15人", "")]
)
def test_a_number_is_suggested_where_only_one_is_meant(value: str, meant: str) -> None:
    assert suggestion(Problem("people", "bad_number", "", value=value), Column("people", "人数", "int")) == meant
