"""Builds the sample programme in the instance's folder: writes its workbooks and reads them back through the import.

Its clock is set to the days on which the offices are supposed to have recorded the rows, so that the time machine has
a history to show; rows, days and users are invented (示例).
"""

from __future__ import annotations

import shutil
import sys
from datetime import datetime, time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.db import transaction as database

from lianqiao.claims.check import Checked, check
from lianqiao.claims.documents import text_of
from lianqiao.claims.marked import saved
from lianqiao.claims.models import SavedCheck
from lianqiao.config.keys import make_keys
from lianqiao.core.units import to_smallest, unit
from lianqiao.demo import books, labour, market, owed
from lianqiao.demo.portal import making as portal
from lianqiao.demo.rows.batch import SHANGHAI, TODAY, Batch, Correction
from lianqiao.demo.rows.programme import programme
from lianqiao.instance.fresh import migrate
from lianqiao.instance.tables import all_migrations, make_schema
from lianqiao.journal import clock
from lianqiao.ledger import acts
from lianqiao.ledger.fields import Money
from lianqiao.ledger.models import Entry
from lianqiao.ledger.registry import data_fields, ledgers
from lianqiao.people.models import Grant, User
from lianqiao.places.tree import by_name
from lianqiao.workbooks.commit import bring_in

MARK = "示例实例.txt"
PAIRING = "靖江-永寿"
YUAN = unit("元")
LAST = datetime.combine(TODAY, time(18), SHANGHAI)
USERS = (
    ("jingjiang", "靖江协作办（填报）", Grant.Role.FILLER, Grant.Side.EAST),
    ("jingjiang-review", "靖江协作办（审核）", Grant.Role.REVIEWER, Grant.Side.EAST),
    ("yongshou", "永寿协作办（填报）", Grant.Role.FILLER, Grant.Side.WEST),
    ("yongshou-review", "永寿协作办（审核）", Grant.Role.REVIEWER, Grant.Side.WEST),
    ("coordinator", "永寿协作办（协调）", Grant.Role.COORDINATOR, Grant.Side.BOTH),
    ("leader", "示例县领导（看数）", Grant.Role.LEADER, Grant.Side.BOTH),
    ("auditor", "示例审计组（审计）", Grant.Role.AUDITOR, Grant.Side.BOTH),
    ("administrator", "示例管理员（管理）", Grant.Role.ADMINISTRATOR, Grant.Side.BOTH),
)


class NotADemo(RuntimeError):
    """The folder holds an instance that is not a sample: it is left alone."""


def article_path() -> Path:
    """The sample's press article: the published facts in words of our own."""
    return Path(__file__).parent / "article.txt"


def build(progress: bool = True) -> dict[str, Any]:
    """Makes the sample anew and returns how much of each thing there is. Raises NotADemo."""
    directory = empty()
    steps = programme()
    folder = directory / "workbooks"
    books.write(steps, folder)
    make_users()
    waiting = owed.moments()
    for at, step in enumerate(steps, 1):
        while waiting and waiting[0].at < step.recorded_at:
            moment = waiting.pop(0)
            with clock.at(moment.at):
                moment.do()
        with clock.at(step.recorded_at):
            take(step, folder)
        if progress:
            tell(at, len(steps))
    with clock.at(LAST):
        owed.write_cases()
        owed.write_documents()
        market.make(by_name(PAIRING))
        labour.make(by_name(PAIRING), *(User.objects.get(username=name) for name in labour.PEOPLE))
        portal.make(by_name(PAIRING), User.objects.get(username="coordinator"))
    checked = save_check()
    counted = {code: model._base_manager.count() for code, model in ledgers().items()}
    return {"dir": str(directory), "rows": counted, "check": checked.pk}


def empty() -> Path:
    """An instance with nothing in it, marked as a sample, in place of an earlier one. Raises NotADemo."""
    directory = Path(settings.DIR)
    clear(directory)
    make_keys(directory)
    (directory / MARK).write_text("示例项目：行与用户均为虚构。再运行 lianqiao demo 会重建。\n", encoding="utf-8")
    make_schema(all_migrations())
    migrate()
    return directory


def tell(at: int, of: int) -> None:
    """How far the import is: one line that counts in a terminal, ten lines in a log."""
    if sys.stdout.isatty():
        print(f"\r导入示例 {at}/{of}", end="\n" if at == of else "", flush=True)  # noqa: T201
    elif at * 10 // of > (at - 1) * 10 // of:
        print(f"导入示例 {at}/{of}", flush=True)  # noqa: T201


def clear(directory: Path) -> None:
    """Removes an earlier sample; anything else is left alone."""
    held = directory / "lianqiao.sqlite3"
    if held.exists() and not (directory / MARK).exists():
        raise NotADemo(f"{directory} 里是一个正式实例，示例不建在这里。请用 --dir 另指文件夹。")
    connections.close_all()
    for name in ("lianqiao.sqlite3", "lianqiao.sqlite3-wal", "lianqiao.sqlite3-shm", "heads.txt"):
        (directory / name).unlink(missing_ok=True)
    for name in ("evidence", "workbooks"):
        shutil.rmtree(directory / name, ignore_errors=True)


@database.atomic
def make_users() -> None:
    """The sample's users, one of each role; `lianqiao demo` gives them a password."""
    for username, office, role, side in USERS:
        user = User.objects.create_user(username, office=office)
        Grant.objects.create(user=user, role=role, side=side)


def take(step: Batch | Correction, folder: Path) -> None:
    by, approver = User.objects.get(username=step.by), User.objects.get(username=step.approved_by)
    if isinstance(step, Correction):
        correct(step, by, approver)
        return
    outcome = bring_in(ledgers()[step.ledger], folder / step.file, by, approver=approver, why=step.why)
    if outcome.error or outcome.refused:
        problems = [f"{p.sheet} {p.cell or p.row} {p.message}" for p in outcome.refused]
        raise RuntimeError(f"{step.file}: {outcome.error or problems}")


@database.atomic
def correct(step: Correction, by: User, approver: User) -> None:
    model = ledgers()[step.ledger]
    row = model._base_manager.get(**kept(model, step.find))
    if step.change is None:
        acts.void(row, approver, step.why)
    else:
        acts.approve([acts.revise(row, kept(model, step.change), by, step.why)], approver, step.why)


def kept(model: type[Entry], values: dict[str, object]) -> dict[str, object]:
    """A correction's values as the ledger keeps them: its money is told in 元 and kept in 分."""
    money = {field.name for field in data_fields(model) if isinstance(field, Money)}
    return {name: to_smallest(str(value), YUAN) if name in money else value for name, value in values.items()}


def save_check() -> SavedCheck:
    """Holds the sample's article against the journal and keeps the result for the site."""
    made = saved(check_article(), "jingjiang", kept=True)
    made.save()
    return made


def check_article() -> Checked:
    article = text_of(article_path())
    return check(
        "联席会议消息（示例稿）", article.text, by_name(PAIRING), article.published, published=article.published
    )
