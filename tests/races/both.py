"""How two acts are made to meet: the first stops where it has read, until the second is done or visibly waits for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Barrier, Event, Thread, current_thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections
from django.db.models import QuerySet

from lianqiao.journal import chain

Act = Callable[[], Any]
# How long the first stands still. Under a lock the second cannot get done, and this is waited out; without one it can.
SECONDS, WITHOUT_LOCK = 0.5, 30


def doing(act: Act, came_to: list[Any], at: int) -> None:
    """Does it on a connection of its own; what it came to, result or exception, goes into the list."""
    try:
        came_to[at] = act()
    except Exception as error:
        came_to[at] = error
    finally:
        connection.close()


def at_once(acts: Sequence[Act]) -> list[Any]:
    """What each of these came to, all begun together."""
    start, came_to = Barrier(len(acts)), list[Any]([None] * len(acts))

    def begin(act: Act, at: int) -> None:
        start.wait()
        doing(act, came_to, at)

    threads = [Thread(target=begin, args=(act, at)) for at, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came_to


class Meeting:
    """Two acts of which the first stops after a call of `name` on `owner`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
        self.patch, self.seconds = monkeypatch, float(SECONDS)
        self.reached, self.second_done = Event(), Event()
        self.first: Thread | None = None
        original = getattr(owner, name)

        def stopping(*args: Any, **more: Any) -> Any:
            found = original(*args, **more)
            found = found if not hasattr(found, "__next__") else list(found)
            if current_thread() is self.first and not self.reached.is_set():
                self.reached.set()
                self.second_done.wait(self.seconds)
            return found

        monkeypatch.setattr(owner, name, staticmethod(stopping) if isinstance(owner, type) else stopping)

    def unlock(self) -> None:
        """Takes the locks away: of rows, of the end of the chain, and SQLite's of the whole file."""
        self.seconds = WITHOUT_LOCK
        self.patch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
        self.patch.setattr(chain, "lock", lambda: None)
        options = connections.settings["default"].get("OPTIONS", {})
        if "transaction_mode" in options:
            self.patch.setitem(options, "transaction_mode", "DEFERRED")
            self.patch.setitem(options, "timeout", 1)

    def of(self, first: Act, second: Act) -> tuple[Any, Any]:
        """What both came to."""
        came_to: list[Any] = [None, None]

        def follow() -> None:
            doing(second, came_to, 1)
            self.second_done.set()

        self.first, then = Thread(target=doing, args=(first, came_to, 0)), Thread(target=follow)
        self.first.start()
        assert self.reached.wait(WITHOUT_LOCK), came_to
        then.start()
        for thread in (self.first, then):
            thread.join()
        return came_to[0], came_to[1]


def broke(*results: Any) -> bool:
    """Whether one of them failed as no act should: "database is locked", a number taken twice."""
    return any(isinstance(result, DatabaseError) for result in results)
