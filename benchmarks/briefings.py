"""A long self-assessment at the nation's size: 30 pages, 200 figures, 20 drawings, as Word and as PDF."""

from __future__ import annotations

import io
from datetime import date
from time import process_time

from benchmarks.results import Results

UNTIL = date(2021, 10, 12)
FIGURES, DRAWINGS, POSTINGS = 200, 20, 1_000_000


def run(results: Results, postings: int) -> None:
    """Grows the nation to that size and writes the report for the root and for a county, as known now and long ago."""
    from lianqiao.demo import national
    from lianqiao.journal.figures import known_at
    from lianqiao.journal.models import Transaction

    counties = national.tree(by := national.offices())
    for _ in national.grow(by, counties, postings):
        pass
    root, head = counties[0].node.parent.parent, Transaction.objects.latest("number").number  # type: ignore[union-attr]
    for node, name in ((root, "root"), (counties[0].node, "county")):
        report(results, node, f"{postings:,} postings, {name}")
    report(results, counties[0].node, f"{postings:,} postings, county, as known half way back", known_at(head // 2))


def report(results: Results, node: object, where: str, known: object = None) -> None:
    """Writes one report, and counts its pages, queries and seconds."""
    import pypdf
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from lianqiao.briefings.documents import About, as_format, write

    given = template()
    about = About.of(node, None, UNTIL, known)  # type: ignore[arg-type]
    begun = process_time()
    with CaptureQueriesContext(connection) as asked:
        made = write(given, about)
    word = process_time() - begun
    data = as_format(made.docx, "pdf", "自评报告")
    pages = len(pypdf.PdfReader(io.BytesIO(data)).pages)
    note = f"{len(made.numbers)} figures, {DRAWINGS} drawings, {pages} pages, {len(asked)} queries"
    results.add(f"{where}: self-assessment as Word", f"{word:.2f} s", note)
    results.add(f"{where}: the same as PDF, with the Word", f"{process_time() - begun:.2f} s", "processor time")


def template() -> bytes:
    """A report of that many figures over several spans, in sentences and tables, with drawings between."""
    from lianqiao.briefings import paper
    from lianqiao.briefings.naming import fields

    made = paper.new()
    paper.say(made, "公文标题", "{{ 结对 }}自评报告")
    names = list(fields())
    spans = ("", "|今年", "|去年同期", "|本月", "|上月")
    asked = [f"{{{{ {name}{span}|可缺 }}}}" for span in spans for name in names][:FIGURES]
    drawn = [name for name in names if "·" not in name][:DRAWINGS]
    for at, name in enumerate(drawn):
        paper.say(made, "公文一级", f"{at + 1}、{name}")
        some = asked[at * FIGURES // DRAWINGS : (at + 1) * FIGURES // DRAWINGS]
        paper.say(
            made,
            "公文正文",
            f"本项情况如下：{'，'.join(some)}。" + "本项工作按年度计划推进，有关情况见下图和附表。" * 8,
        )
        paper.say(made, "公文图", f'{{{{ 图("{"逐月" if at % 2 else "逐年"}", {name}) }}}}')
        paper.say(made, "公文正文", "以上各数取自台账，口径见附表，逐行的佐证材料另存备查。" * 6)
    return paper.to_bytes(made)
