"""The addresses of the whole site."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from lianqiao.api import opendata, routes

urlpatterns = [
    path("api/v1/", include((routes.urls(), "ninja"), namespace=routes.api.urls_namespace)),
    path("open/v1/", include((opendata.urls(), "open"), namespace=opendata.api.urls_namespace)),
    path("", include("lianqiao.portal.urls")),
    path("", include("lianqiao.desk.urls")),
    *i18n_patterns(path("", include("lianqiao.portal.public"))),
]
handler403 = "lianqiao.desk.views.refusal.refused"
handler404 = "lianqiao.portal.views.missing"
handler500 = "lianqiao.desk.views.refusal.failed"
