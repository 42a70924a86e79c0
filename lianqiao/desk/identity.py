"""How the library for signing in (django-allauth) does it here: no sign-up, no mail, secrets encrypted at rest."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from lianqiao.ledger.protected import protect, reveal
from lianqiao.people.models import User

WRONG_CODE = {"incorrect_code": gettext_lazy("这个码不对，或已过时。请看验证器上现在的六位数。")}


class Accounts(DefaultAccountAdapter):
    """Users are made by administrators. Only errors are told: whoever has signed in sees that he has."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy("账号或密码不对。请重填；连着不对，请找本单位管理员。"),
        "too_many_login_attempts": gettext_lazy("试得太多。过五分钟再来；忘了密码，请找本单位管理员。"),
        "incorrect_password": gettext_lazy("密码不对。请重填。"),
        "enter_current_password": gettext_lazy("现在的密码不对。请重填。"),
        "rate_limited": gettext_lazy("试得太快。过一会儿再来。"),
        **WRONG_CODE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, request: HttpRequest, level: int, *args: Any, **more: Any) -> None:
        if level >= messages.ERROR:
            super().add_message(request, level, *args, **more)


class SecondStep(DefaultMFAAdapter):
    """Secrets of one-time codes are kept as ID numbers are."""

    error_messages = {**DefaultMFAAdapter.error_messages, **WRONG_CODE}

    def encrypt(self, text: str) -> str:
        return protect(text, "totp")

    def decrypt(self, encrypted_text: str) -> str:
        return reveal(encrypted_text, "totp")

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - the library's name
        return gettext("通行密钥")


class OpenId(DefaultSocialAccountAdapter):
    """The provider says who it is by `preferred_username`; that must be a user here already, and active."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            return
        data = sociallogin.account.get_provider_account().get_user_data() or {}
        known = User.objects.filter(username=data.get("preferred_username", ""), is_active=True).first()
        if known:
            sociallogin.connect(request, known)
