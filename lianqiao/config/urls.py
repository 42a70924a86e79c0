"""The addresses of the whole site."""

from django.urls import include, path

from lianqiao.api import routes

urlpatterns = [
    path("api/v1/", include((routes.urls(), "ninja"), namespace=routes.api.urls_namespace)),
    path("", include("lianqiao.desk.urls")),
]
handler403 = "lianqiao.desk.views.refusal.refused"
handler500 = "lianqiao.desk.views.refusal.failed"
