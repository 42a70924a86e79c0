"""How a sheet is laid out: where its header is, which column is which, and what the lines above say.

The header is the first row, or pair of rows, within the first 30 that names two of the ledger's required columns.
Headings are compared by their words alone (`normal`); synonyms.tsv lists the everyday names of our columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from lianqiao.core.numerals import half_width
from lianqiao.ledger.columns import Column, SheetForm
from lianqiao.workbooks.cells import UNITS, is_blank, spaceless
from lianqiao.workbooks.files import Cell
from lianqiao.workbooks.marks import Merge, UnreadableError

DOUBLED = "“{headings}”都记作“{heading}”，分不清用哪一列。请忘掉其中一个（lianqiao mappings）。"
SEARCHED = 30
"""Rows among which the header must begin."""
EXPLANATIONS = "说明"
"""The sheet of a workbook that says how the others are filled in."""

Row = Sequence[Cell]

_BRACKETS = re.compile(r"[(\[【〔〈<]([^()\[\]【】〔〕〈〉<>]*)(?:[)\]】〕〉>]|$)")
_CHANGES = re.compile(
    r"计划|预计|预期|拟|累计|目标|其中|脱贫|上年|去年|往年|单价|人均|户均|年初|未"
    r"|小时|[课学]时|元/[年季周日天]|[十百千万亿](?:人次|人(?!民币)|[户个家])"
)
"""Words that make another column of a name, as do units that are not ours (hours for days, a year's wage, 万人); in a group
heading they hold for every column below it."""
_EDGES = re.compile(
    r"^[*★☆●※#\s]*(?:\d{1,2}[.、])?|[/,:、](?:单位:?)?(?:人次|[人户个家亩天期元]|[万亿千百]+元)$|(?<=.)[万亿]元$"
)
_PUNCTUATION = re.compile(r"""[\s:,、，。./*★☆※·"“”'‘’;；_\-—|]+""")
_UNIT_WORDS = "|".join(sorted((word for word in UNITS if word.endswith("元")), key=len, reverse=True))
_UNIT_END = re.compile(rf"(?:[/,:、](?:单位:?)?({_UNIT_WORDS})|((?:百万|[千万亿])元))$")
_MONEY_UNIT = re.compile(
    r"(?:以|折|折合)?(?:人民币|RMB)?([十百千]?[万亿]?(?:元|美元|美金|欧元|港元|港币|日元|英镑)|[万亿])(?:人民币|RMB)?[为计]?"
    r"|[美欧港日]\w+[万亿]元"
)
"""A unit of money in a heading. Those that UNITS does not hold, like 百元 and 万美元, are units too, but not known ones."""
_UNIT = re.compile(rf"人次|年月日|[人名户个家亩天日期场次斤]|{_MONEY_UNIT.pattern}")
_UNIT_LINE = re.compile(
    r"(?:^|[\s(\[,;。、:])(?:金额|计量|货币|资金)?单\s*位\s*(?::|为)\s*(?:人民币\s*)?([^\s()\[\]。;]+)"
)
_UNIT_LABEL = re.compile(r"(?:金额|计量|货币|资金)?单位:?")
_TOTALS = frozenset(["合计", "总数", "总计", "小计", "数量", "总量", "总人数", "总额", "合计数", "总户数"])
_GENERAL = re.compile(r"(?:情况|信息|资金|投资|金额|日期|时间|节点)+$")
_NUMBERING = re.compile(r"[甲乙丙丁戊己庚辛壬癸]|[①-⑳]|栏次|序号|\(?\d{1,2}\)?")
_TITLE = re.compile(r":|单位\W*[百千万亿]*元|\d{4}年|台账|登记表|统计表|汇总表|明细表|情况表|一览表|名册|名录")
_COMMON = frozenset(["pairing", "notes", "evidence", "number"])
_CLEARLY = 2
_PLAIN = re.compile(r"序号|编号|备注|联系人|联系电话|联系方式|负责人|经办人")

_NUMERAL = "(?:\\d{1,2}|[一二三四五六七八九十]{1,2})"
_YEAR = re.compile(
    rf"(?<![\d.])((?:19|20)\d\d)\s*年度?(?!度?\s*{_NUMERAL}\s*(?:[-–—~至到、,]\s*{_NUMERAL}\s*)?月)"
    rf"(?!度?\s*(?:以来|起|底|末|[以之][前后]|前(?!{_NUMERAL})))"
)
_YEARS = re.compile(r"(?:(?:19|20)\d\d\s*年?度?\s*(?:[-–—~、,/和及与]+|至|到)\s*)+(?:19|20)\d\d\s*年?度?")
_NO_YEAR = re.compile(
    r"截[至止]\s*(?:到|至)?\s*\d{4}\s*年?度?|(?:填报|填表|制表|上报|报送|报表|统计|打印|编制)(?:日期|时间).*"
)
_DATE_LABEL = re.compile(r".*(?:填报|填表|制表|上报|报送|报表|统计|打印|编制)(?:日期|时间):?")
_SHEET_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR_COLUMN = re.compile(
    r"(?:所属|会议|活动|工作|互访|出访|培训|举办|办班|招聘|走访|慰问|帮扶|回访|销售|采购|实施|开展|发生|选派|就业)?年(?:度|份)"
)


@dataclass(frozen=True)
class Placed:
    """A column of the ledger where the sheet has it. `unit` as in cells.Around."""

    index: int
    column: Column
    unit: int | None = 1


@dataclass(frozen=True)
class Layout:
    """Where the header of a sheet is and what follows from it.

    `first` and `last` are the header's rows, counted from 0, rows of column numbers included. `year_index` is a 年度
    column that dates the rows; `year` the year that the lines above or the sheet's name give. `headings` are the
    texts of the header's rows, by which a repetition is known. `unknown`: columns that are not ours, with their headings.
    """

    first: int
    last: int
    placed: tuple[Placed, ...]
    missing: tuple[Column, ...]
    year_index: int | None
    year: int | None
    titles: frozenset[tuple[str, ...]]
    headings: frozenset[tuple[str, ...]]
    unknown: tuple[tuple[int, str], ...] = ()


def texts(row: Row) -> tuple[str, ...]:
    """The filled cells of a row as texts without white space, to compare rows by."""
    return tuple(filter(None, map(shown, row)))


def shown(cell: Cell) -> str:
    """A cell as a text without white space: 1.0 is 1."""
    if isinstance(cell, str):
        return spaceless(cell)
    return "" if cell is None else str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def normal(heading: str) -> str:
    """The words of a heading: half-width, without spaces, punctuation, units, and remarks in brackets.

    A remark that changes the meaning stays: 完工日期(计划) is 完工日期计划, not 完工日期.
    """
    text = spaceless(heading).replace("其它", "其他").replace("帐", "账")
    for _ in range(3):  # brackets within brackets
        text = _BRACKETS.sub(lambda remark: remark[1] if _CHANGES.search(remark[1]) else "", text)
    return _PUNCTUATION.sub("", _EDGES.sub("", text))


@cache
def _synonyms() -> Mapping[tuple[str, str], re.Pattern[str]]:
    lines = Path(__file__).with_name("synonyms.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {(ledger, field): re.compile(pattern) for ledger, field, pattern in rows}


class Vocabulary:
    """Which of a ledger's columns a heading can name."""

    def __init__(self, ledger: SheetForm) -> None:
        self.columns = {column.field: column for column in ledger.columns}
        self.required = {column.field for column in ledger.columns if column.required}
        self._exact: dict[str, list[tuple[int, str]]] = {}
        for column in ledger.columns:
            for rank, heading in enumerate((column.heading, *column.synonyms)):
                self._exact.setdefault(normal(heading), []).append((min(rank, 1), column.field))
        known = _synonyms()
        self._patterns = [
            (2 + 2 * (owner == "*"), field, known[owner, field])
            for field in self.columns
            for owner in (ledger.code, "*")
            if (owner, field) in known
        ]
        self._known: dict[str, list[tuple[int, str]]] = {}

    def fields(self, name: str) -> list[tuple[int, str]]:
        """(rank, field) of every column that a normal heading can name, 0 being the ledger's own heading.

        A telling name comes before a general one (培训时间 before 时间), and 编号 last of all: without a better name it
        can be the project's or the household's number.
        """
        if name not in self._known:
            general = len(name) <= 2
            listed = ((rank + general, field) for rank, field, p in self._patterns if p.fullmatch(name))
            found = [*self._exact.get(name, ()), *listed] if name else []
            self._known[name] = sorted({(rank + 9 * (field == "number"), field) for rank, field in found})
        return self._known[name]

    def knows(self, name: str) -> bool:
        return bool(self.fields(name))

    def make_a_header(self, placed: Iterable[str]) -> bool:
        """Whether these are two of the required columns, and not choices alone: that is a sheet of drop-down words."""
        named = [self.columns[field].kind for field in placed if field in self.required]
        return len(named) >= 2 and not {"choice", "yesno"}.issuperset(named)

    def place(self, headings: Mapping[int, Sequence[str]]) -> dict[str, int]:
        """The index of each column found. `headings`: for each index the names it may go by, the best first.

        The ledger's own heading beats another name for it, then the leftmost column wins.
        """
        told = {index: next(filter(self.knows, names), "") for index, names in headings.items()}
        placed: dict[str, int] = {}
        for _, index, field in sorted(
            (rank, index, field) for index, name in told.items() for rank, field in self.fields(name)
        ):
            if field not in placed and index not in placed.values():
                placed[field] = index
        return placed

    def refuse_doubled(self, headings: Mapping[int, Sequence[str]], placed: Mapping[str, int]) -> None:
        """Raises UnreadableError where two headings are both remembered as one column: which one is meant?"""
        told = {index: next(filter(self.knows, names), "") for index, names in headings.items()}
        for field, index in placed.items():
            same = [name for name in told.values() if (1, field) in self.fields(name)]
            if len(same) > 1 and (1, field) in self.fields(told[index]):
                heading = self.columns[field].heading
                raise UnreadableError(DOUBLED.format(headings="”“".join(same), heading=heading))


# Units and years in the lines around ---------------------------------------------------------------------------------


def units(heading: str) -> set[int]:
    """The units of money that a column or group heading names, in 元: 金额(万元) gives {10000}."""
    text = spaceless(heading)
    words = [text, *(word for remark in _BRACKETS.findall(text) for word in re.split(r"[,、/;:]|单位:?", remark))]
    if end := _UNIT_END.search(_BRACKETS.sub("", text)):
        words.append(end[1] or end[2])
    return _units_among(words)


def _units_among(words: Iterable[str]) -> set[int]:
    """What the words that are units of money count in 元: 0 for those that nobody can know here, like 万美元."""
    return {UNITS.get(match[1] or "", 0) for word in words if (match := _MONEY_UNIT.fullmatch(word))}


def line_units(rows: Iterable[Row]) -> set[int]:
    """The units of money that lines like 单位:万元 name; 填报单位 is none."""
    found: set[int] = set()
    for row in rows:
        label = False
        for cell in row:
            if not isinstance(cell, str) or not cell.strip():
                continue
            told = list(_UNIT_LINE.findall(half_width(cell).strip()))
            told += [cell] if label else _BRACKETS.findall(spaceless(cell))
            found |= _units_among(word for part in told for word in re.split(r"[,、/]", spaceless(part)))
            label = _UNIT_LABEL.fullmatch(spaceless(cell)) is not None
    return found


def only_year(lines: Iterable[str]) -> int | None:
    """The year that texts like 2021年度互访台账 give, if they give exactly one; spans and months give none."""
    found = {int(year) for line in lines for year in _YEAR.findall(_YEARS.sub("", _NO_YEAR.sub("", half_width(line))))}
    return found.pop() if len(found) == 1 else None


def title_year(rows: Iterable[Row]) -> int | None:
    """The one year of the title lines, without the dates on which a form was filled in."""
    lines: list[str] = []
    for row in rows:
        label = False
        for cell in row:
            if isinstance(cell, str) and cell.strip():
                lines += [] if label else [cell]
                label = _DATE_LABEL.fullmatch(spaceless(cell)) is not None
    return only_year(lines)


def sheet_year(name: str) -> int | None:
    """The one year of a sheet's name: 2021年, 2021年度, or just 2021."""
    name = spaceless(name)
    return int(name) if _SHEET_YEAR.fullmatch(name) else only_year([name])


# The header ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Header:
    """A row, or a pair of rows, taken as a header: for each column its names and the group heading above it."""

    names: dict[int, list[str]]
    groups: dict[int, str]
    rows: int


def find(rows: Sequence[Row], ledger: SheetForm, name: str, merges: Sequence[Merge]) -> Layout | None:
    """The layout of a sheet from its first rows (SEARCHED and two more), or None if it has no header of this ledger."""
    words = Vocabulary(ledger)
    for first in range(min(SEARCHED, len(rows))):
        for header in _candidates(rows, first, words, merges):
            placed = words.place(header.names)
            if words.make_a_header(placed):
                words.refuse_doubled(header.names, placed)
                known = len(placed.keys() - _COMMON)
                other = _is_called_otherwise(rows[:first], name, ledger) or _is_another_s(header, ledger.code, known)
                return None if other else _layout(rows, first, header, placed, ledger, name)
    return None


def _is_called_otherwise(above: Sequence[Row], name: str, ledger: SheetForm) -> bool:
    """Whether the sheet's name or its title is just the name of another ledger, as in our own exports of several, or the
    sheet is called 说明: what explains columns names them too."""
    called = {name, *(text for row in above for text in texts(row))}
    return name == EXPLANATIONS or (bool(called & ledger.others) and ledger.name not in called)


def _is_another_s(header: _Header, code: str, known: int) -> bool:
    """Whether another ledger knows clearly more of the columns: then it is that ledger's sheet, not this one's.

    What enterprises and investments have in common would otherwise make a header of either out of the other's.
    """
    return any(_known(header, other) >= known + _CLEARLY for other in _ledgers() if other != code)


def _known(header: _Header, code: str) -> int:
    """How many columns of a ledger, by synonyms.tsv alone, the headings name."""
    free = {field: pattern for (owner, field), pattern in _synonyms().items() if owner == code}
    for names in header.names.values():
        named = next((field for name in names for field, pattern in free.items() if pattern.fullmatch(name)), None)
        if named:
            del free[named]
    return sum(owner == code for owner, _ in _synonyms()) - len(free)


@cache
def _ledgers() -> frozenset[str]:
    return frozenset(owner for owner, _ in _synonyms()) - {"*"}


def _candidates(rows: Sequence[Row], first: int, words: Vocabulary, merges: Sequence[Merge]) -> Iterable[_Header]:
    top = {index: cell for index, cell in enumerate(rows[first]) if isinstance(cell, str) and not is_blank(cell)}
    if first + 1 < len(rows):
        pair = _pair(top, rows[first + 1], words, _spans(merges, first))
        if pair:
            yield pair
    yield _Header({index: [normal(cell)] for index, cell in top.items()}, {}, 1)


def _spans(merges: Sequence[Merge], row: int) -> dict[int, int]:
    """First column → last column of the cells of a row that are merged sideways."""
    return {left: right for (up, left), (_, right) in merges if up == row and right > left}


def _pair(top: dict[int, str], below: Row, words: Vocabulary, spans: Mapping[int, int]) -> _Header | None:
    """The two rows as group headings over column names; None if the lower row is not that."""
    low = {index: cell for index, cell in enumerate(below) if not is_blank(cell)}
    if not low or not top or is_numbering(below) or not all(isinstance(cell, str) for cell in low.values()):
        return None
    groups = _groups(top, low, spans)
    names = {index: [normal(cell)] for index, cell in top.items() if index not in low}
    told = {index: normal(str(cell)) for index, cell in low.items()}
    if all(not name or _UNIT.fullmatch(name) for name in told.values()):  # 人, 户, 万元 under the names
        told = dict.fromkeys(told, "")
    for index, name in told.items():
        names[index] = _joined(normal(groups.get(index, "")), name)
    if not any(words.knows(name) for index in low for name in names[index]):
        return None
    alone = [i for i in low if i in top and i not in spans and list(groups.values()).count(top[i]) == 1]
    if any(_is_clash(normal(top[i]), told[i], words) for i in alone):
        return None
    _drop_doubled(names, told, groups, words)
    return _Header(names, groups, 2) if _is_group_row(top, low, words, spans) else None


def _drop_doubled(
    names: dict[int, list[str]], told: Mapping[int, str], groups: Mapping[int, str], words: Vocabulary
) -> None:
    """Takes their names from columns that are called the same under different groups, and not told apart by these: of 金额
    under 2020年 and 金额 under 2021年 neither is the 金额 of the row."""
    bare = [i for i, name in told.items() if name and next(filter(words.knows, names[i]), "") == name]
    for index in bare:
        if len({groups.get(other, "") for other in bare if told[other] == told[index]}) > 1:
            names[index] = []


def _is_clash(upper: str, lower: str, words: Vocabulary) -> bool:
    """Whether a cell below the name of one of our columns is not a part of that name, but a line of its own."""
    fields = {field for _, field in words.fields(upper)}
    told = {field for name in _joined(upper, lower) if name != lower for _, field in words.fields(name)}
    return bool(fields) and not told and fields.isdisjoint(field for _, field in words.fields(lower))


def _groups(top: Mapping[int, str], low: Mapping[int, Cell], spans: Mapping[int, int]) -> dict[int, str]:
    """The group heading above each lower cell: its own, or the one to the left as far as it reaches."""
    groups: dict[int, str] = {}
    for index in low:
        start = max((left for left in top if left <= index), default=None)
        if start is not None and (start == index or index <= spans.get(start, index if start in low else -1)):
            groups[index] = top[start]
    return groups


def _is_group_row(top: Mapping[int, str], low: Mapping[int, Cell], words: Vocabulary, spans: Mapping[int, int]) -> bool:
    """Whether the upper row belongs to the header: column names beside the groups, or groups that are no title."""
    beside = [normal(cell) for index, cell in top.items() if index not in low]
    if any(words.knows(name) or _PLAIN.fullmatch(name) for name in beside):
        return True
    if beside or any(_is_title(spaceless(cell)) for cell in top.values()):
        return False
    if len(top) > 1:
        return True
    (only,) = top
    return only > min(low) or spans.get(only, max(low)) < max(low)


def _is_title(text: str) -> bool:
    return len(text) > 15 or _TITLE.search(text) is not None or not normal(text)


def _joined(group: str, lower: str) -> list[str]:
    """The names a column under a group may go by, the most telling first.

    完工 under 日期 is 完工日期; 合计 under 吸纳就业 is 吸纳就业; 完工日期 under 计划 is 计划完工日期 and nothing else.
    """
    short = _GENERAL.sub("", group)
    names = [group + lower, short + lower, lower + group, lower + group[-2:]] if group else []
    change = _CHANGES.search(group)
    if not change or change[0] in lower:
        names += [lower, *([group] if lower in _TOTALS else [])]
    return names


def is_numbering(row: Row) -> bool:
    """Whether a row counts the columns: 1 2 3, 甲 乙 丙, or 甲 乙 1 2."""
    cells = texts(row)
    numbers = [int(text.strip("()")) for text in cells if text.strip("()").isdecimal()]
    if len(cells) < 2 or not all(_NUMBERING.fullmatch(text) for text in cells):
        return False
    return all(after == before + 1 for before, after in pairwise(numbers))


def _layout(
    rows: Sequence[Row], first: int, header: _Header, placed: Mapping[str, int], ledger: SheetForm, name: str
) -> Layout:
    last = first + header.rows - 1
    if last + 1 < len(rows) and is_numbering(rows[last + 1]):
        last += 1
    above = rows[:first]
    year_index = _year_index(header, placed, ledger)
    known = {*placed.values(), year_index}
    return Layout(
        first=first,
        last=last,
        placed=tuple(
            Placed(placed[column.field], column, _unit(column, placed[column.field], rows, first, header))
            for column in ledger.columns
            if column.field in placed
        ),
        missing=tuple(column for column in ledger.columns if column.required and column.field not in placed),
        year_index=year_index,
        year=title_year(above) or sheet_year(name),
        titles=frozenset(map(texts, above)) - {()},
        headings=frozenset(map(texts, rows[first : last + 1])),
        unknown=tuple((i, _heading(rows[first : first + header.rows], i)) for i in header.names if i not in known),
    )


def _heading(rows: Sequence[Row], index: int) -> str:
    """The heading of a column as it stands there: its lowest filled cell."""
    cells = [row[index] for row in rows if index < len(row) and not is_blank(row[index])]
    return " ".join(str(cells[-1]).split()) if cells else ""


def _unit(column: Column, index: int, rows: Sequence[Row], first: int, header: _Header) -> int | None:
    """The unit of bare amounts: of the column heading, else of the group's, else of a line above, else 元."""
    if column.kind != "money":
        return 1
    own = [rows[row][index] for row in range(first, first + header.rows) if index < len(rows[row])]
    group = header.groups.get(index, "")
    headings = [str(cell) for cell in own if isinstance(cell, str) and cell != group]
    for found in (set().union(*map(units, headings)), units(group), line_units(rows[:first])):
        if found:
            return (found.pop() or None) if len(found) == 1 else None
    return 1


def _year_index(header: _Header, placed: Mapping[str, int], ledger: SheetForm) -> int | None:
    """The column 年度 that dates the rows. In ledgers of money received it is the 资金年度 and dates nothing."""
    if ledger.fund_year:
        return None
    free = [
        i for i, names in header.names.items() if any(map(_YEAR_COLUMN.fullmatch, names)) and i not in placed.values()
    ]
    return min(free, default=None)
