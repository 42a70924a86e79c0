"""What is backed up comes back as it was, from either database to either."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from lianqiao.instance import archive
from lianqiao.instance.backup import Exists, back_up
from lianqiao.instance.fresh import Occupied
from lianqiao.instance.restore import NotWhole, restore
from lianqiao.instance.standing import last_known, standing
from lianqiao.instance.tables import LEFT_OUT
from lianqiao.journal import guards
from lianqiao.journal.models import Transaction
from lianqiao.ledger import acts, evidence
from lianqiao.ledger.audit import verify
from lianqiao.people.models import User
from lianqiao.places.models import Node
from tests.instance.conftest import OTHER_PAPER, PAPER, Again, Sample
from tests.instance.homes import ON_POSTGRES, Home, lianqiao, living_in, new_home
from tests.world import visit

pytestmark = [pytest.mark.data, pytest.mark.usefixtures("free")]
TODAY = date(2021, 12, 31)


def content(file: Path) -> dict[str, list[Any]]:
    """Table → its lines as values, its JSON columns too: what a backup holds, however its database writes it."""
    with zipfile.ZipFile(file) as held:
        return {
            name: [[opened(value) for value in json.loads(line)] for line in held.read(name).splitlines()]
            for name in held.namelist()
            if name.startswith("tables/")
        }


def opened(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) and value[:1] in ("[", "{") else value
    except ValueError:
        return value


def test_a_restored_instance_says_what_the_other_said(sample: Sample, restored: Again) -> None:
    with living_in(sample.home):
        before, head = standing(TODAY, last_known()), str(last_known().number)
    with living_in(restored.home):
        told = restored.told.manifest.head
        assert standing(TODAY, last_known()) == before
        assert any(found[0] for found in before.values())
        assert verify(told).ok
        assert told.startswith(f"{head}:")


def test_a_restore_is_itself_a_transaction(sample: Sample, restored: Again) -> None:
    with living_in(restored.home):
        last = Transaction.objects.order_by("number").last()
        assert last == restored.told.transaction
        assert (last.kind, last.postings, last.vouchers) == ("restore", 0, 0)
        assert sample.made.manifest.head in last.why
        assert (restored.home.folder / "heads.txt").read_text().splitlines()[-1] == f"{last.number}:{last.hash}"


def test_every_row_comes_back(sample: Sample, restored: Again, tmp_path: Path) -> None:
    with living_in(restored.home):
        again = back_up(tmp_path / "again.zip")
    first, second = content(sample.file), content(again.path)
    assert second["tables/journal_transaction.jsonl"].pop()[3] == "restore"
    assert second == first
    assert all(len(lines) > 1 for name, lines in first.items() if name.startswith("tables/exchange"))


def test_the_evidence_that_any_version_names_comes_back(restored: Again) -> None:
    with living_in(restored.home):
        kept = {evidence.path_of(name).read_bytes() for name in restored.told.manifest.evidence}
    assert kept == {PAPER, OTHER_PAPER}


def test_work_goes_on_after_a_restore(living: Home) -> None:
    assert guards.missing(connection) == []
    county = Node.objects.get(east="靖江市")
    by, approver = (User.objects.get(username=name) for name in ("jingjiang", "yongshou"))
    (row,) = acts.create([visit(county, date(2021, 5, 6), purpose="示例：恢复之后")], by)
    acts.approve([row], approver)
    assert verify().ok


def test_neither_keys_nor_sessions_are_in_a_backup(living: Home, tmp_path: Path) -> None:
    session = SessionStore()
    session.create()
    made = back_up(tmp_path / "file.zip")
    secrets = [(living.folder / "keys" / name).read_bytes() for name in ("secret_key", "person_key")]
    secrets.append(str(session.session_key).encode())
    with zipfile.ZipFile(made.path) as held:
        everything = b"".join(held.read(name) for name in held.namelist())
    assert not any(secret in everything for secret in secrets)
    assert b"django_session" not in everything


def test_heads_after_the_moment_are_left_out(living: Home, tmp_path: Path) -> None:
    number = last_known().number
    with (living.folder / "heads.txt").open("a") as file:
        file.write(f"{number + 1}:{'0' * 64}\n")
    with archive.opened(back_up(tmp_path / "file.zip").path) as held:
        numbers = [int(line.split(b":")[0]) for line in held.content(archive.HEADS).splitlines()]
    assert numbers == list(range(1, number + 1))


def test_a_backup_replaces_no_file(sample: Sample, tmp_path: Path) -> None:
    there = tmp_path / "there.zip"
    there.write_text("held")
    with living_in(sample.home), pytest.raises(Exists):
        back_up(there)
    assert there.read_text() == "held"


def test_a_backup_that_fails_leaves_no_file(sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.Writer, "seal", full)
    with living_in(sample.home), pytest.raises(OSError, match="No space"):
        back_up(tmp_path / "file.zip")
    assert list(tmp_path.iterdir()) == []


def test_missing_evidence_is_told_and_the_rest_kept(sample: Sample, living: Home, tmp_path: Path) -> None:
    gone = evidence.described(PAPER, "", "")["sha256"]
    evidence.path_of(gone).write_bytes(b"something else")
    made = back_up(tmp_path / "file.zip")
    assert made.manifest.missing == (gone,)
    other = new_home(tmp_path / "other")
    with living_in(other):
        with pytest.raises(NotWhole) as refused:
            restore(made.path, sample.keys)
        assert [found.table for found in refused.value.report.problems] == ["exchange_visit"]
        assert other.left() == []
        kept = restore(made.path, sample.keys, despite_problems=True)
        assert len(kept.report.problems) == 1


def test_an_instance_is_not_overwritten(sample: Sample, living: Home) -> None:
    number = last_known().number
    with pytest.raises(Occupied):
        restore(sample.file)
    assert last_known().number == number
    assert verify().ok


@pytest.mark.skipif(not ON_POSTGRES, reason="crosses over to PostgreSQL: runs with LIANQIAO_TEST_DATABASE=postgresql")
def test_a_backup_crosses_from_one_database_to_the_other_and_back(sample: Sample, home: Home, tmp_path: Path) -> None:
    light = new_home(
        tmp_path / "light", postgres=False
    )  # in processes of its own: one process knows one kind of database
    crossed = tmp_path / "light.zip"
    commands: list[list[str | Path]] = [["restore", sample.file, "--keys", sample.keys], ["backup", crossed]]
    for command in commands:
        done = lianqiao(light, *command)
        assert done.returncode == 0, done.stderr
    assert (light.folder / "lianqiao.sqlite3").exists()
    with living_in(home):
        restore(crossed, sample.keys)
        assert connection.vendor == "postgresql"
        back = back_up(tmp_path / "back.zip")
    first, last = content(sample.file), content(back.path)
    assert [last["tables/journal_transaction.jsonl"].pop()[3] for _ in range(2)] == ["restore", "restore"]
    # SQLite's index of searches has a model, and so rows of its own in these two.
    for name in ("django_content_type", "auth_permission"):
        kept, more = first.pop(archive.table_member(name)), last.pop(archive.table_member(name))
        assert all(row in more for row in kept)
    assert last == first
    assert {archive.table_member(name) for name in LEFT_OUT}.isdisjoint(last)
