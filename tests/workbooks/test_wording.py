"""What an office calls things, said once and remembered for its own imports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lianqiao.fields.exchange.models import Visit
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.registry import sheet_form
from lianqiao.people.models import Grant, User
from lianqiao.workbooks import wording
from lianqiao.workbooks.commit import Outcome, bring_in
from lianqiao.workbooks.models import Wording
from lianqiao.workbooks.preview import preview
from lianqiao.workbooks.reading import read
from tests.cli.books import DAY, book, trip
from tests.world import World, person

pytestmark = pytest.mark.data


def theirs(**more: Any) -> dict[str, Any]:
    """A row under headings of their own."""
    told = {
        "出访那天": DAY,
        "方向": "东部赴西部",
        "事由": "示例对接",
        "带队领导": "示例领队",
        "人数": 9,
        "结对关系": "靖江-永寿",
    }
    return told | more


def said(*headings: str, words: tuple[str, ...] = ()) -> list[wording.Said]:
    return [*(wording.heading(h, Visit) for h in headings), *(wording.word(w, Visit) for w in words)]


def bring(by: User, path: Path, *told: wording.Said) -> Outcome:
    return bring_in(Visit, path, by, said=told)


def test_a_heading_said_once_is_remembered(world: World, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", theirs())
    assert bring(world.jingjiang, path).refused
    assert bring(world.jingjiang, path, *said("出访那天=日期")).written == ["HF-2021-0001"]
    assert bring(world.jingjiang, book(tmp_path / "b.xlsx", theirs(事由="示例之二"))).written == ["HF-2021-0002"]


def test_a_word_said_once_is_remembered(world: World, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", trip(层级="县处级"))
    assert bring(world.jingjiang, path).refused
    bring(world.jingjiang, path, *said(words=("层级:县处级=县级",)))
    assert Visit.objects.get().level == "县级"
    assert bring(world.jingjiang, book(tmp_path / "b.xlsx", trip(层级="县 处级", 事由="示例之二"))).refused == []


def test_another_office_is_not_read_by_it(world: World, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", theirs(层级="县处级"))
    bring(world.jingjiang, path, *said("出访那天=日期", words=("层级:县处级=县级",)))
    other = person("other", Grant.Role.FILLER, world.county)
    assert bring(other, book(tmp_path / "b.xlsx", theirs(事由="示例之二"))).refused


def test_people_of_one_office_share_it(world: World, tmp_path: Path) -> None:
    other = person("other", Grant.Role.FILLER, world.county)
    User.objects.filter(pk__in=[other.pk, world.jingjiang.pk]).update(office="示例办公室")
    one, two = User.objects.get(pk=world.jingjiang.pk), User.objects.get(pk=other.pk)
    bring(one, book(tmp_path / "a.xlsx", theirs()), *said("出访那天=日期"))
    assert bring(two, book(tmp_path / "b.xlsx", theirs(事由="示例之二"))).refused == []


def test_a_dry_run_knows_nothing_of_it(world: World, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", theirs())
    bring(world.jingjiang, path, *said("出访那天=日期"))
    assert read(path, sheet_form(Visit)).refused


def test_a_preview_reads_by_it_and_remembers_nothing(world: World, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", theirs())
    assert preview(Visit, path, world.jingjiang, said=said("出访那天=日期")).new == 1
    assert Wording.objects.count() == 0


def test_what_wrote_nothing_is_not_remembered(world: World, tmp_path: Path) -> None:
    bring(world.jingjiang, book(tmp_path / "a.xlsx", theirs(人数="约10")), *said("出访那天=日期"))
    assert Wording.objects.count() == 0


def test_our_own_heading_comes_before_a_remembered_one(world: World, tmp_path: Path) -> None:
    bring(world.jingjiang, book(tmp_path / "a.xlsx", theirs()), *said("出访那天=日期"))
    outcome = bring(world.jingjiang, book(tmp_path / "b.xlsx", trip(事由="示例之二") | {"出访那天": "不是日期"}))
    assert outcome.refused == []
    assert Visit.objects.get(purpose="示例之二").occurred_on == DAY


def test_two_headings_remembered_as_one_column_are_refused_in_one_file(world: World, tmp_path: Path) -> None:
    bring(world.jingjiang, book(tmp_path / "a.xlsx", theirs()), *said("出访那天=日期"))
    row = {"出访那天": DAY, "动身那天": DAY} | {k: v for k, v in theirs().items() if k != "出访那天"}
    outcome = bring(world.jingjiang, book(tmp_path / "b.xlsx", row), *said("动身那天=日期"))
    assert outcome.error is not None
    assert "出访那天" in outcome.error
    assert "动身那天" in outcome.error


def test_what_is_said_anew_takes_the_place_of_what_was_said(world: World, tmp_path: Path) -> None:
    bring(world.jingjiang, book(tmp_path / "a.xlsx", trip(层级="县处级")), *said(words=("层级:县处级=县级",)))
    bring(
        world.jingjiang,
        book(tmp_path / "b.xlsx", trip(层级="县处级", 事由="示例之二")),
        *said(words=("层级:县处级=市级",)),
    )
    assert [w.choice for w in wording.remembered(world.jingjiang)] == ["市级"]


def test_it_is_forgotten_by_its_own_office_alone(world: World, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", theirs())
    bring(world.jingjiang, path, *said("出访那天=日期"))
    (kept,) = wording.remembered(world.jingjiang)
    with pytest.raises(Refused):
        wording.forget(kept.pk, world.yongshou)
    wording.forget(kept.pk, world.jingjiang)
    assert wording.remembered(world.jingjiang) == []
    assert bring(world.jingjiang, book(tmp_path / "b.xlsx", theirs(事由="示例之二"))).refused


@pytest.mark.parametrize("text", ["出访那天", "=日期", "出访那天=没有这列", "人数=日期", "日期=日期", "(备注)=日期"])
def test_a_heading_that_cannot_be_remembered_is_refused(world: World, text: str) -> None:
    with pytest.raises(Refused):
        wording.heading(text, Visit)


@pytest.mark.parametrize(
    "text",
    ["层级=县级", "层级:县处级", "层级:县处级=乡级", "层级:市级=县级", "事由:甲=乙", "没有:甲=县级", "层级:=县级"],
)
def test_a_word_that_cannot_be_remembered_is_refused(world: World, text: str) -> None:
    with pytest.raises(Refused):
        wording.word(text, Visit)


def test_our_column_may_be_named_by_its_code(world: World) -> None:
    assert wording.heading("出访那天=occurred_on", Visit) == wording.Said("occurred_on", "出访那天")
