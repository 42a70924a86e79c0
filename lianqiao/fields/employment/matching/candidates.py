"""Who could work where: the hard conditions, and the scores of the pairs that pass them. By sets, never pair by pair."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from lianqiao.fields.employment.matching.market import Bits, Ints, Market, Mask

Part = NDArray[np.int16]
Condition = Callable[[Market, Ints, Ints], Mask]

CELLS = 4_000_000  # of a table of seekers × vacancies looked at in one go
WORKING_AGE = 16  # 劳动法第十五条
FULL = 100
BY_RANK = (100, 70, 50, 35, 25)  # of a kind of work, by its place in the seeker's list
ANYTHING = 60  # where he named no kind, or no place
NOT_NAMED = 20  # a place other than those that he named
SKILLED, SEASONED = (
    80,
    5,
)  # of the part `skill`, what skills come to; and the years of experience beyond which none counts
# Lodging for somebody alone and for one of a couple: none, single, for couples; then the same where one can live at home.
ALONE, COUPLED = (30, 100, 100, 100, 100, 100), (30, 60, 100, 100, 100, 100)


@dataclass(frozen=True)
class Weights:
    """What each part of a score counts for. Every part is a whole number from 0 to 100."""

    placed: int = 10
    skill: int = 4
    wish: int = 3
    wage: int = 2
    place: int = 2
    lodging: int = 1
    priority: int = 3
    settled: int = 8


@dataclass
class Pairs:
    """The pairs that pass every hard condition, sorted by seeker and then vacancy, with the parts of their scores."""

    seeker: Ints
    vacancy: Ints
    parts: dict[str, Part]
    score: Ints

    def __len__(self) -> int:
        return len(self.seeker)

    def only(self, kept: Mask) -> Pairs:
        parts = {name: part[kept] for name, part in self.parts.items()}
        return Pairs(self.seeker[kept], self.vacancy[kept], parts, self.score[kept])


def candidates(market: Market, weights: Weights, settled: Mapping[str, str] | None = None) -> Pairs:
    """Every pair allowed, scored. `settled` tells where seekers already are (key of seeker → key of vacancy): staying there
    counts for the part `settled`."""
    blocks = list(_blocks(market))
    seeker = np.concatenate([np.zeros(0, np.int64), *(block[0] for block in blocks)])
    vacancy = np.concatenate([np.zeros(0, np.int64), *(block[1] for block in blocks)])
    wish = np.concatenate([np.zeros(0, np.int16), *(np.full(len(b[0]), b[2], np.int16) for b in blocks)])
    order = np.argsort(seeker * max(1, len(market.vacancies)) + vacancy)
    seeker, vacancy = seeker[order], vacancy[order]
    parts = _parts(market, seeker, vacancy) | {"wish": wish[order]}
    parts["settled"] = _settled(market, seeker, vacancy, settled or {})
    return Pairs(seeker, vacancy, parts, _total(parts, weights))


def _total(parts: dict[str, Part], weights: Weights) -> Ints:
    total = np.zeros(len(parts["placed"]), np.int64)
    for name, weight in asdict(weights).items():
        total += weight * parts[name].astype(np.int64)
    return total


# Which pairs come into question ------------------------------------------------------------------------------------------


def _blocks(market: Market) -> Iterator[tuple[Ints, Ints, int]]:
    """The allowed pairs of everybody with one kind of work at one rank of his wishes and the same areas, and what it counts."""
    everywhere = np.arange(len(market.vacancies))
    for (kind, rank, _), people in sorted(_by_wish(market).items()):
        vacancies = everywhere if rank < 0 else np.flatnonzero(market.kind == market.kinds.get(kind, -1))
        vacancies = vacancies[near_enough(market, np.full(len(vacancies), people[0]), vacancies)]
        worth = ANYTHING if rank < 0 else BY_RANK[min(rank, len(BY_RANK) - 1)]
        for seeker, vacancy in _paid(market, np.array(people), vacancies):
            for _, condition in CONDITIONS:
                passed = condition(market, seeker, vacancy)
                seeker, vacancy = seeker[passed], vacancy[passed]
            yield seeker, vacancy, worth


def _by_wish(market: Market) -> dict[tuple[str, int, tuple[str, ...]], list[int]]:
    found: dict[tuple[str, int, tuple[str, ...]], list[int]] = {}
    areas = {one: tuple(sorted(one)) for one in {s.areas for s in market.seekers}}
    for at, one in enumerate(market.seekers):
        for rank, kind in enumerate(dict.fromkeys(one.kinds)) if one.kinds else [(-1, "")]:
            found.setdefault((kind, rank, areas[one.areas]), []).append(at)
    return found


def _paid(market: Market, people: Ints, vacancies: Ints) -> Iterator[tuple[Ints, Ints]]:
    """The pairs paid enough: the condition that leaves least is put to whole tables."""
    step = max(1, CELLS // max(1, len(vacancies)))
    for at in range(0, len(people), step):
        some = people[at : at + step]
        rows, columns = np.nonzero(market.wage_to[vacancies][None, :] >= market.floor[some][:, None])
        yield some[rows], vacancies[columns]


# The hard conditions -----------------------------------------------------------------------------------------------------


def paid_enough(market: Market, seeker: Ints, vacancy: Ints) -> Mask:
    return market.wage_to[vacancy] >= market.floor[seeker]


def near_enough(market: Market, seeker: Ints, vacancy: Ints) -> Mask:
    reach, area = market.bits["areas"]
    return within(area, vacancy, reach, seeker)


def open_place(market: Market, seeker: Ints, vacancy: Ints) -> Mask:
    return market.headcount[vacancy] > 0


def of_age(market: Market, seeker: Ints, vacancy: Ints) -> Mask:
    """By the years of birth and of the beginning: who may still be under sixteen is left out, for the law knows no rounding."""
    years = market.begins[vacancy] - market.birth_year[seeker]
    return (years > WORKING_AGE) & (years >= market.age_from[vacancy]) & (years <= market.age_to[vacancy])


def schooled(market: Market, seeker: Ints, vacancy: Ints) -> Mask:
    return market.learned[seeker] >= market.schooling[vacancy]


def certified(market: Market, seeker: Ints, vacancy: Ints) -> Mask:
    held, asked = market.bits["certificates"]
    return within(asked, vacancy, held, seeker)


def bearable(market: Market, seeker: Ints, vacancy: Ints) -> Mask:
    cannot, demands = market.bits["demands"]
    return ~shared(cannot, seeker, demands, vacancy)


def in_time(market: Market, seeker: Ints, vacancy: Ints) -> Mask:
    return market.free_from[seeker] <= market.until[vacancy]


def wished(market: Market, seeker: Ints, vacancy: Ints) -> Mask:
    told = zip(seeker.tolist(), vacancy.tolist(), strict=True)
    held, asked = market.seekers, market.vacancies
    return np.array([not held[s].kinds or asked[v].kind in held[s].kinds for s, v in told], np.bool_)


def within(some: Bits, at: Ints, all_of: Bits, there: Ints) -> Mask:
    """Whether each of the one side's words is among the other's."""
    return np.logical_and.reduce([(some[at, w] & ~all_of[there, w]) == 0 for w in range(some.shape[1])])


def shared(some: Bits, at: Ints, others: Bits, there: Ints) -> Mask:
    """Whether the two sides have a word in common."""
    return np.logical_or.reduce([(some[at, w] & others[there, w]) != 0 for w in range(some.shape[1])])


CONDITIONS: tuple[tuple[str, Condition], ...] = (
    ("岗位已满", open_place),
    ("年龄不符合规定或岗位要求", of_age),
    ("文化程度低于岗位要求", schooled),
    ("没有岗位要求的证书", certified),
    ("不能上夜班，岗位要倒班", bearable),
    ("本人能走的时候岗位已截止", in_time),
)
# What the blocks are made by.
BY_SET: tuple[tuple[str, Condition], ...] = (
    ("工种不在本人意愿之内", wished),
    ("超出本人能去的范围", near_enough),
    ("月薪低于本人要求", paid_enough),
)


def why_not(market: Market, seeker: int, vacancy: int) -> list[str]:
    """The hard conditions that keep these two apart, in words; none if they may be matched."""
    one, other = np.array([seeker]), np.array([vacancy])
    return [told for told, condition in (*BY_SET, *CONDITIONS) if not condition(market, one, other)[0]]


# The parts of a score ----------------------------------------------------------------------------------------------------


def _parts(market: Market, seeker: Ints, vacancy: Ints) -> dict[str, Part]:
    lodging = np.where(
        market.coupled[seeker], np.array(COUPLED)[market.lodging[vacancy]], np.array(ALONE)[market.lodging[vacancy]]
    )
    return {
        "placed": np.full(len(seeker), FULL, np.int16),
        "skill": _skill(market, seeker, vacancy),
        "wage": _wage(market, seeker, vacancy),
        "place": _place(market, seeker, vacancy),
        "lodging": lodging.astype(np.int16),
        "priority": np.where(market.priority[seeker], FULL, 0).astype(np.int16),
    }


def _skill(market: Market, seeker: Ints, vacancy: Ints) -> Part:
    """The share of the skills asked for that are there (all of it where none is asked), and years of experience."""
    held, asked = market.bits["skills"]
    there = np.zeros(len(seeker), np.int64)
    for word in range(held.shape[1]):
        there += np.bitwise_count(held[seeker, word] & asked[vacancy, word])
    wanted = np.bitwise_count(asked).sum(axis=1).astype(np.int64)[vacancy]
    skilled = np.where(wanted > 0, SKILLED * there // np.maximum(wanted, 1), SKILLED)
    seasoned = (FULL - SKILLED) * np.minimum(market.experience[seeker], SEASONED) // SEASONED
    return (skilled + seasoned).astype(np.int16)


def _wage(market: Market, seeker: Ints, vacancy: Ints) -> Part:
    """By how much the middle of the wages is above the least he takes, in hundredths of that, at most as much again."""
    floor = np.maximum(market.floor[seeker], 1)
    middle = (market.wage_from[vacancy] + market.wage_to[vacancy]) // 2
    return (FULL * (middle - floor) // floor).clip(0, FULL).astype(np.int16)


def _place(market: Market, seeker: Ints, vacancy: Ints) -> Part:
    """Whether it is in a county, town or area that he named."""
    liked, there = market.bits["places"]
    named = np.bitwise_count(liked).sum(axis=1)[seeker] > 0
    worth = np.where(named, np.where(shared(liked, seeker, there, vacancy), FULL, NOT_NAMED), ANYTHING)
    return worth.astype(np.int16)


def _settled(market: Market, seeker: Ints, vacancy: Ints, settled: Mapping[str, str]) -> Part:
    at = {one.key: number for number, one in enumerate(market.vacancies)}
    where = np.array([at.get(settled.get(one.key, ""), -1) for one in market.seekers], np.int64)
    return np.where(where[seeker] == vacancy, FULL, 0).astype(np.int16)
