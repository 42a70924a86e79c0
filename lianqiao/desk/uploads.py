"""Evidence that comes with a form: what stays, what was sent before, what is new; each piece under its kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.core import signing
from django.http import HttpRequest

from lianqiao.ledger import evidence
from lianqiao.ledger.evidence import Evidence, TooLarge
from lianqiao.ledger.models import Entry

OTHER = "其他"
SALT = "evidence"  # a piece that the form carries is signed: nobody attaches what he has not sent


def kinds(entry: Entry) -> list[str]:
    return [*entry.ledger.evidence, OTHER]


def taken(request: HttpRequest, entry: Entry) -> tuple[list[Evidence], list[str]]:
    """The row's evidence as the form leaves it, new files kept; and what was wrong with those that were not."""
    dropped = set(request.POST.getlist("drop"))
    found = [piece for piece in [*entry.evidence, *carried(request)] if piece["sha256"] not in dropped]
    wrong: list[str] = []
    for kind, file in sent(request, kinds(entry)):
        try:
            if file.size > evidence.MOST_BYTES:
                raise TooLarge(evidence.TOO_LARGE.format(name=file.name))
            piece = evidence.keep(file.read(), file.name, kind)
        except TooLarge as error:
            wrong.append(str(error))
            continue
        if piece not in found:
            found.append(piece)
    return found, wrong


def carried(request: HttpRequest) -> Iterator[Evidence]:
    """Pieces that an earlier try has sent already."""
    for token in request.POST.getlist("kept"):
        try:
            yield signing.loads(token, salt=SALT)
        except signing.BadSignature:
            continue


def sent(request: HttpRequest, of: Sequence[str]) -> Iterator[tuple[str, Any]]:
    for at, kind in enumerate(of):
        for file in request.FILES.getlist(f"file-{at}"):
            yield kind, file


def tiles(entry: Entry, held: Sequence[Evidence]) -> list[dict[str, Any]]:
    """For each kind its pieces, and where files of it are dropped. Pieces that the row does not hold yet carry a token."""
    found = []
    for at, kind in enumerate(kinds(entry)):
        pieces = [tile(piece, held) for piece in entry.evidence if as_kind(piece, entry) == kind]
        found.append({"at": at, "kind": kind, "pieces": pieces, "lacking": kind != OTHER and not pieces})
    return found


def as_kind(piece: Evidence, entry: Entry) -> str:
    return piece["kind"] if piece["kind"] in entry.ledger.evidence else OTHER


def tile(piece: Evidence, held: Sequence[Evidence]) -> dict[str, Any]:
    """A piece that the row does not hold yet is carried along, and cannot be looked at yet."""
    there = piece in held
    return {**piece, "token": "" if there else signing.dumps(piece, salt=SALT), "there": there}
