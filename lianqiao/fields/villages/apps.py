"""Twin support."""

from django.apps import AppConfig


class VillagesConfig(AppConfig):
    name = "lianqiao.fields.villages"
    verbose_name = "镇村结对"
