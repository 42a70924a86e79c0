"""Addresses of the desk."""

from django.contrib.auth import views as auth
from django.urls import path

from lianqiao.desk.views import (
    checks,
    choices,
    entry,
    evidence,
    figure,
    figures,
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
    path("ledgers/<str:code>/<str:number>/", entry.entry, name="entry"),
    path("evidence/<str:sha256>/<str:name>", evidence.evidence_file, name="evidence"),
    path("checks/", checks.overview, name="checks"),
    path("checks/<int:pk>/", checks.check, name="check"),
    path("choose/", choices.choose, name="choose"),
    path("sign-in/", session.sign_in, name="sign_in"),
    path("sign-out/", auth.LogoutView.as_view(), name="sign_out"),
    path("health/", health.health, name="health"),
]
