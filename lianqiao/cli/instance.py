"""`lianqiao demo`, `serve`, `verify`: an instance as a whole."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lianqiao.cli import show
from lianqiao.cli.options import CallWrong, DataWrong, json_option

TODAY_OF_SAMPLE = "2021-12-31"


def add(commands: Any) -> None:
    showing = commands.add_parser("demo", help="建立示例项目并打开网站")
    showing.add_argument("--no-serve", action="store_true", help="只建立，不打开网站")
    showing.add_argument("--port", type=port, default=8000)
    showing.add_argument(
        "--national", type=int, metavar="N", help="改为建立全国规模的虚构项目，约 N 条分录，供试用与测速"
    )
    json_option(showing)
    showing.set_defaults(run=run_demo, needs_instance=False)
    serving = commands.add_parser("serve", help="打开网站")
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--port", type=port, default=8000)
    serving.add_argument("--workers", type=int, default=2)
    serving.add_argument("--certificate", type=Path, metavar="FILE", help="HTTPS 的证书链（PEM），与 --key 一起给")
    serving.add_argument("--key", type=Path, metavar="FILE", help="证书的私钥（PEM）")
    serving.set_defaults(run=run_serve)
    proving = commands.add_parser("verify", help="核验账本：分录对台账、散列链、余额")
    proving.add_argument("--head", metavar="N:HASH", help="库外所持的账本头")
    json_option(proving)
    proving.set_defaults(run=run_verify)


def port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"“{text}”不是端口号，写作 1 至 65535")
    return int(text)


def require_instance() -> None:
    """Raises DataWrong where there is no instance."""
    from django.conf import settings
    from django.db import DatabaseError, connection

    if connection.vendor == "sqlite" and not Path(settings.DATABASES["default"]["NAME"]).exists():
        raise DataWrong(f"{settings.DIR} 里没有实例。先运行 lianqiao init 或 lianqiao demo，或用 --dir 指明。")
    try:
        if "journal_transaction" not in connection.introspection.table_names():
            raise DataWrong(f"{settings.DIR} 的数据库还没有建好。先运行 lianqiao init。")
    except DatabaseError as error:
        raise DataWrong(f"数据库打不开：{error}") from error


def require_version() -> None:
    """Raises DataWrong unless the database is as this version leaves it."""
    from lianqiao.instance.tables import Newer
    from lianqiao.instance.upgrade import waiting_migrations

    try:
        waiting = waiting_migrations()
    except Newer as error:
        raise DataWrong(f"数据库{error}") from error
    if waiting:
        raise DataWrong(f"数据库还差 {len(waiting)} 个迁移。先运行 lianqiao upgrade。")


def run_demo(given: argparse.Namespace) -> int:
    from lianqiao.cli.texts import print_checked
    from lianqiao.demo import national
    from lianqiao.demo.build import NotADemo, build, check_article

    progress = not given.json
    try:
        report = national.build(given.national, progress) if given.national else build(progress)
    except NotADemo as error:
        raise DataWrong(str(error)) from error
    password = sample_password()
    if given.json:
        show.as_json(report | {"password": password})
    else:
        if not given.national:
            print_checked(check_article())
        print(f"\n示例账号的密码（各账号相同，只在这里出现一次）：{password}")
    if given.no_serve:
        return 0
    os.environ["LIANQIAO_OPEN"] = "True"
    os.environ["LIANQIAO_TODAY"] = TODAY_OF_SAMPLE
    print(f"\n示例网站：http://127.0.0.1:{given.port}/　（Ctrl+C 结束）", flush=True)
    return serve("127.0.0.1", given.port, 2)


def sample_password() -> str:
    """Gives all users of the sample one new password; it is kept nowhere but hashed."""
    from django.contrib.auth.hashers import make_password

    from lianqiao.people.models import User

    password = secrets.token_urlsafe(9)
    User.objects.update(password=make_password(password))
    return password


def run_serve(given: argparse.Namespace) -> int:
    if bool(given.certificate) != bool(given.key):
        raise CallWrong("--certificate 和 --key 要一起给")
    tls = ["--ssl-certificate", str(given.certificate), "--ssl-keyfile", str(given.key)] if given.key else []
    if given.key:
        os.environ.setdefault("LIANQIAO_HTTPS", "True")
    return serve(given.host, given.port, given.workers, tls)


def serve(host: str, port: int, workers: int, tls: Sequence[str] = ()) -> int:
    """Becomes the web server (granian over WSGI). tls: its options for HTTPS of its own."""
    granian = Path(sys.executable).with_name("granian")
    target = "lianqiao.config.wsgi:application"
    options = ["--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers), "--no-ws"]
    options += ["--blocking-threads", "4", *tls]
    sys.stdout.flush()
    os.execv(granian, [str(granian), *options, "--log-level", "warning", target])  # noqa: S606
    return 0


def run_verify(given: argparse.Namespace) -> int:
    from lianqiao.ledger.audit import verify

    if given.head and ":" not in given.head:
        raise CallWrong("--head 写作 事务号:散列")
    report = verify(given.head)
    if given.json:
        problems = [{"table": f.table, "row": f.row, "what": f.what} for f in report.problems]
        told = {"ok": report.ok, "transactions": report.transactions, "postings": report.postings, "head": report.head}
        show.as_json({**told, "problems": problems})
        return 0 if report.ok else 1
    for finding in report.problems:
        print(f"{finding.table} {finding.row}　{finding.what}")
    print(f"{report.transactions} 笔事务，{report.postings} 条分录，账本头 {report.head}")
    print(
        "校验一致：分录对台账、散列链、余额。"
        if report.ok
        else f"有 {len(report.problems)} 处不一致，第一处：{report.problems[0].table} {report.problems[0].row}"
    )
    return 0 if report.ok else 1
