"""Searching the pages, in Chinese too, on both databases.

The index is Wagtail's, filled whenever a page is saved; models.py puts each page's words in it as words.py makes them. It is
asked here in one question for the page of hits and one for their number by kind: Wagtail's own way of asking ranks every
hit by a question of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from wagtail.models import Locale, Page
from wagtail.search.models import IndexEntry

from lianqiao.portal.words import HAN, segmented, words

TABLE = IndexEntry._meta.db_table
FTS = f"{TABLE}_fts"
# As Wagtail's migration makes them (wagtail/search/migrations/0006): what is entered, changed or deleted in the one table
# is so in the other.
COPIED = {
    "insert": "INSERT INTO {0}(title, body, autocomplete, rowid) VALUES (NEW.title, NEW.body, NEW.autocomplete, NEW.id);",
    "update": "UPDATE {0} SET title=NEW.title, body=NEW.body, autocomplete=NEW.autocomplete WHERE rowid=NEW.id;",
    "delete": "DELETE FROM {0} WHERE rowid=OLD.id;",
}


def install(connection: BaseDatabaseWrapper) -> None:
    """SQLite: makes the index what Wagtail's migration makes of it, where the models made an ordinary table."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [FTS])
        if "USING fts5" in (cursor.fetchone() or [""])[0]:
            return
        cursor.execute(f"DROP TABLE IF EXISTS {FTS}")
        cursor.execute(f"CREATE VIRTUAL TABLE {FTS} USING fts5(autocomplete, body, title)")
        for act, copy in COPIED.items():
            cursor.execute(f"CREATE TRIGGER {act}_{FTS} AFTER {act.upper()} ON {TABLE} BEGIN {copy.format(FTS)} END")


def fill() -> None:
    """Makes the index anew where there is none (a restored instance): a backup does not carry it."""
    if not IndexEntry.objects.exists() and Page.objects.filter(depth__gt=1).exists():
        call_command("update_index", verbosity=0)


# Asking ----------------------------------------------------------------------------------------------------------------

MOST_WORDS = 24  # of what somebody types; the rest is not asked for
AROUND = 36  # characters shown on either side of the first hit in a text
TITLE_COUNTS = 6  # times as much as the text

FROM = """FROM {source} JOIN wagtailcore_page p ON p.id = CAST(e.object_id AS INTEGER)
WHERE {matches} AND p.live AND p.locale_id = %s AND e.content_type_id IN ({kinds}) AND p.content_type_id = e.content_type_id"""
SOURCE = {"sqlite": f"{FTS} JOIN {TABLE} e ON e.id = {FTS}.rowid", "postgresql": f"{TABLE} e"}
MATCHES = {"sqlite": f"{FTS} MATCH %s", "postgresql": "e.body @@ to_tsquery('simple', %s)"}
RANK = {
    "sqlite": (f"bm25({FTS}, 0, 1, {TITLE_COUNTS})", 0),
    "postgresql": (
        f"-({TITLE_COUNTS} * ts_rank(e.title, to_tsquery('simple', %s)) + ts_rank(e.body, to_tsquery('simple', %s)))",
        2,
    ),
}


@dataclass(frozen=True)
class Found:
    """What a search came to: hits by content type, and the pages of the slice that was asked for."""

    counts: dict[int, int]
    pages: list[Page]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def count(self, kind: type[Page]) -> int:
        return self.counts.get(ContentType.objects.get_for_model(kind).pk, 0)


def search(
    asked: str, locale: Locale, kinds: Iterable[type[Page]], only: type[Page] | None, start: int, most: int
) -> Found:
    """The live pages of these kinds that have every word that is asked for; those of one kind only, if one is named."""
    if not (match := expression(asked)):
        return Found({}, [])
    types = {kind: ContentType.objects.get_for_model(kind).pk for kind in kinds}
    counts = dict(hits("e.content_type_id, COUNT(*)", "GROUP BY 1", [match], locale, list(types.values())))
    wanted = [types[only]] if only else list(types.values())
    rank, times = RANK[connection.vendor]
    tail = f"ORDER BY {rank}, p.id DESC LIMIT {int(most)} OFFSET {int(start)}"
    keys = [row[0] for row in hits("p.id", tail, [match], locale, wanted, [match] * times)]
    held = {page.pk: page for page in Page.objects.filter(pk__in=keys).specific()}
    return Found(counts, [held[key] for key in keys if key in held])


def expression(asked: str) -> str:
    """What the database's index is asked: every word, in its own notation. Words hold no sign that means anything there."""
    found = [f'"{word}"' for word in list(words(asked))[:MOST_WORDS]]
    if connection.vendor == "sqlite":
        return "body : (" + " AND ".join(found) + ")" if found else ""
    return " & ".join(word.replace('"', "'") for word in found)


def hits(
    columns: str, tail: str, matched: list[str], locale: Locale, kinds: list[int], ranked: list[str] | None = None
) -> list[tuple[Any, ...]]:
    vendor = connection.vendor
    told = FROM.format(source=SOURCE[vendor], matches=MATCHES[vendor], kinds=", ".join(["%s"] * len(kinds)))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} {told} {tail}", [*matched, locale.pk, *kinds, *(ranked or [])])
        return cursor.fetchall()


# Showing ---------------------------------------------------------------------------------------------------------------


def pattern(asked: str) -> re.Pattern[str] | None:
    """What is marked in a text: each run of characters and each word that was asked for, and where a long run is nowhere
    as such its pairs."""
    runs = sorted({*re.findall(rf"[{HAN}]+|[A-Za-z0-9]+", asked), *segmented(asked).split()}, key=len, reverse=True)
    return re.compile("|".join(re.escape(run) for run in runs), re.IGNORECASE) if runs else None


def marked(text: str, asked: str) -> SafeString:
    """A text, safe to show, with what was asked for marked."""
    sought = pattern(asked)
    if sought is None:
        return mark_safe(escape(text))  # noqa: S308
    pieces, at = [], 0
    for hit in sought.finditer(text):
        pieces += [escape(text[at : hit.start()]), "<mark>", escape(hit.group()), "</mark>"]
        at = hit.end()
    return mark_safe("".join([*pieces, escape(text[at:])]))  # noqa: S308


def around(text: str, asked: str) -> str:
    """The part of a text in which what was asked for first stands; its beginning where it does not."""
    text = " ".join(text.split())
    sought = pattern(asked)
    hit = sought.search(text) if sought else None
    if hit is None or hit.start() < AROUND:
        return Truncator(text).chars(AROUND * 3, truncate="……")
    end = hit.end() + AROUND * 2
    return "……" + text[hit.start() - AROUND : end] + ("……" if end < len(text) else "")
