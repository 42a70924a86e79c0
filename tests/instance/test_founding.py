"""A new instance, by options or by answers: with its keys, users and tree, or not at all."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.db import connection

from lianqiao.config.keys import NAMES
from lianqiao.instance.founding import CannotFound, Person, Programme, found
from lianqiao.instance.fresh import Occupied
from lianqiao.journal import guards
from lianqiao.journal.models import Transaction
from lianqiao.ledger.audit import verify
from lianqiao.people.models import Grant, User
from lianqiao.places.models import Node
from tests.cli.books import book, twinning
from tests.instance.homes import Home, lianqiao, living_in, told_by

pytestmark = pytest.mark.usefixtures("free")
ROOT = ["--east", "江苏省", "--west", "陕西省", "--since", "2017-01-01"]
SINCE = date(2017, 1, 1)
TWO = (Person("tianbao", Grant.Role.FILLER), Person("shenhe", Grant.Role.REVIEWER))
PROGRAMME = Programme("江苏省", "陕西省", "省际", SINCE, TWO)


def tree(folder: Path, *more: dict[str, object]) -> Path:
    """A workbook of the pairings below the root."""
    rows = [
        twinning(东部方="泰州市", 西部方="咸阳市", 层级="市际", 上级结对="江苏-陕西"),
        twinning(东部方="靖江市", 西部方="永寿县", 层级="县际", 上级结对="泰州-咸阳"),
        twinning(),
        *more,
    ]
    return book(folder / "结对关系.xlsx", *rows)


@pytest.mark.data
def test_an_instance_is_made_with_its_tree_and_users(home: Home, tmp_path: Path) -> None:
    people = (*TWO, Person("jingjiang", Grant.Role.FILLER, Grant.Side.EAST, "靖江-永寿"))
    with living_in(home):
        passwords = found(
            replace(PROGRAMME, people=people, tree=tree(tmp_path), passwords={"shenhe": "示例口令 2021 年"})
        )
        assert [str(node) for node in Node.objects.filter(confirmed=True)] == [
            "江苏省—陕西省", "泰州市—咸阳市", "靖江市—永寿县", "生祠镇—甘井镇",
        ]  # fmt: skip
        assert passwords.keys() == {"tianbao", "jingjiang"}
        for name, password in {**passwords, "shenhe": "示例口令 2021 年"}.items():
            assert authenticate(username=name, password=password)
        (grant,) = Grant.objects.filter(user__username="jingjiang")
        assert (grant.role, grant.side, str(grant.node)) == ("filler", "east", "靖江市—永寿县")
        assert {t.by for t in Transaction.objects.all()} == {"shenhe"}
        assert guards.missing(connection) == []
        assert verify().ok
    assert {path.name for path in (home.folder / "keys").iterdir()} == set(NAMES)
    assert all(path.stat().st_mode & 0o77 == 0 for path in (home.folder / "keys").iterdir())


@pytest.mark.data
def test_a_tree_with_a_bad_row_leaves_nothing_behind(home: Home, tmp_path: Path) -> None:
    bad = tree(tmp_path, twinning(上级结对="不存在-不存在"), twinning(层级="星际"))
    with living_in(home):
        with pytest.raises(CannotFound, match="星际") as refused:
            found(replace(PROGRAMME, tree=bad))
        assert "台账 C6" in str(refused.value)
        assert home.left() == []
        found(PROGRAMME)
        assert verify().ok


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"people": TWO[:1]}, "两个范围是整个实例的用户"),
        ({"people": [replace(TWO[0], username="a"), replace(TWO[1], username="a")]}, "不能是同一人"),
        ({"people": [*TWO, Person("a", Grant.Role.LEADER, pairing="靖江-永寿")]}, "用户 a：没有结对关系“靖江-永寿”"),
        ({"people": [*TWO, Person("a b", Grant.Role.LEADER)]}, "用户 a b："),
        ({"passwords": {"shenhe": "short"}}, "用户 shenhe："),
        ({"passwords": {"nobody": "long enough 2021"}}, "不在用户之列：nobody"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing_behind(change: dict[str, object], told: str, home: Home) -> None:
    with living_in(home), pytest.raises(CannotFound, match=told):
        found(replace(PROGRAMME, **change))  # type: ignore[arg-type]
    assert home.left() == []


def test_an_instance_is_not_made_over_another(home: Home) -> None:
    with living_in(home):
        found(PROGRAMME)
        with pytest.raises(Occupied, match="已有实例"):
            found(replace(PROGRAMME, east="浙江省"))
        assert str(Node.objects.get()) == "江苏省—陕西省"


def test_keys_that_lie_there_already_are_used_and_stay(home: Home) -> None:
    (home.folder / "keys").mkdir(parents=True)
    (home.folder / "keys" / "person_key").write_text("ab" * 32)
    with living_in(home):
        with pytest.raises(CannotFound):
            found(replace(PROGRAMME, people=TWO[:1]))
        assert home.left() == ["keys"]
        found(PROGRAMME)
    assert (home.folder / "keys" / "person_key").read_text() == "ab" * 32


# By options ----------------------------------------------------------------------------------------------------------


def test_options_make_it_and_passwords_are_printed_once(home: Home, tmp_path: Path) -> None:
    chosen = tmp_path / "passwords.txt"
    chosen.write_text("shenhe:示例口令 2021 年\n", "utf-8")
    users = ["--user", "tianbao:填报", "--user", "shenhe:reviewer:双方", "--user", "jj:填报:东部:靖江-永寿"]
    told = told_by(lianqiao(home, "init", *ROOT, *users, "--tree", tree(tmp_path), "--password-file", chosen, "--json"))
    assert told["pairing"] == "江苏省—陕西省"
    assert told["users"].keys() == {"tianbao", "shenhe", "jj"}
    assert told["users"]["shenhe"] is None
    with living_in(home):
        assert authenticate(username="jj", password=told["users"]["jj"])
        assert Node.objects.count() == 4


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (ROOT[:4], "还缺 --since"),
        ([*ROOT, "--level", "星际"], "层级“星际”不在可选词内"),
        ([*ROOT, "--user", "a:国王"], "角色“国王”不在可选词内"),
        ([*ROOT, "--user", "a:filler:北部"], "一方“北部”不在可选词内"),
        ([*ROOT, "--user", ":filler"], "没有用户名"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(arguments: Sequence[str], told: str, home: Home) -> None:
    done = lianqiao(home, "init", *arguments)
    assert done.returncode == 2, done.stderr
    assert told in done.stderr
    assert home.left() == []


# By answers ----------------------------------------------------------------------------------------------------------


def at_terminal(home: Home, *arguments: str, answers: Sequence[str]) -> tuple[int, str]:
    """Runs init with a terminal for its input; returns its exit status and what it asked and said."""
    ours, theirs = pty.openpty()
    os.write(ours, "".join(f"{line}\n" for line in answers).encode() + b"\x04")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LIANQIAO_")} | home.environment
    done = subprocess.run(
        [sys.executable, "-m", "lianqiao.cli.main", "init", *arguments],
        env=environment | {"DJANGO_SETTINGS_MODULE": "lianqiao.config.settings", "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=theirs, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    os.close(ours)
    os.close(theirs)
    return done.returncode, done.stderr + done.stdout


def test_what_is_missing_is_asked_for_until_it_makes_sense(home: Home, tmp_path: Path) -> None:
    answers = [
        "", "陕西省", "星际", "", "去年", "2017-01-01", str(tmp_path / "nothing.xlsx"), str(tree(tmp_path)),
        "tianbao:填报", "shenhe:国王", "shenhe:审核", "",
    ]  # fmt: skip
    status, said = at_terminal(home, "--east", "江苏省", answers=answers)
    assert status == 0, said
    assert "东部方（" not in said
    for told in ("这一项要填", "可选：省际", "“去年”不是日期", "没有文件", "角色“国王”不在可选词内", "实例建在"):
        assert told in said
    with living_in(home):
        assert Node.objects.get(parent=None).kind == "省际"
        assert Node.objects.count() == 4
        assert set(User.objects.values_list("username", flat=True)) == {"tianbao", "shenhe"}


def test_answers_that_break_off_make_nothing(home: Home) -> None:
    status, said = at_terminal(home, answers=["江苏省", "陕西省"])
    assert (status, home.left()) == (2, [])
    assert "没有答完" in said
