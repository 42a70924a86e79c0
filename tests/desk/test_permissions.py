"""Who reaches what: every route of the site × every role × one's own or another programme's object × every method.

The table is held against the URL configuration: a route that is not listed fails, and so does one that is listed and gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import LocalePrefixPattern

from lianqiao.agreements.models import Agreement, Meeting
from lianqiao.briefings import returns
from lianqiao.briefings.documents import by_name
from lianqiao.briefings.models import Briefing, Duty, Kind
from lianqiao.claims.models import SavedCheck
from lianqiao.core.periods import Period
from lianqiao.fields.employment import matches
from lianqiao.fields.employment.fairs import Fair
from lianqiao.fields.employment.matching.candidates import Weights
from lianqiao.fields.employment.pool import Employer, Seeker, Vacancy
from lianqiao.fields.employment.proposals import Proposal
from lianqiao.fields.employment.training import Course
from lianqiao.fields.employment.transfer import Trip
from lianqiao.fields.industry import leading
from lianqiao.journal import chain, clock
from lianqiao.ledger import acts, evidence
from lianqiao.people.models import Grant, User
from lianqiao.places.models import Node
from lianqiao.portal import urls as portal
from tests.desk.conftest import Reader
from tests.desk.test_leads import left
from tests.exchanges.pool_rows import seeker, vacancy
from tests.rows import ROWS
from tests.world import World, approved, person, stay, visit

ROLES = tuple(role for role in Grant.Role.values if role not in Grant.OUTSIDE)
FIGURES = frozenset(ROLES)
SEE = frozenset(ROLES) - {"leader"}
FILL = frozenset({"filler", "coordinator", "administrator"})
REVIEW = frozenset({"reviewer", "coordinator", "administrator"})
CLOSE = frozenset({"coordinator", "administrator"})
REVEAL = frozenset({"filler", "reviewer", "coordinator"})
PEOPLE = frozenset({"administrator"})
LOG = frozenset({"administrator", "auditor"})
LEADS = SEE
MATCH = frozenset({"reviewer", "coordinator"})
ENTER = FILL & REVEAL  # who enters people: he must be able to fill in, and to see them by name
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Objects:
    """What addresses name: at the county, where the roles of the table are held."""

    county: Node
    row: Any
    waiting: Any
    secondment: Any
    piece: dict[str, Any]
    check: SavedCheck
    someone: User
    meeting: Any
    agreement: Any
    case: Any
    draft: Briefing
    archived: Briefing


Args = Callable[[Objects], dict[str, Any]]


@dataclass(frozen=True)
class Route:
    """A line of the table. GET, POST: the roles that may, and the status that they get (an empty form is refused, 400).

    of: "object" names something of one programme (another's people get 404), "list" ranges over whatever somebody may see,
    "self" is for whoever has signed in, "all" is for everybody. data: what is posted.
    """

    of: str
    args: Args = field(default=lambda o: {})
    get: tuple[frozenset[str], int] | None = None
    post: tuple[frozenset[str], int] | None = None
    data: Callable[[Objects], dict[str, Any]] = field(default=lambda o: {})
    # What the wrong role gets at home and elsewhere, and what nobody in particular gets of what is for all.
    refused: int = 403
    refused_elsewhere: int = 404
    nobody: int | None = None


def ledger(o: Objects) -> dict[str, Any]:
    return {"code": "visits"}


def row(o: Objects) -> dict[str, Any]:
    return {"code": "visits", "number": o.row.number}


def check(o: Objects) -> dict[str, Any]:
    return {"pk": o.check.pk}


def enquiry(o: Objects) -> dict[str, Any]:
    return {"number": "YX-2021-0001"}


def matched() -> Proposal:
    return Proposal.objects.select_related("run", "seeker").get()


def lead(o: Objects) -> dict[str, Any]:
    return {"number": "XS-2021-0001"}


def month(o: Objects) -> dict[str, Any]:
    return {"number": o.county.number, "kind": "month", "until": "2021-10-31"}


def looking(o: Objects) -> dict[str, Any]:
    return {"number": Seeker.objects.get().number}


def offering(o: Objects) -> dict[str, Any]:
    return {"number": Employer.objects.get().number}


def coach(o: Objects) -> Trip:
    told = {
        "departs_on": date(2021, 11, 1),
        "starts_at": "永寿县",
        "goes_to": "靖江市",
        "escort": "示例",
        "mode": "大巴",
    }
    return Trip.objects.get_or_create(node=o.county, seats=9, made_by=o.someone, defaults=told)[0]


def fair(o: Objects) -> Fair:
    told = {"held_on": date(2021, 11, 1), "mode": "现场", "place": "示例"}
    return Fair.objects.get_or_create(node=o.county, title="示例招聘会", defaults=told)[0]


def course(o: Objects) -> Course:
    told = {"kind": "缝纫", "starts_on": date(2021, 11, 1), "days": 5, "place": "示例", "organiser": "示例", "seats": 5}
    return Course.objects.get_or_create(node=o.county, title="示例班", defaults=told)[0]


ROUTES = {
    "home": Route("list", get=(FIGURES, 200)),
    "targets": Route("list", get=(FIGURES, 200)),
    "targets_book": Route("list", get=(FIGURES, 302)),
    "figures": Route("list", get=(FIGURES, 200)),
    "figure": Route(
        "object",
        lambda o: {"code": "visits.batches", "nodes": o.county.number, "span": "..2021-10-12"},
        get=(FIGURES, 200),
    ),
    "transaction": Route("list", lambda o: {"number": chain.head().number}, get=(FIGURES, 200)),
    "tree": Route("list", get=(FIGURES, 302)),
    "node": Route("object", lambda o: {"number": o.county.number}, get=(FIGURES, 200)),
    "agreements": Route("list", get=(SEE, 200)),
    "agreement": Route("object", lambda o: {"number": o.agreement.number}, get=(SEE, 200)),
    "meetings": Route("list", get=(SEE, 200)),
    "meeting": Route("object", lambda o: {"number": o.meeting.number}, get=(SEE, 200)),
    "visit": Route("object", lambda o: {"number": o.row.number}, get=(SEE, 200)),
    "ledgers": Route("list", get=(SEE, 200)),
    "ledger": Route("list", ledger, get=(SEE, 200)),
    "entry": Route("object", row, get=(SEE, 200)),
    "entry_new": Route("list", ledger, get=(FILL, 200), post=(FILL, 400)),
    "entry_edit": Route("object", row, get=(FILL, 200), post=(FILL, 400)),
    "act": Route(
        "object", ledger, post=(REVIEW, 400), data=lambda o: {"act": "approve", "number": o.row.number},
        refused_elsewhere=403,
    ),
    "save_filter": Route("list", ledger, post=(SEE, 400)),
    "export": Route("list", ledger, get=(SEE, 302)),
    "template": Route("list", ledger, get=(SEE, 200)),
    "import": Route("list", ledger, get=(FILL, 200), post=(FILL, 400)),
    # A dropped file is found only by who dropped it.
    "import_file": Route("list", lambda o: ledger(o) | {"key": "x" * 22}, get=(FILL, 404), post=(FILL, 404)),
    "import_progress": Route("list", lambda o: ledger(o) | {"key": "x" * 22}, get=(FILL, 404)),
    "imports": Route("list", get=(SEE, 200)),
    "import_done": Route("list", lambda o: {"pk": 1}, get=(SEE, 404), post=(SEE, 404)),
    "reveal": Route(
        "object",
        lambda o: {"code": "secondments", "number": o.secondment.number, "field": "id_number"},
        get=(REVEAL, 200),
        post=(REVEAL, 302),
    ),
    "review": Route("list", get=(REVIEW, 200)),
    "review_ledger": Route("list", ledger, get=(REVIEW, 302)),
    "review_entry": Route("object", lambda o: {"code": "visits", "number": o.waiting.number}, get=(REVIEW, 200)),
    "closings": Route("list", get=(CLOSE, 200), post=(CLOSE, 400)),
    "evidence": Route(
        "object", lambda o: {"sha256": o.piece["sha256"], "name": o.piece["name"]}, get=(SEE, 200), refused=404
    ),
    "checks": Route("list", get=(FIGURES, 200)),
    "check": Route("object", check, get=(FIGURES, 200)),
    "check_copy": Route("object", check, get=(FIGURES, 200)),
    "check_new": Route("list", get=(FIGURES, 200), post=(FIGURES, 400)),
    "check_act": Route("object", check, post=(FIGURES, 404)),
    # There is no number at the beginning of the text, and no reading to be forgotten.
    "check_reading": Route("object", lambda o: check(o) | {"start": 0}, get=(FILL, 404), post=(FILL, 404)),
    "returns": Route("list", get=(FIGURES, 200)),
    "duties": Route("list", get=(CLOSE, 200), post=(CLOSE, 400)),
    "return": Route("object", month, get=(FIGURES, 200)),
    "return_act": Route("object", month, post=(FILL, 302), data=lambda o: {"do": "refill"}),
    "return_paper": Route("object", month, get=(FIGURES, 200)),
    "return_book": Route("object", month, get=(FIGURES, 302)),  # asks for a fresh sign-in first
    "return_compare": Route("object", month, get=(FIGURES, 404)),  # there is one version
    "briefings": Route("list", get=(FIGURES, 200)),
    "briefing_new": Route("list", get=(FILL, 200), post=(FILL, 400)),
    # Who may not see rows finds no draft.
    "briefing": Route("object", lambda o: {"pk": o.draft.pk}, get=(SEE, 200), refused=404),
    "briefing_act": Route(
        "object", lambda o: {"pk": o.archived.pk}, post=(REVIEW, 400), data=lambda o: {"do": "sign"}, refused=400
    ),
    "briefing_compare": Route("object", lambda o: {"pk": o.archived.pk}, get=(FIGURES, 404)),  # there is one version
    "briefing_file": Route("object", lambda o: {"pk": o.archived.pk, "kind": "pdf"}, get=(FIGURES, 302)),
    "briefing_templates": Route("list", get=(SEE, 200), post=(FILL, 400)),
    "briefing_template": Route("list", lambda o: {"code": "public-summary"}, get=(SEE, 200)),
    "paper_style": Route("all", get=(FIGURES, 200)),
    "cases": Route("list", get=(FIGURES, 200)),
    "case": Route("object", lambda o: {"number": o.case.number}, get=(FIGURES, 200)),
    "check_readings": Route("list", get=(FIGURES, 200), post=(FIGURES, 404)),
    "people": Route("list", get=(PEOPLE, 200)),
    "person_new": Route("list", get=(PEOPLE, 200), post=(PEOPLE, 302)),  # asks for a fresh sign-in
    "person": Route("object", lambda o: {"pk": o.someone.pk}, get=(PEOPLE, 200), post=(PEOPLE, 302), refused_elsewhere=403),
    "log": Route("list", get=(LOG, 200)),
    "log_export": Route("list", get=(LOG, 302)),
    "mfa_index": Route("self", get=(FIGURES, 200)),
    "keys": Route("self", get=(FIGURES, 200), post=(FIGURES, 302)),  # asks for a fresh sign-in
    "account_change_password": Route("self", get=(FIGURES, 200), post=(FIGURES, 200)),
    "account_set_password": Route("self", get=(FIGURES, 302), post=(FIGURES, 302)),
    "account_reauthenticate": Route("self", get=(FIGURES, 200), post=(FIGURES, 200)),
    "mfa_reauthenticate": Route("self", get=(FIGURES, 302), post=(FIGURES, 302)),
    "mfa_reauthenticate_webauthn": Route("self", get=(FIGURES, 302), post=(FIGURES, 302)),
    # These ask for a fresh sign-in first.
    "mfa_activate_totp": Route("self", get=(FIGURES, 302), post=(FIGURES, 302)),
    "mfa_deactivate_totp": Route("self", get=(FIGURES, 404), post=(FIGURES, 404)),
    "mfa_view_recovery_codes": Route("self", get=(FIGURES, 404)),
    "mfa_generate_recovery_codes": Route("self", get=(FIGURES, 302), post=(FIGURES, 302)),
    "mfa_add_webauthn": Route("self", get=(FIGURES, 302), post=(FIGURES, 302)),
    "mfa_remove_webauthn": Route("self", lambda o: {"pk": 1}, get=(FIGURES, 302), post=(FIGURES, 302)),
    "account_login": Route("all", get=(FIGURES, 302), post=(FIGURES, 302), nobody=200),
    "account_inactive": Route("all", get=(FIGURES, 200)),
    "mfa_authenticate": Route("all", get=(FIGURES, 302), post=(FIGURES, 302)),
    "mfa_login_webauthn": Route("all", get=(FIGURES, 302), post=(FIGURES, 302)),
    "openid_connect_login": Route("all", lambda o: {"provider_id": "x"}, get=(FIGURES, 404), post=(FIGURES, 404)),
    "openid_connect_callback": Route("all", lambda o: {"provider_id": "x"}, get=(FIGURES, 404), post=(FIGURES, 404)),
    "first_password": Route("all", lambda o: {"uidb64": "x", "token": "x"}, get=(FIGURES, 200), post=(FIGURES, 200)),
    "sign_out": Route("all", post=(FIGURES, 302)),
    "leads": Route("list", get=(LEADS, 200)),
    "leads_expired": Route("list", get=(CLOSE, 200), post=(CLOSE, 302)),
    "lead_enquiry": Route("object", enquiry, get=(LEADS, 200), post=(FILL, 400)),
    "lead_reveal": Route("object", lambda o: enquiry(o) | {"field": "phone"}, get=(REVEAL, 200), post=(REVEAL, 302)),
    "lead": Route("object", lead, get=(LEADS, 200), post=(FILL, 404)),  # nothing was asked for
    "lead_land": Route("object", lead, get=(FILL, 302), post=(FILL, 302)),  # it is not signed
    # Of the market, what sellers and buyers reach stands in tests/market/test_pages.py; here is nothing of it.
    "trade": Route("list", get=(SEE, 200)),
    "trade_act": Route("list", post=(SEE, 400)),
    "trade_order": Route("list", lambda o: {"number": "DD-0"}, get=(SEE, 404)),
    "trade_order_act": Route("list", lambda o: {"number": "DD-0"}, post=(SEE, 404)),
    "trade_offer": Route("list", lambda o: {"number": "SP-0"}, get=(SEE, 404)),
    "trade_offer_act": Route("list", lambda o: {"number": "SP-0"}, post=(SEE, 404)),
    "trade_offer_new": Route("list", get=(frozenset(), 200), post=(frozenset(), 200)),
    "trade_shop": Route("list", lambda o: {"number": "ZG-0"}, get=(SEE, 404)),
    "trade_shop_act": Route("list", lambda o: {"number": "ZG-0"}, post=(SEE, 404)),
    "trade_file": Route("list", lambda o: {"sha256": "0" * 64, "name": "x.pdf"}, get=(SEE, 404)),
    "labour_runs": Route("list", get=(REVEAL, 200), post=(MATCH, 400)),
    # All is sent already; nobody says which side agrees, nor where to move somebody.
    "labour_run": Route("object", lambda o: {"number": matched().run.number}, get=(REVEAL, 200), post=(MATCH, 400)),
    "labour_proposal": Route("object", lambda o: {"number": matched().number}, get=(REVEAL, 200), post=(REVEAL, 400)),
    "labour_move": Route(
        "object", lambda o: {"number": matched().run.number, "seeker": matched().seeker.number}, get=(MATCH, 200),
        post=(MATCH, 404),
    ),
    "employer_answers": Route("all", lambda o: {"token": "x"}, get=(FIGURES, 404), post=(FIGURES, 404)),
    "seeker_answer": Route("all", lambda o: {"token": "x"}, get=(FIGURES, 404), post=(FIGURES, 404)),
    "labour_seekers": Route("list", get=(REVEAL, 200)),
    "labour_seeker_new": Route("list", get=(ENTER, 200), post=(ENTER, 400)),
    "labour_worker": Route("all", get=(FIGURES, 200)),
    "labour_import": Route("list", get=(ENTER, 200), post=(ENTER, 400)),
    "labour_seeker": Route("object", looking, get=(REVEAL, 200), post=(ENTER, 400)),
    "labour_reveal": Route("object", lambda o: looking(o) | {"field": "phone"}, get=(REVEAL, 200), post=(REVEAL, 302)),
    "labour_forget": Route("object", looking, get=(CLOSE, 200), post=(CLOSE, 400)),
    "labour_vacancies": Route("list", get=(SEE, 200)),
    "labour_vacancy": Route("object", lambda o: {"number": Vacancy.objects.get().number}, get=(SEE, 200), post=(REVIEW, 400)),
    "labour_employers": Route("list", get=(SEE, 200)),
    "labour_employer_new": Route("list", get=(FILL, 200), post=(FILL, 400)),
    "labour_employer": Route("object", offering, get=(SEE, 200), post=(FILL, 200)),
    "labour_vacancy_new": Route("object", offering, get=(FILL, 200), post=(FILL, 400)),
    "labour_trips": Route("list", get=(REVEAL, 200), post=(ENTER, 400)),
    "labour_trip": Route("object", lambda o: {"number": coach(o).number}, get=(REVEAL, 200), post=(ENTER, 400)),
    "labour_staying": Route("list", get=(REVEAL, 200), post=(ENTER, 404)),  # nobody is named
    "labour_rules": Route("list", get=(SEE, 200), post=(CLOSE, 400)),
    "labour_fairs": Route("list", get=(SEE, 200), post=(FILL, 400)),
    "labour_fair": Route("object", lambda o: {"number": fair(o).number}, get=(SEE, 200), post=(FILL, 400)),
    "labour_courses": Route("list", get=(SEE, 200), post=(FILL, 400)),
    "labour_course": Route("object", lambda o: {"number": course(o).number}, get=(REVEAL, 200), post=(ENTER, 400)),
    "labour_workshops": Route("list", get=(SEE, 200), post=(CLOSE, 400)),
    "labour_workshop": Route("list", lambda o: {"number": "CJ-0"}, get=(FIGURES, 404), post=(FIGURES, 404), refused=404),
    "employer_own": Route("all", lambda o: {"token": "x"}, get=(FIGURES, 404), post=(FIGURES, 404)),
    "employer_vacancy": Route("all", lambda o: {"token": "x"}, get=(FIGURES, 404), post=(FIGURES, 404)),
    "fair_door": Route("all", lambda o: {"key": "x"}, get=(FIGURES, 404), post=(FIGURES, 404)),
    "choose": Route("all", post=(FIGURES, 400)),
    "health": Route("all", get=(FIGURES, 200)),
}  # fmt: skip
# Views of the library: PUT is as POST, and what it answers to other methods is its own.
LIBRARY = {name for name in ROUTES if name.startswith(("account_", "mfa_", "openid_"))}


@pytest.fixture
def objects(world: World) -> Objects:
    piece = evidence.keep(b"%PDF permissions", "通知.pdf", "通知")
    (done,) = approved(world, visit(world.county, evidence=[piece]))
    (waiting,) = acts.create([visit(world.county, date(2021, 3, 1))], world.jingjiang)
    (secondment,) = approved(world, stay(world.county, date(2021, 3, 1), "990000198001010012"))
    check = SavedCheck.objects.create(
        name="示例稿", text="示例", node=world.county, as_of=date(2021, 10, 12), transaction=1, hash="0" * 64, result=[],
        by="jingjiang", at=clock.now(),
    )  # fmt: skip
    (held,) = approved(
        world, Meeting(node=world.county, occurred_on=date(2021, 10, 12), title="第八次联席会议", kind="联席会议")
    )
    term = {"start": date(2021, 1, 1), "end": date(2021, 12, 31), "signed_on": date(2021, 10, 12)}
    (signed,) = approved(
        world, Agreement(node=world.county, title="2021年度协议", kind="年度协议", meeting=held, **term)
    )
    (case,) = approved(world, ROWS["cases"](world.county))
    seeker(world)
    vacancy(world)
    matches.send(matches.start(world.county, Weights(), 0, world.yongshou), world.yongshou)
    left(world)
    leading.take(left(world), world.jingjiang, world.jingjiang)
    Duty.objects.create(node=world.county, kind="month", days=5, since=date(2021, 10, 1))
    returns.fill(world.county, Kind.MONTH, Period.month(2021, 10), world.jingjiang)
    return Objects(
        world.county,
        done,
        waiting,
        secondment,
        dict(piece),
        check,
        world.jingjiang,
        held,
        signed,
        case,
        *documents(world),
    )


def documents(world: World) -> list[Briefing]:
    """A draft, and one that is archived."""
    piece = evidence.keep(by_name("public-summary").docx, "摘要.docx", "文稿")  # type: ignore[union-attr]
    told = {
        "node": world.county, "template": "public-summary", "until": date(2021, 10, 12), "transaction": 1, "hash": "0" * 64,
        "evidence": [piece], "author": world.jingjiang, "written_at": clock.now(),
    }  # fmt: skip
    draft = Briefing.objects.create(title="示例草稿", **told)
    archived = Briefing.objects.create(title="示例文稿", state="archived", signer=world.yongshou, **told)
    return [draft, archived]


def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver) and one.namespace in {
            "api-1",
            "open-1",
        }:  # tests/api, tests/portal/test_open_data.py
            continue
        if isinstance(one, URLResolver) and (
            one.urlconf_name is portal or isinstance(one.pattern, LocalePrefixPattern)
        ):
            continue  # tests/portal/test_routes.py
        if isinstance(one, URLResolver):
            yield from names(one.url_patterns)
        else:
            assert one.name, f"{one.pattern} has no name"
            yield one.name


def test_every_route_is_listed() -> None:
    found = list(names(get_resolver().url_patterns))
    assert set(found) == set(ROUTES)
    assert len(found) == len(set(found))


def people(node: Node) -> dict[str, User | None]:
    held: dict[str, User | None] = {role: person(f"{role}-{node.number}", role, node) for role in ROLES}
    return held | {"nobody": None, "nothing": User.objects.create(username=f"nothing-{node.number}")}


def expected(route: Route, role: str, method: str, *, own: bool) -> int:
    """What the table says that somebody gets."""
    rule = {"GET": route.get, "POST": route.post}.get(method)
    if rule is None:  # the library asks who it is before it looks at the method
        return 302 if role == "nobody" and route.of == "self" else 405
    allowed, status = rule
    if route.of == "all":
        return route.nobody or status if role == "nobody" else status
    if role == "nobody":
        return 302
    if route.of == "self":
        return status
    if role == "nothing":
        return 404
    if route.of == "object" and not own:
        return 404 if role in allowed else route.refused_elsewhere
    return status if role in allowed else route.refused


def status_of(client: Client, method: str, address: str, data: dict[str, Any]) -> int:
    if method in ("GET", "POST"):
        return int(getattr(client, method.lower())(address, data if method == "POST" else None).status_code)
    return int(client.generic(method, address).status_code)


@pytest.mark.parametrize("own", [True, False], ids=["own", "other"])
def test_who_reaches_what(world: World, objects: Objects, read: Reader, own: bool) -> None:
    wrong = []
    for role, somebody in people(world.county if own else world.elsewhere).items():
        for name, route in ROUTES.items():
            client = read(somebody)
            address = reverse(name, kwargs=route.args(objects))
            for method in METHODS[: 2 if name in LIBRARY else None]:
                got = status_of(client, method, address, route.data(objects))
                want = expected(route, role, method, own=own)
                if got != want:
                    wrong.append(f"{method} {address} as {role}: {got}, not {want}")
    assert not wrong, "\n".join(wrong)
