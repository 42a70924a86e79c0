"""Pairings, agreements, targets, meetings."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "lianqiao.agreements"
    verbose_name = "协议与目标"
