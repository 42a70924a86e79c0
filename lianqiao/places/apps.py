"""Places and the tree of pairings."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "lianqiao.places"
    verbose_name = "地方"
