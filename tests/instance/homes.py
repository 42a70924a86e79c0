"""Instances of a test's own: a folder and a database each, beside the one that the test run lives in."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connections

from lianqiao.config.settings import database
from lianqiao.ledger import protected

ON_POSTGRES = os.environ.get("LIANQIAO_TEST_DATABASE") == "postgresql"


@dataclass(frozen=True)
class Home:
    """Where an instance lives, or will. url: of its PostgreSQL database, empty for SQLite in the folder."""

    folder: Path
    url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        return {"LIANQIAO_DIR": str(self.folder), "LIANQIAO_DATABASE_URL": self.url}

    def left(self) -> list[str]:
        """What lies in the folder."""
        return sorted(p.name for p in self.folder.iterdir()) if self.folder.exists() else []


def new_home(folder: Path, *, postgres: bool = ON_POSTGRES) -> Home:
    """A place in which nothing lives yet."""
    return Home(folder, database_made() if postgres else "")


def database_made(like: str = "template1") -> str:
    """A new PostgreSQL database, with all that another has, and its address."""
    name = f"home_{secrets.token_hex(6)}"
    with psycopg.connect("dbname=postgres user=postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    return f"postgresql://postgres@/{name}"


def copied(home: Home, folder: Path) -> Home:
    """Another instance with the same keys and data, to be spoiled. Nobody may be at work with the one."""
    shutil.copytree(home.folder, folder)
    return Home(folder, database_made(home.url.rpartition("/")[2]) if home.url else "")


@contextmanager
def living_in(home: Home) -> Iterator[None]:
    """Within the block this process works with the instance of that home."""
    before = {name: getattr(settings, name) for name in ("DIR", "EVIDENCE_DIR", "HEADS_FILE")}
    config = connections.settings["default"]
    held = connections["default"]
    told = database(home.url)
    if not home.url:
        told["NAME"] = home.folder / "lianqiao.sqlite3"
    connections.settings["default"] = {**config, "OPTIONS": {}, **told}
    connections["default"] = connections.create_connection("default")
    move(home.folder, home.folder / "evidence", home.folder / "heads.txt")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"], connections.settings["default"] = held, config
        move(*before.values())


def move(folder: Path, evidence: Path, heads: Path) -> None:
    settings.DIR, settings.EVIDENCE_DIR, settings.HEADS_FILE = folder, evidence, heads
    protected.key.cache_clear()
    ContentType.objects.clear_cache()


def lianqiao(
    home: Home, *arguments: str | Path, settings_module: str = "lianqiao.config.settings", given: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    """Runs the command line on a home's instance in a process of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LIANQIAO_")} | home.environment | more
    return subprocess.run(
        [sys.executable, "-m", "lianqiao.cli.main", *map(str, arguments)],
        env=environment | {"DJANGO_SETTINGS_MODULE": settings_module, "PYTHONPATH": os.pathsep.join(sys.path)},
        input=given, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def told_by(done: subprocess.CompletedProcess[str], status: int = 0) -> Any:
    """What a command printed with --json."""
    assert done.returncode == status, done.stderr
    return json.loads(done.stdout)


def options(**given: str | Sequence[str]) -> list[str]:
    """--east=江苏省 …, for each value of each option."""
    told: Mapping[str, str | Sequence[str]] = given
    return [
        f"--{name.replace('_', '-')}={value}"
        for name, values in told.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
