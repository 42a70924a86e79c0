"""An import taken back as one act: every figure as before, nothing run over that came later."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from lianqiao.agreements.models import Agreement, Meeting, Pairing
from lianqiao.fields.exchange.models import Visit
from lianqiao.fields.funds.models import Allocation, Payment
from lianqiao.fields.industry.models import Enterprise, Investment
from lianqiao.journal.figures import known_at
from lianqiao.journal.models import Balance, Presence, Transaction
from lianqiao.ledger import acts, history
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.audit import verify
from lianqiao.ledger.models import Entry, Partner, State
from lianqiao.people.models import Grant
from lianqiao.workbooks.commit import Outcome, bring_in
from lianqiao.workbooks.imports import undo
from lianqiao.workbooks.models import Import
from tests.cli.books import DAY, book, trip, twinning
from tests.rows import CODE, entered
from tests.world import World, approved, fresh, person, revised, value, visit

pytestmark = pytest.mark.data
WHY = "示例：选错了文件"


def figures() -> dict[str, Any]:
    """Every balance and presence that is not nothing."""
    sums = ("quantity", "in_year", "bare", "entries")
    rows = Balance.objects.order_by("node", "grain", "measure", "start")
    held = rows.values_list("node", "grain", "measure", "start", *sums)
    seen = Presence.objects.order_by("measure", "node", "subject", "year", "on").exclude(change=0)
    return {
        "balances": [row for row in held if any(row[4:])],
        "presence": list(seen.values_list("measure", "node", "subject", "year", "on", "change")),
    }


def passed(world: World, path: Path, model: type[Entry] = Visit) -> Outcome:
    """Imports and passes, as people who may do so everywhere."""
    return bring_in(model, path, world.admin, approver=world.other_admin)


def waiting(world: World, path: Path, model: type[Entry] = Visit) -> Outcome:
    return bring_in(model, path, world.admin)


def taken_back(world: World, outcome: Outcome) -> Transaction | None:
    assert outcome.kept is not None, outcome.refused
    return undo(outcome.kept, world.other_admin, WHY)


def refusal(world: World, outcome: Outcome) -> str:
    """What stands against undoing it; nothing was done."""
    before, transactions = figures(), Transaction.objects.count()
    with pytest.raises(Refused) as caught:
        taken_back(world, outcome)
    assert (figures(), Transaction.objects.count()) == (before, transactions)
    assert Import.objects.get(pk=outcome.kept.pk).undone_at is None  # type: ignore[union-attr]
    return str(caught.value)


def sound() -> None:
    assert verify().problems == []


# What an import leaves -----------------------------------------------------------------------------------------------


def test_an_import_is_kept_with_what_it_did(world: World, tmp_path: Path) -> None:
    (old,) = approved(world, visit(world.county, purpose="示例旧"))
    path = book(tmp_path / "十月.xlsx", trip(), trip(事由="示例旧", 带队领导="示例", 人数=8, 编号=old.number))
    outcome = passed(world, path)
    kept = Import.objects.get()
    assert (kept.file, kept.ledger, kept.by, kept.transaction) == (
        "十月.xlsx",
        "visits",
        world.admin,
        outcome.transaction,
    )
    assert (kept.written, kept.revised, kept.unchanged, kept.refused, kept.ignored) == (1, 1, 0, 0, 1)
    rows = kept.rows.order_by("before").values_list("entry", "before", "after", "was")
    new = Visit.objects.get(number=outcome.written[0])
    assert list(rows) == [(new.pk, 0, 1, ""), (old.pk, 1, 2, State.APPROVED)]


def test_an_import_that_wrote_nothing_is_not_kept(world: World, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", trip())
    passed(world, path)
    assert passed(world, path).kept is None
    assert waiting(world, book(tmp_path / "b.xlsx", trip(人数="约10"))).kept is None
    assert Import.objects.count() == 1


# Undone --------------------------------------------------------------------------------------------------------------


def test_undoing_restores_every_figure_and_the_past_stays(world: World, tmp_path: Path) -> None:
    approved(world, visit(world.county, people=3))
    before = figures()
    outcome = passed(world, book(tmp_path / "a.xlsx", trip(), trip(事由="示例之二", 结对关系="新桥-监军")))
    imported = outcome.transaction
    assert value("visits.person_times", world.county) == 21
    written = taken_back(world, outcome)
    assert written is not None
    assert (written.kind, written.why, written.by) == ("undo", WHY, "other_admin")
    assert figures() == before
    assert value("visits.person_times", world.county) == 3
    assert imported is not None
    assert value("visits.person_times", world.county, known=known_at(imported.number)) == 21
    assert {v.state for v in Visit.objects.filter(number__in=outcome.written)} == {State.VOID}
    sound()


def test_it_is_one_transaction_of_the_journal(world: World, tmp_path: Path) -> None:
    (old,) = approved(world, visit(world.county, purpose="示例旧"))
    rows = trip(), trip(事由="示例之二"), trip(事由="示例旧", 带队领导="示例", 人数=8, 编号=old.number)
    outcome = passed(world, book(tmp_path / "a.xlsx", *rows))
    before = Transaction.objects.count()
    taken_back(world, outcome)
    assert Transaction.objects.count() == before + 1
    sound()


def test_a_revised_row_gets_the_version_before_back(world: World, tmp_path: Path) -> None:
    (old,) = approved(world, visit(world.county, people=6))
    acts.confirm([old], person("partner", Grant.Role.COORDINATOR, world.county))
    before = figures()
    outcome = passed(
        world, book(tmp_path / "a.xlsx", trip(事由="对接产业协作", 带队领导="示例", 人数=9, 编号=old.number))
    )
    assert (fresh(old).people, fresh(old).partner) == (9, "")
    taken_back(world, outcome)
    row = fresh(old)
    assert (row.people, row.version, row.state, row.partner) == (6, 1, State.APPROVED, Partner.CONFIRMED)
    assert (row.author, row.approver) == (world.jingjiang, world.yongshou)
    assert figures() == before
    sound()


def test_after_undoing_a_revision_the_next_one_is_told_against_what_counts(world: World, tmp_path: Path) -> None:
    (old,) = approved(world, visit(world.county, people=6))
    taken_back(
        world, passed(world, book(tmp_path / "a.xlsx", trip(事由="对接产业协作", 带队领导="示例", 编号=old.number)))
    )
    revised(world, fresh(old), people=7)
    last = [step for step in history.steps(old) if step.what == "修订"][-1]
    assert [(d.old, d.new) for d in last.differences] == [("6", "7")]
    assert "撤销" in {step.what for step in history.steps(old)}
    sound()


def test_undoing_what_only_waits_marks_it_and_posts_nothing(world: World, tmp_path: Path) -> None:
    outcome = waiting(world, book(tmp_path / "a.xlsx", trip()))
    before = Transaction.objects.count()
    assert taken_back(world, outcome) is None
    row = Visit.objects.get()
    assert (row.state, row.reason, Transaction.objects.count()) == (State.VOID, WHY, before)
    sound()


def test_a_waiting_revision_is_withdrawn(world: World, tmp_path: Path) -> None:
    (old,) = approved(world, visit(world.county, people=6))
    outcome = waiting(world, book(tmp_path / "a.xlsx", trip(事由="对接产业协作", 带队领导="示例", 编号=old.number)))
    assert taken_back(world, outcome) is None
    assert (fresh(old).pending, fresh(old).pending_state, fresh(old).people) == (None, "", 6)
    sound()


def test_the_revision_that_waited_before_waits_again(world: World, tmp_path: Path) -> None:
    (old,) = approved(world, visit(world.county, people=6))
    first = acts.revise(old, {"people": 7}, world.jingjiang, "漏记一人")
    acts.send_back([first], world.yongshou, "附签到表")
    outcome = passed(world, book(tmp_path / "a.xlsx", trip(事由="对接产业协作", 带队领导="示例", 编号=old.number)))
    taken_back(world, outcome)
    row = fresh(old)
    assert (row.people, row.pending, row.pending_state, row.reason) == (6, first.pending, State.RETURNED, "附签到表")
    sound()


@pytest.mark.parametrize("approve", [False, True])
def test_an_edited_draft_is_the_draft_that_it_was(world: World, tmp_path: Path, approve: bool) -> None:
    (row,) = acts.create([visit(world.county, people=6)], world.jingjiang)
    acts.send_back([row], world.yongshou, "人数不符")
    before = figures()
    path = book(tmp_path / "a.xlsx", trip(事由="对接产业协作", 带队领导="示例", 编号=row.number))
    outcome = passed(world, path) if approve else waiting(world, path)
    assert (fresh(row).people, outcome.revised) == (9, [row.number])
    taken_back(world, outcome)
    now = fresh(row)
    assert (now.people, now.state, now.reason, now.version) == (6, State.RETURNED, "人数不符", 3)
    assert figures() == before
    sound()


def test_what_was_approved_since_as_it_stood_is_posted_back(world: World, tmp_path: Path) -> None:
    before = figures()
    outcome = waiting(world, book(tmp_path / "a.xlsx", trip()))
    acts.approve(list(Visit.objects.all()), world.yongshou)
    assert taken_back(world, outcome) is not None
    assert figures() == before
    sound()


def test_what_was_voided_since_stays_so(world: World, tmp_path: Path) -> None:
    outcome = passed(world, book(tmp_path / "a.xlsx", trip(), trip(事由="示例之二")))
    acts.void(Visit.objects.get(number=outcome.written[0]), world.yongshou, "重复")
    taken_back(world, outcome)
    assert value("visits.batches", world.county) == 0
    assert Visit.objects.get(number=outcome.written[0]).reason == "重复"
    sound()


def test_the_file_may_be_imported_anew(world: World, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", trip())
    taken_back(world, passed(world, path))
    assert passed(world, path).written == ["HF-2021-0002"]
    assert value("visits.batches", world.county) == 1


def test_imports_are_undone_from_the_last_to_the_first(world: World, tmp_path: Path) -> None:
    before = figures()
    first = passed(world, book(tmp_path / "a.xlsx", trip()))
    second = passed(world, book(tmp_path / "b.xlsx", trip(人数=12, 编号=first.written[0])))
    assert "第 2 版" in refusal(world, first)
    taken_back(world, second)
    taken_back(world, first)
    assert figures() == before
    sound()


def test_pairings_of_one_file_go_together(world: World, tmp_path: Path) -> None:
    below = twinning(东部方="示例东村", 西部方="示例西村", 层级="村村", 上级结对="生祠-甘井")
    before = figures()
    outcome = passed(world, book(tmp_path / "结对.xlsx", twinning(), below), Pairing)
    taken_back(world, outcome)
    assert figures() == before
    sound()


def test_what_follows_elsewhere_follows_back(world: World, tmp_path: Path) -> None:
    """An enterprise's own figure gives way to rows of money received, and comes back with their undoing."""
    entered(world, "enterprises")
    before = figures()
    row = {"到位日期": DAY, "统一社会信用代码": CODE, "金额(元)": 100, "结对关系": "靖江-永寿"}
    outcome = passed(world, book(tmp_path / "到位.xlsx", row), Investment)
    assert Enterprise.objects.get().by_rows
    taken_back(world, outcome)
    assert not Enterprise.objects.get().by_rows
    assert figures() == before
    sound()


# Refused -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def imported(world: World, tmp_path: Path) -> Outcome:
    return passed(world, book(tmp_path / "a.xlsx", trip(), trip(事由="示例之二")))


def first(outcome: Outcome) -> Visit:
    return Visit.objects.get(number=outcome.written[0])


def test_a_row_that_was_revised_since_stands_against_it(world: World, imported: Outcome) -> None:
    revised(world, first(imported), people=3)
    assert imported.written[0] in refusal(world, imported)
    assert imported.written[1] not in refusal(world, imported)


def test_a_revision_that_waits_stands_against_it(world: World, imported: Outcome) -> None:
    acts.revise(first(imported), {"people": 3}, world.jingjiang, "核对")
    assert imported.written[0] in refusal(world, imported)


def test_the_partners_answer_stands_against_it(world: World, imported: Outcome) -> None:
    acts.confirm([first(imported)], world.yongshou)
    assert "对方已确认" in refusal(world, imported)


def test_a_revised_row_that_was_voided_since_stands_against_it(world: World, tmp_path: Path) -> None:
    (old,) = approved(world, visit(world.county))
    outcome = passed(world, book(tmp_path / "a.xlsx", trip(事由="对接产业协作", 带队领导="示例", 编号=old.number)))
    acts.void(fresh(old), world.yongshou, "重复")
    assert old.number in refusal(world, outcome)


def test_a_row_that_names_one_of_them_stands_against_it(world: World, tmp_path: Path) -> None:
    row = {"日期": DAY, "会议名称": "示例联席会议", "类型": "联席会议", "结对关系": "靖江-永寿"}
    outcome = passed(world, book(tmp_path / "会议.xlsx", row), Meeting)
    held = Meeting.objects.get()
    told = Agreement(node=world.county, title="示例", kind="框架协议", signed_on=DAY, start=DAY, end=DAY, meeting=held)
    (agreement,) = acts.create([told], world.admin)
    said = refusal(world, outcome)
    assert held.number in said
    assert agreement.number in said
    acts.void(agreement, world.other_admin, "误录")
    taken_back(world, outcome)
    sound()


def test_money_that_was_paid_since_stands_against_undoing_its_allocation(world: World, tmp_path: Path) -> None:
    entered(world, "projects")
    row = {"下达日期": DAY, "项目编号": "XM01", "金额(元)": 100, "下达文号": "示例1号", "结对关系": "靖江-永寿"}
    outcome = passed(world, book(tmp_path / "安排.xlsx", row), Allocation)
    assert outcome.kept
    project: Any = Allocation.objects.get().project
    told = Payment(node=world.county, paid_on=DAY, project=project, amount=100_00, voucher="示例", year=2021)
    acts.approve(acts.create([told], world.admin), world.other_admin)
    assert "支付合计" in refusal(world, outcome)


def test_a_closed_period_is_moved_by_a_coordinator_alone(world: World, imported: Outcome) -> None:
    acts.close(world.county, date(2021, 12, 31), world.other_admin, "年终")
    reviewer = person("reviewer", Grant.Role.REVIEWER, world.county)
    assert imported.kept is not None
    with pytest.raises(Refused) as caught:
        undo(imported.kept, reviewer, WHY)
    assert all(number in str(caught.value) for number in imported.written)
    written = taken_back(world, imported)
    assert written is not None
    assert written.late


def test_nobody_undoes_their_own_approved_rows(world: World, imported: Outcome) -> None:
    assert imported.kept is not None
    with pytest.raises(Refused, match="不能是同一人"):
        undo(imported.kept, world.admin, WHY)


def test_a_filler_and_a_stranger_may_not(world: World, imported: Outcome) -> None:
    assert imported.kept is not None
    with pytest.raises(PermissionDenied):
        undo(imported.kept, world.jingjiang, WHY)
    with pytest.raises(Http404):
        undo(imported.kept, world.stranger, WHY)


def test_a_reason_is_needed(world: World, imported: Outcome) -> None:
    assert imported.kept is not None
    with pytest.raises(Refused, match="缘由"):
        undo(imported.kept, world.other_admin, " ")


def test_nothing_is_undone_twice(world: World, imported: Outcome) -> None:
    taken_back(world, imported)
    with pytest.raises(Refused, match="撤销"):
        taken_back(world, imported)
