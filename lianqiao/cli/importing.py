"""`lianqiao import`, `imports`, `undo`: workbooks into the ledgers, and back out."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lianqiao.cli import show
from lianqiao.cli.options import CallWrong, DataWrong, existing_file, json_option, nodes, user, workbook_path
from lianqiao.cli.rows import guarded, ledger_named, tell

if TYPE_CHECKING:
    from lianqiao.ledger.columns import Problem
    from lianqiao.ledger.models import Entry
    from lianqiao.workbooks.commit import Outcome, Progress
    from lianqiao.workbooks.models import Import, Wording
    from lianqiao.workbooks.preview import Changed, Preview, Refusal, Twin
    from lianqiao.workbooks.reading import Ignored
    from lianqiao.workbooks.wording import Said


def add(commands: Any) -> None:
    bringing = commands.add_parser("import", help="读入一个工作簿")
    bringing.add_argument("ledger", metavar="LEDGER", help="台账代码或名称")
    bringing.add_argument("file", type=existing_file, metavar="FILE")
    bringing.add_argument("--pairing", help="行里没有写结对关系时归到哪个，如 靖江-永寿")
    bringing.add_argument("--dry-run", action="store_true", help="只查不写")
    bringing.add_argument("--as", dest="by", metavar="USER", help="由谁填报")
    bringing.add_argument("--approve-as", metavar="REVIEWER", help="同时由谁审核")
    bringing.add_argument("--good-rows", action="store_true", help="合格的行照写，只退回不合格的")
    bringing.add_argument("--errors", type=workbook_path, metavar="FILE", help="有行退回时，把标红的工作簿写到这里")
    bringing.add_argument("--only-refused", action="store_true", help="--errors 里只留退回的行")
    bringing.add_argument(
        "--map", action="append", default=[], metavar="他们的列=我们的列", help="这一列是我们的哪一列；记住"
    )
    bringing.add_argument(
        "--word", action="append", default=[], metavar="列:他们的词=我们的词", help="这个词是哪个选项；记住"
    )
    bringing.add_argument("--preview", action="store_true", help="对照台账预览，不写")
    json_option(bringing)
    bringing.set_defaults(run=run_import)
    wordings = commands.add_parser("mappings", help="列出本单位导入时记住的列名和用词，或忘掉一个")
    wordings.add_argument("--as", dest="by", metavar="USER", help="哪个用户的单位")
    wordings.add_argument("--forget", type=int, metavar="N", help="忘掉哪一个")
    json_option(wordings)
    wordings.set_defaults(run=run_mappings)
    listing = commands.add_parser("imports", help="列出导入")
    json_option(listing)
    listing.set_defaults(run=run_imports)
    undoing = commands.add_parser("undo", help="撤销一次导入")
    undoing.add_argument("number", type=int, metavar="IMPORT", help="导入的编号，见 lianqiao imports")
    undoing.add_argument("--as", dest="by", metavar="USER", help="由谁撤销")
    undoing.add_argument("--why", required=True, metavar="TEXT", help="缘由")
    json_option(undoing)
    undoing.set_defaults(run=run_undo)


def run_import(given: argparse.Namespace) -> int:
    model = ledger_named(given.ledger)
    if given.dry_run and (given.map or given.word):
        raise CallWrong("--dry-run 只看文件本身，不用 --map、--word。请用 --preview。")
    if given.dry_run:
        return dry_run(model, given)
    return preview_run(model, given) if given.preview else real_run(model, given)


def dry_run(model: type[Entry], given: argparse.Namespace) -> int:
    """Judges the file alone: nothing is looked up and nothing is written."""
    from lianqiao.ledger.registry import sheet_form
    from lianqiao.workbooks.reading import as_json, read

    reading = read(given.file, sheet_form(model))
    write_errors(given, reading.refused, reading.ignored)
    if given.json:
        show.as_json(as_json(reading))
    else:
        print_problems(reading.refused, reading.error)
        print(
            f"可录入 {len(reading.accepted)} 行，退回 {count_rows(reading.refused)} 行，略过 {len(reading.ignored)} 行。"
        )
    return 1 if reading.refused or reading.error else 0


def real_run(model: type[Entry], given: argparse.Namespace) -> int:
    from lianqiao.workbooks.commit import bring_in

    by = user(given.by)
    approver = user(given.approve_as, "--approve-as") if given.approve_as else None
    node = nodes([given.pairing])[0] if given.pairing else None
    more: dict[str, Any] = {"good_rows_only": given.good_rows, "progress": progress()}
    more["said"] = guarded(lambda: said(model, given))
    outcome = guarded(lambda: bring_in(model, given.file, by, approver=approver, node=node, **more))
    write_errors(given, outcome.refused, outcome.ignored)
    if given.json:
        show.as_json(outcome_json(outcome))
    else:
        print_outcome(outcome)
    return 1 if outcome.refused or outcome.error else 0


def preview_run(model: type[Entry], given: argparse.Namespace) -> int:
    from lianqiao.workbooks.preview import preview

    by = user(given.by)
    node = nodes([given.pairing])[0] if given.pairing else None
    told = guarded(lambda: preview(model, given.file, by, node=node, said=said(model, given), progress=progress()))
    if given.json:
        show.as_json(told.as_json())
    else:
        print_preview(told)
    return 1 if told.refused or told.error else 0


def said(model: type[Entry], given: argparse.Namespace) -> list[Said]:
    """What --map and --word say."""
    from lianqiao.workbooks import wording

    headings = [wording.heading(text, model) for text in given.map]
    return headings + [wording.word(text, model) for text in given.word]


def print_preview(told: Preview) -> None:
    if told.error:
        raise DataWrong(told.error)
    for refused in told.refused:
        meant = f"　是不是“{refused.suggestion}”？" if refused.suggestion else ""
        print(f"退回　{place(refused)}　{refused.message}{meant}")
    for row in told.changed:
        fields = "；".join(f"{d.heading} {d.old or '空'} → {d.new or '空'}" for d in row.differences)
        print(f"修订　{place(row)}　{row.number}：{fields}")
    for twin in told.twins:
        print(f"重复？　{place(twin)}　与 {'、'.join(twin.others)} 同一关键内容，可能重复计数")
    for warning in told.warnings:
        print(f"注意　{place(warning)}　{warning.message}")
    for column in told.unknown:
        print(f"不认得的列　{column.sheet}　{column.cell}　{column.heading}")
    counts = f"新增 {told.new} 行，修订 {len(told.changed)} 行，未变 {len(told.unchanged)} 行"
    print(f"共 {told.rows} 行：{counts}，退回 {told.refused_rows} 行，略过 {len(told.ignored)} 行。")


def place(told: Refusal | Changed | Twin | Problem) -> str:
    cell = getattr(told, "cell", None) or (f"第 {told.row} 行" if told.row else "")
    return "　".join(part for part in (told.sheet, cell) if part)


def progress() -> Progress:
    """Shows how far an import is, where standard error is a terminal."""
    from lianqiao.workbooks.commit import Stage, silent

    def show_stage(stage: Stage) -> None:
        of = f" {stage.done}/{stage.of}" if stage.of else ""
        sys.stderr.write(f"\r\x1b[K{stage.name}{of}")
        sys.stderr.flush()

    return show_stage if sys.stderr.isatty() else silent


def write_errors(given: argparse.Namespace, refused: list[Problem], ignored: list[Ignored]) -> None:
    """Gives the file back with its refused cells marked, where that was asked for."""
    from lianqiao.workbooks.writing_errors import error_workbook

    if given.errors and refused:
        error_workbook(given.file, refused, ignored, given.errors, only_refused=given.only_refused)
        if not given.json:
            print(f"退回的行已标在 {given.errors}：改好标红的格子再导入。")


def print_outcome(outcome: Outcome) -> None:
    print_problems(outcome.refused, outcome.error)
    for warning in outcome.warnings:
        print(f"注意　{place(warning)}　{warning.message}")
    told = f"录入 {len(outcome.written)} 行，修订 {len(outcome.revised)} 行，未变 {len(outcome.unchanged)} 行"
    print(f"共 {outcome.rows} 行：{told}，退回 {outcome.refused_rows} 行，略过 {len(outcome.ignored)} 行。")
    if outcome.held_back:
        print(f"另有 {outcome.held_back} 行合格而未录入：改好退回的行，整张表再导一次；或加 --good-rows 先录合格的。")
    if outcome.transaction:
        print(f"已记账：事务 #{outcome.transaction.number}，{outcome.transaction.postings} 条分录。")
    if outcome.kept:
        print(f"这是导入 #{outcome.kept.pk}；要整批撤销：lianqiao undo {outcome.kept.pk} --as 审核人 --why 缘由")


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    if outcome.error:
        return {"ledger": outcome.ledger, "error": outcome.error}
    return {
        "ledger": outcome.ledger,
        "import": outcome.kept.pk if outcome.kept else None,
        "rows": outcome.rows,
        "written": outcome.written,
        "revised": outcome.revised,
        "unchanged": outcome.unchanged,
        "refused": [problem_json(p) for p in outcome.refused],
        "held_back": outcome.held_back,
        "warnings": [problem_json(p) for p in outcome.warnings],
        "ignored": [{"sheet": i.sheet, "row": i.row, "why": i.why} for i in outcome.ignored],
        "transaction": outcome.transaction.number if outcome.transaction else None,
    }


def problem_json(problem: Problem) -> dict[str, Any]:
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "cell": problem.cell,
        "field": problem.field,
        "value": problem.value,
        "why": problem.why,
        "message": problem.message,
    }


def print_problems(problems: list[Problem], error: str | None) -> None:
    if error:
        raise DataWrong(error)
    for p in problems:
        print(f"{place(p)}　{p.message}")


def count_rows(problems: list[Problem]) -> int:
    return len({(p.sheet, p.row) for p in problems})


# What offices call things ---------------------------------------------------------------------------------------------


def run_mappings(given: argparse.Namespace) -> int:
    from lianqiao.workbooks import wording

    by = user(given.by)
    if given.forget is not None:
        gone = guarded(lambda: wording.forget(given.forget, by))
        tell(given.json, {"forgotten": given.forget}, f"已忘掉 #{given.forget}：{gone.theirs}")
        return 0
    kept = wording.remembered(by)
    if given.json:
        show.as_json([mapping_json(one) for one in kept])
    else:
        rows = [(str(one.pk), one.ledger, one.field, one.theirs, one.choice, one.by.username) for one in kept]
        show.table(("编号", "台账", "字段", "他们的写法", "我们的选项", "谁"), rows, right=(0,))
    return 0


def mapping_json(one: Wording) -> dict[str, Any]:
    return {"number": one.pk, "office": one.office, "ledger": one.ledger, "field": one.field, "theirs": one.theirs,
            "choice": one.choice or None, "by": one.by.username, "at": local(one.at).isoformat()}  # fmt: skip


# What was imported ---------------------------------------------------------------------------------------------------


def run_imports(given: argparse.Namespace) -> int:
    from lianqiao.workbooks.models import Import

    kept = list(Import.objects.select_related("by", "undone_by"))
    if given.json:
        show.as_json([import_json(one) for one in kept])
    else:
        heads = ("编号", "文件", "台账", "由谁", "何时", "录入", "修订", "未变", "退回", "略过", "状态")
        show.table(heads, [import_line(one) for one in kept], right=(0, 5, 6, 7, 8, 9))
    return 0


def import_line(one: Import) -> tuple[str, ...]:
    counts = (one.written, one.revised, one.unchanged, one.refused, one.ignored)
    state = f"已撤销：{one.undone_why}" if one.undone_at else "已录入"
    at = f"{local(one.at):%Y-%m-%d %H:%M}"
    return (str(one.pk), one.file, one.ledger, one.by.username, at, *map(str, counts), state)


def local(moment: datetime) -> datetime:
    from lianqiao.journal.clock import SHANGHAI

    return moment.astimezone(SHANGHAI)


def import_json(one: Import) -> dict[str, Any]:
    return {
        "import": one.pk,
        "file": one.file,
        "sha256": one.sha256,
        "ledger": one.ledger,
        "by": one.by.username,
        "at": local(one.at).isoformat(),
        "why": one.why,
        "transaction": one.transaction_id,
        "written": one.written,
        "revised": one.revised,
        "unchanged": one.unchanged,
        "refused": one.refused,
        "ignored": one.ignored,
        "undone": undone_json(one) if one.undone_at else None,
    }


def undone_json(one: Import) -> dict[str, Any]:
    assert one.undone_at is not None
    assert one.undone_by is not None
    return {
        "at": local(one.undone_at).isoformat(),
        "by": one.undone_by.username,
        "why": one.undone_why,
        "transaction": one.undone_in_id,
    }


def run_undo(given: argparse.Namespace) -> int:
    from lianqiao.workbooks.imports import undo
    from lianqiao.workbooks.models import Import

    by = user(given.by)
    made = Import.objects.filter(pk=given.number).first()
    if made is None:
        raise DataWrong(f"没有导入 #{given.number}。lianqiao imports 列出全部导入。")
    written = guarded(lambda: undo(made, by, given.why))
    told = {"undone": made.pk, "rows": made.written + made.revised, "transaction": written.number if written else None}
    sentence = f"已撤销导入 #{made.pk}：{told['rows']} 行"
    posted = f"，事务 #{written.number}，{written.postings} 条分录。" if written else "，未曾记账。"
    tell(given.json, told, sentence + posted)
    return 0
