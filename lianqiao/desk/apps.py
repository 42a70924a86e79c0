"""The staff's web pages."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "lianqiao.desk"
    verbose_name = "工作台"
