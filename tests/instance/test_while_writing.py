"""A backup is of one moment, though people go on writing: nobody waits for it, and nothing of theirs is half in it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from lianqiao.core.periods import Period
from lianqiao.instance import backup
from lianqiao.instance.archive import Unfit
from lianqiao.instance.restore import NotWhole, restore
from lianqiao.instance.standing import last_known
from lianqiao.journal.figures import figure
from lianqiao.journal.measures import MEASURES
from lianqiao.ledger import acts, evidence
from lianqiao.people.models import User
from lianqiao.places.models import Node
from tests.instance.conftest import Sample
from tests.instance.homes import Home, living_in, new_home
from tests.world import visit

pytestmark = [pytest.mark.data, pytest.mark.usefixtures("free")]
DAY = date(2021, 5, 6)
NUMBERS = count(1)


def enter() -> None:
    """One visit with evidence of its own, entered by one and approved by another."""
    number = next(NUMBERS)
    by, approver = (User.objects.get(username=name) for name in ("jingjiang", "yongshou"))
    paper = evidence.keep(f"示例 {number}".encode(), "签到表.txt", "签到表")
    row = visit(Node.objects.get(east="靖江市"), DAY, purpose=f"示例 {number}", people=1, evidence=[paper])
    acts.approve(acts.create([row], by), approver)


def people_that_day() -> int:
    return figure(MEASURES["visits.person_times"], [Node.objects.get(parent=None)], Period.day(DAY)).value or 0


@pytest.fixture
def busy(sample: Sample, home: Home) -> Iterator[None]:
    """A living instance, with a first visit on the day."""
    with living_in(home):
        restore(sample.file, sample.keys)
        enter()
        yield


def enter_before_each_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has somebody enter a row whenever the backup begins with one of these tables."""
    read = backup.rows

    def interrupted(source: Any, table: Any) -> Any:
        if table.name in ("exchange_visit", "journal_balance", "journal_transaction", "ledger_change"):
            enter()
        return read(source, table)

    monkeypatch.setattr(backup, "rows", interrupted)


def test_what_is_written_meanwhile_is_not_in_it(
    sample: Sample, busy: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, before = str(last_known().number), people_that_day()
    enter_before_each_table(monkeypatch)
    made = backup.back_up(tmp_path / "file.zip")
    assert people_that_day() == before + 4
    assert made.manifest.head.startswith(f"{head}:")
    with living_in(new_home(tmp_path / "other")):
        assert restore(made.path, sample.keys).report.ok
        assert people_that_day() == before


def test_without_a_snapshot_it_would_be_in_it(
    sample: Sample, busy: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same backup, read as it goes along."""
    enter_before_each_table(monkeypatch)
    monkeypatch.setitem(backup.SNAPSHOT, connection.vendor, "SELECT 1")
    made = backup.back_up(tmp_path / "file.zip")
    with living_in(new_home(tmp_path / "other")), pytest.raises((NotWhole, Unfit)):
        restore(made.path, sample.keys)


def test_a_thread_that_keeps_writing_disturbs_nothing(sample: Sample, busy: None, tmp_path: Path) -> None:
    stop, wrote, failed = threading.Event(), threading.Semaphore(0), []

    def keep_writing() -> None:
        try:
            while not stop.is_set():
                enter()
                wrote.release()
        except Exception as error:
            failed.append(error)
            wrote.release()
        finally:
            connection.close()

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        wrote.acquire()
        made = backup.back_up(tmp_path / "file.zip")
        wrote.acquire()
    finally:
        stop.set()
        writer.join()
    assert failed == []
    with living_in(new_home(tmp_path / "other")):
        restored = restore(made.path, sample.keys)
        assert restored.report.ok
        assert people_that_day() >= 2
