"""The staff's web pages."""

from django.apps import AppConfig

from lianqiao.journal.measures import Measure


class DeskConfig(AppConfig):
    name = "lianqiao.desk"
    verbose_name = "工作台"

    def ready(self) -> None:
        # A template calls what can be called, and calling a measure makes posts: {{ measure.name }} would come out empty.
        Measure.do_not_call_in_templates = True  # type: ignore[attr-defined]
