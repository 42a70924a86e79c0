"""The names that a template may use, and what each stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from lianqiao.briefings import naming
from lianqiao.briefings.book import SPANS, About, Book
from lianqiao.briefings.drawn import TEXT_WIDTH_MM, drawing
from lianqiao.briefings.filters import long_date, of_field, whole
from lianqiao.briefings.gathered import Annex, Paper
from lianqiao.briefings.rows import Rows, lists
from lianqiao.briefings.style import TABLE
from lianqiao.briefings.values import (
    Evidence,
    Family,
    Field,
    NotSo,
    Place,
    Targeted,
    Year,
)
from lianqiao.charts.drawing import Picture
from lianqiao.claims.tagged import GROWTH
from lianqiao.journal.measures import MEASURES
from lianqiao.places.names import short


def facts(about: About) -> dict[str, Any]:
    """What a document says of itself."""
    node, until = about.node, about.until
    at = about.known.recorded_at
    return {
        "东部": node.east, "西部": node.west, "东部简称": short(node.east), "西部简称": short(node.west),
        "结对": f"{short(node.east)}—{short(node.west)}", "结对全称": str(node), "结对年份": node.since.year,
        "截至": long_date(until), "年度": until.year, "月份": until.month, "期间": about.period.describe(),
        "事务": about.known.number, "知悉": at.date() if at else None,
    }  # fmt: skip


FACTS = (
    "东部",
    "西部",
    "东部简称",
    "西部简称",
    "结对",
    "结对全称",
    "结对年份",
    "截至",
    "年度",
    "月份",
    "期间",
    "事务",
    "知悉",
)
TARGETS, BELOW, YEARS = "年度目标", "下级", "历年"
ANNEX = "数据依据表"


class Names:
    """Every name of a template, made when it is asked for."""

    def __init__(self, paper: Paper) -> None:
        self.paper, self.facts = paper, facts(paper.book.about)

    def __getitem__(self, name: str) -> Any:
        book = self.paper.book
        if name in self.facts:
            return self.facts[name]
        if name in naming.fields():
            return figure(book, naming.fields()[name])
        if name in lists():
            return Rows(lists()[name], book.about, book.about.period)
        if name in naming.families():
            return Family(name)
        if name == TARGETS:
            return [Targeted(book, one) for one in book.attainments]
        if name == BELOW:
            return [Place(node) for node in below(book)]
        if name == YEARS:
            return [Year(year) for year in range(book.about.node.since.year, book.about.until.year + 1)]
        return functions(self.paper)[name]


def figure(book: Book, measure: Any) -> Field:
    return Field(book, measure, book.about.node, book.about.period)


def below(book: Book) -> list[Any]:
    node = book.about.node
    return list(node.children.filter(confirmed=True).order_by("path")[:500])


def known_names() -> list[str]:
    """Every name that a template may begin with."""
    tops = [name for name in naming.families() if "." not in name]
    return [*FACTS, *naming.fields(), *lists(), *sorted(tops), TARGETS, BELOW, YEARS, *FUNCTIONS]


FUNCTIONS = ("图", "文", "指标", "佐证目录", ANNEX)


def functions(paper: Paper) -> dict[str, Callable[..., Any]]:
    book = paper.book

    def picture(kind: object, *fields: Any, **size: object) -> Picture:
        width = whole(size.pop("宽", TEXT_WIDTH_MM), 30, 260, "宽")
        if size:
            raise NotSo(f"图没有“{next(iter(size))}”，只有“宽”。")
        return drawing(book, str(kind), [of_field(one, "图") for one in fields], width)

    def words(name: object, otherwise: object = "") -> str:
        return paper.words.get(str(name), str(otherwise))

    def of_group(group: object) -> list[Field]:
        found = [replace(figure(book, m), style=TABLE) for m in MEASURES.values() if m.group == group]
        if not found:
            groups = "、".join(dict.fromkeys(m.group for m in MEASURES.values()))
            raise NotSo(f"没有“{group}”这个领域。有：{groups}。")
        return found

    return {
        "图": picture,
        "文": words,
        "指标": of_group,
        "佐证目录": lambda *names: evidence(book, names),
        ANNEX: Annex,
    }


def evidence(book: Book, names: Iterable[object]) -> list[Evidence]:
    """The rows of these ledgers with what supports them."""
    found = []
    for name in names:
        if name not in lists():
            raise NotSo(f"没有台账“{name}”，或其行不列入文件。")
        for row in Rows(lists()[str(name)], book.about, book.about.period):
            if row.entry.evidence:
                told = [str(row.get(key)) for key in ("编号", "摘要", "佐证材料")]
                found.append(Evidence(str(name), *told))
    return found


def wanted(source: str) -> list[Any]:
    """The measures that a template may ask for: all of a group or of the targets where it names those, else the named."""
    if "指标(" in source or "指标 (" in source:
        return list(MEASURES.values())
    fields = naming.fields()
    return [measure for name, measure in fields.items() if name in source or measure.code in source]


def spans_in(source: str) -> list[str]:
    return [name for name in (*SPANS, GROWTH) if name in source]
