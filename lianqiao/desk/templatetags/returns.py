"""How returns are named and how they stand, in templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop

from lianqiao.briefings.models import Kind, Return

register = template.Library()
State = Return.State
SHAPES = {State.QUESTIONED: "back", State.SENT: "ok", State.CORRECTED: "void"}
TITLES = {
    Kind.MONTH: gettext_noop("%(year)s年%(month)s月月报"),
    Kind.QUARTER: gettext_noop("%(year)s年第%(quarter)s季度季报"),
    Kind.YEAR: gettext_noop("%(year)s年年报"),
}
QUARTERS = (gettext_noop("一"), gettext_noop("二"), gettext_noop("三"), gettext_noop("四"))


@register.filter
def return_title(of: Any) -> str:
    """What a return, or the place of one in the calendar, is called in the reader's language."""
    kind, until = getattr(of, "kind", None) or of.duty.kind, of.period.until
    quarter = gettext(QUARTERS[(until.month - 1) // 3])
    return gettext(TITLES[Kind(kind)]) % {"year": until.year, "month": until.month, "quarter": quarter}


@register.filter
def return_state(state: str) -> SafeString:
    """Where a return stands: shape and word."""
    return format_html('<span class="wf {}">{}</span>', SHAPES.get(State(state), "sent"), gettext(State(state).label))


@register.filter
def of(names: Mapping[str, str], name: str) -> str:
    """The office that a user stands for, else the user's name."""
    return names.get(name, name)


@register.filter
def typed_answer(typed: Mapping[str, str], pk: int) -> str:
    """What was typed in answer to a question, where it was refused."""
    return typed.get(f"answer-{pk}", "")
