"""What everybody does at once, and what must be true of it afterwards."""

from __future__ import annotations

import io
import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import openpyxl  # type: ignore[import-untyped]

from tests.crowd.site import Visitor, session_of

FILLERS, REVIEWERS, IMPORTERS = 10, 6, 4
SHEET = 5  # rows of a workbook
FIRST = date(2021, 1, 1)
NUMBER = re.compile(r'name="number" value="(HF-\d{4}-\d+)"')
LIST = "/ledgers/visits/"
HEADINGS = ("日期", "方向", "事由", "带队领导", "人数", "结对关系")


@dataclass
class Crowd:
    """The people, and what the server told them that it had done."""

    port: int
    each: int
    node: int
    visitors: dict[str, Visitor] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    filling: int = FILLERS + IMPORTERS
    lock: threading.Lock = field(default_factory=threading.Lock)

    def told(self, purposes: list[str]) -> None:
        with self.lock:
            self.kept += purposes

    def complain(self, line: str) -> None:
        with self.lock:
            self.wrong.append(line)

    def done(self) -> None:
        with self.lock:
            self.filling -= 1


def make_people() -> int:
    """The world, with everybody at its county; returns the county's id."""
    from lianqiao.people.models import Grant
    from tests.world import make_world, person

    county = make_world().county
    for n in range(FILLERS):
        person(f"filler{n}", Grant.Role.FILLER, county)
    for n in range(IMPORTERS):
        person(f"importer{n}", Grant.Role.FILLER, county)
    for n in range(REVIEWERS):
        person(f"reviewer{n}", Grant.Role.REVIEWER, county)
    return county.pk


def play(crowd: Crowd) -> None:
    """Everybody at once, until the fillers and importers have done `each` of theirs and the reviewers found nothing left."""
    acts: dict[str, Callable[[Crowd, Visitor, str], None]] = {}
    acts |= {f"filler{n}": fill for n in range(FILLERS)}
    acts |= {f"importer{n}": bring for n in range(IMPORTERS)}
    acts |= {f"reviewer{n}": review for n in range(REVIEWERS)}
    crowd.visitors = {name: Visitor(crowd.port, session_of(name)) for name in acts}
    threads = [threading.Thread(target=guarded, args=(crowd, act, name)) for name, act in acts.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def guarded(crowd: Crowd, act: Callable[[Crowd, Visitor, str], None], name: str) -> None:
    try:
        act(crowd, crowd.visitors[name], name)
    except Exception as error:
        crowd.complain(f"{name}: {error!r}")
    finally:
        if act is not review:
            crowd.done()


def fill(crowd: Crowd, at: Visitor, name: str) -> None:
    for n in range(crowd.each):
        purpose = f"{name} 第{n}行"
        row = {
            "occurred_on": str(FIRST + timedelta(days=n % 300)), "direction": "东部赴西部", "purpose": purpose,
            "leader": name, "people": "7", "node": str(crowd.node), "act": "submit",
        }  # fmt: skip
        status, to, _ = at.post(f"{LIST}new/", row)
        if status == 302 and to.startswith(f"{LIST}HF-"):
            crowd.told([purpose])
        else:
            crowd.complain(f"{name}: a row was not saved: {status} {to}")
        at.get(to or LIST)


def bring(crowd: Crowd, at: Visitor, name: str) -> None:
    for n in range(max(1, crowd.each // SHEET)):
        purposes = [f"{name} 第{n}表第{row}行" for row in range(SHEET)]
        _, preview, _ = at.upload(f"{LIST}import/", f"{name}-{n}.xlsx", workbook(name, purposes))
        status, to, _ = at.post(preview, {"act": "write"})
        if status == 302 and to.startswith("/imports/"):
            crowd.told(purposes)
        else:
            crowd.complain(f"{name}: a workbook was not written: {status} {to} {preview}")


def workbook(name: str, purposes: list[str]) -> bytes:
    made, held = openpyxl.Workbook(), io.BytesIO()
    made.active.append(HEADINGS)
    for n, purpose in enumerate(purposes):
        made.active.append((str(FIRST + timedelta(days=n)), "东部赴西部", purpose, name, 7, "靖江-永寿"))
    made.save(held)
    return held.getvalue()


def review(crowd: Crowd, at: Visitor, name: str) -> None:
    """Passes what the list shows first, as five others do at the same time: whoever comes second is told, and goes on."""
    while True:
        last = crowd.filling == 0
        numbers = NUMBER.findall(at.get(f"{LIST}?state=submitted&sort=number")[2])[:SHEET]
        if not numbers and last:
            return
        if numbers:
            fields = [("act", "approve"), ("despite_twins", "1"), *(("number", number) for number in numbers)]
            status, _, _ = at.post(f"{LIST}act/", fields)
            if status == 302:
                with crowd.lock:
                    crowd.passed.update(numbers)
            elif status != 400:
                crowd.complain(f"{name}: {numbers} were neither passed nor refused: {status}")


# Afterwards --------------------------------------------------------------------------------------------------------------


def problems(crowd: Crowd) -> list[str]:
    """What was lost, doubled or broken."""
    from django.db import connection

    from lianqiao.core.periods import Period
    from lianqiao.fields.exchange.models import Visit
    from lianqiao.journal.figures import figure
    from lianqiao.journal.measures import MEASURES
    from lianqiao.journal.models import Posting
    from lianqiao.ledger.audit import verify
    from lianqiao.places.models import Node
    from lianqiao.workbooks.models import Import

    connection.close()
    held = Counter(Visit.objects.values_list("purpose", flat=True))
    found = list(crowd.wrong)
    found += [f"lost: {purpose}" for purpose in crowd.kept if not held[purpose]]
    found += [f"doubled: {purpose} {n} times" for purpose, n in held.items() if n > 1]
    found += [f"nobody was told of it: {purpose}" for purpose in held.keys() - set(crowd.kept)]
    found += [f"passed {n} times: {number}" for number, n in crowd.passed.items() if n > 1]
    states = Counter(Visit.objects.values_list("state", flat=True))
    if states != Counter({"approved": len(crowd.kept)}) or len(crowd.passed) != len(crowd.kept):
        found.append(f"{len(crowd.kept)} kept, {len(crowd.passed)} passed, the ledger holds {dict(states)}")
    posted = Counter(Posting.objects.filter(measure__code="visits.batches").values_list("entry", flat=True))
    found += [f"posted {n} times: row {row}" for row, n in posted.items() if n > 1]
    total = figure(
        MEASURES["visits.person_times"], [Node.objects.get(pk=crowd.node)], Period.cumulative(date(2021, 12, 31))
    )
    if total.value != 7 * len(crowd.kept):
        found.append(f"the figure says {total.value}, not {7 * len(crowd.kept)}")
    written = sum(Import.objects.values_list("written", flat=True))
    told = sum("表" in purpose for purpose in crowd.kept)
    if written != told:
        found.append(f"imports wrote {written} rows, and told of {told}")
    statuses = Counter(status for at in crowd.visitors.values() for status in at.statuses)
    found += [f"{n} answers {status}" for status, n in statuses.items() if status >= 500 and status != 503]
    return found + [f"verify: {one.table} {one.row} {one.what}" for one in verify().problems]
