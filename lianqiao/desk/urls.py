"""Addresses of the desk."""

from django.contrib.auth import views as auth
from django.urls import include, path

from lianqiao.desk.views import (
    checks,
    choices,
    entry,
    evidence,
    figure,
    figures,
    filling,
    health,
    home,
    ledgers,
    session,
    targets,
    transaction,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("targets/", targets.targets, name="targets"),
    path("figures/", figures.overview, name="figures"),
    # The address of a figure has no slash at its end: it is Figure.address.
    path("figures/<str:code>/<str:nodes>/<str:span>", figure.figure, name="figure"),
    path("transactions/<int:number>/", transaction.transaction, name="transaction"),
    path("ledgers/", ledgers.overview, name="ledgers"),
    path("ledgers/<str:code>/", ledgers.ledger, name="ledger"),
    path("ledgers/<str:code>/new/", filling.new, name="entry_new"),
    path("ledgers/<str:code>/<str:number>/", entry.entry, name="entry"),
    path("ledgers/<str:code>/<str:number>/edit/", filling.edit, name="entry_edit"),
    path("evidence/<str:sha256>/<str:name>", evidence.evidence_file, name="evidence"),
    path("checks/", checks.overview, name="checks"),
    path("checks/<int:pk>/", checks.check, name="check"),
    path("choose/", choices.choose, name="choose"),
    # The library for signing in finds its pages by these names.
    path("sign-in/", session.sign_in, name="account_login"),
    path("sign-in/code/", session.code, name="mfa_authenticate"),
    path("sign-in/passkey/", session.passkey, name="mfa_login_webauthn"),
    path("sign-in/inactive/", session.inactive, name="account_inactive"),
    path("sign-in/by/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("again/", session.again, name="account_reauthenticate"),
    path("again/code/", session.again_by_code, name="mfa_reauthenticate"),
    path("again/passkey/", session.again_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("me/", session.own, name="mfa_index"),
    path("me/password/", session.password, name="account_change_password"),
    path("me/password/first/", session.password_first, name="account_set_password"),
    path("me/totp/", session.totp_on, name="mfa_activate_totp"),
    path("me/totp/off/", session.totp_off, name="mfa_deactivate_totp"),
    path("me/codes/", session.recovery, name="mfa_view_recovery_codes"),
    path("me/codes/new/", session.recovery_anew, name="mfa_generate_recovery_codes"),
    path("me/passkeys/", session.passkey_add, name="mfa_add_webauthn"),
    path("me/passkeys/<int:pk>/remove/", session.passkey_remove, name="mfa_remove_webauthn"),
    path("sign-out/", auth.LogoutView.as_view(), name="sign_out"),
    path("health/", health.health, name="health"),
]
