"""The public site."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PortalConfig(AppConfig):
    name = "lianqiao.portal"
    verbose_name = "门户"

    def ready(self) -> None:
        from wagtail.signals import page_published

        from lianqiao.portal.founding import after_migrate, give_group

        # Of the last app that its data belongs to: permissions and content types of all stand by then.
        post_migrate.connect(after_migrate, dispatch_uid="portal.after_migrate")
        page_published.connect(give_group, dispatch_uid="portal.give_group")
