"""`lianqiao upgrade`: the database to this version, after a backup and a rehearsal on a copy that changes no figure."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection
from django.db import transaction as database
from django.utils import timezone

from lianqiao.config.keys import NAMES, key_file
from lianqiao.instance.backup import Made, back_up
from lianqiao.instance.fresh import migrate
from lianqiao.instance.standing import differences, last_known, standing
from lianqiao.instance.tables import all_migrations, applied, known
from lianqiao.journal import clock, guards
from lianqiao.journal.measures import MEASURES, Measure
from lianqiao.journal.models import MeasureVersion
from lianqiao.ledger.audit import verify

Say = Callable[[str], None]
SHOWN = 20


class Failed(Exception):
    """The upgrade went wrong; the message says how the instance now is. problems: what stood against it (Chinese)."""

    def __init__(self, message: str, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join([message, *problems[:SHOWN]]))


class CannotRehearse(Exception):
    """This role may make no database to rehearse in."""


@dataclass(frozen=True)
class Upgraded:
    """What an upgrade did. done: what there was to do (empty: nothing). backup: the one that was made before.

    figures: how many were as before. findings: what verify found and was passed over.
    """

    done: list[str]
    backup: Made | None = None
    figures: int = 0
    findings: Sequence[str] = ()


def to_do() -> list[str]:
    """What this version would change: its migrations, rules of measures, guards that are gone. Raises Newer."""
    waiting = [f"迁移 {name}" for name in waiting_migrations()]
    held = {
        (code, version): rule
        for code, version, rule in MeasureVersion.objects.values_list("measure__code", "version", "rule")
    }
    for measure in (m for m in MEASURES.values() if isinstance(m, Measure)):
        for version in measure.versions:
            if held.get((measure.code, version.number)) != measure.rule(version):
                waiting.append(f"指标 {measure.code} 第 {version.number} 版")
    return waiting + [f"触发器 {name}" for name in guards.missing(connection)]


def waiting_migrations() -> list[str]:
    """The migrations that the database has not had. Raises Newer where it has had others."""
    had = set(known(applied(connection)))
    return [f"{app}.{name}" for app, name in all_migrations() if (app, name) not in had]


def upgrade(say: Say, *, rehearse: bool = True, despite_problems: bool = False) -> Upgraded:
    """Backs up, rehearses, migrates and verifies; tells of each step through `say`. Raises Failed, CannotRehearse.

    despite_problems: what verify finds (evidence that was lost long ago) is told and stops nothing; a figure that moves
    always does.
    """
    waiting = to_do()
    if not waiting:
        return Upgraded([])
    if rehearse and not may_rehearse():
        raise CannotRehearse(
            "当前数据库用户不能建库，无法在副本上预演。给它 CREATEDB 权限，或加 --without-rehearsal 不预演而直接升级。"
        )
    say(f"要做 {len(waiting)} 件：" + "、".join(waiting[:SHOWN]) + ("……" if len(waiting) > SHOWN else ""))
    made = back_up(Path(settings.DIR) / "backups" / f"before-upgrade-{timezone.localtime():%Y%m%dT%H%M%S}.zip")
    say(f"备份在 {made.path}，账本头 {made.manifest.head}。")
    if rehearse:
        with copied(made.path) as environment:
            rehearsed = run_rehearsal(environment)
        rehearsed.require_good("预演没有通过，实例没有改动。", despite_problems)
        say(f"预演通过：{rehearsed.figures:,} 个数字没有变化。")
    outcome = change_for_real(made, despite_problems)
    return Upgraded(waiting, made, outcome.figures, outcome.findings)


def change_for_real(made: Made, despite_problems: bool) -> Outcome:
    """Raises Failed.

    PostgreSQL takes a whole upgrade back; on SQLite each migration is whole, and the next call goes on from there.
    """
    postgres = connection.vendor == "postgresql"
    state = "数据库没有改动。" if postgres else f"可能已做了一部分：改正后再运行一次，或由备份恢复（{made.path}）。"
    try:
        with database.atomic() if postgres else nullcontext():
            outcome = change()
            outcome.require_good(f"升级后有不一致，{state}", despite_problems)
    except Failed:
        raise
    except Exception as error:  # a migration may fail in any way
        raise Failed(f"升级没有做完，{state}", [str(error)]) from error
    return outcome


@dataclass(frozen=True)
class Outcome:
    """figures: how many were compared. moved: those that changed. findings: what verify found."""

    figures: int
    moved: list[str]
    findings: list[str]

    def require_good(self, message: str, despite_problems: bool) -> None:
        """Raises Failed where a figure moved, or verify found something that is not to be passed over."""
        if problems := [*self.moved, *([] if despite_problems else self.findings)]:
            raise Failed(message, problems)


def change() -> Outcome:
    """Migrates, and holds all figures and the journal's checks against what was said before."""
    today, last = clock.today(), last_known()
    before = standing(today, last, balances=False)
    migrate()
    found = verify(f"{last.number}:{last.hash}").problems
    told = [f"{finding.table} {finding.row}　{finding.what}" for finding in found]
    return Outcome(len(before), differences(before, standing(today, last)), told)


# The rehearsal -------------------------------------------------------------------------------------------------------


def run_rehearsal(environment: dict[str, str]) -> Outcome:
    """Upgrades the copy in a process of its own. Raises Failed where that does not come to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "lianqiao.instance.rehearsal"],
        env=os.environ | environment, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if done.returncode:
        raise Failed("预演没有通过，实例没有改动。", done.stderr.splitlines()[-1:])
    return Outcome(**json.loads(done.stdout.splitlines()[-1]))


def may_rehearse() -> bool:
    if connection.vendor == "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


@contextmanager
def copied(backup: Path) -> Iterator[dict[str, str]]:
    """A copy of the instance, gone afterwards: yields the environment that leads a process to it."""
    folder = Path(settings.DIR) / ".rehearsal"
    shutil.rmtree(folder, ignore_errors=True)  # of an upgrade that was interrupted
    folder.mkdir(mode=0o700)
    try:
        for path in (Path(settings.EVIDENCE_DIR), *(key_file(settings.DIR, name) for name in NAMES)):
            if path.exists():
                link = folder / path.relative_to(settings.DIR)
                link.parent.mkdir(exist_ok=True)
                link.symlink_to(path)
        here = {"LIANQIAO_DIR": str(folder)}
        if connection.vendor == "sqlite":
            copy_database(folder / Path(connection.settings_dict["NAME"]).name)
            yield here
        else:
            with scratch_database() as address:
                yield here | {"LIANQIAO_DATABASE_URL": address, "LIANQIAO_REHEARSAL_OF": str(backup)}
    finally:
        shutil.rmtree(folder)


def copy_database(target: Path) -> None:
    source, copy = sqlite3.connect(connection.settings_dict["NAME"]), sqlite3.connect(target)
    try:
        source.backup(copy)
    finally:
        copy.close()
        source.close()


@contextmanager
def scratch_database() -> Iterator[str]:
    """An empty PostgreSQL database beside the instance's: yields its address."""
    name = f"lianqiao_rehearsal_{secrets.token_hex(6)}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(os.environ["LIANQIAO_DATABASE_URL"])._replace(path=f"/{name}"))
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
