"""The base of all ledgers."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "lianqiao.ledger"
    verbose_name = "台账"
