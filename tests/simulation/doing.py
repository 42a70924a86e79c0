"""What people do, in the database and in memory: the model says beforehand whether an act is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, cast

from lianqiao.agreements.models import Pairing
from lianqiao.journal.figures import known_at
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.models import Entry
from lianqiao.ledger.registry import ledgers
from lianqiao.people.models import Grant, User
from lianqiao.places.models import Node
from lianqiao.workbooks.models import Import
from tests.simulation.effects import Key, Values
from tests.simulation.entering import DAYS, NAMED, Clerk, NothingToName, columns, spoiled
from tests.simulation.naive import Closing, Naive, Row, Version
from tests.world import World, person

Told = tuple[int | None, Values]  # the node of a row to be entered, and what it says
DRAFTS = ("draft", "returned")
DEEPEST = 7
# Ledgers whose rows build on each other.
OFTEN = (
    "targets", "secondments", "allocations", "payments", "payments", "enterprises", "investments", "jobs", "retention", "retention",
    "retention",
)  # fmt: skip


class Disagreement(AssertionError):
    """The product and the model differ."""


@dataclass(frozen=True)
class Brought:
    """What an import did to a row: made it (was is ""), or changed it from the version before to the one after.

    waited, waited_state: the revision that waited before.
    """

    row: Row
    after: int
    was: str = ""
    before: Version | None = None
    waited: Version | None = None
    waited_state: str = ""


@dataclass
class Imported:
    """An import as the product keeps it, and what it did."""

    kept: Import
    rows: list[Brought]
    undone: bool = False


class Run:
    """A programme in the database and the same in memory."""

    def __init__(self, seed: int, world: World, folder: Path) -> None:
        self.random, self.naive, self.folder = Random(seed), Naive(), folder
        self.clerk = Clerk(self.random, self.naive)
        self.author, self.coordinator = world.admin, world.other_admin
        self.reviewer = person("everywhere", Grant.Role.REVIEWER)
        self.nodes: dict[int, Node] = {}
        # What a pairing's node says: as the row was entered, or last approved.
        self.sides: dict[int, tuple[str, str, date | None]] = {}
        self.imports: list[Imported] = []
        # What was done, and how many operations that makes.
        self.did: Counter[str] = Counter()
        self.step = 0
        self.first = known_at().number
        for row in Pairing.objects.order_by("pk"):
            self.take_in_pairing(row)

    def take_in_pairing(self, row: Pairing) -> None:
        """One of the pairings of the world, which all count."""
        values = {"east": row.east, "west": row.west, "level": row.level, "since": row.since, "until": row.until}
        self.keep(row, row.node_id, values, "approved")
        self.naive.post(self.first, self.naive.moves({key_of(row): self.naive.rows[key_of(row)].standing}))

    def keep(self, entry: Entry, node: int | None, values: Values, state: str) -> Row:
        """Keeps a new row; a pairing counts at the node that it makes, which is then there for others."""
        spot = node
        if isinstance(entry, Pairing):
            made = Node.objects.get(pairing=entry)
            spot = made.pk
            self.naive.parents[spot], self.nodes[spot] = node, made
        row = Row(
            key_of(entry), entry, entry.number, node, spot, values, self.naive.order(), self.author.username, state
        )
        self.naive.rows[row.key] = row
        self.tell_node(row)
        return row

    def tell_node(self, row: Row) -> None:
        if row.key[0] == "pairings":
            self.sides[cast(int, row.spot)] = (row.values["east"], row.values["west"], row.values["until"])

    # How it is done --------------------------------------------------------------------------------------------------

    def act(self, name: str, expected: str, call: Callable[[], Any]) -> Any:
        """Does it, and returns None where it was refused. Raises Disagreement where the model expected otherwise."""
        self.operation(name)
        try:
            done = call()
        except Refused as refused:
            if not expected:
                raise Disagreement(f"{name} was refused: {refused}") from refused
            self.did["refused"] += 1
            self.did[f"refused: {expected}"] += 1
            return None
        if expected:
            raise Disagreement(f"{name} went through, although: {expected}")
        return done

    def operation(self, name: str) -> None:
        self.did[name] += 1
        self.step += 1

    def seldom(self, chance: float = 0.05) -> bool:
        return self.random.random() < chance

    def some(self, rows: Sequence[Row], most: int = 30) -> list[Row]:
        """Some of these rows that are of one ledger."""
        ledger = self.random.choice(rows).key[0]
        mine = [row for row in rows if row.key[0] == ledger]
        return self.random.sample(mine, self.random.randint(1, min(most, len(mine))))

    def all(self, wanted: Callable[[Row], bool]) -> list[Row]:
        return [row for row in self.naive.rows.values() if wanted(row)]

    def some_node(self, ledger: str = "") -> int | None:
        """Most often one that counts; a row of the tree not too deep in it."""
        if ledger in ("organisations", "frameworks") and self.seldom(0.5):
            return None
        nodes = [*self.nodes] if self.seldom() else [n for n in self.nodes if self.naive.confirmed(n)]
        if ledger == "pairings":
            nodes = [n for n in nodes if len([*self.naive.lineage(n)]) < DEEPEST]
        return self.random.choice(nodes)

    def approver(self) -> tuple[User, str]:
        """Who reviews, with a reason or without."""
        chance = self.random.random()
        if chance < 0.05:
            return self.author, ""
        if chance < 0.5:
            return self.reviewer, self.random.choice(["", "补录"])
        return self.coordinator, "" if chance < 0.6 else "补录"

    def may_move_closed(self, by: User, why: str) -> bool:
        return by != self.reviewer and bool(why)

    # What is done ----------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Some rows of every ledger, those first that others name."""
        for ledger in [*NAMED.values(), *ledgers()]:
            self.passed(self.enter(ledger, [(self.some_node(ledger), self.clerk.row(ledger)) for _ in range(3)]))

    def create(self) -> None:
        ledger = self.random.choice([*ledgers(), *OFTEN])
        try:
            told = [(self.some_node(ledger), self.clerk.row(ledger)) for _ in range(self.random.randint(1, 6))]
        except NothingToName:
            return
        self.enter(ledger, told, submit=not self.seldom(0.1), spoil=self.seldom())

    def enter(self, ledger: str, told: Sequence[Told], submit: bool = True, spoil: bool = False) -> list[Row]:
        model, rows = ledgers()[ledger], [columns(ledgers()[ledger], values) for _, values in told]
        expected = next(filter(None, (self.naive.problem(ledger, values) for _, values in told)), "")
        if spoil:
            rows[-1], expected = spoiled(self.random, model, rows[-1]), "spoiled"
        entries = [
            model(node=self.nodes[node] if node else None, **row) for (node, _), row in zip(told, rows, strict=True)
        ]
        made = self.act("create", expected, lambda: acts.create(entries, self.author, submit=submit))
        state = "submitted" if submit else "draft"
        return [self.keep(entry, *told[at], state) for at, entry in enumerate(made or ())]

    def approve(self) -> None:
        waiting = self.all(lambda row: row.waits)
        if not waiting:
            return
        rows = self.some(waiting)
        others = [row for row in self.naive.of(rows[0].key[0]) if not row.waits] if self.seldom(0.03) else []
        self.passed([*rows, *others[:1]])

    def passed(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        by, why = self.approver()
        allowed = self.may_move_closed(by, why)
        expected = self.naive.against_approval(rows, by.username, allowed)
        entries = [row.entry for row in rows]
        written = self.act("approve", expected, lambda: acts.approve(entries, by, why, despite_twins=True))
        if written:
            self.counted(rows, written.number)

    def counted(self, rows: Sequence[Row], transaction: int) -> None:
        """These rows were approved."""
        self.naive.post(transaction, self.naive.moves({row.key: row.coming for row in rows}))
        for row in rows:
            put(row, row.coming)
            row.state, row.waiting, row.waiting_state, row.partner = "approved", None, "", ""
            self.tell_node(row)

    def send_back(self) -> None:
        waiting = self.all(lambda row: row.waits)
        if not waiting:
            return
        rows = self.some(waiting, 2)
        self.act("send back", "", lambda: acts.send_back([row.entry for row in rows], self.reviewer, "请核对"))
        for row in rows:
            if row.state == "submitted":
                row.state = "returned"
            else:
                row.waiting_state = "returned"

    def edit(self) -> None:
        rows = self.all(lambda row: row.state in DRAFTS or (row.state == "submitted" and self.seldom(0.01)))
        self.change("edit", rows)

    def revise(self) -> None:
        rows = self.all(lambda row: row.state == "approved" or (row.state == "void" and self.seldom(0.01)))
        self.change("revise", rows)

    def change(self, name: str, rows: Sequence[Row]) -> None:
        """Edits or revises one of these rows."""
        if not rows:
            return
        row = self.random.choice(rows)
        ledger, model = row.key[0], type(row.entry)
        values = dict(row.values) if self.seldom() else self.clerk.row(ledger)
        self.changed(name, row, values, spoil=spoiled(self.random, model, values) if self.seldom() else None)

    def changed(self, name: str, row: Row, values: Values, spoil: Values | None = None) -> None:
        node = row.node if row.key[0] == "pairings" or values == row.values else self.some_node(row.key[0])
        expected = self.naive.problem(row.key[0], values)
        if name == "revise" and (values, node) == (row.values, row.node):
            expected = "nothing changes"
        if (row.state != "approved") if name == "revise" else (row.state not in DRAFTS):
            expected = "not now"
        told = columns(type(row.entry), spoil or values) | {"node": self.nodes[node] if node else None}
        if spoil:
            expected = expected or "spoiled"
        act: Any = acts.revise if name == "revise" else acts.edit
        if self.act(name, expected, lambda: act(row.entry, told, self.author, "更正")):
            spot = row.spot if row.key[0] == "pairings" else node
            version = Version(node, spot, values, self.naive.order(), self.author.username)
            if name == "edit":
                put(row, version)
            else:
                row.waiting, row.waiting_state = version, "submitted"

    def submit(self) -> None:
        ready = self.all(lambda row: row.state in DRAFTS or row.waiting_state == "returned")
        if not ready:
            return
        rows = self.some(ready)
        self.act("submit", "", lambda: acts.submit([row.entry for row in rows], self.author))
        for row in rows:
            if row.state in DRAFTS:
                row.state = "submitted"
            else:
                row.waiting_state = "submitted"

    def withdraw(self) -> None:
        rows = self.all(lambda row: row.waiting is not None)
        if not rows:
            return
        row = self.random.choice(rows)
        self.act("withdraw", "", lambda: acts.withdraw(row.entry, self.author))
        row.waiting, row.waiting_state = None, ""

    def void(self) -> None:
        rows = self.all(lambda row: row.state != "void" or self.seldom(0.01))
        row, by = self.random.choice(rows), self.random.choice([self.reviewer, self.coordinator])
        expected = self.naive.against_void(row, by.username, self.may_move_closed(by, "重复"))
        before = known_at().number
        self.act("void", expected, lambda: acts.void(row.entry, by, "重复") or True)
        if not expected:
            if row.key in self.naive.current:
                self.naive.post(before + 1, self.naive.moves({row.key: None}))
            row.state, row.waiting, row.waiting_state = "void", None, ""

    def amend_target(self) -> None:
        rows = [row for row in self.naive.of("targets") if row.state == "approved"]
        if not rows:
            return
        row = self.random.choice(rows)
        told = row.values | {"quantity": self.clerk.target(), "since": self.random.choice(DAYS), "amends": "中期调整"}
        made = self.enter("targets", [(row.node, told)])
        self.did["amend a target"] += len(made)
        if made and not self.seldom(0.2):
            self.passed(made)

    def answer(self) -> None:
        """The partner confirms rows, or objects to them."""
        rows = self.all(lambda row: row.state == "approved" or (row.state == "submitted" and self.seldom(0.002)))
        if not rows:
            return
        told = self.some(rows, 3)
        says, entries = self.random.choice(["confirmed", "objected"]), [row.entry for row in told]
        expected = "same person" if any(row.by == self.reviewer.username for row in told) else ""
        expected = expected if all(row.state == "approved" for row in told) else "not now"

        def say() -> Any:
            if says == "confirmed":
                return acts.confirm(entries, self.reviewer)
            return acts.object_to(entries, self.reviewer, "与名册不符")

        if self.act("confirm" if says == "confirmed" else "object", expected, say):
            for row in told:
                row.partner = row.said[row.order] = says

    def close(self) -> None:
        """Closes the accounts of a node, most often of the first years."""
        node = self.random.choice([n for n in self.nodes if self.naive.confirmed(n)])
        until = self.random.choice(DAYS[:8] if not self.seldom(0.2) else DAYS)
        known = any(c.node == node and c.until >= until for c in self.naive.closings)
        written = self.act(
            "close a period",
            "closed already" if known else "",
            lambda: acts.close(self.nodes[node], until, self.coordinator, "季末"),
        )
        if written:
            self.naive.closings.append(Closing(written.number, node, until))

    def succeed(self) -> None:
        """Closes a pairing and opens its successor."""
        standing = [row for row in self.naive.of("pairings") if row.state == "approved" and not row.waiting]
        rows = [row for row in standing if not row.values["until"]]
        if not rows:
            return
        row = self.random.choice(rows)
        until = self.random.choice([day for day in DAYS if day >= row.values["since"]])
        self.changed("revise", row, row.values | {"until": until})
        if row.waiting:
            self.passed([row])
        since = self.random.choice([day for day in DAYS if day >= until])
        for new in self.enter("pairings", [(row.node, row.values | {"since": since, "until": None})]):
            self.follows(new)
            self.passed([new])

    def follows(self, row: Row) -> None:
        """The node of a new pairing takes over from the one of the same two sides that ended last."""
        ended = [
            (until, spot)
            for spot, (east, west, until) in self.sides.items()
            if until and until <= row.values["since"] and (east, west) == (row.values["east"], row.values["west"])
            if not any(other.spot == spot and other.state == "void" for other in self.naive.of("pairings"))
        ]
        self.did["open a successor"] += bool(ended)
        found = self.nodes[cast(int, row.spot)].succeeds_id
        if found != (max(ended)[1] if ended else None):
            raise Disagreement(f"{row.number} succeeds {found}, not one of {ended}")


def key_of(entry: Entry) -> Key:
    return entry.ledger.code, entry.pk


def put(row: Row, version: Version) -> None:
    """The version is now what the row says."""
    row.node, row.spot, row.values = version.node, version.spot, version.values
    row.order, row.by = version.order, version.by
