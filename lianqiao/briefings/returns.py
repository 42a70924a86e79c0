"""What is done with returns: fill, explain, ask, review, sign, send, correct, drop. Each is one database transaction.

Whoever filled or explained a return neither reviews nor signs it, and who reviewed it does not sign it. Raises Refused
where an act is against the rules, Http404 and PermissionDenied as people/access.py says.
"""

from __future__ import annotations

from django.db import IntegrityError
from django.db import transaction as database

from lianqiao.briefings.models import Kind, Question, Return, title
from lianqiao.briefings.returns_calendar import DONE, before, duty_of, period_of
from lianqiao.briefings.returns_checks import doubts
from lianqiao.briefings.returns_lines import Line, Reading, compare, lines_of, read
from lianqiao.core.periods import Period
from lianqiao.core.private import NUMBERS
from lianqiao.journal import chain, clock
from lianqiao.journal.models import Closing
from lianqiao.ledger import acts
from lianqiao.ledger.acts import Refused, refuse
from lianqiao.people.access import require
from lianqiao.people.models import User
from lianqiao.places.models import Node

__all__ = ["Refused", "answer", "ask", "correct", "drop", "fill", "refill", "review", "send", "sign", "write"]

State = Return.State
MOST_WORDS = 5000


def locked(one: Return) -> Return:
    """The return under lock."""
    return Return.objects.select_for_update(of=("self",)).select_related("node").get(pk=one.pk)


def expect(one: Return, *states: str) -> None:
    """Raises Refused unless the return stands where the act begins."""
    if one.state not in states:
        raise refuse(f"{one}：现为{State(one.state).label}，不能办这一步。")


def latest(node: Node, kind: str, period: Period) -> Return | None:
    """The version of a return that counts, or is being made."""
    return Return.objects.filter(node=node, kind=kind, until=period.until).order_by("-version").first()


# Filling ---------------------------------------------------------------------------------------------------------------


@database.atomic
def fill(node: Node, kind: str, period: Period, by: User) -> Return:
    """A return of a period that has ended, with the figures as they are known now and what the checks ask of them."""
    require(by, "fill", node)
    told = f"{node} {title(kind, period)}"
    if period.start is None or period != period_of(kind, period.until):
        raise refuse(f"{Kind(kind).label}不按这一期间报：{period.describe()}。")
    if period.until > clock.today():
        raise refuse(f"{told}：期间到 {period.until} 才结束。")
    one = Return(node=node, kind=kind, start=period.start, until=period.until, author=by)
    return started(one, f"{told}：已经填过。")


def started(one: Return, taken: str) -> Return:
    """Saves a new version with its figures and questions; where somebody was quicker, raises Refused with `taken`."""
    found = take(one)
    try:
        with database.atomic():
            one.save(force_insert=True)
    except IntegrityError as error:
        raise refuse(taken) from error
    question(one, found)
    return one


def take(one: Return) -> Reading:
    """Puts today's figures into a version; nothing is saved."""
    found = read(one.node, one.kind, one.period)
    one.transaction, one.hash = found.known.number, found.known.hash
    one.lines, one.filled_at = [line.kept() for line in found.lines], clock.now()
    one.state = State.FILLED
    unsign(one)
    return found


def unsign(one: Return) -> None:
    """What is changed must be reviewed and signed anew."""
    one.reviewer = one.reviewed_at = one.coordinator = one.signed_at = None


def question(one: Return, found: Reading) -> None:
    """Asks what the checks find; what was answered before, word for word the same, stays answered."""
    asked = {(q.kind, q.measure, q.text): q for q in one.questions.exclude(kind=Question.Kind.ASKED)}
    for doubt in doubts(found, last_sent(one)):
        if not asked.pop((doubt.kind, doubt.measure, doubt.text), None):
            one.questions.create(kind=doubt.kind, measure=doubt.measure, text=doubt.text)
    one.questions.filter(pk__in=[q.pk for q in asked.values()]).delete()
    stand(one)


def last_sent(one: Return) -> list[Line]:
    """The lines that were sent last of the period before."""
    period = before(one.kind, one.period)
    sent = Return.objects.filter(node=one.node, kind=one.kind, until=period.until, state=State.SENT)
    found = sent.order_by("-version").first()
    return lines_of(found) if found else []


def stand(one: Return) -> None:
    """Where a return stands by its questions: filled without any, questioned, or all explained."""
    answers = list(one.questions.values_list("answer", flat=True))
    one.state = State.FILLED if not answers else State.EXPLAINED if all(answers) else State.QUESTIONED
    one.save()


@database.atomic
def refill(one: Return, by: User) -> Return:
    """Takes the figures anew; whoever had reviewed or signed it does so again."""
    one = locked(one)
    require(by, "fill", one.node)
    if one.state in DONE:
        raise refuse(f"{one}：已经上报，要改请更正。")
    one.author = by
    question_anew(one)
    return one


def question_anew(one: Return) -> None:
    found = take(one)
    one.save()
    question(one, found)


@database.atomic
def write(one: Return, words: str, by: User) -> Return:
    """The office's own words on the period; at most 5,000 characters, and no ID numbers in them."""
    one = locked(one)
    require(by, "fill", one.node)
    expect(one, State.FILLED, State.QUESTIONED, State.EXPLAINED)
    if len(words) > MOST_WORDS:
        raise refuse(f"情况说明至多 {MOST_WORDS} 字，现有 {len(words)} 字。", why="bad_text")
    if NUMBERS.search(words):
        raise refuse("情况说明要上报，不能写身份证号或电话。", why="bad_text")
    one.words = words.strip()
    one.save(update_fields=["words"])
    return one


@database.atomic
def drop(one: Return, by: User) -> None:
    """Takes a version away that was not sent, with its questions; what was sent before it stands as before."""
    one = locked(one)
    require(by, "fill", one.node)
    if one.state in DONE:
        raise refuse(f"{one}：已经上报，不能删去。要改请更正。")
    one.delete()


# Questions -------------------------------------------------------------------------------------------------------------


@database.atomic
def answer(asked: Question, text: str, by: User) -> Return:
    """Explains one question in words; with the last of them the return is explained."""
    one = locked(asked.of)
    require(by, "fill", one.node)
    expect(one, State.QUESTIONED, State.EXPLAINED)
    acts.reasoned(text, "说明")
    acts.short_enough(text)
    asked.answer, asked.answered_by, asked.answered_at = text.strip(), by.username, clock.now()
    asked.save()
    stand(one)
    return one


@database.atomic
def ask(one: Return, text: str, by: User, measure: str = "") -> Return:
    """Who reviews asks a question of his own: back to the office; signatures there were are gone."""
    one = locked(one)
    require(by, "review", one.node)
    expect(one, State.FILLED, State.QUESTIONED, State.EXPLAINED, State.REVIEWED, State.SIGNED)
    acts.reasoned(text, "提问")
    acts.short_enough(text)
    one.questions.create(kind=Question.Kind.ASKED, measure=measure, text=text.strip(), asked_by=by.username)
    unsign(one)
    stand(one)
    return one


# Signing and sending ---------------------------------------------------------------------------------------------------


def by_another(one: Return, by: User, act: str) -> None:
    """Raises Refused for who filled or explained the return."""
    if by.pk == one.author_id or one.questions.filter(answered_by=by.username).exists():
        raise refuse(f"{one}：填报、说明与{act}不能是同一人（{by}）。", why="same_person")


@database.atomic
def review(one: Return, by: User) -> Return:
    one = locked(one)
    require(by, "review", one.node)
    expect(one, State.FILLED, State.EXPLAINED)
    by_another(one, by, "审核")
    one.state, one.reviewer, one.reviewed_at = State.REVIEWED, by, clock.now()
    one.save()
    return one


@database.atomic
def sign(one: Return, by: User) -> Return:
    one = locked(one)
    require(by, "close", one.node)
    expect(one, State.REVIEWED)
    by_another(one, by, "签发")
    if by.pk == one.reviewer_id:
        raise refuse(f"{one}：审核与签发不能是同一人（{by}）。", why="same_person")
    one.state, one.coordinator, one.signed_at = State.SIGNED, by, clock.now()
    one.save()
    return one


@database.atomic
def send(one: Return, by: User) -> Return:
    """Sends a signed return up; the period is closed where its duty says so, and the version before is corrected."""
    one = locked(one)
    require(by, "close", one.node)
    expect(one, State.SIGNED)
    close(one, by)
    one.state, one.sender, one.sent_at = State.SENT, by, clock.now()
    one.save()
    earlier = Return.objects.filter(node=one.node, kind=one.kind, until=one.until, version__lt=one.version)
    earlier.filter(state=State.SENT).update(state=State.CORRECTED)
    return one


def close(one: Return, by: User) -> None:
    """Closes the period, unless it is closed already or its duty leaves it open.

    What is closed is what was sent: refused where the journal has moved since the figures were taken.
    """
    duty = duty_of(one.node, one.kind, one.period)
    closed = Closing.objects.filter(node=one.node, until__gte=one.until).exists()
    if closed or (duty and not duty.closes):
        return
    chain.lock()
    moved = compare(lines_of(one), read(one.node, one.kind, one.period).lines)
    if moved:
        names = "、".join(dict.fromkeys(change.measure.name for change in moved[:3]))
        raise refuse(f"{one}：取数以后账本又动了（{names}等）。请重新取数，再审核、签发。", why="moved")
    acts.close(one.node, one.until, by, f"上报{one.title}第{one.version}版")


# Correcting ------------------------------------------------------------------------------------------------------------


@database.atomic
def correct(one: Return, by: User, why: str) -> Return:
    """A new version of a return that was sent, with today's figures and the reason; refused where no figure changed.

    It is explained, reviewed, signed and sent as the first one was; until then that one stands.
    """
    one = locked(one)
    require(by, "fill", one.node)
    expect(one, State.SENT)
    acts.reasoned(why, "更正")
    acts.short_enough(why)
    made = Return(
        node=one.node, kind=one.kind, start=one.start, until=one.until, version=one.version + 1, why=why.strip(),
        words=one.words, author=by,
    )  # fmt: skip
    started(made, f"{one}：更正已在办。")
    if not compare(lines_of(one), lines_of(made)):
        raise refuse(f"{one}：账本里没有变化，不必更正。")
    keep_answers(one, made)
    return made


def keep_answers(old: Return, new: Return) -> None:
    """Questions that are word for word those of the version before are answered as there."""
    answered = {(q.kind, q.measure, q.text): q for q in old.questions.exclude(answer="")}
    for asked in new.questions.all():
        before = answered.get((asked.kind, asked.measure, asked.text))
        if before:
            asked.answer, asked.answered_by = before.answer, before.answered_by
            asked.answered_at = before.answered_at
            asked.save()
    stand(new)
