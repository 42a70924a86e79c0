"""Users, roles and who may do what."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "lianqiao.people"
    verbose_name = "用户"
