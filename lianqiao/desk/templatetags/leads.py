"""How leads are told on pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from lianqiao.desk.templatetags.desk import with_query
from lianqiao.desk.todo import days_to, left
from lianqiao.desk.wording import MONEY, WAN, amount, unit_name
from lianqiao.fields.industry.leads import Enquiry, Lead, LeadStep, Stage
from lianqiao.journal import clock

register = template.Library()
MARKS = {
    Stage.NEGOTIATING: "draft",
    Stage.SIGNED: "submitted",
    Stage.LANDED: "ok",
    Stage.PRODUCING: "ok",
    Stage.LOST: "void",
}


@register.filter
def stage_word(lead: Lead) -> SafeString:
    """Where the lead stands, and, where it is lost, for what."""
    word = gettext(lead.get_stage_display())
    lost = gettext("：") + gettext(lead.lost_for) if lead.lost_for else ""
    return format_html('<span class="wf {}">{}{}</span>', MARKS[Stage(lead.stage)], word, lost)


@register.filter
def stayed(lead: Lead) -> int:
    """For how many days it has stood there."""
    return (clock.today() - lead.since).days


@register.filter
def waited(enquiry: Enquiry) -> int:
    """How many days ago it came in."""
    return max((clock.today() - enquiry.received_at.astimezone(clock.SHANGHAI).date()).days, 0)


@register.filter
def due_words(day: date) -> str:
    return left(days_to(day))


@register.filter
def step_mark(step: LeadStep) -> str:
    """How a step is drawn in the timeline."""
    if step.now == Stage.LOST.label:
        return "gone"
    return "ok" if step.kind in (LeadStep.Kind.STAGE, LeadStep.Kind.VISIT) else ""


@register.filter
def step_was(step: LeadStep) -> str:
    return told(step, step.was)


@register.filter
def step_now(step: LeadStep) -> str:
    return told(step, step.now)


def told(step: LeadStep, value: str) -> str:
    if step.kind == LeadStep.Kind.AMOUNT and value:
        return f"{amount(int(value), MONEY, WAN)} {unit_name(MONEY, WAN)}"
    return gettext(value) if step.kind == LeadStep.Kind.STAGE else value


@register.simple_tag(takes_context=True)
def heading(context: Context, name: str, words: str, side: str = "") -> SafeString:
    """A column's heading by which the list is ordered."""
    asked: Any = context["asked"]
    here = asked.sort == name
    link = with_query(context, sort=f"-{name}" if not (here and asked.down) else name, page="")
    kinds = " ".join(part for part in (side, "sort" if here else "", "up" if here and not asked.down else "") if part)
    order = format_html(' aria-sort="{}"', "descending" if asked.down else "ascending") if here else ""
    return format_html('<th scope="col" class="{}"{}><a class="col" href="{}">{}</a></th>', kinds, order, link, words)
