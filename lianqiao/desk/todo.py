"""What waits for somebody who has signed in, a line each, the kinds in the order in which they press."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, Min
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from lianqiao.agreements.models import Resolution
from lianqiao.desk import owed, wording
from lianqiao.desk.board import Row
from lianqiao.desk.templatetags.desk import full_name, verb
from lianqiao.desk.templatetags.returns import return_title
from lianqiao.desk.waiting import TO_REVIEW, Pile, row_by_row, to_review
from lianqiao.fields.industry import leading
from lianqiao.fields.industry.leads import OPEN as OPEN_STAGES
from lianqiao.fields.industry.leads import Enquiry, Lead
from lianqiao.journal import clock
from lianqiao.ledger.models import Change, State
from lianqiao.people import access
from lianqiao.people.models import User

KINDS = {
    "back": gettext_noop("退回待改"), "review": gettext_noop("待审核"), "objected": gettext_noop("对方异议"),
    "resolution": gettext_noop("议定事项"), "return": gettext_noop("报表到期"), "target": gettext_noop("目标落后"),
    "enquiry": gettext_noop("收到意向"), "lead": gettext_noop("线索到期"), "expired": gettext_noop("保存期满"),
}  # fmt: skip
SOON = timedelta(days=14)
ANSWERED_WITHIN = 3  # days: what the portal promises
MOST = 6  # lines of resolutions and returns; of targets half as many


@dataclass(frozen=True)
class Item:
    """A line: its kind, how it presses (red, amber or nothing), until when or since when, what it is, whose, the verb and
    where it leads. count: how many things it stands for."""

    kind: str
    tone: str
    when: str
    what: str
    whose: str
    verb: str
    address: str
    count: int = 1

    @property
    def word(self) -> str:
        return gettext(KINDS[self.kind])


def items(person: User, piles: Sequence[Pile], lagging: Sequence[Row], node: str) -> list[Item]:
    """piles: what waits in the ledgers. lagging: the targets that are behind, the worst first, at the node of that number."""
    found = [
        *(of_pile(pile, "back") for pile in piles if pile.back),
        *(reviewed(person, pile) for pile in piles if pile.review),
        *(of_pile(pile, "objected") for pile in piles if pile.objected),
        *resolutions(person),
        *returns(person),
        *leads(person),
    ]
    # A target is nobody's own: whoever has nothing else to do here has no list for its sake.
    may = found or access.grants(person, "fill")
    return [*found, *(of_target(row, node) for row in lagging[: MOST // 2])] if may else []


# Rows ------------------------------------------------------------------------------------------------------------------


def of_pile(pile: Pile, kind: str) -> Item:
    """Rows of a ledger that came back, or that the partner objects to."""
    query, verb = {"back": ("state=back", gettext("修改")), "objected": ("partner=objected", gettext("对账"))}[kind]
    count = pile.back if kind == "back" else pile.objected
    address = f"{reverse('ledger', args=[pile.ledger.code])}?{query}"
    return Item(kind, "amber", "", rows_of(pile, count), "", verb, address, count)


def reviewed(person: User, pile: Pile) -> Item:
    """Rows of a ledger that wait for review, and for how many days the oldest of them has."""
    days = waited(person, pile)
    when = gettext("等 %(n)s 天") % {"n": days} if days else gettext("今天")
    address = reverse("review_ledger", args=[pile.ledger.code])
    return Item("review", "", when, rows_of(pile, pile.review), "", gettext("审核"), address, pile.review)


def rows_of(pile: Pile, count: int) -> str:
    return gettext("%(ledger)s %(n)s 行") % {"ledger": gettext(pile.ledger.name), "n": f"{count:,}"}


def waited(person: User, pile: Pile) -> int:
    """Days since the oldest of the rows was handed in."""
    if row_by_row(access.grants(person, "review"), pile.model):
        rows = [row.pk for row in to_review(person, pile.model)]
    else:
        scope = access.rows(person, "review")
        held = pile.model._base_manager.filter(TO_REVIEW, scope).exclude(state=State.SUBMITTED, author=person)
        rows = list(held.values_list("pk", flat=True))
    steps = Change.objects.filter(ledger=pile.ledger.code, entry__in=rows).exclude(kind=Change.Kind.CONFIRM)
    oldest = steps.order_by().values("entry").annotate(last=Max("at")).order_by("last").first()
    return (clock.today() - oldest["last"].astimezone(clock.SHANGHAI).date()).days if oldest else 0


# What is due -----------------------------------------------------------------------------------------------------------


def left(days: int) -> str:
    """Until a term, in people's words."""
    if days < 0:
        return gettext("逾 %(n)s 天") % {"n": -days}
    return gettext("还 %(n)s 天") % {"n": days} if days else gettext("今天")


def resolutions(person: User) -> Iterator[Item]:
    """Those not done that are overdue or due soon, where the person fills in."""
    today = clock.today()
    held = Resolution._base_manager.filter(access.rows(person, "fill"), state=State.APPROVED, done_on=None)
    for row in held.filter(due__lte=today + SOON).order_by("due", "pk")[:MOST]:
        tone = "red" if row.due < today else ""
        address = reverse("entry_edit", args=["resolutions", row.number])
        yield Item("resolution", tone, left(days_to(row.due)), row.text, row.owner, gettext("登记进展"), address)


def days_to(day: date) -> int:
    return (day - clock.today()).days


def returns(person: User) -> Iterator[Item]:
    for task in owed.waiting(person)[:MOST]:
        at = task.slot
        address = reverse("return", args=[at.duty.node.number, at.duty.kind, at.period.until.isoformat()])
        tone = "red" if task.left < 0 and not at.sent else ""
        yield Item("return", tone, left(task.left), return_title(at), str(at.duty.node), verb(task.word), address)


def leads(person: User) -> Iterator[Item]:
    """Enquiries that nobody has taken, one's own leads whose next step is due, and what is kept no longer."""
    today = clock.today()
    held = Enquiry.objects.filter(node__in=access.nodes(person, "fill"), state=Enquiry.State.WAITING)
    first = held.aggregate(n=Count("pk"), first=Min("received_at"))
    if first["n"]:
        days = (today - first["first"].astimezone(clock.SHANGHAI).date()).days
        when = gettext("等 %(n)s 天") % {"n": days} if days > 0 else gettext("今天")
        what = gettext("待受理的意向 %(n)s 件") % {"n": first["n"]}
        tone = "amber" if days > ANSWERED_WITHIN else ""
        yield Item("enquiry", tone, when, what, "", gettext("受理"), reverse("leads"), first["n"])
    mine = Lead.objects.filter(owner=person, stage__in=OPEN_STAGES, due_on__lte=today + SOON).select_related("enquiry")
    for lead in mine.order_by("due_on", "pk")[:MOST]:
        what = f"{lead.enquiry.title}{gettext('：')}{lead.next_step}"
        assert lead.due_on
        tone = "red" if lead.due_on < today else ""
        address = reverse("lead", args=[lead.number])
        yield Item("lead", tone, left(days_to(lead.due_on)), what, lead.number, gettext("办理"), address)
    over = leading.due(access.nodes(person, "erase")).count()
    if over:
        what = gettext("保存期满的意向 %(n)s 件") % {"n": over}
        yield Item("expired", "red", "", what, "", gettext("删除"), reverse("leads_expired"), over)


def of_target(row: Row, node: str) -> Item:
    one = row.attainment
    of = one.promise.measure.unit
    unit = wording.unit_name(of, wording.WAN)
    now, goal = (wording.amount(value, of, wording.WAN) for value in (one.figure.value, one.promise.quantity))
    what = gettext("%(name)s，%(now)s / %(goal)s %(unit)s") % {
        "name": full_name(one.promise.measure),
        "now": now,
        "goal": goal,
        "unit": unit,
    }
    address = f"{reverse('targets')}?node={node}&measure={one.promise.measure.code}#h-one"
    when = gettext("%(points)s 点") % {"points": wording.gap(one.gap if one.gap is not None else -one.pace)}
    return Item("target", "red", when, what, "", gettext("查看"), address)
