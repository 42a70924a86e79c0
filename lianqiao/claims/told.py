"""Claims and verdicts as data: what the command line prints as JSON and what a saved check keeps."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lianqiao.core.units import as_data

if TYPE_CHECKING:
    from lianqiao.claims.check import Checked, Verdict
    from lianqiao.claims.reading import Claim
    from lianqiao.claims.within import Remark


def claim_json(claim: Claim) -> dict[str, Any]:
    """A claim as the command line prints it (claims/LABELLING.md of the contract)."""
    return {
        "start": claim.start,
        "end": claim.end,
        "quote": claim.quote,
        "value": number(claim.value),
        "unit": claim.unit,
        "approx": claim.approx,
        "indicator": claim.indicator,
        "period": claim.period,
    }


def number(value: Fraction | int) -> int | float:
    """An exact number as JSON has it: an integer where it is one."""
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else float(exact)


def verdict_json(found: Verdict) -> dict[str, Any]:
    figure = found.figure
    return {
        **claim_json(found.claim),
        "measure": figure.measure.code if figure else None,
        "verdict": found.verdict,
        "figure": as_data(figure.value, figure.measure.unit) if figure else None,
        "figure_address": figure.address if figure else None,
        "definition": figure.measure.definition if figure else None,
        "difference": found.difference or None,
        "reading": found.reading or None,
        "why": list(found.why),
    }


def checked_json(checked: Checked) -> dict[str, Any]:
    """A text held against the journal: where, up to which day, each claim with its verdict, and what contradicts what."""
    return {
        "pairing": checked.node.name,
        "as_of": checked.as_of.isoformat(),
        "claims": [verdict_json(verdict) for verdict in checked.verdicts],
        "within": [remark_json(remark) for remark in checked.remarks],
    }


def remark_json(remark: Remark) -> dict[str, Any]:
    """A contradiction within a text: its kind, the indices of its claims in the same document, and what is wrong."""
    return {"kind": remark.kind, "claims": list(remark.claims), "told": remark.told}
