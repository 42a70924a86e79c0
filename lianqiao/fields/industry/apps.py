"""Parks, enterprises, investments."""

from django.apps import AppConfig


class IndustryConfig(AppConfig):
    name = "lianqiao.fields.industry"
    verbose_name = "产业合作"
