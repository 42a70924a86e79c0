"""`lianqiao import`, `approve`, `void`: rows into the ledgers and through review, from the terminal."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lianqiao.fields.exchange.models import Visit
from lianqiao.journal.models import Transaction
from lianqiao.ledger import acts
from lianqiao.ledger.models import State
from lianqiao.people.models import Grant, User
from lianqiao.workbooks.models import Import
from tests.cli.books import ID_NUMBER, book, posting_of, trip
from tests.cli.conftest import Lianqiao
from tests.cli.sample import run
from tests.cli.test_figures import refused
from tests.world import World, approved, fresh, person, value, visit

pytestmark = pytest.mark.data
CHINESE = re.compile("[\u4e00-\u9fff]")
BOTH = ("--as", "jingjiang", "--approve-as", "yongshou")


# Dry run --------------------------------------------------------------------------------------------------------------


def messy(folder: Path) -> Path:
    """One good row, one with two bad cells, a sum and a note."""
    bad = trip(日期="10月中旬", 人数="约10")
    return book(folder / "互访.xlsx", trip(), bad, {"日期": "合计", "人数": 9}, {"日期": "注：示例"})


def test_a_dry_run_has_the_keys_of_the_contract(world: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    done = lianqiao("import", "visits", messy(tmp_path), "--dry-run", "--json")
    told = done.json
    assert (done.status, set(told), told["ledger"]) == (1, {"ledger", "accepted", "refused", "ignored"}, "visits")
    (row,) = told["accepted"]
    assert (row["sheet"], row["row"], row["values"]["occurred_on"], row["values"]["people"]) == (
        "台账",
        2,
        "2021-10-12",
        9,
    )
    keys = {"sheet", "row", "cell", "field", "value", "why", "message"}
    assert [set(bad) for bad in told["refused"]] == [keys, keys]
    assert {(b["sheet"], b["row"], b["cell"], b["field"], b["value"], b["why"]) for b in told["refused"]} == {
        ("台账", 3, "A3", "occurred_on", "10月中旬", "bad_date"),
        ("台账", 3, "E3", "people", "约10", "bad_number"),
    }
    assert [(i["sheet"], i["row"], i["why"]) for i in told["ignored"]] == [
        ("台账", 1, "header"),
        ("台账", 4, "subtotal"),
        ("台账", 5, "note"),
    ]


def test_money_in_a_dry_run_is_in_cents(world: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    row = {"到账日期": date(2021, 4, 1), "来源": "县级财政", "金额(万元)": 12.5}
    done = lianqiao("import", "receipts", book(tmp_path / "到账.xlsx", row), "--dry-run", "--json")
    assert (done.status, done.json["accepted"][0]["values"]["amount"]) == (0, 12_500_000)


def test_a_dry_run_writes_nothing_and_asks_for_nobody(world: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    done = lianqiao("import", "visits", book(tmp_path / "互访.xlsx", trip(结对关系="没有-这个")), "--dry-run")
    assert done.status == 0
    assert done.out.splitlines()[-1] == "可录入 1 行，退回 0 行，略过 1 行。"
    assert Visit.objects.count() == 0


def test_people_read_each_bad_cell_with_its_place(world: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    done = lianqiao("import", "互访台账", messy(tmp_path), "--dry-run")
    date_line, people_line, last = done.out.splitlines()
    assert done.status == 1
    assert "A3" in date_line
    assert "“10月中旬”" in date_line
    assert "E3" in people_line
    assert "“约10”" in people_line
    assert last == "可录入 1 行，退回 1 行，略过 3 行。"


def test_a_file_that_cannot_be_read_is_told_to_programs(world: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04")
    done = lianqiao("import", "visits", tmp_path / "坏.xlsx", "--dry-run", "--json")
    assert (done.status, set(done.json)) == (1, {"ledger", "error"})
    assert CHINESE.search(done.json["error"])


@pytest.mark.parametrize("dry", [("--dry-run",), BOTH])
def test_a_file_that_cannot_be_read_is_told_to_people(
    world: World, lianqiao: Lianqiao, tmp_path: Path, dry: tuple[str, ...]
) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"")
    refused(lianqiao("import", "visits", tmp_path / "坏.xlsx", *dry), 1)


def test_a_dry_run_needs_no_instance(tmp_path: Path) -> None:
    """Nothing is looked up: in a process of its own, in a folder where nothing is."""
    path = book(tmp_path / "互访.xlsx", trip())
    done = run("import", "visits", path, "--dry-run", "--json", cwd=tmp_path)
    assert (done.status, len(done.json["accepted"])) == (0, 1)
    assert [f.name for f in tmp_path.iterdir()] == ["互访.xlsx"]


# Import ---------------------------------------------------------------------------------------------------------------


def test_an_import_is_told_to_programs(world: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    done = lianqiao("import", "visits", book(tmp_path / "互访.xlsx", trip()), *BOTH, "--json")
    told: dict[str, Any] = done.json
    assert done.status == 0
    assert {key: told[key] for key in ("ledger", "written", "revised", "unchanged", "refused")} == {
        "ledger": "visits", "written": ["HF-2021-0001"], "revised": [], "unchanged": [], "refused": [],
    }  # fmt: skip
    assert told["transaction"] == Transaction.objects.latest("number").number
    assert told["import"] == Import.objects.get().pk
    assert [i["why"] for i in told["ignored"]] == ["header"]
    assert value("visits.batches", world.county) == 1


def test_an_import_is_told_to_people(world: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    done = lianqiao("import", "visits", book(tmp_path / "互访.xlsx", trip()), *BOTH)
    last, kept = Transaction.objects.latest("number"), Import.objects.get()
    assert done.out.splitlines() == [
        "共 2 行：录入 1 行，修订 0 行，未变 0 行，退回 0 行，略过 1 行。",
        f"已记账：事务 #{last.number}，{last.postings} 条分录。",
        f"这是导入 #{kept.pk}；要整批撤销：lianqiao undo {kept.pk} --as 审核人 --why 缘由",
    ]


def test_an_import_without_a_reviewer_waits(world: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    done = lianqiao("import", "visits", book(tmp_path / "互访.xlsx", trip()), "--as", "jingjiang", "--json")
    assert (done.status, done.json["transaction"]) == (0, None)
    assert Visit.objects.get().state == State.SUBMITTED


def test_an_import_puts_rows_where_the_option_says(world: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    path = book(tmp_path / "互访.xlsx", trip(结对关系=None))
    assert lianqiao("import", "visits", path, "--pairing", "新桥-监军", *BOTH).status == 0
    assert Visit.objects.get().node == world.town


def test_one_bad_name_and_the_good_rows_are_held_back(world: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    path = book(tmp_path / "互访.xlsx", trip(), trip(事由="示例之二", 结对关系="靖江-长武"))
    done = lianqiao("import", "visits", path, *BOTH)
    assert done.status == 1
    first, second, third = done.out.splitlines()
    assert first.startswith("台账　F3　")
    assert "靖江-长武" in first
    assert second == "共 3 行：录入 0 行，修订 0 行，未变 0 行，退回 1 行，略过 1 行。"
    assert "1 行合格而未录入" in third
    assert Visit.objects.count() == 0


def test_the_good_rows_are_written_where_the_option_says_so(world: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    path = book(tmp_path / "互访.xlsx", trip(), trip(事由="示例之二", 结对关系="靖江-长武"))
    done = lianqiao("import", "visits", path, *BOTH, "--good-rows", "--json")
    assert (done.status, len(done.json["written"]), len(done.json["refused"]), done.json["rows"]) == (1, 1, 1, 3)
    assert value("visits.batches", world.county) == 1


def test_one_bad_name_is_told_to_programs_with_its_cell(world: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    done = lianqiao("import", "visits", book(tmp_path / "互访.xlsx", trip(结对关系="靖江-长武")), *BOTH, "--json")
    (bad,) = done.json["refused"]
    assert (done.status, bad["sheet"], bad["row"], bad["cell"], bad["field"]) == (1, "台账", 2, "F2", "pairing")
    assert (done.json["written"], done.json["transaction"]) == ([], None)


def test_an_id_number_is_printed_nowhere(world: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    done = lianqiao("import", "secondments", book(tmp_path / "选派.xlsx", posting_of()), *BOTH, "--json")
    assert done.status == 0
    assert ID_NUMBER not in done.out
    assert ID_NUMBER not in lianqiao("trace", "talent.total", "--json").out


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ((), 2),
        (("--as", "nobody"), 2),
        (("--as", "jingjiang", "--approve-as", "nobody"), 2),
        (("--as", "stranger"), 1),
        (("--as", "auditor"), 1),
        (("--as", "jingjiang", "--approve-as", "jingjiang"), 1),
        (("--as", "jingjiang", "--approve-as", "stranger"), 1),
    ],
)
def test_who_may_not_enter_rows_is_told_so(
    world: World, lianqiao: Lianqiao, tmp_path: Path, who: tuple[str, ...], status: int
) -> None:
    refused(lianqiao("import", "visits", book(tmp_path / "互访.xlsx", trip()), *who), status)
    assert Visit.objects.count() == 0


def test_who_fills_in_and_approves_is_told_that_these_are_two_people(
    world: World, lianqiao: Lianqiao, tmp_path: Path
) -> None:
    person("both", Grant.Role.COORDINATOR, world.county)
    done = lianqiao("import", "visits", book(tmp_path / "互访.xlsx", trip()), "--as", "both", "--approve-as", "both")
    assert done.status == 1
    assert "不能是同一人" in done.out + done.err
    assert Visit.objects.count() == 0


def test_a_user_who_has_left_may_do_nothing(world: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    User.objects.filter(username="jingjiang").update(is_active=False)
    refused(lianqiao("import", "visits", book(tmp_path / "互访.xlsx", trip()), "--as", "jingjiang"), 2, "jingjiang")


@pytest.mark.parametrize("more", [("--dry-run",), BOTH])
def test_an_unknown_ledger_is_refused_and_the_known_ones_are_named(
    world: World, lianqiao: Lianqiao, tmp_path: Path, more: tuple[str, ...]
) -> None:
    refused(lianqiao("import", "trips", book(tmp_path / "互访.xlsx", trip()), *more), 2, "trips", "visits")


def test_a_file_that_is_not_there_is_refused(world: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    refused(lianqiao("import", "visits", tmp_path / "没有.xlsx", "--dry-run"), 2, "没有.xlsx")


def test_an_unknown_pairing_is_refused(world: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    refused(
        lianqiao("import", "visits", book(tmp_path / "互访.xlsx", trip()), *BOTH, "--pairing", "靖江-长武"),
        2,
        "靖江-长武",
    )


# Preview --------------------------------------------------------------------------------------------------------------


def test_a_preview_is_told_to_people(world: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    (old,) = approved(world, visit(world.county))
    rows = trip(事由="对接产业协作", 带队领导="示例", 编号=old.number), trip(层级="县处级"), {"日期": "合计", "人数": 7}
    done = lianqiao("import", "visits", book(tmp_path / "互访.xlsx", *rows), "--preview", "--as", "jingjiang")
    refused_line, changed, warning, last = done.out.splitlines()
    assert done.status == 1
    assert refused_line.endswith("是不是“县级”？")
    assert changed.endswith(f"{old.number}：人数 6 → 9")
    assert warning.startswith("注意")
    assert last == "共 4 行：新增 0 行，修订 1 行，未变 0 行，退回 1 行，略过 2 行。"
    assert Visit.objects.count() == 1


def test_a_preview_is_told_to_programs(world: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    done = lianqiao("import", "visits", book(tmp_path / "a.xlsx", trip()), "--preview", "--as", "jingjiang", "--json")
    assert (done.status, done.json["new"], done.json["rows"], done.json["refused"]) == (0, 1, 2, [])
    assert Visit.objects.count() == 0


def test_a_preview_asks_who_looks(world: World, lianqiao: Lianqiao, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", trip())
    refused(lianqiao("import", "visits", path, "--preview"), 2, "--as")
    refused(lianqiao("import", "visits", path, "--preview", "--as", "stranger"), 1)


# Imports and undo ---------------------------------------------------------------------------------------------------


@pytest.fixture
def imported(world: World, lianqiao: Lianqiao, tmp_path: Path) -> int:
    """The number of an import of two visits."""
    path = book(tmp_path / "十月互访.xlsx", trip(), trip(事由="示例之二"))
    return int(lianqiao("import", "visits", path, *BOTH, "--json").json["import"])


def test_imports_are_listed_for_programs(world: World, lianqiao: Lianqiao, imported: int) -> None:
    (told,) = lianqiao("imports", "--json").json
    counts = {key: told[key] for key in ("written", "revised", "unchanged", "refused", "ignored")}
    assert counts == {"written": 2, "revised": 0, "unchanged": 0, "refused": 0, "ignored": 1}
    assert (told["import"], told["file"], told["ledger"], told["by"]) == (
        imported,
        "十月互访.xlsx",
        "visits",
        "jingjiang",
    )
    assert (told["transaction"], told["undone"]) == (Transaction.objects.latest("number").number, None)


def test_imports_are_listed_for_people(world: World, lianqiao: Lianqiao, imported: int) -> None:
    *_, line = lianqiao("imports").out.splitlines()
    assert line.split()[:4] == [str(imported), "十月互访.xlsx", "visits", "jingjiang"]
    assert line.endswith("已录入")
    lianqiao("undo", imported, "--as", "yongshou", "--why", "选错了文件")
    assert lianqiao("imports").out.splitlines()[-1].endswith("已撤销：选错了文件")


def test_an_import_is_undone(world: World, lianqiao: Lianqiao, imported: int) -> None:
    done = lianqiao("undo", imported, "--as", "yongshou", "--why", "选错了文件", "--json")
    last = Transaction.objects.latest("number")
    assert (done.status, done.json) == (0, {"undone": imported, "rows": 2, "transaction": last.number})
    assert value("visits.batches", world.county) == 0
    (told,) = lianqiao("imports", "--json").json
    assert (told["undone"]["by"], told["undone"]["why"], told["undone"]["transaction"]) == (
        "yongshou",
        "选错了文件",
        last.number,
    )


def test_an_undoing_is_told_to_people(world: World, lianqiao: Lianqiao, imported: int) -> None:
    done = lianqiao("undo", imported, "--as", "yongshou", "--why", "选错了文件")
    last = Transaction.objects.latest("number")
    assert done.out == f"已撤销导入 #{imported}：2 行，事务 #{last.number}，{last.postings} 条分录。\n"


@pytest.mark.parametrize(
    ("who", "why", "status"),
    [("jingjiang", "选错", 1), ("stranger", "选错", 1), ("nobody", "选错", 2), ("yongshou", " ", 1)],
)
def test_an_undoing_against_the_rules_is_refused(
    world: World, lianqiao: Lianqiao, imported: int, who: str, why: str, status: int
) -> None:
    refused(lianqiao("undo", imported, "--as", who, "--why", why), status)
    assert value("visits.batches", world.county) == 2


def test_an_unknown_import_is_refused(world: World, lianqiao: Lianqiao) -> None:
    refused(lianqiao("undo", 999_999, "--as", "yongshou", "--why", "选错"), 1, "999999")


# Approve and void -----------------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(world: World) -> list[str]:
    """The 编号 of two visits that wait for review."""
    rows = acts.create([visit(world.county), visit(world.county, purpose="示例之二")], world.jingjiang)
    return [row.number for row in rows]


def test_rows_are_approved_as_one_transaction(world: World, lianqiao: Lianqiao, waiting: list[str]) -> None:
    before = Transaction.objects.count()
    done = lianqiao("approve", "visits", *waiting, "--as", "yongshou", "--json")
    last = Transaction.objects.latest("number")
    assert (done.status, Transaction.objects.count()) == (0, before + 1)
    assert done.json == {
        "approved": waiting, "transaction": last.number, "postings": last.postings, "hash": last.hash,
    }  # fmt: skip
    assert value("visits.batches", world.county) == 2


def test_an_approval_is_told_to_people(world: World, lianqiao: Lianqiao, waiting: list[str]) -> None:
    done = lianqiao("approve", "互访台账", *waiting, "--as", "yongshou")
    last = Transaction.objects.latest("number")
    assert done.out == f"已通过 2 行：事务 #{last.number}，{last.postings} 条分录。\n"


def test_one_row_that_cannot_be_approved_and_none_is(world: World, lianqiao: Lianqiao, waiting: list[str]) -> None:
    (passed,) = approved(world, visit(world.county, purpose="示例之三"))
    refused(lianqiao("approve", "visits", *waiting, passed.number, "--as", "yongshou"), 1, passed.number, "待审")
    assert value("visits.batches", world.county) == 1


def test_an_unknown_number_is_refused(world: World, lianqiao: Lianqiao, waiting: list[str]) -> None:
    refused(lianqiao("approve", "visits", *waiting, "HF-2021-0999", "--as", "yongshou"), 1, "互访台账", "HF-2021-0999")
    assert value("visits.batches", world.county) is None


@pytest.mark.parametrize(
    ("user", "status", "words"),
    [
        ("jingjiang", 1, ()),
        ("stranger", 1, ()),
        ("auditor", 1, ()),
        ("nobody", 2, ("nobody",)),
    ],
)
def test_who_may_not_review_does_not_approve(
    world: World, lianqiao: Lianqiao, waiting: list[str], user: str, status: int, words: tuple[str, ...]
) -> None:
    refused(lianqiao("approve", "visits", *waiting, "--as", user), status, *words)
    assert value("visits.batches", world.county) is None


def test_nobody_approves(world: World, lianqiao: Lianqiao, waiting: list[str]) -> None:
    refused(lianqiao("approve", "visits", *waiting), 2, "--as")


def test_nobody_approves_their_own_row(world: World, lianqiao: Lianqiao) -> None:
    both = person("both", Grant.Role.COORDINATOR, world.county)
    (row,) = acts.create([visit(world.county)], both)
    refused(lianqiao("approve", "visits", row.number, "--as", "both"), 1, row.number, "不能是同一人")


def test_a_row_is_voided_with_a_reason(world: World, lianqiao: Lianqiao) -> None:
    (row,) = approved(world, visit(world.county))
    done = lianqiao("void", "visits", row.number, "--as", "yongshou", "--why", "重复录入", "--json")
    last = Transaction.objects.latest("number")
    assert (done.status, done.json) == (0, {"voided": row.number, "transaction": last.number})
    assert (last.kind, last.why, fresh(row).state) == ("void", "重复录入", State.VOID)
    assert value("visits.batches", world.county) == 0


def test_a_voiding_is_told_to_people(world: World, lianqiao: Lianqiao) -> None:
    (row,) = approved(world, visit(world.county))
    done = lianqiao("void", "visits", row.number, "--as", "yongshou", "--why", "重复录入")
    last = Transaction.objects.latest("number")
    assert done.out == f"已作废 {row.number}：事务 #{last.number}，冲回 {last.postings} 条分录。\n"


def test_voiding_what_never_counted_is_no_transaction(world: World, lianqiao: Lianqiao, waiting: list[str]) -> None:
    done = lianqiao("void", "visits", waiting[0], "--as", "yongshou", "--why", "误录", "--json")
    assert done.json == {"voided": waiting[0], "transaction": None}


@pytest.mark.parametrize(
    ("why", "user", "status"),
    [
        (" ", "yongshou", 1),
        ("重复", "jingjiang", 1),
        ("重复", "stranger", 1),
        ("重复", "nobody", 2),
        ("长" * 301, "yongshou", 1),
    ],
)
def test_a_voiding_against_the_rules_is_refused(
    world: World, lianqiao: Lianqiao, why: str, user: str, status: int
) -> None:
    (row,) = approved(world, visit(world.county))
    refused(lianqiao("void", "visits", row.number, "--as", user, "--why", why), status)
    assert value("visits.batches", world.county) == 1


def test_nothing_is_voided_twice(world: World, lianqiao: Lianqiao) -> None:
    (row,) = approved(world, visit(world.county))
    call = ("void", "visits", row.number, "--as", "yongshou", "--why", "重复录入")
    assert lianqiao(*call).status == 0
    refused(lianqiao(*call), 1, row.number, "已经作废")


def test_an_unknown_row_is_not_voided(world: World, lianqiao: Lianqiao) -> None:
    refused(lianqiao("void", "visits", "HF-2021-0999", "--as", "yongshou", "--why", "重复"), 1, "HF-2021-0999")
