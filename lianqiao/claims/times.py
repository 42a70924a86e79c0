"""When a number speaks of: since the beginning, of one year, or of one event or state; and the year or day named.

The labels are those of the contract (claims/LABELLING.md). The procedure, in order; the first step that speaks decides:

1. In a list of 分别, the number's own year, where the list is one of years.
2. The last words of time before the number in its clause, then in its sentence: 累计 and 五年来 make it cumulative, 今年 and
   2023年 a year (今年以来累计 too), 日前, 会上, 10月12日 and 目前 a point. periods.tsv has the words and how far each reaches.
3. Words of time right behind the number, in its phrase.
4. The words of time in force where the sentence begins: a heading, or words that opened a sentence before it.
5. This year, where a later clause of the sentence names it, for what would be a sum.
6. The time of the whole it is a part of (其中), of what it follows from (jobs from workshops), or of the number before it,
   where it is no indicator.
7. What its indicator mostly means (indicators.tsv): sums of a programme are cumulative, wages and output are of a year,
   pairings, gifts and what belongs to one place are points.

States (pairings) are moved by words in their own clause only, and a scene (一家公司 …) moves nothing counted by the year.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from datetime import date

from lianqiao.claims.page import Page, Share, Surroundings
from lianqiao.claims.quantities import Quantity, fold
from lianqiao.claims.tables import rows
from lianqiao.core.numerals import parse_number

_ROWS = list(rows("periods.tsv"))
_PATTERNS = [re.compile(row["pattern"], re.MULTILINE) for row in _ROWS]
_WORDS = re.compile("|".join(row["pattern"] for row in _ROWS), re.MULTILINE)
"""All of them at once, without groups, which is quicker; which row it was is asked only where one is found."""

_DEFAULTS = {row["indicator"]: (row["period"], row["own"]) for row in rows("indicators.tsv")}
_OPENING = 6
"""How far into its sentence a word still opens it (杭州2020年给…)."""

_SAYS = re.compile(r"(?:介绍|说|表示|透露|显示|通报|获悉|悉|统计|了解|看到)[,:]$")
_SUMS = ("累计", "累积", "一共", "先后")
_HEADING = 20
_LIST = 8
"""So many numbers before it in its statement make a number one of a list."""

_TITLE = re.compile(r"《[^《》\n]{1,60}》")
_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")
_DAY = re.compile(r"(?:((?:19|20)\d\d)年)?(\d{1,2})月(\d{1,2})日", re.ASCII)
_DATE = r"((?:19|20)\d\d)[年\-/.](\d{1,2})[月\-/.](\d{1,2})(?!\d)"
_PUBLISHED = re.compile(rf"(?:发布|发文|成文|发表|更新|刊发)?(?:时间|日期)[:\s]{{1,3}}{_DATE}", re.ASCII)
_SIGNED = re.compile(rf"^\s{{0,40}}\(?{_DATE}日?\)?\s{{0,8}}$", re.ASCII | re.MULTILINE)
_HAN_DATE = re.compile(
    r"^\s{0,40}([零〇一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日\s{0,8}$",
    re.MULTILINE,
)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def published_on(text: str) -> date | None:
    """The text's own date: 发布时间, 发布日期 and the like, or else the last date that stands alone on a line (落款)."""
    text = fold(text)
    if match := _PUBLISHED.search(text):
        return _day(*(int(part) for part in match.groups()))
    signed = [match.groups() for match in _SIGNED.finditer(text)]
    if signed:
        return _day(*(int(part) for part in signed[-1]))
    for match in _HAN_DATE.finditer(text):
        year, month, day = (int(parse_number(part) or 0) for part in match.groups())
        return _day(year, month, day)
    return None


@dataclass(frozen=True)
class TimeWords:
    """Words of time in a text: what they say, how far they reach, and where they stand."""

    start: int
    end: int
    period: str
    reach: str
    text: str


@dataclass(frozen=True)
class When:
    """A number's time: `period` as in the command line's JSON, the `words` that say so, a year or a day if one is named."""

    period: str
    words: str = ""
    year: int | None = None
    on: date | None = None


def _scan(text: str) -> list[TimeWords]:
    """The words of time in a folded text; those in the titles of documents (《2021年度…协议》) name no period."""
    found = []
    text = _TITLE.sub(lambda title: "《" * len(title[0]), text)
    for match in _WORDS.finditer(text):
        row = next(row for row, one in zip(_ROWS, _PATTERNS, strict=True) if one.match(text, match.start()))
        found.append(TimeWords(match.start(), match.end(), row["period"], row["reach"], match[0]))
    return found


class Times:
    """The words of time of a page. `published` is the text's own date, from which 今年 and 10月12日 take their year."""

    def __init__(self, page: Page, published: date | None) -> None:
        self.page = page
        self.published = published
        self.words = _scan(page.text)
        self.starts = [word.start for word in self.words]
        self.claimed = [number.start for number in page.claimed]
        self.days = [word for word in self.words if _DAY.search(word.text)]
        self.frames = self._frames()

    def of(
        self,
        around: Surroundings,
        number: Quantity,
        indicator: str | None,
        nearby: When | None,
        share: Share | None = None,
    ) -> When:
        """When a number speaks of; `nearby`: the time it shares with another unless words say otherwise.

        The last words before it in its sentence decide; else words right behind it; else those in force where the sentence
        begins; else the time it shares, and last what its indicator mostly means. Of a list of 分别 each has its own (`share`).
        """
        if share and (one := self._apart(share, around.sentence, number.start)):
            return one
        default, own = _DEFAULTS.get(indicator or "", ("", ""))
        if own == "sum" and self._in_a_list(around.statement, number.start):
            own = ""
        frame = self.frames[bisect_right(self.page.sentences, number.start) - 1]
        found = None
        for word in self._between(around.sentence, number.start):
            if found and found.period == "year" and word.text in _SUMS:  # 今年以来累计…
                continue
            if word.end <= number.start and self._reaches(word, around, default, own):
                found = self._resolved(word, frame)
        found = found or self._right_behind(around, number)
        # What happened at an event says nothing of a programme's sums.
        if not found and not own and frame and not (frame.reach == "event" and default == "cumulative"):
            found = frame
        if found := found or self._named_later(around, number, default, own):
            return When(self._period(found), found.text, self._year(found), self._on(found, number.start))
        return nearby or When(default or "point")

    def is_ahead(self, around: Surroundings, start: int) -> bool:
        """Whether the number is one for a later year than the text's own (到2025年)."""
        words = [
            word for word in self._between(around.sentence, start) if word.period == "until" and word.text[0] != "截"
        ]
        year = _YEAR.search(words[-1].text) if words else None
        return bool(self.published and year and int(year[0]) > self.published.year)

    def _in_a_list(self, statement: int, start: int) -> bool:
        """Whether the number comes late in a list of a programme's sums, in one statement: its time is theirs."""
        return bisect_left(self.claimed, start) - bisect_left(self.claimed, statement) >= _LIST

    def _apart(self, share: Share, sentence: int, start: int) -> When | None:
        """A number's own year in 2021年、2022年分别为3个、5个 and in 2021年至2023年分别为3个、4个、5个."""
        if share.own:
            year = _YEAR.search(self.page.text, *share.own)
            return When("year", f"{year[0]}年", int(year[0])) if year else None
        named = [word for word in self._between(sentence, start) if word.period == "cumulative"]
        if len(share.nouns) > 1 or not named:
            return None
        years = [int(year) for year in _YEAR.findall(named[-1].text)]
        spans = len(years) == 2 and years[1] - years[0] == share.of - 1
        return When("year", named[-1].text, years[0] + share.place if spans else None)

    @staticmethod
    def _reaches(word: TimeWords, around: Surroundings, default: str, own: str) -> bool:
        """Whether words of time earlier in the sentence hold for a number, by their reach and by what it counts."""
        if own == "level" and word.period == "cumulative":
            return False
        if word.start >= around.clause:
            return word.reach != "scene" or default != "year"
        if word.reach == "clause" or own == "clause" or (own == "sum" and word.period != "cumulative"):
            return False
        return word.reach != "scene" or default != "year"

    def _named_later(self, around: Surroundings, number: Quantity, default: str, own: str) -> TimeWords | None:
        """The year that a later clause of the sentence names (除镇级200万元，今年再加30万元), for what would be a sum."""
        if default != "cumulative" or own:
            return None
        later = self._between(number.end, number.end + len(around.following))
        return later[0] if later and later[0].period == "year" and later[0].text[0] in "今本上下全" else None

    def _right_behind(self, around: Surroundings, number: Quantity) -> TimeWords | None:
        """The words of time behind a number in its own phrase (代表团11人7月28日到访)."""
        behind = self._between(number.end, number.end + len(around.after))
        return next((word for word in behind if word.period != "until" and word.text[0] != "每"), None)

    def _frames(self) -> list[TimeWords | None]:
        """For each sentence, the words of time in force where it begins."""
        frames: list[TimeWords | None] = []
        frame = None
        for first, after in zip(self.page.sentences, self.page.sentences[1:], strict=False):
            frames.append(frame)
            for word in self._between(first, after):
                if self._holds_on(word, first, after):
                    frame = self._resolved(word, frame)
        return frames

    def _holds_on(self, word: TimeWords, first: int, after: int) -> bool:
        """Whether the word holds beyond its sentence: it opens it, or stands in a heading (short, without numbers)."""
        if word.reach not in ("text", "event", "opening"):
            return False
        index = bisect_left(self.claimed, first)
        is_heading = after - first <= _HEADING and (index == len(self.claimed) or self.claimed[index] >= after)
        if is_heading or word.text.endswith(("以来", "年来")):
            return True
        clause_end = self.page.clauses[bisect_right(self.page.clauses, first)]
        if word.start == clause_end and _SAYS.search(self.page.text, first, clause_end):  # 工作组介绍,2022年…
            first, clause_end = clause_end, self.page.clauses[bisect_right(self.page.clauses, clause_end)]
        if word.end < clause_end and self.page.text.startswith(":", clause_end - 1):  # 2024年答卷:
            return True
        if word.reach == "text" or (word.reach == "event" and word.end == clause_end - 1):  # 在两地联席会议上,
            return word.end <= clause_end
        return word.start - first <= _OPENING

    def _between(self, start: int, end: int) -> list[TimeWords]:
        return self.words[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    @staticmethod
    def _resolved(word: TimeWords, frame: TimeWords | None) -> TimeWords:
        """到6月底 after 今年 is of this year; 截至 alone names a state (point), 到 alone a sum since the beginning."""
        if word.period != "until":
            return word
        if frame and frame.period == "year" and not _YEAR.search(word.text):
            return replace(word, period="year", text=frame.text)
        return replace(word, period="point" if word.text[0] == "截" else "cumulative")

    def _period(self, word: TimeWords) -> str:
        """2021年以来 in a text of 2021 is that year."""
        named = _YEAR.search(word.text)
        this_year = bool(self.published and named and int(named[0]) == self.published.year)
        return "year" if this_year and word.text.endswith("以来") else word.period

    def _year(self, word: TimeWords) -> int | None:
        if self._period(word) != "year":
            return None
        if match := _YEAR.search(word.text):
            return int(match[0])
        if not self.published or word.text[0] not in "今本当年前上去":
            return None
        last = word.text.startswith(("去年", "上年"))
        return self.published.year - (1 if last else 0)

    def _on(self, word: TimeWords, start: int) -> date | None:
        """The day of an event: the one named, or the last one named before 会上, 当天 and the like."""
        if word.period != "point" or word.reach != "event":
            return None
        index = bisect_right(self.days, start, key=lambda day: day.start)
        named = word if _DAY.search(word.text) else self.days[index - 1] if index else None
        match = _DAY.search(named.text) if named else None
        return self._dated(match) if match else None

    def _dated(self, match: re.Match[str]) -> date | None:
        year, month, day = match[1], int(match[2]), int(match[3])
        if year:
            return _day(int(year), month, day)
        if not self.published:
            return None
        return _day(self.published.year - ((month, day) > (self.published.month, self.published.day)), month, day)
