"""Ledgers as workbooks that read back into themselves without a change.

A row goes out with its 编号 and its state, as it counts (a revision that waits is only told of). What is protected goes
out masked; reading the mask back keeps what is held (drafts.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import batched
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet

from lianqiao.journal import clock
from lianqiao.journal.figures import Known, known_at
from lianqiao.ledger.columns import Column
from lianqiao.ledger.fields import Day, IdNumber, Link, Money
from lianqiao.ledger.models import Entry, State
from lianqiao.ledger.protected import ERASED, masked
from lianqiao.ledger.registry import data_fields, links_of
from lianqiao.people import access, log
from lianqiao.people.models import Access, User
from lianqiao.places.models import Node
from lianqiao.places.tree import Names
from lianqiao.workbooks import cells
from lianqiao.workbooks.drafts import LIVE, evidence_text
from lianqiao.workbooks.writing import (
    FIRST,
    HEADER,
    STATE,
    Book,
    Cell,
    Form,
    Notes,
    column_width,
    columns,
    grow,
    head,
    look_of,
    money_unit,
    new_book,
    node_name,
    put,
)
from lianqiao.workbooks.writing_templates import explain_measures

COMMAND_LINE = "命令行"
CHUNK = 500
HOW_BACK = (
    "改好的行可以原样导入：有编号的行，改了哪一格就修订哪一格，没改的算“未变”；删去一行不等于作废；新行把编号留空。",
    "身份证号只显示掩码：不改就原样留着，要改就填全18位。佐证材料只列文件名；文件不在旁边时，已收的照旧。",
    "“状态”列只供查看，导入时不读。数字的口径见下；只有已审核的行计入。",
)


class NotDated(ValueError):
    """A ledger without a date cannot be exported for a span of days."""


class RowsLost(AssertionError):
    """Not every row that was asked for was written: the workbook is not kept."""


@dataclass(frozen=True)
class Scope:
    """Which rows: at these nodes and below, of these days, in this state; without a state all but void ones. only: what
    narrows them further, and words: how that is told."""

    nodes: tuple[Node, ...] = ()
    start: date | None = None
    until: date | None = None
    state: str = ""
    only: Q = field(default_factory=Q)
    words: str = ""

    def told(self) -> str:
        """The scope as a sentence's part."""
        where = "、".join(str(node) for node in self.nodes)
        days = f"{self.start} 以来" if self.start else ""
        days = f"{self.start or ''} 至 {self.until}".strip() if self.until else days
        state = State(self.state).label if self.state else ""
        return "，".join(part for part in (where, days, state, self.words) if part) or "全部有效行"


@dataclass
class Exported:
    """What was written: rows of each ledger by its code, and the head of the journal at that moment."""

    path: Path
    known: Known
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.rows.values())


def export(path: Path, models: Sequence[type[Entry]], by: User | None, scope: Scope | None = None) -> Exported:
    """Writes these ledgers' rows to `path`, a sheet each, and records it. by: None for whoever holds the machine.

    Raises PermissionDenied or Http404 where `by` may see no rows there, NotDated, DoesNotFit, RowsLost.
    """
    scope = scope or Scope()
    require_sight(by, scope)
    chosen = {model: list(select(model, by, scope).values_list("pk", flat=True)) for model in models}
    made = Exported(path, known_at())
    with new_book(path, "、".join(model.ledger.name for model in models)) as book:
        names = Names()
        for model, pks in chosen.items():
            made.rows[model.ledger.code] = write_sheet(book, model, pks, names, scope)
        if made.rows != {model.ledger.code: len(pks) for model, pks in chosen.items()}:
            raise RowsLost(f"查到的行与写出的行不等：{made.rows}。没有写成文件。")
        explain(Notes(book), made, models, by, scope)
    record(made, models, by, scope)
    return made


def require_sight(by: User | None, scope: Scope) -> None:
    if by is None:
        return
    for node in scope.nodes:
        access.require(by, "see", node)
    if not access.open_to_all("see") and not access.grants(by, "see"):
        raise PermissionDenied("现有角色只看数字，不看台账的行。")


def select(model: type[Entry], by: User | None, scope: Scope) -> QuerySet[Entry]:
    """The rows, in the order of their days. Raises NotDated."""
    rows = model._base_manager.filter(access.rows(by, "see")) if by else model._base_manager.all()
    rows = rows.filter(state=scope.state) if scope.state else rows.filter(state__in=LIVE)
    places = Q()
    for node in scope.nodes:
        places |= Q(node__path__startswith=node.path)
    return rows.filter(places, in_days(model, scope), scope.only).order_by(*[f.name for f in days_of(model)][:1], "pk")


def in_days(model: type[Entry], scope: Scope) -> Q:
    """Whether one of a row's days lies in the span: a donation counts by its pledge and by its receipt."""
    if not scope.start and not scope.until:
        return Q()
    if not days_of(model):
        raise NotDated(f"{model.ledger.name}没有日期，不能按时间导出。")
    found = Q(pk__in=[])
    for day in days_of(model):
        since = {f"{day.name}__gte": scope.start} if scope.start else {}
        until = {f"{day.name}__lte": scope.until} if scope.until else {}
        found |= Q(**since, **until)
    return found


def days_of(model: type[Entry]) -> list[Day]:
    """The day by which the ledger is ordered, or where there is none, the days by which its rows are known."""
    names = [model.ledger.dated] if model.ledger.dated else model.ledger.key
    return [f for f in data_fields(model) if isinstance(f, Day) and f.name in names]


# One ledger -----------------------------------------------------------------------------------------------------------


def write_sheet(book: Book, model: type[Entry], pks: Sequence[int], names: Names, scope: Scope) -> int:
    """The ledger's rows as a sheet. Returns how many were written."""
    shown = [NUMBER, *columns(model), STATE]
    taken = clock.now().astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M")
    sheet = book.sheet(model.ledger.name, f"导出 {taken}")
    line = (f"{scope.told()}，共 {len(pks)} 行", f"导出 {taken}", money_unit(shown))
    head(book, sheet, Form(model, shown, line))
    sheet.freeze_panes(FIRST, 1)
    sheet.autofilter(HEADER, 0, HEADER + len(pks), len(shown) - 1)
    formats = [book.cell(look_of(column)) for column in shown]
    widths = [column_width(column) for column in shown]
    told = Told(model, names)
    row = FIRST
    for entry in read(model, pks):
        values = list(told.cells(entry, shown))
        grow(sheet, row, values, widths)
        for index, value in enumerate(values):
            put(sheet, (row, index), value, formats[index])
        row += 1
    return row - FIRST


NUMBER = Column("number", "编号", "text")


def read(model: type[Entry], pks: Sequence[int]) -> Iterator[Entry]:
    """The entries in that order, some at a time."""
    related = ["node", *(link.name for link in links_of(model))]
    for some in batched(pks, CHUNK):
        found = model._base_manager.select_related(*related).in_bulk(some)
        yield from (found[pk] for pk in some if pk in found)


class Told:
    """Rows of a ledger as a sheet tells them."""

    def __init__(self, model: type[Entry], names: Names) -> None:
        self.fields: dict[str, Any] = {f.name: f for f in data_fields(model)}
        self.node_field = model.ledger.node_field
        self.names = names
        self.nodes: dict[int, str] = {}
        self.shared = {link.name: shared_names(link) for link in links_of(model)}

    def cells(self, entry: Entry, shown: Sequence[Column]) -> Iterator[Cell]:
        for column in shown:
            yield self.cell(entry, column)

    def cell(self, entry: Entry, column: Column) -> Cell:
        name = column.field
        if name == "state":
            return state_of(entry)
        if name == "evidence":
            return evidence_text(entry.evidence)
        if name == self.node_field:
            return self.node(entry.node)
        told = self.value(self.fields.get(name), getattr(entry, name))
        return ERASED if told is None and entry.erased and column.required else told

    def value(self, f: Any, value: Any) -> Cell:
        if value is None or value == "":
            return None
        if isinstance(f, IdNumber):
            return masked(value)
        if isinstance(f, Link):
            return self.link(f, value)
        if isinstance(f, Money):
            return Decimal(value).scaleb(-2)
        if isinstance(value, bool):
            return "是" if value else "否"
        told: Cell = value
        return told

    def node(self, node: Node | None) -> str | None:
        if node is None:
            return None
        if node.pk not in self.nodes:
            self.nodes[node.pk] = node_name(node, self.names)
        return self.nodes[node.pk]

    def link(self, f: Link, entry: Any) -> str:
        """Another entry by the field that names it, where that finds it alone and reads the same; else by its 编号."""
        name: str = getattr(entry, f.by)
        told = cells.read(name, Column(f.name, "", "reference"))
        number: str = entry.number
        return name if told == name and name not in self.shared[f.name] else number


def shared_names(link: Link) -> set[str]:
    """The names that more than one entry goes by."""
    target: Any = link.related_model
    rows = target._base_manager.filter(state__in=LIVE).order_by().values_list(link.by)
    return {name for name, n in rows.annotate(n=Count("pk")).filter(n__gt=1)}


def state_of(entry: Entry) -> str:
    waits = {State.SUBMITTED: "（修订待审）", State.RETURNED: "（修订退回）"}.get(
        State(entry.pending_state or "draft"), ""
    )
    return f"{State(entry.state).label}{waits}"


# What is told and kept of it ------------------------------------------------------------------------------------------


def explain(paper: Notes, made: Exported, models: Sequence[type[Entry]], by: User | None, scope: Scope) -> None:
    """The sheet 说明: what was exported, when, by whom, as of which transaction, and what the figures mean."""
    paper.title("导出说明")
    paper.line(f"导出时间：{clock.told(clock.now())}（北京时间）　　导出人：{by.username if by else COMMAND_LINE}")
    paper.line(f"范围：{scope.told()}")
    paper.line(f"账本头：事务 #{made.known.number}　散列 {made.known.hash}")
    for sentence in HOW_BACK:
        paper.line(sentence)
    paper.line("")
    rows: list[tuple[Cell, ...]] = [(m.ledger.name, m.ledger.code, made.rows[m.ledger.code]) for m in models]
    paper.table(("台账", "代码", "行数"), [*rows, *([("合计", "", made.count)] if len(rows) > 1 else [])])
    for model in models:
        paper.title(model.ledger.name)
        explain_measures(paper, model)


def record(made: Exported, models: Sequence[type[Entry]], by: User | None, scope: Scope) -> None:
    """Writes the export into the access log."""
    what = "；".join(f"{model.ledger.name} {made.rows[model.ledger.code]} 行" for model in models)
    log.write(by or COMMAND_LINE, Access.Act.EXPORT, f"{what}（{scope.told()}）", count=made.count)
