"""All of the sample in the order in which it is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from lianqiao.demo.rows import (
    agreements,
    allocations,
    demo_villages,
    donations,
    enterprises,
    home_visits,
    investments,
    jobfairs,
    jobs,
    joint_programmes,
    meetings,
    monitored,
    organisations,
    outlets,
    pairings,
    parks,
    payments,
    products,
    projects,
    receipts,
    records,
    resolutions,
    retention,
    sales,
    secondments,
    targets,
    trainings,
    twins,
    visits,
    workshops,
)
from lianqiao.demo.rows.batch import Batch, Correction

_BATCHES = (
    organisations,
    pairings,
    meetings,
    agreements,
    targets,
    resolutions,
    records,
    visits,
    secondments,
    trainings,
    projects,
    receipts,
    allocations,
    payments,
    donations,
    parks,
    enterprises,
    investments,
    jobs,
    retention,
    workshops,
    jobfairs,
    products,
    outlets,
    sales,
    twins,
    demo_villages,
    joint_programmes,
    monitored,
    home_visits,
)
_CORRECTIONS = (
    organisations,
    pairings,
    meetings,
    resolutions,
    visits,
    secondments,
    projects,
    receipts,
    donations,
    enterprises,
    jobs,
    workshops,
    outlets,
    sales,
    demo_villages,
    joint_programmes,
    monitored,
)


def programme() -> list[Batch | Correction]:
    """All workbooks and corrections in the order in which they are recorded, no two at one moment."""
    batches = [batch for room in _BATCHES for batch in room.batches()]
    corrections = [correction for room in _CORRECTIONS for correction in room.corrections()]
    return list(_in_turn(sorted([*batches, *corrections], key=lambda step: step.recorded_at)))


def _in_turn(steps: list[Batch | Correction]) -> Iterator[Batch | Correction]:
    """Where two steps fall on one minute, the second is recorded a minute later."""
    last = None
    for step in steps:
        if last and step.recorded_at <= last:
            step = replace(step, recorded_at=last + timedelta(minutes=1))
        last = step.recorded_at
        yield step
