"""匹配 on the desk: rounds, their proposals with reasons and fairness, moves by hand, and the answers of both sides."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lianqiao.desk import doors
from lianqiao.desk.forms import NodeChoice
from lianqiao.desk.views.labour_employers import by_link
from lianqiao.fields.employment import matches
from lianqiao.fields.employment.matching.candidates import Weights
from lianqiao.fields.employment.pool import Employer, Seeker, Vacancy
from lianqiao.fields.employment.proposals import PARTS, MatchRun, Proposal
from lianqiao.ledger.acts import Refused
from lianqiao.people import access
from lianqiao.places.models import NodeQuerySet

State = Proposal.State
PAGE = 50
HEAVIEST = 50
SIDES = {"seeker": ("west",), "employer": ("east",)}
"""Who records whose answer: the western side the seeker's, the eastern the employer's."""


class RunForm(forms.Form):
    """What a round is started with: the node, the seed of its lots, and what each part of a score counts for."""

    seed = forms.IntegerField(min_value=0, max_value=999_999, initial=0)

    def __init__(self, nodes: NodeQuerySet, data: QueryDict | None) -> None:
        super().__init__(data)
        self.fields["node"] = NodeChoice(
            nodes, empty_label=None, error_messages={"required": "结对关系：必填，未填。请补上。"}
        )
        for name, weight in Weights.__dataclass_fields__.items():
            self.fields[name] = forms.IntegerField(
                min_value=0, max_value=HEAVIEST, initial=weight.default, label=PARTS[name]
            )

    def weights(self) -> Weights:
        return Weights(**{name: self.cleaned_data[name] for name in PARTS})

    def boxes(self) -> list[forms.BoundField]:
        return [self[name] for name in PARTS]


def deciding(person: access.Person) -> NodeQuerySet:
    """Where the person may start rounds."""
    return access.nodes(person, "seekers").filter(confirmed=True, pk__in=access.nodes(person, "review"))


@doors.writing
def overview(request: HttpRequest) -> HttpResponse:
    """The rounds so far. POST starts one."""
    doors.require_somewhere(request.user, "seekers")
    nodes = deciding(request.user)
    form = RunForm(nodes, request.POST if request.method == "POST" else None)
    problem = ""
    if form.is_bound:
        doors.require_somewhere(request.user, "review")
        if form.is_valid():
            try:
                made = matches.start(
                    form.cleaned_data["node"], form.weights(), form.cleaned_data["seed"], doors.who(request)
                )
                return redirect("labour_run", made.number)
            except Refused as refused:
                problem = str(refused)
    runs = MatchRun.objects.filter(node__in=access.nodes(request.user, "seekers")).select_related("node", "made_by")
    told = {
        "here": "labour",
        "tab": "runs",
        "runs": runs.annotate(**tallies()),
        "form": form,
        "problem": problem,
        "may_start": nodes.exists(),
    }
    return render(request, "desk/labour/runs.html", told, status=400 if form.is_bound else 200)


def tallies() -> dict[str, Count]:
    """How many proposals of a round are in which state."""
    states = {"waiting": [State.SENT], "accepted": [State.ACCEPTED], "declined": [*Proposal.DECLINED]}
    return {name: Count("proposals", filter=Q(proposals__state__in=of)) for name, of in states.items()}


def run_for(request: HttpRequest, number: str) -> MatchRun:
    return doors.numbered(request.user, "seekers", MatchRun.objects.select_related("node", "made_by", "after"), number)


def decides(request: HttpRequest, found: MatchRun) -> bool:
    return access.may(request.user, "review", found.node)


@doors.writing
def run(request: HttpRequest, number: str) -> HttpResponse:
    """One round: what came of it, for whom, and why. POST sends what has not gone out."""
    found = run_for(request, number)
    problem = ""
    if request.method == "POST":
        access.require(request.user, "review", found.node)
        try:
            sent = matches.send(found, doors.who(request))
            messages.success(request, gettext("已送出 %(n)s 份推荐。") % {"n": sent})
            return redirect("labour_run", number)
        except Refused as refused:
            problem = str(refused)
    asked = request.GET.get("state", "")
    rows = found.proposals.select_related("seeker__node", "vacancy__employer", "next_best__employer")
    told = {
        "here": "labour",
        "tab": "runs",
        "run": found,
        "problem": problem,
        "page": Paginator(rows.filter(state=asked) if asked in State.values else rows, PAGE).get_page(
            request.GET.get("page")
        ),
        "asked": asked,
        "states": [(one, held) for one in State if (held := found.proposals.filter(state=one).count())],
        "unsent": found.proposals.filter(state=State.PROPOSED).count(),
        "groups": found.fairness[:5],
        "villages": found.fairness[5:],
        "left": left(found),
        "weights": [(PARTS[name], weight) for name, weight in found.weights.items()],
        "may_decide": decides(request, found),
    }
    return render(request, "desk/labour/run.html", told, status=400 if problem else 200)


def left(found: MatchRun) -> list[tuple[Seeker, int]]:
    """Who found no place in a round and still looks for one, those with most candidates first."""
    people = Seeker.objects.filter(number__in=list(found.left), state=Seeker.State.SEEKING)
    rows = [(one, found.left[one.number]) for one in people]
    return sorted(rows, key=lambda row: (-row[1], row[0].number))


# One proposal ------------------------------------------------------------------------------------------------------------


def proposal_for(request: HttpRequest, number: str) -> Proposal:
    rows = Proposal.objects.select_related("run__node", "seeker__node", "vacancy__employer", "next_best__employer")
    found = rows.filter(number=number).first()
    if found is None:
        raise Http404
    access.require(request.user, "seekers", found.run.node)
    return found


@doors.writing
def proposal(request: HttpRequest, number: str) -> HttpResponse:
    """Why this one, what happened since, and whose answer is awaited. POST records an answer."""
    found = proposal_for(request, number)
    problem = ""
    if request.method == "POST":
        side = request.POST.get("side", "")
        access.require(request.user, "confirm", found.run.node, SIDES.get(side, ()))
        problem = recorded(request, found, side)
        if not problem:
            return redirect("labour_proposal", number)
    weights = found.run.weights
    told = {
        "here": "labour",
        "tab": "runs",
        "proposal": found,
        "problem": problem,
        "parts": [
            (PARTS[name], found.parts[name], weights[name], found.parts[name] * weights[name])
            for name in PARTS
            if name != "settled"
        ],
        "steps": found.steps.select_related("by"),
        "team": found.run.proposals.filter(team=found.team).exclude(pk=found.pk).select_related("seeker", "vacancy"),
        "sides": awaited(request, found),
        "link": request.build_absolute_uri(f"/a/{matches.answer_token(found)}/") if found.state == State.SENT else "",
        "may_decide": decides(request, found.run) and found.state in Proposal.OPEN,
    }
    return render(request, "desk/labour/proposal.html", told, status=400 if problem else 200)


def awaited(request: HttpRequest, found: Proposal) -> list[tuple[str, str]]:
    """The sides whose answer is awaited and which the reader may record."""
    if found.state != State.SENT:
        return []
    sides = (("seeker", "本人", found.seeker_agrees), ("employer", "单位", found.employer_agrees))
    return [
        (side, word)
        for side, word, agreed in sides
        if agreed is None and access.may(request.user, "confirm", found.run.node, SIDES[side])
    ]


def recorded(request: HttpRequest, found: Proposal, side: str, by_link: bool = False) -> str:
    """Records the answer that the form tells; returns what stands against it."""
    agrees = request.POST.get("agrees")
    if side not in SIDES or agrees not in ("yes", "no"):
        return gettext("请选同意或谢绝。")
    by = None if by_link else doors.who(request)
    try:
        matches.answer(found, side, agrees == "yes", by, request.POST.get("why", "").strip()[:200])
    except Refused as refused:
        return str(refused)
    messages.success(request, gettext("已记下。"))
    return ""


# By hand -----------------------------------------------------------------------------------------------------------------


@doors.writing
def move(request: HttpRequest, number: str, seeker: str) -> HttpResponse:
    """Puts somebody elsewhere: choose where, see what it costs and who else moves, give the reason."""
    found = run_for(request, number)
    matches.require(request.user, found.node)
    person = Seeker.objects.filter(number=seeker, node__path__startswith=found.node.path).first()
    if person is None:
        raise Http404
    offered = open_vacancies(found)
    asked = request.POST.get("vacancy") or request.GET.get("vacancy", "")
    where = next((one for one in offered if one.number == asked), None)
    told: dict[str, Any] = {
        "here": "labour",
        "tab": "runs",
        "run": found,
        "seeker": person,
        "offered": offered,
        "where": where,
    }
    told["now"] = (
        Proposal.objects.filter(seeker=person, state__in=Proposal.OPEN).select_related("vacancy__employer").first()
    )
    try:
        if request.method == "POST":
            if where is None:
                raise Http404
            made = matches.move(found, person, where, doors.who(request), request.POST.get("why", ""))
            messages.success(request, gettext("已改派，缘由和代价已记下。"))
            return redirect("labour_proposal", made.number)
        told |= seen(found, person, where) if where else {}
    except Refused as refused:
        told["problem"] = str(refused)
        told |= seen(found, person, where) if where and request.method == "POST" else {}
    return render(request, "desk/labour/move.html", told, status=400 if request.method == "POST" else 200)


def open_vacancies(found: MatchRun) -> list[Vacancy]:
    rows = Vacancy.objects.filter(node__path__startswith=found.node.path, state=Vacancy.State.OPEN)
    return list(rows.select_related("employer").order_by("employer__name", "pk"))


def seen(found: MatchRun, person: Seeker, where: Vacancy) -> dict[str, Any]:
    """The cost of a move, what bars it, and who else would move from where to where."""
    held, result = matches.look(found, person, where)
    others = [
        (held.seekers[who], held.vacancies.get(held.terms.settled.get(who, "")), held.vacancies.get(to))
        for who, to in (result.others or {}).items()
    ]
    return {"result": result, "others": others}


# By a signed link ----------------------------------------------------------------------------------------------------------


@by_link
def employer_answers(request: HttpRequest, employer: Employer, token: str) -> HttpResponse:
    """Who is proposed to an employer. POST tells yes or no to one of them."""
    waiting = matches.waiting_for_employer(employer.pk)
    problem = ""
    if request.method == "POST":
        found = next((one for one in waiting if one.number == request.POST.get("proposal")), None)
        if found is None:
            raise Http404
        problem = recorded(request, found, "employer", by_link=True)
        if not problem:
            return redirect("employer_answers", token)
    told = {"employer": employer, "token": token, "waiting": waiting, "problem": problem}
    return render(request, "desk/labour/employer_answers.html", told, status=400 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def seeker_answer(request: HttpRequest, token: str) -> HttpResponse:
    """What is proposed to a seeker, as he opens his link. POST tells yes or no."""
    found = matches.proposal_by(token)
    if found is None:
        raise Http404
    problem = ""
    if request.method == "POST":
        problem = recorded(request, found, "seeker", by_link=True)
        if not problem:
            return redirect("seeker_answer", token)
    told = {
        "proposal": found,
        "vacancy": found.vacancy,
        "open": found.state == State.SENT and found.seeker_agrees is None,
        "problem": problem,
    }
    answer = render(request, "desk/labour/seeker_answer.html", told, status=400 if problem else 200)
    doors.private(answer)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
