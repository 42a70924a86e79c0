"""Numbers in texts."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "lianqiao.claims"
    verbose_name = "核对"
