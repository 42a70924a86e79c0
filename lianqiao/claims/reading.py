"""Reads the quantitative claims of a text: each number that states something, and what it speaks of.

`read` is deterministic, never raises, and its work grows with the length of the text only. `quantities` finds the numbers,
`page` the words around them, `lexicon` what they speak of, `times` when.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from lianqiao.claims.lexicon import Decision, decide
from lianqiao.claims.page import Page, Surroundings
from lianqiao.claims.quantities import Quantity, fold, quantities
from lianqiao.claims.tables import pattern
from lianqiao.claims.times import Times, When, published_on
from lianqiao.core.precision import Approx, Written


@dataclass(frozen=True)
class Claim:
    """One quantitative claim. `start`, `end` count characters of the text; `quote` is what stands there.

    value, value_max, step: in base units (元, %), 万 and 亿 multiplied out; value_max only for a range; step is the weight of
    the last digit written. indicator: a code of indicators.tsv, or None. period: cumulative, year or point, with the `year`
    or the day (`on`) if the text names one. planned: still to come. part_of: the index of the claim it is a part of (其中).
    direction: 东部赴西部 or 西部赴东部. context: the words around it, and before them those of its whole, or of the project
    whose beneficiaries it counts. words: those right before and after it, … for itself, what a correction by hand is
    remembered by. measure: what somebody has said by hand that it is of (corrections.py), else None.
    why: in Chinese, the words that decided.
    """

    start: int
    end: int
    quote: str
    value: Fraction
    value_max: Fraction | None
    unit: str
    approx: Approx | None
    cue: str | None
    indicator: str | None
    period: str
    planned: bool
    step: Fraction
    why: tuple[str, ...]
    part_of: int | None
    direction: str | None
    year: int | None
    on: date | None
    context: str
    words: str
    measure: str | None = None

    @property
    def written(self) -> Written:
        """The claim's number for `core.precision.bears_out`."""
        return Written(self.value, self.step, self.approx, self.cue, self.value_max)


def read(text: str, published: date | None = None) -> list[Claim]:
    """The claims of `text` in order. `published`: the text's own date, if known; else the one it states, if any."""
    folded = fold(text)
    reader = _Reader(text, folded, published or published_on(folded))
    for index in range(len(reader.page.claimed)):
        reader.take(index)
    return reader.claims


_PEOPLE_AFTER = re.compile(
    r".{0,6}(?:人口|劳动力|群众|百姓|老乡|乡亲|农民|牧民|移民|居民|村民|职工|妇女|人才|党员|学生|师生|人员)"
)
_HOUSEHOLDS_AFTER = re.compile(r".{0,6}户")
_MONEY_BEFORE = re.compile(r"资金|捐|款|投资|投入|元|物资|额|镇级|村级|再加")
_MONEY_AFTER = re.compile(r"元|资金|现金|善款|捐款|款|助学金|经费")
_PEOPLE_BEFORE = re.compile(r"人口|群众|劳动力|干部|学生|人员")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NO_NOUN = re.compile(r"[已是均全占在为分等落中来与和及达的建投开签]")
_OWN_NOUN = re.compile(
    r"(?:基地|中心|案例|专业|课程|奖项|荣誉|称号|商标|门诊|科室|专科|工作室|站|点|工程|平台|活动|品牌|团队|机构|服务|文件|政策|标准|技术|专利|课题|机关|委员会).{0,2}$"
)
_USED_FOR = re.compile(pattern("{use}"))
_TAKEN_OVER = "承上文"
_AMONG = ("其中", "其中,")
_REACH = 200
"""How far back an indicator is taken over from: a list may go on after a full stop."""

_NOUN = 6
"""A counted noun stands within so many characters after its measure word."""

_PLAN = re.compile(
    r"下一步|接下来|今后|计划|规划|预计|估计|预算|拟|力争|争取|确保|目标|有望|后续|未来|投产后|达产后|建成后|满负荷|"
    r"(?<!即)将(?:会|再|于|在|继续|进一步|每年|全面|陆续|投入|安排|实施|建|新|开展|选派|帮助|扩大|达|有|推|组织|举办|引进|为|带动|提供|采购|支持|打造|完成)|"
    r"可(?:望|达|超|容|添|带动|实现|吸纳|新增)|"
    r"要.{0,2}(?:切实|进一步|继续|坚持|全面|加快|加强|深化|积极|着力|放大|推|确保|努力|持续|不断|抓|做|打造|完成|实现|再|新)"
)
_AIM = re.compile(r".{0,6}的?目标")
_DONE = re.compile(r"已|完成|实现了|达到了|送出|同比")
_TO_WEST = re.compile(pattern("东部(?:赴|派往|到)西部|(?:赴|来|到|去|援|派往|派到|派驻){west}"))
_TO_EAST = re.compile(pattern("西部(?:赴|派往|到)东部|(?:赴|来|到|去|派往|派到){east}"))
_RESULTS = {
    "labour.workshop_jobs": ("labour.workshops",),
    "labour.employed_poor": ("labour.workshop_jobs", "industry.jobs", "labour.employed_total"),
    "industry.jobs": ("industry.parks", "industry.enterprises", "industry.investment"),
    "labour.jobs_offered": ("labour.jobfairs",),
    "benef.households": ("projects.count",),
    "benef.people": ("projects.count", "benef.households"),
}
"""What follows from several of something, and so at the time of those: jobs from workshops, households from projects."""

_DIRECTED = ("visits.", "cadres.", "talent.", "training.")


class _Reader:
    """The state of one reading: the page, and the claims so far with what later ones take over from them."""

    def __init__(self, text: str, folded: str, published: date | None) -> None:
        self.text = text
        self.page = Page(folded, list(quantities(folded)))
        self.times = Times(self.page, published)
        self.claims: list[Claim] = []
        self.kinds: list[str] = []
        self.whens: list[When] = []

    def take(self, index: int) -> None:
        """Reads the number `page.claimed[index]`, unless it is bare and nothing says what it counts."""
        quantity, around = self.page.claimed[index], self.page.around(index)
        if quantity.kind == "noun":  # 12镇: the noun is what is counted
            noun = self.page.text[quantity.start + len(quantity.numeral) : quantity.end]
            around = replace(around, after=noun + around.after, clause_after=noun + around.clause_after)
        kind, unit = _kind_and_unit(quantity, around)
        if not kind:
            return
        share = self.page.share(index, around.clause)
        if share and share.own:  # 企业、社会组织结对分别为45家、12个: each number has its own noun
            around = replace(around, before=self.page.text[slice(*share.own)], after="")
        decision = self._decide(kind, unit, quantity, around)
        indicator = decision.indicator
        whole = self._whole(kind, quantity, around)
        when = self.times.of(around, quantity, indicator, self._time_nearby(decision, whole, around), share)
        claim = Claim(
            start=quantity.start,
            end=quantity.end,
            quote=self.text[quantity.start : quantity.end],
            value=quantity.value,
            value_max=quantity.value_max,
            unit=unit,
            approx=quantity.approx,
            cue=quantity.cue,
            indicator=indicator,
            period=when.period,
            planned=_is_planned(around) or self.times.is_ahead(around, quantity.start),
            step=quantity.step,
            why=_why(decision, when, quantity),
            part_of=whole,
            direction=_direction(indicator, around),
            year=when.year,
            on=when.on,
            context=self._context(indicator, whole, around),
            words=_words_around(around),
        )
        self.claims.append(claim)
        self.kinds.append(kind)
        self.whens.append(when)

    def _decide(self, kind: str, unit: str, quantity: Quantity, around: Surroundings) -> Decision:
        """By the words nearest to the number that decide; else as the number before it; else by words farther off."""
        words = self._words(unit, quantity, around)
        own_noun = kind == "count" and _names_a_noun(around)
        for_one_use = kind == "money" and bool(_USED_FOR.match(around.after))
        of_whole = around.before.endswith(_AMONG) and not own_noun and not for_one_use
        if of_whole and (whole := self._taken_over(kind, unit, around.sentence)):
            return Decision(whole, ("其中", _TAKEN_OVER))
        if decision := _first(kind, unit, words, _near(kind, around)):
            return decision
        if kind in ("goods", "works", "sort") or own_noun:
            return Decision(None)
        if taken_over := self._taken_over(kind, unit, around.statement):
            return Decision(taken_over, (_TAKEN_OVER,))
        far = [*((clause, "") for clause in around.earlier), ("", around.following)]
        if decision := _first(kind, unit, words, far) or _first(kind, unit, {**words, "scope": "far"}, [("", "")]):
            return decision
        taken_over = self._taken_over(kind, unit, quantity.start - _REACH)
        return Decision(taken_over, (_TAKEN_OVER,) if taken_over else ())

    def _words(self, unit: str, quantity: Quantity, around: Surroundings) -> dict[str, str]:
        """What rules.tsv calls the words around a number, but for the phrase, which is looked for step by step."""
        follows = bool(self.claims) and self.claims[-1].start >= around.statement
        return {
            "lead": around.lead,
            "following": around.following,
            "sentence": around.lead + quantity.numeral + around.following,
            "clause": f"{around.clause_before}|{around.clause_after}",
            "chain": self.claims[-1].indicator or "" if follows else "",
            "unit": unit,
            "digits": str(len(str(int(quantity.value)))),
            "scope": "near",
        }

    def _taken_over(self, kind: str, unit: str, since: int) -> str | None:
        """The indicator of the last number of the same kind from `since` on (…7家, 后来又有4家); what is counted also by unit."""
        for claim, other in zip(self.claims[:-6:-1], self.kinds[:-6:-1], strict=True):
            same = other == kind and (kind != "count" or claim.unit == unit)
            if claim.start >= since and same and claim.indicator:
                return claim.indicator
        return None

    def _whole(self, kind: str, quantity: Quantity, around: Surroundings) -> int | None:
        """The claim before 其中 that this one is a part of: of the same kind, no smaller, and in the same statement.

        Where 其中 begins a statement, it speaks of the one before.
        """
        among = around.lead.rfind("其中")
        if among < 0:
            return None
        begin = around.sentence + among
        since = around.statement if begin > around.statement else begin - _REACH
        for index in range(len(self.claims) - 1, -1, -1):
            claim = self.claims[index]
            if claim.start < since:
                return None
            if claim.end <= begin and self.kinds[index] == kind and claim.value >= quantity.value:
                return index
        return None

    def _time_nearby(self, decision: Decision, whole: int | None, around: Surroundings) -> When | None:
        """The time of what a number is a part of; for one that is no indicator or a result of what the number before
        it counts (帮扶车间31个,吸纳就业900人), that of the number before it."""
        if whole is not None:
            return self.whens[whole]
        if not self.claims or self.claims[-1].start < around.sentence:
            return None
        last = self.claims[-1]
        of_last = decision.indicator in _RESULTS and last.indicator in _RESULTS[decision.indicator] and last.value > 1
        return self.whens[-1] if of_last or decision.indicator in (None, "rate.share") else None

    def _context(self, indicator: str | None, whole: int | None, around: Surroundings) -> str:
        """The words around a number, and before them those of its whole, or of the projects whose beneficiaries it counts."""
        own = f"{around.before}…{around.after}"
        if whole is not None:
            return f"{self.claims[whole].context}；{own}"
        if indicator and indicator.startswith("benef."):
            for claim in reversed(self.claims):
                if claim.start < around.sentence:
                    break
                if claim.indicator == "projects.count":
                    return f"{claim.context}；{own}"
        return own


_DIGITS = re.compile(r"\d[\d,.]{0,20}")


def _words_around(around: Surroundings) -> str:
    """The words of a number's phrase, … for itself; of its clause, # for other numbers, where its phrase says too little."""
    if len(_HAN.findall(around.before + around.after)) > 1:
        return f"{around.before}…{around.after}".strip()
    return f"{_DIGITS.sub('#', around.clause_before)}…{_DIGITS.sub('#', around.clause_after)}".strip()[-200:]


def _first(kind: str, unit: str, words: dict[str, str], phrases: Iterable[tuple[str, str]]) -> Decision | None:
    """The decision by the first of the phrases (the words before and after the number) that decides, or None."""
    for before, after in phrases:
        if decision := decide(kind, unit, {**words, "before": before, "after": after, "phrase": f"{before}|{after}"}):
            return decision
    return None


def _kind_and_unit(quantity: Quantity, around: Surroundings) -> tuple[str, str]:
    """A number's kind and unit; for a bare one (310万, 92.7万贫困人口) those implied by the words around it, or empty."""
    if quantity.kind == "noun":
        return ("people" if quantity.unit == "人" else "household" if quantity.unit == "户" else "count"), quantity.unit
    if quantity.kind != "bare":
        return quantity.kind, quantity.unit
    if _HOUSEHOLDS_AFTER.match(around.after):
        return "household", "户"
    if _PEOPLE_AFTER.match(around.after):
        return "people", "人"
    if _MONEY_BEFORE.search(around.lead[-40:]) and (not _HAN.match(around.after) or _MONEY_AFTER.match(around.after)):
        return "money", "元"
    return ("people", "人") if _PEOPLE_BEFORE.search(around.before) else ("", "")


def _near(kind: str, around: Surroundings) -> list[tuple[str, str]]:
    """The words before and after a number in which its indicator is looked for, nearest first.

    What a measure word counts stands right after it (3个社会组织), or else before it (社会组织3个).
    """
    phrase, clause = (around.before, around.after), (around.clause_before, around.clause_after)
    if kind != "count" or not _HAN.search(around.after):
        return [phrase, clause]
    near = [("", around.after[:_NOUN]), ("", around.after), phrase]
    return near if _names_a_noun(around) else [*near, clause]


def _names_a_noun(around: Surroundings) -> bool:
    """Whether the words around say what is counted, though no rule knows it."""
    after = around.after.strip()
    return bool(_OWN_NOUN.search(around.before)) or (bool(_HAN.match(after)) and not _NO_NOUN.match(after))


def _is_planned(around: Surroundings) -> bool:
    """Whether the last word before the number that speaks of plans or of what is done speaks of plans."""
    if _AIM.match(around.after):
        return True
    lead = around.lead[-60:]
    plans = [match.end() for match in _PLAN.finditer(lead)]
    done = [match.end() for match in _DONE.finditer(lead)]
    return bool(plans) and (not done or done[-1] < plans[-1])


def _direction(indicator: str | None, around: Surroundings) -> str | None:
    if not indicator or not indicator.startswith(_DIRECTED):
        return None
    words = around.clause_before[-30:] + "|" + around.after
    if _TO_WEST.search(words):
        return "东部赴西部"
    return "西部赴东部" if _TO_EAST.search(words) else None


def _why(decision: Decision, when: When, quantity: Quantity) -> tuple[str, ...]:
    words = "、".join(dict.fromkeys(decision.words))
    why = [f"指标：{words or '按计量单位'}"] if decision.indicator else [f"不属指标：{words or '无词语指明'}"]
    why.append(f"时段：{when.words}" if when.words else "时段：无时间词，按指标惯例")
    return (*why, f"约数：{quantity.cue}") if quantity.cue else tuple(why)
