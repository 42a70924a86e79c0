"""Texts held against the journal: pasted or dropped, their numbers marked, readings corrected by hand, results saved."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, gettext_noop

from lianqiao.claims import check as against
from lianqiao.claims import corrections, marked
from lianqiao.claims.check import NO_INDICATOR, Checked
from lianqiao.claims.comments import commented
from lianqiao.claims.documents import Document, Unreadable, text_of
from lianqiao.claims.marked import paragraphs, tally
from lianqiao.claims.models import HeldReading, SavedCheck
from lianqiao.claims.reading import Claim, read
from lianqiao.claims.times import published_on
from lianqiao.desk import doors
from lianqiao.desk.forms import NodeChoice
from lianqiao.desk.people import offices
from lianqiao.desk.templatetags.desk import full_name
from lianqiao.journal.measures import MEASURES, Measure
from lianqiao.people import access

LARGEST_FILE, LONGEST = 5_000_000, 100_000
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def visible(request: HttpRequest) -> QuerySet[SavedCheck]:
    """Checks whose figures the reader may see: those saved, and his own not yet saved."""
    mine = Q(by=request.user.get_username()) if request.user.is_authenticated else Q(pk__in=[])
    seen = SavedCheck.objects.filter(node__in=access.nodes(request.user, "figures"))
    return seen.filter(Q(kept=True) | mine).select_related("node")


def found(request: HttpRequest, pk: int) -> SavedCheck:
    one = visible(request).filter(pk=pk).first()
    if one is None:
        raise Http404
    return one


@doors.page
def overview(request: HttpRequest) -> HttpResponse:
    doors.require_somewhere(request.user, "figures")
    saved = list(visible(request)[:100])
    names = offices(one.by for one in saved)
    lines = [(one, tally(one.result), names.get(one.by, one.by)) for one in saved]
    return render(request, "desk/checks.html", {"here": "checks", "lines": lines})


@doors.page
def check(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(request, pk)
    told = {
        "here": "checks",
        "check": one,
        "paragraphs": paragraphs(one.text, one.result),
        "tally": tally(one.result),
        "aside": [verdict for verdict in one.result if verdict["verdict"] == NO_INDICATOR],
        "remarks": marked.remarks_told(one),
        "office": offices([one.by]).get(one.by, one.by),
        "signed_in": request.user.is_authenticated,
        "may_fill": access.may(request.user, "fill", one.node),
    }
    return render(request, "desk/check.html", told)


@doors.page
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """The check as one HTML file, to be sent and printed."""
    one = found(request, pk)
    return attached(marked.page(one).encode(), f"{Path(one.name).stem} 核对.html", "text/html; charset=utf-8")


def attached(data: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


# A new text -----------------------------------------------------------------------------------------------------------


class CheckForm(forms.Form):
    """A text, typed or as a file, and what it is held against."""

    file = forms.FileField(required=False)
    text = forms.CharField(required=False, strip=False, max_length=LONGEST, widget=forms.Textarea({"rows": 12}))
    name = forms.CharField(required=False, max_length=200)
    as_of = forms.DateField(
        required=False, input_formats=["%Y-%m-%d"], widget=forms.DateInput({"placeholder": "2021-12-31"})
    )

    def __init__(self, person: access.Person, data: QueryDict | None, files: MultiValueDict[str, Any] | None) -> None:
        super().__init__(data, files)
        nodes = access.nodes(person, "figures").filter(confirmed=True)
        self.fields["node"] = NodeChoice(nodes, empty_label=None)
        self.document: Document | None = None

    def clean(self) -> None:
        given = self.cleaned_data
        file, text = given.get("file"), given.get("text", "")
        if "file" in self.errors or "text" in self.errors:
            return
        if not file and not text.strip():
            self.add_error("text", gettext("文稿：未填。请贴上文字，或选一个文件。"))
            return
        try:
            self.document = document(file) if file else Document(text, published_on(text))
        except Unreadable as error:
            self.add_error("file", gettext("文件：") + str(error))
            return
        if len(self.document.text) > LONGEST:
            self.add_error("file", gettext("文件：文字超过 %(n)s 字。请分开核对。") % {"n": LONGEST})

    @property
    def title(self) -> str:
        """What the text is called: as typed, as its file, or its first line."""
        file = self.cleaned_data.get("file")
        first = (
            next((line.strip() for line in self.document.text.splitlines() if line.strip()), "")
            if self.document
            else ""
        )
        return str(self.cleaned_data.get("name") or (file.name if file else "") or first)[:200] or gettext("未题名")

    def checked(self) -> Checked:
        """The text held against the journal. Only after is_valid()."""
        assert self.document is not None
        given, published = self.cleaned_data, self.document.published
        return against.check(
            self.title, self.document.text, given["node"], given["as_of"] or published, published=published
        )


def document(file: UploadedFile) -> Document:
    """The readable text of a file that was sent. Raises Unreadable."""
    if (file.size or 0) > LARGEST_FILE:
        raise Unreadable(f"超过 {LARGEST_FILE // 1_000_000} MB。")
    with on_disk(file) as held:
        return text_of(Path(held.name))


def on_disk(file: UploadedFile) -> Any:
    """The file in a temporary place, under its own suffix; gone when closed."""
    held = tempfile.NamedTemporaryFile(suffix=Path(file.name or "").suffix)  # noqa: SIM115 (closed by whoever asked)
    for chunk in file.chunks():
        held.write(chunk)
    held.flush()
    return held


@doors.writing
def new(request: HttpRequest) -> HttpResponseBase:
    """A text is checked, and the result kept for its author until he saves it; or his Word file comes back with comments."""
    doors.require_somewhere(request.user, "figures")
    posted = request.method == "POST"
    form = CheckForm(request.user, request.POST if posted else None, request.FILES if posted else None)
    if form.is_bound and form.is_valid():
        if request.POST.get("want") == "docx":
            answer = word_file(form)
            if answer is not None:
                return answer
        else:
            return redirect("check", draft(form.checked(), request).pk)
    if not posted:
        node = doors.main_node(doors.seen_nodes(request.user))
        form.initial["node"] = node.pk if node else None
    return render(request, "desk/check_new.html", {"here": "checks", "form": form}, status=400 if form.errors else 200)


def draft(checked: Checked, request: HttpRequest) -> SavedCheck:
    """Keeps a result for its author alone, in place of the one before."""
    by = doors.who(request).get_username()
    SavedCheck.objects.filter(by=by, kept=False).delete()
    one = marked.saved(checked, by, kept=False)
    one.save()
    return one


def word_file(form: CheckForm) -> HttpResponse | None:
    """The Word file that was sent, with comments; None, with the reason at the form, where it is none."""
    file = form.cleaned_data.get("file")
    if not file or not (file.name or "").lower().endswith(".docx"):
        form.add_error("file", gettext("文件：批注写在 Word 稿上，请选 .docx。"))
        return None
    with on_disk(file) as source, tempfile.NamedTemporaryFile(suffix=".docx") as target:
        try:
            commented(Path(source.name), form.checked(), Path(target.name))
        except Unreadable as error:
            form.add_error("file", gettext("文件：") + str(error))
            return None
        return attached(Path(target.name).read_bytes(), f"{Path(file.name).stem} 批注.docx", WORD)


@doors.deed
def act(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Saves a check for everybody, drops it, or holds its text against the journal again."""
    one = found(request, pk)
    by = doors.who(request).get_username()
    wanted = request.POST.get("do")
    if wanted == "again":
        return redirect("check", draft(anew(one), request).pk)
    if wanted not in ("keep", "drop") or one.kept:
        raise Http404
    if one.by != by:
        raise PermissionDenied
    if wanted == "drop":
        one.delete()
        return redirect("checks")
    one.kept = True
    one.save()
    messages.success(request, gettext("已保存，连同账本当时的散列。"))
    return redirect("check", pk)


def anew(one: SavedCheck) -> Checked:
    return against.check(one.name, one.text, one.node, one.as_of, published=one.published)


# Readings corrected by hand -------------------------------------------------------------------------------------------

PERIODS = (("", gettext_noop("照文中时间词")), *corrections.PERIODS.items())


class ReadingForm(forms.Form):
    """What numbers in these words are of, and when."""

    measure = forms.CharField(required=False)
    period = forms.ChoiceField(required=False, choices=[("", ""), *((code, code) for code in corrections.PERIODS)])

    def clean_measure(self) -> str:
        code = str(self.cleaned_data["measure"])
        if code and not isinstance(MEASURES.get(code), Measure):
            raise forms.ValidationError(gettext("指标：没有这一项。"))
        return code


@doors.writing
def reading(request: HttpRequest, pk: int, start: int) -> HttpResponseBase:
    """Corrects by hand what a number of a check is of; later readings of the programme follow."""
    one = found(request, pk)
    access.require(request.user, "fill", one.node)
    claim = next((c for c in claims_of(one) if c.start == start), None)
    if claim is None:
        raise Http404
    form = ReadingForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        corrections.remember(claim, one.node, given["measure"], given["period"], doors.who(request).get_username())
        messages.success(request, gettext("记住了，以后照此读。"))
        return redirect("check", draft(anew(one), request).pk)
    verdict = next((v for v in one.result if v["start"] == start), None)
    told = {
        "here": "checks",
        "check": one,
        "claim": claim,
        "before": one.text[max(0, claim.start - 60) : claim.start].rpartition("\n")[2],
        "after": one.text[claim.end : claim.end + 40].partition("\n")[0],
        "groups": groups(),
        "measure": verdict["measure"] if verdict else None,
        "periods": PERIODS,
        "form": form,
    }
    return render(request, "desk/check_reading.html", told, status=400 if form.errors else 200)


def claims_of(one: SavedCheck) -> list[Claim]:
    return corrections.corrected(read(one.text, one.published or one.as_of), one.node)


def groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """The measures that a number may be of, by their groups."""
    by_group: dict[str, list[tuple[str, str]]] = {}
    for code, measure in MEASURES.items():
        if isinstance(measure, Measure):
            by_group.setdefault(measure.group, []).append((code, full_name(measure)))
    return list(by_group.items())


@doors.writing
def readings(request: HttpRequest) -> HttpResponseBase:
    """The readings remembered; POST forgets one."""
    doors.require_somewhere(request.user, "figures")
    held = HeldReading.objects.filter(node__in=access.nodes(request.user, "figures")).select_related("node")
    if request.method == "POST":
        told = request.POST.get("forget", "")
        one = held.filter(pk=doors.whole_number(told, 1, 10**18)).first()
        if one is None:
            raise Http404
        access.require(request.user, "fill", one.node)
        one.delete()
        messages.success(request, gettext("已忘掉，以后按通常的读法。"))
        return redirect("check_readings")
    names = offices(one.by for one in held)
    mine = set(access.nodes(request.user, "fill").values_list("pk", flat=True))
    lines = [
        (
            one,
            MEASURES.get(one.measure),
            corrections.PERIODS.get(one.period, ""),
            names.get(one.by, one.by),
            one.node_id in mine,
        )
        for one in held[:200]
    ]
    return render(request, "desk/check_readings.html", {"here": "checks", "lines": lines})
