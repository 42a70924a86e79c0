"""What shared/ledgers.md promises of each ledger: its measures, its columns' codes and headings, what is required."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lianqiao.journal.measures import MEASURES, Ratio
from lianqiao.ledger.registry import ledgers, sheet_form

CONTRACT = Path(__file__).resolve().parents[3] / "shared" / "ledgers.md"
pytestmark = pytest.mark.skipif(not CONTRACT.exists(), reason="../shared is not beside this clone")
SECTION = re.compile(r"^\*\*(?P<code>\w+) (?P<name>[^*]+)\*\*[^\n]*? — (?P<columns>.+)$", re.MULTILINE)
COLUMN = re.compile(r"^(?P<code>[a-z_]+) (?P<bold>\*\*)?(?P<heading>[\u4e00-\u9fff()]+)(?:\*\*)?(?P<rest>.*)$")


def text() -> str:
    return CONTRACT.read_text(encoding="utf-8") if CONTRACT.exists() else ""


def sections() -> dict[str, str]:
    return {m["code"]: m["columns"] for m in SECTION.finditer(text()) if m["code"] in ledgers()}


def columns(ledger: str) -> dict[str, tuple[str, bool]]:
    """Code → heading and whether it is required, of the columns that the contract writes as `code heading type`."""
    found = [COLUMN.match(part.strip()) for part in sections()[ledger].split(" · ")]
    return {m["code"]: (m["heading"], bool(m["bold"])) for m in found if m}


@pytest.mark.parametrize("ledger", sections())
def test_a_ledger_has_the_columns_of_the_contract(ledger: str) -> None:
    held = {c.field: c.heading for c in sheet_form(ledgers()[ledger]).columns}
    assert {code: held.get(code) for code in columns(ledger)} == {
        code: heading for code, (heading, _) in columns(ledger).items()
    }


@pytest.mark.parametrize("ledger", sections())
def test_a_ledger_requires_what_is_bold_in_the_contract(ledger: str) -> None:
    required = {c.field for c in sheet_form(ledgers()[ledger]).columns if c.required}
    assert {code for code in columns(ledger) if code in required} == {
        c for c, (_, bold) in columns(ledger).items() if bold
    }


def test_most_ledgers_are_read_from_the_contract() -> None:
    """The reader above understands the page: else the two tests before would be empty."""
    assert {"visits", "secondments", "projects", "receipts", "donations", "twin_support", "agreements"} <= set(
        sections()
    )
    assert all(len(columns(ledger)) >= 3 for ledger in sections())


CODES = re.findall(
    r"\S+",
    """visits.batches visits.person_times visits.batches.to_west visits.person_times.to_east meetings.total meetings.joint
    talent.all cadres.seconded talent.total talent.education talent.health talent.agri talent.other talent.total.to_west
    projects.count projects.started projects.completed projects.accepted projects.handed_over benef.households benef.people
    benef.households.lifted benef.people.lifted funds.fiscal donations.pledged funds.social funds.cash funds.in_kind funds.total
    twin.projects twin.households twin.person_times pair.county pair.town pair.village pair.school pair.hospital
    pair.enterprise pair.social_org agreements.signed honours.count""",
)


@pytest.mark.parametrize("code", CODES)
def test_a_measure_of_the_contract_is_declared(code: str) -> None:
    assert code in MEASURES


def test_the_rates_are_declared_as_ratios() -> None:
    assert [m.name for m in MEASURES.values() if isinstance(m, Ratio)] == ["完工率", "支付率"]
