"""Signing in, the second step, and one's own account: the library's views (django-allauth) on our pages."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount.adapter import get_adapter
from django.conf import settings
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy

from lianqiao.people.models import Grant, User

FOLDER = "desk/account"
OWN_PAGE = reverse_lazy("mfa_index")


class SignIn(account.LoginView):
    """The sample's site names its users; a real one names nobody."""

    template_name = f"{FOLDER}/sign_in.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        told = super().get_context_data(**more)
        sample = User.objects.filter(is_active=True, grants__isnull=False).distinct() if settings.OPEN else ()
        return told | {
            "sample": sample,
            "next": told["redirect_field_value"] or "",
            "providers": get_adapter().list_providers(self.request),
        }


class OwnPage(mfa.IndexView):
    """Who one is, what one may do, and the ways of signing in."""

    template_name = f"{FOLDER}/own.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        grants = Grant.objects.filter(user=self.request.user.pk).select_related("node").order_by("role", "pk")
        return super().get_context_data(**more) | {"grants": grants}


sign_in = SignIn.as_view()
code = mfa.AuthenticateView.as_view(template_name=f"{FOLDER}/code.html")
inactive = account.AccountInactiveView.as_view(template_name=f"{FOLDER}/inactive.html")
passkey = passkeys.LoginWebAuthnView.as_view(template_name=f"{FOLDER}/sign_in.html")

again = account.ReauthenticateView.as_view(template_name=f"{FOLDER}/again.html")
again_by_code = mfa.ReauthenticateView.as_view(template_name=f"{FOLDER}/again.html")
again_by_passkey = passkeys.ReauthenticateWebAuthnView.as_view(template_name=f"{FOLDER}/again.html")

own = OwnPage.as_view()
password = account.PasswordChangeView.as_view(template_name=f"{FOLDER}/password.html", success_url=OWN_PAGE)
password_first = account.PasswordSetView.as_view(template_name=f"{FOLDER}/password.html", success_url=OWN_PAGE)
totp_on = totp.ActivateTOTPView.as_view(template_name=f"{FOLDER}/totp_on.html")
totp_off = totp.DeactivateTOTPView.as_view(
    template_name=f"{FOLDER}/sure.html",
    extra_context={
        "word": gettext_lazy("停用验证器"),
        "effect": gettext_lazy("以后登录只凭密码，备用码也作废。"),
    },
)
recovery = codes.ViewRecoveryCodesView.as_view(template_name=f"{FOLDER}/codes.html")
recovery_anew = codes.GenerateRecoveryCodesView.as_view(
    template_name=f"{FOLDER}/sure.html",
    extra_context={"word": gettext_lazy("换一批备用码"), "effect": gettext_lazy("原来的备用码全部作废。")},
)
passkey_add = passkeys.AddWebAuthnView.as_view(template_name=f"{FOLDER}/passkey.html")
passkey_remove = passkeys.RemoveWebAuthnView.as_view(
    template_name=f"{FOLDER}/sure.html",
    success_url=OWN_PAGE,
    extra_context={"word": gettext_lazy("去掉通行密钥"), "effect": gettext_lazy("以后不能再用它登录。")},
)
