"""The addresses of the whole site."""

from django.urls import include, path

urlpatterns = [path("", include("lianqiao.desk.urls"))]
handler403 = "lianqiao.desk.views.refusal.refused"
