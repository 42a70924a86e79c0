"""The workbooks of the shared folder, held against what they should give (shared/workbooks/FORMAT.md)."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from lianqiao.core.numerals import half_width
from lianqiao.workbooks.reading import as_json, read
from tests.workbooks.ledgers import LEDGERS

FOLDER = Path(__file__).parents[2].parent / "shared" / "workbooks" / "open"
UNSCORED = {"pairing", "evidence", "stay", "area", "quantity", "agreements", "resolutions", "checklist"}


def entries() -> list[dict[str, Any]]:
    """What each file should give; an empty list where the samples are absent."""
    truth = FOLDER / "truth.json"
    found: list[dict[str, Any]] = json.loads(truth.read_text("utf-8")) if truth.exists() else []
    return [json.loads(gzip.decompress((FOLDER / e["truth"]).read_bytes())) if "truth" in e else e for e in found]


ENTRIES = entries()
SAMPLES = pytest.mark.parametrize("entry", ENTRIES, ids=[f"{e['ledger']}-{e['file'][:2]}" for e in ENTRIES])
pytestmark = pytest.mark.skipif(not ENTRIES, reason=f"the sample workbooks are not at {FOLDER}")


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Without the unscored fields, white space and differences of width."""
    return {
        name: "".join(half_width(value).split()) if isinstance(value, str) else value
        for name, value in values.items()
        if name not in UNSCORED
    }


@SAMPLES
def test_a_sample_gives_what_it_should(entry: dict[str, Any]) -> None:
    answer = as_json(read(FOLDER / entry["file"], LEDGERS[entry["ledger"]]))
    assert ("error" in answer) == entry["encrypted_or_unreadable"]
    for kind in ("accepted", "refused", "ignored"):
        got, want = answer.get(kind, []), entry[kind]
        assert {(x["sheet"], x["row"]) for x in got} == {(x["sheet"], x["row"]) for x in want}
    accepted = {(x["sheet"], x["row"]): plain(x["values"]) for x in answer.get("accepted", [])}
    assert accepted == {(x["sheet"], x["row"]): plain(x["values"]) for x in entry["accepted"]}
    # Of a duplicate, any field of the key may be named.
    refused = {
        (x["sheet"], x["row"], x["why"], x["why"] == "duplicate" or x["field"]) for x in answer.get("refused", [])
    }
    assert refused == {
        (x["sheet"], x["row"], x["why"], x["why"] == "duplicate" or x["field"]) for x in entry["refused"]
    }
