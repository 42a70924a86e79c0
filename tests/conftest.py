"""What every test finds: the guards of the journal, out of the way of the flush that follows a transactional test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from lianqiao.instance.tables import all_migrations, mark_applied
from lianqiao.portal import founding
from tests.tampering import drop_guards

pytest_plugins = ["tests.world"]

# Whether a transactional test has emptied the tables.
FLUSHED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The tables are made from the models (settings.py); commands look which migrations they have had."""
    with django_db_blocker.unblock():
        mark_applied(all_migrations())


@pytest.fixture(autouse=True)
def flushable(request: pytest.FixtureRequest) -> Iterator[None]:
    """Takes the guards away before Django empties the tables; its flush emits post_migrate, which puts them back."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None or not marker.kwargs.get("transaction"):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    drop_guards()
    request.config.stash[FLUSHED] = True


@pytest.fixture(scope="module", autouse=True)
def founded(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> None:
    """Puts back what the public site stands on, where a flush has taken it away since the last module."""
    if request.config.stash.get(FLUSHED, False):
        with django_db_blocker.unblock():
            founding.found()
        request.config.stash[FLUSHED] = False
