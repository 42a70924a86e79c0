"""The programme kept naively in memory: rows in dictionaries, and figures counted by walking over every row that counted.

It uses none of the product's arithmetic, and says beforehand of each act whether the rules refuse it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from lianqiao.core.periods import Period
from lianqiao.ledger.models import Entry
from tests.simulation.effects import DISTINCT, STOCK, Effect, Key, Values, effects

Told = tuple[int | None, int, int, int]  # value, without detail, entries, postings after closing
NOTHING: Told = (None, 0, 0, 0)
# What rows of one ledger move in another.
MOVED = {"investments": "enterprises", "enterprises": "enterprises", "jobs": "retention", "retention": "retention"}


@dataclass
class Row:
    """A row as the database should hold it. node: where it was entered. spot: the node where it counts.

    order: when its version was entered. waiting: a revision. said: what the partner said of each version, by its order.
    """

    key: Key
    entry: Entry
    number: str
    node: int | None
    spot: int | None
    values: Values
    order: int
    by: str
    state: str = "submitted"
    waiting: Version | None = None
    waiting_state: str = ""
    partner: str = ""
    said: dict[int, str] = field(default_factory=dict)

    @property
    def waits(self) -> bool:
        return "submitted" in (self.state, self.waiting_state)

    @property
    def coming(self) -> Version:
        """The version that an approval would make count."""
        return self.waiting or self.standing

    @property
    def standing(self) -> Version:
        return Version(self.node, self.spot, self.values, self.order, self.by)


@dataclass(frozen=True)
class Version:
    """A version of a row: where it was entered, where it counts, what it says, when and by whom it was entered."""

    node: int | None
    spot: int | None
    values: Values
    order: int
    by: str


@dataclass
class Life:
    """A version that counted from a transaction on, until another."""

    key: Key
    version: Version
    effects: tuple[Effect, ...]
    since: int
    until: int | None = None

    @cached_property
    def by_code(self) -> dict[str, list[Effect]]:
        found: dict[str, list[Effect]] = defaultdict(list)
        for effect in self.effects:
            found[effect.code].append(effect)
        return dict(found)

    def counts(self, known: int) -> bool:
        return self.since <= known and (self.until is None or self.until > known)


@dataclass(frozen=True)
class Closing:
    transaction: int
    node: int
    until: date


@dataclass(frozen=True)
class Late:
    """A posting of a transaction that moved a closed period."""

    transaction: int
    code: str
    spot: int
    on: date


# What counts of each row after an act; None: nothing any more.
Moves = dict[Key, tuple[Version, tuple[Effect, ...]] | None]


@dataclass
class Tally:
    """What is counted of one measure while the rows are walked over."""

    value: int = 0
    bare: int = 0
    entries: int = 0
    people: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@dataclass
class Naive:
    """The tree (child → parent), every row, every version that ever counted, and what was closed."""

    parents: dict[int, int | None] = field(default_factory=dict)
    rows: dict[Key, Row] = field(default_factory=dict)
    lives: list[Life] = field(default_factory=list)
    current: dict[Key, Life] = field(default_factory=dict)
    closings: list[Closing] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)
    orders: int = 0

    def order(self) -> int:
        self.orders += 1
        return self.orders

    def of(self, ledger: str) -> list[Row]:
        return [row for key, row in self.rows.items() if key[0] == ledger]

    def lineage(self, node: int | None) -> Iterator[int]:
        """The node and all above it."""
        while node is not None:
            yield node
            node = self.parents[node]

    def confirmed(self, node: int) -> bool:
        """Whether the pairing that made the node counts."""
        return any(life.version.spot == node for key, life in self.current.items() if key[0] == "pairings")

    # What an act would do --------------------------------------------------------------------------------------------

    def moves(self, changes: Mapping[Key, Version | None]) -> Moves:
        """What counts after these rows count so (None: not any more): of them, and of those that follow them."""
        after = {key: life.version for key, life in self.current.items()}
        for key, version in changes.items():
            after.pop(key, None)
            after |= {key: version} if version else {}
        values = {key: version.values for key, version in after.items()}
        followers = {MOVED[key[0]] for key in changes if key[0] in MOVED}
        touched = {*changes, *(key for key in after if key[0] in followers)}
        found: Moves = {}
        for key in sorted(touched):
            version = after.get(key)
            told = (version, effects(key, version.values, values)) if version else None
            held = self.current.get(key)
            if key in changes or held is None or told is None or held.effects != told[1]:
                found[key] = told
        return found

    def lines(self, moves: Moves) -> list[tuple[str, int, date]]:
        """The postings that these moves are: measure, node and day of each difference."""
        found: list[tuple[str, int, date]] = []
        for key, after in moves.items():
            before, net = self.current.get(key), Counter[Any]()
            for e in before.effects if before else ():
                net[e.code, before.version.spot if before else None, e.on, e.subject, e.bare] -= e.quantity
            for e in after[1] if after else ():
                net[e.code, after[0].spot if after else None, e.on, e.subject, e.bare] += e.quantity
            found += [(code, spot, on) for (code, spot, on, *_), quantity in net.items() if quantity]
        return found

    def closed(self, spot: int, on: date) -> bool:
        above = set(self.lineage(spot))
        return any(c.node in above and on <= c.until for c in self.closings)

    def against_closing(self, moves: Moves, allowed: bool) -> str:
        if allowed:
            return ""
        return "closed" if any(self.closed(spot, on) for _, spot, on in self.lines(moves)) else ""

    def against_approval(self, rows: Sequence[Row], by: str, allowed: bool) -> str:
        """Why these rows cannot be approved; empty where they can."""
        if not all(row.waits for row in rows):
            return "not waiting"
        if any(row.coming.by == by for row in rows):
            return "same person"
        coming = {row.key: row.coming for row in rows}
        why = next(filter(None, (self.against_version(key, version, coming) for key, version in coming.items())), "")
        why = why or self.overpaid(coming, {row.key: row.standing for row in rows})
        return why or self.against_closing(self.moves(coming), allowed)

    def against_version(self, key: Key, version: Version, coming: Mapping[Key, Version]) -> str:
        spots = {other.spot for k, other in coming.items() if k[0] == "pairings"}
        if version.node is not None and not self.confirmed(version.node) and version.node not in spots:
            return "unconfirmed node"
        named = [v for v in version.values.values() if is_key(v)]
        if any(self.rows[link].state != "approved" for link in named):
            return "names what does not count"
        return self.problem(key[0], version.values)

    def problem(self, ledger: str, values: Values) -> str:
        """What stands against a row by itself, of rows that are otherwise well made."""
        if ledger == "retention" and values["checked_on"] < self.rows[values["number_of_job"]].values["started_on"]:
            return "asked before the job began"
        return ""

    def overpaid(self, coming: Mapping[Key, Version | None], before: Mapping[Key, Version]) -> str:
        """Whether a project that these rows name would have been paid more than it was allocated."""
        money = {k for k in coming if k[0] in ("allocations", "payments")}
        projects = {v.values["project"] for k in money for v in (coming[k], before[k]) if v}
        sums: dict[tuple[str, Key], int] = defaultdict(int)
        for key, version in ({key: life.version for key, life in self.current.items()} | dict(coming)).items():
            if version and key[0] in ("allocations", "payments"):
                sums[key[0], version.values["project"]] += version.values["amount"]
        return "overpaid" if any(sums["payments", p] > sums["allocations", p] for p in projects) else ""

    def against_void(self, row: Row, by: str, allowed: bool) -> str:
        if row.state == "void":
            return "void already"
        if row.state == "approved" and row.by == by:
            return "same person"
        if self.named(row.key):
            return "named by others"
        if row.key[0] == "pairings" and self.in_use(row):
            return "pairing in use"
        gone: dict[Key, Version | None] = {row.key: None}
        if row.key[0] == "allocations" and self.overpaid(gone, {row.key: row.standing}):
            return "overpaid"
        return "" if row.key not in self.current else self.against_closing(self.moves(gone), allowed)

    def named(self, key: Key) -> bool:
        """Whether a live row names this one."""
        return any(key in other.values.values() for other in self.rows.values() if other.state != "void")

    def in_use(self, row: Row) -> bool:
        """Whether something was ever posted at the pairing's node, or a pairing lies below it that is not void."""
        posted = any(life.version.spot == row.spot and life.effects for life in self.lives if life.key[0] != "pairings")
        return posted or any(other.node == row.spot and other.state != "void" for other in self.of("pairings"))

    # What an act did -------------------------------------------------------------------------------------------------

    def post(self, transaction: int, moves: Moves) -> None:
        """These moves were posted, as that transaction."""
        lines = self.lines(moves)
        if any(self.closed(spot, on) for _, spot, on in lines):
            self.late += [Late(transaction, *line) for line in lines]
        for key, told in moves.items():
            held = self.current.pop(key, None)
            if held:
                held.until = transaction
            if told:
                self.current[key] = Life(key, *told, transaction)
                self.lives.append(self.current[key])

    # What is known ---------------------------------------------------------------------------------------------------

    def below(self, nodes: Iterable[int]) -> set[int]:
        """The nodes and all below them."""
        wanted = set(nodes)
        return {node for node in self.parents if not wanted.isdisjoint(self.lineage(node))}

    def figures(self, nodes: Sequence[int], period: Period, known: int, *, ever: bool) -> dict[str, Told]:
        """Of every measure that was ever posted there: the value, the part without detail, how many entries first count
        in the period, how many postings came after it was closed. ever: over all time up to the end of the period."""
        inside, tallies = self.below(nodes), dict[str, Tally]()
        for life in self.lives:
            if life.since > known or life.version.spot not in inside:
                continue
            counts = life.counts(known)
            for code, some in life.by_code.items():
                tally = tallies.setdefault(code, Tally())
                if counts:
                    start = None if ever or code.startswith(STOCK) else period.start
                    add(tally, [e for e in some if within(e.on, start, period.until)], code)
                    tally.entries += within(min(e.on for e in some), start, period.until)
        late = self.counted_late(inside, period, known, ever)
        return {code: (value_of(tally), tally.bare, tally.entries, late[code]) for code, tally in tallies.items()}

    def counted_late(self, inside: set[int], period: Period, known: int, ever: bool) -> dict[str, int]:
        found: dict[str, int] = defaultdict(int)
        for line in self.late:
            start = None if ever or line.code.startswith(STOCK) else period.start
            if line.transaction <= known and line.spot in inside and within(line.on, start, period.until):
                found[line.code] += 1
        return found

    def targets(self, node: int, year: int, on: date, known: int) -> dict[Key, Version]:
        """The targets of a node for a year in force on a day: of one agreement and measure, the latest."""
        latest: dict[tuple[Key, str], tuple[date, int, Key, Version]] = {}
        for life in self.lives:
            version, told = life.version, life.version.values
            if life.key[0] == "targets" and life.counts(known) and version.node == node and told["year"] == year:
                since, what = told["since"] or date.min, (told["agreement"], told["measure"])
                if since <= on and (what not in latest or (since, version.order) > latest[what][:2]):
                    latest[what] = (since, version.order, life.key, version)
        return {key: version for _, _, key, version in latest.values()}


def is_key(value: Any) -> bool:
    return isinstance(value, tuple)


def within(on: date, start: date | None, until: date) -> bool:
    return on <= until and (start is None or on >= start)


def add(tally: Tally, some: Sequence[Effect], code: str) -> None:
    for effect in some:
        if code.startswith(DISTINCT) and effect.subject:
            tally.people[effect.subject] += effect.quantity
        else:
            tally.value += effect.quantity
        tally.bare += effect.quantity if effect.bare else 0


def value_of(tally: Tally) -> int:
    """A sum, and of people each once who have more come than gone."""
    return tally.value + sum(net > 0 for net in tally.people.values())


def rate(top: int, bottom: int) -> int | None:
    """Percent in hundredths, halves away from zero."""
    if not bottom:
        return None
    exact = Fraction(top * 10_000, bottom)
    return int(abs(exact) + Fraction(1, 2)) * (1 if exact >= 0 else -1)
