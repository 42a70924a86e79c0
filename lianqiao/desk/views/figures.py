"""Everything that is counted at a node, by field of work: over all time and in the year."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianqiao.core.periods import Period
from lianqiao.desk import doors
from lianqiao.desk.moment import Moment, asked_moment
from lianqiao.desk.tree import tree
from lianqiao.journal import clock
from lianqiao.journal.figures import Figure, all_measures, figures
from lianqiao.journal.measures import RELATIONS, Measure, Ratio
from lianqiao.places.models import Node


@dataclass(frozen=True)
class Row:
    """A measure with its two figures. depth: how far it stands within others; relation: how (分项, 含, 其中)."""

    ever: Figure
    year: Figure
    group: str
    depth: int
    relation: str


@doors.page
def overview(request: HttpRequest) -> HttpResponse:
    doors.require_somewhere(request.user, "figures")
    node = doors.asked_node(request)
    if node is None:
        return render(request, "desk/nothing.html", {"here": "figures"})
    moment = asked_moment(request)
    told = {
        "here": "figures",
        "node": node,
        "moment": moment,
        "rows": rows(node, moment),
        "tree": tree(doors.near_nodes(request.user, node), node),
        "today": clock.today(),
    }
    return render(request, "desk/figures.html", told)


def rows(node: Node, moment: Moment) -> list[Row]:
    measures = in_families(all_measures())
    ever = figures(measures, [node], Period.cumulative(moment.day), moment.known)
    year = figures(measures, [node], moment.period, moment.known)
    made: list[Row] = []
    group = ""
    for measure, one, other in zip(measures, ever, year, strict=True):
        depth = len(list(measure.ancestors())) if isinstance(measure, Measure) else 0
        relation = RELATIONS[measure.relation] if isinstance(measure, Measure) else ""
        made.append(Row(one, other, measure.group if measure.group != group else "", depth, relation))
        group = measure.group
    return made


def in_families(measures: list[Measure | Ratio]) -> list[Measure | Ratio]:
    """By group in the order of their first measure, each measure followed by what lies within it."""
    groups = list(dict.fromkeys(m.group for m in measures))
    tops = [m for m in measures if isinstance(m, Ratio) or m.parent is None]
    return [one for group in groups for top in tops if top.group == group for one in within(top)]


def within(measure: Measure | Ratio) -> list[Measure | Ratio]:
    if isinstance(measure, Ratio):
        return [measure]
    return [measure, *(one for child in measure.children() for one in within(child))]
