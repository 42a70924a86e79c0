"""An instance from its first day, used by commands as a user would: init, import, approve, figures, verify, serve."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lianqiao.journal.figures import known_at
from tests.cli.books import ID_NUMBER, book, posting_of, trip, twinning
from tests.cli.conftest import Lianqiao
from tests.cli.sample import LIANQIAO, Instance, environment, run
from tests.cli.serving import get, serving
from tests.cli.test_figures import refused
from tests.tampering import execute
from tests.world import World, approved, visit

INIT = ("init", "--east", "江苏省", "--west", "陕西省", "--since", "2017-01-01")


# From the first day ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Instance, Any]:
    """A new instance, and what init printed."""
    folder = tmp_path_factory.mktemp("instance")
    done = run(*INIT, "--json", "--dir", folder)
    assert done.status == 0, done
    return Instance(folder), done.json


@pytest.fixture(scope="module")
def used(begun: tuple[Instance, Any], tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """The new instance with a tree, two visits of which one is approved, and a person."""
    instance, _ = begun
    desk = tmp_path_factory.mktemp("desk")
    both = ("--as", "tianbao", "--approve-as", "shenhe")
    tree = book(
        desk / "结对.xlsx", twinning(东部方="靖江市", 西部方="永寿县", 层级="县际", 上级结对="江苏-陕西"), twinning()
    )
    instance.json("import", "pairings", tree, *both)
    instance.json("import", "secondments", book(desk / "选派.xlsx", posting_of()), *both)
    visits = book(desk / "互访.xlsx", trip(), trip(事由="示例之二", 人数=4, 结对关系="生祠-甘井"))
    told = instance.json("import", "visits", visits, "--as", "tianbao")
    instance.json("approve", "visits", told["written"][0], "--as", "shenhe")
    return instance


def test_init_tells_the_first_users_their_passwords(begun: tuple[Instance, Any]) -> None:
    instance, told = begun
    assert (told["dir"], told["pairing"]) == (str(instance.folder), "江苏省—陕西省")
    assert set(told["users"]) == {"tianbao", "shenhe"}
    assert all(len(password) >= 12 for password in told["users"].values())


def test_init_lays_the_root_as_two_people_do(begun: tuple[Instance, Any]) -> None:
    figure = begun[0].json("figures", "--measure", "pair.county")[0]
    assert (figure["pairing"], figure["transaction"]) == ("江苏-陕西", 1)


def test_passwords_are_kept_nowhere(begun: tuple[Instance, Any]) -> None:
    instance, told = begun
    kept = b"".join(file.read_bytes() for file in instance.folder.rglob("*") if file.is_file())
    assert b"tianbao" in kept
    assert not [p for p in told["users"].values() if p.encode() in kept]


def test_only_the_owner_may_read_the_keys(begun: tuple[Instance, Any]) -> None:
    keys = begun[0].folder / "keys"
    assert {f.stat().st_mode & 0o077 for f in [keys, *keys.iterdir()]} == {0}


def test_init_twice_is_refused_and_nothing_changes(begun: tuple[Instance, Any]) -> None:
    instance, _ = begun
    before = (instance.folder / "heads.txt").read_text(encoding="ascii")
    refused(instance.run(*INIT), 1, str(instance.folder), "已有实例")
    assert (instance.folder / "heads.txt").read_text(encoding="ascii") == before


def test_a_new_instance_is_filled_and_counted(used: Instance) -> None:
    asked = ("visits.batches", "visits.person_times", "talent.total")
    found = used.json("figures", "--pairing", "靖江-永寿", *(w for code in asked for w in ("--measure", code)))
    assert [figure["value"] for figure in found] == [1, 9, 1]


def test_a_new_instance_verifies(used: Instance) -> None:
    head = (used.folder / "heads.txt").read_text(encoding="ascii").split()[-1]
    told = used.json("verify", "--head", head)
    assert (told["ok"], told["transactions"], told["head"]) == (True, 4, head)


def test_an_id_number_is_nowhere_in_the_instance(used: Instance) -> None:
    kept = b"".join(file.read_bytes() for file in used.folder.rglob("*") if file.is_file())
    assert "永寿县中学".encode() in kept
    assert ID_NUMBER.encode() not in kept


def test_init_told_to_people_shows_each_user_once(tmp_path: Path) -> None:
    """In the folder that is taken where none is named."""
    done = run(*INIT, cwd=tmp_path)
    assert (done.status, done.err) == (0, "")
    assert [f.name for f in tmp_path.iterdir()] == ["lianqiao-data"]
    names = [line.split()[0] for line in done.out.splitlines()]
    assert names[names.index("用户") + 2 :][:2] == ["tianbao", "shenhe"]
    assert "请另存一份" in done.out


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--level", "区县"), ("区县", "县际")),
        (("--filler", "a", "--reviewer", "a"), ("--filler",)),
        (("--since", "2017"), ("2017",)),
    ],
)
def test_init_with_what_makes_no_sense_leaves_nothing(
    tmp_path: Path, more: tuple[str, ...], words: tuple[str, ...]
) -> None:
    refused(run(*INIT, *more, "--dir", tmp_path / "instance"), 2, *words)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    [("figures",), ("verify", "--json"), ("approve", "visits", "HF-2021-0001", "--as", "shenhe"), ("serve",)],
)
def test_without_an_instance_it_is_said_what_to_do(tmp_path: Path, command: tuple[str, ...]) -> None:
    refused(run(*command, "--dir", tmp_path / "nothing"), 1, "lianqiao init", "--dir")
    assert list(tmp_path.iterdir()) == []


def test_an_instance_may_be_named_by_the_environment(begun: tuple[Instance, Any], tmp_path: Path) -> None:
    told = subprocess.run(
        [str(LIANQIAO), "verify", "--json"], cwd=tmp_path, env=environment(LIANQIAO_DIR=str(begun[0].folder)),
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    assert json.loads(told)["ok"]


def test_a_database_that_is_none_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "lianqiao.sqlite3").write_bytes(b"not a database at all" * 100)
    refused(run("figures", "--dir", tmp_path), 1)


# Verify ---------------------------------------------------------------------------------------------------------------


@pytest.mark.data
def test_verify_has_the_keys_of_the_contract(world: World, lianqiao: Lianqiao) -> None:
    approved(world, visit(world.county))
    told = lianqiao("verify", "--json").json
    head = known_at()
    assert {key: told[key] for key in ("ok", "transactions", "head", "problems")} == {
        "ok": True, "transactions": head.number, "head": f"{head.number}:{head.hash}", "problems": [],
    }  # fmt: skip
    assert isinstance(told["postings"], int)


@pytest.mark.data
def test_what_disagrees_is_named_with_table_and_row(world: World, lianqiao: Lianqiao) -> None:
    (row,) = approved(world, visit(world.county, people=9))
    assert execute("UPDATE exchange_visit SET people = 10 WHERE id = %s", [row.pk]) == 1
    done = lianqiao("verify", "--json")
    assert (done.status, done.json["ok"]) == (1, False)
    (problem,) = done.json["problems"]
    assert (problem["table"], problem["row"]) == ("exchange_visit", str(row.pk))
    assert row.number in problem["what"]


@pytest.mark.data
def test_people_read_the_first_row_that_disagrees(world: World, lianqiao: Lianqiao) -> None:
    (row,) = approved(world, visit(world.county, people=9))
    execute("UPDATE exchange_visit SET people = 10 WHERE id = %s", [row.pk])
    done = lianqiao("verify")
    assert done.status == 1
    assert done.out.splitlines()[-1] == f"有 1 处不一致，第一处：exchange_visit {row.pk}"


@pytest.mark.data
@pytest.mark.parametrize(("head", "status"), [("9999:abc", 1), ("1:abc", 1), (f"1{'0' * 30}:abc", 1), ("abc", 2)])
def test_a_head_that_the_journal_does_not_meet(world: World, lianqiao: Lianqiao, head: str, status: int) -> None:
    done = lianqiao("verify", "--head", head)
    assert done.status == status
    assert head.split(":")[0] in done.out or done.err


# Serve ----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(used: Instance) -> Iterator[str]:
    with serving(used) as found:
        yield found


def test_the_server_says_that_it_is_well_and_where_the_chain_stands(address: str, used: Instance) -> None:
    status, _, body = get(f"{address}/health/")
    head = json.loads(body)["head"]
    assert (status, json.loads(body)["ok"]) == (200, True)
    written = (used.folder / "heads.txt").read_text(encoding="ascii").split()
    assert f"{head['number']}:{head['hash']}" == written[-1]


def test_the_server_asks_who_you_are(address: str) -> None:
    """An instance in earnest is not open to whoever comes."""
    status, url, body = get(f"{address}/desk/")
    assert (status, url.partition("?")[0]) == (200, f"{address}/sign-in/")
    assert 'type="password"' in body
    assert "靖江" not in body
