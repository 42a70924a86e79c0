"""`lianqiao init`: a new instance, by options or, on a terminal, by questions for what is missing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lianqiao.cli import show
from lianqiao.cli.options import CallWrong, DataWrong, day, existing_file, json_option
from lianqiao.cli.rows import guarded

if TYPE_CHECKING:
    from lianqiao.instance.founding import Person, Programme

LEVEL = "省际"
USERS = ("tianbao:filler", "shenhe:reviewer")


def add(commands: Any) -> None:
    starting = commands.add_parser("init", help="建立一个新实例；在终端上，缺什么问什么")
    starting.add_argument("--east", help="东部方，如 江苏省")
    starting.add_argument("--west", help="西部方，如 陕西省")
    starting.add_argument("--level", help=f"层级（默认 {LEVEL}）")
    starting.add_argument("--since", type=day, metavar="DATE", help="结对日期")
    starting.add_argument("--tree", type=existing_file, metavar="FILE", help="结对关系台账：根以下的各级结对")
    starting.add_argument(
        "--user", action="append", default=[], metavar="NAME:ROLE[:SIDE[:PAIRING]]",
        help=f"第一批用户，可重复；角色、一方用代码或中文（默认 {' '.join(USERS)}）",
    )  # fmt: skip
    starting.add_argument(
        "--password-file", type=existing_file, metavar="FILE", help="一行一个 NAME:口令；没有写到的用户生成口令"
    )
    json_option(starting)
    starting.set_defaults(run=run_init, needs_instance=False)


def run_init(given: argparse.Namespace) -> int:
    from django.conf import settings

    from lianqiao.instance.founding import CannotFound, found
    from lianqiao.instance.fresh import Occupied

    ask_for_missing(given)
    programme = programme_of(given)
    try:
        passwords = guarded(lambda: found(programme))
    except (CannotFound, Occupied) as error:
        raise DataWrong(str(error)) from error
    users = {p.username: passwords.get(p.username) for p in programme.people}
    if given.json:
        pairing = f"{programme.east}—{programme.west}"
        show.as_json({"dir": str(settings.DIR), "pairing": pairing, "users": users})
        return 0
    print(f"实例建在 {settings.DIR}，根为 {programme.east}—{programme.west}。")
    print("第一批用户与口令（只显示这一次）：")
    show.table(["用户", "口令"], [[name, password or "（按口令文件）"] for name, password in users.items()])
    print(f"密钥在 {settings.DIR / 'keys'}：请另存一份，与备份分开放。没有它，身份证号解不开。")
    return 0


def programme_of(given: argparse.Namespace) -> Programme:
    """What was asked for. Raises CallWrong."""
    from lianqiao.instance.founding import Programme
    from lianqiao.places.models import Node

    level = given.level or LEVEL
    if level not in Node.Kind.values:
        raise CallWrong(f"层级“{level}”不在可选词内：{'、'.join(Node.Kind.values)}")
    passwords = read_passwords(given.password_file) if given.password_file else {}
    people = [person(text) for text in given.user or USERS]
    return Programme(given.east, given.west, level, given.since, people, given.tree, passwords)


def person(text: str) -> Person:
    """NAME:ROLE[:SIDE[:PAIRING]]; raises CallWrong."""
    from lianqiao.instance.founding import Person
    from lianqiao.people.models import Grant

    name, role, side, pairing = [*text.split(":", 3), "", "", ""][:4]
    if not name:
        raise CallWrong(f"“{text}”里没有用户名。写作 用户名:角色[:一方[:结对关系]]")
    staff = [one for one in Grant.Role if one not in Grant.OUTSIDE]
    return Person(name, word(staff, role, "角色"), word(Grant.Side, side or Grant.Side.BOTH, "一方"), pairing or None)


def word[T](choices: Any, text: str, what: str) -> Any:
    """A choice by its code or its Chinese name; raises CallWrong."""
    for choice in choices:
        if text in (choice.value, choice.label):
            return choice
    known = "、".join(f"{c.value}（{c.label}）" for c in choices)
    raise CallWrong(f"{what}“{text}”不在可选词内：{known}")


def read_passwords(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    if not all(":" in line for line in lines):
        raise CallWrong(f"{path.name}：一行写一个 用户名:口令")
    return {name.strip(): password for name, _, password in (line.partition(":") for line in lines)}


# Questions -----------------------------------------------------------------------------------------------------------


def ask_for_missing(given: argparse.Namespace) -> None:
    """Asks for what was not given where somebody sits at a terminal. Raises CallWrong where nobody does."""
    missing = [name for name in ("east", "west", "since") if not getattr(given, name)]
    if not missing:
        return
    if not sys.stdin.isatty():
        raise CallWrong(f"还缺 {'、'.join(f'--{name}' for name in missing)}。")
    given.east = given.east or ask("东部方（如 江苏省）", required)
    given.west = given.west or ask("西部方（如 陕西省）", required)
    given.level = given.level or ask(f"层级（默认 {LEVEL}）", level)
    given.since = given.since or ask("结对日期（如 2017-01-01）", since)
    given.tree = given.tree or ask("结对关系台账的工作簿（没有则回车）", workbook)
    given.user = given.user or ask_for_users()


def ask_for_users() -> list[str]:
    """Users until an empty line; none at all means the usual two."""
    told: list[str] = []
    while True:
        nothing = "到此为止" if told else " ".join(USERS)
        answer = ask(f"用户，写作 用户名:角色[:一方[:结对关系]]（回车：{nothing}）", user)
        if not answer:
            return told
        told.append(answer)


def ask[T](question: str, read: Callable[[str], T]) -> T:
    """Asks, on standard error, until the answer makes sense. Raises CallWrong at the end of the input."""
    while True:
        print(f"{question}：", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise CallWrong("没有答完，实例没有建立。")
        try:
            return read(line.strip())
        except (CallWrong, argparse.ArgumentTypeError) as error:
            print(error, file=sys.stderr)


def required(text: str) -> str:
    if not text:
        raise CallWrong("这一项要填。")
    return text


def level(text: str) -> str:
    from lianqiao.places.models import Node

    if text and text not in Node.Kind.values:
        raise CallWrong(f"可选：{'、'.join(Node.Kind.values)}")
    return text or LEVEL


def since(text: str) -> date:
    return day(required(text))


def workbook(text: str) -> Path | None:
    return existing_file(text) if text else None


def user(text: str) -> str:
    if text:
        person(text)
    return text
