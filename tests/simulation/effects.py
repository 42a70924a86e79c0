"""What an approved row comes to, told by hand from the ledgers' contract. None of the product's arithmetic is used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

DISTINCT = ("talent.", "cadres.", "industry.enterprises", "labour.employed", "labour.in_post")
STOCK = ("pair.", "labour.in_post", "labour.workshop", "consumption.outlets")
TO_WEST, TO_EAST = "to_west", "to_east"
TRIPS = {"东部赴西部": TO_WEST, "西部赴东部": TO_EAST}
STAYS = {"东部派往西部": TO_WEST, "西部派往东部": TO_EAST}
TALENT = {"教育": "education", "医疗卫生": "health", "农业科技": "agri", "其他专技": "other"}
COURSES = {
    "党政干部": "cadres", "专业技术人才": "professionals", "致富带头人": "leaders", "劳务技能": "skills", "其他": "other",
}  # fmt: skip
FISCAL = {"省级财政": "province", "市级财政": "prefecture", "县级财政": "county", "镇村": "town"}
DESTINATIONS = {"东部结对地区": "east", "省内就近就地": "nearby", "其他地区": "province"}
CHANNELS = {
    "832平台": "platform_832", "专柜": "counter", "专区": "zone", "专馆": "hall", "直播电商": "live", "展销会": "fair",
    "单位采购": "institution", "商超": "supermarket",
}  # fmt: skip
MODES = {"采购": "purchased", "帮助销售": "assisted"}
OUTLETS = {"专柜": "counter", "专区": "zone", "专馆": "hall"}
COOPERATION = {
    "教育": "education", "医疗": "health", "科技": "science", "金融": "finance", "文化旅游": "tourism", "产教融合": "training",
    "医养结合": "care",
}  # fmt: skip
PAIRS = {
    "县际": "county", "镇镇": "town", "村村": "village", "校校": "school", "院院": "hospital", "企村": "enterprise",
    "社会组织": "social_org",
}  # fmt: skip
# What a total without detail is entered for, with the measures above it.
OPENINGS = {
    "talent.education": ("talent.total", "talent.all"),
    "visits.person_times.to_west": ("visits.person_times",),
    "funds.cash": ("funds.social", "funds.total"),
    "labour.employed_east": ("labour.employed_total",),
    "consumption.outlets.zone": ("consumption.outlets",),
    "industry.enterprises": (),
    "honours.count": (),
}

Values = dict[str, Any]
Key = tuple[str, int]  # ledger, row
Told = Iterator[tuple[Any, ...]]


@dataclass(frozen=True)
class Effect:
    """What a row adds to a measure on a day."""

    code: str
    on: date
    quantity: int = 1
    subject: str = ""
    bare: bool = False


def effects(key: Key, values: Values, approved: Mapping[Key, Values]) -> tuple[Effect, ...]:
    """What an approved row comes to, among all that are. A missing day and a missing quantity come to nothing, and so
    does what came and went on one day."""
    told = BY_LEDGER.get(key[0])
    net: dict[tuple[Any, ...], int] = defaultdict(int)
    for code, on, quantity, *more in told(values, key, approved) if told else ():
        if on and quantity:
            net[code, on, *more] += quantity
    return tuple(Effect(code, on, quantity, *more) for (code, on, *more), quantity in net.items() if quantity)


def visits(v: Values, *_: Any) -> Told:
    for code, quantity in (("visits.batches", 1), ("visits.person_times", v["people"])):
        yield code, v["occurred_on"], quantity
        yield f"{code}.{TRIPS[v['direction']]}", v["occurred_on"], quantity


def secondments(v: Values, *_: Any) -> Told:
    person = v["id_number"] or f"{v['name']}|{v['home_org']}"
    cadre = v["category"] == "党政干部"
    codes = ["cadres.seconded"] if cadre else [f"talent.{TALENT[v['category']]}", "talent.total"]
    for code in (*codes, "talent.all"):
        yield code, v["start"], 1, person
        yield f"{code}.{STAYS[v['direction']]}", v["start"], 1, person


def trainings(v: Values, *_: Any) -> Told:
    for code, quantity in (("training.sessions", 1), ("training.person_times", v["person_times"])):
        yield code, v["start"], quantity
        yield f"{code}.{COURSES[v['category']]}", v["start"], quantity


def receipts(v: Values, *_: Any) -> Told:
    for code in ("funds.total", "funds.fiscal", f"funds.fiscal.{FISCAL[v['source']]}"):
        yield code, v["received_on"], v["amount"]


def donations(v: Values, *_: Any) -> Told:
    yield "donations.pledged", v["pledged_on"], v["amount"]
    for code in ("funds.total", "funds.social", "funds.cash" if v["kind"] == "资金" else "funds.in_kind"):
        yield code, v["received_on"], v["amount"]


def allocations(v: Values, *_: Any) -> Told:
    yield "funds.allocated", v["allocated_on"], v["amount"]


def payments(v: Values, *_: Any) -> Told:
    yield "funds.paid", v["paid_on"], v["amount"]


def projects(v: Values, *_: Any) -> Told:
    yield "projects.count", v["approved_on"], 1
    for step in ("started", "completed", "accepted", "handed_over"):
        yield f"projects.{step}", v[f"{step}_on"], 1
    for code, column in (("benef.households", "households"), ("benef.people", "people")):
        yield code, v["approved_on"], v[column]
        yield f"{code}.lifted", v["approved_on"], v[f"lifted_{column}"]


def twin_support(v: Values, *_: Any) -> Told:
    yield "twin.projects", v["occurred_on"], 1
    yield "twin.households", v["occurred_on"], v["households"]
    yield "twin.person_times", v["occurred_on"], v["person_times"]


def demo_villages(v: Values, *_: Any) -> Told:
    yield "demo.villages", v["started_on"], 1
    yield "demo.villages.recognised", v["recognised_on"], 1


def joint_programmes(v: Values, *_: Any) -> Told:
    yield "coop.programmes", v["started_on"], 1
    yield f"coop.programmes.{COOPERATION[v['field']]}", v["started_on"], 1


def parks(v: Values, *_: Any) -> Told:
    yield "industry.parks", v["started_on"], 1


def enterprises(v: Values, _: Key, approved: Mapping[Key, Values]) -> Told:
    """The money that an enterprise's own row tells of counts only while no row of 到位资金 does."""
    landed, code = v["landed_on"], v["credit_code"]
    yield "industry.enterprises", landed, 1, code
    yield "industry.enterprises.producing", v["producing_on"], 1, code
    if v["park"]:
        yield "industry.enterprises.in_parks", landed, 1, code
    yield "industry.agreed", landed, v["agreed"]
    if not any(ledger == "investments" and w["credit_code"] == code for (ledger, _), w in approved.items()):
        yield "industry.investment", landed, v["paid_in"]
    yield "industry.jobs", landed, v["jobs"]
    yield "industry.jobs.lifted", landed, v["lifted_jobs"]


def investments(v: Values, *_: Any) -> Told:
    yield "industry.investment", v["paid_on"], v["amount"]


def jobs(v: Values, *_: Any) -> Told:
    for code in ("labour.employed_total", f"labour.employed_{DESTINATIONS[v['destination']]}"):
        yield code, v["started_on"], 1, v["id_number"]
    if v["lifted"]:
        yield "labour.employed_poor", v["started_on"], 1, v["id_number"]
    if v["channel"] == "点对点输送":
        yield "labour.p2p", v["started_on"], 1


def retention(v: Values, key: Key, approved: Mapping[Key, Values]) -> Told:
    """Somebody found in post stays there until the next time that they are asked, or until they leave."""
    job = approved[v["number_of_job"]]
    checks = [(w["checked_on"], k[1]) for k, w in approved.items() if k[0] == "retention" and same_job(v, w)]
    after = min((on for on, pk in checks if (on, pk) > (v["checked_on"], key[1])), default=None)
    ends = min((day for day in (after, job["left_on"]) if day), default=None)
    if v["in_post"] and (ends is None or ends > v["checked_on"]):
        yield "labour.in_post", v["checked_on"], 1, job["id_number"]
        yield "labour.in_post", ends, -1, job["id_number"]


def same_job(one: Values, other: Values) -> bool:
    return bool(one["number_of_job"] == other["number_of_job"])


def workshops(v: Values, *_: Any) -> Told:
    counted = {
        "labour.workshops": 1,
        "labour.workshop_jobs": v["jobs"],
        "labour.workshop_jobs.lifted": v["lifted_jobs"] or 0,
    }
    for code, quantity in counted.items():
        yield code, v["recognised_on"], quantity
        yield code, v["withdrawn_on"], -quantity


def jobfairs(v: Values, *_: Any) -> Told:
    yield "labour.jobfairs", v["held_on"], 1
    yield "labour.jobs_offered", v["held_on"], v["vacancies"]


def sales(v: Values, *_: Any) -> Told:
    for code in ("sales", MODES[v["mode"]], f"sales.{CHANNELS[v['channel']]}"):
        yield f"consumption.{code}", v["sold_on"], v["amount"]


def outlets(v: Values, *_: Any) -> Told:
    for code in ("consumption.outlets", f"consumption.outlets.{OUTLETS[v['kind']]}"):
        yield code, v["opened_on"], 1
        yield code, v["closed_on"], -1


def products(v: Values, *_: Any) -> Told:
    yield "consumption.products", v["recognised_on"], 1


def monitored(v: Values, *_: Any) -> Told:
    for code, quantity in (("monitored.households", 1), ("monitored.people", v["people"])):
        yield code, v["identified_on"], quantity
        yield f"{code}.cleared", v["cleared_on"], quantity


def home_visits(v: Values, *_: Any) -> Told:
    yield "home.visits", v["visited_on"], 1


def meetings(v: Values, *_: Any) -> Told:
    yield "meetings.total", v["occurred_on"], 1
    if v["kind"] == "联席会议":
        yield "meetings.joint", v["occurred_on"], 1


def agreements(v: Values, *_: Any) -> Told:
    yield "agreements.signed", v["signed_on"], 1


def honours(v: Values, *_: Any) -> Told:
    yield "honours.count", v["awarded_on"], 1


def opening(v: Values, *_: Any) -> Told:
    quantity = v["value"] * 100 if v["measure"].startswith("funds") else v["value"]
    for code in (v["measure"], *OPENINGS[v["measure"]]):
        yield code, v["until"], quantity, "", True


def pairings(v: Values, *_: Any) -> Told:
    if v["level"] in PAIRS:
        yield f"pair.{PAIRS[v['level']]}", v["since"], 1
        yield f"pair.{PAIRS[v['level']]}", v["until"], -1


BY_LEDGER: dict[str, Callable[..., Told]] = {
    told.__name__: told
    for told in (
        visits, secondments, trainings, receipts, donations, allocations, payments, projects, twin_support, demo_villages,
        joint_programmes, parks, enterprises, investments, jobs, retention, workshops, jobfairs, sales, outlets, products,
        monitored, home_visits, meetings, agreements, honours, opening, pairings,
    )
}  # fmt: skip
