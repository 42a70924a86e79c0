"""The desk under load: each kind of page to eight people at once, on the real server before the nation's rows; and Wagtail's
plainest page on the same machine, as the measure of what a page of Django costs there."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.results import Results
from tests.crowd.site import Visitor, free_port, served, session_of, wait_for

POSTINGS = 1_000_000
PEOPLE, SECONDS = 8, 10
TODAY = "2021-12-31"
BEGUN, ENDED = datetime(2017, 1, 3, 9).astimezone(), datetime(2021, 12, 30, 9).astimezone()
TARGETS = {
    "visits.batches": 24, "visits.person_times": 300, "talent.total": 36, "training.person_times": 600,
    "funds.fiscal": 22_000_000, "funds.social": 4_000_000, "projects.count": 10, "benef.people": 2_200,
    "labour.employed_total": 55, "labour.employed_poor": 36, "consumption.sales": 15_000_000,
}  # fmt: skip
FIGURES = (
    "visits.person_times",
    "visits.batches",
    "funds.fiscal",
    "consumption.sales",
    "projects.count",
    "labour.employed_total",
)
DAYS = ("2021-03-31", "2021-06-30", "2021-09-30", "2021-10-12", "2021-11-30")
WAITING = 200  # rows handed in at the county, for the reviewer


def run(results: Results, folder: Path, postings: int) -> None:
    """Makes the programme, then reads every kind of page, as a county's office and as the nation's."""
    counties = build(postings)
    told = f"{rows():,} rows, {postings:,} postings, {PEOPLE} people at once, {SECONDS} s each"
    with served(folder, LIANQIAO_TODAY=TODAY) as port:
        for who, user, node in readers(counties):
            for kind, addresses in pages(user, node).items():
                measured(results, f"{who}: {kind}", port, session_of(user), addresses, told)
    with wagtail() as port:
        if port is None:
            results.add("Wagtail's plainest page", "—", "pip install -r requirements-bench.txt")
        else:
            measured(results, "Wagtail's plainest page", port, "", ["/"], "one title, no session, the same server")


def build(postings: int) -> Sequence[Any]:
    """The national programme, recorded from 2017 to 2021, with targets at the root and at one county, and rows that wait."""
    from lianqiao.demo import national
    from lianqiao.journal import clock
    from lianqiao.journal.cells import last_posting
    from lianqiao.ledger import acts

    begun = time.perf_counter()
    with clock.at(BEGUN):
        by = national.offices()
        counties = national.tree(by)
        county, root = counties[0].node, counties[0].node.lineage()[0]
        promise(by, [county.pk, root])
    growing, held = national.grow(by, counties, postings), 0
    while held < postings:
        with clock.at(BEGUN + (ENDED - BEGUN) * min(held, postings) / postings):
            held = next(growing)
    with clock.at(ENDED):
        first = last_posting()
        waiting = [national.visit(national.Chance(Random(n), counties[0], first + n)) for n in range(WAITING)]
        for row in waiting:
            row.node = county
        acts.create(waiting, by.filler)
    people(county)
    sys.stdout.write(f"built in {time.perf_counter() - begun:.0f} s\n")
    return counties


def promise(by: Any, nodes: Sequence[int]) -> None:
    from lianqiao.agreements.models import Agreement, Target
    from lianqiao.ledger import acts
    from lianqiao.places.models import Node

    for node in Node.objects.filter(pk__in=nodes):
        signed = date(2021, 1, 4)
        text = Agreement(
            title=f"{node} 年度协议",
            kind="年度协议",
            signed_on=signed,
            start=date(2021, 1, 1),
            end=date(2021, 12, 31),
            node=node,
        )
        acts.approve(acts.create([text], by.filler), by.reviewer)
        rows = [Target(agreement=text, measure=code, quantity=n, year=2021, node=node) for code, n in TARGETS.items()]
        acts.approve(acts.create(rows, by.filler), by.reviewer)


def people(county: Any) -> None:
    from lianqiao.people.models import Grant, User

    for name, node in (("county", county), ("nation", None)):
        user = User.objects.create_user(name)
        Grant.objects.create(user=user, role=Grant.Role.COORDINATOR, node=node)


def rows() -> int:
    from lianqiao.ledger.registry import ledgers

    return sum(model._base_manager.count() for model in ledgers().values())


def readers(counties: Sequence[Any]) -> list[tuple[str, str, Any]]:
    """Who reads, and where: a county's office its own county, the nation's office the root."""
    from lianqiao.places.models import Node

    return [("a county", "county", counties[0].node), ("the nation", "nation", Node.objects.get(parent=None))]


def pages(user: str, node: Any) -> dict[str, list[str]]:
    """The kinds of page, each with the addresses that are read by turns."""
    from lianqiao.fields.exchange.models import Visit
    from lianqiao.journal import chain

    here = Visit.objects.filter(node__path__startswith=node.path)
    numbers = here.filter(state="approved").order_by("pk").values_list("number", flat=True)[:40]
    waiting = Visit.objects.filter(state="submitted").order_by("pk").values_list("number", flat=True)[:20]
    known = chain.head().number * 9 // 10
    spans = [f"{code}/{node.number}/..2021-12-31" for code in FIGURES]
    found = {
        "home": ["/desk/"],
        "list": [f"/ledgers/visits/?page={page}" for page in (1, 2, 3)]
        + ["/ledgers/sales/", "/ledgers/visits/?year=2021"],
        "entry": [f"/ledgers/visits/{number}/" for number in numbers],
        "scoreboard": [f"/targets/?node={node.number}&year=2021"],
        "time machine": [f"/targets/?node={node.number}&day={day}" for day in DAYS],
        "figure page": [f"/figures/{span}" for span in spans],
        "figure page, as known earlier": [f"/figures/{span}@{known}" for span in spans],
        "figures": [f"/figures/?node={node.number}"],
        "review": [f"/review/visits/{number}/" for number in waiting],
        "what waits": ["/review/"],
    }
    return {kind: addresses for kind, addresses in found.items() if addresses}


# Asking ------------------------------------------------------------------------------------------------------------------


def measured(results: Results, what: str, port: int, session: str, addresses: Sequence[str], told: str) -> None:
    """Requests per second, and what 95 of 100 answers took at most, with everybody asking as fast as he is answered."""
    visitors = [Visitor(port, session) for _ in range(PEOPLE)]
    for visitor in visitors[:2]:
        for address in addresses:
            assert visitor.get(address)[0] == 200, f"{address}: {visitor.statuses[-1]}"
        visitor.taken.clear()
    ends = time.perf_counter() + SECONDS
    threads = [
        threading.Thread(
            target=ask, args=(visitor, addresses[n % len(addresses) :] + addresses[: n % len(addresses)], ends)
        )
        for n, visitor in enumerate(visitors)
    ]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = sorted(seconds for visitor in visitors for seconds in visitor.taken)
    lasted = time.perf_counter() - begun
    p95, middle = taken[int(len(taken) * 0.95)] * 1000, taken[len(taken) // 2] * 1000
    results.add(what, f"{len(taken) / lasted:.0f}/s, p95 {p95:.0f} ms", f"half within {middle:.0f} ms; {told}")


def ask(visitor: Visitor, addresses: Sequence[str], ends: float) -> None:
    for address in cycle(addresses):
        if time.perf_counter() > ends:
            return
        assert visitor.get(address)[0] == 200, address


# Wagtail -----------------------------------------------------------------------------------------------------------------

SETTINGS = """
SECRET_KEY = "x"; DEBUG = False; ALLOWED_HOSTS = ["127.0.0.1"]; USE_TZ = True; ROOT_URLCONF = "plain_urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "plain.sqlite3", "CONN_MAX_AGE": 600}}
INSTALLED_APPS = ["wagtail.users", "wagtail.documents", "wagtail.images", "wagtail.search", "wagtail.admin", "wagtail",
    "modelcluster", "taggit", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
    "django.contrib.messages", "django.contrib.staticfiles"]
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {
    "context_processors": ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth"]}}]
WAGTAIL_SITE_NAME = "plain"; WAGTAILADMIN_BASE_URL = "http://127.0.0.1"; STATIC_URL = "/static/"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"; LANGUAGE_CODE = "en"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}}
"""
URLS = """
from django.urls import include, path
from django.http import JsonResponse
from wagtail import urls
urlpatterns = [path("health/", lambda request: JsonResponse({})), path("", include(urls))]
"""
MAKE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from wagtail.models import Page, Site
root = Page.objects.get(depth=1)
page = root.add_child(instance=Page(title="One title", slug="one"))
Site.objects.all().delete()
Site.objects.create(hostname="127.0.0.1", root_page=page, is_default_site=True)
"""
WSGI = "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n"


@contextmanager
def wagtail() -> Iterator[int | None]:
    """A site of one page that has a title and nothing else, on the server that ours runs on; None where it is not installed."""
    python = os.environ.get("WAGTAIL_PYTHON", sys.executable)
    if python == sys.executable and not importlib.util.find_spec("wagtail"):
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="wagtail-bench-") as folder:
        for name, text in (("settings", SETTINGS), ("urls", URLS), ("make", MAKE), ("wsgi", WSGI)):
            (Path(folder) / f"plain_{name}.py").write_text(text)
        setting = os.environ | {"DJANGO_SETTINGS_MODULE": "plain_settings", "PYTHONPATH": folder}
        subprocess.run([python, "plain_make.py"], cwd=folder, env=setting, check=True)
        port = free_port()
        granian = [
            Path(python).with_name("granian"),
            "--interface",
            "wsgi",
            "--port",
            str(port),
            "--workers",
            "2",
            "--no-ws",
        ]
        options = ["--blocking-threads", "4", "--log-level", "warning", "plain_wsgi:application"]
        running = subprocess.Popen([*granian, *options], cwd=folder, env=setting)
        try:
            wait_for(port, running)
            yield port
        finally:
            running.terminate()
            running.wait()
