"""What goes in and out of the API, as its document (openapi.json) tells it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from ninja import Field, Schema

from lianqiao.briefings.documents import FORMATS

Number = int | str | None
"""A quantity: an integer, or for money (in 元) and rates a decimal string; null where nothing was ever posted."""


class NodeOut(Schema):
    """A pairing whose figures the caller may read."""

    number: str = Field(description="编号")
    name: str
    kind: str = Field(description="省际、市际、县际、镇镇、村村、校校、院院、企村、社会组织")
    east: str
    west: str
    parent: str | None = Field(description="上级结对的编号")
    since: date
    until: date | None


class MeasureOut(Schema):
    """A measure or a rate. relation to `parent`: part, cover or subset (其中)."""

    code: str
    name: str
    unit: str
    definition: str
    excludes: str
    group: str
    stock: bool = Field(description="时点数，而非时段数")
    distinct: str = Field(description="去重的依据；空为相加")
    parent: str | None
    relation: str
    over: list[str] = Field(description="比率的分子与分母")


class FigureOut(Schema):
    """A measure at a node in a period, as known at a transaction of the journal, whose hash proves it."""

    measure: str
    name: str
    unit: str
    value: Number
    pairing: str
    start: date | None = Field(alias="from", description="空为累计")
    until: date
    known_at: str | None
    entries: int = Field(description="由多少行台账而来")
    transaction: int
    hash: str
    definition: str
    without_detail: Number = Field(description="其中没有明细的（期初数）")
    after_closing: int = Field(description="关账后入账的分录数")
    address: str = Field(description="这个数字在网页上的地址")


class TargetOut(Schema):
    """A promise for a year against the year's figure. rate and pace in percent; never capped."""

    measure: str
    name: str
    unit: str
    agreement: str
    year: int
    promised: Number
    figure: FigureOut
    rate: str | None
    pace: str
    state: str = Field(description="behind、slow、even、ahead、done、over")


class TextIn(Schema):
    """A text, and the day on which it was published, from which 今年 and 10月12日 are read."""

    text: str = Field(max_length=100_000)
    published: date | None = None


class CheckIn(TextIn):
    """A text and what it is held against: a node, the day up to which things count, and what was known when."""

    node: str
    name: str = Field("", max_length=200)
    as_of: date | None = None
    known_at: str | None = None


class ClaimOut(Schema):
    """A number of the text that states something; start and end count characters."""

    start: int
    end: int
    quote: str
    value: int | float
    unit: str
    approx: str | None = Field(description="more_than、less_than、about")
    indicator: str | None
    period: str = Field(description="cumulative、year、point、unknown")


class VerdictOut(ClaimOut):
    """A claim held against the journal."""

    measure: str | None
    verdict: str = Field(description="borne out、differs、no entries、plan、not an indicator")
    figure: Number
    figure_address: str | None
    definition: str | None
    difference: str | None
    reading: str | None
    why: list[str]


class RemarkOut(Schema):
    """Where numbers of the text contradict one another: their indices, and what is wrong."""

    kind: str
    claims: list[int]
    told: str


class ClaimsOut(Schema):
    published: date | None
    claims: list[ClaimOut]


class CheckOut(Schema):
    pairing: str
    as_of: date
    transaction: int
    hash: str
    claims: list[VerdictOut]
    within: list[RemarkOut]


class QuestionOut(Schema):
    """What a check or a reviewer asks of a return, and how the office explains it; an empty answer is still to come."""

    kind: str = Field(description="pace、falls、outlier、adds、idle、less、asked")
    measure: str
    text: str
    answer: str


class LineOut(Schema):
    """A figure of a return: this period, the one before, the same a year before; this year so far, last year so far; ever."""

    measure: str
    name: str
    unit: str
    now: Number
    last: Number
    last_year: Number
    year: Number
    year_last_year: Number
    ever: Number
    target: Number = Field(description="本年目标")
    address: str = Field(description="本期数在网页上的地址")


class ReturnOut(Schema):
    """A return: what is owed (state due, nothing else told), or its latest version."""

    node: str = Field(description="编号")
    kind: str = Field(description="month、quarter、year")
    title: str
    start: date = Field(alias="from")
    until: date
    due: date | None = Field(description="应报的日期；没有安排的为空")
    state: str = Field(description="due、filled、questioned、explained、reviewed、signed、sent、corrected")
    version: int | None = None
    transaction: int | None = None
    hash: str | None = None
    filled_at: datetime | None = None
    sent_at: datetime | None = None
    address: str = Field(description="在网页上的地址")


class WholeReturnOut(ReturnOut):
    """A version of a return with its figures, what was asked of it, and the office's words."""

    versions: list[int]
    words: str
    why: str = Field(description="更正缘由")
    lines: list[LineOut]
    questions: list[QuestionOut]


class TemplateOut(Schema):
    """A template that comes along, or an office's own."""

    code: str
    name: str
    about: str
    node: str | None = Field(description="自备模板所属结对关系的编号")


class WholeTemplateOut(TemplateOut):
    words: dict[str, str] = Field(description="模板要人写的文字：名称，与不写时的原文")


class DocumentOut(Schema):
    """A document kept on the desk: a draft, or signed and archived."""

    id: int
    node: str = Field(description="编号")
    title: str
    template: str
    state: str = Field(description="draft、archived")
    version: int
    start: date | None = Field(alias="from", description="空为累计")
    until: date
    transaction: int
    hash: str
    written_at: datetime
    signed_at: datetime | None
    sha256: str = Field(description="Word 文件的散列")
    address: str = Field(description="在网页上的地址")


class NumberOut(Schema):
    """A number of a document: its words there, and its figure."""

    text: str
    measure: str
    node: str
    period: str = Field(description="FROM..UNTIL")
    change: str = Field(description="对数所做的：空为原数，同比等")


class WholeDocumentOut(DocumentOut):
    words: dict[str, str]
    numbers: list[NumberOut]


class WritingIn(Schema):
    """What a document is written of. from: nothing is cumulative; until: today; known_at: now. Nothing of it is kept."""

    node: str
    start: date | None = Field(None, alias="from")
    until: date | None = None
    known_at: str | None = None
    words: dict[str, str] = Field({}, description="人写的文字，按名称")
    format: Literal["docx", "pdf", "html", "xlsx"] = "docx"


class ErrorPart(Schema):
    field: str
    why: str


class ErrorOut(Schema):
    status: int
    message: str
    fields: list[ErrorPart] | None = None


class Problem(Schema):
    """Every answer that is no success."""

    error: ErrorOut


REFUSALS = dict.fromkeys((400, 401, 403, 404, 429), Problem)
FILES = {"responses": {200: {"description": "OK", "content": {kind: {} for kind in FORMATS.values()}}}}
"""How the document tells of an answer that is a file."""
