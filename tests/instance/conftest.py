"""A small programme with a row of every ledger, its backup, and homes to restore it into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from lianqiao.config.keys import make_keys
from lianqiao.instance.backup import Made, back_up
from lianqiao.instance.fresh import fresh_instance, migrate
from lianqiao.instance.restore import Restored, restore
from lianqiao.instance.tables import all_migrations, make_schema
from lianqiao.ledger import acts, evidence
from lianqiao.ledger.models import Entry
from tests.instance.homes import Home, copied, living_in, new_home
from tests.rows import ROWS
from tests.world import World, approved, make_world, revised, visit

PAPER, OTHER_PAPER = "示例签到表".encode(), "示例照片".encode()


@dataclass(frozen=True)
class Sample:
    """An instance that lives somewhere, and its backup."""

    home: Home
    made: Made

    @property
    def file(self) -> Path:
        return self.made.path

    @property
    def keys(self) -> Path:
        return self.home.folder / "keys"


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Sample:
    """Made once; nobody writes to it."""
    home = new_home(tmp_path_factory.mktemp("sample") / "home")
    with django_db_blocker.unblock(), living_in(home):
        with fresh_instance():
            make_keys(home.folder)
            make_schema(all_migrations())
            migrate()
            fill()
        return Sample(home, back_up(home.folder.parent / "sample.zip"))


def fill() -> None:
    """A row of every ledger, and rows in every state with evidence in every place that can name it."""
    world = make_world()
    for made in ROWS.values():
        pass_through(world, made(world.county))
    paper = evidence.keep(PAPER, "签到表.txt", "签到表")
    (seen,) = approved(world, visit(world.town, date(2020, 3, 1), people=3, evidence=[paper]))
    revised(world, seen, people=4)
    other = evidence.keep(OTHER_PAPER, "照片.txt", "照片")
    acts.revise(seen, {"people": 5, "evidence": [other]}, world.jingjiang, "示例：待审的修订")
    (gone,) = approved(world, visit(world.town, date(2020, 3, 2), people=70))
    acts.void(gone, world.yongshou, "示例：重复")
    acts.create([visit(world.town, date(2020, 3, 3))], world.jingjiang, submit=False)


def pass_through(world: World, entry: Entry) -> None:
    (row,) = acts.create([entry], world.admin)
    acts.approve([row], world.other_admin)


@dataclass(frozen=True)
class Again:
    """The sample as it stands again somewhere else, and what the restore told."""

    home: Home
    told: Restored


@pytest.fixture(scope="session")
def restored(sample: Sample, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Again:
    """Restored once; nobody writes to it."""
    home = new_home(tmp_path_factory.mktemp("restored") / "home")
    with django_db_blocker.unblock(), living_in(home):
        return Again(home, restore(sample.file, sample.keys))


@pytest.fixture
def living(restored: Again, free: None, tmp_path: Path) -> Iterator[Home]:
    """An instance of the test's own, in which this process lives: a copy of the restored sample."""
    home = copied(restored.home, tmp_path / "home")
    with living_in(home):
        yield home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A place in which nothing lives yet."""
    return new_home(tmp_path / "home")


@pytest.fixture
def free(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Databases may be reached, though none is the test run's."""
    with django_db_blocker.unblock():
        yield
