"""What `verify` finds in returns and documents that were changed behind the system's back, and that `erase` spares files
which documents and templates have."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from lianqiao.briefings import drafting, returns
from lianqiao.briefings.models import Briefing, Kind, Return, Template
from lianqiao.core.periods import Period
from lianqiao.ledger import erasing, evidence
from lianqiao.ledger.audit import verify
from lianqiao.ledger.erasing import Held, erase
from tests.briefings.templates import template
from tests.tampering import execute
from tests.world import World, approved, stay, visit

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def sealed(world: World) -> Return:
    """A return of a month, after which the journal has moved on."""
    approved(world, visit(world.county, date(2021, 3, 9), 9))
    one = returns.fill(world.county, Kind.MONTH, Period.month(2021, 3), world.jingjiang)
    approved(world, visit(world.county, date(2021, 3, 20), 5, purpose="示例补录"))
    return one


@pytest.fixture
def archived(world: World) -> Briefing:
    approved(world, visit(world.county, people=9))
    own = drafting.bring(world.county, "示例模板", template("互访{{ 互访批次 }}。"), world.jingjiang)
    draft = drafting.begin(world.county, own, "示例汇报", world.jingjiang, None, date(2021, 10, 12))
    return drafting.sign(draft, world.yongshou)


def found() -> list[tuple[str, str, str]]:
    return [(one.table, one.row, one.what) for one in verify().problems]


def change(one: Return, column: str, told: Any) -> None:
    assert execute(f'UPDATE briefings_return SET "{column}" = %s WHERE id = %s', [told, one.pk]) == 1


def altered(one: Return) -> str:
    """Its lines with other visitors in the month."""
    lines = [line | {"now": 99} if line["measure"] == "visits.person_times" else line for line in one.lines]
    return json.dumps(lines)


RETURNS: dict[str, tuple[str, Callable[[Return], Any], str]] = {
    "a figure": ("lines", altered, "的账本不符（互访人次）。"),
    "a line": ("lines", lambda one: json.dumps(one.lines[:-1]), "的账本不符"),
    "no lines": ("lines", lambda one: json.dumps([{"measure": "visits.batches"}]), "内容损坏"),
    "another transaction": ("transaction", lambda one: one.transaction + 1, "封存的散列不是事务"),
    "no transaction": ("transaction", lambda one: 9999, "读不出来"),
}


def test_what_was_sealed_and_nobody_touched_is_whole(sealed: Return, archived: Briefing) -> None:
    assert found() == []


@pytest.mark.parametrize(("column", "told", "words"), RETURNS.values(), ids=RETURNS)
def test_a_return_that_was_changed_is_named(
    sealed: Return, column: str, told: Callable[[Return], Any], words: str
) -> None:
    change(sealed, column, told(sealed))
    ((table, row, what),) = found()
    assert (table, row) == ("briefings_return", str(sealed.pk))
    assert "2021年3月月报第1版：" in what
    assert words in what


@pytest.mark.parametrize("how", ["gone", "another"])
def test_an_archived_document_whose_file_was_changed_is_named(archived: Briefing, how: str) -> None:
    path = evidence.path_of(archived.evidence[0]["sha256"])
    content = path.read_bytes()
    path.unlink()
    if how == "another":
        path.write_bytes(content + b"x")
    assert found() == [("briefings_briefing", str(archived.pk), "示例汇报第1版：归档的文件不在或被改动。")]


def test_an_archived_document_of_another_transaction_is_named(archived: Briefing) -> None:
    assert execute('UPDATE briefings_briefing SET "hash" = %s WHERE id = %s', ["0" * 64, archived.pk]) == 1
    ((table, row, what),) = found()
    assert (table, row, "所记散列不是事务" in what) == ("briefings_briefing", str(archived.pk), True)


@pytest.mark.parametrize("of", ["document", "template"])
def test_a_file_that_a_document_or_a_template_has_is_not_erased_with_a_row(
    world: World, archived: Briefing, of: str, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(erasing, "empty_log", lambda: None)  # the test's transaction is still open
    piece = archived.evidence[0] if of == "document" else Template.objects.get().evidence[0]
    mine = evidence.keep(b"mine", "合同.pdf", "合同")
    (row,) = approved(world, stay(world.town, date(2021, 3, 1), "1", evidence=[piece, mine]))
    with django_capture_on_commit_callbacks(execute=True):
        done = erase([Held(row)], world.admin, "本人要求")
    assert (done.removed, done.shared) == ((mine["sha256"],), (piece["sha256"],))
    assert evidence.is_whole(piece["sha256"])
    assert found() == []
