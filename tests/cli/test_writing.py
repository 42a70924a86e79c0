"""`lianqiao export`, `template`, `figures -o` and `import --errors`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from lianqiao.fields.exchange.models import Visit
from lianqiao.journal.figures import known_at
from lianqiao.people.models import Access
from tests.cli.books import COUNTY, book, trip
from tests.cli.conftest import Lianqiao
from tests.world import World, approved, visit

pytestmark = pytest.mark.data


def cells(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))


def test_an_export_says_how_many_rows_and_as_of_when(lianqiao: Lianqiao, world: World, tmp_path: Path) -> None:
    approved(world, visit(world.county))
    done = lianqiao(
        "export", "visits", "财政协作资金到账台账", "-o", tmp_path / "导出.xlsx", "--as", "auditor", "--json"
    )
    assert done.status == 0, done
    head = known_at()
    assert done.json == {
        "file": str(tmp_path / "导出.xlsx"), "rows": {"visits": 1, "receipts": 0}, "transaction": head.number, "hash": head.hash,
    }  # fmt: skip
    assert openpyxl.load_workbook(tmp_path / "导出.xlsx").sheetnames == ["互访台账", "财政协作资金到账台账", "说明"]
    assert Access.objects.get().by == "auditor"


def test_an_export_can_be_narrowed_and_is_told_of(lianqiao: Lianqiao, world: World, tmp_path: Path) -> None:
    approved(world, visit(world.county, date(2021, 3, 1)), visit(world.town, date(2021, 5, 1)), visit(world.town))
    narrowed = ("--pairing", "新桥-监军", "--from", "2021-04-01", "--until", "2021-06-30", "--state", "approved")
    done = lianqiao("export", "visits", "-o", tmp_path / "导出.xlsx", *narrowed)
    assert done.status == 0, done
    assert "互访台账：1 行" in done.out
    assert Access.objects.get().by == "命令行"


def test_an_exported_and_corrected_workbook_is_imported(lianqiao: Lianqiao, world: World, tmp_path: Path) -> None:
    (row,) = approved(world, visit(world.county))
    path = tmp_path / "导出.xlsx"
    lianqiao("export", "visits", "-o", path)
    assert lianqiao("import", "visits", path, "--as", "jingjiang", "--json").json["unchanged"] == [row.number]
    made = openpyxl.load_workbook(path)
    made["互访台账"]["H4"] = 12
    made.save(path)
    assert lianqiao("import", "visits", path, "--as", "jingjiang", "--json").json["revised"] == [row.number]


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        (("visits", "-o", "导出.csv"), 2, "要以 .xlsx 结尾"),
        (("visits", "-o", "没有/导出.xlsx"), 2, "没有文件夹"),
        (("没有", "-o", "导出.xlsx"), 2, "没有台账"),
        (("organisations", "-o", "导出.xlsx", "--from", "2021-01-01"), 2, "单位名录没有日期"),
        (("visits", "-o", "导出.xlsx", "--from", "2021-02-01", "--until", "2021-01-01"), 2, "2021"),
        (("visits", "-o", "导出.xlsx", "--as", "leader"), 1, "只看数字"),
        (("visits", "-o", "导出.xlsx", "--as", "stranger", "--pairing", COUNTY), 1, "无权"),
    ],
)
def test_an_export_that_cannot_be_says_why_and_leaves_nothing(
    lianqiao: Lianqiao, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: tuple[str, ...], status: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = lianqiao("export", *asked)
    assert (done.status, done.out) == (status, "")
    assert said in done.err
    assert not list(tmp_path.iterdir())


def test_a_template_is_written_for_several_ledgers(lianqiao: Lianqiao, tmp_path: Path) -> None:
    done = lianqiao("template", "visits", "jobs", "-o", tmp_path / "空表.xlsx")
    assert done.status == 0, done
    assert "互访台账、转移就业台账" in done.out
    assert openpyxl.load_workbook(tmp_path / "空表.xlsx").sheetnames == ["互访台账", "转移就业台账", "说明", "选项"]
    assert lianqiao("template", "visits", "-o", tmp_path / "空表.xlsx", "--json").json["ledgers"] == ["visits"]


def test_figures_as_a_workbook_have_their_definitions_and_the_head(
    lianqiao: Lianqiao, world: World, tmp_path: Path
) -> None:
    approved(world, visit(world.county, people=9))
    path = tmp_path / "数字.xlsx"
    span = ("--pairing", COUNTY, "--from", "2021-01-01", "--until", "2021-12-31")
    measures = (
        "--measure",
        "visits.person_times",
        "--measure",
        "funds.fiscal",
        "--measure",
        "projects.completion_rate",
    )
    done = lianqiao("figures", *span, *measures, "-o", path)
    assert done.status == 0, done
    _, line, heads, visitors, fiscal, rate = cells(path, "协作指标")
    shown = dict(zip(heads, visitors, strict=True))
    assert (shown["指标"], shown["数值"], shown["单位"], shown["行数"]) == ("互访人次", 9, "人次", 1)
    assert shown["口径"].startswith("一次出访的人数")
    assert shown["不包括"]
    assert [row[2] for row in (fiscal, rate)] == ["—", "—"]
    assert [cell for cell in line if cell] == ["靖江市—永寿县", "2021年", f"按事务 #{known_at().number} 所知"]
    assert known_at().hash in "".join(str(cell) for row in cells(path, "说明") for cell in row)


def test_rates_and_money_in_a_workbook_are_in_their_units(lianqiao: Lianqiao, world: World, tmp_path: Path) -> None:
    lianqiao("figures", "--until", "2021-12-31", "-o", tmp_path / "数字.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "数字.xlsx")["协作指标"]
    formats = {row[8].value: row[2].number_format for row in sheet.iter_rows(min_row=4)}
    assert formats["funds.fiscal"] == formats["projects.completion_rate"] == "#,##0.00"
    assert formats["visits.batches"] == "#,##0"


def test_refused_rows_come_back_as_a_workbook(lianqiao: Lianqiao, world: World, tmp_path: Path) -> None:
    path = book(tmp_path / "互访.xlsx", trip(), trip(事由="示例回访", 人数="约12"))
    back = tmp_path / "退回.xlsx"
    done = lianqiao("import", "visits", path, "--as", "jingjiang", "--errors", back)
    assert done.status == 1
    assert str(back) in done.out
    assert [row[-1] for row in cells(back, "台账")] == [
        "退回原因",
        None,
        "E3 人数：“约12”不是一个确定的整数。请填整数，如 12。",
    ]
    made = openpyxl.load_workbook(back)
    made["台账"]["E3"] = 12
    made.save(back)
    assert lianqiao("import", "visits", back, "--as", "jingjiang").status == 0
    assert Visit.objects.count() == 2


def test_refused_rows_come_back_from_a_dry_run_and_alone_too(lianqiao: Lianqiao, tmp_path: Path) -> None:
    path = book(tmp_path / "互访.xlsx", trip(), trip(事由="示例回访", 人数="约12"))
    back = tmp_path / "退回.xlsx"
    assert lianqiao("import", "visits", path, "--dry-run", "--errors", back, "--only-refused", "--json").status == 1
    assert len(cells(back, "台账")) == 3


def test_nothing_comes_back_where_nothing_was_refused(lianqiao: Lianqiao, tmp_path: Path) -> None:
    path = book(tmp_path / "互访.xlsx", trip())
    assert lianqiao("import", "visits", path, "--dry-run", "--errors", tmp_path / "退回.xlsx").status == 0
    assert not (tmp_path / "退回.xlsx").exists()
