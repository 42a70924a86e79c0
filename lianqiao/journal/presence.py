"""Distinct counts: who came in sight when, at each node, so that nobody is counted twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import batched

from django.db import connection
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

    A flow counts a subject once over all time, on its first day, and once in each calendar year: the all-time event is
    also its first year's. A stock counts it while more has come than gone.
    """
    if stock:
        return set(stock_events(dated))
    days = sorted(on for on, quantity in dated.items() if quantity > 0)
    if not days:
        return set()
    first: dict[int, date] = {}
    for on in days:
        first.setdefault(on.year, on)
    del first[days[0].year]
    return {(ALL_TIME, days[0], 1), *((year, on, 1) for year, on in first.items())}


def stock_events(dated: Mapping[date, int]) -> Iterator[Event]:
    total = 0
    for on in sorted(dated):
        before, total = total, total + dated[on]
        if (total > 0) != (before > 0):
            yield ALL_TIME, on, 1 if total > 0 else -1


def gained(event: Event, stock: bool) -> tuple[int, int]:
    """What an event adds to the balances of its day: over all time, and within its year (flows only)."""
    year, _, change = event
    return (change if year == ALL_TIME else 0), (0 if stock else change)


def refresh(seen: set[tuple[int, int]], distinct: Mapping[int, Measure]) -> Iterator[tuple[int, int, date, int, int]]:
    """Brings the presences of these (measure, subject) pairs up to the postings.

    Yields what the balances gain: node, measure, day, over all time, within the year.
    """
    gone: list[int] = []
    come: list[tuple[Place, Event]] = []
    for chunk in batched(sorted(seen), CHUNK):
        places = posted(chunk)
        have = standing(places)
        for place, dated in places.items():
            measure, node, _ = place
            stock, old = distinct[measure].stock, have.get(place, {})
            new = events(dated, stock)
            for event in new.symmetric_difference(old):
                quantity, in_year = gained(event, stock)
                if event in new:
                    come.append((place, event))
                    yield node, measure, event[1], quantity, in_year
                else:
                    gone.append(old[event])
                    yield node, measure, event[1], -quantity, -in_year
    for pks in batched(gone, CHUNK):
        Presence.objects.filter(pk__in=pks).delete()
    sets.insert(Presence, FIELDS, ((*place, *event) for place, event in sorted(come)))


def posted(pairs: Iterable[tuple[int, int]]) -> dict[Place, dict[date, int]]:
    """What was posted of each subject, net by day, at each node where it ever was and at each node above it."""
    rows = Posting.objects.filter(wanted(pairs)).values_list("measure_id", "subject", "node_id", "on")
    nets = list(rows.annotate(net=Sum("quantity")))
    lineage = Node.objects.filter(pk__in={row[2] for row in nets}).lineages()
    found: dict[Place, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for measure, subject, leaf, on, net in nets:
        for node in lineage[leaf]:
            found[measure, node, subject][on] += net
    return found


def standing(places: Iterable[Place]) -> dict[Place, dict[Event, int]]:
    """The presences held at these places, with their rows' ids: found place by place, however many others there are."""
    found: dict[Place, dict[Event, int]] = defaultdict(dict)
    for some in batched(places, CHUNK):
        asked = ", ".join(f"({measure}, {node}, {subject})" for measure, node, subject in some)
        with connection.cursor() as cursor:
            cursor.execute(
                'SELECT p.id, p.measure_id, p.node_id, p.subject, p.year, p."on", p.change'
                f" FROM (VALUES {asked}) v JOIN journal_presence p"
                " ON p.measure_id = v.column1 AND p.node_id = v.column2 AND p.subject = v.column3"
            )
            for pk, measure, node, subject, year, on, change in cursor.fetchall():
                found[measure, node, subject][year, sets.as_date(on), change] = pk
    return found


def wanted(pairs: Iterable[tuple[int, int]]) -> Q:
    by_measure: dict[int, list[int]] = defaultdict(list)
    for measure, subject in pairs:
        by_measure[measure].append(subject)
    condition = Q(pk__in=[])
    for measure, subjects in by_measure.items():
        condition |= Q(measure=measure, subject__in=subjects)
    return condition
