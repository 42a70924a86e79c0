"""The content control around a number: its tag and title are the address of its figure (claims/tagged.py)."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from lianqiao.briefings.values import Field
from lianqiao.claims.tagged import LONGEST, QUIET


def control(number: Field, run: Any) -> Any:
    """A control that holds the run in which the number is written."""
    tag = number.tag
    assert max(len(tag.tag), len(tag.title)) <= LONGEST, tag
    return around(run, tag.tag, tag.title)


def quiet(run: Any) -> Any:
    """A control around words that explain and claim nothing, such as a definition: no check reads numbers in it."""
    return around(run, QUIET, "口径")


def around(run: Any, tag: str, title: str) -> Any:
    made, properties, content = (OxmlElement(f"w:{name}") for name in ("sdt", "sdtPr", "sdtContent"))
    for name, value in (("alias", title), ("tag", tag)):
        element = OxmlElement(f"w:{name}")
        element.set(qn("w:val"), value)
        properties.append(element)
    content.append(run)
    made.extend([properties, content])
    return made
