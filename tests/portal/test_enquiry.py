"""The public form: what people send is kept, what machines send is not, and nothing is kept without consent."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import Locale

from lianqiao.fields.industry.leads import Enquiry
from lianqiao.portal import enquiry
from lianqiao.portal.models import HomePage, Opportunity, OpportunityIndex, Zone, ZoneIndex
from tests.world import UNTIL, World

pytestmark = pytest.mark.data
GIVEN = {
    "sender": "投资方", "company": "示例果蔬供应链公司", "name": "示例乙", "contact": "13900000001", "sum_band": "",
    "text": "冷库多大？", "consent": "on", "website": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def nobody_has_tried_yet() -> None:
    cache.clear()


@pytest.fixture
def zone(world: World) -> Zone:
    """A zone in public, in Chinese."""
    home = HomePage.objects.get(locale=Locale.objects.get(language_code="zh-hans"))
    index = ZoneIndex.objects.child_of(home).first() or home.add_child(instance=ZoneIndex(title="开发区", slug="zones"))
    made: Zone = index.add_child(
        instance=Zone(
            title="永寿县工业园区", slug="yongshou-zone", city="咸阳", summary="示例", office="永寿县招商服务中心"
        )
    )
    return made


@pytest.fixture
def opportunity(zone: Zone) -> Opportunity:
    home = zone.get_parent().get_parent()
    index = OpportunityIndex.objects.child_of(home).first() or home.add_child(
        instance=OpportunityIndex(title="投资机会", slug="opportunities")
    )
    made: Opportunity = index.add_child(
        instance=Opportunity(
            title="冷链与分选中心",
            slug="cold",
            area=zone,
            place="永寿县",
            sector="cold",
            mode="股权合作",
            updated=UNTIL,
            summary="示例",
        )
    )
    return made


def address(page: Any, language: str = "zh-hans") -> str:
    kind = "zone" if isinstance(page, Zone) else "opportunity"
    return f"/{language}/enquiry/{kind}/{page.translation_key}/"


def opened(seconds: int = 60) -> str:
    """The hidden field of a form that was opened so long ago."""
    return enquiry.signing.dumps(int(enquiry.time.time()) - seconds, salt=enquiry.SALT)


def send(page: Any, client: Client | None = None, seconds: int = 60, language: str = "zh-hans", **more: Any) -> Any:
    data = {key: value for key, value in (GIVEN | {"opened": opened(seconds)} | more).items() if value is not None}
    return (client or Client()).post(address(page, language), data)


def test_an_enquiry_is_kept_and_its_number_told(opportunity: Opportunity, world: World) -> None:
    client = Client()
    answer = send(opportunity, client)
    assert answer.status_code == 302
    kept = Enquiry.objects.get()
    assert kept.number in client.get(answer.url).content.decode()
    assert (kept.kind, kept.key, kept.title, kept.zone, kept.node) == (
        "opportunity", str(opportunity.translation_key), "冷链与分选中心", "永寿县工业园区", world.province,
    )  # fmt: skip
    assert (kept.told("phone"), kept.told("email"), kept.told("company")) == ("13900000001", "", "示例果蔬供应链公司")
    assert kept.agreed_to == str(enquiry.CONSENT)


def test_the_form_begins_without_consent_and_names_who_answers(zone: Zone) -> None:
    page = Client().get(address(zone))
    body = page.content.decode()
    assert "永寿县招商服务中心办理" in body
    assert 'name="consent">' in body
    assert "no-store" in page["Cache-Control"]


def test_nothing_is_kept_without_consent(opportunity: Opportunity) -> None:
    answer = send(opportunity, consent=None)
    assert answer.status_code == 400
    assert "要同意保存" in answer.content.decode()
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        ("1380000000", "手机号少一位，应为11位数字"),
        ("138000000000", "手机号多一位，应为11位数字"),
        ("name@", "邮箱不完整"),
        ("微信", "认不出这个号码"),
        ("", "请填手机或邮箱"),
    ],
)
def test_a_mistake_is_told_above_and_at_its_field_and_what_was_typed_stays(
    opportunity: Opportunity, contact: str, told: str
) -> None:
    answer = send(opportunity, contact=contact)
    body = answer.content.decode()
    assert answer.status_code == 400
    assert body.count(told) == 2
    assert '<a href="#id_contact">' in body
    assert 'aria-describedby="id_contact-h id_contact-e" aria-invalid="true"' in body
    assert 'value="示例果蔬供应链公司"' in body
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize(
    ("contact", "phone", "email"),
    [
        ("139 0000 0001", "13900000001", ""), ("１３９００００００００１".replace("００００００００", "０００００００"), "13900000001", ""),
        ("(0523)1234567", "05231234567", ""), ("+86-13900000001", "+86-13900000001", ""), (" a@example.org ", "", "a@example.org"),
    ],
)  # fmt: skip
def test_telephones_and_addresses_as_people_write_them(
    opportunity: Opportunity, contact: str, phone: str, email: str
) -> None:
    assert send(opportunity, contact=contact).status_code == 302
    kept = Enquiry.objects.get()
    assert (kept.told("phone"), kept.told("email")) == (phone, email)


@pytest.mark.parametrize(
    ("seconds", "more"),
    [
        (1, {}),
        (enquiry.MOST_SECONDS + 60, {}),
        (60, {"website": "http://spam.example"}),
        (60, {"opened": "x"}),
        (60, {"opened": None}),
    ],
)
def test_what_machines_send_is_refused(opportunity: Opportunity, seconds: int, more: dict[str, Any]) -> None:
    assert send(opportunity, seconds=seconds, **more).status_code == 400
    assert not Enquiry.objects.exists()


def test_a_flood_from_one_address_is_refused(opportunity: Opportunity) -> None:
    statuses = [send(opportunity).status_code for _ in range(7)]
    assert statuses == [302] * 5 + [429] * 2
    assert Enquiry.objects.count() == 5


def test_a_form_of_another_site_is_refused(opportunity: Opportunity) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert send(opportunity, strict).status_code == 403
    assert not Enquiry.objects.exists()


def test_in_english_the_form_is_english_and_the_desk_reads_chinese(opportunity: Opportunity) -> None:
    body = Client().get(address(opportunity, "en")).content.decode()
    assert "Organisation" in body
    assert send(opportunity, language="en", contact="1380000000").status_code == 400
    assert send(opportunity, language="en").status_code == 302
    kept = Enquiry.objects.get()
    assert (kept.language, kept.title, kept.agreed_to) == ("en", "冷链与分选中心", "I agree" + kept.agreed_to[7:])


def test_nothing_unpublished_can_be_asked_about(opportunity: Opportunity, zone: Zone) -> None:
    here = address(opportunity)
    opportunity.unpublish()
    client = Client()
    for there in (here, "/zh-hans/enquiry/opportunity/x/", "/zh-hans/enquiry/nothing/x/", "/zh-hans/enquiry/site/x/"):
        assert client.get(there).status_code == 404
    assert client.get("/zh-hans/enquiry/product/SP-2021-0001/").status_code == 404
    assert client.get("/zh-hans/enquiry/site/general/").status_code == 200


def test_a_number_is_told_only_to_who_has_just_sent_it(world: World) -> None:
    assert Client().get("/zh-hans/enquiry/thanks/YX-2021-0001/").status_code == 404
