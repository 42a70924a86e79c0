"""Commands run in this process, on the world of the tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import DjangoDbBlocker

from lianqiao.cli.main import main
from lianqiao.instance.tables import all_migrations
from tests.cli.sample import Done
from tests.world import World

Lianqiao = Callable[..., Done]


@pytest.fixture(scope="session", autouse=True)
def of_this_version(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The tests' tables are made from the models: says, as a command asks for, which migrations they come to."""
    with django_db_blocker.unblock():
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        had = set(recorder.applied_migrations())
        made = [recorder.Migration(app=app, name=name) for app, name in all_migrations() if (app, name) not in had]
        recorder.migration_qs.bulk_create(made)


@pytest.fixture
def lianqiao(world: World, capsys: pytest.CaptureFixture[str]) -> Lianqiao:
    """Runs a command as `lianqiao` would, and says how it ended and what it printed."""

    def call(*arguments: object) -> Done:
        capsys.readouterr()
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as end:  # argparse ends the process itself
            status = int(end.code or 0)
        return Done(status, *capsys.readouterr())

    return call
