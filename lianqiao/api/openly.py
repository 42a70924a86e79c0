"""How open data is answered: to everybody, in pages or as CSV, with what a cache needs to ask again cheaply."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from ninja import Field, Schema

from lianqiao.api import doors

KEPT = "public, max-age=300"
MOST = 100
"""Rows in a page."""


class Rate(doors.Rate):
    """So many calls in a minute from one address."""

    def allow_request(self, request: HttpRequest) -> bool:
        return doors.within(self.what, doors.address(request), self.most)


class Page(Schema):
    """Which part of a list is wanted, and in which language its pages are written."""

    page: int = Field(1, ge=1, le=10_000)
    size: int = Field(50, ge=1, le=MOST)


def paged(found: Any, wanted: Page, row: Callable[[Any], Mapping[str, Any]]) -> dict[str, Any]:
    """A page of a list with how many there are in all. found: a sequence, or a query that has an order."""
    count = len(found) if isinstance(found, list) else found.count()
    first = (wanted.page - 1) * wanted.size
    return {
        "licence": settings.OPEN_LICENCE,
        "count": count,
        "page": wanted.page,
        "pages": -(-count // wanted.size),
        "items": [row(one) for one in found[first : first + wanted.size]],
    }


# CSV -------------------------------------------------------------------------------------------------------------------

NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: Any) -> Any:
    """A value as a cell: what a spreadsheet would take for a formula is made text; a number stays one."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA) and not NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def as_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], name: str) -> HttpResponse:
    """A table that Excel opens without asking: UTF-8 with its mark, CRLF, the columns by the names that JSON has."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(row[column]) for column in columns] for row in rows)
    response = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Link"] = f'<{settings.OPEN_LICENCE}>; rel="license"'
    return response


# Caching ---------------------------------------------------------------------------------------------------------------


def open_to_all(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view of the API as everybody may call it, from any site: with ETag, Last-Modified where it is known, and 304 for who
    has it already. Errors are told in the caller's language; what is told otherwise depends on the address alone."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        method, request.method = request.method, "GET" if request.method == "HEAD" else request.method
        with translation.override(doors.language(request)):
            response = view(request, *args, **kwargs)
            if response.status_code == 405:
                response = doors.error(405)
                response.headers["Allow"] = "GET, HEAD"
        request.method = method
        response.headers["Access-Control-Allow-Origin"] = "*"
        patch_vary_headers(response, ["Accept-Language"])
        if response.status_code != 200 or not isinstance(response, HttpResponse):
            response.headers["Cache-Control"] = "no-store"
            return response
        return conditional(request, response)

    return answered


def conditional(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = KEPT
    changed: datetime | None = getattr(request, CHANGED, None)
    stamp = int(changed.timestamp()) if changed else None
    if stamp is not None:
        response.headers["Last-Modified"] = http_date(stamp)
    return get_conditional_response(request, etag, stamp, response) or response


CHANGED = "_open_data_changed"


def changed(request: HttpRequest, at: datetime | None) -> None:
    """Says when what the answer tells was last changed."""
    setattr(request, CHANGED, at)
