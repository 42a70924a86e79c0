"""Lists that a reader narrows down: what there is to choose from with counts, what is chosen, and a page of what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page as Slice
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from wagtail.models import Locale

from lianqiao.portal.fields import WAN
from lianqiao.portal.models import Article, Opportunity, Zone

PER_PAGE = 20
# What an amount falls into: code, from, below (分).
BANDS: tuple[tuple[str, int, int | None], ...] = (
    ("small", 0, 1_000 * WAN), ("middle", 1_000 * WAN, 5_000 * WAN), ("large", 5_000 * WAN, None),
)  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """One thing to choose. url: the list with it chosen, or given up where it is chosen already."""

    value: str
    name: str
    count: int
    chosen: bool
    url: str


@dataclass(frozen=True)
class Facet:
    """One way to narrow a list down."""

    key: str
    name: str
    choices: list[Choice]

    @property
    def chosen(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.chosen]


@dataclass
class Shelf:
    """A list as somebody has asked for it. rows: groups of what is there as dicts with n, how many each stands for."""

    names: Mapping[str, str]
    rows: Sequence[dict[str, Any]]
    asked: QueryDict
    told: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    # Values that have an order of their own; others stand by their number.
    order: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def chosen(self, key: str) -> set[str]:
        """What is asked for and there: an address may name anything."""
        return set(self.asked.getlist(key)) & {str(row[key]) for row in self.rows}

    def facets(self) -> list[Facet]:
        return [self.facet(key) for key in self.names]

    def facet(self, key: str) -> Facet:
        """Each value with the number of what is left if it is chosen beside what the others have chosen."""
        counts: Counter[str] = Counter()
        for row in self.rows:
            if str(row[key]) and self.fits(row, but=key):
                counts[str(row[key])] += row["n"]
        chosen, tell = self.chosen(key), self.told.get(key, str)
        made = [
            Choice(value, tell(value), counts[value], value in chosen, self.url(key, value, value in chosen))
            for value in counts.keys() | chosen
        ]
        return Facet(key, self.names[key], sorted(made, key=lambda one: self.rank(key, one)))

    def rank(self, key: str, choice: Choice) -> tuple[int, str]:
        if key in self.order:
            return self.order[key].index(choice.value), ""
        return (-int(choice.value), "") if key == "year" else (-choice.count, choice.value)

    def fits(self, row: Mapping[str, Any], but: str = "") -> bool:
        return all(str(row[key]) in wanted for key in self.names if key != but and (wanted := self.chosen(key)))

    def url(self, key: str, value: str, chosen: bool) -> str:
        kept = [(k, v) for k in self.names for v in self.asked.getlist(k) if k != key or (chosen and v != value)]
        return "?" + urlencode(kept if chosen else [*kept, (key, value)])

    def query(self) -> str:
        """What is chosen, as it stands in an address, for the pages of the list and its feed."""
        return urlencode([(key, value) for key in self.names for value in sorted(self.chosen(key))])


def paged(found: QuerySet[Any], asked: QueryDict, per: int = PER_PAGE) -> Slice[Any]:
    """The page asked for; the nearest there is where the number is none."""
    return Paginator(found, per).get_page(asked.get("page"))


def live(kind: type[Any], locale: Locale) -> QuerySet[Any]:
    found: QuerySet[Any] = kind.objects.live().public().filter(locale=locale)
    return found


# News ------------------------------------------------------------------------------------------------------------------


def news_shelf(locale: Locale, asked: QueryDict) -> Shelf:
    grouped = (
        live(Article, locale).order_by().values("city", "issuer", "section", "dated__year").annotate(n=Count("pk"))
    )
    rows = [row | {"year": row["dated__year"], "issuer": row["issuer"] or ""} for row in grouped]
    zones = {str(pk): title for pk, title in live(Zone, locale).values_list("pk", "title")}
    names = {"city": _("地区"), "issuer": _("发布开发区"), "section": _("类型"), "year": _("年份")}
    sections = {str(value): str(name) for value, name in Article.Section.choices}
    return Shelf(names, rows, asked, {"issuer": lambda v: zones.get(v, v), "section": lambda v: sections.get(v, v)})


def news(locale: Locale, shelf: Shelf) -> QuerySet[Article]:
    """The articles that are asked for, the latest first."""
    found = latest(locale)
    for key, column in (("city", "city"), ("issuer", "issuer"), ("section", "section"), ("year", "dated__year")):
        if wanted := shelf.chosen(key):
            found = found.filter(**{f"{column}__in": wanted})
    return found


def latest(locale: Locale) -> QuerySet[Article]:
    found: QuerySet[Article] = live(Article, locale).select_related("issuer", "picture").order_by("-dated", "-pk")
    return found


def beside(article: Article) -> tuple[Article | None, Article | None]:
    """The article before and the one after, by date."""
    there = live(Article, article.locale)
    earlier = there.filter(dated__lt=article.dated) | there.filter(dated=article.dated, pk__lt=article.pk)
    later = there.filter(dated__gt=article.dated) | there.filter(dated=article.dated, pk__gt=article.pk)
    return earlier.order_by("-dated", "-pk").first(), later.order_by("dated", "pk").first()


def related(article: Article, most: int = 3) -> list[Article]:
    """The latest others of the same zone, then of the same city."""
    others = live(Article, article.locale).exclude(pk=article.pk).order_by("-dated", "-pk")
    found = list(others.filter(issuer=article.issuer_id)[:most]) if article.issuer_id else []
    if len(found) < most and article.city:
        held = [one.pk for one in found]
        found += others.filter(city=article.city).exclude(pk__in=held)[: most - len(found)]
    return found


# Opportunities ---------------------------------------------------------------------------------------------------------


def band(amount: int | None) -> str:
    """Which band an amount falls into; empty where none is told."""
    if amount is None:
        return ""
    return next(code for code, low, high in BANDS if amount >= low and (high is None or amount < high))


def band_name(code: str) -> str:
    return {"small": _("1,000万元以下"), "middle": _("1,000万～5,000万元"), "large": _("5,000万元以上")}.get(code, code)


def offers_shelf(locale: Locale, asked: QueryDict) -> Shelf:
    held = live(Opportunity, locale).values("area", "sector", "stage", "amount")
    rows = [row | {"amount": band(row["amount"]), "zone": row["area"] or "", "n": 1} for row in held]
    zones = {str(pk): title for pk, title in live(Zone, locale).values_list("pk", "title")}
    names = {"zone": _("地区与开发区"), "sector": _("行业"), "stage": _("进展"), "amount": _("计划投资")}
    sectors = {str(value): str(name) for value, name in Opportunity.Sector.choices}
    stages = {str(value): str(name) for value, name in Opportunity.Stage.choices}
    told: dict[str, Callable[[str], str]] = {
        "zone": lambda v: zones.get(v, v), "sector": lambda v: sectors.get(v, v), "stage": lambda v: stages.get(v, v),
        "amount": band_name,
    }  # fmt: skip
    order = {"amount": [code for code, *_ in BANDS], "stage": Opportunity.Stage.values}
    return Shelf(names, rows, asked, told, order)


def offers(locale: Locale, shelf: Shelf, asked: QueryDict) -> QuerySet[Opportunity]:
    """The opportunities that are asked for: the last updated first, or those of the largest amount."""
    found = live(Opportunity, locale).select_related("area")
    for key, column in {"zone": "area", "sector": "sector", "stage": "stage"}.items():
        if wanted := shelf.chosen(key):
            found = found.filter(**{f"{column}__in": wanted})
    if bands := shelf.chosen("amount"):
        found = found.filter(pk__in=within(found, bands))
    by_amount = asked.get("sort") == "amount"
    return found.order_by(*(["-amount"] if by_amount else []), "-updated", "-pk")


def within(found: Iterable[Opportunity], bands: set[str]) -> list[int]:
    return [one.pk for one in found if band(one.amount) in bands]


# Zones -----------------------------------------------------------------------------------------------------------------


def zones(locale: Locale) -> QuerySet[Zone]:
    """In the order in which editors have put them."""
    found: QuerySet[Zone] = live(Zone, locale).select_related("picture").order_by("path")
    return found
