"""Visits."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "lianqiao.fields.exchange"
    verbose_name = "互访"
