"""Secondments."""

from django.apps import AppConfig


class TalentConfig(AppConfig):
    name = "lianqiao.fields.talent"
    verbose_name = "人才支援"
