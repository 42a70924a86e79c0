"""Addresses of the public site below the language: own views first, then whatever page lies there."""

from django.urls import path, re_path
from wagtail.urls import serve_pattern
from wagtail.views import serve

from lianqiao.portal import enquiry, jobs, machines, market, views
from lianqiao.portal.publishing.views import proof

urlpatterns = [
    path("search/", views.search, name="portal_search"),
    path("feeds/", views.feeds, name="portal_feeds"),
    path("feeds/news.rss", machines.News(), name="portal_news_rss"),
    path("feeds/news.atom", machines.NewsAtom(), name="portal_news_atom"),
    path("feeds/opportunities.rss", machines.Offers(), name="portal_offers_rss"),
    path("map/", views.site_map, name="portal_map"),
    path("enquiry/thanks/<str:signed>/", enquiry.thanks, name="enquiry_thanks"),
    path("enquiry/<str:kind>/<str:key>/", enquiry.enquiry, name="enquiry"),
    path("market/", market.market, name="portal_market"),
    path("market/outlets/", market.outlets, name="portal_outlets"),
    path("market/cart/", market.cart, name="portal_cart"),
    path("market/files/<str:sha256>/<str:name>", market.goods, name="portal_goods"),
    path("market/<str:number>/", market.product, name="portal_product"),
    path("jobs/", jobs.jobs, name="portal_jobs"),
    path("jobs/register/", jobs.register, name="portal_register"),
    path("jobs/registered/", jobs.registered, name="portal_registered"),
    path("jobs/<str:number>/", jobs.job, name="portal_job"),
    path("figures/<str:code>/<str:node>/<str:span>", proof, name="portal_proof"),
    re_path(serve_pattern, serve, name="wagtail_serve"),
]
