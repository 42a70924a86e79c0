"""An instance made from nothing, by init or restore: whole at the end, or not there at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db import transaction as database

from lianqiao.instance.tables import make_new_apps

# Holds the database while it is made (SQLite), and marks what lies beside it as unfinished.
UNFINISHED = ".unfinished"


class Occupied(Exception):
    """There is an instance already, or part of one. The message says what (Chinese)."""


def place() -> Path:
    return Path(settings.DIR)


def remains() -> list[Path]:
    """What an instance has in its folder beside its keys and its backups."""
    held = [Path(settings.EVIDENCE_DIR), Path(settings.HEADS_FILE)]
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        held += [Path(name + ending) for ending in ("", "-wal", "-shm")]
    return [path for path in held if path.exists()]


@contextmanager
def fresh_instance() -> Iterator[None]:
    """Within the block the default connection leads to a database in the making; it counts once the block has ended.

    A kill at any point leaves a folder in which the next init or restore starts anew. Raises Occupied.
    """
    require_room()
    had = key_files()
    (place() / UNFINISHED).mkdir(parents=True)
    try:
        with beside() if connection.vendor == "sqlite" else database.atomic():
            yield
    except BaseException:
        if not has_database():  # a failure after the last step takes nothing back
            remove([*remains(), place() / UNFINISHED, *(key_files() - had)])
        raise
    shutil.rmtree(place() / UNFINISHED)


def require_room() -> None:
    """Clears what an interrupted init or restore left behind. Raises Occupied where an instance lives."""
    if (place() / UNFINISHED).exists():
        if has_database():
            shutil.rmtree(place() / UNFINISHED)
        else:
            remove([*remains(), place() / UNFINISHED])
    if has_database():
        raise Occupied(f"{place()} 里已有实例。")
    if held := remains():
        raise Occupied(f"{place()} 里还有 {'、'.join(path.name for path in held)}。请换一个空文件夹，或先把它移走。")


def has_database() -> bool:
    if connection.vendor == "sqlite":
        return Path(connection.settings_dict["NAME"]).exists()
    return bool(connection.introspection.table_names())


def key_files() -> set[Path]:
    """The keys that lie in the folder, and the folder of the keys itself."""
    folder = place() / "keys"
    return {folder, *folder.iterdir()} if folder.is_dir() else set()


def remove(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


@contextmanager
def beside() -> Iterator[None]:
    """SQLite: the database is made in a file of its own and renamed at the end, since a migration is many acts."""
    final = Path(connection.settings_dict["NAME"])
    aside = place() / UNFINISHED / final.name
    connection.close()
    connection.settings_dict["NAME"] = aside
    try:
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = final
    aside.replace(final)
    sync_folder(final.parent)


def sync_folder(folder: Path) -> None:
    """Has the disk hold what was renamed in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def migrate() -> None:
    """Brings the database to this version; afterwards the measures are registered and the guards stand."""
    make_new_apps()
    call_command("migrate", verbosity=0, interactive=False)
