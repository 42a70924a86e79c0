"""`lianqiao restore`: a backup becomes an instance again, in an empty place, on either database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db import transaction as database

from lianqiao.config.keys import NAMES, key_file, place_variable, put_key, read_key
from lianqiao.instance import archive
from lianqiao.instance.archive import Archive, Manifest, Unfit
from lianqiao.instance.fresh import fresh_instance, migrate
from lianqiao.instance.tables import Newer, Table, fill_all, make_schema, set_sequences, tables
from lianqiao.journal.book import sync
from lianqiao.journal.models import Transaction
from lianqiao.ledger import evidence
from lianqiao.ledger.audit import Report, verify

BY = "运维"


class NotWhole(Exception):
    """What the file holds does not pass `verify`; nothing was kept."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__(f"恢复出来的账本有 {len(report.problems)} 处不一致")


@dataclass(frozen=True)
class Restored:
    """An instance that stands again. transaction: the restore's own."""

    manifest: Manifest
    transaction: Transaction
    report: Report


def restore(path: Path, keys: Path | None = None, *, despite_problems: bool = False) -> Restored:
    """Makes the instance of a backup in the empty LIANQIAO_DIR and, if it is not SQLite, the empty database.

    keys: a folder to take the keys from; without one they lie where the settings look for them. despite_problems: keep
    an instance that verify finds fault with. Raises Unfit, KeyMissing, Occupied, NotWhole; then nothing is left behind.
    """
    with keys_from(keys) if keys else nullcontext():
        given = {name: read_key(settings.DIR, name) for name in NAMES}
        with archive.opened(path) as held:
            held_tables = fitting_tables(held.manifest)
            held.check()
            with fresh_instance():
                if keys:
                    put_keys(given)
                return rebuild(held, held_tables, despite_problems)


@contextmanager
def keys_from(folder: Path) -> Iterator[None]:
    """Within the block keys are read from a folder. Raises Unfit where the instance would later read others."""
    variables = {place_variable(name): str(folder / name) for name in NAMES}
    if held := [variable for variable in variables if variable in os.environ]:
        raise Unfit(f"密钥的位置已由环境变量 {'、'.join(held)} 指明，不能再用 --keys。")
    os.environ.update(variables)
    try:
        for name in NAMES:
            own = key_file(settings.DIR, name)
            if own.exists() and own.read_text(encoding="ascii").strip() != read_key(settings.DIR, name):
                raise Unfit(f"{own} 里已有另一把密钥，与 --keys 的不同。请先把它移走。")
        yield
    finally:
        for variable in variables:
            del os.environ[variable]


def put_keys(given: dict[str, str]) -> None:
    for name, value in given.items():
        put_key(settings.DIR, name, value)


def fitting_tables(manifest: Manifest) -> list[Table]:
    """The tables of the file's version. Raises Unfit where this version does not know it, or the file lacks one."""
    try:
        wanted = tables(manifest.migrations)
    except Newer as error:
        raise Unfit(
            f"这个备份由更新的版本（{manifest.lianqiao}）所写，本版本不认识：{error}。请先升级连桥。"
        ) from error
    held = {name for name in manifest.members if name.startswith("tables/")}
    if held != {archive.table_member(table.name) for table in wanted}:
        raise Unfit("备份里的表与其版本不符。没有恢复任何内容。")
    return wanted


def rebuild(held: Archive, held_tables: list[Table], despite_problems: bool) -> Restored:
    put_evidence(held)
    Path(settings.HEADS_FILE).write_bytes(held.content(archive.HEADS))
    load(held, held_tables)
    migrate()
    with database.atomic():
        why = f"自备份恢复：账本头 {held.manifest.head}，备份于 {held.manifest.made_at}"
        written = sync([], by=BY, kind="restore", why=why)
    report = verify(held.manifest.head)
    if report.problems and not despite_problems:
        raise NotWhole(report)
    return Restored(held.manifest, written, report)


def put_evidence(held: Archive) -> None:
    for name in held.manifest.evidence:
        content = held.content(archive.evidence_member(name))
        if sha256(content).hexdigest() != name:
            raise Unfit(f"备份已损坏：佐证材料 {name} 与其散列不符。没有恢复任何内容。")
        evidence.write_whole(evidence.path_of(name), content)


def load(held: Archive, held_tables: list[Table]) -> None:
    """Makes the schema as it was and fills it. Raises Unfit where a table does not take its rows."""
    make_schema(held.manifest.migrations)
    told = {table.name: held.manifest.members[archive.table_member(table.name)].rows for table in held_tables}
    try:
        counts = fill_all((table, held.lines(archive.table_member(table.name))) for table in held_tables)
    except (DatabaseError, ValueError, TypeError) as error:
        raise Unfit(f"备份里的行写不进数据库（{error}）。没有恢复任何内容。") from error
    if counts != told:
        raise Unfit("恢复的行数与清单不符。没有恢复任何内容。")
    set_sequences(held_tables)
    if connection.vendor == "postgresql":  # it plans by what it has counted, and has counted nothing yet
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
