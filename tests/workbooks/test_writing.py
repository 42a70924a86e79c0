"""Templates and exports: what a clerk gets, and that it reads back into itself."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianqiao.agreements.models import Meeting, Organisation, Resolution
from lianqiao.fields.exchange.models import Visit
from lianqiao.fields.funds.models import Donation, Receipt
from lianqiao.fields.talent.models import Secondment
from lianqiao.journal.figures import known_at
from lianqiao.journal.measures import MEASURES, Measure
from lianqiao.journal.models import Posting
from lianqiao.ledger import acts, evidence
from lianqiao.ledger.erasing import Held, erase
from lianqiao.ledger.fields import IdNumber
from lianqiao.ledger.protected import found_by, masked
from lianqiao.ledger.registry import data_fields, ledgers, sheet_form
from lianqiao.people.models import Access
from lianqiao.places.tree import Names
from lianqiao.workbooks import writing, writing_exports
from lianqiao.workbooks.commit import Outcome, bring_in
from lianqiao.workbooks.feeding import fed_by
from lianqiao.workbooks.reading import read
from lianqiao.workbooks.writing import FIRST, HEADER, columns, heading, note, told
from lianqiao.workbooks.writing_exports import NotDated, RowsLost, Scope, Told, export
from lianqiao.workbooks.writing_templates import template
from tests.cli.books import ID_NUMBER
from tests.rows import NEEDS, ROWS, entered
from tests.world import World, approved, fresh, stay, visit

pytestmark = pytest.mark.data


def in_template(world: World, ledger: str, path: Path) -> Path:
    """The ledger's template, filled by hand with the good row of that ledger and saved by another library."""
    model = ledgers()[ledger]
    for code in NEEDS.get(ledger, ()):
        (row,) = acts.create([ROWS[code](world.county)], world.admin)
        acts.approve([row], world.other_admin, despite_twins=True)
    template(path, [model], world.nodes)
    book = openpyxl.load_workbook(path)
    sheet = book[model.ledger.name]
    entry, teller = ROWS[ledger](world.county), Told(model, Names())
    for index, column in enumerate(columns(model), 1):
        field = next((f for f in data_fields(model) if f.name == column.field), None)
        value = ID_NUMBER if isinstance(field, IdNumber) else teller.cell(entry, column)
        sheet.cell(FIRST + 1, index).value = value
    book.save(path)
    return path


def unchanged(outcome: Outcome) -> int:
    """How many rows an import found as they are; it did nothing else."""
    assert (outcome.error, outcome.refused, outcome.written, outcome.revised) == (None, [], [], [])
    return len(outcome.unchanged)


def rows_of(path: Path, name: str) -> list[tuple[Any, ...]]:
    """The cells below the headings of a sheet, as another library reads them."""
    return list(openpyxl.load_workbook(path)[name].iter_rows(min_row=FIRST + 1, values_only=True))


@pytest.mark.parametrize("ledger", ROWS)
def test_a_filled_template_is_entered_and_its_export_changes_nothing(world: World, tmp_path: Path, ledger: str) -> None:
    model = ledgers()[ledger]
    path = in_template(world, ledger, tmp_path / "空表.xlsx")
    written = bring_in(model, path, world.admin, approver=world.other_admin, node=world.county)
    assert (written.error, written.refused, len(written.written)) == (None, [], 1)
    made = export(tmp_path / "导出.xlsx", [model], world.admin)
    held = model._base_manager.count()
    assert made.rows == {ledger: held}
    assert unchanged(bring_in(model, made.path, world.admin)) == held
    assert unchanged(bring_in(model, path, world.admin, node=world.county)) == 1  # nor does the filled template again


@pytest.mark.parametrize("ledger", ROWS)
def test_a_template_says_of_each_column_what_it_takes(tmp_path: Path, world: World, ledger: str) -> None:
    model = ledgers()[ledger]
    template(tmp_path / "空表.xlsx", [model], world.nodes)
    book = openpyxl.load_workbook(tmp_path / "空表.xlsx")
    sheet = book[model.ledger.name]
    assert sheet["A1"].value == model.ledger.name
    for cell, column in zip(sheet[HEADER + 1], columns(model), strict=False):
        assert cell.value == ("*" if column.required else "") + heading(column)
        assert note(model, column)[0] in cell.comment.text
        assert cell.protection.locked
        assert not sheet.cell(FIRST + 1, cell.column).protection.locked
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert sheet.freeze_panes == f"A{FIRST + 1}"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToHeight, sheet.print_title_rows) == (0, f"$1:${HEADER + 1}")
    assert read(tmp_path / "空表.xlsx", sheet_form(model)).accepted == []


def lists(sheet: Any) -> dict[str, str]:
    """The drop-downs of a sheet: the column's letter → its words."""
    found = {}
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "list":
            found[str(rule.sqref).rstrip("0123456789:ABCDEFGHIJKLMNOPQRSTUVWXYZ") or str(rule.sqref)[0]] = rule.formula1
    return found


def test_a_template_has_drop_downs_for_choices_yes_or_no_and_pairings(world: World, tmp_path: Path) -> None:
    template(tmp_path / "空表.xlsx", [ledgers()["jobs"]], world.nodes)
    book = openpyxl.load_workbook(tmp_path / "空表.xlsx")
    drops = lists(book["转移就业台账"])
    assert '"是,否"' in drops.values()
    assert '"东部结对地区,省内就近就地,其他地区"' in drops.values()
    assert "选项!$A$1:$A$6" in drops.values()
    assert book["选项"].sheet_state == "hidden"
    assert {cell.value for (cell,) in book["选项"]["A1:A6"]} >= {"靖江-永寿", "苏州-铜川"}


def test_too_many_pairings_are_not_offered(world: World, tmp_path: Path) -> None:
    template(tmp_path / "空表.xlsx", [Visit], [world.county] * (writing.FEW_NODES + 1))
    assert "选项" not in openpyxl.load_workbook(tmp_path / "空表.xlsx").sheetnames


@pytest.mark.parametrize("ledger", ROWS)
def test_the_measures_a_template_tells_of_are_those_that_rows_move(world: World, ledger: str) -> None:
    entered(world, ledger)
    moved = set(Posting.objects.filter(ledger=ledger).values_list("measure__code", flat=True))
    assert moved <= {measure.code for measure in fed_by(ledgers()[ledger])}


def test_every_measure_is_fed_by_a_ledger_of_rows() -> None:
    fed = {measure.code for code, model in ledgers().items() if code != "opening" for measure in fed_by(model)}
    assert fed == {measure.code for measure in MEASURES.values() if isinstance(measure, Measure)}


def test_every_column_is_told_of_and_nothing_else() -> None:
    held = {(code, column.field) for code, model in ledgers().items() for column in sheet_form(model).columns}
    common = {field for ledger, field in told() if ledger == "*"}
    assert {key for key in told() if key[0] != "*"} == {key for key in held if key[1] not in common}


def test_a_template_of_several_ledgers_has_a_sheet_each_and_one_of_explanations(world: World, tmp_path: Path) -> None:
    template(tmp_path / "空表.xlsx", [Visit, Receipt], world.nodes)
    book = openpyxl.load_workbook(tmp_path / "空表.xlsx")
    assert book.sheetnames == ["互访台账", "财政协作资金到账台账", "说明", "选项"]
    shown = [cell for row in book["说明"].iter_rows(values_only=True) for cell in row if cell]
    assert "visits.person_times" in shown
    assert MEASURES["visits.person_times"].definition in shown


# Exports --------------------------------------------------------------------------------------------------------------


def test_an_export_says_what_when_by_whom_and_as_of_which_transaction(world: World, tmp_path: Path) -> None:
    approved(world, visit(world.county), visit(world.town, people=3))
    made = export(tmp_path / "导出.xlsx", [Visit, Receipt], world.auditor)
    assert made.rows == {"visits": 2, "receipts": 0}
    text = "".join(
        str(cell) for row in openpyxl.load_workbook(made.path)["说明"].iter_rows(values_only=True) for cell in row
    )
    head = known_at()
    assert f"事务 #{head.number}" in text
    assert head.hash in text
    assert "auditor" in text


def test_an_export_is_kept_in_the_access_log(world: World, tmp_path: Path) -> None:
    approved(world, visit(world.county))
    export(tmp_path / "导出.xlsx", [Visit], world.auditor, Scope((world.county,), start=date(2021, 1, 1)))
    (kept,) = Access.objects.all()
    assert (kept.by, kept.act, kept.count) == ("auditor", Access.Act.EXPORT, 1)
    assert kept.what == "互访台账 1 行（靖江市—永寿县，2021-01-01 以来）"


def test_an_export_holds_what_the_exporter_may_see(world: World, tmp_path: Path) -> None:
    approved(world, visit(world.county), visit(world.town))
    acts.create([visit(world.elsewhere)], world.stranger)
    acts.create([Organisation(name="示例公司", kind="企业", place="永寿县")], world.admin)
    assert export(tmp_path / "1.xlsx", [Visit, Organisation], world.auditor).rows == {"visits": 2, "organisations": 0}
    assert export(tmp_path / "2.xlsx", [Visit], world.stranger).rows == {"visits": 1}
    assert export(tmp_path / "3.xlsx", [Visit, Organisation], None).rows == {"visits": 3, "organisations": 1}


def test_who_sees_only_figures_exports_no_rows_and_a_stranger_learns_nothing(world: World, tmp_path: Path) -> None:
    with pytest.raises(PermissionDenied):
        export(tmp_path / "1.xlsx", [Visit], world.leader)
    with pytest.raises(Http404):
        export(tmp_path / "1.xlsx", [Visit], world.stranger, Scope((world.county,)))
    assert not list(tmp_path.iterdir())
    assert not Access.objects.exists()


def test_an_export_can_be_of_a_pairing_of_days_and_of_a_state(world: World, tmp_path: Path) -> None:
    first, _ = approved(world, visit(world.county, date(2021, 3, 1)), visit(world.town, date(2021, 5, 1)))
    acts.create([visit(world.county, date(2021, 7, 1), purpose="示例")], world.jingjiang)

    def days(**scope: Any) -> list[str]:
        made = export(tmp_path / "导出.xlsx", [Visit], world.admin, Scope(**scope))
        return [f"{row[1]:%m-%d}" for row in rows_of(made.path, "互访台账")]

    assert days() == ["03-01", "05-01", "07-01"]
    assert days(nodes=(world.town,)) == ["05-01"]
    assert days(start=date(2021, 5, 1), until=date(2021, 5, 1)) == ["05-01"]
    assert days(state="submitted") == ["07-01"]
    acts.void(first, world.yongshou, "示例")
    assert days() == ["05-01", "07-01"]
    assert days(state="void") == ["03-01"]


def test_a_donation_is_of_the_days_of_its_pledge_and_of_its_receipt(world: World, tmp_path: Path) -> None:
    entered(world, "donations")  # pledged on 12 October, received on 1 November
    for day in (date(2021, 10, 12), date(2021, 11, 1)):
        assert export(tmp_path / "导出.xlsx", [Donation], None, Scope(start=day, until=day)).count == 1
    between = Scope(start=date(2021, 10, 13), until=date(2021, 10, 31))
    assert export(tmp_path / "导出.xlsx", [Donation], None, between).count == 0


def test_a_ledger_without_days_is_not_exported_for_some(world: World, tmp_path: Path) -> None:
    with pytest.raises(NotDated):
        export(tmp_path / "导出.xlsx", [Organisation], None, Scope(start=date(2021, 1, 1)))


def test_money_is_in_yuan_and_days_are_days(world: World, tmp_path: Path) -> None:
    entered(world, "receipts")
    sheet = openpyxl.load_workbook(export(tmp_path / "导出.xlsx", [Receipt], None).path)["财政协作资金到账台账"]
    cells = {cell.value: sheet.cell(FIRST + 1, cell.column) for cell in sheet[HEADER + 1]}
    assert (cells["金额(元)"].value, cells["金额(元)"].number_format) == (3_000_000, "#,##0.00")
    assert (cells["到账日期"].is_date, cells["到账日期"].number_format) == (True, "yyyy-mm-dd")
    assert (cells["资金年度"].value, cells["资金年度"].number_format) == (2021, "0")
    assert (cells["编号"].value, cells["状态"].value) == ("DZ-2021-0001", "已审核")


def test_an_id_number_never_leaves_in_the_clear_and_comes_back_as_it_was(world: World, tmp_path: Path) -> None:
    (row,) = approved(world, stay(world.county, date(2021, 3, 1), ID_NUMBER))
    made = export(tmp_path / "导出.xlsx", [Secondment], world.admin)
    with zipfile.ZipFile(made.path) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
    assert ID_NUMBER not in everything
    assert masked(row.id_number) in everything
    assert unchanged(bring_in(Secondment, made.path, world.jingjiang)) == 1
    edited(made.path, "干部人才选派台账", "接收单位", "永寿示例医院")
    outcome = bring_in(Secondment, made.path, world.jingjiang, approver=world.yongshou)
    assert outcome.revised == [row.number]
    assert found_by(fresh(row).id_number) == found_by(row.id_number)
    assert fresh(row).host_org == "永寿示例医院"


def test_a_row_whose_personal_data_was_erased_changes_nothing(world: World, tmp_path: Path) -> None:
    (row,) = approved(
        world,
        stay(world.county, date(2021, 3, 1), ID_NUMBER, evidence=[evidence.keep(b"1", "选派文件.pdf", "选派文件")]),
    )
    erase([Held(row)], world.admin, "本人要求")
    made = export(tmp_path / "导出.xlsx", [Secondment], world.admin)
    assert rows_of(made.path, "干部人才选派台账")[0][1:3] == ("***（已删除）", "***（已删除）")
    assert unchanged(bring_in(Secondment, made.path, world.jingjiang)) == 1


def edited(path: Path, sheet: str, column: str, value: Any) -> None:
    """Changes one cell of the first row, as a clerk would."""
    book = openpyxl.load_workbook(path)
    (at,) = [cell.column for cell in book[sheet][HEADER + 1] if cell.value == column]
    book[sheet].cell(FIRST + 1, at).value = value
    book.save(path)


def test_a_cell_that_was_emptied_is_a_change(world: World, tmp_path: Path) -> None:
    (row,) = approved(world, visit(world.county, notes="示例", days=3))
    made = export(tmp_path / "导出.xlsx", [Visit], world.admin)
    edited(made.path, "互访台账", "备注", None)
    edited(made.path, "互访台账", "天数", None)
    bring_in(Visit, made.path, world.jingjiang, approver=world.yongshou)
    assert Visit.objects.filter(pk=row.pk, notes="", days=None).exists()


def test_a_masked_id_number_of_somebody_else_is_refused(world: World, tmp_path: Path) -> None:
    approved(world, stay(world.county, date(2021, 3, 1), ID_NUMBER))
    made = export(tmp_path / "导出.xlsx", [Secondment], world.admin)
    edited(made.path, "干部人才选派台账", "身份证号", "990001**********17")
    (problem,) = bring_in(Secondment, made.path, world.jingjiang).refused
    assert (problem.field, problem.why, problem.cell) == ("id_number", "bad_id", "C4")


def test_a_masked_id_number_of_a_new_row_is_refused(world: World, tmp_path: Path) -> None:
    approved(world, stay(world.county, date(2021, 3, 1), ID_NUMBER))
    made = export(tmp_path / "导出.xlsx", [Secondment], world.admin)
    edited(made.path, "干部人才选派台账", "编号", None)
    assert [problem.why for problem in bring_in(Secondment, made.path, world.jingjiang).refused] == ["bad_id"]


def test_evidence_that_is_not_beside_an_export_stays(world: World, tmp_path: Path) -> None:
    pieces = [evidence.keep(b"1", "通知、签到表.pdf", "通知"), evidence.keep(b"2", "照片.jpg", "照片")]
    (row,) = approved(world, visit(world.county, evidence=pieces))
    made = export(tmp_path / "导出.xlsx", [Visit], world.admin)
    assert unchanged(bring_in(Visit, made.path, world.jingjiang)) == 1
    edited(made.path, "互访台账", "佐证材料", "照片.jpg")
    bring_in(Visit, made.path, world.jingjiang, approver=world.yongshou)
    assert fresh(row).evidence == pieces[1:]


def test_evidence_beside_an_export_that_is_another_file_is_a_change(world: World, tmp_path: Path) -> None:
    (row,) = approved(world, visit(world.county, evidence=[evidence.keep(b"1", "通知.pdf", "通知")]))
    made = export(tmp_path / "导出.xlsx", [Visit], world.admin)
    (tmp_path / "佐证材料").mkdir()
    (tmp_path / "佐证材料" / "通知.pdf").write_bytes(b"2")
    assert bring_in(Visit, made.path, world.jingjiang).revised == [row.number]


def test_evidence_that_nobody_has_is_still_refused(world: World, tmp_path: Path) -> None:
    approved(world, visit(world.county))
    made = export(tmp_path / "导出.xlsx", [Visit], world.admin)
    edited(made.path, "互访台账", "佐证材料", "没有.pdf")
    assert [problem.why for problem in bring_in(Visit, made.path, world.jingjiang).refused] == ["not_found"]


def test_an_export_shows_what_counts_and_does_not_take_back_a_revision_that_waits(world: World, tmp_path: Path) -> None:
    (row,) = approved(world, visit(world.county, people=6))
    acts.revise(row, {"people": 9}, world.jingjiang, "核对")
    made = export(tmp_path / "导出.xlsx", [Visit], world.admin)
    ((*_, state),) = rows_of(made.path, "互访台账")
    assert state == "已审核（修订待审）"
    assert 6 in rows_of(made.path, "互访台账")[0]
    assert unchanged(bring_in(Visit, made.path, world.jingjiang)) == 1
    assert fresh(row).pending is not None


def test_a_link_is_named_by_what_finds_it_alone(world: World, tmp_path: Path) -> None:
    meetings = [
        Meeting(node=world.county, occurred_on=date(2021, n, 1), title="示例会议", kind="专题会议") for n in (1, 2)
    ]
    other = Meeting(node=world.county, occurred_on=date(2021, 3, 1), title="另一会议", kind="专题会议")
    first, second, third = approved(world, *meetings, other)
    due = {"owner": "示例单位", "due": date(2021, 12, 31), "node": world.county}
    approved(world, *(Resolution(meeting=m, text=f"示例{m.number}", **due) for m in (first, second, third)))
    made = export(tmp_path / "导出.xlsx", [Resolution], world.admin)
    assert [row[1] for row in rows_of(made.path, "议定事项台账")] == [first.number, second.number, "另一会议"]
    assert unchanged(bring_in(Resolution, made.path, world.admin)) == 3


def test_several_ledgers_in_one_workbook_are_told_apart(world: World, tmp_path: Path) -> None:
    codes = ["organisations", "outlets", "workshops", "products", "projects", "parks"]
    for code in codes:
        entered(world, code)
    made = export(tmp_path / "导出.xlsx", [ledgers()[code] for code in codes], None)
    for code in codes:
        assert unchanged(bring_in(ledgers()[code], made.path, world.admin)) == 1, code


def test_a_lost_row_is_noticed_and_no_file_is_left(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(world, visit(world.county), visit(world.town))
    whole = writing_exports.read
    monkeypatch.setattr(writing_exports, "read", lambda *asked: list(whole(*asked))[1:])
    with pytest.raises(RowsLost):
        export(tmp_path / "导出.xlsx", [Visit], None)
    assert not list(tmp_path.iterdir())


def test_an_export_replaces_an_earlier_one_whole(world: World, tmp_path: Path) -> None:
    path = tmp_path / "导出.xlsx"
    path.write_text("以前的")
    assert export(path, [Visit], None).count == 0
    assert [file.name for file in tmp_path.iterdir()] == ["导出.xlsx"]
    assert openpyxl.load_workbook(path).sheetnames == ["互访台账", "说明"]


def test_a_text_longer_than_a_cell_holds_is_told_of(world: World, tmp_path: Path) -> None:
    approved(world, visit(world.county, notes="长" * 32_768))
    with pytest.raises(writing.DoesNotFit):
        export(tmp_path / "导出.xlsx", [Visit], None)


# Texts ----------------------------------------------------------------------------------------------------------------

SIGNS = st.sampled_from(["=", "+", "-", "@", "\t=", "\r=", "＝", "=cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "'", '="1"'])
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=20)
TEXTS = st.builds(lambda sign, words: f"{sign}{words}x", SIGNS, WORDS)


@pytest.fixture
def one_visit(world: World) -> tuple[World, Visit]:
    (row,) = approved(world, visit(world.county))
    return world, row


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, min_size=3, max_size=3))
def test_texts_that_look_like_formulas_go_out_and_come_back_as_they_are(
    one_visit: tuple[World, Visit], tmp_path: Path, texts: list[str]
) -> None:
    world, row = one_visit
    purpose, places, notes = texts
    Visit.objects.filter(pk=row.pk).update(purpose=purpose, places=places, notes=notes)
    made = export(tmp_path / "导出.xlsx", [Visit], None)
    with zipfile.ZipFile(made.path) as archive:
        assert not re.search(rb"<f[\s>/]", archive.read("xl/worksheets/sheet1.xml"))
    assert unchanged(bring_in(Visit, made.path, world.jingjiang)) == 1


@pytest.mark.parametrize("text", ["—", "无", " 两头有空格 ", "一行\n又一行", "同 上", "#备注", "'引号"])
def test_texts_that_a_reader_smooths_change_nothing_either(world: World, tmp_path: Path, text: str) -> None:
    approved(world, visit(world.county, notes=text, purpose=text))
    made = export(tmp_path / "导出.xlsx", [Visit], None)
    assert unchanged(bring_in(Visit, made.path, world.jingjiang)) == 1
