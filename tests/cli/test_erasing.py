"""`lianqiao erase`: by 编号, or by an ID number that is never on the command line."""

from __future__ import annotations

import io
from datetime import date

import pytest

from lianqiao.fields.talent.models import Secondment
from lianqiao.journal.models import Transaction
from lianqiao.people.models import Grant
from tests.cli.conftest import Lianqiao
from tests.world import World, approved, fresh, person, stay

pytestmark = pytest.mark.data
ID, DAY = "990000198001010017", date(2021, 3, 1)
BY, WHY = ("--as", "admin"), ("--why", "本人要求")


@pytest.fixture
def row(world: World) -> Secondment:
    return approved(world, stay(world.town, DAY, ID, name="欧阳示例"))[0]


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_rows_are_erased_by_their_numbers(lianqiao: Lianqiao, row: Secondment) -> None:
    done = lianqiao("erase", "secondments", row.number, *BY, *WHY)
    assert (done.status, done.err) == (0, "")
    assert f"已删除 1 行的个人信息：事务 #{Transaction.objects.count()}" in done.out
    assert "备份" in done.out
    assert fresh(row).name == ""


def test_a_person_is_erased_by_the_id_number_on_standard_input(
    lianqiao: Lianqiao, world: World, row: Secondment, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(world, stay(world.town, DAY, "990000198001010025"))
    typed(monkeypatch, f"{ID}\n")
    done = lianqiao("erase", "--person", *BY, *WHY, "--json")
    assert done.status == 0, done.err
    assert done.json["rows"] == [
        {"ledger": "secondments", "entry": row.number, "pairing": "新桥-监军", "state": "approved", "now": True}
    ]
    assert done.json["erased"] == [row.number]
    assert done.json["transaction"] == Transaction.objects.count()
    assert done.json["evidence"] == {"removed": [], "shared": []}
    assert ID not in done.out
    assert Secondment.objects.exclude(name="").count() == 1


def test_a_prompt_does_not_show_what_is_typed(
    lianqiao: Lianqiao, row: Secondment, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("lianqiao.cli.erasing.getpass", {"身份证号（不显示）：": ID}.__getitem__)
    assert lianqiao("erase", "--person", *BY, *WHY).status == 0
    assert fresh(row).name == ""


@pytest.mark.parametrize("as_json", [False, True])
def test_rows_can_be_listed_first(
    lianqiao: Lianqiao, row: Secondment, monkeypatch: pytest.MonkeyPatch, as_json: bool
) -> None:
    number = Transaction.objects.count()
    typed(monkeypatch, ID)
    done = lianqiao("erase", "--person", "--dry-run", *BY, *(["--json"] if as_json else []))
    assert done.status == 0
    assert row.number in done.out
    assert "欧阳示例" not in done.out
    assert ID not in done.out
    assert Transaction.objects.count() == number
    assert fresh(row).name == "欧阳示例"


def test_the_id_number_is_no_argument(lianqiao: Lianqiao, row: Secondment) -> None:
    assert lianqiao("erase", "--person", ID, *BY, *WHY).status == 2


@pytest.mark.parametrize("call", [(), ("secondments",), ("--person", "secondments", "XP-2021-0001")])
def test_either_rows_or_the_person(lianqiao: Lianqiao, row: Secondment, call: tuple[str, ...]) -> None:
    done = lianqiao("erase", *call, *BY, *WHY)
    assert (done.status, "只用 --person" in done.err) == (2, True)


def test_without_an_id_number_nothing_is_looked_for(
    lianqiao: Lianqiao, row: Secondment, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "\n")
    done = lianqiao("erase", "--person", *BY, *WHY)
    assert (done.status, done.err) == (2, "没有读到身份证号。\n")


def test_a_reason_is_required(lianqiao: Lianqiao, row: Secondment) -> None:
    done = lianqiao("erase", "secondments", row.number, *BY)
    assert (done.status, "写明缘由" in done.err) == (1, True)
    assert fresh(row).name == "欧阳示例"


def test_the_wrong_role_is_told_so(lianqiao: Lianqiao, row: Secondment) -> None:
    done = lianqiao("erase", "secondments", row.number, "--as", "jingjiang", *WHY, "--dry-run")
    assert (done.status, done.out) == (1, "")


def test_whoever_may_not_reach_the_person_learns_nothing(
    lianqiao: Lianqiao, world: World, row: Secondment, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("far", Grant.Role.COORDINATOR, world.elsewhere)
    typed(monkeypatch, ID)
    held = lianqiao("erase", "--person", "--dry-run", "--as", "far")
    typed(monkeypatch, "990000198001010025")
    nobody = lianqiao("erase", "--person", "--dry-run", "--as", "far")
    assert held == nobody
    assert (held.status, held.out) == (1, "")


def test_only_rows_in_reach_are_erased(
    lianqiao: Lianqiao, world: World, row: Secondment, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("near", Grant.Role.COORDINATOR, world.county)
    (far,) = approved(world, stay(world.county, DAY, ID, name="欧阳示例"))
    Secondment.objects.filter(pk=far.pk).update(node=world.elsewhere)
    typed(monkeypatch, ID)
    assert lianqiao("erase", "--person", "--as", "near", *WHY, "--json").json["erased"] == [row.number]
    assert fresh(far).name == "欧阳示例"


def test_erasing_again_says_that_it_was_done(lianqiao: Lianqiao, row: Secondment) -> None:
    lianqiao("erase", "secondments", row.number, *BY, *WHY)
    done = lianqiao("erase", "secondments", row.number, *BY, *WHY)
    assert (done.status, "此前已经删除" in done.out) == (0, True)
