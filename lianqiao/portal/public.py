"""Addresses of the public site below the language: own views first, then whatever page lies there."""

from django.urls import path, re_path
from wagtail.urls import serve_pattern
from wagtail.views import serve

from lianqiao.portal.publishing.views import proof

urlpatterns = [
    path("figures/<str:code>/<str:node>/<str:span>", proof, name="portal_proof"),
    re_path(serve_pattern, serve, name="wagtail_serve"),
]
