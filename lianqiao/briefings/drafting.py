"""What is done with documents: written from a template, worded, taken anew, signed and archived, followed by a next version.

Each is one database transaction. Raises Refused where an act is against the rules (where a template is wrong, with each
problem and its place), Http404 and PermissionDenied as people/access.py says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction as database

from lianqiao.briefings.documents import About, NotWritten, Shipped, by_name, texts_of
from lianqiao.briefings.documents import write as written
from lianqiao.briefings.models import Briefing, Template
from lianqiao.core.private import NUMBERS
from lianqiao.journal import clock
from lianqiao.journal.figures import Known, known_at
from lianqiao.ledger import evidence
from lianqiao.ledger.acts import Refused, refuse
from lianqiao.ledger.columns import Problem
from lianqiao.ledger.erasing import in_use
from lianqiao.ledger.evidence import TooLarge
from lianqiao.people.access import require
from lianqiao.people.models import User
from lianqiao.places.models import Node

State = Briefing.State
KIND = "文稿"


def source(of: Briefing) -> bytes:
    """The template of a document. Raises Refused where this version has none of that code any more."""
    chosen = of.own or by_name(of.template)
    if chosen is None:
        raise refuse(f"没有模板“{of.template}”。")
    return file_of(chosen)


def file_of(template: Shipped | Template) -> bytes:
    """The Word file of a template that comes along, or of an own one."""
    if isinstance(template, Shipped):
        return template.docx
    return evidence.path_of(template.evidence[0]["sha256"]).read_bytes()


def content(of: Briefing) -> bytes:
    """The Word file of a document as it stands."""
    return evidence.path_of(of.evidence[0]["sha256"]).read_bytes()


@database.atomic
def begin(
    node: Node,
    template: str | Template,
    title: str,
    by: User,
    start: date | None = None,
    until: date | None = None,
    known: Known | None = None,
) -> Briefing:
    """A draft of a document, written at once. template: the code of one that comes along, or an own one."""
    require(by, "fill", node)
    known = known or known_at()
    one = Briefing(node=node, title=title.strip(), start=start, until=until or clock.today(), author=by)
    one.template, one.own = ("", template) if isinstance(template, Template) else (template, None)
    one.transaction, one.hash = known.number, known.hash
    put(one)
    one.save()
    return one


def put(one: Briefing) -> None:
    """Writes the document as its template, its words and its transaction now say; nothing is saved but the file."""
    try:
        about = About.of(one.node, one.start, one.until, known_at(one.transaction))
        made = written(source(one), about, one.words)
    except NotWritten as error:
        raise Refused([Problem(None, "bad_text", str(problem)) for problem in error.problems]) from error
    except ValueError as error:
        raise refuse(f"{error}。") from error
    one.numbers = [told(field.tag, text) for field, text in made.numbers]
    one.evidence = [evidence.keep(made.docx, f"{one.title}.docx", KIND)]
    one.written_at = clock.now()


def told(tag: Any, text: str) -> list[str]:
    return [tag.code, tag.node, tag.period.address, tag.op, text]


def draft(one: Briefing) -> Briefing:
    """The document under lock. Raises Refused once it is archived."""
    one = Briefing.objects.select_for_update(of=("self",)).select_related("node", "own").get(pk=one.pk)
    if one.state != State.DRAFT:
        raise refuse(f"{one}：已归档，不再改动。要改请写下一版。")
    return one


def rewrite(one: Briefing) -> Briefing:
    """Writes and saves a draft; the file that it had goes, unless something else has it."""
    before = {piece["sha256"] for piece in one.evidence}
    put(one)
    one.save()
    database.on_commit(lambda: forget(before))
    return one


def forget(files: set[str]) -> None:
    """Deletes files that no document, template or row has."""
    for sha256 in files - in_use(files):
        evidence.path_of(sha256).unlink(missing_ok=True)


@database.atomic
def reword(one: Briefing, words: Mapping[str, str], by: User) -> Briefing:
    """Puts people's words into a draft; names that its template does not ask for are left out."""
    one = draft(one)
    require(by, "fill", one.node)
    asked = texts_of(source(one))
    one.words = {name: text.strip() for name, text in words.items() if name in asked and text.strip() != asked[name]}
    fit(one.words)
    one.author = by
    return rewrite(one)


def fit(words: Mapping[str, str]) -> None:
    """Raises Refused where people's words tell an ID number or a telephone: a document is for others to read."""
    for name, text in words.items():
        if NUMBERS.search(text):
            raise refuse(f"{name}：文稿要给人看，不能写身份证号或电话。", why="bad_text")


@database.atomic
def renew(one: Briefing, by: User) -> Briefing:
    """Takes the figures of a draft as they are known now."""
    one = draft(one)
    require(by, "fill", one.node)
    known = known_at()
    one.transaction, one.hash, one.author = known.number, known.hash, by
    return rewrite(one)


@database.atomic
def drop(one: Briefing, by: User) -> None:
    one = draft(one)
    require(by, "fill", one.node)
    files = {piece["sha256"] for piece in one.evidence}
    one.delete()
    database.on_commit(lambda: forget(files))


@database.atomic
def sign(one: Briefing, by: User) -> Briefing:
    """Signs a draft and archives it: the file is kept as it is, with its hash."""
    one = draft(one)
    require(by, "review", one.node)
    if one.author_id == by.pk:
        raise refuse(f"{one}：撰稿与签发不能是同一人（{by}）。", why="same_person")
    one.state, one.signer, one.signed_at = State.ARCHIVED, by, clock.now()
    one.save()
    return one


@database.atomic
def follow(one: Briefing, by: User) -> Briefing:
    """The next version of an archived document: the same template and words, as known now."""
    one = Briefing.objects.select_for_update(of=("self",)).select_related("node", "own").get(pk=one.pk)
    require(by, "fill", one.node)
    if one.state != State.ARCHIVED:
        raise refuse(f"{one}：还没有归档，直接改就是。")
    if Briefing.objects.filter(earlier=one).exists():
        raise refuse(f"{one}：已经有下一版。")
    known = known_at()
    made = Briefing(
        node=one.node, title=one.title, template=one.template, own=one.own, start=one.start, until=one.until,
        transaction=known.number, hash=known.hash, words=one.words, version=one.version + 1, earlier=one, author=by,
    )  # fmt: skip
    put(made)
    made.save()
    return made


# Comparing -------------------------------------------------------------------------------------------------------------


def differences(old: Briefing, new: Briefing) -> list[tuple[list[str], str, str]]:
    """The numbers of two documents that are not the same: (code, node, period, what is made of it), old and new text.

    A number that stands in one of them only has no text in the other.
    """
    olds, news = ({tuple(one[:4]): one[4] for one in briefing.numbers} for briefing in (old, new))
    keys = dict.fromkeys([*news, *olds])
    return [(list(key), olds.get(key, ""), news.get(key, "")) for key in keys if olds.get(key) != news.get(key)]


# Own templates ---------------------------------------------------------------------------------------------------------


@database.atomic
def bring(node: Node, name: str, file: bytes, by: User) -> Template:
    """Keeps an office's own template under a name, in place of an earlier one of that name that no document has.

    It is tried out at the node first: raises Refused with each problem and its place.
    """
    require(by, "fill", node)
    try:
        written(file, About.of(node))
        piece = evidence.keep(file, f"{name}.docx", "模板")
    except NotWritten as error:
        raise Refused([Problem(None, "bad_text", str(problem)) for problem in error.problems]) from error
    except TooLarge as error:
        raise refuse(str(error)) from error
    held = Template.objects.select_for_update().filter(node=node, name=name).first()
    if held and Briefing.objects.filter(own=held).exists():
        raise refuse(f"“{name}”已经写过文稿，不能替换。请另取一个名称。")
    made = held or Template(node=node, name=name)
    made.evidence, made.by, made.at = [piece], by.username, clock.now()
    made.save()
    return made
