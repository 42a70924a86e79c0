"""Products, outlets, sales."""

from django.apps import AppConfig


class ConsumptionConfig(AppConfig):
    name = "lianqiao.fields.consumption"
    verbose_name = "消费协作"
