"""No false number is published: what a page says is held against the journal before it goes public.

A number that the journal contradicts blocks the page until it is mended, or until a coordinator overrules with a reason. A
number that stands in a page as a fixed figure is held against that figure: what came later does not make it wrong.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any, Protocol, cast

from django.db.models import Q
from django.utils.translation import gettext
from wagtail.models import Page

from lianqiao.claims.check import BORNE_OUT, DIFFERS, check
from lianqiao.claims.told import remark_json, verdict_json
from lianqiao.core.units import as_data
from lianqiao.journal import clock
from lianqiao.journal.figures import known_at
from lianqiao.people import access
from lianqiao.people.models import User
from lianqiao.places.models import Node
from lianqiao.portal.publishing import telling
from lianqiao.portal.publishing.models import PageCheck, PublishedFigure
from lianqiao.portal.publishing.texts import Quoted, Told, read

Result = dict[str, Any]


class Checked(Protocol):
    """A page whose numbers are checked (pages.CheckedPage)."""

    pk: int | None
    title: str
    texts: tuple[str, ...]
    checked_against: Node | None
    latest_revision_id: int | None

    def speaks_of(self) -> date: ...


class NumbersDiffer(Exception):
    """A page may not go public as it is. check: why; it is not in the database yet (`keep` puts it there)."""

    def __init__(self, check: PageCheck) -> None:
        told = "、".join(one["quote"] for one in check.blocking)
        super().__init__(gettext("“%(page)s”里有与账本不符的数：%(numbers)s。") % {"page": check.name, "numbers": told})
        self.check = check


def require(page: Checked, *, anew: bool = False) -> PageCheck | None:
    """Lets a page go public as it is, or raises NumbersDiffer.

    anew: also where the same text is in public already. Otherwise a page that is only saved again (moved, renamed) is left
    alone; None then, and where the instance has no pairing against which anything could be held.
    """
    node = held_against(page)
    if node is None:
        return None
    told = read(cast(Page, page), page.texts)
    digest = digest_of(told, node)
    if not anew and published(page, digest):
        return None
    made = judged(page, told, node, digest)
    if made.passes:
        return keep(made)
    overruled = overruling(made)
    if overruled is None:
        raise NumbersDiffer(made)
    return overruled


def published(page: Checked, digest: str) -> bool:
    """Whether the page is in public with this very text."""
    if page.pk is None:
        return False
    last = PageCheck.objects.filter(page=page.pk, released__isnull=False).order_by("-released", "-pk").first()
    return last is not None and last.digest == digest


def overruling(made: PageCheck) -> PageCheck | None:
    """An earlier check of the same text that found the same numbers wrong, and was overruled."""
    earlier = PageCheck.objects.filter(Q(page=made.page_id) | Q(page=None), digest=made.digest)
    allowed = [one for one in earlier.filter(overruled_by__isnull=False) if faults(one) == faults(made)]
    if not allowed:
        return None
    if allowed[0].page_id is None and made.page_id:
        PageCheck.objects.filter(pk=allowed[0].pk).update(page=made.page_id)
    return allowed[0]


def faults(one: PageCheck) -> list[tuple[Any, ...]]:
    return sorted(
        (f["start"], f["quote"], f["figure_address"] or "", str(f["figure"])) for f in map(bare, one.blocking)
    )


def bare(one: Result) -> Result:
    """A verdict with the figure's address without its transaction: other entries in the meantime change nothing."""
    return one | {"figure_address": (one["figure_address"] or "").partition("@")[0]}


def keep(made: PageCheck) -> PageCheck:
    """Puts a check into the database; one that says the same of the same text at the same moment stands there already."""
    same = {name: getattr(made, name) for name in ("page_id", "digest", "as_of", "transaction", "revision")}
    held = PageCheck.objects.filter(**same).order_by("-pk").first()
    if held is not None and held.result == made.result:
        return held
    made.save()
    return made


# Judging ---------------------------------------------------------------------------------------------------------------


def held_against(page: Checked) -> Node | None:
    """The pairing whose journal a page is held against: the one it names, else the first of the programme."""
    return page.checked_against or Node.objects.filter(parent=None).order_by("path").first()


def digest_of(told: Told, node: Node) -> str:
    whole = [told.text, [(q.figure, q.start, q.end) for q in told.quoted], told.figures, node.number]
    return hashlib.sha256(json.dumps(whole, ensure_ascii=False).encode()).hexdigest()


def judged(page: Checked, told: Told, node: Node, digest: str) -> PageCheck:
    """The check of a page, not yet in the database."""
    as_of, known = page.speaks_of(), known_at()
    found = check(page.title, told.text, node, as_of, known, as_of)
    held = PublishedFigure.objects.in_bulk(told.figures)
    result = [verdict_json(one) for one in found.verdicts]
    free = [one for one in result if not any(overlaps(one, q) for q in told.quoted)]
    fixed = [by_figure(told, q, held.get(q.figure)) for q in told.quoted]
    lost = [missing(told) for block in told.blocks if block["figure"] not in held]
    return PageCheck(
        page_id=page.pk, revision=page.latest_revision_id, name=page.title, text=told.text, node=node, as_of=as_of,
        transaction=known.number, hash=known.hash, result=sorted(free + fixed + lost, key=lambda one: one["start"]),
        remarks=[remark_json(remark) for remark in found.remarks], digest=digest, at=clock.now(),
    )  # fmt: skip


def overlaps(one: Result, quoted: Quoted) -> bool:
    return bool(one["start"] < quoted.end and quoted.start < one["end"])


def by_figure(told: Told, quoted: Quoted, figure: PublishedFigure | None) -> Result:
    """The verdict on a number that stands as a fixed figure: right if the text gives that figure's value."""
    quote = told.text[quoted.start : quoted.end]
    shared = {"start": quoted.start, "end": quoted.end, "quote": quote, "approx": None, "indicator": None}
    if figure is None:
        return shared | lost_figure()
    right = telling.says(quote, figure.value, figure.unit)
    wrong = gettext("文中作“%(text)s”，所引的公开数字是%(figure)s。") % {"text": quote, "figure": figure.told}
    return shared | {
        "value": as_data(figure.value, figure.unit), "unit": figure.unit.name, "period": "unknown",
        "measure": figure.measure, "verdict": BORNE_OUT if right else DIFFERS,
        "figure": as_data(figure.value, figure.unit), "figure_address": figure.address,
        "definition": figure.stated["definition"], "difference": None if right else wrong, "why": [],
        "reading": gettext("公开数字，定在第%(n)s号流水") % {"n": figure.transaction} if right else None,
    }  # fmt: skip


def missing(told: Told) -> Result:
    return {
        "start": len(told.text),
        "end": len(told.text),
        "quote": "",
        "approx": None,
        "indicator": None,
    } | lost_figure()


def lost_figure() -> Result:
    return {
        "value": 0, "unit": "", "period": "unknown", "measure": None, "verdict": DIFFERS, "figure": None,
        "figure_address": None, "definition": None, "difference": gettext("所引的公开数字已不存在。"), "why": [],
        "reading": None,
    }  # fmt: skip


# Overruling ------------------------------------------------------------------------------------------------------------


def may_overrule(person: access.Person, one: PageCheck) -> bool:
    return access.may(person, "overrule", one.node)


def overrule(one: PageCheck, by: User, why: str) -> None:
    """Lets the page go public with the numbers that the check found wrong. Asks people/access first."""
    access.require(by, "overrule", one.node)
    one.overruled_by, one.overruled_at, one.overruled_why = by, clock.now(), why
    one.save(update_fields=["overruled_by", "overruled_at", "overruled_why"])
