"""Every word of the pages has its English."""

from __future__ import annotations

import ast
import gettext as gnu
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.utils.translation.template import templatize
from hypothesis import given
from hypothesis import strategies as st

from lianqiao.agreements.targets import STATES
from lianqiao.briefings import models as briefings
from lianqiao.claims.check import VERDICTS
from lianqiao.core.precision import Reading
from lianqiao.desk.views.transaction import KINDS
from lianqiao.desk.wording import MONTHS
from lianqiao.journal.measures import MEASURES, RELATIONS
from lianqiao.ledger.history import APPROVED
from lianqiao.ledger.models import Change, Partner, State
from lianqiao.ledger.registry import data_fields, ledgers
from lianqiao.locale.catalogue import MO, PO, BadCatalogue, compiled, parse
from lianqiao.people.models import Access, Grant

ROOT = Path(apps.get_app_config("desk").path)
CALL = re.compile(r"""\b(?:gettext|_)\(u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\)""")
MARKS = {"gettext", "gettext_noop", "gettext_lazy", "_"}


def in_templates() -> Iterator[str]:
    for path in sorted([*ROOT.glob("templates/**/*.html"), *ROOT.parent.glob("portal/**/templates/**/*.html")]):
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        yield from (ast.literal_eval(match[1]) for match in CALL.finditer(code))


def test_no_chinese_stands_in_a_template_outside_its_tags() -> None:
    """Except where a template holds both languages, or none can be chosen any more (500)."""
    both = {"sentence.html", "language.html", "500.html"}
    for path in sorted(ROOT.glob("templates/**/*.html")):
        code = re.sub(
            r"\{%\s*blocktranslate.*?endblocktranslate\s*%\}|\{%.*?%\}|\{\{.*?\}\}",
            "",
            path.read_text(encoding="utf-8"),
            flags=re.S,
        )
        assert path.name in both or not re.search(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", code), path


def in_code() -> Iterator[str]:
    for path in sorted(
        [
            *ROOT.glob("**/*.py"),
            *ROOT.parent.glob("people/*.py"),
            *ROOT.parent.glob("api/*.py"),
            *ROOT.parent.glob("portal/**/*.py"),
        ]
    ):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
                yield from (a.value for a in node.args[:1] if isinstance(a, ast.Constant) and isinstance(a.value, str))


def in_the_programme() -> Iterator[str]:
    """The words that come from the ledgers and measures: a new ledger brings new ones."""
    for measure in MEASURES.values():
        yield from (measure.name, measure.group, measure.unit.name)
    for model in ledgers().values():
        yield from (model.ledger.name, model.ledger.node_heading, str(model._meta.app_config.verbose_name))
        yield from model.ledger.evidence
        for field in data_fields(model):
            yield str(field.verbose_name)
            yield from (str(value) for value, _ in field.choices or ())


def in_lists() -> Iterator[str]:
    yield from [*RELATIONS.values(), *STATES.values(), *VERDICTS.values(), *KINDS.values(), *APPROVED.values(), *MONTHS]
    yield from [*Grant.Role.labels, *Grant.Side.labels, *Access.Act.labels, *Partner.labels]
    yield from [*briefings.Kind.labels, *briefings.Return.State.labels, *briefings.Question.Kind.labels]
    yield from [*State.labels, *Change.Kind.labels, *(reading.value for reading in Reading)]


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    return parse(PO.read_text(encoding="utf-8"))


@pytest.mark.parametrize("source", [in_templates, in_code, in_the_programme, in_lists])
def test_every_word_has_its_english(source: object, english: dict[str, str]) -> None:
    words = {word for word in source() if word and word != "%"}  # type: ignore[operator]
    assert len(words) > 10
    missing = sorted(word for word in words if not english.get(word))
    assert not missing, "lianqiao/locale/en/LC_MESSAGES/django.po lacks these; then python -m lianqiao.locale.catalogue"


def test_the_compiled_catalogue_is_that_of_its_source(english: dict[str, str]) -> None:
    assert MO.read_bytes() == compiled(english), "python -m lianqiao.locale.catalogue"


def test_placeholders_are_the_same_in_both_languages(english: dict[str, str]) -> None:
    holes = re.compile(r"%\(\w+\)s")
    wrong = {source for source, target in english.items() if set(holes.findall(source)) != set(holes.findall(target))}
    assert not wrong


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)


@given(st.dictionaries(texts, texts))
def test_gettext_reads_what_is_compiled(messages: dict[str, str]) -> None:
    read = gnu.GNUTranslations(io.BytesIO(compiled({"": "Content-Type: text/plain; charset=UTF-8\n"} | messages)))
    assert {source: read.gettext(source) for source in messages} == messages


def test_a_string_may_run_over_several_lines() -> None:
    assert parse('msgid ""\n"账"\n"本"\nmsgstr "Jour"\n"nal"\n') == {"账本": "Journal"}


@pytest.mark.parametrize("line", ['msgctxt "x"', "账本", 'msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"'])
def test_what_the_reader_does_not_know_is_refused(line: str) -> None:
    with pytest.raises(BadCatalogue):
        parse(line)
