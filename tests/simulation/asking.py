"""What is asked of the product and of the model: figures, targets, and how each row stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any, cast

from lianqiao.agreements.targets import attainments
from lianqiao.core.periods import Period
from lianqiao.journal.figures import Figure, Known, all_measures, figures, known_at
from lianqiao.journal.measures import Ratio
from lianqiao.ledger.models import Entry
from lianqiao.ledger.registry import ledgers
from lianqiao.places.models import Node
from tests.simulation.doing import Disagreement, Run
from tests.simulation.entering import DAYS
from tests.simulation.naive import NOTHING, Naive, Told, rate


def read(run: Run) -> None:
    """All figures at a node or several, in some period, as known now or at some time before."""
    nodes, period, known = some_nodes(run), some_period(run.random), some_known(run)
    found = figures(all_measures(), nodes, period, known)
    wrong = [*disagreements(run.naive, found, [node.pk for node in nodes], period, known.number)]
    run.did["figures compared"] += len(found)
    run.did["figures with a value"] += sum(f.value is not None for f in found)
    run.operation("read")
    if wrong:
        raise Disagreement("\n".join(wrong))


def disagreements(naive: Naive, found: Sequence[Figure], nodes: list[int], period: Period, known: int) -> list[str]:
    within, ever = (naive.figures(nodes, period, known, ever=ever) for ever in (False, True))
    wrong = []
    for figure in found:
        expected: Any
        told: Any = (figure.value, figure.bare, figure.entries, figure.late)
        if isinstance(figure.measure, Ratio):
            told = (*told, figure.over)
            expected = of_ratio(figure.measure, ever if figure.measure.cumulative else within)
        else:
            expected = within.get(figure.measure.code, NOTHING)
        if told != expected:
            wrong.append(f"{figure.address} is {told}, by the model {expected}")
    return wrong


def of_ratio(ratio: Ratio, told: dict[str, Told]) -> tuple[Any, ...]:
    """Value, part without detail, entries, postings after closing, and what over what."""
    top, bottom = (told.get(m.code, NOTHING) for m in (ratio.numerator, ratio.denominator))
    late, entries = top[3] + bottom[3], top[2] + bottom[2]
    if bottom[0] is None:
        return None, 0, entries, late, None
    over = (top[0] or 0, bottom[0])
    return rate(*over), 0, entries, late, over


def some_period(random: Random) -> Period:
    """Periods of every shape."""
    one, other = sorted(random.sample(DAYS, 2))
    return random.choice(
        [
            Period.cumulative(one), Period.cumulative(other), Period.cumulative(date(2030, 1, 1)), Period.year(one.year), Period.day(one),
            Period(one.replace(month=1, day=1), one), Period.month(one.year, one.month), Period(one, other),
            Period(one, max(one, date(2021, 5, 5))), Period(date(2018, 12, 15), other), Period.cumulative(date(1999, 1, 1)),
        ]
    )  # fmt: skip


def some_nodes(run: Run) -> list[Node]:
    """A node, most often one where rows stand, or up to three that do not contain each other."""
    busy = [row.spot for row in run.naive.rows.values() if row.spot]
    chosen: list[int] = []
    for node in run.random.sample(busy, run.random.choice([1, 1, 2, 3])):
        picked = run.random.choice([*run.naive.lineage(node)])
        if all(picked not in run.naive.lineage(other) and other not in run.naive.lineage(picked) for other in chosen):
            chosen.append(picked)
    return [run.nodes[node] for node in chosen]


def some_known(run: Run) -> Known:
    now = known_at()
    return now if run.random.random() < 0.5 else known_at(run.random.randint(run.first, now.number))


def look_at_targets(run: Run) -> None:
    """The targets of a node as they were in force and known, against the figures of the year."""
    rows = run.naive.of("targets")
    if not rows:
        return
    row, known = run.random.choice([row for row in rows if row.state == "approved"] or rows), some_known(run)
    node, year = cast(int, row.node), row.values["year"]
    on = run.random.choice([*DAYS[4:], date(2022, 3, 1)])
    found = attainments(run.nodes[node], year, on, known)
    told = {a.promise.entry: (a.promise.quantity, a.figure.value, a.rate) for a in found}
    expected = expected_attainments(run.naive, node, year, on, known.number)
    run.operation("look at targets")
    run.did["targets compared"] += len(told)
    if told != expected:
        raise Disagreement(f"targets of {node} for {year} on {on} at {known.number}: {told}, by the model {expected}")


def expected_attainments(naive: Naive, node: int, year: int, on: date, known: int) -> dict[int, tuple[Any, ...]]:
    """By row: what is promised (in the smallest unit), the figure of the year so far, and the rate in percent."""
    period = Period(date(year, 1, 1), max(min(on, date(year, 12, 31)), date(year, 1, 1)))
    within, ever = (naive.figures([node], period, known, ever=ever) for ever in (False, True))
    found: dict[int, tuple[Any, ...]] = {}
    for (_, pk), version in naive.targets(node, year, on, known).items():
        code, quantity = version.values["measure"], version.values["quantity"]
        value = within.get(code, NOTHING)[0]
        if code.startswith("funds"):
            quantity *= 100
        if code == "projects.completion_rate":
            quantity *= 100
            bottom = ever.get("projects.count", NOTHING)[0]
            value = None if bottom is None else rate(ever.get("projects.completed", NOTHING)[0] or 0, bottom)
        if on < date(year, 1, 1):
            value = None
        found[pk] = (quantity, value, Fraction(value * 100, quantity) if quantity and value is not None else None)
    return found


def look_at_rows(run: Run) -> None:
    """How every row of a ledger stands: none is lost, none is there twice."""
    model: type[Entry] = run.random.choice([*ledgers().values()])
    fields = ("pk", "number", "node_id", "state", "pending_state", "partner")
    told = {tuple(row) for row in model._base_manager.values_list(*fields)}
    expected = {
        (row.key[1], row.number, row.node, row.state, row.waiting_state, row.partner)
        for row in run.naive.of(model.ledger.code)
    }
    run.operation("look at rows")
    run.did["rows compared"] += len(told)
    if told != expected:
        raise Disagreement(f"{model.ledger.code}: only held {told - expected}, only in the model {expected - told}")
