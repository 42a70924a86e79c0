"""Addresses of the public site that are the same in every language, and its editors'."""

from django.urls import include, path
from django.views.generic import RedirectView
from wagtail.admin import urls as editors
from wagtail.documents import urls as documents

from lianqiao.portal import editing, machines, views

urlpatterns = [
    path("", views.front, name="front"),
    path("sitemap.xml", machines.sitemap, name="portal_sitemap"),
    path("robots.txt", machines.robots, name="portal_robots"),
    path("media/<path:name>", views.media, name="portal_media"),
    path("documents/", include(documents)),
    path("people/editors/", editing.editors, name="portal_editors"),
    path("editors/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("editors/", include(editors)),
]
