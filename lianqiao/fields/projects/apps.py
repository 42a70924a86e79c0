"""Projects."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "lianqiao.fields.projects"
    verbose_name = "项目"
