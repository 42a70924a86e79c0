"""An upgrade happens on a copy first, and not at all where it would fail or move a figure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from lianqiao.config.keys import NAMES, put_key
from lianqiao.core.periods import Period
from lianqiao.core.units import as_data
from lianqiao.instance import archive
from lianqiao.instance.backup import back_up
from lianqiao.instance.fresh import fresh_instance
from lianqiao.instance.restore import fitting_tables, load, put_evidence, restore
from lianqiao.instance.tables import Newer, all_migrations, applied, known, make_schema
from lianqiao.instance.upgrade import to_do
from lianqiao.journal.figures import Figure, figures
from lianqiao.journal.measures import MEASURES
from lianqiao.ledger import evidence
from lianqiao.ledger.audit import verify
from lianqiao.places.tree import by_name
from tests.instance.conftest import PAPER, Sample
from tests.instance.homes import ON_POSTGRES, Home, lianqiao, living_in, new_home, told_by

pytestmark = [pytest.mark.data, pytest.mark.usefixtures("free")]
# A backup and the figures of an instance that the first version made, with its keys: see README.md there.
FIRST = Path(__file__).parent / "first"


@pytest.fixture
def living(sample: Sample, home: Home) -> Iterator[Home]:
    with living_in(home):
        restore(sample.file, sample.keys)
        connection.close()  # other processes work with it
        yield home


def upgrade(home: Home, later: str, *more: str, status: int = 0) -> Any:
    done = lianqiao(home, "upgrade", *more, settings_module="tests.instance.later.settings", LATER=later)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def dump() -> dict[str, Any]:
    """Every table with its rows."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            found[table] = cursor.fetchall()
    connection.close()
    return found


def rehearsals() -> set[str]:
    """The scratch databases of rehearsals: other workers share the server, but only this file's tests upgrade on it."""
    with psycopg.connect("dbname=postgres user=postgres") as server:
        found = server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'lianqiao_rehearsal_%'")
        return {name for (name,) in found}


def test_an_upgrade_backs_up_rehearses_migrates_and_puts_the_guards_back(living: Home) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER journal_posting_no_update" + (" ON journal_posting" if ON_POSTGRES else ""))
    connection.close()
    told = upgrade(living, "adds")
    assert "迁移 adds.0001_initial、触发器 journal_posting_no_update" in told
    assert "预演通过" in told
    assert "个数字与升级前相同。校验一致" in told
    assert ("adds", "0001_initial") in applied(connection)
    (kept,) = (living.folder / "backups").iterdir()
    with archive.opened(kept) as held:
        held.check()
        assert ("adds", "0001_initial") not in held.manifest.migrations
    assert verify().ok
    connection.close()
    assert "没有要做的" in upgrade(living, "adds")
    assert len(list((living.folder / "backups").iterdir())) == 1
    assert ".rehearsal" not in living.left()


@pytest.mark.parametrize(("later", "reason"), [("fails", "no_such_table"), ("moves", "累计：原")])
def test_a_rehearsal_that_goes_wrong_leaves_the_instance_as_it_was(later: str, reason: str, living: Home) -> None:
    before = dump()
    told = upgrade(living, later, status=1)
    assert "预演没有通过，实例没有改动" in told
    assert reason in told
    assert dump() == before
    assert ".rehearsal" not in living.left()
    assert not ON_POSTGRES or not rehearsals()


@pytest.mark.parametrize("later", ["fails", "moves"])
def test_without_a_rehearsal_a_failure_says_how_things_stand(later: str, living: Home) -> None:
    before = dump()
    told = upgrade(living, later, "--without-rehearsal", status=1)
    assert "预演" not in told
    if ON_POSTGRES:  # which takes the whole upgrade back
        assert "数据库没有改动" in told
        assert dump() == before
    else:
        assert str(living.folder / "backups") in told


def test_what_was_wrong_before_may_be_passed_over(living: Home) -> None:
    """Evidence that was lost long ago; nobody should be shut up in an old version for it."""
    lost = evidence.path_of(evidence.described(PAPER, "", "")["sha256"])
    lost.unlink()
    assert "佐证材料“签到表.txt”不在或被改动" in upgrade(living, "adds", status=1)
    assert "有 1 处不一致" in upgrade(living, "adds", "--despite-problems", status=1)
    assert ("adds", "0001_initial") in applied(connection)


@pytest.mark.skipif(not ON_POSTGRES, reason="roles are PostgreSQL's: runs with LIANQIAO_TEST_DATABASE=postgresql")
def test_a_role_that_makes_no_database_is_told_so(sample: Sample, home: Home) -> None:
    name = home.url.rpartition("/")[2]
    with psycopg.connect("dbname=postgres user=postgres", autocommit=True) as server:
        server.execute(f'CREATE ROLE "{name}" LOGIN')
        server.execute(f'ALTER DATABASE "{name}" OWNER TO "{name}"')
    plain = Home(home.folder, home.url.replace("postgres@", f"{name}@"))
    with living_in(plain):
        restore(sample.file, sample.keys)
        connection.close()
        assert "--without-rehearsal" in upgrade(plain, "adds", status=1)
        assert ("adds", "0001_initial") not in applied(connection)
        connection.close()
        upgrade(plain, "adds", "--without-rehearsal")
        assert ("adds", "0001_initial") in applied(connection)


def test_a_database_of_a_later_version_is_left_alone(living: Home, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('adds', '0001_initial', '2031-01-01')"
        )
    for act in (to_do, lambda: back_up(tmp_path / "file.zip")):
        with pytest.raises(Newer, match=r"adds\.0001_initial"):
            act()
    connection.close()
    done = lianqiao(living, "figures")
    assert (done.returncode, done.stdout) == (1, "")
    assert "adds.0001_initial" in done.stderr


# The first version ---------------------------------------------------------------------------------------------------


def check_first_figures() -> None:
    """What the first version's own command line said of its instance."""
    for told in json.loads((FIRST / "figures.json").read_text("utf-8")):
        start = date.fromisoformat(told["from"]) if told["from"] else None
        period = Period(start, date.fromisoformat(told["until"]))
        found = figures([MEASURES[name] for name in told["values"]], [by_name(told["pairing"])], period)
        assert {f.measure.code: facts(f) for f in found} == told["values"]


def facts(found: Figure) -> list[int | str | None]:
    return [as_data(found.value, found.measure.unit), as_data(found.bare, found.measure.unit), found.entries]


def test_an_instance_of_the_first_version_upgrades_without_a_change_in_any_figure(home: Home) -> None:
    with living_in(home):
        for name in NAMES:
            put_key(home.folder, name, (FIRST / "keys" / name).read_text())
        with archive.opened(FIRST / "backup.zip") as held, fresh_instance():
            put_evidence(held)
            load(held, fitting_tables(held.manifest))
        connection.close()
        assert "lianqiao upgrade" in lianqiao(home, "figures").stderr
        done = told_by(lianqiao(home, "upgrade", "--json", "--without-rehearsal"))
        assert done["figures"] > 1000
        check_first_figures()
        assert verify().ok


def test_a_backup_of_the_first_version_restores_into_this_one(home: Home, tmp_path: Path) -> None:
    """And has the schema then that a new instance is given at once, without its migrations being run."""
    with living_in(home):
        assert restore(FIRST / "backup.zip", FIRST / "keys").report.ok
        assert to_do() == []
        check_first_figures()
        migrated = schema()
    with living_in(anew := new_home(tmp_path / "anew")):
        anew.folder.mkdir()
        make_schema(all_migrations())
        assert schema() == migrated
        assert known(applied(connection)) == all_migrations()


def schema() -> dict[str, Any]:
    """Tables with their columns, keys, indexes and checks, as the database tells them; SQLite numbers those without a name."""
    look = connection.introspection
    with connection.cursor() as cursor:
        return {
            table: (
                {column.name: column[1:6] for column in look.get_table_description(cursor, table)},
                sorted(
                    (re.sub(r"^(fk|__unnamed_constraint)_\d+_?$", r"\1", name), sorted(map(str, told.items())))
                    for name, told in look.get_constraints(cursor, table).items()
                ),
                sorted(map(str, look.get_sequences(cursor, table))),
            )
            for table in look.table_names(cursor)
            if not table.startswith("wagtailsearch_indexentry")  # the index of searches is made anew after migrate
        }


def test_an_old_database_is_backed_up_as_it_is(home: Home, tmp_path: Path) -> None:
    with living_in(home):
        for name in NAMES:
            put_key(home.folder, name, (FIRST / "keys" / name).read_text())
        with archive.opened(FIRST / "backup.zip") as held, fresh_instance():
            load(held, fitting_tables(held.manifest))
            first = held.manifest
        again = back_up(tmp_path / "file.zip").manifest
    assert again.migrations == first.migrations
    tables = {name: member for name, member in first.members.items() if name.startswith("tables/")}
    assert {name: member.rows for name, member in again.members.items() if name in tables} == {
        name: member.rows for name, member in tables.items()
    }
