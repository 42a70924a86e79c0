"""Documents: a template chosen, previewed, worded, signed and archived; two versions compared; an office's own templates."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lianqiao.briefings import drafting, webpage
from lianqiao.briefings.documents import FORMATS, SHIPPED, Shipped, as_format, by_name, texts_of
from lianqiao.briefings.models import Briefing, Template
from lianqiao.core.periods import Period
from lianqiao.desk import doors
from lianqiao.desk.forms import CellField, NodeChoice
from lianqiao.desk.views.checks import attached
from lianqiao.journal import chain, clock
from lianqiao.journal.figures import known_at
from lianqiao.journal.measures import MEASURES
from lianqiao.ledger import evidence
from lianqiao.ledger.acts import Refused
from lianqiao.ledger.columns import Column
from lianqiao.people import access, log
from lianqiao.people.models import Access, User
from lianqiao.places.models import Node

State = Briefing.State
LARGEST, WORDS = 10_000_000, "words-"
NUMBER = re.compile(r'<data value="([^"]*)">(.*?)</data>', re.S)
PAGE = {"here": "returns", "tab": "briefings"}


def visible(person: access.Person) -> QuerySet[Briefing]:
    """Archived documents of nodes whose figures the person may read, and drafts of those whose rows he may see."""
    archived = Q(state=State.ARCHIVED, node__in=access.nodes(person, "figures"))
    drafts = Q(state=State.DRAFT, node__in=access.nodes(person, "see"))
    return Briefing.objects.filter(archived | drafts).select_related("node", "own", "author", "signer", "earlier")


def found(person: access.Person, pk: int) -> Briefing:
    one = visible(person).filter(pk=pk).first()
    if one is None:
        raise Http404
    return one


def template_name(one: Briefing) -> str:
    shipped = None if one.own else by_name(one.template)
    return one.own.name if one.own else shipped.name if shipped else one.template


@doors.page
def overview(request: HttpRequest) -> HttpResponse:
    doors.require_somewhere(request.user, "figures")
    held = list(visible(request.user)[:200])
    told = {
        **PAGE,
        "lines": [(one, template_name(one)) for one in held],
        "may_fill": may(request.user, "fill"),
        "may_see": may(request.user, "see"),
    }
    return render(request, "desk/briefings.html", told)


def may(person: access.Person, act: access.Act) -> bool:
    return isinstance(person, User) and bool(access.grants(person, act))


# A new one -------------------------------------------------------------------------------------------------------------


def default_title(node: Node, template: str, until: date) -> str:
    return f"{node.name}{template}（{until}）"


class NewForm(forms.Form):
    """Which template, of what, when and as known when; a title."""

    title = forms.CharField(required=False, max_length=120)

    def __init__(self, person: access.Person, data: QueryDict | None, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        nodes = access.nodes(person, "fill").filter(confirmed=True)
        self.own = {one.code: one for one in own_templates(person, "fill")}
        choices = [(one.code, one.name) for one in SHIPPED] + [(key, one.name) for key, one in self.own.items()]
        self.fields["template"] = forms.ChoiceField(
            choices=choices, error_messages={"required": "模板：未选。请选一个。"}
        )
        missing = {"required": "结对关系：必填，未填。请补上。"}
        self.fields["node"] = NodeChoice(nodes, empty_label=None, error_messages=missing)
        for name, heading in (("start", "自哪天"), ("until", "至哪天"), ("known", "按哪天所知")):
            widget = forms.TextInput({"placeholder": "2021-12-31", "class": "date"})
            self.fields[name] = CellField(Column(name, heading, "date"), widget=widget)

    def begun(self, by: User) -> Briefing:
        """The draft. Raises Refused."""
        given = self.cleaned_data
        chosen = self.own.get(given["template"], given["template"])
        name = dict(self.fields["template"].choices)[given["template"]]  # type: ignore[attr-defined]
        until = given["until"] or clock.today()
        title = given["title"].strip() or default_title(given["node"], name, until)
        known = known_at(given["known"]) if given["known"] else None
        return drafting.begin(given["node"], chosen, title, by, given["start"], until, known)


@doors.writing
def new(request: HttpRequest) -> HttpResponseBase:
    doors.require_somewhere(request.user, "fill")
    node = doors.main_node(list(access.nodes(request.user, "fill").filter(confirmed=True)))
    initial = {"node": node.pk if node else None, "template": request.GET.get("template", "")}
    form = NewForm(request.user, request.POST if request.method == "POST" else None, initial)
    problems: list[str] = []
    if form.is_bound and form.is_valid():
        try:
            return redirect("briefing", form.begun(doors.who(request)).pk)
        except Refused as refused:
            problems = [problem.message for problem in refused.problems]
    own = [(key, one) for key, one in form.own.items()]
    told = {**PAGE, "form": form, "shipped": SHIPPED, "own": own, "problems": problems}
    return render(request, "desk/briefing_new.html", told, status=400 if form.errors or problems else 200)


# One document ----------------------------------------------------------------------------------------------------------


@doors.page
def briefing(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, found(request.user, pk))


def page(request: HttpRequest, one: Briefing, refused: Refused | None = None) -> HttpResponse:
    draft = one.state == State.DRAFT
    person = request.user
    here = {act: isinstance(person, User) and access.may(person, act, one.node) for act in ("fill", "review")}
    told = {
        **PAGE,
        "one": one,
        "template": template_name(one),
        "fields": fields(one, request.POST if refused else None) if draft and here["fill"] else [],
        "preview": SafeString(NUMBER.sub(r'<a class="f" href="\1">\2</a>', webpage.fragment(drafting.content(one)))),
        "may": here,
        "mine": isinstance(person, User) and one.author_id == person.pk,
        "behind": chain.head().number - one.transaction,
        "whole": draft or evidence.is_whole(one.evidence[0]["sha256"]),
        "later": Briefing.objects.filter(earlier=one).first(),
        "refused": [problem.message for problem in refused.problems] if refused else [],
    }
    return render(request, "desk/briefing.html", told, status=400 if refused else 200)


def fields(one: Briefing, typed: QueryDict | None) -> list[tuple[str, str]]:
    """The words that its template asks for: their names, and what stands in them now."""
    asked = texts_of(drafting.source(one))
    held = {name: one.words.get(name, text) for name, text in asked.items()}
    return [(name, typed.get(f"{WORDS}{name}", text) if typed else text) for name, text in held.items()]


def reword(request: HttpRequest, one: Briefing, by: User) -> Briefing:
    given = {name.removeprefix(WORDS): str(text) for name, text in request.POST.items() if name.startswith(WORDS)}
    return drafting.reword(one, given, by)


DEEDS = {
    "reword": reword,
    "renew": lambda request, one, by: drafting.renew(one, by),
    "sign": lambda request, one, by: drafting.sign(one, by),
    "follow": lambda request, one, by: drafting.follow(one, by),
    "drop": lambda request, one, by: drafting.drop(one, by),
}


@doors.deed
def act(request: HttpRequest, pk: int) -> HttpResponseBase:
    one, wanted = found(request.user, pk), request.POST.get("do", "")
    if wanted not in DEEDS:
        raise Http404
    try:
        made = DEEDS[wanted](request, one, doors.who(request))
    except Refused as refused:
        return page(request, one, refused)
    if made is None:
        messages.success(request, gettext("草稿已删去。"))
        return redirect("briefings")
    messages.success(request, told(wanted))
    return redirect("briefing", made.pk)


def told(wanted: str) -> str:
    return {
        "reword": gettext("文字已写进文稿。"),
        "renew": gettext("已按今天的账重写。"),
        "sign": gettext("已签发归档，文件连同散列一起保存。"),
        "follow": gettext("下一版的草稿已写好。"),
    }[wanted]


@doors.page
def comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """A version beside the one before: the numbers that are not the same, and the words."""
    new_one = found(request.user, pk)
    old = new_one.earlier
    if old is None or not visible(request.user).filter(pk=old.pk).exists():
        raise Http404
    lines = drafting.differences(old, new_one)
    nodes = {node.number: node for node in Node.objects.filter(number__in={key[1] for key, _, _ in lines})}
    told = {
        **PAGE,
        "old": old,
        "new": new_one,
        "lines": [(MEASURES.get(key[0]), nodes.get(key[1]), Period.parse(key[2]), key[3], a, b) for key, a, b in lines],
        "words": [
            (name, old.words.get(name, ""), new_one.words.get(name, ""))
            for name in dict.fromkeys([*old.words, *new_one.words])
            if old.words.get(name, "") != new_one.words.get(name, "")
        ],
    }
    return render(request, "desk/briefing_compare.html", told)


@doors.desk_page
def file(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The document in a format. It leaves the house: a fresh sign-in, and a line in the access log."""
    one = found(request.user, pk)
    if kind not in FORMATS:
        raise Http404
    return given_out(request, one, kind)


@reauthentication_required(app="desk")
def given_out(request: HttpRequest, one: Briefing, kind: str) -> HttpResponseBase:
    log.write(doors.who(request), Access.Act.EXPORT, f"{one} 第{one.version}版 {kind}", count=len(one.numbers))
    return attached(as_format(drafting.content(one), kind, one.title), f"{one.title}.{kind}", FORMATS[kind])


# Templates -------------------------------------------------------------------------------------------------------------


def own_templates(person: access.Person, act: access.Act) -> QuerySet[Template]:
    """The offices' own templates of nodes where the person may act."""
    return Template.objects.filter(node__in=access.nodes(person, act)).select_related("node")


def template_for(person: access.Person, code: str, act: access.Act) -> Shipped | Template:
    """The template of that code, if the person may act somewhere, and where an own one is from. Raises Http404 for any other."""
    doors.require_somewhere(person, act)
    own = re.fullmatch(r"own-(\d{1,18})", code)
    chosen = own_templates(person, act).filter(pk=int(own[1])).first() if own else by_name(code)
    if chosen is None:
        raise Http404
    return chosen


class TemplateForm(forms.Form):
    """A Word file of the office's own, and what it is to be called."""

    name = forms.CharField(max_length=80, error_messages={"required": "名称：必填，未填。请补上。"})
    file = forms.FileField(error_messages={"required": "文件：未选。请选一个 Word 文件（.docx）。"})

    def __init__(self, person: access.Person, data: QueryDict | None, files: Any) -> None:
        super().__init__(data, files)
        nodes = access.nodes(person, "fill").filter(confirmed=True)
        missing = {"required": "结对关系：必填，未填。请补上。"}
        self.fields["node"] = NodeChoice(nodes, empty_label=None, error_messages=missing)

    def clean_file(self) -> bytes:
        held = self.cleaned_data["file"]
        if held.size > LARGEST:
            raise forms.ValidationError("文件：超过 10 MB。请缩小图片后再传。")
        return bytes(held.read())


@doors.writing
def templates(request: HttpRequest) -> HttpResponseBase:
    """The templates that come along, to be adapted in Word, and the office's own; POST brings one, or says what is wrong
    in it and where."""
    doors.require_somewhere(request.user, "see")
    if request.method == "POST":
        doors.require_somewhere(request.user, "fill")
    form = TemplateForm(request.user, *((request.POST, request.FILES) if request.method == "POST" else (None, None)))
    problems: list[str] = []
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            made = drafting.bring(given["node"], given["name"].strip(), given["file"], doors.who(request))
        except Refused as refused:
            problems = [problem.message for problem in refused.problems]
        else:
            messages.success(request, gettext("模板“%(name)s”可以用了。") % {"name": made.name})
            return redirect("briefing_templates")
    told = {
        **PAGE,
        "form": form,
        "problems": problems,
        "shipped": SHIPPED,
        "own": own_templates(request.user, "see"),
        "may_fill": may(request.user, "fill"),
    }
    return render(request, "desk/briefing_templates.html", told, status=400 if form.errors or problems else 200)


@doors.desk_page
def template(request: HttpRequest, code: str) -> HttpResponse:
    """A template as a Word file, to be adapted."""
    chosen = template_for(request.user, code, "see")
    return attached(drafting.file_of(chosen), f"{chosen.name}.docx", FORMATS["docx"])


@require_safe
def paper_style(request: HttpRequest) -> HttpResponse:
    """How a document looks on a page, as webpage.py says it in a file of its own."""
    return HttpResponse(webpage.style(), content_type="text/css; charset=utf-8")
