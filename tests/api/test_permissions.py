"""Who reaches what of the API: every address × every role × one's own or another programme's node × every method.

The table is held against the API's own document: an operation that is not listed fails, and so does one that is gone. And
whatever a call says, the answer is one that the document tells.
"""

from __future__ import annotations

import json
import string
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianqiao.api.routes import api
from lianqiao.briefings import drafting
from lianqiao.briefings.documents import Filled
from lianqiao.briefings.models import Duty, Kind
from tests.api.conftest import Caller
from tests.desk.test_permissions import FIGURES, FILL, METHODS, SEE, people
from tests.world import World, approved, visit

DOCUMENT: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=""), default=str))
SUCCESS, FAILURES = {200}, {400, 401, 404}


@dataclass(frozen=True)
class Route:
    """An address and what is sent to it. of_node: about one node, another's people get 404. roles: who may; others get 403."""

    method: str = "GET"
    of_node: bool = False
    roles: frozenset[str] = FIGURES
    address: str = ""
    body: Callable[[str], dict[str, Any]] | None = field(default=None)


ROUTES = {
    "/nodes": Route(),
    "/measures": Route(),
    "/figures": Route(of_node=True, address="/figures?node={node}"),
    "/figures/{code}/{node}/{span}": Route(of_node=True, address="/figures/visits.batches/{node}/..2021-10-12"),
    "/targets": Route(of_node=True, address="/targets?node={node}"),
    "/returns": Route(),
    "/returns/{node}/{kind}/{until}": Route(of_node=True, address="/returns/{node}/month/2021-10-31"),
    "/templates": Route(roles=SEE),
    "/templates/{code}": Route(roles=SEE, address="/templates/public-summary"),
    "/templates/{code}/document": Route(
        "POST", of_node=True, roles=FILL, address="/templates/leaders-sheet/document", body=lambda node: {"node": node}
    ),
    "/documents": Route(),
    "/documents/{pk}": Route(of_node=True, address="/documents/{document}"),
    "/documents/{pk}/{kind}": Route(of_node=True, address="/documents/{document}/docx"),
    "/claims": Route("POST", body=lambda node: {"text": "互访8批"}),
    "/checks": Route("POST", of_node=True, body=lambda node: {"text": "互访8批", "node": node}),
}


def operations() -> dict[str, list[str]]:
    return {path: sorted(method.upper() for method in found) for path, found in DOCUMENT["paths"].items()}


def test_every_operation_is_listed() -> None:
    assert operations() == {path: [route.method] for path, route in ROUTES.items()}


def called(client: Client, path: str, route: Route, method: str, held: Held) -> int:
    address = "/api/v1" + (route.address or path).format(node=held.node, document=held.document)
    body = json.dumps(route.body(held.node)) if route.body else ""
    return int(client.generic(method, address, body, content_type="application/json").status_code)


def expected(route: Route, role: str, method: str, own: bool) -> int:
    if method != route.method:
        return 405
    if role == "nobody":
        return 401
    if role == "nothing" or (route.of_node and not own):
        return 404
    return 200 if role in route.roles else 403


@dataclass(frozen=True)
class Held:
    """What addresses name: a node, and an archived document of it."""

    node: str
    document: int


@pytest.fixture
def held(world: World) -> Held:
    approved(world, visit(world.county))
    Duty.objects.create(node=world.county, kind=Kind.MONTH, days=5, since=date(2021, 10, 1))
    draft = drafting.begin(world.county, "public-summary", "公开摘要", world.jingjiang, None, date(2021, 10, 12))
    return Held(world.county.number, drafting.sign(draft, world.yongshou).pk)


@pytest.mark.parametrize("own", [True, False], ids=["own", "other"])
def test_who_reaches_what(
    world: World, held: Held, calling: Caller, monkeypatch: pytest.MonkeyPatch, own: bool
) -> None:
    monkeypatch.setattr("lianqiao.api.papers.write", lambda source, about, words: Filled(source, ()))
    wrong = []
    for role, somebody in people(world.county if own else world.elsewhere).items():
        client = calling(somebody)
        for path, route in ROUTES.items():
            for method in METHODS:
                got = called(client, path, route, method, held)
                if got != (want := expected(route, role, method, own)):
                    wrong.append(f"{method} {path} as {role}: {got}, not {want}")
    assert not wrong, "\n".join(wrong)


def test_the_document_is_for_everybody_and_loads_nothing_from_elsewhere(client: Client, db: None) -> None:
    response = client.get("/api/v1/openapi.json")
    assert response.status_code == 200
    assert set(response.json()["paths"]) == {f"/api/v1{path}" for path in ROUTES}
    assert client.get("/api/v1/docs").status_code == 404


# Whatever a call says --------------------------------------------------------------------------------------------------


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        found: dict[str, Any] = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return found
    return schema


def value(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of a schema of the document, and some that are not."""
    schema = resolved(schema)
    if "anyOf" in schema:
        return st.one_of([value(one) for one in schema["anyOf"]])
    kind = schema.get("type")
    if kind == "object" and "properties" not in schema:
        return st.dictionaries(st.text(max_size=5), value(schema["additionalProperties"]), max_size=2)
    if kind == "object":
        given = {name: value(one) for name, one in schema["properties"].items()}
        needed = set(schema.get("required", []))
        return st.fixed_dictionaries(
            {name: one for name, one in given.items() if name in needed},
            optional={name: one for name, one in given.items() if name not in needed},
        )
    if kind == "array":
        return st.lists(value(schema["items"]), max_size=3)
    plain: dict[str, st.SearchStrategy[Any]] = {"integer": st.integers(), "null": st.none()}
    return plain[kind] if kind in plain else written(schema)


def written(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    days = st.dates().map(str)
    words = st.sampled_from(["NODE", "visits.batches", "..2021-10-12", "7", "", "互访8批96人次，其中今年3批。"])
    return days if schema.get("format") == "date" else st.one_of(words, days, st.text(max_size=20))


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, str, dict[str, Any], Any]:
    """A method, an address, its query and its body, as the document allows them or nearly so."""
    path = draw(st.sampled_from(sorted(ROUTES)))
    operation = DOCUMENT["paths"][path][ROUTES[path].method.lower()]
    query, address = {}, path
    for one in operation.get("parameters", []):
        drawn = draw(value(one["schema"]))
        if one["in"] == "path":
            safe = "".join(c for c in str(drawn) if c in string.ascii_letters + string.digits + ".-@") or "x"
            address = address.replace(f"{{{one['name']}}}", safe)
        elif one.get("required") or draw(st.booleans()):
            query[one["name"]] = drawn
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return ROUTES[path].method, address, query, draw(value(schema)) if schema else None


@pytest.fixture
def caller_and_node(world: World, calling: Caller, monkeypatch: pytest.MonkeyPatch) -> tuple[Client, str]:
    monkeypatch.setattr("lianqiao.api.doors.within", lambda what, who, most: True)
    return calling(world.jingjiang), world.county.number


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(call=calls())
def test_whatever_a_call_says_the_answer_is_one_that_the_document_tells(
    caller_and_node: tuple[Client, str], call: tuple[str, str, dict[str, Any], Any]
) -> None:
    client, node = caller_and_node
    method, address, query, body = json.loads(json.dumps(call).replace("NODE", node))
    target = f"/api/v1{address}"
    if method == "GET":
        response = client.get(target, {name: one for name, one in query.items() if one is not None})
    else:
        response = client.post(target, json.dumps(body), content_type="application/json")
    assert response.status_code in SUCCESS | FAILURES, response.content
    assert response.headers["Content-Type"].startswith("application/json")
    told = response.json()
    assert response.status_code == 200 or told["error"]["status"] == response.status_code
