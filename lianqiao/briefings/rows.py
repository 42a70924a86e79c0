"""The approved rows of a ledger as templates loop over them: as they counted at a transaction, without what is protected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from typing import Any

from django.db import models
from django.db.models import Max, Q

from lianqiao.briefings.book import About
from lianqiao.briefings.style import PLAIN, Style
from lianqiao.core.periods import Period
from lianqiao.core.units import Unit, unit
from lianqiao.journal import chain
from lianqiao.journal.models import Voucher
from lianqiao.ledger import history
from lianqiao.ledger.fields import IdNumber, Link, Money, Person
from lianqiao.ledger.models import Change, Entry, State
from lianqiao.ledger.registry import data_fields, ledgers

MOST = 2000
"""Rows of a ledger that a document may list; a book of them is an export (workbooks/)."""

PRIVATE = frozenset({"jobs", "retention", "monitored", "home_visits"})
"""Ledgers of persons and households: no document lists their rows."""

OWN = {"targets": "年度目标", "opening": ""}
"""Ledgers whose rows documents show in another way, or not at all."""

SHARED = ("编号", "结对关系", "摘要", "日期", "佐证材料")


class TooMuch(ValueError):
    """A template asks for more than a document holds; the message says of what."""


@dataclass(frozen=True)
class Amount:
    """A row's money, or a number of points: written like a figure, proved by the row's 编号."""

    value: int
    unit: Unit
    style: Style = PLAIN


@cache
def lists() -> dict[str, type[Entry]]:
    """The name under which a template loops over a ledger → the ledger."""
    return {m.ledger.name: m for code, m in ledgers().items() if code not in PRIVATE and code not in OWN}


@cache
def columns(model: type[Entry]) -> dict[str, models.Field[Any, Any]]:
    """Heading → column, those left out that tell of a person: names, ID numbers, what the ledger calls personal."""
    hidden = {*model.ledger.personal, *(model.ledger.counted_by or ())}
    kept = [f for f in data_fields(model) if f.name not in hidden and not isinstance(f, IdNumber | Person)]
    return {str(field.verbose_name).replace("(", "").replace(")", ""): field for field in kept}


@cache
def hidden(model: type[Entry]) -> frozenset[str]:
    """The headings of the columns that are left out."""
    return frozenset(str(f.verbose_name) for f in data_fields(model)) - frozenset(columns(model))


@dataclass(frozen=True)
class Row:
    """A row as a template sees it: its columns by their headings, and what every row has (SHARED, and its progress)."""

    entry: Entry
    until: date

    def get(self, name: str) -> Any:
        """The value under a heading. KeyError if the ledger shows no such column."""
        if name in SHARED:
            return self.shared(name)
        if name == "进展" and type(self.entry).ledger.code in PROGRESS:
            return PROGRESS[type(self.entry).ledger.code](self.entry, self.until)
        field = columns(type(self.entry))[name]
        value = getattr(self.entry, field.name)
        if isinstance(field, Money):
            return None if value is None else Amount(value, unit("元"))
        if isinstance(field, Link):
            return value.summary() if value else None
        return {True: "是", False: "否"}[value] if isinstance(value, bool) else value

    def shared(self, name: str) -> Any:
        entry = self.entry
        if name == "佐证材料":
            return "、".join(dict.fromkeys(f"{e['kind']}" for e in entry.evidence))
        told = {"编号": entry.number, "结对关系": str(entry.node or ""), "摘要": entry.summary()}
        return told[name] if name in told else entry.happened_on()


def project_progress(project: Any, until: date) -> str:
    """The furthest step that a project had taken by a day."""
    steps = (
        ("handed_over_on", "已移交"), ("accepted_on", "已验收"), ("completed_on", "已完工"), ("started_on", "在建"),
    )  # fmt: skip
    return next((told for field, told in steps if (on := getattr(project, field)) and on <= until), "未开工")


def resolution_progress(resolution: Any, until: date) -> str:
    if resolution.done_on and resolution.done_on <= until:
        return "已完成"
    return "逾期" if resolution.due < until else "办理中"


PROGRESS = {"projects": project_progress, "resolutions": resolution_progress}


@cache
def headings(model: type[Entry]) -> frozenset[str]:
    """All that a row of the ledger can be asked for."""
    more = {"进展"} if model.ledger.code in PROGRESS else set()
    return frozenset({*columns(model), *SHARED, *more})


@dataclass(frozen=True)
class Rows:
    """A list of a ledger's rows up to the document's last day, oldest first; narrowed by filters."""

    model: type[Entry]
    about: About
    period: Period
    where: tuple[tuple[str, str], ...] = ()
    first: int = 0

    def __iter__(self) -> Iterator[Row]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    def within(self, period: Period) -> Rows:
        return replace(self, period=period)

    @cached_property
    def found(self) -> list[Row]:
        """The rows. Raises TooMuch."""
        entries = self.now() if self.about.known.number >= chain.head().number else self.then()
        rows = [Row(entry, self.about.until) for entry in entries if self.happened(entry)]
        rows = [row for row in rows if all(str(row.get(name)) == value for name, value in self.where)]
        rows.sort(key=lambda row: (day_of(row.entry) or date.min, row.entry.pk))
        return rows[: self.first] if self.first else rows

    def happened(self, entry: Entry) -> bool:
        on, period = day_of(entry), self.period
        return on is None or ((period.start is None or period.start <= on) and on <= period.until)

    @property
    def base(self) -> models.QuerySet[Any]:
        links = [f.name for f in data_fields(self.model) if isinstance(f, Link)]
        return self.model._base_manager.select_related("node", *links)

    @property
    def here(self) -> Q:
        scope = Q(node__path__startswith=self.about.node.path)
        return scope if self.model.ledger.node_required else scope | Q(node=None)

    def now(self) -> list[Any]:
        rows = self.base.filter(self.here, state=State.APPROVED)
        dated = self.model.ledger.dated
        if dated and self.model.ledger.code not in DAYS:
            rows = rows.filter(**{f"{dated}__lte": self.period.until})
            rows = rows.filter(**{f"{dated}__gte": self.period.start}) if self.period.start else rows
        return self.bounded(list(rows[: MOST + 1]))

    def then(self) -> list[Any]:
        """As they counted: the version of each row's last voucher up to the transaction."""
        code = self.model.ledger.code
        vouchers = Voucher.objects.filter(ledger=code, transaction__lte=self.about.known.number)
        last = vouchers.values("entry").annotate(last=Max("id")).values("last")
        counted = dict(Voucher.objects.filter(pk__in=last, version__gt=0).values_list("entry", "version"))
        entries = {e.pk: e for e in self.base.filter(self.here, pk__in=list(counted)[: 20 * MOST])}
        older = [pk for pk, entry in entries.items() if entry.version != counted[pk]]
        for change in Change.objects.filter(ledger=code, entry__in=older, payload__isnull=False):
            if change.version == counted[change.entry]:
                history.restore(entries[change.entry], change.payload or {})
        return self.bounded([entry for entry in entries.values() if self.happened(entry)])

    def bounded(self, entries: list[Any]) -> list[Any]:
        if len(entries) > MOST:
            raise TooMuch(f"“{self.model.ledger.name}”有 {MOST:,} 行以上，文件里列不下。请限定期间，如“|今年”。")
        return entries


DAYS: dict[str, Callable[[Any], date | None]] = {
    "resolutions": lambda row: row.meeting.occurred_on,  # it counts from its meeting on, not from when it is due
    "donations": lambda row: row.pledged_on,
    "pairings": lambda row: row.since,
}
"""Ledgers whose rows count from another day than the one they are numbered by."""


def day_of(entry: Entry) -> date | None:
    told = DAYS.get(type(entry).ledger.code)
    return told(entry) if told else entry.happened_on()
