"""A seeded run of whatever people do with rows, held against a naive model and against counting the postings by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any, cast

import pytest

from lianqiao.agreements.models import OpeningBalance, Pairing
from lianqiao.core.periods import Period
from lianqiao.fields.exchange.models import Visit
from lianqiao.fields.funds.models import Donation, Receipt
from lianqiao.fields.projects.models import Project
from lianqiao.fields.talent.models import Secondment
from lianqiao.fields.villages.models import TwinSupport
from lianqiao.journal.figures import Figure, all_measures, figures, known_at
from lianqiao.journal.measures import Measure, Ratio
from lianqiao.journal.models import Posting, Transaction
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.audit import verify
from lianqiao.ledger.models import Entry, State
from lianqiao.ledger.protected import protect
from lianqiao.places.models import Node
from tests.ledger.naive import DIRECTIONS, FISCAL, STOCK, TALENT, Naive, Values, effects
from tests.world import World, fresh

pytestmark = pytest.mark.data
STEPS = 60
SEEDS = range(1, 4)
# Few days, most of them at the borders of months and years, so that much falls together.
DAYS = [date(y, m, d) for y in (2019, 2020, 2021) for m, d in ((1, 1), (1, 31), (2, 28), (3, 1), (10, 12), (12, 31))]

# What people enter ----------------------------------------------------------------------------------------------------


def later(random: Random, first: date | None) -> date | None:
    """A day not before another, or none."""
    return random.choice([None, *(day for day in DAYS if first and day >= first)]) if first else None


def some_visit(random: Random) -> Values:
    return {
        "occurred_on": random.choice(DAYS), "direction": random.choice([*DIRECTIONS][:2]), "purpose": "示例",
        "leader": "示例", "people": random.randint(1, 30),
    }  # fmt: skip


def some_stay(random: Random) -> Values:
    return {
        "start": random.choice(DAYS), "direction": random.choice([*DIRECTIONS][2:]), "name": "示例", "host_org": "示例",
        "category": random.choice([*TALENT, "党政干部"]), "person": f"99000019800101{random.randint(1, 5):04d}",
    }  # fmt: skip


def some_receipt(random: Random) -> Values:
    return {"received_on": random.choice(DAYS), "source": random.choice([*FISCAL]), "amount": random.randint(0, 10**12)}


def some_donation(random: Random) -> Values:
    pledged = random.choice([None, *DAYS])
    received = later(random, pledged) if pledged else random.choice(DAYS)
    told = {"pledged_on": pledged, "received_on": received, "kind": random.choice(["资金", "物资"])}
    return told | {"amount": random.randint(1, 10**9), "donor": "示例", "recipient": "示例"}


def some_project(random: Random) -> Values:
    told: Values = {"code": "XM", "name": "示例", "kind": "其他", "planned_aid": 1, "approved_on": random.choice(DAYS)}
    before = told["approved_on"]
    for step in ("started_on", "completed_on", "accepted_on", "handed_over_on"):
        told[step] = later(random, before)
        before = told[step]
    for column in ("households", "people"):
        told[column] = random.choice([None, 0, random.randint(1, 500)])
        told[f"lifted_{column}"] = random.randint(0, told[column]) if told[column] is not None else None
    return told


def some_twin(random: Random) -> Values:
    told = {
        "occurred_on": random.choice(DAYS),
        "name": "示例",
        "level": "镇镇",
        "east_unit": "示例",
        "west_unit": "示例",
    }
    return told | {"households": random.choice([None, 0, 41]), "person_times": random.choice([None, 90])}


def some_opening(random: Random) -> Values:
    measure = random.choice(["talent.education", "visits.person_times.to_west", "funds.cash"])
    return {"measure": measure, "until": random.choice(DAYS), "value": random.randint(1, 99), "source": "示例"}


def some_pairing(random: Random) -> Values:
    since = random.choice(DAYS)
    return {"east": "示例学校", "west": "示例中学", "level": "校校", "since": since, "until": later(random, since)}


KINDS: dict[type[Entry], Callable[[Random], Values]] = {
    Visit: some_visit, Secondment: some_stay, Receipt: some_receipt, Donation: some_donation, Project: some_project,
    TwinSupport: some_twin, OpeningBalance: some_opening, Pairing: some_pairing,
}  # fmt: skip


def as_columns(values: Values) -> Values:
    """A row's values as its columns hold them: a person by their ID number."""
    told = dict(values)
    return told | {"id_number": protect(told.pop("person"))} if "person" in told else told


# What people do -------------------------------------------------------------------------------------------------------


class Run:
    """A programme in the database and the same in memory, with rows and what their waiting versions say."""

    def __init__(self, seed: int, world: World) -> None:
        self.random, self.world = Random(seed), world
        self.nodes = {node.pk: node for node in Node.objects.all()}
        self.naive = Naive({pk: node.parent_id for pk, node in self.nodes.items()})
        self.rows: list[Entry] = []
        self.waiting: dict[tuple[str, int], tuple[int, Values]] = {}
        self.did: dict[str, int] = defaultdict(int)
        for row in Pairing.objects.all():
            told = {"level": row.level, "since": row.since, "until": row.until}
            self.naive.counted[key(row)] = (row.posting_node() or 0, effects("pairings", told))
        self.first = known_at().number
        self.naive.record(self.first)

    def step(self) -> None:
        name = self.random.choice(
            ["enter", "enter", "enter_and_pass", "enter_and_pass", "pass_some", "revise", "undo", "void"]
        )
        act = getattr(self, name)
        try:
            act()
            self.did[name] += 1
        except Refused:
            self.did["refused"] += 1
        self.naive.record(known_at().number)

    def some_node(self) -> Node:
        return self.random.choice([*self.nodes.values()])

    def enter(self) -> list[Entry]:
        kind = self.random.choice([*KINDS])
        told = [(self.some_node(), KINDS[kind](self.random)) for _ in range(self.random.randint(1, 4))]
        made = acts.create([kind(node=node, **as_columns(values)) for node, values in told], self.world.admin)
        self.rows += made
        for row, (node, values) in zip(made, told, strict=True):
            self.waiting[key(row)] = (self.counts_at(row, node), values)
        return made

    def counts_at(self, row: Entry, node: Node) -> int:
        """A pairing counts at the node that it makes, which is then there for others."""
        if not isinstance(row, Pairing):
            return node.pk
        made = Node.objects.get(pairing=row)
        self.naive.parents[made.pk] = node.pk
        return made.pk

    def enter_and_pass(self) -> None:
        self.passed(self.enter())

    def pass_some(self) -> None:
        kind = self.random.choice([*KINDS])
        waiting = [row for row in self.rows if isinstance(row, kind) and key(row) in self.waiting]
        if waiting:
            self.passed(self.random.sample(waiting, self.random.randint(1, len(waiting))))

    def passed(self, rows: list[Entry]) -> None:
        acts.approve(rows, self.world.other_admin)
        for row in rows:
            node, values = self.waiting.pop(key(row))
            self.naive.counted[key(row)] = (node, effects(row.ledger.code, values))
            if isinstance(row, Pairing):
                self.nodes[node] = Node.objects.get(pk=node)

    def in_state(self, state: str) -> list[Entry]:
        return [row for row in self.rows if fresh(row).state == state]

    def revise(self) -> None:
        rows = self.in_state(State.APPROVED)
        if rows:
            row = self.random.choice(rows)
            values = KINDS[type(row)](self.random)
            node = row.node if isinstance(row, Pairing) else self.some_node()
            assert node
            acts.revise(row, {**as_columns(values), "node": node}, self.world.admin, "更正")
            self.waiting[key(row)] = (row.posting_node() if isinstance(row, Pairing) else node.pk, values)  # type: ignore[assignment]

    def undo(self) -> None:
        """Withdraws a revision."""
        rows = [row for row in self.in_state(State.APPROVED) if key(row) in self.waiting]
        if rows:
            row = self.random.choice(rows)
            acts.withdraw(row, self.world.admin)
            del self.waiting[key(row)]

    def void(self) -> None:
        rows = [row for row in self.rows if fresh(row).state != State.VOID]
        if rows:
            row = self.random.choice(rows)
            acts.void(row, self.world.other_admin, "重复")
            self.waiting.pop(key(row), None)
            self.naive.counted.pop(key(row), None)
            if isinstance(row, Pairing):
                self.nodes.pop(row.posting_node() or 0, None)


def key(row: Entry) -> tuple[str, int]:
    return row.ledger.code, row.pk


# What is asked --------------------------------------------------------------------------------------------------------


def some_period(random: Random) -> Period:
    one, other = sorted(random.sample(DAYS, 2))
    return random.choice(
        [
            Period.cumulative(one), Period.year(one.year), Period(one.replace(month=1, day=1), one), Period.day(one),
            Period.month(one.year, one.month), Period(one, other), Period(one, max(one, date(2021, 5, 5))),
            Period(date(2018, 12, 15), other),
        ]
    )  # fmt: skip


def some_nodes(random: Random, nodes: list[Node]) -> list[Node]:
    """A node, or two that do not contain each other."""
    one, other = random.choice(nodes), random.choice(nodes)
    apart = not (one.path.startswith(other.path) or other.path.startswith(one.path))
    return [one, other] if apart and random.random() < 0.5 else [one]


def told(found: Figure) -> tuple[int | None, int, int]:
    return found.value, found.bare, found.entries


Line = tuple[int, str, date, int, int | None]  # transaction, path of the node, day, quantity, subject


def all_lines() -> dict[str, list[Line]]:
    """All postings, by the code of their measure."""
    lines: dict[str, list[Line]] = defaultdict(list)
    rows = Posting.objects.values_list("measure__code", "transaction_id", "node__path", "on", "quantity", "subject")
    for measure, *line in rows:
        lines[measure].append(cast(Line, tuple(line)))
    return lines


def by_hand(measure: Measure, lines: list[Line], nodes: list[Node], period: Period, known: int) -> int | None:
    """The value, by going through the postings one after the other."""
    paths = tuple(node.path for node in nodes)
    start = date.min if measure.code.startswith(STOCK) or not period.start else period.start
    some = [line for line in lines if line[0] <= known and line[1].startswith(paths)]
    value, people = 0, defaultdict[int, int](int)
    for _, _, on, quantity, subject in some:
        if start <= on <= period.until:
            if measure.distinct and subject is not None:
                people[subject] += quantity
            else:
                value += quantity
    return value + sum(net > 0 for net in people.values()) if some else None


def rate(run: Run, ratio: Ratio, nodes: list[int], until: date, known: int) -> tuple[int, int] | None:
    ever = Period.cumulative(until)
    top, bottom = (run.naive.figure(m.code, nodes, ever, known)[0] for m in (ratio.numerator, ratio.denominator))
    return None if bottom is None else (top or 0, bottom)


@pytest.mark.parametrize("seed", SEEDS)
def test_figures_are_what_a_naive_model_and_the_postings_say(world: World, seed: int) -> None:
    print(f"seed {seed}")  # noqa: T201 - shown where it fails
    run = Run(seed, world)
    for _ in range(STEPS):
        run.step()
    assert verify().problems == []
    random, wrong, lines = Random(seed), list[Any](), all_lines()
    transactions = [*Transaction.objects.filter(number__gte=run.first).values_list("number", flat=True)]
    for asked in range(40):
        nodes, period = some_nodes(random, [*Node.objects.all()]), some_period(random)
        known = known_at(random.choice(transactions) if asked % 2 else None)
        pks = [node.pk for node in nodes]
        for found in figures(all_measures(), nodes, period, known):
            if isinstance(found.measure, Ratio):
                expected: Any = rate(run, found.measure, pks, period.until, known.number)
                wrong += [(found.address, found.over, expected)] if found.over != expected else []
                continue
            expected = run.naive.figure(found.measure.code, pks, period, known.number)
            if told(found) != expected or found.value != by_hand(
                found.measure, lines[found.measure.code], nodes, period, known.number
            ):
                wrong.append((found.address, told(found), expected))
    assert wrong == [], f"seed {seed}"
    assert {"enter", "enter_and_pass", "pass_some", "revise", "undo", "void"} <= run.did.keys()
