"""Who only reads figures reads no private person's name; what was erased is shown as that."""

from __future__ import annotations

import pytest

from lianqiao.journal.figures import all_measures, figure
from lianqiao.journal.models import Transaction
from lianqiao.ledger import acts
from lianqiao.ledger.erasing import Held, erase
from lianqiao.ledger.models import Entry
from lianqiao.ledger.protected import masked_name
from lianqiao.ledger.registry import ledgers
from tests.desk.conftest import Reader
from tests.rows import NEEDS, ROWS
from tests.world import EVER, World, fresh

NAME = "欧阳示例"
# Columns in which a private person may stand, with what makes it one.
PRIVATE = {
    "jobs": ({"name": NAME, "village": f"{NAME}庄", "notes": NAME}, {}),
    "monitored": ({"head": NAME, "measures": NAME, "notes": NAME}, {}),
    "retention": ({"need": f"{NAME}求岗"}, {}),
    "home_visits": ({"visitor": NAME}, {}),
    "secondments": ({"name": NAME}, {}),
    "donations": ({"donor": NAME}, {"donor_type": "个人"}),
    "sales": ({"buyer": NAME}, {"buyer_type": "个人"}),
}


def planted(world: World) -> list[Entry]:
    """A row of every ledger of the above, with the name wherever it may stand."""
    found = []
    for code in dict.fromkeys(c for ledger in PRIVATE for c in (*NEEDS.get(ledger, ()), ledger)):
        row = ROWS[code](world.county)
        for column, told in {k: v for part in PRIVATE.get(code, ()) for k, v in part.items()}.items():
            setattr(row, column, told)
        (row,) = acts.create([row], world.admin)
        acts.approve([row], world.other_admin)
        found.append(fresh(row))
    return found


def test_no_summary_names_a_private_person(world: World) -> None:
    told = {row.ledger.code: row.summary() for row in planted(world)}
    assert {code: line for code, line in told.items() if NAME in line} == {}
    assert told["donations"].startswith(f"{masked_name(NAME)} ")
    assert f" {masked_name(NAME)} " in told["sales"]


def test_every_ledger_with_people_is_looked_at() -> None:
    kinds = {code: {getattr(f, "kind", "") for f in model._meta.concrete_fields} for code, model in ledgers().items()}
    assert {code for code, held in kinds.items() if held & {"person", "id_number"}} <= PRIVATE.keys()


def test_a_donors_office_is_named(world: World) -> None:
    row = ROWS["donations"](world.county)
    assert row.summary().startswith("示例公司")


def test_a_leader_reads_no_private_persons_name(world: World, read: Reader) -> None:
    number = Transaction.objects.count()
    planted(world)
    addresses = ["/", "/targets/", "/figures/", f"/targets/?until=2021-12-31&known={number}"]
    addresses += [figure(m, [world.county], EVER).address for m in all_measures() if "." in m.code]
    addresses += [f"/transactions/{n}/" for n in range(number, Transaction.objects.count() + 1)]
    leader, auditor = read(world.leader), read(world.auditor)
    pages = {address: leader.get(address) for address in addresses}
    assert {answer.status_code for answer in pages.values()} == {200}
    assert [address for address, answer in pages.items() if NAME in answer.content.decode()] == []
    assert NAME in auditor.get("/ledgers/jobs/").content.decode()
    assert leader.get("/ledgers/jobs/").status_code == 403


@pytest.fixture
def erased(world: World) -> Entry:
    row = ROWS["jobs"](world.county)
    row.evidence = [{"kind": "劳动合同", "name": f"{NAME}.pdf", "sha256": "ab" * 32, "size": 3}]
    (row,) = acts.create([row], world.admin)
    acts.approve([row], world.other_admin)
    erase([Held(row)], world.admin, "本人要求")
    return fresh(row)


def test_an_erasure_is_named_on_the_page_of_its_transaction(world: World, read: Reader, erased: Entry) -> None:
    page = read(world.auditor).get(f"/transactions/{erased.erased}/").content.decode()
    assert "删除个人信息" in page
    assert "本人要求" in page


def test_an_erased_row_says_so_and_links_to_no_file(world: World, read: Reader, erased: Entry) -> None:
    page = read(world.auditor).get(f"/ledgers/jobs/{erased.number}/").content.decode()
    assert "***（已删除）" in page
    assert "删除个人信息" in page
    assert "/evidence/" not in page
    assert "示例乙" not in page


def test_a_list_with_an_erased_row_is_shown(world: World, read: Reader, erased: Entry) -> None:
    assert erased.number in read(world.auditor).get("/ledgers/jobs/").content.decode()
