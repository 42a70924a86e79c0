"""Work done in forks of this process, which has everything imported and holds no connection itself."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any, NoReturn

# The calls by which something comes to be on the disk or in the database. A kill falls before or after one of them.
DATABASE = ("execute", "executemany", "commit", "rollback")
DISK = ("replace", "rename", "fsync", "write", "flush", "open", "close", "unlink", "mkdir", "rmdir")
CALLS = frozenset((*DATABASE, *DISK))


class ChildFailed(RuntimeError):
    """A child that was to come to its end did not."""


def in_child(work: Callable[[], Any]) -> Any:
    """Does the work in a fork and returns what it returned, through JSON. Raises ChildFailed with its traceback."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(ours)
        answer(theirs, work)
    os.close(theirs)
    with os.fdopen(ours) as told:
        text = told.read()
    _, status = os.waitpid(pid, 0)
    if status or not text:
        raise ChildFailed(text or f"status {status}")
    return json.loads(text)


def answer(pipe: int, work: Callable[[], Any]) -> NoReturn:
    """Ends the fork without what its parent has planned for its own end."""
    status = 0
    with os.fdopen(pipe, "w") as out:
        try:
            json.dump(work(), out)
        except BaseException:
            status = 1
            traceback.print_exc(file=out)
    os._exit(status)


@dataclass
class Blade:
    """Kills its own process at the n-th event of a call in CALLS (each has two: before it and after it)."""

    at: int
    passed: int = 0

    def __call__(self, frame: FrameType, event: str, called: Any) -> None:
        if event in ("c_call", "c_return") and getattr(called, "__name__", "") in CALLS:
            self.passed += 1
            if self.passed == self.at:
                os.kill(os.getpid(), signal.SIGKILL)


def events_of(act: Callable[[], int]) -> int:
    """Runs an act to its end and counts its events. Raises ChildFailed where its status is not 0."""

    def work() -> int:
        blade = Blade(0)
        sys.setprofile(blade)
        succeed(act)
        sys.setprofile(None)
        return blade.passed

    return int(in_child(work))


def nanoseconds_of(act: Callable[[], int]) -> int:
    """Runs an act to its end and says how long it took. Raises ChildFailed where its status is not 0."""

    def work() -> int:
        begun = time.monotonic_ns()
        succeed(act)
        return time.monotonic_ns() - begun

    return int(in_child(work))


def succeed(act: Callable[[], int]) -> None:
    status = quietly(act)
    assert status == 0, status


def quietly(act: Callable[[], int]) -> int:
    """Runs an act with its output put away."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return act()


def killed_at_call(act: Callable[[], int], at: int) -> None:
    """Runs an act until the event, or to its end where it has fewer."""
    pid = os.fork()
    if pid == 0:
        sys.setprofile(Blade(at))
        os._exit(quietly(act))
    os.waitpid(pid, 0)


def killed_after(act: Callable[[], int], nanoseconds: int) -> None:
    """Runs an act for so long, or to its end where that is sooner."""
    pid = os.fork()
    if pid == 0:
        os._exit(quietly(act))
    time.sleep(nanoseconds / 1e9)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
