"""Where the bench works: an instance of its own in a temporary folder, on SQLite or on a PostgreSQL that it brings up."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from lianqiao.config.keys import make_keys


@contextmanager
def instance(postgresql: bool) -> Iterator[Path]:
    """Makes an empty instance and starts Django on it."""
    with tempfile.TemporaryDirectory(prefix="lianqiao-bench-") as folder:
        make_keys(Path(folder))
        os.environ |= {"LIANQIAO_DIR": folder, "LIANQIAO_DATABASE_URL": server() if postgresql else ""}
        os.environ["DJANGO_SETTINGS_MODULE"] = "lianqiao.config.settings"
        django.setup()
        from lianqiao.instance.fresh import migrate
        from lianqiao.instance.tables import all_migrations, make_schema

        make_schema(all_migrations())
        migrate()
        yield Path(folder)


def server() -> str:
    import psycopg

    from tests import pg

    os.environ["PGHOST"] = pg.start()
    with psycopg.connect("dbname=postgres user=postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE lianqiao")
    return "postgresql://postgres@/lianqiao"
