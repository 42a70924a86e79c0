"""Distinct counts: who came in sight when, at each node, so that nobody is counted twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import batched

from django.db.models import Q, Sum

from lianqiao.journal import sets
from lianqiao.journal.measures import Measure
from lianqiao.journal.models import Posting, Presence
from lianqiao.places.models import Node

CHUNK = 500
ALL_TIME = 0
FIELDS = ("measure", "node", "subject", "year", "on", "change")

Place = tuple[int, int, int]  # measure, node, subject
Event = tuple[int, date, int]  # year (0: all time), day, +1 or −1


def events(dated: Mapping[date, int], stock: bool) -> set[Event]:
    """When a subject comes in sight (+1) or leaves (−1), from what was posted of it by day, net.

    A flow counts a subject once, on its first day, over all time and in each calendar year. A stock counts it while
    more has come than gone.
    """
    if stock:
        return set(stock_events(dated))
    days = sorted(on for on, quantity in dated.items() if quantity > 0)
    first: dict[int, date] = {}
    for on in days:
        first.setdefault(ALL_TIME, on)
        first.setdefault(on.year, on)
    return {(year, on, 1) for year, on in first.items()}


def stock_events(dated: Mapping[date, int]) -> Iterator[Event]:
    total = 0
    for on in sorted(dated):
        before, total = total, total + dated[on]
        if (total > 0) != (before > 0):
            yield ALL_TIME, on, 1 if total > 0 else -1


def refresh(seen: set[tuple[int, int]], distinct: Mapping[int, Measure]) -> Iterator[tuple[int, int, date, int, int]]:
    """Brings the presences of these (measure, subject) pairs up to the postings.

    Yields what the balances gain: node, measure, day, over all time, within the year.
    """
    for chunk in batched(sorted(seen), CHUNK):
        should = {place: events(dated, distinct[place[0]].stock) for place, dated in posted(chunk).items()}
        have = standing(chunk)
        gone, come = [], []
        for place in should.keys() | have.keys():
            old, new = have.get(place, {}), should.get(place, set())
            gone += [(place, event, pk) for event, pk in old.items() if event not in new]
            come += [(place, event) for event in sorted(new - old.keys())]
        Presence.objects.filter(pk__in=[pk for _, _, pk in gone]).delete()
        sets.insert(Presence, FIELDS, [(*place, *event) for place, event in come])
        for place, event, _ in gone:
            yield gained(place, event, -1)
        for place, event in come:
            yield gained(place, event, 1)


def gained(place: Place, event: Event, sign: int) -> tuple[int, int, date, int, int]:
    (measure, node, _), (year, on, change) = place, event
    return (node, measure, on, change * sign, 0) if year == ALL_TIME else (node, measure, on, 0, change * sign)


def posted(pairs: Iterable[tuple[int, int]]) -> dict[Place, dict[date, int]]:
    """What was posted of each subject, net by day, at the node and at each node above it."""
    rows = Posting.objects.filter(wanted(pairs)).values_list("measure_id", "subject", "node_id", "on")
    nets = list(rows.annotate(net=Sum("quantity")).exclude(net=0))
    lineage = {n.pk: n.lineage() for n in Node.objects.filter(pk__in={row[2] for row in nets})}
    found: dict[Place, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for measure, subject, leaf, on, net in nets:
        for node in lineage[leaf]:
            found[measure, node, subject][on] += net
    return found


def standing(pairs: Iterable[tuple[int, int]]) -> dict[Place, dict[Event, int]]:
    """The presences held, with their rows' ids."""
    found: dict[Place, dict[Event, int]] = defaultdict(dict)
    rows = Presence.objects.filter(wanted(pairs))
    for pk, measure, node, subject, year, on, change in rows.values_list("pk", *FIELDS):
        found[measure, node, subject][year, on, change] = pk
    return found


def wanted(pairs: Iterable[tuple[int, int]]) -> Q:
    by_measure: dict[int, list[int]] = defaultdict(list)
    for measure, subject in pairs:
        by_measure[measure].append(subject)
    condition = Q(pk__in=[])
    for measure, subjects in by_measure.items():
        condition |= Q(measure=measure, subject__in=subjects)
    return condition
