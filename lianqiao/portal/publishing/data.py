"""Published figures as data: the proof's JSON, and what open data says."""

from __future__ import annotations

from typing import Any

from lianqiao.core.units import as_data
from lianqiao.portal.publishing import fixing, quoting
from lianqiao.portal.publishing.models import PublishedFigure

VERIFY = "lianqiao verify --head {number}:{hash}"


def figure_row(figure: PublishedFigure) -> dict[str, Any]:
    """A figure as it was published: as `lianqiao figures --json` writes it, with its definition and its address."""
    stated, unit = figure.stated, figure.unit
    beside = quoting.disclosed(figure)
    return {
        "measure": figure.measure,
        "name": stated["name"],
        "unit": stated["unit"],
        "value": as_data(figure.value, unit),
        "pairing": figure.node.name,
        "node": figure.node.number,
        "from": figure.start.isoformat() if figure.start else None,
        "until": figure.until.isoformat(),
        "known_at": figure.known_at.isoformat() if figure.known_at else None,
        "entries": figure.entries,
        "without_detail": as_data(figure.bare, unit),
        "transaction": figure.transaction,
        "hash": figure.hash,
        "definition": stated["definition"],
        "excludes": stated["excludes"],
        "version": stated["version"],
        "published": min(row.since for row in figure.quotations.all()).isoformat(),
        "by_year": [year_row(figure, one) for one in figure.years] if beside["by_year"] else None,
        "address": figure.address,
    }


def year_row(figure: PublishedFigure, one: dict[str, Any]) -> dict[str, Any]:
    value, bare = as_data(one["value"], figure.unit), as_data(one["bare"], figure.unit)
    return {"year": one["year"], "value": value, "without_detail": bare, "complete": one["over"]}


def figure_data(figure: PublishedFigure) -> dict[str, Any]:
    """The proof as data: the figure, what the journal says now, what moved it since, and who quotes it."""
    now = fixing.now_of([figure])[figure.pk]
    unit = figure.unit
    return {
        "figure": figure_row(figure),
        "now": {"value": as_data(now.value, unit), "transaction": now.known.number, "hash": now.known.hash},
        "changes": [
            {
                "transaction": one.transaction,
                "recorded_at": one.recorded_at.isoformat(),
                "by": as_data(one.by, unit),
                "after": as_data(one.after, unit),
            }
            for one in fixing.changes(figure)
        ],
        "quoted_in": [{"title": page.title, "url": page.url} for page in quoting.quoted_in(figure)],
        "verify": VERIFY.format(number=figure.transaction, hash=figure.hash),
    }
