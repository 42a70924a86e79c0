"""What is done with rounds of matching: started over a node, moved by hand, sent, answered, and matched again with what is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date

from django.core import signing
from django.db import transaction as database
from django.db.models import Count, Q

from lianqiao.fields.employment import transfer
from lianqiao.fields.employment.matching import explaining, market, rounds
from lianqiao.fields.employment.matching.candidates import Weights
from lianqiao.fields.employment.matching.explaining import Move, Reason
from lianqiao.fields.employment.matching.rounds import Outcome, Terms
from lianqiao.fields.employment.pool import REACH, SCHOOLING_RANK, Seeker, Vacancy
from lianqiao.fields.employment.proposals import MatchRun, Proposal, ProposalStep
from lianqiao.journal import clock
from lianqiao.ledger import acts
from lianqiao.people import access
from lianqiao.people.models import User
from lianqiao.places.models import Node

SALT, DAYS = "lianqiao.employment.proposal", 60  # of the link by which a seeker answers, and how long it holds
NIGHTS = frozenset({"夜班"})
LODGED = ("包住", "包食宿")
State = Proposal.State


# What goes in ------------------------------------------------------------------------------------------------------------


@dataclass
class Given:
    """The open seekers and vacancies of a node as matching knows them, and what has been settled, promised and refused."""

    seekers: dict[str, Seeker]
    vacancies: Mapping[str, Vacancy]
    people: list[market.Seeker]
    places: list[market.Vacancy]
    terms: Terms


def given(node: Node, weights: Weights, seed: int, on: date) -> Given:
    """Reads what a round over the node and all below it would go by on that day."""
    people = Seeker.objects.filter(node__path__startswith=node.path, state=Seeker.State.SEEKING).select_related("node")
    seekers = {one.number: one for one in people}
    offered = Vacancy.objects.filter(node__path__startswith=node.path, state=Vacancy.State.OPEN, until__gte=on)
    filled = Count("placements", filter=Q(placements__left_on=None))
    vacancies = {one.number: one for one in offered.select_related("employer").annotate(filled=filled)}
    return Given(
        seekers,
        vacancies,
        [seeker_row(one) for one in seekers.values()],
        [vacancy_row(one, one.headcount - one.filled) for one in vacancies.values()],
        Terms(weights, seed, named(seekers, Proposal.OPEN), named(seekers, (State.ACCEPTED,)), refused(seekers)),
    )


def named(seekers: dict[str, Seeker], states: Iterable[str]) -> dict[str, str]:
    """Where proposals in these states would take the seekers. Those accepted of who has not been taken on yet stand."""
    rows = Proposal.objects.filter(seeker__state=Seeker.State.SEEKING, state__in=states).order_by("pk")
    found = rows.values_list("seeker__number", "vacancy__number")
    return {who: where for who, where in found if who in seekers}


def refused(seekers: dict[str, Seeker]) -> frozenset[tuple[str, str]]:
    """The pairs that one of the two declined, and those that ended already."""
    declined = Proposal.objects.filter(seeker__state=Seeker.State.SEEKING, state__in=Proposal.DECLINED)
    ended = transfer.Placement.objects.filter(seeker__state=Seeker.State.SEEKING).exclude(left_on=None)
    pairs = {
        *declined.values_list("seeker__number", "vacancy__number"),
        *ended.values_list("seeker__number", "vacancy__number"),
    }
    return frozenset(pair for pair in pairs if pair[0] in seekers)


def seeker_row(one: Seeker) -> market.Seeker:
    return market.Seeker(
        key=one.number,
        birth_year=one.birth_year,
        areas=REACH[one.reach],
        wage=one.least_wage,
        free_from=one.available_from,
        kinds=tuple(one.kinds),
        places=frozenset(one.places),
        schooling=SCHOOLING_RANK[one.schooling],
        experience=one.experience,
        skills=frozenset(one.skills),
        certificates=frozenset(one.certificates),
        cannot=NIGHTS if one.no_nights else frozenset(),
        priority=one.lifted,
        woman=one.gender == "女",
        village=one.village,
        couple=f"{one.node_id}/{one.couple}" if one.couple else "",
        group=f"{one.node_id}/{one.party}" if one.party else "",
    )


def vacancy_row(one: Vacancy, left: int) -> market.Vacancy:
    return market.Vacancy(
        key=one.number,
        employer=str(one.employer_id),
        area=one.area,
        place=one.place,
        town=one.town,
        kind=one.kind,
        headcount=left,
        wage_from=one.wage_from,
        wage_to=one.wage_to,
        begins=one.starts_on,
        until=one.until,
        age_from=one.age_from,
        age_to=one.age_to,
        schooling=SCHOOLING_RANK[one.schooling],
        skills=frozenset(one.skills),
        certificates=frozenset(one.certificates) - frozenset(one.training),
        demands=NIGHTS if one.nights else frozenset(),
        lodging="couple" if one.couples else "single" if one.housing in LODGED else "",
        near=one.area == "本县",
    )


# A round -----------------------------------------------------------------------------------------------------------------


@database.atomic
def start(node: Node, weights: Weights, seed: int, by: User) -> MatchRun:
    """Matches the open seekers and vacancies of a node and all below it. Open proposals of earlier rounds count as settled: they
    stay unless the whole gains much by a move. Raises Refused where there is nobody or nothing; Http404, PermissionDenied."""
    require(by, node)
    last = MatchRun.objects.select_for_update(of=("self",)).filter(node=node).order_by("-pk").first()
    today = clock.today()
    held = given(node, weights, seed, today)
    if not held.people or not held.places:
        raise acts.refuse("没有待推荐的求职者，或没有在招的岗位。")
    outcome = rounds.match(held.people, held.places, held.terms)
    run = MatchRun.objects.create(
        node=node,
        after=last,
        weights=asdict(weights),
        seed=seed,
        day=today,
        snapshot=rounds.snapshot(held.people, held.places, held.terms),
        seekers=len(held.people),
        vacancies=len(held.places),
        places=sum(one.headcount for one in held.places),
        pairs=len(outcome.pairs),
        total=outcome.total,
        bound=outcome.bound,
        fairness=[asdict(one) for one in explaining.fairness(outcome)],
        left=left_out(outcome),
        made_by=by,
    )
    keep(run, held, outcome, by, f"第 {run.number} 轮")
    return run


def require(by: access.Person, node: Node) -> None:
    """Whoever matches must know the people, and decides for both sides."""
    access.require(by, "seekers", node)
    access.require(by, "review", node)


def left_out(outcome: Outcome) -> dict[str, int]:
    """Of everybody without a place, how many candidates there were."""
    _, count = explaining.ranks(outcome)
    people = outcome.market.seekers
    return {people[at].key: int(count[at]) for at, pair in enumerate(outcome.taken.tolist()) if pair < 0}


def keep(run: MatchRun, held: Given, outcome: Outcome, by: User, why: str) -> list[Proposal]:
    """Writes down what a round says: those sent who stay are left alone, who goes elsewhere has his proposal withdrawn, and
    whoever has none gets one. Returns the new ones."""
    open_now = {
        one.seeker.number: one
        for one in Proposal.objects.select_for_update(of=("self",))
        .filter(seeker__number__in=list(held.seekers), state__in=[*Proposal.OPEN, State.ACCEPTED])
        .select_related("seeker", "vacancy")
    }
    staying = {who for who, one in open_now.items() if stands(one, outcome.placed.get(who))}
    old = [one for who, one in open_now.items() if who not in staying]
    same = [one for one in old if outcome.placed.get(one.seeker.number) == one.vacancy.number]
    withdraw(same, by, f"并入{why}")
    withdraw([one for one in old if one not in same], by, f"{why}改派")
    MatchRun.objects.filter(pk=run.pk).update(stayed=len(staying) + len(same), moved=len(old) - len(same))
    run.refresh_from_db()
    return propose(run, held, outcome, staying)


def stands(one: Proposal, where: str | None) -> bool:
    """Whether a proposal need not be made again: it has gone out and is still for the same vacancy."""
    return one.state != State.PROPOSED and one.vacancy.number == where


def propose(run: MatchRun, held: Given, outcome: Outcome, staying: set[str]) -> list[Proposal]:
    teams = team_names(outcome)
    made = []
    for told in explaining.reasons(outcome):
        if told.seeker not in staying:
            made.append(proposal_of(run, held, told, teams[told.seeker]))
            made[-1].save()
    return made


def team_names(outcome: Outcome) -> dict[str, str]:
    """For each seeker the smallest 编号 of those who go together."""
    people, unit = outcome.market.seekers, outcome.market.unit.tolist()
    least: dict[int, str] = {}
    for one, at in zip(people, unit, strict=True):
        least[at] = min(one.key, least.get(at, one.key))
    return {one.key: least[at] for one, at in zip(people, unit, strict=True)}


def proposal_of(run: MatchRun, held: Given, told: Reason, team: str) -> Proposal:
    return Proposal(
        run=run,
        seeker=held.seekers[told.seeker],
        vacancy=held.vacancies[told.vacancy],
        score=told.score,
        parts=told.parts,
        rank=told.rank,
        candidates=told.candidates,
        next_best=held.vacancies.get(told.next_best),
        next_cost=told.cost,
        team=team,
    )


def withdraw(proposals: Iterable[Proposal], by: User | None, why: str) -> None:
    for one in proposals:
        step(one, State.WITHDRAWN, by, why)


def step(proposal: Proposal, state: str, by: User | None, why: str = "", cost: int | None = None) -> None:
    """Takes a proposal to a state, and writes down who did it and why."""
    proposal.state = state
    proposal.save(update_fields=["state", "seeker_agrees", "employer_agrees"])
    ProposalStep.objects.create(proposal=proposal, by=by, what=State(state).label, why=why, cost=cost)


# By hand -----------------------------------------------------------------------------------------------------------------


def look(run: MatchRun, seeker: Seeker, vacancy: Vacancy) -> tuple[Given, Move]:
    """What it would cost to put somebody elsewhere, and who else would move. The round is solved anew on today's rows."""
    held = given(run.node, Weights(**run.weights), run.seed, clock.today())
    if seeker.number not in held.seekers or vacancy.number not in held.vacancies:
        raise acts.refuse("求职者已不在待推荐之列，或岗位已不在招聘。")
    outcome = rounds.match(held.people, held.places, held.terms)
    now = {**held.terms.settled, **held.terms.promised}
    return held, explaining.moved(outcome, now, seeker.number, vacancy.number)


@database.atomic
def move(run: MatchRun, seeker: Seeker, vacancy: Vacancy, by: User, why: str) -> Proposal:
    """Puts somebody elsewhere by hand, with whoever must move for it. Raises Refused where a hard condition stands against it or
    no reason is given; Http404, PermissionDenied."""
    require(by, run.node)
    acts.reasoned(why, "手工改派")
    run = MatchRun.objects.select_for_update(of=("self",)).select_related("node").get(pk=run.pk)
    held, found = look(run, seeker, vacancy)
    if found.outcome is None:
        raise acts.refuse("不能改派：" + "；".join(found.barred) + "。")
    made = keep(run, held, found.outcome, by, "手工改派")
    (one,) = [one for one in made if one.seeker_id == seeker.pk] or [current(seeker)]
    ProposalStep.objects.create(proposal=one, by=by, what="手工改派", why=why, cost=found.cost)
    return one


def current(seeker: Seeker) -> Proposal:
    return Proposal.objects.get(seeker=seeker, state__in=Proposal.OPEN)


# Sent and answered -------------------------------------------------------------------------------------------------------


@database.atomic
def send(run: MatchRun, by: User) -> int:
    """Sends all proposals of a round that have not gone out. Returns how many. Raises Refused where there is none."""
    require(by, run.node)
    waiting = list(run.proposals.select_for_update(of=("self",)).filter(state=State.PROPOSED))
    if not waiting:
        raise acts.refuse("没有待送出的推荐。")
    for one in waiting:
        step(one, State.SENT, by)
    return len(waiting)


@database.atomic
def answer(proposal: Proposal, side: str, agrees: bool, by: User | None, why: str = "") -> Proposal:
    """Records the answer of one side ("seeker" or "employer"), told by a person of the desk or (None) by a signed link. Whoever
    goes together is taken on when all of them have both sides' word; where one is declined, the others' proposals are withdrawn.
    Raises Refused."""
    team = list(
        Proposal.objects.select_for_update(of=("self",))
        .filter(run=proposal.run_id, team=proposal.team)
        .select_related("seeker", "vacancy", "run")
        .order_by("pk")
    )
    (one,) = [other for other in team if other.pk == proposal.pk]
    if one.state != State.SENT:
        raise acts.refuse(f"{one.number}：{one.get_state_display()}，不能再答复。")
    setattr(one, f"{side}_agrees", agrees)
    who = "本人" if side == "seeker" else "单位"
    if agrees:
        agree(one, team, by, who)
    else:
        step(one, State.DECLINED_BY_SEEKER if side == "seeker" else State.DECLINED_BY_EMPLOYER, by, why)
        others = [other for other in team if other.pk != one.pk and other.state in (*Proposal.OPEN, State.ACCEPTED)]
        withdraw(others, by, "同行的人没有成")
    return one


def agree(one: Proposal, team: list[Proposal], by: User | None, who: str) -> None:
    if not (one.seeker_agrees and one.employer_agrees):
        one.save(update_fields=["seeker_agrees", "employer_agrees"])
        ProposalStep.objects.create(proposal=one, by=by, what=f"{who}同意")
        return
    step(one, State.ACCEPTED, by, f"{who}同意")
    standing = [other for other in team if other.state in (*Proposal.OPEN, State.ACCEPTED)]
    if all(other.state == State.ACCEPTED for other in standing):
        for other in standing:
            transfer.place(other.seeker, other.vacancy, f"{other.run.number} {other.number}")


def waiting_for_employer(employer_id: int) -> list[Proposal]:
    """What an employer has yet to answer."""
    rows = Proposal.objects.filter(vacancy__employer=employer_id, state=State.SENT, employer_agrees=None)
    return list(rows.select_related("seeker", "vacancy", "run"))


def answer_token(proposal: Proposal) -> str:
    """What the link holds by which a seeker answers: it opens this one proposal and nothing else."""
    return signing.dumps(proposal.pk, salt=SALT)


def proposal_by(token: str) -> Proposal | None:
    """Whose link it is; None where it was altered or is too old. It answers only as long as the proposal waits for an answer."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=DAYS * 24 * 3600)
    except signing.BadSignature:
        return None
    found = Proposal.objects.filter(pk=pk).exclude(state=State.PROPOSED)
    return found.select_related("seeker", "vacancy__employer", "run").first()
