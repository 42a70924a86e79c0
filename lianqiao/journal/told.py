"""Figures as data: what the command line and the API print as JSON."""

from __future__ import annotations

from typing import Any

from lianqiao.core.units import as_data
from lianqiao.journal.figures import Figure


def figure_json(figure: Figure) -> dict[str, Any]:
    """A figure with its unit, both of its times, its proof and its definition; money as a decimal string in 元."""
    recorded_at, unit = figure.known.recorded_at, figure.measure.unit
    return {
        "measure": figure.measure.code,
        "name": figure.measure.name,
        "unit": unit.name,
        "value": as_data(figure.value, unit),
        "pairing": "+".join(node.name for node in figure.nodes),
        "from": figure.period.start.isoformat() if figure.period.start else None,
        "until": figure.period.until.isoformat(),
        "known_at": recorded_at.isoformat() if recorded_at else None,
        "entries": figure.entries,
        "transaction": figure.known.number,
        "hash": figure.known.hash,
        "definition": figure.measure.definition,
        "without_detail": as_data(figure.bare, unit),
        "after_closing": figure.late,
    }
