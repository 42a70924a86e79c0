"""From a filled-in workbook to entries: all of it or nothing, and every refusal with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from lianqiao.agreements.models import Agreement, Meeting, Organisation, Pairing, Target
from lianqiao.fields.exchange.models import Visit
from lianqiao.fields.funds.models import Receipt
from lianqiao.fields.talent.models import Secondment
from lianqiao.journal.models import Balance, Posting, Transaction, Voucher
from lianqiao.ledger import acts, evidence
from lianqiao.ledger.columns import Problem
from lianqiao.ledger.models import Change, Counter, Entry, State
from lianqiao.ledger.protected import masked
from lianqiao.people.models import Grant, User
from lianqiao.places.models import Node
from lianqiao.workbooks.commit import Outcome, Stage, bring_in
from tests.cli.books import DAY, ID_NUMBER, book, posting_of, trip, twinning
from tests.world import World, approved, fresh, person, value, visit

pytestmark = pytest.mark.data
CHINESE = re.compile("[\u4e00-\u9fff]")
TABLES: tuple[Any, ...] = (
    *(Visit, Secondment, Pairing, Meeting, Agreement, Target, Organisation, Receipt),
    *(Node, Change, Counter, Transaction, Posting, Voucher, Balance),
)


def state() -> dict[str, Any]:
    """How much of everything there is: rows of each table, the last numbers given, and the files kept."""
    rows = {table.__name__: table._base_manager.count() for table in TABLES}
    numbers = dict(Counter.objects.values_list("series", "last"))
    return {**rows, "numbers": numbers, "files": files_kept()}


def files_kept() -> int:
    return sum(1 for file in Path(settings.EVIDENCE_DIR).rglob("*") if file.is_file())


def bring(world: World, path: Path, model: type[Entry] = Visit, **more: Any) -> Outcome:
    """Imports as the county's filler."""
    return bring_in(model, path, world.jingjiang, **more)


def passed(world: World, path: Path, model: type[Entry] = Visit, **more: Any) -> Outcome:
    """Imports as the county's filler and passes it as the county's reviewer."""
    return bring(world, path, model, approver=world.yongshou, **more)


def only(problems: Sequence[Problem]) -> Problem:
    """The one refusal, which says in Chinese what is wrong."""
    assert len(problems) == 1, problems
    assert CHINESE.search(problems[0].message)
    return problems[0]


def counted(outcome: Outcome) -> int:
    """How many rows of the file the outcome tells of."""
    done = len(outcome.written) + len(outcome.revised) + len(outcome.unchanged)
    return done + outcome.refused_rows + outcome.held_back + len(outcome.ignored)


def place(problem: Problem) -> tuple[str, int, str | None]:
    return problem.sheet, problem.row, problem.cell


# A good workbook ------------------------------------------------------------------------------------------------------


def test_a_good_workbook_becomes_submitted_entries(world: World, tmp_path: Path) -> None:
    outcome = bring(world, book(tmp_path / "互访.xlsx", trip(), trip(人数=4, 事由="示例回访")))
    rows = list(Visit.objects.order_by("number"))
    assert [(r.number, r.state, r.people, r.node) for r in rows] == [
        ("HF-2021-0001", State.SUBMITTED, 9, world.county),
        ("HF-2021-0002", State.SUBMITTED, 4, world.county),
    ]
    assert outcome.written == ["HF-2021-0001", "HF-2021-0002"]
    assert outcome.transaction is None


def test_what_only_waits_is_not_counted(world: World, tmp_path: Path) -> None:
    bring(world, book(tmp_path / "互访.xlsx", trip()))
    assert value("visits.batches", world.county) is None


def test_with_an_approver_it_is_posted_in_one_transaction(world: World, tmp_path: Path) -> None:
    before = Transaction.objects.count()
    outcome = passed(world, book(tmp_path / "互访.xlsx", trip(), trip(人数=4, 事由="示例回访")))
    assert Transaction.objects.count() == before + 1
    assert outcome.transaction == Transaction.objects.latest("number")
    assert {v.entry for v in Voucher.objects.filter(transaction=outcome.transaction)} == set(
        Visit.objects.values_list("pk", flat=True)
    )
    assert (value("visits.batches", world.county), value("visits.person_times", world.county)) == (2, 13)


def test_the_history_names_the_file_that_a_row_came_from(world: World, tmp_path: Path) -> None:
    passed(world, book(tmp_path / "十月互访.xlsx", trip()))
    created = Change.objects.get(ledger="visits")
    assert (created.by, created.why) == ("jingjiang", "导入 十月互访.xlsx")


def test_money_in_ten_thousands_is_kept_to_the_cent(world: World, tmp_path: Path) -> None:
    row = {"到账日期": DAY, "来源": "县级财政", "金额(万元)": 1.234567, "结对关系": "靖江-永寿"}
    passed(world, book(tmp_path / "到账.xlsx", row), Receipt)
    assert Receipt.objects.get().amount == 1_234_567
    assert value("funds.total", world.county) == 1_234_567


def test_a_row_without_a_pairing_goes_where_the_import_says(world: World, tmp_path: Path) -> None:
    bring(world, book(tmp_path / "互访.xlsx", trip(结对关系=None)), node=world.town)
    assert Visit.objects.get().node == world.town


def test_a_row_that_names_its_pairing_is_not_moved_by_what_the_import_says(world: World, tmp_path: Path) -> None:
    bring(world, book(tmp_path / "互访.xlsx", trip(结对关系="新桥-监军")), node=world.other_town)
    assert Visit.objects.get().node == world.town


def test_every_row_is_told(world: World, tmp_path: Path) -> None:
    kept = bring(world, book(tmp_path / "a.xlsx", trip(), trip(事由="示例之二"), trip(事由="示例之三")))
    acts.approve(list(Visit.objects.all()), world.yongshou)
    rows = (
        trip(编号=kept.written[0]), trip(编号=kept.written[1], 事由="示例之二", 人数=10), trip(事由="示例之四"),
        {"日期": "合计", "人数": 28}, {"日期": "注：示例"},
    )  # fmt: skip
    outcome = bring(world, book(tmp_path / "b.xlsx", *rows))
    assert [i.why for i in outcome.ignored] == ["header", "subtotal", "note"]
    assert (len(outcome.written), outcome.revised, outcome.unchanged) == (1, [kept.written[1]], [kept.written[0]])
    assert counted(outcome) == len(rows) + 1


def test_every_row_is_told_where_some_are_refused(world: World, tmp_path: Path) -> None:
    rows = trip(), trip(事由="示例之二", 人数="约10"), trip(事由="示例之三", 人数="约10", 日期="10月"), {"日期": "合计"}
    outcome = bring(world, book(tmp_path / "互访.xlsx", *rows))
    assert (outcome.refused_rows, outcome.held_back, counted(outcome)) == (2, 1, len(rows) + 1)


def test_every_row_is_told_where_the_approval_is_refused(world: World, tmp_path: Path) -> None:
    both = person("both", Grant.Role.COORDINATOR, world.county)
    path = book(tmp_path / "互访.xlsx", trip(), trip(事由="示例之二"))
    outcome = bring_in(Visit, path, both, approver=both)
    assert counted(outcome) == 3


def test_a_file_that_cannot_be_read_is_an_error_and_no_exception(world: World, tmp_path: Path) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(b"PK\x03\x04 not a workbook")
    before = state()
    outcome = bring(world, path)
    assert outcome.error
    assert CHINESE.search(outcome.error)
    assert state() == before


# All or nothing -------------------------------------------------------------------------------------------------------


def test_one_bad_cell_and_nothing_is_written(world: World, tmp_path: Path) -> None:
    before = state()
    outcome = passed(world, book(tmp_path / "互访.xlsx", trip(), trip(事由="示例之二", 人数="约10")))
    bad = only(outcome.refused)
    assert (place(bad), bad.field, bad.why) == (("台账", 3, "E3"), "people", "bad_number")
    assert (outcome.written, outcome.transaction) == ([], None)
    assert state() == before


def test_one_unknown_pairing_and_nothing_is_written(world: World, tmp_path: Path) -> None:
    before = state()
    outcome = passed(world, book(tmp_path / "互访.xlsx", trip(), trip(事由="示例之二", 结对关系="靖江-长武")))
    assert (outcome.written, outcome.transaction) == ([], None)
    assert state() == before


def test_an_approval_that_is_refused_takes_the_entering_with_it(world: World, tmp_path: Path) -> None:
    """The rows were entered and the approval then fails: both are one act."""
    Node.objects.filter(pk=world.town.pk).update(confirmed=False)
    before = state()
    outcome = passed(world, book(tmp_path / "互访.xlsx", trip(), trip(事由="示例之二", 结对关系="新桥-监军")))
    assert "尚未审核" in only(outcome.refused).message
    assert place(outcome.refused[0])[:2] == ("台账", 3)
    assert (outcome.written, outcome.transaction) == ([], None)
    assert state() == before


def test_a_row_that_somebody_enters_while_it_is_judged_is_judged_anew(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows are judged before the lock is taken: what comes in between must not be entered twice."""
    path, real, before = (
        book(tmp_path / "互访.xlsx", trip(), trip(事由="示例之二")),
        acts.prepare,
        Visit.objects.count(),
    )

    def meanwhile(*given: Any, **more: Any) -> acts.Prepared:
        monkeypatch.setattr(acts, "prepare", real)
        bring(world, book(tmp_path / "别人的.xlsx", trip()))
        return real(*given, **more)

    monkeypatch.setattr(acts, "prepare", meanwhile)
    outcome = bring(world, path)
    assert (len(outcome.written), len(outcome.unchanged)) == (1, 1)
    assert Visit.objects.count() == before + 2


def test_a_refused_file_leaves_no_evidence_behind(world: World, tmp_path: Path) -> None:
    paper(tmp_path, "示例通知.txt", "只在这个测试里有的通知")
    before = state()
    rows = trip(佐证材料="示例通知.txt"), trip(事由="示例之二", 结对关系="靖江-长武")
    assert bring(world, book(tmp_path / "互访.xlsx", *rows)).refused
    assert state() == before


def test_an_approval_that_is_refused_leaves_no_evidence_behind(world: World, tmp_path: Path) -> None:
    paper(tmp_path, "示例通知.txt", "只在这个测试里有的另一份通知")
    Node.objects.filter(pk=world.town.pk).update(confirmed=False)
    before = state()
    rows = trip(佐证材料="示例通知.txt"), trip(事由="示例之二", 结对关系="新桥-监军")
    assert passed(world, book(tmp_path / "互访.xlsx", *rows)).refused
    assert state() == before


# The good rows only ---------------------------------------------------------------------------------------------------


def good(world: World, path: Path) -> Outcome:
    """The good rows only, passed."""
    return passed(world, path, good_rows_only=True)


def test_the_good_rows_are_written_as_one_act_and_the_others_come_back(world: World, tmp_path: Path) -> None:
    rows = (
        trip(),
        trip(事由="示例之二", 人数="约10"),
        trip(事由="示例之三", 结对关系="靖江-长武"),
        trip(事由="示例之四"),
    )
    before = Transaction.objects.count()
    outcome = good(world, book(tmp_path / "互访.xlsx", *rows))
    assert [(p.row, p.field) for p in outcome.refused] == [(3, "people"), (4, "pairing")]
    assert (len(outcome.written), outcome.refused_rows, outcome.held_back, outcome.rows) == (2, 2, 0, 5)
    assert counted(outcome) == outcome.rows
    assert Transaction.objects.count() == before + 1
    assert value("visits.batches", world.county) == 2
    assert outcome.kept is not None
    assert (outcome.kept.written, outcome.kept.refused) == (2, 2)


def test_after_the_good_rows_the_corrected_file_writes_what_was_wrong(world: World, tmp_path: Path) -> None:
    first = good(world, book(tmp_path / "互访.xlsx", trip(), trip(事由="示例之二", 人数="约10")))
    outcome = good(world, book(tmp_path / "互访.xlsx", trip(), trip(事由="示例之二", 人数=10)))
    assert (outcome.unchanged, len(outcome.written), outcome.refused) == (first.written, 1, [])
    assert value("visits.person_times", world.county) == 19


def test_rows_that_the_approval_refuses_come_back_and_the_others_are_passed(world: World, tmp_path: Path) -> None:
    approved(world, visit(world.town, purpose="示例之二", leader="示例领队"))
    outcome = good(world, book(tmp_path / "互访.xlsx", trip(), trip(事由="示例之二")))
    assert place(only(outcome.refused))[:2] == ("台账", 3)
    assert "可能重复计数" in outcome.refused[0].message
    assert (len(outcome.written), counted(outcome)) == (1, outcome.rows)
    assert [v.state for v in Visit.objects.filter(node=world.county)] == [State.APPROVED]


def test_pairings_below_a_bad_one_are_refused_too(world: World, tmp_path: Path) -> None:
    rows = (
        twinning(上级结对="没有-这个"),
        twinning(东部方="示例东村", 西部方="示例西村", 层级="村村", 上级结对="生祠-甘井"),
    )
    path = book(tmp_path / "结对.xlsx", *rows, twinning(东部方="季市镇", 西部方="渠子镇"))
    outcome = bring_in(Pairing, path, world.admin, approver=world.other_admin, good_rows_only=True)
    assert ([p.row for p in outcome.refused], len(outcome.written)) == ([2, 3], 1)


def test_where_no_row_is_good_nothing_is_written(world: World, tmp_path: Path) -> None:
    before = state()
    outcome = good(world, book(tmp_path / "互访.xlsx", trip(人数="约10")))
    assert (outcome.written, outcome.kept, counted(outcome)) == ([], None, outcome.rows)
    assert state() == before


def test_who_fills_in_does_not_approve_the_good_rows_either(world: World, tmp_path: Path) -> None:
    both = person("both", Grant.Role.COORDINATOR, world.county)
    before = state()
    path = book(tmp_path / "互访.xlsx", trip(), trip(事由="示例之二", 人数="约10"))
    outcome = bring_in(Visit, path, both, approver=both, good_rows_only=True)
    assert (outcome.written, counted(outcome)) == ([], outcome.rows)
    assert state() == before


# Watched --------------------------------------------------------------------------------------------------------------


def test_an_import_tells_how_far_it_is(world: World, tmp_path: Path) -> None:
    told: list[Stage] = []
    passed(world, book(tmp_path / "互访.xlsx", trip(), trip(事由="示例之二")), progress=told.append)
    assert list(dict.fromkeys(stage.name for stage in told)) == ["读取", "核对", "录入", "审核记账", "写入"]


@pytest.mark.parametrize("stage", ["读取", "核对", "录入", "审核记账"])
def test_whoever_watches_may_end_it(world: World, tmp_path: Path, stage: str) -> None:
    class Enough(Exception):
        pass

    def stop(told: Stage) -> None:
        if told.name == stage:
            raise Enough

    before = state()
    with pytest.raises(Enough):
        passed(world, book(tmp_path / "互访.xlsx", trip()), progress=stop)
    assert state() == before


# The same rows again --------------------------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing(world: World, tmp_path: Path) -> None:
    path = book(tmp_path / "互访.xlsx", trip(), trip(人数=4, 事由="示例回访"))
    first = passed(world, path)
    before = state()
    again = passed(world, path)
    assert (again.unchanged, again.written, again.revised, again.refused) == (first.written, [], [], [])
    assert again.transaction is None
    assert state() == before


def test_the_same_file_again_changes_nothing_while_it_waits(world: World, tmp_path: Path) -> None:
    path = book(tmp_path / "互访.xlsx", trip())
    first = bring(world, path)
    assert bring(world, path).unchanged == first.written


def test_an_id_number_that_is_the_same_is_unchanged(world: World, tmp_path: Path) -> None:
    """Its cipher differs each time; the number does not."""
    path = book(tmp_path / "选派.xlsx", posting_of())
    first = passed(world, path, Secondment)
    assert passed(world, path, Secondment).unchanged == first.written


def test_a_changed_row_with_its_number_becomes_a_waiting_revision(world: World, tmp_path: Path) -> None:
    (number,) = passed(world, book(tmp_path / "互访.xlsx", trip())).written
    outcome = bring(world, book(tmp_path / "更正.xlsx", trip(人数=12, 编号=number)))
    row = Visit.objects.get()
    assert (outcome.revised, outcome.transaction) == ([number], None)
    assert (row.people, row.state, row.pending_state) == (9, State.APPROVED, State.SUBMITTED)
    assert value("visits.person_times", world.county) == 9


def test_a_changed_row_with_its_number_is_approved_where_an_approver_is_given(world: World, tmp_path: Path) -> None:
    (number,) = passed(world, book(tmp_path / "互访.xlsx", trip())).written
    outcome = passed(world, book(tmp_path / "更正.xlsx", trip(人数=12, 编号=number)))
    row = Visit.objects.get()
    assert (outcome.revised, row.people, row.pending) == ([number], 12, None)
    assert outcome.transaction is not None
    assert value("visits.person_times", world.county) == 12


def test_the_same_correction_again_changes_nothing_while_it_waits(world: World, tmp_path: Path) -> None:
    (number,) = passed(world, book(tmp_path / "互访.xlsx", trip())).written
    path = book(tmp_path / "更正.xlsx", trip(人数=12, 编号=number))
    bring(world, path)
    before = state()
    assert bring(world, path).unchanged == [number]
    assert state() == before


def test_new_and_changed_rows_are_posted_in_one_transaction(world: World, tmp_path: Path) -> None:
    (number,) = passed(world, book(tmp_path / "互访.xlsx", trip())).written
    before = Transaction.objects.count()
    passed(world, book(tmp_path / "更正.xlsx", trip(人数=12, 编号=number), trip(事由="示例之二", 人数=3)))
    assert Transaction.objects.count() == before + 1
    assert value("visits.person_times", world.county) == 15


def test_one_changed_cell_is_one_revision_also_without_the_number(world: World, tmp_path: Path) -> None:
    """An office's own file has no 编号: the one entry of the row's key at its pairing is what changes."""
    rows = trip(职务="示例职务"), trip(事由="示例之二"), trip(事由="示例之三")
    first = passed(world, book(tmp_path / "互访.xlsx", *rows))
    outcome = passed(world, book(tmp_path / "又.xlsx", trip(人数=12), *rows[1:]))
    assert (outcome.written, outcome.revised, outcome.unchanged) == ([], first.written[:1], first.written[1:])
    row = Visit.objects.get(number=first.written[0])
    assert (row.people, row.leader_title, row.version) == (12, "示例职务", 2)
    assert value("visits.person_times", world.county) == 30


def test_the_same_key_written_with_other_spaces_and_widths_is_the_same(world: World, tmp_path: Path) -> None:
    (number,) = passed(world, book(tmp_path / "互访.xlsx", trip(事由="对接 A 项目"))).written
    assert passed(world, book(tmp_path / "又.xlsx", trip(事由="对接Ａ项目", 人数=12))).revised == [number]


def test_a_sheet_without_a_column_does_not_change_it(world: World, tmp_path: Path) -> None:
    (number,) = passed(world, book(tmp_path / "互访.xlsx", trip(职务="示例职务"))).written
    assert passed(world, book(tmp_path / "又.xlsx", trip())).unchanged == [number]


def test_another_id_number_is_another_person(world: World, tmp_path: Path) -> None:
    passed(world, book(tmp_path / "选派.xlsx", posting_of()), Secondment)
    bad = only(passed(world, book(tmp_path / "又.xlsx", posting_of(身份证号="990000198001010039")), Secondment).refused)
    assert bad.why == "duplicate"


@pytest.mark.parametrize("state", [State.APPROVED, State.RETURNED])
def test_many_changed_rows_cost_as_many_queries_as_few(world: World, tmp_path: Path, state: State) -> None:
    def cost(first: int, count: int) -> int:
        rows = [trip(事由=f"示例第{first + number}次") for number in range(count)]
        made = bring(world, book(tmp_path / "互访.xlsx", *rows)).written
        entries = list(Visit.objects.filter(number__in=made))
        if state == State.APPROVED:
            acts.approve(entries, world.yongshou)
        else:
            acts.send_back(entries, world.yongshou, "依签到表")
        path = book(tmp_path / "更正.xlsx", *(row | {"人数": 7} for row in rows))
        with CaptureQueriesContext(connection) as asked:
            assert sorted(bring(world, path).revised) == sorted(made)
        assert set(Visit.objects.filter(number__in=made).values_list("state", flat=True)) <= {"approved", "submitted"}
        return len(asked)

    assert cost(0, 30) <= cost(100, 2)


def test_a_changed_row_that_is_refused_does_not_take_the_others_with_it(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [trip(事由=f"示例第{number}次") for number in range(3)]
    made = passed(world, book(tmp_path / "互访.xlsx", *rows)).written
    real = acts.revise_all

    def one_is_refused(model: type[Entry], values: dict[int, Any], *more: Any) -> Any:
        if Visit.objects.filter(pk__in=values, number=made[1]).exists():
            raise acts.refuse(f"{made[1]}：示例缘由。")
        return real(model, values, *more)

    monkeypatch.setattr(acts, "revise_all", one_is_refused)
    path = book(tmp_path / "更正.xlsx", *(row | {"人数": 7} for row in rows))
    outcome = bring(world, path, good_rows_only=True)
    assert outcome.revised == [made[0], made[2]]
    assert place(only(outcome.refused))[:2] == ("台账", 3)


def test_a_changed_row_whose_key_several_entries_have_is_asked_for_its_number(world: World, tmp_path: Path) -> None:
    one, other = approved(world, visit(world.county, people=6), visit(world.county, people=7))
    before = state()
    path = book(tmp_path / "又.xlsx", trip(事由="对接产业协作", 带队领导="示例", 人数=12))
    bad = only(passed(world, path).refused)
    assert (place(bad), bad.why) == (("台账", 2, "A2"), "duplicate")
    assert f"请在“编号”列填 {one.number} 或 {other.number}" in bad.message
    assert state() == before


def test_a_row_of_another_numbers_key_is_a_new_one(world: World, tmp_path: Path) -> None:
    """The entry's own row, known by its 编号, says that it is something else now."""
    (number,) = passed(world, book(tmp_path / "互访.xlsx", trip())).written
    outcome = bring(world, book(tmp_path / "又.xlsx", trip(事由="示例更正", 编号=number), trip(人数=12)))
    assert (outcome.revised, len(outcome.written)) == ([number], 1)


@pytest.mark.parametrize(
    ("model", "row", "changed"),
    [
        (
            Organisation,
            {"名称": "示例公司", "类型": "企业", "所在地": "永寿县", "结对关系": "靖江-永寿"},
            {"所在地": "靖江市"},
        ),
        (Pairing, twinning(), {"终止日期": date(2021, 9, 1)}),
    ],
)
def test_a_number_without_a_year_is_known(
    world: World, tmp_path: Path, model: type[Entry], row: dict[str, Any], changed: dict[str, Any]
) -> None:
    """DW-0001, JD-0007: what the refusal tells people to fill in must be understood."""
    given: dict[str, Any] = {"approver": world.other_admin}
    (number,) = bring_in(model, book(tmp_path / "a.xlsx", row), world.admin, **given).written
    outcome = bring_in(model, book(tmp_path / "b.xlsx", {**row, **changed, "编号": number}), world.admin, **given)
    assert (outcome.refused, outcome.revised) == ([], [number])


def test_a_number_that_the_ledger_has_not_is_refused(world: World, tmp_path: Path) -> None:
    before = state()
    bad = only(passed(world, book(tmp_path / "互访.xlsx", trip(编号="HF-2021-0999"))).refused)
    assert (place(bad), bad.field, bad.why) == (("台账", 2, "G2"), "number", "not_found")
    assert "HF-2021-0999" in bad.message
    assert "留空" in bad.message
    assert state() == before


def test_a_number_of_another_ledger_is_refused(world: World, tmp_path: Path) -> None:
    (number,) = passed(world, book(tmp_path / "选派.xlsx", posting_of()), Secondment).written
    assert only(passed(world, book(tmp_path / "互访.xlsx", trip(编号=number))).refused).field == "number"


def test_a_row_that_was_voided_may_be_entered_anew(world: World, tmp_path: Path) -> None:
    path = book(tmp_path / "互访.xlsx", trip())
    passed(world, path)
    acts.void(Visit.objects.get(), world.yongshou, "示例：误录")
    assert passed(world, path).written == ["HF-2021-0002"]
    assert value("visits.batches", world.county) == 1


def test_a_changed_row_that_still_waits_is_not_lost_in_an_exception(world: World, tmp_path: Path) -> None:
    """Entered, not yet reviewed, and handed in again with a change: written, or refused with its place."""
    (number,) = bring(world, book(tmp_path / "互访.xlsx", trip())).written
    outcome = bring(world, book(tmp_path / "又.xlsx", trip(人数=12, 编号=number)))
    assert outcome.revised == [number] or place(only(outcome.refused))[:2] == ("台账", 2)


def test_a_changed_row_that_still_waits_holds_the_new_ones_back(world: World, tmp_path: Path) -> None:
    (number,) = bring(world, book(tmp_path / "互访.xlsx", trip())).written
    before = state()
    outcome = bring(world, book(tmp_path / "又.xlsx", trip(人数=12, 编号=number), trip(事由="示例之二")))
    assert (place(only(outcome.refused))[:2], outcome.held_back) == (("台账", 2), 1)
    assert state() == before


def test_a_returned_row_is_corrected_by_the_corrected_workbook(world: World, tmp_path: Path) -> None:
    (number,) = bring(world, book(tmp_path / "互访.xlsx", trip())).written
    acts.send_back([Visit.objects.get()], world.yongshou, "人数不符")
    outcome = bring(world, book(tmp_path / "又.xlsx", trip(人数=12, 编号=number)))
    row = Visit.objects.get()
    assert (outcome.refused, outcome.revised, row.people, row.state) == ([], [number], 12, State.SUBMITTED)


def test_a_revision_leaves_alone_what_the_sheet_has_no_column_for(world: World, tmp_path: Path) -> None:
    paper(tmp_path, "通知.txt")
    rows = trip(职务="示例职务", 备注="示例备注", 佐证材料="通知.txt")
    (number,) = passed(world, book(tmp_path / "互访.xlsx", rows)).written
    passed(world, book(tmp_path / "更正.xlsx", trip(人数=12, 编号=number)))
    row = Visit.objects.get()
    assert (row.people, row.leader_title, row.notes, len(row.evidence)) == (12, "示例职务", "示例备注", 1)


def test_a_row_may_move_to_another_pairing_by_its_number(world: World, tmp_path: Path) -> None:
    (number,) = passed(world, book(tmp_path / "互访.xlsx", trip())).written
    outcome = passed(world, book(tmp_path / "更正.xlsx", trip(结对关系="新桥-监军", 编号=number)))
    assert (outcome.refused, outcome.revised) == ([], [number])
    assert Visit.objects.get().node == world.town


def test_two_held_rows_of_one_key_are_both_known_again(world: World, tmp_path: Path) -> None:
    """A key proposes a match and is never unique."""
    approved(world, visit(world.county, people=6), visit(world.county, people=7))
    row = trip(事由="对接产业协作", 带队领导="示例")
    for people in (6, 7):
        outcome = bring(world, book(tmp_path / f"{people}.xlsx", {**row, "人数": people}))
        assert (outcome.refused, len(outcome.unchanged)) == ([], 1)


# What rows name -------------------------------------------------------------------------------------------------------


def test_an_unknown_pairing_is_refused_with_its_cell(world: World, tmp_path: Path) -> None:
    bad = only(bring(world, book(tmp_path / "互访.xlsx", trip(结对关系="靖江-长武"))).refused)
    assert (place(bad), bad.field) == (("台账", 2, "F2"), "pairing")
    assert "靖江-长武" in bad.message
    assert "写作" in bad.message


def test_a_row_without_a_pairing_is_refused_where_the_import_names_none(world: World, tmp_path: Path) -> None:
    bad = only(bring(world, book(tmp_path / "互访.xlsx", trip(结对关系=None))).refused)
    assert (place(bad), bad.why) == (("台账", 2, "F2"), "missing")
    assert "--pairing" in bad.message


def test_an_organisation_needs_no_pairing(world: World, tmp_path: Path) -> None:
    path = book(tmp_path / "单位.xlsx", {"名称": "示例公司", "类型": "企业", "所在地": "永寿县"})
    outcome = bring_in(Organisation, path, world.admin, approver=world.other_admin)
    assert (outcome.refused, outcome.written) == ([], ["DW-0001"])


def treaty(**more: Any) -> dict[str, Any]:
    told = {
        "协议名称": "示例框架协议", "类型": "框架协议", "签订日期": DAY, "起始日期": DAY, "终止日期": date(2025, 12, 31),
        "签订会议": "示例联席会议", "结对关系": "靖江-永寿",
    }  # fmt: skip
    return told | more


def meet(world: World, node: Node, on: date = DAY) -> Meeting:
    (held,) = acts.create([Meeting(node=node, occurred_on=on, title="示例联席会议", kind="联席会议")], world.admin)
    return held


def test_a_meeting_is_found_by_its_title(world: World, tmp_path: Path) -> None:
    held = meet(world, world.county)
    bring(world, book(tmp_path / "协议.xlsx", treaty()), Agreement)
    assert Agreement.objects.get().meeting == held


def test_a_meeting_is_found_by_its_number(world: World, tmp_path: Path) -> None:
    held, _ = meet(world, world.county), meet(world, world.county, date(2021, 11, 1))
    bring(world, book(tmp_path / "协议.xlsx", treaty(签订会议=held.number)), Agreement)
    assert Agreement.objects.get().meeting == held


def test_an_unknown_meeting_is_refused_with_its_cell(world: World, tmp_path: Path) -> None:
    bad = only(bring(world, book(tmp_path / "协议.xlsx", treaty()), Agreement).refused)
    assert (place(bad), bad.field, bad.why) == (("台账", 2, "F2"), "meeting", "not_found")
    assert "示例联席会议" in bad.message
    assert "请先录入" in bad.message


def test_an_unknown_agreement_is_refused_with_its_cell(world: World, tmp_path: Path) -> None:
    row = {"协议名称": "没有这份", "指标": "互访批次", "目标值": 20, "年度": 2021, "承担单位": "靖江-永寿"}
    bad = only(bring(world, book(tmp_path / "目标.xlsx", row), Target).refused)
    assert (place(bad), bad.field, bad.why) == (("台账", 2, "A2"), "agreement", "not_found")


def test_an_unknown_measure_is_refused_with_its_cell(world: World, tmp_path: Path) -> None:
    bring(world, book(tmp_path / "协议.xlsx", treaty(签订会议=None)), Agreement)
    row = {"协议名称": "示例框架协议", "指标": "互访次数吧", "目标值": 20, "年度": 2021, "承担单位": "靖江-永寿"}
    bad = only(bring(world, book(tmp_path / "目标.xlsx", row), Target).refused)
    assert (place(bad), bad.field) == (("台账", 2, "B2"), "measure")


def test_two_meetings_of_one_title_are_ambiguous_and_both_are_named(world: World, tmp_path: Path) -> None:
    one, other = meet(world, world.county), meet(world, world.county, date(2021, 11, 1))
    bad = only(bring(world, book(tmp_path / "协议.xlsx", treaty()), Agreement).refused)
    assert (place(bad), bad.why) == (("台账", 2, "F2"), "ambiguous")
    assert one.number in bad.message
    assert other.number in bad.message
    assert "请填编号" in bad.message


def test_of_meetings_of_one_title_the_one_at_the_rows_own_pairing_is_meant(world: World, tmp_path: Path) -> None:
    meet(world, world.prefecture)
    own = meet(world, world.county)
    bring(world, book(tmp_path / "协议.xlsx", treaty()), Agreement)
    assert Agreement.objects.get().meeting == own


def test_two_bad_names_in_one_row_are_both_told(world: World, tmp_path: Path) -> None:
    outcome = bring(world, book(tmp_path / "协议.xlsx", treaty(结对关系="靖江-长武")), Agreement)
    assert {(p.field, p.cell) for p in outcome.refused} == {("meeting", "F2"), ("pairing", "G2")}


# Pairings -------------------------------------------------------------------------------------------------------------


def pairs(world: World, path: Path) -> Outcome:
    return bring_in(Pairing, path, world.admin, approver=world.other_admin)


def village(**more: Any) -> dict[str, Any]:
    return twinning(东部方="示例东村", 西部方="示例西村", 层级="村村", 上级结对="生祠-甘井") | more


def test_a_pairing_may_name_one_above_it_in_the_same_workbook(world: World, tmp_path: Path) -> None:
    outcome = pairs(world, book(tmp_path / "结对.xlsx", twinning(), village()))
    assert (len(outcome.written), outcome.refused) == (2, [])
    town, below = (Pairing.objects.get(number=number).defines for number in outcome.written)
    assert town is not None
    assert below is not None
    assert (town.parent, below.parent) == (world.county, town)
    assert (town.confirmed, below.confirmed) == (True, True)


def test_a_pairing_may_not_name_one_that_stands_below_it(world: World, tmp_path: Path) -> None:
    before = state()
    bad = pairs(world, book(tmp_path / "结对.xlsx", village(), twinning())).refused[0]
    assert (place(bad), bad.field) == (("台账", 2, "D2"), "parent")
    assert state() == before


def test_a_bad_pairing_below_a_good_one_takes_it_with_it(world: World, tmp_path: Path) -> None:
    """Pairings are entered one by one; all the same it is all of them or none."""
    before = state()
    bad = only(pairs(world, book(tmp_path / "结对.xlsx", twinning(), village(上级结对="没有-这个"))).refused)
    assert (place(bad), bad.field) == (("台账", 3, "D3"), "parent")
    assert state() == before


def test_a_bad_pairing_above_a_good_one_is_refused(world: World, tmp_path: Path) -> None:
    before = state()
    bad = only(
        pairs(
            world, book(tmp_path / "结对.xlsx", twinning(上级结对="没有-这个"), village(上级结对="靖江-永寿"))
        ).refused
    )
    assert (place(bad), bad.field) == (("台账", 2, "D2"), "parent")
    assert state() == before


def test_a_changed_pairing_becomes_a_revision(world: World, tmp_path: Path) -> None:
    (number,) = pairs(world, book(tmp_path / "结对.xlsx", twinning())).written
    outcome = pairs(world, book(tmp_path / "终止.xlsx", twinning(终止日期=date(2021, 9, 1), 编号=number)))
    assert (outcome.refused, outcome.revised) == ([], [number])
    assert Node.objects.get(pairing__number=number).until == date(2021, 9, 1)


def test_the_same_pairings_again_change_nothing(world: World, tmp_path: Path) -> None:
    path = book(tmp_path / "结对.xlsx", twinning(), village())
    first = pairs(world, path)
    before = state()
    again = pairs(world, path)
    assert (again.refused, again.unchanged) == ([], first.written)
    assert state() == before


# Evidence -------------------------------------------------------------------------------------------------------------


def paper(folder: Path, name: str, text: str = "示例") -> Path:
    path = folder / "佐证材料" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_evidence_is_found_beside_the_workbook(world: World, tmp_path: Path) -> None:
    notice, roll = paper(tmp_path, "示例通知.txt"), paper(tmp_path, "十月签到表.csv", "序号,姓名")
    bring(world, book(tmp_path / "互访.xlsx", trip(佐证材料="示例通知.txt；十月签到表.csv")))
    pieces = Visit.objects.get().evidence
    assert [(piece["kind"], piece["name"]) for piece in pieces] == [
        ("通知", "示例通知.txt"),
        ("签到表", "十月签到表.csv"),
    ]
    assert [evidence.path_of(p["sha256"]).read_bytes() for p in pieces] == [notice.read_bytes(), roll.read_bytes()]


@pytest.mark.parametrize("name", ["没有.pdf", "../互访.xlsx", "长" * 200 + ".pdf", "a\x7fb.pdf"])
def test_evidence_that_is_not_there_is_refused_with_its_cell(world: World, tmp_path: Path, name: str) -> None:
    paper(tmp_path, "示例通知.txt")
    before = state()
    bad = only(bring(world, book(tmp_path / "互访.xlsx", trip(佐证材料=f"示例通知.txt；{name}"))).refused)
    assert (place(bad), bad.field) == (("台账", 2, "G2"), "evidence")
    assert "“佐证材料”文件夹" in bad.message
    assert state() == before


def test_evidence_that_is_too_large_is_refused_with_its_cell(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "MOST_BYTES", 10)
    paper(tmp_path, "照片.jpg", "x" * 11)
    bad = only(bring(world, book(tmp_path / "互访.xlsx", trip(佐证材料="照片.jpg"))).refused)
    assert (place(bad), bad.field) == (("台账", 2, "G2"), "evidence")


def test_other_evidence_for_a_row_is_a_change_of_it(world: World, tmp_path: Path) -> None:
    paper(tmp_path, "通知.txt", "初稿")
    path = book(tmp_path / "互访.xlsx", trip(佐证材料="通知.txt"))
    (number,) = passed(world, path).written
    final = paper(tmp_path, "通知.txt", "定稿")
    assert passed(world, path).revised == [number]
    (piece,) = Visit.objects.get().evidence
    assert evidence.path_of(piece["sha256"]).read_bytes() == final.read_bytes()


# ID numbers -----------------------------------------------------------------------------------------------------------


def test_an_id_number_is_shown_masked(world: World, tmp_path: Path) -> None:
    passed(world, book(tmp_path / "选派.xlsx", posting_of()), Secondment)
    row = Secondment.objects.get()
    assert ID_NUMBER not in row.id_number
    assert masked(row.id_number) == "990000**********12"


def test_a_bad_id_number_is_not_repeated_in_the_refusal(world: World, tmp_path: Path) -> None:
    wrong = ID_NUMBER[:-1] + "8"
    bad = only(passed(world, book(tmp_path / "选派.xlsx", posting_of(身份证号=wrong)), Secondment).refused)
    assert (place(bad), bad.why) == (("台账", 2, "B2"), "bad_id")
    assert wrong not in f"{bad.message}{bad.value}"


def test_one_person_in_two_workbooks_is_one(world: World, tmp_path: Path) -> None:
    passed(world, book(tmp_path / "a.xlsx", posting_of()), Secondment)
    passed(world, book(tmp_path / "b.xlsx", posting_of(起始日期=date(2021, 9, 1))), Secondment)
    assert value("talent.total", world.county) == 1


# Rights ---------------------------------------------------------------------------------------------------------------


def test_a_stranger_may_not_enter_rows(world: World, tmp_path: Path) -> None:
    before = state()
    with pytest.raises(Http404):
        bring_in(Visit, book(tmp_path / "互访.xlsx", trip()), world.stranger)
    assert state() == before


@pytest.mark.parametrize("people", [9, 12])
def test_a_stranger_learns_nothing_of_what_is_held(world: World, tmp_path: Path, people: int) -> None:
    passed(world, book(tmp_path / "互访.xlsx", trip()))
    with pytest.raises(Http404):
        bring_in(Visit, book(tmp_path / "又.xlsx", trip(人数=people)), world.stranger)


def test_a_reader_may_not_enter_rows(world: World, tmp_path: Path) -> None:
    before = state()
    with pytest.raises(PermissionDenied):
        bring_in(Visit, book(tmp_path / "互访.xlsx", trip()), world.auditor)
    assert state() == before


def test_the_other_side_may_not_enter_rows(world: World, tmp_path: Path) -> None:
    west = person("west", Grant.Role.FILLER, world.county, Grant.Side.WEST)
    before = state()
    with pytest.raises(PermissionDenied):
        bring_in(Visit, book(tmp_path / "互访.xlsx", trip(方向="西部赴东部"), trip()), west)
    assert state() == before


def test_who_fills_in_does_not_approve(world: World, tmp_path: Path) -> None:
    both: User = person("both", Grant.Role.COORDINATOR, world.county)
    before = state()
    outcome = bring_in(Visit, book(tmp_path / "互访.xlsx", trip()), both, approver=both)
    bad = only(outcome.refused)
    assert (bad.why, outcome.written, outcome.transaction) == ("same_person", [], None)
    assert state() == before


def test_who_may_not_review_does_not_approve(world: World, tmp_path: Path) -> None:
    other = person("other", Grant.Role.FILLER, world.county)
    before = state()
    with pytest.raises(PermissionDenied):
        bring(world, book(tmp_path / "互访.xlsx", trip()), approver=other)
    assert state() == before


def test_another_reviewer_of_another_place_does_not_approve(world: World, tmp_path: Path) -> None:
    other = person("other", Grant.Role.REVIEWER, world.elsewhere)
    before = state()
    with pytest.raises(Http404):
        bring(world, book(tmp_path / "互访.xlsx", trip()), approver=other)
    assert state() == before


def test_a_workbook_over_two_pairings_needs_the_right_at_both(world: World, tmp_path: Path) -> None:
    town = person("town", Grant.Role.FILLER, world.town)
    before = state()
    rows = trip(结对关系="新桥-监军"), trip(结对关系="东兴-店头", 事由="示例之二")
    with pytest.raises(Http404):
        bring_in(Visit, book(tmp_path / "互访.xlsx", *rows), town)
    assert state() == before


def test_the_county_may_enter_rows_of_its_towns(world: World, tmp_path: Path) -> None:
    passed(world, book(tmp_path / "互访.xlsx", trip(结对关系="新桥-监军")))
    assert value("visits.batches", world.town) == value("visits.batches", world.county) == 1
    assert fresh(Visit.objects.get()).state == State.APPROVED
