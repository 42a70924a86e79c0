"""The history of a row, as people read it; and that nothing protected stands in it in the clear."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection

from lianqiao.agreements.models import Agreement, Meeting
from lianqiao.fields.exchange.models import Visit
from lianqiao.fields.funds.models import Receipt
from lianqiao.ledger import acts, history
from lianqiao.ledger.history import Difference
from lianqiao.ledger.models import Change, Entry
from lianqiao.ledger.protected import protect
from tests.world import World, approved, fresh, revised, stay, visit

pytestmark = pytest.mark.data
ID = "990000198001010017"


def told(row: Entry) -> list[tuple[str, str, str]]:
    return [(step.what, step.by, step.why) for step in history.steps(row)]


def last_differences(row: Entry) -> tuple[Difference, ...]:
    return [step for step in history.steps(row) if step.differences][-1].differences


def test_the_history_says_who_did_what_and_why(world: World) -> None:
    (row,) = acts.create([visit(world.county)], world.jingjiang, why="十月录入")
    acts.send_back([row], world.yongshou, "人数不符")
    acts.edit(row, {"people": 7}, world.jingjiang, "按签到表")
    acts.submit([row], world.jingjiang)
    acts.approve([row], world.yongshou, "已核")
    acts.revise(row, {"people": 8}, world.jingjiang, "漏记一人")
    acts.withdraw(row, world.jingjiang, "原数无误")
    acts.void(row, world.yongshou, "重复")
    assert told(row) == [
        ("填报", "jingjiang", "十月录入"),
        ("退回", "yongshou", "人数不符"),
        ("修改", "jingjiang", "按签到表"),
        ("提交", "jingjiang", ""),
        ("通过", "yongshou", "已核"),
        ("修订", "jingjiang", "漏记一人"),
        ("撤回修订", "jingjiang", "原数无误"),
        ("作废", "yongshou", "重复"),
    ]


def test_approvals_name_their_transaction_and_version(world: World) -> None:
    row = revised(world, approved(world, visit(world.county))[0], people=8)
    approvals = [(s.version, s.transaction) for s in history.steps(row) if s.what == "通过"]
    assert [version for version, _ in approvals] == [1, 2]
    assert None not in {number for _, number in approvals}


def test_a_row_voided_before_it_counted_has_its_end_in_the_history(world: World) -> None:
    (row,) = acts.create([visit(world.county)], world.jingjiang)
    acts.void(row, world.yongshou, "填错台账")
    assert told(row)[-1][1:] == ("yongshou", "填错台账")


def test_a_change_shows_both_values_under_their_heading(world: World) -> None:
    row = revised(world, approved(world, visit(world.county))[0], people=8, occurred_on=date(2021, 10, 11))
    assert set(last_differences(row)) == {Difference("日期", "2021-10-12", "2021-10-11"), Difference("人数", "6", "8")}


def test_money_is_shown_in_yuan(world: World) -> None:
    receipt = Receipt(node=world.county, received_on=date(2021, 3, 1), source="县级财政", amount=1_000_050)
    row = revised(world, approved(world, receipt)[0], amount=2_000_000_00)
    assert last_differences(row) == (Difference("金额", "10,000.50 元", "2,000,000.00 元"),)


def test_another_row_is_shown_by_what_it_is_called(world: World) -> None:
    (meeting,) = approved(
        world, Meeting(node=world.county, occurred_on=date(2021, 10, 12), title="联席会议", kind="联席会议")
    )
    signed = Agreement(
        node=world.county, title="框架协议", kind="框架协议", signed_on=date(2021, 10, 12), start=date(2021, 1, 1),
        end=date(2025, 12, 31),
    )  # fmt: skip
    row = revised(world, approved(world, signed)[0], meeting=meeting)
    assert last_differences(row) == (Difference("签订会议", "", meeting.number),)


def test_evidence_is_shown_by_kind_and_name(world: World) -> None:
    piece = {"kind": "签到表", "name": "签到表.pdf", "sha256": "0" * 64, "size": 3}
    row = revised(world, approved(world, visit(world.county))[0], evidence=[piece])
    assert last_differences(row) == (Difference("佐证材料", "", "签到表：签到表.pdf"),)


def test_a_revision_is_compared_with_what_counts_and_not_with_a_withdrawn_one(world: World) -> None:
    (row,) = approved(world, visit(world.county))
    acts.withdraw(acts.revise(row, {"people": 9}, world.jingjiang, "更正"), world.jingjiang)
    acts.revise(row, {"purpose": "考察园区"}, world.jingjiang, "更正")
    assert last_differences(row) == (Difference("事由", "对接产业协作", "考察园区"),)


def test_the_first_entry_shows_no_differences(world: World) -> None:
    (row,) = approved(world, visit(world.county))
    assert [step.differences for step in history.steps(row)] == [(), ()]


def test_each_version_can_be_put_back(world: World) -> None:
    row = revised(world, approved(world, visit(world.county))[0], people=8)
    first = Change.objects.get(ledger="visits", entry=row.pk, version=1)
    history.restore(row, first.payload or {})
    assert (row.people, row.occurred_on) == (6, date(2021, 10, 12))


def test_a_seal_hangs_on_every_part_of_a_version(world: World) -> None:
    (row,) = approved(world, visit(world.county))
    payload = history.snapshot(row)
    seals = {
        history.seal(row, 1, payload, "salt"),
        history.seal(row, 2, payload, "salt"),
        history.seal(row, 1, payload, "other"),
        *(history.seal(row, 1, payload | {name: "变"}, "salt") for name in payload),
    }
    assert len(seals) == 3 + len(payload)


def test_each_version_has_a_salt_of_its_own(world: World) -> None:
    row = revised(world, approved(world, visit(world.county))[0], people=8)
    assert len(set(Change.objects.filter(entry=row.pk, ledger="visits").values_list("salt", flat=True))) == 2


# Protected values -----------------------------------------------------------------------------------------------------


def whole_database() -> str:
    """Everything that stands in any table, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found.append(repr(cursor.fetchall()))
    return "\n".join(found)


def test_an_id_number_stands_nowhere_in_the_clear(world: World) -> None:
    (row,) = approved(world, stay(world.county, date(2021, 3, 1), ID))
    revised(world, row, why="换证", id_number=protect("990000198001010025"))
    held = whole_database()
    assert "永寿县中学" in held  # what is not protected is found by this search
    assert ID not in held
    assert "990000198001010025" not in held


def test_an_id_number_is_shown_masked_in_the_history(world: World) -> None:
    (row,) = approved(world, stay(world.county, date(2021, 3, 1), ID))
    row = revised(world, row, id_number=protect("990000198001010025"))
    masked = Difference("身份证号", "990000**********17", "990000**********25")
    assert last_differences(row) == (masked,)


def test_the_same_id_number_sealed_again_is_no_change(world: World) -> None:
    (row,) = approved(world, stay(world.county, date(2021, 3, 1), ID))
    with pytest.raises(acts.Refused, match="没有变化"):
        acts.revise(row, {"id_number": protect(ID)}, world.jingjiang, "核对")


def test_no_name_enters_the_journal(world: World) -> None:
    approved(world, stay(world.county, date(2021, 3, 1), name="张示例甲"))
    with connection.cursor() as cursor:
        held: list[Any] = []
        for table in ("journal_transaction", "journal_posting", "journal_voucher", "journal_presence"):
            cursor.execute(f"SELECT * FROM {table}")
            held += cursor.fetchall()
    assert held
    assert "张示例甲" not in repr(held)


def test_the_model_rows_are_what_the_last_version_says(world: World) -> None:
    row = fresh(revised(world, approved(world, visit(world.county))[0], people=8))
    kept = Change.objects.get(ledger="visits", entry=row.pk, version=row.version)
    assert history.snapshot(Visit.objects.get(pk=row.pk)) == kept.payload


def test_zero_is_a_value_and_missing_is_another(world: World) -> None:
    (row,) = approved(world, visit(world.county, days=None))
    row = revised(world, row, days=0)
    assert last_differences(row) == (Difference("天数", "", "0"),)
    acts.revise(row, {"days": None}, world.jingjiang, "没有记")
