"""The guide names everything that a template may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from lianqiao.briefings.drawn import KINDS
from lianqiao.briefings.filters import FILTERS
from lianqiao.briefings.naming import fields
from lianqiao.briefings.rows import columns, lists
from lianqiao.briefings.shipped import SHIPPED
from lianqiao.briefings.words import known_names

GUIDE = (Path(__file__).parents[2] / "docs" / "briefings.md").read_text(encoding="utf-8")
WORDS = {
    "fields": [f"| `{name}` | `{measure.code}` | {measure.unit.name} |" for name, measure in fields().items()],
    "lists": [f"| `{name}` | {'、'.join(columns(model))} |" for name, model in lists().items()],
    "templates": [f"| `{one.code}` | {one.name} |" for one in SHIPPED],
    "names": [name for name in known_names() if not name.isascii()],
    "filters": list(FILTERS),
    "drawings": list(KINDS),
}


@pytest.mark.parametrize("kind", WORDS)
def test_the_guide_names_all(kind: str) -> None:
    assert [word for word in WORDS[kind] if word not in GUIDE] == []
