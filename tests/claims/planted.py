"""Errors planted in true texts about the sample programme: how many a check catches, and whether it calls a true number wrong.

    LIANQIAO_DIR=demo-data python -m tests.claims.planted [--texts 200] [--seed 20]

Each text is made from figures of the journal by sentences of our own, and is true. Then one number is spoiled: a digit, a
unit, 人 for 人次, a year's number for the sum and the other way round, what was pledged for what was received, 其中 above
the whole, parts that do not add up. It is caught if the spoiled number differs or a remark names it; "no entries" is no
catch. Prints a document: texts, caught by kind, missed, and the true numbers that were called wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lianqiao.claims.check import Checked
    from lianqiao.places.models import Node

PAIRING = "靖江-永寿"
AS_OF = date(2021, 12, 31)
SPANS = {"ever": "结对以来，", "2021": "2021年，", "2020": "2020年，"}
KINDS = ("digit", "unit", "people", "period", "pledged", "among", "sum")

# One number a sentence: measure, and the words before and after it. {} takes the number with its unit.
SAID = (
    ("visits.batches", "双方互访考察{}"),
    ("visits.batches", "两地往来对接{}"),
    ("visits.person_times", "开展互访{}"),
    ("agreements.signed", "双方签订协议{}"),
    ("meetings.joint", "召开联席会议{}"),
    ("funds.total", "共投入帮扶资金{}"),
    ("funds.fiscal", "财政援助资金{}"),
    ("projects.count", "实施协作项目{}"),
    ("benef.households", "协作项目带动农户{}"),
    ("benef.people", "协作项目惠及群众{}"),
    ("cadres.seconded", "互派挂职干部{}"),
    ("talent.total", "互派专业技术人才{}"),
    ("talent.education", "选派支教教师{}"),
    ("training.sessions", "举办培训班{}"),
    ("training.person_times", "培训各类人员{}"),
    ("twin.projects", "实施镇村结对项目{}"),
    ("twin.person_times", "镇村结对项目惠及{}"),
    ("industry.enterprises", "引进东部企业{}"),
    ("industry.investment", "引进企业实际到位投资{}"),
    ("labour.employed_total", "帮助农村劳动力就业{}"),
    ("labour.p2p", "“点对点”输送务工人员{}"),
    ("labour.jobfairs", "举办招聘会{}"),
    ("labour.jobs_offered", "提供就业岗位{}"),
    ("consumption.sales", "消费帮扶销售额{}"),
)
# A whole and parts of it: 其中.
AMONG = (
    ("labour.employed_total", "帮助农村劳动力就业{}", "labour.employed_poor", "其中脱贫劳动力{}"),
    ("funds.total", "共投入帮扶资金{}", "funds.fiscal", "其中财政资金{}"),
    ("industry.enterprises", "引进东部企业{}", "industry.enterprises.producing", "其中已投产{}"),
    ("benef.people", "协作项目惠及群众{}", "benef.people.lifted", "其中脱贫人口{}"),
)
SUMS = (
    (
        "labour.employed_total", "帮助农村劳动力就业{}",
        (("labour.employed_east", "其中到东部就业{}"), ("labour.employed_province", "其他地区就业{}"),
         ("labour.employed_nearby", "就近就业{}")),
    ),
)  # fmt: skip
PLEDGED = (
    ("funds.social", "社会帮扶资金到账{}", "donations.pledged"),
    ("industry.investment", "引进企业实际到位投资{}", "industry.agreed"),
)


@dataclass(frozen=True)
class Number:
    """A number of a sentence: the measure it is of, the span, its exact value, and how it is written."""

    measure: str
    span: str
    value: int
    written: str


@dataclass(frozen=True)
class Sentence:
    """Words with {} for each number."""

    words: str
    numbers: tuple[Number, ...]

    def __str__(self) -> str:
        return self.words.format(*(number.written for number in self.numbers))


class Facts:
    """The sample's figures, for sentences."""

    def __init__(self, dice: random.Random, values: dict[tuple[str, str], int], units: dict[str, str]) -> None:
        self.dice, self.values, self.units = dice, values, units

    def known(self, measure: str, span: str) -> bool:
        return self.values.get((measure, span), 0) > 0

    def number(self, measure: str, span: str, value: int | None = None) -> Number:
        worth = self.values[measure, span] if value is None else value
        return Number(measure, span, worth, self.written(worth, self.units[measure]))

    def written(self, value: int, unit: str) -> str:
        """As offices write: in full, rounded to 万 or 亿, or with 余 and 超."""
        if unit == "元":
            return self.money(value)
        word = {"人": self.dice.choice("人名"), "对": "个"}.get(unit, unit)
        scale = 10 ** (len(str(value)) - 1)
        if value > 1000 and value % scale and self.dice.random() < 0.2:
            return f"{value // scale * scale}余{word}"
        return f"{value:,}{word}" if self.dice.random() < 0.2 else f"{value}{word}"

    def money(self, fen: int) -> str:
        yuan = fen // 100
        if yuan >= 100_000_000 and self.dice.random() < 0.5:
            return f"{yuan / 100_000_000:.2f}亿元"
        if yuan >= 100_000:
            return f"{yuan / 10_000:.{self.dice.choice((1, 2))}f}万元"
        return f"{yuan}元"

    def spans(self, *measures: str) -> list[str]:
        return [span for span in SPANS if all(self.known(m, span) for m in measures)]

    # Sentences ----------------------------------------------------------------------------------------------------

    def said(self, only: Callable[[str, str], bool] = lambda measure, span: True) -> Sentence:
        rows = [(m, words, span) for m, words in SAID for span in self.spans(m) if only(m, span)]
        measure, words, span = self.dice.choice(rows)
        return Sentence(f"{SPANS[span]}{words}。", (self.number(measure, span),))

    def among(self) -> Sentence:
        rows = [(*row, span) for row in AMONG for span in self.spans(row[0], row[2])
                if self.values[row[0], span] > self.values[row[2], span]]  # fmt: skip
        whole, words, part, more, span = self.dice.choice(rows)
        return Sentence(f"{SPANS[span]}{words}，{more}。", (self.number(whole, span), self.number(part, span)))

    def summed(self) -> Sentence:
        rows = [(*row, span) for row in SUMS for span in self.spans(row[0], *(m for m, _ in row[2]))]
        whole, words, parts, span = self.dice.choice(rows)
        numbers = (self.number(whole, span), *(self.exact(m, span) for m, _ in parts))
        return Sentence(f"{SPANS[span]}{words}，{'、'.join(more for _, more in parts)}。", numbers)

    def exact(self, measure: str, span: str) -> Number:
        value = self.values[measure, span]
        return Number(measure, span, value, f"{value}人")


@dataclass(frozen=True)
class Text:
    """A text, and where in it a number was spoiled: the sentence and the number's place in it."""

    kind: str
    sentences: tuple[Sentence, ...]
    sentence: int
    place: int

    def __str__(self) -> str:
        return "靖江永寿协作情况\n发布时间：2021-12-31\n" + "\n".join(str(s) for s in self.sentences) + "\n"

    def spoiled_at(self) -> int:
        """The offset at which the spoiled number begins in the text."""
        before = "靖江永寿协作情况\n发布时间：2021-12-31\n" + "".join(f"{s}\n" for s in self.sentences[: self.sentence])
        mine = self.sentences[self.sentence]
        head = mine.words.split("{}")
        written = [n.written for n in mine.numbers]
        inner = "".join(h + w for h, w in zip(head[: self.place], written[: self.place], strict=True))
        return len(before) + len(inner) + len(head[self.place])


# Errors ---------------------------------------------------------------------------------------------------------------


def digit(facts: Facts) -> tuple[Sentence, Sentence, int]:
    """One of the first two digits is another one."""
    true = facts.said(lambda m, span: facts.values[m, span] >= 10)
    (number,) = true.numbers
    places = [n for n, sign in enumerate(number.written) if sign.isdigit()][:2]
    place = facts.dice.choice(places)
    was = int(number.written[place])
    now = facts.dice.choice([d for d in range(1, 10) if d != was])
    written = f"{number.written[:place]}{now}{number.written[place + 1 :]}"
    return true, replace(true, numbers=(replace(number, written=written),)), 0


def wrong_unit(facts: Facts) -> tuple[Sentence, Sentence, int]:
    """万元 for 亿元, 元 for 万元, 户 for 人."""
    true = facts.said(lambda m, span: facts.units[m] in ("元", "户") and facts.values[m, span] > 1)
    (number,) = true.numbers
    swaps = {"亿元": "万元", "万元": "亿元", "户": "人"}
    unit = next(name for name in swaps if number.written.endswith(name)) if number.written[-1] != "元" or (
        number.written[-2] in "亿万") else "元"  # fmt: skip
    written = number.written.removesuffix(unit) + swaps.get(unit, "万元")
    return true, replace(true, numbers=(replace(number, written=written),)), 0


def people(facts: Facts) -> tuple[Sentence, Sentence, int]:
    true = facts.said(lambda m, span: facts.units[m] == "人次")
    (number,) = true.numbers
    return true, replace(true, numbers=(replace(number, written=number.written.removesuffix("次")),)), 0


def period(facts: Facts) -> tuple[Sentence, Sentence, int]:
    """The sum since the beginning told as a year's, or a year's as the sum; far enough from one another to be no rounding."""
    rows = [(m, words, a, b) for m, words in SAID for a, b in (("ever", "2021"), ("2021", "ever"))
            if facts.known(m, a) and facts.known(m, b)
            and abs(facts.values[m, a] - facts.values[m, b]) * 5 > facts.values[m, a]]  # fmt: skip
    measure, words, said, meant = facts.dice.choice(rows)
    number = facts.number(measure, said)
    wrong = facts.number(measure, said, facts.values[measure, meant])
    return Sentence(f"{SPANS[said]}{words}。", (number,)), Sentence(f"{SPANS[said]}{words}。", (wrong,)), 0


def pledged(facts: Facts) -> tuple[Sentence, Sentence, int]:
    rows = [(*row, span) for row in PLEDGED for span in facts.spans(row[0], row[2])
            if abs(facts.values[row[0], span] - facts.values[row[2], span]) * 20 > facts.values[row[0], span]]  # fmt: skip
    received, words, other, span = facts.dice.choice(rows)
    number = facts.number(received, span)
    wrong = facts.number(received, span, facts.values[other, span])
    return Sentence(f"{SPANS[span]}{words}。", (number,)), Sentence(f"{SPANS[span]}{words}。", (wrong,)), 0


def among(facts: Facts) -> tuple[Sentence, Sentence, int]:
    true = facts.among()
    whole, part = true.numbers
    above = facts.number(part.measure, part.span, whole.value * facts.dice.randint(12, 18) // 10 + 1)
    return true, replace(true, numbers=(whole, above)), 1


def summed(facts: Facts) -> tuple[Sentence, Sentence, int]:
    true = facts.summed()
    place = facts.dice.randrange(1, len(true.numbers))
    part = true.numbers[place]
    value = part.value + facts.dice.choice((7, 30, 110))
    numbers = [*true.numbers]
    numbers[place] = replace(part, value=value, written=f"{value}人")
    return true, replace(true, numbers=tuple(numbers)), place


SPOIL = dict(zip(KINDS, (digit, wrong_unit, people, period, pledged, among, summed), strict=True))


def texts(facts: Facts, count: int) -> Iterator[tuple[Text, Text]]:
    """Pairs of a true text and the same with one number spoiled, the kinds by turns."""
    for turn in range(count):
        kind = KINDS[turn % len(KINDS)]
        true, spoiled, place = SPOIL[kind](facts)
        others = [facts.said() for _ in range(facts.dice.randint(3, 6))] + [facts.among()]
        facts.dice.shuffle(others)
        at = facts.dice.randint(0, len(others))
        around = (tuple(others[:at]), tuple(others[at:]))
        yield (
            Text(kind, (*around[0], true, *around[1]), at, place),
            Text(kind, (*around[0], spoiled, *around[1]), at, place),
        )


# The check ------------------------------------------------------------------------------------------------------------


def facts_of(node: Node, seed: int) -> Facts:
    from lianqiao.core.periods import Period
    from lianqiao.journal.figures import figures, known_at
    from lianqiao.journal.measures import MEASURES, Measure

    measures = [m for m in MEASURES.values() if isinstance(m, Measure)]
    spans = {
        "ever": Period.cumulative(AS_OF),
        "2021": Period.between(date(2021, 1, 1), AS_OF),
        "2020": Period.between(date(2020, 1, 1), date(2020, 12, 31)),
    }
    values = {
        (found.measure.code, name): int(found.value or 0)
        for name, span in spans.items()
        for found in figures(measures, [node], span, known_at())
    }
    return Facts(random.Random(seed), values, {m.code: m.unit.name for m in measures})


def called_wrong(checked: Checked, spoiled: int | None) -> tuple[bool, list[str]]:
    """Whether the number at the offset `spoiled` was caught, and what else was called wrong."""
    from lianqiao.claims.check import DIFFERS

    mine = [n for n, v in enumerate(checked.verdicts) if v.claim.start == spoiled]
    differs = [n for n, v in enumerate(checked.verdicts) if v.verdict == DIFFERS]
    named = [remark for remark in checked.remarks if set(mine) & set(remark.claims)]
    others = [
        f"{checked.verdicts[n].claim.context}: {checked.verdicts[n].difference}" for n in differs if n not in mine
    ]
    others += [remark.told for remark in checked.remarks if remark not in named]
    return bool(set(mine) & set(differs) or named), others


def measure(count: int, seed: int) -> dict[str, Any]:
    from lianqiao.claims.check import check
    from lianqiao.places.tree import by_name

    node = by_name(PAIRING)
    facts = facts_of(node, seed)
    planted, caught, missed, wrong = Counter[str](), Counter[str](), [], []
    for true, spoiled in texts(facts, count):
        wrong += called_wrong(check("真", str(true), node, AS_OF), None)[1]
        found, others = called_wrong(check("误", str(spoiled), node, AS_OF), spoiled.spoiled_at())
        planted[spoiled.kind] += 1
        caught[spoiled.kind] += found
        wrong += others
        if not found:
            missed.append(f"{spoiled.kind}: {spoiled.sentences[spoiled.sentence]} ← {true.sentences[true.sentence]}")
    return {"texts": count, "planted": planted, "caught": caught, "missed": missed, "wrong": sorted(set(wrong))}


def main() -> None:
    given = argparse.ArgumentParser()
    given.add_argument("--texts", type=int, default=200)
    given.add_argument("--seed", type=int, default=20)
    options = given.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianqiao.config.settings")
    import django

    django.setup()
    sys.stdout.write(json.dumps(measure(options.texts, options.seed), ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
