"""Signing in: the password, the second step, what is asked again, and who is out."""

from __future__ import annotations

import importlib
import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from lianqiao.config import settings as product
from lianqiao.desk.identity import OpenId
from lianqiao.people.models import Access, Grant, User
from tests.desk.conftest import Reader
from tests.world import World

PASSWORD = "一行填一次123"
OWN_PAGES = ["/me/", "/me/password/", "/me/totp/", "/me/codes/new/", "/me/passkeys/"]


@pytest.fixture
def auditor(world: World, settings: pytest.FixtureRequest) -> User:
    """Has a password, hashed quickly: a real hash takes half a second."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    world.auditor.set_password(PASSWORD)
    world.auditor.save()
    return world.auditor


def signed_in(client: Client, password: str = PASSWORD) -> str:
    """Where signing in leads."""
    return str(client.post("/sign-in/", {"login": "auditor", "password": password}).get("Location", ""))


def code(secret: str) -> str:
    """What an authenticator shows now."""
    return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))


def with_totp(client: Client) -> str:
    """Switches the second step on and returns its secret."""
    signed_in(client)
    client.post("/again/", {"password": PASSWORD})
    secret = str(client.get("/me/totp/").context["form"].secret)
    assert client.post("/me/totp/", {"code": code(secret)})["Location"] == "/me/codes/"
    return secret


def test_signing_in_leads_to_the_page_that_was_asked_for(auditor: User, read: Reader) -> None:
    client = read()
    asked = client.get("/targets/?day=2021-10-12")
    page = client.get(asked["Location"])
    (hidden,) = set(re.findall(r'name="next" value="([^"]*)"', page.content.decode().partition("</form>")[0]))
    answer = client.post("/sign-in/", {"login": "auditor", "password": PASSWORD, "next": hidden})
    assert answer["Location"] == "/targets/?day=2021-10-12"
    assert client.get(answer["Location"]).status_code == 200


def test_a_session_ends_on_the_server_after_half_a_day(auditor: User, read: Reader) -> None:
    signed_in(read())
    assert timezone.now() < Session.objects.get().expire_date <= timezone.now() + timedelta(hours=12)


def test_a_wrong_password_is_told_without_saying_what_was_wrong(auditor: User, read: Reader) -> None:
    for login in ("auditor", "nobody"):
        page = read().post("/sign-in/", {"login": login, "password": "不对"})
        assert page.status_code == 200
        assert "账号或密码不对" in page.content.decode()


def test_after_five_wrong_passwords_the_right_one_does_not_help_either(auditor: User, read: Reader) -> None:
    client = read()
    for _ in range(5):
        signed_in(client, "不对")
    page = client.post("/sign-in/", {"login": "auditor", "password": PASSWORD})
    assert "试得太多" in page.content.decode()
    assert client.get("/desk/").status_code == 302


def test_whoever_tries_many_names_is_sent_away(db: None, read: Reader) -> None:
    client = read()
    answers = [client.post("/sign-in/", {"login": f"n{n}", "password": "不对"}) for n in range(31)]
    assert answers[-1].status_code == 429
    assert "试得太快" in answers[-1].content.decode()


def test_signing_in_never_leads_to_another_site(auditor: User, read: Reader) -> None:
    told = {"login": "auditor", "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert read().post("/sign-in/", told)["Location"] == "/"


def test_signing_out_is_a_form_and_no_link(auditor: User, read: Reader) -> None:
    client = read(auditor)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/desk/").status_code == 302


def test_the_sign_in_page_of_a_closed_instance_names_neither_pairing_nor_user(world: World, read: Reader) -> None:
    text = read().get("/sign-in/").content.decode()
    assert "永寿" not in text
    assert "yongshou" not in text


def test_the_sign_in_page_of_a_sample_names_its_users(
    world: World, read: Reader, settings: pytest.FixtureRequest
) -> None:
    settings.OPEN = True  # type: ignore[attr-defined]
    assert "yongshou" in read().get("/sign-in/").content.decode()


def test_the_sign_in_page_in_english_is_english(world: World, read: Reader) -> None:
    text = read(django_language="en").get("/sign-in/").content.decode()
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"<[^>]*>|靖江市|永寿县|中文", " ", text))


def test_nobody_makes_himself_a_user(db: None, read: Reader) -> None:
    assert {read().get(address).status_code for address in ("/sign-up/", "/accounts/signup/", "/signup/")} == {404}


def test_somebody_switched_off_is_out_at_the_next_request(auditor: User, read: Reader) -> None:
    client = read(auditor)
    assert client.get("/").status_code == 200
    auditor.is_active = False
    auditor.save()
    assert client.get("/desk/")["Location"] == "/sign-in/?next=/desk/"
    assert client.post("/sign-in/", {"login": "auditor", "password": PASSWORD})["Location"] == "/sign-in/inactive/"


def test_a_grant_taken_away_is_gone_at_the_next_request(auditor: User, read: Reader) -> None:
    client = read(auditor)
    assert client.get("/ledgers/").status_code == 200
    auditor.grants.all().delete()
    assert client.get("/ledgers/").status_code == 404


# The second step ---------------------------------------------------------------------------------------------------------


def test_with_an_authenticator_the_password_is_half_the_way(auditor: User, read: Reader) -> None:
    secret = with_totp(read())
    client = read()
    assert signed_in(client) == "/sign-in/code/"
    assert client.get("/desk/").status_code == 302
    page = client.post("/sign-in/code/", {"code": "000000"})
    assert "这个码不对" in page.content.decode()
    # Each code counts once: the next one is as good.
    assert client.post("/sign-in/code/", {"code": later(secret)})["Location"] == "/"
    assert client.get("/").status_code == 200


def later(secret: str) -> str:
    """The code that the authenticator shows half a minute from now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + 1)))


def test_a_recovery_code_stands_for_the_authenticator_once(auditor: User, read: Reader) -> None:
    client = read()
    with_totp(client)
    one = client.get("/me/codes/").context["unused_codes"][0]
    for works in (True, False):
        again = read()
        signed_in(again)
        answer = again.post("/sign-in/code/", {"code": one})
        assert (answer.status_code == 302) is works


def test_the_secret_of_the_authenticator_is_not_in_the_database_in_the_clear(auditor: User, read: Reader) -> None:
    secret = with_totp(read())
    held = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert secret not in str(held.data)


def test_the_second_step_is_switched_off_again(auditor: User, read: Reader) -> None:
    client = read()
    with_totp(client)
    assert client.post("/me/totp/off/")["Location"] == "/me/"
    assert signed_in(read()) == "/"


# Asked again -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/me/totp/", "/me/codes/new/", "/me/passkeys/"])
def test_ways_of_signing_in_are_changed_only_after_a_fresh_sign_in(auditor: User, read: Reader, address: str) -> None:
    client = read()
    signed_in(client)
    asked = client.get(address)
    assert asked["Location"] == f"/again/?next={address.replace('/', '%2F')}"
    assert "密码不对" in client.post(asked["Location"], {"password": "不对"}).content.decode()
    client.post(asked["Location"], {"password": PASSWORD})
    assert client.get(address).status_code == 200


def test_a_password_is_changed_by_who_knows_it(auditor: User, read: Reader) -> None:
    client = read()
    signed_in(client)
    new = {"password1": "另一个够长的密码4567", "password2": "另一个够长的密码4567"}
    assert "现在的密码不对" in client.post("/me/password/", {"oldpassword": "不对", **new}).content.decode()
    assert client.post("/me/password/", {"oldpassword": PASSWORD, **new})["Location"] == "/me/"
    assert client.get("/me/").status_code == 200
    assert signed_in(read(), "另一个够长的密码4567") == "/"


def test_a_weak_password_is_refused(auditor: User, read: Reader) -> None:
    client = read()
    signed_in(client)
    weak = {"oldpassword": PASSWORD, "password1": "12345", "password2": "12345"}
    assert client.post("/me/password/", weak).status_code == 200
    assert signed_in(read()) == "/"


@pytest.mark.parametrize("address", OWN_PAGES)
def test_ones_own_pages_are_for_who_has_signed_in(auditor: User, read: Reader, address: str) -> None:
    assert read().get(address)["Location"].startswith("/sign-in/")


def test_ones_own_page_tells_what_one_may_do(auditor: User, read: Reader) -> None:
    client = read(auditor)
    text = client.get("/me/").content.decode()
    assert "审计" in text
    assert "靖江市" in text


# The access log ----------------------------------------------------------------------------------------------------------


def test_signing_in_failing_and_being_refused_are_recorded(auditor: User, read: Reader) -> None:
    client = read()
    signed_in(client, "不对")
    signed_in(client)
    auditor.grants.update(role=Grant.Role.LEADER)
    assert client.get("/ledgers/").status_code == 403
    lines = list(Access.objects.order_by("pk").values_list("by", "act", "what"))
    assert lines == [
        ("auditor", "refused", "登录"),
        ("auditor", "sign_in", ""),
        ("auditor", "refused", "GET /ledgers/"),
    ]


def test_a_form_without_its_token_is_told_to_be_stale(auditor: User) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post("/sign-in/", {"login": "auditor", "password": PASSWORD})
    assert (page.status_code, "放得太久" in page.content.decode()) == (403, True)


# OpenID Connect ----------------------------------------------------------------------------------------------------------


def test_a_provider_is_told_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANQIAO_OIDC_URL", "https://id.example.cn/realm")
    with pytest.raises(ImproperlyConfigured, match="LIANQIAO_OIDC_CLIENT"):
        importlib.reload(product)
    monkeypatch.setenv("LIANQIAO_OIDC_CLIENT", "desk")
    monkeypatch.setenv("LIANQIAO_OIDC_SECRET", "s")
    found = importlib.reload(product)
    assert found.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["client_id"] == "desk"
    assert found.SECURE_CSP["form-action"] == ["'self'", "https://id.example.cn"]
    monkeypatch.undo()
    assert importlib.reload(product).SOCIALACCOUNT_PROVIDERS == {}


PROVIDER = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": "省统一身份",
                "client_id": "x",
                "secret": "y",
                "settings": {"server_url": "https://id.example.cn"},
            }
        ]
    }
}


def test_the_sign_in_page_offers_the_provider(db: None, read: Reader, settings: pytest.FixtureRequest) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = PROVIDER  # type: ignore[attr-defined]
    text = read().get("/sign-in/").content.decode()
    assert "用省统一身份登录" in text
    assert 'action="/sign-in/by/oidc/oidc/login/"' in text


class Arriving:
    """A sign-in that comes from the provider, as the library hands it on."""

    is_existing = False

    def __init__(self, name: str) -> None:
        self.name, self.connected = name, []  # type: ignore[var-annotated]
        self.account = self

    def get_provider_account(self) -> Arriving:
        return self

    def get_user_data(self) -> dict[str, str]:
        return {"preferred_username": self.name}

    def connect(self, request: object, user: User) -> None:
        self.connected.append(user)


def test_whom_the_provider_names_must_be_a_user_here_and_active(auditor: User) -> None:
    found = []
    for name in ("auditor", "nobody", ""):
        login = Arriving(name)
        OpenId().pre_social_login(HttpRequest(), login)
        found.append(login.connected)
    assert found == [[auditor], [], []]
    User.objects.filter(pk=auditor.pk).update(is_active=False)
    login = Arriving("auditor")
    OpenId().pre_social_login(HttpRequest(), login)
    assert login.connected == []
    assert OpenId().is_open_for_signup(HttpRequest(), login) is False


@pytest.mark.parametrize("wrong", ["-1", "one", "1.5"])
def test_a_number_of_proxies_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("LIANQIAO_PROXIES", wrong)
    with pytest.raises(ImproperlyConfigured, match="LIANQIAO_PROXIES"):
        importlib.reload(product)
    monkeypatch.undo()
    importlib.reload(product)
