"""A text cut into sentences and clauses, and the words around each number in it."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from lianqiao.claims.quantities import Quantity

_STATEMENT_END = re.compile(r"[。!?\n]")
_SENTENCE_END = re.compile(r"[。!?;\n]")
_CLAUSE_END = re.compile(r"[,:()]|——")
_PHRASE_END = re.compile(r"[、,:()“”—]")
_ASIDE = re.compile(r"\([^()\n\d]{1,20}\)")
"""Words in brackets without a number belong to the words before them: 村(社区)结对66个, 社会捐助(含物资折款)2亿元."""
_REACH = 160
"""How many characters on either side can bear on a number. It bounds the work in texts without punctuation."""


_RESPECTIVELY = re.compile(r"([^,。;:()]{0,60})分别[^,。;:、\d]{0,12}$")
_LONGEST = 20
"""Lists of 分别 are no longer; this bounds the work."""

_AND = re.compile(r"[、和与及,]|以及")


@dataclass(frozen=True)
class Share:
    """A number's place in a list of 分别 (甲、乙分别为3个、5个): the `place`-th `of` so many, counted from 0.

    `nouns` are the words before 分别, cut where they are joined; `start` is where the first of them begins.
    """

    place: int
    of: int
    nouns: tuple[str, ...]
    start: int

    @property
    def own(self) -> tuple[int, int] | None:
        """Where the number's own noun begins and ends; None where there are not as many nouns as numbers."""
        if len(self.nouns) != self.of:
            return None
        begin = self.start + sum(len(noun) + 1 for noun in self.nouns[: self.place])
        return begin, begin + len(self.nouns[self.place])


@dataclass(frozen=True)
class Surroundings:
    """The words around one number, narrower first; `statement`, `sentence` and `clause` are where those begin.

    A statement ends with a full stop, a sentence also with a semicolon, a clause with a comma, a phrase also with 、 or
    the next number. `earlier` are the sentence's clauses before this one, the nearest first.
    """

    statement: int
    sentence: int
    clause: int
    before: str
    after: str
    clause_before: str
    clause_after: str
    lead: str
    following: str
    earlier: tuple[str, ...]


class Page:
    """A folded text and its quantities. `claimed` are those that may be claims, in order."""

    def __init__(self, text: str, numbers: Sequence[Quantity]) -> None:
        self.text = text
        self.claimed = [number for number in numbers if number.is_countable]
        whole = _ASIDE.sub(lambda aside: "-" * len(aside[0]), text)
        self.statements = _begins(_STATEMENT_END, text, numbers)
        self.sentences = _begins(_SENTENCE_END, text, numbers)
        self.clauses = _begins(_CLAUSE_END, whole, numbers)
        self.phrases = _begins(_PHRASE_END, whole, numbers)

    def around(self, index: int) -> Surroundings:
        """The surroundings of the number `claimed[index]`."""
        number, text = self.claimed[index], self.text
        first = max(_start(self.sentences, number.start), number.start - _REACH)
        last = min(_end(self.sentences, number.end), number.end + _REACH)
        clause = max(first, _start(self.clauses, number.start))
        clause_end = min(last, _end(self.clauses, number.end))
        left = self.claimed[index - 1].end if index else 0
        right = self.claimed[index + 1].start if index + 1 < len(self.claimed) else len(text)
        before = max(clause, left, _start(self.phrases, number.start))
        after = min(clause_end, right, _end(self.phrases, number.end))
        return Surroundings(
            statement=max(_start(self.statements, number.start), number.start - 2 * _REACH),
            sentence=first,
            clause=clause,
            before=text[before : number.start],
            after=text[number.end : after],
            clause_before=text[clause : number.start],
            clause_after=text[number.end : clause_end],
            lead=text[first : number.start],
            following=text[number.end : last],
            earlier=self._earlier(first, clause),
        )

    def share(self, index: int, clause: int) -> Share | None:
        """The place of the number `claimed[index]` in a list of 分别 in its clause, which begins at `clause`; else None."""
        at = self.text.rfind("分别", clause, self.claimed[index].start)
        if at < 0:
            return None
        first = bisect_left(self.claimed, at, key=lambda number: number.start)
        said = _RESPECTIVELY.search(self.text, clause, self.claimed[first].start)
        last = first
        while last - first < _LONGEST and last + 1 < len(self.claimed) and self._joined(last):
            last += 1
        if not said or not first < last or index > last:
            return None
        return Share(index - first, last - first + 1, tuple(re.split("[、和与及]", said[1])), said.start())

    def _joined(self, index: int) -> bool:
        """Whether nothing but 、 or 和 stands between a number and the next one."""
        return bool(_AND.fullmatch(self.text, self.claimed[index].end, self.claimed[index + 1].start))

    def _earlier(self, sentence: int, clause: int) -> tuple[str, ...]:
        inner = self.clauses[bisect_right(self.clauses, sentence) : bisect_left(self.clauses, clause)]
        begins = [sentence, *inner, clause]
        return tuple(self.text[a:b] for a, b in zip(begins[-2::-1], begins[:0:-1], strict=True))


def _begins(end: re.Pattern[str], text: str, numbers: Sequence[Quantity]) -> list[int]:
    """Where the pieces between `end` begin, and beyond the last; the commas inside numbers (3,071) do not count."""
    begins, number = [0], 0
    for match in end.finditer(text):
        while number < len(numbers) and numbers[number].end <= match.start():
            number += 1
        if number == len(numbers) or match.start() < numbers[number].start:
            begins.append(match.end())
    return [*begins, len(text) + 1]


def _start(begins: list[int], position: int) -> int:
    return begins[bisect_right(begins, position) - 1]


def _end(begins: list[int], position: int) -> int:
    """Where the piece that `position` stands in stops, its punctuation left out."""
    return begins[bisect_right(begins, position)] - 1
