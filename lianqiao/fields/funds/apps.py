"""Receipts and donations."""

from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "lianqiao.fields.funds"
    verbose_name = "资金"
