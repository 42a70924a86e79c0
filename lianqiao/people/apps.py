"""Users, roles and who may do what."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "lianqiao.people"
    verbose_name = "用户"

    def ready(self) -> None:
        from lianqiao.people import log

        log.listen()
