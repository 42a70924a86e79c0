"""Seekers from a workbook."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lianqiao.desk import doors
from lianqiao.desk.labour import intake
from lianqiao.desk.views.labour_vacancies import own_node
from lianqiao.ledger.evidence import MOST_BYTES

SHOWN = 100


@doors.writing
def start(request: HttpRequest) -> HttpResponse:
    """GET offers the headings; POST takes a workbook whole, or says of each cell what is wrong. The file is not kept."""
    doors.require_somewhere(request.user, "fill")
    doors.require_somewhere(request.user, "seekers")
    told: dict[str, Any] = {"here": "labour", "tab": "seekers", "headings": intake.headings()}
    if request.method != "POST":
        return render(request, "desk/labour/import.html", told)
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > MOST_BYTES:
        return render(
            request, "desk/labour/import.html", told | {"error": gettext("请选一个文件，至多 50 MB。")}, status=400
        )
    with tempfile.NamedTemporaryFile(suffix=Path(file.name or "").suffix) as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        taken = intake.take(Path(kept.name), own_node(request), doors.who(request))
    if not taken.entered:
        told |= {"error": taken.error, "refused": taken.refused[:SHOWN], "count": len(taken.refused)}
        return render(request, "desk/labour/import.html", told, status=400)
    messages.success(request, gettext("已登记 %(n)s 人。") % {"n": len(taken.entered)})
    return redirect("labour_seekers")
