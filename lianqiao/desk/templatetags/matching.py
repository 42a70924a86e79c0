"""How the pages of matching say shares, scores and states."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lianqiao.desk.templatetags.desk import t
from lianqiao.fields.employment.proposals import MatchRun, Proposal

register = template.Library()
CLASSES = {"proposed": "", "sent": " sent", "accepted": " ok", "withdrawn": " void"}


@register.filter
def share_of_bound(run: MatchRun) -> str:
    """How near the total comes to what no assignment can exceed: rounded down, so that 100 % is said only of the best."""
    if not run.bound:
        return "100%"
    share = (Decimal(100 * run.total) / run.bound).quantize(Decimal("0.01"), ROUND_DOWN)
    return f"{share.normalize():f}%"


@register.filter
def placed_share(fared: dict[str, Any]) -> str:
    """Of those who asked, who were placed."""
    return f"{100 * fared['placed'] // fared['asked']}%" if fared["asked"] else "—"


@register.filter
def mean_score(fared: dict[str, Any]) -> str:
    return f"{fared['score'] // fared['placed']:,}" if fared["placed"] else "—"


@register.filter
def proposal_state(proposal: Proposal) -> SafeString:
    """The state, and of one sent, who has agreed already."""
    label = t(proposal.get_state_display())
    if proposal.state == Proposal.State.SENT and proposal.seeker_agrees:
        label = t("本人同意，等单位")
    elif proposal.state == Proposal.State.SENT and proposal.employer_agrees:
        label = t("单位同意，等本人")
    return format_html('<span class="wf{}">{}</span>', CLASSES.get(proposal.state, " back"), label)
