"""The postings behind a figure."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lianqiao.core.periods import Period
from lianqiao.journal.cells import below, dated
from lianqiao.journal.figures import Figure, measures_of, over_all_time
from lianqiao.journal.models import Posting


def postings(figure: Figure) -> QuerySet[Posting]:
    """Every posting in the figure's scope, in the order in which things happened; corrections stand beside them."""
    ever, asked = Period.cumulative(figure.period.until), Q(pk__in=[])
    for part in measures_of(figure.measure):
        asked |= Q(measure__code=part.code) & dated(ever if over_all_time(figure.measure, part) else figure.period)
    rows = Posting.objects.filter(asked, below(figure.nodes), transaction__lte=figure.known.number)
    return rows.select_related("transaction", "measure", "node").order_by("on", "id")
