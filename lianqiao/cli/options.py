"""What commands have in common: their options, and the two ways in which a call ends badly."""

from __future__ import annotations

import argparse
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lianqiao.core.periods import Period
    from lianqiao.journal.figures import Known
    from lianqiao.people.models import User
    from lianqiao.places.models import Node


class DataWrong(Exception):
    """The data is wrong: printed to standard error, exit status 1."""


class CallWrong(Exception):
    """The call is wrong: printed to standard error, exit status 2."""


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，写作 2021-10-12") from None


def moment(text: str) -> int | date | datetime:
    """A known-at: a transaction's number, a date (the end of that day in Shanghai) or a time."""
    if text.isascii() and text.isdecimal() and len(text) != 8:
        return int(text)
    try:
        return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是事务号、日期或时间") from None


def scope_options(parser: argparse.ArgumentParser) -> None:
    """--pairing, --from, --until, --known-at, --measure."""
    parser.add_argument(
        "--pairing", action="append", default=[], help="结对关系，如 靖江-永寿；可重复，取并集（默认：根）"
    )
    parser.add_argument("--from", dest="start", type=day, metavar="DATE", help="自哪天（默认：累计）")
    parser.add_argument("--until", type=day, metavar="DATE", help="至哪天（默认：今天）")
    parser.add_argument("--known-at", type=moment, metavar="TIME", help="按何时所知：日期、时间或事务号（默认：现在）")
    parser.add_argument("--measure", action="append", default=[], metavar="CODE", help="指标代码；可重复；A+B 为相加")


def json_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def target_option(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    parser.add_argument(
        "-o", dest="target", required=required, type=workbook_path, metavar="FILE", help="写到哪个 .xlsx"
    )


def workbook_path(text: str) -> Path:
    """Where a workbook is to be written: an .xlsx in a folder that exists."""
    path = Path(text)
    if path.suffix.lower() != ".xlsx":
        raise argparse.ArgumentTypeError(f"“{text}”要以 .xlsx 结尾")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"没有文件夹 {path.parent}")
    return path


def existing_file(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"没有文件 {text}")
    return path


def nodes(names: list[str]) -> list[Node]:
    """The nodes of these names, or the root. Raises CallWrong, DataWrong."""
    from lianqiao.places.models import Node
    from lianqiao.places.tree import NoSuchNode, by_name

    if not names:
        roots = list(Node.objects.filter(parent=None).order_by("pk"))
        if not roots:
            raise DataWrong("还没有结对关系。先用 lianqiao init 建立，或导入结对关系台账。")
        return roots[:1]
    try:
        return [by_name(name) for name in names]
    except NoSuchNode as error:
        raise CallWrong(str(error)) from error


def period(start: date | None, until: date | None) -> Period:
    from lianqiao.core.periods import Period
    from lianqiao.journal import clock

    try:
        return Period(start, until or clock.today())
    except ValueError as error:
        raise CallWrong(str(error)) from error


def known(at: int | date | datetime | None) -> Known:
    from lianqiao.journal.figures import NoSuchMoment, known_at

    try:
        return known_at(at)
    except NoSuchMoment as error:
        raise CallWrong(str(error)) from error


def user(name: str | None, option: str = "--as") -> User:
    from lianqiao.people.models import User

    if not name:
        raise CallWrong(f"要指明由谁办理：{option} 用户名")
    found = User.objects.filter(username=name, is_active=True).first()
    if found is None:
        raise CallWrong(f"没有用户“{name}”")
    return found
