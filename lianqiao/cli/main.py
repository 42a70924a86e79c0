"""The command line: a thin door on the same functions as the web.

Each command prints for people and, with --json, for programs. Errors go to standard error; exit status 1 says that the
data is wrong, 2 that the call is wrong.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from lianqiao.cli import (
    addup,
    articles,
    briefing,
    erasing,
    expiring,
    figures,
    founding,
    importing,
    instance,
    returns,
    rows,
    safekeeping,
    texts,
    writing,
)
from lianqiao.cli.options import CallWrong, DataWrong

INSTANCE, DEMO = Path("lianqiao-data"), Path("demo-data")


# What argparse says of a call that is none, and how we say it.
COMPLAINTS = (
    (r"the following arguments are required: (.+)", r"缺少参数：\1"),
    (r"unrecognized arguments: (.+)", r"不认得的参数：\1"),
    (r"argument (.+?): invalid choice: (\S+) .*", r"\1 没有 \2 这一项"),
    (r"argument (.+?): invalid \S+ value: (.+)", r"\1 不能是 \2"),
    (r"argument (.+?): expected .*", r"\1 后面要有值"),
    (r"argument (.+?): (.+)", r"\1：\2"),
)


class Parser(argparse.ArgumentParser):
    """argparse, complaining in Chinese."""

    def error(self, message: str) -> NoReturn:
        told = next(
            (re.sub(found, said, message) for found, said in COMPLAINTS if re.fullmatch(found, message)), message
        )
        self.exit(2, f"用法不对：{told}。\n{self.prog} --help 看用法。\n")


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = Parser(prog="lianqiao", description="连桥：运行一个东西部协作项目，并为它公布的每个数字作证。")
    commands = top.add_subparsers(dest="command", required=True, metavar="命令")
    rooms = (
        founding,
        instance,
        safekeeping,
        importing,
        rows,
        erasing,
        expiring,
        figures,
        addup,
        texts,
        writing,
        returns,
        briefing,
        articles,
    )
    for room in rooms:
        room.add(commands)
    for command in commands.choices.values():
        command.add_argument(
            "--dir", type=Path, help="实例所在文件夹（或 LIANQIAO_DIR；默认 ./lianqiao-data，其次 ./demo-data）"
        )
    return top


def choose_directory(given: Path | None, command: str) -> Path:
    """Where the instance lives: --dir, LIANQIAO_DIR, or the folder of that name here."""
    if given or os.environ.get("LIANQIAO_DIR"):
        return Path(given or os.environ["LIANQIAO_DIR"]).resolve()
    fallback = {"demo": DEMO, "init": INSTANCE, "restore": INSTANCE}.get(command)
    return (fallback or (INSTANCE if INSTANCE.is_dir() or not DEMO.is_dir() else DEMO)).resolve()


def prepare(arguments: argparse.Namespace) -> None:
    """Points the settings at the instance and starts Django."""
    os.environ["LIANQIAO_DIR"] = str(choose_directory(arguments.dir, arguments.command))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianqiao.config.settings")
    import django

    django.setup()
    if getattr(arguments, "needs_instance", True) and not getattr(arguments, "dry_run", False):
        instance.require_instance()
        if not getattr(arguments, "any_version", False):
            instance.require_version()


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal in GBK has no sign U+2212
    given = parser().parse_args(arguments)
    try:
        if getattr(given, "needs_django", True):
            prepare(given)
        return int(given.run(given) or 0)
    except DataWrong as error:
        print(error, file=sys.stderr)
        return 1
    except CallWrong as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
