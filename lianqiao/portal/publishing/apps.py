"""The room's entry in Django's registry."""

from __future__ import annotations

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "lianqiao.portal.publishing"
    label = "publishing"
    verbose_name = "公开数字"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lianqiao.portal.publishing import moderation

        moderation.watch()
