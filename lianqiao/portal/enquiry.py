"""留下意向: one form for zones, opportunities, products and the site itself, that asks no more than it needs.

Against machines: a field that people do not see, a least time between opening and sending, and so many enquiries an hour
from one address. Nothing is kept without consent; what is kept is encrypted (fields/industry/leads.py).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Page

from lianqiao.core.numerals import half_width
from lianqiao.desk.doors import only_way
from lianqiao.fields.consumption.goods import Offer
from lianqiao.fields.industry import leading
from lianqiao.fields.industry.leads import SENDERS, SUMS, Kind
from lianqiao.places.models import Node
from lianqiao.portal.models import Opportunity, Zone

CONSENT = gettext_lazy("我同意本站按隐私说明保存以上信息，只用于这次合作洽谈；最后一次联系满一年后删除。")
LEAST_SECONDS, MOST_SECONDS = 3, 12 * 3600
SALT = "lianqiao.portal.enquiry"
MOBILE, LANDLINE = re.compile(r"1[3-9]\d{9}", re.ASCII), re.compile(r"\+?\d[\d-]{6,18}\d", re.ASCII)


# What it is about ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """What the form is about, as this page calls it and as the desk will: title, zone, its address, and who answers."""

    about: leading.Subject
    title: str
    address: str
    office: str


def asked(kind: str, key: str) -> Asked:
    """Raises Http404 where nothing of that kind and key is in public."""
    found = FINDERS[kind](key) if kind in FINDERS else None
    if found is None:
        raise Http404
    return found


def programme() -> Node:
    """The pairing that answers for what names none. Raises Http404 where there is none yet."""
    node = only_way(Node.objects.all())
    if node is None:
        raise Http404
    return node


def zone(key: str) -> Asked | None:
    page, kept = pages(Zone, key)
    if page is None:
        return None
    about = leading.Subject(Kind.ZONE, key, kept.title, kept.title, programme())
    return Asked(about, page.title, page.url, page.office or page.title)


def opportunity(key: str) -> Asked | None:
    page, kept = pages(Opportunity, key)
    if page is None:
        return None
    area = kept.area
    about = leading.Subject(Kind.OPPORTUNITY, key, kept.title, area.title if area else kept.place, programme())
    return Asked(about, page.title, page.url, (page.area.office or page.area.title) if page.area else page.place)


def product(key: str) -> Asked | None:
    offer = Offer.objects.public().select_related("node").filter(number=key).first()
    if offer is None:
        return None
    about = leading.Subject(Kind.PRODUCT, key, f"{offer.name}（{offer.producer}）", offer.village, offer.node)
    return Asked(about, offer.name, reverse("portal_product", args=[key]), offer.producer)


def whole_site(key: str) -> Asked | None:
    if key != "general":
        return None
    title = gettext("综合咨询")
    return Asked(leading.Subject(Kind.SITE, "", "综合咨询", "", programme()), title, "", "")


FINDERS: dict[str, Callable[[str], Asked | None]] = {
    Kind.ZONE: zone,
    Kind.OPPORTUNITY: opportunity,
    Kind.PRODUCT: product,
    Kind.SITE: whole_site,
}


def pages(model: type[Page], key: str) -> tuple[Any, Any]:
    """The live page of that lasting key, in the reader's language or else in Chinese, and the Chinese one for the desk."""
    try:
        found = {
            page.locale.language_code: page
            for page in model.objects.live().filter(translation_key=UUID(key)).select_related("locale")
        }
    except ValueError:
        return None, None
    chinese = found.get("zh-hans")
    shown = found.get(get_language() or "") or chinese
    return shown, chinese or shown


# The form --------------------------------------------------------------------------------------------------------------


class EnquiryForm(forms.Form):
    """One column; what may be left out says so."""

    sender = forms.ChoiceField(widget=forms.RadioSelect, initial=SENDERS[0])
    company = forms.CharField(max_length=100)
    name = forms.CharField(max_length=40)
    contact = forms.CharField(max_length=120)
    sum_band = forms.ChoiceField(required=False)
    text = forms.CharField(required=False, max_length=500, widget=forms.Textarea)
    consent = forms.BooleanField()
    # Not seen by people; whoever fills it in is none.
    website = forms.CharField(required=False)
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, kind: str, data: Any = None) -> None:
        super().__init__(data, initial={"opened": opened_now(), "sender": SENDERS[1 if kind == Kind.PRODUCT else 0]})
        self.fields["sender"].choices = [(one, gettext(one)) for one in SENDERS]  # type: ignore[attr-defined]
        told = [(one, gettext(one)) for one in SUMS]
        self.fields["sum_band"].choices = [("", gettext("还没定")), *told]  # type: ignore[attr-defined]
        if kind == Kind.PRODUCT:
            del self.fields["sum_band"]
        for name, words in missing().items():
            self.fields[name].error_messages["required"] = words
        for name in self.fields:
            too_long = gettext("太长，请缩短到 %(limit_value)s 字以内")
            self.fields[name].error_messages["max_length"] = too_long

    def clean_contact(self) -> dict[str, str]:
        """A telephone or an address, whichever was given."""
        text = half_width(self.cleaned_data["contact"]).strip()
        if "@" in text:
            try:
                validate_email(text)
            except ValidationError:
                raise ValidationError(gettext("邮箱不完整，应像 name@example.org")) from None
            return {"phone": "", "email": text}
        digits = re.sub(r"[\s()（）]", "", text)
        if MOBILE.fullmatch(digits) or (LANDLINE.fullmatch(digits) and not looks_mobile(digits)):
            return {"phone": digits, "email": ""}
        raise ValidationError(wrong_number(digits))

    def clean(self) -> None:
        if self.cleaned_data.get("website") or not in_time(self.cleaned_data.get("opened", "")):
            self.add_error(None, gettext("没有提交成功：提交得太快，或者页面开得太久。请看一遍再提交"))

    def told(self) -> dict[str, str]:
        """What is kept encrypted."""
        given = self.cleaned_data
        return {name: given[name] for name in ("company", "name", "text")} | given["contact"]


def missing() -> dict[str, str]:
    return {
        "company": gettext("请填单位名称，个人填姓名"),
        "name": gettext("请填联系人"),
        "contact": gettext("请填手机或邮箱，填一项即可"),
        "consent": gettext("要同意保存，我们才能收下并联系您"),
    }


def looks_mobile(digits: str) -> bool:
    """A mobile number with a digit too few or too many, rather than a landline."""
    return digits.isdigit() and digits[:1] == "1" and len(digits) in (9, 10, 12)


def wrong_number(digits: str) -> str:
    if looks_mobile(digits) and len(digits) == 10:
        return gettext("手机号少一位，应为11位数字")
    if looks_mobile(digits) and len(digits) == 12:
        return gettext("手机号多一位，应为11位数字")
    return gettext("认不出这个号码。手机为11位数字，座机写上区号，如0523-12345678")


def opened_now() -> str:
    return signing.dumps(int(time.time()), salt=SALT)


def in_time(stamp: str) -> bool:
    """Whether the form was opened long enough ago for a person to fill it in, and not too long ago."""
    try:
        return LEAST_SECONDS <= time.time() - signing.loads(stamp, salt=SALT) <= MOST_SECONDS
    except signing.BadSignature:
        return False


# The pages -------------------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enquiry(request: HttpRequest, kind: str, key: str) -> HttpResponseBase:
    """The form; POST keeps the enquiry and leads to its number (400: something is to be mended; 429: too many)."""
    about = asked(kind, key)
    form = EnquiryForm(kind, request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return shown(request, about, form, 200)
    if not form.is_valid():
        return shown(request, about, form, 400)
    if not ratelimit.consume(request, action="enquiry", key="site"):
        form.add_error(None, gettext("这个地址提交得太多了，请过一小时再试，或者打电话"))
        return shown(request, about, form, 429)
    given = form.cleaned_data
    kept = leading.receive(
        about.about, form.told(), sender=given["sender"], sum_band=given.get("sum_band", ""),
        language=get_language() or "zh-hans", agreed_to=str(CONSENT),
    )  # fmt: skip
    return redirect("enquiry_thanks", signing.dumps(kept.number, salt=SALT))


def shown(request: HttpRequest, about: Asked, form: EnquiryForm, status: int) -> HttpResponse:
    if status == 400 and not in_time(request.POST.get("opened", "")):  # whoever mends it has it open from now on
        typed = request.POST.copy()
        typed["opened"] = opened_now()
        form.data = typed
    told = {
        "form": form,
        "asked_about": about,
        "consent": CONSENT,
        "trail": trail(about),
        "here_name": gettext("留下意向"),
    }
    return render(request, "portal/enquiry.html", told | {"problems": list(problems(form))}, status=status)


def problems(form: EnquiryForm) -> list[tuple[str, str]]:
    """Every problem with the field that it is at, in the order of the fields; none: it is of the whole."""
    whole = [("", str(error)) for error in form.non_field_errors()]
    return [*whole, *((form[name].auto_id, str(error)) for name in form.fields for error in form[name].errors)]


def trail(about: Asked) -> list[tuple[str, str]]:
    home = (gettext("首页"), f"/{get_language()}/")
    return [home, (about.title, about.address)] if about.address else [home]


@never_cache
@require_safe
def thanks(request: HttpRequest, signed: str) -> HttpResponse:
    """The number to quote. Only who has just sent an enquiry has the address."""
    try:
        number = signing.loads(signed, salt=SALT, max_age=24 * 3600)
    except signing.BadSignature:
        raise Http404 from None
    told = {"number": number, "trail": [(gettext("首页"), f"/{get_language()}/")], "here_name": gettext("已收到")}
    return render(request, "portal/enquiry_thanks.html", told)
