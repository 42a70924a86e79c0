"""Households watched over."""

from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "lianqiao.fields.households"
    verbose_name = "防止返贫监测"
