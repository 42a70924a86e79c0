"""The instance that is killed and killed again: made once, put back for each round."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg

from tests.cli.books import book, trip
from tests.crash.children import in_child

LIVE, KEPT = "crash_live", "crash_kept"
ROWS = 12
DAY = date(2021, 10, 12)


@dataclass(frozen=True)
class Stage:
    """folder: holds `live`, where commands work, `kept`, what it is put back from, and the files they read."""

    folder: Path
    postgres: bool

    @property
    def live(self) -> Path:
        return self.folder / "live"

    @property
    def workbook(self) -> Path:
        return self.folder / "visits.xlsx"

    @property
    def backup(self) -> Path:
        return self.folder / "backup.zip"

    @property
    def written(self) -> Path:
        return self.folder / "written.zip"

    def environment(self) -> dict[str, str]:
        url = f"postgresql://postgres@/{LIVE}" if self.postgres else ""
        return {"LIANQIAO_DIR": str(self.live), "LIANQIAO_DATABASE_URL": url}

    @property
    def imported(self) -> Path:
        return self.folder / "imported.xlsx"

    def build(self) -> None:
        """Makes the instance, the workbook and the backup, and keeps a copy."""
        self.clear()
        in_child(self.fill)
        shutil.copytree(self.live, self.folder / "kept")
        if self.postgres:
            self.settle()
            self.server(f"CREATE DATABASE {KEPT} TEMPLATE {LIVE}")

    def fill(self) -> None:
        from lianqiao.config.keys import make_keys
        from lianqiao.fields.exchange.models import Visit
        from lianqiao.instance.backup import back_up
        from lianqiao.instance.fresh import fresh_instance, migrate
        from lianqiao.instance.tables import all_migrations, make_schema
        from lianqiao.ledger import acts
        from lianqiao.workbooks.commit import bring_in
        from tests.world import approved, make_world, visit

        with fresh_instance():
            make_keys(self.live)
            make_schema(all_migrations())
            migrate()
            world = make_world()
            approved(world, visit(world.town, date(2020, 3, 1), people=7))
            acts.create(
                [visit(world.town, DAY, purpose=f"示例 {n}", people=n) for n in range(1, ROWS)], world.jingjiang
            )
        names = [f"签到表{number}.txt" for number in range(ROWS)]
        papers = self.folder / "佐证材料"
        papers.mkdir()
        for name in names:
            (papers / name).write_text(name)
        book(self.imported, *(trip(事由=f"示例旧 {n}", 人数=n) for n in range(1, ROWS)))
        bring_in(Visit, self.imported, world.jingjiang, approver=world.yongshou)
        book(self.workbook, *(trip(事由=f"示例 {name}", 佐证材料=name) for name in names))
        back_up(self.backup)

    def put_back(self, *, empty: bool) -> None:
        """The instance as it was made, or a folder with nothing but its keys and an empty database."""
        self.clear(KEPT if not empty else None)
        kept = self.folder / "kept"
        shutil.copytree(kept / "keys" if empty else kept, self.live / "keys" if empty else self.live)

    def clear(self, template: str | None = None) -> None:
        shutil.rmtree(self.live, ignore_errors=True)
        self.written.unlink(missing_ok=True)
        if self.postgres:
            self.server(f"DROP DATABASE IF EXISTS {LIVE} WITH (FORCE)")
            self.server(f"CREATE DATABASE {LIVE}" + (f" TEMPLATE {template}" if template else ""))

    def server(self, statement: str) -> list[Any]:
        with psycopg.connect("dbname=postgres user=postgres", autocommit=True) as connection:
            done = connection.execute(statement)
            return done.fetchall() if done.description else []

    def settle(self) -> None:
        """Waits until PostgreSQL has seen that a client is dead: what it was about to commit, it has then committed."""
        while self.postgres and self.server(f"SELECT 1 FROM pg_stat_activity WHERE datname = '{LIVE}'"):
            time.sleep(0.01)


# What is there after a kill ------------------------------------------------------------------------------------------


def looked_at() -> dict[str, Any]:
    """The instance as it is told apart: every row's state, the transactions; and what is wrong with it."""
    from lianqiao.instance.fresh import has_database
    from lianqiao.journal.models import Posting, Transaction
    from lianqiao.ledger.audit import verify
    from lianqiao.ledger.models import Change
    from lianqiao.ledger.registry import ledgers
    from lianqiao.workbooks.models import Import, ImportedRow

    if not has_database():
        return {"state": None, "wrong": []}
    rows = {
        c: list(m._base_manager.order_by("pk").values_list("number", "state", "version")) for c, m in ledgers().items()
    }
    kinds = list(Transaction.objects.order_by("number").values_list("kind", "postings", "vouchers"))
    wrong = [f"{f.table} {f.row} {f.what}" for f in verify().problems]
    imports = list(Import.objects.values_list("pk", "written", "undone_in"))
    state = [rows, kinds, imports, ImportedRow.objects.count(), Posting.objects.count(), Change.objects.count()]
    return {"state": state, "wrong": [*wrong, *wrong_heads(), *half_evidence()]}


def wrong_heads() -> list[str]:
    """Lines of the file of heads that are no head of the chain; the last head may be missing from it."""
    from django.conf import settings

    from lianqiao.journal.models import Transaction

    heads = [
        f"{number}:{hash_}" for number, hash_ in Transaction.objects.order_by("number").values_list("number", "hash")
    ]
    told = settings.HEADS_FILE.read_text().splitlines()
    return [] if told in (heads, heads[:-1]) else [f"heads.txt: {told[-1:]}"]


def half_evidence() -> list[str]:
    from django.conf import settings

    found = [p for p in settings.EVIDENCE_DIR.rglob("*") if re.fullmatch("[0-9a-f]{64}", p.name)]
    return [str(path) for path in found if sha256(path.read_bytes()).hexdigest() != path.name]


def command(*arguments: str | Path) -> Callable[[], int]:
    """A call of the command line."""

    def act() -> int:
        from lianqiao.cli.main import main

        return main([str(a) for a in arguments])

    return act
