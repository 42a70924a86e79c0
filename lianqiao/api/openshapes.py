"""What open data answers, as its description (openapi.json) tells it; the tables have the same columns."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from ninja import Field, Schema

from lianqiao.api.shapes import Number, Problem

__all__ = ["Problem"]

Language = Literal["zh-hans", "en"]


class Listed(Schema):
    """A page of a list."""

    licence: str = Field(description="使用许可的网址")
    count: int
    page: int
    pages: int


class YearOut(Schema):
    year: int
    value: Number
    without_detail: Number
    complete: bool = Field(description="这一年是否已过完（到截止日）")


class PublicFigure(Schema):
    """A figure as it was published: money a decimal string in 元, rates in percent."""

    measure: str
    name: str
    unit: str
    value: Number
    pairing: str
    node: str = Field(description="结对的编号")
    start: date | None = Field(alias="from", description="空：自结对起累计")
    until: date
    known_at: datetime | None
    entries: int = Field(description="入账条数")
    without_detail: Number = Field(description="其中没有明细的（期初数）")
    transaction: int
    hash: str
    definition: str = Field(description="口径")
    excludes: str = Field(description="不包括")
    version: int = Field(description="口径的版本")
    published: datetime = Field(description="首次公开")
    by_year: list[YearOut] | None = Field(description="逐年数，随数字公开的才有")
    address: str = Field(description="固定网址")


class FiguresOut(Listed):
    items: list[PublicFigure]


class NowOut(Schema):
    value: Number
    transaction: int
    hash: str


class ChangeOut(Schema):
    """A later transaction that moved the figure."""

    transaction: int
    recorded_at: datetime
    by: Number
    after: Number


class QuotedIn(Schema):
    title: str
    url: str


class ProofOut(Schema):
    """A figure, what the journal says now over the same period, what moved it since, and who quotes it."""

    figure: PublicFigure
    now: NowOut
    changes: list[ChangeOut]
    quoted_in: list[QuotedIn]
    verify: str = Field(description="自己核对的命令")


class PublicMeasure(Schema):
    code: str
    name: str
    unit: str
    definition: str
    excludes: str
    group: str
    version: int


class MeasuresOut(Listed):
    items: list[PublicMeasure]


class PublicTarget(Schema):
    """A target published beside a figure of its year. rate in percent; never capped."""

    measure: str
    name: str
    unit: str
    pairing: str
    node: str
    year: int
    promised: Number
    agreement: str
    start: date | None = Field(alias="from")
    until: date
    value: Number
    rate: str | int | None
    transaction: int
    hash: str
    address: str


class TargetsOut(Listed):
    items: list[PublicTarget]


class PublicPage(Schema):
    id: int
    title: str
    url: str
    published: datetime | None
    updated: datetime | None


class NewsItem(PublicPage):
    date: str = Field(description="发布日期")
    section: str = Field(description="words、pictures、video")
    city: str
    issuer: str = Field(description="发布开发区")
    source: str
    summary: str


class NewsOut(Listed):
    items: list[NewsItem]


class ZoneItem(PublicPage):
    kind: str = Field(description="zone、park、place")
    level: str
    city: str
    summary: str
    office: str
    phone: str
    email: str
    hours: str
    address: str


class ZonesOut(Listed):
    items: list[ZoneItem]


class OpportunityItem(PublicPage):
    place: str
    sector: str
    mode: str
    stage: str = Field(description="open、talks、signed、landed")
    amount: Number = Field(description="计划投资，元")
    size: str
    wanted: str
    summary: str
    dated: str = Field(description="更新日期")


class OpportunitiesOut(Listed):
    items: list[OpportunityItem]


def columns(shape: type[Schema], *, without: tuple[str, ...] = ()) -> list[str]:
    """The columns of a table: a shape's fields by the names that JSON has."""
    return [one.alias or name for name, one in shape.model_fields.items() if name not in without]


FIGURE_COLUMNS = columns(PublicFigure, without=("by_year",))
MEASURE_COLUMNS = columns(PublicMeasure)
TARGET_COLUMNS = columns(PublicTarget)
NEWS_COLUMNS = columns(NewsItem)
ZONE_COLUMNS = columns(ZoneItem)
OPPORTUNITY_COLUMNS = columns(OpportunityItem)
