"""The pages of the public site, and what is uploaded for them.

    HomePage                    one in each language; what every page shows around itself stands on it
    ├ NewsIndex └ Article       news; an article may also lie below the zone that issues it
    ├ ZoneIndex └ Zone          development zones, parks built together and partner places; below a zone what its editors write
    ├ OpportunityIndex └ Opportunity
    ├ CaseIndex                 typical cases, from the programme's own library
    └ StandardPage              about, contact, privacy …

A zone's editors may write below their zone only (founding.py), so its articles and opportunities lie there; the lists show
what lies anywhere.
"""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from lianqiao.portal import blocks, sharing
from lianqiao.portal.fields import Fen
from lianqiao.portal.publishing.blocks import FigureBlock
from lianqiao.portal.publishing.listing import listed
from lianqiao.portal.publishing.pages import CheckedPage
from lianqiao.portal.words import segmented, text_of

Trail = list[tuple[str, str]]


class Upload(models.Model):
    """A file that editors gave, by the name that pages know it by; the file itself is kept as evidence is."""

    name = models.CharField("名称", max_length=200, unique=True)
    # Called so because a backup looks for files in columns of that name.
    evidence = models.JSONField("文件")

    class Meta:
        verbose_name = "门户文件"


class Words(index.SearchField):
    """A field whose words the index keeps as it is asked for them (words.py)."""

    def get_value(self, obj: Any) -> str:
        return segmented(str(super().get_value(obj)))


class Sheet(Page):
    """What all pages have: they are found by words of their title and text, and stand on a path."""

    # What a search reads besides the title.
    searched: ClassVar[tuple[str, ...]] = ()

    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        Words("title"),
        Words("search_text"),
        # The editors' own search takes what is typed for the beginning of a word.
        index.AutocompleteField("search_start"),
    ]

    class Meta:
        abstract = True

    @property
    def search_text(self) -> str:
        return " ".join([self.title, *(text_of(getattr(self, name)) for name in self.searched)])

    @property
    def search_start(self) -> str:
        return segmented(self.title)

    def trail(self) -> Trail:
        """What stands above the page, from the home down: (title, address)."""
        return [(page.title, str(page.url)) for page in self.get_ancestors().filter(depth__gt=1)]

    def excerpt(self) -> str:
        """What the page is about in a line, for those who find it elsewhere."""
        return str(getattr(self, "summary", ""))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().get_context(request, *args, **kwargs)
        from lianqiao.portal import context, linked, showing  # they read the pages themselves

        trail = self.trail()
        told |= sharing.of(self, request) | {"trail": trail} | showing.shown(self, request)
        told["sections"] = context.sections(trail[1][1] if len(trail) > 1 else request.path)
        path = sharing.breadcrumbs([*trail, (str(told.get("here_name", self.title)), request.path)], request)
        return told | {"ld": sharing.json_ld({"@graph": [linked.described(self, request), path]})}


class HomePage(Sheet):
    """The front page, and what stands around every page of its language."""

    site_name = models.CharField(_("站名"), max_length=40, default="连桥")
    line = models.CharField(_("站名下的一行"), max_length=80, blank=True)
    notice = models.CharField(_("页顶通知"), max_length=120, blank=True)
    about = models.CharField(_("页脚说明"), max_length=200, blank=True)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    fax = models.CharField(_("传真"), max_length=40, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    hours = models.CharField(_("办公时间"), max_length=80, blank=True)
    since = models.PositiveSmallIntegerField(_("版权起始年"), default=2017)
    icp = models.CharField(_("ICP备案号"), max_length=40, blank=True)
    police = models.CharField(_("公安备案号"), max_length=40, blank=True)

    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    template = "portal/home.html"
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("site_name"), FieldPanel("line"), FieldPanel("notice")], _("页眉")),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("about", "phone", "fax", "email", "hours", "since", "icp", "police")],
            _("页脚"),
        ),
    ]

    class Meta:
        verbose_name = _("首页")

    def excerpt(self) -> str:
        return self.about


class NewsIndex(Sheet):
    """The list of news."""

    parent_page_types: ClassVar[list[str]] = ["portal.HomePage"]
    subpage_types: ClassVar[list[str]] = ["portal.Article"]
    template = "portal/news.html"

    class Meta:
        verbose_name = _("新闻列表")


class Article(CheckedPage, Sheet):  # type: ignore[django-manager-missing]
    """News in words, pictures or moving pictures."""

    class Section(models.TextChoices):
        WORDS = "words", _("文字新闻")
        PICTURES = "pictures", _("图片新闻")
        VIDEO = "video", _("视频新闻")

    section = models.CharField(_("类型"), max_length=10, choices=Section, default=Section.WORDS)
    dated = models.DateField(_("发布日期"), db_index=True)
    city = models.CharField(_("城市"), max_length=20, blank=True, help_text=_("如泰州。留空则取发布开发区的"))
    issuer = models.ForeignKey(
        "portal.Zone", models.SET_NULL, null=True, blank=True, related_name="issued", verbose_name=_("发布开发区")
    )
    source = models.CharField(_("来源"), max_length=80, blank=True)
    summary = models.TextField(_("摘要"), max_length=300, blank=True)
    picture = models.ForeignKey(
        "wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("题图")
    )
    caption = models.CharField(_("题图说明"), max_length=200, blank=True)
    body = StreamField(blocks.BodyBlock(), verbose_name=_("正文"), blank=True)

    parent_page_types: ClassVar[list[str]] = ["portal.NewsIndex", "portal.Zone"]
    subpage_types: ClassVar[list[str]] = []
    template = "portal/article.html"
    searched = ("summary", "body", "source", "city")
    texts = ("summary", "caption", "body")
    dated_by = "dated"
    search_fields: ClassVar[list[Any]] = [*Sheet.search_fields, index.FilterField("dated")]
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel(name) for name in ("section", "dated", "source", "city", "issuer")], _("来历")),
        FieldPanel("summary"),
        MultiFieldPanel([FieldPanel("picture"), FieldPanel("caption")], _("题图")),
        *[FieldPanel(name) for name in ("body", "checked_against")],
    ]

    class Meta:
        verbose_name = _("新闻")

    def clean(self) -> None:
        """What lies below a zone is issued by it, and news of a zone is news of its city."""
        super().clean()
        self.issuer = self.issuer or zone_above(self)
        self.city = self.city or (self.issuer.city if self.issuer else "")

    def trail(self) -> Trail:
        """Not by where the page lies but by what it is: 首页 > 开发区新闻 > 泰州 > 文字新闻."""
        home, news = f"/{self.locale.language_code}/", f"/{self.locale.language_code}/news/"
        above = [(gettext("首页"), home), (gettext("开发区新闻"), news)]
        return [*above, (self.city, f"{news}?{urlencode({'city': self.city})}")] if self.city else above


class ZoneIndex(Sheet):
    """The list of zones, parks and places."""

    parent_page_types: ClassVar[list[str]] = ["portal.HomePage"]
    subpage_types: ClassVar[list[str]] = ["portal.Zone"]
    template = "portal/zones.html"

    class Meta:
        verbose_name = _("开发区列表")


class Zone(Sheet):
    """A development zone, a park that two places build together, or a partner place."""

    class Kind(models.TextChoices):
        ZONE = "zone", _("开发区")
        PARK = "park", _("共建园区")
        PLACE = "place", _("结对地区")

    kind = models.CharField(_("种类"), max_length=10, choices=Kind, default=Kind.ZONE)
    level = models.CharField(_("级别"), max_length=40, blank=True)
    city = models.CharField(_("城市"), max_length=20, help_text=_("如泰州"))
    summary = models.TextField(_("两句话介绍"), max_length=300)
    picture = models.ForeignKey(
        "wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("图片")
    )
    facts = StreamField([("fact", blocks.FactBlock())], verbose_name=_("要点"), blank=True, max_num=5)
    profile = RichTextField(_("概况"), blank=True, features=blocks.FEATURES)
    industries = StreamField([("industry", blocks.IndustryBlock())], verbose_name=_("主导产业或特产"), blank=True)
    plots = StreamField([("plot", blocks.PlotBlock())], verbose_name=_("土地与厂房"), blank=True)
    plots_on = models.DateField(_("土地与厂房更新于"), null=True, blank=True)
    policies = StreamField([("policy", blocks.PolicyBlock())], verbose_name=_("政策"), blank=True)
    office = models.CharField(_("受理单位"), max_length=80, blank=True)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    hours = models.CharField(_("办公时间"), max_length=80, blank=True)
    address = models.CharField(_("地址"), max_length=120, blank=True)

    parent_page_types: ClassVar[list[str]] = ["portal.ZoneIndex"]
    subpage_types: ClassVar[list[str]] = ["portal.Article", "portal.Opportunity"]
    template = "portal/zone.html"
    searched = ("summary", "profile", "industries", "plots", "policies", "city")
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel(name) for name in ("kind", "level", "city", "summary", "picture")], _("简介")),
        *[FieldPanel(name) for name in ("facts", "profile", "industries", "plots", "plots_on", "policies")],
        MultiFieldPanel([FieldPanel(name) for name in ("office", "phone", "email", "hours", "address")], _("联系")),
    ]

    class Meta:
        verbose_name = _("开发区")


class OpportunityIndex(Sheet):
    """The list of opportunities."""

    parent_page_types: ClassVar[list[str]] = ["portal.HomePage"]
    subpage_types: ClassVar[list[str]] = ["portal.Opportunity"]
    template = "portal/opportunities.html"

    class Meta:
        verbose_name = _("投资机会列表")


class Opportunity(Sheet):
    """Something to invest in: what, where, how much, for whom, and how far it has come."""

    class Sector(models.TextChoices):
        FOOD = "food", _("农产品加工")
        COLD = "cold", _("冷链与仓储")
        EQUIPMENT = "equipment", _("装备制造")
        LIGHT = "light", _("轻工服装")
        TOURISM = "tourism", _("农旅融合")
        MATERIALS = "materials", _("医药与新材料")
        OTHER = "other", _("其他")

    class Stage(models.TextChoices):
        OPEN = "open", _("寻求合作")
        TALKS = "talks", _("洽谈中")
        SIGNED = "signed", _("已签约")
        LANDED = "landed", _("已落地")

    # Not `zone`: so a page of that kind is called from Page.
    area = models.ForeignKey(
        "portal.Zone", models.SET_NULL, null=True, blank=True, related_name="offered", verbose_name=_("开发区或地区")
    )
    place = models.CharField(_("地点"), max_length=60)
    sector = models.CharField(_("行业"), max_length=12, choices=Sector)
    mode = models.CharField(_("合作方式"), max_length=60, help_text=_("如股权合作、租赁"))
    stage = models.CharField(_("进展"), max_length=10, choices=Stage, default=Stage.OPEN)
    amount = Fen(_("计划投资"), null=True, blank=True)
    size = models.CharField(_("规模"), max_length=60, blank=True, help_text=_("如可租面积12,400平方米"))
    wanted = models.CharField(_("希望谁来"), max_length=120, blank=True)
    updated = models.DateField(_("更新日期"), db_index=True)
    summary = models.TextField(_("一句话"), max_length=200)
    picture = models.ForeignKey(
        "wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("图片")
    )
    conditions = StreamField([("fact", blocks.FactBlock())], verbose_name=_("条件"), blank=True)
    body = StreamField(blocks.BodyBlock(), verbose_name=_("说明"), blank=True)

    parent_page_types: ClassVar[list[str]] = ["portal.OpportunityIndex", "portal.Zone"]
    subpage_types: ClassVar[list[str]] = []
    template = "portal/opportunity.html"
    searched = ("summary", "place", "mode", "wanted", "conditions", "body")
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel(n)
                for n in ("area", "place", "sector", "mode", "stage", "amount", "size", "wanted", "updated")
            ],
            _("要点"),
        ),
        *[FieldPanel(name) for name in ("summary", "picture", "conditions", "body")],
    ]

    class Meta:
        verbose_name = _("投资机会")

    def clean(self) -> None:
        super().clean()
        self.area = self.area or zone_above(self)

    def trail(self) -> Trail:
        home = f"/{self.locale.language_code}/"
        above = [(gettext("首页"), home), (gettext("投资机会"), f"{home}opportunities/")]
        return [*above, (self.area.title, f"{home}opportunities/?zone={self.area_id}")] if self.area else above


class FiguresPage(CheckedPage, Sheet):  # type: ignore[django-manager-missing]
    """The figures in public: headline figures by group, each with its definition and its years."""

    summary = models.TextField(_("导语"), max_length=300, blank=True)
    figures = StreamField([("figure", FigureBlock())], verbose_name=_("数字"), blank=True)

    parent_page_types: ClassVar[list[str]] = ["portal.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "publishing/figures.html"
    searched = ("summary",)
    texts = ("summary", "figures")
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        *[FieldPanel(name) for name in ("summary", "figures", "checked_against")],
    ]

    class Meta:
        verbose_name = _("公开数据")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return told | listed([one.value for one in self.figures])


def zone_above(page: Page) -> Zone | None:
    """The zone below which a page lies, if it lies below one."""
    above = page.get_parent() if page.path and page.depth > 1 else None
    found = above.specific if above else None
    return found if isinstance(found, Zone) else None


class CaseIndex(Sheet):
    """Typical cases."""

    parent_page_types: ClassVar[list[str]] = ["portal.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "portal/cases.html"

    class Meta:
        verbose_name = _("典型案例")


class StandardPage(CheckedPage, Sheet):  # type: ignore[django-manager-missing]
    """A page of text: about, contact, privacy."""

    summary = models.TextField(_("导语"), max_length=300, blank=True)
    body = StreamField(blocks.BodyBlock(), verbose_name=_("正文"), blank=True)

    parent_page_types: ClassVar[list[str]] = ["portal.HomePage", "portal.StandardPage"]
    subpage_types: ClassVar[list[str]] = ["portal.StandardPage"]
    template = "portal/standard.html"
    searched = ("summary", "body")
    texts = ("summary", "body")
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        *[FieldPanel(name) for name in ("summary", "body", "checked_against")],
    ]

    class Meta:
        verbose_name = _("文字页")
