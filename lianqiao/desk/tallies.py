"""How many rows stand where, over all ledgers: one statement, written out, since forty querysets take longer to be put
together than to be run. Table names are our own; everything else is a parameter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

from lianqiao.ledger.models import Entry
from lianqiao.ledger.registry import ledgers
from lianqiao.people import access
from lianqiao.places.models import Node, NodeQuerySet

FEW = 500
Part = tuple[str, list[Any]]
"""A piece of SQL with its parameters."""


def scope(person: access.Person, act: access.Act) -> Part:
    """The rows (r) on which the person may act, as access.rows has it."""
    if access.everything(person, act):
        return "TRUE", []
    if not access.grants(person, act):
        return "FALSE", []
    return among(access.nodes(person, act))


def below(node: Node) -> Part:
    """The rows (r) at a node and below it, as node.rows has it."""
    return ("r.node_id IS NOT NULL", []) if node.is_whole() else among(Node.objects.below(node))


def among(nodes: NodeQuerySet) -> Part:
    few = list(nodes.order_by().values_list("pk", flat=True)[: FEW + 1])
    if len(few) <= FEW:  # looked up once, and not once a ledger
        return f"r.node_id IN ({', '.join(map(str, few)) or 'NULL'})", []
    sql, params = nodes.order_by().values("pk").query.sql_with_params()
    return f"r.node_id IN ({sql})", list(params)


def counted(select: Callable[[type[Entry]], Part]) -> Iterator[tuple[Any, ...]]:
    """The lines of one statement over all ledgers: `select` makes a ledger's part of it, where {code} stands for the
    ledger's code and {table} for its table as r."""
    parts, params = [], []
    for code, model in ledgers().items():
        wanted, more = select(model)
        parts.append(wanted.format(code=f"'{code}'", table=f'"{model._meta.db_table}" r'))
        params += more
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        yield from cursor.fetchall()
