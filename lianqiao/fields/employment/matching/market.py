"""What goes into a match: people who look for work, places to fill, and both as arrays. Pure Python: no Django."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bits = NDArray[np.uint64]
Mask = NDArray[np.bool_]

WORD = 64
LODGING = ("", "single", "couple")


@dataclass(frozen=True, slots=True)
class Seeker:
    """Somebody who looks for work. `areas` those to which he can go; `wage` the least he takes, in 分 a month; `kinds` the
    kinds of work that he would do, the dearest first (none: any); `places` what he would like of counties, towns and areas;
    `cannot` what he cannot take on of a vacancy's demands; `experience` in years. Those who share a `couple` work in one
    town, those who share a `group` at one employer in one town: all of them, or none."""

    key: str
    birth_year: int
    areas: frozenset[str]
    wage: int
    free_from: date
    kinds: tuple[str, ...] = ()
    places: frozenset[str] = frozenset()
    schooling: int = 0
    experience: int = 0
    skills: frozenset[str] = frozenset()
    certificates: frozenset[str] = frozenset()
    cannot: frozenset[str] = frozenset()
    priority: bool = False
    woman: bool = False
    village: str = ""
    couple: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Vacancy:
    """Places of one kind at one employer. Wages in 分 a month; `begins` the first day of the work, `until` the last on which
    one can come; `headcount` the places still open; `certificates` those that nobody is trained for after he comes;
    `lodging` whether it is for nobody, for each by himself, or for couples too."""

    key: str
    employer: str
    area: str
    place: str
    town: str
    kind: str
    headcount: int
    wage_from: int
    wage_to: int
    begins: date
    until: date
    age_from: int = 16
    age_to: int = 60
    schooling: int = 0
    skills: frozenset[str] = frozenset()
    certificates: frozenset[str] = frozenset()
    demands: frozenset[str] = frozenset()
    lodging: Literal["", "single", "couple"] = ""
    near: bool = False


@dataclass
class Market:
    """Seekers and vacancies in an order that depends on the seed and their keys only, so that nobody wins a tie by his name
    or by coming first, with the columns that the conditions and scores read."""

    seekers: Sequence[Seeker]
    vacancies: Sequence[Vacancy]
    birth_year: Ints = field(init=False)
    floor: Ints = field(init=False)
    free_from: Ints = field(init=False)
    experience: Ints = field(init=False)
    learned: Ints = field(init=False)
    priority: Mask = field(init=False)
    coupled: Mask = field(init=False)
    headcount: Ints = field(init=False)
    wage_from: Ints = field(init=False)
    wage_to: Ints = field(init=False)
    begins: Ints = field(init=False)
    until: Ints = field(init=False)
    age_from: Ints = field(init=False)
    age_to: Ints = field(init=False)
    schooling: Ints = field(init=False)
    lodging: Ints = field(init=False)
    kinds: dict[str, int] = field(init=False)
    kind: Ints = field(init=False)
    town: Ints = field(init=False)
    workplace: Ints = field(init=False)
    bits: dict[str, tuple[Bits, Bits]] = field(init=False)
    unit: Ints = field(init=False)
    by_employer: Mask = field(init=False)

    def __post_init__(self) -> None:
        self._read_seekers()
        self._read_vacancies()
        held, asked = self.seekers, self.vacancies
        self.bits = {
            "skills": both([s.skills for s in held], [v.skills for v in asked]),
            "certificates": both([s.certificates for s in held], [v.certificates for v in asked]),
            "demands": both([s.cannot for s in held], [v.demands for v in asked]),
            "areas": both([s.areas for s in held], [frozenset({v.area}) for v in asked]),
            "places": both([s.places for s in held], [frozenset({v.area, v.place, v.town}) for v in asked]),
        }
        self.unit, self.by_employer = units(held)

    def _read_seekers(self) -> None:
        held = self.seekers
        self.birth_year = ints(s.birth_year for s in held)
        self.floor = ints(s.wage for s in held)
        self.free_from = ints(s.free_from.toordinal() for s in held)
        self.experience = ints(s.experience for s in held)
        self.learned = ints(s.schooling for s in held)
        self.priority = ints(s.priority for s in held) > 0
        self.coupled = ints(bool(s.couple) for s in held) > 0

    def _read_vacancies(self) -> None:
        asked = self.vacancies
        self.headcount = ints(max(0, v.headcount) for v in asked)
        self.wage_from = ints(v.wage_from for v in asked)
        self.wage_to = ints(v.wage_to for v in asked)
        self.begins = ints(v.begins.year for v in asked)
        self.until = ints(v.until.toordinal() for v in asked)
        self.age_from = ints(v.age_from for v in asked)
        self.age_to = ints(v.age_to for v in asked)
        self.schooling = ints(v.schooling for v in asked)
        self.lodging = ints(LODGING.index(v.lodging) + 3 * v.near for v in asked)
        self.kinds = numbered(v.kind for v in asked)
        self.kind = ints(self.kinds[v.kind] for v in asked)
        towns = numbered((v.place, v.town) for v in asked)
        self.town = ints(towns[v.place, v.town] for v in asked)
        workplaces = numbered((v.employer, v.place, v.town) for v in asked)
        self.workplace = ints(workplaces[v.employer, v.place, v.town] for v in asked)


def market(seekers: Iterable[Seeker], vacancies: Iterable[Vacancy], seed: int = 0) -> Market:
    """The market of these people and places, whatever order they come in. Keys must be unique."""
    held = sorted(seekers, key=lambda one: drawn(one.key, seed))
    asked = sorted(vacancies, key=lambda one: drawn(one.key, seed))
    return Market(held, asked)


def drawn(key: str, seed: int) -> bytes:
    """The lot of a key: the same for the same seed, and like chance between keys."""
    return hashlib.blake2b(key.encode(), digest_size=16, key=str(seed).encode()).digest()


def numbered[T](things: Iterable[T]) -> dict[T, int]:
    """A number for each different thing, in the order of their first coming."""
    numbers: dict[T, int] = {}
    for one in things:
        numbers.setdefault(one, len(numbers))
    return numbers


def units(seekers: Sequence[Seeker]) -> tuple[Ints, Mask]:
    """For each seeker the number of those who go with him (his own for somebody alone), and whether they stay at one employer."""
    above = list(range(len(seekers)))

    def top(at: int) -> int:
        while above[at] != at:
            above[at] = above[above[at]]
            at = above[at]
        return at

    first: dict[tuple[str, str], int] = {}
    for at, one in enumerate(seekers):
        for tie in (("couple", one.couple), ("group", one.group)):
            if tie[1]:
                above[top(at)] = top(first.setdefault(tie, at))
    found = ints(top(at) for at in range(len(seekers)))
    grouped = np.zeros(len(seekers), np.bool_)
    grouped[found[[at for at, one in enumerate(seekers) if one.group]]] = True
    return found, grouped[found]


def ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int64)


def both(held: Sequence[frozenset[str]], asked: Sequence[frozenset[str]]) -> tuple[Bits, Bits]:
    """The words on both sides as bits, in rows of as many 64-bit words as there are different ones."""
    numbers = {word: at for at, word in enumerate(sorted(set().union(*held, *asked)))}
    width = max(1, -(-len(numbers) // WORD))
    return bits(held, numbers, width), bits(asked, numbers, width)


def bits(sets: Sequence[frozenset[str]], numbers: dict[str, int], width: int) -> Bits:
    seen: dict[frozenset[str], list[int]] = {}
    for one in sets:
        if one not in seen:
            told = sum(1 << numbers[word] for word in one)
            seen[one] = [told >> WORD * at & (1 << WORD) - 1 for at in range(width)]
    return np.array([seen[one] for one in sets], np.uint64).reshape(len(sets), width)
