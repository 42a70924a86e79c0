"""Numbers, doors and words in templates: one place for how each is written."""

from __future__ import annotations

import json
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_noop

from lianqiao.agreements.targets import STATES
from lianqiao.charts.geometry import px
from lianqiao.core.periods import Period
from lianqiao.core.units import Unit, plain, to_smallest
from lianqiao.desk import wording
from lianqiao.desk.wording import month_word
from lianqiao.journal import clock
from lianqiao.journal.figures import Figure
from lianqiao.journal.measures import MEASURES, Measure, Ratio
from lianqiao.ledger.models import Entry, State
from lianqiao.places.models import Node
from lianqiao.places.names import short

register = template.Library()
IGNORED = {
    "title": gettext_noop("标题"), "header": gettext_noop("表头"), "blank": gettext_noop("空行"),
    "subtotal": gettext_noop("合计"), "section": gettext_noop("小标题"), "note": gettext_noop("说明"),
    "hidden": gettext_noop("隐藏"),
}  # fmt: skip
# Ledgers whose rows have a page of their own beside the row's.
PAGES = {"meetings": "meeting", "agreements": "agreement", "visits": "visit"}
VERBS = {
    "通过": gettext_noop("通过这些行"), "退回": gettext_noop("退回这些行"), "提交": gettext_noop("提交这些行"),
    "修订": gettext_noop("修订这一行"), "撤回修订": gettext_noop("撤回这一版修订"), "填报": gettext_noop("去填报"),
    "说明": gettext_noop("去说明"),
}  # fmt: skip
PICTURES = {"png", "jpg", "jpeg", "webp"}
WORKFLOW = {
    State.DRAFT: "draft",
    State.SUBMITTED: "sent",
    State.APPROVED: "ok",
    State.RETURNED: "back",
    State.VOID: "void",
}


def scale(context: Context) -> int:
    return int(context.get("scale") or 1)


@register.simple_tag(takes_context=True)
def amount(context: Context, value: int | None, of: Unit) -> str:
    """A quantity in the reader's unit of money."""
    return wording.amount(value, of, scale(context))


@register.simple_tag(takes_context=True)
def change(context: Context, value: int, of: Unit) -> str:
    return wording.signed(value, of, scale(context))


@register.simple_tag(takes_context=True)
def unit_of(context: Context, of: Unit) -> SafeString:
    """The unit, small and grey."""
    return format_html('<span class="u">{}</span>', wording.unit_name(of, scale(context)))


@register.simple_tag(takes_context=True)
def unit_word(context: Context, of: Unit) -> str:
    return wording.unit_name(of, scale(context))


@register.simple_tag(takes_context=True)
def door(context: Context, figure: Figure) -> SafeString:
    """A figure as a link to its own page; what was never posted is a dash, and opens nothing."""
    shown = wording.amount(figure.value, figure.measure.unit, scale(context))
    if figure.value is None:
        return format_html('<span class="none">{}</span>', shown)
    return format_html('<a class="f" href="{}">{}</a>{}', figure.address, shown, marks(figure))


def marks(figure: Figure) -> SafeString:
    """What a figure must say of itself: that part of it has no rows behind it."""
    if not figure.bare:
        return SafeString("")
    word = gettext("未去重") if isinstance(figure.measure, Measure) and figure.measure.distinct else gettext("无明细")
    return format_html('<span class="tagw">{}</span>', word)


@register.simple_tag(takes_context=True)
def money(context: Context, value: int) -> str:
    """An amount in 分, in the reader's unit of money."""
    return wording.amount(value, wording.MONEY, scale(context))


@register.simple_tag(takes_context=True)
def money_unit(context: Context) -> str:
    return wording.unit_name(wording.MONEY, scale(context))


@register.filter
def yuan(value: int | None) -> str:
    """A price or a bill, in 元 to the 分, whatever unit the reader has chosen for figures."""
    return wording.MISSING if value is None else f"{value // 100:,}.{value % 100:02d}"


@register.filter
def plain_yuan(value: int) -> str:
    """The same as it is typed."""
    return plain(value, wording.MONEY)


@register.simple_tag
def page_of(entry: Entry) -> str:
    """The page that tells what became of a row: of meetings, agreements, visits and pairings; empty for the others."""
    if entry.ledger.code == "pairings":
        node = getattr(entry, "defines", None)
        return reverse("node", args=[node.number]) if node and node.confirmed else ""
    name = PAGES.get(entry.ledger.code)
    return reverse(name, args=[entry.number]) if name else ""


@register.filter
def of_whole(part: int, whole: int) -> str:
    """A part in percent of the whole."""
    return wording.share(part, whole)


@register.filter
def along(part: int, whole: int) -> str:
    """How far a part reaches on a bar of 420 that is the whole."""
    return px(Fraction(min(max(part, 0), whole) * 420, whole)) if whole else "0"


@register.simple_tag
def share(part: Figure, whole: Figure) -> str:
    """A part of a figure in percent; nothing where there is nothing to divide."""
    return wording.share(part.value, whole.value) if part.value is not None and whole.value else ""


@register.filter
def t(text: str) -> str:
    """A word that comes from the code (a measure's name, a heading, a state) in the reader's language."""
    return gettext(text) if text else ""


@register.filter
def verb(word: str) -> str:
    """A word on a button: in Chinese it is also what was done and the state that followed, in English it is not."""
    return gettext(VERBS[word]) if word in VERBS and get_language() == "en" else t(word)


@register.filter
def full_name(measure: Measure | Ratio) -> str:
    """A measure's name as it stands alone: 互访人次 · 东部赴西部 for a part that is only named within its whole."""
    above = measure.parent if isinstance(measure, Measure) else None
    if above and measure.code.startswith(f"{above.code}."):
        return f"{gettext(above.name)} · {gettext(measure.name)}"
    return gettext(measure.name)


@register.filter
def short_name(node: Node) -> str:
    """A pairing by its two short names: 靖江—永寿."""
    return f"{short(node.east)}—{short(node.west)}"


@register.filter
def indent(node: Node) -> str:
    """A node in a list of choices, further in the deeper it stands."""
    return "\u3000" * (node.depth - 1) + short_name(node)


@register.filter
def standing(state: str) -> SafeString:
    """How a target stands: shape, word and colour."""
    return format_html('<span class="st {}">{}</span>', state, gettext(STATES[state]))


@register.filter
def state_word(state: str) -> str:
    return gettext(STATES[state])


@register.filter
def gap_colour(state: str) -> str:
    """The colour of a gap to the pace: only where the target lags."""
    return {"behind": "red", "slow": "amber"}.get(state, "")


@register.filter
def percent(value: Fraction | None) -> str:
    return wording.rate(value)


@register.filter
def gap(value: Fraction | None) -> str:
    return wording.gap(value)


@register.filter
def month_name(day: date) -> str:
    return month_word(day.month)


@register.filter
def workflow(state: str) -> SafeString:
    """Where a row stands on its way."""
    return format_html('<span class="wf {}">{}</span>', WORKFLOW[State(state)], gettext(State(state).label))


@register.filter
def short_day(value: date) -> str:
    """A day; without its year in the running one."""
    return value.strftime("%m-%d") if value.year == clock.today().year else value.isoformat()


@register.filter
def moment(value: datetime | None) -> str:
    """A moment of recording, in Shanghai."""
    if value is None:
        return wording.MISSING
    local = value.astimezone(clock.SHANGHAI)
    return f"{short_day(local.date())} {local:%H:%M}"


@register.filter
def iso(value: date | None) -> str:
    return value.isoformat() if value else wording.MISSING


@register.filter
def told(period: Period) -> str:
    """A period in words."""
    if period.start is None:
        return gettext("截至 %(day)s 累计") % {"day": period.until}
    if period == Period.year(period.until.year):
        return gettext("%(year)s 年") % {"year": period.until.year}
    return gettext("%(first)s 至 %(last)s") % {"first": period.start, "last": period.until}


@register.filter
def counting(measure: Measure | Ratio) -> str:
    """How a measure is counted: a sum or distinct, a flow or a stock."""
    if isinstance(measure, Ratio):
        return gettext("比率，分子 ÷ 分母")
    how = gettext("去重") if measure.distinct else gettext("累加")
    return f"{how}{gettext('，')}{gettext('存量') if measure.stock else gettext('流量')}"


@register.filter
def hash8(digest: str) -> str:
    return digest[:8]


@register.filter
def grouped(digest: str) -> str:
    return wording.hash_groups(digest)


@register.filter
def thousands(value: int) -> str:
    return f"{value:,}"


@register.filter
def is_picture(name: str) -> bool:
    """Whether a browser shows the file as a picture."""
    return name.rpartition(".")[2].lower() in PICTURES


@register.filter
def ignored_word(why: str) -> str:
    """Why the import skips a line."""
    return gettext(IGNORED.get(why, why))


@register.filter
def suffix(name: str) -> str:
    """What stands for a file that is no picture: PDF."""
    return name.rpartition(".")[2].upper()[:5]


@register.filter
def as_json(value: Any) -> str:
    """For an attribute that a script reads."""
    return json.dumps(value, ensure_ascii=False)


# Checked texts ---------------------------------------------------------------------------------------------------------

VERDICT_COLOURS = {"x": "red", "o": "m", "p": "acc", "y": "pine"}
VERDICT_CLASSES = {"y": "y", "p": "pl", "o": "no"}


@register.filter
def verdict_colour(mark: str) -> str:
    return VERDICT_COLOURS[mark]


@register.filter
def verdict_class(mark: str) -> str:
    return VERDICT_CLASSES[mark]


@register.simple_tag(takes_context=True)
def verdict_door(context: Context, verdict: dict[str, Any]) -> SafeString:
    """The figure that a saved verdict names, as a link to its page."""
    of = MEASURES[verdict["measure"]].unit if verdict.get("measure") in MEASURES else None
    if of is None or verdict["figure"] is None:
        return SafeString("")
    shown = wording.amount(to_smallest(verdict["figure"], of), of, scale(context))
    unit = wording.unit_name(of, scale(context))
    return format_html('<a class="f" href="{}">{}</a> {}', verdict["figure_address"], shown, unit)


@register.simple_tag
def verdict_name(verdict: dict[str, Any]) -> str:
    """What the figure of a saved verdict counts."""
    measure = MEASURES.get(verdict.get("measure") or "")
    return full_name(measure) if measure else ""


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: Any) -> str:
    """The page's own address with these parts of its query changed; an empty value takes one out."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in ("", None):
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}" if query else "?"
