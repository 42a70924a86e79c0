"""The postings behind a figure."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lianqiao.journal.figures import Figure
from lianqiao.journal.measures import Measure, Ratio
from lianqiao.journal.models import Posting


def measures_behind(measure: Measure | Ratio) -> tuple[Measure, ...]:
    """The measures whose postings make up a figure: itself, or both sides of a ratio."""
    return (measure.numerator, measure.denominator) if isinstance(measure, Ratio) else (measure,)


def postings(figure: Figure) -> QuerySet[Posting]:
    """Every posting in the figure's scope, in the order in which things happened; corrections stand beside them."""
    codes = [m.code for m in measures_behind(figure.measure)]
    scope = Q(pk__in=[])
    for node in figure.nodes:
        scope |= Q(node__path__startswith=node.path)
    rows = Posting.objects.filter(scope, measure__code__in=codes, transaction__lte=figure.known.number)
    rows = rows.filter(on__lte=figure.period.until)
    whole = isinstance(figure.measure, Ratio) and figure.measure.cumulative
    if figure.period.start and not whole and not getattr(figure.measure, "stock", False):
        rows = rows.filter(on__gte=figure.period.start)
    return rows.select_related("transaction", "measure", "node").order_by("on", "id")
