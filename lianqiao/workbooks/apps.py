"""Excel in and out."""

from django.apps import AppConfig


class WorkbooksConfig(AppConfig):
    name = "lianqiao.workbooks"
    verbose_name = "工作簿"
