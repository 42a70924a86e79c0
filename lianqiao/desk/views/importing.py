"""Import in the browser: drop a workbook, see what it would do, mend what is refused, write it, take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from lianqiao.desk import doors, drops, watching
from lianqiao.desk.views.exports import file_of
from lianqiao.ledger.columns import Problem
from lianqiao.ledger.models import Entry
from lianqiao.ledger.registry import sheet_form
from lianqiao.people import access
from lianqiao.places.models import Node
from lianqiao.workbooks.commit import Outcome, bring_in
from lianqiao.workbooks.preview import Preview, Refusal, preview
from lianqiao.workbooks.reading import read
from lianqiao.workbooks.writing_errors import error_workbook, rebuilt

SHOWN = 200  # refused cells, changed rows and twins that are listed
CELL = "cell|"


@doors.writing
def start(request: HttpRequest, code: str) -> HttpResponseBase:
    model = doors.ledger_for(request.user, code, "fill")
    nodes = list(access.nodes(request.user, "fill").filter(confirmed=True))
    told: dict[str, Any] = {"here": "ledgers", "model": model, "nodes": nodes, "node": doors.main_node(nodes)}
    if request.method != "POST":
        return render(request, "desk/import.html", told)
    file, papers = request.FILES.get("file"), request.FILES.getlist("papers")
    if file is None or sum(one.size or 0 for one in [file, *papers]) > drops.MOST_BYTES:
        size = drops.MOST_BYTES // 2**20
        told["problem"] = gettext("请选一个工作簿，连佐证至多 %(n)s MB。") % {"n": size}
        return render(request, "desk/import.html", told, status=400)
    number = request.POST.get("node", "")
    if number:
        doors.node(request.user, number, "fill")
    return redirect(address(code, drops.take(doors.who(request), file, papers), number))


def address(code: str, key: str, node: str) -> str:
    return reverse("import_file", args=[code, key]) + (f"?node={node}" if node else "")


@dataclass(frozen=True)
class Dropped:
    """A dropped workbook, and where its rows go that name no pairing."""

    model: type[Entry]
    key: str
    path: Path
    node: Node | None

    @property
    def address(self) -> str:
        return address(self.model.ledger.code, self.key, self.node.number if self.node else "")


@doors.writing
def file(request: HttpRequest, code: str, key: str) -> HttpResponseBase:
    model = doors.ledger_for(request.user, code, "fill")
    number = request.GET.get("node", "")
    node = doors.node(request.user, number, "fill") if number else None
    dropped = Dropped(model, key, drops.find(doors.who(request), key), node)
    act = DEEDS.get(request.POST.get("act", ""))
    if act:
        return act(request, dropped)
    return watch(request, dropped) if watching.how_far(dropped.path) else look(request, dropped)


@doors.desk_page
def progress(request: HttpRequest, code: str, key: str) -> HttpResponseBase:
    """How far the writing of a dropped file is, for the page that watches; nothing (204) where none goes on."""
    doors.ledger_for(request.user, code, "fill")
    found = watching.how_far(drops.find(doors.who(request), key))
    if found is None:
        return HttpResponse(status=204)
    return JsonResponse(found | {"name": gettext(STAGES.get(found["name"], found["name"]))})


def watch(request: HttpRequest, dropped: Dropped) -> HttpResponse:
    """The page to somebody who comes back while his file is being written."""
    told = {"here": "ledgers", "model": dropped.model, "file": dropped.path.name, "key": dropped.key, "writing": True}
    return render(request, "desk/import_file.html", told)


def look(request: HttpRequest, dropped: Dropped, status: int = 200) -> HttpResponse:
    told: dict[str, Any] = {"here": "ledgers", "model": dropped.model, "file": dropped.path.name, "node": dropped.node}
    told["key"] = dropped.key
    try:
        found = preview(dropped.model, dropped.path, doors.who(request), node=dropped.node)
    except PermissionDenied:
        told["problem"] = gettext("文件里有现有授权填不了的行。看一看结对关系和方向是不是本方的。")
        return render(request, "desk/import_file.html", told, status=403)
    if found.error:
        return render(request, "desk/import_file.html", told | {"problem": found.error}, status=400)
    return render(request, "desk/import_file.html", told | shown(found), status=status)


def shown(found: Preview) -> dict[str, Any]:
    refused = once(found.refused)
    return {
        "preview": found,
        "refused": refused[:SHOWN],
        "more": len(refused) > SHOWN,
        "changed": found.changed[:SHOWN],
        "twins": found.twins[:SHOWN],
        "ignored": [one for one in found.ignored if one.why not in ("blank", "header", "title")][:SHOWN],
        "good": found.new + len(found.changed),
    }


def once(refused: Sequence[Refusal]) -> list[Refusal]:
    """One line for a cell, whatever is wrong with it: the first that is to be mended."""
    by_place = {(one.sheet, one.row, one.cell): one for one in reversed(refused)}
    return sorted(by_place.values(), key=lambda one: (one.sheet, one.row, one.cell or ""))


def mend(request: HttpRequest, dropped: Dropped) -> HttpResponseBase:
    """Puts what was typed into the cells of the file, which is kept as values, and looks again."""
    book = rebuilt(dropped.path)
    for name, typed in request.POST.items():
        if name.startswith(CELL) and str(typed).strip():
            _, sheet, cell = name.split("|", 2)
            if sheet in book.sheetnames and cell.isascii() and cell.isalnum():
                book[sheet][cell].value = str(typed).strip()
    target = dropped.path.with_name(f"{dropped.path.stem}.xlsx")
    mended = dropped.path.with_name("mended.tmp")
    book.save(mended)
    dropped.path.unlink()
    mended.replace(target)
    return redirect(dropped.address)


def errors(request: HttpRequest, dropped: Dropped) -> HttpResponseBase:
    """The workbook back with its refused cells marked: by the file's own rules, and by what the ledgers hold."""
    found = preview(dropped.model, dropped.path, doors.who(request), node=dropped.node)
    ignored = read(dropped.path, sheet_form(dropped.model)).ignored
    refused = [Problem(r.field, r.why, r.message, r.sheet, r.row, r.cell, r.value) for r in found.refused]
    name = gettext("%(name)s（退回）.xlsx") % {"name": dropped.path.stem}
    return file_of(name, lambda target: error_workbook(dropped.path, refused, ignored, target))


def write(request: HttpRequest, dropped: Dropped) -> HttpResponseBase:
    """Writes what the button says. The page that watches asks for JSON and is told where to go on; without scripts the
    browser waits and is led there."""
    good = request.POST["act"] == "write_good"
    try:
        outcome = bring_in(
            dropped.model, dropped.path, doors.who(request), node=dropped.node, good_rows_only=good,
            progress=watching.begin(dropped.path),
        )  # fmt: skip
    except watching.Stopped:
        messages.success(request, gettext("已停下，一行也没有写。"))
        return onward(request, dropped.address)
    finally:
        watching.end(dropped.path)
    if outcome.error or (outcome.refused and not good):
        messages.error(request, gettext("一行也没有写：有退回的行。改好后再写，或只写合格的行。"))
        return onward(request, dropped.address) if watched(request) else look(request, dropped, status=400)
    drops.forget(doors.who(request), dropped.key)
    messages.success(request, said(outcome))
    if outcome.kept is None:
        return onward(request, reverse("ledger", args=[dropped.model.ledger.code]))
    return onward(request, reverse("import_done", args=[outcome.kept.pk]))


def watched(request: HttpRequest) -> bool:
    """Whether a script asks, which tells how far it is meanwhile."""
    return request.headers.get("Accept") == "application/json"


def onward(request: HttpRequest, address: str) -> HttpResponseBase:
    return JsonResponse({"to": address}) if watched(request) else redirect(address)


def stop(request: HttpRequest, dropped: Dropped) -> HttpResponseBase:
    """Calls the writing off; it tells itself what came of that."""
    watching.stop(dropped.path)
    return redirect(dropped.address)


def said(outcome: Outcome) -> str:
    if not outcome.written and not outcome.revised:
        return gettext("没有要写的：文件里的行台账都有，没有变化。")
    counts = {"new": f"{len(outcome.written):,}", "revised": f"{len(outcome.revised):,}"}
    return gettext("已录入 %(new)s 行，修订 %(revised)s 行，都待审核。") % counts


def forget(request: HttpRequest, dropped: Dropped) -> HttpResponseBase:
    drops.forget(doors.who(request), dropped.key)
    messages.success(request, gettext("没有写，上传的文件已删去。"))
    return redirect("ledger", dropped.model.ledger.code)


DEEDS = {"mend": mend, "errors": errors, "write": write, "write_good": write, "forget": forget, "stop": stop}
# What an import calls its stages (workbooks/commit.py), as they are told.
STAGES = {
    "读取": gettext_noop("读取"), "核对": gettext_noop("核对"), "录入": gettext_noop("录入"),
    "审核记账": gettext_noop("审核记账"), "写入": gettext_noop("写入"),
}  # fmt: skip
