"""A large workbook through import, approval and posting, beside three others on the same file and machine.

- the floor: python-calamine reads it, one bulk insert writes the same rows and as many postings
- pandas reads it (by calamine too) and writes it by to_sql; it neither checks nor posts
- django-import-export imports it into an equal model; it neither checks nor posts
"""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from benchmarks.results import Results, seconds

HEADINGS = (
    "项目编号", "项目名称", "类型", "细分", "实施地点", "实施单位", "批复文号", "立项日期", "计划协作资金", "其他资金", "开工日期",
    "带动户数", "带动人数", "联农带农方式", "结对关系",
)  # fmt: skip
FIELDS = (
    *("code", "name", "kind", "sector", "place", "owner", "approval", "approved_on", "planned_aid", "other_funds"),
    *("started_on", "households", "people", "linkage", "pairing"),
)
POSTINGS_OF_ROW = 4


def run(results: Results, rows: int, others: int) -> None:
    """rows: of our import, the floor and pandas. others: of django-import-export, which is too slow for as many."""
    from lianqiao.demo import national

    by = national.offices()
    counties = national.tree(by, 10)
    folder = Path(os.environ["LIANQIAO_DIR"])
    path = write(folder / "项目台账.xlsx", [leaf.name for county in counties for leaf in county.leaves], rows)
    results.add("the file", f"{rows:,} rows × {len(HEADINGS)} columns", f"{path.stat().st_size / 1e6:.1f} MB xlsx")
    bare = floor(results, path, rows)
    ours(results, path, by, rows, bare)
    results.add(
        "peak memory",
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB",
        "of the process until here",
    )
    pandas(results, path, rows, bare)
    import_export(results, write(folder / "小.xlsx", ["示例-示例"], others), others)


def write(path: Path, names: list[str], rows: int) -> Path:
    import xlsxwriter

    random = Random(rows)
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet, dated = book.add_worksheet("台账"), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, HEADINGS)
        for at in range(1, rows + 1):
            approved = datetime(2017, 1, 1) + timedelta(days=random.randrange(1700))  # noqa: DTZ001 - a cell has no zone
            told = ["产业发展", "种植", "示例镇", "示例单位", f"示例〔2020〕{at}号"]
            sheet.write_row(at, 0, [f"XM{at:06d}", f"示例项目{at}", *told])
            sheet.write_datetime(at, 7, approved, dated)
            sheet.write_row(at, 8, [random.randint(1, 900) * 10_000, random.randint(0, 90) * 1000])
            sheet.write_datetime(at, 10, approved + timedelta(days=60), dated)
            sheet.write_row(
                at, 11, [random.randint(1, 300), random.randint(300, 900), "示例方式", random.choice(names)]
            )
    return path


def floor(results: Results, path: Path, rows: int) -> float:
    """Nothing but reading and two bulk inserts, into tables with the product's columns and indexes on them."""
    from django.db import connection, transaction
    from python_calamine import CalamineWorkbook

    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE bench_row (id bigint PRIMARY KEY, {', '.join(f'{name} text' for name in FIELDS)})"
        )
        cursor.execute(
            "CREATE TABLE bench_posting (id bigint PRIMARY KEY, measure int, node int, day text, quantity bigint, entry bigint)"
        )
        cursor.execute("CREATE INDEX bench_scope ON bench_posting (measure, node, day)")
        cursor.execute("CREATE INDEX bench_entry ON bench_posting (entry)")

    def all_of_it() -> None:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1:]
        entries = [(at, *map(str, row)) for at, row in enumerate(sheet, 1)]
        postings = [
            (at * POSTINGS_OF_ROW + n, n, at % 150, entry[8], n + 1, at)
            for at, entry in enumerate(entries)
            for n in range(POSTINGS_OF_ROW)
        ]
        with transaction.atomic():
            put("bench_row", entries)
            put("bench_posting", postings)

    taken = seconds(all_of_it)
    results.add(
        "the floor",
        f"{taken:.1f} s",
        f"calamine, {rows:,} rows and {rows * POSTINGS_OF_ROW:,} postings inserted in bulk",
    )
    return taken


def put(table: str, rows: list[tuple[Any, ...]]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copying: Any = cursor
            with copying.copy(f"COPY {table} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            raw: Any = cursor
            raw.connection.cursor().executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def ours(results: Results, path: Path, by: Any, rows: int, bare: float) -> None:
    from lianqiao.fields.projects.models import Project
    from lianqiao.journal.cells import last_posting
    from lianqiao.workbooks.commit import Stage, bring_in

    stages: list[tuple[str, float]] = []

    def progress(stage: Stage) -> None:
        if not stages or stages[-1][0] != stage.name:
            stages.append((stage.name, perf_counter()))

    before, begun = last_posting(), perf_counter()
    outcome = bring_in(Project, path, by.filler, approver=by.reviewer, progress=progress)
    ended = perf_counter()
    assert len(outcome.written) == rows, outcome.refused[:3]
    told = {
        "读取": "reading", "核对": "checking", "录入": "writing", "审核记账": "passing and posting", "写入": "committing",
    }  # fmt: skip
    for (name, start), (_, end) in zip(stages, [*stages[1:], ("", ended)], strict=True):
        results.add(f"Lianqiao: {told[name]}", f"{end - start:.1f} s")
    times = (ended - begun) / bare
    results.add(
        "Lianqiao: all of it",
        f"{ended - begun:.1f} s",
        f"{last_posting() - before:,} postings; {times:.1f} × the floor",
    )
    same = seconds(lambda: bring_in(Project, path, by.filler))
    results.add("the same file again", f"{same:.1f} s", "no change")


def pandas(results: Results, path: Path, rows: int, bare: float) -> None:
    import sqlite3

    import pandas as pd

    def both() -> None:
        frame = pd.read_excel(path, engine="calamine")
        with sqlite3.connect(path.with_suffix(".pandas.sqlite3")) as connection:
            frame.to_sql("projects", connection, index=False)

    taken = seconds(both)
    results.add(
        "pandas: read_excel and to_sql",
        f"{taken:.1f} s",
        f"SQLite, no checks, no postings; {taken / bare:.1f} × the floor",
    )


def import_export(results: Results, path: Path, rows: int) -> None:
    from django.apps import apps
    from django.db import connection, models
    from import_export import resources
    from tablib import Dataset

    columns = {name: models.TextField(null=True) for name in FIELDS}
    meta = type("Meta", (), {"app_label": "desk", "db_table": "bench_import_export"})
    equal: Any = type("EqualProject", (models.Model,), {**columns, "Meta": meta, "__module__": "lianqiao.desk.models"})
    assert apps
    with connection.schema_editor() as editor:
        editor.create_model(equal)
    resource = resources.modelresource_factory(equal)()
    into: Callable[[], Any] = lambda: resource.import_data(dataset(Dataset, path), raise_errors=True)  # noqa: E731
    taken = seconds(into)
    assert equal.objects.count() == rows
    results.add(
        f"django-import-export, {rows:,} rows", f"{taken:.1f} s",
        f"no checks, no postings; {taken / rows * 100_000:,.0f} s for 100,000 rows at this rate",
    )  # fmt: skip


def dataset(kind: Any, path: Path) -> Any:
    """The file as tablib reads it, under the model's own names."""
    loaded = kind().load(path.read_bytes(), "xlsx")
    loaded.headers = list(FIELDS)
    loaded.append_col(["" for _ in range(len(loaded))], header="id")
    return loaded
