"""Evidence files: given out only to somebody who may see a row that holds them."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.http import content_disposition_header

from lianqiao.desk import doors
from lianqiao.ledger import evidence
from lianqiao.ledger.registry import ledgers
from lianqiao.people import access

# What a browser may show in place. Everything else is saved: a file that people upload never runs as a page of ours.
SHOWN = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
}
SANDBOX = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@doors.page
def evidence_file(request: HttpRequest, sha256: str, name: str) -> HttpResponseBase:
    if not holds(request.user, sha256, name):
        raise Http404
    return given_out(sha256, name)


def given_out(sha256: str, name: str, shown: Mapping[str, str] = SHOWN) -> HttpResponseBase:
    """The file as an answer, after somebody has looked whether it may be seen. Raises Http404."""
    path = evidence.path_of(sha256)
    if not path.is_file():
        raise Http404
    kind = shown.get(name.rpartition(".")[2].lower())
    answer = FileResponse(path.open("rb"), content_type=kind or "application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(kind is None, name) or "inline"
    answer["Content-Security-Policy"] = SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def holds(person: access.Person, sha256: str, name: str) -> bool:
    """Whether a row that the person may see holds the file under this name."""
    mine = access.rows(person, "see")
    for model in ledgers().values():
        for pieces in model._base_manager.filter(mine, evidence__icontains=sha256).values_list("evidence", flat=True):
            if any(piece["sha256"] == sha256 and piece["name"] == name for piece in pieces):
                return True
    return False
