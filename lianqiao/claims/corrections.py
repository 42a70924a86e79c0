"""Readings corrected by hand: remembered for a programme by the words around the number, and followed by later readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lianqiao.claims.lexicon import MEASURES
from lianqiao.claims.models import HeldReading
from lianqiao.claims.reading import Claim
from lianqiao.journal import clock
from lianqiao.places.models import Node

PERIODS = {"cumulative": "累计", "year": "当年", "point": "当时、当天", "unknown": "不明"}
NOT_COUNTED = "不是账本所记的指标"


def remember(claim: Claim, node: Node, measure: str, period: str, by: str) -> HeldReading:
    """Has numbers in these words, at this node and below, be of `measure` ("" for none) and `period` ("" as the text says)."""
    told = {"measure": measure, "period": period, "by": by, "at": clock.now()}
    held, _ = HeldReading.objects.update_or_create(node=node, words=claim.words, unit=claim.unit, defaults=told)
    return held


def readings(node: Node) -> list[HeldReading]:
    """The readings that hold at a node: its own and those of the nodes above it, the nearest last."""
    held = HeldReading.objects.filter(node__in=node.lineage()).select_related("node")
    return sorted(held, key=lambda one: len(one.node.path))


def corrected(claims: Sequence[Claim], node: Node) -> list[Claim]:
    """The claims as the readings that hold at the node have them."""
    held = {(one.words, one.unit): one for one in readings(node)}
    return [_followed(claim, held.get((claim.words, claim.unit))) for claim in claims]


def _followed(claim: Claim, held: HeldReading | None) -> Claim:
    if held is None:
        return claim
    why = ("指标：按记住的读法", *claim.why[1:])
    if not held.measure:
        return replace(claim, indicator=None, measure=None, why=why)
    indicator = claim.indicator
    if held.measure not in MEASURES.get(indicator or "", []):
        indicator = next((code for code, found in MEASURES.items() if held.measure in found), indicator)
    return replace(claim, indicator=indicator, measure=held.measure, period=held.period or claim.period, why=why)
