"""Jobs, workshops, job fairs."""

from django.apps import AppConfig


class EmploymentConfig(AppConfig):
    name = "lianqiao.fields.employment"
    verbose_name = "劳务协作"
